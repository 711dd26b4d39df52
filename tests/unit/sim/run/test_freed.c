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
	world.files = build_files(scn_point(fix.scn, 0), &world.n_files);
	processes = build_processes(scn_point(fix.scn, 0), &n);
	run_free(freed, &world, processes, n);
}

static void
end(void)
{
	g_free(processes);
	g_free((gpointer)world.files);
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

/*
 * Everything of a disk takes a thousandth, so that a track's skew is as many
 * sectors as before; what it reads ahead stays.
 */
#define DISK								\
	"[board]\ndisk.rpm = 10000\ndisk.seek_single = 6001 us\n"	\
	"disk.seek_average = 9 ms\ndisk.seek_full = 20 ms\n"		\
	"disk.head_switch = 1 ms\ndisk.overhead = 300 us\n"		\
	"disk.interface = 100 MB/s\ndisk.buffer = 64 KiB\n"

START_TEST(disk)
{
	struct disk_config *d = &world.host.disk;
	struct disk_config as_is;

	begin(DISK "[file f]\nsize = 4 KiB\n[process p]\n", RUN_AS_IT_IS);
	as_is = *d;
	end();
	begin(DISK "[file f]\nsize = 4 KiB\n[process p]\n",
	    run_one(RUN_DISK));
	ck_assert_int_eq(d->revolution, 6 * PS_PER_US);
	ck_assert_int_eq(d->seek_single, 6001 * PS_PER_US / 1000);
	ck_assert_int_eq(d->seek_average, 9 * PS_PER_US);
	ck_assert_int_eq(d->seek_full, 20 * PS_PER_US);
	ck_assert_int_eq(d->head_switch, PS_PER_US);
	ck_assert_int_eq(d->overhead, 300 * PS_PER_US / 1000);
	ck_assert_int_eq(d->interface_bps, INT64_C(100000000000));
	ck_assert_int_eq(d->track_skew, as_is.track_skew);
	ck_assert_int_eq(d->cylinder_skew, as_is.cylinder_skew);
	ck_assert_int_eq(d->buffer_sectors, 128);
	end();
}
END_TEST

/* nobody asks a disk for anything where there are no files */
START_TEST(disk_without_files)
{
	begin(DISK "[process p]\n", run_one(RUN_DISK));
	ck_assert_int_eq(world.host.disk.revolution, 6 * PS_PER_MS);
	ck_assert_uint_eq(run_uses(scn_point(fix.scn, 0)) & run_one(RUN_DISK),
	    0);
	end();
	begin(DISK "[file f]\nsize = 4 KiB\n[process p]\n", RUN_AS_IT_IS);
	ck_assert_uint_eq(run_uses(scn_point(fix.scn, 0)) & run_one(RUN_DISK),
	    run_one(RUN_DISK));
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
	    RUN_ALL & ~(run_one(RUN_FAR_HOST) | run_one(RUN_DISK)));
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
	tcase_add_test(tc, disk);
	tcase_add_test(tc, disk_without_files);
	tcase_add_test(tc, windows);
	tcase_add_test(tc, only_what_is_used);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
