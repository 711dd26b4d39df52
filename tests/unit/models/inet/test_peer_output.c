/*
 * What the ideal peer sends: set-up, options, delayed ACKs, FINs.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/inet/peer_output.h"
#include "tests/support/peer_rig.h"

/*
 * Set-up.  The answer to a SYN with 8 bytes of options has as many: 48 bytes of
 * IP, a frame of 66, 86 byte times, of which the gap of 12 comes after it.
 */
START_TEST(syn)
{
	rig_start();
	ck_assert_ptr_null(peer_find(&rig.peer, 1));
	rig_receive(1, TH_SYN, BOARD_ISS, 0);
	/* once more, as if the answer had been lost: the same answer */
	rig_receive(1, TH_SYN, BOARD_ISS, 0);
	rig_run_to(PS_PER_MS);
	ck_assert_int_eq(rig.n_answers, 2);
	ck_assert_mem_eq(&rig.answers[1].frame, &rig.answers[0].frame,
	    sizeof rig.answers[0].frame);
	rig_assert_answer(0, (8 + 66) * 80 * PS_PER_NS, TH_SYN | TH_ACK,
	    PEER_ISS, BOARD_ISS + 1, 65535);
	ck_assert_uint_eq(rig.answers[0].frame.ip_bytes, 48);
	ck_assert_uint_eq(rig.answers[0].frame.th.mss, 1460);
	ck_assert_int_eq(rig_conn()->state, PEER_ESTABLISHED);
	/* connection 0 has a place in the table and nobody in it */
	ck_assert_ptr_null(peer_find(&rig.peer, 0));
	ck_assert_ptr_null(peer_find(&rig.peer, 2));
	rig_finish();
}
END_TEST

/*
 * Options
 */
static const struct {
	uint8_t wscale;
	bool has_ts;
	uint8_t syn_bytes;
	uint16_t win;
} offers[] = {
	/* 65536 bytes: shifted by 1, or as much as the field can say */
	{0, false, 4, 65535}, {1, false, 8, 32768}, {15, false, 8, 32768},
	{0, true, 16, 65535}, {3, true, 20, 32768}
};

/* It agrees to what is offered, and its later segments are as agreed. */
START_TEST(options_as_offered)
{
	const struct tcp_header *th = &rig.answers[0].frame.th;
	uint16_t after = offers[_i].has_ts ? 12 : 0;
	struct frame frame = {.conn = 1, .ip_bytes = 60, .th = {
	    .flags = TH_SYN, .seq = BOARD_ISS, .wscale = offers[_i].wscale,
	    .has_ts = offers[_i].has_ts, .ts_val = 77, .option_bytes = 20}};

	rig_start();
	rig.cal.now = 9 * PS_PER_MS - 1;
	peer_receive(&rig.peer, &frame);
	rig_run_to(10 * PS_PER_MS);
	ck_assert_uint_eq(th->option_bytes, offers[_i].syn_bytes);
	ck_assert_uint_eq(rig.answers[0].frame.ip_bytes,
	    40 + offers[_i].syn_bytes);
	ck_assert_uint_eq(th->mss, 1460);
	ck_assert_uint_eq(th->wscale, offers[_i].wscale > 0 ? 2 : 0);
	ck_assert_int_eq(th->has_ts, offers[_i].has_ts);
	/* 8 whole ms, from 1 on */
	ck_assert_uint_eq(th->ts_val, offers[_i].has_ts ? 9 : 0);
	ck_assert_uint_eq(th->ts_ecr, offers[_i].has_ts ? 77 : 0);
	ck_assert_uint_eq(th->win, 65535);
	rig_data(0, 1460);
	rig_data(1460, 1460);
	rig_run_to(20 * PS_PER_MS);
	th = &rig.answers[1].frame.th;
	ck_assert_uint_eq(th->option_bytes, after);
	ck_assert_uint_eq(rig.answers[1].frame.ip_bytes, 40 + after);
	ck_assert_int_eq(th->has_ts, offers[_i].has_ts);
	ck_assert_uint_eq(th->mss, 0);
	ck_assert_uint_eq(th->wscale, 0);
	ck_assert_uint_eq(th->win, offers[_i].win);
	rig_finish();
}
END_TEST

static void
timed(uint32_t place, uint32_t payload, uint32_t ts_val)
{
	struct frame frame = {.conn = 1, .payload_bytes = payload, .th = {
	    .flags = TH_ACK, .seq = BOARD_ISS + 1 + place, .has_ts = true,
	    .ts_val = ts_val}, .content = content_name(1, place)};

	peer_receive(&rig.peer, &frame);
}

/*
 * RFC 1323, 3.4: (A) of two segments that one ACK is for, the first; (B) while
 * something is missing, the last one before it; (C) what fills the gap, its
 * own.
 */
START_TEST(echoes)
{
	static const struct {
		uint32_t place, payload, ts_val;
		int n_answers;
		uint32_t echo;
	} steps[] = {
		{0, 1460, 600, 0, 0},
		{1460, 1460, 610, 1, 600},
		{4380, 1460, 620, 2, 600},
		{5840, 1460, 625, 3, 600},
		{2920, 1460, 630, 4, 630},
		/* an old one; and one with no new byte, in its place */
		{0, 1460, 640, 5, 630},
		{7300, 0, 650, 5, 630},
		/* a part of it is new */
		{7000, 1460, 660, 5, 630},
		{8460, 1460, 670, 6, 660}
	};
	struct frame first = {.conn = 1, .th = {.flags = TH_SYN,
	    .seq = BOARD_ISS, .has_ts = true, .ts_val = 500}};

	rig_start();
	peer_receive(&rig.peer, &first);
	rig_run_to(10 * PS_PER_MS);
	ck_assert_uint_eq(rig.answers[0].frame.th.ts_ecr, 500);
	for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++) {
		timed(steps[i].place, steps[i].payload, steps[i].ts_val);
		rig_run_to(rig.cal.now + PS_PER_MS);
		ck_assert_int_eq(rig.n_answers, 1 + steps[i].n_answers);
		if (steps[i].n_answers > 0)
			ck_assert_uint_eq(rig.answers[steps[i].n_answers]
			    .frame.th.ts_ecr, steps[i].echo);
	}
	rig_finish();
}
END_TEST

/*
 * Delayed ACKs: one for every second segment, the rest at the next tick.
 */
START_TEST(every_nth_segment)
{
	int n = _i + 1;

	rig.config.delack_segments = n;
	rig_start();
	rig_establish();
	for (int i = 0; i < 6; i++) {
		rig_data((uint32_t)i * 1460, 1460);
		ck_assert_int_eq(rig_conn()->n_unacked,
		    (i + 1) % n);
	}
	rig_run_to(20 * PS_PER_MS);
	ck_assert_int_eq(rig.n_answers, 6 / n);
	/* each 72 + 12 byte times behind the one before */
	for (int i = 0; i < 6 / n; i++)
		rig_assert_answer(i, 10 * PS_PER_MS + ACK_TIME +
		    i * ACK_LENGTH, TH_ACK, PEER_ISS + 1,
		    BOARD_ISS + 1 + (uint32_t)((i + 1) * n) * 1460, 32768);
	ck_assert_int_eq(rig_conn()->bytes_received, 6 * 1460);
	ck_assert_int_eq(rig_conn()->bytes_wrong, 0);
	/* the SYN's answer as well */
	ck_assert_int_eq(rig.peer.n_acks_sent, 1 + 6 / n);
	rig_finish();
}
END_TEST

/* Ticks lie at phase + n * 200 ms; one at this very date is over. */
START_TEST(tick)
{
	static const struct {
		sim_time phase, arrival, tick;
	} cases[] = {
		{0, 50 * PS_PER_MS, 200 * PS_PER_MS},
		{0, 200 * PS_PER_MS - 1, 200 * PS_PER_MS},
		{0, 200 * PS_PER_MS, 400 * PS_PER_MS},
		{70 * PS_PER_MS, 50 * PS_PER_MS, 70 * PS_PER_MS},
		{70 * PS_PER_MS, 300 * PS_PER_MS, 470 * PS_PER_MS}
	};

	rig.config.delack_phase = cases[_i].phase;
	rig_start();
	rig_establish();
	rig_run_to(cases[_i].arrival);
	rig_receive(1, TH_ACK, BOARD_ISS + 1, 100);
	rig_run_to(PS_PER_S);
	ck_assert_int_eq(rig.n_answers, 1);
	rig_assert_answer(0, cases[_i].tick + ACK_TIME, TH_ACK, PEER_ISS + 1,
	    BOARD_ISS + 101, 32768);
	rig_finish();
}
END_TEST

/* A second segment makes the tick needless: it finds nothing to do. */
START_TEST(needless_tick)
{
	rig_start();
	rig_establish();
	rig_receive(1, TH_ACK, BOARD_ISS + 1, 100);
	rig_receive(1, TH_ACK, BOARD_ISS + 101, 100);
	rig_run_to(300 * PS_PER_MS);
	ck_assert_int_eq(rig.n_answers, 1);
	/* a third one, and a fourth after the tick has been set: set once */
	rig_receive(1, TH_ACK, BOARD_ISS + 201, 100);
	rig_receive(1, TH_ACK, BOARD_ISS + 301, 100);
	rig_receive(1, TH_ACK, BOARD_ISS + 401, 100);
	rig_run_to(PS_PER_S);
	ck_assert_int_eq(rig.n_answers, 3);
	rig_assert_answer(2, 400 * PS_PER_MS + ACK_TIME, TH_ACK, PEER_ISS + 1,
	    BOARD_ISS + 501, 32768);
	rig_finish();
}
END_TEST

START_TEST(turnaround)
{
	rig.config.turnaround = 3 * PS_PER_MS;
	rig_start();
	rig_establish();
	rig_receive(1, TH_ACK, BOARD_ISS + 1, 1460);
	rig_receive(1, TH_ACK, BOARD_ISS + 1461, 1460);
	rig_run_to(PS_PER_S);
	rig_assert_answer(0, 13 * PS_PER_MS + ACK_TIME, TH_ACK, PEER_ISS + 1,
	    BOARD_ISS + 2921, 32768);
	rig_finish();
}
END_TEST

/* The board's ACK of the peer's FIN. */
static void
acknowledge_fin(uint32_t seq)
{
	struct frame ack = {.conn = 1, .th = {.flags = TH_ACK, .seq = seq,
	    .ack = PEER_ISS + 2}};

	peer_receive(&rig.peer, &ack);
}

/*
 * Close: an ACK and a FIN, both at once; what was due by then goes with them.
 */
START_TEST(fin)
{
	rig_start();
	rig_establish();
	rig_receive(1, TH_ACK, BOARD_ISS + 1, 100);
	rig_receive(1, TH_ACK | TH_FIN, BOARD_ISS + 101, 0);
	rig_run_to(PS_PER_S);
	ck_assert_int_eq(rig.n_answers, 2);
	rig_assert_answer(0, 10 * PS_PER_MS + ACK_TIME, TH_ACK, PEER_ISS + 1,
	    BOARD_ISS + 102, 32768);
	rig_assert_answer(1, 10 * PS_PER_MS + ACK_TIME + ACK_LENGTH,
	    TH_FIN | TH_ACK, PEER_ISS + 1, BOARD_ISS + 102, 32768);
	ck_assert_int_eq(rig_conn()->state, PEER_CLOSED);
	ck_assert_uint_eq(rig_conn()->snd_nxt, PEER_ISS + 2);
	/* the last ACK of the board; and its FIN again, out of order by now */
	acknowledge_fin(BOARD_ISS + 102);
	ck_assert_int_eq(rig.peer.n_out_of_order, 0);
	rig_receive(1, TH_ACK | TH_FIN, BOARD_ISS + 101, 0);
	rig_run_to(2 * PS_PER_S);
	ck_assert_int_eq(rig.n_answers, 3);
	ck_assert_uint_eq(rig.answers[2].frame.th.ack, BOARD_ISS + 102);
	rig_finish();
}
END_TEST

/*
 * A FIN that nobody acknowledges: again after 1.5 s each, 12 times, and then no
 * more.  One that is acknowledged in between is not repeated.
 */
START_TEST(fin_again)
{
	rig_start();
	rig_establish();
	rig_receive(1, TH_ACK | TH_FIN, BOARD_ISS + 1, 0);
	rig_run_to(PS_PER_S + 5 * 1500 * PS_PER_MS);
	ck_assert_int_eq(rig.n_answers, 2 + 5);
	rig_assert_answer(6, 10 * PS_PER_MS + 5 * 1500 * PS_PER_MS + ACK_TIME,
	    TH_FIN | TH_ACK, PEER_ISS + 1, BOARD_ISS + 2, 32768);
	if (_i == 0) {
		rig_run_to(100 * PS_PER_S);
		ck_assert_int_eq(rig.n_answers, 2 + 12);
	} else {
		acknowledge_fin(BOARD_ISS + 2);
		rig_run_to(100 * PS_PER_S);
		ck_assert_int_eq(rig.n_answers, 2 + 5);
	}
	rig_finish();
}
END_TEST

/* A FIN that comes with data: the second segment's ACK, then the FIN's. */
START_TEST(fin_with_data)
{
	rig_start();
	rig_establish();
	rig_receive(1, TH_ACK, BOARD_ISS + 1, 1460);
	rig_receive(1, TH_ACK | TH_FIN, BOARD_ISS + 1461, 100);
	rig_run_to(PS_PER_S);
	ck_assert_int_eq(rig.n_answers, 3);
	ck_assert_uint_eq(rig.answers[0].frame.th.ack, BOARD_ISS + 1561);
	ck_assert_uint_eq(rig.answers[1].frame.th.ack, BOARD_ISS + 1562);
	ck_assert_uint_eq(rig.answers[2].frame.th.flags, TH_FIN | TH_ACK);
	rig_finish();
}
END_TEST

/* A reset by itself: at the next place of its own, for what it has had. */
START_TEST(abort_of_its_own)
{
	const struct tcp_header *th = &rig.answers[0].frame.th;

	rig_start();
	rig_establish();
	rig_receive(1, TH_ACK, BOARD_ISS + 1, 1000);
	peer_abort(rig.peer.conns[1]);
	rig_run_to(rig.cal.now + PS_PER_MS);
	ck_assert_int_eq(rig.n_answers, 1);
	ck_assert_uint_eq(th->flags, TH_RST | TH_ACK);
	ck_assert_uint_eq(th->seq, PEER_ISS + 1);
	ck_assert_uint_eq(th->ack, BOARD_ISS + 1001);
	ck_assert_uint_eq(rig.answers[0].frame.ip_bytes, 40);
	ck_assert_int_eq(rig.peer.n_resets, 1);
	rig_finish();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("peer_output");
	TCase *tc = tcase_create("peer_output");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, rig_setup, NULL);
	tcase_add_test(tc, syn);
	tcase_add_loop_test(tc, options_as_offered, 0, 5);
	tcase_add_test(tc, echoes);
	tcase_add_loop_test(tc, every_nth_segment, 0, 3);
	tcase_add_loop_test(tc, tick, 0, 5);
	tcase_add_test(tc, needless_tick);
	tcase_add_test(tc, turnaround);
	tcase_add_test(tc, fin);
	tcase_add_loop_test(tc, fin_again, 0, 2);
	tcase_add_test(tc, fin_with_data);
	tcase_add_test(tc, abort_of_its_own);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
