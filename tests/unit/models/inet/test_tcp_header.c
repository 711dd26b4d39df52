/*
 * Headers: options and window field by flags and by what is agreed; sequence
 * numbers; places in the stream.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/tcp_bench.h"

static struct tcp_bench b;
static struct tcpcb *tp;

static void
start(void)
{
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	tp = b.tp;
}

static struct tcp_header
build(uint8_t flags)
{
	struct mbuf *m = tcp_build(&b.k, tp, 0, 0, flags);
	struct tcp_header th = m->m_th;

	ck_assert_uint_eq(m->m_hdr_len, 40U + th.option_bytes);
	ck_assert_uint_eq(m->m_pkthdr_len, m->m_hdr_len);
	ck_assert_uint_eq(m->m_len, m->m_hdr_len);
	m_freem(&b.host->mbufs, m);
	b.k.cost = (struct cost){0};
	return th;
}

/*
 * MSS 4, window scale 4 and timestamps 12 bytes.  A SYN has what is asked for,
 * a SYN that answers what is agreed, all else timestamps if agreed; a RST
 * nothing.
 */
START_TEST(options)
{
	static const struct {
		uint8_t flags;
		bool mss, asks, answers;	/* scale and timestamps */
	} cases[] = {
		{TH_SYN, true, true, false},
		{TH_SYN | TH_ACK, true, false, true},
		{TH_ACK, false, false, false},
		{TH_ACK | TH_PUSH | TH_FIN, false, false, false},
		{TH_RST, false, false, false},
		{TH_RST | TH_ACK, false, false, false}
	};
	int i = _i / 16;
	bool is_rst = (cases[i].flags & TH_RST) != 0;
	struct tcp_header th;
	bool has_ts, has_scale;

	start();
	tp->t_request_timestamps = _i & 1;
	tp->t_request_scale = _i >> 1 & 1;
	tp->t_timestamps = _i >> 2 & 1;
	tp->t_scale = _i >> 3 & 1;
	tp->request_r_scale = 3;
	tp->ts_recent = 4711;
	b.host->clock.n_slow_ticks = 99;
	has_ts = !is_rst && (cases[i].asks ? tp->t_request_timestamps :
	    tp->t_timestamps);
	has_scale = (cases[i].asks && tp->t_request_scale) ||
	    (cases[i].answers && tp->t_scale);
	th = build(cases[i].flags);
	ck_assert_int_eq(th.option_bytes, (cases[i].mss ? 4 : 0) +
	    (has_scale ? 4 : 0) + (has_ts ? 12 : 0));
	ck_assert_uint_eq(tcp_option_bytes(tp, cases[i].flags),
	    th.option_bytes);
	ck_assert_uint_eq(th.mss, cases[i].mss ? 1460 : 0);
	ck_assert_uint_eq(th.wscale, has_scale ? 3 + 1 : 0);
	ck_assert_int_eq(th.has_ts, has_ts);
	ck_assert_uint_eq(th.ts_val, has_ts ? 99 : 0);
	/* nothing to echo yet in a SYN */
	ck_assert_uint_eq(th.ts_ecr,
	    has_ts && (cases[i].flags & TH_ACK) != 0 ? 4711 : 0);
	tcp_bench_fini(&b);
}
END_TEST

/* Shifted, but not in a SYN; 16 bits. */
START_TEST(window_field)
{
	static const struct {
		uint8_t flags, scale;
		int64_t room;
		uint16_t win;
	} cases[] = {
		{TH_ACK, 0, 16384, 16384}, {TH_ACK, 2, 16385, 4096},
		{TH_ACK, 2, 262143, 65535}, {TH_ACK, 2, 400000, 65535},
		{TH_SYN, 2, 16385, 16385}, {TH_SYN | TH_ACK, 2, 80000, 65535},
		{TH_ACK, 0, 80000, 65535}
	};

	start();
	b.so->so_rcv.sb_hiwat = cases[_i].room;
	b.so->so_rcv.sb_mbmax = 1000000;
	tp->rcv_scale = cases[_i].scale;
	ck_assert_uint_eq(build(cases[_i].flags).win, cases[_i].win);
	tcp_bench_fini(&b);
}
END_TEST

/* Without a connection: the numbers alone. */
START_TEST(of_nobody)
{
	const struct tcp_header th = {.seq = 1, .ack = 2, .flags = TH_ACK,
	    .port = 9};
	struct mbuf *m;

	start();
	m = tcp_packet(&b.k, NULL, 77, &th);
	ck_assert_uint_eq(m->m_conn, 77);
	ck_assert_uint_eq(m->m_pkthdr_len, 40);
	ck_assert_uint_eq(m->m_th.port, 9);
	ck_assert_uint_eq(m->m_th.win, 0);
	ck_assert_uint_eq(m->m_th.option_bytes, 0);
	m_freem(&b.host->mbufs, m);
	b.k.cost = (struct cost){0};
	tcp_bench_fini(&b);
}
END_TEST

/*
 * Going back for a retransmission, 100 of 300 bytes acknowledged: a SYN has the
 * first number of all, a FIN and a probe the next one to be sent, an ACK alone
 * the highest.  A FIN that is sent once more has its old place.
 */
START_TEST(sequence_numbers)
{
	static const struct {
		uint8_t flags;
		bool persists, is_again;
		uint32_t seq;
	} cases[] = {
		{TH_SYN, false, false, BENCH_ISS},
		{TH_ACK, false, false, OURS(300)},
		{TH_ACK, true, false, OURS(150)},
		{TH_ACK | TH_FIN, false, false, OURS(150)},
		/* not all is out again: the FIN is not due yet */
		{TH_ACK | TH_FIN, false, true, OURS(150)}
	};

	start();
	tp->snd_una = OURS(100);
	tp->snd_nxt = OURS(150);
	tp->snd_max = OURS(300);
	if (cases[_i].persists)
		tcp_timer_arm(tp, TCPT_PERSIST, 5);
	tp->t_sent_fin = cases[_i].is_again;
	ck_assert_uint_eq(build(cases[_i].flags).seq, cases[_i].seq);
	tp->snd_nxt = OURS(300);
	if (cases[_i].is_again)
		ck_assert_uint_eq(build(cases[_i].flags).seq, OURS(299));
	/* an ACK, only where there is one */
	tp->rcv_nxt = FAR(5);
	ck_assert_uint_eq(build(cases[_i].flags).ack,
	    cases[_i].flags == TH_SYN ? 0 : FAR(5));
	tcp_bench_fini(&b);
}
END_TEST

/* Of what comes: the place within 2^31 of what has been received. */
START_TEST(place_received)
{
	const uint64_t far = (UINT64_C(5) << 32) + 1000;

	start();
	tcp_rcvseqinit(tp, BENCH_FAR_ISS);
	ck_assert_uint_eq(tcp_rcv_place_of(tp, FAR(0)), 0);
	ck_assert_uint_eq(tcp_rcv_place_of(tp, FAR(0x7fffffff)), 0x7fffffff);
	b.so->stats.bytes_received = (int64_t)far;
	ck_assert_uint_eq(tcp_rcv_place_of(tp, FAR(1000)), far);
	ck_assert_uint_eq(tcp_rcv_place_of(tp, FAR(2460)), far + 1460);
	ck_assert_uint_eq(tcp_rcv_place_of(tp, FAR(0)), far - 1000);
	b.so->stats.bytes_received = 0;
	tcp_bench_fini(&b);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, options, 0, 6 * 16);
	tcase_add_loop_test(tc, window_field, 0, 7);
	tcase_add_test(tc, of_nobody);
	tcase_add_loop_test(tc, sequence_numbers, 0, 5);
	tcase_add_test(tc, place_received);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_header");
	TCase *tc = tcase_create("tcp_header");
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
