/*
 * Loans that are refused, never tried, or done wrong.
 * netbsd-2002.md 2.1, 2.2, 2.3 steps 4 and 7, 2.4, 2.5.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "models/host.h"
#include "tests/support/writer.h"

enum { BUFFER = 196608 };

static struct world_config config;
static struct writer w;

static void
setup(void)
{
	config = writer_config(true);
}

static void
begin(void)
{
	writer_init(&w, &config, 1, 200000, BUFFER);
}

static void
teardown(void)
{
	writer_audit(w.host, "at the end");
	writer_fini(&w);
}

/* No page of the buffer knows that a loan was tried. */
static void
assert_untouched(void)
{
	const struct vm_slot *slot = vm_find_slot(&w.p->space, w.addr);

	for (int i = 0; i < BUFFER / PAGE_SIZE; i++) {
		ck_assert_uint_eq(slot[i].page->loan_count, 0);
		ck_assert(slot[i].is_writable);
	}
	ck_assert_int_eq(w.host->kva.peak, 0);
	ck_assert_int_eq(w.host->vm.stats.n_loaned, 0);
	ck_assert_int_eq(w.host->vm.stats.n_protects, 0);
	ck_assert_uint_eq(w.host->mbufs.loans.n_gets, 0);
}

static int64_t
refused_in_all(void)
{
	int64_t n = 0;

	for (int i = 0; i < SO_REFUSED_REASONS; i++)
		n += w.host->n_refused_for[i];
	return n;
}

/*
 * Step 4: no window.  8192 bytes are tried for three times, at 8192, 6144 and
 * 4096, and copied in four clusters; uvm_loan is not asked.
 */
START_TEST(test_no_window)
{
	config.host.sosend.kernel_map = PAGE_SIZE - 1;
	begin();
	ck_assert_int_eq(writer_write(&w, 0, 8192), 8192);
	writer_assert_path(&w, (struct way){.copy_big = 4, .pru_sends = 4,
	    .turns = 1, .refused = 3, .taken = 8192});
	ck_assert_int_eq(w.host->n_refused_for[SO_REFUSED_NO_WINDOW], 3);
	ck_assert_int_eq(w.host->ledger.n_ops[OP_KVA_ALLOC], 3);
	ck_assert_int_eq(w.host->ledger.n_ops[OP_UVM_LOAN], 0);
	ck_assert_int_eq(w.host->ledger.n_ops[OP_KVA_FREE], 0);
	assert_untouched();
}
END_TEST

/*
 * A window for the first piece, none for the second of 8192 bytes; and, the
 * first one being acknowledged and undone, for the next write again.
 */
START_TEST(test_window_comes_back)
{
	config.host.sosend.kernel_map = 65536;
	begin();
	ck_assert_int_eq(writer_write(&w, 0, 65536 + 8192), 65536 + 8192);
	writer_assert_path(&w, (struct way){.loan_big = 1, .loan_pages = 16,
	    .copy_big = 4, .pru_sends = 5, .turns = 1, .refused = 3,
	    .taken = 65536 + 8192});
	writer_rest(&w, WRITER_LATER);
	writer_mark(&w);
	ck_assert_int_eq(writer_write(&w, 0, 65536), 65536);
	writer_assert_path(&w, (struct way){.loan_big = 1, .loan_pages = 16,
	    .pru_sends = 1, .turns = 1, .taken = 65536});
}
END_TEST

/* Step 7: behind the buffer nothing is mapped. */
START_TEST(test_unmapped)
{
	begin();
	ck_assert_int_eq(writer_write(&w, BUFFER - 4096, 8192), 4096);
	/* at 8192, 6144 and 4096; the third cluster faults */
	writer_assert_path(&w, (struct way){.copy_big = 3, .pru_sends = 2,
	    .turns = 1, .refused = 3, .taken = 4096});
	ck_assert_int_eq(w.host->n_refused_for[VM_LOAN_NO_MAPPING], 3);
	ck_assert_int_eq(refused_in_all(), w.host->n_loans_refused);
	assert_untouched();
}
END_TEST

/* 2.2: without the option, or with the threshold off, nothing is tried. */
START_TEST(test_off)
{
	if (_i == 0)
		config.host.sosend.sock_loan_thresh = INT64_MAX;
	else
		config.host.sosend.sosend_loan = false;
	begin();
	ck_assert_int_eq(writer_write(&w, 0, 131072), 131072);
	writer_assert_path(&w, (struct way){.copy_big = 64, .pru_sends = 64,
	    .turns = 1, .taken = 131072});
	ck_assert_int_eq(w.host->ledger.n_ops[OP_KVA_ALLOC], 0);
	assert_untouched();
}
END_TEST

static TCase *
refused_tests(void)
{
	TCase *tc = tcase_create("refused");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_no_window);
	tcase_add_test(tc, test_window_comes_back);
	tcase_add_test(tc, test_unmapped);
	tcase_add_loop_test(tc, test_off, 0, 2);
	return tc;
}

/*
 * Mistakes, made on purpose; what must find them.
 */
static bool
has_line(const struct audit *audit, const char *what)
{
	for (int i = 0; i < (int)audit->n && i < AUDIT_MAX_LINES; i++)
		if (strcmp(audit->lines[i].what, what) == 0)
			return true;
	return false;
}

/* One write, acknowledged; another one, which undoes the first's loan. */
static void
undo_one(void)
{
	begin();
	writer_write(&w, 0, 4096);
	writer_rest(&w, WRITER_LATER);
	writer_write(&w, 8192, 100);
}

START_TEST(test_hazard_kva)
{
	struct audit audit = {0};

	config.host.sosend.hazard.keeps_kva = true;
	undo_one();
	host_audit_running(w.host, &audit);
	ck_assert_int_eq(audit.n, 1);
	ck_assert(has_line(&audit, "KVA reserved = pages of live pieces"));
	ck_assert_int_eq(audit.lines[0].actual - audit.lines[0].expected,
	    4096);
	crank_abandon(&w.crank);
}
END_TEST

/*
 * 2.5, the hazard: the NIC still holds mbufs of a socket that is gone.  On a
 * link of 1 Mbit/s they leave after the socket has.  Rightly the global list
 * takes the piece, and any call undoes it; else nobody ever does.
 */
START_TEST(test_hazard_stale_socket)
{
	bool is_stale = _i == 1;
	struct audit audit = {0};

	config.link.bits_per_s = 1000000;
	config.host.tcp.init_win = 4;
	config.host.sosend.hazard.stale_socket = is_stale;
	begin();
	ck_assert_int_eq(writer_write(&w, 0, 4096), 4096);
	crank_call(&w.crank, 0, (struct sys_call){.nr = SYS_CLOSE,
	    .fd = w.fd});
	tcp_drop(&w.so->tcpcb, 0);
	ck_assert(so_is_gone(w.so));
	ck_assert_int_eq(w.host->kva.socurkva, 4096);
	crank_post(&w.crank, 0, (struct sys_call){.nr = SYS_EXIT});
	while (crank_until(&w.crank, SIM_TIME_NEVER) != WORLD_OVER)
		continue;
	host_audit(w.host, &w.crank.world.peer, &audit);
	ck_assert_int_eq(has_line(&audit, "loans given back"), is_stale);
	ck_assert_int_eq(has_line(&audit, "KVA given back"), is_stale);
	ck_assert_int_eq(has_line(&audit, "mbufs given back"), is_stale);
	ck_assert_int_eq(has_line(&audit, "pages given back"), is_stale);
	crank_abandon(&w.crank);
}
END_TEST

START_TEST(test_death_hazard_twice)
{
	config.host.sosend.hazard.frees_twice = true;
	undo_one();
}
END_TEST

static TCase *
hazard_tests(void)
{
	TCase *tc = tcase_create("hazards");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, test_hazard_kva);
	tcase_add_loop_test(tc, test_hazard_stale_socket, 0, 2);
	tcase_add_test_raise_signal(tc, test_death_hazard_twice, SIGABRT);
	return tc;
}

int
main(void)
{
	Suite *suite = suite_create("refused");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	suite_add_tcase(suite, refused_tests());
	suite_add_tcase(suite, hazard_tests());
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
