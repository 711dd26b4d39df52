/*
 * How timers run: ticks of 500 ms, the fast tick, and alarms of 1 ms.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "tests/support/tcp_bench.h"

static struct tcp_bench b;
static struct tcpcb *tp;

static void
start(bool is_fine)
{
	struct world_config config = tcp_bench_config();

	config.host.tcp.timers = is_fine ? TCP_TIMERS_FINE : TCP_TIMERS_TICKS;
	tcp_bench_init(&b, &config);
	tp = b.tp;
}

static uint32_t
holds(void)
{
	/* one is the bench's own */
	return b.crank.world.cal.n_holds - 1;
}

/* Serve what is due of tp by hand, before the soft interrupt does. */
static void
forget_due(void)
{
	for (int i = 0; i < TCPT_NTIMERS; i++)
		tcp_timer_disarm(tp, (enum tcp_timer)i);
}

/* Each time in whole ticks, rounded up. */
START_TEST(times_in_ticks)
{
	struct tcp_times *times;

	start(_i == 1);
	times = &b.host->tcp.times;
	ck_assert_int_eq(times->tick, (_i == 1 ? 1 : 500) * PS_PER_MS);
	/* 3, 1, 64, 5, 60, 75, 7200, 75, 8 * 75, 2 * 30 s and 200 ms */
	ck_assert_int_eq(times->srttdflt, _i == 1 ? 3000 : 6);
	ck_assert_int_eq(times->rexmtmin, _i == 1 ? 1000 : 2);
	ck_assert_int_eq(times->rexmtmax, _i == 1 ? 64000 : 128);
	ck_assert_int_eq(times->persmin, _i == 1 ? 5000 : 10);
	ck_assert_int_eq(times->persmax, _i == 1 ? 60000 : 120);
	ck_assert_int_eq(times->keepinit, _i == 1 ? 75000 : 150);
	ck_assert_int_eq(times->keepidle, _i == 1 ? 7200000 : 14400);
	ck_assert_int_eq(times->keepintvl, _i == 1 ? 75000 : 150);
	ck_assert_int_eq(times->maxidle, _i == 1 ? 600000 : 1200);
	ck_assert_int_eq(times->msl2, _i == 1 ? 60000 : 120);
	ck_assert_int_eq(times->delack, _i == 1 ? 200 : 1);
	tcp_bench_fini(&b);
}
END_TEST

/* Time as TCP counts it: slow ticks, or ms. */
START_TEST(now)
{
	start(_i == 1);
	ck_assert_uint_eq(tcp_now(b.host), 0);
	tcp_bench_run(&b, 1999 * PS_PER_MS);
	ck_assert_uint_eq(tcp_now(b.host), _i == 1 ? 1999 : 3);
	tcp_bench_run(&b, PS_PER_MS);
	ck_assert_uint_eq(tcp_now(b.host), _i == 1 ? 2000 : 4);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * An armed timer holds the calendar, once; all but that of 2 MSL, which only
 * waits for what is late.  When it has gone off it is armed until it is served.
 */
START_TEST(armed_and_disarmed)
{
	uint32_t held = _i != TCPT_2MSL;
	enum tcp_timer which = (enum tcp_timer)_i;

	start(false);
	ck_assert(!tcp_timer_is_armed(tp, which));
	tcp_timer_disarm(tp, which);
	ck_assert_uint_eq(holds(), 0);
	tcp_timer_arm(tp, which, 5);
	tcp_timer_arm(tp, which, 3);
	ck_assert(tcp_timer_is_armed(tp, which));
	ck_assert_uint_eq(holds(), held);
	ck_assert_int_eq(tp->t_timer[which], 3);
	tcp_slowtimo(tp);
	tcp_slowtimo(tp);
	/* an ACK that is delayed does not wait for slow ticks */
	ck_assert_int_eq(tp->t_timer[which], which == TCPT_DELACK ? 3 : 1);
	tcp_slowtimo(tp);
	ck_assert(tcp_timer_is_armed(tp, which));
	ck_assert_uint_eq(tp->t_due,
	    which == TCPT_DELACK ? 0 : 1U << which);
	ck_assert_uint_eq(holds(), held);
	/* armed anew before it is served: not due any more */
	tcp_timer_arm(tp, which, 2);
	ck_assert_uint_eq(tp->t_due, 0);
	ck_assert_uint_eq(holds(), held);
	tcp_timer_disarm(tp, which);
	tcp_timer_disarm(tp, which);
	ck_assert_uint_eq(holds(), 0);
	ck_assert(!tcp_timer_is_armed(tp, which));
	tcp_bench_fini(&b);
}
END_TEST

START_TEST(armed_for_no_time)
{
	start(false);
	tcp_timer_arm(tp, TCPT_REXMT, 0);
}
END_TEST

/* Those that have gone off are served in that order, each once. */
START_TEST(order_of_those_that_are_due)
{
	struct tcpcb *other;

	start(false);
	other = &crank_socket(b.host, 16384)->tcpcb;
	ck_assert_ptr_null(tcp_next_due(&b.host->tcp));
	tcp_timer_arm(other, TCPT_2MSL, 1);
	tcp_timer_arm(tp, TCPT_2MSL, 1);
	tcp_timer_arm(tp, TCPT_KEEP, 1);
	tcp_slowtimo(other);
	tcp_slowtimo(tp);
	ck_assert_ptr_eq(tcp_next_due(&b.host->tcp), other);
	ck_assert_ptr_eq(tcp_next_due(&b.host->tcp), other);
	tcp_timer_disarm(other, TCPT_2MSL);
	ck_assert_ptr_eq(tcp_next_due(&b.host->tcp), tp);
	ck_assert(!other->t_in_due_list);
	tcp_timer_disarm(tp, TCPT_2MSL);
	ck_assert_ptr_eq(tcp_next_due(&b.host->tcp), tp);
	tcp_timer_disarm(tp, TCPT_KEEP);
	ck_assert_ptr_null(tcp_next_due(&b.host->tcp));
	ck_assert_ptr_null(b.host->tcp.due_tail);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * Fine: at its date, to the ms.  Set anew for later, it fires for nothing and
 * is set again; set for earlier, it is moved; taken back, it does not fire.
 */
START_TEST(alarms)
{
	start(true);
	tcp_timer_arm(tp, TCPT_REXMT, 100);
	ck_assert_uint_eq(holds(), 1);
	tcp_bench_run(&b, 50 * PS_PER_MS);
	tcp_timer_arm(tp, TCPT_REXMT, 100);
	/* the event stands where it was */
	ck_assert_int_eq(tp->t_alarm[TCPT_REXMT].fires_at, 100 * PS_PER_MS);
	ck_assert_int_eq(tp->t_alarm[TCPT_REXMT].at, 150 * PS_PER_MS);
	tcp_bench_run(&b, 99 * PS_PER_MS);
	ck_assert_int_eq(tp->t_alarm[TCPT_REXMT].fires_at, 150 * PS_PER_MS);
	ck_assert_int_eq(tp->stats.n_timeouts, 0);
	/* for the date that it has: it stays */
	tcp_timer_arm(tp, TCPT_REXMT, 1);
	tcp_bench_run(&b, PS_PER_MS);
	tcp_bench_run(&b, PS_PER_MS / 2);
	ck_assert_int_eq(tp->stats.n_timeouts, 1);
	/* earlier than planned */
	tcp_timer_arm(tp, TCPT_REXMT, 1000);
	tcp_timer_arm(tp, TCPT_REXMT, 10);
	ck_assert_int_eq(tp->t_alarm[TCPT_REXMT].fires_at,
	    b.crank.world.cal.now + 10 * PS_PER_MS);
	tcp_timer_disarm(tp, TCPT_REXMT);
	ck_assert(!cal_is_scheduled(&tp->t_alarm[TCPT_REXMT].ev));
	tcp_bench_run(&b, PS_PER_S);
	ck_assert_int_eq(tp->stats.n_timeouts, 1);
	/* slow ticks are nothing to them */
	tcp_timer_arm(tp, TCPT_KEEP, 3000);
	tcp_bench_run(&b, 2999 * PS_PER_MS);
	ck_assert_uint_eq(tp->t_due, 0);
	ck_assert_int_eq(tp->t_timer[TCPT_KEEP], 3000);
	/* not even to one of 1 ms that runs while they come */
	tcp_bench_run(&b, 499 * PS_PER_MS + PS_PER_MS / 2 -
	    b.crank.world.cal.now % TCP_SLOW_TICK);
	tcp_timer_arm(tp, TCPT_2MSL, 1);
	tcp_slowtimo(tp);
	ck_assert_uint_eq(tp->t_due & 1U << TCPT_2MSL, 0);
	forget_due();
	tcp_bench_fini(&b);
}
END_TEST

/* The segment that is to be acknowledged, at 70 ms. */
static void
delay_at_70ms(void)
{
	tcp_bench_connect(&b);
	tcp_bench_run(&b, 70 * PS_PER_MS - b.crank.world.cal.now);
	tcp_bench_mark(&b);
	tcp_delay_ack(tp);
	ck_assert(tp->t_delack);
	ck_assert_uint_eq(holds(), 1);
}

/* An ACK that waits goes with the fast tick, 200 ms; or 200 ms later. */
START_TEST(delayed_ack)
{
	sim_time goes_at = (_i == 1 ? 270 : 200) * PS_PER_MS;

	start(_i == 1);
	delay_at_70ms();
	/* a second one changes nothing of the tick */
	if (_i == 0)
		tcp_delay_ack(tp);
	tcp_bench_run(&b, goes_at - b.crank.world.cal.now - 1);
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	tcp_bench_run(&b, PS_PER_MS);
	ck_assert_int_eq(tcp_bench_sent(&b), 1);
	tcp_bench_assert(&b, 0, TH_ACK, OURS(0), FAR(0), 0);
	ck_assert(!tp->t_delack);
	ck_assert_uint_eq(holds(), 0);
	/* the fast tick is scheduled only while it has something to do */
	ck_assert(!cal_is_scheduled(&b.host->tcp.fasttimo));
	tcp_bench_run(&b, PS_PER_S);
	ck_assert_int_eq(tcp_bench_sent(&b), 1);
	tcp_bench_fini(&b);
}
END_TEST

/* It has gone with something else: the tick finds nothing. */
START_TEST(ack_that_is_out)
{
	start(_i == 1);
	delay_at_70ms();
	tp->t_acknow = true;
	tcp_ack_is_out(tp);
	ck_assert(!tp->t_delack && !tp->t_acknow);
	ck_assert_uint_eq(holds(), 0);
	tcp_ack_is_out(tp);
	tcp_bench_run(&b, PS_PER_S);
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	tcp_bench_fini(&b);
}
END_TEST

/* On a tick's date the next one is meant. */
START_TEST(delayed_on_the_tick)
{
	start(false);
	tcp_bench_connect(&b);
	tcp_bench_run(&b, 400 * PS_PER_MS - b.crank.world.cal.now);
	tcp_delay_ack(tp);
	tcp_bench_run(&b, 200 * PS_PER_MS - 1);
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	tcp_bench_run(&b, PS_PER_MS);
	ck_assert_int_eq(tcp_bench_sent(&b), 1);
	tcp_bench_fini(&b);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, times_in_ticks, 0, 2);
	tcase_add_loop_test(tc, now, 0, 2);
	tcase_add_loop_test(tc, armed_and_disarmed, 0, TCPT_NTIMERS);
	tcase_add_test_raise_signal(tc, armed_for_no_time, SIGABRT);
	tcase_add_test(tc, order_of_those_that_are_due);
	tcase_add_test(tc, alarms);
	tcase_add_loop_test(tc, delayed_ack, 0, 2);
	tcase_add_loop_test(tc, ack_that_is_out, 0, 2);
	tcase_add_test(tc, delayed_on_the_tick);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_tick");
	TCase *tc = tcase_create("tcp_tick");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	add_tests(tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
