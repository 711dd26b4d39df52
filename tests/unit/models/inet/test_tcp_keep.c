/*
 * What timers do but retransmit: keep connections alive, give them up, end
 * them.
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/syscall.h"
#include "tests/support/tcp_bench.h"

static struct tcp_bench b;
static struct tcpcb *tp;

static void
start(enum tcp_state state)
{
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	tcp_bench_state(&b, state);
	tp = b.tp;
	tcp_bench_mark(&b);
}

/* That timer goes off with the next slow tick, and is served. */
static void
go_off(enum tcp_timer which)
{
	tcp_timer_arm(tp, which, 1);
	tcp_bench_run(&b, 500 * PS_PER_MS);
}

/*
 * Keepalive: after 7200 s without a segment the last byte acknowledged is sent
 * once more, every 75 s; after eight in vain the connection is given up.
 */
START_TEST(probes_in_vain)
{
	start(TCPS_ESTABLISHED);
	tp->t_keepalive = true;
	tcp_timer_arm(tp, TCPT_KEEP, 14400);
	/* at tick 14400, as the last segment came before the first */
	tcp_bench_run(&b, 7200 * PS_PER_S);
	for (int i = 0; i < 8; i++) {
		ck_assert_int_eq(tcp_bench_sent(&b), i + 1);
		tcp_bench_assert(&b, i, TH_ACK, OURS(0) - 1, FAR(0), 0);
		tcp_bench_run(&b, 75 * PS_PER_S);
	}
	ck_assert_int_eq(tp->stats.n_keep_probes, 8);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSED);
	ck_assert_int_eq(b.so->so_error, SYS_ETIMEDOUT);
	tcp_bench_assert(&b, 8, TH_RST | TH_ACK, OURS(0), FAR(0), 0);
	tcp_bench_fini(&b);
}
END_TEST

/* An answer begins the 7200 s anew, from when it came. */
START_TEST(answered_probe)
{
	start(TCPS_ESTABLISHED);
	tp->t_keepalive = true;
	tcp_timer_arm(tp, TCPT_KEEP, 14400);
	tcp_bench_run(&b, 7200 * PS_PER_S);
	ck_assert_int_eq(tcp_bench_sent(&b), 1);
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(0), 0);
	/* 150 ticks later: 14250 are left */
	tcp_bench_run(&b, 75 * PS_PER_S);
	ck_assert_int_eq(tcp_bench_sent(&b), 1);
	ck_assert_int_eq(tp->t_timer[TCPT_KEEP], 14400 - 150);
	tcp_bench_run(&b, 7126 * PS_PER_S);
	ck_assert_int_eq(tcp_bench_sent(&b), 2);
	tcp_bench_fini(&b);
}
END_TEST

/* Not wanted, or too late in its life: nothing. */
START_TEST(no_probe)
{
	static const enum tcp_state states[] = {TCPS_ESTABLISHED,
	    TCPS_FIN_WAIT_1, TCPS_FIN_WAIT_2, TCPS_CLOSE_WAIT};

	start(states[_i]);
	tp->t_keepalive = _i > 0;
	tp->t_rcvtime = tcp_now(b.host) - 15000;
	go_off(TCPT_KEEP);
	ck_assert_int_eq(tcp_bench_sent(&b), states[_i] == TCPS_CLOSE_WAIT);
	ck_assert_int_eq(tp->t_state, states[_i]);
	ck_assert_int_eq(tcp_timer_is_armed(tp, TCPT_KEEP),
	    states[_i] == TCPS_CLOSE_WAIT);
	tcp_bench_fini(&b);
}
END_TEST

/* Not established in time: given up; who has spoken is told. */
START_TEST(not_established)
{
	start(TCPS_ESTABLISHED);
	tp->t_state = _i == 0 ? TCPS_SYN_SENT : TCPS_SYN_RECEIVED;
	go_off(TCPT_KEEP);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSED);
	ck_assert_int_eq(b.so->so_error, SYS_ETIMEDOUT);
	ck_assert_int_eq(tcp_bench_sent(&b), _i);
	tcp_bench_fini(&b);
}
END_TEST

/* Twelve retransmissions in vain: given up, and the other end is told. */
START_TEST(given_up)
{
	start(TCPS_ESTABLISHED);
	tcp_bench_write(&b, 100);
	tp->t_rxtshift = 11 + _i;
	go_off(TCPT_REXMT);
	if (_i == 0) {
		ck_assert_int_eq(tp->t_state, TCPS_ESTABLISHED);
		tcp_bench_assert(&b, 1, TH_ACK | TH_PUSH, OURS(0), FAR(0),
		    100);
	} else {
		ck_assert_int_eq(tp->t_state, TCPS_CLOSED);
		ck_assert_int_eq(b.so->so_error, SYS_ETIMEDOUT);
		tcp_bench_assert(&b, 1, TH_RST | TH_ACK, OURS(100), FAR(0),
		    0);
	}
	tcp_bench_fini(&b);
}
END_TEST

/* From the fourth time-out on the estimate is worth nothing but its spread. */
START_TEST(estimate_is_given_up)
{
	start(TCPS_ESTABLISHED);
	tcp_bench_write(&b, 100);
	tp->t_srtt = 80;
	tp->t_rttvar = 4;
	tp->t_rxtshift = 2 + _i;
	go_off(TCPT_REXMT);
	/* 10 ticks and 4: the one becomes part of the other */
	ck_assert_int_eq(tp->t_srtt, _i == 0 ? 80 : 0);
	ck_assert_int_eq(tp->t_rttvar, _i == 0 ? 4 : 14);
	/* 14 ticks, 8 and 16 times: 112, and 128 at the most */
	ck_assert_int_eq(tp->t_rxtcur, _i == 0 ? 112 : 128);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * A closed window that nobody answers for: given up after 12 probes, if nothing
 * has come for as long as retransmissions would be tried: 511 times the
 * time-out, of 3 ticks here, but not more than keepidle.
 */
START_TEST(persisted_in_vain)
{
	static const struct {
		int32_t shift, idle, srtt;
		bool is_over;
	} cases[] = {
		{12, 511 * 3, 8, true}, {12, 511 * 3 - 1, 8, false},
		{11, 511 * 3, 8, false},
		/* 64 s: 128 ticks * 511 is more than keepidle, 14400 */
		{12, 14400, 8 * 200, true}, {12, 14399, 8 * 200, false}
	};

	start(TCPS_ESTABLISHED);
	tp->snd_wnd = 0;
	tcp_bench_write(&b, 100);
	ck_assert_int_eq(tp->t_srtt >> 3, 1);
	ck_assert_int_eq(tp->t_rttvar, 2);
	tp->t_srtt = cases[_i].srtt;
	tp->t_rxtshift = cases[_i].shift;
	tcp_timer_disarm(tp, TCPT_PERSIST);
	/* one tick passes before it is served */
	tp->t_rcvtime = tcp_now(b.host) + 1 - (uint32_t)cases[_i].idle;
	go_off(TCPT_PERSIST);
	ck_assert_int_eq(tp->t_state == TCPS_CLOSED, cases[_i].is_over);
	ck_assert_int_eq(b.so->so_error,
	    cases[_i].is_over ? SYS_ETIMEDOUT : 0);
	if (cases[_i].is_over)
		tcp_bench_assert(&b, 0, TH_RST | TH_ACK, OURS(0), FAR(0), 0);
	else
		tcp_bench_assert(&b, 0, TH_ACK, OURS(0), FAR(0), 1);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * 2 MSL: the end of TIME_WAIT.  In FIN_WAIT_2 the other FIN is waited for as
 * long as something comes: looked at again every 75 s, until nothing has for
 * 600 s, 1200 ticks.
 */
START_TEST(two_msl)
{
	static const struct {
		enum tcp_state state;
		uint32_t idle;
		bool is_over;
	} cases[] = {{TCPS_TIME_WAIT, 0, true}, {TCPS_FIN_WAIT_2, 1, false},
	    {TCPS_FIN_WAIT_2, 1200, false}, {TCPS_FIN_WAIT_2, 1201, true}};

	start(cases[_i].state);
	tp->t_rcvtime = tcp_now(b.host) + 1 - cases[_i].idle;
	go_off(TCPT_2MSL);
	ck_assert_int_eq(tp->t_state == TCPS_CLOSED, cases[_i].is_over);
	ck_assert_int_eq(tp->t_timer[TCPT_2MSL], cases[_i].is_over ? 0 : 150);
	ck_assert_int_eq(b.so->so_error, 0);
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	tcp_bench_fini(&b);
}
END_TEST

/* Fine timers: a time-out of 1000 ms at the least, to the ms. */
START_TEST(fine_retransmission)
{
	struct world_config config = tcp_bench_config();
	sim_time sent_at;

	config.host.tcp.timers = TCP_TIMERS_FINE;
	tcp_bench_init(&b, &config);
	tcp_bench_connect(&b);
	tp = b.tp;
	ck_assert_int_eq(tp->t_rxtcur, 1000);
	tcp_bench_write(&b, 100);
	sent_at = b.tap.frames[b.tap.n - 1].at;
	tcp_bench_run(&b, 2 * PS_PER_S);
	ck_assert_int_eq(tcp_bench_sent(&b), 2);
	ck_assert_int_ge(b.tap.frames[b.tap.n - 1].at, sent_at + PS_PER_S);
	ck_assert_int_lt(b.tap.frames[b.tap.n - 1].at,
	    sent_at + PS_PER_S + PS_PER_MS);
	tcp_bench_fini(&b);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, probes_in_vain);
	tcase_add_test(tc, answered_probe);
	tcase_add_loop_test(tc, no_probe, 0, 4);
	tcase_add_loop_test(tc, not_established, 0, 2);
	tcase_add_loop_test(tc, given_up, 0, 2);
	tcase_add_loop_test(tc, estimate_is_given_up, 0, 2);
	tcase_add_loop_test(tc, persisted_in_vain, 0, 5);
	tcase_add_loop_test(tc, two_msl, 0, 4);
	tcase_add_test(tc, fine_retransmission);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_keep");
	TCase *tc = tcase_create("tcp_keep");
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
