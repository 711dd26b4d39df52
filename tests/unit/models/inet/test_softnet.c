/*
 * The soft network interrupt: its queue, and the timers that it serves.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/socket/socket.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"
#include "tests/support/wiretap.h"

static struct crank crank;
static struct wiretap tap;
static struct softnet *net;
static struct tcpcb *tp;

/*
 * A closed connection, and segments with RST, which nobody answers: each costs
 * TCP_INPUT and does nothing.  Sleeping costs nothing, and the world lives on.
 */
static void
start(void)
{
	struct world_config config = machine_config();

	crank_init(&crank, &config, 0);
	cal_hold(&crank.world.cal);
	net = &crank.world.host.softnet;
	tp = &crank_socket(&crank.world.host, 16384)->tcpcb;
}

static void
finish(void)
{
	cal_release(&crank.world.cal);
	machine_assert_empty(&crank.world.host);
	crank_abandon(&crank);
}

static void
receive(uint32_t conn)
{
	struct ip_packet packet = {.conn = conn, .th = {.flags = TH_RST}};

	softnet_receive(net, &packet);
}

static int64_t
ops(enum kern_op op)
{
	return crank.world.host.ledger.n_ops[op];
}

static sim_time
softint_busy(void)
{
	return cpu_stats_now(&crank.world.host.cpu)->busy_ps[CPU_SOFTINT];
}

/* SOFTINT once, TCP_INPUT for each: 1 + 3 us. */
START_TEST(packets_share_a_dispatch)
{
	start();
	for (int i = 0; i < 3; i++)
		receive(1);
	ck_assert(net->is_running);
	ck_assert_uint_eq(net->n, 3);
	crank_until(&crank, PS_PER_MS);
	ck_assert(!net->is_running);
	ck_assert_uint_eq(net->n, 0);
	ck_assert_int_eq(ops(OP_SOFTINT), 1);
	ck_assert_int_eq(ops(OP_TCP_INPUT), 3);
	ck_assert_int_eq(softint_busy(), 4 * PS_PER_US);
	/* one more finds it at rest: another dispatch */
	receive(1);
	crank_until(&crank, 2 * PS_PER_MS);
	ck_assert_int_eq(ops(OP_SOFTINT), 2);
	ck_assert_int_eq(softint_busy(), 6 * PS_PER_US);
	finish();
}
END_TEST

/* One that comes while another is served is served in the same dispatch. */
START_TEST(packet_while_running)
{
	start();
	receive(1);
	/* SOFTINT is spent at 1 us, TCP_INPUT at 2 us */
	crank_until(&crank, PS_PER_US + PS_PER_US / 2);
	ck_assert_uint_eq(net->n, 1);
	receive(1);
	crank_until(&crank, PS_PER_MS);
	ck_assert_int_eq(ops(OP_SOFTINT), 1);
	ck_assert_int_eq(softint_busy(), 3 * PS_PER_US);
	finish();
}
END_TEST

START_TEST(queue_full)
{
	start();
	for (int i = 0; i < IPQ_MAXLEN; i++)
		receive(1);
	ck_assert_int_eq(net->n_drops, 0);
	receive(1);
	receive(1);
	ck_assert_int_eq(net->n_drops, 2);
	ck_assert_uint_eq(net->n, IPQ_MAXLEN);
	crank_until(&crank, PS_PER_MS);
	ck_assert_int_eq(ops(OP_TCP_INPUT), IPQ_MAXLEN);
	/* round the end of the ring: places 20 to 19 */
	for (int i = 0; i < 20; i++)
		receive(1);
	crank_until(&crank, 2 * PS_PER_MS);
	ck_assert_uint_eq(net->head, 20);
	for (int i = 0; i < IPQ_MAXLEN; i++)
		receive(1);
	crank_until(&crank, 3 * PS_PER_MS);
	ck_assert_int_eq(net->n_drops, 2);
	ck_assert_int_eq(ops(OP_TCP_INPUT), IPQ_MAXLEN + 20 + IPQ_MAXLEN);
	finish();
}
END_TEST

/* What is dropped for want of room takes its data along. */
START_TEST(queue_full_of_data)
{
	struct ip_packet packet = {.conn = 1, .th = {.flags = TH_RST}};

	start();
	for (int i = 0; i < IPQ_MAXLEN + 1; i++) {
		packet.m = m_gethdr(&crank.world.host.mbufs);
		packet.m->m_len = 1;
		softnet_receive(net, &packet);
	}
	ck_assert_int_eq(net->n_drops, 1);
	ck_assert_uint_eq(pool_in_use(&crank.world.host.mbufs.mbufs),
	    IPQ_MAXLEN);
	crank_until(&crank, 10 * PS_PER_MS);
	finish();
}
END_TEST

/* Nobody has that number, and nobody listens: the answer is a RST. */
START_TEST(segment_of_nobody)
{
	struct ip_packet packet = {.conn = 2, .th = {.flags = TH_ACK,
	    .ack = 77}};

	start();
	wiretap_attach(&tap, &crank.world);
	softnet_receive(net, &packet);
	crank_until(&crank, PS_PER_MS);
	ck_assert_int_eq(tap.n, 1);
	ck_assert_uint_eq(tap.frames[0].frame.conn, 2);
	wiretap_assert(&tap, 0, true, TH_RST, 77, 0, 40);
	finish();
}
END_TEST

static bool
lose(void *arg, struct frame *frame, bool to_peer)
{
	(void)arg;
	(void)frame;
	return !to_peer;
}

/*
 * By its number if that lives, else by the port: of connection 1, which is
 * over, or 3, which was never there, a SYN reaches who listens.
 */
START_TEST(a_listener_answers)
{
	struct ip_packet packet = {.conn = (uint16_t)(1 + 2 * _i),
	    .th = {.flags = TH_SYN, .port = 80}};
	struct socket *so;

	start();
	wiretap_attach(&tap, &crank.world);
	tap.filter = lose;
	so = crank_socket(&crank.world.host, 16384);
	so_listen(so, 80, 5);
	if (_i == 0)
		so_detach(tp->so);
	softnet_receive(net, &packet);
	crank_until(&crank, PS_PER_MS);
	ck_assert_int_eq(so->so_q0len, 1);
	/* at another port nobody does */
	packet.th.port = 81;
	packet.conn = 8;
	softnet_receive(net, &packet);
	crank_until(&crank, 2 * PS_PER_MS);
	ck_assert_int_eq(so->so_q0len, 1);
	host_drop_all(&crank.world.host);
	finish();
}
END_TEST

static void
make_due(struct tcpcb *t)
{
	tcp_timer_arm(t, TCPT_REXMT, 1);
	tcp_slowtimo(t);
}

/* Timers first, then packets; every connection's timer that is due. */
START_TEST(timers)
{
	struct tcpcb *other;

	start();
	other = &crank_socket(&crank.world.host, 16384)->tcpcb;
	softnet_timers(net);
	crank_until(&crank, PS_PER_MS);
	ck_assert(!net->is_running);
	ck_assert_int_eq(tp->stats.n_timeouts, 0);
	make_due(tp);
	make_due(other);
	softnet_timers(net);
	ck_assert(net->timers_due);
	receive(1);
	crank_until(&crank, 2 * PS_PER_MS);
	ck_assert(!net->timers_due);
	ck_assert(!net->is_running);
	ck_assert_int_eq(tp->stats.n_timeouts, 1);
	ck_assert_int_eq(other->stats.n_timeouts, 1);
	ck_assert_int_eq(ops(OP_TCP_INPUT), 1);
	ck_assert_int_eq(ops(OP_SOFTINT), 2);
	tcp_timer_disarm(tp, TCPT_REXMT);
	tcp_timer_disarm(other, TCPT_REXMT);
	finish();
}
END_TEST

/* What serving a timer costs is spent even if nothing follows it. */
START_TEST(cost_of_a_vain_timer)
{
	start();
	make_due(tp);
	softnet_timers(net);
	crank_until(&crank, PS_PER_MS);
	/* SOFTINT, and TCP_OUTPUT of a connection that is closed */
	ck_assert_int_eq(softint_busy(), 2 * PS_PER_US);
	ck_assert_int_eq(ops(OP_TCP_OUTPUT), 1);
	tcp_timer_disarm(tp, TCPT_REXMT);
	finish();
}
END_TEST

/* A packet, or a timer, that comes while the last of the cost is spent. */
START_TEST(late_arrival)
{
	start();
	make_due(tp);
	softnet_timers(net);
	crank_until(&crank, PS_PER_US + PS_PER_US / 2);
	if (_i == 0)
		receive(1);
	else
		softnet_timers(net);
	crank_until(&crank, PS_PER_MS);
	ck_assert(!net->is_running);
	ck_assert(!net->timers_due);
	ck_assert_int_eq(ops(OP_SOFTINT), 1);
	ck_assert_int_eq(ops(OP_TCP_INPUT), _i == 0 ? 1 : 0);
	tcp_timer_disarm(tp, TCPT_REXMT);
	finish();
}
END_TEST

/* A part of a datagram: the datagram is never whole. */
static void
receive_fragment(void)
{
	struct ip_packet packet = {.conn = 1, .th = {.ip_p = IP_UDP,
	    .ip_off = IP_MF}};

	packet.m = m_gethdr(&crank.world.host.mbufs);
	packet.m->m_len = 8;
	softnet_receive(net, &packet);
}

/*
 * The time of fragments is over while the last of the cost is spent: they go in
 * the same dispatch.  Two of these: SOFTINT, IP_INPUT and IP_REASS; SOFTINT,
 * TCP_OUTPUT, and MFREE.
 */
START_TEST(late_fragments)
{
	const struct ip_frags *frags;

	start();
	frags = &crank.world.host.frags;
	receive_fragment();
	crank_until(&crank, PS_PER_MS);
	ck_assert_int_eq(softint_busy(), 3 * PS_PER_US);
	frags->queues->ipq_ttl = 1;
	make_due(tp);
	softnet_timers(net);
	crank_until(&crank, PS_PER_MS + PS_PER_US + PS_PER_US / 2);
	softnet_slowtimo(net);
	ck_assert(net->frags_due);
	crank_until(&crank, 2 * PS_PER_MS);
	ck_assert(!net->is_running);
	ck_assert(!net->frags_due);
	ck_assert_int_eq(frags->stats.ips_fragtimeout, 1);
	ck_assert_ptr_null(frags->queues);
	ck_assert_int_eq(ops(OP_SOFTINT), 2);
	ck_assert_int_eq(softint_busy(), 6 * PS_PER_US);
	tcp_timer_disarm(tp, TCPT_REXMT);
	finish();
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, packets_share_a_dispatch);
	tcase_add_test(tc, packet_while_running);
	tcase_add_test(tc, queue_full);
	tcase_add_test(tc, queue_full_of_data);
	tcase_add_test(tc, segment_of_nobody);
	tcase_add_loop_test(tc, a_listener_answers, 0, 2);
	tcase_add_test(tc, timers);
	tcase_add_test(tc, cost_of_a_vain_timer);
	tcase_add_loop_test(tc, late_arrival, 0, 2);
	tcase_add_test(tc, late_fragments);
}

int
main(void)
{
	Suite *suite = suite_create("softnet");
	TCase *tc = tcase_create("softnet");
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
