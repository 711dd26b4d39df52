/*
 * The ideal peer, alone: frames in, frames out.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/inet/peer.h"
#include "models/inet/tcp.h"

#define BOARD_ISS	UINT32_C(1000)
#define PEER_ISS	UINT32_C(0xfffffff0)

enum { MAX_FRAMES = 32 };

/* An ACK's way to the board: 72 byte times of 80 ns. */
#define ACK_TIME	(72 * 80 * PS_PER_NS)

static struct calendar cal;
static struct wire wire;
static struct peer peer;
static struct {
	sim_time at;
	struct frame frame;
} answers[MAX_FRAMES];
static int n_answers;
static struct peer_config config;

static void
deliver(void *arg, const struct frame *frame)
{
	(void)arg;
	ck_assert_int_lt(n_answers, MAX_FRAMES);
	answers[n_answers].at = cal.now;
	answers[n_answers++].frame = *frame;
}

static void
setup(void)
{
	config = (struct peer_config){.recvspace = 65536, .mss = 1460,
	    .delack_segments = 2, .delack_timer = 200 * PS_PER_MS};
	n_answers = 0;
}

static void
start(void)
{
	static const struct link_config link = {100000000, 0};

	cal_init(&cal);
	wire_init(&wire, &cal, &link, deliver, NULL);
	peer_init(&peer, &config, &cal, &wire);
}

static void
finish(void)
{
	peer_fini(&peer);
	wire_fini(&wire);
	cal_fini(&cal);
}

/* As long as an ACK is due, time passes by itself. */
static void
run_to(sim_time at)
{
	cal_run(&cal, at);
	cal.now = at;
}

static void
receive(uint16_t conn, uint8_t flags, uint32_t seq, uint32_t payload)
{
	struct frame frame = {.conn = conn, .payload_bytes = payload,
	    .ip_bytes = (uint16_t)(40 + payload),
	    .th = {.seq = seq, .flags = flags},
	    .content = content_name(conn, seq - BOARD_ISS - 1)};

	if ((flags & TH_SYN) != 0)
		frame.th.option_bytes = 8;
	peer_receive(&peer, &frame);
}

static void
establish(void)
{
	receive(1, TH_SYN, BOARD_ISS, 0);
	run_to(10 * PS_PER_MS);
	ck_assert_int_eq(n_answers, 1);
	n_answers = 0;
}

static void
assert_answer(int i, sim_time at, uint8_t flags, uint32_t seq, uint32_t ack)
{
	const struct tcp_header *th = &answers[i].frame.th;

	ck_assert_int_lt(i, n_answers);
	ck_assert_int_eq(answers[i].at, at);
	ck_assert_uint_eq(th->flags, flags);
	ck_assert_uint_eq(th->seq, seq);
	ck_assert_uint_eq(th->ack, ack);
	/* 65536 is shifted by 1, but not in a SYN */
	ck_assert_uint_eq(th->win, (flags & TH_SYN) != 0 ? 65535 : 32768);
}

/*
 * Set-up.  The answer to a SYN with 8 bytes of options has as many: 48 bytes of
 * IP, a frame of 66, 86 byte times, of which the gap of 12 comes after it.
 */
START_TEST(syn)
{
	start();
	ck_assert_ptr_null(peer_find(&peer, 1));
	receive(1, TH_SYN, BOARD_ISS, 0);
	/* once more, as if the answer had been lost: the same answer */
	receive(1, TH_SYN, BOARD_ISS, 0);
	run_to(PS_PER_MS);
	ck_assert_int_eq(n_answers, 2);
	ck_assert_mem_eq(&answers[1].frame, &answers[0].frame,
	    sizeof answers[0].frame);
	assert_answer(0, (8 + 66) * 80 * PS_PER_NS, TH_SYN | TH_ACK, PEER_ISS,
	    BOARD_ISS + 1);
	ck_assert_uint_eq(answers[0].frame.ip_bytes, 48);
	ck_assert_uint_eq(answers[0].frame.th.mss, 1460);
	ck_assert_int_eq(peer_find(&peer, 1)->state, PEER_ESTABLISHED);
	/* connection 0 has a place in the table and nobody in it */
	ck_assert_ptr_null(peer_find(&peer, 0));
	ck_assert_ptr_null(peer_find(&peer, 2));
	finish();
}
END_TEST

START_TEST(options_as_offered)
{
	struct frame frame = {.conn = 3, .ip_bytes = 60, .th = {
	    .flags = TH_SYN, .option_bytes = 20}};

	start();
	peer_receive(&peer, &frame);
	run_to(PS_PER_MS);
	ck_assert_uint_eq(answers[0].frame.ip_bytes, 60);
	ck_assert_uint_eq(answers[0].frame.th.option_bytes, 20);
	ck_assert_uint_eq(peer_find(&peer, 3)->option_bytes, 12);
	/* its ACKs carry timestamps too */
	frame = (struct frame){.conn = 3, .payload_bytes = 0,
	    .th = {.seq = 1, .flags = TH_FIN | TH_ACK}};
	peer_receive(&peer, &frame);
	run_to(2 * PS_PER_MS);
	ck_assert_uint_eq(answers[1].frame.ip_bytes, 52);
	ck_assert_uint_eq(answers[1].frame.th.option_bytes, 12);
	finish();
}
END_TEST

START_TEST(nothing_before_a_syn)
{
	start();
	receive(2, TH_ACK, BOARD_ISS + 1, 1460);
	receive(2, TH_FIN | TH_ACK, BOARD_ISS + 1, 0);
	run_to(PS_PER_S);
	ck_assert_int_eq(n_answers, 0);
	ck_assert_int_eq(peer_find(&peer, 2)->bytes_received, 0);
	finish();
}
END_TEST

/*
 * Delayed ACKs: one for every second segment, the rest at the next tick.
 */
START_TEST(every_nth_segment)
{
	int n = _i + 1;

	config.delack_segments = n;
	start();
	establish();
	for (int i = 0; i < 6; i++) {
		receive(1, TH_ACK, BOARD_ISS + 1 + (uint32_t)i * 1460, 1460);
		ck_assert_int_eq(peer_find(&peer, 1)->n_unacked,
		    (i + 1) % n);
	}
	run_to(20 * PS_PER_MS);
	ck_assert_int_eq(n_answers, 6 / n);
	/* each 72 + 12 byte times behind the one before */
	for (int i = 0; i < 6 / n; i++)
		assert_answer(i, 10 * PS_PER_MS + ACK_TIME +
		    i * 84 * 80 * PS_PER_NS, TH_ACK, PEER_ISS + 1,
		    BOARD_ISS + 1 + (uint32_t)((i + 1) * n) * 1460);
	ck_assert_int_eq(peer_find(&peer, 1)->bytes_received, 6 * 1460);
	ck_assert_int_eq(peer_find(&peer, 1)->bytes_wrong, 0);
	/* the SYN's answer as well */
	ck_assert_int_eq(peer.n_acks_sent, 1 + 6 / n);
	finish();
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

	config.delack_phase = cases[_i].phase;
	start();
	establish();
	run_to(cases[_i].arrival);
	receive(1, TH_ACK, BOARD_ISS + 1, 100);
	run_to(PS_PER_S);
	ck_assert_int_eq(n_answers, 1);
	assert_answer(0, cases[_i].tick + ACK_TIME, TH_ACK, PEER_ISS + 1,
	    BOARD_ISS + 101);
	finish();
}
END_TEST

/* A second segment makes the tick needless: it finds nothing to do. */
START_TEST(needless_tick)
{
	start();
	establish();
	receive(1, TH_ACK, BOARD_ISS + 1, 100);
	receive(1, TH_ACK, BOARD_ISS + 101, 100);
	run_to(300 * PS_PER_MS);
	ck_assert_int_eq(n_answers, 1);
	/* a third one, and a fourth after the tick has been set: set once */
	receive(1, TH_ACK, BOARD_ISS + 201, 100);
	receive(1, TH_ACK, BOARD_ISS + 301, 100);
	receive(1, TH_ACK, BOARD_ISS + 401, 100);
	run_to(PS_PER_S);
	ck_assert_int_eq(n_answers, 3);
	assert_answer(2, 400 * PS_PER_MS + ACK_TIME, TH_ACK, PEER_ISS + 1,
	    BOARD_ISS + 501);
	finish();
}
END_TEST

START_TEST(turnaround)
{
	config.turnaround = 3 * PS_PER_MS;
	start();
	establish();
	receive(1, TH_ACK, BOARD_ISS + 1, 1460);
	receive(1, TH_ACK, BOARD_ISS + 1461, 1460);
	run_to(PS_PER_S);
	assert_answer(0, 13 * PS_PER_MS + ACK_TIME, TH_ACK, PEER_ISS + 1,
	    BOARD_ISS + 2921);
	finish();
}
END_TEST

/*
 * Order and content
 */
START_TEST(out_of_order)
{
	start();
	establish();
	/* the first is missing; then it comes; then one it has had already */
	receive(1, TH_ACK, BOARD_ISS + 1461, 1460);
	receive(1, TH_ACK, BOARD_ISS + 1, 1460);
	receive(1, TH_ACK, BOARD_ISS + 1, 1460);
	run_to(PS_PER_S);
	ck_assert_int_eq(peer.n_out_of_order, 2);
	ck_assert_int_eq(n_answers, 2);
	/* at once, and each says what is expected; the last for both */
	ck_assert_uint_eq(answers[0].frame.th.ack, BOARD_ISS + 1);
	ck_assert_uint_eq(answers[1].frame.th.ack, BOARD_ISS + 1461);
	ck_assert_int_lt(answers[1].at, 11 * PS_PER_MS);
	ck_assert_int_eq(peer_find(&peer, 1)->bytes_received, 1460);
	finish();
}
END_TEST

START_TEST(wrong_content)
{
	static const uint64_t names[] = {CONTENT_MIXED, CONTENT_NONE};
	struct frame frame = {.conn = 1, .payload_bytes = 100, .th = {
	    .flags = TH_ACK, .seq = BOARD_ISS + 1}};

	start();
	establish();
	for (int i = 0; i < 4; i++) {
		/* the right place of another connection, and the next place */
		frame.content = i < 2 ? names[i] :
		    content_name(i == 2 ? 2 : 1, i == 2 ? 200 : 301);
		peer_receive(&peer, &frame);
		frame.th.seq += 100;
		ck_assert_int_eq(peer_find(&peer, 1)->bytes_wrong,
		    100 * (i + 1));
	}
	frame.content = content_name(1, 400);
	peer_receive(&peer, &frame);
	ck_assert_int_eq(peer_find(&peer, 1)->bytes_wrong, 400);
	ck_assert_int_eq(peer_find(&peer, 1)->bytes_received, 500);
	finish();
}
END_TEST

/* The board's ACK of the peer's FIN. */
static void
acknowledge_fin(uint32_t seq)
{
	struct frame ack = {.conn = 1, .th = {.flags = TH_ACK, .seq = seq,
	    .ack = PEER_ISS + 2}};

	peer_receive(&peer, &ack);
}

/*
 * Close: an ACK and a FIN, both at once; what was due by then goes with them.
 */
START_TEST(fin)
{
	start();
	establish();
	receive(1, TH_ACK, BOARD_ISS + 1, 100);
	receive(1, TH_ACK | TH_FIN, BOARD_ISS + 101, 0);
	run_to(PS_PER_S);
	ck_assert_int_eq(n_answers, 2);
	assert_answer(0, 10 * PS_PER_MS + ACK_TIME, TH_ACK, PEER_ISS + 1,
	    BOARD_ISS + 102);
	assert_answer(1, 10 * PS_PER_MS + ACK_TIME + 84 * 80 * PS_PER_NS,
	    TH_FIN | TH_ACK, PEER_ISS + 1, BOARD_ISS + 102);
	ck_assert_int_eq(peer_find(&peer, 1)->state, PEER_CLOSED);
	ck_assert_uint_eq(peer_find(&peer, 1)->snd_nxt, PEER_ISS + 2);
	/* the last ACK of the board; and its FIN again, out of order by now */
	acknowledge_fin(BOARD_ISS + 102);
	ck_assert_int_eq(peer.n_out_of_order, 0);
	receive(1, TH_ACK | TH_FIN, BOARD_ISS + 101, 0);
	run_to(2 * PS_PER_S);
	ck_assert_int_eq(n_answers, 3);
	ck_assert_uint_eq(answers[2].frame.th.ack, BOARD_ISS + 102);
	finish();
}
END_TEST

/*
 * A FIN that nobody acknowledges: again after 1.5 s each, 12 times, and then no
 * more.  One that is acknowledged in between is not repeated.
 */
START_TEST(fin_again)
{
	start();
	establish();
	receive(1, TH_ACK | TH_FIN, BOARD_ISS + 1, 0);
	run_to(PS_PER_S + 5 * 1500 * PS_PER_MS);
	ck_assert_int_eq(n_answers, 2 + 5);
	assert_answer(6, 10 * PS_PER_MS + 5 * 1500 * PS_PER_MS + ACK_TIME,
	    TH_FIN | TH_ACK, PEER_ISS + 1, BOARD_ISS + 2);
	if (_i == 0) {
		run_to(100 * PS_PER_S);
		ck_assert_int_eq(n_answers, 2 + 12);
	} else {
		acknowledge_fin(BOARD_ISS + 2);
		run_to(100 * PS_PER_S);
		ck_assert_int_eq(n_answers, 2 + 5);
	}
	finish();
}
END_TEST

/* A FIN that comes with data: the second segment's ACK, then the FIN's. */
START_TEST(fin_with_data)
{
	start();
	establish();
	receive(1, TH_ACK, BOARD_ISS + 1, 1460);
	receive(1, TH_ACK | TH_FIN, BOARD_ISS + 1461, 100);
	run_to(PS_PER_S);
	ck_assert_int_eq(n_answers, 3);
	ck_assert_uint_eq(answers[0].frame.th.ack, BOARD_ISS + 1561);
	ck_assert_uint_eq(answers[1].frame.th.ack, BOARD_ISS + 1562);
	ck_assert_uint_eq(answers[2].frame.th.flags, TH_FIN | TH_ACK);
	finish();
}
END_TEST

/* A table that grows by leaps: those between have nobody. */
START_TEST(many_connections)
{
	start();
	for (uint16_t conn = 1; conn < 1000; conn = (uint16_t)(conn * 7))
		receive(conn, TH_SYN, BOARD_ISS, 0);
	ck_assert_uint_eq(peer.n_conns, 344);
	for (uint16_t conn = 0; conn < 400; conn++) {
		bool is_there = conn == 1 || conn == 7 || conn == 49 ||
		    conn == 343;

		ck_assert_int_eq(peer_find(&peer, conn) != NULL, is_there);
	}
	finish();
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, syn);
	tcase_add_test(tc, options_as_offered);
	tcase_add_test(tc, nothing_before_a_syn);
	tcase_add_loop_test(tc, every_nth_segment, 0, 3);
	tcase_add_loop_test(tc, tick, 0, 5);
	tcase_add_test(tc, needless_tick);
	tcase_add_test(tc, turnaround);
	tcase_add_test(tc, out_of_order);
	tcase_add_test(tc, wrong_content);
	tcase_add_test(tc, fin);
	tcase_add_loop_test(tc, fin_again, 0, 2);
	tcase_add_test(tc, fin_with_data);
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
	tcase_add_checked_fixture(tc, setup, NULL);
	add_tests(tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
