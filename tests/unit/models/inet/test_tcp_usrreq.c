/*
 * What the socket layer asks of TCP: connect, send, disconnect.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "models/kern/syscall.h"
#include "models/socket/socket.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"
#include "tests/support/wiretap.h"

enum { PORT = 5001 };

static struct crank crank;
static struct wiretap tap;
static struct kctx k;
static struct tcpcb *tp;
static int n_returns;

static struct host *
host(void)
{
	return &crank.world.host;
}

static void
returned(struct kctx *ctx)
{
	(void)ctx;
	n_returns++;
}

static void
start(const struct world_config *config)
{
	crank_init(&crank, config, 0);
	/* a world without a process, which is not to end for all that */
	cal_hold(&crank.world.cal);
	wiretap_attach(&tap, &crank.world);
	kctx_init(&k, host(), "test", CPU_SOFTINT);
	kctx_call(&k, returned);
	n_returns = 0;
	tp = &crank_socket(host(), 16384)->tcpcb;
}

static void
run_for(sim_time interval)
{
	crank_until(&crank, crank.world.cal.now + interval);
}

static void
finish(void)
{
	for (int i = 0; i < TCPT_NTIMERS; i++)
		tcp_timer_disarm(tp, (enum tcp_timer)i);
	cal_release(&crank.world.cal);
	machine_assert_empty(host());
	ck_assert_uint_eq(crank.world.cal.n_holds, 0);
	crank_abandon(&crank);
}

/*
 * Connect
 */
START_TEST(connect_sends_a_syn)
{
	struct world_config config = machine_config();

	start(&config);
	tcp_usr_connect(&k, tp, PORT);
	run_for(10 * PS_PER_MS);
	ck_assert_int_eq(n_returns, 1);
	ck_assert_int_eq(tp->t_state, TCPS_ESTABLISHED);
	ck_assert(tp->so->is_connected);
	wiretap_assert(&tap, 0, true, TH_SYN, 0xffff0000, 0, 48);
	finish();
}
END_TEST

START_TEST(connected_twice)
{
	struct world_config config = machine_config();

	start(&config);
	tcp_usr_connect(&k, tp, PORT);
	tcp_usr_connect(&k, tp, PORT);
}
END_TEST

/*
 * Send
 */
START_TEST(data_for_a_dropped_connection)
{
	struct world_config config = machine_config();
	struct mbuf *m;

	start(&config);
	m = m_get(&host()->mbufs);
	m->m_len = 100;
	tcp_drop(tp, SYS_ETIMEDOUT);
	tcp_usr_send(&k, tp, m);
	ck_assert_int_eq(n_returns, 1);
	ck_assert_int_eq(tp->so->stats.bytes_dropped, 100);
	ck_assert_int_eq(tp->so->so_snd.sb_cc, 0);
	ck_assert_int_eq(tp->stats.n_output_calls, 0);
	finish();
}
END_TEST

START_TEST(data_is_appended_and_sent)
{
	struct world_config config = machine_config();
	struct mbuf *m;

	start(&config);
	tcp_usr_connect(&k, tp, PORT);
	run_for(10 * PS_PER_MS);
	kctx_call(&k, returned);
	m = m_get(&host()->mbufs);
	m->m_len = 100;
	m_name_append(m, 0, content_name(1, 0));
	tcp_usr_send(&k, tp, m);
	ck_assert_int_eq(tp->so->so_snd.sb_cc, 100);
	run_for(10 * PS_PER_MS);
	ck_assert_int_eq(n_returns, 2);
	/* SYN, SYN-ACK, ACK, and now */
	wiretap_assert(&tap, 3, true, TH_ACK | TH_PUSH, 0xffff0001,
	    0xfffffff1, 140);
	run_for(PS_PER_S);	/* the delayed ACK */
	ck_assert_int_eq(tp->so->so_snd.sb_cc, 0);
	finish();
}
END_TEST

/*
 * Disconnect
 */
START_TEST(disconnect_closed)
{
	struct world_config config = machine_config();

	start(&config);
	tcp_usr_disconnect(&k, tp);
	ck_assert_int_eq(n_returns, 1);
	ck_assert(tp->so->is_detached);
	run_for(PS_PER_S);
	ck_assert_int_eq(tap.n, 0);
	finish();
}
END_TEST

/* Before the answer to the SYN: nothing to close, it is dropped. */
START_TEST(disconnect_while_connecting)
{
	struct world_config config = machine_config();

	config.peer.turnaround = PS_PER_S;
	start(&config);
	tcp_usr_connect(&k, tp, PORT);
	run_for(100 * PS_PER_MS);
	ck_assert_int_eq(tp->t_state, TCPS_SYN_SENT);
	/* the test's, of the retransmission, and of the 75 s to connect in */
	ck_assert_uint_eq(crank.world.cal.n_holds, 3);
	kctx_call(&k, returned);
	tcp_usr_disconnect(&k, tp);
	ck_assert_int_eq(n_returns, 2);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSED);
	ck_assert(tp->so->is_detached);
	ck_assert_int_eq(tp->so->so_error, 0);
	ck_assert_uint_eq(crank.world.cal.n_holds, 1);
	/* the late answer finds nobody, and is told so */
	run_for(2 * PS_PER_S);
	ck_assert_int_eq(tp->t_state, TCPS_CLOSED);
	ck_assert_int_eq(tap.n, 3);
	wiretap_assert(&tap, 2, true, TH_RST, 0xffff0001, 0, 40);
	finish();
}
END_TEST

START_TEST(disconnect_established)
{
	struct world_config config = machine_config();

	start(&config);
	tcp_usr_connect(&k, tp, PORT);
	run_for(10 * PS_PER_MS);
	kctx_call(&k, returned);
	tcp_usr_disconnect(&k, tp);
	ck_assert_int_eq(tp->t_state, TCPS_FIN_WAIT_1);
	ck_assert(tp->t_is_closing);
	run_for(10 * PS_PER_MS);
	wiretap_assert(&tap, 3, true, TH_ACK | TH_FIN, 0xffff0001,
	    0xfffffff1, 40);
	/* the peer has closed as well; late segments may follow */
	ck_assert_int_eq(tp->t_state, TCPS_TIME_WAIT);
	ck_assert(!tp->so->is_detached && !tp->so->is_connected);
	ck_assert_int_eq(n_returns, 2);
	finish();
}
END_TEST

/*
 * A second time, or while the close is under way: nothing is sent.  But who has
 * shut down one half and now closes the other does not wait for ever for a FIN:
 * eight probes' time, 600 s, is 1200 slow ticks.
 */
START_TEST(disconnect_again)
{
	static const enum tcp_state states[] = {TCPS_FIN_WAIT_1,
	    TCPS_FIN_WAIT_2, TCPS_CLOSING, TCPS_TIME_WAIT};
	struct world_config config = machine_config();

	start(&config);
	tp->t_state = states[_i];
	/* the FIN is under way, the whole buffer is offered */
	tp->t_sent_fin = true;
	tp->snd_una = tp->iss + 1;
	tp->snd_nxt = tp->snd_max = tp->iss + 2;
	tp->rcv_adv = tp->rcv_nxt + 16384;
	tp->snd_wnd = 1000;
	tcp_usr_disconnect(&k, tp);
	ck_assert_int_eq(n_returns, 1);
	ck_assert_int_eq(tp->t_state, states[_i]);
	ck_assert_int_eq(tp->t_timer[TCPT_2MSL],
	    states[_i] == TCPS_FIN_WAIT_2 ? 1200 : 0);
	run_for(PS_PER_MS);
	ck_assert_int_eq(tap.n, 0);
	ck_assert(!tp->so->is_detached);
	finish();
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, connect_sends_a_syn);
	tcase_add_test_raise_signal(tc, connected_twice, SIGABRT);
	tcase_add_test(tc, data_for_a_dropped_connection);
	tcase_add_test(tc, data_is_appended_and_sent);
	tcase_add_test(tc, disconnect_closed);
	tcase_add_test(tc, disconnect_while_connecting);
	tcase_add_test(tc, disconnect_established);
	tcase_add_loop_test(tc, disconnect_again, 0, 4);
}

int
main(void)
{
	Suite *suite = suite_create("tcp_usrreq");
	TCase *tc = tcase_create("tcp_usrreq");
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
