/*
 * Calls on files, but for the bytes that they move.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/host.h"
#include "models/kern/filecalls.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

enum { BYTES = 10000 };

static struct crank crank;
static struct host *host;
static struct vm_object *object;

static void
setup(void)
{
	struct world_config config = machine_config();

	crank_init(&crank, &config, 1);
	host = &crank.world.host;
	host_add_file(host, 7, BYTES, true);
	object = vm_object_find(&host->vm, 7);
}

static void
teardown(void)
{
	crank_fini(&crank);
}

static int64_t
call(struct sys_call what)
{
	return crank_call(&crank, 0, what);
}

static int64_t
open_file(uint32_t name)
{
	return call((struct sys_call){.nr = SYS_OPEN, .file = name});
}

static int64_t
creat_file(uint32_t name, int64_t most)
{
	return call((struct sys_call){.nr = SYS_CREAT, .file = name,
	    .len = most});
}

/* In bytes: the last page of three is there in part. */
START_TEST(test_add)
{
	ck_assert_int_eq(object->bytes, BYTES);
	ck_assert_uint_eq(object->n_pages, 3);
	ck_assert_int_eq(vm_objects_pages(&host->vm), 3);
	ck_assert_uint_eq(object->disk_page, 0);
	host_add_file(host, 8, 1, false);
	ck_assert_int_eq(vm_objects_pages(&host->vm), 3);
	ck_assert_uint_eq(vm_object_find(&host->vm, 8)->disk_page, 3);
	ck_assert_uint_eq(host->disk_pages, 4);
}
END_TEST

START_TEST(test_open)
{
	sim_time before = crank.world.cal.now;

	ck_assert_int_eq(open_file(7), 0);
	/* switch, call and open: 1 us each on this machine */
	ck_assert_int_eq(crank.world.cal.now - before, 3 * PS_PER_US);
	ck_assert_int_eq(open_file(7), 1);
	/* two open files, each with a place of its own */
	ck_assert_int_eq(call((struct sys_call){.nr = SYS_LSEEK, .fd = 1,
	    .offset = 50}), 50);
	ck_assert_int_eq(fd_file(crank.procs[0].p, 0)->f_offset, 0);
	ck_assert_int_eq(call((struct sys_call){.nr = SYS_FSTAT, .fd = 1}),
	    BYTES);
	ck_assert_int_eq(open_file(8), SYS_ENOENT);
	ck_assert_int_eq(open_file(0), SYS_ENOENT);
}
END_TEST

/* A new one has a place on the disk; one that is there already is emptied. */
START_TEST(test_creat)
{
	struct vm_object *made;

	ck_assert_int_eq(creat_file(9, 5000), 0);
	made = vm_object_find(&host->vm, 9);
	ck_assert_int_eq(made->bytes, 0);
	ck_assert_int_eq(made->most_bytes, 5000);
	ck_assert_uint_eq(made->disk_page, 3);
	ck_assert_uint_eq(host->disk_pages, 5);
	ck_assert_int_eq(creat_file(7, BYTES), 1);
	ck_assert_int_eq(object->bytes, 0);
	ck_assert_int_eq(vm_objects_pages(&host->vm), 0);
	ck_assert_uint_eq(object->disk_page, 0);
	/* larger than its place: it gets another */
	ck_assert_int_eq(creat_file(7, BYTES + 1), 2);
	ck_assert_uint_eq(object->disk_page, 5);
	ck_assert_int_eq(creat_file(0, 1), SYS_EINVAL);
	ck_assert_int_eq(creat_file(9, -1), SYS_EINVAL);
	/* files need not hold anything */
	ck_assert_int_eq(creat_file(10, 0), 3);
	ck_assert_int_eq(call((struct sys_call){.nr = SYS_READ, .fd = 3,
	    .len = 1}), 0);
	host->config.open_max = 4;
	ck_assert_int_eq(creat_file(11, 1), SYS_EMFILE);
	ck_assert_ptr_null(vm_object_find(&host->vm, 11));
}
END_TEST

START_TEST(test_truncate)
{
	struct sys_call what = {.nr = SYS_TRUNCATE, .len = -1};

	ck_assert_int_eq(open_file(7), 0);
	ck_assert_int_eq(call(what), SYS_EINVAL);
	what.len = BYTES + 1;
	ck_assert_int_eq(call(what), SYS_EINVAL);
	what.len = BYTES;
	ck_assert_int_eq(call(what), 0);
	what.len = PAGE_SIZE + 1;
	ck_assert_int_eq(call(what), 0);
	ck_assert_int_eq(vm_objects_pages(&host->vm), 2);
	ck_assert_int_eq(object->bytes, PAGE_SIZE + 1);
}
END_TEST

START_TEST(test_fsync)
{
	struct sys_call what = {.nr = SYS_FSYNC};

	ck_assert_int_eq(open_file(7), 0);
	ck_assert_int_eq(call(what), 0);
	what.nr = SYS_LSEEK;
	what.offset = -1;
	ck_assert_int_eq(call(what), SYS_EINVAL);
}
END_TEST

/* The run ends before it has looked. */
START_TEST(test_fsync_at_the_end)
{
	ck_assert_int_eq(open_file(7), 0);
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_FSYNC});
	host_stop(host);
	ck_assert_int_eq(crank_wait(&crank, 0), SYS_ENDED);
}
END_TEST

/* Descriptors of nothing, and of a socket. */
START_TEST(test_no_file)
{
	static const enum sys_nr nrs[] = {SYS_FSTAT, SYS_LSEEK, SYS_TRUNCATE,
	    SYS_FSYNC, SYS_PREAD};
	int so = crank_connect(&crank, 0, 16384);

	ck_assert_int_eq(call((struct sys_call){.nr = nrs[_i], .fd = 9}),
	    SYS_EBADF);
	ck_assert_int_eq(call((struct sys_call){.nr = nrs[_i], .fd = so}),
	    SYS_ESPIPE);
}
END_TEST

/* Calls that are about sockets. */
START_TEST(test_no_socket)
{
	static const enum sys_nr nrs[] = {SYS_ACCEPT, SYS_SHUTDOWN,
	    SYS_WRITEV, SYS_SENDTO, SYS_SETNBIO};
	int fd = (int)open_file(7);

	ck_assert_int_eq(call((struct sys_call){.nr = nrs[_i], .fd = fd}),
	    SYS_ENOTSOCK);
}
END_TEST

START_TEST(test_death_no_such_call)
{
	filecall(crank.procs[0].p, &(struct sys_call){.nr = SYS_SLEEP});
}
END_TEST

START_TEST(test_death_added_twice)
{
	host_add_file(host, 7, 1, false);
}
END_TEST

static Suite *
filecalls_suite(void)
{
	Suite *suite = suite_create("filecalls");
	TCase *tc = tcase_create("filecalls");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_add);
	tcase_add_test(tc, test_open);
	tcase_add_test(tc, test_creat);
	tcase_add_test(tc, test_truncate);
	tcase_add_test(tc, test_fsync);
	tcase_add_test(tc, test_fsync_at_the_end);
	tcase_add_loop_test(tc, test_no_file, 0, 5);
	tcase_add_loop_test(tc, test_no_socket, 0, 5);
	tcase_add_test_raise_signal(tc, test_death_no_such_call, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_added_twice, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(filecalls_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
