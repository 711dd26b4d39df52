/*
 * Processes that wait for several connections at once: which they are, and what
 * of their calls belongs to which connection.
 */
#include "tests/unit/sim/trace/story_script.h"

#define POLL "1 epoll_wait(9<anon_inode:[eventpoll]>, [], 512, -1) = 1\n"
#define ACCEPT(fd, inode) "1 accept4(3<socket:[7]>, NULL, NULL, " \
	"SOCK_CLOEXEC|SOCK_NONBLOCK) = " fd "<socket:[" inode "]>\n"
#define ACCEPT_WAITING(fd, inode) "1 accept(3<socket:[7]>, NULL, NULL) = " \
	fd "<socket:[" inode "]>\n"
#define ASK(fd, inode) "1 read(" fd "<socket:[" inode "]>, \"a\"..., 8000)" \
	" = 60\n"
#define WRITE(pid, fd, inode, n) pid " write(" fd "<socket:[" inode "]>, " \
	"\"a\"..., " n ") = " n "\n"
#define CLOSE(fd, inode) "1 close(" fd "<socket:[" inode "]>) = 0\n"
#define OPEN(name, fd) "1 openat(AT_FDCWD</>, \"" name "\", O_RDONLY) = " \
	fd "<" name ">\n"
#define CLOSE_FILE(name, fd) "1 close(" fd "<" name ">) = 0\n"
#define FSTAT(name, fd) "1 fstat(" fd "<" name ">, {st_mode=S_IFREG|0644, " \
	"st_size=20480, ...}) = 0\n"
#define SENDFILE(fd, inode, name, file) "1 sendfile(" fd "<socket:[" inode \
	"]>, " file "<" name ">, [0] => [20480], 20480) = 20480\n"

#define BOTH ACCEPT("4", "8") ACCEPT("5", "9")
#define TWO BOTH POLL ASK("5", "9") WRITE("1", "5", "9", "7") \
	ASK("4", "8") WRITE("1", "4", "8", "7")

static void
assert_events(bool wanted, const char *text)
{
	struct story *story = load(text);

	ck_assert_uint_eq(story->processes->len, 1);
	ck_assert_int_eq(story_process_at(story, 0)->is_events, wanted);
	story_free(story);
}

START_TEST(test_which)
{
	static const char *const polls[] = {
	    "1 poll([{fd=3, events=POLLIN}], 1, -1) = 1\n",
	    "1 select(8, [3 4 5], [], NULL, NULL) = 1 (in [4])\n",
	    "1 pselect6(8, [3 4 5], [], NULL, NULL, NULL) = 1 (in [4])\n",
	    "1 epoll_pwait(9, [], 512, -1, NULL, 8) = 1\n"};

	assert_events(true, TWO);
	for (size_t i = 0; i < G_N_ELEMENTS(polls); i++) {
		g_autofree char *text = g_strconcat(BOTH ASK("4", "8")
		    WRITE("1", "5", "9", "7"), polls[i], NULL);

		assert_events(true, text);
	}
	/* fcntl and ioctl say it, too */
	assert_events(true, ACCEPT_WAITING("4", "8") ACCEPT_WAITING("5", "9")
	    "1 fcntl(4<socket:[8]>, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"
	    "1 ioctl(5<socket:[9]>, FIONBIO, [1]) = 0\n" POLL
	    WRITE("1", "4", "8", "7") WRITE("1", "5", "9", "7"));
}
END_TEST

/* It does not poll, or waits elsewhere, or has one at a time, or calls. */
START_TEST(test_which_not)
{
	assert_events(false, BOTH ASK("5", "9") WRITE("1", "5", "9", "7")
	    WRITE("1", "4", "8", "7"));
	assert_events(false, ACCEPT("4", "8") ACCEPT_WAITING("5", "9") POLL
	    WRITE("1", "5", "9", "7") WRITE("1", "4", "8", "7"));
	assert_events(false, POLL ACCEPT("4", "8") WRITE("1", "4", "8", "7")
	    CLOSE("4", "8") POLL ACCEPT("5", "9") WRITE("1", "5", "9", "7"));
	assert_events(false, TWO
	    "1 socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, 0) = 6\n"
	    "1 connect(6, {sa_family=AF_INET}, 16) = 0\n"
	    "1 write(6, \"a\", 1) = 1\n");
	/* of two threads each has its own */
	assert_events(false, "1 clone(child_stack=0x7, flags=CLONE_VM|"
	    "CLONE_FILES|CLONE_THREAD, tls=0x7) = 2\n" BOTH POLL
	    WRITE("1", "4", "8", "7") WRITE("2", "5", "9", "7"));
}
END_TEST

/* The operations, each behind its strand: - before all, * for several. */
static void
assert_strands(const struct story_part *part, const char *wanted)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < part->ops->len; i++) {
		const struct story_op *op =
		    &g_array_index(part->ops, struct story_op, i);
		g_autoptr(GString) one = g_string_new(NULL);

		put_op(one, part, op);
		g_string_append(text, i > 0 ? " " : "");
		if (op->strand == STORY_FIRST)
			g_string_append_c(text, '-');
		else if (op->strand == STORY_SHARED)
			g_string_append_c(text, '*');
		else
			g_string_append_printf(text, "%u", op->strand);
		g_string_append(text, one->str);
	}
	ck_assert_str_eq(text->str, wanted);
}

/*
 * Each reads its file into a buffer of its own, which the third connection uses
 * again behind the first: the recording would have done with one.
 */
#define COPY(name, file, fd, inode) OPEN(name, file) \
	"1 pread64(" file "<" name ">, \"a\"..., 4096, 0) = 4096\n" \
	WRITE("1", fd, inode, "4096") CLOSE_FILE(name, file)

START_TEST(test_own)
{
	struct story *story = load(BOTH POLL COPY("/f", "6", "4", "8")
	    COPY("/g", "6", "5", "9") CLOSE("4", "8") ACCEPT("4", "10")
	    COPY("/f", "6", "4", "10"));
	const struct story_process *process = story_process_at(story, 0);

	assert_strands(&process->recorded, "0accept(0) 1accept(1) 0open(2) "
	    "0read(2:0+4096>0+0) 0say(0) 0send(0:4096@r0+0) 0close(2) "
	    "1open(3) 1read(3:0+4096>1+0) 1say(0) 1send(1:4096@r1+0) "
	    "1close(3) 0close(0) 0accept(4) 0open(5) 0read(5:0+4096>0+0) "
	    "0say(0) 0send(4:4096@r0+0) 0close(5)");
	ck_assert_uint_eq(process->recorded.buffers->len, 2);
	assert_strands(&process->as_mmap, "0accept(0) 1accept(1) 0open(2) "
	    "0mmap(0:0+4096) 0say(0) 0send(0:4096@m0+0) 0munmap(0:0+4096) "
	    "0close(2) 1open(3) 1mmap(1:0+4096) 1say(0) 1send(1:4096@m1+0) "
	    "1munmap(1:0+4096) 1close(3) 0close(0) 0accept(4) 0open(5) "
	    "0mmap(2:0+4096) 0say(0) 0send(4:4096@m2+0) 0munmap(2:0+4096) "
	    "0close(5)");
	story_free(story);
}
END_TEST

/* What a program makes is in memory of each connection's own. */
START_TEST(test_memory)
{
	struct story *story = load(BOTH POLL WRITE("1", "4", "8", "7")
	    WRITE("1", "5", "9", "7"));

	assert_strands(&story_process_at(story, 0)->recorded, "0accept(0) "
	    "1accept(1) 0say(0) 0send(0:7@b0+0!) 1say(0) 1send(1:7@b1+0!)");
	story_free(story);
}
END_TEST

static bool
has_note(const struct story *story, const char *begin)
{
	for (guint i = 0; i < story->notes->len; i++)
		if (g_str_has_prefix(story->notes->pdata[i], begin))
			return true;
	return false;
}

/*
 * /f is there before anybody calls, /g is opened for the first and sent to
 * both, /h is opened for the second and sent to nobody.
 */
START_TEST(test_files)
{
	struct story *story = load(OPEN("/f", "6") FSTAT("/f", "6") BOTH POLL
	    OPEN("/g", "7") FSTAT("/g", "7") SENDFILE("4", "8", "/g", "7")
	    SENDFILE("5", "9", "/f", "6") SENDFILE("5", "9", "/g", "7")
	    OPEN("/g", "10") CLOSE_FILE("/g", "10")
	    CLOSE("4", "8") CLOSE_FILE("/g", "7") CLOSE_FILE("/f", "6"));

	assert_strands(&story_process_at(story, 0)->recorded, "-open(0) "
	    "0accept(1) 1accept(2) *open(3) 0say(0) 0sendfile(1<3:0+20480) "
	    "1say(0) 1sendfile(2<0:0+20480) 1sendfile(2<3:0+20480) 1open(4) "
	    "1close(4) 0close(1) *close(3) 1close(0)");
	ck_assert(has_note(story, "1 processes wait for several connections "
	    "at once: "));
	ck_assert(has_note(story, "1 opens, reads or mappings of files are for "
	    "several connections (from line 6): "));
	ck_assert(has_note(story, "1 opens, reads or mappings of files are for "
	    "no connection (from line 11): "));
	/* of the sockets that do not block nothing else is said */
	ck_assert(!has_note(story, "2 sockets"));
	story_free(story);
}
END_TEST

/* strace was told to leave out what it waits with: that is said. */
START_TEST(test_unseen)
{
	struct story *story = load(BOTH WRITE("1", "4", "8", "7")
	    WRITE("1", "5", "9", "7"));

	ck_assert(has_note(story, "1 processes have several connections at "
	    "once on which they do not wait, but "));
	ck_assert(has_note(story, "2 sockets do not block "));
	story_free(story);
}
END_TEST

/* A file that is mapped once, closed, and written to both. */
START_TEST(test_mapping)
{
	struct story *story = load(BOTH POLL OPEN("/f", "6")
	    "1 mmap(NULL, 20480, PROT_READ, MAP_SHARED, 6</f>, 0) = 0x7000\n"
	    CLOSE_FILE("/f", "6") WRITE("1", "5", "9", "20480")
	    WRITE("1", "4", "8", "20480") "1 munmap(0x7000, 20480) = 0\n");

	assert_strands(&story_process_at(story, 0)->recorded, "0accept(0) "
	    "1accept(1) *open(2) *mmap(0:0+20480) *close(2) 1say(0) "
	    "1send(1:20480@m0+0) 0say(0) 0send(0:20480@m0+0) "
	    "*munmap(0:0+20480)");
	story_free(story);
}
END_TEST

/* A read whose bytes go to two: a buffer that nobody else uses. */
START_TEST(test_read_for_two)
{
	struct story *story = load(BOTH POLL OPEN("/f", "6")
	    "1 read(6</f>, \"x\"..., 8192) = 8192\n"
	    "1 write(5<socket:[9]>, \"x\"..., 4096) = 4096\n"
	    "1 write(4<socket:[8]>, \"y\"..., 4096) = 4096\n");

	assert_strands(&story_process_at(story, 0)->recorded, "0accept(0) "
	    "1accept(1) *open(2) *read(2:0+8192>0+0) 1say(0) "
	    "1send(1:4096@r0+0) 0say(0) 0send(0:4096@r0+4096)");
	assert_strands(&story_process_at(story, 0)->as_mmap, "0accept(0) "
	    "1accept(1) *open(2) *mmap(0:0+8192) 1say(0) 1send(1:4096@m0+0) "
	    "0say(0) 0send(0:4096@m0+4096) *munmap(0:0+8192)");
	story_free(story);
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("events");
	Suite *s = suite_create("trace.story_events");
	SRunner *runner;
	int n_failed;

	tcase_add_test(tc, test_which);
	tcase_add_test(tc, test_which_not);
	tcase_add_test(tc, test_own);
	tcase_add_test(tc, test_memory);
	tcase_add_test(tc, test_files);
	tcase_add_test(tc, test_unseen);
	tcase_add_test(tc, test_mapping);
	tcase_add_test(tc, test_read_for_two);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? 0 : 1;
}
