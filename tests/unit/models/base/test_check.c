/*
 * CHECK: silent when it holds; else the reason and the context on stderr, and
 * an abort.  Each failure happens in a child whose stderr is read.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "models/base/check.h"

static void
read_all(int fd, char *text, size_t size)
{
	size_t n = 0;
	ssize_t got;

	while ((got = read(fd, text + n, size - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = '\0';
}

enum { ABORTED = 77 };

/* An orderly exit, without another word: counters of coverage are written. */
static void
aborted(int signal_number)
{
	(void)signal_number;
	close(STDERR_FILENO);
	exit(ABORTED);
}

/* Run fn in a child; it must abort.  => what it said on stderr */
static void
last_words(void (*fn)(void), char *text, size_t size)
{
	int fd[2], status;
	pid_t pid;

	ck_assert_int_eq(pipe(fd), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		dup2(fd[1], STDERR_FILENO);
		signal(SIGABRT, aborted);
		fn();
		_exit(EXIT_SUCCESS);
	}
	close(fd[1]);
	read_all(fd[0], text, size);
	close(fd[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), ABORTED);
}

static void
fail_plainly(void)
{
	check_failed("a == b", "a is b", "models/x/y.c", 42);
}

START_TEST(test_without_context)
{
	char text[1024];

	last_words(fail_plainly, text, sizeof text);
	ck_assert_str_eq(text, "loansim: bug: a is b\n"
	    "  models/x/y.c:42: CHECK(a == b)\n");
}
END_TEST

START_TEST(test_with_context)
{
	static const sim_time now = 123 * PS_PER_US;
	static const char *const who = "ttcp";
	static const struct check_context ctx = {
	    &now, &who, 7, "loansim run x.scn"};
	char text[1024];

	check_set_context(&ctx);
	last_words(fail_plainly, text, sizeof text);
	ck_assert_str_eq(text, "loansim: bug: a is b\n"
	    "  models/x/y.c:42: CHECK(a == b)\n"
	    "  simulated time: 123000000 ps\n"
	    "  process: ttcp\n"
	    "  seed: 7\n"
	    "  to see it again: loansim run x.scn\n");
	check_set_context(NULL);
}
END_TEST

/* What is not known is not printed. */
START_TEST(test_with_half_a_context)
{
	static const struct check_context ctx = {NULL, NULL, -1, NULL};
	char text[1024];

	check_set_context(&ctx);
	last_words(fail_plainly, text, sizeof text);
	ck_assert_str_eq(text, "loansim: bug: a is b\n"
	    "  models/x/y.c:42: CHECK(a == b)\n"
	    "  seed: -1\n");
	check_set_context(NULL);
}
END_TEST

START_TEST(test_with_nobody_running)
{
	static const char *const who = NULL;
	static const struct check_context ctx = {NULL, &who, 0, NULL};
	char text[1024];

	check_set_context(&ctx);
	last_words(fail_plainly, text, sizeof text);
	ck_assert_ptr_null(strstr(text, "process"));
	check_set_context(NULL);
}
END_TEST

START_TEST(test_context_is_taken_back)
{
	static const struct check_context ctx = {NULL, NULL, 7, NULL};
	char text[1024];

	check_set_context(&ctx);
	check_set_context(NULL);
	last_words(fail_plainly, text, sizeof text);
	ck_assert_ptr_null(strstr(text, "seed"));
}
END_TEST

static int n_evaluated;

static bool
evaluate(bool result)
{
	n_evaluated++;
	return result;
}

static void
fail_by_macro(void)
{
	CHECK(evaluate(false), "that holds");
}

START_TEST(test_macro)
{
	char text[1024];

	/* evaluated once, and nothing else, when it holds */
	CHECK(evaluate(true), "that holds");
	ck_assert_int_eq(n_evaluated, 1);
	last_words(fail_by_macro, text, sizeof text);
	ck_assert_ptr_nonnull(strstr(text, "bug: that holds\n"));
	ck_assert_ptr_nonnull(strstr(text, "test_check.c:"));
	ck_assert_ptr_nonnull(strstr(text, "CHECK(evaluate("));
}
END_TEST

static Suite *
check_suite(void)
{
	Suite *suite = suite_create("base/check");
	TCase *tc = tcase_create("check");

	tcase_add_test(tc, test_without_context);
	tcase_add_test(tc, test_with_context);
	tcase_add_test(tc, test_with_half_a_context);
	tcase_add_test(tc, test_with_nobody_running);
	tcase_add_test(tc, test_context_is_taken_back);
	tcase_add_test(tc, test_macro);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(check_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
