/*
 * Whether to send, and how much: 4.4BSD's tcp_output(), one segment a turn.
 */
#include "models/base/check.h"
#include "models/base/min.h"
#include "models/host.h"
#include "models/inet/ip.h"
#include "models/inet/tcp.h"
#include "models/inet/tcp_in.h"

/* What tcp_output has decided to send. */
struct decision {
	bool send;
	bool again;	/* more full segments follow */
	uint32_t off;	/* into the send buffer */
	uint32_t len;
	uint8_t flags;
};

/* tcp_outflags[] of tcp_fsm.h */
static const uint8_t outflags[] = {
	[TCPS_SYN_SENT] = TH_SYN,
	[TCPS_SYN_RECEIVED] = TH_SYN | TH_ACK,
	[TCPS_ESTABLISHED] = TH_ACK,
	[TCPS_CLOSE_WAIT] = TH_ACK,
	[TCPS_FIN_WAIT_1] = TH_ACK | TH_FIN,
	[TCPS_CLOSING] = TH_ACK | TH_FIN,
	[TCPS_LAST_ACK] = TH_ACK | TH_FIN,
	[TCPS_FIN_WAIT_2] = TH_ACK,
	[TCPS_TIME_WAIT] = TH_ACK};

/* Worth sending this much now?  Nagle, silly window, "more to come". */
static bool
is_worth_sending(const struct tcpcb *tp, const struct decision *d,
    bool is_idle)
{
	const struct socket *so = tp->so;

	if (d->len == tp->t_maxseg)
		return true;
	if ((is_idle || tp->t_nodelay) && !so->ss_moretocome &&
	    d->off + d->len >= so->so_snd.sb_cc)
		return true;
	/* there is something to send: a window has been offered */
	if (tp->t_force || d->len >= tp->max_sndwnd / 2)
		return true;
	return seq_lt(tp->snd_nxt, tp->snd_max);
}

static int64_t
rcv_space(const struct tcpcb *tp)
{
	int64_t space = sb_space(&tp->so->so_rcv);
	int64_t most = (int64_t)TCP_MAXWIN << tp->rcv_scale;

	return space < most ? space : most;
}

/*
 * Has the window grown by so much that the other end should hear of it: by two
 * segments, or by half of the buffer?
 */
static bool
is_worth_updating(const struct tcpcb *tp)
{
	int64_t more;

	if (tcp_have_rcvd_fin(tp))
		return false;
	more = rcv_space(tp) - (int32_t)(tp->rcv_adv - tp->rcv_nxt);
	return more >= 2 * (int64_t)tp->t_maxseg ||
	    2 * more >= tp->so->so_rcv.sb_hiwat;
}

/* Silly window avoidance; and what was once offered is not taken back. */
uint32_t
tcp_window(const struct tcpcb *tp)
{
	int64_t promised = (int32_t)(tp->rcv_adv - tp->rcv_nxt);
	int64_t win = rcv_space(tp);

	if (win < tp->so->so_rcv.sb_hiwat / 4 && win < (int64_t)tp->t_maxseg)
		win = 0;
	return (uint32_t)(win > promised ? win : promised);
}

static bool
must_send_flags(const struct tcpcb *tp, uint8_t flags)
{
	return tp->t_acknow || ((flags & TH_FIN) != 0 &&
	    (!tp->t_sent_fin || tp->snd_nxt == tp->snd_una));
}

/* The window has closed on what is under way: begin with the first byte. */
static void
give_up_shrunk_window(struct tcpcb *tp)
{
	tcp_timer_disarm(tp, TCPT_REXMT);
	tp->t_rxtshift = 0;
	tp->snd_nxt = tp->snd_una;
	if (!tcp_timer_is_armed(tp, TCPT_PERSIST))
		tcp_setpersist(tp);
}

static void
size_segment(struct tcpcb *tp, struct decision *d)
{
	int64_t cc = tp->so->so_snd.sb_cc;
	uint32_t win = min_u32(tp->snd_wnd, tp->snd_cwnd);
	int64_t usable;

	if (tp->t_force && win == 0) {
		/* a probe; the FIN comes after all data */
		if (d->off < cc)
			d->flags &= (uint8_t)~TH_FIN;
		win = 1;
	} else if (tp->t_force) {
		tcp_timer_disarm(tp, TCPT_PERSIST);
		tp->t_rxtshift = 0;
	}
	usable = (cc < win ? cc : win) - (int64_t)d->off;
	if (usable < 0 && win == 0) {
		give_up_shrunk_window(tp);
		d->off = 0;
	}
	d->len = usable > 0 ? (uint32_t)usable : 0;
	if (d->len > tp->t_maxseg) {
		d->len = tp->t_maxseg;
		d->again = true;
	}
	if (d->off + d->len < cc)
		d->flags &= (uint8_t)~TH_FIN;
	else if (d->len > 0)
		d->flags |= TH_PUSH;
}

static struct decision
decide(struct tcpcb *tp, bool is_idle)
{
	struct decision d = {.off = tp->snd_nxt - tp->snd_una,
	    .flags = outflags[tp->t_state]};

	if (tp->t_state < TCPS_ESTABLISHED) {
		d.send = true;
		return d;
	}
	size_segment(tp, &d);
	d.send = (d.len > 0 && is_worth_sending(tp, &d, is_idle)) ||
	    must_send_flags(tp, d.flags) || is_worth_updating(tp);
	return d;
}

static void again(struct kctx *k);

static void
time_segment(struct tcpcb *tp, uint32_t seq)
{
	if (tp->t_is_timing)
		return;
	tp->t_is_timing = true;
	tp->t_rtttime = tcp_now(tp->so->host);
	tp->t_rtseq = seq;
}

/* Something is under way now that will be acknowledged. */
static void
start_rexmt(struct tcpcb *tp)
{
	if (tcp_timer_is_armed(tp, TCPT_REXMT) || tp->snd_nxt == tp->snd_una)
		return;
	if (tcp_timer_is_armed(tp, TCPT_PERSIST)) {
		tcp_timer_disarm(tp, TCPT_PERSIST);
		tp->t_rxtshift = 0;
	}
	tcp_timer_arm(tp, TCPT_REXMT, tp->t_rxtcur);
}

static uint32_t
length_of(uint32_t len, uint8_t flags)
{
	return len + ((flags & TH_SYN) != 0) + ((flags & TH_FIN) != 0);
}

/* Sequence numbers and timers of a segment that takes some. */
static void
account_numbers(struct tcpcb *tp, uint32_t start, uint32_t end)
{
	/* a probe of a closed window is sent again from the same place */
	if (tp->t_force && tcp_timer_is_armed(tp, TCPT_PERSIST)) {
		if (seq_lt(tp->snd_max, end))
			tp->snd_max = end;
		return;
	}
	tp->snd_nxt = end;
	if (seq_lt(tp->snd_max, end)) {
		tp->snd_max = end;
		time_segment(tp, start);
	}
	start_rexmt(tp);
}

void
tcp_window_is_out(struct tcpcb *tp, const struct tcp_header *th)
{
	uint32_t edge = th->ack + ((th->flags & TH_SYN) != 0 ?
	    th->win : (uint32_t)th->win << tp->rcv_scale);

	if (th->win > 0 && seq_lt(tp->rcv_adv, edge))
		tp->rcv_adv = edge;
}

static void
account_ack(struct tcpcb *tp, const struct tcp_header *th)
{
	if ((th->flags & TH_ACK) == 0)
		return;
	tcp_window_is_out(tp, th);
	tp->last_ack_sent = tp->rcv_nxt;
	tcp_ack_is_out(tp);
}

/* Sent or lost to a full queue, it counts: the timer looks after it. */
static void
account(struct tcpcb *tp, const struct tcp_header *th, uint32_t len)
{
	uint32_t n = length_of(len, th->flags);

	if (len > 0) {
		tp->stats.n_segments++;
		tp->stats.n_retransmits += seq_lt(th->seq, tp->snd_max);
	}
	tp->stats.n_acks_sent += n == 0;
	if ((th->flags & TH_FIN) != 0)
		tp->t_sent_fin = true;
	if (n > 0)
		account_numbers(tp, th->seq, th->seq + n);
}

static void
built(struct kctx *k)
{
	struct tcpcb *tp = k->out.tp;
	struct tcp_header th = k->out.packet->m_th;

	/* dropped while the segment was being built: no timer must follow */
	if (tp->t_state == TCPS_CLOSED) {
		m_freem(&k->host->mbufs, k->out.packet);
		kctx_return(k);
		return;
	}
	account(tp, &th, k->out.len);
	/* an ACK that found no room is still owed */
	if (ip_enqueue(k->host, k->out.packet))
		account_ack(tp, &th);
	else {
		tcp_quench(tp);
		k->out.send_again = false;
	}
	kctx_call(k, again);
	drv_start(k);
}

/*
 * Data waits that may not be sent now.  If nothing is under way whose ACK would
 * bring us back here, the persist timer has to.  4.4BSD forgot that when the
 * segment that closed the window had brought data, and so an ACK went out: with
 * the next window update lost, neither end ever spoke again.
 */
static void
watch_what_waits(struct tcpcb *tp)
{
	if (tp->so->so_snd.sb_cc == 0 || tcp_timer_is_armed(tp, TCPT_REXMT) ||
	    tcp_timer_is_armed(tp, TCPT_PERSIST))
		return;
	tp->t_rxtshift = 0;
	tcp_setpersist(tp);
}

/*
 * ENOBUFS before anything is built: the numbers stay where they are.  Data that
 * nothing under way would bring back here is watched by the persist timer; for
 * a SYN or a FIN the retransmit timer has to see to it, as in later BSDs.
 */
static void
no_mbufs(struct kctx *k, struct tcpcb *tp, const struct decision *d)
{
	k->host->nobufs.n_output++;
	kctx_op(k, OP_MGET, 1);
	tcp_quench(tp);
	if (d->len == 0 && (d->flags & (TH_SYN | TH_FIN)) != 0 &&
	    !tcp_timer_is_armed(tp, TCPT_REXMT) &&
	    !tcp_timer_is_armed(tp, TCPT_PERSIST))
		tcp_timer_arm(tp, TCPT_REXMT, tp->t_rxtcur);
	watch_what_waits(tp);
	kctx_return(k);
}

static void
send(struct kctx *k, struct tcpcb *tp, const struct decision *d)
{
	if (!tcp_has_mbufs(tp, d->off, d->len, d->flags)) {
		no_mbufs(k, tp, d);
		return;
	}
	k->out.send_again = d->again;
	k->out.len = d->len;
	k->out.packet = tcp_build(k, tp, d->off, d->len, d->flags);
	kctx_op(k, OP_TCP_SEGMENT, 1);
	ip_output_cost(k, k->out.packet);
	kctx_spend(k, SPL_SOFTNET, built);
}

static void
again(struct kctx *k)
{
	struct tcpcb *tp = k->out.tp;
	struct decision d;

	if (k->out.send_again && tp->t_state != TCPS_CLOSED) {
		d = decide(tp, k->out.is_idle);
		if (d.send) {
			send(k, tp, &d);
			return;
		}
	}
	watch_what_waits(tp);
	kctx_return(k);
}

void
tcp_output(struct kctx *k, struct tcpcb *tp)
{
	tp->stats.n_output_calls++;
	kctx_op(k, OP_TCP_OUTPUT, 1);
	if (tp->t_state == TCPS_CLOSED || tp->t_state == TCPS_LISTEN) {
		kctx_return(k);
		return;
	}
	/* as the call finds it: what it sends itself does not count */
	k->out.is_idle = tp->snd_max == tp->snd_una;
	/* a pause of a retransmission time-out: probe the path anew */
	if (k->out.is_idle && tcp_idle(tp) >= tp->t_rxtcur)
		tcp_cong_idle(tp);
	k->out.tp = tp;
	k->out.send_again = true;
	again(k);
}
