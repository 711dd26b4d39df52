/*
 * Sides: stores and results, with names that match where the points do.
 */
#include <check.h>
#include <string.h>

#include "sim/compare/side.h"
#include "sim/report/output.h"
#include "tests/support/sim/made_store.h"
#include "tests/support/sim/report_fixture.h"

static struct made_folder folder;
static const char *a_path, *b_path;
static struct cmp_side *a, *b;

static void
setup(void)
{
	folder_init(&folder);
	a_path = folder_file(&folder, "a.db");
	b_path = folder_file(&folder, "b.db");
}

static void
teardown(void)
{
	cmp_side_free(a);
	cmp_side_free(b);
	folder_fini(&folder);
}

static void
read_both(void)
{
	struct cmp_keys keys;

	a = cmp_side_open(a_path, NULL);
	b = cmp_side_open(b_path, NULL);
	ck_assert(a != NULL && b != NULL);
	cmp_keys_init(&keys, a, b);
	ck_assert(cmp_side_read(a, &keys, NULL));
	ck_assert(cmp_side_read(b, &keys, NULL));
	cmp_keys_fini(&keys);
}

static const struct cmp_point *
point_at(const struct cmp_side *side, size_t i)
{
	ck_assert_uint_lt(i, side->points->len);
	return &g_array_index(side->points, struct cmp_point, i);
}

/* put_result: what "run -f json" writes of the four rows of the fixture */
static void
put_result(const char *effective)
{
	const char *const all[] = { effective, effective, effective,
		effective };
	struct res_row rows[FIXTURE_ROWS];
	struct rep_set set;
	GString *text;

	fixture_rows(rows);
	set = fixture_set(rows);
	set.effective = all;
	text = rep_build(&set, REP_JSON);
	ck_assert(g_file_set_contents(b_path, text->str, -1, NULL));
	g_string_free(text, TRUE);
}

START_TEST(test_store)
{
	struct res_row row = made_row(6);
	char hash[REP_HASH_BYTES];

	made_store(a_path, made_scenario, 0xff, NULL);
	made_store(b_path, made_scenario, 0x40, NULL);
	read_both();
	ck_assert_uint_eq(a->points->len, 8);
	ck_assert(a->has_groups);
	ck_assert_str_eq(a->scenario, "t");
	ck_assert_str_eq(point_at(a, 0)->name,
	    "before, process.ttcp.write_size_B=1024");
	ck_assert_ptr_eq(point_at(a, 0)->name, point_at(a, 1)->name);
	ck_assert_int_eq(point_at(a, 1)->seed, 2);
	ck_assert_str_eq(point_at(b, 0)->name, point_at(a, 6)->name);
	ck_assert_mem_eq(point_at(b, 0)->value, row.value, sizeof row.value);
	rep_group_hash(hash, &row, REP_COSTS);
	ck_assert_str_eq(point_at(b, 0)->groups[REP_COSTS], hash);
}
END_TEST

/* What one store sweeps, the other has at one value: that is its place. */
START_TEST(test_stores_of_different_axes)
{
	static const char other[] = "[process ttcp]\n[sweep]\n"
	    "path.loss = 0 %, 0.001 %\n"
	    "scenario.seed = 1, 2\n";
	static const char another[] = "[process ttcp]\nwrite_size = 2 KiB\n"
	    "[path]\nloss = 0.001 %\n[sweep]\n"
	    "process.ttcp.write_size = 64 KiB, 2 KiB\n";

	made_store(a_path, other, 0xf, NULL);
	made_store(b_path, another, 0x3, NULL);
	read_both();
	ck_assert_uint_eq(a->points->len, 4);
	ck_assert_str_eq(point_at(a, 3)->name, "base, path.loss_percent=0.001"
	    ", process.ttcp.write_size_B=65536");
	ck_assert_int_eq(point_at(a, 3)->seed, 2);
	ck_assert_str_eq(point_at(b, 0)->name, point_at(a, 3)->name);
	ck_assert_str_eq(point_at(b, 1)->name, "base, path.loss_percent=0.001"
	    ", process.ttcp.write_size_B=2048");
}
END_TEST

START_TEST(test_result_beside_store)
{
	made_store(a_path, made_scenario, 0xff, NULL);
	put_result("[scenario]\nseed = 2\n\n[process ttcp]\n"
	    "write_size = 4 KiB\n");
	read_both();
	ck_assert_uint_eq(b->points->len, FIXTURE_ROWS);
	ck_assert(b->has_groups);
	ck_assert_str_eq(b->version, "0.1.0");
	ck_assert_str_eq(point_at(b, 0)->name, point_at(a, 5)->name);
	ck_assert_int_eq(point_at(b, 0)->seed, point_at(a, 5)->seed);
	ck_assert_int_eq(point_at(b, 0)->value[RES_THROUGHPUT_KBPS], 70000);
}
END_TEST

START_TEST(test_results)
{
	a_path = b_path;
	put_result("");
	read_both();
	ck_assert_str_eq(point_at(a, 0)->name, "before");
	ck_assert_str_eq(point_at(b, 3)->name, "loan");
}
END_TEST

START_TEST(test_neither)
{
	GError *error = NULL;

	ck_assert(g_file_set_contents(a_path, "SQLite", -1, NULL));
	ck_assert_ptr_null(cmp_side_open(a_path, &error));
	ck_assert(g_error_matches(error, REP_ERROR, REP_ERROR_INPUT));
	g_clear_error(&error);
	ck_assert(g_file_set_contents(a_path, "SQLite format 3\0 but not",
	    25, NULL));
	ck_assert_ptr_null(cmp_side_open(a_path, &error));
	ck_assert_int_eq((int)error->domain, (int)DB_ERROR);
	g_clear_error(&error);
	ck_assert_ptr_null(cmp_side_open("/dev/zero", &error));
	g_clear_error(&error);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("side");
	TCase *tc = tcase_create("core");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_store);
	tcase_add_test(tc, test_stores_of_different_axes);
	tcase_add_test(tc, test_result_beside_store);
	tcase_add_test(tc, test_results);
	tcase_add_test(tc, test_neither);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
