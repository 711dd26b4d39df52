/*
 * Products and quotients of times: exact, carried, and refused when they would
 * not fit.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/base/time.h"

#define TWO_31	(INT64_C(1) << 31)
#define TWO_62	(INT64_C(1) << 62)

START_TEST(test_units)
{
	ck_assert_int_eq(PS_PER_US, 1000 * PS_PER_NS);
	ck_assert_int_eq(PS_PER_MS, 1000 * PS_PER_US);
	ck_assert_int_eq(PS_PER_S, 1000 * PS_PER_MS);
	/* 106 days fit, and so do twice 4000 s */
	ck_assert_int_gt(SIM_TIME_NEVER / 2, SIM_TIME_MAX);
	ck_assert_int_ge(SIM_TIME_NEVER / PS_PER_S / 86400, 106);
}
END_TEST

START_TEST(test_mul_div)
{
	ck_assert_int_eq(mul_div(0, 5, 7), 0);
	ck_assert_int_eq(mul_div(5, 0, 7), 0);
	/* 7 * 3 / 2 = 10.5 */
	ck_assert_int_eq(mul_div(7, 3, 2), 10);
	/* one below, at, and one above a whole quotient */
	ck_assert_int_eq(mul_div(29, 1, 10), 2);
	ck_assert_int_eq(mul_div(30, 1, 10), 3);
	ck_assert_int_eq(mul_div(31, 1, 10), 3);
	/* a full frame of 100baseTX: 1538 bytes of 80 ns */
	ck_assert_int_eq(mul_div(1538, 8 * PS_PER_S, 100000000), 123040000);
	/* cycles of 733 MHz in 4000 s: 2.932 * 10^12 */
	ck_assert_int_eq(mul_div(SIM_TIME_MAX, 733000000, PS_PER_S),
	    INT64_C(2932000000000));
}
END_TEST

/* Both ways to compute a product meet at 2^31. */
START_TEST(test_mul_div_at_the_seam)
{
	const int64_t below = TWO_31 - 1;

	ck_assert_int_eq(mul_div(below, below, below), below);
	ck_assert_int_eq(mul_div(TWO_31, below, below), TWO_31);
	ck_assert_int_eq(mul_div(below, TWO_31, below), TWO_31);
	ck_assert_int_eq(mul_div(TWO_31, TWO_31, TWO_31), TWO_31);
	/* (2^31 - 1)^2 = 2^62 - 2^32 + 1 */
	ck_assert_int_eq(mul_div(below, below, 1),
	    TWO_62 - (INT64_C(1) << 32) + 1);
	/* 2^31 * (2^31 - 1) = 2^62 - 2^31 */
	ck_assert_int_eq(mul_div(TWO_31, below, 1), TWO_62 - TWO_31);
}
END_TEST

/* a * a / a, for numbers of every length. */
START_TEST(test_mul_div_of_every_length)
{
	for (int bits = 1; bits < 63; bits++) {
		int64_t a = (INT64_C(1) << bits) - 1;

		ck_assert_int_eq(mul_div(a, a, a), a);
		ck_assert_int_eq(mul_div(a + 1, a, a), a + 1);
		ck_assert_int_eq(mul_div(a, a + 1, a + 1), a);
	}
}
END_TEST

START_TEST(test_mul_div_largest)
{
	ck_assert_int_eq(mul_div(INT64_MAX, INT64_MAX, INT64_MAX), INT64_MAX);
	ck_assert_int_eq(mul_div(INT64_MAX, 1, 1), INT64_MAX);
	ck_assert_int_eq(mul_div(TWO_62, 2, 2), TWO_62);
	/* 2^62 * 3 / 4 = 3 * 2^60 */
	ck_assert_int_eq(mul_div(TWO_62, 3, 4), 3 * (INT64_C(1) << 60));
}
END_TEST

START_TEST(test_mul_div_up)
{
	ck_assert_int_eq(mul_div_up(0, 9, 3), 0);
	ck_assert_int_eq(mul_div_up(5, 1, 3), 2);
	ck_assert_int_eq(mul_div_up(6, 1, 3), 2);
	ck_assert_int_eq(mul_div_up(7, 1, 3), 3);
	ck_assert_int_eq(mul_div_up(1, 1, INT64_MAX), 1);
	/* 2^62 * 2 / 3: 3 * 3074457345618258602 = 2^63 - 2, so 2 are left */
	ck_assert_int_eq(mul_div_up(TWO_62, 2, 3),
	    INT64_C(3074457345618258603));
	ck_assert_int_eq(mul_div(TWO_62, 2, 3), INT64_C(3074457345618258602));
}
END_TEST

/* 733 cycles of 733 MHz are 10^6 ps, one by one as well. */
START_TEST(test_carry_of_cycles)
{
	int64_t carry = 0, sum = 0;

	for (int i = 0; i < 733; i++) {
		sum += mul_div_carry(1, 1000000, 733, &carry);
		ck_assert_int_ge(carry, 0);
		ck_assert_int_lt(carry, 733);
		/* floor((i + 1) * 10^6 / 733) at every step */
		ck_assert_int_eq(sum, (i + 1) * INT64_C(1000000) / 733);
	}
	ck_assert_int_eq(sum, 1000000);
	ck_assert_int_eq(carry, 0);
}
END_TEST

/*
 * The largest carry: c - 1 with c = 2^63 - 1.  (2^31 - 1)^2 + 2^63 - 2 is
 * (2^63 - 1) + 2^62 - 2^32: quotient 1, the rest remains.
 */
START_TEST(test_carry_largest)
{
	int64_t carry = INT64_MAX - 1;

	ck_assert_int_eq(mul_div_carry(TWO_31 - 1, TWO_31 - 1, INT64_MAX,
	    &carry), 1);
	ck_assert_int_eq(carry, TWO_62 - (INT64_C(1) << 32));
	/* the wide way: 2^31 * 1 + 2^63 - 2 = (2^63 - 1) + 2^31 - 1 */
	carry = INT64_MAX - 1;
	ck_assert_int_eq(mul_div_carry(TWO_31, 1, INT64_MAX, &carry), 1);
	ck_assert_int_eq(carry, TWO_31 - 1);
	/*
	 * (2^32 - 1)^2 + 2^63 - 2 = 3 * 2^63 - 2^33 - 1 does not fit in 64
	 * bits: twice 2^63 - 1, and 2^63 - 2^33 + 1
	 */
	carry = INT64_MAX - 1;
	ck_assert_int_eq(mul_div_carry(2 * TWO_31 - 1, 2 * TWO_31 - 1,
	    INT64_MAX, &carry), 2);
	ck_assert_int_eq(carry, INT64_MAX - 4 * TWO_31 + 2);
}
END_TEST

/* Both ways in turn, one carry: nothing is lost between them. */
START_TEST(test_carry_across_the_seam)
{
	int64_t carry = 0, sum = 0;

	for (int i = 0; i < 3; i++) {
		sum += mul_div_carry(1, 1, 7, &carry);
		sum += mul_div_carry(TWO_31, 1, 7, &carry);
	}
	/* 3 * (2^31 + 1) = 6442450947 = 7 * 920350135 + 2 */
	ck_assert_int_eq(sum, 920350135);
	ck_assert_int_eq(carry, 2);
}
END_TEST

START_TEST(test_gcd)
{
	ck_assert_int_eq(gcd64(12, 18), 6);
	ck_assert_int_eq(gcd64(18, 12), 6);
	ck_assert_int_eq(gcd64(17, 5), 1);
	ck_assert_int_eq(gcd64(0, 5), 5);
	ck_assert_int_eq(gcd64(5, 0), 5);
	ck_assert_int_eq(gcd64(INT64_MAX, INT64_MAX), INT64_MAX);
}
END_TEST

START_TEST(test_ratio)
{
	struct ratio r = ratio_make(PS_PER_S, 90000000);
	int64_t carry = 0;

	/* 90 MB/s */
	ck_assert_int_eq(r.num, 100000);
	ck_assert_int_eq(r.den, 9);
	/* 4 bytes: 44444 and 4/9; 5 more: 100000 in all */
	ck_assert_int_eq(ratio_mul(4, r, &carry), 44444);
	ck_assert_int_eq(carry, 4);
	ck_assert_int_eq(ratio_mul(5, r, &carry), 55556);
	ck_assert_int_eq(carry, 0);
	r = ratio_make(0, 5);
	ck_assert_int_eq(r.num, 0);
	ck_assert_int_eq(r.den, 1);
}
END_TEST

/* Those that must not come back. */
/* 2^47 bytes at 100,000 / 9 are beyond 64 bits in between, not in the end. */
START_TEST(test_ratio_the_long_way)
{
	struct ratio r = ratio_make(PS_PER_S, 90000000);
	int64_t carry = 8, expected = 8;

	ck_assert_int_eq(ratio_mul(INT64_C(1) << 47, r, &carry),
	    mul_div_carry(INT64_C(1) << 47, r.num, r.den, &expected));
	ck_assert_int_eq(carry, expected);
}
END_TEST

START_TEST(test_death_of_mul_div)
{
	static const int64_t wrong[][3] = {
	    {-1, 1, 1}, {1, -1, 1}, {1, 1, 0}, {1, 1, -1},
	    /* quotients of 2^63 */
	    {TWO_62, 2, 1}, {INT64_MAX, 2, 1}, {TWO_31, TWO_62, 2}};

	mul_div(wrong[_i][0], wrong[_i][1], wrong[_i][2]);
}
END_TEST

START_TEST(test_death_of_ratio)
{
	static const int64_t wrong[][2] = {{-1, 5}, {1, 0}, {1, -5}, {0, 0}};

	ratio_make(wrong[_i][0], wrong[_i][1]);
}
END_TEST

/* Of less than nothing there is no part: the long way says so. */
START_TEST(test_death_of_ratio_mul)
{
	int64_t carry = 0;

	ratio_mul(-1, ratio_make(5, 3), &carry);
}
END_TEST

static Suite *
time_suite(void)
{
	Suite *suite = suite_create("base/time");
	TCase *tc = tcase_create("time");

	tcase_add_test(tc, test_units);
	tcase_add_test(tc, test_mul_div);
	tcase_add_test(tc, test_mul_div_at_the_seam);
	tcase_add_test(tc, test_mul_div_of_every_length);
	tcase_add_test(tc, test_mul_div_largest);
	tcase_add_test(tc, test_mul_div_up);
	tcase_add_test(tc, test_carry_of_cycles);
	tcase_add_test(tc, test_carry_largest);
	tcase_add_test(tc, test_carry_across_the_seam);
	tcase_add_test(tc, test_gcd);
	tcase_add_test(tc, test_ratio);
	tcase_add_test(tc, test_ratio_the_long_way);
	tcase_add_loop_test_raise_signal(tc, test_death_of_mul_div, SIGABRT,
	    0, 7);
	tcase_add_test_raise_signal(tc, test_death_of_ratio_mul, SIGABRT);
	tcase_add_loop_test_raise_signal(tc, test_death_of_ratio, SIGABRT,
	    0, 4);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(time_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
