/*
 * A segment has come: what it is, and what of it is new.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/kern/syscall.h"
#include "tests/support/tcp_bench.h"

static struct tcp_bench b;
static struct tcpcb *tp;

static void
bench_on(const struct world_config *config)
{
	tcp_bench_init(&b, config);
	tcp_bench_connect(&b);
	tp = b.tp;
}

static void
bench(bool has_timestamps)
{
	struct world_config config = tcp_bench_config();

	config.host.tcp.timestamps = has_timestamps;
	bench_on(&config);
}

/*
 * Header prediction: the baseline, and each condition that it does not meet.
 */
enum { N_UNPREDICTED = 12 };

static void
spoil(struct tcp_header *th, int which)
{
	switch (which) {
	case 0:
		tp->t_state = TCPS_CLOSE_WAIT;
		return;
	case 1:
		th->flags |= TH_FIN;
		return;
	case 2:
		th->ts_val = 0;		/* ts_recent is 1 */
		return;
	case 3:
		th->seq++;
		return;
	case 4:
		th->win--;
		return;
	case 5:
		th->win = 0;
		tp->snd_wnd = 0;
		return;
	case 6:
		tp->snd_nxt = tp->snd_una;
		return;
	case 7:
		th->ack = tp->snd_una;
		return;
	case 8:
		th->ack = tp->snd_max + 1;
		return;
	case 9:
		tp->snd_cwnd = tp->snd_wnd - 1;
		return;
	case 10:
		tp->t_dupacks = TCP_REXMT_THRESH;
		return;
	case 11:
		th->flags |= TH_SYN;
		return;
	}
}

START_TEST(predicted_acks)
{
	struct tcp_header th = {.flags = TH_ACK, .seq = FAR(0),
	    .ack = OURS(100), .win = BENCH_WIN, .has_ts = true, .ts_val = 1};

	bench(true);
	tcp_bench_write(&b, 100);
	tp->snd_cwnd = tp->snd_wnd;
	if (_i == N_UNPREDICTED + 1)
		th.flags |= TH_PUSH;
	spoil(&th, _i);
	tcp_bench_header(&b, &th, 0);
	ck_assert_int_eq(tp->stats.n_predicted_acks, _i >= N_UNPREDICTED);
	if (_i >= N_UNPREDICTED) {
		ck_assert_uint_eq(tp->snd_una, OURS(100));
		ck_assert_uint_eq(tp->snd_wl2, OURS(100));
		ck_assert_uint_eq(tp->snd_wnd, BENCH_WIN);
		ck_assert_uint_eq(tp->snd_cwnd, BENCH_WIN);
		ck_assert(!tcp_timer_is_armed(tp, TCPT_REXMT));
	}
	tcp_bench_fini(&b);
}
END_TEST

/* A segment without timestamps, where they are agreed, is no news of them. */
START_TEST(predicted_without_timestamp)
{
	bench(true);
	tcp_bench_write(&b, 100);
	tp->snd_cwnd = tp->snd_wnd;
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(100), 0);
	ck_assert_int_eq(tp->stats.n_predicted_acks, 1);
	ck_assert_uint_eq(tp->ts_recent, 1);
	tcp_bench_fini(&b);
}
END_TEST

START_TEST(predicted_data)
{
	struct tcp_header th = {.flags = TH_ACK, .seq = FAR(0),
	    .ack = OURS(0), .win = BENCH_WIN};

	bench(false);
	if (_i == 1) {
		tcp_bench_write(&b, 100);
		th.ack = OURS(100);
	} else if (_i == 2)
		tcp_bench_arrives(&b, TH_ACK, FAR(500), OURS(0), 10);
	else if (_i == 3)
		tcp_bench_arrives(&b, TH_ACK | TH_FIN, FAR(500), OURS(0), 0);
	else if (_i == 4)
		b.so->so_rcv.sb_hiwat = 99;
	tcp_bench_header(&b, &th, 100);
	ck_assert_int_eq(tp->stats.n_predicted_data, _i == 0);
	ck_assert_int_eq(b.so->so_rcv.sb_cc, 100);
	ck_assert_int_eq(b.so->stats.bytes_wrong, 0);
	if (_i == 0)
		ck_assert_uint_eq(tp->snd_wl1, FAR(0));
	tcp_bench_fini(&b);
}
END_TEST

/*
 * Trimming.  100 bytes have been received, the window ends at 1000.
 */
static void
bench_of_1000(void)
{
	struct world_config config = tcp_bench_config();

	config.host.tcp.recvspace = 1000;
	bench_on(&config);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 100);
	tcp_bench_run(&b, PS_PER_S);
	tcp_bench_mark(&b);
}

START_TEST(trimmed)
{
	static const struct {
		int32_t from, to;
		uint32_t rcv_nxt;
		bool is_old, is_beyond, is_answered;
	} cases[] = {
		{50, 150, 150, false, false, false},	/* the front */
		{0, 101, 101, false, false, false},
		{0, 100, 100, true, false, true},	/* all of it */
		{20, 80, 100, true, false, true},
		{-10, 0, 100, true, false, true},
		{99, 99, 100, true, false, true},	/* a probe */
		{100, 1001, 1000, false, true, false},	/* the end */
		{50, 1100, 1000, false, true, false},	/* both */
		{1000, 1001, 100, false, true, true},	/* wholly beyond */
		{1500, 1600, 100, false, true, true}
	};

	bench_of_1000();
	tcp_bench_arrives(&b, TH_ACK, FAR(cases[_i].from), OURS(0),
	    (uint32_t)(cases[_i].to - cases[_i].from));
	ck_assert_uint_eq(tp->rcv_nxt, FAR(cases[_i].rcv_nxt));
	ck_assert_int_eq(tp->stats.n_duplicates, cases[_i].is_old);
	ck_assert_int_eq(tp->stats.n_beyond_window, cases[_i].is_beyond);
	ck_assert_int_eq(b.so->stats.bytes_wrong, 0);
	ck_assert_int_eq(tcp_bench_sent(&b), cases[_i].is_answered);
	if (cases[_i].is_answered)
		tcp_bench_assert(&b, 0, TH_ACK, OURS(0), FAR(100), 0);
	tcp_bench_fini(&b);
}
END_TEST

/* What is cut at the end of the window takes its FIN along. */
START_TEST(fin_beyond_the_window)
{
	bench_of_1000();
	tcp_bench_arrives(&b, TH_ACK | TH_FIN, FAR(100), OURS(0), 901);
	ck_assert_uint_eq(tp->rcv_nxt, FAR(1000));
	ck_assert_int_eq(tp->t_state, TCPS_ESTABLISHED);
	ck_assert(!tp->t_fin_came);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * The window is closed: a probe at its edge is answered, and its ACK counts;
 * one beyond it is answered, no more.
 */
START_TEST(closed_window)
{
	bench_of_1000();
	tcp_bench_arrives(&b, TH_ACK, FAR(100), OURS(0), 900);
	tcp_bench_run(&b, PS_PER_S);
	tcp_bench_write(&b, 10);
	tcp_bench_mark(&b);
	tcp_bench_arrives(&b, TH_ACK, FAR(1000 + _i), OURS(10), 1);
	ck_assert_uint_eq(tp->rcv_nxt, FAR(1000));
	ck_assert_int_eq(tcp_bench_sent(&b), 1);
	ck_assert_uint_eq(tcp_bench_frame(&b, 0)->th.ack, FAR(1000));
	ck_assert_uint_eq(tcp_bench_frame(&b, 0)->th.win, 0);
	ck_assert_uint_eq(tp->snd_una, OURS(_i == 0 ? 10 : 0));
	tcp_bench_fini(&b);
}
END_TEST

/*
 * PAWS (RFC 1323): older than the last is from the past, and answered; but for
 * a RST, for one without timestamps, and 24 days after the last.
 */
START_TEST(paws)
{
	struct tcp_header th = {.flags = TH_ACK, .seq = FAR(0),
	    .ack = OURS(0), .win = BENCH_WIN, .has_ts = _i != 1,
	    .ts_val = _i == 2 ? 100 : 99};
	uint32_t days = 24 * 24 * 3600 * 2;	/* ticks */

	bench(_i != 3);
	tp->ts_recent = _i == 4 ? 0 : 100;
	tp->ts_recent_age = tcp_now(b.host);
	if (_i == 5)
		tp->ts_recent_age -= days + 1;
	if (_i == 6)
		tp->ts_recent_age -= days;
	tcp_bench_header(&b, &th, 100);
	if (_i == 0 || _i == 6) {
		ck_assert_int_eq(tp->stats.n_paws, 1);
		ck_assert_int_eq(b.so->so_rcv.sb_cc, 0);
		tcp_bench_assert(&b, 0, TH_ACK, OURS(0), FAR(0), 0);
	} else {
		ck_assert_int_eq(tp->stats.n_paws, 0);
		ck_assert_int_eq(b.so->so_rcv.sb_cc, 100);
	}
	/* a RST has no time */
	th.flags = TH_RST;
	th.seq = tp->rcv_nxt;
	tcp_bench_header(&b, &th, 0);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSED);
	tcp_bench_fini(&b);
}
END_TEST

/* Only what is not beyond the last ACK says what is to be echoed. */
START_TEST(timestamp_to_be_echoed)
{
	struct tcp_header th = {.flags = TH_ACK, .seq = FAR(_i),
	    .ack = OURS(0), .win = BENCH_WIN, .has_ts = true, .ts_val = 50};

	bench(true);
	tcp_bench_header(&b, &th, 100);
	ck_assert_uint_eq(tp->ts_recent, _i == 0 ? 50 : 1);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * Resets, in each state; 0 is no error that anybody is told.
 */
START_TEST(reset_in_every_state)
{
	static const struct {
		enum tcp_state state;
		int64_t error;
	} cases[] = {
		{TCPS_SYN_RECEIVED, SYS_ECONNREFUSED},
		{TCPS_ESTABLISHED, SYS_ECONNRESET},
		{TCPS_FIN_WAIT_1, SYS_ECONNRESET},
		{TCPS_FIN_WAIT_2, SYS_ECONNRESET},
		{TCPS_CLOSE_WAIT, SYS_ECONNRESET},
		{TCPS_CLOSING, 0}, {TCPS_LAST_ACK, 0}, {TCPS_TIME_WAIT, 0}
	};
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	tcp_bench_state(&b, cases[_i].state);
	tp = b.tp;
	/* beyond the window, whose end 4.4BSD counts: nothing, no answer */
	tcp_bench_arrives(&b, TH_RST, tp->rcv_nxt + 16385, 0, 0);
	tcp_bench_arrives(&b, TH_RST | TH_ACK, tp->rcv_nxt + 20000, 0, 0);
	ck_assert_int_eq(tp->t_state, cases[_i].state);
	tcp_bench_arrives(&b, TH_RST, tp->rcv_nxt, 0, 0);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSED);
	ck_assert_int_eq(b.so->so_error, cases[_i].error);
	ck_assert(b.so->is_detached);
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	tcp_bench_fini(&b);
}
END_TEST

/* A SYN in the window: one of both ends is mad; both give up. */
START_TEST(syn_in_the_window)
{
	bench(false);
	tcp_bench_arrives(&b, TH_SYN | (_i == 0 ? 0 : TH_ACK), FAR(5),
	    OURS(0), 0);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSED);
	ck_assert_int_eq(b.so->so_error, SYS_ECONNRESET);
	if (_i == 0)
		tcp_bench_assert(&b, 0, TH_RST | TH_ACK, 0, FAR(6), 0);
	else
		tcp_bench_assert(&b, 0, TH_RST, OURS(0), 0, 0);
	tcp_bench_fini(&b);
}
END_TEST

START_TEST(nothing_without_ack)
{
	bench(false);
	tcp_bench_arrives(&b, 0, FAR(0), OURS(0), 100);
	ck_assert_int_eq(b.so->so_rcv.sb_cc, 0);
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	tcp_bench_fini(&b);
}
END_TEST

/* An ACK of what was never sent is answered, and its data not taken. */
START_TEST(ack_of_the_future)
{
	bench(false);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(1), 100);
	ck_assert_int_eq(b.so->so_rcv.sb_cc, 0);
	tcp_bench_assert(&b, 0, TH_ACK, OURS(0), FAR(0), 0);
	tcp_bench_fini(&b);
}
END_TEST

/* Data for a program that has closed: the other end is told to stop. */
START_TEST(data_for_nobody)
{
	static const enum tcp_state states[] = {TCPS_FIN_WAIT_1,
	    TCPS_FIN_WAIT_2, TCPS_CLOSING, TCPS_LAST_ACK, TCPS_CLOSE_WAIT};
	struct world_config config = tcp_bench_config();
	bool is_told = states[_i] != TCPS_CLOSE_WAIT;

	tcp_bench_init(&b, &config);
	tcp_bench_state(&b, states[_i]);
	tp = b.tp;
	/* none, or for who still has a descriptor: no */
	tcp_bench_arrives(&b, TH_ACK, tp->rcv_nxt, OURS(0), 10);
	ck_assert_int_eq(tp->t_state, states[_i]);
	b.so->has_descriptor = false;
	tcp_bench_arrives(&b, TH_ACK, tp->rcv_nxt, OURS(0), 0);
	ck_assert_int_eq(tp->t_state, states[_i]);
	tcp_bench_arrives(&b, TH_ACK, tp->rcv_nxt, OURS(0), 10);
	ck_assert_int_eq(tp->t_state, is_told ? TCPS_CLOSED : states[_i]);
	if (is_told)
		tcp_bench_assert(&b, -1, TH_RST, OURS(0), 0, 0);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * TIME_WAIT: a SYN beyond all that was received begins a new connection, if
 * somebody listens; an old one is answered; a RST ends the wait.
 */
START_TEST(reborn)
{
	struct world_config config = tcp_bench_config();
	struct socket *listener;
	uint32_t seq = FAR(_i == 2 ? 0 : 100000);

	tcp_bench_init(&b, &config);
	tcp_bench_state(&b, TCPS_TIME_WAIT);
	tcp_time_wait(b.tp);
	b.so->has_descriptor = false;
	listener = crank_socket(b.host, 16384);
	if (_i != 1)
		so_listen(listener, BENCH_PORT, 5);
	b.conn = b.so->so_id;
	tcp_bench_arrives(&b, TH_SYN, seq, 0, 0);
	if (_i == 0) {
		ck_assert_int_eq(b.tp->t_state, TCPS_CLOSED);
		ck_assert_int_eq(host_find_socket(b.host,
		    b.conn)->tcpcb.t_state, TCPS_SYN_RECEIVED);
		tcp_bench_assert(&b, -1, TH_SYN | TH_ACK, BENCH_ISS, seq + 1,
		    0);
	} else if (_i == 1) {
		ck_assert_int_eq(b.tp->t_state, TCPS_CLOSED);
		tcp_bench_assert(&b, -1, TH_RST | TH_ACK, 0, seq + 1, 0);
	} else
		ck_assert_int_eq(b.tp->t_state, TCPS_TIME_WAIT);
	tcp_bench_fini(&b);
}
END_TEST

/* What comes late begins the wait anew, if it is the FIN: 120 ticks. */
START_TEST(late_segments)
{
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	tcp_bench_state(&b, TCPS_TIME_WAIT);
	tcp_time_wait(b.tp);
	tp = b.tp;
	tp->t_timer[TCPT_2MSL] = 50;
	tcp_bench_arrives(&b, (uint8_t)(TH_ACK | (_i == 1 ? TH_FIN : 0)),
	    FAR(0) - 10, OURS(0), 10);
	ck_assert_int_eq(tp->t_timer[TCPT_2MSL], _i == 1 ? 120 : 50);
	tcp_bench_assert(&b, -1, TH_ACK, OURS(0), FAR(1), 0);
	tcp_bench_fini(&b);
}
END_TEST

/* Dropped while the missing segment was being built: nothing follows. */
START_TEST(dropped_while_retransmitting)
{
	struct ip_packet packet = {.conn = 1, .th = {.flags = TH_ACK,
	    .seq = FAR(0), .ack = OURS(0), .win = BENCH_WIN}};

	bench(false);
	tcp_bench_write(&b, 1460);
	tp->t_dupacks = 2;
	tcp_bench_mark(&b);
	softnet_receive(&b.host->softnet, &packet);
	/* SOFTINT 1, TCP_INPUT 1; then TCP_OUTPUT and more */
	tcp_bench_run(&b, 2500 * PS_PER_NS);
	ck_assert_int_eq(tp->stats.n_fast_retransmits, 1);
	tcp_drop(tp, SYS_ETIMEDOUT);
	tcp_bench_run(&b, PS_PER_MS);
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	ck_assert(!tcp_timer_is_armed(tp, TCPT_REXMT));
	tcp_bench_fini(&b);
}
END_TEST

/* The third duplicate owes an ACK of its own: both go. */
START_TEST(retransmission_and_ack)
{
	bench(false);
	tcp_bench_write(&b, 1460);
	tp->t_dupacks = 2;
	tp->t_acknow = true;
	tcp_bench_mark(&b);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 0);
	tcp_bench_assert(&b, 0, TH_ACK | TH_PUSH, OURS(0), FAR(0), 1460);
	ck_assert_uint_eq(tp->snd_nxt, OURS(1460));
	tcp_bench_fini(&b);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, predicted_acks, 0, N_UNPREDICTED + 2);
	tcase_add_test(tc, predicted_without_timestamp);
	tcase_add_loop_test(tc, predicted_data, 0, 5);
	tcase_add_loop_test(tc, trimmed, 0, 10);
	tcase_add_test(tc, fin_beyond_the_window);
	tcase_add_loop_test(tc, closed_window, 0, 2);
	tcase_add_loop_test(tc, paws, 0, 7);
	tcase_add_loop_test(tc, timestamp_to_be_echoed, 0, 2);
	tcase_add_loop_test(tc, reset_in_every_state, 0, 8);
	tcase_add_loop_test(tc, syn_in_the_window, 0, 2);
	tcase_add_test(tc, nothing_without_ack);
	tcase_add_test(tc, ack_of_the_future);
	tcase_add_loop_test(tc, data_for_nobody, 0, 5);
	tcase_add_loop_test(tc, reborn, 0, 3);
	tcase_add_loop_test(tc, late_segments, 0, 2);
	tcase_add_test(tc, dropped_while_retransmitting);
	tcase_add_test(tc, retransmission_and_ack);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_input");
	TCase *tc = tcase_create("tcp_input");
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
