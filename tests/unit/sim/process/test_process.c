/*
 * Programs against a kernel that writes down their calls and answers as it is
 * told: which calls, in which order, with what, and when.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/host.h"
#include "sim/process/sys.h"

enum {
	MAX_CALLS = 64,
	RING = 1 << 20,		/* where fresh memory lies */
	FD = 3			/* of every socket but accepted ones */
};

/* The fake kernel. */
static struct {
	struct sys_call calls[MAX_CALLS];
	sim_time at[MAX_CALLS];
	size_t n;
	/* answers to accept, read, write, in turn; then those of a kernel in
	 * which all goes well until the run ends */
	int64_t answers[MAX_CALLS];
	size_t n_answers;
	size_t n_given;
	int64_t connect;	/* or listen */
	sim_time read_takes;
} kernel;

static struct calendar cal;
static struct host host;
static struct proc proc;

static int64_t
next_answer(int64_t otherwise)
{
	return kernel.n_given < kernel.n_answers ?
	    kernel.answers[kernel.n_given++] : otherwise;
}

static int64_t
answer(const struct sys_call *call)
{
	switch (call->nr) {
	case SYS_CONNECT:
	case SYS_UDP_CONNECT:
	case SYS_LISTEN:
		return kernel.connect;
	case SYS_ACCEPT:
		return next_answer(SYS_ENDED);
	case SYS_READ:
		cal.now += kernel.read_takes;
		return next_answer(SYS_ENDED);
	case SYS_WRITE:
	case SYS_SENDTO:
		return next_answer(call->len);
	case SYS_MMAP:
		return RING;
	case SYS_SLEEP:
		ck_assert_int_gt(call->len, cal.now);
		cal.now = call->len;
		return 0;
	case SYS_WRITEV:
	case SYS_SETNBIO:
	case SYS_SHUTDOWN:
	case SYS_CLOSE:
	case SYS_TOUCH:
	case SYS_COMPUTE:
	case SYS_EXIT:
	case SYS_OPEN:
	case SYS_MUNMAP:
	case SYS_TRUNCATE:
	case SYS_MLOCK:
	case SYS_MUNLOCK:
	case SYS_FORK:
		return 0;
	}
	ck_abort_msg("no such call");
}

bool
sys_enter(struct proc *p, const struct sys_call *call)
{
	ck_assert_uint_lt(kernel.n, MAX_CALLS);
	kernel.at[kernel.n] = cal.now;
	kernel.calls[kernel.n++] = *call;
	p->result = answer(call);
	return true;
}

void
proc_wait(struct process *ps)
{
	ck_assert_ptr_eq(ps->proc, &proc);
}

static void
setup(void)
{
	memset(&kernel, 0, sizeof kernel);
	memset(&proc, 0, sizeof proc);
	cal.now = 0;
	host.cal = &cal;
	proc.k.host = &host;
	kernel.connect = FD;
}

static void
answer_with(const int64_t *answers, size_t n)
{
	memcpy(kernel.answers, answers, n * sizeof *answers);
	kernel.n_answers = n;
}

static void
run(const struct process_config *config)
{
	struct process ps = {.proc = &proc, .config = config};

	process_main(&ps);
	ck_assert_uint_gt(kernel.n, 0);
	ck_assert_int_eq(kernel.calls[kernel.n - 1].nr, SYS_EXIT);
}

static int64_t
exit_status(void)
{
	return kernel.calls[kernel.n - 1].len;
}

/* assert_calls: exactly these, but for the exit at the end */
static void
assert_calls(const enum sys_nr *expected, size_t n)
{
	for (size_t i = 0; i < n && i < kernel.n; i++)
		ck_assert_msg(kernel.calls[i].nr == expected[i],
		    "call %zu is %d, not %d", i, (int)kernel.calls[i].nr,
		    (int)expected[i]);
	ck_assert_uint_eq(kernel.n, n + 1);
}

#define ASSERT_CALLS(...)						\
	assert_calls((const enum sys_nr[]){__VA_ARGS__},		\
	    sizeof((const enum sys_nr[]){__VA_ARGS__}) / sizeof(enum sys_nr))
#define ANSWER(...)							\
	answer_with((const int64_t[]){__VA_ARGS__},			\
	    sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static struct process_config
sender(int64_t total)
{
	return (struct process_config){.name = "s", .program = PROGRAM_TTCP,
	    .port = 4711, .write_size = 1000, .n_buffers = 1, .total = total,
	    .refill_bytes = INT64_MAX,
	    .repeat = 1, .so_sndbuf = 16384, .so_sndlowat = 2048,
	    .so_rcvbuf = 7000, .tcp_nodelay = true, .so_keepalive = true};
}

static struct process_config
receiver(int64_t connections)
{
	return (struct process_config){.name = "r",
	    .program = PROGRAM_TTCP_R, .port = 4712, .align = 8,
	    .read_size = 1000, .read_rate = INT64_MAX,
	    .connections = connections, .so_sndbuf = 16384,
	    .so_sndlowat = 2048, .so_rcvbuf = 7000, .tcp_nodelay = true};
}

/* 2500 bytes in writes of 1000, and of what is left */
START_TEST(ttcp_sends_its_total)
{
	struct process_config config = sender(2500);
	const struct sys_call *connect = &kernel.calls[2];

	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_CONNECT, SYS_WRITE, SYS_WRITE,
	    SYS_WRITE, SYS_CLOSE);
	ck_assert_uint_eq(connect->port, 4711);
	ck_assert_uint_eq(connect->conn, 0);
	ck_assert_int_eq(connect->so_sndbuf, 16384);
	ck_assert_int_eq(connect->so_sndlowat, 2048);
	ck_assert_int_eq(connect->so_rcvbuf, 7000);
	ck_assert(connect->tcp_nodelay && connect->so_keepalive);
	ck_assert_int_eq(kernel.calls[4].fd, FD);
	ck_assert_int_eq(kernel.calls[4].len, 1000);
	ck_assert_int_eq(kernel.calls[5].len, 500);
	ck_assert_int_eq(kernel.calls[6].fd, FD);
}
END_TEST

START_TEST(ttcp_repeats)
{
	struct process_config config = sender(1000);

	config.repeat = 3;
	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_CONNECT, SYS_WRITE, SYS_CLOSE,
	    SYS_CONNECT, SYS_WRITE, SYS_CLOSE, SYS_CONNECT, SYS_WRITE,
	    SYS_CLOSE);
}
END_TEST

START_TEST(ttcp_is_refused)
{
	struct process_config config = sender(1000);

	config.repeat = 3;
	kernel.connect = SYS_ECONNREFUSED;
	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_CONNECT);
	ck_assert_int_eq(exit_status(), SYS_ECONNREFUSED);
}
END_TEST

START_TEST(ttcp_loses_its_connection)
{
	struct process_config config = sender(3000);

	config.repeat = 3;
	ANSWER(1000, SYS_ECONNRESET);
	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_CONNECT, SYS_WRITE, SYS_WRITE,
	    SYS_CLOSE);
	ck_assert_int_eq(exit_status(), SYS_ECONNRESET);
}
END_TEST

/* each buffer before it is written; of the last write all, as it is less */
START_TEST(ttcp_refills_a_part)
{
	struct process_config config = sender(2300);

	config.refill = REFILL_FULL;
	config.refill_bytes = 400;
	config.n_buffers = 2;
	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_TOUCH, SYS_CONNECT, SYS_TOUCH,
	    SYS_WRITE, SYS_TOUCH, SYS_WRITE, SYS_TOUCH, SYS_WRITE, SYS_CLOSE);
	ck_assert_int_eq(kernel.calls[1].len, 1000);
	ck_assert_int_eq(kernel.calls[4].len, 400);
	ck_assert_int_eq(kernel.calls[5].len, 1000);
	ck_assert_uint_eq(kernel.calls[6].addr, kernel.calls[7].addr);
	ck_assert_int_eq(kernel.calls[6].len, 400);
	ck_assert_int_eq(kernel.calls[8].len, 300);
}
END_TEST

/* between writes, of one connection: two pauses for three, and none after */
START_TEST(ttcp_pauses)
{
	struct process_config config = sender(3000);

	config.start = 5 * PS_PER_MS;
	config.pause = PS_PER_MS;
	run(&config);
	ASSERT_CALLS(SYS_SLEEP, SYS_MMAP, SYS_TOUCH, SYS_CONNECT, SYS_WRITE,
	    SYS_SLEEP, SYS_WRITE, SYS_SLEEP, SYS_WRITE, SYS_CLOSE);
	ck_assert_int_eq(kernel.at[4], 5 * PS_PER_MS);
	ck_assert_int_eq(kernel.at[8], 7 * PS_PER_MS);
}
END_TEST

START_TEST(ttcp_r_reads_to_the_end)
{
	struct process_config config = receiver(2);

	ANSWER(5, 700, 1000, 0, 6, 0);
	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_READ,
	    SYS_READ, SYS_CLOSE, SYS_ACCEPT, SYS_READ, SYS_CLOSE, SYS_CLOSE);
	ck_assert_int_eq(kernel.calls[0].len, 1008);
	ck_assert_uint_eq(kernel.calls[1].port, 4712);
	ck_assert_int_ge(kernel.calls[1].backlog, 1);
	ck_assert_int_eq(kernel.calls[1].so_rcvbuf, 7000);
	ck_assert(kernel.calls[1].tcp_nodelay &&
	    !kernel.calls[1].so_keepalive);
	ck_assert_int_eq(kernel.calls[2].fd, FD);
	ck_assert_int_eq(kernel.calls[3].fd, 5);
	ck_assert_int_eq(kernel.calls[3].len, 1000);
	ck_assert_uint_eq(kernel.calls[3].addr, RING + 8);
	ck_assert_int_eq(kernel.calls[6].fd, 5);
	ck_assert_int_eq(kernel.calls[8].fd, 6);
	ck_assert_int_eq(kernel.calls[10].fd, FD);
}
END_TEST

/* one that is lost, or gone before it is accepted, is no reason to stop */
START_TEST(ttcp_r_goes_on)
{
	struct process_config config = receiver(INT64_MAX);

	ANSWER(5, SYS_ECONNRESET, SYS_ECONNABORTED, 6, 10, 0);
	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_CLOSE,
	    SYS_ACCEPT, SYS_ACCEPT, SYS_READ, SYS_READ, SYS_CLOSE, SYS_ACCEPT,
	    SYS_CLOSE);
	/* a connection that is lost is no reason for a server to give up */
	ck_assert_int_eq(exit_status(), 0);
}
END_TEST

START_TEST(ttcp_r_ends_with_the_run)
{
	struct process_config config = receiver(5);

	ANSWER(5, 10, SYS_ENDED);
	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_READ,
	    SYS_CLOSE, SYS_CLOSE);
}
END_TEST

START_TEST(ttcp_r_finds_its_port_taken)
{
	struct process_config config = receiver(5);

	kernel.connect = SYS_EADDRINUSE;
	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN);
	ck_assert_int_eq(exit_status(), SYS_EADDRINUSE);
}
END_TEST

/*
 * 1 MB/s is 1 us a byte, since the connection was accepted at 0.  A read takes
 * 100 us.  Of 1000, 1000 and 50 bytes each next read is due at 1000, 2000 and
 * 2050 us, and the last is late: the third ended at 2100 us.
 */
START_TEST(ttcp_r_keeps_to_its_rate)
{
	struct process_config config = receiver(1);

	config.read_rate = 1000000;
	kernel.read_takes = 100 * PS_PER_US;
	ANSWER(5, 1000, 1000, 50, 0);
	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_SLEEP,
	    SYS_READ, SYS_SLEEP, SYS_READ, SYS_READ, SYS_CLOSE, SYS_CLOSE);
	ck_assert_int_eq(kernel.at[3], 0);
	ck_assert_int_eq(kernel.at[5], 1000 * PS_PER_US);
	ck_assert_int_eq(kernel.at[7], 2000 * PS_PER_US);
	ck_assert_int_eq(kernel.at[8], 2100 * PS_PER_US);
}
END_TEST

/* a third of a picosecond is never lost: 3 MB/s, a byte a read */
START_TEST(ttcp_r_does_not_drift)
{
	struct process_config config = receiver(1);

	config.read_rate = 3000000;
	ANSWER(5, 1, 1, 1, 1, 1, 1, 0);
	run(&config);
	ck_assert_int_eq(cal.now, 2 * PS_PER_US);
}
END_TEST

static struct process_config
datagrams(int64_t total)
{
	struct process_config config = sender(total);

	config.program = PROGRAM_UDPSTREAM;
	config.rate = INT64_MAX;
	return config;
}

/* 2500 bytes in datagrams of 1000, the last one shorter */
START_TEST(udpstream_sends_its_total)
{
	struct process_config config = datagrams(2500);
	const struct sys_call *udp = &kernel.calls[2];

	config.refill = REFILL_TOUCH;
	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_UDP_CONNECT, SYS_TOUCH,
	    SYS_SENDTO, SYS_TOUCH, SYS_SENDTO, SYS_TOUCH, SYS_SENDTO,
	    SYS_CLOSE);
	ck_assert_uint_eq(udp->port, 4711);
	ck_assert_int_eq(udp->so_sndbuf, 16384);
	ck_assert_int_eq(kernel.calls[6].len, 1000);
	ck_assert_int_eq(kernel.calls[8].len, 500);
	ck_assert_uint_eq(kernel.calls[8].addr, RING);
}
END_TEST

/* 1 MB/s: 1000 bytes are due each millisecond, the first at once */
START_TEST(udpstream_keeps_to_its_rate)
{
	struct process_config config = datagrams(3000);

	config.rate = 1000000;
	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_UDP_CONNECT, SYS_SENDTO,
	    SYS_SLEEP, SYS_SENDTO, SYS_SLEEP, SYS_SENDTO, SYS_CLOSE);
	ck_assert_int_eq(kernel.at[5], PS_PER_MS);
	ck_assert_int_eq(kernel.at[7], 2 * PS_PER_MS);
}
END_TEST

/* Without room: the datagram is forgotten, and counts as one of the total. */
START_TEST(udpstream_drops)
{
	struct process_config config = datagrams(2000);

	config.on_enobufs = ON_ENOBUFS_DROP;
	ANSWER(SYS_ENOBUFS, 1000);
	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_UDP_CONNECT, SYS_SENDTO,
	    SYS_SENDTO, SYS_CLOSE);
}
END_TEST

/* ... or sent again after 10 ms, and after 20; what is due is not put off. */
START_TEST(udpstream_sleeps)
{
	struct process_config config = datagrams(2000);

	config.on_enobufs = ON_ENOBUFS_SLEEP;
	config.rate = 100000;
	ANSWER(SYS_ENOBUFS, SYS_ENOBUFS, 1000, 1000);
	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_UDP_CONNECT, SYS_SENDTO,
	    SYS_SLEEP, SYS_SENDTO, SYS_SLEEP, SYS_SENDTO, SYS_SENDTO,
	    SYS_CLOSE);
	ck_assert_int_eq(kernel.at[5], 10 * PS_PER_MS);
	ck_assert_int_eq(kernel.at[8], 20 * PS_PER_MS);
}
END_TEST

START_TEST(udpstream_ends)
{
	struct process_config config = datagrams(INT64_MAX);

	ANSWER(1000, SYS_ENDED);
	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_UDP_CONNECT, SYS_SENDTO,
	    SYS_SENDTO, SYS_CLOSE);
	setup();
	kernel.connect = SYS_EMFILE;
	run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_UDP_CONNECT);
}
END_TEST

START_TEST(shutdown_names_its_socket)
{
	struct process ps = {.proc = &proc};

	ck_assert_int_eq(sys_shutdown(&ps, 4), 0);
	ck_assert_int_eq(kernel.calls[0].nr, SYS_SHUTDOWN);
	ck_assert_int_eq(kernel.calls[0].fd, 4);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("process");
	TCase *tc = tcase_create("process");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, ttcp_sends_its_total);
	tcase_add_test(tc, ttcp_repeats);
	tcase_add_test(tc, ttcp_is_refused);
	tcase_add_test(tc, ttcp_loses_its_connection);
	tcase_add_test(tc, ttcp_refills_a_part);
	tcase_add_test(tc, ttcp_pauses);
	tcase_add_test(tc, ttcp_r_reads_to_the_end);
	tcase_add_test(tc, ttcp_r_goes_on);
	tcase_add_test(tc, ttcp_r_ends_with_the_run);
	tcase_add_test(tc, ttcp_r_finds_its_port_taken);
	tcase_add_test(tc, ttcp_r_keeps_to_its_rate);
	tcase_add_test(tc, ttcp_r_does_not_drift);
	tcase_add_test(tc, udpstream_sends_its_total);
	tcase_add_test(tc, udpstream_keeps_to_its_rate);
	tcase_add_test(tc, udpstream_drops);
	tcase_add_test(tc, udpstream_sleeps);
	tcase_add_test(tc, udpstream_ends);
	tcase_add_test(tc, shutdown_names_its_socket);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
