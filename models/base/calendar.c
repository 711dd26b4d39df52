#include "models/base/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"

enum { CAL_FIRST_CAPACITY = 64 };

#define CAL_IN_FRONT	UINT32_MAX	/* slot of the event in front */

void
cal_init(struct calendar *cal)
{
	memset(cal, 0, sizeof *cal);
	cal->first = cal->end = cal->front + CAL_FRONT_SIZE;
	cal->end->at = SIM_TIME_NEVER;
	cal->heap_at = SIM_TIME_NEVER;
	cal->capacity = CAL_FIRST_CAPACITY;
	cal->heap = malloc(cal->capacity * sizeof *cal->heap);
	CHECK(cal->heap != NULL, "memory for the calendar");
}

void
cal_fini(struct calendar *cal)
{
	free(cal->heap);
	memset(cal, 0, sizeof *cal);
}

void
cal_event_init(struct cal_event *ev, void (*fire)(void *arg), void *arg)
{
	memset(ev, 0, sizeof *ev);
	ev->fire = fire;
	ev->arg = arg;
}

static inline bool
is_before(const struct cal_entry *a, const struct cal_entry *b)
{
	return a->at != b->at ? a->at < b->at : a->ev->seq < b->ev->seq;
}

static inline void
place(struct calendar *cal, uint32_t i, struct cal_entry e)
{
	cal->heap[i] = e;
	e.ev->slot = i + 1;
}

static void
sift_up(struct calendar *cal, uint32_t i, struct cal_entry e)
{
	while (i > 0) {
		uint32_t parent = (i - 1) / 2;

		if (!is_before(&e, &cal->heap[parent]))
			break;
		place(cal, i, cal->heap[parent]);
		i = parent;
	}
	place(cal, i, e);
}

static void
sift_down(struct calendar *cal, uint32_t i, struct cal_entry e)
{
	for (;;) {
		uint32_t child = 2 * i + 1;

		if (child >= cal->n)
			break;
		if (child + 1 < cal->n &&
		    is_before(&cal->heap[child + 1], &cal->heap[child]))
			child++;
		if (!is_before(&cal->heap[child], &e))
			break;
		place(cal, i, cal->heap[child]);
		i = child;
	}
	place(cal, i, e);
}

static void
grow(struct calendar *cal)
{
	cal->capacity *= 2;
	cal->heap = realloc(cal->heap, cal->capacity * sizeof *cal->heap);
	CHECK(cal->heap != NULL, "memory for the calendar");
}

static void
push(struct calendar *cal, struct cal_entry e)
{
	if (cal->n == cal->capacity)
		grow(cal);
	sift_up(cal, cal->n++, e);
	cal->heap_at = cal->heap[0].at;
}

/*
 * The array in front
 */
static inline uint32_t
n_in_front(const struct calendar *cal)
{
	return (uint32_t)(cal->end - cal->first);
}

/* It has come to one end of its room. */
static void
move_to_middle(struct calendar *cal)
{
	uint32_t n = n_in_front(cal);
	struct cal_entry *to = cal->front + CAL_FRONT_SIZE - n / 2;

	memmove(to, cal->first, (n + 1) * sizeof *to);
	cal->first = to;
	cal->end = to + n;
}

/* It is full: its latest event goes into the heap. */
static void
make_room_in_front(struct calendar *cal)
{
	cal->end--;
	push(cal, *cal->end);
	cal->end->at = SIM_TIME_NEVER;
}

/* Those that are earlier, or of one date with it, move up. */
static inline void
put_from_first(struct calendar *cal, struct cal_entry e)
{
	struct cal_entry *p;

	if (cal->first == cal->front)
		move_to_middle(cal);
	for (p = --cal->first; p[1].at <= e.at; p++)
		p[0] = p[1];
	*p = e;
}

/* Those that are later move back. => not all are */
static inline void
put_from_last(struct calendar *cal, struct cal_entry e)
{
	struct cal_entry *p;

	if (cal->end == cal->front + 2 * CAL_FRONT_SIZE)
		move_to_middle(cal);
	p = cal->end++;
	cal->end->at = SIM_TIME_NEVER;
	for (; p[-1].at > e.at; p--)
		p[0] = p[-1];
	*p = e;
}

/* Behind all of its date there: it is the last to be scheduled. */
static inline void
put_in_front(struct calendar *cal, struct cal_entry e)
{
	uint32_t n = n_in_front(cal);

	e.ev->slot = CAL_IN_FRONT;
	if (n > 0 && cal->first[n / 2].at <= e.at)
		put_from_last(cal, e);
	else
		put_from_first(cal, e);
}

/* An array that is nearly empty takes anything: what comes next is earlier. */
static inline bool
belongs_in_front(const struct calendar *cal, sim_time at)
{
	return n_in_front(cal) < CAL_FRONT_FEW || at < cal->end[-1].at;
}

void
cal_schedule(struct calendar *cal, struct cal_event *ev, sim_time at)
{
	struct cal_entry e = {at, ev};

	CHECK(at >= cal->now && at < SIM_TIME_NEVER,
	    "an event lies in the present or the future");
	CHECK(ev->slot == 0, "an event is scheduled at most once");
	ev->seq = cal->next_seq++;
	cal->n_foreground += !ev->is_background;
	if (!belongs_in_front(cal, at)) {
		push(cal, e);
		return;
	}
	if (n_in_front(cal) == CAL_FRONT_SIZE)
		make_room_in_front(cal);
	put_in_front(cal, e);
}

/* Take out entry i of the heap; the last one fills its place. */
static void
remove_at(struct calendar *cal, uint32_t i)
{
	struct cal_entry last = cal->heap[--cal->n];

	if (i > 0 && is_before(&last, &cal->heap[(i - 1) / 2]))
		sift_up(cal, i, last);
	else if (i < cal->n)
		sift_down(cal, i, last);
	cal->heap_at = cal->n > 0 ? cal->heap[0].at : SIM_TIME_NEVER;
}

static void
remove_from_front(struct calendar *cal, const struct cal_event *ev)
{
	struct cal_entry *p = cal->first;

	for (; p->ev != ev; p++)
		CHECK(p + 1 < cal->end,
		    "a scheduled event is where it says");
	/* it is an early one, as a rule */
	for (; p > cal->first; p--)
		p[0] = p[-1];
	cal->first++;
}

void
cal_cancel(struct calendar *cal, struct cal_event *ev)
{
	if (ev->slot == 0)
		return;
	if (ev->slot == CAL_IN_FRONT)
		remove_from_front(cal, ev);
	else {
		CHECK(ev->slot <= cal->n && cal->heap[ev->slot - 1].ev == ev,
		    "a scheduled event knows its place");
		remove_at(cal, ev->slot - 1);
	}
	ev->slot = 0;
	cal->n_foreground -= !ev->is_background;
}

void
cal_hold(struct calendar *cal)
{
	cal->n_holds++;
}

void
cal_release(struct calendar *cal)
{
	CHECK(cal->n_holds > 0, "a hold is released once");
	cal->n_holds--;
}

/* => there is a next one */
static inline bool
is_next_in_front(const struct calendar *cal)
{
	return cal->first->at < cal->heap_at ||
	    (cal->first->at == cal->heap_at &&
	    cal->first->ev->seq < cal->heap[0].ev->seq);
}

sim_time
cal_next(const struct calendar *cal)
{
	return cal->first->at < cal->heap_at ? cal->first->at : cal->heap_at;
}

bool
cal_skip_to(struct calendar *cal, sim_time at)
{
	if (at >= cal_next(cal) || at > cal->limit || cal->stop_requested ||
	    cal->after_event != NULL)
		return false;
	cal->now = at;
	cal->n_fired++;
	return true;
}

void
cal_stop(struct calendar *cal)
{
	cal->stop_requested = true;
}

/* => there is one */
static inline struct cal_entry
take_next(struct calendar *cal)
{
	struct cal_entry e;

	if (is_next_in_front(cal))
		return *cal->first++;
	e = cal->heap[0];
	remove_at(cal, 0);
	return e;
}

static inline void
fire(struct calendar *cal, struct cal_entry e)
{
	e.ev->slot = 0;
	cal->n_foreground -= !e.ev->is_background;
	cal->now = e.at;
	cal->n_fired++;
	e.ev->fire(e.ev->arg);
	if (cal->after_event != NULL)
		cal->after_event(cal->after_event_arg);
}

enum cal_end
cal_run(struct calendar *cal, sim_time limit)
{
	cal->stop_requested = false;
	cal->limit = limit;
	while (cal->n_foreground > 0 || cal->n_holds > 0) {
		sim_time next = cal_next(cal);

		if (next > limit) {
			if (limit > cal->now)
				cal->now = limit;
			return CAL_LIMIT;
		}
		CHECK(next < SIM_TIME_NEVER,
		    "an armed timer has a tick that will serve it");
		fire(cal, take_next(cal));
		if (cal->stop_requested)
			return CAL_STOPPED;
	}
	return CAL_IDLE;
}
