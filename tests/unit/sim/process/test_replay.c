/*
 * Replays and their clients, over calls that are only written down.
 */
#include <string.h>

#include "sim/process/replay.h"
#include "tests/unit/sim/process/fake_calls.h"

#define OPEN_F "1 openat(AT_FDCWD</>, \"/f\", O_RDONLY) = 5</f>\n"
#define ACCEPT "1 accept4(3<socket:[7]>, NULL, NULL, 0) = 4<socket:[8]>\n"
#define ASK "1 read(4<socket:[8]>, \"GET /\"..., 8000) = 86\n"
#define CLOSE "1 close(4<socket:[8]>) = 0\n"
#define END "1 read(4<socket:[8]>, \"\", 8000) = 0\n"

static struct story *story;
static struct process_config base;
static GArray *configs;
static struct replay_limits limits;

static void
setup(void)
{
	fake_calls_begin();
	base = (struct process_config){.name = "server", .port = 8000};
	limits = (struct replay_limits){8000, 1000000, 64};
	configs = g_array_new(FALSE, FALSE, sizeof(struct process_config));
}

static void
teardown(void)
{
	story_free(story);
	story = NULL;
	g_array_unref(configs);
}

static void
load(const char *text)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);

	story = story_load_text("x", text, strlen(text), errors);
	ck_assert_ptr_nonnull(story);
	ck_assert(story_check(story, &limits, errors));
	story_expand(story, &base, 7, configs);
	ck_assert_uint_eq(configs->len, story_n_configs(story));
}

/* Process i of the configurations; what it did. */
static void
assert_run(guint i, const char *wanted)
{
	struct process ps = {.config = &g_array_index(configs,
	    struct process_config, i)};

	replay_main(&ps);
	ck_assert_str_eq(fake.log->str, wanted);
	fake_calls_begin();
}

/*
 * nginx's way: the header is stored, then 32768 of the file go with it; one
 * buffer for both reads.  The whole request is there at once.
 */
#define COPY ACCEPT ASK OPEN_F \
	"1 pread64(5</f>, \"a\"..., 32768, 0) = 32768\n" \
	"1 writev(4<socket:[8]>, [{iov_base=\"H\"..., iov_len=246}, " \
	"{iov_base=\"a\"..., iov_len=32768}], 2) = 33014\n" \
	"1 pread64(5</f>, \"b\"..., 32768, 32768) = 32768\n" \
	"1 writev(4<socket:[8]>, [{iov_base=\"b\"..., iov_len=32768}], 1)" \
	" = 32768\n1 close(5</f>) = 0\n" END CLOSE

START_TEST(test_recorded)
{
	load(COPY);
	fake.answers[0] = 86;
	fake.n_answers = 1;
	assert_run(0, "listen(8000)=3 accept(3)=4 read(4,8000)=86 open(f7)=5 "
	    "pread(5,b1+0,32768,0) says(4,65782) touch(b2+0,246) "
	    "writev(4,b2+0,246,b1+0,32768) pread(5,b1+0,32768,32768) "
	    "write(4,b1+0,32768) close(5) read(4,65536)=0 close(4)");
}
END_TEST

START_TEST(test_as_mmap)
{
	base.replay_as = REPLAY_AS_MMAP;
	load(COPY);
	fake.answers[0] = 86;
	fake.n_answers = 1;
	assert_run(0, "listen(8000)=3 accept(3)=4 read(4,8000)=86 open(f7)=5 "
	    "mmap(5,0,32768) says(4,65782) touch(b1+0,246) "
	    "writev(4,b1+0,246,m0+0,32768) munmap(m0+0,32768) "
	    "mmap(5,32768,32768) write(4,m1+0,32768) munmap(m1+0,32768) "
	    "close(5) read(4,65536)=0 close(4)");
}
END_TEST

/* The client of it: 246 + 2 * 32768 = 65782 come back. */
START_TEST(test_client)
{
	const struct process_config *config;

	load(COPY);
	ck_assert_uint_eq(configs->len, 2);
	config = &g_array_index(configs, struct process_config, 1);
	ck_assert_str_eq(config->name, "server-clients");
	assert_run(1, "connect(8000)=3 request(3,86) response(3) close(3)");
}
END_TEST

/* It is too early twice; its request is longer than a segment. */
START_TEST(test_client_retries)
{
	static const int64_t answers[] = {SYS_ECONNREFUSED, SYS_ECONNREFUSED,
	    3, SYS_EMSGSIZE, 730};

	load(ACCEPT "1 read(4<socket:[8]>, \"x\"..., 8000) = 2000\n" CLOSE);
	memcpy(fake.answers, answers, sizeof answers);
	fake.n_answers = G_N_ELEMENTS(answers);
	assert_run(1, "connect(8000)=-61 sleep(1000) connect(8000)=-61 "
	    "sleep(1000) connect(8000)=3 request(3,1460) request(3,730) "
	    "request(3,730) request(3,540) close(3)");
}
END_TEST

/*
 * The request comes in other parts than it did; the server closes first, so the
 * response ends with the connection: nothing says how long it is.
 */
START_TEST(test_portions)
{
	load(ACCEPT ASK "1 read(4<socket:[8]>, \"x\"..., 10) = 10\n"
	    "1 write(4<socket:[8]>, \"x\", 1) = 1\n" CLOSE);
	fake.answers[0] = 50;
	fake.answers[1] = 46;
	fake.n_answers = 2;
	assert_run(0, "listen(8000)=3 accept(3)=4 read(4,8000)=50 "
	    "read(4,8000)=46 touch(b1+0,1) write(4,b1+0,1) close(4)");
	ck_assert_int_eq(fake.noted, 0);
}
END_TEST

/* The client has closed too early: the process says so and ends. */
START_TEST(test_closed_early)
{
	struct process ps = {0};

	load(COPY);
	ps.config = &g_array_index(configs, struct process_config, 0);
	replay_main(&ps);
	ck_assert_int_eq(fake.noted, SYS_ECONNABORTED);
	ck_assert_str_eq(fake.log->str,
	    "listen(8000)=3 accept(3)=4 read(4,8000)=0");
}
END_TEST

START_TEST(test_write_fails)
{
	struct process ps = {0};

	load(ACCEPT "1 write(4<socket:[8]>, \"x\", 1) = 1\n"
	    "1 write(4<socket:[8]>, \"y\", 1) = 1\n" CLOSE);
	fake.fails_at = 1;
	ps.config = &g_array_index(configs, struct process_config, 0);
	replay_main(&ps);
	ck_assert_int_eq(fake.noted, SYS_EPIPE);
	ck_assert_str_eq(fake.log->str, "listen(8000)=3 accept(3)=4 "
	    "touch(b0+0,1) write(4,b0+0,1)");
}
END_TEST

/* Two at a time: two ports, two clients; the third follows the first. */
START_TEST(test_lanes)
{
	load(ACCEPT "1 accept4(3<socket:[7]>, NULL, NULL, 0) = "
	    "5<socket:[9]>\n1 write(4<socket:[8]>, \"x\", 1) = 1\n"
	    "1 write(5<socket:[9]>, \"x\", 1) = 1\n" END CLOSE
	    "1 accept4(3<socket:[7]>, NULL, NULL, 0) = 4<socket:[10]>\n"
	    "1 write(4<socket:[10]>, \"x\", 1) = 1\n"
	    "1 close(4<socket:[10]>) = 0\n1 close(5<socket:[9]>) = 0\n");
	ck_assert_uint_eq(configs->len, 3);
	ck_assert_uint_eq(story_descriptors(story), 4);
	assert_run(0, "listen(8000)=3 listen(8001)=4 accept(3)=5 accept(4)=6 "
	    "says(5,1) touch(b0+0,1) write(5,b0+0,1) touch(b0+0,1) "
	    "write(6,b0+0,1) read(5,65536)=0 close(5) accept(3)=7 "
	    "touch(b0+0,1) write(7,b0+0,1) close(7) close(6)");
	assert_run(1, "connect(8000)=3 response(3) close(3) connect(8000)=4 "
	    "response(4) close(4)");
	assert_run(2, "connect(8001)=3 response(3) close(3)");
}
END_TEST

#define TIMED "1 1110000010.0 accept(3, NULL, NULL) = 4<socket:[8]> <0.5>\n" \
	"1 1110000011.0 write(4<socket:[8]>, \"a\", 1) = 1 <0.1>\n"

/* 11.0 - 10.5: half a second, if it is kept */
START_TEST(test_think)
{
	load(TIMED);
	assert_run(0, "listen(8000)=3 accept(3)=4 says(4,1) touch(b0+0,1) "
	    "write(4,b0+0,1)");
	story_free(story);
	g_array_set_size(configs, 0);
	base.replay_keeps_think = true;
	load(TIMED);
	assert_run(0, "listen(8000)=3 accept(3)=4 sleep(500000) says(4,1) "
	    "touch(b0+0,1) write(4,b0+0,1)");
}
END_TEST

/* It calls: the peer answers nothing; datagrams without room are lost. */
START_TEST(test_calls)
{
	load("1 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4\n"
	    "1 connect(4, {sa_family=AF_INET}, 16) = 0\n"
	    "1 write(4, \"a\"..., 8192) = 8192\n"
	    "1 write(4, \"a\"..., 8192) = 8192\n1 shutdown(4, SHUT_WR) = 0\n"
	    "1 socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) = 5\n"
	    "1 sendmsg(5, {msg_iov=[{iov_base=\"a\", iov_len=6000}, "
	    "{iov_base=\"b\", iov_len=500}], msg_iovlen=2}, 0) = 6500\n"
	    "1 sendto(5, \"a\", 1, 0, NULL, 0) = 1\n1 close(5) = 0\n");
	fake.answers[0] = 3;
	fake.answers[1] = SYS_ENOBUFS;
	fake.n_answers = 2;
	assert_run(0, "connect(8000)=3 touch(b0+0,8192) write(3,b0+0,8192) "
	    "write(3,b0+0,8192) shutdown(3) udp(8000) touch(b1+0,6500) "
	    "sendto(4,b1+0,6500) touch(b2+0,1) sendto(4,b2+0,1) close(4)");
	ck_assert_int_eq(fake.noted, 0);
}
END_TEST

/* The simulated socket takes it in two. */
START_TEST(test_sendfile)
{
	load(ACCEPT OPEN_F "1 sendfile(4<socket:[8]>, 5</f>, [100] => [9100], "
	    "9000) = 9000\n");
	fake.answers[0] = 4000;
	fake.n_answers = 1;
	assert_run(0, "listen(8000)=3 accept(3)=4 open(f7)=5 "
	    "says(4,9000) sendfile(4,5,100,9000) sendfile(4,5,4100,5000)");
	ck_assert_uint_eq(story_n_files(story), 1);
	ck_assert_int_eq(story_file_at(story, 1)->bytes, 9100);
	ck_assert_ptr_null(story_file_at(story, 2));
}
END_TEST

static void
assert_refused(const char *text, const char *wanted)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);

	story = story_load_text("x", text, strlen(text), errors);
	ck_assert_ptr_nonnull(story);
	ck_assert(!story_check(story, &limits, errors));
	ck_assert_uint_eq(errors->len, 1);
	ck_assert_str_eq(errors->pdata[0], wanted);
	story_free(story);
	story = NULL;
}

START_TEST(test_refused)
{
	assert_refused("1 close(3) = 0\n", "no process of the recording sends "
	    "anything over a network");
	limits.port = 65535;
	assert_refused(ACCEPT ASK "1 accept4(3<socket:[7]>, NULL, NULL, 0) = "
	    "5<socket:[9]>\n1 write(5<socket:[9]>, \"x\", 1) = 1\n",
	    "2 clients are active at a time, and there is no port for each "
	    "from 65535 on");
	limits.disk_bytes = 9099;
	assert_refused(ACCEPT OPEN_F "1 sendfile(4<socket:[8]>, 5</f>, [100] "
	    "=> [9100], 9000) = 9000\n", "files of 9100 bytes do not fit the "
	    "disk, which has 9099");
	limits.open_max = 1;
	assert_refused(ACCEPT ASK, "a process has up to 2 descriptors at a "
	    "time, and may have 1 (kernel.open_max)");
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("replay");
	Suite *s = suite_create("process.replay");
	SRunner *runner;
	int n_failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_recorded);
	tcase_add_test(tc, test_as_mmap);
	tcase_add_test(tc, test_client);
	tcase_add_test(tc, test_client_retries);
	tcase_add_test(tc, test_portions);
	tcase_add_test(tc, test_closed_early);
	tcase_add_test(tc, test_write_fails);
	tcase_add_test(tc, test_lanes);
	tcase_add_test(tc, test_think);
	tcase_add_test(tc, test_calls);
	tcase_add_test(tc, test_sendfile);
	tcase_add_test(tc, test_refused);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? 0 : 1;
}
