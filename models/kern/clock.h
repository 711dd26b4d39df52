/*
 * The clock: hardclock and the protocols' slow tick.
 *
 * Stands for: hardclock() at hz, roundrobin() ten times a second, and
 *	pfslowtimo() every 500 ms.  Both are background events: they never keep
 *	a run alive.
 * Mirrors: kern_clock.c, kern_synch.c, uipc_domain.c.
 * Leaves out: the callout wheel (timers of processes are events), profiling,
 *	a separate statistics clock (its price is in hardclock's).
 * Units: ps.  Owns: nothing.
 */
#ifndef MODELS_KERN_CLOCK_H
#define MODELS_KERN_CLOCK_H

#include "models/kern/kctx.h"

struct clock {
	struct kctx k;
	struct cal_event hardclock;
	struct cal_event slowtimo;
	int64_t hz;
	int64_t n_ticks;
	int64_t n_slow_ticks;
	int64_t n_lost;		/* a tick while the one before still waited */
};

void clock_init(struct clock *clock, struct host *host, int64_t hz);

/*
 * clock_stop: no further tick.
 *
 * => for the end of a run: ticks that take all of the CPU would let no process
 *    come to its end
 */
void clock_stop(struct clock *clock);

#endif
