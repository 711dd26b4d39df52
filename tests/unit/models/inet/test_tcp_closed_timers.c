/*
 * TCP's timers against their formulas: time-outs and their back-off, SYNs,
 * probes of closed windows and of silent ends, delayed ACKs.
 *
 * Ticks come at multiples of 500 ms, whatever happens; a timer of n ticks set
 * between two of them goes off at the n-th that follows.  Here everything
 * begins at once after the start, so that n ticks set first are n * 500 ms.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/closed_form.h"

#define DELAY	(10 * PS_PER_MS)

static struct form f;
static bool is_cut;		/* nothing reaches the peer */

static bool
cut(void *arg, struct frame *frame, bool is_to_peer)
{
	(void)arg;
	(void)frame;
	return !is_cut || !is_to_peer;
}

static void
begin(enum tcp_timers timers, sim_time delay)
{
	form_config(&f, delay);
	f.config.host.tcp.timers = timers;
	f.config.duration = 20000 * PS_PER_S;
}

static void
begin_taps(void)
{
	form_begin(&f);
	is_cut = false;
	f.tap.filter = cut;
}

/* When the i-th frame to the peer from now on left for it, from a date on. */
static double
left_at(int first, int i, sim_time origin, sim_time frame)
{
	for (int j = first; j < f.tap.n; j++)
		if (f.tap.frames[j].to_peer && i-- == 0)
			return form_seconds(f.tap.frames[j].at - frame -
			    f.config.link.delay - origin);
	ck_abort_msg("too few frames");
	return 0;
}

static int
count_to_peer(int first)
{
	int n = 0;

	for (int j = first; j < f.tap.n; j++)
		n += f.tap.frames[j].to_peer;
	return n;
}

/*
 * Time-outs
 */

/* One segment, and nobody hears it. */
static int
lose_a_segment(void)
{
	int first = f.tap.n + 1;	/* the ACK of the SYN is under way */

	is_cut = true;
	ck_assert_int_eq(crank_write(&f.crank, 0, f.fd, f.addr, FORM_MSS),
	    FORM_MSS);
	form_until(&f, 2000 * PS_PER_S);
	ck_assert_int_eq(f.so->is_detached, true);
	return first;
}

/*
 * The SYN took less than a tick, which counts as one: srtt 1, and 4 deviations
 * of half a tick: 3 ticks.  Doubled up to 64 s, 12 times; then the end, told
 * with a reset.
 */
START_TEST(timeouts_by_ticks)
{
	double at = 0, rto = 1.5;
	int first;

	begin(TCP_TIMERS_TICKS, DELAY);
	begin_taps();
	form_connect(&f, 16384, 2048);
	first = lose_a_segment();
	ck_assert_int_eq(count_to_peer(first), 1 + TCP_MAXRXTSHIFT + 1);
	for (int i = 1; i <= TCP_MAXRXTSHIFT; i++) {
		at += rto;
		form_compare("retransmission, slow ticks",
		    "3 ticks, doubled each time up to 64 s", at,
		    left_at(first, i, 0, FORM_FRAME));
		rto = 2 * rto < 64 ? 2 * rto : 64;
	}
	form_compare("the end of it", "64 s later", at + 64,
	    left_at(first, TCP_MAXRXTSHIFT + 1, 0, FORM_ACK));
	form_end(&f);
}
END_TEST

/*
 * The SYN took 20 ms: srtt 21 ms, and 4 deviations of half of it: 63 ms.  The
 * least time-out is 1 s, or 10 ms, which is none.
 */
START_TEST(timeouts_to_the_millisecond)
{
	double at = 0, rto = _i == 0 ? 1 : 0.063;
	int first;

	begin(TCP_TIMERS_FINE, DELAY);
	f.config.host.tcp.rto_min = _i == 0 ? PS_PER_S : 10 * PS_PER_MS;
	begin_taps();
	form_connect(&f, 16384, 2048);
	first = lose_a_segment();
	for (int i = 1; i <= TCP_MAXRXTSHIFT; i++) {
		/* backed off 6 times at most */
		at += i <= 6 ? rto * (1 << (i - 1)) : rto * 64;
		form_compare("retransmission, fine timers",
		    "RTO, 2 RTO ... 64 RTO, 64 RTO", at,
		    left_at(first, i, 0, FORM_FRAME) -
		    left_at(first, 0, 0, FORM_FRAME));
	}
	form_end(&f);
}
END_TEST

/* Twice the assumed round trip of 3 s, doubled; 75 s for all of it. */
START_TEST(syns_give_up)
{
	static const double expected[] = {6, 18, 42};
	sim_time begun;

	begin((enum tcp_timers)_i, DELAY);
	begin_taps();
	is_cut = true;
	begun = f.crank.world.cal.now;
	ck_assert_int_eq(crank_call(&f.crank, 0, (struct sys_call){
	    .nr = SYS_CONNECT, .so_sndbuf = 16384, .so_sndlowat = 2048}),
	    SYS_ETIMEDOUT);
	form_compare("connect gives up", "75 s",
	    75, form_seconds(f.crank.world.cal.now - begun));
	/* and no reset: nobody was ever heard */
	ck_assert_int_eq(count_to_peer(0), 4);
	for (int i = 0; i < 3; i++)
		form_compare("SYN sent again", "6, 12, 24 s later",
		    expected[i], left_at(0, i + 1, begun, FORM_ACK));
	form_end(&f);
}
END_TEST

/*
 * Closed windows: srtt + 2 deviations, doubled up to 64 times, but 5 s at least
 * and 60 s at most.
 *
 *	20 ms, ticks	1 + 1 = 2 ticks, 1 s: 1 2 4 8 16 32 64 64
 *	2 s, ticks	4 ticks and more, measured thrice
 *	20 ms, fine	21 + 21 = 42 ms, and less: never more than 2.7 s
 */
static double
persist_interval(int shift)
{
	const struct tcp_times *times = &f.crank.world.host.tcp.times;
	int64_t ticks = (f.tp->t_srtt / 4 + f.tp->t_rttvar) / 2;
	double interval = form_seconds((ticks << shift) * times->tick);

	return interval < 5 ? 5 : interval > 60 ? 60 : interval;
}

START_TEST(persist_probes)
{
	static const struct {
		enum tcp_timers timers;
		sim_time delay;
		double last;	/* interval */
	} cases[] = {{TCP_TIMERS_TICKS, DELAY, 60},
	    {TCP_TIMERS_TICKS, PS_PER_S, 60}, {TCP_TIMERS_FINE, DELAY, 5}};
	int first;

	begin(cases[_i].timers, cases[_i].delay);
	f.config.peer.recvspace = 2 * FORM_MSS;
	f.config.peer.read_start = 10000 * PS_PER_S;
	begin_taps();
	form_connect(&f, 16384, 2048);
	first = f.tap.n + 1;
	ck_assert_int_eq(crank_write(&f.crank, 0, f.fd, f.addr,
	    4 * FORM_MSS), 4 * FORM_MSS);
	form_until(&f, 600 * PS_PER_S);
	ck_assert_int_ge(f.tp->stats.n_persists, 9);
	/* two full segments, and then a byte at a time */
	for (int i = 1; i <= 8; i++)
		form_compare("probes of a closed window",
		    "srtt + 2 deviations, doubled; 5 .. 60 s",
		    i < 8 ? persist_interval(i < 6 ? i : 6) : cases[_i].last,
		    left_at(first, 2 + i, 0, FORM_ACK) -
		    left_at(first, 1 + i, 0, FORM_ACK));
	form_end(&f);
}
END_TEST

/* Silence: a probe after keepidle, 8 of them each keepintvl, and the end. */
START_TEST(keepalive_probes)
{
	int64_t fd;
	int first;

	begin((enum tcp_timers)_i, DELAY);
	f.config.host.tcp.keepidle = 100 * PS_PER_S;
	f.config.host.tcp.keepintvl = 20 * PS_PER_S;
	begin_taps();
	fd = crank_call(&f.crank, 0, (struct sys_call){.nr = SYS_CONNECT,
	    .so_sndbuf = 16384, .so_sndlowat = 2048, .so_keepalive = true});
	ck_assert_int_ge(fd, 0);
	f.so = fd_socket(f.crank.procs[0].p, (int)fd);
	first = f.tap.n + 1;	/* the ACK of the SYN is under way */
	is_cut = true;
	form_until(&f, 1000 * PS_PER_S);
	ck_assert_int_eq(f.so->so_error, SYS_ETIMEDOUT);
	ck_assert_int_eq(count_to_peer(first), TCP_KEEPCNT + 1);
	for (int i = 0; i < TCP_KEEPCNT; i++)
		form_compare("keepalive probe", "keepidle + i * keepintvl",
		    100 + 20 * i, left_at(first, i, 0, FORM_ACK));
	form_compare("the end of silence", "keepidle + 8 * keepintvl",
	    100 + 20 * TCP_KEEPCNT,
	    left_at(first, TCP_KEEPCNT, 0, FORM_ACK));
	form_end(&f);
}
END_TEST

/*
 * Delayed ACKs: data of the other end, from the test's hand
 */
static void
send_to_board(uint64_t place)
{
	struct frame frame = {.conn = f.so->so_id, .ip_bytes = 1500,
	    .payload_bytes = FORM_MSS,
	    .th = {.seq = f.tp->irs + 1 + (uint32_t)place, .flags = TH_ACK,
	    .ack = f.tp->snd_una, .win = TCP_MAXWIN},
	    .content = content_name(f.so->so_id, place)};

	wire_send(&f.crank.world.to_board, f.crank.world.cal.now, &frame);
}

/* One segment waits for the tick of 200 ms, or for 200 ms; two do not. */
START_TEST(delayed_acks)
{
	static const sim_time begins[] = {1010, 1110, 1190};	/* ms */
	sim_time begun = begins[_i / 2] * PS_PER_MS;
	enum tcp_timers timers = (enum tcp_timers)(_i % 2);
	sim_time comes_at, expected;
	int first;

	begin(timers, 0);
	begin_taps();
	form_connect(&f, 16384, 2048);
	form_until(&f, begun);
	first = f.tap.n;
	send_to_board(0);
	comes_at = begun + FORM_FRAME;
	expected = timers == TCP_TIMERS_FINE ? comes_at + 200 * PS_PER_MS :
	    (comes_at / (200 * PS_PER_MS) + 1) * 200 * PS_PER_MS;
	form_until(&f, 3 * PS_PER_S);
	ck_assert_int_eq(count_to_peer(first), 1);
	form_compare("the ACK of one segment", timers == TCP_TIMERS_FINE ?
	    "200 ms after it" : "at the next multiple of 200 ms",
	    form_seconds(expected), left_at(first, 0, 0, FORM_ACK));
	first = f.tap.n;
	send_to_board(FORM_MSS);
	send_to_board(2 * FORM_MSS);
	form_until(&f, 4 * PS_PER_S);
	ck_assert_int_eq(count_to_peer(first), 1);
	form_compare("the ACK of two segments", "when the second has come",
	    form_seconds(3 * PS_PER_S + FORM_FRAME_GAP + FORM_FRAME),
	    left_at(first, 0, 0, FORM_ACK));
	form_end(&f);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("tcp_closed_timers");
	TCase *tc = tcase_create("tcp_closed_timers");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, timeouts_by_ticks);
	tcase_add_loop_test(tc, timeouts_to_the_millisecond, 0, 2);
	tcase_add_loop_test(tc, syns_give_up, 0, 2);
	tcase_add_loop_test(tc, persist_probes, 0, 3);
	tcase_add_loop_test(tc, keepalive_probes, 0, 2);
	tcase_add_loop_test(tc, delayed_acks, 0, 6);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
