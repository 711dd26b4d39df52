#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/tcp.h"

/* Data bytes among what an ACK covers: without the SYN and the FIN. */
static int64_t
acked_data(const struct tcpcb *tp, uint32_t ack)
{
	int64_t acked = ack - tp->snd_una;

	return acked < tp->so->so_snd.sb_cc ? acked : tp->so->so_snd.sb_cc;
}

static bool
is_new_ack(const struct tcpcb *tp, const struct tcp_header *th)
{
	return (th->flags & TH_ACK) != 0 && seq_lt(tp->snd_una, th->ack) &&
	    seq_leq(th->ack, tp->snd_max);
}

void
tcp_input_cost(struct kctx *k, const struct tcpcb *tp,
    const struct tcp_header *th)
{
	kctx_op(k, OP_TCP_INPUT, 1);
	if (tp->t_state < TCPS_ESTABLISHED || !is_new_ack(tp, th))
		return;
	kctx_op(k, OP_SBDROP, 1);
	kctx_op(k, OP_MFREE,
	    sb_count_drop(&tp->so->so_snd, acked_data(tp, th->ack)));
}

/* Slow start below the threshold, congestion avoidance above. */
static void
open_window(struct tcpcb *tp)
{
	enum { TCP_MAX_CWND = 65535 << 14 };
	uint32_t incr = tp->t_maxseg;

	if (tp->snd_cwnd > tp->snd_ssthresh)
		incr = (uint32_t)mul_div(incr, incr, tp->snd_cwnd);
	tp->snd_cwnd = tp->snd_cwnd + incr < TCP_MAX_CWND ?
	    tp->snd_cwnd + incr : TCP_MAX_CWND;
}

static void
measure_round_trip(struct tcpcb *tp, uint32_t ack)
{
	if (tp->t_rtt > 0 && seq_lt(tp->t_rtseq, ack))
		tcp_xmit_timer(tp, tp->t_rtt);
}

static void
restart_timer(struct tcpcb *tp, uint32_t ack)
{
	if (ack == tp->snd_max)
		tcp_timer_disarm(tp);
	else
		tcp_timer_arm(tp);
}

static bool
fin_is_acked(const struct tcpcb *tp)
{
	return tp->t_sent_fin && tp->snd_una == tp->snd_max;
}

static void
take_ack(struct kctx *k, struct tcpcb *tp, uint32_t ack)
{
	struct socket *so = tp->so;
	int64_t data = acked_data(tp, ack);

	measure_round_trip(tp, ack);
	restart_timer(tp, ack);
	open_window(tp);
	tp->snd_una = ack;
	if (seq_lt(tp->snd_nxt, ack))
		tp->snd_nxt = ack;
	if (data == 0)
		return;
	sb_drop(&so->so_snd, data, &k->host->mbufs);
	so->stats.bytes_acked += data;
	tp->stats.last_ack_at = k->host->cal->now;
	proc_wakeup(&so->so_snd.sb_wait, k);
	tcp_tell_done(tp);
}

static void
take_window(struct tcpcb *tp, const struct tcp_header *th)
{
	tp->snd_wnd = (uint32_t)th->win << tp->snd_scale;
	if (tp->snd_wnd > tp->max_sndwnd)
		tp->max_sndwnd = tp->snd_wnd;
}

/* SYN_SENT: the answer to our SYN. */
static void
establish(struct kctx *k, struct tcpcb *tp, const struct tcp_header *th)
{
	const struct tcp_config *config = &k->host->config.tcp;
	uint32_t options = tp->t_timestamps ? TCPOLEN_TSTAMP_APPA : 0;

	if ((th->flags & (TH_SYN | TH_ACK)) != (TH_SYN | TH_ACK) ||
	    th->ack != tp->iss + 1)
		return;
	measure_round_trip(tp, th->ack);
	tcp_timer_disarm(tp);
	tp->snd_una = tp->snd_nxt = th->ack;
	tp->rcv_nxt = th->seq + 1;
	if (th->mss != 0 && th->mss - options < tp->t_maxseg)
		tp->t_maxseg = th->mss - options;
	take_window(tp, th);
	tp->snd_scale = th->wscale > 0 ? th->wscale - 1 : 0;
	tp->snd_cwnd = tcp_initial_window(tp, config);
	tp->t_state = TCPS_ESTABLISHED;
	tp->t_acknow = true;
	tp->so->is_connected = true;
	proc_wakeup(&tp->so->connect_wait, k);
}

/* What the ACK of our FIN changes. */
static void
advance_close(struct tcpcb *tp)
{
	if (!fin_is_acked(tp))
		return;
	if (tp->t_state == TCPS_FIN_WAIT_1)
		tp->t_state = TCPS_FIN_WAIT_2;
	else if (tp->t_state == TCPS_CLOSING)
		tp->t_state = TCPS_TIME_WAIT;
}

/* The other side has closed. */
static void
take_fin(struct tcpcb *tp)
{
	tp->rcv_nxt++;
	tp->t_acknow = true;
	if (tp->t_state == TCPS_FIN_WAIT_1)
		tp->t_state = TCPS_CLOSING;
	else if (tp->t_state == TCPS_FIN_WAIT_2)
		tp->t_state = TCPS_TIME_WAIT;
}

static void
count(struct tcpcb *tp, const struct tcp_header *th)
{
	if ((th->flags & (TH_SYN | TH_FIN | TH_RST)) == 0)
		tp->stats.n_acks++;
	tp->t_idle = 0;
}

/* In TIME_WAIT the socket is of no more use: in_pcbdetach() would wait 2MSL. */
static void
finish_input(struct kctx *k, struct tcpcb *tp)
{
	if (tp->t_state == TCPS_TIME_WAIT) {
		tcp_clear_persist(tp);
		so_detach(tp->so);
	}
	kctx_return(k);
}

static void
after_output(struct kctx *k)
{
	finish_input(k, k->out.tp);
}

/* Is there anything that tcp_output might send? */
static bool
needs_output(const struct tcpcb *tp)
{
	return tp->so->so_snd.sb_cc > 0 || tp->t_acknow ||
	    (tp->t_state == TCPS_FIN_WAIT_1 && !tp->t_sent_fin);
}

void
tcp_input(struct kctx *k, struct tcpcb *tp, const struct tcp_header *th)
{
	if (tp->t_state == TCPS_CLOSED) {
		kctx_return(k);
		return;
	}
	count(tp, th);
	if (tp->t_state == TCPS_SYN_SENT)
		establish(k, tp, th);
	else {
		if (is_new_ack(tp, th))
			take_ack(k, tp, th->ack);
		take_window(tp, th);
		advance_close(tp);
		if ((th->flags & TH_FIN) != 0 && th->seq == tp->rcv_nxt)
			take_fin(tp);
		else if ((th->flags & TH_FIN) != 0)
			tp->t_acknow = true;
	}
	if (!needs_output(tp)) {
		finish_input(k, tp);
		return;
	}
	kctx_call(k, after_output);
	tcp_output(k, tp);
}
