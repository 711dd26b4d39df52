/*
 * No mbufs, no clusters: who waits, who does with less, who fails.
 * netbsd-2002.md 1 steps 6 a and c, 4.2, 4.3, 5.3.
 *
 * The test takes mbufs away from the host until only as many as it says are
 * left.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/host.h"
#include "models/inet/tcp_in.h"
#include "tests/support/writer.h"

enum { BUFFER = 131072, LIMIT = 100 };

static struct world_config config;
static struct writer w;
static struct mbuf *held;	/* what the test has taken */

static void
setup(void)
{
	config = writer_config(false);
	config.host.mbufs = config.host.nmbclusters = LIMIT;
	held = NULL;
}

static void
begin(void)
{
	writer_init(&w, &config, 1, 65536, BUFFER);
}

static void
hold(struct mbuf *m)
{
	m->m_next = held;
	held = m;
}

static void
leave_mbufs(uint64_t n)
{
	while (pool_in_use(&w.host->mbufs.mbufs) < LIMIT - n)
		hold(m_get(&w.host->mbufs));
}

/* Clusters, and one mbuf for each. */
static void
take_clusters(void)
{
	while (m_has_room(&w.host->mbufs, 0, 1)) {
		hold(m_get(&w.host->mbufs));
		m_clget(&w.host->mbufs, held);
	}
}

static void
give_one_back(void)
{
	struct mbuf *m = held;

	held = m->m_next;
	m->m_next = NULL;
	m_free(&w.host->mbufs, m);
}

static void
give_back(void)
{
	while (held != NULL)
		give_one_back();
}

static void
teardown(void)
{
	writer_audit(w.host, "at the end");
	give_back();
	writer_fini(&w);
}

/*
 * Step 6 a: sosend sleeps for each mbuf, with the buffer locked, and takes what
 * it gets.  The one mbuf given back holds the first cluster; TCP finds none for
 * a header.
 */
START_TEST(test_write_waits)
{
	begin();
	leave_mbufs(0);
	writer_post(&w, 0, 4096);
	ck_assert(writer_is_asleep(&w, 0, &w.host->mbuf_wait));
	ck_assert(w.so->so_snd.sb_is_locked);
	ck_assert_int_eq(w.host->nobufs.n_waits, 1);
	writer_assert_path(&w, (struct way){.turns = 1});
	give_one_back();
	writer_rest(&w, WRITER_SOON);
	ck_assert(writer_is_asleep(&w, 0, &w.host->mbuf_wait));
	ck_assert_int_eq(w.host->nobufs.n_waits, 2);
	ck_assert_int_eq(w.host->nobufs.n_output, 1);
	writer_assert_path(&w, (struct way){.copy_big = 1, .pru_sends = 1,
	    .turns = 1, .taken = 2048});
	give_back();
	ck_assert_int_eq(crank_wait(&w.crank, 0), 4096);
	ck_assert_int_eq(writer_path(&w).copy_big, 2);
}
END_TEST

/* The loan path needs one as well, and asks before it tries. */
START_TEST(test_loan_waits)
{
	config.host.sosend.sosend_loan = true;
	begin();
	leave_mbufs(0);
	writer_post(&w, 0, 4096);
	ck_assert(writer_is_asleep(&w, 0, &w.host->mbuf_wait));
	ck_assert_int_eq(w.host->kva.socurkva, 0);
	ck_assert_int_eq(w.host->vm.stats.n_protects, 0);
	give_back();
	ck_assert_int_eq(crank_wait(&w.crank, 0), 4096);
	ck_assert_int_eq(writer_path(&w).loan_big, 1);
	ck_assert_int_eq(w.host->nobufs.n_waits, 1);
}
END_TEST

/*
 * What a loan has been promised nobody else gets: it sleeps for address space
 * while TCP takes all mbufs that are left.
 */
START_TEST(test_promise)
{
	config.host.sosend.sosend_loan = true;
	config.host.somaxkva = 65536;
	begin();
	sb_reserve(&w.so->so_snd, 131072, 2048);
	writer_post(&w, 0, 131072);
	ck_assert(writer_is_asleep(&w, 0, &w.host->kva_wait));
	ck_assert_uint_eq(w.host->mbufs.n_promised, 1);
	ck_assert(m_has_room(&w.host->mbufs, 1, 0));
	leave_mbufs(1);
	ck_assert(!m_has_room(&w.host->mbufs, 1, 0));
	give_back();
	ck_assert_int_eq(crank_wait(&w.crank, 0), 131072);
	ck_assert_uint_eq(w.host->mbufs.n_promised, 0);
}
END_TEST

/*
 * The run ends while it waits: what was taken, or else that it is over.  What
 * was written before keeps the persist timer going; else it were a deadlock.
 */
START_TEST(test_wait_ends)
{
	config.duration = 200 * PS_PER_MS;
	begin();
	leave_mbufs((uint64_t)_i + 1);
	ck_assert_int_eq(writer_write(&w, 0, 100), 100);
	writer_post(&w, 0, 4096);
	ck_assert_int_eq(crank_wait(&w.crank, 0), _i == 0 ? SYS_ENDED : 2048);
	ck_assert(!w.so->so_snd.sb_is_locked);
	ck_assert_uint_eq(w.host->mbufs.n_promised, 0);
}
END_TEST

/*
 * Step 6 c: "copy big" counts the attempt.  2048 bytes without a cluster: 216
 * at a time; eight times at least 453 are left (2048, 1832 .. 536), then 320
 * and 104 are small from the start.
 */
START_TEST(test_no_cluster)
{
	begin();
	take_clusters();
	w.host->mbufs.mbuf_limit = 2 * LIMIT;
	ck_assert_int_eq(writer_write(&w, 0, 2048), 2048);
	writer_assert_path(&w, (struct way){.copy_big = 8, .copy_small = 10,
	    .pru_sends = 10, .turns = 1, .taken = 2048});
	ck_assert_int_eq(w.host->nobufs.n_small, 8);
	ck_assert_int_eq(w.host->nobufs.n_waits, 0);
	ck_assert_int_eq(w.host->ledger.n_ops[OP_MCLGET], 8);
	give_back();
	ck_assert_int_eq(writer_write(&w, 0, 2048), 2048);
	ck_assert_int_eq(w.host->nobufs.n_small, 8);
}
END_TEST

/*
 * 5.3: no mbuf for the header is ENOBUFS, hence a source quench; no number
 * moves, and the persist timer brings it back.
 */
START_TEST(test_no_header)
{
	const struct tcpcb *tp;

	begin();
	tp = &w.so->tcpcb;
	leave_mbufs(1);
	ck_assert_int_eq(writer_write(&w, 0, 100), 100);
	ck_assert_int_eq(w.host->nobufs.n_output, 1);
	ck_assert_int_eq(tp->stats.n_quenches, 1);
	ck_assert_uint_eq(tp->snd_cwnd, tp->t_maxseg);
	ck_assert_uint_eq(tp->snd_nxt, tp->snd_una);
	ck_assert_int_eq(tp->stats.n_segments, 0);
	ck_assert(tcp_timer_is_armed(tp, TCPT_PERSIST));
	give_back();
	writer_rest(&w, 6 * PS_PER_S);
	ck_assert_int_eq(tp->stats.n_segments, 1);
	ck_assert_int_eq(w.so->stats.bytes_acked, 100);
}
END_TEST

/*
 * m_copy, too, gets all that it needs or nothing: a header and an mbuf for one
 * cluster fit in two that are left, not in one.
 */
START_TEST(test_no_copy)
{
	begin();
	leave_mbufs((uint64_t)_i + 2);
	ck_assert_int_eq(writer_write(&w, 0, 2048), 2048);
	ck_assert_int_eq(w.host->nobufs.n_output, 1 - _i);
	ck_assert_int_eq(w.so->tcpcb.stats.n_segments, _i);
	ck_assert_uint_le(pool_in_use(&w.host->mbufs.mbufs), LIMIT);
}
END_TEST

/* Before the fix of TCP the segment needs a cluster of its own. */
START_TEST(test_no_tcp_cluster)
{
	config.host.tcp.output = TCP_OUTPUT_COPY;
	begin();
	w.host->mbufs.cluster_limit = 1;
	ck_assert_int_eq(writer_write(&w, 0, 2048), 2048);
	ck_assert_int_eq(w.host->nobufs.n_output, 1);
	ck_assert_int_eq(w.so->tcpcb.stats.n_segments, 0);
	w.host->mbufs.cluster_limit = LIMIT;
}
END_TEST

/* A FIN, and a SYN, that get no mbuf: the retransmit timer sends them. */
START_TEST(test_no_fin)
{
	begin();
	leave_mbufs(0);
	crank_call(&w.crank, 0, (struct sys_call){.nr = SYS_CLOSE,
	    .fd = w.fd});
	ck_assert_int_eq(w.host->nobufs.n_output, 1);
	ck_assert_int_eq(w.so->tcpcb.t_state, TCPS_FIN_WAIT_1);
	ck_assert(!w.so->tcpcb.t_sent_fin);
	ck_assert(tcp_timer_is_armed(&w.so->tcpcb, TCPT_REXMT));
	give_back();
	writer_rest(&w, 10 * PS_PER_S);
	ck_assert(w.so->tcpcb.t_sent_fin);
}
END_TEST

START_TEST(test_no_syn)
{
	begin();
	leave_mbufs(0);
	crank_post(&w.crank, 0, (struct sys_call){.nr = SYS_CONNECT,
	    .so_sndbuf = 10000, .so_sndlowat = 1});
	writer_rest(&w, WRITER_SOON);
	ck_assert_int_eq(w.host->nobufs.n_output, 1);
	give_back();
	ck_assert_int_ge(crank_wait(&w.crank, 0), 0);
}
END_TEST

/* A reset that gets none is not sent. */
START_TEST(test_no_reset)
{
	struct ip_packet packet = {.conn = 999,
	    .th = {.flags = TH_ACK, .port = 9}};

	begin();
	leave_mbufs(0);
	softnet_receive(&w.host->softnet, &packet);
	writer_rest(&w, WRITER_SOON);
	ck_assert_int_eq(w.host->nobufs.n_output, 1);
}
END_TEST

/* A frame with data needs a new buffer for the ring; one without does not. */
START_TEST(test_no_receive_buffer)
{
	struct frame frame = {.ip_bytes = 1040, .payload_bytes = 1000,
	    .th = {.flags = TH_ACK}};

	begin();
	frame.conn = w.so->so_id;
	frame.th.seq = w.so->tcpcb.rcv_nxt;
	frame.th.ack = w.so->tcpcb.snd_una;
	frame.content = content_name(w.so->so_id, 0);
	if (_i == 0)
		leave_mbufs(0);
	else
		take_clusters();
	nic_receive(&w.host->nic, &frame);
	writer_rest(&w, WRITER_SOON);
	ck_assert_int_eq(w.host->nobufs.n_driver, 1);
	ck_assert_int_eq(w.so->stats.bytes_received, 0);
	frame.ip_bytes = 40;
	frame.payload_bytes = 0;
	nic_receive(&w.host->nic, &frame);
	writer_rest(&w, WRITER_SOON);
	ck_assert_int_eq(w.host->nobufs.n_driver, 1);
}
END_TEST

/* The audit knows the limits. */
START_TEST(test_audit)
{
	struct audit audit = {0};

	begin();
	ck_assert_int_eq(writer_write(&w, 0, 4096), 4096);
	w.host->mbufs.mbuf_limit = 1;
	host_audit_running(w.host, &audit);
	ck_assert_int_eq(audit.n, 1);
	w.host->mbufs.mbuf_limit = LIMIT;
	w.host->mbufs.cluster_limit = 1;
	host_audit_running(w.host, &audit);
	ck_assert_int_eq(audit.n, 2);
	w.host->mbufs.cluster_limit = LIMIT;
}
END_TEST

START_TEST(test_death_not_promised)
{
	begin();
	m_gethdr_promised(&w.host->mbufs);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_write_waits);
	tcase_add_test(tc, test_loan_waits);
	tcase_add_test(tc, test_promise);
	tcase_add_loop_test(tc, test_wait_ends, 0, 2);
	tcase_add_test(tc, test_no_cluster);
	tcase_add_test(tc, test_no_header);
	tcase_add_loop_test(tc, test_no_copy, 0, 2);
	tcase_add_test(tc, test_no_tcp_cluster);
	tcase_add_test(tc, test_no_fin);
	tcase_add_test(tc, test_no_syn);
	tcase_add_test(tc, test_no_reset);
	tcase_add_loop_test(tc, test_no_receive_buffer, 0, 2);
	tcase_add_test(tc, test_audit);
	tcase_add_test_raise_signal(tc, test_death_not_promised, SIGABRT);
}

int
main(void)
{
	Suite *suite = suite_create("nobufs");
	TCase *tc = tcase_create("nobufs");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	add_tests(tc);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
