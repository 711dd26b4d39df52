/*
 * The path of each piece: at the edges of thresholds and chunks, from every 64
 * bytes of a page; and counters that were counted by hand.
 * netbsd-2002.md 1 steps 6 b to d, 2.2, 2.3 steps 1, 2 and 9, 2.6, 4.1, 4.4.
 */
#include <check.h>
#include <stdlib.h>

#include "models/host.h"
#include "tests/support/writer.h"

enum { BUFFER = 196608, MAX_WRITES = 4 };

static struct world_config config;
static struct writer w;

static void
setup(void)
{
	config = writer_config(true);
}

static void
teardown(void)
{
	writer_audit(w.host, "at the end");
	writer_fini(&w);
}

/*
 * What the specification says of a write with room for all of it, worked out
 * without the model: the kind of the next piece depends on what is left only.
 */
enum piece_kind { PIECE_LOAN, PIECE_CLUSTER, PIECE_SMALL };

struct piece {
	enum piece_kind kind;
	int64_t len;
	int64_t first_page, n_pages;	/* of the buffer, of a loan */
};

static struct piece
next_piece(int64_t at, int64_t left)
{
	struct piece piece = {.kind = PIECE_SMALL, .len = 216};

	if (left >= 4096) {
		piece.kind = PIECE_LOAN;
		piece.len = left < 65536 ? left : 65536;
		piece.first_page = at / 4096;
		/* the page of the last byte is the last one */
		piece.n_pages =
		    (at + piece.len - 1) / 4096 - piece.first_page + 1;
	} else if (left >= 216 + 236 + 1) {
		piece.kind = PIECE_CLUSTER;
		piece.len = 2048;
	}
	if (piece.len > left)
		piece.len = left;
	return piece;
}

static enum piece_kind
kind_of(const struct mbuf *m)
{
	if (m->m_ext == NULL)
		return PIECE_SMALL;
	return m_loan(m) != NULL ? PIECE_LOAN : PIECE_CLUSTER;
}

static void
assert_loan(const struct m_loan *loan, int64_t at, const struct piece *piece)
{
	const struct vm_slot *slot = vm_find_slot(&w.p->space, w.addr);

	ck_assert_int_eq(loan->n_pages, piece->n_pages);
	ck_assert_int_eq(loan->first_offset, at % 4096);
	/* as counted by mbcnt: not rounded to pages */
	ck_assert_int_eq(loan->ext.size, piece->len);
	for (int64_t i = 0; i < piece->n_pages; i++)
		ck_assert_ptr_eq(loan->pages[i],
		    slot[piece->first_page + i].page);
}

static void
assert_pieces(int64_t at, int64_t len)
{
	const struct mbuf *m = w.so->so_snd.sb_mb;

	for (; len > 0; m = m->m_next) {
		struct piece piece = next_piece(at, len);

		ck_assert_msg(m != NULL && kind_of(m) == piece.kind &&
		    m->m_len == piece.len,
		    "from %d, %d left: kind %d and length %d expected",
		    (int)at, (int)len, (int)piece.kind, (int)piece.len);
		if (piece.kind == PIECE_LOAN)
			assert_loan(m_loan(m), at, &piece);
		at += piece.len;
		len -= piece.len;
	}
	ck_assert_ptr_null(m);
}

static const int64_t edges[] = {
	452, 453, 2047, 2048, 2049, 4095, 4096, 4097, 65535, 65536, 65537,
	65536 + 4095, 65536 + 4096
};
enum { N_EDGES = sizeof edges / sizeof edges[0] };

START_TEST(test_edges)
{
	for (int64_t align = 0; align < 4096; align += 64) {
		writer_init(&w, &config, 1, 200000, BUFFER);
		ck_assert_int_eq(writer_write(&w, align, edges[_i]),
		    edges[_i]);
		assert_pieces(align, edges[_i]);
		if (align + 64 < 4096)
			teardown();
	}
}
END_TEST

/*
 * Counted by hand.  All writes of a case go into one empty buffer of 200000,
 * so mbufs and clusters are those of the send buffer afterwards.
 *
 *	1	100 = one small mbuf
 *	2	three times 50: three small mbufs, merged into the first (150 of
 *		its 216 bytes)
 *	3	216, then 1: the first is full, so there are two
 *	4	453: a cluster; then 100: clusters take nothing in
 *	5	2500: a cluster, then 452 = 216 + 216 + 20, the 20 in an mbuf of
 *		its own
 *	6	4095: clusters of 2048 and 2047
 *	7	4096 twice, from one page: the page is lent twice
 *	8	8192 from 2048: pages 0, 1 and 2 at once; then 4096 from 8192:
 *		page 2 once more
 *	9	65536 from 1: 17 pages; then 65536 from 0: 16 pages
 *	10	70000: a loan of 65536, 16 pages, and one of 4464, 2 pages
 *	11	69000: 65536, then 3464: 2048 and 1416
 *	12	4096 and 452 and 4096: pages 0; 216 + 216 + 20; page 1 and, as
 *		it begins at 4548, page 2
 */
static const struct {
	struct {
		int64_t offset, len;
	} writes[MAX_WRITES];
	struct way way;
	int64_t n_mbufs, n_clusters;
} cases[] = {
	{{{0, 100}}, {.copy_small = 1, .pru_sends = 1, .turns = 1,
	    .taken = 100}, 1, 0},
	{{{0, 50}, {50, 50}, {100, 50}}, {.copy_small = 3, .pru_sends = 3,
	    .turns = 3, .taken = 150}, 1, 0},
	{{{0, 216}, {216, 1}}, {.copy_small = 2, .pru_sends = 2, .turns = 2,
	    .taken = 217}, 2, 0},
	{{{0, 453}, {453, 100}}, {.copy_big = 1, .copy_small = 1,
	    .pru_sends = 2, .turns = 2, .taken = 553}, 2, 1},
	{{{0, 2500}}, {.copy_big = 1, .copy_small = 3, .pru_sends = 4,
	    .turns = 1, .taken = 2500}, 4, 1},
	{{{0, 4095}}, {.copy_big = 2, .pru_sends = 2, .turns = 1,
	    .taken = 4095}, 2, 2},
	{{{0, 4096}, {0, 4096}}, {.loan_big = 2, .loan_pages = 2,
	    .pru_sends = 2, .turns = 2, .taken = 8192}, 2, 0},
	{{{2048, 8192}, {8192, 4096}}, {.loan_big = 2, .loan_pages = 4,
	    .pru_sends = 2, .turns = 2, .taken = 12288}, 2, 0},
	{{{1, 65536}, {0, 65536}}, {.loan_big = 2, .loan_pages = 33,
	    .pru_sends = 2, .turns = 2, .taken = 131072}, 2, 0},
	{{{0, 70000}}, {.loan_big = 2, .loan_pages = 18, .pru_sends = 2,
	    .turns = 1, .taken = 70000}, 2, 0},
	{{{0, 69000}}, {.loan_big = 1, .loan_pages = 16, .copy_big = 2,
	    .pru_sends = 3, .turns = 1, .taken = 69000}, 3, 2},
	{{{0, 4096}, {4096, 452}, {4548, 4096}}, {.loan_big = 2,
	    .loan_pages = 3, .copy_small = 3, .pru_sends = 5, .turns = 3,
	    .taken = 8644}, 5, 0},
};
enum { N_CASES = sizeof cases / sizeof cases[0] };

START_TEST(test_counts)
{
	int64_t n_clusters = 0;

	/* the first segment must not take data away before all is counted */
	writer_init(&w, &config, 1, 200000, BUFFER);
	for (int i = 0; i < MAX_WRITES && cases[_i].writes[i].len > 0; i++)
		ck_assert_int_eq(writer_write(&w, cases[_i].writes[i].offset,
		    cases[_i].writes[i].len), cases[_i].writes[i].len);
	writer_assert_path(&w, cases[_i].way);
	ck_assert_int_eq(w.so->so_snd.sb_n_mbufs, cases[_i].n_mbufs);
	for (const struct mbuf *m = w.so->so_snd.sb_mb; m != NULL;
	    m = m->m_next)
		n_clusters += kind_of(m) == PIECE_CLUSTER;
	ck_assert_int_eq(n_clusters, cases[_i].n_clusters);
	ck_assert_int_eq(w.host->kva.socurkva,
	    cases[_i].way.loan_pages * PAGE_SIZE);
	ck_assert_int_eq((int64_t)pool_in_use(&w.host->mbufs.loans),
	    cases[_i].way.loan_big);
}
END_TEST

/*
 * "kva limit": one for each sleep.  Three pieces of 64 KB and a budget of one:
 * the second and the third sleep once each, as each is woken when the one
 * before it has been acknowledged to its end.
 */
START_TEST(test_count_kva)
{
	config.host.somaxkva = 65536;
	writer_init(&w, &config, 1, 200000, BUFFER);
	ck_assert_int_eq(writer_write(&w, 0, 196608), 196608);
	ck_assert_int_eq(writer_path(&w).kva_limit, 2);
	ck_assert_int_eq(writer_path(&w).loan_big, 3);
	ck_assert_int_eq(writer_path(&w).loan_pages, 48);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pieces");
	TCase *tc = tcase_create("pieces");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_edges, 0, N_EDGES);
	tcase_add_loop_test(tc, test_counts, 0, N_CASES);
	tcase_add_test(tc, test_count_kva);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
