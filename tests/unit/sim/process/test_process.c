/*
 * Programs against a kernel that writes down their calls and answers as it is
 * told: which calls, in which order, with what, and when.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/sim/fake_kernel.h"

/* 2500 bytes in writes of 1000, and of what is left */
START_TEST(ttcp_sends_its_total)
{
	struct process_config config = fake_sender(2500);
	const struct sys_call *connect = &kernel.calls[2];

	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_CONNECT, SYS_WRITE, SYS_WRITE,
	    SYS_WRITE, SYS_CLOSE);
	ck_assert_uint_eq(connect->port, 4711);
	ck_assert_uint_eq(connect->conn, 0);
	ck_assert_int_eq(connect->so_sndbuf, 16384);
	ck_assert_int_eq(connect->so_sndlowat, 2048);
	ck_assert_int_eq(connect->so_rcvbuf, 7000);
	ck_assert(connect->tcp_nodelay && connect->so_keepalive);
	ck_assert_int_eq(kernel.calls[4].fd, FAKE_FD);
	ck_assert_int_eq(kernel.calls[4].len, 1000);
	ck_assert_int_eq(kernel.calls[5].len, 500);
	ck_assert_int_eq(kernel.calls[6].fd, FAKE_FD);
}
END_TEST

START_TEST(ttcp_repeats)
{
	struct process_config config = fake_sender(1000);

	config.repeat = 3;
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_CONNECT, SYS_WRITE, SYS_CLOSE,
	    SYS_CONNECT, SYS_WRITE, SYS_CLOSE, SYS_CONNECT, SYS_WRITE,
	    SYS_CLOSE);
}
END_TEST

START_TEST(ttcp_is_refused)
{
	struct process_config config = fake_sender(1000);

	config.repeat = 3;
	kernel.connect = SYS_ECONNREFUSED;
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_CONNECT);
	ck_assert_int_eq(fake_exit_status(), SYS_ECONNREFUSED);
}
END_TEST

START_TEST(ttcp_loses_its_connection)
{
	struct process_config config = fake_sender(3000);

	config.repeat = 3;
	ANSWER(1000, SYS_ECONNRESET);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_CONNECT, SYS_WRITE, SYS_WRITE,
	    SYS_CLOSE);
	ck_assert_int_eq(fake_exit_status(), SYS_ECONNRESET);
}
END_TEST

/* each buffer before it is written; of the last write all, as it is less */
START_TEST(ttcp_refills_a_part)
{
	struct process_config config = fake_sender(2300);

	config.refill = REFILL_FULL;
	config.refill_bytes = 400;
	config.n_buffers = 2;
	fake_run(&config);
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
	struct process_config config = fake_sender(3000);

	config.start = 5 * PS_PER_MS;
	config.pause = PS_PER_MS;
	fake_run(&config);
	ASSERT_CALLS(SYS_SLEEP, SYS_MMAP, SYS_TOUCH, SYS_CONNECT, SYS_WRITE,
	    SYS_SLEEP, SYS_WRITE, SYS_SLEEP, SYS_WRITE, SYS_CLOSE);
	ck_assert_int_eq(kernel.at[4], 5 * PS_PER_MS);
	ck_assert_int_eq(kernel.at[8], 7 * PS_PER_MS);
}
END_TEST

START_TEST(ttcp_r_reads_to_the_end)
{
	struct process_config config = fake_receiver(2);

	ANSWER(5, 700, 1000, 0, 6, 0);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_READ,
	    SYS_READ, SYS_CLOSE, SYS_ACCEPT, SYS_READ, SYS_CLOSE, SYS_CLOSE);
	ck_assert_int_eq(kernel.calls[0].len, 1008);
	ck_assert_uint_eq(kernel.calls[1].port, 4712);
	ck_assert_int_ge(kernel.calls[1].backlog, 1);
	ck_assert_int_eq(kernel.calls[1].so_rcvbuf, 7000);
	ck_assert(kernel.calls[1].tcp_nodelay &&
	    !kernel.calls[1].so_keepalive);
	ck_assert_int_eq(kernel.calls[2].fd, FAKE_FD);
	ck_assert_int_eq(kernel.calls[3].fd, 5);
	ck_assert_int_eq(kernel.calls[3].len, 1000);
	ck_assert_uint_eq(kernel.calls[3].addr, FAKE_RING + 8);
	ck_assert_int_eq(kernel.calls[6].fd, 5);
	ck_assert_int_eq(kernel.calls[8].fd, 6);
	ck_assert_int_eq(kernel.calls[10].fd, FAKE_FD);
}
END_TEST

/* one that is lost, or gone before it is accepted, is no reason to stop */
START_TEST(ttcp_r_goes_on)
{
	struct process_config config = fake_receiver(INT64_MAX);

	ANSWER(5, SYS_ECONNRESET, SYS_ECONNABORTED, 6, 10, 0);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_CLOSE,
	    SYS_ACCEPT, SYS_ACCEPT, SYS_READ, SYS_READ, SYS_CLOSE, SYS_ACCEPT,
	    SYS_CLOSE);
	/* a connection that is lost is no reason for a server to give up */
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

START_TEST(ttcp_r_ends_with_the_run)
{
	struct process_config config = fake_receiver(5);

	ANSWER(5, 10, SYS_ENDED);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_READ,
	    SYS_CLOSE, SYS_CLOSE);
}
END_TEST

START_TEST(ttcp_r_finds_its_port_taken)
{
	struct process_config config = fake_receiver(5);

	kernel.connect = SYS_EADDRINUSE;
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN);
	ck_assert_int_eq(fake_exit_status(), SYS_EADDRINUSE);
}
END_TEST

/*
 * 1 MB/s is 1 us a byte, since the connection was accepted at 0.  A read takes
 * 100 us.  Of 1000, 1000 and 50 bytes each next read is due at 1000, 2000 and
 * 2050 us, and the last is late: the third ended at 2100 us.
 */
START_TEST(ttcp_r_keeps_to_its_rate)
{
	struct process_config config = fake_receiver(1);

	config.read_rate = 1000000;
	kernel.read_takes = 100 * PS_PER_US;
	ANSWER(5, 1000, 1000, 50, 0);
	fake_run(&config);
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
	struct process_config config = fake_receiver(1);

	config.read_rate = 3000000;
	ANSWER(5, 1, 1, 1, 1, 1, 1, 0);
	fake_run(&config);
	ck_assert_int_eq(cal.now, 2 * PS_PER_US);
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
	tcase_add_checked_fixture(tc, fake_setup, NULL);
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
	tcase_add_test(tc, shutdown_names_its_socket);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
