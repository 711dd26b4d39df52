/*
 * Contexts: costs put together, spent, and code that calls and returns.
 *
 * An operation costs 1 us (tests/support/machine.h).  The context here is that
 * of a soft interrupt, which begins without a switch.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "tests/support/crank.h"
#include "tests/support/machine.h"

#define US	PS_PER_US

static struct crank crank;
static struct kctx k;
static char trail[16];
static int n_trail;
static sim_time at[16];

static void
setup(void)
{
	struct world_config config = machine_config();

	crank_init(&crank, &config, 0);
	kctx_init(&k, &crank.world.host, "test", CPU_SOFTINT);
	n_trail = 0;
}

static void
teardown(void)
{
	crank_fini(&crank);
}

/* Where kernel code has come by, and when. */
static void
pass(char where)
{
	at[n_trail] = crank.world.cal.now;
	trail[n_trail++] = where;
	trail[n_trail] = '\0';
}

static void
pass_a(struct kctx *kctx)
{
	ck_assert_ptr_eq(kctx, &k);
	pass('a');
}

START_TEST(test_init)
{
	ck_assert_ptr_eq(k.host, &crank.world.host);
	ck_assert_str_eq(k.task.name, "test");
	ck_assert_int_eq(k.task.level, CPU_SOFTINT);
	ck_assert(!kctx_has_cost(&k));
}
END_TEST

START_TEST(test_cost_adds_up_and_is_spent_once)
{
	kctx_op(&k, OP_TCP_INPUT, 1);
	kctx_op(&k, OP_MFREE, 2);
	ck_assert(kctx_has_cost(&k));
	ck_assert_int_eq(k.cost.units, 3 * 100 * COST_UNITS_PER_CYCLE);
	kctx_spend(&k, SPL_SOFTNET, pass_a);
	ck_assert(!kctx_has_cost(&k));
	ck_assert_str_eq(trail, "");
	ck_assert_int_eq(crank_until(&crank, SIM_TIME_NEVER), WORLD_OVER);
	ck_assert_str_eq(trail, "a");
	ck_assert_int_eq(at[0], 3 * US);
}
END_TEST

START_TEST(test_mode_and_spl_reach_the_cpu)
{
	if (_i == 0)
		kctx_spend(&k, SPL_NET, pass_a);
	else
		kctx_spend_mode(&k, SPL_0, CPU_IN_USER, pass_a);
	ck_assert_int_eq(k.task.mode, _i == 0 ? CPU_IN_KERNEL : CPU_IN_USER);
	ck_assert_int_eq(k.task.spl, _i == 0 ? SPL_NET : SPL_0);
}
END_TEST

/* Any part of a cost is a cost. */
START_TEST(test_has_cost)
{
	k.cost = (struct cost){1, 0, 0};
	ck_assert(kctx_has_cost(&k));
	k.cost = (struct cost){0, 1, 0};
	ck_assert(kctx_has_cost(&k));
	k.cost = (struct cost){0, 0, 1};
	ck_assert(kctx_has_cost(&k));
	k.cost = (struct cost){0};
	ck_assert(!kctx_has_cost(&k));
}
END_TEST

static void
back(struct kctx *kctx)
{
	pass('r');
	if (kctx->depth > 0)
		kctx_return(kctx);
}

static void
inner(struct kctx *kctx)
{
	pass('i');
	kctx_op(kctx, OP_MGET, 1);
	kctx_spend(kctx, SPL_SOFTNET, kctx_return);
}

static void
after(struct kctx *kctx)
{
	pass('o');
	kctx_op(kctx, OP_MGET, 2);
	kctx_spend(kctx, SPL_SOFTNET, kctx_return);
}

static void
outer(struct kctx *kctx)
{
	pass('O');
	kctx_call(kctx, after);
	inner(kctx);
}

/* outer calls inner, goes on after it, and returns to its own caller. */
START_TEST(test_call_and_return)
{
	kctx_call(&k, back);
	kctx_op(&k, OP_MGET, 1);
	kctx_spend(&k, SPL_SOFTNET, outer);
	crank_until(&crank, SIM_TIME_NEVER);
	ck_assert_str_eq(trail, "Oior");
	ck_assert_int_eq(at[0], 1 * US);
	ck_assert_int_eq(at[1], 1 * US);
	ck_assert_int_eq(at[2], 2 * US);
	ck_assert_int_eq(at[3], 4 * US);
	ck_assert_uint_eq(k.depth, 0);
}
END_TEST

START_TEST(test_full_depth)
{
	for (int n = 0; n < KCTX_DEPTH; n++)
		kctx_call(&k, back);
	ck_assert_uint_eq(k.depth, KCTX_DEPTH);
	kctx_return(&k);
	/* KCTX_DEPTH of them */
	ck_assert_str_eq(trail, "rrrrrrrr");
	ck_assert_uint_eq(k.depth, 0);
}
END_TEST

START_TEST(test_death_of_a_call_too_deep)
{
	for (int n = 0; n <= KCTX_DEPTH; n++)
		kctx_call(&k, back);
}
END_TEST

START_TEST(test_death_of_a_return_to_nobody)
{
	kctx_return(&k);
}
END_TEST

static Suite *
kctx_suite(void)
{
	Suite *suite = suite_create("kern/kctx");
	TCase *tc = tcase_create("kctx");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_init);
	tcase_add_test(tc, test_cost_adds_up_and_is_spent_once);
	tcase_add_loop_test(tc, test_mode_and_spl_reach_the_cpu, 0, 2);
	tcase_add_test(tc, test_has_cost);
	tcase_add_test(tc, test_call_and_return);
	tcase_add_test(tc, test_full_depth);
	tcase_add_test_raise_signal(tc, test_death_of_a_call_too_deep,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_a_return_to_nobody,
	    SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(kctx_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
