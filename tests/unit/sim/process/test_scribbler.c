/*
 * The scribbler's calls: after each write all of the buffer is written over.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/sim/fake_kernel.h"

static struct process_config
scribbler(int64_t total)
{
	struct process_config config = fake_sender(total);

	config.program = PROGRAM_SCRIBBLER;
	return config;
}

/* 2500 bytes in writes of 1000; of the last one all of the buffer as well */
START_TEST(scribbles_after_each_write)
{
	struct process_config config = scribbler(2500);

	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_CONNECT, SYS_WRITE, SYS_TOUCH,
	    SYS_WRITE, SYS_TOUCH, SYS_WRITE, SYS_TOUCH, SYS_CLOSE);
	ck_assert_uint_eq(kernel.calls[3].addr, kernel.calls[4].addr);
	ck_assert(kernel.calls[4].is_full);
	ck_assert_int_eq(kernel.calls[7].len, 500);
	ck_assert_int_eq(kernel.calls[8].len, 1000);
}
END_TEST

START_TEST(repeats_and_takes_turns)
{
	struct process_config config = scribbler(2000);

	config.repeat = 2;
	config.n_buffers = 2;
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_TOUCH, SYS_CONNECT, SYS_WRITE,
	    SYS_TOUCH, SYS_WRITE, SYS_TOUCH, SYS_CLOSE, SYS_CONNECT,
	    SYS_WRITE, SYS_TOUCH, SYS_WRITE, SYS_TOUCH, SYS_CLOSE);
	ck_assert_uint_ne(kernel.calls[4].addr, kernel.calls[6].addr);
	ck_assert_uint_eq(kernel.calls[6].addr, kernel.calls[7].addr);
}
END_TEST

START_TEST(is_refused_or_loses_its_connection)
{
	struct process_config config = scribbler(2000);

	ANSWER(1000, SYS_ECONNRESET);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_CONNECT, SYS_WRITE, SYS_TOUCH,
	    SYS_WRITE, SYS_CLOSE);
	ck_assert_int_eq(fake_exit_status(), SYS_ECONNRESET);
	fake_setup();
	kernel.connect = SYS_ECONNREFUSED;
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_CONNECT);
	ck_assert_int_eq(fake_exit_status(), SYS_ECONNREFUSED);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("scribbler");
	TCase *tc = tcase_create("scribbler");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, fake_setup, NULL);
	tcase_add_test(tc, scribbles_after_each_write);
	tcase_add_test(tc, repeats_and_takes_turns);
	tcase_add_test(tc, is_refused_or_loses_its_connection);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
