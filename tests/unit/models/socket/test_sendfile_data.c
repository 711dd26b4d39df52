/*
 * The data that the kernel puts on a socket: copied, or lent.
 * netbsd-2002.md 2.3, 3.2 and 3.4.
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/syscall.h"
#include "models/socket/sendfile.h"
#include "tests/support/machine.h"
#include "tests/support/writer.h"

#define MS	PS_PER_MS

enum { PAGES = 40, BYTES = PAGES * PAGE_SIZE - 96 };

static struct world_config config;
static struct writer w;
static struct vm_object *object;
static int fd;

static void
begin_with(int n_procs, int64_t sndbuf, bool is_cached)
{
	writer_init(&w, &config, n_procs, sndbuf, PAGE_SIZE);
	host_add_file(w.host, 1, BYTES, is_cached);
	object = vm_object_find(&w.host->vm, 1);
	fd = (int)crank_call(&w.crank, 0,
	    (struct sys_call){.nr = SYS_OPEN, .file = 1});
	writer_mark(&w);
}

static void
begin(int64_t sndbuf)
{
	begin_with(2, sndbuf, true);
}

static void
setup(void)
{
	config = writer_config(false);
}

static void
teardown(void)
{
	writer_audit(w.host, "at the end");
	writer_fini(&w);
}

static struct sys_call
sending(int64_t offset, int64_t len)
{
	return (struct sys_call){.nr = SYS_SENDFILE, .fd = w.fd,
	    .file_fd = fd, .offset = offset, .len = len};
}

static int64_t
call(struct sys_call what)
{
	return crank_call(&w.crank, 0, what);
}

/*
 * 10000 bytes from 100 on, with room for all: one chain in one PRU_SEND, of
 * four clusters full and one with 1808; windows end at 8192: two of them, and
 * three pages.  Each byte is moved once, and no program was asked for any.
 */
START_TEST(test_copy)
{
	const struct ledger_line *line;

	begin(65536);
	line = &w.host->ledger.line[CAUSE_FILE_COPY];
	ck_assert_int_eq(call(sending(100, 10000)), 10000);
	writer_assert_path(&w, (struct way){.pru_sends = 1, .turns = 1,
	    .taken = 10000});
	ck_assert_int_eq(line->loaded_bytes, 10000);
	ck_assert_int_eq(line->stored_bytes, 10000);
	ck_assert_int_eq(w.host->ledger.line[CAUSE_COPYIN].stored_bytes, 0);
	ck_assert_int_eq(w.host->ledger.n_ops[OP_UBC_WINDOW], 2);
	ck_assert_int_eq(w.host->ledger.n_ops[OP_UBC_PAGE], 3);
	ck_assert_int_eq(w.host->ledger.n_ops[OP_FILE_READ], 1);
	ck_assert_int_eq(w.so->so_snd.sb_cc, 10000);
	ck_assert_int_eq(w.so->so_snd.sb_mbcnt, 5 * (256 + 2048));
	ck_assert_int_eq(w.so->stats.bytes_copied, 10000);
	/* crank_fini: what was fetched is what was named */
}
END_TEST

/* A window of 1000 bytes and one of 500, both in one cluster. */
START_TEST(test_one_cluster)
{
	begin(65536);
	ck_assert_int_eq(call(sending(7192, 1500)), 1500);
	ck_assert_int_eq(w.host->ledger.n_ops[OP_UBC_WINDOW], 2);
	ck_assert_int_eq(w.so->so_snd.sb_mbcnt, 256 + 2048);
}
END_TEST

/* Lent: no byte is moved; whatever sosend_loan says. */
START_TEST(test_lend)
{
	config.host.sosend.nfs_loan = true;
	begin(200000);
	ck_assert_int_eq(call(sending(100, 70000)), 70000);
	/* 100 up to 65536, of 16 pages, and what is left in 2 */
	writer_assert_path(&w, (struct way){.pru_sends = 2, .turns = 2,
	    .loan_pages = 18, .taken = 70000});
	ck_assert_int_eq(w.so->stats.bytes_loaned, 70000);
	ck_assert_int_eq(w.host->ledger.line[CAUSE_FILE_COPY].stored_bytes,
	    0);
	ck_assert_int_eq(w.host->kva.socurkva, 18 * PAGE_SIZE);
	ck_assert_uint_eq(object->pages[0]->loan_count, 1);
	ck_assert_int_eq(w.host->ledger.n_ops[OP_KVA_ALLOC], 2);
	ck_assert_int_eq(w.host->ledger.n_ops[OP_UVM_LOAN], 0);
	ck_assert_int_eq(w.host->ledger.n_ops[OP_PAGE_PROTECT], 18);
	ck_assert_int_eq(w.host->ledger.n_ops[OP_KENTER], 18);
	/* once all is acknowledged the next call undoes them */
	writer_rest(&w, 3 * WRITER_LATER / 2);
	ck_assert_int_eq(w.host->kva.socurkva, 18 * PAGE_SIZE);
	ck_assert_int_eq(call(sending(0, 1)), 1);
	ck_assert_int_eq(w.host->kva.socurkva, PAGE_SIZE);
	ck_assert_uint_eq(object->pages[1]->loan_count, 0);
}
END_TEST

/* The file is written, cut, while it is under way: what is sent stays. */
START_TEST(test_lent_and_changed)
{
	config.host.sosend.nfs_loan = true;
	begin(200000);
	ck_assert_int_eq(call(sending(0, 40000)), 40000);
	if (_i == 0)
		ck_assert_int_eq(crank_write(&w.crank, 0, fd, w.addr, 100),
		    100);
	else
		ck_assert_int_eq(call((struct sys_call){.nr = SYS_TRUNCATE,
		    .fd = fd, .len = 0}), 0);
	ck_assert_int_eq(w.host->vm.stats.n_cow_faults, 1 - _i);
	ck_assert_int_eq((int64_t)pool_in_use(&w.host->vm.pages),
	    _i == 0 ? PAGES + 2 : 10 + 1);
	/* writer_fini: each frame brings what was lent */
}
END_TEST

/* A reply larger than a piece: several loans in one chain. */
START_TEST(test_lent_reply)
{
	struct sys_call what;

	config.host.sosend.nfs_loan = true;
	begin(200000);
	what = sending(0, 100000);
	what.header_len = 128;
	ck_assert_int_eq(call(what), 100128);
	writer_assert_path(&w, (struct way){.pru_sends = 1, .turns = 1,
	    .loan_pages = 25, .taken = 100128});
	ck_assert_int_eq(w.so->stats.bytes_copied, 128);
}
END_TEST

/* Addresses are short: it undoes what is over, or sleeps; see 2.3 step 3. */
START_TEST(test_lend_waits)
{
	config.host.sosend.nfs_loan = true;
	config.host.somaxkva = 128 * 1024;
	config.host.sosend.sosend_counters = _i;
	begin(200000);
	crank_post(&w.crank, 0, sending(0, BYTES));
	writer_rest(&w, WRITER_SOON);
	ck_assert(writer_is_asleep(&w, 0, &w.host->kva_wait));
	ck_assert_int_eq(w.host->kva.socurkva, 128 * 1024);
	ck_assert_int_eq(crank_wait(&w.crank, 0), BYTES);
	ck_assert_int_eq(writer_path(&w).kva_limit > 0, _i);
}
END_TEST

/* Neither wired pages nor a kernel_map without room: these are copied. */
START_TEST(test_refused)
{
	uint64_t va;

	config.host.sosend.nfs_loan = true;
	config.host.sosend.kernel_map = _i == 0 ? 4096 : 0;
	begin(200000);
	va = (uint64_t)call((struct sys_call){.nr = SYS_MMAP, .fd = fd,
	    .len = PAGE_SIZE, .map = SYS_MAP_SHARED});
	ck_assert_int_eq(call((struct sys_call){.nr = SYS_MLOCK, .addr = va,
	    .len = PAGE_SIZE}), 0);
	/* the first window is copied, and with it the page that is wired */
	ck_assert_int_eq(call(sending(0, 20000)), 20000);
	ck_assert_int_eq(writer_path(&w).refused, _i == 0 ? 2 : 1);
	ck_assert_int_eq(w.host->n_refused_for[_i == 0 ?
	    SO_REFUSED_NO_WINDOW : VM_LOAN_WIRED], _i == 0 ? 2 : 1);
	ck_assert_int_eq(w.so->stats.bytes_loaned,
	    _i == 0 ? 20000 - 16384 : 20000 - 8192);
}
END_TEST

/*
 * A cold file: it is read first, in blocks of two pages, and lent or copied
 * then.
 */
START_TEST(test_cold)
{
	config.host.sosend.nfs_loan = _i;
	config.host.vm.n_pages = 1000;
	begin_with(1, 65536, false);
	ck_assert_int_eq(call(sending(0, 20000)), 20000);
	ck_assert_int_eq(w.host->vm.stats.n_page_ins, 6);
	ck_assert_int_ge(w.host->ledger.line[CAUSE_DISK_DMA].write_bytes,
	    20000);
}
END_TEST

/* Mbufs and clusters are short: it waits for them, and loses none. */
START_TEST(test_few_mbufs)
{
	struct sys_call what;

	config.host.mbufs = 64;
	config.host.nmbclusters = _i == 0 ? 20 : 0;
	config.host.sosend.nfs_loan = _i == 2;
	begin(_i == 0 ? 200000 : 60000);
	what = sending(0, BYTES);
	what.header_addr = w.addr;
	what.header_len = 100;
	ck_assert_int_eq(call(what), BYTES + 100);
	if (_i == 0)
		ck_assert_int_gt(w.host->nobufs.n_waits, 0);
}
END_TEST

/* Takes mbufs away until n are left, and gives them back. */
static struct mbuf *
leave_mbufs(uint64_t n)
{
	struct mbuf_pools *mp = &w.host->mbufs;
	struct mbuf *held = NULL;

	while (pool_in_use(&mp->mbufs) < mp->mbuf_limit - n) {
		struct mbuf *m = m_get(mp);

		m->m_next = held;
		held = m;
	}
	return held;
}

/* Not one mbuf: a header waits for it, a loan, and the data of a reply. */
START_TEST(test_no_mbuf)
{
	struct sys_call what;
	struct mbuf *held;

	config.host.mbufs = config.host.nmbclusters = 200;
	config.host.sosend.nfs_loan = _i == 1;
	begin(65536);
	what = sending(0, 10000);
	if (_i != 1)
		what.header_len = 100;
	held = leave_mbufs(_i == 2 ? 3 : 0);
	crank_post(&w.crank, 0, what);
	writer_rest(&w, WRITER_SOON);
	ck_assert(writer_is_asleep(&w, 0, &w.host->mbuf_wait));
	ck_assert_int_eq(w.so->stats.bytes_written, 0);
	m_freem(&w.host->mbufs, held);
	ck_assert_int_eq(crank_wait(&w.crank, 0),
	    _i == 1 ? 10000 : 10100);
}
END_TEST

/* The run ends while a header waits for its mbuf. */
START_TEST(test_no_mbuf_at_the_end)
{
	struct sys_call what;
	struct mbuf *held;

	config.host.mbufs = 200;
	begin(65536);
	what = sending(0, 10000);
	what.header_len = 100;
	held = leave_mbufs(0);
	crank_post(&w.crank, 0, what);
	writer_rest(&w, WRITER_SOON);
	host_stop(w.host);
	ck_assert_int_eq(crank_wait(&w.crank, 0), SYS_ENDED);
	m_freem(&w.host->mbufs, held);
}
END_TEST

static Suite *
sendfile_data_suite(void)
{
	Suite *suite = suite_create("sendfile_data");
	TCase *tc = tcase_create("sendfile_data");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_copy);
	tcase_add_test(tc, test_one_cluster);
	tcase_add_test(tc, test_lend);
	tcase_add_loop_test(tc, test_lent_and_changed, 0, 2);
	tcase_add_test(tc, test_lent_reply);
	tcase_add_loop_test(tc, test_lend_waits, 0, 2);
	tcase_add_loop_test(tc, test_refused, 0, 2);
	tcase_add_loop_test(tc, test_cold, 0, 2);
	tcase_add_loop_test(tc, test_few_mbufs, 0, 3);
	tcase_add_loop_test(tc, test_no_mbuf, 0, 3);
	tcase_add_test(tc, test_no_mbuf_at_the_end);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(sendfile_data_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
