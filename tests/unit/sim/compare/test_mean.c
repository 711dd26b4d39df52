/*
 * Means of differences: Student's t against the printed table, and an example
 * that can be followed by hand.
 */
#include <check.h>
#include <math.h>

#include "sim/compare/mean.h"

static void
assert_near(double is, double wanted, double off)
{
	ck_assert_msg(fabs(is - wanted) <= off, "%.6f, not %.6f", is, wanted);
}

/* Abramowitz and Stegun, table 26.10, column for A = 0.95: three decimals. */
START_TEST(test_student_t)
{
	static const struct {
		size_t degrees;
		double t;
	} table[] = {
		{ 1, 12.706 }, { 2, 4.303 }, { 3, 3.182 }, { 4, 2.776 },
		{ 5, 2.571 }, { 6, 2.447 }, { 7, 2.365 }, { 8, 2.306 },
		{ 9, 2.262 }, { 10, 2.228 }, { 15, 2.131 }, { 20, 2.086 },
		{ 29, 2.045 }, { 30, 2.042 }, { 40, 2.021 }, { 60, 2.000 },
		{ 120, 1.980 }, { 9999, 1.960 }
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		assert_near(cmp_student_t(table[i].degrees), table[i].t,
		    0.0006);
}
END_TEST

enum { MAX_PAIRS = 4 };

static struct cmp_point points[2][MAX_PAIRS];
static struct cmp_pair pairs[MAX_PAIRS];

/* put: throughputs in tenths of KB/s */
static void
put(size_t i, int64_t a, int64_t b)
{
	points[0][i] = (struct cmp_point){ .name = "loan" };
	points[1][i] = (struct cmp_point){ .name = "loan" };
	points[0][i].value[RES_THROUGHPUT_KBPS] = a;
	points[1][i].value[RES_THROUGHPUT_KBPS] = b;
	pairs[i] = (struct cmp_pair){ &points[0][i], &points[1][i], 0 };
}

/*
 * Differences 1, 2 and 6 KB/s: mean 3, squares 4 + 1 + 9 = 14, variance 7,
 * standard error sqrt(7 / 3) = 1.527525; times 4.302653 is 6.57241.
 */
START_TEST(test_by_hand)
{
	struct cmp_mean mean;

	put(0, 1000, 1010);
	put(1, 2000, 2020);
	put(2, 3000, 3060);
	mean = cmp_mean_of(pairs, 3, RES_THROUGHPUT_KBPS);
	ck_assert_uint_eq(mean.n, 3);
	assert_near(mean.a, 200.0, 1e-9);
	assert_near(mean.b, 203.0, 1e-9);
	assert_near(mean.difference, 3.0, 1e-9);
	assert_near(mean.half, 6.57241, 1e-5);
}
END_TEST

START_TEST(test_equal_differences)
{
	struct cmp_mean mean;

	for (size_t i = 0; i < 4; i++)
		put(i, 1000 + 7 * (int64_t)i, 990 + 7 * (int64_t)i);
	mean = cmp_mean_of(pairs, 4, RES_THROUGHPUT_KBPS);
	assert_near(mean.difference, -1.0, 1e-9);
	assert_near(mean.half, 0.0, 1e-9);
}
END_TEST

/* A run that was cut off has no difference to anything. */
START_TEST(test_no_numbers)
{
	struct cmp_mean mean;

	put(0, 1000, 1010);
	put(1, 0, 2020);
	put(2, 3000, 3010);
	points[0][1].outcome = RES_CRASHED;
	mean = cmp_mean_of(pairs, 3, RES_THROUGHPUT_KBPS);
	ck_assert_uint_eq(mean.n, 2);
	assert_near(mean.difference, 1.0, 1e-9);
	mean = cmp_mean_of(pairs, 1, RES_THROUGHPUT_KBPS);
	ck_assert_uint_eq(mean.n, 1);
	mean = cmp_mean_of(pairs + 1, 1, RES_THROUGHPUT_KBPS);
	ck_assert_uint_eq(mean.n, 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("mean");
	TCase *tc = tcase_create("core");
	SRunner *runner;
	int failed;

	tcase_add_test(tc, test_student_t);
	tcase_add_test(tc, test_by_hand);
	tcase_add_test(tc, test_equal_differences);
	tcase_add_test(tc, test_no_numbers);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
