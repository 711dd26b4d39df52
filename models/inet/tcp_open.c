/*
 * How connections begin: a SYN that is waited for, the answer to ours, or two
 * SYNs that cross.
 */
#include "models/base/check.h"
#include "models/base/min.h"
#include "models/host.h"
#include "models/inet/tcp_in.h"
#include "models/kern/syscall.h"

void
tcp_rcvseqinit(struct tcpcb *tp, uint32_t irs)
{
	tp->irs = irs;
	tp->rcv_nxt = tp->rcv_adv = irs + 1;
}

/* tcp_dooptions() of a SYN: what both have offered is agreed. */
static void
agree_on_options(struct tcpcb *tp, const struct tcp_header *th)
{
	tp->t_timestamps = tp->t_request_timestamps && th->has_ts;
	tp->t_scale = tp->t_request_scale && th->wscale > 0;
	if (tp->t_timestamps) {
		tp->ts_recent = th->ts_val;
		tp->ts_recent_age = tcp_now(tp->so->host);
	}
}

/* tcp_mss_from_peer(): the largest segment, without options, of either end */
static void
agree_on_mss(struct tcpcb *tp, const struct tcp_header *th)
{
	uint32_t ours = (uint32_t)tp->so->host->config.tcp.mtu -
	    IP_HEADER_LEN - TCP_HEADER_LEN;
	uint32_t theirs = th->mss != 0 ? th->mss : TCP_MSS_DEFAULT;

	if (theirs < TCP_MSS_LEAST)
		theirs = TCP_MSS_LEAST;
	tp->t_maxseg = min_u32(ours, theirs) -
	    (tp->t_timestamps ? TCPOLEN_TSTAMP_APPA : 0);
}

static void
take_syn(struct tcpcb *tp, const struct tcp_header *th)
{
	tcp_rcvseqinit(tp, th->seq);
	agree_on_options(tp, th);
	agree_on_mss(tp, th);
	if (tp->t_scale)
		tp->snd_scale = (uint8_t)min_u32(th->wscale - 1U,
		    TCP_MAX_WINSHIFT);
	tp->t_acknow = true;
}

/*
 * The first window update of a connection must count, whatever its numbers.  A
 * SYN that was lost makes the first window one segment: RFC 2414, 2.
 */
static void
start_window(struct tcpcb *tp, uint32_t seq)
{
	tp->snd_wl1 = seq - 1;
	tp->snd_cwnd = tp->t_syn_rexmt ? tcp_restart_window(tp) :
	    tcp_initial_window(tp, &tp->so->host->config.tcp);
}

/* soisconnected(), and the window scale is in force from here on. */
static void
established(struct kctx *k, struct tcpcb *tp)
{
	tp->t_state = TCPS_ESTABLISHED;
	if (tp->t_scale)
		tp->rcv_scale = tp->request_r_scale;
	if (tp->t_keepalive)
		tcp_timer_arm(tp, TCPT_KEEP, k->host->tcp.times.keepidle);
	else
		tcp_timer_disarm(tp, TCPT_KEEP);
	so_is_connected(k, tp->so);
}

enum tcp_verdict
tcp_input_listen(struct kctx *k, struct tcpcb *tp,
    const struct tcp_segment *seg, struct tcpcb **new_tp)
{
	struct socket *so;

	if ((seg->flags & TH_RST) != 0)
		return TCP_DROP;
	if ((seg->flags & TH_ACK) != 0)
		return TCP_DROP_WITH_RESET;
	if ((seg->flags & TH_SYN) == 0)
		return TCP_DROP;
	so = so_newconn(tp->so, seg->conn);
	if (so == NULL)
		return TCP_DROP;
	kctx_op(k, OP_CONNECT, 1);
	*new_tp = tp = &so->tcpcb;
	tp->t_port = seg->th->port;
	take_syn(tp, seg->th);
	start_window(tp, seg->seq);
	tp->t_state = TCPS_SYN_RECEIVED;
	/* the SYN cache's first time-out: half of the one of our own SYN */
	tp->t_rttvar = k->host->tcp.times.srttdflt;
	tp->t_rxtcur = tcp_timer_range(tp, tp->t_rttvar);
	tcp_timer_arm(tp, TCPT_KEEP, k->host->tcp.times.keepinit);
	return TCP_GO_ON;
}

/* Was our SYN acknowledged, and by the right number? */
static bool
is_wrong_ack(const struct tcpcb *tp, const struct tcp_segment *seg)
{
	return (seg->flags & TH_ACK) != 0 && (seq_leq(seg->ack, tp->iss) ||
	    seq_lt(tp->snd_max, seg->ack));
}

static void
syn_is_acked(struct kctx *k, struct tcpcb *tp, uint32_t ack)
{
	tp->snd_una = ack;
	if (seq_lt(tp->snd_nxt, ack))
		tp->snd_nxt = ack;
	tcp_timer_disarm(tp, TCPT_REXMT);
	if (tp->t_is_timing)
		tcp_xmit_timer(tp,
		    (int32_t)(tcp_now(k->host) - tp->t_rtttime) + 1);
	established(k, tp);
}

enum tcp_verdict
tcp_input_syn_sent(struct kctx *k, struct tcpcb *tp, struct tcp_segment *seg)
{
	bool has_ack = (seg->flags & TH_ACK) != 0;

	if (is_wrong_ack(tp, seg))
		return TCP_DROP_WITH_RESET;
	if ((seg->flags & TH_RST) != 0) {
		if (has_ack)
			tcp_drop(tp, SYS_ECONNREFUSED);
		return TCP_DROP;
	}
	if ((seg->flags & TH_SYN) == 0)
		return TCP_DROP;
	take_syn(tp, seg->th);
	start_window(tp, seg->seq);
	if (has_ack) {
		syn_is_acked(k, tp, seg->ack);
		return TCP_GO_ON;
	}
	/* two SYNs have crossed: ours goes once more, with an ACK */
	tp->t_state = TCPS_SYN_RECEIVED;
	tp->snd_nxt = tp->iss;
	return TCP_GO_ON;
}

enum tcp_verdict
tcp_input_syn_acked(struct kctx *k, struct tcpcb *tp,
    struct tcp_segment *seg)
{
	if (seq_leq(seg->ack, tp->snd_una) || seq_lt(tp->snd_max, seg->ack))
		return TCP_DROP_WITH_RESET;
	established(k, tp);
	tcp_present(k, tp);
	tp->snd_wl1 = seg->seq - 1;
	return TCP_GO_ON;
}
