/*
 * Output: a file whole or not at all, and devices left alone.
 *
 * Each test works in a folder of its own and ends by asking that nothing but
 * the wanted names is in it.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/report/output.h"

static char *folder;
static char *target;

static void
setup(void)
{
	folder = g_dir_make_tmp("loansim-output-XXXXXX", NULL);
	ck_assert_ptr_nonnull(folder);
	target = g_build_filename(folder, "out.json", NULL);
}

static void
teardown(void)
{
	g_unlink(target);
	ck_assert_int_eq(g_rmdir(folder), 0);	/* empty: no leftovers */
	g_free(target);
	g_free(folder);
}

static void
assert_content(const char *path, const char *wanted)
{
	char *text = NULL;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	ck_assert_str_eq(text, wanted);
	g_free(text);
}

static bool
put(const char *path, bool force, const char *text, GError **error)
{
	const struct rep_output output = { .path = path, .force = force };

	return rep_write(&output, text, strlen(text), error);
}

static void
assert_refused(const char *path, bool force, const char *text, int code)
{
	GError *error = NULL;

	ck_assert(!put(path, force, text, &error));
	ck_assert_msg(g_error_matches(error, REP_ERROR, code), "%s",
	    error->message);
	ck_assert_ptr_nonnull(strstr(error->message, path));
	g_error_free(error);
}

START_TEST(test_new_file)
{
	const mode_t old = umask(027);
	struct stat st;

	ck_assert(put(target, false, "first", NULL));
	umask(old);
	assert_content(target, "first");
	ck_assert_int_eq(stat(target, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0640);	/* 0666 less 027 */
}
END_TEST

START_TEST(test_existing_file_is_kept)
{
	ck_assert(put(target, false, "first", NULL));
	assert_refused(target, false, "second", REP_ERROR_EXISTS);
	assert_content(target, "first");
}
END_TEST

START_TEST(test_force_replaces_and_keeps_the_mode)
{
	struct stat st;

	ck_assert(put(target, false, "first", NULL));
	ck_assert_int_eq(chmod(target, 0604), 0);
	ck_assert(put(target, true, "second", NULL));
	assert_content(target, "second");
	ck_assert_int_eq(stat(target, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0604);
}
END_TEST

START_TEST(test_force_writes_through_a_link)
{
	char *alias = g_build_filename(folder, "alias", NULL);
	struct stat st;

	ck_assert(put(target, false, "first", NULL));
	ck_assert_int_eq(symlink("out.json", alias), 0);
	ck_assert(put(alias, true, "second", NULL));
	assert_content(target, "second");
	ck_assert_int_eq(lstat(alias, &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	g_unlink(alias);
	g_free(alias);
}
END_TEST

START_TEST(test_full_device_stays_a_device)
{
	struct stat st;

	assert_refused("/dev/full", true, "text", REP_ERROR_WRITE);
	ck_assert_int_eq(stat("/dev/full", &st), 0);
	ck_assert(S_ISCHR(st.st_mode));
}
END_TEST

START_TEST(test_null_device_takes_all)
{
	struct stat st;

	ck_assert(put("/dev/null", false, "text", NULL));
	ck_assert_int_eq(stat("/dev/null", &st), 0);
	ck_assert(S_ISCHR(st.st_mode));
}
END_TEST

/* A pipe with one end closed: EPIPE, and no signal that ends us. */
START_TEST(test_closed_pipe)
{
	int fd[2];
	char *path;

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe(fd), 0);
	path = g_strdup_printf("/dev/fd/%d", fd[1]);
	close(fd[0]);
	assert_refused(path, false, "text", REP_ERROR_WRITE);
	close(fd[1]);
	g_free(path);
}
END_TEST

START_TEST(test_pipe_is_streamed)
{
	char buf[16] = "";
	int fd[2];
	char *path;

	ck_assert_int_eq(pipe(fd), 0);
	path = g_strdup_printf("/dev/fd/%d", fd[1]);
	ck_assert(put(path, false, "text", NULL));
	ck_assert_int_eq(read(fd[0], buf, sizeof buf - 1), 4);
	ck_assert_str_eq(buf, "text");
	close(fd[0]);
	close(fd[1]);
	g_free(path);
}
END_TEST

/*
 * The disk "fills" at 4096 bytes: write(2) takes 4096 of 10000 and then fails
 * with EFBIG, as a full disk does with ENOSPC.  The old file must be whole.
 */
START_TEST(test_no_half_file)
{
	const struct rlimit small = { 4096, 4096 };
	char *big = g_strnfill(10000, 'x');

	ck_assert(put(target, false, "first", NULL));
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_refused(target, true, big, REP_ERROR_WRITE);
	assert_content(target, "first");
	g_unlink(target);
	assert_refused(target, false, big, REP_ERROR_WRITE);
	ck_assert(!g_file_test(target, G_FILE_TEST_EXISTS));
	g_free(big);
}
END_TEST

START_TEST(test_no_such_folder)
{
	char *path = g_build_filename(folder, "none", "out.json", NULL);
	const struct rep_output output = { .path = path };
	GError *error = NULL;

	assert_refused(path, false, "text", REP_ERROR_WRITE);
	ck_assert(!rep_output_check(&output, &error));
	ck_assert(g_error_matches(error, REP_ERROR, REP_ERROR_WRITE));
	g_error_free(error);
	g_free(path);
}
END_TEST

START_TEST(test_folder_is_no_file)
{
	assert_refused(folder, true, "text", REP_ERROR_WRITE);
}
END_TEST

START_TEST(test_check_creates_nothing)
{
	struct rep_output output = { .path = target };
	GError *error = NULL;

	ck_assert(rep_output_check(&output, NULL));
	ck_assert(!g_file_test(target, G_FILE_TEST_EXISTS));
	ck_assert(put(target, false, "first", NULL));
	ck_assert(!rep_output_check(&output, &error));
	ck_assert(g_error_matches(error, REP_ERROR, REP_ERROR_EXISTS));
	g_error_free(error);
	output.force = true;
	ck_assert(rep_output_check(&output, NULL));
	output = (struct rep_output){ .path = "/dev/full" };
	ck_assert(rep_output_check(&output, NULL));
	output.path = "-";
	ck_assert(rep_output_check(&output, NULL));
}
END_TEST

/* pieces: a stream with more than is held back, not closed yet */
static struct rep_stream *
pieces(size_t n)
{
	const struct rep_output output = { .path = target };
	struct rep_stream *stream = rep_stream_open(&output, NULL);

	ck_assert_ptr_nonnull(stream);
	for (size_t i = 0; i < n; i++)
		ck_assert(rep_stream_put(stream, "0123456789", 10, NULL));
	return stream;
}

START_TEST(test_stream_appears_at_the_end)
{
	struct rep_stream *stream = pieces(20000);
	char *text = NULL;
	gsize len = 0;

	ck_assert(!g_file_test(target, G_FILE_TEST_EXISTS));
	ck_assert(rep_stream_close(stream, NULL));
	ck_assert(g_file_get_contents(target, &text, &len, NULL));
	ck_assert_uint_eq(len, 200000);
	ck_assert_mem_eq(text + 199990, "0123456789", 10);
	g_free(text);
}
END_TEST

START_TEST(test_stream_dropped)
{
	rep_stream_drop(pieces(20000));
	ck_assert(!g_file_test(target, G_FILE_TEST_EXISTS));
}
END_TEST

/* What appeared meanwhile is kept. */
START_TEST(test_stream_overtaken)
{
	struct rep_stream *stream = pieces(1);
	GError *error = NULL;

	ck_assert(g_file_set_contents(target, "first", -1, NULL));
	ck_assert(!rep_stream_close(stream, &error));
	ck_assert(g_error_matches(error, REP_ERROR, REP_ERROR_EXISTS));
	g_error_free(error);
	assert_content(target, "first");
}
END_TEST

/* One that is ignored does nothing, as ever. */
START_TEST(test_stream_ignores_what_is_ignored)
{
	struct rep_stream *stream;

	signal(SIGINT, SIG_IGN);
	stream = pieces(1);
	raise(SIGINT);
	ck_assert(rep_stream_close(stream, NULL));
	assert_content(target, "0123456789");
}
END_TEST

/* A signal ends the process, but not before the temporary is gone. */
START_TEST(test_stream_called_off)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct rep_stream *stream = pieces(1);
		char *big = g_strnfill(1 << 17, 'x');

		signal(SIGTERM, SIG_DFL);	/* not the test runner's */
		raise(SIGTERM);
		if (!rep_stream_put(stream, big, 1 << 17, NULL))
			rep_stream_drop(stream);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}
END_TEST

static Suite *
output_suite(void)
{
	Suite *suite = suite_create("output");
	TCase *tc = tcase_create("output");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_new_file);
	tcase_add_test(tc, test_existing_file_is_kept);
	tcase_add_test(tc, test_force_replaces_and_keeps_the_mode);
	tcase_add_test(tc, test_force_writes_through_a_link);
	tcase_add_test(tc, test_full_device_stays_a_device);
	tcase_add_test(tc, test_null_device_takes_all);
	tcase_add_test(tc, test_closed_pipe);
	tcase_add_test(tc, test_pipe_is_streamed);
	tcase_add_test(tc, test_no_half_file);
	tcase_add_test(tc, test_no_such_folder);
	tcase_add_test(tc, test_folder_is_no_file);
	tcase_add_test(tc, test_check_creates_nothing);
	tcase_add_test(tc, test_stream_appears_at_the_end);
	tcase_add_test(tc, test_stream_dropped);
	tcase_add_test(tc, test_stream_overtaken);
	tcase_add_test(tc, test_stream_ignores_what_is_ignored);
	tcase_add_test(tc, test_stream_called_off);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(output_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
