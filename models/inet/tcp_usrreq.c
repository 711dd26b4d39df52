#include <string.h>

#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/tcp.h"

/* TCP_MAXWIN << TCP_MAX_WINSHIFT: "no threshold yet". */
enum { TCP_FIRST_SSTHRESH = 65535 << 14 };

void
tcp_attach(struct tcpcb *tp, struct socket *so)
{
	const struct tcp_config *config = &so->host->config.tcp;

	memset(tp, 0, sizeof *tp);
	tp->so = so;
	tp->t_timestamps = config->timestamps;
	tp->t_maxseg = (uint32_t)config->mtu - IP_HEADER_LEN - TCP_HEADER_LEN -
	    (config->timestamps ? TCPOLEN_TSTAMP_APPA : 0);
	tp->iss = config->iss;
	tp->snd_una = tp->snd_nxt = tp->snd_max = tp->iss;
	tp->snd_ssthresh = TCP_FIRST_SSTHRESH;
	tp->snd_cwnd = tp->t_maxseg;
	tp->t_rxtcur = TCPTV_FIRST;
}

uint32_t
tcp_initial_window(const struct tcpcb *tp, const struct tcp_config *config)
{
	uint32_t two = 2 * tp->t_maxseg;
	uint32_t four = 4 * tp->t_maxseg;
	uint32_t middle = two > 4380 ? two : 4380;

	if (config->init_win > 0)
		return (uint32_t)config->init_win * tp->t_maxseg;
	return four < middle ? four : middle;
}

void
tcp_usr_connect(struct kctx *k, struct tcpcb *tp)
{
	CHECK(tp->t_state == TCPS_CLOSED, "a fresh connection is connected");
	tp->t_state = TCPS_SYN_SENT;
	tp->snd_wnd = 1;	/* room for the SYN */
	tcp_output(k, tp);
}

void
tcp_usr_send(struct kctx *k, struct tcpcb *tp, struct mbuf *m)
{
	if (tp->t_state == TCPS_CLOSED) {
		/* dropped while the data was being copied: it is lost */
		tp->so->stats.bytes_dropped += m->m_len;
		m_freem(&k->host->mbufs, m);
		kctx_return(k);
		return;
	}
	sb_append(&tp->so->so_snd, m, k->host->config.sbappend,
	    &k->host->mbufs, &k->cost, &k->host->costs);
	tcp_output(k, tp);
}

void
tcp_usr_disconnect(struct kctx *k, struct tcpcb *tp)
{
	tp->t_is_closing = true;
	tcp_tell_done(tp);
	switch (tp->t_state) {
	case TCPS_CLOSED:
		so_detach(tp->so);
		kctx_return(k);
		return;
	case TCPS_SYN_SENT:
		tcp_drop(tp, 0);
		kctx_return(k);
		return;
	case TCPS_ESTABLISHED:
		tp->t_state = TCPS_FIN_WAIT_1;
		tcp_output(k, tp);
		return;
	case TCPS_FIN_WAIT_1:
	case TCPS_FIN_WAIT_2:
	case TCPS_CLOSING:
	case TCPS_TIME_WAIT:
		kctx_return(k);
		return;
	}
}

void
tcp_tell_done(const struct tcpcb *tp)
{
	struct host *host = tp->so->host;

	if (tp->t_is_closing && tp->so->so_snd.sb_cc == 0)
		host->data_done(host->data_done_arg);
}

void
tcp_drop(struct tcpcb *tp, int64_t error)
{
	struct socket *so = tp->so;

	tcp_timer_disarm(tp);
	tcp_clear_persist(tp);
	tp->t_state = TCPS_CLOSED;
	so->so_error = error;
	so->stats.bytes_dropped += so->so_snd.sb_cc;
	sb_drop(&so->so_snd, so->so_snd.sb_cc, &so->host->mbufs);
	so_detach(so);
}
