/*
 * fork(2): shared anons, copied when stored to.  netbsd-2002.md 3.3.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/vm/fork.h"
#include "tests/support/bench.h"

static struct bench bench;

static void
setup(void)
{
	bench_init(&bench);
}

static void
teardown(void)
{
	bench_fini(&bench);
}

static struct vm_space child;

static void
fork_space(void)
{
	vm_space_init(&child, &bench.vm);
	vm_space_fork(&bench.space, &child, &bench.cost, &bench.costs);
}

static void
exit_child(void)
{
	vm_space_fini(&child, &bench.cost, &bench.costs);
}

static struct vm_slot *
fault_in(struct vm_space *space, uint64_t va, bool is_store,
    enum vm_fault kind)
{
	struct vm_slot *slot = vm_find_slot(space, va);

	ck_assert_int_eq(vm_fault_kind(slot, is_store), kind);
	vm_fault(&bench.vm, slot, kind, &bench.cost, &bench.costs);
	return slot;
}

START_TEST(test_shared)
{
	uint64_t va = bench_pages(&bench, 2);
	struct vm_slot *mine = vm_find_slot(&bench.space, va), *its;

	fork_space();
	its = vm_find_slot(&child, va);
	ck_assert_ptr_eq(its->anon, mine->anon);
	ck_assert_uint_eq(mine->anon->refs, 2);
	ck_assert(!mine->is_writable);
	ck_assert_ptr_null(its->page);
	/* two pages were writable */
	ck_assert_int_eq(bench.ledger.n_ops[OP_PAGE_PROTECT], 2);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 2);
	/* a load enters the neighbour, too; neither writable */
	fault_in(&child, va, false, VM_FAULT_MAP);
	ck_assert_ptr_eq(its->page, mine->page);
	ck_assert(!its->is_writable);
	ck_assert_ptr_nonnull(its[1].page);
	ck_assert(!its[1].is_writable);
	exit_child();
	ck_assert_uint_eq(mine->anon->refs, 1);
}
END_TEST

/* Ordinary copy-on-write, whichever of them stores first (3.3, row 2). */
START_TEST(test_store_each)
{
	uint64_t va = bench_pages(&bench, 1);
	uint64_t version = bench_page(&bench, va)->version;
	struct vm_slot *one, *other;

	fork_space();
	one = fault_in(_i ? &child : &bench.space, va, true, VM_FAULT_FORK);
	other = vm_find_slot(_i ? &bench.space : &child, va);
	ck_assert_ptr_ne(one->anon, other->anon);
	ck_assert_uint_eq(one->page->version, version);
	ck_assert_uint_eq(other->anon->page->version, version);
	ck_assert_uint_eq(other->anon->refs, 1);
	/* the other has it for itself now, and need not copy */
	fault_in(_i ? &bench.space : &child, va, true, VM_FAULT_SOFT);
	ck_assert_int_eq(bench.vm.stats.n_other_copies, 1);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 2);
	exit_child();
}
END_TEST

/* A loan of a shared anon: stores copy as ever, and the loan sees the old. */
START_TEST(test_lent_then_stored_each)
{
	uint64_t va = bench_pages(&bench, 1);
	uint64_t version = bench_page(&bench, va)->version;
	struct vm_page *page;

	fork_space();
	vm_loan_pages(_i ? &child : &bench.space, va, 1, &page);
	vm_page_stored(&bench.vm, fault_in(&bench.space, va, true,
	    VM_FAULT_FORK)->page);
	ck_assert_uint_eq(page->version, version);
	/* the child is its only owner now: copied for the loan (row 1) */
	ck_assert(vm_page_is_owned(page));
	vm_page_stored(&bench.vm, fault_in(&child, va, true,
	    VM_FAULT_COW)->page);
	ck_assert(!vm_page_is_owned(page));
	ck_assert_uint_eq(page->version, version);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 3);
	vm_unloan_pages(&bench.vm, &page, 1);
	exit_child();
}
END_TEST

/* Either exits with the loan out: it stays owned until the other goes, too. */
START_TEST(test_exit_each)
{
	uint64_t va = bench_pages(&bench, 1);
	struct vm_page *page;

	vm_loan_pages(&bench.space, va, 1, &page);
	fork_space();
	if (_i)
		exit_child();
	else
		bench_unmap(&bench, va);
	ck_assert(vm_page_is_owned(page));
	if (_i)
		bench_unmap(&bench, va);
	else
		exit_child();
	ck_assert(!vm_page_is_owned(page));
	ck_assert_uint_eq(page->loan_count, 1);
	vm_unloan_pages(&bench.vm, &page, 1);
}
END_TEST

/* Shared regions are shared: a store of one is seen by the other. */
START_TEST(test_shared_region)
{
	uint64_t va = bench_map_file(&bench, bench_file(&bench, 1), true);

	bench_touch(&bench, va);
	fork_space();
	ck_assert(vm_find_slot(&bench.space, va)->is_writable);
	ck_assert_ptr_eq(fault_in(&child, va, true, VM_FAULT_SOFT)->page,
	    bench_page(&bench, va));
	exit_child();
}
END_TEST

/* What the parent has wired stays so through its copy; the child has none. */
START_TEST(test_wired)
{
	uint64_t va = bench_pages(&bench, 1);
	struct vm_slot *slot = vm_find_slot(&bench.space, va);
	struct vm_page *old = slot->page;

	vm_slot_wire(slot);
	fork_space();
	fault_in(&bench.space, va, true, VM_FAULT_FORK);
	ck_assert(slot->is_wired);
	ck_assert_uint_eq(slot->page->wire_count, 1);
	ck_assert_uint_eq(old->wire_count, 0);
	exit_child();
}
END_TEST

START_TEST(test_death_child_has_regions)
{
	bench_pages(&bench, 1);
	vm_space_fork(&bench.space, &bench.space, &bench.cost, &bench.costs);
}
END_TEST

static Suite *
fork_suite(void)
{
	Suite *suite = suite_create("fork");
	TCase *tc = tcase_create("fork");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_shared);
	tcase_add_loop_test(tc, test_store_each, 0, 2);
	tcase_add_loop_test(tc, test_lent_then_stored_each, 0, 2);
	tcase_add_loop_test(tc, test_exit_each, 0, 2);
	tcase_add_test(tc, test_shared_region);
	tcase_add_test(tc, test_wired);
	tcase_add_test_raise_signal(tc, test_death_child_has_regions, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(fork_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
