/*
 * The congestion window: slow start, congestion avoidance, fast retransmit and
 * fast recovery.
 *
 * Reno leaves recovery with the first new ACK.  NewReno (RFC 2582) stays until
 * everything is acknowledged that had been sent when the loss was found; an ACK
 * of a part of it says which segment is missing next.
 */
#include "models/base/check.h"
#include "models/base/min.h"
#include "models/host.h"
#include "models/inet/tcp_in.h"

enum { TCP_MAX_CWND = TCP_MAXWIN << TCP_MAX_WINSHIFT };

static bool
is_newreno(const struct tcpcb *tp)
{
	return tp->so->host->config.tcp.newreno;
}

/* A window that is said not to fall does not. */
static uint32_t
at_least(const struct tcpcb *tp, uint32_t window)
{
	uint32_t least = tp->so->host->config.tcp.cwnd_floor;

	return window > least ? window : least;
}

uint32_t
tcp_restart_window(const struct tcpcb *tp)
{
	return at_least(tp, tp->t_maxseg);
}

uint32_t
tcp_initial_window(const struct tcpcb *tp, const struct tcp_config *config)
{
	uint32_t two = 2 * tp->t_maxseg;
	uint32_t four = 4 * tp->t_maxseg;
	uint32_t middle = two > 4380 ? two : 4380;

	if (config->init_win > 0)
		return at_least(tp, (uint32_t)config->init_win * tp->t_maxseg);
	return at_least(tp, four < middle ? four : middle);
}

void
tcp_cong_idle(struct tcpcb *tp)
{
	uint32_t first =
	    tcp_initial_window(tp, &tp->so->host->config.tcp);

	tp->snd_cwnd = min_u32(tp->snd_cwnd, first);
}

/* Half of what may be under way, in whole segments, but two at least. */
static void
halve_threshold(struct tcpcb *tp)
{
	uint32_t win = min_u32(tp->snd_wnd, tp->snd_cwnd);
	uint32_t half = win / 2 / tp->t_maxseg;

	tp->snd_ssthresh =
	    at_least(tp, (half < 2 ? 2 : half) * tp->t_maxseg);
}

void
tcp_cong_timeout(struct tcpcb *tp)
{
	halve_threshold(tp);
	tp->snd_cwnd = tcp_restart_window(tp);
	tp->snd_recover = tp->snd_max;
	tp->t_dupacks = 0;
}

void
tcp_quench(struct tcpcb *tp)
{
	tp->stats.n_quenches++;
	tp->snd_cwnd = tcp_restart_window(tp);
}

/*
 * One segment at snd_una goes out, whatever the window; the caller of tcp_input
 * sends it, and then sets the window to cwnd.
 */
static void
retransmit_one(struct kctx *k, struct tcpcb *tp, uint32_t cwnd)
{
	tcp_timer_disarm(tp, TCPT_REXMT);
	tp->t_is_timing = false;
	tp->stats.n_fast_retransmits++;
	k->in.retransmits = true;
	k->in.cwnd = cwnd;
}

bool
tcp_cong_dupack(struct kctx *k, struct tcpcb *tp)
{
	if (!tcp_timer_is_armed(tp, TCPT_REXMT)) {
		tp->t_dupacks = 0;
		return false;
	}
	if (++tp->t_dupacks < TCP_REXMT_THRESH)
		return false;
	if (tp->t_dupacks > TCP_REXMT_THRESH) {
		tp->snd_cwnd += tp->t_maxseg;
		return true;
	}
	/* what a time-out sent again makes duplicates of its own */
	if (is_newreno(tp) && seq_lt(tp->snd_una, tp->snd_recover)) {
		tp->snd_cwnd += tp->t_maxseg;
		tp->t_dupacks = 0;
		return true;
	}
	halve_threshold(tp);
	tp->snd_recover = tp->snd_max;
	retransmit_one(k, tp,
	    tp->snd_ssthresh + TCP_REXMT_THRESH * tp->t_maxseg);
	/* the missing segment alone: new ones come with the next duplicate */
	return false;
}

/* A part of the window in which the loss was found: the next hole is known. */
static void
partial_ack(struct kctx *k, struct tcpcb *tp, uint32_t acked)
{
	uint32_t cwnd = tp->snd_cwnd + tp->t_maxseg;

	cwnd = cwnd > acked + tp->t_maxseg ? cwnd - acked : tp->t_maxseg;
	retransmit_one(k, tp, at_least(tp, cwnd));
}

void
tcp_cong_acked(struct kctx *k, struct tcpcb *tp, uint32_t ack)
{
	uint32_t left = tp->snd_max - ack;

	if (tp->t_dupacks < TCP_REXMT_THRESH) {
		tp->t_dupacks = 0;
		return;
	}
	if (is_newreno(tp) && seq_lt(ack, tp->snd_recover)) {
		partial_ack(k, tp, ack - tp->snd_una);
		return;
	}
	/* the window was inflated for what had left the network */
	if (is_newreno(tp) || tp->snd_cwnd > tp->snd_ssthresh)
		tp->snd_cwnd = tp->snd_ssthresh;
	/* with little under way, it would be a burst: start slowly */
	if (is_newreno(tp) && left < tp->snd_ssthresh)
		tp->snd_cwnd = at_least(tp, left + tp->t_maxseg);
	tp->t_dupacks = 0;
}

void
tcp_cong_open(struct tcpcb *tp)
{
	uint32_t incr = tp->t_maxseg;

	/* in recovery still */
	if (tp->t_dupacks >= TCP_REXMT_THRESH)
		return;
	if (tp->snd_cwnd > tp->snd_ssthresh)
		incr = (uint32_t)mul_div(incr, incr, tp->snd_cwnd);
	tp->snd_cwnd = min_u32(tp->snd_cwnd + incr, TCP_MAX_CWND);
}
