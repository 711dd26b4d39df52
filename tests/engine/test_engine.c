/*
 * The engine: a world and its programs under SimGrid.
 *
 * Each test is a process of its own (Check forks): SimGrid starts only once.
 */
#include <check.h>
#include <simgrid/engine.h>
#include <stdlib.h>

#include "sim/engine/engine.h"
#include "tests/support/machine.h"

static struct world world;

static struct process_config
ttcp(const char *name, int64_t total)
{
	return (struct process_config){.name = name, .program = PROGRAM_TTCP,
	    .write_size = 65536, .n_buffers = 1, .total = total,
	    .so_sndbuf = 16384, .so_sndlowat = 2048};
}

static void
assert_clean(void)
{
	struct audit audit = {0};

	host_audit(&world.host, &world.peer, &audit);
	path_audit(&world.to_peer_path, &audit);
	path_audit(&world.to_board_path, &audit);
	ck_assert_uint_eq(audit.n, 0);
	machine_assert_empty(&world.host);
}

static int64_t
bytes_of_all(const struct world *w)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < w->peer.n_conns; i++)
		if (w->peer.conns[i] != NULL)
			sum += w->peer.conns[i]->bytes_received;
	return sum;
}

/* A total of 1 MiB: all of it arrives, and the run ends before its duration. */
START_TEST(test_total)
{
	struct world_config config = machine_config();
	struct process_config p = ttcp("ttcp", 1048576);

	world_init(&world, &config);
	machine_assert_empty(&world.host);
	eng_run(&world, &p, 1);
	ck_assert_int_eq(world.outcome, WORLD_DONE);
	ck_assert_int_eq(world.peer.conns[1]->bytes_received, 1048576);
	ck_assert_int_lt(world.cal.now, config.duration);
	assert_clean();
	world_fini(&world);
}
END_TEST

/* The duration ends a program that would never end; nothing may be left. */
START_TEST(test_duration)
{
	struct world_config config = machine_config();
	struct process_config p = ttcp("ttcp", INT64_MAX);

	config.duration = PS_PER_S;
	world_init(&world, &config);
	eng_run(&world, &p, 1);
	ck_assert_int_eq(world.outcome, WORLD_DONE);
	ck_assert_int_eq(world.end.at, PS_PER_S);
	ck_assert_int_gt(world.cal.now, PS_PER_S);
	assert_clean();
	world_fini(&world);
}
END_TEST

/*
 * Less address space than the smallest piece needs: no timer is armed, nothing
 * is under way, the program waits for loans to be undone that were never made.
 * The engine ends, the world says who waited.
 */
START_TEST(test_deadlock)
{
	struct world_config config = machine_config();
	struct process_config p = ttcp("waiter", INT64_MAX);

	config.host.sosend.sosend_loan = true;
	config.host.somaxkva = 8192;
	world_init(&world, &config);
	eng_run(&world, &p, 1);
	ck_assert_int_eq(world.outcome, WORLD_DEADLOCK);
	ck_assert_uint_ge(world.n_waiters, 1);
	ck_assert_str_eq(world.waiters[0], "waiter");
	ck_assert_int_lt(world.deadlock_at, config.duration);
	world_fini(&world);
}
END_TEST

/* Three programs, one of which begins when the others have ended. */
START_TEST(test_three_processes)
{
	struct world_config config = machine_config();
	struct process_config p[] = {ttcp("a", 500000), ttcp("b", 300000),
	    ttcp("late", 100000)};

	p[2].start = 5 * PS_PER_S;
	world_init(&world, &config);
	eng_run(&world, p, 3);
	ck_assert_int_eq(world.outcome, WORLD_DONE);
	ck_assert_int_eq(bytes_of_all(&world), 900000);
	ck_assert_int_gt(world.cal.now, 5 * PS_PER_S);
	assert_clean();
	world_fini(&world);
}
END_TEST

/*
 * SimGrid's clock stands at the last date at which it had to switch from one
 * program to another; the machine's has gone on to the end of the close.  It
 * never leads.
 */
START_TEST(test_clocks_agree)
{
	struct world_config config = machine_config();
	struct process_config p[] = {ttcp("a", 3000000), ttcp("b", 2000000)};
	double machine;

	world_init(&world, &config);
	eng_run(&world, p, 2);
	machine = (double)world.cal.now / (double)PS_PER_S;
	ck_assert_double_le(simgrid_get_clock(), machine + 1e-12);
	ck_assert_double_gt(simgrid_get_clock(), 0);
	world_fini(&world);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("engine");
	TCase *tcase = tcase_create("engine");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, test_total);
	tcase_add_test(tcase, test_duration);
	tcase_add_test(tcase, test_deadlock);
	tcase_add_test(tcase, test_three_processes);
	tcase_add_test(tcase, test_clocks_agree);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
