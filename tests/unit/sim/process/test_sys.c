/*
 * The calls on files, as programs make them: each is the kernel's, with its
 * arguments in their places.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/sim/fake_kernel.h"

static struct process ps = {.proc = &proc};

static const struct sys_call *
last(void)
{
	return &kernel.calls[kernel.n - 1];
}

START_TEST(test_open)
{
	sys_open(&ps, 7);
	ck_assert_int_eq(last()->nr, SYS_OPEN);
	ck_assert_uint_eq(last()->file, 7);
	sys_creat(&ps, 8, 9000);
	ck_assert_int_eq(last()->nr, SYS_CREAT);
	ck_assert_uint_eq(last()->file, 8);
	ck_assert_int_eq(last()->len, 9000);
}
END_TEST

START_TEST(test_place)
{
	sys_fstat(&ps, 3);
	ck_assert_int_eq(last()->nr, SYS_FSTAT);
	ck_assert_int_eq(last()->fd, 3);
	sys_lseek(&ps, 4, 5000);
	ck_assert_int_eq(last()->nr, SYS_LSEEK);
	ck_assert_int_eq(last()->fd, 4);
	ck_assert_int_eq(last()->offset, 5000);
	sys_fsync(&ps, 5);
	ck_assert_int_eq(last()->nr, SYS_FSYNC);
	ck_assert_int_eq(last()->fd, 5);
}
END_TEST

START_TEST(test_pread)
{
	sys_pread(&ps, 3, 0x5000, 100, 200);
	ck_assert_int_eq(last()->nr, SYS_PREAD);
	ck_assert_int_eq(last()->fd, 3);
	ck_assert_uint_eq(last()->addr, 0x5000);
	ck_assert_int_eq(last()->len, 100);
	ck_assert_int_eq(last()->offset, 200);
}
END_TEST

START_TEST(test_map)
{
	ck_assert_int_eq(sys_mmap_file(&ps, 3, 8192, 100, SYS_MAP_PRIVATE),
	    FAKE_WINDOW);
	ck_assert_int_eq(last()->nr, SYS_MMAP);
	ck_assert_int_eq(last()->fd, 3);
	ck_assert_int_eq(last()->offset, 8192);
	ck_assert_int_eq(last()->len, 100);
	ck_assert_int_eq(last()->map, SYS_MAP_PRIVATE);
	ck_assert_int_eq(sys_munmap(&ps, FAKE_RING, 4096), 0);
	ck_assert_int_eq(last()->nr, SYS_MUNMAP);
	ck_assert_uint_eq(last()->addr, FAKE_RING);
	ck_assert_int_eq(last()->len, 4096);
}
END_TEST

START_TEST(test_sendfile)
{
	sys_sendfile(&ps, 3, 4, 100, 200);
	ck_assert_int_eq(last()->nr, SYS_SENDFILE);
	ck_assert_int_eq(last()->fd, 3);
	ck_assert_int_eq(last()->file_fd, 4);
	ck_assert_int_eq(last()->offset, 100);
	ck_assert_int_eq(last()->len, 200);
	ck_assert_int_eq(last()->header_len, 0);
	sys_sendfile_with(&ps, 3, (struct sys_header){0x5000, 128}, 4, 100,
	    200);
	ck_assert_uint_eq(last()->header_addr, 0x5000);
	ck_assert_int_eq(last()->header_len, 128);
	ck_assert_int_eq(last()->file_fd, 4);
}
END_TEST

START_TEST(test_poll)
{
	POLL(6);
	sys_poll_want(&ps, 5, SYS_POLLOUT);
	ck_assert_int_eq(last()->nr, SYS_POLL_WANT);
	ck_assert_int_eq(last()->fd, 5);
	ck_assert_uint_eq(last()->events, SYS_POLLOUT);
	ck_assert_int_eq(sys_poll(&ps, 7 * PS_PER_S), 1);
	ck_assert_int_eq(last()->nr, SYS_POLL);
	ck_assert_int_eq(last()->len, 7 * PS_PER_S);
	ck_assert_int_eq(sys_poll_found(&ps, 0).fd, 6);
}
END_TEST

static Suite *
sys_suite(void)
{
	Suite *suite = suite_create("sys");
	TCase *tc = tcase_create("sys");

	tcase_add_checked_fixture(tc, fake_setup, NULL);
	tcase_add_test(tc, test_open);
	tcase_add_test(tc, test_place);
	tcase_add_test(tc, test_pread);
	tcase_add_test(tc, test_map);
	tcase_add_test(tc, test_sendfile);
	tcase_add_test(tc, test_poll);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(sys_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
