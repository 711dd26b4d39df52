/*
 * The user's requests: what sockets ask of TCP.
 */
#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/tcp_in.h"

void
tcp_usr_listen(struct tcpcb *tp, uint16_t port)
{
	CHECK(tp->t_state == TCPS_CLOSED, "a fresh connection listens");
	tp->t_state = TCPS_LISTEN;
	tp->t_port = port;
	host_add_listener(tp->so->host, tp->so);
}

void
tcp_usr_connect(struct kctx *k, struct tcpcb *tp, uint16_t port)
{
	CHECK(tp->t_state == TCPS_CLOSED, "a fresh connection is connected");
	tp->t_state = TCPS_SYN_SENT;
	tp->t_port = port;
	tcp_timer_arm(tp, TCPT_KEEP, k->host->tcp.times.keepinit);
	tcp_output(k, tp);
}

void
tcp_usr_send(struct kctx *k, struct tcpcb *tp, struct mbuf *m)
{
	if (tp->so->cant_send) {
		/* dropped while the data was being copied: it is lost */
		tp->so->stats.bytes_dropped += m_length(m);
		m_freem(&k->host->mbufs, m);
		kctx_return(k);
		return;
	}
	sb_append(&tp->so->so_snd, m, k->host->config.sbappend,
	    &k->host->mbufs, &k->cost, &k->host->costs);
	host_watch_sndbuf(tp->so);
	tcp_output(k, tp);
}

void
tcp_usr_rcvd(struct kctx *k, struct tcpcb *tp)
{
	tcp_output(k, tp);
}

/* tcp_usrclosed(): the user will send nothing more. */
static void
usrclosed(struct kctx *k, struct tcpcb *tp)
{
	switch (tp->t_state) {
	case TCPS_CLOSED:
		so_detach(tp->so);
		kctx_return(k);
		return;
	case TCPS_LISTEN:
	case TCPS_SYN_SENT:
		tcp_close(tp);
		kctx_return(k);
		return;
	case TCPS_SYN_RECEIVED:
	case TCPS_ESTABLISHED:
		tp->t_state = TCPS_FIN_WAIT_1;
		break;
	case TCPS_CLOSE_WAIT:
		tp->t_state = TCPS_LAST_ACK;
		break;
	case TCPS_FIN_WAIT_2:
		/* a half that was closed before: now nobody reads either */
		tcp_timer_arm(tp, TCPT_2MSL,
		    k->host->tcp.times.maxidle);
		break;
	case TCPS_FIN_WAIT_1:
	case TCPS_CLOSING:
	case TCPS_LAST_ACK:
	case TCPS_TIME_WAIT:
		break;
	}
	tcp_output(k, tp);
}

void
tcp_usr_shutdown(struct kctx *k, struct tcpcb *tp)
{
	tp->so->cant_send = true;
	usrclosed(k, tp);
}

void
tcp_usr_disconnect(struct kctx *k, struct tcpcb *tp)
{
	tp->t_is_closing = true;
	tcp_tell_done(tp);
	usrclosed(k, tp);
}
