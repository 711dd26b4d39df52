#include "tests/support/calendar_walk.h"

#include <check.h>
#include <string.h>

#include "models/base/calendar.h"

enum { WALK_EVENTS = 200, WALK_STEPS = 1000 };

struct walk;

struct walk_event {
	struct cal_event ev;
	struct walk *walk;
	/* what the reference knows */
	bool is_in;
	sim_time at;
	int seq;
};

struct walk {
	struct calendar cal;
	struct walk_event events[WALK_EVENTS];
	int next_seq;
	uint64_t state;		/* of the random numbers */
	unsigned seed;
	int step;
};

static int
random_below(struct walk *w, int n)
{
	w->state = w->state * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (int)((w->state >> 33) % (uint64_t)n);
}

static void
expect(const struct walk *w, bool holds, const char *what)
{
	if (!holds)
		ck_abort_msg("seed %u, step %d: %s", w->seed, w->step, what);
}

static const struct walk_event *
first_of(const struct walk *w)
{
	const struct walk_event *first = NULL;

	for (const struct walk_event *e = w->events;
	    e < w->events + WALK_EVENTS; e++)
		if (e->is_in && (first == NULL || e->at < first->at ||
		    (e->at == first->at && e->seq < first->seq)))
			first = e;
	return first;
}

static uint32_t
foreground_of(const struct walk *w)
{
	uint32_t n = 0;

	for (int i = 0; i < WALK_EVENTS; i++)
		n += w->events[i].is_in && !w->events[i].ev.is_background;
	return n;
}

static void
schedule_some(struct walk *w, int n_at_most)
{
	for (int n = random_below(w, n_at_most + 1); n > 0; n--) {
		struct walk_event *e = &w->events[random_below(w,
		    WALK_EVENTS)];

		if (e->is_in)
			continue;
		/* few dates, so that most are shared */
		e->at = w->cal.now + random_below(w, 4);
		e->seq = w->next_seq++;
		e->is_in = true;
		e->ev.is_background = random_below(w, 4) == 0;
		cal_schedule(&w->cal, &e->ev, e->at);
	}
}

/* As often as not, these are not scheduled. */
static void
cancel_some(struct walk *w, int n_at_most)
{
	for (int n = random_below(w, n_at_most + 1); n > 0; n--) {
		struct walk_event *e = &w->events[random_below(w,
		    WALK_EVENTS)];

		e->is_in = false;
		cal_cancel(&w->cal, &e->ev);
	}
}

static void
fire(void *arg)
{
	struct walk_event *e = arg;
	struct walk *w = e->walk;

	expect(w, e == first_of(w), "the first one fires");
	expect(w, w->cal.now == e->at, "at its date");
	expect(w, !cal_is_scheduled(&e->ev), "and is scheduled no more");
	e->is_in = false;
	schedule_some(w, 2);
	cancel_some(w, 1);
	if (random_below(w, 5) == 0)
		cal_stop(&w->cal);
}

static void
run(struct walk *w)
{
	sim_time limit = w->cal.now + random_below(w, 6);

	switch (cal_run(&w->cal, limit)) {
	case CAL_STOPPED:
		expect(w, w->cal.now <= limit, "stopped within the limit");
		break;
	case CAL_LIMIT:
		expect(w, w->cal.now == limit && first_of(w)->at > limit,
		    "the limit is reached");
		break;
	case CAL_IDLE:
		expect(w, foreground_of(w) == 0, "idle");
		break;
	}
}

static void
assert_agree(const struct walk *w)
{
	const struct walk_event *first = first_of(w);

	expect(w, w->cal.n_foreground == foreground_of(w), "foreground");
	expect(w, cal_next(&w->cal) ==
	    (first == NULL ? SIM_TIME_NEVER : first->at), "next date");
	for (int i = 0; i < WALK_EVENTS; i++)
		expect(w, cal_is_scheduled(&w->events[i].ev) ==
		    w->events[i].is_in, "what is scheduled");
}

static void
take_step(struct walk *w)
{
	/* times of growth, and times of decline */
	bool is_growing = w->step / 100 % 2 == 0;

	schedule_some(w, is_growing ? 12 : 3);
	cancel_some(w, 3);
	if (!is_growing || random_below(w, 6) == 0)
		run(w);
	assert_agree(w);
}

void
calendar_walk(unsigned seed)
{
	struct walk w;

	memset(&w, 0, sizeof w);
	w.state = w.seed = seed;
	cal_init(&w.cal);
	for (int i = 0; i < WALK_EVENTS; i++) {
		struct walk_event *e = &w.events[i];

		cal_event_init(&e->ev, fire, e);
		e->walk = &w;
	}
	for (w.step = 0; w.step < WALK_STEPS; w.step++)
		take_step(&w);
	expect(&w, w.cal.n_fired > WALK_STEPS, "enough has happened");
	cal_fini(&w.cal);
}
