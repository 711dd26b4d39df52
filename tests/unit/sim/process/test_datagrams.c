/*
 * The programs that send and read datagrams, against a kernel that writes down
 * their calls.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/sim/fake_kernel.h"

static struct process_config
datagrams(int64_t total)
{
	struct process_config config = fake_sender(total);

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
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_UDP_CONNECT, SYS_TOUCH,
	    SYS_SENDTO, SYS_TOUCH, SYS_SENDTO, SYS_TOUCH, SYS_SENDTO,
	    SYS_CLOSE);
	ck_assert_uint_eq(udp->port, 4711);
	ck_assert_int_eq(udp->so_sndbuf, 16384);
	ck_assert_int_eq(kernel.calls[6].len, 1000);
	ck_assert_int_eq(kernel.calls[8].len, 500);
	ck_assert_uint_eq(kernel.calls[8].addr, FAKE_RING);
}
END_TEST

/* 1 MB/s: 1000 bytes are due each millisecond, the first at once */
START_TEST(udpstream_keeps_to_its_rate)
{
	struct process_config config = datagrams(3000);

	config.rate = 1000000;
	fake_run(&config);
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
	fake_run(&config);
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
	fake_run(&config);
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
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_UDP_CONNECT, SYS_SENDTO,
	    SYS_SENDTO, SYS_CLOSE);
	fake_setup();
	kernel.connect = SYS_EMFILE;
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_TOUCH, SYS_UDP_CONNECT);
}
END_TEST

/* An empty datagram is no end; the rate is that of ttcp-r. */
START_TEST(udpsink_reads_until_the_end)
{
	struct process_config config = fake_receiver(1);

	config.program = PROGRAM_UDPSINK;
	config.read_rate = 1000000;
	ANSWER(700, 0, 30);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_UDP_BIND, SYS_READ, SYS_SLEEP, SYS_READ,
	    SYS_READ, SYS_SLEEP, SYS_READ, SYS_CLOSE);
	ck_assert_uint_eq(kernel.calls[1].port, 4712);
	ck_assert_int_eq(kernel.calls[1].so_rcvbuf, 7000);
	ck_assert_int_eq(kernel.calls[2].fd, FAKE_FD);
	ck_assert_uint_eq(kernel.calls[2].addr, FAKE_RING + 8);
	ck_assert_int_eq(kernel.at[7], 730 * PS_PER_US);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("datagrams");
	TCase *tc = tcase_create("datagrams");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, fake_setup, NULL);
	tcase_add_test(tc, udpstream_sends_its_total);
	tcase_add_test(tc, udpstream_keeps_to_its_rate);
	tcase_add_test(tc, udpstream_drops);
	tcase_add_test(tc, udpstream_sleeps);
	tcase_add_test(tc, udpstream_ends);
	tcase_add_test(tc, udpsink_reads_until_the_end);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
