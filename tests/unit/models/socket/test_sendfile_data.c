/*
 * The data that the kernel puts on a socket: copied, or lent.
 * netbsd-2002.md 2.3, 3.2 and 3.4.
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/syscall.h"
#include "tests/support/sendfile_rig.h"

#define MS	PS_PER_MS

/*
 * 10000 bytes from 100 on, with room for all: one chain in one PRU_SEND, of
 * four clusters full and one with 1808; windows end at 8192: two of them, and
 * three pages.  Each byte is moved once, and no program was asked for any.
 */
START_TEST(test_copy)
{
	const struct ledger_line *line;

	sf_begin(2, 65536, true);
	line = &sf.w.host->ledger.line[CAUSE_FILE_COPY];
	ck_assert_int_eq(sf_call(sf_sending(100, 10000)), 10000);
	writer_assert_path(&sf.w, (struct way){.pru_sends = 1, .turns = 1,
	    .taken = 10000});
	ck_assert_int_eq(line->loaded_bytes, 10000);
	ck_assert_int_eq(line->stored_bytes, 10000);
	ck_assert_int_eq(sf.w.host->ledger.line[CAUSE_COPYIN].stored_bytes, 0);
	ck_assert_int_eq(sf.w.host->ledger.n_ops[OP_UBC_WINDOW], 2);
	ck_assert_int_eq(sf.w.host->ledger.n_ops[OP_UBC_PAGE], 3);
	ck_assert_int_eq(sf.w.host->ledger.n_ops[OP_FILE_READ], 1);
	ck_assert_int_eq(sf.w.so->so_snd.sb_cc, 10000);
	ck_assert_int_eq(sf.w.so->so_snd.sb_mbcnt, 5 * (256 + 2048));
	ck_assert_int_eq(sf.w.so->stats.bytes_copied, 10000);
	/* crank_fini: what was fetched is what was named */
}
END_TEST

/* A window of 1000 bytes and one of 500, both in one cluster. */
START_TEST(test_one_cluster)
{
	sf_begin(2, 65536, true);
	ck_assert_int_eq(sf_call(sf_sending(7192, 1500)), 1500);
	ck_assert_int_eq(sf.w.host->ledger.n_ops[OP_UBC_WINDOW], 2);
	ck_assert_int_eq(sf.w.so->so_snd.sb_mbcnt, 256 + 2048);
}
END_TEST

/* Lent: no byte is moved; whatever sosend_loan says. */
START_TEST(test_lend)
{
	sf.config.host.sosend.nfs_loan = true;
	sf_begin(2, 200000, true);
	ck_assert_int_eq(sf_call(sf_sending(100, 70000)), 70000);
	/* 100 up to 65536, of 16 pages, and what is left in 2 */
	writer_assert_path(&sf.w, (struct way){.pru_sends = 2, .turns = 2,
	    .loan_pages = 18, .taken = 70000});
	ck_assert_int_eq(sf.w.so->stats.bytes_loaned, 70000);
	ck_assert_int_eq(sf.w.host->ledger.line[CAUSE_FILE_COPY].stored_bytes,
	    0);
	ck_assert_int_eq(sf.w.host->kva.socurkva, 18 * PAGE_SIZE);
	ck_assert_uint_eq(sf.object->pages[0]->loan_count, 1);
	ck_assert_int_eq(sf.w.host->ledger.n_ops[OP_KVA_ALLOC], 2);
	ck_assert_int_eq(sf.w.host->ledger.n_ops[OP_UVM_LOAN], 0);
	ck_assert_int_eq(sf.w.host->ledger.n_ops[OP_PAGE_PROTECT], 18);
	ck_assert_int_eq(sf.w.host->ledger.n_ops[OP_KENTER], 18);
	/* once all is acknowledged the next call undoes them */
	writer_rest(&sf.w, 3 * WRITER_LATER / 2);
	ck_assert_int_eq(sf.w.host->kva.socurkva, 18 * PAGE_SIZE);
	ck_assert_int_eq(sf_call(sf_sending(0, 1)), 1);
	ck_assert_int_eq(sf.w.host->kva.socurkva, PAGE_SIZE);
	ck_assert_uint_eq(sf.object->pages[1]->loan_count, 0);
}
END_TEST

/* The file is written, cut, while it is under way: what is sent stays. */
START_TEST(test_lent_and_changed)
{
	sf.config.host.sosend.nfs_loan = true;
	sf_begin(2, 200000, true);
	ck_assert_int_eq(sf_call(sf_sending(0, 40000)), 40000);
	if (_i == 0)
		ck_assert_int_eq(crank_write(&sf.w.crank, 0, sf.fd, sf.w.addr,
		    100),
		    100);
	else
		ck_assert_int_eq(sf_call((struct sys_call){.nr = SYS_TRUNCATE,
		    .fd = sf.fd, .len = 0}), 0);
	ck_assert_int_eq(sf.w.host->vm.stats.n_cow_faults, 1 - _i);
	ck_assert_int_eq((int64_t)pool_in_use(&sf.w.host->vm.pages),
	    _i == 0 ? SF_PAGES + 2 : 10 + 1);
	/* writer_fini: each frame brings what was lent */
}
END_TEST

/* A reply larger than a piece: several loans in one chain. */
START_TEST(test_lent_reply)
{
	struct sys_call what;

	sf.config.host.sosend.nfs_loan = true;
	sf_begin(2, 200000, true);
	what = sf_sending(0, 100000);
	what.header_len = 128;
	ck_assert_int_eq(sf_call(what), 100128);
	writer_assert_path(&sf.w, (struct way){.pru_sends = 1, .turns = 1,
	    .loan_pages = 25, .taken = 100128});
	ck_assert_int_eq(sf.w.so->stats.bytes_copied, 128);
}
END_TEST

/* Addresses are short: it undoes what is over, or sleeps; see 2.3 step 3. */
START_TEST(test_lend_waits)
{
	sf.config.host.sosend.nfs_loan = true;
	sf.config.host.somaxkva = 128 * 1024;
	sf.config.host.sosend.sosend_counters = _i;
	sf_begin(2, 200000, true);
	crank_post(&sf.w.crank, 0, sf_sending(0, SF_BYTES));
	writer_rest(&sf.w, WRITER_SOON);
	ck_assert(writer_is_asleep(&sf.w, 0, &sf.w.host->kva_wait));
	ck_assert_int_eq(sf.w.host->kva.socurkva, 128 * 1024);
	ck_assert_int_eq(crank_wait(&sf.w.crank, 0), SF_BYTES);
	ck_assert_int_eq(writer_path(&sf.w).kva_limit > 0, _i);
}
END_TEST

/* Neither wired pages nor a kernel_map without room: these are copied. */
START_TEST(test_refused)
{
	uint64_t va;

	sf.config.host.sosend.nfs_loan = true;
	sf.config.host.sosend.kernel_map = _i == 0 ? 4096 : 0;
	sf_begin(2, 200000, true);
	va = (uint64_t)sf_call((struct sys_call){.nr = SYS_MMAP, .fd = sf.fd,
	    .len = PAGE_SIZE, .map = SYS_MAP_SHARED});
	ck_assert_int_eq(sf_call((struct sys_call){.nr = SYS_MLOCK, .addr = va,
	    .len = PAGE_SIZE}), 0);
	/* the first window is copied, and with it the page that is wired */
	ck_assert_int_eq(sf_call(sf_sending(0, 20000)), 20000);
	ck_assert_int_eq(writer_path(&sf.w).refused, _i == 0 ? 2 : 1);
	ck_assert_int_eq(sf.w.host->n_refused_for[_i == 0 ?
	    SO_REFUSED_NO_WINDOW : VM_LOAN_WIRED], _i == 0 ? 2 : 1);
	ck_assert_int_eq(sf.w.so->stats.bytes_loaned,
	    _i == 0 ? 20000 - 16384 : 20000 - 8192);
}
END_TEST

/*
 * A cold file: it is read first, in blocks of two pages, and lent or copied
 * then.
 */
START_TEST(test_cold)
{
	sf.config.host.sosend.nfs_loan = _i;
	sf.config.host.vm.n_pages = 1000;
	sf_begin(1, 65536, false);
	ck_assert_int_eq(sf_call(sf_sending(0, 20000)), 20000);
	ck_assert_int_eq(sf.w.host->vm.stats.n_page_ins, 6);
	ck_assert_int_ge(sf.w.host->ledger.line[CAUSE_DISK_DMA].write_bytes,
	    20000);
}
END_TEST

/* Mbufs and clusters are short: it waits for them, and loses none. */
START_TEST(test_few_mbufs)
{
	struct sys_call what;

	sf.config.host.mbufs = 64;
	sf.config.host.nmbclusters = _i == 0 ? 20 : 0;
	sf.config.host.sosend.nfs_loan = _i == 2;
	sf_begin(2, _i == 0 ? 200000 : 60000, true);
	what = sf_sending(0, SF_BYTES);
	what.header_addr = sf.w.addr;
	what.header_len = 100;
	ck_assert_int_eq(sf_call(what), SF_BYTES + 100);
	if (_i == 0)
		ck_assert_int_gt(sf.w.host->nobufs.n_waits, 0);
}
END_TEST

/* Takes mbufs away until n are left, and gives them back. */
static struct mbuf *
leave_mbufs(uint64_t n)
{
	struct mbuf_pools *mp = &sf.w.host->mbufs;
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

	sf.config.host.mbufs = sf.config.host.nmbclusters = 200;
	sf.config.host.sosend.nfs_loan = _i == 1;
	sf_begin(2, 65536, true);
	what = sf_sending(0, 10000);
	if (_i != 1)
		what.header_len = 100;
	held = leave_mbufs(_i == 2 ? 3 : 0);
	crank_post(&sf.w.crank, 0, what);
	writer_rest(&sf.w, WRITER_SOON);
	ck_assert(writer_is_asleep(&sf.w, 0, &sf.w.host->mbuf_wait));
	ck_assert_int_eq(sf.w.so->stats.bytes_written, 0);
	m_freem(&sf.w.host->mbufs, held);
	ck_assert_int_eq(crank_wait(&sf.w.crank, 0),
	    _i == 1 ? 10000 : 10100);
}
END_TEST

/* The run ends while a header waits for its mbuf. */
START_TEST(test_no_mbuf_at_the_end)
{
	struct sys_call what;
	struct mbuf *held;

	sf.config.host.mbufs = 200;
	sf_begin(2, 65536, true);
	what = sf_sending(0, 10000);
	what.header_len = 100;
	held = leave_mbufs(0);
	crank_post(&sf.w.crank, 0, what);
	writer_rest(&sf.w, WRITER_SOON);
	host_stop(sf.w.host);
	ck_assert_int_eq(crank_wait(&sf.w.crank, 0), SYS_ENDED);
	m_freem(&sf.w.host->mbufs, held);
}
END_TEST

static Suite *
sendfile_data_suite(void)
{
	Suite *suite = suite_create("sendfile_data");
	TCase *tc = tcase_create("sendfile_data");

	tcase_add_checked_fixture(tc, sf_setup, sf_teardown);
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
