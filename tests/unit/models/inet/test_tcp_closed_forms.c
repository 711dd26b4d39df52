/*
 * TCP's windows against formulas: throughput by window and by wire, slow start,
 * congestion avoidance, and NewReno's recovery.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/closed_form.h"

#define DELAY	(10 * PS_PER_MS)

static struct form f;

/* Bytes acknowledged per second, over n round trips after the first second. */
static double
throughput(int64_t n, sim_time round_trip)
{
	int64_t before;

	form_write_until(&f, PS_PER_S);
	before = f.so->stats.bytes_acked;
	form_write_until(&f, PS_PER_S + n * round_trip);
	return (double)(f.so->stats.bytes_acked - before) /
	    form_seconds(n * round_trip);
}

/*
 * Throughput
 */
START_TEST(the_peers_window_limits)
{
	const int64_t window = 20 * FORM_MSS;
	sim_time rtt;

	form_config(&f, DELAY);
	f.config.peer.recvspace = window;
	form_begin(&f);
	form_connect(&f, FORM_BIG_BUFFER, 2048);
	rtt = form_round_trip(&f);
	form_compare("a window of 20 segments, 10 ms one way",
	    "window / RTT; RTT = 2 * 10 ms + 1526 + 72 byte times",
	    (double)window / form_seconds(rtt), throughput(200, rtt));
	form_end(&f);
}
END_TEST

START_TEST(the_send_buffer_limits)
{
	const int64_t buffer = 10 * FORM_MSS;
	sim_time rtt;

	form_config(&f, DELAY);
	form_begin(&f);
	/* each ACK makes room for a segment, and wakes the writer */
	form_connect(&f, buffer, FORM_MSS);
	rtt = form_round_trip(&f);
	form_compare("a send buffer of 10 segments, 10 ms one way",
	    "buffer / RTT: what is not acknowledged is still in it",
	    (double)buffer / form_seconds(rtt), throughput(400, rtt));
	form_end(&f);
}
END_TEST

/* Loaned pieces: what is lent counts until its last byte is acknowledged. */
START_TEST(the_wire_limits)
{
	static const struct {
		bool timestamps, loan;
		int64_t payload;
		const char *what;
	} cases[] = {
	    {false, false, 1460, "the wire, copied"},
	    {true, false, 1448, "the wire, with timestamps"},
	    {false, true, 1460, "the wire, loaned"}};

	form_config(&f, 0);
	f.config.host.tcp.timestamps = cases[_i].timestamps;
	f.config.host.sosend.sosend_loan = cases[_i].loan;
	form_begin(&f);
	form_connect(&f, FORM_BIG_BUFFER, 2048);
	form_compare(cases[_i].what, "payload per 1538 byte times",
	    (double)cases[_i].payload / form_seconds(FORM_FRAME_GAP),
	    throughput(10000, FORM_FRAME_GAP));
	form_end(&f);
}
END_TEST

/*
 * Bursts: what is sent in one round trip after another
 */

/* Segments with data whose frames follow each other within half a trip. */
static int
burst(int *next, sim_time round_trip)
{
	int n = 1;
	int total = wiretap_count_data(&f.tap, SIM_TIME_NEVER);
	const struct tapped *first = wiretap_data(&f.tap, *next);

	while (*next + n < total && wiretap_data(&f.tap, *next + n)->at <
	    first->at + round_trip / 2)
		n++;
	*next += n;
	return n;
}

static void
compare_bursts(const char *what, const char *derivation, const int *expected,
    int n)
{
	int next = 0;

	for (int i = 0; i < n; i++)
		form_compare(what, derivation, expected[i],
		    burst(&next, form_round_trip(&f)));
}

START_TEST(slow_start_doubles)
{
	static const int expected[] = {1, 2, 4, 8, 16, 32, 64};

	form_config(&f, 50 * PS_PER_MS);
	form_begin(&f);
	form_connect(&f, FORM_BIG_BUFFER, 2048);
	form_write_until(&f, f.crank.world.cal.now + 800 * PS_PER_MS);
	compare_bursts("slow start, an ACK for each segment",
	    "each ACK lets two segments out: 2^n", expected, 7);
	form_end(&f);
}
END_TEST

/*
 * One ACK for two segments lets three out.  Of an odd number one is left for
 * the next round, or for the tick, which takes its time here; with s sent and p
 * left over from the round before:
 *
 *	acks = (p + s) / 2	s' = 3 acks	p' = (p + s) mod 2
 *
 *	s 1 (by the tick: 2)  2  3  3  6  9 12 18 27
 *	p                     0  1  0  0  1  1  1  0
 */
START_TEST(slow_start_with_delayed_acks)
{
	int expected[9] = {1, 2};

	for (int i = 1, p = 0; i < 8; i++) {
		expected[i + 1] = 3 * ((p + expected[i]) / 2);
		p = (p + expected[i]) % 2;
	}
	ck_assert_int_eq(expected[8], 27);
	form_config(&f, 50 * PS_PER_MS);
	f.config.peer.delack_segments = 2;
	/* before the time-out, and once only */
	f.config.peer.delack_timer = PS_PER_S;
	form_begin(&f);
	form_connect(&f, FORM_BIG_BUFFER, 2048);
	form_write_until(&f, 2 * PS_PER_S);
	compare_bursts("slow start, an ACK for two segments",
	    "s' = 3 * ((p + s) / 2)", expected, 9);
	form_end(&f);
}
END_TEST

/*
 * Congestion avoidance: with w segments under way come w ACKs, and each adds
 * MSS * MSS / cwnd bytes, in whole bytes.
 */
START_TEST(avoidance_adds_one_segment)
{
	enum { ROUNDS = 30, THRESHOLD = 8 };
	/* slow start: 1, 2, 4, 8, and with the first ACK of these a 9th */
	int64_t cwnd = (THRESHOLD + 1) * FORM_MSS;
	int64_t acks = THRESHOLD - 1;
	int expected = 0, actual = 0, next = 0;
	sim_time rtt;

	form_config(&f, 50 * PS_PER_MS);
	form_begin(&f);
	form_connect(&f, FORM_BIG_BUFFER, 2048);
	f.tp->snd_ssthresh = THRESHOLD * FORM_MSS;
	rtt = form_round_trip(&f);
	form_write_until(&f, f.crank.world.cal.now + 36 * rtt);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(burst(&next, rtt), 1 << i);
	for (int i = 0; i < ROUNDS; i++) {
		for (int64_t j = 0; j < acks; j++)
			cwnd += FORM_MSS * FORM_MSS / cwnd;
		acks = cwnd / FORM_MSS;
		expected += (int)acks;
		actual += burst(&next, rtt);
	}
	form_compare("congestion avoidance from 8 segments, 30 round trips",
	    "cwnd += MSS * MSS / cwnd for each ACK; cwnd / MSS are sent",
	    expected, actual);
	form_end(&f);
}
END_TEST

/*
 * NewReno: of k segments lost in one window, the first is sent again at the
 * third duplicate ACK, each other one when the ACK of the one before it comes:
 * a round trip later.  With the ACK of the last, recovery is over.
 */
enum { FIRST_LOSS = 40 };

struct losses {
	int n;			/* every second one from the first */
	int n_new;		/* segments seen */
	uint32_t max;
	int n_again;
	sim_time first_at;	/* sent again */
	sim_time last_at;
};

static bool
lose(void *arg, struct frame *frame, bool is_to_peer)
{
	struct losses *l = arg;
	uint32_t end = frame->th.seq + frame->payload_bytes;

	if (!is_to_peer || frame->payload_bytes == 0)
		return true;
	if (l->n_new > 0 && seq_leq(end, l->max)) {
		l->last_at = f.crank.world.cal.now;
		if (l->n_again++ == 0)
			l->first_at = l->last_at;
		return true;
	}
	l->max = end;
	l->n_new++;
	return l->n_new < FIRST_LOSS || l->n_new % 2 != 0 ||
	    l->n_new >= FIRST_LOSS + 2 * l->n;
}

static bool
is_recovering(void)
{
	return f.tp->t_dupacks >= TCP_REXMT_THRESH;
}

START_TEST(recovery_takes_a_round_trip_per_loss)
{
	struct losses losses = {.n = _i};
	sim_time step = 10 * PS_PER_US, rtt;

	form_config(&f, 100 * PS_PER_MS);
	f.config.host.tcp.newreno = true;
	form_begin(&f);
	f.tap.filter = lose;
	f.tap.filter_arg = &losses;
	form_connect(&f, FORM_BIG_BUFFER, 2048);
	rtt = form_round_trip(&f);
	while (!is_recovering())
		form_write_until(&f, f.crank.world.cal.now + step);
	while (is_recovering())
		form_write_until(&f, f.crank.world.cal.now + step);
	ck_assert_int_eq(losses.n_again, losses.n);
	ck_assert_int_eq(f.tp->stats.n_timeouts, 0);
	if (losses.n > 1)
		form_compare("NewReno, from the first to the last hole",
		    "(k - 1) RTT", form_seconds((losses.n - 1) * rtt),
		    form_seconds(losses.last_at - losses.first_at));
	form_compare("NewReno, from fast retransmit to the end of recovery",
	    "k RTT", form_seconds(losses.n * rtt),
	    form_seconds(f.crank.world.cal.now - losses.first_at +
	    FORM_FRAME + f.config.link.delay));
	form_end(&f);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("tcp_closed_forms");
	TCase *tc = tcase_create("tcp_closed_forms");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, the_peers_window_limits);
	tcase_add_test(tc, the_send_buffer_limits);
	tcase_add_loop_test(tc, the_wire_limits, 0, 3);
	tcase_add_test(tc, slow_start_doubles);
	tcase_add_test(tc, slow_start_with_delayed_acks);
	tcase_add_test(tc, avoidance_adds_one_segment);
	tcase_add_loop_test(tc, recovery_takes_a_round_trip_per_loss, 1, 6);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
