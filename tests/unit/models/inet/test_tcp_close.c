/*
 * The close: what the ACKs of FINs change.
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

static const struct tcp_header *
last_to_peer(void)
{
	int i = tap.n - 1;

	while (!tap.frames[i].to_peer)
		i--;
	return &tap.frames[i].frame.th;
}

static bool
lose_data(void *arg, struct frame *frame, bool to_peer)
{
	(void)arg;
	return !to_peer || frame->payload_bytes == 0;
}

static void
start_closing(void)
{
	struct world_config config = machine_config();

	tp = crank_sender(&crank, &tap, &config, 16384, &addr);
	tap.filter = lose_data;
	crank_write(&crank, 0, 0, addr, 1000);
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_CLOSE, .fd = 0});
	/* the data is lost, the FIN is not, but out of order */
	crank_sleep(&crank, 0, 5 * PS_PER_MS);
	ck_assert_int_eq(tp->t_state, TCPS_FIN_WAIT_1);
	ck_assert(tp->t_sent_fin);
	ck_assert_uint_eq(tp->snd_max, ISS + 1 + 1000 + 1);
}

/* The ACK of the data but not of the FIN closes nothing. */
START_TEST(fin_is_acknowledged_last)
{
	start_closing();
	crank_arrives(&crank, TH_ACK, PEER_ISS + 1, ISS + 1 + 1000, 65536);
	ck_assert_int_eq(tp->t_state, TCPS_FIN_WAIT_1);
	ck_assert_int_eq(crank.world.end.bytes_acked, 1000);
	crank_arrives(&crank, TH_ACK, PEER_ISS + 1, ISS + 1 + 1001, 65536);
	ck_assert_int_eq(tp->t_state, TCPS_FIN_WAIT_2);
	ck_assert(!tp->so->is_detached);
	/* a FIN out of place is answered, no more */
	crank_arrives(&crank, TH_ACK | TH_FIN, PEER_ISS + 7, ISS + 1 + 1001,
	    65536);
	ck_assert_int_eq(tp->t_state, TCPS_FIN_WAIT_2);
	ck_assert_uint_eq(tp->rcv_nxt, PEER_ISS + 1);
	crank_arrives(&crank, TH_ACK | TH_FIN, PEER_ISS + 1, ISS + 1 + 1001,
	    65536);
	ck_assert_int_eq(tp->t_state, TCPS_TIME_WAIT);
	ck_assert(!tp->so->is_detached && !tp->so->is_connected);
	crank_abandon(&crank);
}
END_TEST

/* Both close at once: CLOSING, until the ACK of our FIN. */
START_TEST(simultaneous_close)
{
	start_closing();
	crank_arrives(&crank, TH_ACK | TH_FIN, PEER_ISS + 1, ISS + 1 + 1000,
	    65536);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSING);
	ck_assert_uint_eq(tp->rcv_nxt, PEER_ISS + 2);
	ck_assert(!tp->so->is_detached);
	/* the answer carries our FIN once more, in its old place */
	ck_assert_uint_eq(last_to_peer()->flags, TH_ACK | TH_FIN);
	ck_assert_uint_eq(last_to_peer()->seq, ISS + 1 + 1000);
	ck_assert_uint_eq(last_to_peer()->ack, PEER_ISS + 2);
	crank_arrives(&crank, TH_ACK, PEER_ISS + 2, ISS + 1 + 1001, 65536);
	ck_assert_int_eq(tp->t_state, TCPS_TIME_WAIT);
	ck_assert(!tp->so->is_detached && !tp->so->is_connected);
	crank_abandon(&crank);
}
END_TEST

static struct tcp_bench b;

/*
 * The ACK of our FIN, in each state that may see it.  Half closed with nobody
 * to read: the other FIN is waited for for 600 s, 1200 ticks.
 */
START_TEST(fin_is_acknowledged)
{
	static const struct {
		enum tcp_state from, to;
		bool cant_receive;
		int32_t timer;
	} cases[] = {
		{TCPS_FIN_WAIT_1, TCPS_FIN_WAIT_2, false, 0},
		{TCPS_FIN_WAIT_1, TCPS_FIN_WAIT_2, true, 1200},
		{TCPS_CLOSING, TCPS_TIME_WAIT, false, 120},
		{TCPS_LAST_ACK, TCPS_CLOSED, false, 0}
	};
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	tcp_bench_state(&b, cases[_i].from);
	tp = b.tp;
	b.so->cant_receive |= cases[_i].cant_receive;
	/* not yet */
	tcp_bench_arrives(&b, TH_ACK, tp->rcv_nxt, OURS(0), 0);
	ck_assert_int_eq(tp->t_state, cases[_i].from);
	tcp_bench_arrives(&b, TH_ACK, tp->rcv_nxt, OURS(0) + 1, 0);
	ck_assert_int_eq(tp->t_state, cases[_i].to);
	ck_assert_int_eq(tp->t_timer[TCPT_2MSL], cases[_i].timer);
	tcp_bench_fini(&b);
}
END_TEST

/* Such an ACK in states that have no FIN under way: just an ACK. */
START_TEST(nothing_to_close)
{
	static const enum tcp_state states[] = {TCPS_ESTABLISHED,
	    TCPS_CLOSE_WAIT, TCPS_FIN_WAIT_2, TCPS_TIME_WAIT};
	struct world_config config = tcp_bench_config();

	tcp_bench_init(&b, &config);
	tcp_bench_state(&b, states[_i]);
	tp = b.tp;
	tp->t_sent_fin = true;
	tp->snd_nxt = ++tp->snd_max;
	tcp_bench_arrives(&b, TH_ACK, tp->rcv_nxt, OURS(1), 0);
	ck_assert_int_eq(tp->t_state, states[_i]);
	ck_assert_uint_eq(tp->snd_una, OURS(1));
	tcp_bench_fini(&b);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, fin_is_acknowledged_last);
	tcase_add_test(tc, simultaneous_close);
	tcase_add_loop_test(tc, fin_is_acknowledged, 0, 4);
	tcase_add_loop_test(tc, nothing_to_close, 0, 4);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_close");
	TCase *tc = tcase_create("tcp_close");
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
