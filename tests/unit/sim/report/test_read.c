/*
 * Reading back: our own files give the same rows, others are refused with the
 * place of the mistake.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/report/output.h"
#include "sim/report/read.h"
#include "tests/support/sim/report_fixture.h"

static struct res_row rows[FIXTURE_ROWS];
static struct rep_set set;
static char *path;

static void
setup(void)
{
	const int fd = g_file_open_tmp("loansim-read-XXXXXX", &path, NULL);

	ck_assert_int_ge(fd, 0);
	close(fd);
	fixture_rows(rows);
	set = fixture_set(rows);
}

static void
teardown(void)
{
	g_unlink(path);
	g_free(path);
}

static void
put(const char *text, gssize len)
{
	ck_assert(g_file_set_contents(path, text, len, NULL));
}

static void
assert_refused(const char *wanted)
{
	GError *error = NULL;

	ck_assert_ptr_null(rep_read(path, &error));
	ck_assert(g_error_matches(error, REP_ERROR, REP_ERROR_INPUT));
	ck_assert_msg(strstr(error->message, path) != NULL, "%s",
	    error->message);
	ck_assert_msg(strstr(error->message, wanted) != NULL, "%s",
	    error->message);
	g_error_free(error);
}

START_TEST(test_round_trip)
{
	GString *out;
	GError *error = NULL;
	struct rep_result *result;

	rows[0].value[RES_THROUGHPUT_KBPS] = 65124;
	rows[1].outcome = RES_DRAIN_TIMEOUT;
	out = rep_build(&set, REP_JSON);
	put(out->str, -1);
	result = rep_read(path, &error);
	ck_assert_msg(result != NULL, "%s",
	    error == NULL ? "" : error->message);
	ck_assert_str_eq(result->scenario, set.scenario);
	ck_assert_str_eq(result->title, set.title);
	ck_assert_str_eq(result->version, set.version);
	ck_assert(result->has_groups);
	ck_assert_uint_eq(result->n_rows, FIXTURE_ROWS);
	for (size_t i = 0; i < FIXTURE_ROWS; i++) {
		ck_assert_str_eq(result->rows[i].variant, rows[i].variant);
		ck_assert_int_eq(result->rows[i].outcome, rows[i].outcome);
		ck_assert_mem_eq(result->rows[i].value, rows[i].value,
		    sizeof rows[i].value);
		ck_assert_str_eq(result->effective->pdata[i],
		    set.effective[i]);
		for (int g = 0; g < REP_N_GROUPS; g++) {
			char hash[REP_HASH_BYTES];

			rep_group_hash(hash, &rows[i], (enum rep_group)g);
			ck_assert_str_eq(result->groups[i][g], hash);
		}
	}
	rep_result_free(result);
	g_string_free(out, TRUE);
}
END_TEST

/* What is replaced in a good file, by what, and what the reader must say. */
static const struct damage {
	const char *from, *to, *wanted;
} damages[] = {
	{ "\"schema\": 1", "\"schema\": 2", "schema: this program reads" },
	{ "\"schema\": 1", "\"schema\": \"1\"", "schema: this program reads" },
	{ "\"schema\": 1,", "", "schema: missing" },
	{ "\"scenario\": \"fixture\"", "\"scenario\": 7", "scenario: no text" },
	{ "\"title\"", "\"titel\"", "title: missing" },
	{ "\"rows\": [", "\"rows\": [7, ", "rows[0]: no object" },
	{ "\"rows\"", "\"row\"", "rows: missing" },
	{ "\"variant\": \"tcp-fix\", ", "", "rows[1].variant: missing" },
	{ "\"outcome\": \"done\"", "\"outcome\": \"fine\"",
	    "rows[0].outcome: \"fine\"" },
	{ "\"throughput_KBps\": 8600.0, ", "",
	    "rows[1].throughput_KBps: missing" },
	{ "\"throughput_KBps\": 8600.0", "\"throughput_KBps\": null",
	    "rows[1].throughput_KBps: " },
	{ "\"throughput_KBps\": 8600.0", "\"throughput_KBps\": \"fast\"",
	    "rows[1].throughput_KBps: no number" },
	{ "\"throughput_KBps\": 8600.0", "\"throughput_KBps\": -1",
	    "rows[1].throughput_KBps: out of range" },
	{ "\"throughput_KBps\": 8600.0", "\"throughput_KBps\": 1e300",
	    "rows[1].throughput_KBps: out of range" },
	{ "\"cpu_share\": 0.9931", "\"cpu_share\": [0.9931]",
	    "rows[1].cpu_share: " },
	{ "}\n", "", "" },
};

START_TEST(test_damaged_file)
{
	const struct damage *d = &damages[_i];
	GString *out = rep_build(&set, REP_JSON);

	ck_assert_uint_eq(g_string_replace(out, d->from, d->to, 1), 1);
	put(out->str, -1);
	assert_refused(d->wanted);
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(test_cut_file)
{
	GString *out = rep_build(&set, REP_JSON);

	put(out->str, (gssize)out->len / 2);
	assert_refused("");
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(test_no_rows)
{
	set.n_rows = 0;
	GString *out = rep_build(&set, REP_JSON);

	put(out->str, -1);
	assert_refused("rows: empty");
	g_string_free(out, TRUE);
}
END_TEST

/* A run that was cut off has null for every number. */
START_TEST(test_no_numbers)
{
	struct rep_result *result;
	GString *out;

	rows[2].outcome = RES_TIMED_OUT;
	out = rep_build(&set, REP_JSON);
	put(out->str, -1);
	result = rep_read(path, NULL);
	ck_assert_ptr_nonnull(result);
	ck_assert_int_eq(result->rows[2].outcome, RES_TIMED_OUT);
	ck_assert_int_eq(result->rows[2].value[RES_THROUGHPUT_KBPS], 0);
	rep_result_free(result);
	g_string_free(out, TRUE);
}
END_TEST

/* Results of older versions have no hashes, and those of nobody no version. */
START_TEST(test_less_than_ours)
{
	struct rep_result *result;
	GString *out = rep_build(&set, REP_JSON);

	g_string_replace(out, "\"fingerprint_loans\"", "\"x\"", 1);
	g_string_replace(out, "\"version\"", "\"y\"", 1);
	g_string_replace(out, "\"effective\"", "\"z\"", 1);
	put(out->str, -1);
	result = rep_read(path, NULL);
	ck_assert_ptr_nonnull(result);
	ck_assert(!result->has_groups);
	ck_assert_str_eq(result->version, "");
	ck_assert_str_eq(result->effective->pdata[0], "");
	rep_result_free(result);
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(test_export_is_no_result)
{
	GString *out = rep_build(&set, REP_JSON);

	g_string_replace(out, "\"effective\"", "\"axes\"", 1);
	put(out->str, -1);
	assert_refused("an export of a sweep");
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(test_foreign_files)
{
	char *deep = g_strnfill(1 << 20, '[');

	put("", -1);
	assert_refused("no JSON object");
	put("[1, 2]", -1);
	assert_refused("no JSON object");
	put("\x89PNG\0\1", 6);
	assert_refused("no result of ours");
	put(deep, -1);
	assert_refused("no result of ours");
	g_free(deep);
}
END_TEST

START_TEST(test_no_file)
{
	g_unlink(path);
	assert_refused("");
	g_free(path);
	path = g_strdup("/dev/zero");
	assert_refused("no regular file");
	g_free(path);
	path = g_strdup("/");
	assert_refused("no regular file");
}
END_TEST

static Suite *
read_suite(void)
{
	Suite *suite = suite_create("read");
	TCase *tc = tcase_create("read");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_round_trip);
	tcase_add_loop_test(
	    tc, test_damaged_file, 0, (int)G_N_ELEMENTS(damages));
	tcase_add_test(tc, test_cut_file);
	tcase_add_test(tc, test_no_rows);
	tcase_add_test(tc, test_no_numbers);
	tcase_add_test(tc, test_less_than_ours);
	tcase_add_test(tc, test_export_is_no_result);
	tcase_add_test(tc, test_foreign_files);
	tcase_add_test(tc, test_no_file);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(read_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
