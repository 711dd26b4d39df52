/*
 * Merging: shards become one store, and nothing that does not belong.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <string.h>

#include "sim/sweep/merge.h"
#include "tests/support/sim/made_store.h"

static struct made_folder folder;
static const char *a, *b, *out;

static void
setup(void)
{
	folder_init(&folder);
	a = folder_file(&folder, "a.db");
	b = folder_file(&folder, "b.db");
	out = folder_file(&folder, "out.db");
}

static void
teardown(void)
{
	folder_fini(&folder);
}

/* merge: a and b into out; NULL, or the error's text for g_free */
static char *
merge(struct store_merged *merged)
{
	const char *const stores[] = { a, b, NULL };
	GError *error = NULL;
	char *text = NULL;

	if (!store_merge(out, "loansim sweep t.scn", stores, merged, &error)) {
		ck_assert_int_eq((int)error->domain, (int)DB_ERROR);
		text = g_strdup(error->message);
		g_error_free(error);
	}
	return text;
}

/* assert_whole: out has all points, as if one sweep had recorded them */
static void
assert_whole(void)
{
	struct store *store = store_view(out, NULL);
	struct store_cursor *cursor = store_read(store, NULL);
	struct store_point point;
	size_t n = 0;

	while (store_next(cursor, &point, NULL)) {
		struct res_row row = made_row(n);
		char hash[REP_HASH_BYTES];
		g_autofree char *effective = store_effective(store,
		    point.index, NULL);

		rep_row_fingerprint(hash, &row);
		ck_assert_uint_eq(point.index, n++);
		ck_assert_str_eq(point.fingerprint, hash);
		ck_assert_mem_eq(point.row.cause, row.cause,
		    sizeof row.cause);
		ck_assert_str_eq(point.values[0], n <= 4 ? "1024" : "4096");
		ck_assert_ptr_nonnull(strstr(effective, "[process ttcp]"));
	}
	ck_assert_uint_eq(n, MADE_POINTS);
	ck_assert_str_eq(store_about(store)->command, "loansim sweep t.scn");
	store_cursor_free(cursor);
	ck_assert(store_close(store, NULL));
}

START_TEST(test_two_shards)
{
	struct store_merged merged;

	made_store(a, made_scenario, 0x55, NULL);
	made_store(b, made_scenario, 0xaa, NULL);
	ck_assert_ptr_null(merge(&merged));
	ck_assert_uint_eq(merged.n_added, 8);
	ck_assert_uint_eq(merged.n_there, 0);
	ck_assert_uint_eq(merged.n_failed, 0);
	ck_assert_uint_eq(merged.n_recorded, 8);
	ck_assert_uint_eq(merged.n_points, 8);
	assert_whole();
}
END_TEST

START_TEST(test_again_and_overlapping)
{
	struct store_merged merged;

	made_store(a, made_scenario, 0x0f, NULL);
	made_store(b, made_scenario, 0x3c, NULL);
	ck_assert_ptr_null(merge(&merged));
	ck_assert_uint_eq(merged.n_added, 6);
	ck_assert_uint_eq(merged.n_there, 2);
	made_store(b, made_scenario, 0xc3, NULL);
	ck_assert_ptr_null(merge(&merged));
	ck_assert_uint_eq(merged.n_added, 2);
	ck_assert_uint_eq(merged.n_there, 10);
	assert_whole();
}
END_TEST

static void
slower(struct res_row *row)
{
	row->value[RES_THROUGHPUT_KBPS]--;
}

START_TEST(test_conflict)
{
	struct store_merged merged;
	g_autofree char *text = NULL;

	made_store(a, made_scenario, 0x0f, NULL);
	made_store(b, made_scenario, 0x18, slower);
	text = merge(&merged);
	ck_assert_ptr_nonnull(text);
	ck_assert_msg(g_str_has_prefix(text, b), "%s", text);
	ck_assert_ptr_nonnull(strstr(text, "point 4 has fingerprint "));
	ck_assert(g_str_has_suffix(text, a));
	ck_assert_msg(!g_file_test(out, G_FILE_TEST_EXISTS), "it was made");
}
END_TEST

/* All stores are in, or none: also in a store that was there before. */
START_TEST(test_conflict_changes_nothing)
{
	struct store_merged merged;
	struct store *store;
	g_autofree char *text = NULL;

	made_store(out, made_scenario, 0x80, NULL);
	made_store(a, made_scenario, 0x0f, NULL);
	made_store(b, made_scenario, 0x80, slower);
	text = merge(&merged);
	ck_assert_ptr_nonnull(text);
	ck_assert(g_str_has_suffix(text, out));
	store = store_view(out, NULL);
	ck_assert_uint_eq(store_n_recorded(store), 1);
	ck_assert(store_close(store, NULL));
}
END_TEST

static void
cut_off(struct res_row *row)
{
	row->outcome = RES_TIMED_OUT;
}

/* What was cut off on one host gives way to a result, in either order. */
START_TEST(test_cut_off)
{
	struct store_merged merged;

	made_store(a, made_scenario, 0x03, cut_off);
	made_store(a, made_scenario, 0xf0, NULL);
	made_store(b, made_scenario, 0x30, cut_off);
	made_store(b, made_scenario, 0x0f, NULL);
	ck_assert_ptr_null(merge(&merged));
	ck_assert_uint_eq(merged.n_failed, 0);
	ck_assert_uint_eq(merged.n_recorded, 8);
	assert_whole();
}
END_TEST

START_TEST(test_cut_off_everywhere)
{
	struct store_merged merged;

	made_store(a, made_scenario, 0x03, cut_off);
	made_store(b, made_scenario, 0x03, cut_off);
	ck_assert_ptr_null(merge(&merged));
	ck_assert_uint_eq(merged.n_failed, 2);
	ck_assert_uint_eq(merged.n_recorded, 2);
}
END_TEST

START_TEST(test_other_scenario)
{
	struct store_merged merged;
	g_autofree char *text = NULL;
	g_autofree char *other = g_strconcat(made_scenario,
	    "kernel.hz = 100 Hz, 200 Hz\n", NULL);

	made_store(a, made_scenario, 0x0f, NULL);
	made_store(b, other, 0xf0, NULL);
	text = merge(&merged);
	ck_assert_ptr_nonnull(text);
	ck_assert(g_str_has_prefix(text, b));
	ck_assert_ptr_nonnull(strstr(text, "is of another scenario"));
	ck_assert_ptr_nonnull(strstr(text, a));
	ck_assert(!g_file_test(out, G_FILE_TEST_EXISTS));
}
END_TEST

static void
pretend(const char *path, const char *sql)
{
	struct db db;

	ck_assert(db_open(&db, path, SQLITE_OPEN_READWRITE, NULL));
	ck_assert(db_run(&db, sql, NULL));
	db_close(&db);
}

START_TEST(test_other_program)
{
	struct store_merged merged;
	g_autofree char *text = NULL;

	made_store(a, made_scenario, 0x0f, NULL);
	made_store(b, made_scenario, 0xf0, NULL);
	pretend(b, "UPDATE about SET value = 'older' WHERE name = 'revision'");
	text = merge(&merged);
	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_nonnull(strstr(text, "(older)"));
}
END_TEST

/* A point that the sweep does not have was put there by hand. */
START_TEST(test_point_out_of_range)
{
	struct store_merged merged;

	made_store(a, made_scenario, 0x0f, NULL);
	made_store(b, made_scenario, 0xf0, NULL);
	pretend(a, "UPDATE point SET point = 99 WHERE point = 1");
	ck_assert_ptr_null(merge(&merged));
	ck_assert_uint_eq(merged.n_recorded, 7);
}
END_TEST

START_TEST(test_no_store)
{
	struct store_merged merged;
	g_autofree char *text = NULL;

	made_store(a, made_scenario, 0x0f, NULL);
	ck_assert(g_file_set_contents(b, "no store at all", -1, NULL));
	text = merge(&merged);
	ck_assert_ptr_nonnull(text);
	ck_assert(g_str_has_prefix(text, b));
}
END_TEST

/* An empty file is what mktemp(1) makes: as good as none. */
START_TEST(test_into_an_empty_file)
{
	struct store_merged merged;

	made_store(a, made_scenario, 0x0f, NULL);
	made_store(b, made_scenario, 0xf0, NULL);
	ck_assert(g_file_set_contents(out, "", 0, NULL));
	ck_assert_ptr_null(merge(&merged));
	assert_whole();
}
END_TEST

START_TEST(test_into_one_of_them)
{
	struct store_merged merged;

	made_store(a, made_scenario, 0x0f, NULL);
	made_store(b, made_scenario, 0xf0, NULL);
	out = a;
	ck_assert_ptr_null(merge(&merged));
	ck_assert_uint_eq(merged.n_there, 4);
	ck_assert_uint_eq(merged.n_recorded, 8);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("merge");
	TCase *tc = tcase_create("core");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_two_shards);
	tcase_add_test(tc, test_again_and_overlapping);
	tcase_add_test(tc, test_conflict);
	tcase_add_test(tc, test_conflict_changes_nothing);
	tcase_add_test(tc, test_cut_off);
	tcase_add_test(tc, test_cut_off_everywhere);
	tcase_add_test(tc, test_other_scenario);
	tcase_add_test(tc, test_other_program);
	tcase_add_test(tc, test_point_out_of_range);
	tcase_add_test(tc, test_no_store);
	tcase_add_test(tc, test_into_an_empty_file);
	tcase_add_test(tc, test_into_one_of_them);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
