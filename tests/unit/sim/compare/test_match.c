/*
 * Matching: who belongs to whom, what differs, and when that is too much.
 */
#include <check.h>
#include <string.h>

#include "sim/compare/match.h"

static struct cmp_side a, b;
static struct cmp_match match;

static void
setup(void)
{
	a.points = g_array_new(FALSE, FALSE, sizeof(struct cmp_point));
	b.points = g_array_new(FALSE, FALSE, sizeof(struct cmp_point));
}

static void
teardown(void)
{
	cmp_match_fini(&match);
	g_array_unref(a.points);
	g_array_unref(b.points);
}

static void
put(struct cmp_side *side, const char *name, int64_t seed)
{
	struct cmp_point point = { .name = name, .seed = seed };

	g_array_append_val(side->points, point);
}

static const struct cmp_pair *
pair_at(size_t i)
{
	return &g_array_index(match.pairs, struct cmp_pair, i);
}

START_TEST(test_by_name_and_seed)
{
	put(&a, "x", 1);
	put(&a, "x", 2);
	put(&a, "y", 1);
	put(&b, "y", 1);
	put(&b, "x", 2);
	put(&b, "z", 1);
	cmp_match_init(&match, &a, &b, true);
	ck_assert_uint_eq(match.pairs->len, 2);
	ck_assert_str_eq(pair_at(0)->a->name, "x");
	ck_assert_int_eq(pair_at(0)->b->seed, 2);
	ck_assert_str_eq(pair_at(1)->b->name, "y");
	ck_assert_uint_eq(match.only_a->len, 1);
	ck_assert_uint_eq(match.only_b->len, 1);
	ck_assert_str_eq(((const struct cmp_point *)
	    match.only_b->pdata[0])->name, "z");
}
END_TEST

START_TEST(test_by_name_alone)
{
	put(&a, "x", 1);
	put(&b, "x", 7);
	cmp_match_init(&match, &a, &b, false);
	ck_assert_uint_eq(match.pairs->len, 1);
	ck_assert_uint_eq(match.only_a->len + match.only_b->len, 0);
}
END_TEST

/* Seeds of a name come together, wherever they stand in the sweep. */
START_TEST(test_groups)
{
	put(&a, "x", 1);
	put(&a, "y", 1);
	put(&a, "x", 2);
	put(&a, "y", 2);
	for (size_t i = 0; i < 4; i++)
		g_array_append_val(b.points, g_array_index(a.points,
		    struct cmp_point, 3 - i));
	cmp_match_init(&match, &a, &b, true);
	ck_assert_uint_eq(match.pairs->len, 4);
	for (size_t i = 0; i < 4; i++) {
		ck_assert_str_eq(pair_at(i)->a->name, i < 2 ? "x" : "y");
		ck_assert_uint_eq(pair_at(i)->group, i / 2);
		ck_assert_int_eq(pair_at(i)->a->seed, (int64_t)i % 2 + 1);
		ck_assert_int_eq(pair_at(i)->b->seed, (int64_t)i % 2 + 1);
	}
}
END_TEST

START_TEST(test_nothing_in_common)
{
	put(&a, "x", 1);
	cmp_match_init(&match, &a, &b, true);
	ck_assert_uint_eq(match.pairs->len, 0);
	ck_assert_uint_eq(match.only_a->len, 1);
}
END_TEST

static struct cmp_point old, new;
static const struct cmp_pair pair = { &old, &new, 0 };

static void
reset(void)
{
	memset(&old, 0, sizeof old);
	memset(&new, 0, sizeof new);
	for (int g = 0; g < REP_N_GROUPS; g++) {
		strcpy(old.groups[g], "0123456789abcdef");
		strcpy(new.groups[g], "0123456789abcdef");
	}
	cmp_match_init(&match, &a, &b, true);
}

START_TEST(test_differences)
{
	reset();
	ck_assert(!cmp_differs(&pair, true));
	strcpy(new.groups[REP_COSTS], "fedcba9876543210");
	ck_assert(cmp_group_differs(&pair, REP_COSTS));
	ck_assert(!cmp_group_differs(&pair, REP_TIMES));
	ck_assert(cmp_differs(&pair, true));
	ck_assert(!cmp_differs(&pair, false));
	new.value[RES_TX_COPIES] = 1;
	ck_assert(cmp_column_differs(&pair, RES_TX_COPIES));
	ck_assert(cmp_differs(&pair, false));
	new.outcome = RES_CRASHED;
	ck_assert(!cmp_column_differs(&pair, RES_TX_COPIES));
	ck_assert(cmp_differs(&pair, false));
}
END_TEST

static bool
exceeds(int64_t x, int64_t y, const char *percent)
{
	struct fraction bound;

	ck_assert_ptr_nonnull(fraction_parse(percent, &bound));
	old.value[RES_THROUGHPUT_KBPS] = x;
	new.value[RES_THROUGHPUT_KBPS] = y;
	return cmp_exceeds(&pair, RES_THROUGHPUT_KBPS, bound);
}

/* A change on the bound is no more than it. */
START_TEST(test_bounds)
{
	reset();
	ck_assert(!exceeds(10000, 10100, "1"));
	ck_assert(exceeds(10000, 10101, "1"));
	ck_assert(!exceeds(10000, 9900, "1"));
	ck_assert(exceeds(10000, 9899, "1"));
	ck_assert(!exceeds(80000, 80100, "0.125"));
	ck_assert(exceeds(80000, 80101, "0.125"));
	ck_assert(!exceeds(5, 5, "0"));
	ck_assert(exceeds(5, 6, "0"));
	ck_assert(exceeds(0, 1, "999999999"));
	ck_assert(!exceeds(0, 0, "0"));
	ck_assert(exceeds(INT64_C(9007199254740992), 0, "99.999999"));
}
END_TEST

START_TEST(test_bounds_of_failures)
{
	reset();
	new.outcome = RES_TIMED_OUT;
	ck_assert(exceeds(0, 0, "999999999"));
	old.outcome = RES_CRASHED;
	ck_assert(!exceeds(0, 5, "0"));
}
END_TEST

START_TEST(test_change)
{
	reset();
	ck_assert(cmp_change(200, 250) == 25.0);
	ck_assert(cmp_change(200, 150) == -25.0);
	ck_assert(cmp_change(200, 0) == -100.0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("match");
	TCase *tc = tcase_create("core");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_by_name_and_seed);
	tcase_add_test(tc, test_by_name_alone);
	tcase_add_test(tc, test_groups);
	tcase_add_test(tc, test_nothing_in_common);
	tcase_add_test(tc, test_differences);
	tcase_add_test(tc, test_bounds);
	tcase_add_test(tc, test_bounds_of_failures);
	tcase_add_test(tc, test_change);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
