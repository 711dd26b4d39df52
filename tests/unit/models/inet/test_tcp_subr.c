/*
 * A connection's start and end, and segments outside of one.
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/syscall.h"
#include "tests/support/tcp_bench.h"

static struct tcp_bench b;
static struct tcpcb *tp;
static int n_done;

static void
data_done(void *arg)
{
	(void)arg;
	n_done++;
}

static void
start(void)
{
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	tp = b.tp;
	b.host->data_done = data_done;
	n_done = 0;
}

/*
 * Attach
 */
START_TEST(fresh_connection)
{
	struct world_config config = tcp_bench_config();

	config.host.tcp.timestamps = _i % 2 == 1;
	config.host.tcp.window_scale = _i / 2 == 1;
	tcp_bench_init(&b, &config);
	tp = b.tp;
	ck_assert_int_eq(tp->t_state, TCPS_CLOSED);
	ck_assert_ptr_eq(tp->so, b.so);
	ck_assert_int_eq(tp->t_request_timestamps, _i % 2);
	ck_assert_int_eq(tp->t_request_scale, _i / 2);
	ck_assert(!tp->t_timestamps && !tp->t_scale);
	/* netbsd-2002.md 5.3: MTU - 40, and 12 less with timestamps */
	ck_assert_uint_eq(tp->t_maxseg, _i % 2 == 1 ? 1448 : 1460);
	ck_assert_uint_eq(tp->snd_una, BENCH_ISS);
	ck_assert_uint_eq(tp->snd_nxt, BENCH_ISS);
	ck_assert_uint_eq(tp->snd_max, BENCH_ISS);
	ck_assert_uint_eq(tp->snd_recover, BENCH_ISS);
	ck_assert_uint_eq(tp->snd_cwnd, tp->t_maxseg);
	ck_assert_uint_eq(tp->snd_ssthresh, 65535 << 14);
	/* nothing is measured: twice 3 s are 12 ticks */
	ck_assert_int_eq(tp->t_srtt, 0);
	ck_assert_int_eq(tp->t_rttvar, 12);
	ck_assert_int_eq(tp->t_rxtcur, 12);
	for (int i = 0; i < TCPT_NTIMERS; i++)
		ck_assert(!tcp_timer_is_armed(tp, (enum tcp_timer)i));
	tcp_bench_fini(&b);
}
END_TEST

/* The least shift with which 65535 says the whole receive buffer. */
START_TEST(window_shifts)
{
	static const struct {
		int64_t rcvbuf;
		uint8_t shift;
	} cases[] = {{1, 0}, {16384, 0}, {65535, 0}, {65536, 1}, {131070, 1},
	    {131071, 2}, {233016, 2}};
	struct so_options options = {.sndbuf = 16384, .sndlowat = 2048};

	start();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct socket *so;

		options.rcvbuf = cases[i].rcvbuf;
		so = so_new(b.host, &options, 0);
		ck_assert_uint_eq(so->tcpcb.request_r_scale, cases[i].shift);
	}
	/* no buffer needs more than the largest shift */
	b.so->so_rcv.sb_hiwat = INT64_C(65535) << 20;
	tcp_attach(tp, b.so);
	ck_assert_uint_eq(tp->request_r_scale, TCP_MAX_WINSHIFT);
	tcp_bench_fini(&b);
}
END_TEST

/* What setsockopt(2) would say is known from the start. */
START_TEST(options_of_the_socket)
{
	struct so_options options = {.sndbuf = 1000, .sndlowat = 100,
	    .rcvbuf = 2000, .keepalive = _i == 1, .nodelay = _i == 2};
	struct socket *so;

	start();
	so = so_new(b.host, &options, 0);
	ck_assert_int_eq(so->tcpcb.t_keepalive, _i == 1);
	ck_assert_int_eq(so->tcpcb.t_nodelay, _i == 2);
	ck_assert_int_eq(so->so_rcv.sb_hiwat, 2000);
	ck_assert_int_eq(so->so_rcv.sb_lowat, 1);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * End
 */
static void
start_with_data(void)
{
	start();
	tcp_bench_connect(&b);
	tcp_bench_write(&b, 100);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 200);
	/* beyond a gap */
	tcp_bench_arrives(&b, TH_ACK, FAR(1000), OURS(0), 50);
	tcp_delay_ack(tp);
	tcp_timer_arm(tp, TCPT_2MSL, 7);
	tcp_timer_arm(tp, TCPT_KEEP, 7);
	tp->t_acknow = true;
}

/*
 * Timers stop, what was to be sent is lost, what lies beyond a gap too; what
 * was received in order can still be read.
 */
START_TEST(close)
{
	start_with_data();
	if (_i == 0)
		tcp_close(tp);
	else
		tcp_drop(tp, SYS_ECONNRESET);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSED);
	for (int i = 0; i < TCPT_NTIMERS; i++)
		ck_assert(!tcp_timer_is_armed(tp, (enum tcp_timer)i));
	ck_assert(!tp->t_acknow && !tp->t_delack);
	ck_assert_ptr_null(tp->segq);
	ck_assert_int_eq(b.so->stats.bytes_dropped, 100);
	ck_assert_int_eq(b.so->so_snd.sb_cc, 0);
	ck_assert_int_eq(b.so->so_rcv.sb_cc, 200);
	ck_assert_int_eq(b.so->so_error, _i == 0 ? 0 : SYS_ECONNRESET);
	ck_assert(b.so->is_detached && !b.so->is_connected);
	ck_assert(b.so->cant_send && b.so->cant_receive);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * Who has ever spoken is told: by the highest number sent, and by what is next
 * of the other end.  Not in TIME_WAIT: there is nobody.
 */
START_TEST(drop_with_reset)
{
	static const enum tcp_state states[] = {TCPS_CLOSED, TCPS_LISTEN,
	    TCPS_SYN_SENT, TCPS_SYN_RECEIVED, TCPS_ESTABLISHED,
	    TCPS_CLOSE_WAIT, TCPS_FIN_WAIT_1, TCPS_CLOSING, TCPS_LAST_ACK,
	    TCPS_FIN_WAIT_2, TCPS_TIME_WAIT};
	enum tcp_state state = states[_i];
	bool is_told = state >= TCPS_SYN_RECEIVED && state != TCPS_TIME_WAIT;

	start();
	tcp_bench_connect(&b);
	tcp_bench_write(&b, 100);
	tcp_bench_mark(&b);
	tp->t_state = state;
	/* going back for a retransmission, say */
	tp->snd_nxt = tp->snd_una;
	tcp_drop_reset(tcp_bench_call(&b), tp, SYS_ETIMEDOUT);
	tcp_bench_run(&b, PS_PER_MS);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSED);
	ck_assert_int_eq(b.so->so_error, SYS_ETIMEDOUT);
	ck_assert_int_eq(tcp_bench_sent(&b), is_told);
	if (is_told) {
		tcp_bench_assert(&b, 0, TH_RST | TH_ACK, OURS(100), FAR(0), 0);
		ck_assert_uint_eq(tcp_bench_frame(&b, 0)->th.port, BENCH_PORT);
		ck_assert_uint_eq(tcp_bench_frame(&b, 0)->ip_bytes, 40);
	}
	tcp_bench_fini(&b);
}
END_TEST

/* The host is told when a socket that closes has nothing left to send. */
START_TEST(tell_done)
{
	start();
	tcp_bench_connect(&b);
	tcp_tell_done(tp);
	ck_assert_int_eq(n_done, 0);
	tp->t_is_closing = true;
	tcp_bench_write(&b, 100);
	tcp_tell_done(tp);
	ck_assert_int_eq(n_done, 0);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(50), 0);
	ck_assert_int_eq(n_done, 0);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(100), 0);
	ck_assert_int_eq(n_done, 1);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * Segments outside of a connection.  RFC 793: a RST is not answered; what has
 * an ACK is answered by its number; what has none, by a RST that acknowledges
 * all of it, SYN and FIN included.
 */
START_TEST(answers_to_strangers)
{
	static const struct {
		uint8_t flags;
		uint32_t len;
		uint8_t answer;
		uint32_t seq, ack;
	} cases[] = {
		{TH_RST, 0, 0, 0, 0},
		{TH_RST | TH_ACK, 0, 0, 0, 0},
		{TH_ACK, 0, TH_RST, 700, 0},
		{TH_ACK | TH_FIN, 10, TH_RST, 700, 0},
		{TH_SYN | TH_ACK, 0, TH_RST, 700, 0},
		{TH_SYN, 0, TH_RST | TH_ACK, 0, FAR(0) + 1},
		{TH_SYN | TH_FIN, 10, TH_RST | TH_ACK, 0, FAR(0) + 12},
		{0, 10, TH_RST | TH_ACK, 0, FAR(0) + 10},
		{0, 0, TH_RST | TH_ACK, 0, FAR(0)},
	};
	struct tcp_header th = {.seq = FAR(0), .ack = 700, .port = 99,
	    .flags = cases[_i].flags};

	start();
	b.conn = 0x1234;
	tcp_bench_header(&b, &th, cases[_i].len);
	ck_assert_int_eq(tcp_bench_sent(&b), cases[_i].answer != 0);
	if (cases[_i].answer != 0) {
		tcp_bench_assert(&b, 0, cases[_i].answer, cases[_i].seq,
		    cases[_i].ack, 0);
		ck_assert_uint_eq(tcp_bench_frame(&b, 0)->conn, 0x1234);
		ck_assert_uint_eq(tcp_bench_frame(&b, 0)->th.port, 99);
		ck_assert_uint_eq(tcp_bench_frame(&b, 0)->th.win, 0);
	}
	tcp_bench_fini(&b);
}
END_TEST

/* With a connection: its port, window and options; without: none. */
START_TEST(respond)
{
	const struct tcp_header th = {.seq = 1, .ack = 2, .flags = TH_ACK};
	struct world_config config = tcp_bench_config();
	const struct frame *frame;

	config.host.tcp.timestamps = true;
	tcp_bench_init(&b, &config);
	tcp_bench_connect(&b);
	tcp_respond(tcp_bench_call(&b), _i == 1 ? b.tp : NULL, 77, &th);
	tcp_bench_run(&b, PS_PER_MS);
	tcp_bench_assert(&b, 0, TH_ACK, 1, 2, 0);
	frame = tcp_bench_frame(&b, 0);
	ck_assert_uint_eq(frame->conn, 77);
	ck_assert_int_eq(frame->th.has_ts, _i == 1);
	ck_assert_uint_eq(frame->th.ts_ecr, _i == 1 ? 1 : 0);
	ck_assert_uint_eq(frame->ip_bytes, _i == 1 ? 52 : 40);
	ck_assert_uint_eq(frame->th.win, _i == 1 ? 16384 : 0);
	ck_assert_uint_eq(frame->th.port, _i == 1 ? BENCH_PORT : 0);
	tcp_bench_fini(&b);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, fresh_connection, 0, 4);
	tcase_add_test(tc, window_shifts);
	tcase_add_loop_test(tc, options_of_the_socket, 0, 3);
	tcase_add_loop_test(tc, close, 0, 2);
	tcase_add_loop_test(tc, drop_with_reset, 0, 11);
	tcase_add_test(tc, tell_done);
	tcase_add_loop_test(tc, answers_to_strangers, 0, 9);
	tcase_add_loop_test(tc, respond, 0, 2);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_subr");
	TCase *tc = tcase_create("tcp_subr");
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
