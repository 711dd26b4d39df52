#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/tcp.h"
#include "models/kern/syscall.h"

/* TCPT_RANGESET */
static int32_t
in_range(int32_t ticks)
{
	if (ticks < TCPTV_MIN)
		return TCPTV_MIN;
	return ticks > TCPTV_MAX ? TCPTV_MAX : ticks;
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

bool
tcp_slowtimo(struct tcpcb *tp)
{
	tp->t_idle++;
	if (tp->t_rtt > 0)
		tp->t_rtt++;
	if (tp->t_rexmt == 0 || --tp->t_rexmt > 0)
		return false;
	tp->t_rexmt_due = true;
	return true;
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
	int32_t shift = tp->t_rxtshift < 6 ? tp->t_rxtshift : 6;

	tp->t_rxtcur = in_range(in_range(base) << shift);
}

void
tcp_rexmt(struct kctx *k, struct tcpcb *tp)
{
	if (!tp->t_rexmt_due) {
		kctx_return(k);
		return;
	}
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
