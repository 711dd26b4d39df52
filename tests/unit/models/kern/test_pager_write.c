/*
 * Writing by the pager: which transfers, who waits meanwhile, the page daemon,
 * and files that end in the midst of it.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "tests/support/pager_rig.h"

/*
 * 20 pages: 16 and 4.  The first passes at 6 ms; the second's 32 sectors are in
 * the drive too late for 8.56 ms, and wait for 14.56.
 */
START_TEST(test_write_back)
{
	uint64_t va;

	pager_rig_begin(0, 0);
	va = pager_rig_dirty(20);
	pager_rig_post(0, pager_rig_write);
	crank_wait(&pg.crank, 0);
	ck_assert_int_eq(pg.crank.world.cal.now, 15200 * US + 4 * US);
	ck_assert_int_eq(pg.host->pager.stats.n_writes, 2);
	ck_assert_int_eq(pg.host->pager.stats.n_pages_written, 20);
	ck_assert_int_eq(pg.host->ledger.line[CAUSE_DISK_DMA].read_bytes,
	    PAGES(20));
	ck_assert_int_eq(pager_rig_busy() + pager_rig_dirty_pages(), 0);
	/* nothing to do: no time */
	pager_rig_post(0, pager_rig_write);
	crank_wait(&pg.crank, 0);
	ck_assert_int_eq(pg.host->pager.stats.n_writes, 2);
	/* it is read-only: a store faults, and has to be written again */
	ck_assert_int_eq(pager_rig_touch(0, va + PAGES(7), 1), 0);
	ck_assert_int_eq(pg.host->vm.stats.n_soft_faults, 21);
	ck_assert_int_eq(pager_rig_dirty_pages(), 1);
	crank_fini(&pg.crank);
}
END_TEST

/* Where the disk does not see the caches, what is dirty in them is cleaned. */
START_TEST(test_caches)
{
	pg.config.host.cache = (struct cache_config){.bytes = {32768, 0},
	    .line_bytes = 32, .write_allocate = true};
	pg.config.host.dma_is_coherent = _i;
	pager_rig_begin(0, 0);
	pager_rig_dirty(2);
	pager_rig_post(0, pager_rig_write);
	crank_wait(&pg.crank, 0);
	ck_assert_int_eq(pg.host->ledger.n_ops[OP_CACHE_LINE],
	    _i == 1 ? 0 : 2 * 128);
	crank_fini(&pg.crank);
}
END_TEST

/*
 * While a page is being written: who has it mapped may load from it; who wants
 * to store to it, or to lend it, waits.
 */
enum { LOAD, STORE, LEND };

START_TEST(test_during_a_write)
{
	uint64_t va;
	int so;

	pg.config.host.sosend.sosend_loan = _i == LEND;
	pager_rig_begin(0, 0);
	pager_rig_dirty(1);
	va = pager_rig_map(1);
	ck_assert_int_eq(pager_rig_touch(1, va, 1), 0);
	so = crank_connect(&pg.crank, 1, 65536);
	pager_rig_post(0, pager_rig_write);
	crank_until(&pg.crank, pg.crank.world.cal.now + 50 * US);
	ck_assert_int_eq(pager_rig_busy(), 1);
	crank_post(&pg.crank, 1, _i == STORE ? pager_rig_touching(va, 1) :
	    (struct sys_call){.nr = SYS_WRITE, .fd = so, .addr = va,
	    .len = PAGES(1)});
	ck_assert_int_ge(crank_wait(&pg.crank, 1), 0);
	ck_assert_int_eq(pager_rig_busy(), _i == LOAD);
	if (_i != LOAD)
		ck_assert_int_ge(pg.crank.world.cal.now, 6160 * US);
	if (!pg.crank.procs[0].is_woken)
		crank_wait(&pg.crank, 0);
	ck_assert_int_eq(pager_rig_dirty_pages(), _i == STORE);
	crank_fini(&pg.crank);
}
END_TEST

/*
 * 32 pages of memory, 20 of them a file's that have been stored to: a program
 * that wants 24 gets them when some are on the disk.
 */
START_TEST(test_daemon_writes)
{
	uint64_t va;

	pager_rig_begin(32, 4);
	pager_rig_dirty(20);
	va = vm_map_anon(&pg.crank.procs[1].p->space, 24);
	ck_assert_int_eq(pager_rig_touch(1, va, 24), 0);
	ck_assert_int_ge(pg.host->pager.stats.n_writes, 1);
	ck_assert_int_ge(pg.host->vm.stats.n_page_outs, 12);
	ck_assert_int_le(vm_objects_pages(&pg.host->vm), 8);
	crank_fini(&pg.crank);
}
END_TEST

/* Its file ends while a page is in a transfer: that is what frees it. */
static void
truncate_file(void)
{
	struct cost cost = {0};

	ck_assert_int_gt(pager_rig_busy(), 0);
	vm_object_truncate(pg.file, 0, &cost, &pg.host->costs);
	ck_assert_int_eq(vm_objects_pages(&pg.host->vm), 0);
	ck_assert_uint_gt(pool_in_use(&pg.host->vm.pages), 0);
}

START_TEST(test_truncated_in_a_read)
{
	pager_rig_begin(0, 0);
	pager_rig_file(2);
	crank_post(&pg.crank, 0, pager_rig_touching(pager_rig_map(0), 1));
	crank_until(&pg.crank, 5 * MS);
	truncate_file();
	ck_assert_int_eq(crank_wait(&pg.crank, 0), SYS_SIGBUS);
	ck_assert_uint_eq(pool_in_use(&pg.host->vm.pages), 0);
	crank_fini(&pg.crank);
}
END_TEST

/* Lent as well: the loans, or the disk, whichever is done last. */
START_TEST(test_truncated_in_a_write)
{
	uint64_t va;
	int so;

	pager_rig_begin(0, 0);
	va = pager_rig_dirty(2);
	if (_i == 1) {
		so = crank_connect(&pg.crank, 0, 65536);
		ck_assert_int_eq(crank_write(&pg.crank, 0, so, va, PAGES(2)),
		    PAGES(2));
	}
	pager_rig_post(0, pager_rig_write);
	crank_until(&pg.crank, pg.crank.world.cal.now + 50 * US);
	truncate_file();
	ck_assert_int_eq(crank_wait(&pg.crank, 0), 0);
	crank_fini(&pg.crank);
}
END_TEST

/* A page is in one transfer at a time. */
START_TEST(test_death_written_twice)
{
	pager_rig_begin(0, 0);
	pager_rig_dirty(1);
	pager_put(&pg.crank.procs[0].p->k, pg.file->pages[0], false);
	pager_put(&pg.crank.procs[0].p->k, pg.file->pages[0], false);
}
END_TEST

static Suite *
pager_write_suite(void)
{
	Suite *suite = suite_create("pager_write");
	TCase *tc = tcase_create("pager_write");

	tcase_add_checked_fixture(tc, pager_rig_setup, NULL);
	tcase_add_test(tc, test_write_back);
	tcase_add_loop_test(tc, test_caches, 0, 2);
	tcase_add_loop_test(tc, test_during_a_write, LOAD, LEND + 1);
	tcase_add_test(tc, test_daemon_writes);
	tcase_add_test(tc, test_truncated_in_a_read);
	tcase_add_loop_test(tc, test_truncated_in_a_write, 0, 2);
	tcase_add_test_raise_signal(tc, test_death_written_twice, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(pager_write_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
