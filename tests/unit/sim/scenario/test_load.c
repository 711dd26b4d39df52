/*
 * Loading: layers in their order, every mistake told with its line, and what is
 * no scenario at all.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/sim/scenario_fixture.h"

static const struct scn_point *
first(const struct scn_fixture *fix)
{
	g_autofree char *all = fix_all(fix);

	ck_assert_msg(fix->scn != NULL, "%s", all);
	return scn_point(fix->scn, 0);
}

/* assert_mistakes: exactly these, in this order; NULL ends the list */
static void
assert_mistakes(const struct scn_fixture *fix, const char *const *expected)
{
	g_autofree char *all = fix_all(fix);
	size_t i;

	for (i = 0; expected[i] != NULL; i++)
		ck_assert_msg(i < fix->errors->len &&
		    strstr(g_ptr_array_index(fix->errors, i),
		    expected[i]) != NULL, "expected \"%s\":%s",
		    expected[i], all);
	ck_assert_msg(fix->errors->len == i, "more than expected:%s", all);
}

static void
assert_mistake(const char *text, const char *expected)
{
	const char *const list[] = { expected, NULL };
	struct scn_fixture fix = fix_load(text, NULL);

	assert_mistakes(&fix, list);
	fix_fini(&fix);
}

START_TEST(one_line_is_enough)
{
	struct scn_fixture fix = fix_load("[process p]\n", NULL);
	const struct scn_point *pt = first(&fix);

	ck_assert_str_eq(scn_name(fix.scn), "t");
	ck_assert_uint_eq(scn_n_points(fix.scn), 1);
	ck_assert_str_eq(scn_point_name(pt), "base");
	ck_assert_uint_eq(scn_n_processes(pt), 1);
	ck_assert_str_eq(scn_process_name(pt, 0), "p");
	/* defaults of the schema: 10 s, 64 KiB; of the profiles: 200 MHz */
	ck_assert_int_eq(scn_get(pt, SCN_DURATION), INT64_C(10000000000000));
	ck_assert_int_eq(scn_process_get(pt, 0, SCN_PROC_WRITE_SIZE), 65536);
	ck_assert_int_eq(scn_get(pt, SCN_CPU_CLOCK), 200000000);
	ck_assert_int_eq(scn_get(pt, SCN_TCP_SENDSPACE), 16384);
	ck_assert_str_eq(scn_get_text(pt, SCN_TITLE), "");
	fix_fini(&fix);
}
END_TEST

/* profile, then the file's key, then the variant's, then the override */
START_TEST(later_layers_win)
{
	static const char text[] =
	    "[variant a]\n"		/* may stand before what it changes */
	    "process.p.write_size = 8 KiB\n"
	    "kernel.hz = 200 Hz\n"
	    "[variant b]\n"
	    "[process p]\nwrite_size = 4 KiB\n"
	    "[process q]\n"
	    "[kernel]\nhz = 1000 Hz\n";
	static const char *const overrides[] = {
		"kernel.hz=50 Hz", " process.q.align = 3 B ",
		"kernel.hz=60 Hz", NULL
	};
	struct scn_fixture fix = fix_load(text, NULL);
	const struct scn_point *a = first(&fix);
	const struct scn_point *b = scn_point(fix.scn, 1);

	ck_assert_uint_eq(scn_n_points(fix.scn), 2);
	ck_assert_str_eq(scn_point_name(b), "b");
	ck_assert_int_eq(scn_get(a, SCN_HZ), 200);
	ck_assert_int_eq(scn_get(b, SCN_HZ), 1000);
	ck_assert_int_eq(scn_process_get(a, 0, SCN_PROC_WRITE_SIZE), 8192);
	ck_assert_int_eq(scn_process_get(b, 0, SCN_PROC_WRITE_SIZE), 4096);
	ck_assert_int_eq(scn_process_get(a, 1, SCN_PROC_WRITE_SIZE), 65536);
	/* a value that a scenario chose has not the profile's origin */
	ck_assert_ptr_null(scn_get_origin(a, SCN_HZ));
	ck_assert_ptr_nonnull(scn_get_origin(a, SCN_CPU_CLOCK));
	fix_fini(&fix);

	fix = fix_load(text, overrides);
	for (size_t i = 0; i < 2; i++) {
		first(&fix);
		ck_assert_int_eq(scn_get(scn_point(fix.scn, i), SCN_HZ), 60);
		ck_assert_int_eq(scn_process_get(scn_point(fix.scn, i), 1,
		    SCN_PROC_ALIGN), 3);
	}
	fix_fini(&fix);
}
END_TEST

START_TEST(all_mistakes_in_order_of_lines)
{
	static const char *const expected[] = {
		"t.scn:2: error: [scenario] duration: \"5000 s\" is out of "
		    "range; permitted: 1 ms .. 4000 s",
		"t.scn:3: error: [scenario] warmup: \"20\" has no unit; "
		    "permitted: ps, ns, us, ms, s",
		"t.scn:4: error: [bord]: unknown group",
		"t.scn:6: error: [kernel] tcp_outptu: unknown key",
		"t.scn:7: error: \"junk\" is neither",
		"t.scn:8: error: [process 9 x]: bad name",
		"t.scn:10: error: [process p] program: \"ttpc\" is not known; "
		    "permitted: ttcp, ttcp-r, udpstream, udpsink, scribbler, "
		    "mmapwin, ftpd, httpd, smbd, nfsd, filecopy, client, "
		    "replay; did you mean "
		    "\"ttcp\"?",
		"t.scn:12: error: [variant v] process.q.align: there is no",
		"t.scn:13: error: [variant v] kernle.hz: unknown group",
		"t.scn:14: error: [variant v] kernel.profile: a profile holds",
		"t.scn:15: error: [variant v] hz: is no full name",
		"t.scn:16: error: [variant v]: a second variant",
		"t.scn:17: error: [process p]: a second process",
		"t.scn:18: error: [kernel]: given twice; the first is in "
		    "line 5",
		"t.scn:19: error: [link x]: takes no name",
		NULL
	};
	struct scn_fixture fix = fix_load(
	    "[scenario]\n"
	    "duration = 5000 s\n"
	    "warmup = 20\n"
	    "[bord]\n"
	    "[kernel]\n"
	    "tcp_outptu = copy\n"
	    "junk\n"
	    "[process 9 x]\n"
	    "[process p]\n"
	    "program = ttpc\n"
	    "[variant v]\n"
	    "process.q.align = 3 B\n"
	    "kernle.hz = 100 Hz\n"
	    "kernel.profile = x\n"
	    "hz = 100 Hz\n"
	    "[variant v]\n"
	    "[process p]\n"
	    "[kernel]\n"
	    "[link x]\n", NULL);

	assert_mistakes(&fix, expected);
	fix_fini(&fix);
}
END_TEST

START_TEST(rules_between_keys)
{
	assert_mistake("[scenario]\nduration = 1 s\n[process p]\n",
	    "t.scn:2: error: [scenario] duration: the warm-up must end before "
	    "the duration; warmup is 1 s, duration is 1 s");
	assert_mistake("[scenario]\nduration = 3881 s\n[process p]\n",
	    "at most 4000 s; duration is 3881 s, drain is 120 s");
	assert_mistake("[peer]\ndelack_timer = 1 ms\ndelack_phase = 1 ms\n"
	    "[process p]\n", "t.scn:3: error: [peer] delack_phase: the phase");
	assert_mistake("[process p]\nso_sndlowat = 16385 B\n",
	    "t.scn:2: error: [process p] so_sndlowat: the low-water mark");
	assert_mistake("[process p]\nso_sndlowat = 4 KiB\nso_sndbuf = 4095 B\n",
	    "t.scn:3: error: [process p] so_sndbuf: the low-water mark");
	assert_mistake("[process p]\nstart = 10 s\n",
	    "t.scn:2: error: [process p] start: a process must start before");
	assert_mistake("[process p]\nrepeat = 2\n",
	    "t.scn:2: error: [process p] repeat: only a finite total can be");
	assert_mistake("[process p]\nrefill_bytes = 4 KiB\n",
	    "t.scn:2: error: [process p] refill_bytes: a part of a buffer "
	    "says nothing without a refill; refill_bytes is 4 KiB, refill is "
	    "none");
	assert_mistake("[process p]\nwrite_size = 64 MiB\nn_buffers = 8\n"
	    "[process q]\nwrite_size = 64 MiB\nn_buffers = 9\n",
	    "t.scn:6: error: [process q] n_buffers: the buffers of all");
	assert_mistake("[process p]\ncount = 33\nwrite_size = 32 MiB\n",
	    "t.scn:3: error: [process p] write_size: the buffers of all");
	assert_mistake("[process p]\ncount = 20000\nwrite_size = 1 B\n"
	    "[process q]\ncount = 20000\nwrite_size = 1 B\n[process r]\n",
	    "t.scn: error: [process r] count: there may be at most 40000 "
	    "processes in all; count is 1");
	assert_mistake("[peer]\nkind = host\n[process p]\n[process q]\n"
	    "host = peer\ncount = 2\nprogram = ttcp-r\n",
	    "t.scn:7: error: [process q] program: a port has one listener");
	assert_mistake("[board]\nnic.rx_bundle = yes\nnic.kind = tlp\n"
	    "[process p]\n", "t.scn:3: error: [board] nic.kind: only fxp has "
	    "microcode that bundles what it receives");
	assert_mistake("[board]\ndisk.seek_single = 13 ms\n[process p]\n",
	    "t.scn:2: error: [board] disk.seek_single: a longer seek takes no "
	    "less time; disk.seek_single is 13 ms, disk.seek_average is 12 ms");
	assert_mistake("[peer]\nkind = host\n[peer-board]\n"
	    "disk.seek_full = 11 ms\n[process p]\n",
	    "t.scn:4: error: [peer-board] disk.seek_full: a longer seek");
}
END_TEST

/* what says nothing, what cannot be, and what would take for ever */
START_TEST(rules_of_a_path)
{
	assert_mistake("[path]\nburst = 3\n[process p]\n",
	    "t.scn:2: error: [path] burst: a burst says nothing without a "
	    "loss, if only of 0 %; burst is 3, loss is 0 %");
	assert_mistake("[path-back]\nburst = 1.5\nloss = 50 %\n"
	    "[process p]\n", "t.scn:3: error: [path-back] loss: a burst is 1, "
	    "or at least 1 / (1 - loss)");
	assert_mistake("[path]\nreorder_delay = 1 ms\n[process p]\n",
	    "t.scn:2: error: [path] reorder_delay: a delay says nothing");
	assert_mistake("[path-back]\nreorder = 1 %\n[process p]\n",
	    "t.scn:2: error: [path-back] reorder: frames are held back for "
	    "longer than no time; reorder is 1 %, reorder_delay is 0 s");
	assert_mistake("[path]\nqueue = 50\n[process p]\n",
	    "t.scn:2: error: [path] queue: a queue says nothing without the "
	    "rate of a hop; queue is 50, rate is none");
	/* 82 frames of 1538 bytes at 1 kbit/s: 1008.9 s */
	assert_mistake("[path-back]\nqueue = 82\nrate = 1 kbit/s\n"
	    "[process p]\n", "t.scn:3: error: [path-back] rate: a full queue "
	    "must be through the hop within 1000 s; queue is 82");
	/* told once: a variant without loss has the burst all the same */
	assert_mistake("[path]\nburst = 3\n[process p]\n[variant clean]\n"
	    "[variant lossy]\npath.loss = 1 %\n",
	    "t.scn:2: error: [path] burst: a burst says nothing without");
}
END_TEST

/* 81 frames: 996.6 s.  A loss of 50 % has bursts of 2.  What is 0 is said. */
START_TEST(rules_of_a_path_have_edges)
{
	struct scn_fixture fix = fix_load(
	    "[path]\nqueue = 81\nrate = 1 kbit/s\nloss = 50 %\nburst = 2\n"
	    "reorder = 1 %\nreorder_delay = 1 ps\n"
	    "[path-back]\nqueue = 9\nrate = none\nloss = 0 %\nburst = 9\n"
	    "reorder = 0\nreorder_delay = 1 ms\n[process p]\n", NULL);

	first(&fix);
	fix_fini(&fix);
}
END_TEST

/* just inside of each of them */
START_TEST(rules_have_exact_edges)
{
	struct scn_fixture fix = fix_load(
	    "[scenario]\nduration = 3880 s\nwarmup = 3879.999999999999 s\n"
	    "[peer]\ndelack_timer = 1 ms\ndelack_phase = 999999999 ps\n"
	    "[process p]\nso_sndlowat = 16384 B\nstart = 3879 s\n"
	    "write_size = 64 MiB\nn_buffers = 8\n"
	    "[process q]\nwrite_size = 64 MiB\nn_buffers = 8\n", NULL);

	first(&fix);
	fix_fini(&fix);
}
END_TEST

/* a rule that all variants break through one line is told once */
START_TEST(inherited_mistakes_are_told_once)
{
	assert_mistake("[process p]\nstart = 10 s\n[variant a]\n[variant b]\n",
	    "t.scn:2: error: [process p] start");
	assert_mistake("[process p]\n[variant a]\n"
	    "scenario.warmup = 10 s\n[variant b]\n",
	    "t.scn:3: error: [scenario] warmup: the warm-up must end");
}
END_TEST

START_TEST(overrides_are_checked)
{
	static const char *const bad[] = {
		"kernel.hz=5 Hz", "kernel.hz", "hz=5 Hz", "kernel.zh=5 Hz",
		"process.q.align=3 B", "process.align=3 B", "variant.a=1",
		"kernel.hz=\xff", NULL
	};
	static const char *const expected[] = {
		"-s \"kernel.hz=5 Hz\": error: kernel.hz: \"5 Hz\" is out of",
		"-s \"kernel.hz\": error: is not of the form",
		"-s \"hz=5 Hz\": error: is not of the form",
		"unknown key \"zh\" in [kernel]; did you mean \"hz\"?",
		"there is no [process NAME] named \"q\"; there is p",
		"is not of the form",
		"unknown group \"variant\"",
		"-s \"kernel.hz=\\xff\": error: not UTF-8",
		NULL
	};
	struct scn_fixture fix = fix_load("[process p]\n[variant a]\n"
	    "[variant b]\n", bad);

	assert_mistakes(&fix, expected);
	fix_fini(&fix);
}
END_TEST

static void
assert_bytes(const char *bytes, size_t len, const char *expected)
{
	const char *const list[] = { expected, NULL };
	struct scn_fixture fix = fix_load_bytes(bytes, len);

	assert_mistakes(&fix, list);
	fix_fini(&fix);
}

START_TEST(what_is_no_text)
{
	static const char nul[] = "[process p]\nalign = 3\0 B\n";
	static const char mark[] = "\xef\xbb\xbf[process p]\n";

	assert_bytes("", 0, "t.scn: error: the file is empty");
	assert_bytes("# nothing\n", 10, "no [process NAME] group");
	assert_bytes(nul, sizeof(nul) - 1, "t.scn:2: error: NUL byte");
	assert_bytes(mark, sizeof(mark) - 1,
	    "t.scn:1: error: byte-order mark");
	assert_bytes("# \xe9\n[process p]", 15,
	    "t.scn:1: error: not UTF-8: byte 0xe9 in column 3");
	assert_mistake("key = 1\n[process p]\n",
	    "t.scn:1: error: \"key = 1\" stands before the first [group]");
	assert_mistake("[process p]\n= 1\n", "t.scn:2: error: \"= 1\" is nei");
	assert_mistake("[process p\n[process q]\n",
	    "t.scn:1: error: \"[process p\" is no group header");
	assert_mistake("[process p] x\n[process q]\n", "is no group header");
}
END_TEST

START_TEST(long_lines_and_files)
{
	g_autofree char *line = g_strnfill(SCN_LINE_BYTES + 1, '#');
	g_autofree char *text = g_strdup_printf("[process p]\n%s\n%s\n",
	    line + 1, line);
	g_autofree char *file = g_strnfill(SCN_FILE_BYTES + 1, '#');

	assert_mistake(text, "t.scn:3: error: line of 4097 bytes; permitted: "
	    "at most 4096");
	assert_mistake(file, "t.scn: error: more than 4194304 bytes");
}
END_TEST

START_TEST(names_and_numbers_of_groups)
{
	g_autofree char *longest = g_strnfill(SCN_NAME_BYTES, 'n');
	g_autofree char *good = g_strdup_printf("[process \t%s]\n", longest);
	g_autofree char *bad = g_strdup_printf("[process %sn]\n", longest);
	struct scn_fixture fix = fix_load(good, NULL);
	GString *many = g_string_new(NULL);

	ck_assert_str_eq(scn_process_name(first(&fix), 0), longest);
	fix_fini(&fix);
	assert_mistake(bad, ": bad name; permitted: [process NAME]");
	assert_mistake("[process]\n", "t.scn:1: error: [process]: bad name");
	assert_mistake("[process a.b]\n", "bad name");
	assert_mistake("[process p]\n[variant]\n", "[variant]: bad name");
	for (int i = 0; i <= 256; i++)
		g_string_append_printf(many, "[process p%d]\n", i);
	assert_mistake(many->str, "too many processes; permitted: at most");
	g_string_assign(many, "[process p]\n");
	for (int i = 0; i <= SCN_MAX_VARIANTS; i++)
		g_string_append_printf(many, "[variant v%d]\n", i);
	assert_mistake(many->str, "too many variants; permitted: at most");
	g_string_free(many, TRUE);
}
END_TEST

/* no control sequence of a file reaches the terminal, and no flood of text */
START_TEST(messages_quote_with_care)
{
	struct scn_fixture fix;
	g_autofree char *wide = g_strnfill(3000, 'w');
	g_autofree char *text = g_strdup_printf("[process p]\n%s = 1\n"
	    "program = %s\n[%s]\n", wide, wide, wide);

	assert_mistake("[process p]\nprogram = \x1b[31mred\xc2\x9b\n",
	    "\"\\x1b[31mred\\xc2\\x9b\" is not known");
	fix = fix_load(text, NULL);
	ck_assert_uint_eq(fix.errors->len, 3);
	for (size_t i = 0; i < 3; i++)
		ck_assert_uint_lt(strlen(g_ptr_array_index(fix.errors, i)),
		    250);
	fix_fini(&fix);
}
END_TEST

START_TEST(floods_are_counted)
{
	GString *text = g_string_new("[process p]\n");
	struct scn_fixture fix;

	for (int i = 0; i < 10003; i++)
		g_string_append(text, "x\n");
	fix = fix_load(text->str, NULL);
	ck_assert_uint_eq(fix.errors->len, 10001);
	ck_assert_str_eq(g_ptr_array_index(fix.errors, 10000),
	    "error: and 3 more mistakes");
	fix_fini(&fix);
	g_string_free(text, TRUE);
}
END_TEST

/*
 * The same syntax as GKeyFile: each value that our scan finds is the one it
 * finds, in a text with all that the syntax allows.
 */
START_TEST(scans_as_gkeyfile_does)
{
	static const char text[] =
	    "# comment\n\n  # indented\n[one]\nplain=1\n spaced  =  2 x\n"
	    "equals = a=b=c\r\nempty =\n[two words]\n"
	    "hash = 1 # no comment\nbrackets = [x]\nutf = \xc3\xa9\nlast = 1";
	struct scn_mistakes *m = scn_mistakes_new();
	struct scn_text *ours = scn_text_new("t.scn", text,
	    sizeof(text) - 1, m);
	g_autoptr(GKeyFile) theirs = g_key_file_new();
	size_t n = 0;

	ck_assert(g_key_file_load_from_data(theirs, text, sizeof(text) - 1,
	    G_KEY_FILE_NONE, NULL));
	for (size_t g = 0; g < ours->groups->len; g++) {
		const struct scn_group *group = scn_text_group(ours, g);

		for (size_t i = 0; i < group->n_entries; i++, n++) {
			const struct scn_entry *entry =
			    scn_group_entry(ours, group, i);
			g_autofree char *value = g_key_file_get_value(theirs,
			    group->name, entry->key, NULL);

			ck_assert_pstr_eq(entry->value, value);
		}
	}
	ck_assert_uint_eq(n, 8);
	ck_assert_uint_eq(scn_mistakes_count(m), 0);
	scn_text_free(ours);
	scn_mistakes_free(m);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("load");
	TCase *tc = tcase_create("load");
	SRunner *runner;
	int failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	suite_add_tcase(suite, tc);
	tcase_add_test(tc, one_line_is_enough);
	tcase_add_test(tc, later_layers_win);
	tcase_add_test(tc, all_mistakes_in_order_of_lines);
	tcase_add_test(tc, rules_between_keys);
	tcase_add_test(tc, rules_of_a_path);
	tcase_add_test(tc, rules_of_a_path_have_edges);
	tcase_add_test(tc, rules_have_exact_edges);
	tcase_add_test(tc, inherited_mistakes_are_told_once);
	tcase_add_test(tc, overrides_are_checked);
	tcase_add_test(tc, what_is_no_text);
	tcase_add_test(tc, long_lines_and_files);
	tcase_add_test(tc, names_and_numbers_of_groups);
	tcase_add_test(tc, messages_quote_with_care);
	tcase_add_test(tc, floods_are_counted);
	tcase_add_test(tc, scans_as_gkeyfile_does);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
