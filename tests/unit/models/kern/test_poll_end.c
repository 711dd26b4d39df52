/*
 * poll(2): how it ends when nobody is ready: its time, and the run's end.
 *
 * An operation costs 1 us, a byte that is copied 10 ns.
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/poll.h"
#include "tests/support/tcp_bench.h"

static struct tcp_bench b;
static struct proc *p;

static void
setup(void)
{
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	p = b.crank.procs[0].p;
	crank_give(p, 0, b.so);
}

static void
teardown(void)
{
	tcp_bench_fini(&b);
}

/* It asks for what the other end sends. */
static void
want(void)
{
	ck_assert(!crank_post(&b.crank, 0, (struct sys_call){
	    .nr = SYS_POLL_WANT, .events = SYS_POLLIN}));
	ck_assert_int_eq(p->result, 0);
}

/* It begins to poll, and 1 ms passes. */
static void
post(sim_time interval)
{
	tcp_bench_post(&b, 0, (struct sys_call){.nr = SYS_POLL,
	    .len = interval});
}

/*
 * The time is over: 0, without another scan.  It counts from the call; the
 * switch away and back, and the array, come on top: below 5 us.
 */
START_TEST(timeout)
{
	sim_time begin;

	tcp_bench_connect(&b);
	want();
	begin = b.crank.world.cal.now;
	ck_assert_int_eq(crank_call(&b.crank, 0, (struct sys_call){
	    .nr = SYS_POLL, .len = 10 * PS_PER_MS}), 0);
	ck_assert_int_ge(b.crank.world.cal.now - begin, 10 * PS_PER_MS);
	ck_assert_int_lt(b.crank.world.cal.now - begin,
	    10 * PS_PER_MS + 5 * PS_PER_US);
	ck_assert_int_eq(b.host->ledger.n_ops[OP_POLL_FD], 1);
	ck_assert(waitq_is_empty(&p->poll->wait));
}
END_TEST

/* Woken before, it sleeps on only as long as it would have. */
START_TEST(woken_before_the_timeout)
{
	tcp_bench_connect(&b);
	want();
	post(10 * PS_PER_MS);
	ck_assert(cal_is_scheduled(&p->timer));
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 100);
	ck_assert_int_eq(p->result, 1);
	ck_assert(!cal_is_scheduled(&p->timer));
}
END_TEST

START_TEST(end_of_the_run)
{
	tcp_bench_connect(&b);
	want();
	post(_i == 0 ? -1 : PS_PER_S);
	host_stop(b.host);
	tcp_bench_run(&b, PS_PER_MS);
	ck_assert_int_eq(p->result, SYS_ENDED);
	ck_assert(!cal_is_scheduled(&p->timer));
	ck_assert(!crank_post(&b.crank, 0,
	    (struct sys_call){.nr = SYS_POLL}));
	ck_assert_int_eq(p->result, SYS_ENDED);
}
END_TEST

/* The run ends in the middle of the scan, which finds nobody: no sleep. */
START_TEST(end_during_the_scan)
{
	tcp_bench_connect(&b);
	want();
	ck_assert(crank_post(&b.crank, 0,
	    (struct sys_call){.nr = SYS_POLL, .len = -1}));
	host_stop(b.host);
	tcp_bench_run(&b, PS_PER_MS);
	ck_assert_int_eq(p->result, SYS_ENDED);
	ck_assert(waitq_is_empty(&p->poll->wait));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("poll_end");
	TCase *tc = tcase_create("poll_end");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, timeout);
	tcase_add_test(tc, woken_before_the_timeout);
	tcase_add_loop_test(tc, end_of_the_run, 0, 2);
	tcase_add_test(tc, end_during_the_scan);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
