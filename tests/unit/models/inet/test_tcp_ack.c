/*
 * What acknowledgements change: buffer, round trip, timers, windows.  The close
 * is in test_tcp_close.c.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/kern/syscall.h"
#include "models/socket/socket.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"
#include "tests/support/tcp_bench.h"
#include "tests/support/wiretap.h"

/* First sequence numbers: the board's, and the peer's. */
#define ISS		UINT32_C(0xffff0000)
#define PEER_ISS	UINT32_C(0xfffffff0)

static struct crank crank;
static struct wiretap tap;
static struct tcpcb *tp;
static uint64_t addr;

/* A connection with 2920 bytes under way that the peer never acknowledges. */
static bool
lose_data(void *arg, struct frame *frame, bool to_peer)
{
	(void)arg;
	return !to_peer || frame->payload_bytes == 0;
}

static void
start_unanswered(void)
{
	struct world_config config = machine_config();

	config.host.tcp.init_win = 2;
	tp = crank_sender(&crank, &tap, &config, 16384, &addr);
	tap.filter = lose_data;
	crank_write(&crank, 0, 0, addr, 4000);
	crank_sleep(&crank, 0, 5 * PS_PER_MS);
	ck_assert_uint_eq(tp->snd_max - tp->snd_una, 2920);
}

START_TEST(acks_that_change_nothing)
{
	int64_t acks, n;

	start_unanswered();
	acks = tp->stats.n_acks;
	n = tp->stats.n_segments;
	/* a duplicate, an old one, one of what was never sent, no ACK at all */
	crank_arrives(&crank, TH_ACK, PEER_ISS + 1, ISS + 1, 65536);
	crank_arrives(&crank, TH_ACK, PEER_ISS + 1, ISS, 65536);
	crank_arrives(&crank, TH_ACK, PEER_ISS + 1, ISS + 1 + 2921, 65536);
	crank_arrives(&crank, 0, PEER_ISS + 1, ISS + 1 + 1460, 65536);
	ck_assert_int_eq(tp->stats.n_acks, acks + 4);
	ck_assert_uint_eq(tp->snd_una, ISS + 1);
	ck_assert_int_eq(tp->so->so_snd.sb_cc, 4000);
	ck_assert_int_eq(tp->stats.n_segments, n);
	crank_abandon(&crank);
}
END_TEST

START_TEST(ack_of_a_part)
{
	start_unanswered();
	tp->t_timer[TCPT_REXMT] = 1;
	crank_arrives(&crank, TH_ACK, PEER_ISS + 1, ISS + 1 + 700, 65536);
	ck_assert_uint_eq(tp->snd_una, ISS + 1 + 700);
	ck_assert_int_eq(tp->so->so_snd.sb_cc, 3300);
	ck_assert_int_eq(tp->so->stats.bytes_acked, 700);
	/* something is under way still: the timer starts anew */
	ck_assert_int_eq(tp->t_timer[TCPT_REXMT], tp->t_rxtcur);
	ck_assert_int_gt(tp->stats.last_ack_at, 0);
	crank_abandon(&crank);
}
END_TEST

START_TEST(ack_of_all_that_is_under_way)
{
	start_unanswered();
	ck_assert_uint_eq(crank.world.cal.n_holds, 1);
	tap.filter = NULL;
	crank_arrives(&crank, TH_ACK, PEER_ISS + 1, ISS + 1 + 2920, 0);
	ck_assert_int_eq(tp->t_timer[TCPT_REXMT], 0);
	/* data waits, and nothing is under way: persist */
	ck_assert_int_eq(tp->t_timer[TCPT_PERSIST], 10);
	ck_assert_uint_eq(crank.world.cal.n_holds, 1);
	ck_assert_int_eq(tp->so->so_snd.sb_cc, 1080);
	ck_assert_uint_eq(tp->snd_wnd, 0);
	/* remembered: what the peer's SYN offered, which is not shifted */
	ck_assert_uint_eq(tp->max_sndwnd, 65535);
	ck_assert_int_eq(wiretap_count_data(&tap, SIM_TIME_NEVER), 2);
	crank_arrives(&crank, TH_ACK, PEER_ISS + 1, ISS + 1 + 2920, 65538);
	ck_assert_uint_eq(tp->max_sndwnd, 65538);
	ck_assert_int_eq(wiretap_count_data(&tap, SIM_TIME_NEVER), 3);
	crank_abandon(&crank);
}
END_TEST

/* Sent twice, and the first one had arrived: the ACK is beyond snd_nxt. */
START_TEST(ack_beyond_snd_nxt)
{
	start_unanswered();
	tp->snd_nxt = tp->snd_una;
	crank_arrives(&crank, TH_ACK, PEER_ISS + 1, ISS + 1 + 1460, 0);
	ck_assert_uint_eq(tp->snd_una, ISS + 1 + 1460);
	ck_assert_uint_eq(tp->snd_nxt, ISS + 1 + 1460);
	crank_abandon(&crank);
}
END_TEST

/* Only an ACK beyond the segment that is timed measures its round trip. */
START_TEST(round_trip_is_measured_once)
{
	start_unanswered();
	ck_assert(tp->t_is_timing);
	/* it went five ticks ago */
	tp->t_rtttime = tcp_now(&crank.world.host) - 5;
	tp->t_rtseq = ISS + 1 + 1460;
	tp->t_srtt = 0;
	crank_arrives(&crank, TH_ACK, PEER_ISS + 1, ISS + 1 + 1460, 0);
	ck_assert(tp->t_is_timing);
	ck_assert_int_eq(tp->t_srtt, 0);
	crank_arrives(&crank, TH_ACK, PEER_ISS + 1, ISS + 1 + 1461, 0);
	ck_assert(!tp->t_is_timing);
	/* a first measure counts one tick more: see tcp_xmit_timer */
	ck_assert_int_eq(tp->t_srtt, 6 * 8);
	crank_abandon(&crank);
}
END_TEST

/*
 * The price: TCP_INPUT; and for a new ACK, SBDROP and MFREE for each mbuf that
 * goes: 4000 bytes are clusters of 2048 and 1952.
 */
START_TEST(price_of_an_ack)
{
	static const struct {
		uint32_t acked;
		int64_t n_ops;
	} cases[] = {{0, 1}, {1460, 2}, {2047, 2}, {2048, 3}, {2920, 3}};
	struct ip_packet packet = {.conn = 1, .th = {.flags = TH_ACK}};
	struct kctx k;

	start_unanswered();
	kctx_init(&k, &crank.world.host, "test", CPU_SOFTINT);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		packet.th.ack = ISS + 1 + cases[i].acked;
		k.cost.units = 0;
		tcp_input_cost(&k, tp, &packet);
		ck_assert_int_eq(k.cost.units,
		    cases[i].n_ops * 100 * COST_UNITS_PER_CYCLE);
	}
	crank_abandon(&crank);
}
END_TEST

/*
 * On the bench.
 */
static struct tcp_bench b;

static void
start_bench(bool has_timestamps)
{
	struct world_config config = tcp_bench_config();

	config.host.tcp.timestamps = has_timestamps;
	tcp_bench_init(&b, &config);
	tcp_bench_connect(&b);
	tp = b.tp;
}

/*
 * With timestamps every ACK of something new measures, by its echo: the segment
 * went at tick 0, and now it is tick 4: 4 - 0 + 1.
 */
START_TEST(round_trip_by_echo)
{
	struct tcp_header th = {.flags = TH_ACK, .seq = FAR(0),
	    .ack = OURS(100), .win = BENCH_WIN, .has_ts = _i > 0,
	    .ts_val = 2, .ts_ecr = _i == 2 ? 1 : 0};

	start_bench(true);
	tcp_bench_write(&b, 100);
	tcp_bench_run(&b, 1300 * PS_PER_MS);
	tp->t_srtt = 0;
	tp->t_is_timing = false;
	tcp_bench_header(&b, &th, 0);
	/* tick 2: 2 - 1 + 1 ticks, counted from 1: (1 + 1) * 8 */
	ck_assert_int_eq(tp->t_srtt, _i == 2 ? 16 : 0);
	ck_assert_uint_eq(tp->snd_una, OURS(100));
	tcp_bench_fini(&b);
}
END_TEST

/* SND.WL1 and WL2: whose window is news (RFC 793). */
START_TEST(window_updates)
{
	static const struct {
		int32_t seq, ack, win;	/* against the last update */
		bool counts;
	} cases[] = {
		{0, 0, 0, false}, {0, 0, 1, true}, {0, 0, -1, false},
		{0, 1, -1, true}, {0, -1, 1, false}, {1, 0, -1, true},
		{1, -1, 1, true}, {-1, 1, 1, false}
	};
	struct tcp_segment seg = {.flags = TH_ACK};

	start_bench(false);
	tp->snd_wl1 = FAR(1000);
	tp->snd_wl2 = OURS(1000);
	tp->snd_wnd = tp->max_sndwnd = 5000;
	seg.seq = FAR(1000 + cases[_i].seq);
	seg.ack = OURS(1000 + cases[_i].ack);
	seg.win = (uint32_t)(5000 + cases[_i].win);
	b.k.in.needs_output = false;
	tcp_input_window(&b.k, tp, &seg);
	ck_assert_int_eq(b.k.in.needs_output, cases[_i].counts);
	if (cases[_i].counts) {
		ck_assert_uint_eq(tp->snd_wnd, seg.win);
		ck_assert_uint_eq(tp->snd_wl1, seg.seq);
		ck_assert_uint_eq(tp->snd_wl2, seg.ack);
		ck_assert_uint_eq(tp->max_sndwnd,
		    seg.win > 5000 ? seg.win : 5000);
	} else
		ck_assert_uint_eq(tp->snd_wnd, 5000);
	/* without ACK there is no window to speak of */
	tp->snd_wnd = 7;
	seg.flags = 0;
	seg.seq += 5;
	tcp_input_window(&b.k, tp, &seg);
	ck_assert_uint_eq(tp->snd_wnd, 7);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * A duplicate is one if it has no data and the same window; an older one, or
 * one of those two, begins the count anew.
 */
START_TEST(what_a_duplicate_is)
{
	struct tcp_header th = {.flags = TH_ACK, .seq = FAR(0),
	    .ack = OURS(0), .win = BENCH_WIN};

	start_bench(false);
	tp->snd_cwnd = 1460;
	tcp_bench_write(&b, 1460);
	tcp_bench_header(&b, &th, 0);
	tcp_bench_header(&b, &th, 0);
	ck_assert_int_eq(tp->t_dupacks, 2);
	if (_i == 0)
		th.win--;
	else if (_i == 1)
		th.ack = OURS(0) - 1;
	else
		th.seq = FAR(500);	/* or it would be predicted */
	tcp_bench_header(&b, &th, _i == 2 ? 10 : 0);
	ck_assert_int_eq(tp->t_dupacks, 0);
	ck_assert_int_eq(tp->stats.n_dup_acks, _i == 1 ? 3 : 2);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * Header prediction would take it; so that tcp_input_ack sees it, the window
 * changes with it.  What was found out about a loss is not to lie ahead again.
 */
START_TEST(recover_follows)
{
	struct tcp_header th = {.flags = TH_ACK, .seq = FAR(0),
	    .ack = OURS(100), .win = BENCH_WIN + 1};

	start_bench(false);
	tcp_bench_write(&b, 100);
	ck_assert_uint_eq(tp->snd_recover, BENCH_ISS);
	tcp_bench_header(&b, &th, 0);
	ck_assert_uint_eq(tp->snd_recover, OURS(100));
	tcp_bench_fini(&b);
}
END_TEST

/* The window shrinks by what is acknowledged, to nothing and not below. */
START_TEST(window_of_an_ack_that_says_nothing)
{
	struct tcp_segment seg = {.flags = TH_ACK, .ack = OURS(100)};
	struct tcp_header th = {.flags = TH_ACK};

	start_bench(false);
	tcp_bench_write(&b, 200);
	tp->snd_wnd = _i == 0 ? 150 : 60;
	seg.th = &th;
	tcp_ack_new(tcp_bench_call(&b), tp, &seg);
	ck_assert_uint_eq(tp->snd_wnd, _i == 0 ? 50 : 0);
	kctx_return(&b.k);
	tcp_bench_fini(&b);
}
END_TEST

/* Who waits for room wakes; what was timed is no more. */
START_TEST(ack_while_persisting)
{
	struct tcp_segment seg = {.flags = TH_ACK, .ack = OURS(50)};
	struct tcp_header th = {.flags = TH_ACK};

	start_bench(false);
	tcp_bench_write(&b, 200);
	tcp_timer_disarm(tp, TCPT_REXMT);
	tcp_timer_arm(tp, TCPT_PERSIST, 10);
	seg.th = &th;
	tcp_ack_new(tcp_bench_call(&b), tp, &seg);
	/* the persist timer goes on in place of the other */
	ck_assert(!tcp_timer_is_armed(tp, TCPT_REXMT));
	ck_assert(tcp_timer_is_armed(tp, TCPT_PERSIST));
	kctx_return(&b.k);
	tcp_bench_fini(&b);
}
END_TEST

/*
 * The price of data: one instruction for each byte of the sum; SBAPPEND if it
 * is the next in order, else TCP_REASS.  A controller that sums saves the sum.
 */
START_TEST(price_of_data)
{
	struct ip_packet packet = {.conn = 1, .th = {.seq = FAR(0)}};
	int64_t *n_ops;

	start_bench(false);
	n_ops = b.host->ledger.n_ops;
	packet.m = tcp_bench_data(&b, FAR(0), 1000);
	if (_i == 1)
		packet.th.seq++;
	if (_i == 4)
		b.host->nic.traits = &nic_traits[NIC_GSIP];
	if (_i == 2)
		tp->segq = m_gethdr(&b.host->mbufs);
	b.host->ledger = (struct ledger){0};
	tcp_input_cost(tcp_bench_call(&b), _i == 3 ? NULL : tp, &packet);
	ck_assert_int_eq(n_ops[OP_TCP_INPUT], 1);
	ck_assert_int_eq(n_ops[OP_CKSUM_1K], _i == 4 ? 0 : 1000);
	ck_assert_int_eq(n_ops[OP_SBAPPEND], _i % 4 == 0);
	ck_assert_int_eq(n_ops[OP_TCP_REASS], _i % 4 != 0);
	ck_assert_int_eq(n_ops[OP_SBDROP], 0);
	m_freem(&b.host->mbufs, packet.m);
	kctx_return(&b.k);
	tcp_bench_fini(&b);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, acks_that_change_nothing);
	tcase_add_test(tc, ack_of_a_part);
	tcase_add_test(tc, ack_of_all_that_is_under_way);
	tcase_add_test(tc, ack_beyond_snd_nxt);
	tcase_add_test(tc, round_trip_is_measured_once);
	tcase_add_test(tc, price_of_an_ack);
	tcase_add_loop_test(tc, round_trip_by_echo, 0, 3);
	tcase_add_loop_test(tc, window_updates, 0, 8);
	tcase_add_loop_test(tc, what_a_duplicate_is, 0, 3);
	tcase_add_test(tc, recover_follows);
	tcase_add_loop_test(tc, window_of_an_ack_that_says_nothing, 0, 2);
	tcase_add_test(tc, ack_while_persisting);
	tcase_add_loop_test(tc, price_of_data, 0, 5);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_ack");
	TCase *tc = tcase_create("tcp_ack");
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
