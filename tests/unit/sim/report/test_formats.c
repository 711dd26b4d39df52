/*
 * The formats: what is written reads back, and no number is rounded.
 */
#include <check.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/verdict.h"
#include "tests/support/sim/report_fixture.h"

static struct res_row rows[FIXTURE_ROWS];
static struct rep_set set;

static void
setup(void)
{
	fixture_rows(rows);
	set = fixture_set(rows);
}

static JsonParser *
parse(const char *text)
{
	JsonParser *parser = json_parser_new();
	GError *error = NULL;

	json_parser_load_from_data(parser, text, -1, &error);
	ck_assert_msg(error == NULL, "%s", error != NULL ? error->message : "");
	return parser;
}

static JsonObject *
root_of(JsonParser *parser)
{
	return json_node_get_object(json_parser_get_root(parser));
}

START_TEST(test_json_reads_back)
{
	GString *out = rep_build(&set, REP_JSON);
	JsonParser *parser = parse(out->str);
	JsonObject *root = root_of(parser);
	JsonArray *array = json_object_get_array_member(root, "rows");
	JsonObject *effective
	    = json_object_get_object_member(root, "effective");

	ck_assert_int_eq(json_object_get_int_member(root, "schema"), 1);
	ck_assert_str_eq(
	    json_object_get_string_member(root, "scenario"), "fixture");
	ck_assert_int_eq(json_object_get_int_member(root, "seed"), 1);
	ck_assert_uint_eq(json_array_get_length(array), FIXTURE_ROWS);
	for (guint i = 0; i < FIXTURE_ROWS; i++) {
		JsonObject *row = json_array_get_object_element(array, i);

		ck_assert_str_eq(json_object_get_string_member(row, "variant"),
		    rows[i].variant);
		ck_assert_str_eq(
		    json_object_get_string_member(row, "outcome"), "done");
		ck_assert_int_eq(
		    json_object_get_int_member(row, "payload_bytes"), 71680000);
		ck_assert_str_eq(json_object_get_string_member(
				     effective, rows[i].variant),
		    "[scenario]\nseed = 1\n");
	}
	g_object_unref(parser);
	g_string_free(out, TRUE);
}
END_TEST

/*
 * The double nearest to 6512.4 is 6512.3999999999996 in 17 digits: what stands
 * in the file must be the decimal number itself, in each format.
 */
START_TEST(test_numbers_are_exact)
{
	static const char *const wanted[REP_N_FORMATS] = { " 6512.4 ",
		",6512.4,", "\"throughput_KBps\": 6512.4,",
		"\"throughput_KBps\": 6512.4,", "throughput_KBps = 6512.4\n" };
	GString *out;

	rows[0].value[RES_THROUGHPUT_KBPS] = 65124;
	out = rep_build(&set, (enum rep_format)_i);
	ck_assert_msg(strstr(out->str, wanted[_i]) != NULL, "%s", out->str);
	ck_assert_ptr_null(strstr(out->str, "6512.39"));
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(test_largest_number)
{
	GString *out;

	rows[0].value[RES_PAYLOAD_BYTES] = INT64_MAX;
	out = rep_build(&set, REP_JSON);
	ck_assert_ptr_nonnull(
	    strstr(out->str, "\"payload_bytes\": 9223372036854775807,"));
	g_string_free(out, TRUE);
}
END_TEST

/* Without a value there is null, and no empty text that might be one. */
START_TEST(test_json_expectations)
{
	struct scn_expect expect = { .left = "a.acks", .right = ">= 3",
	    .unit = "" };
	struct run_verdict verdicts[2] = { { &expect, RUN_MET, "4.5", NULL },
	    { &expect, RUN_MISSED, NULL, "it \"fell\"" } };
	GArray *array = g_array_new(FALSE, FALSE, sizeof verdicts[0]);
	JsonParser *parser;
	JsonObject *object;
	JsonArray *list;
	GString *out;

	g_array_append_vals(array, verdicts, 2);
	set.verdicts = array;
	out = rep_build(&set, REP_JSON);
	parser = parse(out->str);
	list = json_object_get_array_member(root_of(parser), "expectations");
	ck_assert_uint_eq(json_array_get_length(list), 2);
	object = json_array_get_object_element(list, 0);
	ck_assert_str_eq(json_object_get_string_member(object, "expectation"),
	    "a.acks >= 3");
	ck_assert(json_object_get_double_member(object, "found") == 4.5);
	object = json_array_get_object_element(list, 1);
	ck_assert_str_eq(json_object_get_string_member(object, "verdict"),
	    "missed");
	ck_assert(json_object_get_null_member(object, "found"));
	ck_assert_str_eq(json_object_get_string_member(object, "reason"),
	    "it \"fell\"");
	g_object_unref(parser);
	g_string_free(out, TRUE);
	g_array_unref(array);
}
END_TEST

START_TEST(test_jsonl_lines_stand_alone)
{
	GString *out = rep_build(&set, REP_JSONL);
	char **lines = g_strsplit(out->str, "\n", -1);

	ck_assert_uint_eq(g_strv_length(lines), FIXTURE_ROWS + 1);
	ck_assert_str_eq(lines[FIXTURE_ROWS], "");
	for (guint i = 0; i < FIXTURE_ROWS; i++) {
		JsonParser *parser = parse(lines[i]);
		JsonObject *row = root_of(parser);

		ck_assert_int_eq(json_object_get_int_member(row, "schema"), 1);
		ck_assert_str_eq(json_object_get_string_member(row, "scenario"),
		    "fixture");
		ck_assert_str_eq(json_object_get_string_member(row, "variant"),
		    rows[i].variant);
		ck_assert(json_object_has_member(row, "effective"));
		g_object_unref(parser);
	}
	g_strfreev(lines);
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(test_json_text_survives)
{
	const char *const text
	    = "a \"quoted\" \\ back\tslash, \x01 control, \xc3\xa9, \x7f";
	GString *out;
	JsonParser *parser;

	set.title = text;
	out = rep_build(&set, REP_JSON);
	parser = parse(out->str);
	ck_assert_str_eq(
	    json_object_get_string_member(root_of(parser), "title"), text);
	g_object_unref(parser);
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(test_json_repairs_what_is_not_utf8)
{
	GString *out = g_string_new(NULL);

	rep_json_string(out, "a\xff" "b");
	ck_assert_str_eq(out->str, "\"a\xef\xbf\xbd" "b\"");
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(test_crash_has_no_numbers)
{
	static const char *const wanted[REP_N_FORMATS] = { "\nbefore",
		"\nbefore,crashed,,,", "\"throughput_KBps\": null,",
		"\"throughput_KBps\": null,", "\noutcome = crashed\n" };
	GString *out;

	rows[0].outcome = RES_CRASHED;
	out = rep_build(&set, (enum rep_format)_i);
	ck_assert_msg(strstr(out->str, wanted[_i]) != NULL, "%s", out->str);
	ck_assert_ptr_null(strstr(out->str, "7000.0"));
	g_string_free(out, TRUE);
}
END_TEST

/* RFC 4180, section 2: rules 5 to 7 */
START_TEST(test_csv_quotes)
{
	GString *out;

	rows[0].outcome = RES_DRAIN_TIMEOUT;
	g_strlcpy(rows[0].reason, "one, \"two\"\nthree", RES_REASON_BYTES);
	g_strlcpy(rows[1].variant, "#2", RES_NAME_BYTES);
	out = rep_build(&set, REP_CSV);
	ck_assert_ptr_nonnull(
	    strstr(out->str, ",\"one, \"\"two\"\"\nthree\"\n"));
	ck_assert_ptr_nonnull(strstr(out->str, "\n\"#2\",done,8600.0,"));
	ck_assert_ptr_nonnull(strstr(out->str, ",\"\"\n"));
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(test_csv_head)
{
	GString *out;

	set.title = "two\nlines";
	out = rep_build(&set, REP_CSV);
	ck_assert(g_str_has_prefix(out->str,
	    "# loansim: 0.1.0\n# scenario: fixture\n# title: two lines\n"
	    "# seed: 1\n# command: loansim run fixture\n"
	    "variant,outcome,throughput_KBps,"));
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(test_csv_records_have_all_fields)
{
	GString *out = rep_build(&set, REP_CSV);
	char **lines = g_strsplit(out->str, "\n", -1);

	/* 5 comments, the names, the rows, and what follows the last newline */
	ck_assert_uint_eq(g_strv_length(lines), 5 + 1 + FIXTURE_ROWS + 1);
	for (guint i = 5; i < 6 + FIXTURE_ROWS; i++) {
		char **fields = g_strsplit(lines[i], ",", -1);

		ck_assert_uint_eq(g_strv_length(fields), RES_N_COLUMNS + 3);
		g_strfreev(fields);
	}
	g_strfreev(lines);
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(test_table_is_aligned)
{
	GString *out;
	char **lines;

	g_strlcpy(rows[1].variant, "h\xc3\xa9t\xc3\xa9rog\xc3\xa8ne",
	    RES_NAME_BYTES);
	out = rep_build(&set, REP_TABLE);
	lines = g_strsplit(out->str, "\n", -1);
	ck_assert_str_eq(lines[0], set.title);
	ck_assert_str_eq(lines[1], "");
	for (guint i = 3; i < 3 + FIXTURE_ROWS; i++)
		ck_assert_int_eq(g_utf8_strlen(lines[i], -1),
		    g_utf8_strlen(lines[2], -1));
	ck_assert_str_eq(lines[3 + FIXTURE_ROWS], "");
	g_strfreev(lines);
	g_string_free(out, TRUE);
}
END_TEST

/* below, if any has clients; and of what none has abandoned, nothing */
START_TEST(test_table_of_clients)
{
	GString *out;

	for (size_t i = 0; i < FIXTURE_ROWS; i++)
		for (int col = RES_REQUESTS; col <= RES_WRITES_EPIPE; col++)
			rows[i].value[col] = 0;
	out = rep_build(&set, REP_TABLE);
	ck_assert_ptr_null(strstr(out->str, "requests"));
	g_string_free(out, TRUE);
	rows[0].value[RES_REQUESTS] = 3;
	out = rep_build(&set, REP_TABLE);
	ck_assert_ptr_nonnull(strstr(out->str, "requests"));
	ck_assert_ptr_null(strstr(out->str, "abandoned"));
	ck_assert_ptr_null(strstr(out->str, "EPIPE"));
	g_string_free(out, TRUE);
	rows[1].value[RES_REQUESTS_ABANDONED] = 7;
	out = rep_build(&set, REP_TABLE);
	ck_assert_ptr_nonnull(strstr(out->str, "abandoned\n"));
	ck_assert_ptr_null(strstr(out->str, "EPIPE"));
	g_string_free(out, TRUE);
	rows[2].value[RES_WRITES_EPIPE] = 5;
	out = rep_build(&set, REP_TABLE);
	ck_assert_ptr_nonnull(strstr(out->str, "abandoned  EPIPE\n"));
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(test_table_tells_how_it_ended)
{
	GString *out;

	rows[2].outcome = RES_DEADLOCK;
	g_strlcpy(rows[2].reason, "ttcp waits in write\nat 2 s",
	    RES_REASON_BYTES);
	out = rep_build(&set, REP_TABLE);
	ck_assert(g_str_has_suffix(
	    out->str, "\nloan-no-fix: deadlock: ttcp waits in write\n"));
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(test_table_tells_of_underruns)
{
	GString *out;

	rows[0].value[RES_TX_UNDERRUNS] = 17;
	out = rep_build(&set, REP_TABLE);
	ck_assert(g_str_has_suffix(out->str,
	    "\nbefore: 17 frames cut by transmit underruns\n"));
	g_string_free(out, TRUE);
	rows[0].value[RES_TX_UNDERRUNS] = 1;
	out = rep_build(&set, REP_TABLE);
	ck_assert(g_str_has_suffix(out->str,
	    "\nbefore: 1 frame cut by a transmit underrun\n"));
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(test_format_names)
{
	ck_assert_int_eq(rep_find_format("table"), REP_TABLE);
	ck_assert_int_eq(rep_find_format("jsonl"), REP_JSONL);
	ck_assert_int_eq(rep_find_format("xml"), REP_N_FORMATS);
	ck_assert_ptr_null(rep_format_names[REP_N_FORMATS]);
}
END_TEST

static Suite *
formats_suite(void)
{
	Suite *suite = suite_create("report formats");
	TCase *tc = tcase_create("formats");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, test_json_reads_back);
	tcase_add_loop_test(tc, test_numbers_are_exact, 0, REP_N_FORMATS);
	tcase_add_test(tc, test_largest_number);
	tcase_add_test(tc, test_json_expectations);
	tcase_add_test(tc, test_jsonl_lines_stand_alone);
	tcase_add_test(tc, test_json_text_survives);
	tcase_add_test(tc, test_json_repairs_what_is_not_utf8);
	tcase_add_loop_test(tc, test_crash_has_no_numbers, 0, REP_N_FORMATS);
	tcase_add_test(tc, test_csv_quotes);
	tcase_add_test(tc, test_csv_head);
	tcase_add_test(tc, test_csv_records_have_all_fields);
	tcase_add_test(tc, test_table_is_aligned);
	tcase_add_test(tc, test_table_of_clients);
	tcase_add_test(tc, test_table_tells_how_it_ended);
	tcase_add_test(tc, test_table_tells_of_underruns);
	tcase_add_test(tc, test_format_names);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(formats_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
