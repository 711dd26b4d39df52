/*
 * Objects: files and shared memory, page by page.  netbsd-2002.md 3.1 B, 3.4.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/vm/object.h"
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

START_TEST(test_file)
{
	struct vm_object *file = bench_file(&bench, 3);

	ck_assert_ptr_eq(vm_object_find(&bench.vm, 1), file);
	ck_assert_ptr_null(vm_object_find(&bench.vm, 2));
	ck_assert_int_eq(vm_objects_pages(&bench.vm), 3);
	ck_assert_int_eq(bench.vm.stats.n_page_ins, 3);
	for (uint64_t i = 0; i < 3; i++) {
		ck_assert_ptr_eq(file->pages[i]->object, file);
		ck_assert_uint_eq(file->pages[i]->index, i);
		ck_assert_uint_eq(file->pages[i]->version, file->content[i]);
	}
}
END_TEST

/* Names that fall together are told apart, whichever goes first. */
START_TEST(test_names)
{
	struct vm_object *file[3];

	for (uint32_t i = 0; i < 3; i++)
		file[i] = vm_object_new(&bench.vm, VM_OBJECT_FILE,
		    7 + i * VM_FILE_BUCKETS, PAGE_SIZE);
	for (uint32_t i = 0; i < 3; i++)
		ck_assert_ptr_eq(vm_object_find(&bench.vm,
		    7 + i * VM_FILE_BUCKETS), file[i]);
	ck_assert_ptr_null(vm_object_find(&bench.vm,
	    7 + 3 * VM_FILE_BUCKETS));
	vm_object_free(file[_i]);
	for (int i = 0; i < 3; i++)
		ck_assert_ptr_eq(vm_object_find(&bench.vm,
		    (uint32_t)(7 + i * VM_FILE_BUCKETS)),
		    i == _i ? NULL : file[i]);
}
END_TEST

/* Empty, it has no page; it grows within its room, and is cut to nothing. */
START_TEST(test_size)
{
	struct vm_object *file = vm_object_new(&bench.vm, VM_OBJECT_FILE, 1,
	    0);

	ck_assert_uint_eq(file->n_pages, 0);
	vm_object_reserve(file, 3 * PAGE_SIZE);
	vm_object_extend(file, 1);
	ck_assert_uint_eq(file->n_pages, 1);
	ck_assert_uint_eq(file->content[0], 0);
	vm_object_extend(file, PAGE_SIZE);
	ck_assert_uint_eq(file->n_pages, 1);
	vm_object_extend(file, PAGE_SIZE + 1);
	ck_assert_uint_eq(file->n_pages, 2);
	vm_object_truncate(file, PAGE_SIZE - 1, &bench.cost, &bench.costs);
	ck_assert_uint_eq(file->n_pages, 1);
	vm_object_truncate(file, 0, &bench.cost, &bench.costs);
	ck_assert_uint_eq(file->n_pages, 0);
}
END_TEST

START_TEST(test_death_no_room)
{
	vm_object_extend(bench_file(&bench, 1), PAGE_SIZE + 1);
}
END_TEST

START_TEST(test_death_room_taken)
{
	vm_object_reserve(bench_file(&bench, 1), 1);
}
END_TEST

/* As far as memory goes, and on from there when there is more of it. */
START_TEST(test_fill)
{
	struct vm_object *file;

	vm_configure(&bench.vm, &(struct vm_config){.n_pages = 4,
	    .freetarg = 1});
	file = bench_file(&bench, 5);
	ck_assert_int_eq(bench.vm.stats.n_page_ins, 3);
	bench.vm.config.n_pages = 100;
	vm_object_fill(file);
	ck_assert_int_eq(bench.vm.stats.n_page_ins, 5);
	ck_assert_int_eq(vm_objects_pages(&bench.vm), 5);
}
END_TEST

/* A file stays when nobody maps it; shared memory goes with its last mapping */
START_TEST(test_references)
{
	struct vm_object *file = bench_file(&bench, 1);
	struct vm_object *shared = vm_object_new(&bench.vm, VM_OBJECT_ANON, 0,
	    PAGE_SIZE);
	uint64_t a = bench_map_file(&bench, file, true);
	uint64_t b = bench_map_file(&bench, shared, true);

	vm_object_drop(shared);
	bench_touch(&bench, a);
	bench_touch(&bench, b);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 2);
	bench_unmap(&bench, a);
	bench_unmap(&bench, b);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 1);
	ck_assert_ptr_eq(bench.vm.objects, file);
	ck_assert_ptr_null(file->next);
}
END_TEST

/* Shared memory goes; its page on loan does not, until it is back (3.4). */
START_TEST(test_orphan_of_object)
{
	struct vm_object *shared = vm_object_new(&bench.vm, VM_OBJECT_ANON, 0,
	    PAGE_SIZE);
	uint64_t va = bench_map_file(&bench, shared, true);
	struct vm_page *page;

	vm_object_drop(shared);
	bench_touch(&bench, va);
	vm_loan_pages(&bench.space, va, 1, &page);
	bench_unmap(&bench, va);
	ck_assert_ptr_null(bench.vm.objects);
	ck_assert(!vm_page_is_owned(page));
	vm_unloan_pages(&bench.vm, &page, 1);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 0);
}
END_TEST

/* netbsd-2002.md 3.4: truncation only disowns what is on loan. */
START_TEST(test_truncate)
{
	struct vm_object *file = bench_file(&bench, 3);
	uint64_t va = bench_map_file(&bench, file, true);
	struct vm_page *page;
	uint64_t version;

	for (uint64_t i = 0; i < 3; i++)
		bench_load(&bench, va + i * PAGE_SIZE);
	vm_loan_pages(&bench.space, va + PAGE_SIZE, 1, &page);
	version = page->version;
	vm_object_truncate(file, PAGE_SIZE, &bench.cost, &bench.costs);
	ck_assert_int_eq(vm_objects_pages(&bench.vm), 1);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 2);
	ck_assert(!vm_page_is_owned(page));
	ck_assert_ptr_null(page->mappings);
	ck_assert_uint_eq(page->version, version);
	ck_assert_ptr_nonnull(vm_find_slot(&bench.space, va));
	ck_assert_ptr_null(vm_find_slot(&bench.space, va + PAGE_SIZE));
	vm_unloan_pages(&bench.vm, &page, 1);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 1);
	/* it does not grow that way */
	vm_object_truncate(file, 2 * PAGE_SIZE, &bench.cost, &bench.costs);
	ck_assert_uint_eq(file->n_pages, 1);
}
END_TEST

/* What a process has copied outlives the end of the file. */
START_TEST(test_truncate_under_a_copy)
{
	struct vm_object *file = bench_file(&bench, 2);
	uint64_t va = bench_map_file(&bench, file, false);

	bench_touch(&bench, va + PAGE_SIZE);
	vm_object_truncate(file, PAGE_SIZE, &bench.cost, &bench.costs);
	ck_assert_ptr_nonnull(vm_find_slot(&bench.space, va + PAGE_SIZE));
}
END_TEST

START_TEST(test_death_place_taken)
{
	struct vm_object *file = bench_file(&bench, 1);

	vm_object_page_in(file, 0);
}
END_TEST

START_TEST(test_death_no_pages)
{
	vm_object_new(&bench.vm, VM_OBJECT_ANON, 0, 0);
}
END_TEST

static Suite *
object_suite(void)
{
	Suite *suite = suite_create("object");
	TCase *tc = tcase_create("object");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_file);
	tcase_add_test(tc, test_fill);
	tcase_add_loop_test(tc, test_names, 0, 3);
	tcase_add_test(tc, test_size);
	tcase_add_test_raise_signal(tc, test_death_no_room, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_room_taken, SIGABRT);
	tcase_add_test(tc, test_references);
	tcase_add_test(tc, test_orphan_of_object);
	tcase_add_test(tc, test_truncate);
	tcase_add_test(tc, test_truncate_under_a_copy);
	tcase_add_test_raise_signal(tc, test_death_place_taken, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_no_pages, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(object_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
