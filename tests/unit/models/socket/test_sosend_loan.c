/*
 * The loan path: pieces, pages, the budget of address space, refusals.
 * netbsd-2002.md 1 step 6 b, 2.2 to 2.6.
 */
#include <check.h>
#include <stdlib.h>

#include "models/vm/fault.h"
#include "tests/support/writer.h"

enum { BUFFER = 196608 + 2 * PAGE_SIZE };

static struct world_config config;
static struct writer w;

static void
begin(int n_procs, int64_t sndbuf)
{
	writer_init(&w, &config, n_procs, sndbuf, BUFFER);
}

static void
setup(void)
{
	config = writer_config(true);
}

static void
teardown(void)
{
	writer_audit(w.host, "at the end");
	writer_fini(&w);
}

/*
 * A write of a size from a place in a page, with room for all of it: as long
 * as 4096 bytes are left, a loan of up to 65536, whose pages reach from the one
 * of its first byte to the one of its last; the rest is copied.
 *
 *	4096 from 1		bytes    1 ..  4096	pages 0 and 1
 *	4097 from 4095		bytes 4095 ..  8191	pages 0 and 1
 *	65535 from 1		bytes    1 .. 65535	pages 0 to 15
 *	65535 from 2		bytes    2 .. 65536	pages 0 to 16
 *	131072 from 1		pages 0 to 16, and 16 to 32: page 16 twice
 */
static const struct {
	int64_t len, align, loans, pages, big, small;
} sizes[] = {
	{1, 0, 0, 0, 0, 1},
	{452, 0, 0, 0, 0, 3},
	{453, 0, 0, 0, 1, 0},
	{2048, 0, 0, 0, 1, 0},
	{2049, 0, 0, 0, 1, 1},
	{4095, 0, 0, 0, 2, 0},
	{4095, 1, 0, 0, 2, 0},
	{4096, 0, 1, 1, 0, 0},
	{4096, 1, 1, 2, 0, 0},
	{4096, 4095, 1, 2, 0, 0},
	{4097, 0, 1, 2, 0, 0},
	{4097, 4095, 1, 2, 0, 0},
	{8192, 0, 1, 2, 0, 0},
	{8192, 4095, 1, 3, 0, 0},
	{65535, 0, 1, 16, 0, 0},
	{65535, 1, 1, 16, 0, 0},
	{65535, 2, 1, 17, 0, 0},
	{65536, 0, 1, 16, 0, 0},
	{65536, 1, 1, 17, 0, 0},
	{65536, 4095, 1, 17, 0, 0},
	{65537, 0, 1, 16, 0, 1},
	{65537, 4095, 1, 17, 0, 1},
	{65536 + 4095, 0, 1, 16, 2, 0},
	{65536 + 4096, 0, 2, 17, 0, 0},
	{65536 + 4096, 1, 2, 19, 0, 0},
	{131072, 0, 2, 32, 0, 0},
	{131072, 1, 2, 34, 0, 0},
};
enum { N_SIZES = sizeof sizes / sizeof sizes[0] };

/* Whole pages, and each of them once even if it is lent twice. */
static int64_t
pages_between(int64_t align, int64_t len)
{
	return len == 0 ? 0 : (align + len - 1) / PAGE_SIZE + 1;
}

START_TEST(test_path)
{
	int64_t len = sizes[_i].len;
	int64_t n_mbufs = sizes[_i].loans + sizes[_i].big + sizes[_i].small;
	int64_t loaned = sizes[_i].loans == 0 ? 0 :
	    len < 65536 * sizes[_i].loans ? len : 65536 * sizes[_i].loans;
	const struct ledger *ledger;

	begin(1, 200000);
	ledger = &w.host->ledger;
	ck_assert_int_eq(writer_write(&w, sizes[_i].align, len), len);
	writer_assert_path(&w, (struct way){.loan_big = sizes[_i].loans,
	    .loan_pages = sizes[_i].pages, .copy_big = sizes[_i].big,
	    .copy_small = sizes[_i].small, .pru_sends = n_mbufs, .turns = 1,
	    .taken = len});
	/* what was not lent was copied */
	if (sizes[_i].big + sizes[_i].small == 0)
		ck_assert_int_eq(loaned, len);
	ck_assert_int_eq(w.so->stats.bytes_loaned, loaned);
	ck_assert_int_eq(w.so->stats.bytes_copied, len - loaned);
	ck_assert_int_eq(w.host->kva.socurkva, sizes[_i].pages * PAGE_SIZE);
	ck_assert_int_eq(w.so->so_snd.sb_mbcnt, n_mbufs * 256 + loaned +
	    sizes[_i].big * 2048);
	/* a window, an uvm_loan, a pmap_update; each page; first loans */
	ck_assert_int_eq(ledger->n_ops[OP_KVA_ALLOC], sizes[_i].loans);
	ck_assert_int_eq(ledger->n_ops[OP_UVM_LOAN], sizes[_i].loans);
	ck_assert_int_eq(ledger->n_ops[OP_PMAP_UPDATE], sizes[_i].loans);
	ck_assert_int_eq(ledger->n_ops[OP_LOAN_PAGE], sizes[_i].pages);
	ck_assert_int_eq(ledger->n_ops[OP_KENTER], sizes[_i].pages);
	ck_assert_int_eq(ledger->n_ops[OP_PAGE_PROTECT],
	    pages_between(sizes[_i].align, loaned));
	ck_assert_int_eq(w.host->vm.stats.n_protects,
	    pages_between(sizes[_i].align, loaned));
	/* the data lies where the program has it: page borders show */
	ck_assert_int_eq(m_dma_segments(w.so->so_snd.sb_mb),
	    sizes[_i].pages + sizes[_i].big + sizes[_i].small);
	ck_assert_uint_eq(m_content(w.so->so_snd.sb_mb, 0),
	    content_name(w.so->so_id, 0));
}
END_TEST

/*
 * Pieces of one page: 16 of them in 64 KB.  One byte off, each lies in two
 * pages, and the 15 inner ones of the 17 are lent twice.
 */
START_TEST(test_small_chunks)
{
	const struct vm_slot *slot;

	config.host.sosend.sock_loan_chunk = 4096;
	begin(1, 131072);
	ck_assert_int_eq(writer_write(&w, _i, 65536), 65536);
	writer_assert_path(&w, (struct way){.loan_big = 16,
	    .loan_pages = _i == 0 ? 16 : 32, .pru_sends = 16, .turns = 1,
	    .taken = 65536});
	ck_assert_int_eq(w.host->vm.stats.n_protects, 16 + _i);
	slot = vm_find_slot(&w.p->space, w.addr);
	ck_assert_uint_eq(slot[0].page->loan_count, 1);
	ck_assert_uint_eq(slot[1].page->loan_count, _i == 0 ? 1 : 2);
	ck_assert_uint_eq(slot[15].page->loan_count, _i == 0 ? 1 : 2);
	ck_assert_uint_eq(slot[16].page->loan_count, _i == 0 ? 0 : 1);
}
END_TEST

/* The threshold counts for what is left of the write, and for the room. */
START_TEST(test_threshold)
{
	static const struct {
		int64_t thresh, len, loans, big, small;
	} cases[] = {
		{INT64_MAX, 65536, 0, 32, 0},
		{1, 1, 1, 0, 0},
		{65536, 65535, 0, 32, 0},
		{65536, 65536, 1, 0, 0},
		/* 65536 lent, 65535 copied */
		{65536, 131071, 1, 32, 0},
	};

	config.host.sosend.sock_loan_thresh = cases[_i].thresh;
	begin(1, 200000);
	ck_assert_int_eq(writer_write(&w, 0, cases[_i].len), cases[_i].len);
	ck_assert_int_eq(writer_path(&w).loan_big, cases[_i].loans);
	ck_assert_int_eq(writer_path(&w).copy_big, cases[_i].big);
	ck_assert_int_eq(writer_path(&w).copy_small, cases[_i].small);
}
END_TEST

/*
 * A send buffer that decides: the room is lent in one piece if it is 4096 or
 * more, and the program sleeps with the rest.  Of 4095 bytes a cluster takes
 * 2048, 2047 = 9 * 216 + 103 go to small mbufs.
 */
START_TEST(test_room)
{
	static const struct {
		int64_t room, loans, pages, big, small;
	} cases[] = {
		{4095, 0, 0, 1, 10},
		{4096, 1, 1, 0, 0},
		{4097, 1, 2, 0, 0},
		{16384, 1, 4, 0, 0},
		{65536, 1, 16, 0, 0},
		{65537, 1, 16, 0, 1},
	};

	begin(1, cases[_i].room);
	writer_post(&w, 0, 100000);
	ck_assert(writer_is_asleep(&w, 0, &w.so->so_snd.sb_wait));
	writer_assert_path(&w, (struct way){.loan_big = cases[_i].loans,
	    .loan_pages = cases[_i].pages, .copy_big = cases[_i].big,
	    .copy_small = cases[_i].small, .turns = 2,
	    .pru_sends = cases[_i].loans + cases[_i].big + cases[_i].small,
	    .taken = cases[_i].room});
	ck_assert_int_eq(crank_wait(&w.crank, 0), 100000);
}
END_TEST

/*
 * What a full buffer and an ACK of two segments make of loaning (2.7): 2920
 * bytes are room enough to wake, and too few to lend.
 */
START_TEST(test_woken_with_two_segments)
{
	config.peer.delack_segments = 1;
	config.host.tcp.init_win = 2;
	begin(1, 16384);
	writer_post(&w, 0, 65536);
	writer_assert_path(&w, (struct way){.loan_big = 1, .loan_pages = 4,
	    .pru_sends = 1, .turns = 2, .taken = 16384});
	/* ACKs of the two segments sent at first; the next are 100 ms behind */
	writer_rest(&w, 100 * PS_PER_MS);
	ck_assert_int_eq(w.so->stats.bytes_acked, 2920);
	ck_assert_int_eq(writer_path(&w).loan_big, 1);
	/* as computed for the copy path: 2048, and 872 = 4 * 216 + 8 */
	ck_assert_int_eq(writer_path(&w).copy_big, 1);
	ck_assert_int_eq(writer_path(&w).copy_small, 5);
	ck_assert_int_eq(writer_path(&w).taken, 16384 + 2920);
	ck_assert_int_eq(crank_wait(&w.crank, 0), 65536);
}
END_TEST

/*
 * Memory never touched is lent as zeroes, and the address space learns nothing
 * of it: the second write pays for zeroing again (netbsd-2002.md 3.1 case C).
 * With the one zero page of 2003 it is zeroed once.
 */
START_TEST(test_untouched)
{
	int64_t addr;

	config.host.vm.loan_zero_page = _i;
	begin(1, 131072);
	addr = crank_call(&w.crank, 0,
	    (struct sys_call){.nr = SYS_MMAP, .len = 4 * PAGE_SIZE});
	ck_assert_int_eq(crank_call(&w.crank, 0, (struct sys_call){
	    .nr = SYS_TOUCH, .addr = (uint64_t)addr, .len = 4096}), 0);
	for (int i = 1; i <= 3; i++) {
		int64_t zeroed = w.host->ledger.n_ops[OP_ZERO_1K];

		writer_mark(&w);
		ck_assert_int_eq(crank_write(&w.crank, 0, w.fd,
		    (uint64_t)addr, 12288), 12288);
		writer_assert_path(&w, (struct way){.loan_big = 1,
		    .loan_pages = 3, .pru_sends = 1, .turns = 1,
		    .taken = 12288});
		ck_assert_int_eq(w.host->vm.stats.n_zero_loans, 2 * i);
		ck_assert_int_eq(w.host->ledger.n_ops[OP_ZERO_1K] - zeroed,
		    _i == 0 ? 8192 : i == 1 ? 4096 : 0);
	}
	/* a store to it is a first touch, whatever has been lent */
	ck_assert_ptr_null(vm_find_slot(&w.p->space,
	    (uint64_t)addr + PAGE_SIZE)->page);
}
END_TEST

/* A wired page cannot be lent (3.1 case A): refused, and copied. */
START_TEST(test_refused_wired)
{
	begin(1, 131072);
	vm_slot_wire(vm_find_slot(&w.p->space, w.addr + PAGE_SIZE));
	ck_assert_int_eq(writer_write(&w, 0, 8192), 8192);
	/* 8192 and 6144 reach the second page, 4096 begin in it: all refused */
	writer_assert_path(&w, (struct way){.copy_big = 4, .pru_sends = 4,
	    .turns = 1, .refused = 3, .taken = 8192});
	ck_assert_int_eq(w.host->kva.peak, 0);
}
END_TEST

/*
 * Two pages before the end of the buffer, a write of four.  The attempts are
 * refused as long as 4096 bytes are left (16384, 14336, .. 8192), what is
 * mapped is copied (four clusters), and the fifth cluster fails.
 */
START_TEST(test_refused_unmapped)
{
	begin(1, 131072);
	ck_assert_int_eq(writer_write(&w, BUFFER - 8192, 16384), 8192);
	writer_assert_path(&w, (struct way){.copy_big = 5, .pru_sends = 4,
	    .turns = 1, .refused = 5, .taken = 8192});
	ck_assert_int_eq(writer_write(&w, BUFFER, 4096), SYS_EFAULT);
	ck_assert_int_eq(writer_path(&w).refused, 6);
	/* an attempt costs a window, uvm_loan, and the window back */
	ck_assert_int_eq(w.host->ledger.n_ops[OP_KVA_ALLOC], 6);
	ck_assert_int_eq(w.host->ledger.n_ops[OP_UVM_LOAN], 6);
	ck_assert_int_eq(w.host->ledger.n_ops[OP_KVA_FREE], 6);
	ck_assert_int_eq(w.host->ledger.n_ops[OP_LOAN_PAGE], 0);
	ck_assert_int_eq(w.host->kva.peak, 0);
}
END_TEST

/* Without the option nothing is counted, and as much is lent. */
START_TEST(test_no_counters)
{
	config.host.sosend.sosend_counters = false;
	config.host.somaxkva = 65536;
	begin(1, 131072);
	writer_post(&w, 0, 65536 + 4096);
	ck_assert(writer_is_asleep(&w, 0, &w.host->kva_wait));
	ck_assert_int_eq(crank_wait(&w.crank, 0), 65536 + 4096);
	ck_assert_int_eq(writer_path(&w).loan_big, 0);
	ck_assert_int_eq(writer_path(&w).kva_limit, 0);
	ck_assert_int_eq(w.so->stats.bytes_loaned, 65536 + 4096);
}
END_TEST

/*
 * The budget: two pieces of 64 KB, of which one fits.  The second waits, with
 * the buffer locked, until the first is acknowledged to its last byte; then
 * the sleeper drains its own list and goes on.
 */
START_TEST(test_kva_limit)
{
	config.host.somaxkva = 65536;
	begin(1, 131072);
	writer_post(&w, 0, 131072);
	ck_assert(writer_is_asleep(&w, 0, &w.host->kva_wait));
	ck_assert(w.so->so_snd.sb_is_locked);
	ck_assert_int_eq(w.host->kva.socurkva, 65536);
	writer_assert_path(&w, (struct way){.loan_big = 1, .loan_pages = 16,
	    .pru_sends = 1, .turns = 1, .kva_limit = 1, .taken = 65536});
	ck_assert_int_eq(crank_wait(&w.crank, 0), 131072);
	ck_assert_int_eq(w.so->stats.bytes_acked, 65536);
	ck_assert_int_eq(writer_path(&w).kva_limit, 1);
	ck_assert_int_eq(writer_path(&w).loan_big, 2);
	ck_assert_int_eq(w.host->kva.peak, 65536);
}
END_TEST

/* A budget of exactly what is needed, and of one page less. */
START_TEST(test_kva_edge)
{
	config.host.somaxkva = 33 * PAGE_SIZE + _i * PAGE_SIZE;
	begin(1, 131072);
	/* one byte off: 17 and 17 pages */
	writer_post(&w, 1, 131072);
	ck_assert_int_eq(writer_path(&w).kva_limit, 1 - _i);
	ck_assert_int_eq(writer_path(&w).taken, _i == 0 ? 65536 : 131072);
	ck_assert_int_eq(crank_wait(&w.crank, 0), 131072);
	ck_assert_int_eq(w.host->kva.peak, (17 + 17 * _i) * PAGE_SIZE);
}
END_TEST

/* What an earlier write has left on its list is drained, not waited for. */
START_TEST(test_kva_limit_finds_own_list)
{
	config.host.somaxkva = 65536;
	begin(1, 131072);
	ck_assert_int_eq(writer_write(&w, 0, 65536), 65536);
	writer_rest(&w, WRITER_LATER);
	ck_assert_uint_eq(w.so->pendfree.n, 1);
	ck_assert_int_eq(writer_write(&w, 0, 65536), 65536);
	ck_assert_int_eq(writer_path(&w).kva_limit, 0);
	ck_assert_int_eq(w.host->kva.socurkva, 65536);
}
END_TEST

/*
 * Two sockets, each with a process.  What the first has lent and got back lies
 * on the first one's list, which the second does not drain: it is woken, finds
 * nothing, and sleeps again, until the first calls.
 */
START_TEST(test_kva_of_another_socket)
{
	const struct proc *p1;
	uint64_t addr;
	int fd;

	config.host.somaxkva = 65536;
	begin(2, 131072);
	p1 = w.crank.procs[1].p;
	fd = crank_connect(&w.crank, 1, 131072);
	addr = crank_buffer(&w.crank, 1, 4096);
	writer_mark(&w);
	ck_assert_int_eq(writer_write(&w, 0, 65536), 65536);
	crank_post(&w.crank, 1, (struct sys_call){.nr = SYS_WRITE, .fd = fd,
	    .addr = addr, .len = 4096});
	writer_rest(&w, WRITER_SOON);
	ck_assert(writer_is_asleep(&w, 1, &w.host->kva_wait));
	ck_assert_int_eq(writer_path(&w).kva_limit, 1);
	writer_rest(&w, WRITER_LATER);
	ck_assert_int_eq(w.so->stats.bytes_acked, 65536);
	ck_assert_uint_eq(w.so->pendfree.n, 1);
	ck_assert(writer_is_asleep(&w, 1, &w.host->kva_wait));
	ck_assert_int_eq(writer_path(&w).kva_limit, 2);
	/* any call of the first that drains its list will do */
	if (_i == 0)
		ck_assert_int_eq(writer_write(&w, 0, 1), 1);
	else
		crank_call(&w.crank, 0,
		    (struct sys_call){.nr = SYS_CLOSE, .fd = w.fd});
	ck_assert_int_eq(crank_wait(&w.crank, 1), 4096);
	ck_assert_int_eq(fd_socket(p1, fd)->stats.bytes_loaned, 4096);
	ck_assert_int_eq(writer_path(&w).kva_limit, 2);
}
END_TEST

/* Two sleepers, and room for one of them: the other sleeps again. */
START_TEST(test_kva_two_sleepers)
{
	int fd[3];
	uint64_t addr[3];

	config.host.somaxkva = 65536;
	begin(3, 131072);
	for (int i = 1; i < 3; i++) {
		fd[i] = crank_connect(&w.crank, i, 131072);
		addr[i] = crank_buffer(&w.crank, i, 65536);
	}
	writer_mark(&w);
	ck_assert_int_eq(writer_write(&w, 0, 65536), 65536);
	for (int i = 1; i < 3; i++)
		crank_post(&w.crank, i, (struct sys_call){.nr = SYS_WRITE,
		    .fd = fd[i], .addr = addr[i], .len = 65536});
	writer_rest(&w, WRITER_LATER);
	/* two fell asleep, and both were woken in vain once */
	ck_assert_int_eq(writer_path(&w).kva_limit, 4);
	crank_call(&w.crank, 0, (struct sys_call){.nr = SYS_CLOSE,
	    .fd = w.fd});
	ck_assert_int_eq(crank_wait(&w.crank, 1), 65536);
	writer_rest(&w, PS_PER_MS);
	ck_assert(writer_is_asleep(&w, 2, &w.host->kva_wait));
	ck_assert_int_eq(writer_path(&w).kva_limit, 5);
	/* in vain: the second's piece is acknowledged, and not undone */
	writer_rest(&w, WRITER_LATER);
	ck_assert_int_eq(writer_path(&w).kva_limit, 6);
	crank_call(&w.crank, 1, (struct sys_call){.nr = SYS_CLOSE,
	    .fd = fd[1]});
	ck_assert_int_eq(crank_wait(&w.crank, 2), 65536);
}
END_TEST

/*
 * The run ends while it waits, before any ACK: what is left goes the way that
 * needs no address space, 65536 bytes in 32 clusters.
 */
START_TEST(test_kva_wait_ends)
{
	config.host.somaxkva = 65536;
	config.duration = 200 * PS_PER_MS;
	begin(1, 131072);
	writer_post(&w, 0, 131072);
	ck_assert(writer_is_asleep(&w, 0, &w.host->kva_wait));
	ck_assert_int_eq(crank_wait(&w.crank, 0), 131072);
	ck_assert_int_ge(w.crank.world.cal.now, 200 * PS_PER_MS);
	ck_assert_int_lt(w.crank.world.cal.now, 220 * PS_PER_MS);
	writer_assert_path(&w, (struct way){.loan_big = 1, .loan_pages = 16,
	    .copy_big = 32, .pru_sends = 33, .turns = 1, .kva_limit = 1,
	    .taken = 131072});
}
END_TEST

static Suite *
loan_suite(void)
{
	Suite *suite = suite_create("sosend_loan");
	TCase *tc = tcase_create("sosend_loan");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_path, 0, N_SIZES);
	tcase_add_loop_test(tc, test_small_chunks, 0, 2);
	tcase_add_loop_test(tc, test_threshold, 0, 5);
	tcase_add_loop_test(tc, test_room, 0, 6);
	tcase_add_test(tc, test_woken_with_two_segments);
	tcase_add_loop_test(tc, test_untouched, 0, 2);
	tcase_add_test(tc, test_refused_wired);
	tcase_add_test(tc, test_refused_unmapped);
	tcase_add_test(tc, test_no_counters);
	tcase_add_test(tc, test_kva_limit);
	tcase_add_loop_test(tc, test_kva_edge, 0, 2);
	tcase_add_test(tc, test_kva_limit_finds_own_list);
	tcase_add_loop_test(tc, test_kva_of_another_socket, 0, 2);
	tcase_add_test(tc, test_kva_two_sleepers);
	tcase_add_test(tc, test_kva_wait_ends);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(loan_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
