/*
 * A connection's start and end, and segments outside of one.
 */
#include <string.h>

#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/ip.h"
#include "models/inet/tcp_in.h"

/* TCP_MAXWIN << TCP_MAX_WINSHIFT: "no threshold yet". */
enum { TCP_FIRST_SSTHRESH = TCP_MAXWIN << TCP_MAX_WINSHIFT };

uint8_t
tcp_window_shift(int64_t hiwat)
{
	uint8_t shift = 0;

	while (shift < TCP_MAX_WINSHIFT &&
	    (int64_t)TCP_MAXWIN << shift < hiwat)
		shift++;
	return shift;
}

void
tcp_attach(struct tcpcb *tp, struct socket *so)
{
	const struct tcp_config *config = &so->host->config.tcp;

	memset(tp, 0, sizeof *tp);
	tp->so = so;
	tcp_timers_init(tp);
	tp->t_request_timestamps = config->timestamps;
	tp->t_request_scale = config->window_scale;
	tp->request_r_scale = tcp_window_shift(so->so_rcv.sb_hiwat);
	tp->t_maxseg = (uint32_t)config->mtu - IP_HEADER_LEN - TCP_HEADER_LEN -
	    (config->timestamps ? TCPOLEN_TSTAMP_APPA : 0);
	tp->iss = config->iss;
	tp->snd_una = tp->snd_nxt = tp->snd_max = tp->iss;
	tp->snd_recover = tp->iss;
	tp->snd_ssthresh = TCP_FIRST_SSTHRESH;
	tp->snd_cwnd = tp->t_maxseg;
	/* nothing is measured yet: twice the assumed round trip, 6 s */
	tp->t_rttvar = 2 * so->host->tcp.times.srttdflt;
	tp->t_rxtcur = tcp_timer_range(tp, tp->t_rttvar);
	tp->t_rcvtime = tcp_now(so->host);
}

void
tcp_tell_done(const struct tcpcb *tp)
{
	struct host *host = tp->so->host;

	if (tp->t_is_closing && tp->so->so_snd.sb_cc == 0)
		host->data_done(host->data_done_arg);
}

void
tcp_close(struct tcpcb *tp)
{
	struct socket *so = tp->so;

	for (int i = 0; i < TCPT_NTIMERS; i++)
		tcp_timer_disarm(tp, (enum tcp_timer)i);
	tp->t_delack = tp->t_acknow = false;
	tcp_segq_free(tp);
	tp->t_state = TCPS_CLOSED;
	if (so->so_snd.sb_cc > 0) {
		so->stats.bytes_dropped += so->so_snd.sb_cc;
		sb_drop(&so->so_snd, so->so_snd.sb_cc, &so->host->mbufs);
		host_watch_sndbuf(so);
	}
	so_detach(so);
}

void
tcp_drop(struct tcpcb *tp, int64_t error)
{
	tp->so->so_error = error;
	tcp_close(tp);
}

static void
responded(struct kctx *k)
{
	ip_enqueue(k->host, k->out.packet);
	drv_start(k);
}

void
tcp_respond(struct kctx *k, struct tcpcb *tp, uint32_t conn,
    const struct tcp_header *th)
{
	if (!m_has_room(&k->host->mbufs, 1, 0)) {
		k->host->nobufs.n_output++;
		kctx_return(k);
		return;
	}
	k->out.packet = tcp_packet(k, tp, conn, th);
	/* 4.4BSD forgot what it offered here, and later offered less */
	if (tp != NULL)
		tcp_window_is_out(tp, &k->out.packet->m_th);
	ip_output_cost(k, k->out.packet);
	kctx_spend(k, SPL_SOFTNET, responded);
}

void
tcp_drop_reset(struct kctx *k, struct tcpcb *tp, int64_t error)
{
	struct tcp_header th = {.seq = tp->snd_max, .ack = tp->rcv_nxt,
	    .port = tp->t_port, .flags = TH_RST | TH_ACK};
	bool has_heard = tp->t_state >= TCPS_SYN_RECEIVED &&
	    tp->t_state != TCPS_TIME_WAIT;

	tcp_drop(tp, error);
	if (has_heard)
		tcp_respond(k, NULL, tp->so->so_id, &th);
	else
		kctx_return(k);
}

void
tcp_reset_answer(struct kctx *k, uint32_t conn, const struct tcp_header *th,
    uint32_t len)
{
	struct tcp_header rst = {.port = th->port, .flags = TH_RST};

	if ((th->flags & TH_RST) != 0) {
		kctx_return(k);
		return;
	}
	if ((th->flags & TH_ACK) != 0)
		rst.seq = th->ack;
	else {
		rst.ack = th->seq + len + ((th->flags & TH_SYN) != 0) +
		    ((th->flags & TH_FIN) != 0);
		rst.flags |= TH_ACK;
	}
	tcp_respond(k, NULL, conn, &rst);
}
