/* What arrives: set-up, acknowledgements, windows, the close. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/kern/syscall.h"
#include "models/socket/socket.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"
#include "tests/support/transfer.h"
#include "tests/support/wiretap.h"

/* First sequence numbers: the board's, and the peer's. */
#define ISS		UINT32_C(0xffff0000)
#define PEER_ISS	UINT32_C(0xfffffff0)

static struct crank crank;
static struct wiretap tap;
static struct tcpcb *tp;
static uint64_t addr;

static void
start(const struct world_config *config, int64_t sndbuf)
{
	int fd;

	crank_init(&crank, config, 1);
	wiretap_attach(&tap, &crank.world);
	fd = crank_connect(&crank, 0, sndbuf);
	addr = crank_buffer(&crank, 0, 65536);
	tp = &crank.procs[0].p->fds[fd]->tcpcb;
}

static void
sleep_for(sim_time interval)
{
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_SLEEP,
	    .len = crank.world.cal.now + interval});
}

/* As if the driver had taken it from its ring; windows are shifted by 1. */
static void
arrives(uint8_t flags, uint32_t seq, uint32_t ack, uint32_t win)
{
	struct ip_packet packet = {.conn = 1, .th = {.flags = flags,
	    .seq = seq, .ack = ack, .win = (uint16_t)(win >> 1)}};

	softnet_receive(&crank.world.host.softnet, &packet);
	sleep_for(PS_PER_MS);
}

static const struct tcp_header *
last_to_peer(void)
{
	int i = tap.n - 1;

	while (!tap.frames[i].to_peer)
		i--;
	return &tap.frames[i].frame.th;
}

/*
 * A connection's whole life, segment by segment: three to set it up, two with
 * data and their ACK, four to close.
 */
START_TEST(life_of_a_connection)
{
	struct world_config config = machine_config();
	uint16_t options = _i == 1 ? 12 : 0;
	uint16_t mss = 1460 - options;
	uint32_t end = ISS + 1 + 2000;

	config.host.tcp.timestamps = _i == 1;
	config.host.tcp.init_win = 2;
	start(&config, 16384);
	crank_write(&crank, 0, 0, addr, 2000);
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_CLOSE, .fd = 0});
	sleep_for(PS_PER_S);
	ck_assert_int_eq(tap.n, 3 + 3 + 4);
	/* both SYNs with MSS and window scale, 8 bytes */
	wiretap_assert(&tap, 0, true, TH_SYN, ISS, 0, 48 + options);
	ck_assert_uint_eq(tap.frames[0].frame.th.mss, 1460);
	wiretap_assert(&tap, 1, false, TH_SYN | TH_ACK, PEER_ISS, ISS + 1,
	    48 + options);
	ck_assert_uint_eq(tap.frames[1].frame.th.mss, 1460);
	ck_assert_uint_eq(tap.frames[1].frame.th.win, 65535);
	ck_assert_uint_eq(tap.frames[1].frame.th.wscale, 1 + 1);
	wiretap_assert(&tap, 2, true, TH_ACK, ISS + 1, PEER_ISS + 1,
	    40 + options);
	/*
	 * The write is one cluster of 2000 bytes; the connection was idle, so
	 * its tail goes with what is before it.
	 */
	wiretap_assert(&tap, 3, true, TH_ACK, ISS + 1, PEER_ISS + 1, 1500);
	wiretap_assert(&tap, 4, true, TH_ACK | TH_PUSH, ISS + 1 + mss,
	    PEER_ISS + 1, (uint16_t)(40 + options + 2000 - mss));
	/*
	 * Every second segment is acknowledged; then the FIN, then its own.
	 * Ours is right behind the tail, a gap of 12 byte times later than the
	 * ACK that starts at the same date.
	 */
	wiretap_assert(&tap, 5, false, TH_ACK, PEER_ISS + 1, end,
	    40 + options);
	wiretap_assert(&tap, 6, true, TH_ACK | TH_FIN, end, PEER_ISS + 1,
	    40 + options);
	wiretap_assert(&tap, 7, false, TH_ACK, PEER_ISS + 1, end + 1,
	    40 + options);
	wiretap_assert(&tap, 8, false, TH_FIN | TH_ACK, PEER_ISS + 1, end + 1,
	    40 + options);
	wiretap_assert(&tap, 9, true, TH_ACK, end + 1, PEER_ISS + 2,
	    40 + options);
	crank_fini(&crank);
}
END_TEST

/* The peer's segments are smaller than ours could be. */
START_TEST(peers_mss)
{
	struct world_config config = machine_config();

	config.host.tcp.timestamps = _i == 1;
	config.peer.mss = 1000;
	start(&config, 16384);
	ck_assert_uint_eq(tp->t_maxseg, _i == 1 ? 988 : 1000);
	/* the first window is one of its segments */
	ck_assert_uint_eq(tp->snd_cwnd, tp->t_maxseg);
	crank_write(&crank, 0, 0, addr, 5000);
	sleep_for(PS_PER_S);
	ck_assert_uint_eq(wiretap_data(&tap, 0)->frame.ip_bytes, 1040);
	crank_fini(&crank);
}
END_TEST

/* In SYN_SENT nothing but the right answer counts. */
START_TEST(wrong_answers_to_a_syn)
{
	struct world_config config = machine_config();
	struct tcpcb *t;

	config.peer.turnaround = PS_PER_S;
	crank_init(&crank, &config, 2);
	crank_post(&crank, 1, (struct sys_call){.nr = SYS_CONNECT,
	    .so_sndbuf = 16384, .so_sndlowat = 2048});
	sleep_for(PS_PER_MS);
	t = &crank.world.host.sockets->tcpcb;
	arrives(TH_ACK, PEER_ISS, ISS + 1, 1000);
	arrives(TH_SYN | TH_ACK, PEER_ISS, ISS, 1000);
	arrives(TH_SYN | TH_ACK, PEER_ISS, ISS + 2, 1000);
	ck_assert_int_eq(t->t_state, TCPS_SYN_SENT);
	ck_assert_int_eq(t->stats.n_acks, 1);
	ck_assert_int_eq(crank_wait(&crank, 1), 0);
	ck_assert_int_eq(t->t_state, TCPS_ESTABLISHED);
	crank_fini(&crank);
}
END_TEST

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
	start(&config, 131072);
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

	start(&config, 65536);
	crank_write(&crank, 0, 0, addr, 65536);
	sleep_for(PS_PER_S);
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
	start(&config, 16384);
	tp->snd_cwnd = tp->snd_ssthresh = 4 * 1460;
	/* at the threshold: still a whole segment */
	crank_write(&crank, 0, 0, addr, 1460);
	sleep_for(10 * PS_PER_MS);
	ck_assert_uint_eq(tp->snd_cwnd, 5 * 1460);
	/* above: 1460 * 1460 / 7300 = 292 */
	crank_write(&crank, 0, 0, addr, 1460);
	sleep_for(10 * PS_PER_MS);
	ck_assert_uint_eq(tp->snd_cwnd, 7300 + 292);
	/* 2131600 / 7592 = 280.7 */
	crank_write(&crank, 0, 0, addr, 1460);
	sleep_for(10 * PS_PER_MS);
	ck_assert_uint_eq(tp->snd_cwnd, 7592 + 280);
	/* no smaller than what the peer offers: header prediction leaves it */
	tp->snd_cwnd = tp->snd_wnd;
	crank_write(&crank, 0, 0, addr, 1460);
	sleep_for(10 * PS_PER_MS);
	ck_assert_uint_eq(tp->snd_cwnd, tp->snd_wnd);
	crank_fini(&crank);
}
END_TEST

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
	start(&config, 16384);
	tap.filter = lose_data;
	crank_write(&crank, 0, 0, addr, 4000);
	sleep_for(5 * PS_PER_MS);
	ck_assert_uint_eq(tp->snd_max - tp->snd_una, 2920);
}

START_TEST(acks_that_change_nothing)
{
	int64_t acks, n;

	start_unanswered();
	acks = tp->stats.n_acks;
	n = tp->stats.n_segments;
	/* a duplicate, an old one, one of what was never sent, no ACK at all */
	arrives(TH_ACK, PEER_ISS + 1, ISS + 1, 65536);
	arrives(TH_ACK, PEER_ISS + 1, ISS, 65536);
	arrives(TH_ACK, PEER_ISS + 1, ISS + 1 + 2921, 65536);
	arrives(0, PEER_ISS + 1, ISS + 1 + 1460, 65536);
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
	arrives(TH_ACK, PEER_ISS + 1, ISS + 1 + 700, 65536);
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
	arrives(TH_ACK, PEER_ISS + 1, ISS + 1 + 2920, 0);
	ck_assert_int_eq(tp->t_timer[TCPT_REXMT], 0);
	/* data waits, and nothing is under way: persist */
	ck_assert_int_eq(tp->t_timer[TCPT_PERSIST], 10);
	ck_assert_uint_eq(crank.world.cal.n_holds, 1);
	ck_assert_int_eq(tp->so->so_snd.sb_cc, 1080);
	ck_assert_uint_eq(tp->snd_wnd, 0);
	/* remembered: what the peer's SYN offered, which is not shifted */
	ck_assert_uint_eq(tp->max_sndwnd, 65535);
	ck_assert_int_eq(wiretap_count_data(&tap, SIM_TIME_NEVER), 2);
	arrives(TH_ACK, PEER_ISS + 1, ISS + 1 + 2920, 65538);
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
	arrives(TH_ACK, PEER_ISS + 1, ISS + 1 + 1460, 0);
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
	arrives(TH_ACK, PEER_ISS + 1, ISS + 1 + 1460, 0);
	ck_assert(tp->t_is_timing);
	ck_assert_int_eq(tp->t_srtt, 0);
	arrives(TH_ACK, PEER_ISS + 1, ISS + 1 + 1461, 0);
	ck_assert(!tp->t_is_timing);
	/* a first measure counts one tick more: see tcp_xmit_timer */
	ck_assert_int_eq(tp->t_srtt, 6 * 8);
	crank_abandon(&crank);
}
END_TEST

/*
 * Close
 */
static void
start_closing(void)
{
	struct world_config config = machine_config();

	start(&config, 16384);
	tap.filter = lose_data;
	crank_write(&crank, 0, 0, addr, 1000);
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_CLOSE, .fd = 0});
	/* the data is lost, the FIN is not, but out of order */
	sleep_for(5 * PS_PER_MS);
	ck_assert_int_eq(tp->t_state, TCPS_FIN_WAIT_1);
	ck_assert(tp->t_sent_fin);
	ck_assert_uint_eq(tp->snd_max, ISS + 1 + 1000 + 1);
}

/* The ACK of the data but not of the FIN closes nothing. */
START_TEST(fin_is_acknowledged_last)
{
	start_closing();
	arrives(TH_ACK, PEER_ISS + 1, ISS + 1 + 1000, 65536);
	ck_assert_int_eq(tp->t_state, TCPS_FIN_WAIT_1);
	ck_assert_int_eq(crank.world.end.bytes_acked, 1000);
	arrives(TH_ACK, PEER_ISS + 1, ISS + 1 + 1001, 65536);
	ck_assert_int_eq(tp->t_state, TCPS_FIN_WAIT_2);
	ck_assert(!tp->so->is_detached);
	/* a FIN out of place is answered, no more */
	arrives(TH_ACK | TH_FIN, PEER_ISS + 7, ISS + 1 + 1001, 65536);
	ck_assert_int_eq(tp->t_state, TCPS_FIN_WAIT_2);
	ck_assert_uint_eq(tp->rcv_nxt, PEER_ISS + 1);
	arrives(TH_ACK | TH_FIN, PEER_ISS + 1, ISS + 1 + 1001, 65536);
	ck_assert_int_eq(tp->t_state, TCPS_TIME_WAIT);
	ck_assert(!tp->so->is_detached && !tp->so->is_connected);
	crank_abandon(&crank);
}
END_TEST

/* Both close at once: CLOSING, until the ACK of our FIN. */
START_TEST(simultaneous_close)
{
	start_closing();
	arrives(TH_ACK | TH_FIN, PEER_ISS + 1, ISS + 1 + 1000, 65536);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSING);
	ck_assert_uint_eq(tp->rcv_nxt, PEER_ISS + 2);
	ck_assert(!tp->so->is_detached);
	/* the answer carries our FIN once more, in its old place */
	ck_assert_uint_eq(last_to_peer()->flags, TH_ACK | TH_FIN);
	ck_assert_uint_eq(last_to_peer()->seq, ISS + 1 + 1000);
	ck_assert_uint_eq(last_to_peer()->ack, PEER_ISS + 2);
	arrives(TH_ACK, PEER_ISS + 2, ISS + 1 + 1001, 65536);
	ck_assert_int_eq(tp->t_state, TCPS_TIME_WAIT);
	ck_assert(!tp->so->is_detached && !tp->so->is_connected);
	crank_abandon(&crank);
}
END_TEST

/* The peer closes first: the FIN is acknowledged, and we may go on sending. */
START_TEST(peer_closes_first)
{
	start_unanswered();
	arrives(TH_ACK | TH_FIN, PEER_ISS + 1, ISS + 1, 65536);
	ck_assert_uint_eq(tp->rcv_nxt, PEER_ISS + 2);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSE_WAIT);
	ck_assert(tp->so->cant_receive && !tp->so->cant_send);
	ck_assert_uint_eq(last_to_peer()->flags, TH_ACK);
	ck_assert_uint_eq(last_to_peer()->ack, PEER_ISS + 2);
	crank_abandon(&crank);
}
END_TEST

/* ... and says that it is none any more. */
START_TEST(closed_connection_hears_nothing)
{
	int64_t n;

	start_unanswered();
	tcp_drop(tp, SYS_ETIMEDOUT);
	n = tp->stats.n_acks;
	arrives(TH_ACK, PEER_ISS + 1, ISS + 1 + 1460, 65536);
	ck_assert_int_eq(tp->stats.n_acks, n);
	ck_assert_uint_eq(tp->snd_una, ISS + 1);
	ck_assert_uint_eq(last_to_peer()->flags, TH_RST);
	ck_assert_uint_eq(last_to_peer()->seq, ISS + 1 + 1460);
	crank_fini(&crank);
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

static void
add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, life_of_a_connection, 0, 2);
	tcase_add_loop_test(tc, peers_mss, 0, 2);
	tcase_add_test(tc, wrong_answers_to_a_syn);
	tcase_add_loop_test(tc, slow_start, 0, 2);
	tcase_add_test(tc, first_ack_is_delayed);
	tcase_add_test(tc, congestion_avoidance);
	tcase_add_test(tc, acks_that_change_nothing);
	tcase_add_test(tc, ack_of_a_part);
	tcase_add_test(tc, ack_of_all_that_is_under_way);
	tcase_add_test(tc, ack_beyond_snd_nxt);
	tcase_add_test(tc, round_trip_is_measured_once);
	tcase_add_test(tc, fin_is_acknowledged_last);
	tcase_add_test(tc, simultaneous_close);
	tcase_add_test(tc, peer_closes_first);
	tcase_add_test(tc, closed_connection_hears_nothing);
	tcase_add_test(tc, price_of_an_ack);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_input");
	TCase *tc = tcase_create("tcp_input");
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
