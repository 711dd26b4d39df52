/*
 * Lists of frames to lose: what each form means, and every mistake told.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/drops.h"
#include "tests/support/sim/scenario_fixture.h"

static struct path_drops_config
parse(const char *text)
{
	struct path_drops_config config;
	g_autoptr(GPtrArray) wrong = g_ptr_array_new_with_free_func(g_free);

	ck_assert_msg(scn_drops_parse(text, &config, wrong), "%s", text);
	ck_assert_uint_eq(wrong->len, 0);
	return config;
}

static const struct {
	const char *text;
	struct path_drop drop;
} forms[] = {
	{ "data 20", { PATH_DROP_DATA, 20, 20, 0 } },
	{ "data 20+1", { PATH_DROP_DATA, 20, 20, 1 } },
	{ "data 20-25", { PATH_DROP_DATA, 20, 25, 0 } },
	{ "data 20-25+2", { PATH_DROP_DATA, 20, 25, 2 } },
	{ "data 20-20", { PATH_DROP_DATA, 20, 20, 0 } },
	{ "data \t 007", { PATH_DROP_DATA, 7, 7, 0 } },
	{ "ack 7", { PATH_DROP_ACK, 7, 7, 0 } },
	{ "syn 1", { PATH_DROP_SYN, 1, 1, 0 } },
	{ "fin 1-3", { PATH_DROP_FIN, 1, 3, 0 } },
	{ "  ack 7 ", { PATH_DROP_ACK, 7, 7, 0 } },
	/* the edges of what is permitted */
	{ "ack 1-1000000000", { PATH_DROP_ACK, 1, 1000000000, 0 } },
	{ "data 1-1000+100", { PATH_DROP_DATA, 1, 1000, 100 } },
};

START_TEST(one_entry)
{
	struct path_drops_config config = parse(forms[_i].text);
	const struct path_drop *drop = &forms[_i].drop;
	struct path_drops_config again;
	g_autofree char *text = NULL;

	ck_assert_uint_eq(config.n, 1);
	ck_assert_int_eq(config.list[0].kind, drop->kind);
	ck_assert_uint_eq(config.list[0].first, drop->first);
	ck_assert_uint_eq(config.list[0].last, drop->last);
	ck_assert_uint_eq(config.list[0].repeat, drop->repeat);
	text = scn_drop_format(drop);
	again = parse(text);
	ck_assert_mem_eq(&again, &config, sizeof config);
}
END_TEST

START_TEST(formats)
{
	g_autofree char *one = scn_drop_format(&forms[4].drop);
	g_autofree char *range = scn_drop_format(&forms[3].drop);
	g_autofree char *fin = scn_drop_format(&forms[8].drop);

	ck_assert_str_eq(one, "data 20");
	ck_assert_str_eq(range, "data 20-25+2");
	ck_assert_str_eq(fin, "fin 1-3");
}
END_TEST

START_TEST(many_entries)
{
	struct path_drops_config config =
	    parse("data 20, data 20+1,data 30-32 , ack 7, syn 1, fin 1");
	GString *most = g_string_new("ack 1");

	ck_assert_uint_eq(config.n, 6);
	ck_assert_int_eq(config.list[2].kind, PATH_DROP_DATA);
	ck_assert_uint_eq(config.list[2].last, 32);
	ck_assert_int_eq(config.list[5].kind, PATH_DROP_FIN);
	for (int i = 2; i <= PATH_MAX_DROPS; i++)
		g_string_append_printf(most, ", ack %d", i);
	ck_assert_uint_eq(parse(most->str).n, PATH_MAX_DROPS);
	g_string_free(most, TRUE);
}
END_TEST

START_TEST(none)
{
	struct scn_fixture fix = fix_load("[process p]\n", NULL);

	ck_assert_uint_eq(parse("none").n, 0);
	ck_assert_str_eq(scn_get_text(scn_point(fix.scn, 0), SCN_PATH_DROP),
	    "none");
	fix_fini(&fix);
}
END_TEST

static const struct {
	const char *text, *why;
} bads[] = {
	{ "", "\"\" is empty; permitted: none, or a list of data N" },
	{ "data 1,", "\"\" is empty" },
	{ ",data 1", "\"\" is empty" },
	{ "dta 20", "\"dta 20\" is no kind of frame; permitted: none, or" },
	{ "dta 20", "did you mean \"data\"?" },
	{ "data20", "\"data20\" is no kind of frame" },
	{ "none, ack 1", "\"none\" is no kind of frame" },
	{ "DATA 20", "is no kind of frame" },
	{ "20", "is no kind of frame" },
	{ "data", "\"data\" names no frame; permitted: none, or a list" },
	{ "data x", "names no frame" },
	{ "data -1", "names no frame" },
	{ "data 1-", "names no frame" },
	{ "data 1 - 2", "names no frame" },
	{ "data 1+", "names no frame" },
	{ "data 1+0", "names no frame" },
	{ "data 1+1-2", "names no frame" },
	{ "data 1 2", "names no frame" },
	{ "data 1 # one", "names no frame" },
	{ "data 0", "\"data 0\" is out of range; permitted: 1 .. 1000000000" },
	{ "ack 0-3", "is out of range" },
	{ "ack 1000000001", "is out of range" },
	{ "ack 100000000000000000000", "is out of range" },
	{ "ack 4294967297", "is out of range" },	/* 2^32 + 1 */
	{ "data 5-3", "ends before it begins; permitted: a range N-M" },
	{ "ack 7+1", "counts retransmissions of what is no data" },
	{ "data 1+101", "permitted: retransmissions +1 .. +100" },
	{ "data 1-1001+1", "retransmissions of at most 1000 segments" },
	{ "data 20, data 20", "\"data 20\" is listed already" },
	{ "ack 5-9, ack 1-5", "\"ack 1-5\" is listed already" },
	{ "data 3+1, data 1-7+1", "is listed already" },
	{ "ack \x1b[31m", "\"ack \\x1b[31m\" names no frame" },
};

START_TEST(one_mistake)
{
	g_autoptr(GPtrArray) wrong = g_ptr_array_new_with_free_func(g_free);
	struct path_drops_config config;

	ck_assert(!scn_drops_parse(bads[_i].text, &config, wrong));
	ck_assert_uint_eq(wrong->len, 1);
	ck_assert_msg(strstr(g_ptr_array_index(wrong, 0), bads[_i].why) !=
	    NULL, "%s: %s", bads[_i].text,
	    (char *)g_ptr_array_index(wrong, 0));
	/* nobody need listen */
	ck_assert(!scn_drops_parse(bads[_i].text, &config, NULL));
}
END_TEST

START_TEST(one_entry_too_many)
{
	g_autoptr(GPtrArray) wrong = g_ptr_array_new_with_free_func(g_free);
	struct path_drops_config config;
	GString *text = g_string_new("ack 1");

	for (int i = 2; i <= PATH_MAX_DROPS + 1; i++)
		g_string_append_printf(text, ", ack %d", i);
	ck_assert(!scn_drops_parse(text->str, &config, wrong));
	ck_assert_uint_eq(wrong->len, 1);
	ck_assert_str_eq(g_ptr_array_index(wrong, 0),
	    "\"ack 41\" is one too many; permitted: at most 40 entries");
	g_string_free(text, TRUE);
}
END_TEST

/* All mistakes of a list, and those around it, each with its line. */
START_TEST(all_mistakes_of_a_file)
{
	struct scn_fixture fix = fix_load("[path]\nloss = 101 %\n"
	    "drop = data 5-3, ack 1, akc 2, fin 0\n"
	    "[path-back]\ndrop = syn\n[process p]\n", NULL);

	ck_assert_uint_eq(fix.errors->len, 5);
	ck_assert(fix_says(&fix, "t.scn:2: error: [path] loss: \"101 %\" is "
	    "out of range; permitted: 0 % .. 100 %"));
	ck_assert(fix_says(&fix, "t.scn:3: error: [path] drop: \"data 5-3\" "
	    "ends before it begins"));
	ck_assert(fix_says(&fix, "t.scn:3: error: [path] drop: \"akc 2\" is "
	    "no kind of frame"));
	ck_assert(fix_says(&fix, "did you mean \"ack\"?"));
	ck_assert(fix_says(&fix, "t.scn:3: error: [path] drop: \"fin 0\" is "
	    "out of range"));
	ck_assert(fix_says(&fix, "t.scn:5: error: [path-back] drop: \"syn\" "
	    "names no frame"));
	fix_fini(&fix);
}
END_TEST

/* A variant takes back what the scenario lists. */
START_TEST(variants)
{
	struct scn_fixture fix = fix_load("[path]\ndrop = data 20\n"
	    "[process p]\n[variant clean]\npath.drop = none\n"
	    "[variant back]\npath-back.drop = ack 7\n", NULL);

	ck_assert_ptr_nonnull(fix.scn);
	ck_assert_str_eq(scn_get_text(scn_point(fix.scn, 0), SCN_PATH_DROP),
	    "none");
	ck_assert_str_eq(scn_get_text(scn_point(fix.scn, 1), SCN_PATH_DROP),
	    "data 20");
	ck_assert_str_eq(scn_get_text(scn_point(fix.scn, 1), SCN_BACK_DROP),
	    "ack 7");
	fix_fini(&fix);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("drops");
	TCase *tc = tcase_create("drops");
	SRunner *runner;
	int failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	suite_add_tcase(suite, tc);
	tcase_add_loop_test(tc, one_entry, 0, G_N_ELEMENTS(forms));
	tcase_add_test(tc, formats);
	tcase_add_test(tc, many_entries);
	tcase_add_test(tc, none);
	tcase_add_loop_test(tc, one_mistake, 0, G_N_ELEMENTS(bads));
	tcase_add_test(tc, one_entry_too_many);
	tcase_add_test(tc, all_mistakes_of_a_file);
	tcase_add_test(tc, variants);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
