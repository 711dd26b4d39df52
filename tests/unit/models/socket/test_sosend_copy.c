/*
 * The copy path: clusters, small mbufs, faults and faulty addresses.
 * netbsd-2002.md 1, steps 6 c to g.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/writer.h"

static struct world_config config;
static struct writer w;

static void
setup(void)
{
	config = writer_config(false);
	writer_init(&w, &config, 1, 131072, 65536 + 2 * PAGE_SIZE);
}

static void
teardown(void)
{
	writer_audit(w.host, "at the end");
	writer_fini(&w);
}

/*
 * A write of a size, with room for all of it.  While at least 453 bytes are
 * left: a cluster of up to 2048; then small mbufs of up to 216.
 *
 *	452	216 + 216 + 20
 *	4095	2048 + 2047
 *	65535	31 * 2048 = 63488, and 2047
 */
static const struct {
	int64_t len, big, small;
} sizes[] = {
	{1, 0, 1},
	{215, 0, 1},
	{216, 0, 1},
	{217, 0, 2},
	{432, 0, 2},
	{433, 0, 3},
	{452, 0, 3},
	{453, 1, 0},
	{2047, 1, 0},
	{2048, 1, 0},
	{2049, 1, 1},
	{2500, 1, 3},
	{2501, 2, 0},
	{4095, 2, 0},
	{4096, 2, 0},
	{4097, 2, 1},
	{65535, 32, 0},
	{65536, 32, 0},
	{65537, 32, 1},
};
enum { N_SIZES = sizeof sizes / sizeof sizes[0] };

/* Each size from four places in a page: neither path nor price depends on it */
static const int64_t aligns[4] = {0, 1, 2048, 4095};

START_TEST(test_path)
{
	int64_t len = sizes[_i / 4].len;
	int64_t big = sizes[_i / 4].big, small = sizes[_i / 4].small;
	const struct ledger *ledger = &w.host->ledger;

	ck_assert_int_eq(writer_write(&w, aligns[_i % 4], len), len);
	writer_assert_path(&w, (struct way){.copy_big = big,
	    .copy_small = small, .pru_sends = big + small, .turns = 1,
	    .taken = len});
	ck_assert_int_eq(w.so->so_snd.sb_cc, len);
	ck_assert_int_eq(w.so->so_snd.sb_mbcnt,
	    big * (256 + 2048) + small * 256);
	ck_assert_int_eq(w.so->stats.bytes_copied, len);
	ck_assert_int_eq(w.so->stats.bytes_loaned, 0);
	ck_assert_int_eq(ledger->n_ops[OP_UIOMOVE], big + small);
	ck_assert_int_eq(ledger->n_ops[OP_MCLGET], big);
	/* every byte is read and written once; 100 cycles for a uiomove */
	ck_assert_int_eq(ledger->line[CAUSE_COPYIN].read_bytes, len);
	ck_assert_int_eq(ledger->line[CAUSE_COPYIN].write_bytes, len);
	ck_assert_int_eq(ledger->line[CAUSE_COPYIN].units,
	    (len + 100 * (big + small)) * COST_UNITS_PER_CYCLE);
	ck_assert_int_eq(w.host->kva.peak, 0);
	ck_assert_uint_eq(m_content(w.so->so_snd.sb_mb, 0),
	    content_name(w.so->so_id, 0));
}
END_TEST

/* A second write goes on where the first ended, in names and in mbufs. */
START_TEST(test_second_write)
{
	ck_assert_int_eq(writer_write(&w, 0, 100), 100);
	ck_assert_int_eq(writer_write(&w, 0, 116), 116);
	/* 216 bytes fit the mbuf of the first one */
	ck_assert_uint_eq(w.so->so_snd.sb_n_mbufs, 1);
	ck_assert_int_eq(writer_write(&w, 0, 1), 1);
	ck_assert_uint_eq(w.so->so_snd.sb_n_mbufs, 2);
	ck_assert_int_eq(writer_write(&w, 0, 453), 453);
	ck_assert_uint_eq(w.so->so_snd.sb_n_mbufs, 3);
	ck_assert_uint_eq(m_content(w.so->so_snd.sb_mb, 0),
	    content_name(w.so->so_id, 0));
	writer_assert_path(&w, (struct way){.copy_big = 1, .copy_small = 3,
	    .pru_sends = 4, .turns = 4, .taken = 670});
}
END_TEST

/*
 * The room decides.  A first write of 131072 - room, copied; then one of 4000:
 * a cluster only while 2048 bytes of room are left, then as many small mbufs as
 * fill the rest; the program sleeps with the remainder.  By memory there is
 * room: 64 clusters take 147456 of 262144.
 *
 *	2919	cluster; 871 = 4 * 216 + 7
 *	2920	cluster; 872 = 4 * 216 + 8 (two segments of 1460 acknowledged)
 *	3999	cluster; 1951 = 9 * 216 + 7
 */
static const struct {
	int64_t room, big, small, taken;
} rooms[] = {
	{2048, 1, 0, 2048},
	{2049, 1, 1, 2049},
	{2264, 1, 1, 2264},
	{2265, 1, 2, 2265},
	{2919, 1, 5, 2919},
	{2920, 1, 5, 2920},
	{3999, 1, 10, 3999},
};

START_TEST(test_room)
{
	int64_t room = rooms[_i].room;
	int64_t first = 131072 - room;

	for (int64_t n = first; n > 0; n -= 65536)
		ck_assert_int_gt(writer_write(&w, 0, n < 65536 ? n : 65536),
		    0);
	ck_assert_int_eq(sb_space(&w.so->so_snd), room);
	writer_mark(&w);
	writer_post(&w, 100, 4000);
	ck_assert(writer_is_asleep(&w, 0, &w.so->so_snd.sb_wait));
	ck_assert_int_eq(sb_space(&w.so->so_snd), 0);
	writer_assert_path(&w, (struct way){.copy_big = rooms[_i].big,
	    .copy_small = rooms[_i].small,
	    .pru_sends = rooms[_i].big + rooms[_i].small, .turns = 2,
	    .taken = rooms[_i].taken});
	ck_assert_int_eq(crank_wait(&w.crank, 0), 4000);
}
END_TEST

/* With room for all but 1952 bytes after the cluster: small ones for them. */
START_TEST(test_room_for_all)
{
	ck_assert_int_eq(writer_write(&w, 0, 65536), 65536);
	ck_assert_int_eq(writer_write(&w, 0, 131072 - 65536 - 4095),
	    131072 - 65536 - 4095);
	writer_mark(&w);
	ck_assert_int_eq(writer_write(&w, 0, 4000), 4000);
	/* 1952 = 9 * 216 + 8 */
	writer_assert_path(&w, (struct way){.copy_big = 1, .copy_small = 10,
	    .pru_sends = 11, .turns = 1, .taken = 4000});
}
END_TEST

/* Reading what was never touched gives zeroes: a fault, and a page. */
START_TEST(test_untouched)
{
	int64_t addr = crank_call(&w.crank, 0,
	    (struct sys_call){.nr = SYS_MMAP, .len = 2 * PAGE_SIZE});
	int64_t zeroed = w.host->vm.stats.n_zero_fills;

	ck_assert_int_eq(crank_write(&w.crank, 0, w.fd,
	    (uint64_t)addr + 4000, 1000), 1000);
	ck_assert_int_eq(w.host->vm.stats.n_zero_fills - zeroed, 2);
	writer_assert_path(&w, (struct way){.copy_big = 1, .pru_sends = 1,
	    .turns = 1, .taken = 1000});
}
END_TEST

/* Nothing mapped at all: the mbuf goes back, the counter stays bumped. */
START_TEST(test_efault)
{
	uint64_t free_mbufs = pool_in_use(&w.host->mbufs.mbufs);

	ck_assert_int_eq(crank_write(&w.crank, 0, w.fd, 4096, 100),
	    SYS_EFAULT);
	ck_assert_int_eq(crank_write(&w.crank, 0, w.fd, 4096, 453),
	    SYS_EFAULT);
	ck_assert_uint_eq(pool_in_use(&w.host->mbufs.mbufs), free_mbufs);
	ck_assert_uint_eq(pool_in_use(&w.host->mbufs.clusters), 0);
	ck_assert(!w.so->so_snd.sb_is_locked);
	writer_assert_path(&w, (struct way){.copy_big = 1, .copy_small = 1,
	    .turns = 2});
	/* no harm done */
	ck_assert_int_eq(writer_write(&w, 0, 100), 100);
}
END_TEST

/*
 * The buffer of 73728 bytes ends after 5000: two clusters lie in it, of the
 * third 904 bytes do.  What was taken stays taken and is what the program
 * hears of; the third cluster is lost, with what was copied into it.
 */
START_TEST(test_efault_after_some)
{
	ck_assert_int_eq(writer_write(&w, 73728 - 5000, 8000), 4096);
	writer_assert_path(&w, (struct way){.copy_big = 3, .pru_sends = 2,
	    .turns = 1, .taken = 4096});
	ck_assert_int_eq(w.so->so_snd.sb_cc, 4096);
	ck_assert_uint_eq(m_content(w.so->so_snd.sb_mb, 0),
	    content_name(w.so->so_id, 0));
	/* the lost bytes had no place in the stream: these have it */
	ck_assert_int_eq(writer_write(&w, 0, 100), 100);
	ck_assert_uint_eq(m_content(w.so->so_snd.sb_mb, 0),
	    content_name(w.so->so_id, 0));
}
END_TEST

/* Up to the last mapped byte, and one further. */
START_TEST(test_efault_edge)
{
	ck_assert_int_eq(writer_write(&w, 73728 - 2048, 2048), 2048);
	ck_assert_int_eq(writer_write(&w, 73728 - 2047, 2048), SYS_EFAULT);
	ck_assert_int_eq(writer_write(&w, 73728, 1), SYS_EFAULT);
}
END_TEST

/* Without the option nothing is counted; what happens is the same. */
START_TEST(test_no_counters)
{
	writer_fini(&w);
	config.host.sosend.sosend_counters = false;
	writer_init(&w, &config, 1, 131072, 65536);
	ck_assert_int_eq(writer_write(&w, 0, 2049), 2049);
	writer_assert_path(&w, (struct way){.pru_sends = 2, .turns = 1,
	    .taken = 2049});
}
END_TEST

static Suite *
copy_suite(void)
{
	const int n_rooms = (int)(sizeof rooms / sizeof rooms[0]);
	Suite *suite = suite_create("sosend_copy");
	TCase *tc = tcase_create("sosend_copy");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_path, 0, N_SIZES * 4);
	tcase_add_test(tc, test_second_write);
	tcase_add_loop_test(tc, test_room, 0, n_rooms);
	tcase_add_test(tc, test_room_for_all);
	tcase_add_test(tc, test_untouched);
	tcase_add_test(tc, test_efault);
	tcase_add_test(tc, test_efault_after_some);
	tcase_add_test(tc, test_efault_edge);
	tcase_add_test(tc, test_no_counters);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(copy_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
