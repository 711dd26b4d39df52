#include "models/base/check.h"
#include "models/base/min.h"
#include "models/host.h"
#include "models/inet/ip.h"
#include "models/inet/tcp.h"

/* What tcp_output has decided to send. */
struct decision {
	bool send;
	bool again;	/* more full segments follow */
	uint32_t off;	/* into the send buffer */
	uint32_t len;
	uint8_t flags;
};

/* tcp_outflags[] of tcp_fsm.h, for the states of a sender. */
static uint8_t
flags_of(const struct tcpcb *tp)
{
	switch (tp->t_state) {
	case TCPS_CLOSED:
		return TH_RST | TH_ACK;
	case TCPS_SYN_SENT:
		return TH_SYN;
	case TCPS_ESTABLISHED:
	case TCPS_FIN_WAIT_2:
	case TCPS_TIME_WAIT:
		return TH_ACK;
	case TCPS_FIN_WAIT_1:
	case TCPS_CLOSING:
		return TH_ACK | TH_FIN;
	}
	return 0;
}

/* Worth sending this much now?  Nagle, silly window, "more to come". */
static bool
is_worth_sending(const struct tcpcb *tp, const struct decision *d, bool idle)
{
	const struct socket *so = tp->so;

	if (d->len == tp->t_maxseg)
		return true;
	if (idle && d->off + d->len >= so->so_snd.sb_cc && !so->ss_moretocome)
		return true;
	if (tp->t_force ||
	    (d->len >= tp->max_sndwnd / 2 && tp->max_sndwnd > 0))
		return true;
	return seq_lt(tp->snd_nxt, tp->snd_max);
}

static bool
must_send_flags(const struct tcpcb *tp, uint8_t flags)
{
	if (tp->t_acknow || (flags & (TH_SYN | TH_RST)) != 0)
		return true;
	return (flags & TH_FIN) != 0 &&
	    (!tp->t_sent_fin || tp->snd_nxt == tp->snd_una);
}

static void
size_segment(const struct tcpcb *tp, struct decision *d)
{
	int64_t cc = tp->so->so_snd.sb_cc;
	uint32_t win = min_u32(tp->snd_wnd, tp->snd_cwnd);
	int64_t usable;

	if (tp->t_force && win == 0)
		win = 1;	/* a probe */
	usable = (cc < win ? cc : win) - (int64_t)d->off;
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
decide(const struct tcpcb *tp)
{
	struct decision d = {.off = tp->snd_nxt - tp->snd_una,
	    .flags = flags_of(tp)};
	bool idle = tp->snd_max == tp->snd_una;

	if (tp->t_state == TCPS_SYN_SENT) {
		d.send = tp->snd_nxt == tp->iss;
		return d;
	}
	/* a FIN that is out takes the last place of the sequence */
	if (tp->t_sent_fin && d.off > tp->so->so_snd.sb_cc)
		d.off = (uint32_t)tp->so->so_snd.sb_cc;
	size_segment(tp, &d);
	d.send = (d.len > 0 && is_worth_sending(tp, &d, idle)) ||
	    must_send_flags(tp, d.flags);
	return d;
}

static void again(struct kctx *k);

static void
time_segment(struct tcpcb *tp, uint32_t seq, bool is_new)
{
	if (is_new && tp->t_rtt == 0) {
		tp->t_rtt = 1;
		tp->t_rtseq = seq;
	}
	if (tp->t_rexmt == 0 && tp->t_persist == 0)
		tcp_timer_arm(tp);
}

/* Sequence numbers, timers and counters of a segment that goes out. */
static void
account(struct tcpcb *tp, const struct tcp_header *th, uint32_t len)
{
	uint32_t start;
	bool is_new;

	/* a FIN that is sent once more takes its old place */
	if ((th->flags & TH_FIN) != 0)
		tp->snd_nxt = th->seq;
	start = tp->snd_nxt;
	tp->snd_nxt += len;
	if ((th->flags & TH_SYN) != 0)
		tp->snd_nxt++;
	if ((th->flags & TH_FIN) != 0) {
		tp->snd_nxt++;
		tp->t_sent_fin = true;
	}
	if (len > 0) {
		tp->stats.n_segments++;
		tp->stats.n_retransmits += seq_lt(start, tp->snd_max);
	}
	is_new = seq_lt(tp->snd_max, tp->snd_nxt);
	if (is_new)
		tp->snd_max = tp->snd_nxt;
	tp->t_acknow = false;
	tp->t_idle = 0;
	if (tp->snd_nxt != start)
		time_segment(tp, start, is_new);
	/* a probe of a closed window is sent again from the same place */
	if (tp->t_persist > 0)
		tp->snd_nxt = start;
}

/* The interface queue was full: tcp_quench(), and wait for the timer. */
static void
quench(struct tcpcb *tp)
{
	tp->stats.n_quenches++;
	tp->snd_cwnd = tp->t_maxseg;
}

static void
built(struct kctx *k)
{
	struct tcpcb *tp = k->out.tp;

	/* dropped while the segment was being built: no timer must follow */
	if (tp->t_state == TCPS_CLOSED) {
		m_freem(&k->host->mbufs, k->out.packet);
		kctx_return(k);
		return;
	}
	account(tp, &k->out.packet->m_th, k->out.len);
	if (!ip_enqueue(k->host, k->out.packet)) {
		quench(tp);
		k->out.send_again = false;
	}
	kctx_call(k, again);
	fxp_start(k);
}

/*
 * Data waits that may not be sent now.  If nothing is under way whose ACK would
 * bring us back here, the persist timer has to.
 */
static void
watch_what_waits(struct tcpcb *tp)
{
	if (tp->so->so_snd.sb_cc == 0 || tp->t_rexmt != 0 || tp->t_rexmt_due ||
	    tp->t_persist != 0 || tp->t_state < TCPS_ESTABLISHED)
		return;
	tp->t_rxtshift = 0;
	tcp_setpersist(tp);
}

/* Something goes out that will be acknowledged, or is forced to. */
static void
stop_persisting(struct tcpcb *tp)
{
	if (!tp->t_force || min_u32(tp->snd_wnd, tp->snd_cwnd) > 0)
		tcp_clear_persist(tp);
}

static void
send(struct kctx *k, struct tcpcb *tp, const struct decision *d)
{
	if (d->len > 0)
		stop_persisting(tp);
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

	if (!k->out.send_again || tp->t_state == TCPS_CLOSED) {
		kctx_return(k);
		return;
	}
	d = decide(tp);
	if (d.send) {
		send(k, tp, &d);
		return;
	}
	watch_what_waits(tp);
	kctx_return(k);
}

/* A pause of a retransmission time-out or more: probe the path anew. */
static void
restart_after_idle(struct tcpcb *tp, const struct tcp_config *config)
{
	uint32_t first = tcp_initial_window(tp, config);

	if (tp->snd_max == tp->snd_una && tp->t_idle >= tp->t_rxtcur &&
	    tp->snd_cwnd > first)
		tp->snd_cwnd = first;
}

void
tcp_output(struct kctx *k, struct tcpcb *tp)
{
	tp->stats.n_output_calls++;
	kctx_op(k, OP_TCP_OUTPUT, 1);
	if (tp->t_state == TCPS_CLOSED) {
		kctx_return(k);
		return;
	}
	restart_after_idle(tp, &k->host->config.tcp);
	k->out.tp = tp;
	k->out.send_again = true;
	again(k);
}
