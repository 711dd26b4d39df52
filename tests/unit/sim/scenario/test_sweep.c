/*
 * The points that axes, variants and replications span; and what is told of a
 * sweep that cannot be (sweep_load.c).
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/expect.h"
#include "sim/scenario/sweep.h"
#include "tests/support/sim/scenario_fixture.h"

#define TWO_BY_THREE							\
	"[scenario]\nseed = 7\n"					\
	"[process p]\n"							\
	"[variant copy]\nkernel.sosend_loan = no\n"			\
	"[variant loan]\nkernel.sosend_loan = yes\n"			\
	"[sweep]\n"							\
	"kernel.hz = 50 Hz, 100 Hz\n"					\
	"process.p.write_size = 1 KiB .. 4 KiB * 2\n"

static struct scn_fixture
load_good(const char *text, const char *const *overrides)
{
	struct scn_fixture fix = fix_load(text, overrides);
	g_autofree char *all = fix_all(&fix);

	ck_assert_msg(fix.scn != NULL, "%s", all);
	return fix;
}

static void
assert_told(const char *text, const char *const *overrides,
    const char *expected)
{
	struct scn_fixture fix = fix_load(text, overrides);
	g_autofree char *all = fix_all(&fix);

	ck_assert_msg(fix.errors->len == 1 && fix_says(&fix, expected),
	    "expected \"%s\":%s", expected, all);
	fix_fini(&fix);
}

/* describe: a point's coordinates, read from the point itself */
static char *
describe(const struct scenario *scn, size_t index)
{
	struct scn_point *pt = scn_sweep_point(scn, index);
	char *text = g_strdup_printf("%d %d %s%d %d",
	    (int)scn_get(pt, SCN_HZ),
	    (int)scn_process_get(pt, 0, SCN_PROC_WRITE_SIZE),
	    scn_point_name(pt), (int)scn_get(pt, SCN_SOSEND_LOAN),
	    (int)scn_get(pt, SCN_SEED));

	scn_sweep_point_free(pt);
	return text;
}

/* the first axis moves slowest, then the next, variants, replications */
START_TEST(order)
{
	static const char *const twice[] = { "sweep.replications=2", NULL };
	static const char *const expected[] = {
		"50 1024 copy0 7", "50 1024 copy0 8",
		"50 1024 loan1 7", "50 1024 loan1 8",
		"50 2048 copy0 7", "50 2048 copy0 8",
		"50 2048 loan1 7", "50 2048 loan1 8",
		"50 4096 copy0 7", "50 4096 copy0 8",
		"50 4096 loan1 7", "50 4096 loan1 8",
		"100 1024 copy0 7", "100 1024 copy0 8",
	};
	struct scn_fixture fix = load_good(TWO_BY_THREE, twice);

	ck_assert_uint_eq(scn_sweep_size(fix.scn), 2 * 3 * 2 * 2);
	ck_assert_int_eq(scn_sweep_n_replications(fix.scn), 2);
	for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
		g_autofree char *found = describe(fix.scn, i);

		ck_assert_str_eq(found, expected[i]);
	}
	fix_fini(&fix);
}
END_TEST

START_TEST(coordinates)
{
	struct scn_fixture fix = load_good(TWO_BY_THREE, NULL);
	/* the last but one: both axes at their ends, the first variant */
	struct scn_coordinates at = scn_sweep_coordinates(fix.scn, 10);

	ck_assert_uint_eq(at.value[0], 1);
	ck_assert_uint_eq(at.value[1], 2);
	ck_assert_uint_eq(at.variant, 0);
	ck_assert_int_eq(at.replication, 0);
	fix_fini(&fix);
}
END_TEST

/* without a sweep its points are the variants, or the one there is */
START_TEST(none)
{
	struct scn_fixture fix = load_good("[process p]\n", NULL);

	ck_assert_uint_eq(scn_sweep_size(fix.scn), 1);
	ck_assert_uint_eq(scn_sweep_n_axes(fix.scn), 0);
	fix_fini(&fix);
	fix = load_good("[process p]\n[variant a]\n[variant b]\n", NULL);
	ck_assert_uint_eq(scn_sweep_size(fix.scn), 2);
	fix_fini(&fix);
}
END_TEST

START_TEST(chosen_variants)
{
	struct scn_fixture fix = load_good("[process p]\n[variant a]\n"
	    "[variant b]\n[variant c]\n[sweep]\nvariant = c, a\n", NULL);

	ck_assert_uint_eq(scn_sweep_size(fix.scn), 2);
	ck_assert_uint_eq(scn_sweep_coordinates(fix.scn, 0).variant, 2);
	ck_assert_uint_eq(scn_sweep_coordinates(fix.scn, 1).variant, 0);
	fix_fini(&fix);
	assert_told("[process p]\n[variant abc]\n[sweep]\nvariant = abd\n",
	    NULL, "there is no variant \"abd\"; did you mean \"abc\"?");
	assert_told("[process p]\n[variant a]\n[sweep]\nvariant = a, a\n",
	    NULL, "names a variant twice");
}
END_TEST

/* -x takes the place of the file's axis of that name, or comes after all */
START_TEST(axes_of_the_user)
{
	static const char *const replaced[] = {
		"sweep.kernel.hz=10 Hz", NULL
	};
	static const char *const added[] = {
		"sweep.process.p.align=0 B, 64 B", "sweep.variant=loan", NULL
	};
	struct scn_fixture fix = load_good(TWO_BY_THREE, replaced);

	ck_assert_uint_eq(scn_sweep_size(fix.scn), 1 * 3 * 2);
	ck_assert_str_eq(scn_sweep_axis(fix.scn, 0)->name, "kernel.hz");
	fix_fini(&fix);
	fix = load_good(TWO_BY_THREE, added);
	ck_assert_uint_eq(scn_sweep_size(fix.scn), 2 * 3 * 2 * 1);
	ck_assert_str_eq(scn_sweep_axis(fix.scn, 2)->name, "process.p.align");
	fix_fini(&fix);
}
END_TEST

/* an axis does not touch what is expected of the variants themselves */
START_TEST(expectations_stay)
{
	static const char *const axis[] = { "sweep.kernel.hz=10 Hz", NULL };
	struct scn_fixture fix = load_good("[process p]\n[expect]\n"
	    "throughput >= 1 KB/s\n", axis);

	ck_assert_ptr_null(scn_changed_by(fix.scn));
	fix_fini(&fix);
}
END_TEST

/* the keys of a far host are keys as well */
START_TEST(far_keys)
{
	static const char *const axis[] = {
		"sweep.peer-kernel.hz=50 Hz, 200 Hz", NULL
	};
	struct scn_fixture fix = load_good(
	    "[peer]\nkind = host\n[process p]\n", axis);
	struct scn_point *pt = scn_sweep_point(fix.scn, 1);

	ck_assert_int_eq(scn_get_far(pt, SCN_HZ), 200);
	ck_assert_int_eq(scn_get(pt, SCN_HZ), 100);
	scn_sweep_point_free(pt);
	fix_fini(&fix);
}
END_TEST

/* a point is loaded again from its dump, and is the same */
START_TEST(dump_of_a_point)
{
	struct scn_fixture fix = load_good(TWO_BY_THREE, NULL);
	struct scn_point *pt = scn_sweep_point(fix.scn, 9);
	g_autoptr(GString) dump = scn_dump(pt);
	struct scn_fixture again = load_good(dump->str, NULL);

	fix_assert_same(scn_point(again.scn, 0), pt);
	scn_sweep_point_free(pt);
	fix_fini(&again);
	fix_fini(&fix);
}
END_TEST

static char *
plan_of(const char *text, const char *const *overrides)
{
	struct scn_fixture fix = load_good(text, overrides);
	char *plan = g_string_free(scn_sweep_plan(fix.scn), FALSE);

	fix_fini(&fix);
	return plan;
}

/* a plan is what the points depend on, however it is written */
START_TEST(plan)
{
	static const char *const titled[] = { "scenario.title=other", NULL };
	static const char *const longer[] = { "scenario.duration=9 s", NULL };
	static const char *const axis[] = { "sweep.kernel.hz=50 Hz", NULL };
	static const char *const same[] = {
		"sweep.kernel.hz=0.05 kHz, 100 Hz", NULL
	};
	g_autofree char *is = plan_of(TWO_BY_THREE, NULL);
	g_autofree char *with_title = plan_of(TWO_BY_THREE, titled);
	g_autofree char *with_time = plan_of(TWO_BY_THREE, longer);
	g_autofree char *with_axis = plan_of(TWO_BY_THREE, axis);
	g_autofree char *with_same = plan_of(TWO_BY_THREE, same);

	ck_assert_str_eq(is, with_title);
	ck_assert_str_eq(is, with_same);
	ck_assert_str_ne(is, with_time);
	ck_assert_str_ne(is, with_axis);
	ck_assert_ptr_nonnull(strstr(is, "\n[sweep]\nkernel.hz = 50 Hz, "
	    "100 Hz\nprocess.p.write_size = 1 KiB, 2 KiB, 4 KiB\n"
	    "replications = 1\n"));
}
END_TEST

/* one value has one master */
START_TEST(set_twice)
{
	static const char *const hz[] = { "kernel.hz=50 Hz", NULL };

	assert_told("[process p]\n[variant a]\nkernel.hz = 50 Hz\n[sweep]\n"
	    "kernel.hz = 10 Hz\n", NULL, "t.scn:5: error: [sweep] kernel.hz: "
	    "a variant sets it as well, in line 3");
	assert_told("[process p]\n[sweep]\nkernel.hz & scenario.seed = "
	    "10 Hz & 1\n", hz, "kernel.hz: -s \"kernel.hz=50 Hz\" sets it, "
	    "and not the keys that it is joined with");
	assert_told("[process p]\n[sweep]\nkernel.hz = 10 Hz\n"
	    "kernel.hz & scenario.seed = 50 Hz & 1\n", NULL,
	    "t.scn:4: error: [sweep] kernel.hz: another axis sets it as well");
	assert_told("[process p]\n[sweep]\nkernel.hz = 10 Hz\n"
	    "kernel.hz = 50 Hz\n", NULL, "given twice");
	assert_told("[process p]\n[sweep]\nscenario.seed = 1, 2\n"
	    "replications = 2\n", NULL, "replications choose the seeds");
}
END_TEST

/* a value for all points takes the place of the axis */
START_TEST(fixed)
{
	static const char *const set[] = {
		"kernel.hz=10 Hz", "scenario.seed=9", NULL
	};
	struct scn_fixture fix = load_good("[process p]\n[sweep]\n"
	    "process.p.align = 0 B, 64 B\n"
	    "kernel.hz & scenario.seed = 50 Hz & 1, 60 Hz & 2\n", set);
	struct scn_point *pt = scn_sweep_point(fix.scn, 1);

	ck_assert_uint_eq(scn_sweep_n_axes(fix.scn), 1);
	ck_assert_uint_eq(scn_sweep_size(fix.scn), 2);
	ck_assert_int_eq(scn_get(pt, SCN_HZ), 10);
	ck_assert_int_eq(scn_get(pt, SCN_SEED), 9);
	scn_sweep_point_free(pt);
	fix_fini(&fix);
}
END_TEST

/* what all variants share may be an axis: it is the value without a sweep */
START_TEST(set_for_all)
{
	struct scn_fixture fix = load_good("[kernel]\nhz = 50 Hz\n"
	    "[process p]\n[sweep]\nkernel.hz = 10 Hz\n", NULL);
	struct scn_point *pt = scn_sweep_point(fix.scn, 0);

	ck_assert_int_eq(scn_get(pt, SCN_HZ), 10);
	ck_assert_int_eq(scn_get(scn_point(fix.scn, 0), SCN_HZ), 50);
	scn_sweep_point_free(pt);
	fix_fini(&fix);
}
END_TEST

START_TEST(limits)
{
	assert_told("[process p]\n[sweep]\nreplications = 0\n", NULL,
	    "\"0\" is no number of replications; permitted: 1 .. 10000");
	assert_told("[process p]\n[sweep]\nreplications = many\n", NULL,
	    "\"many\" is no number of replications");
	assert_told("[process p]\n[sweep]\nscenario.seed = 1 .. 1000 + 1\n"
	    "process.p.n_buffers = 1 .. 101 + 1\n", NULL,
	    "spans too many points; permitted: at most 100000");
	assert_told("[scenario]\nseed = 9223372036854775807\n[process p]\n"
	    "[sweep]\nreplications = 2\n", NULL,
	    "scenario.seed is too large to count up from");
}
END_TEST

/* the rules between keys hold in every point; a value is told once */
START_TEST(rules)
{
	struct scn_fixture fix = fix_load("[scenario]\nduration = 2 s\n"
	    "[process p]\n[sweep]\nscenario.warmup = 1 s, 3 s, 4 s\n"
	    "kernel.hz = 10 Hz, 20 Hz\n", NULL);

	ck_assert_uint_eq(fix.errors->len, 2);
	ck_assert(fix_says(&fix, "t.scn:5: error: [scenario] warmup: the "
	    "warm-up must end before the duration; warmup is 3 s"));
	ck_assert(fix_says(&fix, "warmup is 4 s, duration is 2 s"));
	fix_fini(&fix);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sweep");
	TCase *tc = tcase_create("sweep");
	SRunner *runner;
	int failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	suite_add_tcase(suite, tc);
	tcase_add_test(tc, order);
	tcase_add_test(tc, coordinates);
	tcase_add_test(tc, none);
	tcase_add_test(tc, chosen_variants);
	tcase_add_test(tc, axes_of_the_user);
	tcase_add_test(tc, expectations_stay);
	tcase_add_test(tc, far_keys);
	tcase_add_test(tc, dump_of_a_point);
	tcase_add_test(tc, plan);
	tcase_add_test(tc, set_twice);
	tcase_add_test(tc, fixed);
	tcase_add_test(tc, set_for_all);
	tcase_add_test(tc, limits);
	tcase_add_test(tc, rules);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
