/*
 * Fragments put together: any order, copies, overlaps, and those that wait for
 * ever.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/machine.h"
#include "tests/support/udp_rx.h"

static struct udp_rx b;
static const struct ip_stats *stats;

static void
start_with(int64_t ip_maxfragpackets)
{
	struct world_config config = machine_config();

	config.duration = 100 * PS_PER_S;
	config.host.ip_maxfragpackets = ip_maxfragpackets;
	udp_rx_init(&b, &config, 0);
	stats = &b.host->frags.stats;
}

static void
start(void)
{
	start_with(200);
}

static void
settle(void)
{
	udp_rx_rest(&b, PS_PER_MS);
}

/* The i-th of four: 5000 bytes are 1472 + 1480 + 1480 + 568. */
static void
part(uint16_t id, int i)
{
	static const uint32_t ends[] = {0, 1472, 2952, 4432, 5000};

	udp_rx_frame(&b, id, ends[i], ends[i + 1], i < 3);
}

/* All 24 orders; the price: one IP_INPUT and IP_REASS each, one UDP_INPUT. */
START_TEST(any_order)
{
	int order[4], rest = _i;
	bool is_taken[4] = {false};

	for (int i = 0; i < 4; i++) {
		int nth = rest % (4 - i);

		rest /= 4 - i;
		for (order[i] = 0; is_taken[order[i]] || nth-- > 0;)
			order[i]++;
		is_taken[order[i]] = true;
	}
	start();
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(b.host->udp_in.n_delivered, 0);
		part(1, order[i]);
		settle();
	}
	ck_assert_int_eq(b.host->udp_in.n_delivered, 1);
	ck_assert_int_eq(stats->ips_fragments, 4);
	ck_assert_int_eq(stats->ips_reassembled, 1);
	ck_assert_ptr_null(b.host->frags.queues);
	ck_assert_int_eq(udp_rx_ops(&b, OP_IP_INPUT), 4);
	ck_assert_int_eq(udp_rx_ops(&b, OP_IP_REASS), 4);
	ck_assert_int_eq(udp_rx_ops(&b, OP_UDP_INPUT), 1);
	ck_assert_int_eq(udp_rx_ops(&b, OP_CKSUM_1K), 5000);
	ck_assert_int_eq(udp_rx_read(&b, 9000), 5000);
	udp_rx_fini(&b);
}
END_TEST

/* What has come already is dropped; a copy after the end opens a new queue. */
START_TEST(copies)
{
	start();
	part(1, 1);
	part(1, 1);
	part(1, 0);
	part(1, 0);
	part(1, 3);
	settle();
	ck_assert_int_eq(stats->ips_fragdropped, 2);
	ck_assert_int_eq(ip_waiting(&b.host->frags), 3);
	part(1, 2);
	settle();
	ck_assert_int_eq(stats->ips_reassembled, 1);
	part(1, 2);
	settle();
	ck_assert_int_eq(stats->ips_fragdropped, 2);
	ck_assert_int_eq(ip_waiting(&b.host->frags), 1);
	ck_assert_int_eq(udp_rx_read(&b, 9000), 5000);
	/* at the end of the run it goes, and is counted */
	crank_call(&b.crank, 0, (struct sys_call){.nr = SYS_CLOSE,
	    .fd = b.fd});
	udp_rx_fini(&b);
	ck_assert_int_eq(stats->n_drained, 1);
	ck_assert_int_eq(stats->n_lost, 1);
}
END_TEST

/*
 * Pieces that overlap: in front, what is there already is cut off; behind, what
 * the new one covers goes, and the next one keeps its rest.
 */
START_TEST(overlaps)
{
	start();
	udp_rx_frame(&b, 1, 800, 1600, true);
	settle();
	udp_rx_frame(&b, 1, 1200, 2000, true);		/* keeps 1600 on */
	settle();
	udp_rx_frame(&b, 1, 2400, 2800, true);
	udp_rx_frame(&b, 1, 2800, 3200, true);
	settle();
	ck_assert_int_eq(stats->ips_fragdropped, 0);
	/* covers 2400 .. 2799, and takes 200 of the one behind */
	udp_rx_frame(&b, 1, 2000, 3000, true);
	settle();
	ck_assert_int_eq(stats->ips_fragdropped, 1);
	udp_rx_frame(&b, 1, 3200, 3333, false);
	udp_rx_frame(&b, 1, 0, 800, true);
	settle();
	ck_assert_int_eq(stats->ips_reassembled, 1);
	ck_assert_int_eq(udp_rx_read(&b, 9000), 3333);
	udp_rx_fini(&b);
}
END_TEST

/*
 * IPFRAGTTL: 60 slow ticks, which come at 0.5 s and so on: what came before the
 * first is dropped at the sixtieth, 30 s.  Freeing is at splsoftnet's expense.
 */
START_TEST(time_out)
{
	int64_t frees;

	start();
	part(1, 0);
	part(1, 3);
	settle();
	part(2, 2);
	crank_until(&b.crank, 30 * PS_PER_S - PS_PER_MS);
	ck_assert_int_eq(ip_waiting(&b.host->frags), 3);
	frees = udp_rx_ops(&b, OP_MFREE);
	crank_until(&b.crank, 30 * PS_PER_S + PS_PER_MS);
	ck_assert_int_eq(ip_waiting(&b.host->frags), 0);
	ck_assert_int_eq(stats->ips_fragtimeout, 2);
	ck_assert_int_eq(stats->n_lost, 3);
	ck_assert_int_eq(udp_rx_ops(&b, OP_MFREE) - frees, 3);
	/* the rest comes too late */
	part(1, 1);
	part(1, 2);
	settle();
	ck_assert_int_eq(ip_waiting(&b.host->frags), 2);
	ck_assert_int_eq(b.host->udp_in.n_delivered, 0);
	udp_rx_fini(&b);
}
END_TEST

/* ip_maxfragpackets: those of one datagram more are dropped, not the others. */
START_TEST(limit)
{
	start_with(2);
	part(1, 0);
	part(2, 0);
	part(3, 0);
	settle();
	ck_assert_int_eq(stats->ips_fragdropped, 1);
	for (int i = 1; i < 4; i++) {
		part(2, i);
		part(3, i);
	}
	settle();
	/* id 2 is whole, and made room for the last of id 3 */
	ck_assert_int_eq(stats->ips_reassembled, 1);
	ck_assert_int_eq(stats->ips_fragdropped, 3);
	ck_assert_int_eq(ip_waiting(&b.host->frags), 2);
	udp_rx_fini(&b);
}
END_TEST

/* 0 is none at all, -1 no limit */
START_TEST(no_fragments)
{
	start_with(_i == 0 ? 0 : -1);
	for (int i = 0; i < 4; i++)
		part(1, i);
	settle();
	ck_assert_int_eq(stats->ips_fragdropped, _i == 0 ? 4 : 0);
	ck_assert_int_eq(stats->ips_reassembled, _i);
	udp_rx_fini(&b);
}
END_TEST

/*
 * An id that comes round while an old queue waits: a datagram of pieces of two,
 * which the sum finds out.
 */
START_TEST(id_comes_round)
{
	start();
	part(1, 0);
	part(1, 1);
	settle();
	b.place += 5000;
	part(1, 2);
	part(1, 3);
	settle();
	ck_assert_int_eq(stats->ips_reassembled, 1);
	ck_assert_int_eq(b.host->udp_in.udps_badsum, 1);
	ck_assert_int_eq(b.host->udp_in.n_delivered, 0);
	ck_assert_uint_eq(pool_in_use(&b.host->mbufs.mbufs), 0);
	udp_rx_fini(&b);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, any_order, 0, 24);
	tcase_add_test(tc, copies);
	tcase_add_test(tc, overlaps);
	tcase_add_test(tc, time_out);
	tcase_add_test(tc, limit);
	tcase_add_loop_test(tc, no_fragments, 0, 2);
	tcase_add_test(tc, id_comes_round);
}

int
main(void)
{
	Suite *suite = suite_create("ip_reass");
	TCase *tc = tcase_create("ip_reass");
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
