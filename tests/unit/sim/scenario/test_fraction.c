/*
 * Fractions: exact where a product of 64 bits would not be.
 */
#include <check.h>
#include <glib.h>
#include <stdlib.h>

#include "sim/scenario/fraction.h"

static void
assert_parses(const char *text, int64_t num, int64_t den, const char *rest)
{
	struct fraction value;
	const char *end = fraction_parse(text, &value);

	ck_assert_pstr_eq(end, rest);
	ck_assert_int_eq(fraction_compare(value, fraction_make(num, den)), 0);
}

START_TEST(parses_what_it_says)
{
	struct fraction value;

	assert_parses("0", 0, 1, "");
	assert_parses("1.50 KB/s", 3, 2, " KB/s");
	assert_parses("99%", 99, 1, "%");
	assert_parses("123456789.123456x", INT64_C(123456789123456), 1000000,
	    "x");
	assert_parses("1e3", 1, 1, "e3");
	ck_assert_ptr_null(fraction_parse("", &value));
	ck_assert_ptr_null(fraction_parse("-1", &value));
	ck_assert_ptr_null(fraction_parse(".5", &value));
	ck_assert_ptr_null(fraction_parse("1.", &value));
	ck_assert_ptr_null(fraction_parse("0.1234567", &value));
	ck_assert_ptr_null(fraction_parse("1234567890123456", &value));
	ck_assert_ptr_null(fraction_parse("1234567890.123456", &value));
}
END_TEST

static void
assert_order(int64_t a, int64_t b, int64_t c, int64_t d, int expected)
{
	struct fraction x = fraction_make(a, b), y = fraction_make(c, d);

	ck_assert_int_eq(fraction_compare(x, y), expected);
	ck_assert_int_eq(fraction_compare(y, x), -expected);
}

/*
 * All pairs of small fractions, against the product; then neighbours whose
 * products need 126 bits: n/(n+1) < (n+1)/(n+2), by 1 part in n^2.
 */
START_TEST(compares_without_products)
{
	int64_t n = INT64_MAX - 2;

	for (int64_t i = 0; i < 8 * 8 * 8 * 8; i++) {
		int64_t a = i % 8, b = i / 8 % 8 + 1;
		int64_t c = i / 64 % 8, d = i / 512 + 1;

		assert_order(a, b, c, d, (a * d > c * b) - (a * d < c * b));
	}
	assert_order(n, n + 1, n + 1, n + 2, -1);
	assert_order(n, n + 2, n, n + 1, -1);
	assert_order(n + 1, n, n + 1, n, 0);
}
END_TEST

START_TEST(computes)
{
	struct fraction third = fraction_make(1, 3), r;

	ck_assert(fraction_mul(third, fraction_make(6, 5), &r));
	ck_assert_int_eq(fraction_compare(r, fraction_make(2, 5)), 0);
	ck_assert(fraction_div(third, fraction_make(2, 3), &r));
	ck_assert_int_eq(fraction_compare(r, fraction_make(1, 2)), 0);
	ck_assert(fraction_add(third, fraction_make(1, 6), &r));
	ck_assert_int_eq(fraction_compare(r, fraction_make(1, 2)), 0);
	ck_assert(fraction_sub(third, fraction_make(1, 12), &r));
	ck_assert_int_eq(fraction_compare(r, fraction_make(1, 4)), 0);
	ck_assert(fraction_sub(third, fraction_make(1, 2), &r));
	ck_assert_int_eq(fraction_compare(r, fraction_make(0, 1)), 0);
	ck_assert(!fraction_div(third, fraction_make(0, 1), &r));
}
END_TEST

/* what needs more than 128 bits is refused; what is reduced first is not */
START_TEST(tells_overflow)
{
	struct fraction big = fraction_make(INT64_MAX, 1), r, square;

	ck_assert(fraction_mul(big, big, &square));
	ck_assert(!fraction_mul(square, big, &r));
	ck_assert(fraction_mul(square, fraction_make(1, INT64_MAX), &r));
	ck_assert_int_eq(fraction_compare(r, big), 0);
	/* 2^126 / 2^63 in 63 bits; the same over 1/2^63 in 189 */
	ck_assert(fraction_div(square, big, &r));
	ck_assert(!fraction_div(square, fraction_make(1, INT64_MAX), &r));
	ck_assert(!fraction_add(square, fraction_make(1, INT64_MAX), &r));
}
END_TEST

static void
assert_text(int64_t num, int64_t den, int decimals, const char *expected)
{
	g_autofree char *text = fraction_format(fraction_make(num, den),
	    decimals);

	ck_assert_str_eq(text, expected);
}

START_TEST(formats_to_the_nearest)
{
	assert_text(0, 1, 4, "0");
	assert_text(3, 2, 4, "1.5");
	assert_text(2, 3, 4, "0.6667");
	assert_text(1, 16, 4, "0.0625");
	assert_text(1, 32, 4, "0.0313");
	assert_text(99999, 10000, 3, "10");
	assert_text(10001, 10000, 4, "1.0001");
	assert_text(7, 2, 0, "4");
	assert_text(INT64_MAX, 1, 4, "9223372036854775807");
	assert_text(INT64_MAX - 1, INT64_MAX, 9, "1");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("fraction");
	TCase *tc = tcase_create("fraction");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, parses_what_it_says);
	tcase_add_test(tc, compares_without_products);
	tcase_add_test(tc, computes);
	tcase_add_test(tc, tells_overflow);
	tcase_add_test(tc, formats_to_the_nearest);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
