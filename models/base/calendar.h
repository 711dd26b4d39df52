/*
 * The calendar: what happens next.
 *
 * Stands for: simulated time passing.  One calendar per process of the
 *	operating system, shared by all hosts of a world.
 * How: a binary heap ordered by (time, insertion number): events of one date
 *	fire in the order in which they were scheduled, always.  In front of the
 *	heap is a short sorted array for what comes soon: steps of the CPU and
 *	transfers of a busy host come and go at its beginning, frames on slow
 *	lines come somewhere behind, and the heap holds what is further away.
 *	Where thousands of frames are under way the heap has something for the
 *	next microsecond, too, so the next event is the earlier of both.
 *	An event is a struct embedded in its owner, so that scheduling allocates
 *	nothing but, rarely, a larger heap.
 * Foreground and background: clock ticks are background; they never keep a run
 *	alive.  All else is foreground.  A protocol timer that a tick will serve
 *	is no event of its own; while armed it holds the calendar (cal_hold).
 * Units: ps.  Owns: the heap.  Borrows: the events, from their owners;
 *	a calendar stays where it was initialized.
 */
#ifndef MODELS_BASE_CALENDAR_H
#define MODELS_BASE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/base/time.h"

struct cal_event {
	void (*fire)(void *arg);
	void *arg;
	uint64_t seq;		/* of those of one date, the lowest is first */
	uint32_t slot;		/* place in the heap + 1, or CAL_IN_FRONT;
				 * 0: not scheduled */
	bool is_background;
};

struct cal_entry {
	sim_time at;
	struct cal_event *ev;
};

enum { CAL_FRONT_SIZE = 64, CAL_FRONT_FEW = 32 };

struct calendar {
	sim_time now;
	/* room on both sides; behind the last stands SIM_TIME_NEVER */
	struct cal_entry front[2 * CAL_FRONT_SIZE + 1];
	struct cal_entry *first;
	struct cal_entry *end;
	sim_time heap_at;	/* the heap's first date, or SIM_TIME_NEVER */
	struct cal_entry *heap;
	uint32_t n;
	uint32_t capacity;
	uint32_t n_foreground;	/* scheduled events that keep a run alive */
	uint32_t n_holds;	/* armed timers that a tick will serve */
	bool stop_requested;
	sim_time limit;		/* of the cal_run under way */
	uint64_t next_seq;
	uint64_t n_fired;
	void (*after_event)(void *arg);	/* the audit of debug builds, or NULL */
	void *after_event_arg;
};

/* Why cal_run came back. */
enum cal_end {
	CAL_STOPPED,	/* cal_stop was called: a process must wake */
	CAL_LIMIT,	/* the next event lies beyond the limit; now == limit */
	CAL_IDLE	/* no foreground event, no hold: nothing will happen */
};

void cal_init(struct calendar *cal);
void cal_fini(struct calendar *cal);

/* cal_event_init: an event that calls fire(arg). => not scheduled yet */
void cal_event_init(struct cal_event *ev, void (*fire)(void *arg), void *arg);

/*
 * cal_schedule: let an event fire at a date.
 *
 * => at >= now, and some date: SIM_TIME_NEVER is none; ev is not scheduled
 * => of two events of one date, the one scheduled first fires first
 */
void cal_schedule(struct calendar *cal, struct cal_event *ev, sim_time at);

/* cal_cancel: take an event back. => no effect when it is not scheduled */
void cal_cancel(struct calendar *cal, struct cal_event *ev);

static inline bool
cal_is_scheduled(const struct cal_event *ev)
{
	return ev->slot != 0;
}

/* cal_hold, cal_release: an armed timer without an event of its own. */
void cal_hold(struct calendar *cal);
void cal_release(struct calendar *cal);

/* cal_next: date of the next event, or SIM_TIME_NEVER */
sim_time cal_next(const struct calendar *cal);

/*
 * cal_skip_to: be at a date at once, if an event scheduled for it now would be
 * the next to fire; counts as one.
 *
 * => called by the event that is firing, as the last thing it does but go on
 * => false: now is what it was; schedule the event
 */
bool cal_skip_to(struct calendar *cal, sim_time at);

/* cal_stop: make cal_run return after the event that is firing. */
void cal_stop(struct calendar *cal);

/*
 * cal_run: fire events in order, up to and including those at limit.
 *
 * => limit may be SIM_TIME_NEVER
 * => CAL_STOPPED: now is the date of the last event fired, and events of the
 *    same date may be left
 */
enum cal_end cal_run(struct calendar *cal, sim_time limit);

#endif
