/*
 * Cited costs: their text, what they come to on a board, and that the shipped
 * kernels stand on them.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/cited.h"
#include "sim/scenario/find.h"
#include "sim/scenario/schema.h"
#include "tests/support/sim/scenario_fixture.h"

static struct scn_cited
parsed(const char *text)
{
	struct scn_cited cited;
	const char *why = scn_cited_parse(text, OP_MGET, &cited);

	ck_assert_msg(why == NULL, "%s: %s", text, why);
	return cited;
}

START_TEST(one_operation)
{
	struct scn_cited cited = parsed("90 insn: a book: page 3");

	ck_assert_int_eq(cited.low, 90);
	ck_assert_int_eq(cited.high, 90);
	ck_assert(!cited.is_cycles && !cited.is_sum);
	ck_assert_str_eq(cited.source, "a book: page 3");
	for (int op = 0; op < N_OPS; op++)
		ck_assert_int_eq(cited.milli[op], op == OP_MGET ? 1000 : 0);
	cited = parsed("90 .. 140 cycles:\tx");
	ck_assert_int_eq(cited.low, 90);
	ck_assert_int_eq(cited.high, 140);
	ck_assert(cited.is_cycles && !cited.is_sum);
	ck_assert_str_eq(cited.source, "x");
}
END_TEST

/* a sum covers what it names, and its own key only if that is among them */
START_TEST(sums)
{
	struct scn_cited cited =
	    parsed("4990 cycles of 2 wakeup + 0.5 softint + ctxsw: x");

	ck_assert(cited.is_sum);
	for (int op = 0; op < N_OPS; op++)
		ck_assert_int_eq(cited.milli[op], op == OP_WAKEUP ? 2000 :
		    op == OP_SOFTINT ? 500 : op == OP_CTXSW ? 1000 : 0);
}
END_TEST

START_TEST(what_is_wrong)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "", "is not of the form" },
		{ "90 insn", "is not of the form" },
		{ "90: x", "is not of the form" },
		{ "insn: x", "is not of the form" },
		{ "90 us: x", "is not of the form" },
		{ "90 .. insn: x", "is not of the form" },
		{ "90 insn cycles: x", "is not of the form" },
		{ "90 insn of: x", "is not of the form" },
		{ "90 insn of mget +: x", "is not of the form" },
		{ "90 insn of mget mfree: x", "is not of the form" },
		{ "90 insn:  ", "names no source" },
		{ "0 insn: x", "empty or beyond" },
		{ "140 .. 90 insn: x", "empty or beyond" },
		{ "10000001 insn: x", "empty or beyond" },
		{ "90 insn of mgte: x", "no kernel.cost.NAME" },
		{ "90 insn of 0 mget: x", "less than 0.001" },
		{ "90 insn of 1001 mget: x", "more than 1000" },
		{ "90 insn of mget + 2 mget: x", "an operation twice" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		struct scn_cited cited;
		const char *why = scn_cited_parse(bad[i].text, OP_MGET,
		    &cited);

		ck_assert_msg(why != NULL && strstr(why, bad[i].why) != NULL,
		    "\"%s\": %s", bad[i].text, why != NULL ? why : "good");
	}
}
END_TEST

/*
 * At 100 MHz and 2.5 cycles an instruction, 25 ns each:
 *	2 mget of 80 and half an mclget of 110 are 215 instructions, 5.375 us;
 *	200 .. 300 cycles are 2 .. 3 us, of which the middle is 2.5;
 *	5.375 / 2.5 = 2.15
 * and against 430 instructions, 10.75 us, the price is one half.
 */
/* the far host has prices and a clock of its own */
START_TEST(compared_on_the_far_host)
{
	struct scn_fixture fix = fix_load("[process p]\n[peer]\nkind = host\n"
	    "[peer-board]\ncpu.clock = 100 MHz\ncpu.cpi = 2\n[peer-kernel]\n"
	    "cost.mget = 50\ncost.mget.cited = 100 insn: there\n", NULL);
	struct scn_end far = { scn_point(fix.scn, 0), true };
	struct scn_end board = { scn_point(fix.scn, 0), false };
	struct scn_cited cited;

	ck_assert(!scn_cited_get(board, OP_MGET, &cited));
	ck_assert(scn_cited_get(far, OP_MGET, &cited));
	ck_assert_str_eq(cited.source, "there");
	ck_assert_int_eq(scn_cited_compare(far, &cited).price_ps, 1000000);
	ck_assert_int_eq(scn_cited_compare(far, &cited).ratio_milli, 500);
	fix_fini(&fix);
}
END_TEST

START_TEST(compared_on_a_board)
{
	struct scn_fixture fix = fix_load("[process p]\n[board]\n"
	    "cpu.clock = 100 MHz\ncpu.cpi = 2.5\n[kernel]\n"
	    "cost.mget = 80\ncost.mclget = 110\n", NULL);
	struct scn_end board = { scn_point(fix.scn, 0), false };
	struct scn_cited cited =
	    parsed("200 .. 300 cycles of 2 mget + 0.5 mclget: x");
	struct scn_cited_line line = scn_cited_compare(board, &cited);

	ck_assert_int_eq(line.price_insns, 215);
	ck_assert_int_eq(line.price_ps, 5375000);
	ck_assert_int_eq(line.low_ps, 2000000);
	ck_assert_int_eq(line.high_ps, 3000000);
	ck_assert_int_eq(line.ratio_milli, 2150);
	cited = parsed("430 insn of 2 mget + 0.5 mclget: x");
	line = scn_cited_compare(board, &cited);
	ck_assert_int_eq(line.low_ps, 10750000);
	ck_assert_int_eq(line.high_ps, 10750000);
	ck_assert_int_eq(line.ratio_milli, 500);
	fix_fini(&fix);
}
END_TEST

#define COST	"[process p]\n[kernel]\n"

static void
assert_says(const char *text, const char *expected)
{
	struct scn_fixture fix = fix_load(text, NULL);
	g_autofree char *all = fix_all(&fix);

	ck_assert_msg(fix.errors->len == 1 && fix_says(&fix, expected),
	    "expected \"%s\":%s", expected, all);
	fix_fini(&fix);
}

START_TEST(mistakes_in_files)
{
	assert_says(COST "cost.mget.cited = 90\n", "t.scn:3: error: [kernel] "
	    "cost.mget.cited: is not of the form");
	assert_says(COST "hz.cited = 90 insn: x\n", "t.scn:3: error: [kernel] "
	    "hz.cited: a cited cost of what is none");
	assert_says(COST "cost.mgte.cited = 90 insn: x\n", "unknown key");
	assert_says(COST "cost.mget.cited = 90 insn: x\n"
	    "cost.mget.cited = 80 insn: x\n", "t.scn:4: error: [kernel] "
	    "cost.mget.cited: given twice");
}
END_TEST

/* another price is held against the same source; a new source replaces it */
START_TEST(sources_outlive_prices)
{
	struct scn_fixture shipped = fix_load("[process p]\n", NULL);
	struct scn_fixture fix = fix_load(COST "cost.fault = 77\n"
	    "cost.ctxsw.cited = 5 insn: mine\n", NULL);
	const struct scn_point *pt = scn_point(fix.scn, 0);

	ck_assert_int_eq(scn_get(pt, (enum scn_key)(SCN_COST_FIRST +
	    OP_FAULT)), 77);
	ck_assert_ptr_nonnull(scn_get_cited(pt, OP_FAULT));
	ck_assert_str_eq(scn_get_cited(pt, OP_FAULT),
	    scn_get_cited(scn_point(shipped.scn, 0), OP_FAULT));
	ck_assert_str_eq(scn_get_cited(pt, OP_CTXSW), "5 insn: mine");
	fix_fini(&fix);
	fix_fini(&shipped);
}
END_TEST

/* assert_fitted: each operation has a source, and no price is far from one */
static void
assert_fitted(const struct scn_point *pt, const char *scenario)
{
	struct scn_end board = { pt, false };
	bool covered[N_OPS] = { false };

	for (int op = 0; op < N_OPS; op++) {
		struct scn_cited cited;
		int64_t ratio;

		if (!scn_cited_get(board, (enum kern_op)op, &cited))
			continue;
		ratio = scn_cited_compare(board, &cited).ratio_milli;
		ck_assert_msg(ratio >= 500 && ratio <= 2000,
		    "%s, cost.%s.cited: the price is %d.%03d of it", scenario,
		    kern_op_names[op], (int)(ratio / 1000),
		    (int)(ratio % 1000));
		for (int i = 0; i < N_OPS; i++)
			covered[i] = covered[i] || cited.milli[i] != 0;
	}
	for (int op = 0; op < N_OPS; op++)
		ck_assert_msg(covered[op], "%s: no source covers cost.%s",
		    scenario, kern_op_names[op]);
}

/* the board of the shipped kernel's prices, with its cycles an instruction */
START_TEST(shipped_prices_are_near_their_sources)
{
	g_autofree char *path = scn_find("", "thorpe-2002");
	struct scn_fixture fix = fix_load_file(path);

	for (size_t v = 0; v < scn_n_points(fix.scn); v++)
		assert_fitted(scn_point(fix.scn, v),
		    scn_point_name(scn_point(fix.scn, v)));
	fix_fini(&fix);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("cited");
	TCase *tc = tcase_create("cited");
	SRunner *runner;
	int failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	suite_add_tcase(suite, tc);
	tcase_add_test(tc, one_operation);
	tcase_add_test(tc, sums);
	tcase_add_test(tc, what_is_wrong);
	tcase_add_test(tc, compared_on_the_far_host);
	tcase_add_test(tc, compared_on_a_board);
	tcase_add_test(tc, mistakes_in_files);
	tcase_add_test(tc, sources_outlive_prices);
	tcase_add_test(tc, shipped_prices_are_near_their_sources);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
