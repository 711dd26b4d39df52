/*
 * Atomic messages: how sosend cuts a datagram up, and when it takes none of it.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/machine.h"
#include "tests/support/udp_bench.h"

static struct udp_bench b;

static void
start(bool sosend_loan)
{
	struct world_config config = udp_bench_config(sosend_loan);

	udp_bench_init(&b, &config, 9216);
}

/* What it was made of, since the start. */
static void
assert_made_of(int64_t loans, int64_t clusters, int64_t small)
{
	const struct sosend_counters *c = &b.host->sosend_counters;

	ck_assert_int_eq(c->loan_big, loans);
	ck_assert_int_eq(c->copy_big, clusters);
	ck_assert_int_eq(c->copy_small, small);
}

/*
 * netbsd-2002.md 1, 6.c and 6.d: the first cluster leaves max_hdr of 56 bytes
 * free and holds 1992; a rest of 453 bytes is worth another one, less goes into
 * mbufs: 216 bytes in the first of a message, 236 in others.  A cluster also
 * asks for 2048 bytes of room: of the whole buffer's 9216 four clusters leave
 * 1080, which take five mbufs.
 */
START_TEST(cut_up_by_copying)
{
	static const struct {
		int64_t len, clusters, small;
	} row[] = {
		{1, 0, 1}, {216, 0, 1}, {217, 0, 2}, {452, 0, 2}, {453, 1, 0},
		{1992, 1, 0}, {1993, 1, 1}, {4040, 2, 0}, {4096, 2, 1},
		{8192, 4, 1}, {9216, 4, 5}};
	int64_t clusters = 0, small = 0;

	start(false);
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		ck_assert_int_eq(udp_bench_send(&b, 0, row[i].len),
		    row[i].len);
		clusters += row[i].clusters;
		small += row[i].small;
		assert_made_of(0, clusters, small);
		/* the whole chain first: one PRU_SEND each */
		ck_assert_int_eq(udp_bench_ops(&b, OP_UDP_OUTPUT),
		    (int64_t)i + 1);
		ck_assert_int_eq(b.so->udp.stats.n_written, (int64_t)i + 1);
	}
	ck_assert_int_eq(b.so->stats.bytes_loaned, 0);
	udp_bench_fini(&b);
}
END_TEST

/*
 * netbsd-2002.md 6.2: pieces of 4096 and more are lent, up to a whole datagram;
 * 9000 aligned bytes are 3 pages, 9216 at most 4.
 */
START_TEST(lent_as_a_whole)
{
	static const struct {
		int64_t offset, len, pages;
	} row[] = {
		{0, 4096, 1}, {0, 8192, 2}, {0, 9000, 3}, {0, 9216, 3},
		{4095, 9216, 4}, {1, 4096, 2}};
	int64_t pages = 0;

	start(true);
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		ck_assert_int_eq(udp_bench_send(&b, row[i].offset,
		    row[i].len), row[i].len);
		pages += row[i].pages;
		ck_assert_int_eq(b.host->vm.stats.n_loaned, pages);
		assert_made_of((int64_t)i + 1, 0, 0);
	}
	ck_assert_int_eq(b.so->stats.bytes_copied, 0);
	udp_bench_fini(&b);
}
END_TEST

/* netbsd-2002.md 6.2: datagrams < 4096 are copied: 1992, 2048 and 55 bytes */
START_TEST(too_short_to_lend)
{
	start(true);
	ck_assert_int_eq(udp_bench_send(&b, 0, 4095), 4095);
	assert_made_of(0, 2, 1);
	ck_assert_int_eq(b.so->stats.bytes_copied, 4095);
	udp_bench_fini(&b);
}
END_TEST

/* A piece of at most sock_loan_chunk; what is left of 8192 bytes is copied. */
START_TEST(lent_in_part)
{
	struct world_config config = udp_bench_config(true);

	config.host.sosend.sock_loan_chunk = 4096 + 512;
	udp_bench_init(&b, &config, 9216);
	ck_assert_int_eq(udp_bench_send(&b, 0, 8192), 8192);
	/* 3584 left: clusters of 2048 and 1536, not the first of the message */
	assert_made_of(1, 2, 0);
	ck_assert_int_eq(b.so->stats.bytes_loaned, 4608);
	udp_bench_rest(&b, 10 * PS_PER_MS);
	ck_assert_int_eq(b.peer->n_datagrams, 1);
	udp_bench_fini(&b);
}
END_TEST

/*
 * netbsd-2002.md 6.1: udp_sendspace is the largest datagram, EMSGSIZE above;
 * nothing of it is taken.
 */
START_TEST(larger_than_the_buffer)
{
	start(true);
	ck_assert_int_eq(udp_bench_send(&b, 0, 9217), SYS_EMSGSIZE);
	ck_assert_int_eq(b.so->stats.bytes_written, 0);
	ck_assert_int_eq(b.so->udp.stats.n_written, 0);
	ck_assert_uint_eq(pool_in_use(&b.host->mbufs.mbufs), 0);
	ck_assert(!b.so->so_snd.sb_is_locked);
	ck_assert_int_eq(udp_bench_send(&b, 0, 9216), 9216);
	udp_bench_fini(&b);
}
END_TEST

/*
 * netbsd-2002.md 1, 5: atomic, it waits until all of it fits, whatever the
 * low-water mark is: 9116 bytes free are too few for 9216 and enough for 9116.
 */
START_TEST(waits_for_room_for_all)
{
	start(false);
	b.so->so_snd.sb_cc = 100;
	ck_assert_int_eq(udp_bench_send(&b, 0, 9116), 9116);
	ck_assert(crank_post(&b.crank, 0, (struct sys_call){.nr = SYS_SENDTO,
	    .fd = b.fd, .addr = b.addr, .len = 9216}));
	/* nobody else will do anything: that is no deadlock yet */
	cal_hold(&b.crank.world.cal);
	udp_bench_rest(&b, 10 * PS_PER_MS);
	cal_release(&b.crank.world.cal);
	ck_assert_int_eq(b.p->state, PROC_ASLEEP);
	ck_assert_ptr_eq(b.p->sleeps_on, &b.so->so_snd.sb_wait);
	b.so->so_snd.sb_cc = 0;
	proc_wakeup(&b.so->so_snd.sb_wait, NULL);
	ck_assert_int_eq(crank_wait(&b.crank, 0), 9216);
	udp_bench_fini(&b);
}
END_TEST

/*
 * A page that is not there, behind a cluster, a loan and one cluster more: all
 * of it is given back, and the next datagram has the place of this one.
 */
START_TEST(fault_in_the_middle)
{
	struct world_config config = udp_bench_config(true);

	config.host.sosend.sock_loan_chunk = 4096;
	udp_bench_init(&b, &config, 9216);
	ck_assert_int_eq(udp_bench_send(&b, UDP_BENCH_BUFFER - 6144, 8192),
	    SYS_EFAULT);
	assert_made_of(1, 2, 0);
	ck_assert_int_eq(b.so->stats.bytes_written, 0);
	ck_assert_int_eq(b.so->stats.bytes_loaned, 0);
	ck_assert_int_eq(b.so->stats.bytes_copied, 0);
	/* the loan waits for the next call */
	ck_assert_uint_eq(b.so->pendfree.n, 1);
	ck_assert_uint_eq(pool_in_use(&b.host->mbufs.mbufs), 1);
	ck_assert_int_eq(udp_bench_send(&b, 0, 8192), 8192);
	udp_bench_rest(&b, 10 * PS_PER_MS);
	ck_assert_int_eq(b.peer->bytes_received, 8192);
	ck_assert_int_eq(b.peer->bytes_wrong, 0);
	udp_bench_fini(&b);
}
END_TEST

/* Nothing is queued in it: the buffer is only a limit (netbsd-2002.md 6.2). */
START_TEST(keeps_nothing)
{
	start(false);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(udp_bench_send(&b, 0, 9216), 9216);
		ck_assert_int_eq(b.so->so_snd.sb_cc, 0);
		ck_assert_int_eq(b.so->so_snd.sb_mbcnt, 0);
	}
	udp_bench_fini(&b);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sosend_dgram");
	TCase *tc = tcase_create("sosend_dgram");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, cut_up_by_copying);
	tcase_add_test(tc, lent_as_a_whole);
	tcase_add_test(tc, too_short_to_lend);
	tcase_add_test(tc, lent_in_part);
	tcase_add_test(tc, larger_than_the_buffer);
	tcase_add_test(tc, waits_for_room_for_all);
	tcase_add_test(tc, fault_in_the_middle);
	tcase_add_test(tc, keeps_nothing);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
