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

/* Happens and is priced at once; asking for the kind is a step of its own. */
static void
fault(enum vm_fault kind)
{
	vm_fault(&bench.vm, slot, kind, &bench.cost, &bench.costs);
}

static void
assert_kinds(enum vm_fault load, enum vm_fault store)
{
	ck_assert_int_eq(vm_fault_kind(slot, false), load);
	ck_assert_int_eq(vm_fault_kind(slot, true), store);
}

/* Asking changes nothing and costs nothing, however often. */
START_TEST(test_asking)
{
	for (int i = 0; i < 2; i++)
		assert_kinds(VM_FAULT_ZERO, VM_FAULT_ZERO);
	ck_assert_ptr_null(slot->page);
	ck_assert(!slot->is_writable);
	bench_touch(&bench, va);
	lend();
	for (int i = 0; i < 2; i++)
		assert_kinds(VM_FAULT_NONE, VM_FAULT_COW);
	ck_assert_ptr_eq(slot->page, lent);
	ck_assert_int_eq(bench.cost.units, 0);
	ck_assert_int_eq(bench.cost.write_bytes, 0);
	ck_assert_int_eq(bench.ledger.n_ops[OP_FAULT], 0);
	ck_assert_int_eq(bench.vm.stats.n_cow_faults, 0);
	unlend();
}
END_TEST

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
	fault(VM_FAULT_ZERO);
	ck_assert_ptr_nonnull(slot->page);
	ck_assert_ptr_eq(slot->page->anon, slot->anon);
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
	fault(VM_FAULT_SOFT);
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
	fault(VM_FAULT_COW);
	ck_assert_ptr_ne(slot->page, lent);
	ck_assert_ptr_eq(slot->page->anon, slot->anon);
	ck_assert_uint_eq(slot->page->loan_count, 0);
	ck_assert(slot->is_writable);
	ck_assert(!vm_page_is_owned(lent));
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
	fault(VM_FAULT_NONE);
	ck_assert(!slot->is_writable);
	ck_assert_ptr_eq(slot->page, lent);
	unlend();
}
END_TEST

/* trap + page_alloc, and bzero of 4096 bytes at one cycle each: 4098 */
START_TEST(test_cost_zero)
{
	fault(VM_FAULT_ZERO);
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
	lend();
	unlend();
	fault(VM_FAULT_SOFT);
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
	lend();
	fault(VM_FAULT_COW);
	ck_assert_int_eq(bench_cycles(&bench), 4098);
	ck_assert_int_eq(bench_cycles_of(&bench, CAUSE_FAULT), 2);
	ck_assert_int_eq(bench_cycles_of(&bench, CAUSE_COW_COPY), 4096);
	ck_assert_int_eq(bench.cost.read_bytes, 4096);
	ck_assert_int_eq(bench.cost.write_bytes, 4096);
	ck_assert_int_eq(bench.ledger.line[CAUSE_COW_COPY].write_bytes, 4096);
	ck_assert_int_eq(bench.ledger.line[CAUSE_PAGE_ZERO].write_bytes, 0);
	unlend();
}
END_TEST

START_TEST(test_cost_none)
{
	bench_touch(&bench, va);
	fault(VM_FAULT_NONE);
	ck_assert_int_eq(bench_cycles(&bench), 0);
	ck_assert_int_eq(bench.ledger.n_ops[OP_FAULT], 0);
}
END_TEST

/*
 * Caches
 */
static struct cache cache;

static void
begin_cached(bool is_virtual)
{
	struct cache_config config = {{65536, 0}, 32, CACHE_WRITE_BACK, true,
	    is_virtual};

	cache_init(&cache, &config);
	bench.costs.cache = &cache;
}

static void
end_cached(void)
{
	bench_unmap(&bench, va);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 0);
	bench.costs.cache = NULL;
}

static uint32_t
lines_of(const struct vm_page *page, enum mem_view view)
{
	return page->mem.cached[CACHE_L1_SLOT + view].n_valid;
}

/* The program stores into the page: so many lines are read from memory. */
static void
store_all(uint32_t fill_lines)
{
	struct cost cost = {0};
	struct mem_range range = {&slot->page->mem, 0, PAGE_SIZE, MEM_USER};

	mem_write(&cost, &bench.unbooked, CAUSE_APP_FILL, range);
	ck_assert_int_eq(cost.read_bytes, fill_lines * INT64_C(32));
}

/*
 * A page of 128 lines is zeroed in the cache.  With a physical index they stay
 * and stay dirty; with a virtual one the kernel's lines are cleaned and gone,
 * and the program fetches its own.
 */
START_TEST(test_cached_zero)
{
	begin_cached(_i);
	fault(VM_FAULT_ZERO);
	ck_assert_int_eq(bench.cost.read_bytes, 4096);
	ck_assert_int_eq(bench.cost.write_bytes, _i ? 4096 : 0);
	ck_assert_int_eq(bench.ledger.n_ops[OP_CACHE_LINE], _i ? 128 : 0);
	ck_assert_uint_eq(cache.level[0].used, _i ? 0 : 128);
	bench.unbooked.cache = &cache;
	store_all(_i ? 128 : 0);
	end_cached();
}
END_TEST

/*
 * Copied on write: old and new page, 256 lines, and the old one is read from
 * the cache if its lines are there for the kernel to see.  Virtual: of all
 * mappings none is left but the window of the loan.
 */
START_TEST(test_cached_cow)
{
	struct cost window = {0};

	begin_cached(_i);
	bench.unbooked.cache = &cache;
	bench_touch(&bench, va);
	store_all(_i ? 128 : 0);
	vm_loan_prepare(&bench.space, va, 1, &window, &bench.unbooked);
	lend();
	mem_read(&window, &bench.unbooked, CAUSE_CKSUM_READ,
	    (struct mem_range){&lent->mem, 0, PAGE_SIZE, MEM_LOAN});
	fault(VM_FAULT_COW);
	ck_assert_int_eq(bench.cost.read_bytes, _i ? 8192 : 4096);
	ck_assert_int_eq(bench.cost.write_bytes, _i ? 4096 : 0);
	ck_assert_int_eq(bench.ledger.n_ops[OP_CACHE_LINE], _i ? 128 : 0);
	ck_assert_uint_eq(cache.level[0].used, _i ? 128 : 256);
	/* what has no views is kept as the first, the kernel's */
	ck_assert_uint_eq(lines_of(lent, _i ? MEM_LOAN : MEM_KERNEL), 128);
	mem_unmapped(&bench.costs, &lent->mem, MEM_LOAN);
	unlend();
	ck_assert_uint_eq(cache.level[0].used, _i ? 0 : 256);
	end_cached();
}
END_TEST

/*
 * Unmapped with stores in the cache.  A physical cache keeps the lines of the
 * free page, and who gets it next finds them; of a virtual one they would be
 * lines of a mapping that is gone, so they are written back and forgotten.
 */
START_TEST(test_cached_page_again)
{
	struct cost cost = {0};

	begin_cached(_i);
	bench.unbooked.cache = &cache;
	bench_touch(&bench, va);
	store_all(_i ? 128 : 0);
	vm_unmap(&bench.space, va, 1, &cost, &bench.costs);
	ck_assert_int_eq(cost.write_bytes, _i ? 4096 : 0);
	ck_assert_int_eq(bench.ledger.n_ops[OP_CACHE_LINE], _i ? 128 : 0);
	ck_assert_uint_eq(cache.level[0].used, _i ? 0 : 128);
	va = vm_map_anon(&bench.space, 1);
	slot = vm_find_slot(&bench.space, va);
	fault(VM_FAULT_ZERO);
	ck_assert_int_eq(bench.cost.read_bytes, _i ? 4096 : 0);
	end_cached();
}
END_TEST

/* A page that is mapped read-only holds nothing to be cleaned. */
START_TEST(test_cached_unmap_read_only)
{
	begin_cached(true);
	bench.unbooked.cache = &cache;
	bench_touch(&bench, va);
	store_all(128);
	vm_loan_prepare(&bench.space, va, 1, &bench.cost, &bench.unbooked);
	lend();
	unlend();
	ck_assert_uint_eq(lines_of(slot->page, MEM_USER), 128);
	end_cached();
	ck_assert_int_eq(bench.ledger.n_ops[OP_CACHE_LINE], 0);
}
END_TEST

START_TEST(test_death_not_as_asked)
{
	bench_touch(&bench, va);
	lend();
	fault(VM_FAULT_SOFT);
}
END_TEST

START_TEST(test_death_zeroed_twice)
{
	bench_touch(&bench, va);
	fault(VM_FAULT_ZERO);
}
END_TEST

static Suite *
fault_suite(void)
{
	Suite *suite = suite_create("fault");
	TCase *tc = tcase_create("fault");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_asking);
	tcase_add_test(tc, test_kinds);
	tcase_add_test(tc, test_zero_fill);
	tcase_add_test(tc, test_soft);
	tcase_add_test(tc, test_cow);
	tcase_add_test(tc, test_none);
	tcase_add_test(tc, test_cost_zero);
	tcase_add_test(tc, test_cost_soft);
	tcase_add_test(tc, test_cost_cow);
	tcase_add_test(tc, test_cost_none);
	tcase_add_loop_test(tc, test_cached_zero, 0, 2);
	tcase_add_loop_test(tc, test_cached_cow, 0, 2);
	tcase_add_loop_test(tc, test_cached_page_again, 0, 2);
	tcase_add_test(tc, test_cached_unmap_read_only);
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
