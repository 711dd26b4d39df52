/*
 * What an acknowledgement changes: the send buffer, the round trip, the timers,
 * the windows, and where a close stands.
 */
#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/tcp_in.h"
#include "models/kern/syscall.h"

/* Data bytes among what an ACK covers: without the SYN and the FIN. */
static int64_t
acked_data(const struct tcpcb *tp, uint32_t ack)
{
	int64_t acked = ack - tp->snd_una;
	int64_t cc = tp->so->so_snd.sb_cc;

	return acked < cc ? acked : cc;
}

static bool
is_new_ack(const struct tcpcb *tp, const struct tcp_header *th)
{
	return (th->flags & TH_ACK) != 0 && seq_lt(tp->snd_una, th->ack) &&
	    seq_leq(th->ack, tp->snd_max);
}

/*
 * A segment with data: the sum over it, if the controller has not done it, and
 * its way into the buffer.
 */
static void
data_cost(struct kctx *k, const struct tcpcb *tp,
    const struct ip_packet *packet)
{
	const struct cost_model *costs = &k->host->costs;

	if (!k->host->nic.traits->sums)
		m_cksum_cost(packet->m, 0, &k->cost, costs);
	if (tp != NULL && packet->th.seq == tp->rcv_nxt && tp->segq == NULL)
		cost_op_as(&k->cost, costs, OP_SBAPPEND, 1, CAUSE_TCP_INPUT);
	else
		kctx_op(k, OP_TCP_REASS, 1);
}

void
tcp_input_cost(struct kctx *k, const struct tcpcb *tp,
    const struct ip_packet *packet)
{
	const struct tcp_header *th = &packet->th;

	kctx_op(k, OP_TCP_INPUT, 1);
	if (packet->m != NULL)
		data_cost(k, tp, packet);
	if (tp == NULL || tp->t_state < TCPS_ESTABLISHED ||
	    !is_new_ack(tp, th))
		return;
	kctx_op(k, OP_SBDROP, 1);
	kctx_op(k, OP_MFREE,
	    sb_count_drop(&tp->so->so_snd, acked_data(tp, th->ack)));
}

/* By the echoed timestamp, of every ACK; or by the one segment timed. */
static void
measure_round_trip(struct tcpcb *tp, const struct tcp_header *th)
{
	uint32_t now = tcp_now(tp->so->host);

	if (tp->t_timestamps && th->has_ts && th->ts_ecr != 0)
		tcp_xmit_timer(tp, (int32_t)(now - th->ts_ecr) + 1);
	else if (tp->t_is_timing && seq_lt(tp->t_rtseq, th->ack))
		tcp_xmit_timer(tp, (int32_t)(now - tp->t_rtttime) + 1);
}

static void
restart_timer(struct kctx *k, struct tcpcb *tp, uint32_t ack)
{
	if (ack == tp->snd_max) {
		tcp_timer_disarm(tp, TCPT_REXMT);
		k->in.needs_output = true;
	} else if (!tcp_timer_is_armed(tp, TCPT_PERSIST))
		tcp_timer_arm(tp, TCPT_REXMT, tp->t_rxtcur);
}

static void
drop_acked(struct kctx *k, struct tcpcb *tp, uint32_t ack)
{
	struct socket *so = tp->so;
	int64_t data = acked_data(tp, ack);

	tp->snd_wnd -= data < tp->snd_wnd ? (uint32_t)data : tp->snd_wnd;
	tp->snd_una = ack;
	if (seq_lt(tp->snd_nxt, ack))
		tp->snd_nxt = ack;
	/* what once was found out must not become the future again */
	if (seq_lt(tp->snd_recover, ack))
		tp->snd_recover = ack;
	if (data == 0)
		return;
	sb_drop(&so->so_snd, data, &k->host->mbufs);
	host_watch_sndbuf(so);
	so->stats.bytes_acked += data;
	k->host->bytes_acked += data;
	tp->stats.last_ack_at = k->host->cal->now;
	sowwakeup(so, k);
	tcp_tell_done(tp);
}

void
tcp_ack_new(struct kctx *k, struct tcpcb *tp, const struct tcp_segment *seg)
{
	measure_round_trip(tp, seg->th);
	restart_timer(k, tp, seg->ack);
	drop_acked(k, tp, seg->ack);
}

static bool
fin_is_acked(const struct tcpcb *tp)
{
	return tp->t_sent_fin && tp->snd_una == tp->snd_max;
}

/* What the ACK of our FIN changes. */
static enum tcp_verdict
advance_close(struct tcpcb *tp)
{
	if (!fin_is_acked(tp))
		return TCP_GO_ON;
	switch (tp->t_state) {
	case TCPS_FIN_WAIT_1:
		tp->t_state = TCPS_FIN_WAIT_2;
		/* nobody reads any more: the other FIN had better come soon */
		if (tp->so->cant_receive)
			tcp_timer_arm(tp, TCPT_2MSL,
			    tp->so->host->tcp.times.maxidle);
		return TCP_GO_ON;
	case TCPS_CLOSING:
		tcp_time_wait(tp);
		return TCP_GO_ON;
	case TCPS_LAST_ACK:
		tcp_close(tp);
		return TCP_DROP;
	case TCPS_CLOSED:
	case TCPS_LISTEN:
	case TCPS_SYN_SENT:
	case TCPS_SYN_RECEIVED:
	case TCPS_ESTABLISHED:
	case TCPS_CLOSE_WAIT:
	case TCPS_FIN_WAIT_2:
	case TCPS_TIME_WAIT:
		return TCP_GO_ON;
	}
	return TCP_GO_ON;
}

/*
 * Nothing new: perhaps a segment has overtaken one that is lost.  As in 4.4BSD
 * the length is what trimming has left: data sent again looks like an ACK.
 */
static void
old_ack(struct kctx *k, struct tcpcb *tp, const struct tcp_segment *seg)
{
	if (seg->len != 0 || seg->win != tp->snd_wnd) {
		tp->t_dupacks = 0;
		return;
	}
	tp->stats.n_dup_acks++;
	if (seg->ack != tp->snd_una)
		tp->t_dupacks = 0;
	else if (tcp_cong_dupack(k, tp))
		k->in.needs_output = true;
}

enum tcp_verdict
tcp_input_ack(struct kctx *k, struct tcpcb *tp, struct tcp_segment *seg)
{
	if (seq_leq(seg->ack, tp->snd_una)) {
		old_ack(k, tp, seg);
		return TCP_GO_ON;
	}
	if (seq_lt(tp->snd_max, seg->ack))
		return TCP_DROP_AFTER_ACK;
	tcp_cong_acked(k, tp, seg->ack);
	tcp_cong_open(tp);
	tcp_ack_new(k, tp, seg);
	return advance_close(tp);
}

/*
 * Only a newer segment may change the window; or an equal one, to more.  It
 * counts from what the segment acknowledges, so that an old number would set
 * its end too far: RFC 793 wants SND.UNA =< SEG.ACK, which 4.4BSD forgot.
 */
void
tcp_input_window(struct kctx *k, struct tcpcb *tp,
    const struct tcp_segment *seg)
{
	if ((seg->flags & TH_ACK) == 0 || seq_lt(seg->ack, tp->snd_una))
		return;
	if (!seq_lt(tp->snd_wl1, seg->seq) && !(tp->snd_wl1 == seg->seq &&
	    (seq_lt(tp->snd_wl2, seg->ack) || (tp->snd_wl2 == seg->ack &&
	    seg->win > tp->snd_wnd))))
		return;
	tp->snd_wnd = seg->win;
	tp->snd_wl1 = seg->seq;
	tp->snd_wl2 = seg->ack;
	if (tp->snd_wnd > tp->max_sndwnd)
		tp->max_sndwnd = tp->snd_wnd;
	k->in.needs_output = true;
}
