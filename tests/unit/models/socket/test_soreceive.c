/*
 * read(2): what is there at once, else it waits.  netbsd-2002.md 2.5 (b).
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/syscall.h"
#include "models/socket/soreceive.h"
#include "tests/support/tcp_bench.h"
#include "tests/support/writer.h"

static struct tcp_bench b;
static struct proc *p;
static uint64_t addr;

static void
start_with(bool sosend_loan)
{
	struct world_config config = tcp_bench_config();

	config.host.sosend.sosend_loan = sosend_loan;
	tcp_bench_init(&b, &config);
	p = b.crank.procs[0].p;
	addr = crank_buffer(&b.crank, 0, 4 * PAGE_SIZE);
	tcp_bench_connect(&b);
}

static void
start(void)
{
	start_with(false);
}

static void
finish(void)
{
	writer_audit(b.host, "the end");
	tcp_bench_fini(&b);
}

static void
data(uint32_t from, uint32_t to)
{
	tcp_bench_arrives(&b, TH_ACK, FAR(from), OURS(0), to - from);
}

static void
post_read(int i, uint64_t to, int64_t len)
{
	tcp_bench_post(&b, i, (struct sys_call){.nr = SYS_READ, .addr = to,
	    .len = len});
}

static int64_t
read_at(uint64_t to, int64_t len)
{
	post_read(0, to, len);
	ck_assert(b.crank.procs[0].is_woken);
	return p->result;
}

static int64_t
ops(enum kern_op op)
{
	return b.host->ledger.n_ops[op];
}

/*
 * Three segments, one read: a turn of soreceive, an uiomove and an mbuf for
 * each, and each byte moved once.
 */
START_TEST(all_that_is_there)
{
	const struct ledger_line *line;
	uint64_t version;

	start();
	line = &b.host->ledger.line[CAUSE_COPYOUT];
	for (uint32_t i = 0; i < 3; i++)
		data(1000 * i, 1000 * (i + 1));
	version = vm_find_slot(&p->space, addr)->page->version;
	ck_assert_int_eq(read_at(addr, 5000), 3000);
	ck_assert_int_eq(ops(OP_SORECEIVE), 1);
	ck_assert_int_eq(ops(OP_UIOMOVE), 3);
	ck_assert_int_eq(line->loaded_bytes, 3000);
	ck_assert_int_eq(line->stored_bytes, 3000);
	ck_assert_int_eq(b.so->so_rcv.sb_cc, 0);
	ck_assert_int_eq(b.so->stats.bytes_read, 3000);
	ck_assert_int_eq(b.so->stats.bytes_wrong, 0);
	/* the page is another one now, to whoever has lent it */
	ck_assert_uint_gt(vm_find_slot(&p->space, addr)->page->version,
	    version);
	finish();
}
END_TEST

/* Less than is there: the rest of an mbuf stays for the next read. */
START_TEST(a_part)
{
	start();
	data(0, 1000);
	data(1000, 2000);
	ck_assert_int_eq(read_at(addr, 1), 1);
	ck_assert_int_eq(read_at(addr + 1, 1200), 1200);
	ck_assert_int_eq(b.so->so_rcv.sb_cc, 799);
	ck_assert_int_eq(read_at(addr, 799), 799);
	ck_assert_int_eq(b.so->stats.bytes_wrong, 0);
	finish();
}
END_TEST

/* Across pages of the program, from wherever it likes. */
START_TEST(page_by_page)
{
	start();
	data(0, 1000);
	ck_assert_int_eq(read_at(addr + PAGE_SIZE - 10, 1000), 1000);
	for (uint64_t i = 0; i < 2; i++)
		ck_assert_uint_gt(vm_find_slot(&p->space,
		    addr + i * PAGE_SIZE)->page->version, 1);
	finish();
}
END_TEST

/* Bytes of another stream, or out of place, are seen by the reader too. */
START_TEST(wrong_content)
{
	start();
	data(0, 1000);
	b.so->so_rcv.sb_mb->m_ext->content += 7;
	ck_assert_int_eq(read_at(addr, 1000), 1000);
	ck_assert_int_eq(b.so->stats.bytes_wrong, 1000);
	tcp_bench_fini(&b);
}
END_TEST

/* Nothing is mapped there: what was read before it is told. */
START_TEST(efault)
{
	uint64_t end;

	start();
	end = addr + 4 * PAGE_SIZE;
	data(0, 1000);
	data(1000, 2000);
	ck_assert_int_eq(read_at(4, 100), SYS_EFAULT);
	ck_assert_int_eq(read_at(end - 500, 1000), SYS_EFAULT);
	/* not even the mbuf that fits in part is taken */
	ck_assert_int_eq(b.so->so_rcv.sb_cc, 2000);
	ck_assert_int_eq(read_at(end - 1500, 2000), 1000);
	ck_assert_int_eq(read_at(addr, 2000), 1000);
	ck_assert(!b.so->so_rcv.sb_is_locked);
	finish();
}
END_TEST

/* Into pages on loan: each is copied first, so that what was lent stays. */
START_TEST(into_lent_pages)
{
	start_with(true);
	crank_give(p, 0, b.so);
	ck_assert_int_eq(crank_write(&b.crank, 0, 0, addr, 8192), 8192);
	data(0, 1000);
	ck_assert_int_eq(read_at(addr + PAGE_SIZE - 500, 1000), 1000);
	ck_assert_int_eq(b.host->vm.stats.n_cow_faults, 2);
	finish();
}
END_TEST

/* Its entry undoes what the network is done with. */
START_TEST(drains_loans)
{
	start_with(true);
	crank_give(p, 0, b.so);
	ck_assert_int_eq(crank_write(&b.crank, 0, 0, addr, 8192), 8192);
	/* window by window, until all is acknowledged and out of the NIC */
	for (uint32_t i = 1; i <= 6; i++)
		tcp_bench_arrives(&b, TH_ACK, FAR(0),
		    b.tp->snd_max, 0);
	ck_assert_int_eq(b.so->stats.bytes_acked, 8192);
	ck_assert_uint_eq(b.so->pendfree.n, 1);
	post_read(0, addr, 10);
	ck_assert_uint_eq(b.so->pendfree.n, 0);
	ck_assert_int_eq(p->state, PROC_ASLEEP);
	finish();
}
END_TEST

/*
 * Nothing is there
 */
START_TEST(waits_for_data)
{
	start();
	post_read(0, addr, 1000);
	ck_assert_int_eq(p->state, PROC_ASLEEP);
	ck_assert_ptr_eq(p->sleeps_on, &b.so->so_rcv.sb_wait);
	ck_assert(!b.so->so_rcv.sb_is_locked);
	/* one byte is enough */
	data(0, 1);
	ck_assert(b.crank.procs[0].is_woken);
	ck_assert_int_eq(p->result, 1);
	finish();
}
END_TEST

START_TEST(end_of_the_stream)
{
	start();
	if (_i == 0)
		post_read(0, addr, 1000);
	tcp_bench_arrives(&b, TH_ACK | TH_FIN, FAR(0), OURS(0), 100);
	ck_assert_int_eq(_i == 0 ? p->result : read_at(addr, 1000), 100);
	ck_assert_int_eq(read_at(addr, 1000), 0);
	ck_assert_int_eq(read_at(addr, 1000), 0);
	finish();
}
END_TEST

/* A reset is told once, after all that came before it. */
START_TEST(reset)
{
	start();
	data(0, 100);
	tcp_bench_arrives(&b, TH_RST, FAR(100), 0, 0);
	ck_assert_int_eq(read_at(addr, 40), 40);
	ck_assert_int_eq(read_at(addr, 1000), 60);
	ck_assert_int_eq(read_at(addr, 1000), SYS_ECONNRESET);
	ck_assert_int_eq(read_at(addr, 1000), 0);
	/* a connection that is over is not told of the room */
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	finish();
}
END_TEST

START_TEST(reset_while_it_waits)
{
	start();
	post_read(0, addr, 1000);
	tcp_bench_arrives(&b, TH_RST, FAR(0), 0, 0);
	ck_assert(b.crank.procs[0].is_woken);
	ck_assert_int_eq(p->result, SYS_ECONNRESET);
	finish();
}
END_TEST

START_TEST(not_connected)
{
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	p = b.crank.procs[0].p;
	ck_assert_int_eq(read_at(4096, 10), SYS_ENOTCONN);
	finish();
}
END_TEST

/* One reads at a time: the other one gets what is left. */
START_TEST(two_readers)
{
	uint64_t other;

	start();
	other = crank_buffer(&b.crank, 1, PAGE_SIZE);
	data(0, 1000);
	data(1000, 2000);
	crank_give(p, 0, b.so);
	crank_give(b.crank.procs[1].p, 0, b.so);
	/*
	 * Copying takes 30 us and more, and the second is there before it is
	 * over; but nothing takes the CPU from the first within its call.
	 */
	ck_assert(crank_post(&b.crank, 0, (struct sys_call){.nr = SYS_READ,
	    .addr = addr, .len = 1500}));
	tcp_bench_run(&b, 10 * PS_PER_US);
	ck_assert(b.so->so_rcv.sb_is_locked);
	ck_assert(crank_post(&b.crank, 1, (struct sys_call){.nr = SYS_READ,
	    .addr = other, .len = 1500}));
	tcp_bench_run(&b, PS_PER_MS);
	ck_assert_int_eq(p->result, 1500);
	ck_assert_int_eq(b.crank.procs[1].p->result, 500);
	ck_assert_int_eq(b.so->stats.bytes_wrong, 0);
	finish();
}
END_TEST

/*
 * A reader that sleeps for a page keeps the buffer: another one waits for it,
 * or is told so.  Then memory has a page more, as if somebody had given it
 * back, and both get theirs in turn.
 */
START_TEST(reader_without_memory)
{
	struct proc *second;
	uint64_t other, untouched;

	start();
	second = b.crank.procs[1].p;
	other = crank_buffer(&b.crank, 1, PAGE_SIZE);
	untouched = (uint64_t)crank_call(&b.crank, 0, (struct sys_call){
	    .nr = SYS_MMAP, .len = PAGE_SIZE});
	b.host->vm.config.n_pages = (int64_t)pool_in_use(&b.host->vm.pages);
	data(0, 1000);
	data(1000, 2000);
	post_read(0, untouched, 1500);
	ck_assert_ptr_eq(p->sleeps_on, &b.host->memory.fault_wait);
	tcp_bench_post(&b, 1, (struct sys_call){.nr = SYS_READ,
	    .addr = other, .len = 1500, .is_dontwait = true});
	ck_assert_int_eq(second->result, SYS_EWOULDBLOCK);
	tcp_bench_post(&b, 1, (struct sys_call){.nr = SYS_READ,
	    .addr = other, .len = 1500});
	ck_assert_ptr_eq(second->sleeps_on, &b.so->so_rcv.sb_lock_wait);
	b.host->vm.config.n_pages++;
	b.host->vm.on_free(b.host->vm.arg);
	tcp_bench_run(&b, PS_PER_MS);
	ck_assert_int_eq(p->result, 1500);
	ck_assert_int_eq(second->result, 500);
	ck_assert_int_eq(b.so->stats.bytes_wrong, 0);
	finish();
}
END_TEST

/*
 * The run ends: a reader goes on until the other end has closed, and a read is
 * still accepted.
 */
START_TEST(drains_at_the_end)
{
	start();
	if (_i == 0)
		post_read(0, addr, 1000);
	host_stop(b.host);
	tcp_bench_run(&b, PS_PER_MS);
	if (_i == 1)
		post_read(0, addr, 1000);
	ck_assert_int_eq(p->state, PROC_ASLEEP);
	data(0, 100);
	ck_assert_int_eq(p->result, 100);
	post_read(0, addr, 1000);
	tcp_bench_arrives(&b, TH_ACK | TH_FIN, FAR(100), OURS(0), 0);
	ck_assert_int_eq(p->result, 0);
	ck_assert(b.crank.procs[0].is_woken);
	finish();
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, all_that_is_there);
	tcase_add_test(tc, a_part);
	tcase_add_test(tc, page_by_page);
	tcase_add_test(tc, wrong_content);
	tcase_add_test(tc, efault);
	tcase_add_test(tc, into_lent_pages);
	tcase_add_test(tc, drains_loans);
	tcase_add_test(tc, waits_for_data);
	tcase_add_loop_test(tc, end_of_the_stream, 0, 2);
	tcase_add_test(tc, reset);
	tcase_add_test(tc, reset_while_it_waits);
	tcase_add_test(tc, not_connected);
	tcase_add_test(tc, two_readers);
	tcase_add_test(tc, reader_without_memory);
	tcase_add_loop_test(tc, drains_at_the_end, 0, 2);
}

int
main(void)
{
	Suite *suite = suite_create("soreceive");
	TCase *tc = tcase_create("soreceive");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	add_tests(tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
