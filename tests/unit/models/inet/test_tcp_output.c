/*
 * Whether to send, and how much: Nagle, "more to come", windows, a full
 * interface queue; and how fast it all is when nothing else costs anything
 * (netbsd-2002.md 5.3, section 0).
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/socket/socket.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"
#include "tests/support/transfer.h"
#include "tests/support/wiretap.h"

enum { FIRST_SEQ = 1 };	/* of data, behind the SYN */

static struct crank crank;
static struct wiretap tap;
static struct tcpcb *tp;
static uint64_t addr;
static int fd;

static void
start(const struct world_config *config, int64_t sndbuf)
{
	crank_init(&crank, config, 1);
	wiretap_attach(&tap, &crank.world);
	fd = crank_connect(&crank, 0, sndbuf);
	addr = crank_buffer(&crank, 0, 65536);
	tp = &fd_socket(crank.procs[0].p, fd)->tcpcb;
}

static void
write_bytes(int64_t n)
{
	ck_assert_int_eq(crank_write(&crank, 0, fd, addr, n), n);
}

static void
sleep_until(sim_time at)
{
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_SLEEP, .len = at});
}

/* The i-th segment with data: place in the stream, length, PUSH or not. */
static const struct tapped *
assert_segment(int i, uint32_t place, uint32_t len, bool has_push)
{
	const struct tapped *t = wiretap_data(&tap, i);

	ck_assert_msg(t->frame.th.seq == tp->iss + FIRST_SEQ + place,
	    "segment %d: place %u", i,
	    t->frame.th.seq - tp->iss - FIRST_SEQ);
	ck_assert_msg(t->frame.payload_bytes == len, "segment %d: %u bytes", i,
	    t->frame.payload_bytes);
	ck_assert_uint_eq(t->frame.ip_bytes, 40 + len);
	ck_assert_uint_eq(t->frame.th.flags,
	    TH_ACK | (has_push ? TH_PUSH : 0));
	return t;
}

/*
 * Nagle: while something is under way, less than a segment waits for the ACK.
 * The receiver's ACK of a single segment comes with its tick, at 200 ms; then
 * everything that has gathered goes out as one.
 */
START_TEST(nagle)
{
	struct world_config config = machine_config();

	start(&config, 16384);
	/* connect: the sleeper has paid for lying down, the ACK for waking */
	ck_assert_int_eq(crank.world.host.ledger.n_ops[OP_WAKEUP], 2);
	for (int i = 0; i < 3; i++)
		write_bytes(100);
	sleep_until(PS_PER_S);
	ck_assert_int_eq(wiretap_count_data(&tap, PS_PER_S), 2);
	ck_assert_int_lt(assert_segment(0, 0, 100, true)->at, 10 * PS_PER_MS);
	ck_assert_int_ge(assert_segment(1, 100, 200, true)->at,
	    200 * PS_PER_MS);
	ck_assert_int_lt(wiretap_data(&tap, 1)->at, 201 * PS_PER_MS);
	crank_fini(&crank);
}
END_TEST

/* A full segment never waits, nor does its tail if that fills one. */
START_TEST(full_segments_go_at_once)
{
	struct world_config config = machine_config();

	config.host.tcp.init_win = 10;
	start(&config, 16384);
	write_bytes(2 * 1460 + 1);
	sleep_until(100 * PS_PER_MS);
	/* PUSH only on what empties the buffer: the tail, after the ACK */
	assert_segment(0, 0, 1460, false);
	assert_segment(1, 1460, 1460, false);
	assert_segment(2, 2920, 1, true);
	ck_assert_int_eq(wiretap_count_data(&tap, PS_PER_S), 3);
	crank_fini(&crank);
}
END_TEST

/*
 * "More to come": with segments of 4000 bytes (MTU 4040), a write of 3000 is
 * two mbufs, of 2048 and 952 bytes.  The first is all that is queued on an idle
 * connection, and is held back all the same: one segment.
 */
START_TEST(more_to_come)
{
	struct world_config config = machine_config();

	config.host.tcp.mtu = 4040;
	config.peer.mss = 4000;
	config.host.tcp.output = _i == 0 ? TCP_OUTPUT_REFERENCE :
	    TCP_OUTPUT_COPY;
	start(&config, 16384);
	write_bytes(3000);
	ck_assert_int_eq(tp->stats.n_output_calls, 4);
	ck_assert(!tp->so->ss_moretocome);
	sleep_until(100 * PS_PER_MS);
	ck_assert_int_eq(wiretap_count_data(&tap, PS_PER_S), 1);
	assert_segment(0, 0, 3000, true);
	crank_fini(&crank);
}
END_TEST

/*
 * Silly window avoidance: to a receiver whose window was never larger than
 * 2000 bytes, half of that is worth sending, one byte less is not.
 */
START_TEST(half_the_largest_window)
{
	struct world_config config = machine_config();
	int64_t n = 1000 - _i;

	config.peer.recvspace = 2000;
	config.host.tcp.init_win = 10;
	start(&config, 16384);
	write_bytes(500);
	write_bytes(n);
	sleep_until(100 * PS_PER_MS);
	ck_assert_int_eq(wiretap_count_data(&tap, 100 * PS_PER_MS),
	    _i == 0 ? 2 : 1);
	sleep_until(PS_PER_S);
	assert_segment(0, 0, 500, true);
	assert_segment(1, 500, (uint32_t)n, true);
	crank_fini(&crank);
}
END_TEST

/* Not more than the receiver's window is ever under way. */
START_TEST(receivers_window)
{
	struct world_config config = machine_config();

	config.peer.recvspace = 3000;
	config.peer.turnaround = 10 * PS_PER_MS;
	config.host.tcp.init_win = 10;
	start(&config, 65536);
	write_bytes(65536);
	/* 2 * 1460; the 80 bytes left of the window are not worth it */
	sleep_until(crank.world.cal.now + PS_PER_MS);
	ck_assert_int_eq(wiretap_count_data(&tap, crank.world.cal.now), 2);
	ck_assert_uint_eq(tp->snd_max - tp->snd_una, 2920);
	crank_fini(&crank);
}
END_TEST

/* Sequence numbers pass 2^32 in the middle of the stream: nothing is seen. */
START_TEST(sequence_wraps)
{
	struct world_config config = machine_config();

	config.host.tcp.iss = 0xffffffff - 3000;
	config.host.tcp.init_win = 4;
	config.host.tcp.timestamps = true;
	start(&config, 16384);
	write_bytes(16384);
	sleep_until(PS_PER_S);
	ck_assert_uint_eq(tp->snd_una, 0xffffffff - 3000 + 1 + 16384);
	ck_assert_uint_lt(tp->snd_una, tp->iss);
	/* 16384 = 11 * 1448 + 456 */
	for (uint32_t i = 0; i < 12; i++) {
		const struct frame *frame =
		    &wiretap_data(&tap, (int)i)->frame;

		ck_assert_uint_eq(frame->th.seq, tp->iss + 1 + i * 1448);
		ck_assert_uint_eq(frame->ip_bytes, i < 11 ? 1500 : 52 + 456);
	}
	ck_assert_int_eq(tp->stats.n_segments, 12);
	ck_assert_int_eq(tp->stats.n_retransmits, 0);
	crank_fini(&crank);
}
END_TEST

/*
 * A full interface queue: the window shrinks to one segment, nothing more is
 * sent, and what was lost is found missing by the timer.
 */
START_TEST(no_buffer_space)
{
	struct world_config config = machine_config();

	config.host.tcp.init_win = 10;
	start(&config, 16384);
	crank.world.host.if_snd.ifq_maxlen = 0;
	write_bytes(1460);
	ck_assert_int_eq(tp->stats.n_quenches, 1);
	ck_assert_int_eq(crank.world.host.if_snd.ifq_drops, 1);
	ck_assert_uint_eq(tp->snd_cwnd, 1460);
	/* it counts as sent */
	ck_assert_uint_eq(tp->snd_max - tp->snd_una, 1460);
	ck_assert_int_eq(tp->stats.n_segments, 1);
	crank.world.host.if_snd.ifq_maxlen = 50;
	/* with a window of one segment, what follows has to wait */
	write_bytes(5000);
	sleep_until(PS_PER_S);
	ck_assert_int_eq(tp->stats.n_segments, 1);
	/* 3 ticks: see test_tcp_timer.c */
	sleep_until(3 * PS_PER_S);
	ck_assert_int_ge(assert_segment(0, 0, 1460, false)->at,
	    1500 * PS_PER_MS);
	ck_assert_int_eq(tp->so->stats.bytes_acked, 6460);
	ck_assert_int_eq(tp->stats.n_retransmits, 1);
	ck_assert_int_eq(tp->stats.n_timeouts, 1);
	ck_assert_int_eq(tp->stats.n_quenches, 1);
	crank_fini(&crank);
}
END_TEST

/* The first of several: those that would have followed are not even built. */
START_TEST(no_buffer_space_ends_the_burst)
{
	struct world_config config = machine_config();

	config.host.tcp.init_win = 10;
	config.host.tcp.mtu = 576;
	config.peer.mss = 536;
	start(&config, 16384);
	crank.world.host.if_snd.ifq_maxlen = 0;
	write_bytes(2048);	/* one mbuf, three full segments */
	ck_assert_int_eq(tp->stats.n_quenches, 1);
	ck_assert_int_eq(tp->stats.n_segments, 1);
	crank.world.host.if_snd.ifq_maxlen = 50;
	sleep_until(9 * PS_PER_S);
	ck_assert_int_eq(tp->so->stats.bytes_acked, 2048);
	crank_fini(&crank);
}
END_TEST

/*
 * After a pause of a retransmission time-out or more the window is the first
 * one again; a shorter pause, or a window that is no larger, leaves it.
 */
START_TEST(restart_after_idle)
{
	struct world_config config = machine_config();
	sim_time pause = _i == 0 ? PS_PER_S : 3 * PS_PER_S;
	uint32_t cwnd;

	config.peer.delack_segments = 1;
	config.host.tcp.init_win = 2;
	start(&config, 65536);
	write_bytes(10 * 1460);
	sleep_until(crank.world.cal.now + 100 * PS_PER_MS);
	/* slow start: one segment more for each of ten ACKs */
	cwnd = tp->snd_cwnd;
	ck_assert_uint_eq(cwnd, 12 * 1460);
	ck_assert_int_eq(tp->t_rxtcur, 3);	/* ticks: 1.5 s */
	sleep_until(crank.world.cal.now + pause);
	write_bytes(100);
	ck_assert_uint_eq(tp->snd_cwnd, _i == 0 ? cwnd : 2 * 1460);
	tp->snd_cwnd = 1460;
	sleep_until(crank.world.cal.now + 3 * PS_PER_S);
	write_bytes(100);
	/* the ACK of the 100 bytes before it made it 2 */
	ck_assert_uint_eq(tp->snd_cwnd, 2 * 1460);
	crank_fini(&crank);
}
END_TEST

/*
 * Wire-limited: a segment of 1460 bytes occupies 8 + 14 + 20 + 20 + 1460 + 4 +
 * 12 = 1538 byte times of 80 ns: 1460 / 123.04 us = 11,866,060 bytes/s, which
 * is 11588 KB/s; with timestamps 1448 / 123.04 us, 11493 KB/s.
 */
START_TEST(wire_limited)
{
	struct world_config config = transfer_free_config();

	config.host.tcp.timestamps = _i % 2 == 1;
	config.host.tcp.output = _i / 2 % 2 == 1 ? TCP_OUTPUT_COPY :
	    TCP_OUTPUT_REFERENCE;
	config.host.sosend.sosend_loan = _i / 4 == 1;
	config.warmup = PS_PER_S;
	config.duration = 6 * PS_PER_S;
	crank_init(&crank, &config, 1);
	transfer_until_end(&crank, 65536, 65536);
	transfer_assert_rate(&crank.world,
	    (_i % 2 == 1 ? 11493 : 11588) * 1024);
	crank_fini(&crank);
}
END_TEST

/*
 * Window-limited: 8 segments under way, an ACK for each, a delay of 10 ms each
 * way.  A round trip of a segment:
 *
 *	fetch 1514 bytes at 10 ps		     15,140 ps
 *	frame 1526 byte times			122,080,000
 *	delay				     10,000,000,000
 *	ACK, 72 byte times			  5,760,000
 *	delay				     10,000,000,000
 *	store 64 bytes at 10 ps			        640
 *
 * and the checksum's and the copies' reads and writes, about 4.4 ns, lost in
 * the 0.1 %: 11680 bytes / 20.127856 ms = 580,290 bytes/s.  The interval of
 * 99 s has some 4919 round trips, so that its ends are lost in it too.
 */
START_TEST(window_limited)
{
	struct world_config config = transfer_free_config();

	config.peer.recvspace = 8 * 1460;
	config.peer.delack_segments = 1;
	config.link.delay = 10 * PS_PER_MS;
	config.warmup = PS_PER_S;
	config.duration = 100 * PS_PER_S;
	crank_init(&crank, &config, 1);
	transfer_until_end(&crank, 65536, 65536);
	transfer_assert_rate(&crank.world, mul_div(8 * 1460, PS_PER_S,
	    15140 + 122080000 + 5760000 + 640 + 20 * PS_PER_MS));
	crank_fini(&crank);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, nagle);
	tcase_add_test(tc, full_segments_go_at_once);
	tcase_add_loop_test(tc, more_to_come, 0, 2);
	tcase_add_loop_test(tc, half_the_largest_window, 0, 2);
	tcase_add_test(tc, receivers_window);
	tcase_add_test(tc, sequence_wraps);
	tcase_add_test(tc, no_buffer_space);
	tcase_add_test(tc, no_buffer_space_ends_the_burst);
	tcase_add_loop_test(tc, restart_after_idle, 0, 2);
	tcase_add_loop_test(tc, wire_limited, 0, 8);
	tcase_add_test(tc, window_limited);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_output");
	TCase *tc = tcase_create("tcp_output");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	add_tests(tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
