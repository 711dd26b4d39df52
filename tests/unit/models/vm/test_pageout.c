/*
 * Paging queues and the page daemon.  netbsd-2002.md 3.1 and 3.4.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/vm/pageout.h"
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

/* A file of eight pages, memory for n. */
static struct vm_object *
file_in(int64_t n_pages, int64_t freetarg)
{
	vm_configure(&bench.vm, &(struct vm_config){.n_pages = n_pages,
	    .freetarg = freetarg});
	return bench_file(&bench, 8);
}

/* Of eleven pages three are free: five are wanted, the oldest two go. */
START_TEST(test_oldest_go)
{
	struct vm_object *file = file_in(11, 0);

	bench.vm.config.freetarg = 5;
	ck_assert(vm_pageout_can(&bench.vm));
	ck_assert_int_eq(vm_pageout(&bench.vm, &bench.cost, &bench.costs), 2);
	ck_assert_ptr_null(file->pages[0]);
	ck_assert_ptr_null(file->pages[1]);
	ck_assert_int_eq(vm_objects_pages(&bench.vm), 6);
	ck_assert_int_eq(bench.vm.stats.n_page_outs, 2);
	/* and again: there is nothing to do */
	ck_assert_int_eq(vm_pageout(&bench.vm, &bench.cost, &bench.costs), 0);
	/* what comes back is what it was */
	ck_assert_uint_eq(vm_object_page_in(file, 0)->version,
	    file->content[0]);
}
END_TEST

/* What was faulted in again since it was deactivated stays (second chance). */
START_TEST(test_referenced_stay)
{
	struct vm_object *file = file_in(8, 0);
	uint64_t va = bench_map_file(&bench, file, true);

	bench_entry(&bench, va)->advice = VM_ADVICE_RANDOM;
	for (uint64_t i = 0; i < 8; i++)
		bench_load(&bench, va + i * PAGE_SIZE);
	bench.vm.config.freetarg = 1;
	ck_assert_int_eq(vm_pageout(&bench.vm, &bench.cost, &bench.costs), 1);
	ck_assert_ptr_null(file->pages[0]);
	/* page 1 was deactivated, too: not mapped, and a protection each */
	ck_assert_ptr_null(bench_page(&bench, va + PAGE_SIZE));
	ck_assert_int_eq(bench.ledger.n_ops[OP_PAGE_PROTECT],
	    1 + bench.vm.queues[VM_QUEUE_INACTIVE].n);
	bench_load(&bench, va + PAGE_SIZE);
	bench.vm.config.freetarg = 2;
	ck_assert_int_eq(vm_pageout(&bench.vm, &bench.cost, &bench.costs), 1);
	ck_assert_ptr_nonnull(file->pages[1]);
	ck_assert_ptr_null(file->pages[2]);
}
END_TEST

/* Loaned, wired, stored to: neither is taken, however much is wanted (3.4). */
START_TEST(test_who_stays)
{
	struct vm_object *file = file_in(8, 0);
	uint64_t va = bench_map_file(&bench, file, true);
	struct vm_page *lent;

	for (uint64_t i = 0; i < 8; i++)
		bench_load(&bench, va + i * PAGE_SIZE);
	vm_loan_pages(&bench.space, va, 1, &lent);
	ck_assert_int_eq(lent->queue, VM_QUEUE_NONE);
	vm_slot_wire(vm_find_slot(&bench.space, va + PAGE_SIZE));
	bench_touch(&bench, va + 2 * PAGE_SIZE);
	bench.vm.config.freetarg = 8;
	ck_assert_int_eq(vm_pageout(&bench.vm, &bench.cost, &bench.costs), 5);
	for (uint64_t i = 0; i < 8; i++)
		ck_assert_int_eq(file->pages[i] != NULL, i < 3);
	ck_assert(!vm_pageout_can(&bench.vm));
	/* back from its loan it is active again, and can go (3.2) */
	vm_unloan_pages(&bench.vm, &lent, 1);
	ck_assert_int_eq(lent->queue, VM_QUEUE_ACTIVE);
	ck_assert_int_eq(vm_pageout(&bench.vm, &bench.cost, &bench.costs), 1);
}
END_TEST

static Suite *
pageout_suite(void)
{
	Suite *suite = suite_create("pageout");
	TCase *tc = tcase_create("pageout");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_oldest_go);
	tcase_add_test(tc, test_referenced_stay);
	tcase_add_test(tc, test_who_stays);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(pageout_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
