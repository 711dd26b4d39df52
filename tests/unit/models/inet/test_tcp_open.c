/*
 * How connections begin: waited for, called, or both at once (RFC 793).
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/syscall.h"
#include "tests/support/tcp_bench.h"

enum { CALLER = 0x8001 };	/* the number of who calls */

static struct tcp_bench b;
static struct tcpcb *tp;

static void
start(const struct world_config *config)
{
	tcp_bench_init(&b, config);
	tp = b.tp;
}

static void
start_plain(void)
{
	struct world_config config = tcp_bench_config();

	start(&config);
}

static struct tcp_header
header(uint8_t flags, uint32_t seq, uint32_t ack)
{
	return (struct tcp_header){.flags = flags, .seq = seq, .ack = ack,
	    .win = 1000, .port = BENCH_PORT};
}

/*
 * Waited for
 */
static void
listen_for(int backlog)
{
	start_plain();
	so_listen(b.so, BENCH_PORT, backlog);
	b.conn = CALLER;
}

static struct socket *
caller(void)
{
	return host_find_socket(b.host, CALLER);
}

/* RFC 793: a RST is nothing, an ACK is too early, and no SYN is no call. */
START_TEST(no_calls)
{
	static const uint8_t flags[] = {TH_RST, TH_RST | TH_SYN, TH_ACK,
	    TH_SYN | TH_ACK, 0, TH_FIN};
	bool is_answered = (flags[_i] & (TH_RST | TH_ACK)) == TH_ACK;

	listen_for(5);
	tcp_bench_arrives(&b, flags[_i], FAR(0), 700, 0);
	ck_assert_ptr_null(caller());
	ck_assert_int_eq(tp->t_state, TCPS_LISTEN);
	ck_assert_int_eq(tcp_bench_sent(&b), is_answered);
	if (is_answered)
		tcp_bench_assert(&b, 0, TH_RST, 700, 0, 0);
	tcp_bench_fini(&b);
}
END_TEST

static void
call(void)
{
	struct tcp_header th = header(TH_SYN, BENCH_FAR_ISS, 0);

	tcp_bench_header(&b, &th, 0);
	tp = &caller()->tcpcb;
	ck_assert_int_eq(tp->t_state, TCPS_SYN_RECEIVED);
}

START_TEST(passive)
{
	listen_for(5);
	call();
	ck_assert_ptr_eq(caller()->so_head, b.so);
	ck_assert_int_eq(b.so->so_q0len, 1);
	tcp_bench_assert(&b, 0, TH_SYN | TH_ACK, BENCH_ISS, FAR(0), 0);
	ck_assert_uint_eq(tp->irs, BENCH_FAR_ISS);
	ck_assert_uint_eq(tp->rcv_nxt, FAR(0));
	ck_assert_uint_eq(tp->t_port, BENCH_PORT);
	/* no option: 536 bytes; 75 s are 150 ticks */
	ck_assert_uint_eq(tp->t_maxseg, 536);
	ck_assert_uint_eq(tp->snd_cwnd, 536);
	ck_assert_int_eq(tp->t_timer[TCPT_KEEP], 150);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 0);
	ck_assert_int_eq(tp->t_state, TCPS_ESTABLISHED);
	ck_assert(caller()->is_connected);
	ck_assert_ptr_eq(b.so->so_q, caller());
	ck_assert_int_eq(b.so->so_qlen, 1);
	ck_assert_int_eq(b.so->so_q0len, 0);
	ck_assert(!tcp_timer_is_armed(tp, TCPT_KEEP));
	ck_assert(!tcp_timer_is_armed(tp, TCPT_REXMT));
	/* the window of the ACK, not that of the SYN */
	ck_assert_uint_eq(tp->snd_wnd, BENCH_WIN);
	ck_assert_uint_eq(tp->snd_una, OURS(0));
	tcp_bench_fini(&b);
}
END_TEST

/* A number that was never sent, or is old: a RST says so; no more. */
START_TEST(wrong_ack_of_our_syn)
{
	uint32_t ack = BENCH_ISS + (_i == 0 ? 0 : 2);

	listen_for(5);
	call();
	tcp_bench_mark(&b);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), ack, 0);
	ck_assert_int_eq(tp->t_state, TCPS_SYN_RECEIVED);
	ck_assert_int_eq(tcp_bench_sent(&b), 1);
	tcp_bench_assert(&b, 0, TH_RST, ack, 0, 0);
	tcp_bench_fini(&b);
}
END_TEST

/* Our answer is lost: the SYN comes again, and is answered again. */
START_TEST(syn_comes_again)
{
	listen_for(5);
	call();
	tcp_bench_mark(&b);
	call();
	ck_assert_int_eq(b.so->so_q0len, 1);
	ck_assert_int_eq(tcp_bench_sent(&b), 1);
	tcp_bench_assert(&b, 0, TH_SYN | TH_ACK, BENCH_ISS, FAR(0), 0);
	/* and once more by the timer of the answer, 6 ticks */
	tcp_bench_run(&b, 3 * PS_PER_S);
	ck_assert_int_eq(tcp_bench_sent(&b), 2);
	tcp_bench_assert(&b, 1, TH_SYN | TH_ACK, BENCH_ISS, FAR(0), 0);
	tcp_bench_fini(&b);
}
END_TEST

/* Nobody answers: after 75 s the place in the queue is free again. */
START_TEST(half_open)
{
	listen_for(5);
	call();
	tcp_bench_run(&b, 74 * PS_PER_S);
	ck_assert_int_eq(b.so->so_q0len, 1);
	tcp_bench_run(&b, 2 * PS_PER_S);
	ck_assert_int_eq(b.so->so_q0len, 0);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSED);
	ck_assert(so_is_gone(caller()));
	/* the other end had spoken: it is told */
	tcp_bench_assert(&b, -1, TH_RST | TH_ACK, OURS(0), FAR(0), 0);
	tcp_bench_fini(&b);
}
END_TEST

/* No room in the queue: a SYN is as if it had been lost. */
START_TEST(queue_full)
{
	listen_for(0);
	call();
	tcp_bench_mark(&b);
	b.conn = CALLER + 1;
	tcp_bench_arrives(&b, TH_SYN, BENCH_FAR_ISS, 0, 0);
	ck_assert_ptr_null(host_find_socket(b.host, CALLER + 1));
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * Data behind a SYN waits until the connection is established.  What exceeds
 * the buffer is cut, and the FIN behind it too.
 */
START_TEST(data_with_a_syn)
{
	struct tcp_header th = header(TH_SYN | TH_FIN, BENCH_FAR_ISS, 0);

	listen_for(5);
	sb_reserve(&b.so->so_rcv, 1000, 1);
	if (_i == 0)
		th.flags = TH_SYN;
	tcp_bench_header(&b, &th, _i == 0 ? 600 : 1500);
	tp = &caller()->tcpcb;
	ck_assert_int_eq(tp->t_state, TCPS_SYN_RECEIVED);
	ck_assert_int_eq(caller()->so_rcv.sb_cc, 0);
	tcp_bench_assert(&b, 0, TH_SYN | TH_ACK, BENCH_ISS, FAR(0), 0);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 0);
	ck_assert_int_eq(tp->t_state, TCPS_ESTABLISHED);
	ck_assert_int_eq(caller()->so_rcv.sb_cc, _i == 0 ? 600 : 1000);
	ck_assert_int_eq(caller()->stats.bytes_wrong, 0);
	ck_assert(!tp->t_fin_came);
	tcp_bench_fini(&b);
}
END_TEST

/* What the listening socket was told to do, its connections do as well. */
START_TEST(inherited)
{
	listen_for(5);
	b.so->tcpcb.t_keepalive = b.so->tcpcb.t_nodelay = true;
	call();
	ck_assert(tp->t_keepalive && tp->t_nodelay);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 0);
	/* 7200 s */
	ck_assert_int_eq(tp->t_timer[TCPT_KEEP], 14400);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * Called
 */
static void
call_out(void)
{
	tcp_usr_connect(tcp_bench_call(&b), tp, BENCH_PORT);
	tcp_bench_run(&b, PS_PER_MS);
	tcp_bench_assert(&b, 0, TH_SYN, BENCH_ISS, 0, 0);
	ck_assert_int_eq(tp->t_state, TCPS_SYN_SENT);
	ck_assert_int_eq(tp->t_timer[TCPT_KEEP], 150);
	tcp_bench_mark(&b);
}

/*
 * In SYN_SENT nothing but the right answer counts.  An ACK of what was not sent
 * deserves a RST, unless it is one.
 */
START_TEST(wrong_answers)
{
	static const struct {
		uint8_t flags;
		uint32_t ack;
		bool is_answered;
	} cases[] = {
		{TH_ACK, 1, false}, {TH_ACK, 0, true}, {TH_ACK, 2, true},
		{TH_SYN | TH_ACK, 0, true}, {TH_SYN | TH_ACK, 2, true},
		{TH_RST | TH_ACK, 0, false}, {TH_RST | TH_ACK, 2, false},
		{TH_RST, 0, false}, {TH_FIN, 0, false}, {0, 0, false}
	};
	uint32_t ack = BENCH_ISS + cases[_i].ack;

	start_plain();
	call_out();
	tcp_bench_arrives(&b, cases[_i].flags, BENCH_FAR_ISS, ack, 0);
	ck_assert_int_eq(tp->t_state, TCPS_SYN_SENT);
	ck_assert_int_eq(b.so->so_error, 0);
	ck_assert_int_eq(tcp_bench_sent(&b), cases[_i].is_answered);
	if (cases[_i].is_answered)
		tcp_bench_assert(&b, 0, TH_RST, ack, 0, 0);
	tcp_bench_fini(&b);
}
END_TEST

START_TEST(refused)
{
	start_plain();
	call_out();
	tcp_bench_arrives(&b, TH_RST | TH_ACK, 0, OURS(0), 0);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSED);
	ck_assert_int_eq(b.so->so_error, SYS_ECONNREFUSED);
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	tcp_bench_fini(&b);
}
END_TEST

START_TEST(active)
{
	struct tcp_header th = header(TH_SYN | TH_ACK, BENCH_FAR_ISS,
	    OURS(0));

	start_plain();
	tp->t_keepalive = _i == 1;
	call_out();
	tcp_bench_header(&b, &th, 0);
	ck_assert_int_eq(tp->t_state, TCPS_ESTABLISHED);
	ck_assert(b.so->is_connected);
	tcp_bench_assert(&b, 0, TH_ACK, OURS(0), FAR(0), 0);
	ck_assert_int_eq(tcp_bench_sent(&b), 1);
	ck_assert_uint_eq(tp->snd_una, OURS(0));
	ck_assert_uint_eq(tp->snd_wnd, 1000);
	ck_assert_int_eq(tp->t_timer[TCPT_REXMT], 0);
	ck_assert_int_eq(tp->t_timer[TCPT_KEEP], _i == 1 ? 14400 : 0);
	tcp_bench_fini(&b);
}
END_TEST

/* The SYN is to go again, finds no mbuf, and then the first is answered. */
START_TEST(answer_after_a_vain_repeat)
{
	struct tcp_header th = header(TH_SYN | TH_ACK, BENCH_FAR_ISS,
	    OURS(0));

	start_plain();
	call_out();
	b.host->mbufs.is_limited = true;
	b.host->mbufs.mbuf_limit = 0;
	tcp_bench_run(&b, 7 * PS_PER_S);
	ck_assert_int_eq(b.host->nobufs.n_output, 1);
	ck_assert_uint_eq(tp->snd_nxt, BENCH_ISS);
	b.host->mbufs.is_limited = false;
	tcp_bench_header(&b, &th, 0);
	ck_assert_int_eq(tp->t_state, TCPS_ESTABLISHED);
	ck_assert_uint_eq(tp->snd_nxt, OURS(0));
	tcp_bench_write(&b, 100);
	tcp_bench_assert(&b, -1, TH_ACK | TH_PUSH, OURS(0), FAR(0), 100);
	tcp_bench_fini(&b);
}
END_TEST

/* Data that comes with the answer is taken at once. */
START_TEST(data_with_the_answer)
{
	struct tcp_header th = header(TH_SYN | TH_ACK, BENCH_FAR_ISS,
	    OURS(0));

	start_plain();
	call_out();
	tcp_bench_header(&b, &th, 300);
	ck_assert_int_eq(b.so->so_rcv.sb_cc, 300);
	ck_assert_int_eq(b.so->stats.bytes_wrong, 0);
	tcp_bench_assert(&b, 0, TH_ACK, OURS(0), FAR(300), 0);
	tcp_bench_fini(&b);
}
END_TEST

/* Both MSS options, and timestamps that take 12 bytes of each segment. */
START_TEST(segment_size)
{
	static const struct {
		uint16_t mss;
		uint32_t maxseg;
	} cases[] = {{0, 536}, {1, 32}, {31, 32}, {33, 33}, {1000, 1000},
	    {1460, 1460}, {9000, 1460}};
	struct tcp_header th = header(TH_SYN | TH_ACK, BENCH_FAR_ISS,
	    OURS(0));
	struct world_config config = tcp_bench_config();
	int i = _i / 3;

	/* offered by nobody, by one, by both */
	config.host.tcp.timestamps = _i % 3 > 0;
	th.has_ts = _i % 3 == 2;
	th.ts_val = 4711;
	th.mss = cases[i].mss;
	start(&config);
	call_out();
	tcp_bench_header(&b, &th, 0);
	ck_assert_int_eq(tp->t_timestamps, _i % 3 == 2);
	ck_assert_uint_eq(tp->t_maxseg,
	    cases[i].maxseg - (_i % 3 == 2 ? 12 : 0));
	ck_assert_uint_eq(tp->snd_cwnd, tp->t_maxseg);
	ck_assert_uint_eq(tcp_bench_frame(&b, 0)->th.ts_ecr,
	    _i % 3 == 2 ? 4711 : 0);
	tcp_bench_fini(&b);
}
END_TEST

/* Shifts count if both SYNs have one; theirs is 14 at most (RFC 1323). */
START_TEST(window_scale)
{
	static const struct {
		bool is_ours;
		uint8_t option;	/* shift + 1 */
		uint8_t snd, rcv;
	} cases[] = {{false, 0, 0, 0}, {false, 4, 0, 0}, {true, 0, 0, 0},
	    {true, 1, 0, 1}, {true, 4, 3, 1}, {true, 15, 14, 1},
	    {true, 16, 14, 1}};
	struct tcp_header th = header(TH_SYN | TH_ACK, BENCH_FAR_ISS,
	    OURS(0));
	struct world_config config = tcp_bench_config();

	config.host.tcp.window_scale = cases[_i].is_ours;
	config.host.tcp.recvspace = 100000;
	th.wscale = cases[_i].option;
	start(&config);
	call_out();
	tcp_bench_header(&b, &th, 0);
	ck_assert_uint_eq(tp->snd_scale, cases[_i].snd);
	ck_assert_uint_eq(tp->rcv_scale, cases[_i].rcv);
	/* a SYN's window is not shifted, the next one is */
	ck_assert_uint_eq(tp->snd_wnd, 1000);
	th = header(TH_ACK, FAR(0), OURS(0));
	th.win = 2000;
	tcp_bench_header(&b, &th, 0);
	ck_assert_uint_eq(tp->snd_wnd, 2000U << cases[_i].snd);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * The SYN's round trip, from tick 0 to tick 5, counts 6: 48 eighths, 12
 * quarters; a time-out of 6 + 12 ticks.  A SYN that went twice is not timed,
 * and its window is one segment.
 */
START_TEST(round_trip_of_a_syn)
{
	struct tcp_header th = header(TH_SYN | TH_ACK, BENCH_FAR_ISS,
	    OURS(0));
	struct world_config config = tcp_bench_config();

	config.host.tcp.init_win = 4;
	start(&config);
	call_out();
	tcp_bench_run(&b, (_i == 0 ? 2600 : 6100) * PS_PER_MS);
	ck_assert_int_eq(tcp_bench_sent(&b), _i);
	tcp_bench_header(&b, &th, 0);
	ck_assert_int_eq(tp->t_srtt, _i == 0 ? 48 : 0);
	ck_assert_int_eq(tp->t_rttvar, 12);
	/* not measured: 12, doubled by the time-out */
	ck_assert_int_eq(tp->t_rxtcur, _i == 0 ? 18 : 24);
	ck_assert_uint_eq(tp->snd_cwnd, _i == 0 ? 4 * 536 : 536);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * Both call at once: our SYN goes once more, with an ACK; the other end's ACK,
 * or its own SYN with one, ends it.
 */
START_TEST(simultaneous)
{
	start_plain();
	call_out();
	tcp_bench_arrives(&b, TH_SYN, BENCH_FAR_ISS, 0, 0);
	ck_assert_int_eq(tp->t_state, TCPS_SYN_RECEIVED);
	ck_assert_int_eq(tcp_bench_sent(&b), 1);
	tcp_bench_assert(&b, 0, TH_SYN | TH_ACK, BENCH_ISS, FAR(0), 0);
	ck_assert(!b.so->is_connected);
	if (_i == 0)
		tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 0);
	else
		tcp_bench_arrives(&b, TH_SYN | TH_ACK, BENCH_FAR_ISS,
		    OURS(0), 0);
	ck_assert_int_eq(tp->t_state, TCPS_ESTABLISHED);
	ck_assert(b.so->is_connected);
	ck_assert_uint_eq(tp->snd_una, OURS(0));
	ck_assert_uint_eq(tp->snd_nxt, OURS(0));
	ck_assert_uint_eq(tp->rcv_nxt, FAR(0));
	tcp_bench_fini(&b);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, no_calls, 0, 6);
	tcase_add_test(tc, passive);
	tcase_add_loop_test(tc, wrong_ack_of_our_syn, 0, 2);
	tcase_add_test(tc, syn_comes_again);
	tcase_add_test(tc, half_open);
	tcase_add_test(tc, queue_full);
	tcase_add_loop_test(tc, data_with_a_syn, 0, 2);
	tcase_add_test(tc, inherited);
	tcase_add_loop_test(tc, wrong_answers, 0, 10);
	tcase_add_test(tc, refused);
	tcase_add_loop_test(tc, active, 0, 2);
	tcase_add_test(tc, answer_after_a_vain_repeat);
	tcase_add_test(tc, data_with_the_answer);
	tcase_add_loop_test(tc, segment_size, 0, 7 * 3);
	tcase_add_loop_test(tc, window_scale, 0, 7);
	tcase_add_loop_test(tc, round_trip_of_a_syn, 0, 2);
	tcase_add_loop_test(tc, simultaneous, 0, 2);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_open");
	TCase *tc = tcase_create("tcp_open");
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
