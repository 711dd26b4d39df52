/*
 * System calls about memory.  netbsd-2002.md 3.1, 3.3 and 3.4, from a program's
 * side.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/host.h"
#include "models/kern/vmcalls.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

#define SIZE	(4 * (int64_t)PAGE_SIZE)

static struct crank crank;
static struct host *host;

static void
setup(void)
{
	struct world_config config = machine_config();

	config.host.sosend.sosend_loan = true;
	crank_init(&crank, &config, 2);
	host = &crank.world.host;
}

static void
teardown(void)
{
	crank_fini(&crank);
}

static int64_t
call(int proc, struct sys_call what)
{
	return crank_call(&crank, proc, what);
}

/* The file of that name, in a process. */
static int
open_file(int proc, uint32_t name)
{
	if (vm_object_find(&host->vm, name) == NULL)
		host_add_file(host, name, SIZE, true);
	return (int)call(proc,
	    (struct sys_call){.nr = SYS_OPEN, .file = name});
}

static uint64_t
map(int proc, int fd, enum sys_map kind)
{
	int64_t va = call(proc, (struct sys_call){.nr = SYS_MMAP, .fd = fd,
	    .map = kind, .len = SIZE});

	ck_assert_int_gt(va, 0);
	return (uint64_t)va;
}

static void
touch(int proc, uint64_t va, int64_t len, int64_t result)
{
	ck_assert_int_eq(call(proc, (struct sys_call){.nr = SYS_TOUCH,
	    .addr = va, .len = len}), result);
}

static struct vm_page *
page_at(int proc, uint64_t va)
{
	return vm_find_slot(&crank.procs[proc].p->space, va)->page;
}

/* Two processes see one page of a shared file, and copies of a private one. */
START_TEST(test_map)
{
	uint64_t a = map(0, open_file(0, 1), SYS_MAP_SHARED);
	uint64_t b = map(1, open_file(1, 1), SYS_MAP_SHARED);
	uint64_t c = map(1, open_file(1, 1), SYS_MAP_PRIVATE);

	touch(0, a, SIZE, 0);
	touch(1, b, SIZE, 0);
	touch(1, c, SIZE, 0);
	ck_assert_ptr_eq(page_at(0, a), page_at(1, b));
	ck_assert_ptr_ne(page_at(0, a), page_at(1, c));
	ck_assert_int_eq(host->vm.stats.n_other_copies, 4);
}
END_TEST

START_TEST(test_bad_maps)
{
	struct sys_call what = {.nr = SYS_MMAP, .len = SIZE,
	    .map = SYS_MAP_SHARED, .fd = 3};

	ck_assert_int_eq(call(0, what), SYS_EBADF);
	what.fd = crank_connect(&crank, 0, 65536);
	ck_assert_int_eq(call(0, what), SYS_EINVAL);
	what.fd = open_file(0, 1);
	what.offset = 1;
	ck_assert_int_eq(call(0, what), SYS_EINVAL);
	what.offset = -PAGE_SIZE;
	ck_assert_int_eq(call(0, what), SYS_EINVAL);
	what.offset = 0;
	what.len = (INT64_C(1) << 31) + 1;
	ck_assert_int_eq(call(0, what), SYS_ENOMEM);
	what.len = 0;
	ck_assert_int_eq(call(0, what), SYS_EINVAL);
}
END_TEST

static int64_t
unmap(uint64_t va, int64_t len)
{
	return call(0, (struct sys_call){.nr = SYS_MUNMAP, .addr = va,
	    .len = len});
}

/* Whole pages, and any of them: what is not mapped is no mistake. */
START_TEST(test_unmap)
{
	uint64_t va = map(0, open_file(0, 1), SYS_MAP_SHARED);
	int64_t n_unmapped = host->ledger.n_ops[OP_UNMAP_PAGE];

	ck_assert_int_eq(unmap(va, 0), SYS_EINVAL);
	ck_assert_int_eq(unmap(va, -1), SYS_EINVAL);
	ck_assert_int_eq(unmap(va + 1, PAGE_SIZE), SYS_EINVAL);
	ck_assert_int_eq(unmap(va, INT64_MAX), SYS_EINVAL);
	touch(0, va, SIZE, 0);
	/* the second page, then the rest: each is paid for once */
	ck_assert_int_eq(unmap(va + PAGE_SIZE, 1), 0);
	touch(0, va + PAGE_SIZE, 1, SYS_EFAULT);
	touch(0, va, 1, 0);
	touch(0, va + 2 * PAGE_SIZE, 1, 0);
	ck_assert_int_eq(unmap(va, SIZE), 0);
	ck_assert_int_eq(unmap(va, SIZE), 0);
	ck_assert_int_eq(host->ledger.n_ops[OP_UNMAP_PAGE] - n_unmapped, 4);
	touch(0, va, 1, SYS_EFAULT);
}
END_TEST

/* To store beyond the end of a file ends the process (SIGBUS). */
START_TEST(test_sigbus)
{
	struct sys_call what = {.nr = SYS_MMAP, .len = SIZE,
	    .map = SYS_MAP_SHARED, .fd = open_file(0, 1),
	    .offset = 2 * PAGE_SIZE};
	struct proc *p = crank.procs[0].p;
	uint64_t va = (uint64_t)call(0, what);

	touch(0, va, 2 * PAGE_SIZE, 0);
	touch(0, va + 2 * PAGE_SIZE - 1, 2, SYS_SIGBUS);
	/* what its program may try before it ends */
	touch(0, va, 1, SYS_ENDED);
	ck_assert_int_eq(call(0, (struct sys_call){.nr = SYS_CLOSE,
	    .fd = what.fd}), SYS_ENDED);
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_EXIT, .len = -5});
	crank_until(&crank, crank.world.cal.now + PS_PER_MS);
	ck_assert_int_eq(p->state, PROC_DEAD);
	ck_assert_int_eq(p->exit_status, SYS_SIGBUS);
}
END_TEST

/* The kernel that comes upon such a page fails, and the program lives on. */
START_TEST(test_write_beyond_the_end)
{
	struct sys_call what = {.nr = SYS_MMAP, .len = SIZE,
	    .map = SYS_MAP_SHARED, .fd = open_file(0, 1),
	    .offset = 2 * PAGE_SIZE};
	uint64_t va = (uint64_t)call(0, what);
	int so = crank_connect(&crank, 0, 65536);

	host->config.sosend.sosend_loan = _i;
	ck_assert_int_eq(crank_write(&crank, 0, so, va + 2 * PAGE_SIZE,
	    PAGE_SIZE), SYS_EFAULT);
	/* what is in front of the end has been taken */
	ck_assert_int_eq(crank_write(&crank, 0, so, va, SIZE), SIZE / 2);
	ck_assert_int_eq(crank_write(&crank, 0, so, va, SIZE / 2), SIZE / 2);
}
END_TEST

/* The seed's way: a file is mapped and written; then unmapped or cut (3.4). */
START_TEST(test_file_goes_while_lent)
{
	int fd = open_file(0, 1);
	uint64_t va = map(0, fd, SYS_MAP_SHARED);
	int so = crank_connect(&crank, 0, 65536);

	ck_assert_int_eq(crank_write(&crank, 0, so, va, SIZE), SIZE);
	ck_assert_int_eq(host->vm.stats.n_loaned, 4);
	ck_assert_int_eq(host->sosend_counters.loan_big, 1);
	if (_i == 0)
		ck_assert_int_eq(unmap(va, SIZE), 0);
	else
		ck_assert_int_eq(call(0, (struct sys_call){.nr = SYS_TRUNCATE,
		    .fd = fd, .len = PAGE_SIZE}), 0);
	ck_assert_int_eq(vm_objects_pages(&host->vm), _i == 0 ? 4 : 1);
	ck_assert_int_eq((int64_t)pool_in_use(&host->vm.pages), 4);
	if (_i == 1)
		touch(0, va + PAGE_SIZE, 1, SYS_SIGBUS);
	/* crank_fini: all has arrived as it was written */
}
END_TEST

/* The program stores at once into what it has just written (3.3, row 3). */
START_TEST(test_shared_file_stored_to)
{
	uint64_t va = map(0, open_file(0, 1), SYS_MAP_SHARED);
	int so = crank_connect(&crank, 0, 65536);

	touch(0, va, SIZE, 0);
	ck_assert_int_eq(crank_write(&crank, 0, so, va, SIZE), SIZE);
	touch(0, va, SIZE, 0);
	ck_assert_int_eq(host->vm.stats.n_cow_faults, 4);
	ck_assert_int_eq(vm_objects_pages(&host->vm), 4);
	ck_assert_int_eq((int64_t)pool_in_use(&host->vm.pages), 8);
}
END_TEST

START_TEST(test_lock)
{
	uint64_t va = map(0, 0, SYS_MAP_ANON);
	int so = crank_connect(&crank, 0, 65536);
	struct sys_call what = {.nr = SYS_MLOCK, .addr = va + 1,
	    .len = PAGE_SIZE};

	ck_assert_int_eq(call(0, what), 0);
	ck_assert_uint_eq(page_at(0, va)->wire_count, 1);
	ck_assert_uint_eq(page_at(0, va + PAGE_SIZE)->wire_count, 1);
	ck_assert_ptr_null(page_at(0, va + 2 * PAGE_SIZE));
	/* wired once, however often it is asked for */
	ck_assert_int_eq(call(0, what), 0);
	ck_assert_uint_eq(page_at(0, va)->wire_count, 1);
	ck_assert_int_eq(crank_write(&crank, 0, so, va, 8192), 8192);
	ck_assert_int_eq(host->vm.stats.n_loaned, 0);
	ck_assert_int_eq(host->n_loans_refused, 3);
	what.nr = SYS_MUNLOCK;
	ck_assert_int_eq(call(0, what), 0);
	ck_assert_int_eq(crank_write(&crank, 0, so, va, 8192), 8192);
	ck_assert_int_eq(host->vm.stats.n_loaned, 2);
	/* what is not locked needs no unlocking */
	ck_assert_int_eq(call(0, what), 0);
	ck_assert_uint_eq(page_at(0, va)->wire_count, 0);
	what.addr = 4096;
	ck_assert_int_eq(call(0, what), SYS_ENOMEM);
	what.nr = SYS_MLOCK;
	ck_assert_int_eq(call(0, what), SYS_ENOMEM);
}
END_TEST

/* A child writes what its parent has filled, and the parent fills it anew. */
START_TEST(test_fork)
{
	uint64_t va = map(0, 0, SYS_MAP_ANON);
	int so = crank_connect(&crank, 0, 65536);
	struct sys_call what = {.nr = SYS_FORK, .child = crank.procs[1].p};

	touch(0, va, SIZE, 0);
	ck_assert_int_eq(call(0, what), 0);
	ck_assert_ptr_eq(fd_file(crank.procs[0].p, so),
	    fd_file(crank.procs[1].p, so));
	ck_assert_int_eq(call(0, what), SYS_EINVAL);
	what.child = NULL;
	ck_assert_int_eq(call(0, what), SYS_EINVAL);
	/* a child that is in a call of its own has begun to live */
	what.child = crank.procs[1].p;
	crank_post(&crank, 1, (struct sys_call){.nr = SYS_SLEEP,
	    .len = crank.world.cal.now + PS_PER_MS});
	ck_assert_int_eq(call(0, what), SYS_EINVAL);
	ck_assert_int_eq(crank_wait(&crank, 1), 0);
	ck_assert_int_eq(crank_write(&crank, 1, so, va, SIZE), SIZE);
	ck_assert_int_eq(host->vm.stats.n_loaned, 4);
	touch(0, va, SIZE, 0);
	ck_assert_int_eq(host->vm.stats.n_other_copies, 4);
	ck_assert_int_eq(host->vm.stats.n_cow_faults, 0);
	/* the child alone has the lent ones now */
	touch(1, va, SIZE, 0);
	ck_assert_int_eq(host->vm.stats.n_cow_faults, 4);
}
END_TEST

/* Shared memory is the child's as well, if it has opened nothing yet. */
START_TEST(test_fork_shared)
{
	uint64_t va = map(0, 0, SYS_MAP_SHARED_ANON);
	int fd = open_file(1, 1);

	ck_assert_int_eq(call(0, (struct sys_call){.nr = SYS_FORK,
	    .child = crank.procs[1].p}), SYS_EINVAL);
	ck_assert_int_eq(call(1, (struct sys_call){.nr = SYS_CLOSE,
	    .fd = fd}), 0);
	ck_assert_int_eq(call(0, (struct sys_call){.nr = SYS_FORK,
	    .child = crank.procs[1].p}), 0);
	touch(1, va, 1, 0);
	touch(0, va, 1, 0);
	ck_assert_ptr_eq(page_at(0, va), page_at(1, va));
}
END_TEST

START_TEST(test_death_no_such_call)
{
	vmcall(crank.procs[0].p, &(struct sys_call){.nr = SYS_SLEEP});
}
END_TEST

static Suite *
vmcalls_suite(void)
{
	Suite *suite = suite_create("vmcalls");
	TCase *tc = tcase_create("vmcalls");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_map);
	tcase_add_test(tc, test_bad_maps);
	tcase_add_test(tc, test_unmap);
	tcase_add_test(tc, test_sigbus);
	tcase_add_loop_test(tc, test_write_beyond_the_end, 0, 2);
	tcase_add_loop_test(tc, test_file_goes_while_lent, 0, 2);
	tcase_add_test(tc, test_shared_file_stored_to);
	tcase_add_test(tc, test_lock);
	tcase_add_test(tc, test_fork);
	tcase_add_test(tc, test_fork_shared);
	tcase_add_test_raise_signal(tc, test_death_no_such_call, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(vmcalls_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
