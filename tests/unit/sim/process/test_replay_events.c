/*
 * Replays of processes that wait for several connections at once, over calls
 * that are only written down.
 */
#include "sim/process/replay.h"
#include "tests/unit/sim/process/fake_calls.h"

#define POLL "1 epoll_wait(9<anon_inode:[eventpoll]>, [], 512, -1) = 1\n"
#define ACCEPT(fd, inode) "1 accept4(3<socket:[7]>, NULL, NULL, " \
	"SOCK_NONBLOCK) = " fd "<socket:[" inode "]>\n"
#define ASK(fd, inode) "1 read(" fd "<socket:[" inode "]>, \"q\"..., 8000)" \
	" = 60\n"
#define WRITE(fd, inode, n) "1 write(" fd "<socket:[" inode "]>, \"a\"..., " \
	n ") = " n "\n"
#define CLOSE(fd, inode) "1 close(" fd "<socket:[" inode "]>) = 0\n"
#define SENDFILE(fd, inode) "1 sendfile(" fd "<socket:[" inode \
	"]>, 6</f>, [0] => [20480], 20480) = 20480\n"
#define OPEN "1 openat(AT_FDCWD</>, \"/f\", O_RDONLY) = 6</f>\n"
#define CLOSE_FILE "1 close(6</f>) = 0\n"
#define BOTH ACCEPT("4", "8") ACCEPT("5", "9") POLL

/* What comes before the first event. */
#define BEGIN "listen(8000)=3 listen(8001)=4 "
#define NBIO "nbio(3) nbio(4) "
#define WAIT "in(3) in(4) "

static struct story *story;
static struct process_config base;

static void
setup(void)
{
	fake_calls_begin();
	base = (struct process_config){.name = "server", .port = 8000};
}

static void
teardown(void)
{
	story_free(story);
	story = NULL;
}

static void
load(const char *text)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);

	story = story_load_text("x", text, strlen(text), errors);
	ck_assert_ptr_nonnull(story);
	ck_assert_uint_eq(story->processes->len, 1);
	ck_assert(story_process_at(story, 0)->is_events);
}

/* Polls find these, one each; ends with 0. */
static void
assert_run(const int *polls, const char *wanted)
{
	struct process ps = {.config = &base};

	base.story = story;
	base.story_first_file = 7;
	while (polls[fake.n_polls] != 0) {
		fake.polls[fake.n_polls] = polls[fake.n_polls];
		fake.n_polls++;
	}
	replay_main(&ps);
	ck_assert_str_eq(fake.log->str, wanted);
}

/*
 * The order of the recording is the other one.  What is not taken at once
 * follows; meanwhile the other connection goes on.  A whole request takes two
 * reads.
 */
START_TEST(test_order)
{
	load(BOTH ASK("5", "9") WRITE("5", "9", "100") CLOSE("5", "9")
	    ASK("4", "8") WRITE("4", "8", "5000") WRITE("4", "8", "50")
	    CLOSE("4", "8"));
	fake.answers[0] = 60;	/* of lane 0 */
	fake.answers[1] = 20;	/* of lane 1 */
	fake.answers[2] = SYS_EWOULDBLOCK;
	fake.answers[3] = 40;
	fake.n_answers = 4;
	fake.writes[0] = 3000;
	fake.writes[1] = SYS_EWOULDBLOCK;
	assert_run((const int[]){3, 5, 4, 5, 6, 6, 6, 5, 0}, BEGIN NBIO WAIT
	    "[3] accept(3)=5 nbio(5) off(3) in(5) "
	    "[5] read(5,8000)=60 touch(b1+0,5000) write(5,b1+0,5000) "
	    "out(5) "
	    "[4] accept(4)=6 nbio(6) off(4) in(6) "
	    "[5] write(5,b1+3000,2000) "
	    "[6] read(6,8000)=20 [6] read(6,8000)=-35 "
	    "[6] read(6,8000)=40 touch(b2+0,100) write(6,b2+0,100) off(6) "
	    "close(6) "
	    "[5] write(5,b1+3000,2000) touch(b3+0,50) write(5,b3+0,50) "
	    "off(5) close(5)");
	ck_assert_int_eq(fake.noted, 0);
}
END_TEST

/*
 * The first had the file opened, but the second is there before; the last one
 * has it closed.
 */
START_TEST(test_file_for_two)
{
	load(BOTH OPEN SENDFILE("4", "8") SENDFILE("5", "9") CLOSE("5", "9")
	    CLOSE("4", "8") CLOSE_FILE);
	fake.answers[0] = 8000;
	fake.answers[1] = SYS_EWOULDBLOCK;
	fake.n_answers = 2;
	assert_run((const int[]){4, 5, 3, 5, 0}, BEGIN NBIO WAIT
	    "[4] accept(4)=5 nbio(5) open(f7)=6 sendfile(5,6,0,20480) off(4) "
	    "out(5) [5] sendfile(5,6,8000,12480) "
	    "[3] accept(3)=7 nbio(7) sendfile(7,6,0,20480) close(7) off(3) "
	    "[5] sendfile(5,6,8000,12480) close(6) off(5) close(5)");
}
END_TEST

/* What was there before anybody called is there, and goes when it is used. */
START_TEST(test_before)
{
	load(OPEN "1 mmap(NULL, 20480, PROT_READ, MAP_SHARED, 6</f>, 0) = "
	    "0x7000\n" BOTH CLOSE_FILE WRITE("4", "8", "20480")
	    WRITE("5", "9", "20480") "1 munmap(0x7000, 20480) = 0\n"
	    CLOSE("4", "8") CLOSE("5", "9"));
	assert_run((const int[]){3, 4, 0}, BEGIN
	    "open(f7)=5 mmap(5,0,20480) " NBIO "close(5) " WAIT
	    "[3] accept(3)=6 nbio(6) write(6,m0+0,20480) close(6) off(3) "
	    "[4] accept(4)=7 nbio(7) write(7,m0+0,20480) munmap(m0+0,20480) "
	    "close(7) off(4)");
}
END_TEST

/* Two follow each other: the listener is asked again. */
START_TEST(test_next)
{
	load(BOTH WRITE("4", "8", "1") CLOSE("4", "8") ACCEPT("4", "10")
	    WRITE("4", "10", "2") WRITE("5", "9", "3"));
	assert_run((const int[]){3, 3, 4, 0}, BEGIN NBIO WAIT
	    "[3] accept(3)=5 nbio(5) touch(b0+0,1) write(5,b0+0,1) close(5) "
	    "[3] accept(3)=6 nbio(6) says(6,2) touch(b0+0,2) write(6,b0+0,2) "
	    "off(3) [4] accept(4)=7 nbio(7) says(7,3) touch(b1+0,3) "
	    "write(7,b1+0,3) off(4)");
}
END_TEST

#define TIMED \
	"1 1110000010.0 accept4(3<socket:[7]>, NULL, NULL, SOCK_NONBLOCK) = " \
	"4<socket:[8]> <0.1>\n" \
	"1 1110000010.2 accept4(3<socket:[7]>, NULL, NULL, SOCK_NONBLOCK) = " \
	"5<socket:[9]> <0.1>\n" \
	"1 1110000010.4 epoll_wait(9, [], 512, -1) = 1 <5.0>\n" \
	"1 1110000015.6 read(5<socket:[9]>, \"q\"..., 8000) = 60 <0.1>\n" \
	"1 1110000015.9 write(5<socket:[9]>, \"a\"..., 100) = 100 <0.1>\n" \
	"1 1110000016.3 write(4<socket:[8]>, \"a\"..., 100) = 100 <0.1>\n"

/*
 * It is the process that thinks, not a connection: behind what poll has found
 * and before the call, once for each, however often it is made; the time in
 * epoll_wait() is none of it.
 */
START_TEST(test_think)
{
	load(TIMED);
	base.replay_keeps_think = true;
	fake.answers[0] = SYS_EWOULDBLOCK;
	fake.answers[1] = 60;
	fake.n_answers = 2;
	fake.writes[0] = SYS_EWOULDBLOCK;
	assert_run((const int[]){4, 5, 5, 5, 3, 0}, BEGIN NBIO WAIT
	    "[4] sleep(100000) accept(4)=5 nbio(5) off(4) in(5) "
	    "[5] sleep(300000) read(5,8000)=-35 [5] read(5,8000)=60 "
	    "sleep(200000) says(5,100) touch(b1+0,100) write(5,b1+0,100) "
	    "out(5) [5] write(5,b1+0,100) off(5) "
	    "[3] accept(3)=6 nbio(6) sleep(300000) says(6,100) "
	    "touch(b2+0,100) write(6,b2+0,100) off(3)");
}
END_TEST

/* A connection that is lost ends the replay, as elsewhere. */
START_TEST(test_fails)
{
	load(BOTH WRITE("4", "8", "1") WRITE("5", "9", "3"));
	fake.fails_at = 1;
	assert_run((const int[]){3, 4, 0}, BEGIN NBIO WAIT
	    "[3] accept(3)=5 nbio(5) says(5,1) touch(b0+0,1) write(5,b0+0,1)");
	ck_assert_int_eq(fake.noted, SYS_EPIPE);
}
END_TEST

/*
 * Listeners, connections and files: 2, of each strand 2, and one of both; in
 * the order of the recording there are never more than 5.
 */
START_TEST(test_descriptors)
{
	load(BOTH OPEN SENDFILE("4", "8") SENDFILE("5", "9") CLOSE("4", "8")
	    CLOSE_FILE "1 openat(AT_FDCWD</>, \"/g\", O_RDONLY) = 6</g>\n"
	    "1 sendfile(5<socket:[9]>, 6</g>, [0] => [20480], 20480) = 20480\n"
	    "1 close(6</g>) = 0\n");
	ck_assert_uint_eq(story_descriptors(story), 2 + 1 + 2 + 1);
}
END_TEST

static guint
count(const char *call)
{
	guint n = 0;

	for (const char *at = fake.log->str; (at = strstr(at, call)) != NULL;
	    at++)
		n++;
	return n;
}

/*
 * Ten connections of lighttpd, in whatever order: each has all that it had, and
 * what it sends is there.
 */
START_TEST(test_any_order)
{
	struct process ps = {.config = &base};
	g_autofree char *text = NULL;

	ck_assert(g_file_get_contents(TEST_SOURCE_DIR
	    "/scenarios/traces/lighttpd-ten-20k.strace", &text, NULL, NULL));
	load(text);
	base.story = story;
	base.replay_as = _i % 2 == 0 ? REPLAY_AS_RECORDED : REPLAY_AS_MMAP;
	fake.random = g_rand_new_with_seed((guint32)_i);
	fake.wanted = g_array_new(FALSE, FALSE, sizeof(int));
	fake.has_asked = g_hash_table_new(NULL, NULL);
	replay_main(&ps);
	ck_assert_int_eq(fake.noted, 0);
	ck_assert_uint_eq(fake.wanted->len, 0);
	ck_assert_uint_eq(count("accept("), 10);
	ck_assert_uint_eq(count(")=64"), 10);
	ck_assert_uint_eq(count("shutdown("), 10);
	ck_assert_uint_eq(count("open("), 4);
	ck_assert_uint_eq(count("close("), 14);
	ck_assert_uint_ge(count("touch("), 10);
	ck_assert_uint_ge(count(",0,20480)"), 10);
	ck_assert_uint_eq(count("munmap("), _i % 2 == 0 ? 0 : 10);
	/* nothing was sent from what was never opened */
	ck_assert_uint_eq(count(",0,0,"), 0);
	g_rand_free(fake.random);
	g_array_unref(fake.wanted);
	g_hash_table_unref(fake.has_asked);
	fake.random = NULL;
	fake.wanted = NULL;
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("replay_events");
	Suite *s = suite_create("process.replay_events");
	SRunner *runner;
	int n_failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_order);
	tcase_add_test(tc, test_file_for_two);
	tcase_add_test(tc, test_before);
	tcase_add_test(tc, test_next);
	tcase_add_test(tc, test_think);
	tcase_add_test(tc, test_fails);
	tcase_add_test(tc, test_descriptors);
	tcase_add_loop_test(tc, test_any_order, 0, 40);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? 0 : 1;
}
