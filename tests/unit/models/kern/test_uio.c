/*
 * Where a write stands: one piece of memory, or several.
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/uio.h"

static struct uio uio;

static void
assert_place(uint64_t addr, int64_t left)
{
	ck_assert_uint_eq(uio.at.addr, addr);
	ck_assert_int_eq(uio.at.left, left);
}

START_TEST(test_one)
{
	uio_begin(&uio, 1000, 300);
	assert_place(1000, 300);
	uio_advance(&uio, 100);
	assert_place(1100, 200);
	uio_advance(&uio, 200);
	assert_place(1300, 0);
	uio_advance(&uio, 0);
	assert_place(1300, 0);
}
END_TEST

/* An iovec that is used up is left at once; empty ones are passed over. */
START_TEST(test_several)
{
	static const struct sys_iovec iov[] = {{1, 0}, {1000, 10}, {2, 0},
	    {3, 0}, {2000, 20}, {3000, 30}, {4, 0}};

	ck_assert_int_eq(uio_begin_v(&uio, iov, 7), 60);
	assert_place(1000, 10);
	uio_advance(&uio, 9);
	assert_place(1009, 1);
	uio_advance(&uio, 1);
	assert_place(2000, 20);
	/* over a border */
	uio_advance(&uio, 25);
	assert_place(3005, 25);
	uio_advance(&uio, 25);
	ck_assert_int_eq(uio.at.left, 0);
}
END_TEST

/* A place goes on by itself; the write stays where it is. */
START_TEST(test_pass)
{
	static const struct sys_iovec iov[] = {{1000, 10}, {2000, 20}};
	struct uio_place at;

	uio_begin_v(&uio, iov, 2);
	at = uio.at;
	uio_pass(&uio, &at, 4);
	uio_pass(&uio, &at, 6);
	ck_assert_uint_eq(at.addr, 2000);
	ck_assert_int_eq(at.left, 20);
	assert_place(1000, 10);
}
END_TEST

START_TEST(test_whole_array)
{
	struct sys_iovec iov[UIO_MAXIOV + 1];

	for (int i = 0; i <= UIO_MAXIOV; i++)
		iov[i] = (struct sys_iovec){(uint64_t)i * 100, 1};
	ck_assert_int_eq(uio_begin_v(&uio, iov, UIO_MAXIOV), UIO_MAXIOV);
	for (int i = 0; i < UIO_MAXIOV; i++) {
		assert_place((uint64_t)i * 100, 1);
		uio_advance(&uio, 1);
	}
	ck_assert_int_eq(uio.at.left, 0);
	ck_assert_int_eq(uio_begin_v(&uio, iov, UIO_MAXIOV + 1), -1);
}
END_TEST

START_TEST(test_refused)
{
	static const struct sys_iovec below[] = {{0, 5}, {0, -1}};
	static const struct sys_iovec much[] = {{0, INT64_MAX}, {0, 1}};

	uio_begin(&uio, 1000, 300);
	ck_assert_int_eq(uio_begin_v(&uio, below, 0), -1);
	ck_assert_int_eq(uio_begin_v(&uio, below, -1), -1);
	ck_assert_int_eq(uio_begin_v(&uio, below, 2), -1);
	ck_assert_int_eq(uio_begin_v(&uio, much, 2), -1);
	assert_place(1000, 300);
	ck_assert_int_eq(uio_begin_v(&uio, much, 1), INT64_MAX);
}
END_TEST

START_TEST(test_empty)
{
	static const struct sys_iovec iov[] = {{1, 0}, {2, 0}};

	ck_assert_int_eq(uio_begin_v(&uio, iov, 2), 0);
	ck_assert_int_eq(uio.at.left, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("uio");
	TCase *tc = tcase_create("uio");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_test(tc, test_one);
	tcase_add_test(tc, test_several);
	tcase_add_test(tc, test_pass);
	tcase_add_test(tc, test_whole_array);
	tcase_add_test(tc, test_refused);
	tcase_add_test(tc, test_empty);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
