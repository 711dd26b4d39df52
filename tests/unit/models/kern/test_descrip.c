/*
 * Descriptors and open files.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/host.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

static struct crank crank;
static struct host *host;
static struct proc *p;

static void
setup(void)
{
	struct world_config config = machine_config();

	config.host.open_max = 65535;
	config.host.maxfiles = 100000;
	crank_init(&crank, &config, 2);
	host = &crank.world.host;
	host_add_file(host, 1, 10000, false);
	p = crank.procs[0].p;
}

static void
teardown(void)
{
	crank_fini(&crank);
}

static int
open_one(int proc)
{
	return (int)crank_call(&crank, proc,
	    (struct sys_call){.nr = SYS_OPEN, .file = 1});
}

static int64_t
close_one(int proc, int fd)
{
	return crank_call(&crank, proc,
	    (struct sys_call){.nr = SYS_CLOSE, .fd = fd});
}

/* Nothing is there but what was opened, whatever is asked for. */
START_TEST(test_find)
{
	ck_assert_ptr_null(fd_file(p, 0));
	ck_assert_int_eq(open_one(0), 0);
	ck_assert_ptr_nonnull(fd_file(p, 0));
	ck_assert_ptr_null(fd_socket(p, 0));
	ck_assert_ptr_null(fd_file(p, -1));
	ck_assert_ptr_null(fd_file(p, 1));
	ck_assert_ptr_null(fd_file(p, 1000000));
	ck_assert_int_eq(close_one(0, 0), 0);
	ck_assert_ptr_null(fd_file(p, 0));
}
END_TEST

/* The least one that is free, also where words of the maps begin and end. */
START_TEST(test_least)
{
	static const int gaps[] = {4999, 4096, 4095, 64, 63, 1, 0};

	for (int i = 0; i < 5000; i++)
		ck_assert_int_eq(open_one(0), i);
	for (int i = 0; i < 7; i++)
		ck_assert_int_eq(close_one(0, gaps[i]), 0);
	ck_assert_uint_eq(p->fd.n_open, 4993);
	for (int i = 6; i >= 0; i--)
		ck_assert_int_eq(open_one(0), gaps[i]);
	ck_assert_int_eq(open_one(0), 5000);
}
END_TEST

START_TEST(test_first)
{
	ck_assert_int_eq(fd_first(p, 0), -1);
	for (int i = 0; i < 200; i++)
		open_one(0);
	for (int i = 0; i < 200; i++)
		if (i != 63 && i != 64 && i != 199)
			close_one(0, i);
	ck_assert_int_eq(fd_first(p, 0), 63);
	ck_assert_int_eq(fd_first(p, 64), 64);
	ck_assert_int_eq(fd_first(p, 65), 199);
	ck_assert_int_eq(fd_first(p, 200), -1);
}
END_TEST

/* EMFILE: of a process; ENFILE: of all; each is free again with a close. */
START_TEST(test_limits)
{
	host->config.open_max = 3;
	host->config.maxfiles = 5;
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(open_one(0), i);
	ck_assert_int_eq(open_one(0), SYS_EMFILE);
	ck_assert_int_eq(crank_connect(&crank, 1, 16384), 0);
	ck_assert_int_eq(open_one(1), 1);
	ck_assert_int_eq(open_one(1), SYS_ENFILE);
	ck_assert_int_eq(crank_call(&crank, 1, (struct sys_call){
	    .nr = SYS_CONNECT, .so_sndbuf = 16384, .so_sndlowat = 2048}),
	    SYS_ENFILE);
	ck_assert_int_eq(close_one(0, 1), 0);
	ck_assert_int_eq(open_one(1), 2);
}
END_TEST

/* Shared, it is one: one offset, one place in the books, closed by the last. */
START_TEST(test_share)
{
	struct proc *other = crank.procs[1].p;
	int fd = open_one(0);
	struct file *file = fd_file(p, fd);

	fd_share(p, fd, other);
	ck_assert_ptr_eq(fd_file(other, fd), file);
	ck_assert_uint_eq(file->f_count, 2);
	ck_assert_uint_eq(pool_in_use(&host->files), 1);
	ck_assert_int_eq(crank_call(&crank, 0, (struct sys_call){
	    .nr = SYS_LSEEK, .fd = fd, .offset = 77}), 77);
	ck_assert_int_eq(fd_file(other, fd)->f_offset, 77);
	ck_assert_int_eq(close_one(0, fd), 0);
	ck_assert_uint_eq(file->f_count, 1);
	ck_assert_uint_eq(file->f_object->refs, 2);
	ck_assert_int_eq(close_one(1, fd), 0);
	ck_assert_uint_eq(pool_in_use(&host->files), 0);
	ck_assert_uint_eq(vm_object_find(&host->vm, 1)->refs, 1);
}
END_TEST

/* Who exits closes all, sockets in between; crank_fini looks at the books. */
START_TEST(test_exit)
{
	open_one(0);
	crank_connect(&crank, 0, 16384);
	open_one(0);
	fd_share(p, 2, crank.procs[1].p);
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_EXIT});
	crank_until(&crank, crank.world.cal.now + PS_PER_S);
	ck_assert_uint_eq(p->fd.n_open, 0);
	ck_assert_uint_eq(pool_in_use(&host->files), 1);
}
END_TEST

/* As many as there are numbers: one file under all of them. */
START_TEST(test_all_numbers)
{
	open_one(0);
	for (int fd = 1; fd < FD_NUMBERS; fd++)
		fd_install(p, fd, fd_file(p, 0));
	ck_assert_int_eq(open_one(0), SYS_EMFILE);
	for (int fd = 1; fd < FD_NUMBERS; fd++)
		ck_assert_ptr_null(fd_remove(p, fd));
	ck_assert_int_eq(open_one(0), 1);
}
END_TEST

START_TEST(test_death_installed_twice)
{
	int fd = open_one(0);

	fd_install(p, fd, fd_file(p, fd));
}
END_TEST

START_TEST(test_death_shared_and_closed)
{
	fd_share(p, 3, crank.procs[1].p);
}
END_TEST

START_TEST(test_death_removed_twice)
{
	fd_remove(p, 3);
}
END_TEST

START_TEST(test_death_freed_in_use)
{
	file_free(host, fd_file(p, open_one(0)));
}
END_TEST

/* All numbers are taken: who had asked would have heard so. */
START_TEST(test_death_no_number)
{
	struct file *file;

	open_one(0);
	for (int fd = 1; fd < FD_NUMBERS; fd++)
		fd_install(p, fd, fd_file(p, 0));
	ck_assert_int_eq(fd_ask(p), SYS_EMFILE);
	fd_open(p, &file);
}
END_TEST

static Suite *
descrip_suite(void)
{
	Suite *suite = suite_create("descrip");
	TCase *tc = tcase_create("descrip");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_find);
	tcase_add_test(tc, test_least);
	tcase_add_test(tc, test_first);
	tcase_add_test(tc, test_limits);
	tcase_add_test(tc, test_share);
	tcase_add_test(tc, test_exit);
	tcase_add_test(tc, test_all_numbers);
	tcase_add_test_raise_signal(tc, test_death_installed_twice, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_shared_and_closed, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_removed_twice, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_freed_in_use, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_no_number, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(descrip_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
