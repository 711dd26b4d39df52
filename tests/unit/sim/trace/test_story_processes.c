/*
 * Several processes, connections and clients; times; what is counted.
 */
#include "sim/trace/story_shared.h"
#include "tests/unit/sim/trace/story_script.h"

#define ACCEPT(pid, fd, inode) pid " accept(3<socket:[7]>, NULL, NULL) = " \
	fd "<socket:[" inode "]>\n"
#define READ(pid, fd, inode, n) pid " read(" fd "<socket:[" inode "]>, " \
	"\"a\"..., 8000) = " n "\n"
#define WRITE(pid, fd, inode, n) pid " write(" fd "<socket:[" inode "]>, " \
	"\"a\"..., " n ") = " n "\n"
#define CLOSE(pid, fd, inode) pid " close(" fd "<socket:[" inode "]>) = 0\n"

static const struct story_connection *
connection(const struct story *story, guint i)
{
	ck_assert_uint_lt(i, story->connections->len);
	return &g_array_index(story->connections, struct story_connection, i);
}

static void
assert_exchange(const struct story_connection *conn, guint i,
    int64_t request, int64_t response)
{
	const struct story_exchange *exchange;

	ck_assert_uint_lt(i, conn->exchanges->len);
	exchange = &g_array_index(conn->exchanges, struct story_exchange, i);
	ck_assert_int_eq(exchange->request, request);
	ck_assert_int_eq(exchange->response, response);
}

/* Two requests, the first in two parts; the client closes. */
START_TEST(test_exchanges)
{
	struct story *story = load(ACCEPT("1", "4", "8")
	    READ("1", "4", "8", "50") READ("1", "4", "8", "36")
	    WRITE("1", "4", "8", "100") WRITE("1", "4", "8", "5000")
	    READ("1", "4", "8", "70") WRITE("1", "4", "8", "200")
	    READ("1", "4", "8", "0") CLOSE("1", "4", "8"));

	ck_assert_uint_eq(story->connections->len, 1);
	ck_assert_uint_eq(connection(story, 0)->exchanges->len, 2);
	assert_exchange(connection(story, 0), 0, 86, 5100);
	assert_exchange(connection(story, 0), 1, 70, 200);
	ck_assert(connection(story, 0)->client_closes);
	ck_assert(!connection(story, 0)->server_closes);
	assert_part(&story_process_at(story, 0)->recorded,
	    "accept(0) receive(0:50) receive(0:36) say(0) send(0:100@b0+0!) "
	    "send(0:5000@b1+0!) receive(0:70) say(1) send(0:200@b0+0!) "
	    "end(0) close(0)");
	story_free(story);
}
END_TEST

/* The server speaks first, and closes first; half-closed in between. */
START_TEST(test_server_first)
{
	struct story *story = load(ACCEPT("1", "4", "8")
	    WRITE("1", "4", "8", "20") READ("1", "4", "8", "5")
	    READ("1", "4", "8", "0") WRITE("1", "4", "8", "30")
	    "1 shutdown(4<socket:[8]>, SHUT_WR) = 0\n"
	    READ("1", "4", "8", "0") CLOSE("1", "4", "8"));

	assert_exchange(connection(story, 0), 0, 0, 20);
	assert_exchange(connection(story, 0), 1, 5, 30);
	ck_assert(!connection(story, 0)->client_closes);
	ck_assert(connection(story, 0)->server_closes);
	assert_part(&story_process_at(story, 0)->recorded,
	    "accept(0) say(0) send(0:20@b0+0!) receive(0:5) say(1) "
	    "send(0:30@b0+0!) shutdown(0) end(0) close(0)");
	story_free(story);
}
END_TEST

/* Two at a time are two clients; the third follows the first. */
START_TEST(test_lanes)
{
	struct story *story = load(ACCEPT("1", "4", "8")
	    ACCEPT("1", "5", "9") WRITE("1", "4", "8", "1")
	    WRITE("1", "5", "9", "2") CLOSE("1", "4", "8")
	    ACCEPT("1", "4", "10") WRITE("1", "4", "10", "3")
	    CLOSE("1", "4", "10") CLOSE("1", "5", "9"));

	ck_assert_uint_eq(story_process_at(story, 0)->n_lanes, 2);
	ck_assert_uint_eq(story->lanes->len, 2);
	ck_assert_uint_eq(connection(story, 0)->lane, 0);
	ck_assert_uint_eq(connection(story, 1)->lane, 1);
	ck_assert_uint_eq(connection(story, 2)->lane, 0);
	story_free(story);
}
END_TEST

/* The parent accepts, a child serves: it accepts here. */
START_TEST(test_forking_server)
{
	struct story *story = load(ACCEPT("1", "4", "8")
	    "1 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, "
	    "child_tidptr=0x1) = 2\n" CLOSE("1", "4", "8")
	    "2 close(3<socket:[7]>) = 0\n" READ("2", "4", "8", "86")
	    WRITE("2", "4", "8", "9") CLOSE("2", "4", "8")
	    "2 exit_group(0) = ?\n2 +++ exited with 0 +++\n");

	ck_assert_uint_eq(story->processes->len, 1);
	ck_assert_int_eq(story_process_at(story, 0)->pid, 2);
	assert_part(&story_process_at(story, 0)->recorded,
	    "accept(0) receive(0:86) say(0) send(0:9@b0+0!) close(0)");
	ck_assert_uint_eq(n_of(story, FATE_IDLE), 1);
	story_free(story);
}
END_TEST

/* Threads are one process, whether their making is seen or not. */
START_TEST(test_threads)
{
	struct story *story = load(
	    "1 clone(child_stack=0x7, flags=CLONE_VM|CLONE_FILES|"
	    "CLONE_THREAD, tls=0x7) = 2\n" ACCEPT("1", "4", "8")
	    WRITE("2", "4", "8", "9") ACCEPT("2", "5", "9")
	    WRITE("2", "5", "9", "7") WRITE("3", "5", "9", "8"));

	ck_assert_uint_eq(story->processes->len, 1);
	ck_assert_uint_eq(story_process_at(story, 0)->n_pids, 3);
	assert_part(&story_process_at(story, 0)->recorded,
	    "accept(0) say(0) send(0:9@b0+0!) accept(1) say(0) "
	    "send(1:7@b0+0!) send(1:8@b0+0!)");
	story_free(story);
}
END_TEST

/* The child has the descriptors of its parent, also without names. */
START_TEST(test_inherited)
{
	struct story *story = load(
	    "1 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3\n"
	    "1 listen(3, 5) = 0\n1 fork() = 2\n"
	    "2 accept(3, NULL, NULL) = 4\n2 write(4, \"a\", 1) = 1\n"
	    "2 close(4) = 0\n2 close(3) = 0\n1 close(3) = 0\n");

	ck_assert_uint_eq(story->processes->len, 1);
	assert_part(&story_process_at(story, 0)->recorded,
	    "accept(0) say(0) send(0:1@b0+0!) close(0)");
	ck_assert_uint_eq(n_of(story, FATE_USED), 8);
	story_free(story);
}
END_TEST

/*
 * 10.0 accept 0.5, 11.0 read 0, 11.25 a sleep of 1, 12.5 write: gaps of 0.5,
 * 0.25 and, as it sleeps on purpose, 1.25 more.
 */
START_TEST(test_think)
{
	struct story *story = load(
	    "1 1110000010.0 accept(3, NULL, NULL) = 4<socket:[8]> <0.5>\n"
	    "1 1110000011.0 read(4<socket:[8]>, \"a\", 9) = 1 <0.0>\n"
	    "1 1110000011.25 nanosleep({tv_sec=1}, NULL) = 0 <1.0>\n"
	    "1 1110000012.5 write(4<socket:[8]>, \"a\", 1) = 1 <0.1>\n");
	const struct story_part *part = &story_process_at(story, 0)->recorded;
	const struct story_op *ops = (const void *)part->ops->data;

	ck_assert_int_eq(ops[1].think_ns, 500000000);
	ck_assert_int_eq(ops[2].think_ns, 1500000000);
	ck_assert(story->has_times && story->has_durations);
	story_free(story);
}
END_TEST

static int64_t
file_bytes_of(const struct story *story, const char *path)
{
	for (guint i = 0; i < story->files->len; i++) {
		const struct story_file *file =
		    &g_array_index(story->files, struct story_file, i);

		if (strcmp(file->path, path) == 0)
			return file->is_served ? file->bytes : -1;
	}
	return -2;
}

#define SENDFILE(path, offset, n) "1 sendfile(4<socket:[8]>, 5<" path ">, [" \
	offset "], " n ") = " n "\n"

/* fstat, the end of what was sent, a mapping, statx */
START_TEST(test_file_sizes)
{
	struct story *story = load(ACCEPT("1", "4", "8")
	    "1 fstat(5</a>, {st_mode=S_IFREG|0644, st_size=500, ...}) = 0\n"
	    SENDFILE("/a", "0", "100") SENDFILE("/b", "50", "100")
	    "1 mmap(NULL, 7000, PROT_READ, MAP_PRIVATE, 5</c>, 0) = 0x10000\n"
	    WRITE("1", "4", "8", "7000")
	    "1 statx(AT_FDCWD</>, \"/d\", 0, STATX_ALL, {stx_mode=S_IFREG|"
	    "0644, stx_size=90}) = 0\n" SENDFILE("/d", "0", "9")
	    "1 read(6</e>, \"\", 100) = 0\n");

	ck_assert_int_eq(file_bytes_of(story, "/a"), 500);
	ck_assert_int_eq(file_bytes_of(story, "/b"), 150);
	ck_assert_int_eq(file_bytes_of(story, "/c"), 7000);
	ck_assert_int_eq(file_bytes_of(story, "/d"), 90);
	ck_assert_int_eq(file_bytes_of(story, "/e"), -1);
	story_free(story);
}
END_TEST

/* Each call has one fate; what is not understood is told with its line. */
START_TEST(test_fates)
{
	struct story *story = load(ACCEPT("1", "4", "8")
	    WRITE("1", "4", "8", "9") "1 brk(NULL) = 0x1\n"
	    "1 frobnicate(1) = 0\n1 write(4<socket:[8]>) = 3\n"
	    "1 write(2</dev/pts/0<char 136:0>>, \"x\", 1) = 1\n"
	    "1 epoll_wait(5<anon_inode:[eventpoll]>, [], 1, -1) = 0\n"
	    "1 splice(7<pipe:[1]>, NULL, 4<socket:[8]>, NULL, 9, 0) = 9\n"
	    "1 socket(AF_UNIX, SOCK_STREAM, 0) = 6<socket:[99]>\n"
	    "1 write(6<socket:[99]>, \"x\", 1) = 1\n"
	    "1 read(4<socket:[8]>, 0x7ffe, 9) = -1 EAGAIN (x)\n"
	    "1 read(4<socket:[8]>,  <unfinished ...>\n");
	const struct story_tally *row;
	size_t sum = 0;

	ck_assert_uint_eq(n_of(story, FATE_USED), 2);
	ck_assert_uint_eq(n_of(story, FATE_NO_IO), 1);
	ck_assert_uint_eq(n_of(story, FATE_UNKNOWN), 3);
	ck_assert_uint_eq(n_of(story, FATE_FILE_WRITE), 1);
	ck_assert_uint_eq(n_of(story, FATE_WAITS), 2);
	ck_assert_uint_eq(n_of(story, FATE_LOCAL), 2);
	ck_assert_uint_eq(n_of(story, FATE_UNRETURNED), 1);
	for (enum story_fate fate = 0; fate < N_FATES; fate++)
		sum += n_of(story, fate);
	ck_assert_uint_eq(sum, story->counts.n_calls + 1);
	row = &g_array_index(story->tallies.rows, struct story_tally, 3);
	ck_assert_str_eq(row->name, "frobnicate");
	ck_assert_uint_eq(row->lines[0], 4);
	story_free(story);
}
END_TEST

static void
assert_error(const char *text, const char *wanted)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);

	ck_assert_ptr_null(story_load_text("x", text, strlen(text), errors));
	ck_assert_uint_ge(errors->len, 1);
	ck_assert_str_eq(errors->pdata[0], wanted);
}

START_TEST(test_errors)
{
	assert_error("", "x:1: error: no line of it is a call as strace prints "
	    "it");
	assert_error("hello\nworld\n", "x:1: error: no line of it is a call as "
	    "strace prints it");
	assert_error("1 close(3) = 0\n1 write(4, \"a) = 3\n1 close(4) = 0\n",
	    "x:2: error: a string or name that does not end");
}
END_TEST

START_TEST(test_no_file)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	bool is_unread = false;

	ck_assert_ptr_null(story_load("/nonexistent", errors, &is_unread));
	ck_assert(is_unread);
	ck_assert_uint_eq(errors->len, 1);
}
END_TEST

/* Read once; what cannot be read is tried again. */
START_TEST(test_shared)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *path = g_strdup_printf(
	    "%s/tests/support/strace/apache-mmap-1m.strace", TEST_SOURCE_DIR);
	const struct story *story = story_shared(path, errors);

	ck_assert_ptr_nonnull(story);
	ck_assert_ptr_eq(story_shared(path, errors), story);
	ck_assert_ptr_null(story_shared("/nonexistent", errors));
	ck_assert_ptr_null(story_shared("/nonexistent", errors));
	ck_assert_uint_eq(errors->len, 2);
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("processes");
	Suite *s = suite_create("trace.story_processes");
	SRunner *runner;
	int n_failed;

	tcase_add_test(tc, test_exchanges);
	tcase_add_test(tc, test_server_first);
	tcase_add_test(tc, test_lanes);
	tcase_add_test(tc, test_forking_server);
	tcase_add_test(tc, test_threads);
	tcase_add_test(tc, test_inherited);
	tcase_add_test(tc, test_think);
	tcase_add_test(tc, test_file_sizes);
	tcase_add_test(tc, test_fates);
	tcase_add_test(tc, test_errors);
	tcase_add_test(tc, test_no_file);
	tcase_add_test(tc, test_shared);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? 0 : 1;
}
