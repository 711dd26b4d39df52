/*
 * kernel.pendfree = thread: loans end soon after their last mbuf, at the price
 * of a thread's time.  netbsd-2002.md 2.5 for the lazy kind, 8 for the other.
 */
#include <check.h>
#include <stdlib.h>

#include "models/vm/fault.h"
#include "tests/support/writer.h"

enum { BUFFER = 131072 };

static struct world_config config;
static struct writer w;

static void
setup(void)
{
	config = writer_config(true);
	config.host.sosend.pendfree = SO_PENDFREE_THREAD;
}

static void
teardown(void)
{
	writer_audit(w.host, "at the end");
	writer_fini(&w);
}

static void
begin(int n_procs)
{
	writer_init(&w, &config, n_procs, 131072, BUFFER);
}

/* After the last ACK, without any call: undone, or still lent. */
START_TEST(test_without_a_call)
{
	bool has_thread = _i == 1;

	config.host.sosend.pendfree =
	    has_thread ? SO_PENDFREE_THREAD : SO_PENDFREE_LAZY;
	begin(1);
	ck_assert_int_eq(writer_write(&w, 0, 65536), 65536);
	ck_assert_int_eq(w.host->kva.socurkva, 65536);
	writer_rest(&w, WRITER_LATER);
	ck_assert_int_eq(w.so->stats.bytes_acked, 65536);
	ck_assert_int_eq(w.host->kva.socurkva, has_thread ? 0 : 65536);
	ck_assert_uint_eq(w.so->pendfree.n, has_thread ? 0 : 1);
	ck_assert_int_eq(w.host->vm.stats.n_unloaned, has_thread ? 16 : 0);
	/* a store: a cheap fault a page, or a copy of it */
	crank_call(&w.crank, 0, (struct sys_call){.nr = SYS_TOUCH,
	    .addr = w.addr, .len = 65536});
	ck_assert_int_eq(w.host->vm.stats.n_cow_faults, has_thread ? 0 : 16);
	ck_assert_int_eq(w.host->vm.stats.n_soft_faults, has_thread ? 16 : 0);
}
END_TEST

/*
 * The same work at another's expense: 16 pages, a window, an mbuf; and the
 * thread's own wake-up and switch.
 */
START_TEST(test_price)
{
	const struct ledger *ledger;
	int64_t switches;

	begin(1);
	ledger = &w.host->ledger;
	ck_assert_int_eq(writer_write(&w, 0, 65536), 65536);
	writer_rest(&w, WRITER_SOON);
	ck_assert_int_eq(ledger->n_ops[OP_UNLOAN_PAGE], 0);
	switches = w.host->cpu.stats.n_switches;
	writer_rest(&w, WRITER_LATER);
	ck_assert_int_eq(ledger->n_ops[OP_UNLOAN_PAGE], 16);
	ck_assert_int_eq(ledger->n_ops[OP_KVA_FREE], 1);
	ck_assert_int_eq(w.host->cpu.stats.n_switches, switches + 1);
	ck_assert(!w.host->drainer.is_running);
	ck_assert(cpu_is_idle(&w.host->cpu));
}
END_TEST

/*
 * It runs before a process that computes: the loan ends within its quantum.  Of
 * two processes that compute for a second each, the thread waits for neither.
 */
START_TEST(test_urgent)
{
	begin(2);
	ck_assert_int_eq(writer_write(&w, 0, 4096), 4096);
	for (int i = 0; i < 2; i++)
		crank_post(&w.crank, i, (struct sys_call){.nr = SYS_COMPUTE,
		    .len = 100000000});
	/* there and back twice, and the peer's delayed ACK of a lone segment */
	writer_rest(&w, 405 * PS_PER_MS);
	ck_assert_int_eq(w.so->stats.bytes_acked, 4096);
	ck_assert_int_eq(w.host->kva.socurkva, 0);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(crank_wait(&w.crank, i), 0);
}
END_TEST

/* Nobody else drains: the calls that do in 2002 find nothing to do. */
START_TEST(test_calls_do_not)
{
	begin(1);
	ck_assert_int_eq(writer_write(&w, 0, 4096), 4096);
	writer_rest(&w, WRITER_SOON);
	crank_call(&w.crank, 0, (struct sys_call){.nr = SYS_CLOSE,
	    .fd = w.fd});
	ck_assert_int_eq(w.host->kva.socurkva, 4096);
	writer_rest(&w, WRITER_LATER);
	ck_assert_int_eq(w.host->kva.socurkva, 0);
}
END_TEST

/* A budget of one piece: the sleeper is woken when the thread has undone it. */
START_TEST(test_kva_limit)
{
	config.host.somaxkva = 65536;
	begin(1);
	writer_post(&w, 0, 131072);
	ck_assert(writer_is_asleep(&w, 0, &w.host->kva_wait));
	ck_assert_int_eq(crank_wait(&w.crank, 0), 131072);
	ck_assert_int_eq(writer_path(&w).kva_limit, 1);
	ck_assert_int_eq(writer_path(&w).loan_big, 2);
}
END_TEST

/*
 * Another socket's loans are in the way, and its program is silent: in 2002
 * the sleeper waits for a call of that program, here for the ACK.
 */
START_TEST(test_kva_of_another_socket)
{
	uint64_t addr;
	int fd;

	config.host.somaxkva = 65536;
	begin(2);
	fd = crank_connect(&w.crank, 1, 131072);
	addr = crank_buffer(&w.crank, 1, 4096);
	writer_mark(&w);
	ck_assert_int_eq(writer_write(&w, 0, 65536), 65536);
	crank_post(&w.crank, 1, (struct sys_call){.nr = SYS_WRITE, .fd = fd,
	    .addr = addr, .len = 4096});
	writer_rest(&w, WRITER_SOON);
	ck_assert(writer_is_asleep(&w, 1, &w.host->kva_wait));
	ck_assert_int_eq(crank_wait(&w.crank, 1), 4096);
	ck_assert_int_eq(writer_path(&w).kva_limit, 1);
}
END_TEST

/* Pieces that come while the thread is at work are its next turn. */
START_TEST(test_more_meanwhile)
{
	begin(1);
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(writer_write(&w, i * 4096, 4096), 4096);
	writer_rest(&w, WRITER_LATER);
	ck_assert_int_eq(w.host->vm.stats.n_unloaned, 8);
	ck_assert_int_eq(w.host->kva.socurkva, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pendfree thread");
	TCase *tc = tcase_create("pendfree thread");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_without_a_call, 0, 2);
	tcase_add_test(tc, test_price);
	tcase_add_test(tc, test_urgent);
	tcase_add_test(tc, test_calls_do_not);
	tcase_add_test(tc, test_kva_limit);
	tcase_add_test(tc, test_kva_of_another_socket);
	tcase_add_test(tc, test_more_meanwhile);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
