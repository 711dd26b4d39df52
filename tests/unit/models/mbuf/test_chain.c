/*
 * Chains: places, m_copym, m_copydata, sums, DMA segments, and above all the
 * names of the bytes.  netbsd-2002.md 4.3, 7.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/mbuf/chain.h"
#include "tests/support/bench.h"

#define NAME(place)	BENCH_NAME(place)

static struct bench bench;
static struct mbuf_pools *mp;

static void
setup(void)
{
	bench_init(&bench);
	mp = &bench.mp;
}

static void
teardown(void)
{
	bench_end_loans(&bench);
	bench_fini(&bench);
}

static struct mbuf *
mixed_chain(void)
{
	return bench_mixed_chain(&bench);
}

static void
assert_place(struct mbuf *m, uint32_t off, int index, uint32_t offset)
{
	struct m_place place = m_find(m, off);

	for (int i = 0; i < index; i++)
		m = m->m_next;
	ck_assert_ptr_eq(place.m, m);
	ck_assert_uint_eq(place.offset, offset);
	ck_assert_uint_eq(place.n_walked, (uint32_t)index);
}

START_TEST(test_find)
{
	struct mbuf *m = mixed_chain();

	assert_place(m, 0, 0, 0);
	assert_place(m, 99, 0, 99);
	assert_place(m, 100, 1, 0);
	assert_place(m, 2147, 1, 2047);
	assert_place(m, 2148, 2, 0);
	assert_place(m, 6243, 2, 4095);
	assert_place(m, 6244, 3, 0);
	assert_place(m, BENCH_CHAIN_LEN - 1, 3, 55);
	ck_assert_uint_eq(m_length(NULL), 0);
	ck_assert_uint_eq(m_length(m), 6300);
	m_freem(mp, m);
}
END_TEST

/* m_count: as many as m_copym gets, for any stretch. */
START_TEST(test_count)
{
	struct mbuf *m = mixed_chain();

	ck_assert_uint_eq(m_count(m_find(m, 0), 0), 0);
	ck_assert_uint_eq(m_count(m_find(m, 99), 1), 1);
	ck_assert_uint_eq(m_count(m_find(m, 99), 2), 2);
	ck_assert_uint_eq(m_count(m_find(m, 100), 2048), 1);
	ck_assert_uint_eq(m_count(m_find(m, 100), 2049), 2);
	ck_assert_uint_eq(m_count(m_find(m, 0), BENCH_CHAIN_LEN), 4);
	m_freem(mp, m);
}
END_TEST

/* An empty mbuf holds no byte, so none is found in it. */
START_TEST(test_find_skips_empty)
{
	struct mbuf *m = bench_internal(&bench, 0, CONTENT_NONE);

	m->m_next = bench_internal(&bench, 5, NAME(0));
	assert_place(m, 0, 1, 0);
	m_freem(mp, m);
}
END_TEST

/*
 * m_copym: any stretch sees the right bytes, with one new mbuf for each one
 * touched.  Offsets on both sides of every border of the chain.
 */
static const struct stretch {
	uint32_t off, len, n_mbufs, n_walked, copied;
} stretches[] = {
	{0, 1, 1, 0, 1},
	{0, BENCH_CHAIN_LEN, 4, 0, 156},
	{99, 1, 1, 0, 1},
	{99, 2, 2, 0, 1},
	{100, 1460, 1, 1, 0},
	{1560, 588, 1, 1, 0},
	{1560, 589, 2, 1, 0},
	{2148, 4096, 1, 2, 0},
	{2200, 4044, 1, 2, 0},
	{2200, 4045, 2, 2, 1},
	{6243, 2, 2, 2, 1},
	{6244, 56, 1, 3, 56},
};

START_TEST(test_copym)
{
	const struct stretch *s = &stretches[_i];
	struct mbuf *m = mixed_chain();
	struct mbuf *copy = m_copym(mp, m_find(m, s->off), s->len,
	    &bench.cost, &bench.costs);
	uint32_t n = 0;

	for (const struct mbuf *c = copy; c != NULL; c = c->m_next, n++)
		ck_assert_uint_gt(c->m_len, 0);
	ck_assert_uint_eq(n, s->n_mbufs);
	ck_assert_uint_eq(m_length(copy), s->len);
	ck_assert_uint_eq(m_content(copy, 0), NAME(s->off));
	/* per mbuf an allocation and a copy step; per mbuf passed a walk */
	ck_assert_int_eq(bench.ledger.n_ops[OP_MGET], s->n_mbufs);
	ck_assert_int_eq(bench.ledger.n_ops[OP_MCOPY], s->n_mbufs);
	ck_assert_int_eq(bench.ledger.n_ops[OP_MWALK], s->n_walked);
	ck_assert_int_eq(bench_cycles_of(&bench, CAUSE_TCP_COPY), s->copied);
	ck_assert_int_eq(bench.cost.read_bytes, s->copied);
	ck_assert_int_eq(bench.cost.write_bytes, s->copied);
	m_freem(mp, m);
	/* the copy stands on its own */
	ck_assert_uint_eq(m_content(copy, 0), NAME(s->off));
	m_freem(mp, copy);
}
END_TEST

/* External storage is shared, with the data of both offsets; else copied. */
START_TEST(test_copym_shares)
{
	struct mbuf *m = mixed_chain();
	struct mbuf *loan = m->m_next->m_next;
	struct mbuf *copy;

	/* sbdrop has left the loan without its first 1000 bytes */
	loan->m_off = 1000;
	loan->m_len = 3096;
	copy = m_copym(mp, (struct m_place){loan, 500, 0}, 2000, &bench.cost,
	    &bench.costs);
	ck_assert_ptr_eq(copy->m_ext, loan->m_ext);
	ck_assert_uint_eq(loan->m_ext->refs, 2);
	ck_assert_uint_eq(copy->m_off, 1500);
	ck_assert_uint_eq(m_content(copy, 0), NAME(2148 + 1500));
	m_freem(mp, copy);
	ck_assert_uint_eq(loan->m_ext->refs, 1);
	copy = m_copym(mp, m_find(m, 40), 10, &bench.cost, &bench.costs);
	ck_assert_ptr_null(copy->m_ext);
	ck_assert_uint_eq(copy->m_off, 0);
	m_freem(mp, copy);
	m_freem(mp, m);
}
END_TEST

/* A copy of 1460 bytes behind 56 bytes of headers, out of three mbufs. */
START_TEST(test_copydata)
{
	struct mbuf *m = mixed_chain();
	struct mbuf *to = bench_cluster(&bench, 56, CONTENT_NONE);

	/* 1 byte internal, 2048 in the cluster: 1459 of them */
	m_copydata_into(to, 56, m_find(m, 99), 1460, CAUSE_DRIVER_COPY,
	    &bench.cost, &bench.costs);
	ck_assert_uint_eq(to->m_len, 1516);
	ck_assert_uint_eq(m_content(to, 56), NAME(99));
	ck_assert_int_eq(bench.ledger.n_ops[OP_MCOPY], 2);
	ck_assert_int_eq(bench_cycles_of(&bench, CAUSE_DRIVER_COPY), 1460);
	ck_assert_int_eq(bench.cost.read_bytes, 1460);
	ck_assert_int_eq(bench.cost.write_bytes, 1460);
	m_freem(mp, to);
	m_freem(mp, m);
}
END_TEST

/* Out of a loan the copy goes page by page; the names stay in sequence. */
START_TEST(test_copydata_out_of_pages)
{
	struct mbuf *m = mixed_chain();
	struct mbuf *to = bench_cluster(&bench, 0, CONTENT_NONE);

	/* of the loan's first page there are 96 bytes; then 1952 of the next */
	m_copydata_into(to, 0, m_find(m, 2148), 2048, CAUSE_TCP_COPY,
	    &bench.cost, &bench.costs);
	ck_assert_uint_eq(to->m_len, 2048);
	ck_assert_uint_eq(m_content(to, 0), NAME(2148));
	ck_assert_int_eq(bench.ledger.n_ops[OP_MCOPY], 1);
	m_freem(mp, to);
	m_freem(mp, m);
}
END_TEST

START_TEST(test_name_append)
{
	struct mbuf *m = bench_internal(&bench, 100, CONTENT_NONE);

	/* the first bytes name the storage, from its byte 0 on */
	m_name_append(m, 40, NAME(500));
	ck_assert_uint_eq(m->m_content, NAME(460));
	m_name_append(m, 60, NAME(520));
	ck_assert_uint_eq(m->m_content, NAME(460));
	m_name_append(m, 80, NAME(541));
	ck_assert_uint_eq(m->m_content, CONTENT_MIXED);
	m_name_append(m, 80, NAME(540));
	ck_assert_uint_eq(m->m_content, CONTENT_MIXED);
	m_free(mp, m);
}
END_TEST

/* Headers in front of place 0 of socket 1: the name of byte 0 lies below 1. */
START_TEST(test_name_before_the_stream)
{
	struct mbuf *m = bench_cluster(&bench, 1516, CONTENT_NONE);

	m_name_append(m, 56, NAME(0));
	ck_assert_uint_eq(m_content_of(m, 56), NAME(0));
	ck_assert_uint_eq(m_content(m, 56), NAME(0));
	m_free(mp, m);
}
END_TEST

/* What is mixed makes mixed whatever it is copied to. */
START_TEST(test_name_of_mixed)
{
	struct mbuf *from = bench_internal(&bench, 10, CONTENT_MIXED);
	struct mbuf *to = bench_internal(&bench, 0, CONTENT_NONE);

	m_copydata_into(to, 0, m_find(from, 0), 10, CAUSE_TCP_COPY,
	    &bench.cost, &bench.costs);
	ck_assert_uint_eq(to->m_content, CONTENT_MIXED);
	ck_assert_uint_eq(m_content(to, 0), CONTENT_MIXED);
	m_free(mp, from);
	m_free(mp, to);
}
END_TEST

/* in_cksum reads every byte but those skipped, in no more than it is told. */
START_TEST(test_cksum)
{
	struct mbuf *m = mixed_chain();

	m_cksum_cost(m, 20, &bench.cost, &bench.costs);
	ck_assert_int_eq(bench.ledger.n_ops[OP_CKSUM_1K], 6280);
	ck_assert_int_eq(bench_cycles(&bench), 6280);
	ck_assert_int_eq(bench.cost.read_bytes, 6280);
	ck_assert_int_eq(bench.cost.write_bytes, 0);
	ck_assert_int_eq(bench.ledger.line[CAUSE_CKSUM_READ].read_bytes, 6280);
	/* nothing left of the first mbuf */
	m_cksum_cost(m, 100, &bench.cost, &bench.costs);
	ck_assert_int_eq(bench.cost.read_bytes, 6280 + 6200);
	m_freem(mp, m);
}
END_TEST

/* An mbuf is one segment; a loan one for each page that its data touches. */
START_TEST(test_dma_segments)
{
	struct mbuf *m = mixed_chain();
	struct mbuf *loan = m->m_next->m_next;

	ck_assert_uint_eq(m_dma_segments(NULL), 0);
	ck_assert_uint_eq(m_dma_segments(m), 1 + 1 + 2 + 1);
	/* 96 bytes of the loan lie in its first page */
	loan->m_len = 96;
	ck_assert_uint_eq(m_dma_segments(loan), 1 + 1);
	loan->m_len = 97;
	ck_assert_uint_eq(m_dma_segments(loan), 2 + 1);
	loan->m_off = 96;
	loan->m_len = 4000;
	ck_assert_uint_eq(m_dma_segments(loan), 1 + 1);
	loan->m_len = 0;
	ck_assert_uint_eq(m_dma_segments(loan), 0 + 1);
	m_freem(mp, m);
}
END_TEST

/* 64 KB one byte off: 17 pages, 17 segments (netbsd-2002.md 2.3, 7). */
START_TEST(test_dma_segments_of_largest)
{
	uint64_t va = bench_pages(&bench, 17);
	struct mbuf *m = bench_loan(&bench, va + 1, 65536, NAME(0));

	ck_assert_uint_eq(m_loan(m)->n_pages, 17);
	ck_assert_uint_eq(m_dma_segments(m), 17);
	m_freem(mp, m);
}
END_TEST

START_TEST(test_death_find_behind)
{
	m_find(mixed_chain(), BENCH_CHAIN_LEN);
}
END_TEST

START_TEST(test_death_copym_too_long)
{
	m_copym(mp, m_find(mixed_chain(), 1), BENCH_CHAIN_LEN, &bench.cost,
	    &bench.costs);
}
END_TEST

START_TEST(test_death_copydata_too_long)
{
	struct mbuf *to = bench_internal(&bench, 0, CONTENT_NONE);

	m_copydata_into(to, 1, m_find(mixed_chain(), 100), MLEN,
	    CAUSE_TCP_COPY, &bench.cost, &bench.costs);
}
END_TEST

/*
 * m_content: the whole rest of the chain must be the bytes it claims to be.
 */
START_TEST(test_content)
{
	struct mbuf *m = mixed_chain();

	ck_assert_uint_eq(m_content(m, 0), NAME(0));
	ck_assert_uint_eq(m_content(m, 99), NAME(99));
	/* nothing of the first mbuf, all of the others */
	ck_assert_uint_eq(m_content(m, 100), NAME(100));
	ck_assert_uint_eq(m_content(m->m_next->m_next->m_next, 55),
	    NAME(6299));
	ck_assert_uint_eq(m_content(m->m_next->m_next->m_next, 56),
	    CONTENT_NONE);
	ck_assert_uint_eq(m_content(NULL, 0), CONTENT_NONE);
	m_freem(mp, m);
}
END_TEST

/* A hole, a byte twice, another socket's bytes, no name at all. */
START_TEST(test_content_out_of_sequence)
{
	const uint64_t wrong[] = {NAME(101), NAME(99),
	    content_name(2, 100), CONTENT_NONE, CONTENT_MIXED};
	struct mbuf *m = bench_internal(&bench, 100, NAME(0));

	m->m_next = bench_internal(&bench, 10, wrong[_i]);
	ck_assert_uint_eq(m_content(m, 0), CONTENT_MIXED);
	/* also behind nothing but headers, unless it is in order itself */
	ck_assert_uint_eq(m_content(m, 100), _i < 3 ? wrong[_i] :
	    CONTENT_MIXED);
	m_freem(mp, m);
}
END_TEST

/* An empty mbuf in between does not matter, whatever its name. */
START_TEST(test_content_of_empty)
{
	struct mbuf *m = bench_internal(&bench, 100, NAME(0));

	m->m_next = bench_internal(&bench, 0, CONTENT_MIXED);
	m->m_next->m_next = bench_cluster(&bench, 10, NAME(100));
	ck_assert_uint_eq(m_content(m, 0), NAME(0));
	m_freem(mp, m);
}
END_TEST

/*
 * A kernel without copy-on-write: the program stores into a page on loan, which
 * stays where it is.  Whoever looks at a part that lies in this page must see
 * it, and nobody else.
 */
START_TEST(test_content_of_changed_page)
{
	uint64_t va = bench_pages(&bench, 3) + 4000;
	struct mbuf *m = bench_loan(&bench, va, 8192, NAME(0));

	/* the second page: bytes 96 .. 4191 of the loan */
	vm_page_stored(&bench.vm, m_loan(m)->pages[1]);
	ck_assert_uint_eq(m_content(m, 0), CONTENT_MIXED);
	ck_assert_uint_eq(m_content(m, 4191), CONTENT_MIXED);
	ck_assert_uint_eq(m_content(m, 4192), NAME(4192));
	m->m_len = 96;
	ck_assert_uint_eq(m_content(m, 0), NAME(0));
	m->m_len = 97;
	ck_assert_uint_eq(m_content(m, 0), CONTENT_MIXED);
	/* as m_copym and sbdrop leave it */
	m->m_off = 4191;
	m->m_len = 1;
	ck_assert_uint_eq(m_content(m, 0), CONTENT_MIXED);
	m->m_off = 4192;
	ck_assert_uint_eq(m_content(m, 0), NAME(4192));
	m_freem(mp, m);
}
END_TEST

/* With copy-on-write the store goes elsewhere, in each of the three pages. */
START_TEST(test_content_after_cow)
{
	uint64_t va = bench_pages(&bench, 3) + 4000;
	struct mbuf *m = bench_loan(&bench, va, 8192, NAME(0));

	bench_touch(&bench, va + (uint64_t)_i * PAGE_SIZE);
	ck_assert_int_eq(bench.vm.stats.n_cow_faults, 1);
	ck_assert_uint_eq(m_content(m, 0), NAME(0));
	m_freem(mp, m);
}
END_TEST

/* The last copy of the chain knows as well: a share of a changed loan. */
START_TEST(test_content_of_share)
{
	uint64_t va = bench_pages(&bench, 1);
	struct mbuf *m = bench_loan(&bench, va, 4096, NAME(0));
	struct mbuf *copy = m_copym(mp, m_find(m, 100), 1460, &bench.cost,
	    &bench.costs);

	ck_assert_uint_eq(m_content(copy, 0), NAME(100));
	vm_page_stored(&bench.vm, bench_page(&bench, va));
	ck_assert_uint_eq(m_content(copy, 0), CONTENT_MIXED);
	m_freem(mp, copy);
	m_freem(mp, m);
}
END_TEST

static TCase *
content_tests(void)
{
	TCase *tc = tcase_create("content");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_name_append);
	tcase_add_test(tc, test_name_before_the_stream);
	tcase_add_test(tc, test_name_of_mixed);
	tcase_add_test(tc, test_content);
	tcase_add_loop_test(tc, test_content_out_of_sequence, 0, 5);
	tcase_add_test(tc, test_content_of_empty);
	tcase_add_test(tc, test_content_of_changed_page);
	tcase_add_loop_test(tc, test_content_after_cow, 0, 3);
	tcase_add_test(tc, test_content_of_share);
	return tc;
}

static TCase *
chain_tests(void)
{
	const int n = (int)(sizeof stretches / sizeof stretches[0]);
	TCase *tc = tcase_create("chain");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_find);
	tcase_add_test(tc, test_find_skips_empty);
	tcase_add_test(tc, test_count);
	tcase_add_loop_test(tc, test_copym, 0, n);
	tcase_add_test(tc, test_copym_shares);
	tcase_add_test(tc, test_copydata);
	tcase_add_test(tc, test_copydata_out_of_pages);
	tcase_add_test(tc, test_cksum);
	tcase_add_test(tc, test_dma_segments);
	tcase_add_test(tc, test_dma_segments_of_largest);
	tcase_add_test_raise_signal(tc, test_death_find_behind, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_copym_too_long, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_copydata_too_long, SIGABRT);
	return tc;
}

int
main(void)
{
	Suite *suite = suite_create("chain");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	suite_add_tcase(suite, chain_tests());
	suite_add_tcase(suite, content_tests());
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
