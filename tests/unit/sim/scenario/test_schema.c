/*
 * The bounds of every key, generated from the schema: what is inside is taken,
 * what is outside or no value at all is refused, by name and line.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/sim/scenario_fixture.h"

/* The line of the key in the text that with_lines() makes. */
#define KEY_LINE	"t.scn:2: error: "

/* Every key, and those of a machine once more, for the far host. */
enum { N_PLACES = SCN_N_KEYS + SCN_N_MACHINE };

/* Is the key that a test looks at one of the far host? */
static bool is_far;

/* at_place: the key in that place, 0 .. N_PLACES - 1 */
static enum scn_key
at_place(int i)
{
	is_far = i >= SCN_N_KEYS;
	return (enum scn_key)(is_far ? i - SCN_N_KEYS + SCN_MACHINE_FIRST : i);
}

/* with_lines: a scenario that gives one key these lines; g_free it */
static char *
with_lines(enum scn_key key, const char *lines)
{
	if (scn_key_is_process(key))
		return g_strdup_printf("[process p]\n%s\n", lines);
	if (scn_key_kind(key) == SCN_FILES)
		return g_strdup_printf("[file f]\n%s\n%s[process p]\n",
		    lines, key == SCN_FILE_SIZE ? "" : "size = 1 B\n");
	return g_strdup_printf("[%s%s]\n%s\n[process p]\n%s",
	    is_far ? "peer-" : "", scn_row(key)->group, lines,
	    is_far ? "[peer]\nkind = host\n" : "");
}

static int64_t
value_of(const struct scn_point *pt, enum scn_key key)
{
	if (is_far)
		return scn_get_far(pt, key);
	switch (scn_key_kind(key)) {
	case SCN_FILES:
		return scn_file_get(pt, 0, key);
	case SCN_PROCESSES:
		return scn_process_get(pt, 0, key);
	case SCN_N_KINDS:
		break;
	}
	return scn_get(pt, key);
}

static struct scn_fixture
load_value(enum scn_key key, const char *value)
{
	g_autofree char *line = g_strdup_printf("%s = %s",
	    scn_row(key)->name, value);
	g_autofree char *text = with_lines(key, line);

	return fix_load(text, NULL);
}

/*
 * is_value_refused: was the value itself found bad?
 *
 * A rule between keys may refuse it as well (a warm-up of 4000 s has no longer
 * duration beside it): its message says nothing of what is permitted.
 */
static bool
is_value_refused(const struct scn_fixture *fix)
{
	return fix_says(fix, "; permitted: ");
}

static void
assert_taken(enum scn_key key, const char *value, int64_t expected)
{
	struct scn_fixture fix = load_value(key, value);
	g_autofree char *all = fix_all(&fix);

	ck_assert_msg(!is_value_refused(&fix), "%s = %s:%s",
	    scn_row(key)->name, value, all);
	if (fix.scn != NULL)
		ck_assert_int_eq(expected,
		    value_of(scn_point(fix.scn, 0), key));
	fix_fini(&fix);
}

/* assert_refused: one mistake, at the key's line, that says why */
static void
assert_refused(enum scn_key key, const char *value, const char *why)
{
	struct scn_fixture fix = load_value(key, value);
	g_autofree char *all = fix_all(&fix);

	ck_assert_msg(fix.errors->len == 1 && fix_says(&fix, KEY_LINE) &&
	    fix_says(&fix, scn_row(key)->name) && fix_says(&fix, why),
	    "%s = %s: expected \"%s\":%s", scn_row(key)->name, value, why,
	    all);
	fix_fini(&fix);
}

static const char *
base_unit(enum scn_unit unit)
{
	static const char *const names[SCN_N_UNITS] = {
		[SCN_UNIT_COUNT] = "", [SCN_UNIT_RATIO] = "",
		[SCN_UNIT_PROBABILITY] = "",
		[SCN_UNIT_INSN] = "", [SCN_UNIT_BYTES] = " B",
		[SCN_UNIT_TIME] = " ps", [SCN_UNIT_FREQUENCY] = " Hz",
		[SCN_UNIT_BIT_RATE] = " bit/s",
		[SCN_UNIT_BYTE_RATE] = " B/s",
	};

	return names[unit];
}

/* in_base: a value as text in base units; those of ratios are fractions */
static char *
in_base(enum scn_key key, int64_t value)
{
	enum scn_unit unit = scn_row(key)->unit;

	if ((unit == SCN_UNIT_RATIO || unit == SCN_UNIT_PROBABILITY) &&
	    value >= 0)
		return scn_quantity_format(value, unit);
	return g_strdup_printf("%" G_GINT64_FORMAT "%s", value,
	    base_unit(unit));
}

static void
assert_by_range(enum scn_key key, int64_t value)
{
	const struct scn_key_info *info = scn_row(key);
	g_autofree char *text = in_base(key, value);

	if (value >= info->min && value <= info->max)
		assert_taken(key, text, value);
	else
		assert_refused(key, text, "is out of range; permitted: ");
}

static bool
is_quantity(enum scn_key key)
{
	return scn_row(key)->type == SCN_TYPE_QUANTITY;
}

START_TEST(quantity_bounds)
{
	enum scn_key key = at_place(_i);
	const struct scn_key_info *info = scn_row(key);
	g_autofree char *huge = g_strconcat("100000000000000000000",
	    base_unit(info->unit), NULL);
	g_autofree char *above = g_strconcat("9223372036854775808",
	    base_unit(info->unit), NULL);

	if (!is_quantity(key))
		return;
	assert_by_range(key, info->min);
	assert_by_range(key, info->max);
	assert_by_range(key, info->min - 1);
	if (info->max < INT64_MAX)
		assert_by_range(key, info->max + 1);
	assert_by_range(key, 0);
	assert_by_range(key, -1);
	assert_by_range(key, INT64_MAX);
	assert_refused(key, above, "is out of range; permitted: ");
	assert_refused(key, huge, "is out of range; permitted: ");
	if (info->special != NULL)
		assert_taken(key, info->special, info->special_value);
}
END_TEST

START_TEST(quantity_forms)
{
	enum scn_key key = at_place(_i);
	enum scn_unit unit = scn_row(key)->unit;

	if (!is_quantity(key))
		return;
	assert_refused(key, "nan", "is no number");
	assert_refused(key, "inf", "is no number");
	assert_refused(key, "1e400", "is no number");
	assert_refused(key, "", "is empty");
	assert_refused(key, "1 parsec", "wrong unit");
	assert_refused(key, "1 # one", "wrong unit");
	if (*base_unit(unit) != '\0')
		assert_refused(key, "1", "has no unit; permitted: ");
	else
		assert_refused(key, "1 s", "has a wrong unit; permitted: ");
	if (unit == SCN_UNIT_BYTES) {
		assert_refused(key, "1 MB", "MiB (2^20 B) or, for 10^6 B, "
		    "1000 kB");
		assert_refused(key, "1 Mbit/s", "has a wrong unit");
	}
}
END_TEST

START_TEST(words)
{
	enum scn_key key = at_place(_i);
	const struct scn_key_info *info = scn_row(key);

	if (info->type != SCN_TYPE_WORD)
		return;
	for (int i = 0; info->words[i] != NULL; i++) {
		g_autofree char *longer = g_strconcat(info->words[i], "x",
		    NULL);

		assert_taken(key, info->words[i], i);
		assert_refused(key, longer, "is not known; permitted: ");
	}
	assert_refused(key, "", "is empty");
	assert_refused(key, "0", "is not known");
	assert_refused(key, "nan", "is not known");
	assert_refused(key, "true", "is not known");
}
END_TEST

START_TEST(texts)
{
	enum scn_key key = at_place(_i);
	g_autofree char *longest = g_strnfill(SCN_TEXT_BYTES, 'x');
	g_autofree char *longer = g_strnfill(SCN_TEXT_BYTES + 1, 'x');
	struct scn_fixture fix;

	if (scn_row(key)->type != SCN_TYPE_TEXT &&
	    scn_row(key)->type != SCN_TYPE_PATH)
		return;
	fix = load_value(key, longest);
	ck_assert(!is_value_refused(&fix));
	if (fix.scn != NULL)
		ck_assert_str_eq(scn_get_text(scn_point(fix.scn, 0), key),
		    longest);
	fix_fini(&fix);
	assert_refused(key, longer, "is too long; permitted: ");
	assert_refused(key, "", "is empty; permitted: ");
	assert_refused(key, "bell\a", "has control characters");
}
END_TEST

/* what is wrong with a key whatever its type */
START_TEST(any_key)
{
	enum scn_key key = at_place(_i);
	const char *name = scn_row(key)->name;
	/* without its line, one that is required is missing as well */
	size_t n = scn_row(key)->is_required ? 2 : 1;
	g_autofree char *mega = g_strnfill(1 << 20, '1');
	g_autofree char *strange = g_strdup_printf("%sx = 1", name);
	g_autofree char *twice = g_strdup_printf("%s = %s\n%s = %s", name,
	    "\xc3\xa9", name, "\xc3\xa9");
	g_autofree char *unknown = with_lines(key, strange);
	g_autofree char *duplicate = with_lines(key, twice);
	struct scn_fixture fix;

	fix = load_value(key, "\xff");
	ck_assert(fix.errors->len == n && fix_says(&fix, KEY_LINE
	    "not UTF-8: byte 0xff"));
	fix_fini(&fix);
	fix = load_value(key, mega);
	ck_assert(fix.errors->len == n && fix_says(&fix, KEY_LINE "line of "));
	fix_fini(&fix);
	fix = fix_load(unknown, NULL);
	ck_assert(fix.errors->len == n && fix_says(&fix, KEY_LINE) &&
	    fix_says(&fix, "unknown key") &&
	    fix_says(&fix, "did you mean \""));
	fix_fini(&fix);
	fix = fix_load(duplicate, NULL);
	ck_assert(fix_says(&fix, "t.scn:3: error: ") && fix_says(&fix,
	    "given twice; the first is in line 2"));
	fix_fini(&fix);
}
END_TEST

/* a row of the table must be whole, and its range must hold its default */
START_TEST(rows_are_whole)
{
	enum scn_key key = at_place(_i);
	const struct scn_key_info *info = scn_row(key);
	g_autofree char *full = scn_schema_full_name(key);
	g_autofree char *range = scn_schema_range(key);

	ck_assert(g_strv_contains(scn_group_names, info->group));
	ck_assert_uint_gt(strlen(info->sentence), 10);
	ck_assert_uint_gt(strlen(range), 0);
	ck_assert_int_eq(scn_schema_find(info->group, info->name), key);
	ck_assert(info->needs_origin == (strcmp(info->group, "board") == 0 ||
	    strcmp(info->group, "kernel") == 0));
	ck_assert_int_eq(scn_schema_find_full(full), key);
	ck_assert_int_le(info->min, info->max);
	if (info->type == SCN_TYPE_WORD)
		ck_assert_int_eq(info->max + 1,
		    g_strv_length((char **)(guintptr)info->words));
	ck_assert(info->needs_origin || info->is_required ||
	    (info->special != NULL && info->def == info->special_value) ||
	    (info->def >= info->min && info->def <= info->max));
	for (unsigned other = 0; other < SCN_N_KEYS; other++)
		ck_assert(other == (unsigned)key ||
		    strcmp(scn_row(other)->group, info->group) != 0 ||
		    strcmp(scn_row(other)->name, info->name) != 0);
}
END_TEST

/* the far host has the board's rows, by names of its own */
START_TEST(groups_of_the_far_host)
{
	ck_assert(scn_group_is_far("peer-board"));
	ck_assert(scn_group_is_far("peer-kernel"));
	ck_assert(!scn_group_is_far("peer-link") && !scn_group_is_far("peer") &&
	    !scn_group_is_far("board"));
	ck_assert(scn_group_is_machine("board") &&
	    scn_group_is_machine("peer-kernel"));
	ck_assert(!scn_group_is_machine("peer"));
	ck_assert_str_eq(scn_group_rows("peer-board"), "board");
	ck_assert_str_eq(scn_group_rows("link"), "link");
	ck_assert_int_eq(scn_schema_find_full("peer-kernel.hz"), SCN_HZ);
	ck_assert_int_eq(scn_schema_find_full("peer-link.mtu"), SCN_N_KEYS);
	ck_assert_int_eq(scn_schema_find_full("kernel"), SCN_N_KEYS);
	for (unsigned k = 0; k < SCN_N_KEYS; k++)
		ck_assert(scn_key_is_machine((enum scn_key)k) ==
		    scn_row(k)->needs_origin);
}
END_TEST

/* each operation of the kernel has its key, in the order of the enum */
START_TEST(costs_follow_the_operations)
{
	static const char *const names[] = {
#define X(sym, name, cause, sentence) "cost." name,
		KERN_OPS(X)
#undef X
	};

	ck_assert_uint_eq(G_N_ELEMENTS(names), N_OPS);
	for (unsigned op = 0; op < N_OPS; op++)
		ck_assert_str_eq(scn_row(SCN_COST_FIRST + op)->name,
		    names[op]);
}
END_TEST

/* the two directions have the same keys, in the same order */
START_TEST(directions_are_alike)
{
	for (int k = 0; k < SCN_BACK_LOSS - SCN_PATH_LOSS; k++) {
		const struct scn_key_info *to = scn_row(SCN_PATH_LOSS + k);
		const struct scn_key_info *back =
		    scn_row(SCN_BACK_LOSS + k);

		ck_assert_str_eq(to->group, "path");
		ck_assert_str_eq(back->group, "path-back");
		ck_assert_str_eq(to->name, back->name);
	}
	ck_assert_int_eq(SCN_BACK_DELAY - SCN_BACK_LOSS,
	    SCN_PATH_DELAY - SCN_PATH_LOSS);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("schema");
	TCase *tc = tcase_create("schema");
	SRunner *runner;
	int failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	suite_add_tcase(suite, tc);
	tcase_add_loop_test(tc, quantity_bounds, 0, N_PLACES);
	tcase_add_loop_test(tc, quantity_forms, 0, N_PLACES);
	tcase_add_loop_test(tc, words, 0, N_PLACES);
	tcase_add_loop_test(tc, texts, 0, N_PLACES);
	tcase_add_loop_test(tc, any_key, 0, N_PLACES);
	tcase_add_loop_test(tc, rows_are_whole, 0, SCN_N_KEYS);
	tcase_add_test(tc, groups_of_the_far_host);
	tcase_add_test(tc, costs_follow_the_operations);
	tcase_add_test(tc, directions_are_alike);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
