/*
 * What TCP's timers do when they go off, and how long they run.
 */
#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/tcp.h"
#include "models/inet/tcp_in.h"
#include "models/kern/syscall.h"

/* TCPT_RANGESET */
static int32_t
within(int32_t ticks, int32_t least, int32_t most)
{
	if (ticks < least)
		return least;
	return ticks > most ? most : ticks;
}

static const struct tcp_times *
times_of(const struct tcpcb *tp)
{
	return &tp->so->host->tcp.times;
}

int32_t
tcp_timer_range(const struct tcpcb *tp, int32_t ticks)
{
	return within(ticks, times_of(tp)->rexmtmin, times_of(tp)->rexmtmax);
}

int32_t
tcp_idle(const struct tcpcb *tp)
{
	return (int32_t)(tcp_now(tp->so->host) - tp->t_rcvtime);
}

/* tcp_backoff[]: 1, 2, 4 ... 64, and no more */
static int32_t
backed_off(const struct tcpcb *tp, int32_t ticks)
{
	return ticks << (tp->t_rxtshift < 6 ? tp->t_rxtshift : 6);
}

/* tcp_totbackoff: the sum of all of them */
enum { TCP_TOTBACKOFF = 511 };

/* TCP_REXMTVAL */
static int32_t
rexmt_value(const struct tcpcb *tp)
{
	return (tp->t_srtt >> 3) + tp->t_rttvar;
}

void
tcp_setpersist(struct tcpcb *tp)
{
	int32_t ticks = ((tp->t_srtt >> 2) + tp->t_rttvar) >> 1;

	tcp_timer_arm(tp, TCPT_PERSIST, within(backed_off(tp, ticks),
	    times_of(tp)->persmin, times_of(tp)->persmax));
	if (tp->t_rxtshift < TCP_MAXRXTSHIFT)
		tp->t_rxtshift++;
}

void
tcp_xmit_timer(struct tcpcb *tp, int32_t rtt)
{
	/* counted from 1, and a tick may have been nearly over */
	rtt--;
	if (tp->t_srtt != 0) {
		int32_t delta = rtt - (tp->t_srtt >> 3);

		tp->t_srtt += delta;
		if (tp->t_srtt <= 0)
			tp->t_srtt = 1;
		if (delta < 0)
			delta = -delta;
		tp->t_rttvar += delta - (tp->t_rttvar >> 2);
		if (tp->t_rttvar <= 0)
			tp->t_rttvar = 1;
	} else {
		tp->t_srtt = (rtt + 1) << 3;
		tp->t_rttvar = (rtt + 1) << 1;
	}
	tp->t_is_timing = false;
	tp->t_rxtshift = 0;
	tp->t_rxtcur = tcp_timer_range(tp, rexmt_value(tp));
}

/*
 * Exponential back-off from the measured value, without its growing twice.  So
 * far backed off, the estimate is given up: the deviation keeps its worth until
 * something is measured again.
 */
static void
back_off(struct tcpcb *tp)
{
	int32_t base = tcp_timer_range(tp, rexmt_value(tp));

	tp->t_rxtcur = tcp_timer_range(tp, backed_off(tp, base));
	if (tp->t_rxtshift > TCP_MAXRXTSHIFT / 4) {
		tp->t_rttvar += tp->t_srtt >> 3;
		tp->t_srtt = 0;
	}
}

static void
rexmt(struct kctx *k, struct tcpcb *tp)
{
	tp->stats.n_timeouts++;
	if (++tp->t_rxtshift > TCP_MAXRXTSHIFT) {
		tcp_drop_reset(k, tp, SYS_ETIMEDOUT);
		return;
	}
	back_off(tp);
	/* Karn: what is sent again is not timed */
	tp->t_is_timing = false;
	tp->t_syn_rexmt |= tp->t_state == TCPS_SYN_SENT;
	tcp_cong_timeout(tp);
	tp->snd_nxt = tp->snd_una;
	tcp_timer_arm(tp, TCPT_REXMT, tp->t_rxtcur);
	tcp_output(k, tp);
}

static void
forced(struct kctx *k)
{
	k->out.tp->t_force = false;
	kctx_return(k);
}

/* No answer to any probe, for as long as retransmissions would be tried. */
static bool
has_persisted_in_vain(const struct tcpcb *tp)
{
	int32_t limit = times_of(tp)->keepidle;
	int32_t rto = tcp_timer_range(tp, rexmt_value(tp));

	if (limit / TCP_TOTBACKOFF >= rto)
		limit = rto * TCP_TOTBACKOFF;
	return tp->t_rxtshift == TCP_MAXRXTSHIFT && tcp_idle(tp) >= limit;
}

static void
persist(struct kctx *k, struct tcpcb *tp)
{
	if (has_persisted_in_vain(tp)) {
		tcp_drop_reset(k, tp, SYS_ETIMEDOUT);
		return;
	}
	tp->stats.n_persists++;
	tcp_setpersist(tp);
	tp->t_force = true;
	kctx_call(k, forced);
	tcp_output(k, tp);
}

/* The last byte acknowledged once more, which asks for an answer. */
static void
probe(struct kctx *k, struct tcpcb *tp)
{
	struct tcp_header th = {.seq = tp->snd_una - 1, .ack = tp->rcv_nxt,
	    .flags = TH_ACK};

	tp->stats.n_keep_probes++;
	tcp_timer_arm(tp, TCPT_KEEP, times_of(tp)->keepintvl);
	tcp_respond(k, tp, tp->so->so_id, &th);
}

static void
keep(struct kctx *k, struct tcpcb *tp)
{
	const struct tcp_times *times = times_of(tp);

	if (tp->t_state < TCPS_ESTABLISHED) {
		tcp_drop_reset(k, tp, SYS_ETIMEDOUT);
		return;
	}
	if (!tp->t_keepalive || tp->t_state > TCPS_CLOSE_WAIT) {
		kctx_return(k);
		return;
	}
	if (tcp_idle(tp) >= times->keepidle + times->maxidle) {
		tcp_drop_reset(k, tp, SYS_ETIMEDOUT);
		return;
	}
	if (tcp_idle(tp) >= times->keepidle) {
		probe(k, tp);
		return;
	}
	tcp_timer_arm(tp, TCPT_KEEP, times->keepidle - tcp_idle(tp));
	kctx_return(k);
}

/* Twice the life of a segment; or a FIN that never comes. */
static void
two_msl(struct kctx *k, struct tcpcb *tp)
{
	if (tp->t_state != TCPS_TIME_WAIT &&
	    tcp_idle(tp) <= times_of(tp)->maxidle)
		tcp_timer_arm(tp, TCPT_2MSL, times_of(tp)->keepintvl);
	else
		tcp_close(tp);
	kctx_return(k);
}

static void
delack(struct kctx *k, struct tcpcb *tp)
{
	tp->t_delack = false;
	tp->t_acknow = true;
	tcp_output(k, tp);
}

static enum tcp_timer
first_due(const struct tcpcb *tp)
{
	int which = 0;

	while ((tp->t_due >> which & 1) == 0)
		which++;
	return (enum tcp_timer)which;
}

void
tcp_timeout(struct kctx *k, struct tcpcb *tp)
{
	enum tcp_timer which = first_due(tp);

	tcp_timer_disarm(tp, which);
	switch (which) {
	case TCPT_REXMT:
		rexmt(k, tp);
		return;
	case TCPT_PERSIST:
		persist(k, tp);
		return;
	case TCPT_KEEP:
		keep(k, tp);
		return;
	case TCPT_2MSL:
		two_msl(k, tp);
		return;
	case TCPT_DELACK:
		delack(k, tp);
		return;
	case TCPT_NTIMERS:
		break;
	}
}
