/*
 * The ideal peer's window, and the program that empties its buffer: 1 MB/s is a
 * byte in a microsecond.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/peer_rig.h"

static void
setup(void)
{
	rig_setup();
	rig.config.recvspace = 8192;
	rig.config.read_rate = 1000000;
}

static void
soon(void)
{
	rig_run_to(rig.cal.now + 10 * PS_PER_US);
}

/* n segments at once, from the first place that is missing on */
static void
send_full(int n)
{
	for (int i = 0; i < n; i++)
		rig_data((uint32_t)rig_conn()->bytes_received, 1460);
}

/* Five segments and 892 bytes fill it at 10 ms; three ACKs. */
static void
fill(void)
{
	rig_start();
	rig_establish();
	send_full(5);
	rig_data(7300, 892);
	rig_run_to(10 * PS_PER_MS + 30 * PS_PER_US);
	ck_assert_int_eq(rig.n_answers, 3);
	ck_assert_int_eq(rig.answers[0].frame.th.win, 8192 - 2920);
	ck_assert_int_eq(rig.answers[1].frame.th.win, 8192 - 5840);
	rig_assert_ack(3, 8192, 0);
	ck_assert_int_eq(rig.peer.n_zero_windows, 1);
}

/*
 * The window was closed with an end of 8192.  It moves by two segments when
 * 2920 bytes are read, at 2.92 ms, and again at 5.84 ms; after that 2352 bytes
 * are left, which are no news.
 */
START_TEST(updates)
{
	fill();
	rig_run_to(PS_PER_S);
	ck_assert_int_eq(rig.n_answers, 5);
	rig_assert_answer(3, 12920 * PS_PER_US + ACK_TIME, TH_ACK,
	    PEER_ISS + 1, BOARD_ISS + 1 + 8192, 2920);
	rig_assert_answer(4, 15840 * PS_PER_US + ACK_TIME, TH_ACK,
	    PEER_ISS + 1, BOARD_ISS + 1 + 8192, 5840);
	ck_assert_int_eq(rig.peer.n_window_updates, 2);
	ck_assert_int_eq(rig.peer.n_dup_acks, 0);
	ck_assert(!cal_is_scheduled(&rig_conn()->reader));
	/* all is read by now: the whole window, with the next ACK */
	send_full(1);
	rig_data(1460, 0);
	soon();
	rig_assert_ack(6, 8192 + 1460, 8192 - 1460);
	rig_finish();
}
END_TEST

/* To the picosecond: 2920 bytes at 3 MB/s are 973,333,333 1/3 ps. */
START_TEST(no_rounding)
{
	rig.config.read_rate = 3000000;
	fill();
	rig_run_to(PS_PER_S);
	ck_assert_int_eq(rig.answers[3].at,
	    10 * PS_PER_MS + 973333334 + ACK_TIME);
	/* 5840 bytes: 1,946,666,666 2/3 ps */
	ck_assert_int_eq(rig.answers[4].at,
	    10 * PS_PER_MS + 1946666667 + ACK_TIME);
	rig_finish();
}
END_TEST

/* Looking often loses nothing: 300 bytes a ms, looked at every 7 ns. */
START_TEST(many_looks)
{
	rig.config.read_rate = 300001;
	rig_start();
	rig_establish();
	rig_data(0, 1000);
	for (int i = 1; i <= 100000; i++) {
		rig_run_to(10 * PS_PER_MS + i * 7 * PS_PER_NS);
		rig_data(1000, 0);
	}
	/* 0.7 ms: 210.0007 bytes */
	ck_assert_int_eq(rig_conn()->bytes_unread, 1000 - 210);
	rig_finish();
}
END_TEST

/* Half of a small buffer is less than two segments. */
START_TEST(half_of_the_buffer)
{
	rig.config.recvspace = 4001;
	rig_start();
	rig_establish();
	send_full(2);
	rig_data(2920, 1081);
	rig_data(4001, 0);
	rig_run_to(11 * PS_PER_MS);
	/* an odd third segment: its ACK waits for the tick, or for this one */
	ck_assert_int_eq(rig.n_answers, 1);
	rig_run_to(100 * PS_PER_MS);
	/* 2001 = 4001 / 2, rounded up */
	rig_assert_answer(1, 12001 * PS_PER_US + ACK_TIME, TH_ACK,
	    PEER_ISS + 1, BOARD_ISS + 1 + 4001, 2001);
	/* the other 2000 bytes are not half of it */
	ck_assert_int_eq(rig.n_answers, 2);
	rig_finish();
}
END_TEST

/* An ACK in between tells of the window: the update is put off. */
START_TEST(update_put_off)
{
	rig_start();
	rig_establish();
	send_full(2);
	rig_run_to(11460 * PS_PER_US);
	/* 1460 are read: the end lies at 9652 */
	send_full(2);
	soon();
	rig_assert_ack(2, 5840, 8192 + 1460 - 5840);
	/* the next two segments' worth: 1460 + 2920 read */
	rig_run_to(PS_PER_S);
	rig_assert_answer(2, 14380 * PS_PER_US + ACK_TIME, TH_ACK,
	    PEER_ISS + 1, BOARD_ISS + 1 + 5840, 8192 + 4380 - 5840);
	ck_assert_int_eq(rig.peer.n_window_updates, 1);
	rig_finish();
}
END_TEST

/* A probe of a closed window: cut off, and answered. */
START_TEST(probe)
{
	rig.config.read_start = PS_PER_S;
	fill();
	rig_data(8192, 1);
	soon();
	rig_assert_ack(4, 8192, 0);
	ck_assert_int_eq(rig.peer.n_beyond, 1);
	ck_assert_int_eq(rig.peer.n_zero_windows, 2);
	ck_assert_int_eq(rig.peer.n_dup_acks, 1);
	rig_finish();
}
END_TEST

/*
 * With room its byte is taken, and is a segment like any other.  The window
 * stays closed while the room is less than a segment and a quarter of the
 * buffer: at 500 us there are 500 bytes.
 */
START_TEST(probe_with_room)
{
	fill();
	rig_run_to(10500 * PS_PER_US);
	rig_data(8192, 1);
	rig_data(8193, 1);
	soon();
	rig_assert_ack(4, 8194, 0);
	ck_assert_int_eq(rig.peer.n_beyond, 0);
	ck_assert_int_eq(rig.peer.n_dup_acks, 0);
	/* offered up to 8194 meanwhile: two bytes and two segments are read */
	rig_run_to(PS_PER_S);
	rig_assert_answer(4, 12922 * PS_PER_US + ACK_TIME, TH_ACK,
	    PEER_ISS + 1, BOARD_ISS + 1 + 8194, 2920);
	rig_finish();
}
END_TEST

/* Nothing before a date; then all at once, or at the rate. */
START_TEST(read_start)
{
	sim_time takes = _i == 0 ? 0 : 2920 * PS_PER_US;

	rig.config.read_start = PS_PER_S;
	rig.config.read_rate = _i == 0 ? 0 : 1000000;
	fill();
	rig_run_to(PS_PER_S + 4 * PS_PER_MS);
	ck_assert_int_eq(rig.n_answers, 4);
	ck_assert_int_eq(rig.answers[3].at, PS_PER_S + takes + ACK_TIME);
	rig_assert_ack(4, 8192, _i == 0 ? 8192 : 2920);
	rig_run_to(2 * PS_PER_S);
	send_full(2);
	soon();
	/* what is read at once is never in the buffer */
	rig_assert_ack(_i == 0 ? 5 : 6, 8192 + 2920,
	    _i == 0 ? 8192 : 8192 - 2920);
	rig_finish();
}
END_TEST

/*
 * The end of the window: a segment across it is cut there, and answered at
 * once; bytes beyond a gap leave it where it is.
 */
START_TEST(beyond_the_window)
{
	rig.config.read_start = PS_PER_S;
	rig_start();
	rig_establish();
	rig_data(7000, 2000);
	soon();
	rig_assert_ack(1, 0, 8192);
	rig_data(8192, 100);
	soon();
	rig_assert_ack(2, 0, 8192);
	ck_assert_int_eq(rig.peer.n_beyond, 2);
	ck_assert_int_eq(rig.peer.n_out_of_order, 1);
	ck_assert_int_eq(rig.peer.n_duplicates, 0);
	rig_data(0, 7000);
	soon();
	rig_assert_ack(3, 8192, 0);
	/* the FIN has no byte of the window, but lies beyond it with one */
	rig_receive(1, TH_ACK | TH_FIN, BOARD_ISS + 1 + 8192, 1);
	soon();
	ck_assert(!rig_conn()->has_fin);
	rig_receive(1, TH_ACK | TH_FIN, BOARD_ISS + 1 + 8192, 0);
	ck_assert(rig_conn()->has_fin);
	rig_finish();
}
END_TEST

/* In order and across the end of the room, by one byte. */
START_TEST(cut_in_order)
{
	rig.config.read_start = PS_PER_S;
	rig.config.recvspace = 1459;
	rig_start();
	rig_establish();
	send_full(1);
	soon();
	rig_assert_ack(1, 1459, 0);
	ck_assert_int_eq(rig.peer.n_beyond, 1);
	rig_finish();
}
END_TEST

/* The end of file is behind the last byte: 1460 us until the program closes. */
START_TEST(fin_behind_what_is_unread)
{
	rig_start();
	rig_establish();
	rig_receive(1, TH_ACK | TH_FIN, BOARD_ISS + 1, 1460);
	soon();
	ck_assert_int_eq(rig.n_answers, 1);
	ck_assert_uint_eq(rig.answers[0].frame.th.ack, BOARD_ISS + 1462);
	ck_assert_int_eq(rig_conn()->state, PEER_CLOSE_WAIT);
	/* a repetition is answered meanwhile */
	rig_receive(1, TH_ACK | TH_FIN, BOARD_ISS + 1, 1460);
	soon();
	ck_assert_int_eq(rig.n_answers, 2);
	rig_run_to(20 * PS_PER_MS);
	ck_assert_int_eq(rig.n_answers, 3);
	ck_assert_uint_eq(rig.answers[2].frame.th.flags, TH_FIN | TH_ACK);
	ck_assert_int_eq(rig.answers[2].at, 11460 * PS_PER_US + ACK_TIME);
	ck_assert_int_eq(rig_conn()->state, PEER_CLOSED);
	rig_finish();
}
END_TEST

/* The run is over, or the connection: its program reads no more. */
START_TEST(nobody_reads)
{
	fill();
	if (_i == 0)
		peer_quit(&rig.peer);
	else
		rig_receive(1, TH_RST, BOARD_ISS + 1 + 8192, 0);
	ck_assert(!cal_is_scheduled(&rig_conn()->reader));
	rig_data(8192, 1);
	ck_assert(!cal_is_scheduled(&rig_conn()->reader));
	rig_finish();
}
END_TEST

/*
 * 1 MiB takes a shift of 5: 65535 << 4 is 16 bytes too few.  What the field
 * cannot say is rounded down; the end that counts is exact.
 */
START_TEST(shifted)
{
	rig.config.recvspace = 1 << 20;
	rig.config.read_start = PS_PER_S;
	rig_start();
	rig_establish();
	rig_data(0, 1);
	rig_data(1, 1);
	soon();
	ck_assert_uint_eq(rig_conn()->rcv_scale, 5);
	rig_assert_ack(1, 2, (1 << 20) - 32);
	ck_assert_int_eq(rig_conn()->adv_place, 1 << 20);
	rig_finish();
}
END_TEST

/*
 * Without a shift 65535 is the most, whatever the buffer.  Then arrival alone
 * moves the end, and two segments make an update, ahead of the delayed ACK.
 */
START_TEST(not_shifted)
{
	struct frame first = {.conn = 1, .th = {.flags = TH_SYN,
	    .seq = BOARD_ISS}};

	rig.config.recvspace = 1 << 20;
	rig.config.delack_segments = 64;
	rig_start();
	peer_receive(&rig.peer, &first);
	rig_run_to(10 * PS_PER_MS);
	ck_assert_uint_eq(rig.answers[0].frame.th.wscale, 0);
	send_full(2);
	soon();
	rig_assert_ack(2, 2920, 65535);
	ck_assert_int_eq(rig.peer.n_window_updates, 1);
	rig_finish();
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, updates);
	tcase_add_test(tc, no_rounding);
	tcase_add_test(tc, many_looks);
	tcase_add_test(tc, half_of_the_buffer);
	tcase_add_test(tc, update_put_off);
	tcase_add_test(tc, probe);
	tcase_add_test(tc, probe_with_room);
	tcase_add_loop_test(tc, read_start, 0, 2);
	tcase_add_test(tc, beyond_the_window);
	tcase_add_test(tc, cut_in_order);
	tcase_add_test(tc, fin_behind_what_is_unread);
	tcase_add_loop_test(tc, nobody_reads, 0, 2);
	tcase_add_test(tc, shifted);
	tcase_add_test(tc, not_shifted);
}

int
main(void)
{
	Suite *suite = suite_create("peer_window");
	TCase *tc = tcase_create("peer_window");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, NULL);
	add_tests(tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
