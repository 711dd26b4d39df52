/*
 * Records: what each counts, how they are found, and how they go.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/socket/sockbuf.h"
#include "tests/support/bench.h"

static struct bench bench;
static struct sockbuf sb;

static void
setup(void)
{
	bench_init(&bench);
	memset(&sb, 0, sizeof sb);
	sb_reserve(&sb, 5000, 1);
}

static void
teardown(void)
{
	while (sb.sb_n_records > 0)
		sb_drop_mbuf(&sb, &bench.mp);
	ck_assert_int_eq(sb.sb_cc, 0);
	ck_assert_int_eq(sb.sb_mbcnt, 0);
	ck_assert_uint_eq(sb.sb_n_mbufs, 0);
	ck_assert_ptr_null(sb.sb_mb);
	ck_assert_ptr_null(sb.sb_lastrecord);
	bench_fini(&bench);
}

static bool
append(struct mbuf *m, enum sb_append_kind kind)
{
	return sb_append_addr(&sb, m, BENCH_NAME(7), kind, &bench.mp,
	    &bench.cost, &bench.costs);
}

static struct mbuf *
cluster(uint32_t len)
{
	return bench_cluster(&bench, len, BENCH_NAME(7));
}

/* Address and data count, in bytes and in memory; addresses are no data. */
START_TEST(counts)
{
	struct mbuf *two = cluster(1000);

	two->m_next = bench_internal(&bench, 50, BENCH_NAME(1007));
	ck_assert(append(two, SB_APPEND_TAIL));
	ck_assert_int_eq(sb.sb_cc, 16 + 1050);
	ck_assert_int_eq(sb.sb_mbcnt, 3 * MSIZE + MCLBYTES);
	ck_assert_uint_eq(sb.sb_n_mbufs, 3);
	ck_assert(append(cluster(1), SB_APPEND_TAIL));
	ck_assert_uint_eq(sb.sb_n_records, 2);
	ck_assert_int_eq(sb_data_bytes(&sb), 1051);
	ck_assert_uint_eq(sb.sb_mb->m_flags & M_SONAME, M_SONAME);
	ck_assert_uint_eq(sb.sb_mb->m_content, BENCH_NAME(7));
}
END_TEST

/* Mbuf by mbuf; what is behind a record moves up, and the last one is known. */
START_TEST(goes)
{
	ck_assert(append(cluster(1000), SB_APPEND_TAIL));
	sb_drop_mbuf(&sb, &bench.mp);
	ck_assert_int_eq(sb.sb_cc, 1000);
	ck_assert_uint_eq(sb.sb_n_records, 1);
	/* behind one that is being read */
	ck_assert(append(cluster(10), SB_APPEND_TAIL));
	ck_assert(append(cluster(20), SB_APPEND_TAIL));
	ck_assert_int_eq(sb_data_bytes(&sb), 1030);
	sb_drop_mbuf(&sb, &bench.mp);
	ck_assert_uint_eq(sb.sb_n_records, 2);
	ck_assert_uint_eq(sb.sb_mb->m_flags & M_SONAME, M_SONAME);
	ck_assert_int_eq(sb.sb_cc, 10 + 20 + 32);
	ck_assert_ptr_eq(sb.sb_lastrecord, sb.sb_mb->m_nextpkt);
}
END_TEST

/*
 * 5000 bytes: 16 + 4984 fit and not one more.  Memory is asked about before the
 * cluster, not with it: of 10000, three of 2560 leave 2320, so a fourth fits,
 * which leaves nothing.
 */
START_TEST(room)
{
	struct mbuf *m = cluster(2000);

	m->m_next = cluster(2000);
	m->m_next->m_next = cluster(985);
	ck_assert(!append(m, SB_APPEND_TAIL));
	m->m_next->m_next->m_len = 984;
	ck_assert(append(m, SB_APPEND_TAIL));
	m = cluster(0);
	ck_assert(!append(m, SB_APPEND_TAIL));
	m_freem(&bench.mp, m);
	while (sb.sb_n_records > 0)
		sb_drop_mbuf(&sb, &bench.mp);
	for (int i = 0; i < 4; i++)
		ck_assert(append(cluster(1), SB_APPEND_TAIL));
	m = cluster(1);
	ck_assert(!append(m, SB_APPEND_TAIL));
	m_freem(&bench.mp, m);
}
END_TEST

/* No mbuf for the address: no room either. */
START_TEST(no_mbuf)
{
	struct mbuf *m = cluster(100);

	mbuf_pools_limit(&bench.mp, 1, 0);
	ck_assert(!append(m, SB_APPEND_TAIL));
	mbuf_pools_limit(&bench.mp, 2, 0);
	ck_assert(append(m, SB_APPEND_TAIL));
	mbuf_pools_limit(&bench.mp, 0, 0);
}
END_TEST

/* The walk passes the records that are there; with a pointer there is none. */
START_TEST(walk)
{
	for (int i = 0; i < 4; i++)
		ck_assert(append(cluster(1), i < 3 ? SB_APPEND_WALK :
		    SB_APPEND_TAIL));
	ck_assert_int_eq(bench.ledger.n_ops[OP_SBWALK], 0 + 1 + 2);
	ck_assert_int_eq(bench.ledger.line[CAUSE_SBAPPEND].units, 0);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, counts);
	tcase_add_test(tc, goes);
	tcase_add_test(tc, room);
	tcase_add_test(tc, no_mbuf);
	tcase_add_test(tc, walk);
}

int
main(void)
{
	Suite *suite = suite_create("sockbuf_record");
	TCase *tc = tcase_create("sockbuf_record");
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
