/*
 * The disk: seek, rotation, media, interface and DMA, each to the picosecond;
 * the disk is that of tests/support/disk_rig.h.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "tests/support/disk_rig.h"

/* One, a third, all; half of the third in root, a point beyond in line. */
START_TEST(test_seek_curve)
{
	ck_assert_int_eq(disk_seek_time(&dr.config, 0), 0);
	ck_assert_int_eq(disk_seek_time(&dr.config, 1), 1000 * US);
	ck_assert_int_eq(disk_seek_time(&dr.config, 1000), 5000 * US);
	ck_assert_int_eq(disk_seek_time(&dr.config, 2999), 10000 * US);
	/* roots in 1024ths, rounded down: 256 is 16, 1000 is 31.6220703 */
	ck_assert_int_eq(disk_seek_time(&dr.config, 256), 1000 * US +
	    4000 * US * (16384 - 1024) / (32381 - 1024));
	/* 1000 of 1999 cylinders of the way from 5 to 10 ms */
	ck_assert_int_eq(disk_seek_time(&dr.config, 2000),
	    5000 * US + 5000 * US * 1000 / 1999);
	for (int64_t d = 1; d < 3000; d++)
		ck_assert_int_le(disk_seek_time(&dr.config, d - 1),
		    disk_seek_time(&dr.config, d));
}
END_TEST

/*
 * Track 2000 is the first of cylinder 1000: 5.1 ms after the start the arm is
 * there.  1000 tracks of 45 sectors of skew and 1000 cylinders of 60 are 350
 * turns, so sector 10 of it begins 10 x 20 us behind the mark: at 6.2 ms, and
 * 8 sectors have passed at 6.36.
 */
START_TEST(test_random_read)
{
	ck_assert_int_eq(dr_read(2000 * 300 + 10, 8), 6360 * US + TAIL);
	ck_assert_int_eq(dr.disk.stats.n_seeks, 1);
	ck_assert_int_eq(dr.disk.stats.seek_ps, 5000 * US);
	ck_assert_int_eq(dr.disk.stats.rotation_ps, 1100 * US);
}
END_TEST

/* The platters turn while nobody asks: 7 revolutions and 1/3 later. */
START_TEST(test_rotation_after_idle)
{
	ck_assert_int_eq(dr_read(5, 1), 120 * US + TAIL);
	dr_idle_until(44000 * US);
	/* at 44.1 ms the place is 2.1 ms: sector 105; 104 has just gone */
	ck_assert_int_eq(dr_read(105, 1), 44120 * US + TAIL);
	/* at 50.1 ms again: nearly a turn, up to 56.08 */
	dr_idle_until(50000 * US);
	ck_assert_int_eq(dr_read(104, 1), 56100 * US + TAIL);
}
END_TEST

/* A revolution of no whole number of sectors: 300 of them are one. */
START_TEST(test_odd_revolution)
{
	dr.config.revolution = 8333333333;
	dr.config.sectors = 301;
	dr_again(0);
	for (int i = 0; i < 20; i++) {
		dr_idle_until(i * 10 * dr.config.revolution);
		ck_assert_int_eq(dr_read(200, 1) - TAIL,
		    i * 10 * dr.config.revolution +
		    mul_div(201, dr.config.revolution, 301));
	}
}
END_TEST

/*
 * Two tracks and a cylinder: 300 sectors, skew of 45, 300 more, then the new
 * cylinder's skew of 60 instead.  Sector 0 passes at 6 ms, the overhead over.
 */
START_TEST(test_sequential)
{
	ck_assert_int_eq(dr_read(0, 900), 6000 * US + (300 + 45 + 300 + 60 +
	    300) * 20 * US + TAIL);
	ck_assert_int_eq(dr.disk.stats.n_seeks, 0);
}
END_TEST

/* Too little skew: the head is on the next track too late, by 20 us. */
START_TEST(test_skew_too_small)
{
	dr.config.track_skew = 39;
	dr_again(0);
	/* 39 x 20 us = 0.78 ms: a turn is lost */
	ck_assert_int_eq(dr_read(299, 2), 6000 * US + 40 * 20 * US +
	    6000 * US + TAIL);
}
END_TEST

/* One after the other, a command's overhead between: a turn lost for each. */
START_TEST(test_without_buffer)
{
	sim_time first = dr_read(10, 8);

	ck_assert_int_eq(first, 360 * US + TAIL);
	ck_assert_int_eq(dr_read(18, 8), 360 * US + 6000 * US + 160 * US +
	    TAIL);
	ck_assert_int_eq(dr.disk.stats.n_continued, 1);
}
END_TEST

/* At the end of a track the skew leaves the time for a command. */
START_TEST(test_without_buffer_at_a_skew)
{
	ck_assert_int_eq(dr_read(299, 1), 6000 * US + TAIL);
	ck_assert_int_eq(dr_read(300, 1), 6000 * US + 46 * 20 * US + TAIL);
}
END_TEST

/*
 * With it what follows is in the buffer, or passes: the second is limited by
 * DMA, 8 x 10.24 us behind the first 5.12 of the interface, from its overhead
 * on.  The third finds all of it.
 */
START_TEST(test_read_ahead)
{
	const sim_time whole = 5120 * NS + 8 * 10240 * NS;

	dr.config.buffer_sectors = 100;
	dr_again(0);
	ck_assert_int_eq(dr_read(10, 8), 360 * US + TAIL);
	ck_assert_int_eq(dr_read(18, 8), 360 * US + TAIL + 100 * US + whole);
	dr_idle_until(2000 * US);
	ck_assert_int_eq(dr_read(26, 8), 2100 * US + whole);
	ck_assert_int_eq(dr.disk.stats.n_continued, 2);
	/* read long ago, and still there */
	ck_assert_int_eq(dr_read(40, 1), 2200 * US + whole + TAIL);
	ck_assert_int_eq(dr.disk.stats.n_continued, 3);
}
END_TEST

/* The head stops when the buffer is full, and goes on a turn later. */
START_TEST(test_read_ahead_ends)
{
	dr.config.buffer_sectors = 100;
	dr_again(0);
	dr_read(10, 8);
	dr_idle_until(5000 * US);
	/* 18 .. 117 are there; 118 passes at 2.36 ms of a turn */
	ck_assert_int_eq(dr_read(110, 10), 6000 * US + 2400 * US + TAIL);
	/* what is no more in it has to come round: 18 at 12.36 */
	ck_assert_int_eq(dr_read(18, 1), 12380 * US + TAIL);
}
END_TEST

/* At the end of the disk there is nothing to read ahead; it is kept. */
START_TEST(test_last_sector)
{
	dr.config.buffer_sectors = 100;
	dr_again(0);
	dr_read(disk_sectors(&dr.config) - 4, 4);
	dr_idle_until(50000 * US);
	ck_assert_int_eq(dr_read(disk_sectors(&dr.config) - 4, 4), 50100 * US +
	    5120 * NS + 4 * 10240 * NS);
	ck_assert_int_eq(dr.disk.stats.n_continued, 1);
}
END_TEST

/* Up from where the arm is, then from the lowest; or as they came. */
START_TEST(test_queue)
{
	static const int64_t at[] = {50, 90, 20, 70, 10, 70};
	static const int sorted[] = {0, 3, 5, 1, 4, 2};

	dr.config.queue = _i == 0 ? BUFQ_DISKSORT : BUFQ_FCFS;
	dr_again(0);
	for (int i = 0; i < 6; i++)
		dr_ask(at[i] * 600, 1);
	cal_run(&dr.cal, SIM_TIME_NEVER);
	for (int i = 0; i < 6; i++)
		ck_assert_int_eq(dr.order[i], _i == 0 ? sorted[i] : i);
}
END_TEST

/* The second's overhead begins when the first is in memory. */
START_TEST(test_two_requests)
{
	struct disk_rig_request *a = dr_ask(10, 8), *b = dr_ask(100, 8);

	ck_assert(!disk_is_idle(&dr.disk));
	cal_run(&dr.cal, SIM_TIME_NEVER);
	ck_assert_int_eq(a->done_at, 360 * US + TAIL);
	ck_assert_int_eq(b->done_at, 2160 * US + TAIL);
}
END_TEST

/* Somebody else has PCI for 100 us: the sector waits, the head does not. */
START_TEST(test_pci_is_taken)
{
	static struct bus_master other;
	struct disk_rig_request *r = dr_ask(10, 8);

	other = (struct bus_master){.cause = CAUSE_NIC_DMA,
	    .dma_changing = dr_nothing, .dma_changed = dr_nothing};
	dr_idle_until(200 * US);
	bus_dma_begin(&dr.bus, &other, BUS_READ, 5000, dr.cal.now);
	ck_assert_int_eq(dr.bus.dma_ends_at, 300 * US);
	dr_idle_until(300 * US);
	bus_dma_end(&dr.bus, dr.cal.now);
	cal_run(&dr.cal, SIM_TIME_NEVER);
	/* two wait in the controller; 8 x 10.24 us, back to back */
	ck_assert_int_eq(r->done_at, 300 * US + 8 * 10240 * NS);
}
END_TEST

/* A CPU that waits for memory halves the rest of the last sector's way. */
START_TEST(test_fair_bus)
{
	const struct bus_config memory = {100000000, 50000000, 50000000, 0,
	    BUS_FAIR};
	struct disk_rig_request *r;

	bus_init(&dr.bus, &memory, &dr.ledger);
	dr.bus.changing = dr.bus.changed = dr_nothing;
	r = dr_ask(10, 8);
	/* half of it is through */
	dr_idle_until(360 * US + TAIL - 5120 * NS);
	bus_cpu_waits(&dr.bus, true, dr.cal.now);
	cal_run(&dr.cal, SIM_TIME_NEVER);
	ck_assert_int_eq(r->done_at, 360 * US + TAIL + 5120 * NS);
}
END_TEST

/* PCI's latency comes before each sector, and is hidden but for the last. */
START_TEST(test_latency)
{
	dr_again(2 * US);
	ck_assert_int_eq(dr_read(10, 8), 362 * US + TAIL);
}
END_TEST

/* A slow interface is what counts: 8 sectors at 5 MB/s, 102.4 us each. */
START_TEST(test_slow_interface)
{
	dr.config.interface_bps = 5000000;
	dr_again(0);
	ck_assert_int_eq(dr_read(10, 8), 220 * US + 8 * 102400 * NS +
	    10240 * NS);
}
END_TEST

/*
 * Random reads of a drive of 2001, as its data sheet reckons them: command,
 * mean seek, half a turn, and the sectors.  The curve has the mean seek at a
 * third of the way; its own mean over random ones is a little below that.
 */
START_TEST(test_random_reads)
{
	enum { N_BLOCKS = 60 };
	uint64_t state = 2001;
	sim_time sum = 0, sheet;

	dr.config = (struct disk_config){.cylinders = 33508, .heads = 4,
	    .sectors = 600, .revolution = 8333333333,
	    .seek_single = 1800 * US, .seek_average = 8500 * US,
	    .seek_full = 14700 * US, .head_switch = 1400 * US,
	    .track_skew = 101, .cylinder_skew = 130, .overhead = 100 * US,
	    .buffer_sectors = 4096, .interface_bps = 100000000};
	sheet = 100 * US + 8500 * US + 8333333333 / 2 +
	    16 * mul_div(8333333333, 1, 600);
	for (int run = 0; run < 20; run++) {
		dr_again(0);
		for (int i = 0; i < N_BLOCKS; i++) {
			state = state * UINT64_C(6364136223846793005) + 1;
			dr_read((int64_t)(state >> 33) %
			    (disk_sectors(&dr.config) / 16) * 16, 16);
		}
		sum += dr.cal.now;
	}
	ck_assert_int_ge(sum / (20 * N_BLOCKS), sheet * 95 / 100);
	ck_assert_int_le(sum / (20 * N_BLOCKS), sheet * 103 / 100);
}
END_TEST

START_TEST(test_death_beyond_the_end)
{
	dr_ask(disk_sectors(&dr.config) - 1, 2);
}
END_TEST

static Suite *
disk_suite(void)
{
	Suite *suite = suite_create("disk");
	TCase *tc = tcase_create("disk");

	tcase_add_checked_fixture(tc, disk_rig_setup, disk_rig_teardown);
	tcase_add_test(tc, test_seek_curve);
	tcase_add_test(tc, test_random_read);
	tcase_add_test(tc, test_rotation_after_idle);
	tcase_add_test(tc, test_odd_revolution);
	tcase_add_test(tc, test_sequential);
	tcase_add_test(tc, test_skew_too_small);
	tcase_add_test(tc, test_without_buffer);
	tcase_add_test(tc, test_without_buffer_at_a_skew);
	tcase_add_test(tc, test_read_ahead);
	tcase_add_test(tc, test_read_ahead_ends);
	tcase_add_test(tc, test_last_sector);
	tcase_add_loop_test(tc, test_queue, 0, 2);
	tcase_add_test(tc, test_two_requests);
	tcase_add_test(tc, test_pci_is_taken);
	tcase_add_test(tc, test_fair_bus);
	tcase_add_test(tc, test_latency);
	tcase_add_test(tc, test_slow_interface);
	tcase_add_test(tc, test_random_reads);
	tcase_add_test_raise_signal(tc, test_death_beyond_the_end, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(disk_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
