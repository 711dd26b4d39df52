/*
 * Pending frees: which list a loan goes to, who drains it, what that costs.
 * netbsd-2002.md 2.4 and 2.5.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/vm/fault.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

static struct crank crank;
static struct host *host;
static struct socket *so;

static void
setup(void)
{
	struct world_config config = machine_config();

	config.host.sosend.sosend_loan = true;
	config.host.tcp.msl = PS_PER_S;
	crank_init(&crank, &config, 1);
	host = &crank.world.host;
}

static void
teardown(void)
{
	crank_fini(&crank);
}

/* A socket that never connects, for tests of the lists alone. */
static void
setup_lists(void)
{
	setup();
	so = crank_socket(host, 16384);
}

static void
forget(struct socket *gone)
{
	gone->has_descriptor = false;
	so_detach(gone);
}

static void
teardown_lists(void)
{
	forget(so);
	teardown();
}

/* An mbuf that sees n pages of process 0, on loan to a socket. */
static struct mbuf *
lend(struct socket *to, uint32_t n)
{
	struct vm_space *space = &crank.procs[0].p->space;
	uint64_t va = vm_map_anon(space, n);
	struct mbuf *m = m_gethdr(&host->mbufs);
	struct m_loan *loan = m_loanget(&host->mbufs, m);
	struct ledger elsewhere = {0};
	struct cost_model unbooked = host->costs;
	struct cost cost = {0};

	/* no step of the CPU spends this: it is not on the host's books */
	unbooked.ledger = &elsewhere;
	for (uint32_t i = 0; i < n; i++)
		vm_fault(&host->vm, vm_find_slot(space, va + i * PAGE_SIZE),
		    VM_FAULT_ZERO, &cost, &unbooked);
	kva_reserve(&host->kva, n * PAGE_SIZE, host->cal->now);
	vm_loan_pages(space, va, n, loan->pages);
	loan->n_pages = n;
	loan->so = to;
	loan->ext.size = n * PAGE_SIZE;
	m->m_len = n * PAGE_SIZE;
	return m;
}

static void
lend_and_free(struct socket *to, uint32_t n)
{
	m_freem(&host->mbufs, lend(to, n));
}

static int64_t
drain(struct socket *of)
{
	return sodopendfree(&host->reaper, of);
}

/* The mbuf waits, with its window and its pages still out. */
START_TEST(test_free_only_puts_off)
{
	struct mbuf *m = lend(so, 2);

	m_freem(&host->mbufs, m);
	ck_assert_ptr_eq(so->pendfree.head, m);
	ck_assert_ptr_eq(so->pendfree.tail, m);
	ck_assert_uint_eq(so->pendfree.n, 1);
	ck_assert_uint_eq(host->pendfree.n, 0);
	ck_assert_int_eq(host->kva.socurkva, 8192);
	ck_assert_uint_eq(m_loan(m)->pages[0]->loan_count, 1);
	ck_assert_int_eq(host->vm.stats.n_unloaned, 0);
	ck_assert_int_eq(drain(so), 8192);
	ck_assert_int_eq(host->kva.socurkva, 0);
	ck_assert_int_eq(host->vm.stats.n_unloaned, 2);
	ck_assert_uint_eq(pool_in_use(&host->mbufs.mbufs), 0);
}
END_TEST

/*
 * Per loan: unloan of each page, one pmap_update, the window, the mbuf.  All
 * but the mbuf is booked under unloan.  An operation is 100 cycles here.
 */
START_TEST(test_price)
{
	const struct ledger *ledger = &host->ledger;

	lend_and_free(so, 2);
	lend_and_free(so, 17);
	ck_assert_int_eq(ledger->n_ops[OP_UNLOAN_PAGE], 0);
	ck_assert_int_eq(drain(so), 19 * PAGE_SIZE);
	ck_assert_int_eq(ledger->n_ops[OP_UNLOAN_PAGE], 19);
	ck_assert_int_eq(ledger->n_ops[OP_PMAP_UPDATE], 2);
	ck_assert_int_eq(ledger->n_ops[OP_KVA_FREE], 2);
	ck_assert_int_eq(ledger->n_ops[OP_MFREE], 2);
	ck_assert_int_eq(ledger->line[CAUSE_UNLOAN].units,
	    (19 + 2 + 2) * 100 * COST_UNITS_PER_CYCLE);
	ck_assert_int_eq(ledger->line[CAUSE_LOAN].units, 0);
	ck_assert_int_eq(host->reaper.cost.units,
	    (19 + 2 + 2 + 2) * 100 * COST_UNITS_PER_CYCLE);
}
END_TEST

START_TEST(test_nothing_to_drain)
{
	ck_assert_int_eq(drain(NULL), 0);
	ck_assert_int_eq(drain(so), 0);
	ck_assert(!kctx_has_cost(&host->reaper));
}
END_TEST

/* First in, first out; an emptied list takes new ones. */
START_TEST(test_order)
{
	struct mbuf *m[3];

	for (uint32_t i = 0; i < 3; i++)
		m[i] = lend(so, i + 1);
	for (int i = 0; i < 3; i++)
		m_freem(&host->mbufs, m[i]);
	ck_assert_ptr_eq(so->pendfree.head, m[0]);
	ck_assert_ptr_eq(m[0]->m_next, m[1]);
	ck_assert_ptr_eq(m[1]->m_next, m[2]);
	ck_assert_ptr_eq(so->pendfree.tail, m[2]);
	ck_assert_uint_eq(so->pendfree.n, 3);
	ck_assert_int_eq(drain(so), 6 * PAGE_SIZE);
	ck_assert_ptr_null(so->pendfree.head);
	ck_assert_ptr_null(so->pendfree.tail);
	ck_assert_uint_eq(so->pendfree.n, 0);
	lend_and_free(so, 1);
	ck_assert_uint_eq(so->pendfree.n, 1);
	ck_assert_int_eq(drain(so), PAGE_SIZE);
}
END_TEST

/* Any drain takes the global list, and of the sockets' only its own. */
START_TEST(test_whose_list)
{
	struct socket *other = crank_socket(host, 16384);
	struct socket *gone = crank_socket(host, 16384);

	lend_and_free(so, 1);
	lend_and_free(other, 2);
	forget(gone);
	lend_and_free(gone, 4);
	ck_assert_uint_eq(host->pendfree.n, 1);
	ck_assert_int_eq(drain(NULL), 4 * PAGE_SIZE);
	ck_assert_int_eq(drain(NULL), 0);
	lend_and_free(gone, 4);
	ck_assert_int_eq(drain(so), (4 + 1) * PAGE_SIZE);
	ck_assert_uint_eq(other->pendfree.n, 1);
	ck_assert_int_eq(drain(other), 2 * PAGE_SIZE);
	forget(other);
}
END_TEST

/* Detached with a descriptor, or the other way round: its own list still. */
START_TEST(test_half_gone)
{
	struct socket *detached = crank_socket(host, 16384);
	struct socket *closed = crank_socket(host, 16384);

	so_detach(detached);
	lend_and_free(detached, 1);
	ck_assert_uint_eq(detached->pendfree.n, 1);
	closed->has_descriptor = false;
	lend_and_free(closed, 2);
	ck_assert_uint_eq(closed->pendfree.n, 1);
	ck_assert_uint_eq(host->pendfree.n, 0);
	/* sofree() moves the list to the global one */
	so_detach(closed);
	ck_assert_uint_eq(closed->pendfree.n, 0);
	ck_assert_uint_eq(host->pendfree.n, 1);
	ck_assert_int_eq(drain(detached), 3 * PAGE_SIZE);
	forget(detached);
}
END_TEST

static const struct {
	uint32_t n_to, n_from;
} moves[] = {{0, 0}, {0, 1}, {1, 0}, {2, 0}, {0, 2}, {1, 1}, {2, 3}};

START_TEST(test_move)
{
	struct socket *from = crank_socket(host, 16384);
	uint32_t n = moves[_i].n_to + moves[_i].n_from;

	for (uint32_t i = 0; i < moves[_i].n_to; i++)
		lend_and_free(so, 1);
	for (uint32_t i = 0; i < moves[_i].n_from; i++)
		lend_and_free(from, 1);
	so_pendfree_move(&so->pendfree, &from->pendfree);
	ck_assert_ptr_null(from->pendfree.head);
	ck_assert_ptr_null(from->pendfree.tail);
	ck_assert_uint_eq(from->pendfree.n, 0);
	ck_assert_uint_eq(so->pendfree.n, n);
	ck_assert_uint_eq(m_length(so->pendfree.head), n * PAGE_SIZE);
	/* both lists take more, at their ends */
	lend_and_free(so, 1);
	lend_and_free(from, 2);
	ck_assert_uint_eq(m_length(so->pendfree.head), (n + 1) * PAGE_SIZE);
	ck_assert_int_eq(drain(so), (int64_t)(n + 1) * PAGE_SIZE);
	ck_assert_int_eq(drain(from), 2 * PAGE_SIZE);
	forget(from);
}
END_TEST

START_TEST(test_death_not_a_loan)
{
	struct mbuf *m = m_gethdr(&host->mbufs);

	m_clget(&host->mbufs, m);
	so_loan_free(host, m);
}
END_TEST

/*
 * The drain points, with a program that lends two pages and has them sent.
 */
static void
wait_a_while(sim_time duration)
{
	crank_until(&crank, crank.world.cal.now + duration);
}

/* => the descriptor; all has been acknowledged and nobody has called since */
static int
send_two_pages(uint64_t *addr)
{
	int fd = crank_connect(&crank, 0, 16384);

	*addr = crank_buffer(&crank, 0, 8192);
	ck_assert_int_eq(crank_write(&crank, 0, fd, *addr, 8192), 8192);
	ck_assert_int_eq(host->sosend_counters.loan_big, 1);
	wait_a_while(3 * PS_PER_S);
	so = fd_socket(crank.procs[0].p, fd);
	ck_assert_int_eq(so->stats.bytes_acked, 8192);
	return fd;
}

static void
assert_out(uint64_t addr, uint32_t n_listed)
{
	const struct vm_slot *slot =
	    vm_find_slot(&crank.procs[0].p->space, addr);

	ck_assert_uint_eq(so->pendfree.n, n_listed);
	ck_assert_int_eq(host->kva.socurkva, (int64_t)n_listed * 8192);
	ck_assert_uint_eq(pool_in_use(&host->mbufs.loans), n_listed);
	ck_assert_uint_eq(slot->page->loan_count, n_listed);
	ck_assert_int_eq(vm_fault_kind(slot, true),
	    n_listed > 0 ? VM_FAULT_COW : VM_FAULT_SOFT);
}

/* There is no thread and no timer: only a call drains.  (2.5) */
START_TEST(test_drained_by_sosend)
{
	uint64_t addr;
	int fd = send_two_pages(&addr);

	assert_out(addr, 1);
	wait_a_while(PS_PER_S);
	assert_out(addr, 1);
	/* what drains nothing: calls on no socket */
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_MMAP, .len = 1});
	assert_out(addr, 1);
	ck_assert_int_eq(crank_write(&crank, 0, fd, addr, 1), 1);
	assert_out(addr, 0);
}
END_TEST

/* A store before that costs a page copy, one after it none. */
START_TEST(test_store_before_drain)
{
	uint64_t addr;
	int fd = send_two_pages(&addr);
	struct sys_call touch = {.nr = SYS_TOUCH, .addr = addr, .len = 1};

	crank_call(&crank, 0, touch);
	ck_assert_int_eq(host->vm.stats.n_cow_faults, 1);
	ck_assert_uint_eq(pool_in_use(&host->vm.pages), 3);
	ck_assert_int_eq(crank_write(&crank, 0, fd, addr, 1), 1);
	/* the orphan went with its loan */
	ck_assert_uint_eq(pool_in_use(&host->vm.pages), 2);
	touch.addr = addr + PAGE_SIZE;
	crank_call(&crank, 0, touch);
	ck_assert_int_eq(host->vm.stats.n_cow_faults, 1);
	ck_assert_int_eq(host->vm.stats.n_soft_faults, 1);
}
END_TEST

START_TEST(test_drained_by_close)
{
	uint64_t addr;
	int fd = send_two_pages(&addr);

	crank_call(&crank, 0, (struct sys_call){.nr = SYS_CLOSE, .fd = fd});
	assert_out(addr, 0);
}
END_TEST

/* Closed before the data is acknowledged: its loans outlive the socket. */
START_TEST(test_drained_by_other_socket)
{
	int dying = crank_connect(&crank, 0, 16384);
	int fd = crank_connect(&crank, 0, 16384);
	uint64_t addr = crank_buffer(&crank, 0, 8192);

	so = fd_socket(crank.procs[0].p, dying);
	ck_assert_int_eq(crank_write(&crank, 0, dying, addr, 8192), 8192);
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_CLOSE, .fd = dying});
	ck_assert_int_eq(host->kva.socurkva, 8192);
	/* its list is its own for as long as it waits for late segments */
	wait_a_while(PS_PER_S);
	ck_assert_int_eq(so->tcpcb.t_state, TCPS_TIME_WAIT);
	ck_assert_uint_eq(so->pendfree.n, 1);
	ck_assert_int_eq(crank_write(&crank, 0, fd, addr, 1), 1);
	ck_assert_int_eq(host->kva.socurkva, 8192);
	/* 2 MSL: 2 s */
	wait_a_while(3 * PS_PER_S);
	ck_assert(so_is_gone(so));
	ck_assert_uint_eq(so->pendfree.n, 0);
	ck_assert_uint_eq(host->pendfree.n, 1);
	ck_assert_int_eq(host->kva.socurkva, 8192);
	ck_assert_int_eq(crank_write(&crank, 0, fd, addr, 1), 1);
	ck_assert_uint_eq(host->pendfree.n, 0);
	assert_out(addr, 0);
}
END_TEST

/* Exit closes, then unmaps: the pages on loan are orphans until the end. */
START_TEST(test_exit_with_loans)
{
	int fd = crank_connect(&crank, 0, 16384);
	uint64_t addr = crank_buffer(&crank, 0, 4 * PAGE_SIZE);

	ck_assert_int_eq(crank_write(&crank, 0, fd, addr + 100, 8192), 8192);
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_EXIT});
	while (crank.procs[0].p->state != PROC_DEAD)
		wait_a_while(PS_PER_US);
	/* 8192 bytes one hundred off lie in three of the four pages */
	ck_assert_uint_eq(pool_in_use(&host->vm.pages), 3);
	ck_assert_uint_eq(pool_in_use(&host->mbufs.loans), 1);
}
END_TEST

static TCase *
list_tests(void)
{
	const int n = (int)(sizeof moves / sizeof moves[0]);
	TCase *tc = tcase_create("lists");

	tcase_add_checked_fixture(tc, setup_lists, teardown_lists);
	tcase_add_test(tc, test_free_only_puts_off);
	tcase_add_test(tc, test_price);
	tcase_add_test(tc, test_nothing_to_drain);
	tcase_add_test(tc, test_order);
	tcase_add_test(tc, test_whose_list);
	tcase_add_test(tc, test_half_gone);
	tcase_add_loop_test(tc, test_move, 0, n);
	tcase_add_test_raise_signal(tc, test_death_not_a_loan, SIGABRT);
	return tc;
}

static TCase *
drain_tests(void)
{
	TCase *tc = tcase_create("drain points");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_drained_by_sosend);
	tcase_add_test(tc, test_store_before_drain);
	tcase_add_test(tc, test_drained_by_close);
	tcase_add_test(tc, test_drained_by_other_socket);
	tcase_add_test(tc, test_exit_with_loans);
	return tc;
}

int
main(void)
{
	Suite *suite = suite_create("pendfree");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	suite_add_tcase(suite, list_tests());
	suite_add_tcase(suite, drain_tests());
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
