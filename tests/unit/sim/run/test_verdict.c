/*
 * Verdicts, on rows made by hand: the ends of an interval belong to it, a
 * rounded number does not decide, and nothing that is unknown passes.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/time.h"
#include "sim/run/verdict.h"
#include "tests/support/sim/scenario_fixture.h"

enum { N_ROWS = 2 };

static struct res_row rows[N_ROWS];

/*
 * Variant a: 1000 segments with 10^6 bytes; 6370 KB/s exactly, which is 6500
 * less 2 %: 6370 x 1024 x 3 bytes in 3 s.  Variant b: twice the rate.
 */
static void
setup(void)
{
	static const char *const names[N_ROWS] = { "a", "b" };

	memset(rows, 0, sizeof rows);
	for (int i = 0; i < N_ROWS; i++) {
		strcpy(rows[i].variant, names[i]);
		rows[i].ratio[RES_THROUGHPUT_KBPS] = (struct res_ratio){
			INT64_C(6370) * 1024 * 3 * (i + 1), 3 * PS_PER_S
		};
		rows[i].value[RES_THROUGHPUT_KBPS] = 63700 * (i + 1);
		rows[i].ratio[RES_CPU_SHARE] = (struct res_ratio){ 2, 3 };
		rows[i].value[RES_SEGMENTS] = 1000;
		rows[i].value[RES_ACKS] = 500;
		rows[i].value[RES_PAYLOAD_BYTES] = 1000000;
		rows[i].value[RES_ELAPSED_S] = 3000001;
	}
	/* 7 + 50 us and 2 bytes a byte; the NIC's are not the processor's */
	rows[0].cause[CAUSE_COPYIN] = (struct res_cause){7 * PS_PER_MS,
	    50 * PS_PER_MS, 1000000, 1000000, 2000000, 970000};
	rows[0].cause[CAUSE_SYSCALL].compute_ps = 3 * PS_PER_MS;
	rows[0].detail[RES_D_CPU_STALL] = 2 * PS_PER_MS;
	rows[0].detail[RES_D_CPU_IDLE] = 3 * PS_PER_MS;
	rows[0].cause[CAUSE_NIC_DMA].memory_ps = 17 * PS_PER_MS;
	rows[0].cause[CAUSE_NIC_DMA].read_bytes = 1046000;
}

/* judged: the verdict on one line over the first n rows, as text */
static char *
judged(const char *line, size_t n, const char *override)
{
	const char *const overrides[] = { override, NULL };
	g_autofree char *text = g_strdup_printf("[process p]\n[variant a]\n"
	    "[variant b]\n[expect]\n%s\n", line);
	struct scn_fixture fix = fix_load(text, overrides);
	g_autofree char *all = fix_all(&fix);
	GArray *verdicts;
	struct run_verdict *v;
	char *result;

	ck_assert_msg(fix.scn != NULL, "%s", all);
	verdicts = run_judge(fix.scn, rows, n);
	ck_assert_uint_eq(verdicts->len, 1);
	v = &g_array_index(verdicts, struct run_verdict, 0);
	ck_assert_uint_eq(run_count(verdicts, v->judgement), 1);
	result = g_strdup_printf("%s %s %s", run_judgement_name(v->judgement),
	    v->found != NULL ? v->found : "-",
	    v->reason != NULL ? v->reason : "-");
	g_array_unref(verdicts);
	fix_fini(&fix);
	return result;
}

static void
assert_verdict(const char *line, const char *expected)
{
	g_autofree char *verdict = judged(line, N_ROWS, NULL);

	ck_assert_str_eq(verdict, expected);
}

START_TEST(the_ends_are_permitted)
{
	assert_verdict("a.throughput = 6500 KB/s +- 2 %", "met 6370 -");
	assert_verdict("a.throughput >= 6370 KB/s", "met 6370 -");
	assert_verdict("a.throughput <= 6370 KB/s", "met 6370 -");
	assert_verdict("a.throughput = 6522.88 kB/s", "met 6522.88 -");
	/* one byte in 3 s less: printed it would be the same */
	rows[0].ratio[RES_THROUGHPUT_KBPS].num--;
	assert_verdict("a.throughput = 6500 KB/s +- 2 %",
	    "missed 6369.9997 it is 6369.9997 KB/s, below 6370 KB/s");
	rows[0].ratio[RES_THROUGHPUT_KBPS].num += 2;
	assert_verdict("a.throughput <= 6370 KB/s",
	    "missed 6370.0003 it is 6370.0003 KB/s, above 6370 KB/s");
}
END_TEST

START_TEST(every_kind_of_result)
{
	assert_verdict("a.cpu_share = 66.6667 %",
	    "missed 66.6667 it is 66.6667 %, just below 66.6667 %");
	assert_verdict("a.cpu_share = 0.6667 +- 0.0001", "met 0.6667 -");
	assert_verdict("a.segments = 1000", "met 1000 -");
	assert_verdict("a.payload_bytes = 1000 kB", "met 1000 -");
	assert_verdict("a.elapsed = 3000.001 ms", "met 3000.001 -");
	assert_verdict("a.copyin.compute = 7 us", "met 7 -");
	assert_verdict("a.copyin.memory = 50 us", "met 50 -");
	assert_verdict("a.copyin.sum = 57000 ns", "met 57000 -");
	assert_verdict("a.copyin.loaded = 1", "met 1 -");
	assert_verdict("a.copyin.stored = 1", "met 1 -");
	assert_verdict("a.copyin.read = 2", "met 2 -");
	assert_verdict("a.copyin.written = 0.97", "met 0.97 -");
	assert_verdict("a.processor.sum = 60 us", "met 60 -");
	assert_verdict("a.processor.read = 2", "met 2 -");
	assert_verdict("a.dma_stalls.sum = 2 us", "met 2 -");
	assert_verdict("a.idle.sum = 3 us", "met 3 -");
	assert_verdict("a.nic_dma.sum = 17 us", "met 17 -");
	assert_verdict("a.acks = 501", "missed 500 it is 500, below 501");
}
END_TEST

START_TEST(relations)
{
	assert_verdict("b.throughput / a.throughput = 2", "met 2 -");
	assert_verdict("a.throughput / b.throughput >= 0.6",
	    "missed 0.5 it is 0.5, below 0.6");
	assert_verdict("a.segments / a.acks <= 200 %", "met 200 -");
}
END_TEST

START_TEST(what_is_unknown_is_missed)
{
	assert_verdict("a.moves_per_byte >= 0",
	    "missed - there is nothing in a to divide by");
	assert_verdict("a.segments / b.cow_faults >= 0",
	    "missed - it divides by zero");
	rows[1].value[RES_SEGMENTS] = 0;
	assert_verdict("a.copyin.sum / b.copyin.sum >= 0",
	    "missed - there is nothing in b to divide by");
	rows[1].outcome = RES_DRAIN_TIMEOUT;
	assert_verdict("b.segments = 0",
	    "missed - b has no result: drain timeout");
	assert_verdict("a.segments / b.segments >= 0",
	    "missed - b has no result: drain timeout");
	rows[0].outcome = RES_CRASHED;
	assert_verdict("a.throughput >= 0 KB/s",
	    "missed - a has no result: crashed");
}
END_TEST

START_TEST(what_did_not_run_is_not_judged)
{
	g_autofree char *mine = judged("a.acks = 500", 1, NULL);
	g_autofree char *other = judged("b.acks = 500", 1, NULL);
	g_autofree char *both = judged("b.acks / a.acks = 1", 1, NULL);

	ck_assert_str_eq(mine, "met 500 -");
	ck_assert_str_eq(other, "not run - -");
	ck_assert_str_eq(both, "not run - -");
}
END_TEST

START_TEST(another_scenario_is_not_judged)
{
	g_autofree char *changed = judged("a.acks = 3", N_ROWS,
	    "kernel.hz=200 Hz");
	g_autofree char *renamed = judged("a.acks = 500", N_ROWS,
	    "scenario.title=x");

	ck_assert_str_eq(changed, "not applicable - -");
	ck_assert_str_eq(renamed, "met 500 -");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("verdict");
	TCase *tc = tcase_create("verdict");
	SRunner *runner;
	int failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, the_ends_are_permitted);
	tcase_add_test(tc, every_kind_of_result);
	tcase_add_test(tc, relations);
	tcase_add_test(tc, what_is_unknown_is_missed);
	tcase_add_test(tc, what_did_not_run_is_not_judged);
	tcase_add_test(tc, another_scenario_is_not_judged);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
