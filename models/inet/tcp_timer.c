#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/tcp.h"
#include "models/kern/syscall.h"

/* TCPT_RANGESET */
static int32_t
within(int32_t ticks, int32_t least, int32_t most)
{
	if (ticks < least)
		return least;
	return ticks > most ? most : ticks;
}

static int32_t
in_range(int32_t ticks)
{
	return within(ticks, TCPTV_MIN, TCPTV_MAX);
}

/* tcp_backoff[]: 1, 2, 4 ... 64, and no more */
static int32_t
backed_off(const struct tcpcb *tp, int32_t ticks)
{
	return ticks << (tp->t_rxtshift < 6 ? tp->t_rxtshift : 6);
}

void
tcp_timer_arm(struct tcpcb *tp)
{
	if (tp->t_rexmt == 0 && !tp->t_rexmt_due)
		cal_hold(tp->so->host->cal);
	tp->t_rexmt_due = false;
	tp->t_rexmt = tp->t_rxtcur;
}

void
tcp_timer_disarm(struct tcpcb *tp)
{
	if (tp->t_rexmt != 0 || tp->t_rexmt_due)
		cal_release(tp->so->host->cal);
	tp->t_rexmt = 0;
	tp->t_rexmt_due = false;
}

void
tcp_setpersist(struct tcpcb *tp)
{
	int32_t ticks = ((tp->t_srtt >> 2) + tp->t_rttvar) >> 1;

	if (tp->t_persist == 0 && !tp->t_persist_due)
		cal_hold(tp->so->host->cal);
	tp->t_persist_due = false;
	tp->t_persist =
	    within(backed_off(tp, ticks), TCPTV_PERSMIN, TCPTV_PERSMAX);
	if (tp->t_rxtshift < TCP_MAXRXTSHIFT)
		tp->t_rxtshift++;
}

void
tcp_clear_persist(struct tcpcb *tp)
{
	if (tp->t_persist == 0 && !tp->t_persist_due)
		return;
	cal_release(tp->so->host->cal);
	tp->t_persist = 0;
	tp->t_persist_due = false;
	tp->t_rxtshift = 0;
}

/* => true: it has just run out */
static bool
count_down(int32_t *timer)
{
	return *timer > 0 && --*timer == 0;
}

bool
tcp_slowtimo(struct tcpcb *tp)
{
	tp->t_idle++;
	if (tp->t_rtt > 0)
		tp->t_rtt++;
	if (count_down(&tp->t_rexmt))
		return tp->t_rexmt_due = true;
	if (count_down(&tp->t_persist))
		return tp->t_persist_due = true;
	return false;
}

bool
tcp_timer_is_due(const struct tcpcb *tp)
{
	return tp->t_rexmt_due || tp->t_persist_due;
}

void
tcp_xmit_timer(struct tcpcb *tp, int32_t rtt)
{
	/* t_rtt counts from 1 and a tick may have been nearly over */
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
	tp->t_rtt = 0;
	tp->t_rxtshift = 0;
	tp->t_rxtcur = in_range((tp->t_srtt >> 3) + tp->t_rttvar);
}

static void
shrink_window(struct tcpcb *tp)
{
	uint32_t win = tp->snd_wnd < tp->snd_cwnd ? tp->snd_wnd : tp->snd_cwnd;
	uint32_t half = win / 2 / tp->t_maxseg;

	tp->snd_ssthresh = (half < 2 ? 2 : half) * tp->t_maxseg;
	tp->snd_cwnd = tp->t_maxseg;
}

/* Exponential back-off from the measured value, without its growing twice. */
static void
back_off(struct tcpcb *tp)
{
	int32_t base = tp->t_srtt == 0 ? TCPTV_FIRST :
	    (tp->t_srtt >> 3) + tp->t_rttvar;

	tp->t_rxtcur = in_range(backed_off(tp, in_range(base)));
}

static void
rexmt(struct kctx *k, struct tcpcb *tp)
{
	tp->t_rexmt_due = false;
	cal_release(k->host->cal);
	tp->stats.n_timeouts++;
	if (++tp->t_rxtshift > TCP_MAXRXTSHIFT) {
		tcp_drop(tp, SYS_ETIMEDOUT);
		kctx_return(k);
		return;
	}
	back_off(tp);
	/* Karn: what is sent again is not timed */
	tp->t_rtt = 0;
	shrink_window(tp);
	tp->snd_nxt = tp->snd_una;
	tcp_timer_arm(tp);
	tcp_output(k, tp);
}

static void
forced(struct kctx *k)
{
	k->out.tp->t_force = false;
	kctx_return(k);
}

static void
persist(struct kctx *k, struct tcpcb *tp)
{
	tcp_setpersist(tp);
	tp->t_force = true;
	kctx_call(k, forced);
	tcp_output(k, tp);
}

void
tcp_timeout(struct kctx *k, struct tcpcb *tp)
{
	if (tp->t_rexmt_due)
		rexmt(k, tp);
	else if (tp->t_persist_due)
		persist(k, tp);
	else
		kctx_return(k);
}
