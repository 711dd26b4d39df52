/*
 * mbufs: sizes, three kinds of storage, who frees it.  netbsd-2002.md 4.1, 4.2.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "tests/support/bench.h"

static struct bench bench;
static struct mbuf_pools *mp;

/* Some byte in the stream of socket 3. */
#define NAME	content_name(3, 1000)

static void
setup(void)
{
	bench_init(&bench);
	mp = &bench.mp;
}

static void
teardown(void)
{
	bench_fini(&bench);
}

/* 256 - 20 of m_hdr; - 20 of pkthdr; 4.1: MINCLSIZE = MHLEN + MLEN + 1 */
START_TEST(test_sizes)
{
	ck_assert_int_eq(MLEN, 236);
	ck_assert_int_eq(MHLEN, 216);
	ck_assert_int_eq(MINCLSIZE, 453);
	ck_assert_int_eq(MCLBYTES, 2048);
}
END_TEST

START_TEST(test_internal)
{
	struct mbuf *m = m_get(mp);
	struct mbuf *h = m_gethdr(mp);

	ck_assert_uint_eq(m_capacity(m), 236);
	ck_assert_uint_eq(m_capacity(h), 216);
	ck_assert_uint_eq(m_mbcnt(m), 256);
	ck_assert_uint_eq(m_mbcnt(h), 256);
	ck_assert_uint_eq(m->m_len, 0);
	ck_assert_ptr_null(m->m_next);
	ck_assert_ptr_null(m_loan(m));
	ck_assert_uint_eq(h->m_flags, M_PKTHDR);
	m_free(mp, m);
	m_free(mp, h);
}
END_TEST

START_TEST(test_cluster)
{
	struct mbuf *m = m_gethdr(mp);

	m_clget(mp, m);
	ck_assert_uint_eq(m_capacity(m), 2048);
	ck_assert_uint_eq(m_mbcnt(m), 256 + 2048);
	ck_assert_uint_eq(m->m_ext->refs, 1);
	ck_assert_ptr_null(m_loan(m));
	ck_assert_uint_eq(pool_in_use(&mp->clusters), 1);
	m_free(mp, m);
	ck_assert_uint_eq(pool_in_use(&mp->clusters), 0);
}
END_TEST

/* ext_size of a loan is the piece's length, not that of its pages (4.4). */
START_TEST(test_loan)
{
	uint64_t va = bench_pages(&bench, 2);
	struct mbuf *m = bench_loan(&bench, va + 100, 4096, NAME);

	ck_assert_uint_eq(m_mbcnt(m), 256 + 4096);
	ck_assert_ptr_eq(m_loan(m), (struct m_loan *)m->m_ext);
	ck_assert_uint_eq(m_loan(m)->n_pages, 2);
	ck_assert_uint_eq(pool_in_use(&mp->loans), 1);
	m_free(mp, m);
	bench_end_loans(&bench);
}
END_TEST

/* Which of three sharers go first does not matter: the last one frees it. */
static const int orders[6][3] = {
    {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

static void
share_thrice(struct mbuf *m[3])
{
	for (int i = 1; i < 3; i++) {
		m[i] = m_get(mp);
		/* the second sharer joins through the first */
		m_share(m[i], m[i - 1]);
		ck_assert_ptr_eq(m[i]->m_ext, m[0]->m_ext);
	}
	ck_assert_uint_eq(m[0]->m_ext->refs, 3);
}

START_TEST(test_shared_cluster)
{
	struct mbuf *m[3] = {bench_cluster(&bench, 100, NAME)};

	share_thrice(m);
	for (int i = 0; i < 3; i++) {
		ck_assert_uint_eq(pool_in_use(&mp->clusters), 1);
		m_free(mp, m[orders[_i][i]]);
		ck_assert_uint_eq(pool_in_use(&mp->mbufs), (uint64_t)(2 - i));
	}
	ck_assert_uint_eq(pool_in_use(&mp->clusters), 0);
}
END_TEST

/*
 * The routine registered for a loan gets the last mbuf, with its storage; the
 * pages stay on loan until it decides otherwise.
 */
START_TEST(test_shared_loan)
{
	uint64_t va = bench_pages(&bench, 1);
	struct mbuf *m[3] = {bench_loan(&bench, va, 4096, NAME)};
	struct mbuf *last = NULL;

	share_thrice(m);
	for (int i = 0; i < 3; i++) {
		ck_assert_uint_eq(bench.n_loans_freed, 0);
		last = m[orders[_i][i]];
		m_free(mp, last);
	}
	ck_assert_uint_eq(bench.n_loans_freed, 1);
	ck_assert_ptr_eq(bench.loans_freed, last);
	ck_assert_uint_eq(m_loan(last)->ext.refs, 1);
	ck_assert_uint_eq(pool_in_use(&mp->mbufs), 1);
	ck_assert_uint_eq(pool_in_use(&mp->loans), 1);
	ck_assert_uint_eq(bench_page(&bench, va)->loan_count, 1);
	bench_end_loans(&bench);
	ck_assert_uint_eq(bench_page(&bench, va)->loan_count, 0);
	ck_assert_uint_eq(pool_in_use(&mp->mbufs), 0);
}
END_TEST

/* m_free answers with the next one, also when the mbuf lives on in a list. */
START_TEST(test_free_next)
{
	uint64_t va = bench_pages(&bench, 1);
	struct mbuf *m = bench_loan(&bench, va, 4096, NAME);
	struct mbuf *next = bench_internal(&bench, 10, NAME);

	m->m_next = next;
	ck_assert_ptr_eq(m_free(mp, m), next);
	ck_assert_ptr_null(m_free(mp, next));
	bench_end_loans(&bench);
}
END_TEST

START_TEST(test_freem)
{
	uint64_t va = bench_pages(&bench, 1);
	struct mbuf *m = bench_internal(&bench, 10, NAME);

	ck_assert_uint_eq(m_freem(mp, NULL), 0);
	m->m_next = bench_loan(&bench, va, 4096, NAME);
	m->m_next->m_next = bench_cluster(&bench, 2048, NAME);
	ck_assert_uint_eq(m_freem(mp, m), 3);
	ck_assert_uint_eq(bench.n_loans_freed, 1);
	ck_assert_uint_eq(pool_in_use(&mp->mbufs), 1);
	ck_assert_uint_eq(pool_in_use(&mp->clusters), 0);
	bench_end_loans(&bench);
}
END_TEST

static void
assert_range(struct mem_range range, const struct mem_object *object,
    uint32_t offset, uint32_t bytes, enum mem_view view)
{
	ck_assert_ptr_eq(range.object, object);
	ck_assert_uint_eq(range.offset, offset);
	ck_assert_uint_eq(range.bytes, bytes);
	ck_assert_int_eq(range.view, view);
}

/* Data of 100 bytes at 20 of their storage. */
START_TEST(test_range_in_one_object)
{
	struct mbuf *m = bench_internal(&bench, 100, NAME);
	struct mbuf *c = bench_cluster(&bench, 100, NAME);

	m->m_off = c->m_off = 20;
	assert_range(m_first_range(m, 0, 1000), m_memory(m), 20, 100,
	    MEM_KERNEL);
	assert_range(m_first_range(m, 30, 50), m_memory(m), 50, 50, MEM_KERNEL);
	assert_range(m_first_range(c, 30, 71), m_memory(c), 50, 70,
	    MEM_KERNEL);
	assert_range(m_first_range(c, 100, 1), m_memory(c), 120, 0,
	    MEM_KERNEL);
	m_free(mp, m);
	m_free(mp, c);
}
END_TEST

/*
 * A loan of 8192 bytes that begins 4000 into its first page: 96 bytes there,
 * 4096 in the second, 4000 in the third.  Each range ends with its page.
 */
START_TEST(test_range_in_pages)
{
	uint64_t va = bench_pages(&bench, 3) + 4000;
	struct mbuf *m = bench_loan(&bench, va, 8192, NAME);
	const struct m_loan *loan = m_loan(m);

	assert_range(m_first_range(m, 0, 8192), &loan->pages[0]->mem, 4000,
	    96, MEM_LOAN);
	assert_range(m_first_range(m, 95, 8192), &loan->pages[0]->mem, 4095,
	    1, MEM_LOAN);
	assert_range(m_first_range(m, 96, 8192), &loan->pages[1]->mem, 0,
	    4096, MEM_LOAN);
	assert_range(m_first_range(m, 4192, 8192), &loan->pages[2]->mem, 0,
	    4000, MEM_LOAN);
	assert_range(m_first_range(m, 4191, 8192), &loan->pages[1]->mem, 4095,
	    1, MEM_LOAN);
	/* trimmed at the front, as sbdrop leaves it */
	m->m_off = 96;
	m->m_len = 8096;
	assert_range(m_first_range(m, 10, 20), &loan->pages[1]->mem, 10, 20,
	    MEM_LOAN);
	m_free(mp, m);
	bench_end_loans(&bench);
}
END_TEST

/* The name of a byte: that of the storage's first byte, and its place in it. */
START_TEST(test_content_of)
{
	struct mbuf *m = bench_internal(&bench, 100, NAME);
	struct mbuf *c = bench_cluster(&bench, 100, NAME);

	ck_assert_uint_eq(content_name(3, 1000),
	    (UINT64_C(3) << 40) + 1000);
	m->m_off = c->m_off = 7;
	ck_assert_uint_eq(m_content_of(m, 0), NAME + 7);
	ck_assert_uint_eq(m_content_of(c, 50), NAME + 57);
	c->m_ext->content = CONTENT_MIXED;
	ck_assert_uint_eq(m_content_of(c, 50), CONTENT_MIXED);
	m->m_content = CONTENT_NONE;
	ck_assert_uint_eq(m_content_of(m, 50), CONTENT_MIXED);
	m_free(mp, m);
	m_free(mp, c);
}
END_TEST

START_TEST(test_packet_payload)
{
	struct mbuf *m = m_gethdr(mp);

	m->m_pkthdr_len = 1500;
	m->m_hdr_len = 52;
	ck_assert_uint_eq(m_packet_payload(m), 1448);
	m->m_hdr_len = 1500;
	ck_assert_uint_eq(m_packet_payload(m), 0);
	m_free(mp, m);
}
END_TEST

/* Limits bind those who ask: 3 mbufs, one of them promised, 1 cluster. */
START_TEST(test_limits)
{
	struct mbuf *a = m_get(mp), *b;

	ck_assert(m_has_room(mp, UINT32_MAX, UINT32_MAX));
	mbuf_pools_limit(mp, 3, 1);
	ck_assert(m_has_room(mp, 2, 1));
	ck_assert(!m_has_room(mp, 3, 0));
	ck_assert(!m_has_room(mp, 0, 2));
	ck_assert(m_promise(mp));
	ck_assert(m_has_room(mp, 1, 0));
	ck_assert(!m_has_room(mp, 2, 0));
	m_clget(mp, a);
	ck_assert(!m_has_room(mp, 0, 1));
	ck_assert(m_promise(mp));
	ck_assert(!m_promise(mp));
	b = m_gethdr_promised(mp);
	ck_assert_uint_eq(b->m_flags, M_PKTHDR);
	ck_assert_uint_eq(mp->n_promised, 1);
	m_free(mp, m_gethdr_promised(mp));
	m_free(mp, a);
	m_free(mp, b);
	ck_assert(m_has_room(mp, 3, 1));
	/* a limit of the one is none of the other */
	mbuf_pools_limit(mp, 0, 1);
	ck_assert(m_has_room(mp, UINT32_MAX, 1));
	mbuf_pools_limit(mp, 0, 0);
	ck_assert(!mp->is_limited);
}
END_TEST

static void
count_freed(void *arg)
{
	++*(int *)arg;
}

/* Who waits is told of the first that is freed, not of storage that stays. */
START_TEST(test_told_when_freed)
{
	struct mbuf *a = m_get(mp), *b = m_get(mp);
	int n_told = 0;

	mp->mbuf_freed = count_freed;
	mp->loan_free_arg = &n_told;
	mp->is_wanted = true;
	m_free(mp, a);
	m_free(mp, b);
	ck_assert_int_eq(n_told, 1);
	ck_assert(!mp->is_wanted);
}
END_TEST

START_TEST(test_death_second_cluster)
{
	m_clget(mp, bench_cluster(&bench, 1, NAME));
}
END_TEST

START_TEST(test_death_loan_beside_cluster)
{
	m_loanget(mp, bench_cluster(&bench, 1, NAME));
}
END_TEST

START_TEST(test_death_share_internal)
{
	m_share(m_get(mp), bench_internal(&bench, 1, NAME));
}
END_TEST

START_TEST(test_death_share_second)
{
	m_share(bench_cluster(&bench, 1, NAME),
	    bench_cluster(&bench, 1, NAME));
}
END_TEST

START_TEST(test_death_shared_loan_ends)
{
	struct mbuf *m = m_get(mp);

	m_share(m, bench_loan(&bench, bench_pages(&bench, 1), 1, NAME));
	m_loan_put(mp, m);
}
END_TEST

START_TEST(test_death_cluster_ends_as_loan)
{
	m_loan_put(mp, bench_cluster(&bench, 1, NAME));
}
END_TEST

START_TEST(test_death_released_twice)
{
	struct mbuf *m = bench_cluster(&bench, 1, NAME);

	m->m_ext->refs = 0;
	m_free(mp, m);
}
END_TEST

static TCase *
death_tests(void)
{
	TCase *tc = tcase_create("death");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test_raise_signal(tc, test_death_second_cluster, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_loan_beside_cluster,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_share_internal, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_share_second, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_shared_loan_ends, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_cluster_ends_as_loan,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_released_twice, SIGABRT);
	return tc;
}

static Suite *
mbuf_suite(void)
{
	Suite *suite = suite_create("mbuf");
	TCase *tc = tcase_create("mbuf");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_sizes);
	tcase_add_test(tc, test_internal);
	tcase_add_test(tc, test_cluster);
	tcase_add_test(tc, test_loan);
	tcase_add_loop_test(tc, test_shared_cluster, 0, 6);
	tcase_add_loop_test(tc, test_shared_loan, 0, 6);
	tcase_add_test(tc, test_free_next);
	tcase_add_test(tc, test_freem);
	tcase_add_test(tc, test_range_in_one_object);
	tcase_add_test(tc, test_range_in_pages);
	tcase_add_test(tc, test_content_of);
	tcase_add_test(tc, test_packet_payload);
	tcase_add_test(tc, test_limits);
	tcase_add_test(tc, test_told_when_freed);
	suite_add_tcase(suite, tc);
	suite_add_tcase(suite, death_tests());
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(mbuf_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
