/*
 * Reading by the pager: which transfers, when they are done, what is read
 * ahead, and who waits.  netbsd-2002.md 3.1, case B.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/pager_rig.h"

/*
 * A store to page 1 reads the block, 16 sectors from 6 ms on; then the
 * interrupt with its end of a transfer and a wake-up, a switch, the fault with
 * a neighbour and the word: 6 us, and 4 bytes at 30 ns.
 */
START_TEST(test_time)
{
	uint64_t va;

	pager_rig_begin(0, 0);
	pager_rig_file(8);
	va = pager_rig_map(0);
	ck_assert_int_eq(pager_rig_touch(0, va + PAGE_SIZE, 1),
	    0);
	ck_assert_int_eq(pg.crank.world.cal.now, 6320 * US + RIG_TAIL +
	    6 * US + 4 * 30 * NS);
	ck_assert_int_eq(pg.host->pager.stats.n_reads, 1);
	ck_assert_int_eq(pg.host->pager.stats.n_pages_read, 2);
	ck_assert_int_eq(pg.host->wd.n_interrupts, 1);
	ck_assert_int_eq(pg.host->ledger.n_ops[OP_DISK_START], 1);
	ck_assert_int_eq(pg.host->ledger.n_ops[OP_DISK_INTR], 1);
	ck_assert_int_eq(pg.host->ledger.n_ops[OP_PAGE_IO], 2);
	crank_fini(&pg.crank);
}
END_TEST

/* A block ends with its file, and what is there is not read again. */
START_TEST(test_blocks)
{
	uint64_t va;

	pg.config.host.pager.fs_bsize = 4;
	pager_rig_begin(0, 0);
	pager_rig_file(7);
	va = pager_rig_map(0);
	vm_object_page_in(pg.file, 1);
	pager_rig_lock(va, 1);
	/* 0; 2 and 3 */
	ck_assert_int_eq(pg.host->pager.stats.n_reads, 2);
	ck_assert_int_eq(pg.host->pager.stats.n_pages_read, 3);
	pager_rig_lock(va + PAGES(6), 1);
	/* 4 to 6 */
	ck_assert_int_eq(pg.host->pager.stats.n_reads, 3);
	ck_assert_int_eq(pg.host->pager.stats.n_pages_read, 6);
	crank_fini(&pg.crank);
}
END_TEST

/*
 * Faults ask the pager only for what is not there.  64 pages: blocks up to 64
 * KB, 8 reads; then twice 16 ahead, which all are found; from page 48 on blocks
 * again, 8 of them.
 */
START_TEST(test_faults_read_ahead)
{
	pager_rig_begin(0, 0);
	pager_rig_file(64);
	pager_rig_lock(pager_rig_map(0), 64);
	ck_assert_int_eq(pg.host->pager.stats.n_reads, 8 + 2 + 8);
	ck_assert_int_eq(pg.host->pager.stats.n_pages_read, 64);
	ck_assert_int_eq(pg.host->pager.stats.n_ahead, 32);
	ck_assert_int_eq(pg.host->pager.stats.n_ahead_hits, 32);
	crank_fini(&pg.crank);
}
END_TEST

/*
 * read(2) asks at every window: at 64 KB for 16 to 47, at 128 for 48 to 63 as
 * well.  The head never waits for the program: 512 sectors from 6 ms on and one
 * skew of 45; the interrupt with its wake-up, and a switch.
 */
START_TEST(test_read_reads_ahead)
{
	pager_rig_begin(0, 0);
	pager_rig_file(64);
	pager_rig_read(0, 2, true);
	ck_assert_int_eq(pg.host->pager.stats.n_reads, 8 + 3);
	ck_assert_int_eq(pg.host->pager.stats.n_pages_read, 64);
	ck_assert_int_eq(pg.host->pager.stats.n_ahead, 48);
	ck_assert_int_eq(pg.host->pager.stats.n_ahead_hits, 48);
	ck_assert_int_eq(pg.host->disk.stats.n_continued, 10);
	ck_assert_int_eq(pg.crank.world.cal.now, 6000 * US +
	    (512 + 45) * 20 * US + RIG_TAIL + 4 * US);
	/* once more: all of it is there, and no time passes */
	ck_assert_int_eq(pg.host->pager.stats.n_reads, 11);
	pager_rig_read(0, 2, true);
	ck_assert_int_eq(pg.host->pager.stats.n_reads, 11);
	ck_assert_int_eq(pg.host->pager.stats.n_ahead_hits, 48);
	crank_fini(&pg.crank);
}
END_TEST

/* One call for 16 pages is eight windows; a random one reads nothing ahead. */
START_TEST(test_large_windows)
{
	pager_rig_begin(0, 0);
	pager_rig_file(64);
	pager_rig_read(0, 16, true);
	ck_assert_int_eq(pg.host->pager.stats.n_reads, 8 + 3);
	crank_fini(&pg.crank);
	pager_rig_begin(0, 0);
	pager_rig_file(64);
	pager_rig_read(14, 2, false);
	ck_assert_int_eq(pg.host->pager.stats.n_reads, 25);
	ck_assert_int_eq(pg.host->pager.stats.n_ahead, 0);
	crank_fini(&pg.crank);
}
END_TEST

/* Nothing ahead where the kernel does not, or at the end of the run. */
START_TEST(test_no_read_ahead)
{
	pg.config.host.pager.read_ahead = 0;
	pager_rig_begin(0, 0);
	pager_rig_file(32);
	pager_rig_read(0, 2, true);
	ck_assert_int_eq(pg.host->pager.stats.n_reads, 16);
	ck_assert_int_eq(pg.host->pager.stats.n_ahead, 0);
	crank_fini(&pg.crank);
}
END_TEST

/*
 * What nobody asked for leaves five pages alone.  With 16 pages in memory a
 * transfer of 16 more needs 21 that are free; that it wakes the page daemon,
 * which works for 10, is no hindrance.
 */
START_TEST(test_room_for_ahead)
{
	pager_rig_begin(36 + _i, 10);
	pager_rig_file(64);
	pager_rig_lock(pager_rig_map(0), 16);
	ck_assert_int_eq(pg.host->pager.stats.n_ahead, 16 * _i);
	crank_fini(&pg.crank);
}
END_TEST

/* Memory for 8 pages: the daemon takes what has been read. */
START_TEST(test_larger_than_memory)
{
	pager_rig_begin(8, 2);
	pager_rig_file(32);
	pager_rig_read(0, 2, true);
	ck_assert_int_eq(pg.host->pager.stats.n_pages_read, 32);
	ck_assert_int_eq(pg.host->pager.stats.n_ahead, 0);
	ck_assert_int_ge(pg.host->vm.stats.n_page_outs, 24);
	crank_fini(&pg.crank);
}
END_TEST

/*
 * A cold file that is mapped and lent (3.1 B): page by page if blocks are
 * pages, nothing is read ahead and the drive has no buffer.  Each page is asked
 * for when it has just gone by: a turn and 8 sectors for each of 16.
 */
START_TEST(test_lent_page_by_page)
{
	sim_time last = 16 * 6160 * US + RIG_TAIL;
	uint64_t va;
	int so;

	pg.config.host.pager = (struct pager_config){.fs_bsize = 1};
	pg.config.host.disk.buffer_sectors = 0;
	pager_rig_begin(0, 0);
	so = crank_connect(&pg.crank, 0, 131072);
	ck_assert_int_lt(pg.crank.world.cal.now, 5 * MS);
	pager_rig_file(16);
	va = pager_rig_map(0);
	ck_assert_int_eq(crank_write(&pg.crank, 0, so, va, PAGES(16)),
	    PAGES(16));
	ck_assert_int_eq(pg.host->vm.stats.n_loaned, 16);
	ck_assert_int_eq(pg.host->pager.stats.n_reads, 16);
	ck_assert_int_ge(pg.crank.world.cal.now, last);
	ck_assert_int_lt(pg.crank.world.cal.now, last + MS / 10);
	crank_fini(&pg.crank);
}
END_TEST

/*
 * The processor only waits for memory, as if instructions took no time; a store
 * by the disk takes all of the memory's rate.  So it stands still for as long
 * as 16 sectors take, 10.24 us each.
 */
START_TEST(test_dma_slows_the_processor)
{
	uint64_t va;

	memset(pg.config.host.cost.op_insns, 0,
	    sizeof pg.config.host.cost.op_insns);
	pager_rig_begin(0, 0);
	pager_rig_file(2);
	va = vm_map_anon(&pg.crank.procs[1].p->space, 64);
	crank_post(&pg.crank, 0, pager_rig_touching(pager_rig_map(0), 1));
	crank_post(&pg.crank, 1, (struct sys_call){.nr = SYS_TOUCH, .addr = va,
	    .len = PAGES(64), .is_full = true});
	ck_assert_int_eq(crank_wait(&pg.crank, 1), 0);
	/* zeroed and filled, 20 ns a byte */
	ck_assert_int_eq(pg.crank.world.cal.now, 2 * PAGES(64) * 20 * NS +
	    16 * 10240 * NS);
	ck_assert_int_eq(cpu_stats_now(&pg.host->cpu)->stall_ps,
	    16 * 10240 * NS);
	ck_assert_int_eq(pg.host->ledger.line[CAUSE_DISK_DMA].write_bytes,
	    PAGES(2));
	crank_fini(&pg.crank);
}
END_TEST

static Suite *
pager_suite(void)
{
	Suite *suite = suite_create("pager");
	TCase *tc = tcase_create("pager");

	tcase_add_checked_fixture(tc, pager_rig_setup, NULL);
	tcase_add_test(tc, test_time);
	tcase_add_test(tc, test_blocks);
	tcase_add_test(tc, test_faults_read_ahead);
	tcase_add_test(tc, test_read_reads_ahead);
	tcase_add_test(tc, test_large_windows);
	tcase_add_test(tc, test_no_read_ahead);
	tcase_add_loop_test(tc, test_room_for_ahead, 0, 2);
	tcase_add_test(tc, test_larger_than_memory);
	tcase_add_test(tc, test_lent_page_by_page);
	tcase_add_test(tc, test_dma_slows_the_processor);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(pager_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
