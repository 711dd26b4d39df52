/*
 * Resources made free: what changes in what a run is built from, and nothing
 * else does.
 */
#include <check.h>
#include <stdlib.h>

#include "sim/run/build.h"
#include "sim/run/freed.h"
#include "tests/support/sim/scenario_fixture.h"

static struct scn_fixture fix;
static struct world_config world;
static struct process_config *processes;

static void
begin(const char *text, run_resources freed)
{
	size_t n;

	fix = fix_load(text, NULL);
	ck_assert(fix.scn != NULL);
	world = build_world(scn_point(fix.scn, 0));
	processes = build_processes(scn_point(fix.scn, 0), &n);
	run_free(freed, &world, processes, n);
}

static void
end(void)
{
	g_free(processes);
	fix_fini(&fix);
}

/* 2.5 cycles for each of 401 instructions: 1002.5 thousandths, 2 at least */
START_TEST(instructions)
{
	begin("[board]\ncpu.cpi = 2.5\nmemory.miss_cycles = 19\n"
	    "[kernel]\ncost.syscall = 401\ncost.ctxsw = 0\n[process p]\n",
	    run_one(RUN_CPU));
	ck_assert_int_eq(world.host.cost.cpi_milli, 1);
	ck_assert_int_eq(world.host.cost.op_insns[OP_SYSCALL], 1003);
	ck_assert_int_eq(world.host.cost.op_insns[OP_CTXSW], 0);
	ck_assert_int_eq(world.host.cost.miss_cycles, 19);
	end();
}
END_TEST

/* every process of a group, and not only one of each */
START_TEST(all_of_a_group)
{
	begin("[process p]\ncount = 3\npause = 1 ms\n",
	    run_one(RUN_APPLICATION));
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(processes[i].pause, 0);
	end();
}
END_TEST

START_TEST(wire_and_hop)
{
	begin("[path]\nrate = 1 Mbit/s\ndelay = 3 ms\n[process p]\n",
	    run_one(RUN_WIRE));
	ck_assert_int_eq(world.link.bits_per_s, INT64_C(100000000000));
	ck_assert_int_eq(world.to_peer_path.bits_per_s, 0);
	ck_assert_int_eq(world.to_peer_path.delay, 3 * PS_PER_MS);
	end();
}
END_TEST

START_TEST(memory_at_most_as_fast_as_a_key_says)
{
	begin("[board]\nmemory.read_bandwidth = 90 MB/s\n"
	    "memory.write_bandwidth = 2000 MB/s\n[process p]\n",
	    run_one(RUN_BUS));
	ck_assert_int_eq(world.host.bus.read_bps, INT64_C(90000000000));
	ck_assert_int_eq(world.host.bus.write_bps, INT64_C(1000000000000));
	end();
}
END_TEST

/* 100 Mbit/s over 2 x 100 ms and 2 us: 2500025 bytes, and twice that */
START_TEST(windows)
{
	begin("[path]\ndelay = 100 ms\n[path-back]\ndelay = 100 ms\n"
	    "[process p]\nso_sndlowat = 3000 B\n", run_one(RUN_WINDOW));
	ck_assert_int_eq(world.peer.recvspace, 5000050);
	ck_assert_int_eq(processes[0].so_sndbuf, 5000050);
	ck_assert_int_eq(processes[0].so_sndlowat, 3000);
	ck_assert(world.host.tcp.window_scale);
	end();
}
END_TEST

/* On a clean link nobody loses, waits or reads slowly. */
START_TEST(only_what_is_used)
{
	begin("[link]\ndelay = 0 us\n[process p]\n", RUN_AS_IT_IS);
	ck_assert_uint_eq(run_uses(scn_point(fix.scn, 0)),
	    run_one(RUN_WIRE) | run_one(RUN_CPU) | run_one(RUN_BUS) |
	    run_one(RUN_WINDOW) | run_one(RUN_SPACE));
	end();
	begin("[path]\nloss = 1 %\n[peer]\nread_rate = 1 MB/s\n"
	    "[process p]\npause = 1 s\n", RUN_AS_IT_IS);
	ck_assert_uint_eq(run_uses(scn_point(fix.scn, 0)),
	    RUN_ALL & ~run_one(RUN_FAR_HOST));
	end();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("freed");
	TCase *tc = tcase_create("freed");
	SRunner *runner;
	int n_failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	tcase_add_test(tc, instructions);
	tcase_add_test(tc, all_of_a_group);
	tcase_add_test(tc, wire_and_hop);
	tcase_add_test(tc, memory_at_most_as_fast_as_a_key_says);
	tcase_add_test(tc, windows);
	tcase_add_test(tc, only_what_is_used);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
