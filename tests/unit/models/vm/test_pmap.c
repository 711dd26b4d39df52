/*
 * Page tables: several slots see one page.  netbsd-2002.md 3.1, "all mappings".
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/vm/pmap.h"
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

/* One file, mapped shared twice. */
static struct vm_slot *
second(struct vm_object *file)
{
	uint64_t va = bench_map_file(&bench, file, true);

	bench_touch(&bench, va);
	return vm_find_slot(&bench.space, va);
}

START_TEST(test_all_mappings)
{
	struct vm_object *file = bench_file(&bench, 1);
	struct vm_slot *a = second(file), *b = second(file);
	struct vm_page *page = a->page;

	ck_assert_ptr_eq(b->page, page);
	ck_assert(a->is_writable && b->is_writable);
	ck_assert(pmap_page_is_writable(page));
	pmap_page_protect(page);
	ck_assert(!a->is_writable && !b->is_writable);
	ck_assert(!pmap_page_is_writable(page));
	ck_assert_ptr_eq(b->page, page);
	pmap_page_remove(page, &bench.cost, &bench.costs);
	ck_assert_ptr_null(a->page);
	ck_assert_ptr_null(b->page);
	ck_assert_ptr_null(page->mappings);
	ck_assert_uint_eq(a->entry->n_mapped, 0);
}
END_TEST

/* In any order. */
START_TEST(test_remove_each)
{
	struct vm_object *file = bench_file(&bench, 1);
	struct vm_slot *slot[2] = {second(file), second(file)};
	struct vm_page *page = slot[0]->page;

	pmap_remove(slot[_i], &bench.cost, &bench.costs);
	ck_assert_ptr_null(slot[_i]->page);
	ck_assert_ptr_eq(page->mappings, slot[!_i]);
	ck_assert_ptr_null(page->mappings->next_mapping);
	ck_assert(slot[!_i]->is_writable);
}
END_TEST

/* What is removed is not wired any more. */
START_TEST(test_remove_wired)
{
	struct vm_slot *slot = second(bench_file(&bench, 1));
	struct vm_page *page = slot->page;

	vm_slot_wire(slot);
	ck_assert_uint_eq(page->wire_count, 1);
	pmap_remove(slot, &bench.cost, &bench.costs);
	ck_assert_uint_eq(page->wire_count, 0);
	ck_assert(!slot->is_wired);
}
END_TEST

START_TEST(test_copy_and_zero)
{
	struct vm_object *file = bench_file(&bench, 2);
	struct vm_page *from = file->pages[0], *to = file->pages[1];

	pmap_copy_page(from, to, &bench.cost, &bench.costs);
	ck_assert_uint_eq(to->version, from->version);
	ck_assert_int_eq(bench_cycles_of(&bench, CAUSE_COW_COPY), 4096);
	pmap_zero_page(to, &bench.cost, &bench.costs);
	ck_assert_int_eq(bench_cycles_of(&bench, CAUSE_PAGE_ZERO), 4096);
}
END_TEST

START_TEST(test_death_two_pages)
{
	struct vm_object *file = bench_file(&bench, 2);
	struct vm_slot *slot = second(file);

	pmap_enter(&bench.vm, slot, file->pages[1], true);
}
END_TEST

static Suite *
pmap_suite(void)
{
	Suite *suite = suite_create("pmap");
	TCase *tc = tcase_create("pmap");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_all_mappings);
	tcase_add_loop_test(tc, test_remove_each, 0, 2);
	tcase_add_test(tc, test_remove_wired);
	tcase_add_test(tc, test_copy_and_zero);
	tcase_add_test_raise_signal(tc, test_death_two_pages, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(pmap_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
