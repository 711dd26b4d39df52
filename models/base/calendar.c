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
	return a->at != b->at ? a->at < b->at : a->seq < b->seq;
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
}

/* The list in front is full: its latest event goes into the heap. */
static void
make_room_in_front(struct calendar *cal)
{
	push(cal, cal->front[0]);
	cal->n_front--;
	memmove(cal->front, cal->front + 1,
	    cal->n_front * sizeof cal->front[0]);
}

/* Behind all of its date there: it is the last to be scheduled. */
static void
put_in_front(struct calendar *cal, struct cal_entry e)
{
	uint32_t i;

	for (i = cal->n_front++; i > 0 && cal->front[i - 1].at <= e.at; i--)
		cal->front[i] = cal->front[i - 1];
	cal->front[i] = e;
	e.ev->slot = CAL_IN_FRONT;
}

/* A list that is nearly empty takes anything: what comes next is earlier. */
static inline bool
belongs_in_front(const struct calendar *cal, sim_time at)
{
	return cal->n_front < CAL_FRONT_FEW || at < cal->front[0].at;
}

void
cal_schedule(struct calendar *cal, struct cal_event *ev, sim_time at)
{
	struct cal_entry e = {at, cal->next_seq++, ev};

	CHECK(at >= cal->now, "an event lies in the present or the future");
	CHECK(ev->slot == 0, "an event is scheduled at most once");
	cal->n_foreground += !ev->is_background;
	if (!belongs_in_front(cal, at)) {
		push(cal, e);
		return;
	}
	if (cal->n_front == CAL_FRONT_SIZE)
		make_room_in_front(cal);
	put_in_front(cal, e);
}

/* Take out entry i of the heap; the last one fills its place. */
static void
remove_at(struct calendar *cal, uint32_t i)
{
	struct cal_entry last = cal->heap[--cal->n];

	if (i == cal->n)
		return;
	if (i > 0 && is_before(&last, &cal->heap[(i - 1) / 2]))
		sift_up(cal, i, last);
	else
		sift_down(cal, i, last);
}

static void
remove_from_front(struct calendar *cal, const struct cal_event *ev)
{
	uint32_t i = cal->n_front;

	do
		CHECK(i > 0, "a scheduled event is where it says");
	while (cal->front[--i].ev != ev);
	cal->n_front--;
	for (; i < cal->n_front; i++)
		cal->front[i] = cal->front[i + 1];
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

static inline bool
is_next_in_front(const struct calendar *cal)
{
	return cal->n_front > 0 && (cal->n == 0 ||
	    is_before(&cal->front[cal->n_front - 1], &cal->heap[0]));
}

sim_time
cal_next(const struct calendar *cal)
{
	if (is_next_in_front(cal))
		return cal->front[cal->n_front - 1].at;
	return cal->n > 0 ? cal->heap[0].at : SIM_TIME_NEVER;
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

static struct cal_entry
take_next(struct calendar *cal)
{
	struct cal_entry e;

	if (is_next_in_front(cal))
		return cal->front[--cal->n_front];
	CHECK(cal->n > 0, "an armed timer has a tick that will serve it");
	e = cal->heap[0];
	remove_at(cal, 0);
	return e;
}

static void
fire_next(struct calendar *cal)
{
	struct cal_entry e = take_next(cal);

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
		if (cal_next(cal) > limit) {
			if (limit > cal->now)
				cal->now = limit;
			return CAL_LIMIT;
		}
		fire_next(cal);
		if (cal->stop_requested)
			return CAL_STOPPED;
	}
	return CAL_IDLE;
}
