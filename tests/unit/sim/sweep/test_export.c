/*
 * Exports: a row for each point that is there, in order, with its units.
 */
#include <check.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "sim/sweep/export.h"
#include "tests/support/sim/made_store.h"

static struct made_folder folder;

static void
setup(void)
{
	folder_init(&folder);
}

static void
teardown(void)
{
	folder_fini(&folder);
}

/* exported: the text of a store's export; g_free it */
static char *
exported(const char *path, enum rep_format format, bool effective)
{
	const char *file = folder_file(&folder, "out");
	const struct rep_output output = { .path = file, .force = true };
	const struct store_export how = { format, effective, "loansim x" };
	struct store *store = store_view(path, NULL);
	struct rep_stream *stream = rep_stream_open(&output, NULL);
	char *text = NULL;
	size_t n = 0;

	ck_assert_ptr_nonnull(store);
	ck_assert(store_export(store, &how, stream, &n, NULL));
	ck_assert(rep_stream_close(stream, NULL));
	ck_assert_uint_eq(n, store_n_recorded(store));
	ck_assert(store_close(store, NULL));
	ck_assert(g_file_get_contents(file, &text, NULL, NULL));
	return text;
}

START_TEST(test_csv)
{
	const char *path = folder_file(&folder, "a.db");
	g_auto(GStrv) lines = NULL;
	g_autofree char *text = NULL;

	made_store(path, made_scenario, 0xff, NULL);
	text = exported(path, REP_CSV, false);
	lines = g_strsplit(text, "\n", -1);
	ck_assert(g_str_has_prefix(lines[0], "# loansim: "));
	ck_assert_str_eq(lines[1], "# scenario: t");
	ck_assert_str_eq(lines[2], "# title: Made, not \"run\"");
	ck_assert_str_eq(lines[3], "# points: 8");
	ck_assert_str_eq(lines[4], "# command: loansim x");
	ck_assert(g_str_has_prefix(lines[5], "point,variant,replication,seed,"
	    "process.ttcp.write_size_B,outcome,throughput_KBps,"));
	ck_assert(g_str_has_suffix(lines[5], ",fingerprint,reason"));
	ck_assert(g_str_has_prefix(lines[6],
	    "1,before,1,1,1024,done,1000.0,"));
	ck_assert(g_str_has_prefix(lines[13],
	    "8,loan,2,2,4096,done,1007.0,"));
	ck_assert_uint_eq(g_strv_length(lines), 15);
}
END_TEST

static void
cut_off(struct res_row *row)
{
	row->outcome = RES_CRASHED;
	g_strlcpy(row->reason, "one, \"two\"\nthree", RES_REASON_BYTES);
}

START_TEST(test_csv_without_numbers)
{
	const char *path = folder_file(&folder, "a.db");
	g_autofree char *text = NULL;
	g_autofree char *wanted = NULL;
	GString *commas = g_string_new(NULL);

	made_store(path, made_scenario, 1, cut_off);
	text = exported(path, REP_CSV, false);
	for (int i = 0; i < RES_N_COLUMNS; i++)
		g_string_append_c(commas, ',');
	wanted = g_strdup_printf("\n1,before,1,1,1024,crashed%s,",
	    commas->str);
	ck_assert_ptr_nonnull(strstr(text, wanted));
	ck_assert(g_str_has_suffix(text, ",\"one, \"\"two\"\"\nthree\"\n"));
	g_string_free(commas, TRUE);
}
END_TEST

static JsonObject *
root_of(JsonParser *parser, const char *text)
{
	GError *error = NULL;

	json_parser_load_from_data(parser, text, -1, &error);
	ck_assert_msg(error == NULL, "%s in %s", error != NULL ?
	    error->message : "", text);
	return json_node_get_object(json_parser_get_root(parser));
}

START_TEST(test_json)
{
	const char *path = folder_file(&folder, "a.db");
	g_autofree char *text = NULL;
	JsonParser *parser = json_parser_new();
	JsonObject *root, *row, *axis;

	made_store(path, made_scenario, 0xf0, NULL);
	text = exported(path, REP_JSON, false);
	root = root_of(parser, text);
	ck_assert_int_eq(json_object_get_int_member(root, "schema"), 1);
	ck_assert_int_eq(json_object_get_int_member(root, "points"), 8);
	axis = json_array_get_object_element(
	    json_object_get_array_member(root, "axes"), 0);
	ck_assert_str_eq(json_object_get_string_member(axis, "key"),
	    "process.ttcp.write_size");
	ck_assert_uint_eq(json_array_get_length(
	    json_object_get_array_member(root, "rows")), 4);
	row = json_array_get_object_element(
	    json_object_get_array_member(root, "rows"), 0);
	ck_assert_int_eq(json_object_get_int_member(row, "point"), 5);
	ck_assert_int_eq(json_object_get_int_member(row,
	    "process.ttcp.write_size_B"), 4096);
	ck_assert_uint_eq(strlen(json_object_get_string_member(row,
	    "fingerprint_costs")), REP_HASH_BYTES - 1);
	g_object_unref(parser);
}
END_TEST

START_TEST(test_json_of_nothing)
{
	const char *path = folder_file(&folder, "a.db");
	g_autofree char *text = NULL;
	JsonParser *parser = json_parser_new();
	JsonObject *root;

	made_store(path, "[process p]\n", 0, NULL);
	text = exported(path, REP_JSON, false);
	root = root_of(parser, text);
	ck_assert_uint_eq(json_array_get_length(
	    json_object_get_array_member(root, "rows")), 0);
	ck_assert_uint_eq(json_array_get_length(
	    json_object_get_array_member(root, "axes")), 0);
	g_object_unref(parser);
}
END_TEST

/* Words are no numbers, and numbers are those of JSON. */
START_TEST(test_json_values)
{
	static const char scenario[] = "[process ttcp]\n[sweep]\n"
	    "process.ttcp.total = unlimited, 1 MiB\n"
	    "process.ttcp.start = 0 s, 1 us\n"
	    "kernel.sosend_loan = no, yes\n";
	const char *path = folder_file(&folder, "a.db");
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	JsonParser *parser = json_parser_new();
	JsonObject *row;

	made_store(path, scenario, 0x81, NULL);
	text = exported(path, REP_JSONL, false);
	lines = g_strsplit(text, "\n", -1);
	ck_assert_uint_eq(g_strv_length(lines), 3);
	row = root_of(parser, lines[0]);
	ck_assert_str_eq(json_object_get_string_member(row,
	    "process.ttcp.total_B"), "unlimited");
	ck_assert_str_eq(json_object_get_string_member(row,
	    "kernel.sosend_loan"), "no");
	row = root_of(parser, lines[1]);
	ck_assert_int_eq(json_object_get_int_member(row,
	    "process.ttcp.total_B"), 1 << 20);
	ck_assert(json_object_get_double_member(row,
	    "process.ttcp.start_us") == 1.0);
	ck_assert(!json_object_has_member(row, "effective"));
	g_object_unref(parser);
}
END_TEST

START_TEST(test_jsonl_with_scenarios)
{
	const char *path = folder_file(&folder, "a.db");
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	JsonParser *parser = json_parser_new();
	const char *effective;

	made_store(path, made_scenario, 0x84, NULL);
	text = exported(path, REP_JSONL, true);
	lines = g_strsplit(text, "\n", -1);
	ck_assert_uint_eq(g_strv_length(lines), 3);
	effective = json_object_get_string_member(root_of(parser, lines[1]),
	    "effective");
	ck_assert_ptr_nonnull(strstr(effective, "\nwrite_size = 4 KiB\n"));
	ck_assert_ptr_nonnull(strstr(effective, "\nseed = 2\n"));
	ck_assert(g_str_has_suffix(effective, "\n[variant loan]\n"));
	g_object_unref(parser);
}
END_TEST

/* What is recorded last but stands first is printed first. */
START_TEST(test_order)
{
	const char *a = folder_file(&folder, "a.db");
	const char *b = folder_file(&folder, "b.db");
	g_autofree char *one = NULL;
	g_autofree char *other = NULL;

	made_store(a, made_scenario, 0xff, NULL);
	made_store(b, made_scenario, 0xaa, NULL);
	made_store(b, made_scenario, 0x55, NULL);
	one = exported(a, REP_CSV, false);
	other = exported(b, REP_CSV, false);
	ck_assert_str_eq(one, other);
}
END_TEST

START_TEST(test_full_device)
{
	const char *path = folder_file(&folder, "a.db");
	const struct rep_output output = { .path = "/dev/full" };
	const struct store_export how = { REP_CSV, false, "" };
	struct rep_stream *stream = rep_stream_open(&output, NULL);
	struct store *store;
	size_t n;

	made_store(path, made_scenario, 0xff, NULL);
	store = store_view(path, NULL);
	/* it all fits into what is held back */
	ck_assert(store_export(store, &how, stream, &n, NULL));
	ck_assert(!rep_stream_close(stream, NULL));
	ck_assert(store_close(store, NULL));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("export");
	TCase *tc = tcase_create("core");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_csv);
	tcase_add_test(tc, test_csv_without_numbers);
	tcase_add_test(tc, test_json);
	tcase_add_test(tc, test_json_of_nothing);
	tcase_add_test(tc, test_json_values);
	tcase_add_test(tc, test_jsonl_with_scenarios);
	tcase_add_test(tc, test_order);
	tcase_add_test(tc, test_full_device);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
