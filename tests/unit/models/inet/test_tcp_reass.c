/*
 * Data that comes: in order, out of order, twice; and the FIN behind it.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/tcp_bench.h"
#include "tests/support/writer.h"

static struct tcp_bench b;
static struct tcpcb *tp;
static struct sockbuf *rcv;

static void
start_on(const struct world_config *config)
{
	tcp_bench_init(&b, config);
	tp = b.tp;
	rcv = &b.so->so_rcv;
	/* clusters for whatever a test has in mind */
	sb_reserve(rcv, 60000, 1);
	tcp_bench_connect(&b);
}

static void
start(void)
{
	struct world_config config = tcp_bench_config();

	start_on(&config);
}

static void
data(uint32_t from, uint32_t to)
{
	tcp_bench_arrives(&b, TH_ACK, FAR(from), OURS(0), to - from);
}

static void
fin(uint32_t from, uint32_t to)
{
	tcp_bench_arrives(&b, TH_ACK | TH_FIN, FAR(from), OURS(0), to - from);
}

static void
assert_received(int64_t n)
{
	ck_assert_int_eq(rcv->sb_cc, n);
	ck_assert_uint_eq(tp->rcv_nxt, FAR(n));
	ck_assert_int_eq(b.so->stats.bytes_received, n);
	ck_assert_int_eq(b.so->stats.bytes_wrong, 0);
	writer_audit(b.host, "data");
}

/*
 * In order: every second segment is acknowledged, the rest with the tick of
 * 200 ms; predicted, or with another window each time, so that they are not.
 */
START_TEST(in_order)
{
	struct tcp_header th = {.flags = TH_ACK, .ack = OURS(0),
	    .win = BENCH_WIN};

	start();
	for (uint32_t i = 0; i < 3; i++) {
		th.seq = FAR(1000 * i);
		th.win += (uint16_t)_i;
		tcp_bench_header(&b, &th, 1000);
		ck_assert_int_eq(tcp_bench_sent(&b), i > 0);
	}
	tcp_bench_assert(&b, 0, TH_ACK, OURS(0), FAR(2000), 0);
	ck_assert_int_eq(tp->stats.n_predicted_data, _i == 0 ? 3 : 0);
	ck_assert(tp->t_delack);
	tcp_bench_run(&b, 200 * PS_PER_MS);
	tcp_bench_assert(&b, 1, TH_ACK, OURS(0), FAR(3000), 0);
	ck_assert_int_eq(tp->stats.n_acks_sent, 3);	/* and the SYN's */
	assert_received(3000);
	tcp_bench_fini(&b);
}
END_TEST

/* kernel.tcp_ack_on_push: what is pushed is acknowledged at once. */
START_TEST(ack_on_push)
{
	struct world_config config = tcp_bench_config();

	config.host.tcp.ack_on_push = _i / 2 == 1;
	start_on(&config);
	tcp_bench_arrives(&b, (uint8_t)(TH_ACK | (_i % 2 == 1 ? TH_PUSH : 0)),
	    FAR(0), OURS(0), 10);
	ck_assert_int_eq(tcp_bench_sent(&b), _i == 3);
	tcp_bench_fini(&b);
}
END_TEST

/* Beyond a gap: an ACK at once, of what is missing; then of all. */
START_TEST(gap)
{
	start();
	data(100, 200);
	data(200, 300);
	ck_assert_int_eq(tcp_bench_sent(&b), 2);
	tcp_bench_assert(&b, 0, TH_ACK, OURS(0), FAR(0), 0);
	tcp_bench_assert(&b, 1, TH_ACK, OURS(0), FAR(0), 0);
	assert_received(0);
	/* once more: a duplicate, and out of order no second time */
	data(200, 300);
	ck_assert_int_eq(tp->stats.n_duplicates, 1);
	ck_assert_int_eq(tp->stats.n_out_of_order, 2);
	data(0, 100);
	tcp_bench_assert(&b, 3, TH_ACK, OURS(0), FAR(300), 0);
	assert_received(300);
	ck_assert_ptr_null(tp->segq);
	/* it is not counted itself: nothing was missing before it */
	ck_assert_int_eq(tp->stats.n_out_of_order, 2);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * One more segment into a queue of three: 100-199, 300-399, 500-599.
 */
enum { MAX_RANGES = 5 };

START_TEST(queue)
{
	static const struct {
		uint32_t from, to;
		uint32_t ranges[2 * MAX_RANGES];
		bool is_known;
	} cases[] = {
		{250, 260, {100, 200, 250, 260, 300, 400, 500, 600}, false},
		{200, 300, {100, 200, 200, 300, 300, 400, 500, 600}, false},
		{600, 610, {100, 200, 300, 400, 500, 600, 600, 610}, false},
		{50, 60, {50, 60, 100, 200, 300, 400, 500, 600}, false},
		/* known already */
		{100, 200, {100, 200, 300, 400, 500, 600}, true},
		{120, 180, {100, 200, 300, 400, 500, 600}, true},
		{150, 200, {100, 200, 300, 400, 500, 600}, true},
		{100, 150, {100, 200, 300, 400, 500, 600}, true},
		/* its front is */
		{150, 250, {100, 200, 200, 250, 300, 400, 500, 600}, false},
		{100, 201, {100, 200, 200, 201, 300, 400, 500, 600}, false},
		{550, 700, {100, 200, 300, 400, 500, 600, 600, 700}, false},
		/* its end is: what is behind keeps only what lies beyond */
		{50, 150, {50, 150, 150, 200, 300, 400, 500, 600}, false},
		{50, 101, {50, 101, 101, 200, 300, 400, 500, 600}, false},
		{250, 399, {100, 200, 250, 399, 399, 400, 500, 600}, false},
		/* others are within it */
		{50, 200, {50, 200, 300, 400, 500, 600}, false},
		{50, 400, {50, 400, 500, 600}, false},
		{50, 700, {50, 700}, false},
		/* all of that */
		{150, 350, {100, 200, 200, 350, 350, 400, 500, 600}, false},
		{150, 600, {100, 200, 200, 600}, false}
	};
	uint32_t from, to;
	const struct mbuf *m;
	int n = 0;

	start();
	data(300, 400);
	data(500, 600);
	data(100, 200);
	data(cases[_i].from, cases[_i].to);
	for (m = tp->segq; m != NULL; m = m->m_nextpkt, n++) {
		from = m->m_th.seq - FAR(0);
		to = from + m->m_len;
		ck_assert_uint_eq(from, cases[_i].ranges[2 * n]);
		ck_assert_uint_eq(to, cases[_i].ranges[2 * n + 1]);
	}
	ck_assert_uint_eq(cases[_i].ranges[2 * n], 0);
	ck_assert_int_eq(tp->stats.n_duplicates, cases[_i].is_known);
	/* what is missing comes: nothing is there twice, nothing is wrong */
	data(0, 700);
	assert_received(700);
	tcp_bench_fini(&b);
}
END_TEST

/* xorshift32 */
static uint32_t
draw(uint32_t *state, uint32_t n)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state % n;
}

/*
 * Random pieces of a stream and its FIN, in any order, many times; against a
 * table of the bytes that have come.
 */
START_TEST(any_order)
{
	enum { BYTES = 2000 };
	static bool has_come[BYTES + 1];	/* the last is the FIN */
	uint32_t state = 0x9e3779b9U * (uint32_t)(_i + 1), n = 0;

	start();
	memset(has_come, 0, sizeof has_come);
	while (n < BYTES + 1) {
		uint32_t from = draw(&state, BYTES), to;

		to = from + 1 + draw(&state, 200);
		if (to > BYTES) {
			fin(from, BYTES);
			to = BYTES + 1;
		} else
			data(from, to);
		for (uint32_t i = from; i < to; i++)
			has_come[i] = true;
		while (n < BYTES + 1 && has_come[n])
			n++;
		ck_assert_uint_eq(tp->rcv_nxt, FAR(n));
		ck_assert_int_eq(b.so->cant_receive, n == BYTES + 1);
		if (rcv->sb_cc > 0)
			tcp_bench_read(&b, rcv->sb_cc);
		ck_assert_int_eq(b.so->stats.bytes_read,
		    n < BYTES ? n : BYTES);
		writer_audit(b.host, "any order");
	}
	ck_assert_int_eq(tp->t_state, TCPS_CLOSE_WAIT);
	ck_assert_int_eq(b.so->stats.bytes_wrong, 0);
	ck_assert_ptr_null(tp->segq);
	tcp_bench_fini(&b);
}
END_TEST

/* Nobody will read: received, acknowledged, and thrown away. */
START_TEST(nobody_reads)
{
	start();
	b.so->cant_receive = true;
	data(0, 500);
	ck_assert_int_eq(rcv->sb_cc, 0);
	ck_assert_uint_eq(tp->rcv_nxt, FAR(500));
	ck_assert_int_eq(b.so->stats.bytes_discarded, 500);
	tcp_bench_fini(&b);
}
END_TEST

/* Names of another stream, or of another place, are wrong. */
START_TEST(wrong_content)
{
	struct mbuf *m;

	start();
	m = tcp_bench_data(&b, FAR(0), 300);
	m->m_ext->content = content_name((uint16_t)(1 + _i), _i == 0 ? 5 : 0);
	tcp_append_data(tcp_bench_call(&b), tp, m);
	kctx_return(&b.k);
	ck_assert_int_eq(b.so->stats.bytes_wrong, 300);
	ck_assert_int_eq(b.so->stats.bytes_received, 300);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * FIN
 */
START_TEST(fin_in_order)
{
	start();
	fin(0, 100);
	/* at once: two, though one segment only has come */
	tcp_bench_assert(&b, 0, TH_ACK, OURS(0), FAR(101), 0);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSE_WAIT);
	ck_assert_int_eq(rcv->sb_cc, 100);
	ck_assert(b.so->cant_receive && !b.so->cant_send);
	ck_assert(b.so->is_connected);
	/* once more: acknowledged, and nothing else */
	fin(0, 100);
	tcp_bench_assert(&b, 1, TH_ACK, OURS(0), FAR(101), 0);
	ck_assert_uint_eq(tp->rcv_nxt, FAR(101));
	ck_assert_int_eq(tp->t_state, TCPS_CLOSE_WAIT);
	tcp_bench_fini(&b);
}
END_TEST

/* Before its data: it counts when that is there. */
START_TEST(fin_beyond_a_gap)
{
	start();
	fin(100, _i == 0 ? 100 : 200);
	ck_assert_int_eq(tp->t_state, TCPS_ESTABLISHED);
	ck_assert(tp->t_fin_came);
	tcp_bench_assert(&b, 0, TH_ACK, OURS(0), FAR(0), 0);
	data(0, 100);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSE_WAIT);
	ck_assert_uint_eq(tp->rcv_nxt, FAR(_i == 0 ? 101 : 201));
	ck_assert_int_eq(rcv->sb_cc, _i == 0 ? 100 : 200);
	tcp_bench_assert(&b, -1, TH_ACK, OURS(0), tp->rcv_nxt, 0);
	tcp_bench_fini(&b);
}
END_TEST

/* In each state, with its data; 2 MSL are 120 ticks. */
START_TEST(fin_in_every_state)
{
	static const struct {
		enum tcp_state from, to;
	} cases[] = {
		{TCPS_ESTABLISHED, TCPS_CLOSE_WAIT},
		{TCPS_FIN_WAIT_1, TCPS_CLOSING},
		{TCPS_FIN_WAIT_2, TCPS_TIME_WAIT},
		{TCPS_CLOSE_WAIT, TCPS_CLOSE_WAIT},
		{TCPS_CLOSING, TCPS_CLOSING},
		{TCPS_LAST_ACK, TCPS_LAST_ACK},
		{TCPS_TIME_WAIT, TCPS_TIME_WAIT}
	};
	struct world_config config = tcp_bench_config();
	bool is_first = _i < 3;

	tcp_bench_init(&b, &config);
	tcp_bench_state(&b, cases[_i].from);
	tp = b.tp;
	tcp_timer_arm(tp, TCPT_2MSL, 7);
	/* a repeated one has the place before rcv_nxt */
	tcp_bench_arrives(&b, TH_ACK | TH_FIN, FAR(0), OURS(0),
	    is_first ? 10 : 0);
	ck_assert_int_eq(tp->t_state, cases[_i].to);
	ck_assert_uint_eq(tp->rcv_nxt, FAR(is_first ? 11 : 1));
	ck_assert_int_eq(tp->t_timer[TCPT_2MSL],
	    cases[_i].to == TCPS_TIME_WAIT ? 120 : 7);
	/* the answer */
	ck_assert_uint_eq(tcp_bench_frame(&b, -1)->th.ack, tp->rcv_nxt);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * One that is next in order, of an other end that has closed before: it has
 * nothing to say to who has its FIN; but TIME_WAIT begins anew.
 */
START_TEST(second_fin)
{
	static const enum tcp_state states[] = {TCPS_CLOSE_WAIT,
	    TCPS_CLOSING, TCPS_LAST_ACK, TCPS_TIME_WAIT};
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	tcp_bench_state(&b, states[_i]);
	tp = b.tp;
	tcp_timer_arm(tp, TCPT_2MSL, 7);
	tcp_bench_arrives(&b, TH_ACK | TH_FIN, FAR(1), OURS(0), 0);
	ck_assert_int_eq(tp->t_state, states[_i]);
	ck_assert_uint_eq(tp->rcv_nxt, FAR(1));
	ck_assert_int_eq(tp->t_timer[TCPT_2MSL],
	    states[_i] == TCPS_TIME_WAIT ? 120 : 7);
	tcp_bench_fini(&b);
}
END_TEST

/* Data behind a FIN is none. */
START_TEST(data_behind_a_fin)
{
	start();
	fin(0, 0);
	tcp_bench_arrives(&b, TH_ACK, FAR(1), OURS(0), 100);
	ck_assert_int_eq(rcv->sb_cc, 0);
	ck_assert_uint_eq(tp->rcv_nxt, FAR(1));
	ck_assert_ptr_null(tp->segq);
	tcp_bench_fini(&b);
}
END_TEST

/* TIME_WAIT: no timer but its own, and that of an ACK that is owed. */
START_TEST(time_wait)
{
	start();
	for (int i = 0; i < TCPT_DELACK; i++)
		tcp_timer_arm(tp, (enum tcp_timer)i, 5);
	tcp_delay_ack(tp);
	tcp_time_wait(tp);
	ck_assert_int_eq(tp->t_state, TCPS_TIME_WAIT);
	for (int i = 0; i < TCPT_NTIMERS; i++)
		ck_assert_int_eq(tcp_timer_is_armed(tp, (enum tcp_timer)i),
		    i == TCPT_2MSL || i == TCPT_DELACK);
	ck_assert_int_eq(tp->t_timer[TCPT_2MSL], 120);
	ck_assert(!b.so->is_connected && !b.so->is_detached);
	ck_assert(b.so->cant_send && b.so->cant_receive);
	tcp_bench_fini(&b);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, in_order, 0, 2);
	tcase_add_loop_test(tc, ack_on_push, 0, 4);
	tcase_add_test(tc, gap);
	tcase_add_loop_test(tc, queue, 0, 19);
	tcase_add_loop_test(tc, any_order, 0, 20);
	tcase_add_test(tc, nobody_reads);
	tcase_add_loop_test(tc, wrong_content, 0, 2);
	tcase_add_test(tc, fin_in_order);
	tcase_add_loop_test(tc, fin_beyond_a_gap, 0, 2);
	tcase_add_loop_test(tc, fin_in_every_state, 0, 7);
	tcase_add_loop_test(tc, second_fin, 0, 4);
	tcase_add_test(tc, data_behind_a_fin);
	tcase_add_test(tc, time_wait);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_reass");
	TCase *tc = tcase_create("tcp_reass");
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
