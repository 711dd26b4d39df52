/*
 * What tcp_output says of windows and to closed ones; FINs that go again.
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/syscall.h"
#include "tests/support/tcp_bench.h"

static struct tcp_bench b;
static struct tcpcb *tp;
static struct sockbuf *rcv;

static void
start_on(const struct world_config *config)
{
	tcp_bench_init(&b, config);
	tp = b.tp;
	rcv = &b.so->so_rcv;
	tcp_bench_connect(&b);
}

static void
start(int64_t recvspace)
{
	struct world_config config = tcp_bench_config();

	config.host.tcp.recvspace = recvspace;
	start_on(&config);
}

static void
output(void)
{
	tcp_output(tcp_bench_call(&b), tp);
	tcp_bench_run(&b, PS_PER_MS);
}

/*
 * The window that is offered
 *
 * Room, but what was promised at the least; less than a quarter of the buffer
 * and than a segment is none (silly window, RFC 1122).
 */
START_TEST(window_offered)
{
	static const struct {
		int64_t hiwat, used, promised;
		uint32_t window;
	} cases[] = {
		{16384, 0, 0, 16384}, {16384, 6384, 0, 10000},
		{16384, 0, 20000, 20000},
		/* segments of 1460 */
		{16384, 16384 - 1460, 0, 1460}, {16384, 16384 - 1459, 0, 0},
		{16384, 16384 - 1459, 700, 700},
		/* a quarter of 4000 */
		{4000, 3000, 0, 1000}, {4000, 3001, 0, 0},
		/* no shift: 16 bits */
		{100000, 0, 0, 65535}, {16384, 20000, 0, 0}
	};

	start(16384);
	rcv->sb_hiwat = cases[_i].hiwat;
	rcv->sb_mbmax = 1000000;
	rcv->sb_cc = cases[_i].used;
	tp->rcv_adv = tp->rcv_nxt + (uint32_t)cases[_i].promised;
	ck_assert_uint_eq(tcp_window(tp), cases[_i].window);
	rcv->sb_cc = 0;
	tcp_bench_fini(&b);
}
END_TEST

/* A shift lets it say more, up to 65535 of its units. */
START_TEST(window_shifted)
{
	start(16384);
	rcv->sb_hiwat = 200000;
	rcv->sb_mbmax = 1000000;
	tp->rcv_scale = 1;
	ck_assert_uint_eq(tcp_window(tp), 131070);
	tp->rcv_scale = 2;
	ck_assert_uint_eq(tcp_window(tp), 200000);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * Read: the other end hears of it when two segments more are free, or half of
 * the buffer; not if it has closed.
 */
START_TEST(window_update)
{
	static const struct {
		int64_t recvspace, read;
		bool is_told;
	} cases[] = {
		{16384, 2919, false}, {16384, 2920, true},
		{4000, 1999, false}, {4000, 2000, true}
	};

	start(cases[_i].recvspace);
	for (uint32_t i = 0; i < 3; i++)
		tcp_bench_arrives(&b, TH_ACK, FAR(1000 * i), OURS(0), 1000);
	/* the third one's ACK, by its tick */
	tcp_bench_run(&b, PS_PER_S);
	tcp_bench_mark(&b);
	tcp_bench_read(&b, cases[_i].read);
	ck_assert_int_eq(tcp_bench_sent(&b), cases[_i].is_told);
	if (cases[_i].is_told) {
		tcp_bench_assert(&b, 0, TH_ACK, OURS(0), FAR(3000), 0);
		ck_assert_int_eq(tcp_bench_frame(&b, 0)->th.win,
		    cases[_i].recvspace - 3000 + cases[_i].read);
		ck_assert_uint_eq(tp->rcv_adv, FAR(cases[_i].recvspace +
		    cases[_i].read));
	}
	tcp_bench_fini(&b);
}
END_TEST

START_TEST(no_update_after_a_fin)
{
	start(4000);
	tcp_bench_arrives(&b, TH_ACK | TH_FIN, FAR(0), OURS(0), 1000);
	tcp_bench_mark(&b);
	rcv->sb_hiwat = 16384;
	rcv->sb_mbmax = 65536;
	tcp_bench_read(&b, 1000);
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * A closed window
 */
static void
close_window(void)
{
	tp->snd_wnd = 0;
	tcp_bench_mark(&b);
}

/*
 * Data waits behind a closed window: every time the persist timer goes off, one
 * byte goes, from the same place.  5 s is its least (10 ticks); from the first
 * measure, 1 tick with deviation 2/4: (8 / 4 + 2) / 2 = 2 ticks, doubled up to
 * 120: 10, 10, 10, 16 (2 << 3), 32, 64, 120 ticks.
 */
START_TEST(persist)
{
	static const int32_t ticks[] = {10, 10, 10, 16, 32, 64, 120, 120};

	start(16384);
	close_window();
	tcp_bench_write(&b, 500);
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	for (int i = 0; i < 8; i++) {
		ck_assert_int_eq(tp->t_timer[TCPT_PERSIST], ticks[i]);
		ck_assert(!tcp_timer_is_armed(tp, TCPT_REXMT));
		tcp_bench_run(&b, ticks[i] * 500 * PS_PER_MS);
		ck_assert_int_eq(tcp_bench_sent(&b), i + 1);
		tcp_bench_assert(&b, i, TH_ACK, OURS(0), FAR(0), 1);
	}
	ck_assert_int_eq(tp->stats.n_persists, 8);
	ck_assert_uint_eq(tp->snd_nxt, OURS(0));
	ck_assert_uint_eq(tp->snd_max, OURS(1));
	ck_assert(!tp->t_force);
	/* it opens: all goes, and the other timer runs */
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 0);
	tcp_bench_assert(&b, -1, TH_ACK | TH_PUSH, OURS(0), FAR(0), 500);
	ck_assert(!tcp_timer_is_armed(tp, TCPT_PERSIST));
	ck_assert(tcp_timer_is_armed(tp, TCPT_REXMT));
	tcp_bench_fini(&b);
}
END_TEST

/* A small window, not worth a segment: forced, it is used up. */
START_TEST(forced_into_a_small_window)
{
	struct tcp_header th = {.flags = TH_ACK, .seq = FAR(0),
	    .ack = OURS(0), .win = 100, .port = BENCH_PORT};

	start(16384);
	close_window();
	tcp_bench_write(&b, 500);
	tcp_bench_header(&b, &th, 0);
	/* 100 of 500, and half of the largest was 16384 */
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	tcp_bench_run(&b, 5 * PS_PER_S);
	tcp_bench_assert(&b, 0, TH_ACK, OURS(0), FAR(0), 100);
	ck_assert(!tcp_timer_is_armed(tp, TCPT_PERSIST));
	ck_assert(tcp_timer_is_armed(tp, TCPT_REXMT));
	ck_assert_int_eq(tp->t_rxtshift, 0);
	tcp_bench_fini(&b);
}
END_TEST

/* The window closes on what is under way: it begins anew, by persisting. */
START_TEST(shrunk_window)
{
	start(16384);
	tcp_bench_write(&b, 1000);
	tp->t_rxtshift = 3;
	tp->snd_wnd = 0;
	if (_i == 1)
		tcp_timer_arm(tp, TCPT_PERSIST, 77);
	output();
	ck_assert_uint_eq(tp->snd_nxt, OURS(0));
	ck_assert(!tcp_timer_is_armed(tp, TCPT_REXMT));
	ck_assert_int_eq(tp->t_timer[TCPT_PERSIST], _i == 1 ? 77 : 10);
	tcp_bench_fini(&b);
}
END_TEST

/* A smaller one, but not closed: an ACK is waited for. */
START_TEST(smaller_window)
{
	start(16384);
	tcp_bench_write(&b, 1000);
	tp->snd_wnd = 500;
	output();
	ck_assert_uint_eq(tp->snd_nxt, OURS(1000));
	ck_assert(tcp_timer_is_armed(tp, TCPT_REXMT));
	ck_assert_int_eq(tcp_bench_sent(&b), 1);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * FINs
 */
static void
shut(void)
{
	tcp_usr_shutdown(tcp_bench_call(&b), tp);
	tcp_bench_run(&b, PS_PER_MS);
}

/* Behind all data; once more in its old place, by an ACK or by the timer. */
START_TEST(fin_goes_again)
{
	start(16384);
	tcp_bench_write(&b, 100);
	shut();
	tcp_bench_assert(&b, 1, TH_ACK | TH_FIN, OURS(100), FAR(0), 0);
	ck_assert_uint_eq(tp->snd_max, OURS(101));
	if (_i == 0) {
		tp->t_acknow = true;
		output();
		tcp_bench_assert(&b, 2, TH_ACK | TH_FIN, OURS(100), FAR(0),
		    0);
		ck_assert_uint_eq(tp->snd_nxt, OURS(101));
	} else {
		tcp_bench_run(&b, 2 * PS_PER_S);
		/* with the data, which was not acknowledged either */
		tcp_bench_assert(&b, 2, TH_ACK | TH_FIN | TH_PUSH, OURS(0),
		    FAR(0), 100);
	}
	ck_assert_uint_eq(tp->snd_max, OURS(101));
	tcp_bench_fini(&b);
}
END_TEST

/* A window of one segment: the FIN waits until the data is out. */
START_TEST(fin_behind_data)
{
	start(16384);
	tp->snd_cwnd = 1460;
	tcp_bench_write(&b, 2000);
	shut();
	ck_assert_int_eq(tcp_bench_sent(&b), 1);
	tcp_bench_assert(&b, 0, TH_ACK, OURS(0), FAR(0), 1460);
	ck_assert(!tp->t_sent_fin);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(1460), 0);
	tcp_bench_assert(&b, 1, TH_ACK | TH_FIN | TH_PUSH, OURS(1460), FAR(0),
	    540);
	tcp_bench_fini(&b);
}
END_TEST

/* A probe takes no FIN along while data is before it. */
START_TEST(probe_without_fin)
{
	start(16384);
	close_window();
	tcp_bench_write(&b, 500);
	shut();
	tcp_bench_run(&b, 5 * PS_PER_S);
	/* 500 bytes are there: not even the FIN's flag is seen before */
	tcp_bench_assert(&b, -1, TH_ACK, OURS(0), FAR(0), 1);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * No mbufs
 */
static void
limit_mbufs(bool is_limited)
{
	b.host->mbufs.is_limited = is_limited;
	b.host->mbufs.mbuf_limit = 0;
}

/* An ACK that gets none is still owed, and no timer looks after it. */
START_TEST(no_ack)
{
	start(16384);
	limit_mbufs(true);
	tp->t_acknow = true;
	output();
	ck_assert_int_eq(b.host->nobufs.n_output, 1);
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	ck_assert(tp->t_acknow);
	ck_assert(!tcp_timer_is_armed(tp, TCPT_REXMT));
	ck_assert(!tcp_timer_is_armed(tp, TCPT_PERSIST));
	limit_mbufs(false);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * The window is taken back from under a FIN, and what tells it anew finds no
 * mbuf: the persist timer, of 5 s at least, is what sends it again.
 */
START_TEST(fin_under_a_closed_window)
{
	start(16384);
	tcp_usr_shutdown(tcp_bench_call(&b), tp);
	tcp_bench_run(&b, PS_PER_MS);
	tcp_bench_assert(&b, 0, TH_FIN | TH_ACK, OURS(0), FAR(0), 0);
	tp->snd_wnd = 0;
	limit_mbufs(true);
	tp->t_acknow = true;
	output();
	ck_assert_int_eq(b.host->nobufs.n_output, 1);
	ck_assert(tcp_timer_is_armed(tp, TCPT_PERSIST));
	ck_assert(!tcp_timer_is_armed(tp, TCPT_REXMT));
	limit_mbufs(false);
	tcp_bench_run(&b, 6 * PS_PER_S);
	ck_assert_int_eq(tcp_bench_sent(&b), 2);
	tcp_bench_assert(&b, 1, TH_FIN | TH_ACK, OURS(0), FAR(0), 0);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * In which state what is said
 */
START_TEST(flags_of_every_state)
{
	static const struct {
		enum tcp_state state;
		uint8_t flags;
	} cases[] = {
		{TCPS_CLOSED, 0}, {TCPS_LISTEN, 0}, {TCPS_SYN_SENT, TH_SYN},
		{TCPS_SYN_RECEIVED, TH_SYN | TH_ACK},
		{TCPS_ESTABLISHED, TH_ACK}, {TCPS_CLOSE_WAIT, TH_ACK},
		{TCPS_FIN_WAIT_1, TH_ACK | TH_FIN},
		{TCPS_CLOSING, TH_ACK | TH_FIN},
		{TCPS_LAST_ACK, TH_ACK | TH_FIN},
		{TCPS_FIN_WAIT_2, TH_ACK}, {TCPS_TIME_WAIT, TH_ACK}
	};
	bool is_silent = cases[_i].state <= TCPS_LISTEN;

	start(16384);
	tp->t_state = cases[_i].state;
	tp->t_acknow = true;
	output();
	ck_assert_int_eq(tcp_bench_sent(&b), !is_silent);
	if (!is_silent) {
		ck_assert_uint_eq(tcp_bench_frame(&b, 0)->th.flags,
		    cases[_i].flags);
		ck_assert_uint_eq(tcp_bench_frame(&b, 0)->th.ack,
		    (cases[_i].flags & TH_ACK) != 0 ? FAR(0) : 0);
	}
	ck_assert_int_eq(tp->t_acknow,
	    (cases[_i].flags & TH_ACK) == 0);
	tp->t_state = TCPS_ESTABLISHED;
	tcp_bench_fini(&b);
}
END_TEST

/* Small data on a busy connection waits; not if the program wants no delay. */
START_TEST(nodelay)
{
	start(16384);
	tp->t_nodelay = _i == 1;
	tcp_bench_write(&b, 100);
	tcp_bench_write(&b, 100);
	ck_assert_int_eq(tcp_bench_sent(&b), 1 + _i);
	tcp_bench_fini(&b);
}
END_TEST

/* Dropped while a segment was being built: it goes nowhere. */
START_TEST(dropped_while_building)
{
	struct mbuf *m;

	start(16384);
	m = m_get(&b.host->mbufs);
	m->m_len = 100;
	m_name_append(m, 0, content_name(b.so->so_id, 0));
	tcp_usr_send(tcp_bench_call(&b), tp, m);
	tcp_drop(tp, SYS_ETIMEDOUT);
	tcp_bench_run(&b, PS_PER_MS);
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	ck_assert_uint_eq(b.k.depth, 0);
	ck_assert_int_eq(tp->stats.n_segments, 0);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * Or at any time from then on, with more to be sent: a segment that has left
 * tcp_output goes, no other does, and no timer is left.
 */
START_TEST(dropped_at_any_time)
{
	struct mbuf *m;

	start(16384);
	m = m_get(&b.host->mbufs);
	m_clget(&b.host->mbufs, m);
	m->m_len = 2000;
	tp->snd_cwnd = 4 * 1460;
	m_name_append(m, 0, content_name(b.so->so_id, 0));
	tcp_usr_send(tcp_bench_call(&b), tp, m);
	tcp_bench_run(&b, _i * PS_PER_US);
	tcp_drop(tp, SYS_ETIMEDOUT);
	tcp_bench_run(&b, PS_PER_MS);
	ck_assert_int_eq(tcp_bench_sent(&b), tp->stats.n_segments);
	ck_assert_int_le(tp->stats.n_segments, 1);
	ck_assert_uint_eq(b.k.depth, 0);
	for (int i = 0; i < TCPT_NTIMERS; i++)
		ck_assert(!tcp_timer_is_armed(tp, (enum tcp_timer)i));
	tcp_bench_fini(&b);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, window_offered, 0, 10);
	tcase_add_test(tc, window_shifted);
	tcase_add_loop_test(tc, window_update, 0, 4);
	tcase_add_test(tc, no_update_after_a_fin);
	tcase_add_test(tc, persist);
	tcase_add_test(tc, forced_into_a_small_window);
	tcase_add_loop_test(tc, shrunk_window, 0, 2);
	tcase_add_test(tc, smaller_window);
	tcase_add_loop_test(tc, fin_goes_again, 0, 2);
	tcase_add_test(tc, fin_behind_data);
	tcase_add_test(tc, probe_without_fin);
	tcase_add_test(tc, no_ack);
	tcase_add_test(tc, fin_under_a_closed_window);
	tcase_add_loop_test(tc, flags_of_every_state, 0, 11);
	tcase_add_loop_test(tc, nodelay, 0, 2);
	tcase_add_test(tc, dropped_while_building);
	tcase_add_loop_test(tc, dropped_at_any_time, 0, 60);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_window");
	TCase *tc = tcase_create("tcp_window");
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
