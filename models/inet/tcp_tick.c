/*
 * How TCP's timers run.
 *
 * Ticks, as in 4.4BSD: the slow tick of 500 ms counts down the timers of all
 * connections; the fast one, 200 ms, sends the ACKs that were delayed.  A timer
 * of n ticks goes off after n - 1 to n of them.
 *
 * Fine: every timer is an alarm of its own.  An alarm that is set anew for a
 * later date is left where it is; it looks at the date when it fires.
 */
#include <stdlib.h>

#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/tcp.h"

static void fasttimo(void *arg);
static void alarm_fired(void *arg);

static int32_t
ticks_of(sim_time interval, sim_time tick)
{
	return (int32_t)((interval + tick - 1) / tick);
}

static bool
is_fine(const struct host *host)
{
	return host->config.tcp.timers == TCP_TIMERS_FINE;
}

void
tcp_host_init(struct host *host)
{
	const struct tcp_config *config = &host->config.tcp;
	struct tcp_times *times = &host->tcp.times;
	sim_time tick = is_fine(host) ? PS_PER_MS : TCP_SLOW_TICK;

	*times = (struct tcp_times){
	    .tick = tick,
	    .srttdflt = ticks_of(TCPTV_SRTTDFLT, tick),
	    .rexmtmin = ticks_of(config->rto_min, tick),
	    .rexmtmax = ticks_of(TCPTV_REXMTMAX, tick),
	    .persmin = ticks_of(TCPTV_PERSMIN, tick),
	    .persmax = ticks_of(TCPTV_PERSMAX, tick),
	    .keepinit = ticks_of(TCPTV_KEEP_INIT, tick),
	    .keepidle = ticks_of(config->keepidle, tick),
	    .keepintvl = ticks_of(config->keepintvl, tick),
	    .maxidle = ticks_of(config->keepintvl, tick) * TCP_KEEPCNT,
	    .msl2 = ticks_of(2 * config->msl, tick),
	    .delack = ticks_of(config->delack, tick)};
	cal_event_init(&host->tcp.fasttimo, fasttimo, host);
	host->tcp.fasttimo.is_background = true;
}

void
tcp_host_fini(struct host *host)
{
	free(host->tcp.sorted);
	free(host->tcp.ticking);
	host->tcp.sorted = host->tcp.ticking = NULL;
}

uint32_t
tcp_now(const struct host *host)
{
	if (is_fine(host))
		return (uint32_t)(host->cal->now / PS_PER_MS);
	return (uint32_t)host->clock.n_slow_ticks;
}

void
tcp_timers_init(struct tcpcb *tp)
{
	for (int i = 0; i < TCPT_NTIMERS; i++) {
		struct tcp_alarm *alarm = &tp->t_alarm[i];

		alarm->tp = tp;
		cal_event_init(&alarm->ev, alarm_fired, alarm);
		alarm->ev.is_background = true;
	}
}

static bool
holds(enum tcp_timer which)
{
	return which != TCPT_2MSL;
}

static void
set_alarm(struct tcp_alarm *alarm, sim_time at)
{
	struct calendar *cal = alarm->tp->so->host->cal;

	alarm->at = at;
	if (cal_is_scheduled(&alarm->ev)) {
		if (alarm->fires_at <= at)
			return;
		cal_cancel(cal, &alarm->ev);
	}
	alarm->fires_at = at;
	cal_schedule(cal, &alarm->ev, at);
}

/* An array of connections, twice as large or the first one. */
static struct tcpcb **
grow(struct tcpcb **array, uint32_t *size)
{
	*size = *size > 0 ? 2 * *size : 16;
	array = realloc(array, *size * sizeof(struct tcpcb *));
	CHECK(array != NULL, "memory for timers");
	return array;
}

static void
tick_from_now(struct tcpcb *tp)
{
	struct tcp_host *th = &tp->so->host->tcp;

	tp->t_is_ticking = true;
	if (th->n_ticking == th->ticking_size)
		th->ticking = grow(th->ticking, &th->ticking_size);
	th->ticking[th->n_ticking++] = tp;
}

void
tcp_timer_arm(struct tcpcb *tp, enum tcp_timer which, int32_t ticks)
{
	struct host *host = tp->so->host;

	CHECK(ticks > 0, "a timer runs for a while");
	if (holds(which) && !tcp_timer_is_armed(tp, which))
		cal_hold(host->cal);
	tp->t_due &= ~(1U << which);
	tp->t_timer[which] = ticks;
	if (is_fine(host))
		set_alarm(&tp->t_alarm[which],
		    host->cal->now + ticks * host->tcp.times.tick);
	else if (!tp->t_is_ticking)
		tick_from_now(tp);
}

void
tcp_timer_disarm(struct tcpcb *tp, enum tcp_timer which)
{
	struct host *host = tp->so->host;

	if (!tcp_timer_is_armed(tp, which))
		return;
	if (holds(which))
		cal_release(host->cal);
	tp->t_due &= ~(1U << which);
	tp->t_timer[which] = 0;
	if (is_fine(host))
		cal_cancel(host->cal, &tp->t_alarm[which].ev);
}

/* It has gone off; a soft interrupt will serve it. */
static void
is_due(struct tcpcb *tp, enum tcp_timer which)
{
	struct tcp_host *th = &tp->so->host->tcp;

	tp->t_timer[which] = 0;
	tp->t_due |= 1U << which;
	if (!tp->t_in_due_list) {
		tp->t_in_due_list = true;
		tp->t_next_due = NULL;
		if (th->due_tail != NULL)
			th->due_tail->t_next_due = tp;
		else
			th->due_head = tp;
		th->due_tail = tp;
	}
	softnet_timers(&tp->so->host->softnet);
}

struct tcpcb *
tcp_next_due(struct tcp_host *th)
{
	struct tcpcb *tp;

	while ((tp = th->due_head) != NULL && tp->t_due == 0) {
		tp->t_in_due_list = false;
		th->due_head = tp->t_next_due;
		if (th->due_head == NULL)
			th->due_tail = NULL;
	}
	return tp;
}

static void
alarm_fired(void *arg)
{
	struct tcp_alarm *alarm = arg;
	struct tcpcb *tp = alarm->tp;
	enum tcp_timer which = (enum tcp_timer)(alarm - tp->t_alarm);

	if (alarm->at > tp->so->host->cal->now)
		set_alarm(alarm, alarm->at);
	else
		is_due(tp, which);
}

void
tcp_slowtimo(struct tcpcb *tp)
{
	/* alarms go by themselves */
	if (is_fine(tp->so->host))
		return;
	for (int i = 0; i < TCPT_DELACK; i++)
		if (tp->t_timer[i] > 0 && --tp->t_timer[i] == 0)
			is_due(tp, (enum tcp_timer)i);
}

/*
 * Those whose timers go off at one tick, the youngest connection first: in the
 * order in which 4.4BSD has them in its list.
 */
static void
collect(struct tcp_host *th, struct tcpcb *tp)
{
	if (th->n_sorted == th->sorted_size)
		th->sorted = grow(th->sorted, &th->sorted_size);
	th->sorted[th->n_sorted++] = tp;
}

static int
compare_age(const void *a, const void *b)
{
	uint64_t x = (*(struct tcpcb *const *)a)->so->serial;
	uint64_t y = (*(struct tcpcb *const *)b)->so->serial;

	return (x < y) - (x > y);
}

static void
serve_sorted(struct tcp_host *th, void (*serve)(struct tcpcb *tp))
{
	if (th->n_sorted > 1)
		qsort(th->sorted, th->n_sorted, sizeof(struct tcpcb *),
		    compare_age);
	for (uint32_t i = 0; i < th->n_sorted; i++)
		serve(th->sorted[i]);
	th->n_sorted = 0;
}

/* One tick less. => false: no timer ticks any more; *is_due: one goes off */
static bool
count_down(struct tcpcb *tp, bool *is_last)
{
	bool is_ticking = false;

	*is_last = false;
	for (int i = 0; i < TCPT_DELACK; i++) {
		is_ticking |= tp->t_timer[i] > 0;
		*is_last |= tp->t_timer[i] == 1;
	}
	for (int i = 0; i < TCPT_DELACK && !*is_last; i++)
		tp->t_timer[i] -= tp->t_timer[i] > 0;
	return is_ticking;
}

void
tcp_slowtimo_all(struct host *host)
{
	/* so far ahead that memory has it when its turn comes */
	enum { AHEAD = 8 };
	struct tcp_host *th = &host->tcp;
	uint32_t n = th->n_ticking;
	bool is_last;

	th->n_ticking = 0;
	for (uint32_t i = 0; i < n; i++) {
		struct tcpcb *tp = th->ticking[i];

		if (i + AHEAD < n)
			__builtin_prefetch(th->ticking[i + AHEAD]->t_timer, 1);
		tp->t_is_ticking = count_down(tp, &is_last);
		if (tp->t_is_ticking)
			th->ticking[th->n_ticking++] = tp;
		if (is_last)
			collect(th, tp);
	}
	serve_sorted(th, tcp_slowtimo);
}

/*
 * Delayed ACKs: 1 in t_timer says that the fast tick is waited for.
 */
static void
delack_is_due(struct tcpcb *tp)
{
	is_due(tp, TCPT_DELACK);
}

static void
fasttimo(void *arg)
{
	struct tcp_host *th = &((struct host *)arg)->tcp;
	struct tcpcb *tp;

	while ((tp = th->delacked) != NULL) {
		th->delacked = tp->t_next_delack;
		tp->t_in_delack_list = false;
		if (tp->t_timer[TCPT_DELACK] > 0)
			collect(th, tp);
	}
	serve_sorted(th, delack_is_due);
}

static void
list_delack(struct tcp_host *th, struct tcpcb *tp)
{
	if (tp->t_in_delack_list)
		return;
	tp->t_in_delack_list = true;
	tp->t_next_delack = th->delacked;
	th->delacked = tp;
}

static void
await_fast_tick(struct tcpcb *tp)
{
	struct host *host = tp->so->host;
	sim_time period = host->config.tcp.delack;

	if (!tcp_timer_is_armed(tp, TCPT_DELACK))
		cal_hold(host->cal);
	tp->t_timer[TCPT_DELACK] = 1;
	list_delack(&host->tcp, tp);
	if (!cal_is_scheduled(&host->tcp.fasttimo))
		cal_schedule(host->cal, &host->tcp.fasttimo,
		    (host->cal->now / period + 1) * period);
}

void
tcp_delay_ack(struct tcpcb *tp)
{
	tp->t_delack = true;
	if (is_fine(tp->so->host))
		tcp_timer_arm(tp, TCPT_DELACK, tp->so->host->tcp.times.delack);
	else
		await_fast_tick(tp);
}

void
tcp_ack_is_out(struct tcpcb *tp)
{
	tp->t_acknow = false;
	if (!tp->t_delack)
		return;
	tp->t_delack = false;
	tcp_timer_disarm(tp, TCPT_DELACK);
}
