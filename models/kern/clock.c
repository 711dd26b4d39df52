#include "models/kern/clock.h"

#include <string.h>

#include "models/host.h"

enum { ROUNDROBIN_HZ = 10 };

static void hardclock(void *arg);
static void slowtimo(void *arg);

static void
schedule_tick(struct clock *clock)
{
	/* from the start of time, so that no rounding adds up */
	cal_schedule(clock->k.host->cal, &clock->hardclock,
	    mul_div(clock->n_ticks + 1, PS_PER_S, clock->hz));
}

void
clock_init(struct clock *clock, struct host *host, int64_t hz)
{
	memset(clock, 0, sizeof *clock);
	kctx_init(&clock->k, host, "clock", CPU_HARDINT);
	clock->hz = hz;
	cal_event_init(&clock->hardclock, hardclock, clock);
	clock->hardclock.is_background = true;
	cal_event_init(&clock->slowtimo, slowtimo, clock);
	clock->slowtimo.is_background = true;
	schedule_tick(clock);
	cal_schedule(host->cal, &clock->slowtimo, TCP_SLOW_TICK);
}

void
clock_stop(struct clock *clock)
{
	cal_cancel(clock->k.host->cal, &clock->hardclock);
	cal_cancel(clock->k.host->cal, &clock->slowtimo);
}

static bool
is_roundrobin(const struct clock *clock)
{
	int64_t ticks = clock->hz / ROUNDROBIN_HZ;

	return clock->n_ticks % (ticks > 0 ? ticks : 1) == 0;
}

static void
served(struct kctx *k)
{
	struct clock *clock = &k->host->clock;

	if (is_roundrobin(clock))
		cpu_resched(&k->host->cpu);
}

static void
hardclock(void *arg)
{
	struct clock *clock = arg;

	clock->n_ticks++;
	schedule_tick(clock);
	if (clock->k.task.state != CPU_TASK_IDLE) {
		clock->n_lost++;
		return;
	}
	kctx_op(&clock->k, OP_INTR, 1);
	kctx_op(&clock->k, OP_HARDCLOCK, 1);
	kctx_spend(&clock->k, SPL_NET, served);
}

static void
slowtimo(void *arg)
{
	struct clock *clock = arg;
	struct host *host = clock->k.host;

	clock->n_slow_ticks++;
	cal_schedule(host->cal, &clock->slowtimo,
	    (clock->n_slow_ticks + 1) * TCP_SLOW_TICK);
	tcp_slowtimo_all(host);
	softnet_slowtimo(&host->softnet);
	guests_reap(host);
}
