/*
 * What is done to a packet as a whole: headers before it, a part of it alone.
 * netbsd-2002.md 4.2, 4.3.
 */
#include <check.h>
#include <stdlib.h>

#include "models/mbuf/chain.h"
#include "tests/support/bench.h"

static struct bench bench;
static struct mbuf_pools *mp;
static struct cost cost;

static void
setup(void)
{
	bench_init(&bench);
	mp = &bench.mp;
	cost = (struct cost){0};
}

static void
teardown(void)
{
	bench_end_loans(&bench);
	bench_fini(&bench);
}

static struct mbuf *
prepend(struct mbuf *m, uint32_t len)
{
	return m_prepend(mp, m, len, &cost, &bench.costs);
}

/* 28 bytes of leading space are 28 bytes of headers; 27 are none. */
START_TEST(leading_space)
{
	struct mbuf *m = m_gethdr(mp);

	m->m_off = 28;
	m->m_len = m->m_pkthdr_len = 100;
	ck_assert_ptr_eq(prepend(m, 28), m);
	ck_assert_uint_eq(m->m_off, 0);
	ck_assert_uint_eq(m->m_len, 128);
	ck_assert_uint_eq(m->m_pkthdr_len, 128);
	ck_assert_int_eq(bench.ledger.n_ops[OP_MGET], 0);
	m_freem(mp, m);
	m = m_gethdr(mp);
	m->m_off = 27;
	m->m_len = m->m_pkthdr_len = 100;
	m->m_conn = 7;
	m->m_th.seq = 9;
	m = prepend(m, 28);
	ck_assert_int_eq(bench.ledger.n_ops[OP_MGET], 1);
	/* the packet header moves; the new mbuf is filled from its end */
	ck_assert_uint_eq(m->m_off, MHLEN - 28);
	ck_assert_uint_eq(m->m_len, 28);
	ck_assert_uint_eq(m->m_pkthdr_len, 128);
	ck_assert_uint_eq(m->m_conn, 7);
	ck_assert_uint_eq(m->m_th.seq, 9);
	ck_assert_uint_eq(m->m_flags & M_PKTHDR, M_PKTHDR);
	ck_assert_uint_eq(m->m_next->m_flags & M_PKTHDR, 0);
	ck_assert_uint_eq(m->m_next->m_off, 27);
	ck_assert_uint_eq(m->m_next->m_len, 100);
	m_freem(mp, m);
}
END_TEST

/* netbsd-2002.md 4.2: external storage has no leading space, whatever m_off. */
START_TEST(external_storage)
{
	struct mbuf *m = m_gethdr(mp), *first;

	m_clget(mp, m);
	m->m_off = MAX_HDR;
	m->m_len = m->m_pkthdr_len = 1000;
	first = prepend(m, 28);
	ck_assert_ptr_eq(first->m_next, m);
	ck_assert_int_eq(bench.ledger.n_ops[OP_MGET], 1);
	ck_assert_uint_eq(m->m_off, MAX_HDR);
	ck_assert_uint_eq(pool_in_use(&mp->mbufs), 2);
	m_freem(mp, first);
	ck_assert_uint_eq(pool_in_use(&mp->clusters), 0);
}
END_TEST

/* netbsd-2002.md 4.3: m_adj is arithmetic; what is cut off stays in storage. */
START_TEST(trim)
{
	struct mbuf *m = bench_mixed_chain(&bench);
	struct mbuf *second = m->m_next;
	uint32_t n = 0;

	/* 100 bytes, 2048, 4096, 56: all but the first 1000 */
	m_trim(m, 1000);
	ck_assert_uint_eq(m->m_len, 100);
	ck_assert_uint_eq(second->m_len, 900);
	for (const struct mbuf *p = m; p != NULL; p = p->m_next, n++)
		ck_assert(n < 2 || p->m_len == 0);
	ck_assert_uint_eq(n, 4);
	ck_assert_uint_eq(m_length(m), 1000);
	/* empty ones have neither segments nor names */
	ck_assert_uint_eq(m_dma_segments(m), 2);
	m_trim(m, 2000);
	ck_assert_uint_eq(m_length(m), 1000);
	m_freem(mp, m);
}
END_TEST

/* The causes of a reference and of a copy are the caller's. */
START_TEST(causes)
{
	struct mbuf *m = bench_mixed_chain(&bench);
	struct mbuf *copy = m_copym_as(mp, m_find(m, 0), 2148,
	    CAUSE_IP_OUTPUT, CAUSE_IP_COPY, &cost, &bench.costs);

	ck_assert_int_eq(bench.ledger.line[CAUSE_IP_COPY].stored_bytes, 100);
	ck_assert_int_eq(bench.ledger.line[CAUSE_TCP_COPY].stored_bytes, 0);
	ck_assert_int_eq(bench.ledger.line[CAUSE_TCP_OUTPUT].units, 0);
	ck_assert_int_eq(bench.ledger.n_ops[OP_MCOPY], 2);
	ck_assert_ptr_eq(copy->m_next->m_ext, m->m_next->m_ext);
	m_freem(mp, copy);
	m_freem(mp, m);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("chain_packet");
	TCase *tc = tcase_create("chain_packet");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, leading_space);
	tcase_add_test(tc, external_storage);
	tcase_add_test(tc, trim);
	tcase_add_test(tc, causes);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
