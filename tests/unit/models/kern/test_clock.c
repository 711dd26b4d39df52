/*
 * The clock: ticks at exact dates, the quantum, the slow tick; none of which
 * keeps a run alive.
 *
 * A tick costs the interrupt and hardclock: 2 us.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/crank.h"
#include "tests/support/machine.h"

#define US	PS_PER_US
#define MS	PS_PER_MS

static struct crank crank;
static struct clock *ticking;

static void
start(int64_t hz, int n_procs)
{
	struct world_config config = machine_config();

	config.host.hz = hz;
	config.duration = 20 * PS_PER_S;
	crank_init(&crank, &config, n_procs);
	ticking = &crank.world.host.clock;
}

static sim_time
hard_busy(void)
{
	return cpu_stats_now(&crank.world.host.cpu)->busy_ps[CPU_HARDINT];
}

/* Tick k at k / hz, rounded down each time anew. */
START_TEST(test_dates_of_ticks)
{
	static const int64_t rates[] = {100, 1024, 3, 1};
	int64_t hz = rates[_i];

	start(hz, 1);
	for (int64_t k = 1; k <= 4; k++) {
		sim_time at = mul_div(k, PS_PER_S, hz);

		crank_until(&crank, at - 1);
		ck_assert_int_eq(ticking->n_ticks, k - 1);
		crank_until(&crank, at);
		ck_assert_int_eq(ticking->n_ticks, k);
	}
	crank_fini(&crank);
}
END_TEST

/* 3 Hz: 333333333333 ps, and the third tick at 1 s exactly. */
START_TEST(test_rounding_does_not_add_up)
{
	start(3, 1);
	crank_until(&crank, INT64_C(333333333333));
	ck_assert_int_eq(ticking->n_ticks, 1);
	crank_until(&crank, PS_PER_S - 1);
	ck_assert_int_eq(ticking->n_ticks, 2);
	crank_until(&crank, PS_PER_S);
	ck_assert_int_eq(ticking->n_ticks, 3);
	crank_fini(&crank);
}
END_TEST

START_TEST(test_a_second)
{
	const struct ledger *ledger;

	start(100, 1);
	ledger = &crank.world.host.ledger;
	crank_until(&crank, PS_PER_S + 2 * US);
	ck_assert_int_eq(ticking->n_ticks, 100);
	ck_assert_int_eq(ticking->n_slow_ticks, 2);
	ck_assert_int_eq(ticking->n_lost, 0);
	ck_assert_int_eq(hard_busy(), 100 * 2 * US);
	ck_assert_int_eq(ledger->n_ops[OP_HARDCLOCK], 100);
	ck_assert_int_eq(ledger->n_ops[OP_INTR], 100);
	/* the slow tick finds no connection, and costs nothing */
	ck_assert_int_eq(ledger->n_ops[OP_SOFTINT], 0);
	crank_fini(&crank);
}
END_TEST

/* A world in which nobody lives ends before the first tick. */
START_TEST(test_ticks_are_background)
{
	start(100, 0);
	ck_assert_int_eq(crank_until(&crank, SIM_TIME_NEVER), WORLD_OVER);
	ck_assert_int_eq(crank.world.cal.now, 0);
	ck_assert_int_eq(ticking->n_ticks, 0);
	crank_fini(&crank);
}
END_TEST

static void
nothing(struct kctx *k)
{
	(void)k;
}

/*
 * 25 ms at splnet: the tick at 10 ms waits, the one at 20 finds it waiting and
 * is lost; the one that waited is served at 25.
 */
START_TEST(test_lost_tick)
{
	struct kctx k;

	start(100, 1);
	kctx_init(&k, &crank.world.host, "long", CPU_SOFTINT);
	cost_cycles(&k.cost, &crank.world.host.costs, 2500000, CAUSE_DRIVER);
	kctx_spend(&k, SPL_NET, nothing);
	crank_until(&crank, 20 * MS);
	ck_assert_int_eq(ticking->n_ticks, 2);
	ck_assert_int_eq(ticking->n_lost, 1);
	ck_assert_int_eq(hard_busy(), 0);
	crank_until(&crank, 25 * MS + 2 * US);
	ck_assert_int_eq(hard_busy(), 2 * US);
	/* dates go on as if nothing had been */
	crank_until(&crank, 30 * MS + 2 * US);
	ck_assert_int_eq(ticking->n_ticks, 3);
	ck_assert_int_eq(ticking->n_lost, 1);
	ck_assert_int_eq(hard_busy(), 4 * US);
	crank_fini(&crank);
}
END_TEST

static void
compute(int proc, int64_t ms)
{
	/* 100,000 cycles a millisecond */
	ck_assert(crank_post(&crank, proc, (struct sys_call){
	    .nr = SYS_COMPUTE, .len = ms * 100000}));
}

/*
 * hz 100: a quantum is 10 ticks.  Two processes compute 150 ms each from 0.
 *
 *	p0	from 0 to 100 ms: less a switch of 1 us and 9 ticks,
 *		99,981 us; 50,019 are left
 *	p1	from 100,002 us to 200 ms, the same: 99,979; 50,021 left
 *	p0	from 200,002: 1 + 50,019 + 5 ticks = until 250,032
 *	p1	from there: 1 + 50,021 + 5 ticks = until 300,064
 */
START_TEST(test_round_robin)
{
	start(100, 2);
	compute(0, 150);
	compute(1, 150);
	crank_wait(&crank, 0);
	ck_assert_int_eq(crank.world.cal.now, 250032 * US);
	crank_wait(&crank, 1);
	ck_assert_int_eq(crank.world.cal.now, 300064 * US);
	ck_assert_int_eq(crank.world.host.cpu.stats.n_switches, 4);
	crank_fini(&crank);
}
END_TEST

/*
 * hz 5 is less than ten times a second: every tick ends a quantum.
 *
 *	p0	0 to 200 ms: 199,999 us of 250,000; 50,001 left
 *	p1	200,002 to 400 ms: 199,997; 50,003 left
 *	p0	400,002 + 1 + 50,001 = 450,004
 *	p1	450,004 + 1 + 50,003 = 500,008
 */
START_TEST(test_round_robin_of_slow_ticks)
{
	start(5, 2);
	compute(0, 250);
	compute(1, 250);
	crank_wait(&crank, 0);
	ck_assert_int_eq(crank.world.cal.now, 450004 * US);
	crank_wait(&crank, 1);
	ck_assert_int_eq(crank.world.cal.now, 500008 * US);
	crank_fini(&crank);
}
END_TEST

static void
lose(void *arg, const struct frame *frame)
{
	(void)arg;
	(void)frame;
}

/*
 * netbsd-2002.md 5.4: slow ticks of 500 ms.  A SYN that gets lost is sent again
 * at the 12th (6 s); then at the 24th after that (18 s), its answer comes, and
 * the timer no longer is.  While armed it keeps the run alive.
 */
START_TEST(test_slow_tick_serves_a_timer)
{
	const struct tcp_stats *stats;

	start(100, 1);
	crank.world.to_peer.deliver = lose;
	ck_assert(crank_post(&crank, 0, (struct sys_call){
	    .nr = SYS_CONNECT, .so_sndbuf = 16384, .so_sndlowat = 2048}));
	crank_until(&crank, 6 * PS_PER_S - 1);
	stats = &crank.world.host.sockets->tcpcb.stats;
	ck_assert_int_eq(ticking->n_slow_ticks, 11);
	ck_assert_int_eq(stats->n_timeouts, 0);
	/* the soft interrupt and what follows: less than 100 us */
	crank_until(&crank, 6 * PS_PER_S + 100 * US);
	ck_assert_int_eq(stats->n_timeouts, 1);
	crank_until(&crank, 18 * PS_PER_S - 1);
	ck_assert_int_eq(stats->n_timeouts, 1);
	crank.world.to_peer.deliver = peer_receive;
	ck_assert_int_eq(crank_wait(&crank, 0), 0);
	ck_assert_int_eq(stats->n_timeouts, 2);
	ck_assert_int_ge(crank.world.cal.now, 18 * PS_PER_S);
	ck_assert_int_le(crank.world.cal.now, 18 * PS_PER_S + 200 * US);
	crank_fini(&crank);
}
END_TEST

static Suite *
clock_suite(void)
{
	Suite *suite = suite_create("kern/clock");
	TCase *tc = tcase_create("clock");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, test_dates_of_ticks, 0, 4);
	tcase_add_test(tc, test_rounding_does_not_add_up);
	tcase_add_test(tc, test_a_second);
	tcase_add_test(tc, test_ticks_are_background);
	tcase_add_test(tc, test_lost_tick);
	tcase_add_test(tc, test_round_robin);
	tcase_add_test(tc, test_round_robin_of_slow_ticks);
	tcase_add_test(tc, test_slow_tick_serves_a_timer);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(clock_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
