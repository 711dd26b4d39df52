/*
 * Chains that are handed over ready-made.  netbsd-2002.md 1 steps 2, 5 and 7.
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/syscall.h"
#include "models/socket/sosend.h"
#include "tests/support/bench.h"
#include "tests/support/writer.h"

static struct writer w;
static int n_done;

static void
setup(void)
{
	struct world_config config = writer_config(false);

	writer_init(&w, &config, 1, 10000, PAGE_SIZE);
	n_done = 0;
}

static void
teardown(void)
{
	writer_audit(w.host, "at the end");
	writer_fini(&w);
}

static void
done(struct kctx *k)
{
	n_done++;
	proc_return(proc_of(k), proc_of(k)->call.error);
}

/* A chain of two clusters and an mbuf, of len bytes with the last. */
static struct mbuf *
chain_of(uint32_t last)
{
	struct mbuf_pools *mp = &w.host->mbufs;
	struct mbuf *m = m_gethdr(mp);

	m_clget(mp, m);
	m->m_len = 2048;
	m->m_next = m_get(mp);
	m_clget(mp, m->m_next);
	m->m_next->m_len = 1000;
	m->m_next->m_next = m_get(mp);
	m->m_next->m_next->m_len = last;
	return m;
}

/* As a call of the process would, between others. => what became of it */
static int64_t
hand(struct mbuf *chain, int64_t len, bool is_followed, bool waits)
{
	w.p->state = PROC_IN_CALL;
	w.p->k.host->n_in_program--;
	w.crank.procs[0].is_woken = false;
	w.p->call.so = w.so;
	sosend_chain(&w.p->k, chain, len, is_followed, waits, done);
	writer_rest(&w, WRITER_SOON);
	return w.p->result;
}

/* One PRU_SEND, and each byte has the name of its place. */
START_TEST(test_names)
{
	const struct mbuf *m;

	ck_assert_int_eq(writer_write(&w, 0, 100), 100);
	writer_mark(&w);
	ck_assert_int_eq(hand(chain_of(50), 3098, false, true), 0);
	ck_assert_int_eq(n_done, 1);
	writer_assert_path(&w, (struct way){.pru_sends = 1, .turns = 1,
	    .taken = 3098});
	m = w.so->so_snd.sb_mb->m_next;
	ck_assert_uint_eq(m_content_of(m, 0), content_name(w.so->so_id, 100));
	ck_assert_uint_eq(m_content_of(m->m_next, 0),
	    content_name(w.so->so_id, 2148));
	ck_assert_uint_eq(m_content_of(m->m_next->m_next, 0),
	    content_name(w.so->so_id, 3148));
	ck_assert_int_eq(w.so->stats.bytes_copied, 3198);
}
END_TEST

/* Larger than the buffer ever is: refused, and free. */
START_TEST(test_too_large)
{
	w.so->so_snd.sb_hiwat = 3097;
	ck_assert_int_eq(hand(chain_of(50), 3098, false, _i), SYS_EMSGSIZE);
	ck_assert_int_eq(w.so->so_snd.sb_cc, 0);
	ck_assert_uint_eq(pool_in_use(&w.host->mbufs.clusters), 0);
}
END_TEST

/* Without room it waits for all of it, if it is told to. */
START_TEST(test_room)
{
	ck_assert_int_eq(writer_write(&w, 0, 4000), 4000);
	ck_assert_int_eq(writer_write(&w, 0, 3000), 3000);
	hand(chain_of(50), 3098, false, _i);
	ck_assert_int_eq(n_done, 1 - _i);
	ck_assert_int_eq(writer_is_asleep(&w, 0, &w.so->so_snd.sb_wait), _i);
	ck_assert_int_eq(w.so->so_snd.sb_cc, _i == 0 ? 10098 : 7000);
	if (_i == 1)
		ck_assert_int_eq(crank_wait(&w.crank, 0), 0);
	ck_assert_int_eq(w.so->stats.bytes_written, 10098);
}
END_TEST

/* What is followed holds its last, short segment back. */
START_TEST(test_followed)
{
	/* a window for two full segments, and for what is left */
	w.so->tcpcb.snd_cwnd = 10000;
	hand(chain_of(50), 3098, _i, true);
	ck_assert_int_eq(w.so->tcpcb.stats.n_segments, 3 - _i);
	ck_assert(!w.so->ss_moretocome);
}
END_TEST

/* The connection is gone when it comes to be handed over. */
START_TEST(test_gone)
{
	tcp_drop(&w.so->tcpcb, SYS_ETIMEDOUT);
	ck_assert_int_eq(hand(chain_of(50), 3098, false, true), SYS_EPIPE);
	ck_assert_int_eq(w.host->n_epipe, 1);
	ck_assert_uint_eq(pool_in_use(&w.host->mbufs.clusters), 0);
}
END_TEST

/* sbappend() of a chain walks once, and each of its mbufs is appended; small
 * ones merge. */
START_TEST(test_append)
{
	static struct bench bench;
	struct sockbuf sb = {0};
	struct mbuf *m;

	bench_init(&bench);
	sb_reserve(&sb, 10000, 1);
	m = bench_cluster(&bench, 2048, BENCH_NAME(10));
	m->m_next = bench_internal(&bench, 7, BENCH_NAME(2058));
	m->m_next->m_next = bench_internal(&bench, 5, BENCH_NAME(2065));
	sb_append(&sb, bench_internal(&bench, 10, BENCH_NAME(0)),
	    SB_APPEND_WALK, &bench.mp, &bench.cost, &bench.costs);
	sb_append(&sb, m, SB_APPEND_WALK, &bench.mp, &bench.cost,
	    &bench.costs);
	ck_assert_int_eq(sb.sb_cc, 10 + 2048 + 12);
	ck_assert_int_eq(sb.sb_mbcnt, 256 + 2304 + 256);
	ck_assert_uint_eq(sb.sb_n_mbufs, 3);
	ck_assert_uint_eq(m_content(sb.sb_mb, 0), BENCH_NAME(0));
	ck_assert_int_eq(bench.ledger.n_ops[OP_SBAPPEND], 4);
	ck_assert_int_eq(bench.ledger.n_ops[OP_SBWALK], 1);
	sb_drop(&sb, sb.sb_cc, &bench.mp);
	bench_fini(&bench);
}
END_TEST

static Suite *
sosend_chain_suite(void)
{
	Suite *suite = suite_create("sosend_chain");
	TCase *tc = tcase_create("sosend_chain");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_names);
	tcase_add_loop_test(tc, test_too_large, 0, 2);
	tcase_add_loop_test(tc, test_room, 0, 2);
	tcase_add_loop_test(tc, test_followed, 0, 2);
	tcase_add_test(tc, test_gone);
	tcase_add_test(tc, test_append);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(sosend_chain_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
