/*
 * The ledger's table: every number derived from a row made by hand.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/time.h"
#include "sim/report/ledger.h"
#include "tests/support/sim/report_fixture.h"

static struct res_row row;
static struct rep_set set;

/* 1000 segments of 1000 bytes: 10^6 payload bytes. */
static void
setup(void)
{
	memset(&row, 0, sizeof row);
	strcpy(row.variant, "v");
	row.value[RES_SEGMENTS] = 1000;
	row.value[RES_PAYLOAD_BYTES] = 1000000;
	row.value[RES_THROUGHPUT_KBPS] = 65000;
	/* 7 ms and 50 ms: 7 and 50 us a segment; each byte moved once */
	row.cause[CAUSE_COPYIN] = (struct res_cause){7 * PS_PER_MS,
	    50 * PS_PER_MS, 1000000, 1000000, 2000000, 970000};
	/* 0.125 us, to the nearest hundredth and half up: 0.13 */
	row.cause[CAUSE_SYSCALL].compute_ps = 125 * PS_PER_US;
	row.cause[CAUSE_NIC_DMA] = (struct res_cause){0, 17 * PS_PER_MS, 0, 0,
	    1046000, 0};
	row.detail[RES_D_CPU_STALL] = 2 * PS_PER_MS;
	row.detail[RES_D_CPU_IDLE] = 3 * PS_PER_MS;
	set = (struct rep_set){.title = "T", .n_rows = 1, .rows = &row};
}

static void
assert_line(const char *line)
{
	GString *out = g_string_new(NULL);

	rep_ledger(out, &set);
	ck_assert_msg(strstr(out->str, line) != NULL, "no line \"%s\" in\n%s",
	    line, out->str);
	g_string_free(out, TRUE);
}

START_TEST(test_head)
{
	assert_line("\nv: 6500.0 KB/s (KB = 1024 bytes)\n");
}
END_TEST

START_TEST(test_cause)
{
	assert_line("\ncopyin              7.00    50.00    57.00"
	    "    1.000   1.000    2.000   0.970\n");
	assert_line("\nsyscall             0.13     0.00     0.13");
}
END_TEST

/* The processor is the sum of its causes: DMA is not one of them. */
START_TEST(test_sum)
{
	assert_line("\nprocessor           7.13    50.00    57.13"
	    "    1.000   1.000    2.000   0.970\n");
	assert_line("\nDMA stalls                            2.00\n");
	assert_line("\nidle                                  3.00\n");
	assert_line("\nnic_dma             0.00    17.00    17.00"
	    "    0.000   0.000    1.046   0.000\n");
}
END_TEST

/* A host with a disk has one line more, behind what its processor did. */
START_TEST(test_disk)
{
	row.cause[CAUSE_DISK_DMA] = (struct res_cause){0, 5 * PS_PER_MS, 0, 0,
	    0, 512000};
	assert_line("\nprocessor           7.13    50.00    57.13"
	    "    1.000   1.000    2.000   0.970\n");
	assert_line("\ndisk_dma            0.00     5.00     5.00"
	    "    0.000   0.000    0.000   0.512\n");
}
END_TEST

/* A cause that took nothing has no line; a run that crashed has no table. */
/* As expectations have it: without a segment nothing is per segment. */
START_TEST(test_nothing_to_divide_by)
{
	row.value[RES_SEGMENTS] = row.value[RES_PAYLOAD_BYTES] = 0;
	assert_line("\ncopyin                 -        -        -"
	    "        -       -        -       -\n");
	assert_line("\nidle                                     -\n");
}
END_TEST

START_TEST(test_left_out)
{
	GString *out = g_string_new(NULL);

	rep_ledger(out, &set);
	ck_assert_ptr_null(strstr(out->str, "cow_copy"));
	ck_assert_ptr_null(strstr(out->str, "disk_dma"));
	row.outcome = RES_CRASHED;
	g_string_truncate(out, 0);
	rep_ledger(out, &set);
	ck_assert_str_eq(out->str, "T\n");
	g_string_free(out, TRUE);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger");
	TCase *tcase = tcase_create("ledger");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, test_head);
	tcase_add_test(tcase, test_cause);
	tcase_add_test(tcase, test_sum);
	tcase_add_test(tcase, test_disk);
	tcase_add_test(tcase, test_nothing_to_divide_by);
	tcase_add_test(tcase, test_left_out);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
