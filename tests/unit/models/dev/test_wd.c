/*
 * The disk's driver: an interrupt for each transfer, unless its handler runs.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/pager_rig.h"

static struct buf bufs[3];
static int n_done;

static void
done(struct kctx *k, struct buf *bp)
{
	ck_assert_ptr_eq(k, &pg.host->wd.k);
	ck_assert_ptr_eq(bp, &bufs[n_done++]);
}

/* Three pages in a row: 160 us apart, as they pass. */
static void
read_three(void)
{
	n_done = 0;
	for (int i = 0; i < 3; i++) {
		bufs[i] = (struct buf){.b_request = {.sector = 8 * i,
		    .n_sectors = 8}, .b_iodone = done};
		wdstrategy(pg.host, &bufs[i]);
	}
	crank_until(&pg.crank, 20 * MS);
	ck_assert_int_eq(n_done, 3);
	ck_assert(!pg.host->wd.is_running);
	ck_assert(disk_is_idle(&pg.host->disk));
	ck_assert_int_eq(pg.host->ledger.n_ops[OP_DISK_INTR], 3);
}

START_TEST(test_interrupts)
{
	pager_rig_begin(0, 0);
	read_three();
	ck_assert_int_eq(pg.host->wd.n_interrupts, 3);
	crank_abandon(&pg.crank);
}
END_TEST

/* A handler of 1 ms finds the other two when it looks again. */
START_TEST(test_slow_handler)
{
	pg.config.host.cost.op_insns[OP_DISK_INTR] = 100000;
	pager_rig_begin(0, 0);
	read_three();
	ck_assert_int_eq(pg.host->wd.n_interrupts, 1);
	crank_abandon(&pg.crank);
}
END_TEST

static Suite *
wd_suite(void)
{
	Suite *suite = suite_create("wd");
	TCase *tc = tcase_create("wd");

	tcase_add_checked_fixture(tc, pager_rig_setup, NULL);
	tcase_add_test(tc, test_interrupts);
	tcase_add_test(tc, test_slow_handler);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(wd_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
