/*
 * The congestion window: how it opens, and what loss does to it.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/machine.h"
#include "tests/support/tcp_bench.h"
#include "tests/support/transfer.h"

static struct tcp_bench b;
static struct tcpcb *tp;

/* With a live peer, and a program. */
static struct crank crank;
static struct wiretap tap;
static uint64_t addr;

/*
 * Slow start: an ACK for every segment doubles the window each round trip.
 * With a delay of 10 ms each way the bursts stand apart: 1, 2, 4, 8, 16; or 3,
 * 6, 12.
 */
START_TEST(slow_start)
{
	struct world_config config = transfer_free_config();
	int first = _i == 0 ? 1 : 3;
	sim_time from;
	int sent = 0;

	config.peer.delack_segments = 1;
	config.link.delay = 10 * PS_PER_MS;
	config.host.tcp.init_win = first;
	tp = crank_sender(&crank, &tap, &config, 131072, &addr);
	from = crank.world.cal.now;
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_WRITE, .fd = 0,
	    .addr = addr, .len = 65536});
	while (crank_until(&crank, from + 200 * PS_PER_MS) == WORLD_WAKE)
		continue;
	for (int burst = 0; burst < (_i == 0 ? 5 : 3); burst++) {
		/* arrivals of burst b lie within 10 + 20 b .. + 20 ms */
		int before = wiretap_count_data(&tap,
		    from + (30 + 20 * burst) * PS_PER_MS);

		ck_assert_int_eq(before - sent, first << burst);
		sent = before;
	}
	crank_abandon(&crank);
}
END_TEST

/*
 * With an ACK for every second segment, as by default, the first segment's ACK
 * waits for the receiver's tick at 200 ms.
 */
START_TEST(first_ack_is_delayed)
{
	struct world_config config = transfer_free_config();

	tp = crank_sender(&crank, &tap, &config, 65536, &addr);
	crank_write(&crank, 0, 0, addr, 65536);
	crank_sleep(&crank, 0, PS_PER_S);
	ck_assert_int_eq(wiretap_count_data(&tap, 200 * PS_PER_MS), 1);
	/*
	 * 44 full segments at 123 us each, from there on in one go.  43 of
	 * them are an odd number: the ACK of the last waits for the tick at
	 * 400 ms, and for it waits the tail of 1296 bytes.
	 */
	ck_assert_int_eq(wiretap_count_data(&tap, 210 * PS_PER_MS), 44);
	ck_assert_int_eq(wiretap_count_data(&tap, 400 * PS_PER_MS), 44);
	ck_assert_int_eq(wiretap_count_data(&tap, 401 * PS_PER_MS), 45);
	crank_fini(&crank);
}
END_TEST

/*
 * Above the threshold the window grows by mss * mss / cwnd for each ACK.
 */
START_TEST(congestion_avoidance)
{
	struct world_config config = machine_config();

	config.peer.delack_segments = 1;
	tp = crank_sender(&crank, &tap, &config, 16384, &addr);
	tp->snd_cwnd = tp->snd_ssthresh = 4 * 1460;
	/* at the threshold: still a whole segment */
	crank_write(&crank, 0, 0, addr, 1460);
	crank_sleep(&crank, 0, 10 * PS_PER_MS);
	ck_assert_uint_eq(tp->snd_cwnd, 5 * 1460);
	/* above: 1460 * 1460 / 7300 = 292 */
	crank_write(&crank, 0, 0, addr, 1460);
	crank_sleep(&crank, 0, 10 * PS_PER_MS);
	ck_assert_uint_eq(tp->snd_cwnd, 7300 + 292);
	/* 2131600 / 7592 = 280.7 */
	crank_write(&crank, 0, 0, addr, 1460);
	crank_sleep(&crank, 0, 10 * PS_PER_MS);
	ck_assert_uint_eq(tp->snd_cwnd, 7592 + 280);
	/* no smaller than what the peer offers: header prediction leaves it */
	tp->snd_cwnd = tp->snd_wnd;
	crank_write(&crank, 0, 0, addr, 1460);
	crank_sleep(&crank, 0, 10 * PS_PER_MS);
	ck_assert_uint_eq(tp->snd_cwnd, tp->snd_wnd);
	crank_fini(&crank);
}
END_TEST

/*
 * On the bench: ten segments of 1460 bytes under way, more waiting.
 */
enum { MSS = 1460 };

static void
start_window(bool is_newreno, int n_under_way)
{
	struct world_config config = tcp_bench_config();

	config.host.tcp.newreno = is_newreno;
	tcp_bench_init(&b, &config);
	tcp_bench_connect(&b);
	tp = b.tp;
	tp->snd_cwnd = (uint32_t)n_under_way * MSS;
	for (int i = 0; i < 16; i++)
		tcp_bench_write(&b, MSS);
	ck_assert_uint_eq(tp->snd_max, OURS(n_under_way * MSS));
	ck_assert_int_eq(tcp_bench_sent(&b), n_under_way);
	tcp_bench_mark(&b);
}

static void
ack(int n_segments)
{
	tcp_bench_arrives(&b, TH_ACK, FAR(0), OURS(n_segments * MSS), 0);
}

static void
duplicates(int n)
{
	for (int i = 0; i < n; i++)
		ack(0);
}

/*
 * netbsd-2002.md 5.4: n segments; 0 selects min(4 seg, max(2 seg, 4380)).
 */
START_TEST(initial_windows)
{
	static const struct {
		int64_t init_win;
		uint32_t maxseg;
		uint32_t window;
	} cases[] = {
		{1, 1460, 1460}, {2, 1460, 2920}, {10, 1460, 14600},
		{0, 1460, 4380},	/* three segments */
		{0, 1448, 4380},	/* 4344 < 4380 < 5792 */
		{0, 536, 2144},		/* four small ones */
		{0, 1095, 4380},	/* 4 * 1095 = 4380 */
		{0, 1094, 4376}, {0, 2190, 4380}, {0, 2191, 4382},
		{0, 8960, 17920}	/* two large ones */
	};
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	tp = b.tp;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		config.host.tcp.init_win = cases[i].init_win;
		tp->t_maxseg = cases[i].maxseg;
		/* a lost SYN counts for the first one only: tcp_open.c */
		tp->t_syn_rexmt = i % 2 == 1;
		ck_assert_uint_eq(tcp_initial_window(tp, &config.host.tcp),
		    cases[i].window);
	}
	tcp_bench_fini(&b);
}
END_TEST

/*
 * By a segment up to the threshold, by 1460 * 1460 / cwnd above it, up to
 * 65535 << 14; in recovery not at all.
 */
START_TEST(opening)
{
	static const struct {
		uint32_t cwnd, ssthresh, then;
	} cases[] = {
		{1460, 65535, 2920}, {8760, 8760, 10220},
		{8761, 8760, 8761 + 243},	/* 2131600 / 8761 = 243.3 */
		{14600, 1460, 14600 + 146},
		{65535U << 14, 65535U << 14, 65535U << 14},
		{(65535U << 14) - 1, 65535U << 14, 65535U << 14}
	};
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	tp = b.tp;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		tp->snd_cwnd = cases[i].cwnd;
		tp->snd_ssthresh = cases[i].ssthresh;
		tp->t_dupacks = 2;
		tcp_cong_open(tp);
		ck_assert_uint_eq(tp->snd_cwnd, cases[i].then);
		tp->t_dupacks = TCP_REXMT_THRESH;
		tcp_cong_open(tp);
		ck_assert_uint_eq(tp->snd_cwnd, cases[i].then);
	}
	tcp_bench_fini(&b);
}
END_TEST

/* A pause: back to the first window, but not up to it. */
START_TEST(idle)
{
	struct world_config config = tcp_bench_config();

	config.host.tcp.init_win = 2;
	tcp_bench_init(&b, &config);
	b.tp->snd_cwnd = 20 * MSS;
	tcp_cong_idle(b.tp);
	ck_assert_uint_eq(b.tp->snd_cwnd, 2 * MSS);
	b.tp->snd_cwnd = MSS;
	tcp_cong_idle(b.tp);
	ck_assert_uint_eq(b.tp->snd_cwnd, MSS);
	tcp_bench_fini(&b);
}
END_TEST

/* Without room on the interface queue: one segment, no new threshold. */
START_TEST(quench)
{
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	b.tp->snd_cwnd = 20 * MSS;
	b.tp->snd_ssthresh = 12 * MSS;
	tcp_quench(b.tp);
	ck_assert_uint_eq(b.tp->snd_cwnd, MSS);
	ck_assert_uint_eq(b.tp->snd_ssthresh, 12 * MSS);
	ck_assert_int_eq(b.tp->stats.n_quenches, 1);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * Reno.  The third duplicate sends the first segment again, alone: the
 * threshold is half of the ten, the window that and the three that have left.
 * Each further one opens it by one: at 10 nothing may go yet, the eleventh
 * segment goes with the sixth duplicate (window 11).  The ACK of all deflates
 * the window to the threshold.
 */
START_TEST(fast_retransmit)
{
	start_window(_i == 1, 10);
	duplicates(2);
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	duplicates(1);
	ck_assert_int_eq(tcp_bench_sent(&b), 1);
	tcp_bench_assert(&b, 0, TH_ACK, OURS(0), FAR(0), MSS);
	ck_assert_uint_eq(tp->snd_ssthresh, 5 * MSS);
	ck_assert_uint_eq(tp->snd_cwnd, 8 * MSS);
	ck_assert_uint_eq(tp->snd_nxt, OURS(10 * MSS));
	ck_assert_uint_eq(tp->snd_recover, OURS(10 * MSS));
	ck_assert(tcp_timer_is_armed(tp, TCPT_REXMT));
	ck_assert(!tp->t_is_timing);
	duplicates(2);
	ck_assert_int_eq(tcp_bench_sent(&b), 1);
	duplicates(1);
	ck_assert_int_eq(tcp_bench_sent(&b), 2);
	tcp_bench_assert(&b, 1, TH_ACK, OURS(10 * MSS), FAR(0), MSS);
	ck_assert_int_eq(tp->t_dupacks, 6);
	ck_assert_uint_eq(tp->snd_cwnd, 11 * MSS);
	/* of all ten: recovery is over, one is under way */
	tp->snd_wnd = BENCH_WIN;
	ack(10);
	ck_assert_int_eq(tp->t_dupacks, 0);
	/* Reno: the threshold; and the ACK that ends it opens by a segment.
	 * NewReno: what is under way and one, for 1 < 5; and that segment */
	ck_assert_uint_eq(tp->snd_cwnd, _i == 1 ? 3 * MSS : 6 * MSS);
	ck_assert_int_eq(tp->stats.n_fast_retransmits, 1);
	ck_assert_int_eq(tp->stats.n_retransmits, 1);
	ck_assert_int_eq(tp->stats.n_dup_acks, 6);
	tcp_bench_fini(&b);
}
END_TEST

/* No mbuf for it, and an ACK is owed besides: that is tried as well. */
START_TEST(fast_retransmit_in_vain)
{
	start_window(false, 10);
	duplicates(2);
	b.host->mbufs.is_limited = true;
	b.host->mbufs.mbuf_limit = 0;
	tp->t_acknow = true;
	duplicates(1);
	ck_assert_int_eq(b.host->nobufs.n_output, 2);
	ck_assert(tp->t_acknow);
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	ck_assert_int_eq(tp->stats.n_fast_retransmits, 1);
	b.host->mbufs.is_limited = false;
	tcp_bench_fini(&b);
}
END_TEST

/*
 * A second segment is missing: its ACK is one of a part.  Reno leaves recovery
 * and waits for the timer; NewReno sends the next hole at once, and deflates
 * the window by what was acknowledged less one segment.
 */
START_TEST(partial_ack)
{
	start_window(_i == 1, 10);
	duplicates(3);
	tcp_bench_mark(&b);
	ack(4);
	if (_i == 0) {
		ck_assert_int_eq(tp->t_dupacks, 0);
		/* the threshold, and one for the ACK: six are out, no more */
		ck_assert_uint_eq(tp->snd_cwnd, 6 * MSS);
		ck_assert_int_eq(tcp_bench_sent(&b), 0);
	} else {
		ck_assert_int_eq(tp->t_dupacks, 3);
		/* 8 + 1 - 4 */
		ck_assert_uint_eq(tp->snd_cwnd, 5 * MSS);
		ck_assert_int_eq(tcp_bench_sent(&b), 1);
		tcp_bench_assert(&b, 0, TH_ACK, OURS(4 * MSS), FAR(0), MSS);
		ck_assert_int_eq(tp->stats.n_fast_retransmits, 2);
		ck_assert_uint_eq(tp->snd_nxt, OURS(10 * MSS));
		/* nearly all of it: one segment is the least */
		ack(9);
		ck_assert_uint_eq(tp->snd_cwnd, MSS);
	}
	tcp_bench_fini(&b);
}
END_TEST

/* NewReno, with much under way at the end: the threshold. */
START_TEST(full_ack_of_a_large_window)
{
	start_window(true, 10);
	duplicates(3);
	/* more has gone meanwhile than the threshold of five */
	tp->snd_cwnd = 16 * MSS;
	tcp_output(tcp_bench_call(&b), tp);
	tcp_bench_run(&b, PS_PER_MS);
	ck_assert_uint_eq(tp->snd_max, OURS(16 * MSS));
	ack(10);
	/* and a segment for the ACK: cwnd was at the threshold */
	ck_assert_uint_eq(tp->snd_cwnd, 6 * MSS);
	tcp_bench_fini(&b);
}
END_TEST

/* Reno, when the window has not been inflated beyond the threshold. */
START_TEST(deflated_already)
{
	start_window(false, 10);
	duplicates(3);
	tp->snd_cwnd = 2 * MSS;
	ack(10);
	ck_assert_uint_eq(tp->snd_cwnd, 3 * MSS);
	tcp_bench_fini(&b);
}
END_TEST

/* NewReno: duplicates of what a time-out sent again tell of no new loss. */
START_TEST(duplicates_after_a_time_out)
{
	start_window(_i == 1, 10);
	tcp_cong_timeout(tp);
	ck_assert_uint_eq(tp->snd_cwnd, MSS);
	ck_assert_uint_eq(tp->snd_ssthresh, 5 * MSS);
	ck_assert_uint_eq(tp->snd_recover, OURS(10 * MSS));
	ck_assert_int_eq(tp->t_dupacks, 0);
	duplicates(3);
	ck_assert_int_eq(tp->stats.n_fast_retransmits, _i == 1 ? 0 : 1);
	ck_assert_int_eq(tp->t_dupacks, _i == 1 ? 0 : 3);
	if (_i == 1)
		ck_assert_uint_eq(tp->snd_cwnd, 2 * MSS);
	tcp_bench_fini(&b);
}
END_TEST

/* Half of the window, two segments at least, whole segments. */
START_TEST(thresholds)
{
	static const struct {
		uint32_t wnd, cwnd, ssthresh;
	} cases[] = {
		{65535, 20 * 1460, 10 * 1460}, {65535, 21 * 1460, 10 * 1460},
		{9 * 1460, 20 * 1460, 4 * 1460}, {65535, 5 * 1460, 2 * 1460},
		{65535, 1460, 2 * 1460}, {0, 65535, 2 * 1460}
	};
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		b.tp->snd_wnd = cases[i].wnd;
		b.tp->snd_cwnd = cases[i].cwnd;
		tcp_cong_timeout(b.tp);
		ck_assert_uint_eq(b.tp->snd_ssthresh, cases[i].ssthresh);
	}
	tcp_bench_fini(&b);
}
END_TEST

/* With nothing under way no ACK is a duplicate of anything. */
/* A window that is said not to fall: at first, after a pause, after losses. */
START_TEST(never_below_its_floor)
{
	enum { LEAST = 50 * MSS };
	struct world_config config = tcp_bench_config();

	config.host.tcp.cwnd_floor = LEAST;
	tcp_bench_init(&b, &config);
	tp = b.tp;
	ck_assert_uint_eq(tcp_initial_window(tp, &config.host.tcp), LEAST);
	ck_assert_uint_eq(tcp_restart_window(tp), LEAST);
	tp->snd_cwnd = LEAST;
	tcp_cong_idle(tp);
	ck_assert_uint_eq(tp->snd_cwnd, LEAST);
	tcp_quench(tp);
	ck_assert_uint_eq(tp->snd_cwnd, LEAST);
	tcp_cong_timeout(tp);
	ck_assert_uint_eq(tp->snd_cwnd, LEAST);
	ck_assert_uint_eq(tp->snd_ssthresh, LEAST);
	tcp_bench_fini(&b);
}
END_TEST

START_TEST(no_duplicates_without_data)
{
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	tcp_bench_connect(&b);
	tp = b.tp;
	duplicates(5);
	ck_assert_int_eq(tp->t_dupacks, 0);
	ck_assert_int_eq(tp->stats.n_dup_acks, 5);
	ck_assert_int_eq(tcp_bench_sent(&b), 0);
	tcp_bench_fini(&b);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, slow_start, 0, 2);
	tcase_add_test(tc, first_ack_is_delayed);
	tcase_add_test(tc, congestion_avoidance);
	tcase_add_test(tc, initial_windows);
	tcase_add_test(tc, opening);
	tcase_add_test(tc, idle);
	tcase_add_test(tc, quench);
	tcase_add_loop_test(tc, fast_retransmit, 0, 2);
	tcase_add_test(tc, fast_retransmit_in_vain);
	tcase_add_loop_test(tc, partial_ack, 0, 2);
	tcase_add_test(tc, full_ack_of_a_large_window);
	tcase_add_test(tc, deflated_already);
	tcase_add_loop_test(tc, duplicates_after_a_time_out, 0, 2);
	tcase_add_test(tc, thresholds);
	tcase_add_test(tc, no_duplicates_without_data);
	tcase_add_test(tc, never_below_its_floor);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_congestion");
	TCase *tc = tcase_create("tcp_congestion");
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
