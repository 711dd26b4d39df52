/*
 * Faults: the three kinds, their prices, what they leave behind.
 * netbsd-2002.md 3.2 and 3.3.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/vm/fault.h"
#include "models/vm/loan.h"
#include "tests/support/bench.h"

static struct bench bench;
static uint64_t va;
static struct vm_slot *slot;
static struct vm_page *lent;

static void
setup(void)
{
	bench_init(&bench);
	va = vm_map_anon(&bench.space, 1);
	slot = vm_find_slot(&bench.space, va);
}

static void
teardown(void)
{
	bench_fini(&bench);
}

static void
lend(void)
{
	vm_loan_pages(&bench.space, va, 1, &lent);
}

static void
unlend(void)
{
	vm_unloan_pages(&bench.vm, &lent, 1);
}

static void
assert_kinds(enum vm_fault load, enum vm_fault store)
{
	ck_assert_int_eq(vm_fault_kind(slot, false), load);
	ck_assert_int_eq(vm_fault_kind(slot, true), store);
}

/* Every condition of a slot, and what a load and a store need in it. */
START_TEST(test_kinds)
{
	assert_kinds(VM_FAULT_ZERO, VM_FAULT_ZERO);
	bench_touch(&bench, va);
	assert_kinds(VM_FAULT_NONE, VM_FAULT_NONE);
	lend();
	assert_kinds(VM_FAULT_NONE, VM_FAULT_COW);
	lend();
	assert_kinds(VM_FAULT_NONE, VM_FAULT_COW);
	unlend();
	assert_kinds(VM_FAULT_NONE, VM_FAULT_COW);
	/* unloaning does not make it writable again (3.2) */
	unlend();
	assert_kinds(VM_FAULT_NONE, VM_FAULT_SOFT);
	bench_touch(&bench, va);
	assert_kinds(VM_FAULT_NONE, VM_FAULT_NONE);
}
END_TEST

START_TEST(test_zero_fill)
{
	vm_fault_commit(&bench.vm, slot, VM_FAULT_ZERO);
	ck_assert_ptr_nonnull(slot->page);
	ck_assert_ptr_eq(slot->page->owner, slot);
	ck_assert(slot->is_writable);
	ck_assert_int_eq(bench.vm.stats.n_zero_fills, 1);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 1);
}
END_TEST

/* The page is the same, its content too; only the mapping changes. */
START_TEST(test_soft)
{
	struct vm_page *page;
	uint64_t version;

	bench_touch(&bench, va);
	page = slot->page;
	version = page->version;
	lend();
	ck_assert(!slot->is_writable);
	unlend();
	ck_assert(!slot->is_writable);
	vm_fault_commit(&bench.vm, slot, VM_FAULT_SOFT);
	ck_assert(slot->is_writable);
	ck_assert_ptr_eq(slot->page, page);
	ck_assert_uint_eq(page->version, version);
	ck_assert_int_eq(bench.vm.stats.n_soft_faults, 1);
	ck_assert_int_eq(bench.vm.stats.n_cow_faults, 0);
}
END_TEST

/* The owner gets a copy; the lent page stays as it was, without owner. */
START_TEST(test_cow)
{
	uint64_t version;

	bench_touch(&bench, va);
	version = slot->page->version;
	lend();
	vm_fault_commit(&bench.vm, slot, VM_FAULT_COW);
	ck_assert_ptr_ne(slot->page, lent);
	ck_assert_ptr_eq(slot->page->owner, slot);
	ck_assert_uint_eq(slot->page->loan_count, 0);
	ck_assert(slot->is_writable);
	ck_assert_ptr_null(lent->owner);
	ck_assert_uint_eq(lent->loan_count, 1);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 2);
	/* until the store comes, the copy holds what the original holds */
	ck_assert_uint_eq(slot->page->version, version);
	vm_page_stored(&bench.vm, slot->page);
	ck_assert_uint_ne(slot->page->version, version);
	ck_assert_uint_eq(lent->version, version);
	unlend();
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 1);
	ck_assert_int_eq(bench.vm.stats.n_cow_faults, 1);
	ck_assert_int_eq(bench.vm.stats.n_soft_faults, 0);
}
END_TEST

START_TEST(test_none)
{
	bench_touch(&bench, va);
	lend();
	/* a load of a read-only page needs nothing and changes nothing */
	vm_fault_commit(&bench.vm, slot, VM_FAULT_NONE);
	ck_assert(!slot->is_writable);
	ck_assert_ptr_eq(slot->page, lent);
	unlend();
}
END_TEST

static void
price(enum vm_fault kind)
{
	vm_fault_cost(&bench.cost, &bench.costs, kind, slot);
}

/* trap + page_alloc, and bzero of 4096 bytes at one cycle each: 4098 */
START_TEST(test_cost_zero)
{
	price(VM_FAULT_ZERO);
	ck_assert_int_eq(bench_cycles(&bench), 4098);
	ck_assert_int_eq(bench_cycles_of(&bench, CAUSE_FAULT), 2);
	ck_assert_int_eq(bench_cycles_of(&bench, CAUSE_PAGE_ZERO), 4096);
	ck_assert_int_eq(bench.cost.read_bytes, 0);
	ck_assert_int_eq(bench.cost.write_bytes, 4096);
	ck_assert_int_eq(bench.ledger.line[CAUSE_PAGE_ZERO].write_bytes, 4096);
}
END_TEST

/* The trap alone. */
START_TEST(test_cost_soft)
{
	bench_touch(&bench, va);
	price(VM_FAULT_SOFT);
	ck_assert_int_eq(bench_cycles(&bench), 1);
	ck_assert_int_eq(bench_cycles_of(&bench, CAUSE_FAULT), 1);
	ck_assert_int_eq(bench.cost.read_bytes, 0);
	ck_assert_int_eq(bench.cost.write_bytes, 0);
}
END_TEST

/* trap + page_alloc, and a copy of 4096 bytes, read and written: 4098 */
START_TEST(test_cost_cow)
{
	bench_touch(&bench, va);
	price(VM_FAULT_COW);
	ck_assert_int_eq(bench_cycles(&bench), 4098);
	ck_assert_int_eq(bench_cycles_of(&bench, CAUSE_FAULT), 2);
	ck_assert_int_eq(bench_cycles_of(&bench, CAUSE_COW_COPY), 4096);
	ck_assert_int_eq(bench.cost.read_bytes, 4096);
	ck_assert_int_eq(bench.cost.write_bytes, 4096);
	ck_assert_int_eq(bench.ledger.line[CAUSE_COW_COPY].write_bytes, 4096);
	ck_assert_int_eq(bench.ledger.line[CAUSE_PAGE_ZERO].write_bytes, 0);
}
END_TEST

START_TEST(test_cost_none)
{
	bench_touch(&bench, va);
	price(VM_FAULT_NONE);
	ck_assert_int_eq(bench_cycles(&bench), 0);
	ck_assert_int_eq(bench.ledger.n_ops[OP_FAULT], 0);
}
END_TEST

START_TEST(test_death_not_as_asked)
{
	bench_touch(&bench, va);
	lend();
	vm_fault_commit(&bench.vm, slot, VM_FAULT_SOFT);
}
END_TEST

START_TEST(test_death_zeroed_twice)
{
	bench_touch(&bench, va);
	vm_fault_commit(&bench.vm, slot, VM_FAULT_ZERO);
}
END_TEST

static Suite *
fault_suite(void)
{
	Suite *suite = suite_create("fault");
	TCase *tc = tcase_create("fault");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_kinds);
	tcase_add_test(tc, test_zero_fill);
	tcase_add_test(tc, test_soft);
	tcase_add_test(tc, test_cow);
	tcase_add_test(tc, test_none);
	tcase_add_test(tc, test_cost_zero);
	tcase_add_test(tc, test_cost_soft);
	tcase_add_test(tc, test_cost_cow);
	tcase_add_test(tc, test_cost_none);
	tcase_add_test_raise_signal(tc, test_death_not_as_asked, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_zeroed_twice, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(fault_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
