/*
 * The ideal peer as a receiver: order, content, gaps, and the end.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/peer_rig.h"

/*
 * Nobody there: RFC 793, page 36.
 */
START_TEST(nothing_before_a_syn)
{
	struct frame frame = {.conn = 2, .payload_bytes = 1460, .th = {
	    .flags = TH_ACK, .seq = 5000, .ack = 7777}};

	rig_start();
	peer_receive(&rig.peer, &frame);
	frame.th.flags = TH_FIN;
	peer_receive(&rig.peer, &frame);
	/* no RST for a RST */
	frame.th.flags = TH_RST | TH_ACK;
	peer_receive(&rig.peer, &frame);
	rig_run_to(PS_PER_S);
	ck_assert_int_eq(rig.n_answers, 2);
	rig_assert_answer(0, ACK_TIME, TH_RST, 7777, 0, 0);
	/* 1460 bytes and the FIN */
	rig_assert_answer(1, ACK_TIME + ACK_LENGTH, TH_RST | TH_ACK, 0, 6461,
	    0);
	ck_assert_int_eq(peer_find(&rig.peer, 2)->bytes_received, 0);
	ck_assert_int_eq(rig.peer.n_resets, 2);
	ck_assert_int_eq(rig.peer.n_acks_sent, 0);
	rig_finish();
}
END_TEST

START_TEST(wrong_content)
{
	static const uint64_t names[] = {CONTENT_MIXED, CONTENT_NONE};
	struct frame frame = {.conn = 1, .payload_bytes = 100, .th = {
	    .flags = TH_ACK, .seq = BOARD_ISS + 1}};

	rig_start();
	rig_establish();
	for (int i = 0; i < 4; i++) {
		/* the right place of another connection, and the next place */
		frame.content = i < 2 ? names[i] :
		    content_name(i == 2 ? 2 : 1, i == 2 ? 200 : 301);
		peer_receive(&rig.peer, &frame);
		frame.th.seq += 100;
		ck_assert_int_eq(rig_conn()->bytes_wrong,
		    100 * (i + 1));
	}
	frame.content = content_name(1, 400);
	peer_receive(&rig.peer, &frame);
	ck_assert_int_eq(rig_conn()->bytes_wrong, 400);
	ck_assert_int_eq(rig_conn()->bytes_received, 500);
	rig_finish();
}
END_TEST

/* Beyond a gap: only what is new there is accepted, hence wrong. */
START_TEST(wrong_content_beyond_a_gap)
{
	struct frame frame = {.conn = 1, .payload_bytes = 300, .th = {
	    .flags = TH_ACK, .seq = BOARD_ISS + 1 + 50},
	    .content = content_name(1, 51)};

	rig_start();
	rig_establish();
	rig_data(100, 100);
	peer_receive(&rig.peer, &frame);
	ck_assert_int_eq(rig_conn()->bytes_wrong, 200);
	/* the name of the first byte, though that one is old */
	rig_data(0, 50);
	frame.th.seq = BOARD_ISS + 1 + 300;
	frame.content = content_name(1, 300);
	peer_receive(&rig.peer, &frame);
	ck_assert_int_eq(rig_conn()->bytes_received, 600);
	ck_assert_int_eq(rig_conn()->bytes_wrong, 200);
	rig_finish();
}
END_TEST

/*
 * Gaps: RFC 2581, 4.2
 */
static void
assert_counts(int64_t n_out_of_order, int64_t n_duplicates,
    int64_t n_dup_acks)
{
	ck_assert_int_eq(rig.peer.n_out_of_order, n_out_of_order);
	ck_assert_int_eq(rig.peer.n_duplicates, n_duplicates);
	ck_assert_int_eq(rig.peer.n_dup_acks, n_dup_acks);
}

static void
soon(void)
{
	rig_run_to(rig.cal.now + PS_PER_MS);
}

/* The first of four is missing: three duplicate ACKs, then one for all. */
START_TEST(one_lost)
{
	rig_start();
	rig_establish();
	for (int i = 1; i < 4; i++) {
		rig_data((uint32_t)i * 1460, 1460);
		soon();
		rig_assert_ack(i, 0, 65536);
		/* at once: 1 ms is no tick of the timer */
		ck_assert_int_eq(rig.answers[i - 1].at,
		    (9 + i) * PS_PER_MS + ACK_TIME);
	}
	ck_assert_int_eq(rig_conn()->bytes_received, 0);
	ck_assert_uint_eq(rig_conn()->held.n, 1);
	assert_counts(3, 0, 3);
	rig_data(0, 1460);
	soon();
	rig_assert_ack(4, 5840, 65536);
	ck_assert_uint_eq(rig_conn()->held.n, 0);
	/* and each of them again: old */
	for (uint32_t i = 0; i < 4; i++)
		rig_data(i * 1460, 1460);
	soon();
	rig_assert_ack(8, 5840, 65536);
	assert_counts(3, 4, 7);
	ck_assert_int_eq(rig_conn()->bytes_received, 5840);
	ck_assert_int_eq(rig.peer.n_acks_sent, 9);
	rig_finish();
}
END_TEST

/* Two gaps: what closes the first one, or a part of it, is told at once. */
START_TEST(two_lost)
{
	rig_start();
	rig_establish();
	rig_data(1000, 100);
	rig_data(2000, 100);
	soon();
	rig_assert_ack(2, 0, 65536);
	rig_data(0, 500);
	soon();
	rig_assert_ack(3, 500, 65536);
	rig_data(500, 500);
	soon();
	rig_assert_ack(4, 1100, 65536);
	/* in the middle of the second gap; and a repetition */
	rig_data(1500, 100);
	rig_data(1500, 100);
	soon();
	rig_assert_ack(6, 1100, 65536);
	ck_assert_uint_eq(rig_conn()->held.n, 2);
	assert_counts(3, 1, 4);
	rig_data(1100, 900);
	soon();
	rig_assert_ack(7, 2100, 65536);
	rig_finish();
}
END_TEST

/* A delayed ACK goes with the first duplicate, which says something new. */
START_TEST(gap_behind_a_delayed_ack)
{
	rig_start();
	rig_establish();
	rig_data(0, 1460);
	rig_data(2920, 1460);
	rig_data(4380, 1460);
	soon();
	rig_assert_ack(2, 1460, 65536);
	assert_counts(2, 0, 1);
	ck_assert_int_eq(rig_conn()->n_unacked, 0);
	rig_finish();
}
END_TEST

/* In part old, without a gap: the rest is a segment like any other. */
START_TEST(partly_old)
{
	rig_start();
	rig_establish();
	rig_data(0, 1000);
	rig_data(500, 1000);
	soon();
	rig_assert_ack(1, 1500, 65536);
	rig_data(1400, 200);
	soon();
	ck_assert_int_eq(rig.n_answers, 1);
	ck_assert_int_eq(rig_conn()->n_unacked, 1);
	ck_assert_int_eq(rig_conn()->bytes_received, 1600);
	ck_assert_int_eq(rig_conn()->bytes_wrong, 0);
	assert_counts(0, 0, 0);
	rig_finish();
}
END_TEST

/* Overlaps of all kinds with what is held, 20 bytes wide each. */
START_TEST(overlaps)
{
	static const struct {
		uint32_t from, to, n_held, received;
	} steps[] = {
		{100, 120, 1, 0}, {140, 160, 2, 0}, {110, 130, 2, 0},
		{90, 100, 2, 0}, {95, 125, 2, 0}, {160, 180, 2, 0},
		{200, 220, 3, 0}, {85, 185, 2, 0}, {10, 20, 3, 0},
		{0, 15, 2, 20}, {18, 90, 1, 185}, {150, 230, 0, 230}
	};

	rig_start();
	rig_establish();
	for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++) {
		rig_data(steps[i].from, steps[i].to - steps[i].from);
		ck_assert_uint_eq(rig_conn()->held.n, steps[i].n_held);
		ck_assert_int_eq(rig_conn()->bytes_received,
		    steps[i].received);
		ck_assert_uint_eq(rig_conn()->rcv_nxt,
		    BOARD_ISS + 1 + steps[i].received);
		soon();
	}
	ck_assert_int_eq(rig_conn()->bytes_wrong, 0);
	rig_finish();
}
END_TEST

/* More than 4 GiB, in frames of 1 MiB, every second pair reversed. */
START_TEST(long_run)
{
	enum { N = 4200 };
	struct frame frame = {.conn = 1, .payload_bytes = 1 << 20,
	    .th = {.flags = TH_ACK}};

	rig.config.recvspace = 1 << 24;
	rig.iss = _i == 0 ? BOARD_ISS : UINT32_MAX;
	rig_start();
	rig_establish();
	for (int64_t i = 0; i < N; i++) {
		uint64_t at = (uint64_t)(i % 4 < 2 ? i : i ^ 1) << 20;

		frame.th.seq = rig.iss + 1 + (uint32_t)at;
		frame.content = content_name(1, at);
		peer_receive(&rig.peer, &frame);
		soon();
		rig.n_answers = 0;
	}
	ck_assert_int_eq(rig_conn()->bytes_received, INT64_C(4200) << 20);
	ck_assert_int_eq(rig_conn()->bytes_wrong, 0);
	ck_assert_int_eq(rig.peer.n_out_of_order, N / 4);
	ck_assert_uint_eq(rig_conn()->rcv_nxt,
	    rig.iss + 1 + (uint32_t)(UINT64_C(4200) << 20));
	rig_finish();
}
END_TEST

/*
 * A FIN waits for its place.  Cases: behind data in its own segment, and alone.
 */
START_TEST(fin_out_of_order)
{
	rig_start();
	rig_establish();
	if (_i == 0)
		rig_receive(1, TH_ACK | TH_FIN, BOARD_ISS + 1461, 1460);
	else
		rig_receive(1, TH_ACK | TH_FIN, BOARD_ISS + 2921, 0);
	soon();
	rig_assert_ack(1, 0, 65536);
	assert_counts(1, 0, 1);
	ck_assert_int_eq(rig_conn()->state, PEER_ESTABLISHED);
	/* again: nothing new in it; and beyond the end nothing is */
	rig_receive(1, TH_ACK | TH_FIN, BOARD_ISS + 2921, 0);
	rig_data(2920, 10);
	soon();
	rig_assert_ack(3, 0, 65536);
	assert_counts(1, 1, 3);
	rig_data(0, 1460);
	if (_i > 0) {
		/* a FIN waits, so this ACK does not */
		soon();
		rig_assert_ack(4, 1460, 65536);
		rig_data(1460, 1460);
	}
	soon();
	rig_assert_answer(rig.n_answers - 2, rig.answers[rig.n_answers - 2].at,
	    TH_ACK, PEER_ISS + 1, BOARD_ISS + 2922, 32768);
	rig_assert_answer(rig.n_answers - 1, rig.answers[rig.n_answers - 1].at,
	    TH_FIN | TH_ACK, PEER_ISS + 1, BOARD_ISS + 2922, 32768);
	ck_assert_int_eq(rig_conn()->state, PEER_CLOSED);
	ck_assert_int_eq(rig_conn()->bytes_received, 2920);
	rig_finish();
}
END_TEST

/* Data again that is sent with the FIN this time. */
START_TEST(fin_with_old_data)
{
	rig_start();
	rig_establish();
	rig_data(0, 1460);
	rig_receive(1, TH_ACK | TH_FIN, BOARD_ISS + 1, 1460);
	soon();
	ck_assert_int_eq(rig.n_answers, 2);
	ck_assert_uint_eq(rig.answers[0].frame.th.ack, BOARD_ISS + 1462);
	ck_assert_int_eq(rig_conn()->state, PEER_CLOSED);
	assert_counts(0, 0, 0);
	/* all of it once more, late */
	rig_receive(1, TH_ACK | TH_FIN, BOARD_ISS + 1, 1460);
	soon();
	assert_counts(0, 1, 1);
	ck_assert_int_eq(rig_conn()->bytes_received, 1460);
	rig_finish();
}
END_TEST

/* An end that data has gone past is none. */
START_TEST(fin_before_the_end)
{
	rig_start();
	rig_establish();
	rig_data(0, 1460);
	rig_receive(1, TH_ACK | TH_FIN, BOARD_ISS + 1 + 400, 100);
	soon();
	ck_assert(!rig_conn()->has_fin);
	ck_assert_int_eq(rig_conn()->state, PEER_ESTABLISHED);
	rig_assert_ack(rig.n_answers, 1460, 65536);
	rig_finish();
}
END_TEST

/*
 * Neither data nor FIN: an ACK in its place needs no answer; below or beyond
 * the window it asks for one.
 */
START_TEST(empty_segments)
{
	rig_start();
	rig_establish();
	rig_data(0, 1460);
	rig_data(1460, 1460);
	soon();
	rig_data(2920, 0);
	rig_data(2920 + 1000, 0);
	rig_data(2920 + 65536, 0);
	soon();
	ck_assert_int_eq(rig.n_answers, 1);
	rig_data(2919, 0);
	soon();
	rig_assert_ack(2, 2920, 65536);
	rig_data(2920 + 65537, 0);
	soon();
	rig_assert_ack(3, 2920, 65536);
	assert_counts(0, 0, 2);
	rig_finish();
}
END_TEST

/* A SYN again after data is old; one before it asks for the answer again. */
START_TEST(late_syn)
{
	rig_start();
	rig_establish();
	if (_i == 0)
		rig_data(0, 100);
	else
		rig_data(100, 100);
	soon();
	rig.n_answers = 0;
	rig_receive(1, TH_SYN, BOARD_ISS, 0);
	soon();
	ck_assert_int_eq(rig.n_answers, 0);
	ck_assert_int_eq(rig_conn()->state, PEER_ESTABLISHED);
	rig_finish();
}
END_TEST

/*
 * The end
 */

/*
 * A RST in the window ends the connection: nothing more is sent for it, and
 * what arrives afterwards meets nobody.
 */
START_TEST(reset)
{
	static const struct {
		uint32_t place;
		bool counts;
	} cases[] = {{199, false}, {200, true}, {200 + 65536, true},
		{200 + 65537, false}};

	rig_start();
	rig_establish();
	rig_data(0, 200);
	rig_data(1000, 100);
	soon();
	ck_assert_int_eq(rig.n_answers, 1);
	rig_data(200, 0);
	rig_receive(1, TH_RST, BOARD_ISS + 1 + cases[_i].place, 0);
	ck_assert_int_eq(rig_conn()->state, cases[_i].counts ? PEER_CLOSED :
	    PEER_ESTABLISHED);
	rig_receive(1, TH_ACK, BOARD_ISS + 1 + 200, 800);
	soon();
	ck_assert_int_eq(rig.n_answers, 2);
	ck_assert_uint_eq(rig.answers[1].frame.th.flags,
	    cases[_i].counts ? TH_RST : TH_ACK);
	ck_assert_int_eq(rig_conn()->bytes_received,
	    cases[_i].counts ? 200 : 1100);
	rig_finish();
}
END_TEST

/* Neither a delayed ACK nor a FIN comes after a RST. */
START_TEST(reset_stops_timers)
{
	rig_start();
	rig_establish();
	rig_receive(1, TH_ACK | (_i > 0 ? TH_FIN : 0), BOARD_ISS + 1, 100);
	rig_receive(1, TH_RST, BOARD_ISS + 101 + (uint32_t)_i, 0);
	rig_run_to(50 * PS_PER_S);
	ck_assert_int_eq(rig.n_answers, _i > 0 ? 2 : 0);
	ck_assert(rig_conn()->is_reset);
	/* a SYN does not wake it */
	rig_receive(1, TH_SYN, BOARD_ISS, 0);
	ck_assert_int_eq(rig_conn()->state, PEER_CLOSED);
	rig_finish();
}
END_TEST

/* A table that grows by leaps: those between have nobody. */
START_TEST(many_connections)
{
	rig_start();
	for (uint16_t conn = 1; conn < 1000; conn = (uint16_t)(conn * 7))
		rig_receive(conn, TH_SYN, BOARD_ISS, 0);
	ck_assert_uint_eq(rig.peer.n_conns, 344);
	for (uint16_t conn = 0; conn < 400; conn++) {
		bool is_there = conn == 1 || conn == 7 || conn == 49 ||
		    conn == 343;

		ck_assert_int_eq(peer_find(&rig.peer, conn) != NULL, is_there);
	}
	rig_finish();
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, nothing_before_a_syn);
	tcase_add_test(tc, wrong_content);
	tcase_add_test(tc, wrong_content_beyond_a_gap);
	tcase_add_test(tc, one_lost);
	tcase_add_test(tc, two_lost);
	tcase_add_test(tc, gap_behind_a_delayed_ack);
	tcase_add_test(tc, partly_old);
	tcase_add_test(tc, overlaps);
	tcase_add_loop_test(tc, long_run, 0, 2);
	tcase_add_loop_test(tc, fin_out_of_order, 0, 2);
	tcase_add_test(tc, fin_with_old_data);
	tcase_add_test(tc, fin_before_the_end);
	tcase_add_test(tc, empty_segments);
	tcase_add_loop_test(tc, late_syn, 0, 2);
	tcase_add_loop_test(tc, reset, 0, 4);
	tcase_add_loop_test(tc, reset_stops_timers, 0, 2);
	tcase_add_test(tc, many_connections);
}

int
main(void)
{
	Suite *suite = suite_create("peer");
	TCase *tc = tcase_create("peer");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, rig_setup, NULL);
	add_tests(tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
