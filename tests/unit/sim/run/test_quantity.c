/*
 * Results by name: every column and every cell of the ledger has one, and no
 * two have the same.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/quantity.h"

/* the short name is the column's name, up to its unit */
START_TEST(columns_are_found)
{
	for (int c = 0; c < RES_N_COLUMNS; c++) {
		const char *name = res_column_short((enum res_column)c);
		struct res_quantity q;

		ck_assert_ptr_nonnull(name);
		ck_assert_int_eq(strncmp(res_columns[c].name, name,
		    strlen(name)), 0);
		ck_assert(res_quantity_find(name, &q));
		ck_assert_int_eq(q.column, c);
	}
}
END_TEST

START_TEST(cells_are_found)
{
	char name[RES_NAME_BYTES + 16];
	struct res_quantity q;

	for (int line = 0; line < RES_N_LINES; line++)
		for (int p = 0; p < RES_N_PARTS; p++) {
			snprintf(name, sizeof name, "%s.%s",
			    res_line_name(line), res_part_names[p]);
			ck_assert_int_eq(res_quantity_find(name, &q),
			    line <= RES_LINE_PROCESSOR || p == RES_PART_SUM);
			if (!res_quantity_find(name, &q))
				continue;
			ck_assert_int_eq(q.column, RES_N_COLUMNS);
			ck_assert_int_eq(q.line, line);
			ck_assert_int_eq(q.part, p);
			ck_assert_int_eq(res_quantity_unit(&q), p <=
			    RES_PART_SUM ? RES_UNIT_TIME : RES_UNIT_NUMBER);
		}
	ck_assert(!res_quantity_find("", &q));
	ck_assert(!res_quantity_find("throughput_KBps", &q));
	ck_assert(!res_quantity_find("copyin", &q));
	ck_assert(!res_quantity_find("copyin.", &q));
	ck_assert(!res_quantity_find(".sum", &q));
	ck_assert(!res_quantity_find("copyin.sum.sum", &q));
	memset(name, 'x', sizeof name);
	strcpy(name + RES_NAME_BYTES, ".sum");
	ck_assert(!res_quantity_find(name, &q));
}
END_TEST

/* every spelling that a message permits is one */
START_TEST(units_are_known)
{
	struct fraction factor;

	ck_assert(res_unit_factor(RES_UNIT_RATE, "KB/s", &factor));
	ck_assert(res_unit_factor(RES_UNIT_RATE, "MiB/s", &factor));
	ck_assert(!res_unit_factor(RES_UNIT_RATE, "MB/s", &factor));
	ck_assert(!res_unit_factor(RES_UNIT_RATE, "", &factor));
	ck_assert(res_unit_factor(RES_UNIT_NUMBER, "%", &factor));
	ck_assert_int_eq(fraction_compare(factor, fraction_make(1, 100)), 0);
	ck_assert(!res_unit_factor(RES_UNIT_COUNT, "%", &factor));
	ck_assert(res_unit_factor(RES_UNIT_TIME, "us", &factor));
	ck_assert_int_eq(fraction_compare(factor, fraction_make(1000000, 1)),
	    0);
	ck_assert(res_unit_factor(RES_UNIT_BYTES, "KB", &factor));
	ck_assert_int_eq(fraction_compare(factor, fraction_make(1024, 1)), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("quantity");
	TCase *tc = tcase_create("quantity");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, columns_are_found);
	tcase_add_test(tc, cells_are_found);
	tcase_add_test(tc, units_are_known);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
