/*
 * [expect]: every form that is permitted, and what is said of those that are
 * not.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/time.h"
#include "sim/scenario/expect.h"
#include "tests/support/sim/scenario_fixture.h"

#define TWO	"[process p]\n[variant a]\n[variant b-1]\n[expect]\n"

static const struct scn_expect *
only(const struct scn_fixture *fix)
{
	g_autofree char *all = fix_all(fix);

	ck_assert_msg(fix->scn != NULL, "%s", all);
	ck_assert_uint_eq(scn_n_expects(fix->scn), 1);
	return scn_expect(fix->scn, 0);
}

static struct scn_fixture
load_line(const char *head, const char *line)
{
	g_autofree char *text = g_strconcat(head, line, "\n", NULL);

	return fix_load(text, NULL);
}

/* assert_ends: low and high over den; -1 where there is no end */
static void
assert_ends(const char *line, int64_t low, int64_t high, int64_t den)
{
	struct scn_fixture fix = load_line(TWO, line);
	const struct scn_expect *e = only(&fix);

	ck_assert_int_eq(e->has_low, low >= 0);
	ck_assert_int_eq(e->has_high, high >= 0);
	if (low >= 0)
		ck_assert_int_eq(fraction_compare(e->low,
		    fraction_make(low, den)), 0);
	if (high >= 0)
		ck_assert_int_eq(fraction_compare(e->high,
		    fraction_make(high, den)), 0);
	fix_fini(&fix);
}

/* Rates are in bytes per picosecond: 6500 KB/s are 6,656,000 / 10^12. */
START_TEST(every_form)
{
	assert_ends("a.throughput = 6500 KB/s +- 2 %", 6522880, 6789120,
	    PS_PER_S);
	assert_ends("a.throughput = 6500KB/s+-50kB/s", 6606000, 6706000,
	    PS_PER_S);
	assert_ends("a.elapsed = 10 s +- 1.5 ms", INT64_C(9998500000000),
	    INT64_C(10001500000000), 1);
	assert_ends("a.cpu_share = >= 99 %", 99, -1, 100);
	assert_ends("a.cpu_share >= 0.99", 99, -1, 100);
	assert_ends("a.cpu_share <= 0.99", -1, 99, 100);
	assert_ends("a.cpu_share =<= 1.5", -1, 3, 2);
	assert_ends("a.cow_faults = 0", 0, 0, 1);
	assert_ends("a.throughput >= 0", 0, -1, 1);
	assert_ends("a.segments = 5 +- 8", 0, 13, 1);
	/* 2 % of 0.5, not two percentage points */
	assert_ends("a.cpu_share = 50 % +- 2 %", 49, 51, 100);
	assert_ends("a.payload_bytes = 1 MiB", 1048576, 1048576, 1);
	assert_ends("a.copyin.sum = 18 us +- 1 us", 17 * PS_PER_US,
	    19 * PS_PER_US, 1);
	assert_ends("a.processor.read <= 2.5", -1, 5, 2);
	assert_ends("b-1.throughput / a.throughput >= 1.6", 8, -1, 5);
	assert_ends("b-1.throughput/a.throughput = 1.7 +- 5 %", 1615, 1785,
	    1000);
}
END_TEST

START_TEST(names_are_found)
{
	struct scn_fixture fix = load_line(TWO,
	    "b-1.nic_dma.read/a.copyin.stored<=2");
	const struct scn_expect *e = only(&fix);

	ck_assert_uint_eq(e->n_operands, 2);
	ck_assert_uint_eq(e->operand[0].point, 1);
	ck_assert_int_eq(e->operand[0].quantity.line, CAUSE_NIC_DMA);
	ck_assert_int_eq(e->operand[0].quantity.part, RES_PART_READ);
	ck_assert_uint_eq(e->operand[1].point, 0);
	ck_assert_int_eq(e->operand[1].quantity.line, CAUSE_COPYIN);
	/* told and dumped with blanks, however it was written */
	ck_assert_str_eq(e->left, "b-1.nic_dma.read / a.copyin.stored");
	ck_assert_str_eq(e->right, "<= 2");
	ck_assert_uint_eq(e->place.line, 5);
	fix_fini(&fix);
}
END_TEST

/* a scenario without variants has one run, and nothing to name it by */
START_TEST(without_variants)
{
	struct scn_fixture fix = load_line("[process p]\n[expect]\n",
	    "wire_share >= 96 %");
	const struct scn_expect *e = only(&fix);

	ck_assert_uint_eq(e->operand[0].point, 0);
	ck_assert_int_eq(e->operand[0].quantity.column, RES_WIRE_SHARE);
	fix_fini(&fix);
}
END_TEST

/* assert_mistake: this line of [expect] is the fifth of a file */
static void
assert_mistake(const char *line, const char *expected)
{
	struct scn_fixture fix = load_line(TWO, line);
	g_autofree char *all = fix_all(&fix);

	ck_assert_msg(fix.errors->len == 1 && fix_says(&fix, expected),
	    "no \"%s\":%s", expected, all);
	ck_assert(fix_says(&fix, "t.scn:5: error: [expect]"));
	fix_fini(&fix);
}

START_TEST(wrong_left_sides)
{
	assert_mistake("c.throughput >= 1 KB/s", "[expect] c.throughput: there "
	    "is no variant \"c\"; permitted: a, b-1");
	assert_mistake("b-2.throughput >= 1 KB/s", "did you mean \"b-1\"?");
	/* there are more results than a message has room for */
	assert_mistake("a.thruoghput = 1 KB/s", "there is no result "
	    "\"thruoghput\"; permitted: one of ");
	assert_mistake("a.thruoghput = 1 KB/s",
	    "did you mean \"throughput\"?");
	assert_mistake("a.throughput_KBps = 1 KB/s",
	    "did you mean \"throughput\"?");
	assert_mistake("throughput = 1 KB/s",
	    "throughput of which variant? permitted: VARIANT.throughput");
	assert_mistake("copyin.sum = 1 us", "copyin.sum of which variant?");
	assert_mistake("a = 1", "names no result; permitted: VARIANT.RESULT");
	assert_mistake("a.copyni.sum = 1 us", "there is no cause \"copyni\"");
	assert_mistake("a.copyin.smu = 1 us", "there is no quantity \"smu\"; "
	    "permitted: compute, memory, sum, loaded, stored, read, written; "
	    "did you mean \"sum\"?");
	assert_mistake("a.copyin = 1 us", "copyin is a cause; permitted: "
	    "copyin.sum and so on");
	assert_mistake("a.idle.memory = 1 us", "there is no quantity "
	    "\"memory\"; permitted: sum");
	assert_mistake("a.segments / a.cpu_share >= 1",
	    "relates results of different units");
	assert_mistake("a.acks / a.acks / a.acks >= 1", "is no expectation");
	assert_mistake("a.acks / >= 1", "names no result");
}
END_TEST

START_TEST(wrong_right_sides)
{
	assert_mistake("a.throughput = 6500", "\"6500\" has no unit; "
	    "permitted: KB/s or KiB/s (1024 B/s), kB/s");
	assert_mistake("a.throughput = 6500 KB", "has a wrong unit; permitted");
	assert_mistake("a.acks = 3 %", "\"3 %\" has a wrong unit; permitted: "
	    "a bare number");
	assert_mistake("a.acks =", "\"\" is empty; permitted: \"= 6500 KB/s");
	assert_mistake("a.acks = many", "\"many\" is no number of the form");
	assert_mistake("a.acks = -1", "is no number");
	assert_mistake("a.acks = 3 +-", "\"\" is empty");
	assert_mistake("a.acks = 3 +- x", "\"x\" is no number");
	assert_mistake("a.throughput = 1 KB/s +- 1 us", "\"1 us\" has a wrong "
	    "unit");
	assert_mistake("a.acks >= 3 +- 1", "bounds one side");
	assert_mistake("a.acks >= >= 3", "is no number");
	assert_mistake("a.acks >= 3 # at least", "has a wrong unit");
}
END_TEST

START_TEST(all_mistakes_at_once)
{
	struct scn_fixture fix = fix_load("[expect]\na.acks = x\nb.acks = 1\n"
	    "a.akcs = 1\n[process p]\nalign = 3\n[variant a]\n"
	    "[expect]\n[expect x]\n", NULL);
	g_autofree char *all = fix_all(&fix);

	ck_assert_msg(fix.errors->len == 7, "%s", all);
	ck_assert(fix_says(&fix, "t.scn:2: error: [expect] a.acks: \"x\" is"));
	ck_assert(fix_says(&fix, "t.scn:3: error: [expect] b.acks: there is"));
	ck_assert(fix_says(&fix, "t.scn:4: error: [expect] a.akcs: there is"));
	ck_assert(fix_says(&fix, "t.scn:6: error: [process p] align"));
	ck_assert(fix_says(&fix, "t.scn:8: error: [expect]: given twice"));
	ck_assert(fix_says(&fix, "t.scn:9: error: [expect x]"));
	fix_fini(&fix);
}
END_TEST

/* a lower and an upper end may stand in two lines, one end may not */
START_TEST(given_twice)
{
	struct scn_fixture fix = load_line(TWO,
	    "a.acks >= 3\na.acks <= 5\nb-1.acks = 4");

	ck_assert(fix.scn != NULL);
	ck_assert_uint_eq(scn_n_expects(fix.scn), 3);
	fix_fini(&fix);
	fix = load_line(TWO, "a.acks/b-1.acks >= 3\na.acks / b-1.acks = 4");
	ck_assert_uint_eq(fix.errors->len, 1);
	ck_assert(fix_says(&fix, "t.scn:6: error: [expect] a.acks / b-1.acks: "
	    "given twice; the first is in line 5"));
	fix_fini(&fix);
}
END_TEST

static void
assert_changed(const char *override, bool is_change)
{
	const char *const overrides[] = { override, NULL };
	struct scn_fixture fix = fix_load(TWO "a.acks >= 3\n", overrides);
	GString *dump = scn_dump_expects(fix.scn, 0);

	ck_assert(fix.scn != NULL);
	ck_assert_int_eq(scn_changed_by(fix.scn) != NULL, is_change);
	ck_assert_int_eq(dump->len == 0, is_change);
	g_string_free(dump, TRUE);
	fix_fini(&fix);
}

START_TEST(overrides_change_what_is_expected)
{
	assert_changed("kernel.hz=200 Hz", true);
	assert_changed("scenario.seed=7", true);
	assert_changed("kernel.profile=netbsd-2002-05", true);
	assert_changed("scenario.title=Another", false);
	assert_changed("scenario.question=Why?", false);
}
END_TEST

static void
assert_dump(const struct scenario *scn, size_t i, const char *expected)
{
	GString *dump = scn_dump_expects(scn, i);

	ck_assert_str_eq(dump->str, expected);
	g_string_free(dump, TRUE);
}

START_TEST(dumped_by_point)
{
	struct scn_fixture fix = load_line(TWO, "a.acks >= 3\n"
	    "b-1.cpu_share = 50 % +- 2 %\na.acks/b-1.acks <= 1\n"
	    "a.acks/a.segments = 0.5 +- 0.01");

	ck_assert(fix.scn != NULL);
	assert_dump(fix.scn, 0, "\n[expect]\na.acks >= 3\n"
	    "a.acks / a.segments = 0.5 +- 0.01\n");
	assert_dump(fix.scn, 1, "\n[expect]\nb-1.cpu_share = 50 % +- 2 %\n");
	assert_dump(fix.scn, 2, "\n[expect]\na.acks / b-1.acks <= 1\n");
	fix_fini(&fix);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("expect");
	TCase *tc = tcase_create("expect");
	SRunner *runner;
	int failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	suite_add_tcase(suite, tc);
	tcase_add_test(tc, every_form);
	tcase_add_test(tc, names_are_found);
	tcase_add_test(tc, without_variants);
	tcase_add_test(tc, wrong_left_sides);
	tcase_add_test(tc, wrong_right_sides);
	tcase_add_test(tc, all_mistakes_at_once);
	tcase_add_test(tc, given_twice);
	tcase_add_test(tc, overrides_change_what_is_expected);
	tcase_add_test(tc, dumped_by_point);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
