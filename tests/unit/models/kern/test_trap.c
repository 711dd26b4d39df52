/*
 * The way into the kernel: its price, and results that are known at once.
 *
 * A trap costs 1 us, as the crank's costs say.
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/trap.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

static struct crank crank;

static void
setup(void)
{
	struct world_config config = machine_config();

	crank_init(&crank, &config, 1);
}

static void
teardown(void)
{
	crank_fini(&crank);
}

/* A call that is in vain, through sys_enter: one trap, and its result. */
START_TEST(test_answer)
{
	struct ledger *ledger = &crank.world.host.ledger;
	int64_t before;
	sim_time start;

	/* the first one is switched to */
	crank_sleep(&crank, 0, PS_PER_MS);
	before = ledger->n_ops[OP_SYSCALL];
	start = crank.world.cal.now;
	ck_assert_int_eq(crank_call(&crank, 0, (struct sys_call){
	    .nr = SYS_REQUEST}), SYS_EINVAL);
	ck_assert_int_eq(ledger->n_ops[OP_SYSCALL] - before, 1);
	ck_assert_int_eq(crank.world.cal.now - start, PS_PER_US);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("trap");
	TCase *tc = tcase_create("trap");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_answer);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
