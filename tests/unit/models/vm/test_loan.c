/*
 * Lending pages and taking them back.  netbsd-2002.md 3.1 case A, 3.2, 3.4.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/vm/fault.h"
#include "models/vm/loan.h"
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
	ck_assert_int_eq(bench.vm.stats.n_loaned, bench.vm.stats.n_unloaned);
	bench_fini(&bench);
}

static void
assert_ask(uint64_t va, uint32_t n, enum vm_loan_result result)
{
	uint32_t n_first;

	ck_assert_int_eq(vm_loan_ask(&bench.space, va, n, &n_first), result);
}

static void
assert_first(uint64_t va, uint32_t n, uint32_t expected)
{
	uint32_t n_first;

	ck_assert_int_eq(vm_loan_ask(&bench.space, va, n, &n_first),
	    VM_LOAN_OK);
	ck_assert_uint_eq(n_first, expected);
}

/* Pages 1 and 2 of four are lent: of any range the others are first loans. */
START_TEST(test_first_loans)
{
	uint64_t va = bench_pages(&bench, 4);
	struct vm_page *pages[2];

	assert_first(va, 1, 1);
	assert_first(va, 4, 4);
	vm_loan_pages(&bench.space, va + PAGE_SIZE, 2, pages);
	assert_first(va, 4, 2);
	assert_first(va, 2, 1);
	assert_first(va + PAGE_SIZE, 2, 0);
	assert_first(va + 2 * PAGE_SIZE, 2, 1);
	vm_unloan_pages(&bench.vm, pages, 2);
	assert_first(va, 4, 4);
}
END_TEST

/*
 * A region of two pages, then a hole: what is not mapped cannot be lent (3.1,
 * step 1), what was never touched can, as zeroes (3.1, step 2).
 */
START_TEST(test_refusals)
{
	uint64_t va = vm_map_anon(&bench.space, 2);

	assert_ask(va - PAGE_SIZE, 1, VM_LOAN_NO_MAPPING);
	assert_first(va, 1, 0);
	bench_touch(&bench, va);
	assert_first(va, 2, 1);
	assert_ask(va, 3, VM_LOAN_NO_MAPPING);
	assert_ask(va + 2 * PAGE_SIZE, 1, VM_LOAN_NO_MAPPING);
}
END_TEST

/* Asking changes nothing. */
START_TEST(test_ask_only_asks)
{
	uint64_t va = bench_pages(&bench, 2);

	assert_ask(va, 2, VM_LOAN_OK);
	assert_ask(va, 3, VM_LOAN_NO_MAPPING);
	ck_assert_uint_eq(bench_page(&bench, va)->loan_count, 0);
	ck_assert(vm_find_slot(&bench.space, va)->is_writable);
	ck_assert_int_eq(bench.vm.stats.n_loaned, 0);
	ck_assert_int_eq(bench.vm.stats.n_protects, 0);
}
END_TEST

/* Only the pages of the range are lent and write-protected. */
START_TEST(test_lend)
{
	uint64_t va = bench_pages(&bench, 4);
	struct vm_page *pages[2];

	vm_loan_pages(&bench.space, va + PAGE_SIZE, 2, pages);
	for (uint64_t i = 0; i < 4; i++) {
		uint64_t at = va + i * PAGE_SIZE;
		bool is_lent = i == 1 || i == 2;

		ck_assert_uint_eq(bench_page(&bench, at)->loan_count, is_lent);
		ck_assert_int_eq(vm_find_slot(&bench.space, at)->is_writable,
		    !is_lent);
	}
	ck_assert_ptr_eq(pages[0], bench_page(&bench, va + PAGE_SIZE));
	ck_assert_ptr_eq(pages[1], bench_page(&bench, va + 2 * PAGE_SIZE));
	ck_assert_int_eq(bench.vm.stats.n_loaned, 2);
	ck_assert_int_eq(bench.vm.stats.n_protects, 2);
	vm_unloan_pages(&bench.vm, pages, 2);
	ck_assert_int_eq(bench.vm.stats.n_unloaned, 2);
}
END_TEST

/* The largest piece: 64 KB that are not page-aligned, 17 pages (2.3). */
START_TEST(test_seventeen)
{
	uint64_t va = bench_pages(&bench, 17);
	struct vm_page *pages[VM_LOAN_MAX_PAGES];

	ck_assert_int_eq(VM_LOAN_MAX_PAGES, 17);
	ck_assert_uint_eq((round_page(va + 1 + 65536) - trunc_page(va + 1)) /
	    PAGE_SIZE, 17);
	assert_first(va, 17, 17);
	vm_loan_pages(&bench.space, va, 17, pages);
	for (uint64_t i = 0; i < 17; i++)
		ck_assert_ptr_eq(pages[i],
		    bench_page(&bench, va + i * PAGE_SIZE));
	vm_unloan_pages(&bench.vm, pages, 17);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 17);
}
END_TEST

/*
 * A page that two pieces share is lent twice (2.3), protected once, and stays
 * protected until both are back.
 */
START_TEST(test_lent_twice)
{
	uint64_t va = bench_pages(&bench, 1);
	struct vm_slot *slot = vm_find_slot(&bench.space, va);
	struct vm_page *one, *two;

	vm_loan_pages(&bench.space, va, 1, &one);
	vm_loan_pages(&bench.space, va, 1, &two);
	ck_assert_ptr_eq(one, two);
	ck_assert_uint_eq(one->loan_count, 2);
	ck_assert_int_eq(bench.vm.stats.n_loaned, 2);
	ck_assert_int_eq(bench.vm.stats.n_protects, 1);
	vm_unloan_pages(&bench.vm, &one, 1);
	ck_assert_int_eq(vm_fault_kind(slot, true), VM_FAULT_COW);
	vm_unloan_pages(&bench.vm, &two, 1);
	ck_assert_int_eq(vm_fault_kind(slot, true), VM_FAULT_SOFT);
}
END_TEST

/* Lent again before any store: the mapping is read-only, and protected anew. */
START_TEST(test_lent_again)
{
	uint64_t va = bench_pages(&bench, 1);
	struct vm_page *page;

	for (int i = 1; i <= 3; i++) {
		vm_loan_pages(&bench.space, va, 1, &page);
		ck_assert_uint_eq(page->loan_count, 1);
		vm_unloan_pages(&bench.vm, &page, 1);
		ck_assert(!vm_find_slot(&bench.space, va)->is_writable);
		ck_assert_int_eq(bench.vm.stats.n_protects, i);
	}
}
END_TEST

/* One array may name a page twice; each mention is a loan of its own. */
START_TEST(test_unlend_both_at_once)
{
	uint64_t va = bench_pages(&bench, 1);
	struct vm_page *pages[2];

	vm_loan_pages(&bench.space, va, 1, &pages[0]);
	vm_loan_pages(&bench.space, va, 1, &pages[1]);
	bench_unmap(&bench, va);
	vm_unloan_pages(&bench.vm, pages, 2);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 0);
}
END_TEST

/* An orphan of unmapping lives until the last of its two loans is undone. */
START_TEST(test_orphan_of_unmap)
{
	uint64_t va = bench_pages(&bench, 1);
	struct vm_page *page;

	vm_loan_pages(&bench.space, va, 1, &page);
	vm_loan_pages(&bench.space, va, 1, &page);
	bench_unmap(&bench, va);
	ck_assert(!vm_page_is_owned(page));
	vm_unloan_pages(&bench.vm, &page, 1);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 1);
	ck_assert_uint_eq(page->loan_count, 1);
	vm_unloan_pages(&bench.vm, &page, 1);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 0);
}
END_TEST

/*
 * Store, lend, store, lend: each store leaves an orphan behind, each orphan
 * keeps what it was lent with, and the owner's page is lent anew.
 */
START_TEST(test_orphans_of_stores)
{
	enum { N = 3 };
	uint64_t va = bench_pages(&bench, 1);
	struct vm_page *pages[N];
	uint64_t versions[N];

	for (int i = 0; i < N; i++) {
		vm_loan_pages(&bench.space, va, 1, &pages[i]);
		versions[i] = pages[i]->version;
		bench_touch(&bench, va);
	}
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), N + 1);
	ck_assert_int_eq(bench.vm.stats.n_cow_faults, N);
	ck_assert_int_eq(bench.vm.stats.n_protects, N);
	for (int i = 0; i < N; i++) {
		ck_assert(!vm_page_is_owned(pages[i]));
		ck_assert_uint_eq(pages[i]->version, versions[i]);
		ck_assert_uint_ne(bench_page(&bench, va)->version, versions[i]);
	}
	/* in another order than they were lent */
	for (int i = N - 1; i >= 0; i--)
		vm_unloan_pages(&bench.vm, &pages[i], 1);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 1);
}
END_TEST

static void
store_as_user(struct cache *cache, uint64_t va, uint32_t bytes)
{
	struct cache_traffic traffic = {0};

	cache_access(cache, &bench_page(&bench, va)->mem, 0, bytes, MEM_USER,
	    true, &traffic);
}

/*
 * Pages 0 and 2 are first loans, page 1 is lent already.  With a virtual index
 * what the program has stored is written back: 128 lines of page 0, one of
 * page 2; and 128 lines are looked at of either, an operation each.  With a
 * physical one the window sees the same lines.
 */
START_TEST(test_cleaned_for_the_window)
{
	struct cache_config config = {{65536, 0}, 32, CACHE_WRITE_BACK, true,
	    _i};
	uint64_t va = bench_pages(&bench, 3);
	struct vm_page *page;
	struct cache cache;

	cache_init(&cache, &config);
	bench.costs.cache = &cache;
	vm_loan_pages(&bench.space, va + PAGE_SIZE, 1, &page);
	store_as_user(&cache, va, PAGE_SIZE);
	store_as_user(&cache, va + 2 * PAGE_SIZE, 1);
	vm_loan_prepare(&bench.space, va, 3, &bench.cost, &bench.costs);
	ck_assert_int_eq(bench.ledger.n_ops[OP_CACHE_LINE], _i ? 256 : 0);
	ck_assert_int_eq(bench_cycles_of(&bench, CAUSE_CACHE_CLEAN),
	    _i ? 256 : 0);
	ck_assert_int_eq(bench.ledger.line[CAUSE_CACHE_CLEAN].write_bytes,
	    _i ? 129 * 32 : 0);
	for (uint64_t i = 0; i < 3; i += 2)
		ck_assert_int_eq(cache_is_dirty(&cache, &bench_page(&bench,
		    va + i * PAGE_SIZE)->mem, 0, PAGE_SIZE), !_i);
	vm_unloan_pages(&bench.vm, &page, 1);
	bench.costs.cache = NULL;
}
END_TEST

START_TEST(test_death_too_many)
{
	assert_ask(bench_pages(&bench, 18), 18, VM_LOAN_OK);
}
END_TEST

START_TEST(test_death_none)
{
	assert_ask(bench_pages(&bench, 1), 0, VM_LOAN_OK);
}
END_TEST

START_TEST(test_death_unaligned)
{
	assert_ask(bench_pages(&bench, 1) + 1, 1, VM_LOAN_OK);
}
END_TEST

START_TEST(test_death_undone_twice)
{
	uint64_t va = bench_pages(&bench, 1);
	struct vm_page *page;

	vm_loan_pages(&bench.space, va, 1, &page);
	vm_unloan_pages(&bench.vm, &page, 1);
	vm_unloan_pages(&bench.vm, &page, 1);
}
END_TEST

static Suite *
loan_suite(void)
{
	Suite *suite = suite_create("loan");
	TCase *tc = tcase_create("loan");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_first_loans);
	tcase_add_test(tc, test_refusals);
	tcase_add_test(tc, test_ask_only_asks);
	tcase_add_test(tc, test_lend);
	tcase_add_test(tc, test_seventeen);
	tcase_add_test(tc, test_lent_twice);
	tcase_add_test(tc, test_lent_again);
	tcase_add_test(tc, test_unlend_both_at_once);
	tcase_add_test(tc, test_orphan_of_unmap);
	tcase_add_test(tc, test_orphans_of_stores);
	tcase_add_loop_test(tc, test_cleaned_for_the_window, 0, 2);
	tcase_add_test_raise_signal(tc, test_death_too_many, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_none, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_unaligned, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_undone_twice, SIGABRT);
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
