/*
 * Writes to the disk of tests/support/disk_rig.h, to the picosecond.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/disk_rig.h"

/*
 * 0.1 ms, then 8 sectors by DMA at 50 MB/s, 10.24 us each, and the last one's
 * 5.12 us: in the buffer at 187.04 us.  Sector 30 comes at 600 us; sector 9 has
 * gone by, at 180.
 */
START_TEST(test_write)
{
	ck_assert_int_eq(dr_write(_i == 0 ? 30 : 9, 8),
	    (_i == 0 ? 760 : 6340) * US);
	ck_assert_int_eq(dr.disk.stats.n_seeks, 0);
	ck_assert_int_eq(dr.disk.stats.rotation_ps,
	    ((_i == 0 ? 600 : 6180) * 1000 - 187040) * NS);
	ck_assert_int_eq(dr.disk.stats.busy_ps, dr.cal.now);
}
END_TEST

/* The arm moves meanwhile: track 2000 as in test_random_read, at 6.2 ms. */
START_TEST(test_write_far)
{
	ck_assert_int_eq(dr_write(2000 * 300 + 10, 8), 6360 * US);
	ck_assert_int_eq(dr.disk.stats.seek_ps, 5000 * US);
}
END_TEST

/* Without a cache for writes each waits for its turn, as reads without buffer.
 * The overhead and 30 sectors' DMA are longer than the gap between them. */
START_TEST(test_writes_in_a_row)
{
	dr.config.buffer_sectors = 100;
	dr_again(0);
	ck_assert_int_eq(dr_write(60, 30), 1800 * US);
	ck_assert_int_eq(dr_write(90, 30), 1800 * US + 6000 * US + 600 * US);
}
END_TEST

/* What was read ahead is lost: 18 to 25 would have been there. */
START_TEST(test_write_empties_the_buffer)
{
	dr.config.buffer_sectors = 100;
	dr_again(0);
	ck_assert_int_eq(dr_read(10, 8), 360 * US + TAIL);
	dr_idle_until(3000 * US);
	ck_assert_int_eq(dr_write(250, 10), 5200 * US);
	ck_assert_int_eq(dr_read(18, 8), 6000 * US + 520 * US + TAIL);
	ck_assert_int_eq(dr.disk.stats.n_continued, 0);
}
END_TEST

/* Onto the next track: skew as for reads. */
START_TEST(test_write_over_tracks)
{
	ck_assert_int_eq(dr_write(290, 20), 5800 * US + (20 + 45) * 20 * US);
}
END_TEST

/* A slow interface: the FIFO of two fills, 8 sectors take 102.4 us each. */
START_TEST(test_slow_write)
{
	dr.config.interface_bps = 5000000;
	dr_again(0);
	/* the first DMA, then eight sectors: 929.44 us; sector 47 at 940 */
	ck_assert_int_eq(dr_write(47, 8), 940 * US + 160 * US);
	ck_assert_int_eq(dr.disk.stats.rotation_ps, 940 * US - 929440 * NS);
}
END_TEST

static Suite *
disk_write_suite(void)
{
	Suite *suite = suite_create("disk_write");
	TCase *tc = tcase_create("disk_write");

	tcase_add_checked_fixture(tc, disk_rig_setup, disk_rig_teardown);
	tcase_add_loop_test(tc, test_write, 0, 2);
	tcase_add_test(tc, test_write_far);
	tcase_add_test(tc, test_writes_in_a_row);
	tcase_add_test(tc, test_write_empties_the_buffer);
	tcase_add_test(tc, test_write_over_tracks);
	tcase_add_test(tc, test_slow_write);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(disk_write_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
