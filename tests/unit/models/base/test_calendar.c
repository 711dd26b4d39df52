/*
 * The calendar: order, ties, cancelling, and the ends of a run; by hand, and in
 * random sequences against a list that is searched from end to end.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/base/calendar.h"
#include "tests/support/calendar_walk.h"

enum { MANY = 200 };	/* more than the first heap holds */

/* An event that notes its number and its date when it fires. */
struct noted {
	struct cal_event ev;
	int id;
};

static struct calendar cal;
static struct noted events[MANY];
static int fired[10 * MANY];
static sim_time fired_at[10 * MANY];
static int n_fired;

static void
note(void *arg)
{
	const struct noted *e = arg;

	fired_at[n_fired] = cal.now;
	fired[n_fired++] = e->id;
}

static void
setup(void)
{
	cal_init(&cal);
	n_fired = 0;
	for (int i = 0; i < MANY; i++) {
		events[i].id = i;
		cal_event_init(&events[i].ev, note, &events[i]);
	}
}

static void
teardown(void)
{
	cal_fini(&cal);
}

static void
schedule(int i, sim_time at)
{
	cal_schedule(&cal, &events[i].ev, at);
}

/* The numbers fired so far are exactly these. */
static void
assert_fired(int n, const int *ids)
{
	ck_assert_int_eq(n_fired, n);
	for (int i = 0; i < n; i++)
		ck_assert_int_eq(fired[i], ids[i]);
}

START_TEST(test_empty)
{
	ck_assert_int_eq(cal_next(&cal), SIM_TIME_NEVER);
	ck_assert_int_eq(cal_run(&cal, SIM_TIME_NEVER), CAL_IDLE);
	ck_assert_int_eq(cal_run(&cal, 100), CAL_IDLE);
	/* nothing happens, so no time passes */
	ck_assert_int_eq(cal.now, 0);
}
END_TEST

START_TEST(test_order)
{
	static const int wanted[] = {2, 0, 1};

	schedule(0, 20);
	schedule(1, 30);
	schedule(2, 10);
	ck_assert_int_eq(cal_next(&cal), 10);
	ck_assert_int_eq(cal_run(&cal, SIM_TIME_NEVER), CAL_IDLE);
	assert_fired(3, wanted);
	ck_assert_int_eq(fired_at[0], 10);
	ck_assert_int_eq(fired_at[1], 20);
	ck_assert_int_eq(fired_at[2], 30);
	ck_assert_int_eq(cal.now, 30);
	ck_assert_uint_eq(cal.n_fired, 3);
}
END_TEST

/* Of one date: in the order of scheduling, whatever came and went between. */
START_TEST(test_ties)
{
	for (int i = 0; i < MANY; i++)
		schedule(i, i % 2 == 0 ? 7 : 5);
	for (int i = 0; i < MANY; i += 3)
		cal_cancel(&cal, &events[i].ev);
	for (int i = 0; i < MANY; i += 3)
		schedule(i, 7);
	cal_run(&cal, SIM_TIME_NEVER);
	ck_assert_int_eq(n_fired, MANY);
	for (int i = 1; i < MANY; i++) {
		ck_assert_int_ge(fired_at[i], fired_at[i - 1]);
		/* those scheduled again are multiples of 3, and come last */
		if (fired_at[i] == fired_at[i - 1] &&
		    (fired[i] % 3 == 0) == (fired[i - 1] % 3 == 0))
			ck_assert_int_gt(fired[i], fired[i - 1]);
		else if (fired_at[i] == fired_at[i - 1])
			ck_assert_int_eq(fired[i] % 3, 0);
	}
}
END_TEST

/* The heap, and the array in front of it, have one of the same date. */
START_TEST(test_ties_of_both_parts)
{
	int ids[CAL_FRONT_FEW + 2];

	for (int i = 0; i < CAL_FRONT_FEW; i++)
		schedule(i, 10);
	schedule(CAL_FRONT_FEW, 20);
	cal_run(&cal, 10);
	schedule(CAL_FRONT_FEW + 1, 20);
	ck_assert_uint_eq(cal.n, 1);
	ck_assert_int_eq(cal.end - cal.first, 1);
	ck_assert_int_eq(cal_next(&cal), 20);
	cal_run(&cal, SIM_TIME_NEVER);
	for (int i = 0; i < CAL_FRONT_FEW + 2; i++)
		ids[i] = i;
	assert_fired(CAL_FRONT_FEW + 2, ids);
}
END_TEST

/*
 * The array in front has room on both sides, and moves to the middle when it
 * comes to an end of it: far more events at its end than it has places, while
 * one at its beginning goes on; and the other way round.
 */
START_TEST(test_front_wanders)
{
	for (int i = 0; i < 8; i++)
		schedule(i, 10 + i);
	for (int i = 0; i < MANY; i++) {
		ck_assert_int_eq(cal_run(&cal, cal_next(&cal)), CAL_LIMIT);
		schedule(fired[n_fired - 1], cal.now + 8);
	}
	for (int i = 0; i < MANY; i++)
		ck_assert_int_eq(fired_at[i], 10 + i);
	ck_assert_int_eq(cal.end - cal.first, 8);
	for (int i = 8; i < CAL_FRONT_FEW; i++)
		schedule(i, cal.now + 1000 - i);
	for (int i = 0; i < MANY; i++) {
		cal_cancel(&cal, &events[i % 8].ev);
		schedule(i % 8, cal.now + 900 - i);
	}
	n_fired = 0;
	ck_assert_int_eq(cal_run(&cal, SIM_TIME_NEVER), CAL_IDLE);
	ck_assert_int_eq(n_fired, CAL_FRONT_FEW);
	for (int i = 1; i < n_fired; i++)
		ck_assert_int_gt(fired_at[i], fired_at[i - 1]);
}
END_TEST

/* Each is earlier than all before it: the array grows towards its beginning. */
START_TEST(test_ever_earlier)
{
	for (int i = 0; i < MANY; i++)
		schedule(i, 1000 - i);
	ck_assert_int_eq(cal.end - cal.first, CAL_FRONT_SIZE);
	ck_assert_uint_eq(cal.n, MANY - CAL_FRONT_SIZE);
	cal_run(&cal, SIM_TIME_NEVER);
	for (int i = 0; i < MANY; i++)
		ck_assert_int_eq(fired[i], MANY - 1 - i);
}
END_TEST

static void
schedule_next_now(void *arg)
{
	struct noted *e = arg;

	note(arg);
	if (e->id < 5)
		schedule(e->id + 1, cal.now);
}

/* What an event schedules for its own date still fires, after the others. */
START_TEST(test_same_date_while_firing)
{
	static const int wanted[] = {0, 9, 1, 2, 3, 4, 5};

	for (int i = 0; i <= 5; i++)
		events[i].ev.fire = schedule_next_now;
	schedule(0, 10);
	schedule(9, 10);
	ck_assert_int_eq(cal_run(&cal, 10), CAL_IDLE);
	assert_fired(7, wanted);
	ck_assert_int_eq(cal.now, 10);
}
END_TEST

static void
again(void *arg)
{
	struct noted *e = arg;

	ck_assert(!cal_is_scheduled(&e->ev));
	note(arg);
	if (n_fired < 4)
		schedule(e->id, cal.now + 5);
}

START_TEST(test_event_schedules_itself)
{
	events[0].ev.fire = again;
	schedule(0, 5);
	ck_assert(cal_is_scheduled(&events[0].ev));
	ck_assert_int_eq(cal_run(&cal, SIM_TIME_NEVER), CAL_IDLE);
	ck_assert_int_eq(n_fired, 4);
	ck_assert_int_eq(cal.now, 20);
}
END_TEST

START_TEST(test_cancel)
{
	static const int wanted[] = {1, 3};

	cal_cancel(&cal, &events[0].ev);	/* was not scheduled */
	schedule(0, 10);	/* will be the first, a middle one, the last */
	schedule(1, 20);
	schedule(2, 30);
	schedule(3, 40);
	schedule(4, 50);
	cal_cancel(&cal, &events[0].ev);
	cal_cancel(&cal, &events[2].ev);
	cal_cancel(&cal, &events[4].ev);
	cal_cancel(&cal, &events[4].ev);	/* twice: no effect */
	ck_assert(!cal_is_scheduled(&events[2].ev));
	ck_assert_int_eq(cal_next(&cal), 20);
	ck_assert_int_eq(cal_run(&cal, SIM_TIME_NEVER), CAL_IDLE);
	assert_fired(2, wanted);
}
END_TEST

START_TEST(test_limit)
{
	schedule(0, 10);
	ck_assert_int_eq(cal_run(&cal, 9), CAL_LIMIT);
	ck_assert_int_eq(n_fired, 0);
	ck_assert_int_eq(cal.now, 9);
	/* an event at the limit fires; nothing is left then */
	ck_assert_int_eq(cal_run(&cal, 10), CAL_IDLE);
	ck_assert_int_eq(n_fired, 1);
	schedule(0, 20);
	ck_assert_int_eq(cal_run(&cal, 10), CAL_LIMIT);
	ck_assert_int_eq(cal.now, 10);
	/* a limit in the past does not turn the clock back */
	ck_assert_int_eq(cal_run(&cal, 3), CAL_LIMIT);
	ck_assert_int_eq(cal.now, 10);
	ck_assert_int_eq(cal_run(&cal, 21), CAL_IDLE);
	ck_assert_int_eq(cal.now, 20);
}
END_TEST

static void
note_and_stop(void *arg)
{
	note(arg);
	cal_stop(&cal);
}

START_TEST(test_stop)
{
	events[1].ev.fire = note_and_stop;
	for (int i = 0; i < 3; i++)
		schedule(i, 10);
	ck_assert_int_eq(cal_run(&cal, SIM_TIME_NEVER), CAL_STOPPED);
	ck_assert_int_eq(n_fired, 2);
	ck_assert_int_eq(cal.now, 10);
	/* the third, of the same date, is left for the next run */
	ck_assert_int_eq(cal_run(&cal, SIM_TIME_NEVER), CAL_IDLE);
	ck_assert_int_eq(n_fired, 3);
	/* stopped by the last event of all: that is a stop, too */
	schedule(1, 11);
	ck_assert_int_eq(cal_run(&cal, 11), CAL_STOPPED);
}
END_TEST

START_TEST(test_background)
{
	static const int wanted[] = {0, 1, 2, 3};

	for (int i = 0; i < 4; i += 2)
		events[i].ev.is_background = true;
	schedule(0, 10);
	ck_assert_int_eq(cal_run(&cal, SIM_TIME_NEVER), CAL_IDLE);
	ck_assert_int_eq(n_fired, 0);
	ck_assert_int_eq(cal.now, 0);
	/* they fire as long as there is a foreground event behind them */
	schedule(2, 30);
	schedule(1, 20);
	schedule(3, 30);
	ck_assert_uint_eq(cal.n_foreground, 2);
	ck_assert_int_eq(cal_run(&cal, 29), CAL_LIMIT);
	cal_cancel(&cal, &events[3].ev);
	ck_assert_uint_eq(cal.n_foreground, 0);
	ck_assert_int_eq(cal_run(&cal, SIM_TIME_NEVER), CAL_IDLE);
	ck_assert_int_eq(cal.now, 29);
	cal_cancel(&cal, &events[2].ev);
	ck_assert_uint_eq(cal.n_foreground, 0);
	schedule(2, 30);
	schedule(3, 30);
	ck_assert_int_eq(cal_run(&cal, SIM_TIME_NEVER), CAL_IDLE);
	assert_fired(4, wanted);
}
END_TEST

/* A tick every 10; the third one serves the timer. */
static void
tick(void *arg)
{
	struct noted *e = arg;

	note(arg);
	schedule(e->id, cal.now + 10);
	if (n_fired == 3)
		cal_release(&cal);
}

START_TEST(test_hold)
{
	events[0].ev.is_background = true;
	events[0].ev.fire = tick;
	schedule(0, 10);
	ck_assert_int_eq(cal_run(&cal, 1000), CAL_IDLE);
	cal_hold(&cal);
	ck_assert_int_eq(cal_run(&cal, 29), CAL_LIMIT);
	ck_assert_int_eq(n_fired, 2);
	ck_assert_int_eq(cal_run(&cal, 1000), CAL_IDLE);
	ck_assert_int_eq(cal.now, 30);
	ck_assert_int_eq(n_fired, 3);
	ck_assert(cal_is_scheduled(&events[0].ev));
}
END_TEST

START_TEST(test_holds_are_counted)
{
	events[0].ev.is_background = true;
	events[0].ev.fire = tick;
	schedule(0, 10);
	cal_hold(&cal);
	cal_hold(&cal);
	ck_assert_int_eq(cal_run(&cal, 55), CAL_LIMIT);
	ck_assert_int_eq(n_fired, 5);
	cal_release(&cal);
	ck_assert_int_eq(cal_run(&cal, 1000), CAL_IDLE);
	ck_assert_int_eq(cal.now, 55);
	/* a hold and no event at all: time passes up to a limit */
	cal_cancel(&cal, &events[0].ev);
	cal_hold(&cal);
	ck_assert_int_eq(cal_run(&cal, 60), CAL_LIMIT);
	ck_assert_int_eq(cal.now, 60);
}
END_TEST

static void
count(void *arg)
{
	++*(int *)arg;
}

START_TEST(test_after_event)
{
	int n = 0;

	cal.after_event = count;
	cal.after_event_arg = &n;
	schedule(0, 1);
	schedule(1, 1);
	schedule(2, 3);
	cal_run(&cal, 2);
	ck_assert_int_eq(n, 2);
	cal_run(&cal, SIM_TIME_NEVER);
	ck_assert_int_eq(n, 3);
}
END_TEST

START_TEST(test_random)
{
	calendar_walk((unsigned)_i);
}
END_TEST

START_TEST(test_death_in_the_past)
{
	schedule(0, 10);
	cal_run(&cal, SIM_TIME_NEVER);
	schedule(0, 10);	/* the present is permitted */
	schedule(1, 9);
}
END_TEST

START_TEST(test_death_of_never)
{
	schedule(0, SIM_TIME_NEVER);
}
END_TEST

START_TEST(test_death_of_a_second_schedule)
{
	schedule(0, 10);
	schedule(0, 11);
}
END_TEST

START_TEST(test_death_of_a_release_too_many)
{
	cal_hold(&cal);
	cal_release(&cal);
	cal_release(&cal);
}
END_TEST

/* An event that was overwritten while it was scheduled. */
START_TEST(test_death_of_a_lost_place)
{
	schedule(0, 10);
	schedule(1, 20);
	events[1].ev.slot = 77;
	cal_cancel(&cal, &events[1].ev);
}
END_TEST

/* Armed for ever: no limit, and no tick that could serve the timer. */
START_TEST(test_death_of_a_hold_without_a_tick)
{
	cal_hold(&cal);
	cal_run(&cal, SIM_TIME_NEVER);
}
END_TEST

static void
add_deaths(TCase *tc)
{
	tcase_add_test_raise_signal(tc, test_death_in_the_past, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_never, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_a_second_schedule,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_a_release_too_many,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_a_lost_place, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_a_hold_without_a_tick,
	    SIGABRT);
}

static Suite *
calendar_suite(void)
{
	Suite *suite = suite_create("base/calendar");
	TCase *tc = tcase_create("calendar");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_empty);
	tcase_add_test(tc, test_order);
	tcase_add_test(tc, test_ties);
	tcase_add_test(tc, test_front_wanders);
	tcase_add_test(tc, test_ever_earlier);
	tcase_add_test(tc, test_ties_of_both_parts);
	tcase_add_test(tc, test_same_date_while_firing);
	tcase_add_test(tc, test_event_schedules_itself);
	tcase_add_test(tc, test_cancel);
	tcase_add_test(tc, test_limit);
	tcase_add_test(tc, test_stop);
	tcase_add_test(tc, test_background);
	tcase_add_test(tc, test_hold);
	tcase_add_test(tc, test_holds_are_counted);
	tcase_add_test(tc, test_after_event);
	tcase_add_loop_test(tc, test_random, 1, 31);
	add_deaths(tc);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(calendar_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
