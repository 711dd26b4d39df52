/*
 * The retransmission timer: slow ticks, time-outs, back-off, giving up
 * (netbsd-2002.md 5.4).
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/kern/syscall.h"
#include "models/socket/socket.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"
#include "tests/support/wiretap.h"

static struct crank crank;
static struct wiretap tap;

static bool
lose_to_peer(void *arg, struct frame *frame, bool to_peer)
{
	(void)arg;
	(void)frame;
	return !to_peer;
}

static struct tcpcb *
first_tcpcb(void)
{
	return &crank.world.host.sockets->tcpcb;
}

/*
 * A peer that hears nothing
 *
 * The SYN goes out within the first ms; its timer of 12 slow ticks goes off at
 * the twelfth tick, at 6 s.  Then 24, 48 and 96 ticks: the next would be at 90
 * s, but what is not established after 75 s (TCPTV_KEEP_INIT) is given up.
 */
static const int64_t attempts_s[] = {0, 6, 18, 42};
enum { N_ATTEMPTS = sizeof attempts_s / sizeof *attempts_s, GIVEN_UP_S = 75 };

START_TEST(deaf_peer)
{
	struct world_config config = machine_config();

	config.duration = 1000 * PS_PER_S;
	crank_init(&crank, &config, 1);
	wiretap_attach(&tap, &crank.world);
	tap.filter = lose_to_peer;
	ck_assert_int_eq(crank_call(&crank, 0, (struct sys_call){
	    .nr = SYS_CONNECT, .so_sndbuf = 16384, .so_sndlowat = 2048}),
	    SYS_ETIMEDOUT);
	ck_assert_int_eq(tap.n, N_ATTEMPTS);
	for (int i = 0; i < N_ATTEMPTS; i++) {
		wiretap_assert(&tap, i, true, TH_SYN, 0xffff0000, 0, 48);
		ck_assert_int_ge(tap.frames[i].at, attempts_s[i] * PS_PER_S);
		ck_assert_int_le(tap.frames[i].at,
		    attempts_s[i] * PS_PER_S + PS_PER_MS);
	}
	ck_assert_int_ge(crank.world.cal.now, GIVEN_UP_S * PS_PER_S);
	ck_assert_int_le(crank.world.cal.now,
	    GIVEN_UP_S * PS_PER_S + PS_PER_MS);
	ck_assert_int_eq(first_tcpcb()->stats.n_timeouts, 3);
	/* a SYN is no data */
	ck_assert_int_eq(first_tcpcb()->stats.n_retransmits, 0);
	ck_assert_uint_eq(crank.world.cal.n_holds, 0);
	crank_fini(&crank);
}
END_TEST

static bool
lose_data(void *arg, struct frame *frame, bool to_peer)
{
	const int *n = arg;

	(void)frame;
	return !to_peer || tap.n < n[0] || tap.n >= n[1];
}

/*
 * The SYN's round trip has been measured as less than a tick: it counts as one,
 * its deviation as half of one, scaled by 4: the timer is 1 + 2 = 3 ticks, and
 * doubles with every time-out.
 */
START_TEST(data_times_out)
{
	struct world_config config = machine_config();
	int bounds[] = {3, 3 + 5};
	uint64_t addr;
	sim_time at;
	int fd;

	config.duration = 100 * PS_PER_S;
	crank_init(&crank, &config, 1);
	wiretap_attach(&tap, &crank.world);
	tap.filter = lose_data;
	tap.filter_arg = bounds;
	fd = crank_connect(&crank, 0, 16384);
	ck_assert_int_eq(first_tcpcb()->t_rxtcur, 3);
	addr = crank_buffer(&crank, 0, 1000);
	crank_write(&crank, 0, fd, addr, 1000);
	crank_sleep_until(&crank, 0, 90 * PS_PER_S);
	/* SYN, SYN-ACK, ACK; five times in vain, then it passes; an ACK */
	ck_assert_int_eq(tap.n, 3 + 5 + 2);
	at = 0;
	for (int i = 0; i < 5; i++) {
		at += (3 << i) * TCP_SLOW_TICK;
		ck_assert_int_ge(tap.frames[3 + i + 1].at, at);
		ck_assert_int_le(tap.frames[3 + i + 1].at, at + PS_PER_MS);
		ck_assert_uint_eq(tap.frames[3 + i + 1].frame.th.seq,
		    0xffff0001);
	}
	ck_assert_int_eq(first_tcpcb()->so->stats.bytes_acked, 1000);
	crank_fini(&crank);
}
END_TEST

/*
 * After a time-out TCP starts again from the first byte not acknowledged, with
 * a window of one segment and a threshold of half of what it had, at least two
 * segments.
 */
START_TEST(window_after_a_time_out)
{
	static const struct {
		uint32_t snd_wnd, snd_cwnd, ssthresh;
	} cases[] = {
		{65536, 20 * 1460, 10 * 1460},
		{65536, 21 * 1460, 10 * 1460},	/* whole segments */
		{9 * 1460, 20 * 1460, 4 * 1460},	/* the lesser one */
		{65536, 6 * 1460, 3 * 1460},
		{65536, 5 * 1460, 2 * 1460},
		{65536, 1460, 2 * 1460}		/* the least */
	};
	struct world_config config = machine_config();
	struct tcpcb *tp;

	crank_init(&crank, &config, 1);
	crank_connect(&crank, 0, 16384);
	tp = first_tcpcb();
	tp->snd_wnd = cases[_i].snd_wnd;
	tp->snd_cwnd = cases[_i].snd_cwnd;
	tp->t_is_timing = true;
	tcp_timer_arm(tp, TCPT_REXMT, 1);
	tcp_slowtimo(tp);
	crank_until(&crank, crank.world.cal.now + 10 * PS_PER_MS);
	ck_assert_uint_eq(tp->snd_cwnd, 1460);
	ck_assert_uint_eq(tp->snd_ssthresh, cases[_i].ssthresh);
	/* Karn: what is under way is no longer timed */
	ck_assert(!tp->t_is_timing);
	ck_assert_int_eq(tp->t_rxtshift, 1);
	ck_assert_int_eq(tp->t_rxtcur, 6);
	tcp_timer_disarm(tp, TCPT_REXMT);
	crank_fini(&crank);
}
END_TEST

/* Lost from the middle of a window on: all of it is sent once more. */
static bool
lose_from_third(void *arg, struct frame *frame, bool to_peer)
{
	(void)arg;
	return !to_peer || tap.world->cal.now >= PS_PER_S ||
	    seq_lt(frame->th.seq, 0xffff0001 + 2 * 1460);
}

START_TEST(goes_back)
{
	struct world_config config = machine_config();
	uint64_t addr;
	int fd;

	config.host.tcp.init_win = 10;
	crank_init(&crank, &config, 1);
	wiretap_attach(&tap, &crank.world);
	tap.filter = lose_from_third;
	fd = crank_connect(&crank, 0, 16384);
	addr = crank_buffer(&crank, 0, 10 * 1460);
	crank_write(&crank, 0, fd, addr, 10 * 1460);
	crank_sleep_until(&crank, 0, 5 * PS_PER_S);
	/*
	 * Ten segments; two arrive, eight are lost.  At 1.5 s the third goes
	 * out again, and slowly the seven behind it: 18 in all, 8 of them sent
	 * before.
	 */
	ck_assert_int_eq(first_tcpcb()->stats.n_segments, 18);
	ck_assert_int_eq(first_tcpcb()->stats.n_retransmits, 8);
	ck_assert_int_eq(first_tcpcb()->stats.n_timeouts, 1);
	ck_assert_int_eq(first_tcpcb()->so->stats.bytes_acked, 14600);
	ck_assert_uint_eq(wiretap_data(&tap, 10)->frame.th.seq,
	    0xffff0001 + 2 * 1460);
	ck_assert_int_ge(wiretap_data(&tap, 10)->at, 3 * TCP_SLOW_TICK);
	ck_assert_int_le(wiretap_data(&tap, 10)->at,
	    3 * TCP_SLOW_TICK + PS_PER_MS);
	crank_fini(&crank);
}
END_TEST

/*
 * A close that gets lost: the FIN is sent once more, in its old place, with the
 * data before it if that was lost as well.
 */
static bool
lose_before_1s(void *arg, struct frame *frame, bool to_peer)
{
	bool only_fin = *(int *)arg == 0;

	if (!to_peer || tap.world->cal.now >= PS_PER_S)
		return true;
	return only_fin ? (frame->th.flags & TH_FIN) == 0 :
	    frame->payload_bytes == 0 && (frame->th.flags & TH_FIN) == 0;
}

START_TEST(lost_fin)
{
	struct world_config config = machine_config();
	const struct tapped *again = NULL;
	uint64_t addr;
	int fd;

	config.peer.delack_segments = 1;
	crank_init(&crank, &config, 1);
	wiretap_attach(&tap, &crank.world);
	tap.filter = lose_before_1s;
	tap.filter_arg = &_i;
	fd = crank_connect(&crank, 0, 16384);
	addr = crank_buffer(&crank, 0, 1000);
	crank_write(&crank, 0, fd, addr, 1000);
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_CLOSE, .fd = fd});
	crank_sleep_until(&crank, 0, 9 * PS_PER_S);
	for (int i = 0; i < tap.n && again == NULL; i++)
		if (tap.frames[i].at > PS_PER_S)
			again = &tap.frames[i];
	ck_assert_ptr_nonnull(again);
	ck_assert_int_eq(again->at / PS_PER_MS, 1500);
	ck_assert_uint_eq(again->frame.th.flags & TH_FIN, TH_FIN);
	ck_assert_uint_eq(again->frame.payload_bytes, _i == 0 ? 0 : 1000);
	ck_assert_uint_eq(again->frame.th.seq,
	    0xffff0001 + (_i == 0 ? 1000 : 0));
	ck_assert_int_eq(first_tcpcb()->stats.n_timeouts, 1);
	ck_assert_int_eq(first_tcpcb()->stats.n_retransmits, _i);
	ck_assert_int_eq(first_tcpcb()->t_state, TCPS_TIME_WAIT);
	ck_assert_int_eq(first_tcpcb()->so->stats.bytes_acked, 1000);
	crank_fini(&crank);
}
END_TEST

/*
 * The parts
 */
static struct tcpcb *
start_alone(void)
{
	struct world_config config = machine_config();

	crank_init(&crank, &config, 0);
	return &crank_socket(&crank.world.host, 16384)->tcpcb;
}

static void
finish_alone(void)
{
	ck_assert_uint_eq(crank.world.cal.n_holds, 0);
	machine_assert_empty(&crank.world.host);
	crank_abandon(&crank);
}

/*
 * Smoothing: srtt in eighths, deviation in quarters of a tick; a sample of n
 * arrives as n + 1.
 */
START_TEST(round_trips)
{
	static const struct {
		int32_t rtt, srtt, rttvar, rxtcur;
	} cases[] = {
		/* the first: 4 ticks, deviation 2; 4 + 8 = 12 */
		{4, 32, 8, 12},
		/* 7: error 7 - 4 = 3; 32 + 3; 8 + 3 - 2 = 9; 4 + 9 */
		{8, 35, 9, 13},
		/* 0: error -4; 31; 9 + 4 - 2 = 11; 3 + 11 */
		{1, 31, 11, 14},
		/* 3: error 0; 31; 11 - 2 = 9; 3 + 9 */
		{4, 31, 9, 12},
		/* 200: error 197; 228; 9 + 197 - 2 = 204: 28 + 204 > 128 */
		{201, 228, 204, 128}
	};
	struct tcpcb *tp = start_alone();

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		tp->t_is_timing = true;
		tp->t_rxtshift = 3;
		tcp_xmit_timer(tp, cases[i].rtt);
		ck_assert_int_eq(tp->t_srtt, cases[i].srtt);
		ck_assert_int_eq(tp->t_rttvar, cases[i].rttvar);
		ck_assert_int_eq(tp->t_rxtcur, cases[i].rxtcur);
		ck_assert(!tp->t_is_timing);
		ck_assert_int_eq(tp->t_rxtshift, 0);
	}
	/* neither value ever falls to nothing: nothing means unknown */
	tp->t_srtt = 8;
	tp->t_rttvar = 0;
	for (int i = 0; i < 20; i++)
		tcp_xmit_timer(tp, 1);
	ck_assert_int_ge(tp->t_srtt, 1);
	ck_assert_int_ge(tp->t_rttvar, 1);
	/* ... not even where it would get there exactly: 7 - 0, and 1 - 1 */
	tp->t_srtt = 7;
	tp->t_rttvar = 0;
	tcp_xmit_timer(tp, 1);
	ck_assert_int_eq(tp->t_rttvar, 1);
	tp->t_srtt = 1;
	tcp_xmit_timer(tp, 0);
	ck_assert_int_eq(tp->t_srtt, 1);
	/* and the timer is never less than 2 ticks */
	tp->t_srtt = 1;
	tp->t_rttvar = 1;
	tcp_xmit_timer(tp, 1);
	ck_assert_int_eq(tp->t_rxtcur, 2);
	finish_alone();
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, deaf_peer);
	tcase_add_test(tc, data_times_out);
	tcase_add_loop_test(tc, window_after_a_time_out, 0, 6);
	tcase_add_test(tc, goes_back);
	tcase_add_loop_test(tc, lost_fin, 0, 2);
	tcase_add_test(tc, round_trips);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_timer");
	TCase *tc = tcase_create("tcp_timer");
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
