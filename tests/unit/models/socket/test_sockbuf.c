/*
 * Socket buffers: limits, space by data and by memory, compression, drops.
 * netbsd-2002.md 4.4.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/socket/sockbuf.h"
#include "tests/support/bench.h"

#define NAME(place)	BENCH_NAME(place)

static struct bench bench;
static struct sockbuf sb;

static void
setup(void)
{
	bench_init(&bench);
	sb = (struct sockbuf){0};
	sb_reserve(&sb, 16384, 2048);
}

/* sb_cc, sb_mbcnt and sb_n_mbufs are the sums over the chain. */
static void
assert_books(void)
{
	int64_t cc = 0, mbcnt = 0, n = 0;
	const struct mbuf *last = NULL;

	for (const struct mbuf *m = sb.sb_mb; m != NULL; m = m->m_next) {
		cc += m->m_len;
		mbcnt += m_mbcnt(m);
		n++;
		last = m;
	}
	ck_assert_int_eq(sb.sb_cc, cc);
	ck_assert_int_eq(sb.sb_mbcnt, mbcnt);
	ck_assert_int_eq(sb.sb_n_mbufs, n);
	ck_assert_ptr_eq(sb.sb_last, last);
}

static void
drop(int64_t len)
{
	sb_drop(&sb, len, &bench.mp);
	assert_books();
}

static void
teardown(void)
{
	assert_books();
	drop(sb.sb_cc);
	ck_assert_ptr_null(sb.sb_mb);
	ck_assert_int_eq(sb.sb_cc, 0);
	ck_assert_int_eq(sb.sb_mbcnt, 0);
	bench_end_loans(&bench);
	bench_fini(&bench);
}

static void
append(struct mbuf *m)
{
	sb_append(&sb, m, SB_APPEND_TAIL, &bench.mp, &bench.cost,
	    &bench.costs);
	assert_books();
}

static void
assert_sums(int64_t cc, int64_t mbcnt, uint32_t n_mbufs)
{
	ck_assert_int_eq(sb.sb_cc, cc);
	ck_assert_int_eq(sb.sb_mbcnt, mbcnt);
	ck_assert_uint_eq(sb.sb_n_mbufs, n_mbufs);
}

/* mbmax = min(2 * hiwat, 256 KB): they meet at 131072 */
static const struct limits {
	int64_t hiwat, lowat, mbmax, clamped;
} limits[] = {
	{1, 1, 2, 1},
	{16384, 2048, 32768, 2048},
	{16384, 16384, 32768, 16384},
	{16384, 16385, 32768, 16384},
	{131071, 1, 262142, 1},
	{131072, 1, 262144, 1},
	{131073, 1, 262144, 1},
	/* 262144 * 2048 / (256 + 2048) = 233016.8 */
	{233016, 2048, 262144, 2048},
};

START_TEST(test_reserve)
{
	const struct limits *l = &limits[_i];

	sb_reserve(&sb, l->hiwat, l->lowat);
	ck_assert_int_eq(sb.sb_hiwat, l->hiwat);
	ck_assert_int_eq(sb.sb_mbmax, l->mbmax);
	ck_assert_int_eq(sb.sb_lowat, l->clamped);
	ck_assert_int_eq(sb_space(&sb), l->hiwat);
}
END_TEST

START_TEST(test_death_no_size)
{
	sb_reserve(&sb, 0, 1);
}
END_TEST

START_TEST(test_death_too_large)
{
	sb_reserve(&sb, 233017, 1);
}
END_TEST

/* One cluster of 2048 bytes in 16384, 32768: 14336 by data, 30464 by memory */
START_TEST(test_space_by_data)
{
	append(bench_cluster(&bench, 2048, NAME(0)));
	assert_sums(2048, 2304, 1);
	ck_assert_int_eq(sb_space(&sb), 14336);
	sb.sb_hiwat = 2048;
	ck_assert_int_eq(sb_space(&sb), 0);
	sb.sb_hiwat = 2000;
	ck_assert_int_eq(sb_space(&sb), -48);
}
END_TEST

/*
 * Clusters of 453 bytes, the least that sosend makes: 14 of them are 6342
 * bytes of data and 14 * 2304 = 32256 of memory: 512 of 32768 are left, where
 * 10042 bytes of data would be.  One more: 1792 too many.
 */
START_TEST(test_space_by_memory)
{
	for (uint64_t i = 0; i < 14; i++)
		append(bench_cluster(&bench, 453, NAME(i * 453)));
	assert_sums(6342, 32256, 14);
	ck_assert_int_eq(sb_space(&sb), 512);
	append(bench_cluster(&bench, 453, NAME(6342)));
	ck_assert_int_eq(sb_space(&sb), -1792);
}
END_TEST

/* By data and by memory there is the same room. */
START_TEST(test_space_tie)
{
	sb.sb_hiwat = 5000;
	sb.sb_mbmax = 7256;
	append(bench_internal(&bench, 0 + 100, NAME(0)));
	/* 4900 by data; 7000 by memory */
	ck_assert_int_eq(sb_space(&sb), 4900);
	sb.sb_mbmax = 256 + 4900;
	ck_assert_int_eq(sb_space(&sb), 4900);
	sb.sb_mbmax = 256 + 4899;
	ck_assert_int_eq(sb_space(&sb), 4899);
}
END_TEST

/*
 * sbcompress: data moves into the mbuf before it when that has no external
 * storage and room for all of it: 236 bytes, or 216 with a packet header.
 */
START_TEST(test_merge)
{
	append(bench_internal(&bench, 100, NAME(0)));
	append(bench_internal(&bench, 136, NAME(100)));
	assert_sums(236, 256, 1);
	ck_assert_uint_eq(m_content(sb.sb_mb, 0), NAME(0));
	/* price: two appends, an mbuf freed, 136 bytes copied */
	ck_assert_int_eq(bench_cycles(&bench), 2 + 1 + 136);
	ck_assert_int_eq(bench_cycles_of(&bench, CAUSE_SBAPPEND), 2 + 136);
	ck_assert_int_eq(bench.cost.read_bytes, 136);
	ck_assert_int_eq(bench.cost.write_bytes, 136);
	/* full */
	append(bench_internal(&bench, 1, NAME(236)));
	assert_sums(237, 512, 2);
}
END_TEST

START_TEST(test_merge_one_too_many)
{
	append(bench_internal(&bench, 100, NAME(0)));
	append(bench_internal(&bench, 137, NAME(100)));
	assert_sums(237, 512, 2);
	/* two appends, nothing copied */
	ck_assert_int_eq(bench_cycles(&bench), 2);
}
END_TEST

/* With a packet header there is room for 216, as sosend makes them. */
START_TEST(test_merge_behind_header)
{
	struct mbuf *m = m_gethdr(&bench.mp);

	m->m_len = 200;
	m->m_content = NAME(0);
	append(m);
	append(bench_internal(&bench, 17, NAME(200)));
	assert_sums(217, 512, 2);
	drop(200);
	append(bench_internal(&bench, 216 - 17, NAME(217)));
	assert_sums(216, 256, 1);
	ck_assert_uint_eq(m_content(sb.sb_mb, 0), NAME(200));
}
END_TEST

/* What sbdrop took from the front of an mbuf is no room (m_data has moved). */
START_TEST(test_merge_after_drop)
{
	append(bench_internal(&bench, 200, NAME(0)));
	drop(150);
	append(bench_internal(&bench, 36, NAME(200)));
	assert_sums(86, 256, 1);
	ck_assert_uint_eq(m_content(sb.sb_mb, 0), NAME(150));
	append(bench_internal(&bench, 1, NAME(236)));
	assert_sums(87, 512, 2);
}
END_TEST

/* Nothing is merged into external storage, however much room it has. */
START_TEST(test_no_merge_into_external)
{
	uint64_t va = bench_pages(&bench, 1);

	append(bench_cluster(&bench, 453, NAME(0)));
	append(bench_internal(&bench, 10, NAME(453)));
	assert_sums(463, 2304 + 256, 2);
	append(bench_loan(&bench, va, 4096, NAME(463)));
	assert_sums(4559, 2304 + 256 + 4352, 3);
	append(bench_internal(&bench, 10, NAME(4559)));
	assert_sums(4569, 2304 + 256 + 4352 + 256, 4);
	ck_assert_uint_eq(m_content(sb.sb_mb, 0), NAME(0));
}
END_TEST

/* What is merged may come from a cluster, which is freed. */
START_TEST(test_merge_out_of_cluster)
{
	append(bench_internal(&bench, 10, NAME(0)));
	append(bench_cluster(&bench, 226, NAME(10)));
	assert_sums(236, 256, 1);
	ck_assert_uint_eq(pool_in_use(&bench.mp.clusters), 0);
	ck_assert_uint_eq(m_content(sb.sb_mb, 0), NAME(0));
}
END_TEST

/*
 * It may come from a loan of a few bytes (sock_loan_thresh decides what is
 * lent), also from one that lies in two pages; the loan is over then.
 */
START_TEST(test_merge_out_of_loan)
{
	uint64_t va = bench_pages(&bench, 2);

	append(bench_internal(&bench, 10, NAME(0)));
	append(bench_loan(&bench, va + (uint64_t)_i, 100, NAME(10)));
	assert_sums(110, 256, 1);
	ck_assert_uint_eq(bench.n_loans_freed, 1);
	ck_assert_uint_eq(m_content(sb.sb_mb, 0), NAME(0));
	ck_assert_int_eq(bench.cost.read_bytes, 100);
	ck_assert_int_eq(bench.cost.write_bytes, 100);
}
END_TEST

/* Names that do not follow on make the mbuf that holds both worthless. */
START_TEST(test_merge_of_mixed)
{
	append(bench_internal(&bench, 10, NAME(0)));
	append(bench_internal(&bench, 10, NAME(11)));
	ck_assert_uint_eq(m_content(sb.sb_mb, 0), CONTENT_MIXED);
}
END_TEST

/* sbappend walks past every mbuf that is there: 0 + 1 + 2 + 3 of them. */
START_TEST(test_walk)
{
	for (uint64_t i = 0; i < 4; i++)
		sb_append(&sb, bench_cluster(&bench, 2048, NAME(i * 2048)),
		    SB_APPEND_WALK, &bench.mp, &bench.cost, &bench.costs);
	ck_assert_int_eq(bench.ledger.n_ops[OP_SBAPPEND], 4);
	ck_assert_int_eq(bench.ledger.n_ops[OP_SBWALK], 6);
	ck_assert_int_eq(bench_cycles(&bench), 10);
	/* the tail pointer saves it */
	append(bench_cluster(&bench, 2048, NAME(8192)));
	ck_assert_int_eq(bench.ledger.n_ops[OP_SBAPPEND], 5);
	ck_assert_int_eq(bench.ledger.n_ops[OP_SBWALK], 6);
}
END_TEST

/* Three mbufs of 100, 2048 and 50 bytes. */
static void
append_three(void)
{
	append(bench_internal(&bench, 100, NAME(0)));
	append(bench_cluster(&bench, 2048, NAME(100)));
	append(bench_internal(&bench, 50, NAME(2148)));
	assert_sums(2198, 256 + 2304 + 256, 3);
}

static const struct {
	int64_t len;
	uint32_t n_freed;
	int64_t mbcnt;
} drops[] = {
	{0, 0, 2816},
	{1, 0, 2816},
	{99, 0, 2816},
	{100, 1, 2560},
	{101, 1, 2560},
	{2147, 1, 2560},
	{2148, 2, 256},
	{2197, 2, 256},
	{2198, 3, 0},
};

/* Whole mbufs are freed, a partial one is trimmed and keeps its mbcnt. */
START_TEST(test_drop)
{
	int64_t left = 2198 - drops[_i].len;

	append_three();
	ck_assert_uint_eq(sb_count_drop(&sb, drops[_i].len),
	    drops[_i].n_freed);
	drop(drops[_i].len);
	assert_sums(left, drops[_i].mbcnt, 3 - drops[_i].n_freed);
	if (left > 0)
		ck_assert_uint_eq(m_content(sb.sb_mb, 0),
		    NAME((uint64_t)drops[_i].len));
	/* what follows joins at the end, whatever is left */
	append(bench_cluster(&bench, 453, NAME(2198)));
	ck_assert_uint_eq(m_content(sb.sb_mb, 0),
	    NAME((uint64_t)drops[_i].len));
}
END_TEST

/* Drop by drop is the same as at once. */
START_TEST(test_drop_in_steps)
{
	append_three();
	for (int i = 0; i < 2197; i++)
		drop(1);
	assert_sums(1, 256, 1);
	ck_assert_uint_eq(m_content(sb.sb_mb, 0), NAME(2197));
	drop(1);
	assert_sums(0, 0, 0);
}
END_TEST

/* Nothing is left: an append begins a new chain. */
START_TEST(test_drop_all_and_append)
{
	append_three();
	drop(2198);
	append(bench_internal(&bench, 5, NAME(2198)));
	assert_sums(5, 256, 1);
}
END_TEST

/*
 * A loan counts against mbmax with its whole length until its last byte is
 * acknowledged: 32 KB in a buffer of 16 KB leave no room by memory.
 */
START_TEST(test_drop_of_loan)
{
	uint64_t va = bench_pages(&bench, 4);

	append(bench_loan(&bench, va, 16384, NAME(0)));
	/* 32768 - 16640 by memory, 0 by data */
	ck_assert_int_eq(sb_space(&sb), 0);
	drop(8192);
	assert_sums(8192, 16640, 1);
	ck_assert_int_eq(sb_space(&sb), 8192);
	append(bench_loan(&bench, va, 8192, NAME(16384)));
	/* by memory 32768 - 16640 - 8448 = 7680 */
	drop(8191);
	assert_sums(8193, 25088, 2);
	ck_assert_int_eq(sb_space(&sb), 7680);
	ck_assert_uint_eq(bench.n_loans_freed, 0);
	drop(1);
	assert_sums(8192, 8448, 1);
	ck_assert_int_eq(sb_space(&sb), 8192);
	ck_assert_uint_eq(bench.n_loans_freed, 1);
}
END_TEST

/* A segment on its way keeps the storage, not the count. */
START_TEST(test_drop_of_shared)
{
	struct mbuf *copy;

	append(bench_cluster(&bench, 2048, NAME(0)));
	copy = m_copym(&bench.mp, m_find(sb.sb_mb, 0), 1460, &bench.cost,
	    &bench.costs);
	drop(2048);
	assert_sums(0, 0, 0);
	ck_assert_uint_eq(pool_in_use(&bench.mp.clusters), 1);
	ck_assert_uint_eq(m_content(copy, 0), NAME(0));
	m_freem(&bench.mp, copy);
}
END_TEST

START_TEST(test_death_drop_too_much)
{
	append_three();
	drop(2199);
}
END_TEST

START_TEST(test_death_append_nothing)
{
	append(bench_internal(&bench, 0, NAME(0)));
}
END_TEST

static TCase *
space_tests(void)
{
	const int n = (int)(sizeof limits / sizeof limits[0]);
	TCase *tc = tcase_create("space");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_reserve, 0, n);
	tcase_add_test_raise_signal(tc, test_death_no_size, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_too_large, SIGABRT);
	tcase_add_test(tc, test_space_by_data);
	tcase_add_test(tc, test_space_by_memory);
	tcase_add_test(tc, test_space_tie);
	return tc;
}

static TCase *
append_tests(void)
{
	TCase *tc = tcase_create("append");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_merge);
	tcase_add_test(tc, test_merge_one_too_many);
	tcase_add_test(tc, test_merge_behind_header);
	tcase_add_test(tc, test_merge_after_drop);
	tcase_add_test(tc, test_no_merge_into_external);
	tcase_add_test(tc, test_merge_out_of_cluster);
	/* 100 bytes in one page, up to its end, and in two */
	tcase_add_loop_test(tc, test_merge_out_of_loan, 3995, 3998);
	tcase_add_test(tc, test_merge_of_mixed);
	tcase_add_test(tc, test_walk);
	tcase_add_test_raise_signal(tc, test_death_append_nothing, SIGABRT);
	return tc;
}

static TCase *
drop_tests(void)
{
	const int n = (int)(sizeof drops / sizeof drops[0]);
	TCase *tc = tcase_create("drop");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_drop, 0, n);
	tcase_add_test(tc, test_drop_in_steps);
	tcase_add_test(tc, test_drop_all_and_append);
	tcase_add_test(tc, test_drop_of_loan);
	tcase_add_test(tc, test_drop_of_shared);
	tcase_add_test_raise_signal(tc, test_death_drop_too_much, SIGABRT);
	return tc;
}

int
main(void)
{
	Suite *suite = suite_create("sockbuf");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	suite_add_tcase(suite, space_tests());
	suite_add_tcase(suite, append_tests());
	suite_add_tcase(suite, drop_tests());
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
