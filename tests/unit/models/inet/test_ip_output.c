/*
 * Fragments, and the queue that takes all of them or none.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/machine.h"
#include "tests/support/udp_bench.h"

static struct udp_bench b;

static void
start(const struct world_config *config)
{
	udp_bench_init(&b, config, 9216);
}

static void
start_lending(void)
{
	struct world_config config = udp_bench_config(true);

	start(&config);
}

/*
 * netbsd-2002.md 6.5: (1500 - 20) rounded down to 8 is 1480.  8192 bytes and
 * UDP's 8 are 8200: five times 1480, and 800.
 */
START_TEST(fragments)
{
	uint16_t id;

	start_lending();
	ck_assert_int_eq(udp_bench_send(&b, 0, 8192), 8192);
	udp_bench_rest(&b, 10 * PS_PER_MS);
	ck_assert_int_eq(b.tap.n, 6);
	for (int i = 0; i < 5; i++)
		udp_bench_assert(&b, i, 1500, (uint32_t)i * 1480, true);
	udp_bench_assert(&b, 5, 820, 7400, false);
	id = b.tap.frames[0].frame.th.ip_id;
	for (int i = 1; i < 6; i++)
		ck_assert_uint_eq(b.tap.frames[i].frame.th.ip_id, id);
	ck_assert_uint_eq(b.tap.frames[0].frame.payload_bytes, 1472);
	ck_assert_uint_eq(b.tap.frames[5].frame.payload_bytes, 800);
	ck_assert_int_eq(b.peer->n_datagrams, 1);
	ck_assert_int_eq(b.peer->bytes_received, 8192);
	/* another datagram has another number */
	ck_assert_int_eq(udp_bench_send(&b, 0, 8192), 8192);
	udp_bench_rest(&b, 10 * PS_PER_MS);
	ck_assert_uint_ne(b.tap.frames[6].frame.th.ip_id, id);
	ck_assert_int_eq(b.so->udp.stats.n_fragments, 12);
	udp_bench_fini(&b);
}
END_TEST

/* 1472 bytes fill a packet; one more goes alone, with 20 of headers. */
START_TEST(just_too_large)
{
	start_lending();
	ck_assert_int_eq(udp_bench_send(&b, 0, 1472), 1472);
	ck_assert_int_eq(udp_bench_send(&b, 0, 1473), 1473);
	udp_bench_rest(&b, 10 * PS_PER_MS);
	ck_assert_int_eq(b.tap.n, 3);
	udp_bench_assert(&b, 0, 1500, 0, false);
	udp_bench_assert(&b, 1, 1500, 0, true);
	udp_bench_assert(&b, 2, 21, 1480, false);
	ck_assert_int_eq(b.so->udp.stats.n_packets, 3);
	ck_assert_int_eq(b.so->udp.stats.n_fragments, 2);
	ck_assert_int_eq(b.peer->bytes_received, 1472 + 1473);
	udp_bench_fini(&b);
}
END_TEST

/* netbsd-2002.md 6.5, rounding: (576 - 20) is 556, 552 of it are used. */
START_TEST(another_mtu)
{
	struct world_config config = udp_bench_config(false);

	config.host.tcp.mtu = 576;
	start(&config);
	ck_assert_int_eq(udp_bench_send(&b, 0, 1472), 1472);
	udp_bench_rest(&b, 10 * PS_PER_MS);
	/* 1480 = 552 + 552 + 376 */
	ck_assert_int_eq(b.tap.n, 3);
	udp_bench_assert(&b, 0, 572, 0, true);
	udp_bench_assert(&b, 1, 572, 552, true);
	udp_bench_assert(&b, 2, 396, 1104, false);
	ck_assert_int_eq(b.peer->n_datagrams, 1);
	udp_bench_fini(&b);
}
END_TEST

/*
 * netbsd-2002.md 6.5: each later fragment is a header mbuf and a reference.
 * One loan: its mbuf, one for the headers, and two for each of five fragments,
 * which touch one mbuf each; no byte is copied.
 */
START_TEST(by_reference)
{
	const struct ledger *ledger;

	start_lending();
	ledger = &b.host->ledger;
	ck_assert_int_eq(udp_bench_send(&b, 0, 8192), 8192);
	ck_assert_int_eq(udp_bench_ops(&b, OP_MGET), 2 + 5 * 2);
	ck_assert_int_eq(udp_bench_ops(&b, OP_MCOPY), 5);
	ck_assert_int_eq(udp_bench_ops(&b, OP_IP_FRAGMENT), 5);
	ck_assert_int_eq(ledger->line[CAUSE_IP_COPY].stored_bytes, 0);
	ck_assert_int_eq(ledger->line[CAUSE_COPYIN].stored_bytes, 0);
	/* each passes the header mbuf on its way from the first one */
	ck_assert_int_eq(udp_bench_ops(&b, OP_MWALK), 5);
	ck_assert_int_eq(ledger->line[CAUSE_TCP_OUTPUT].units, 0);
	udp_bench_fini(&b);
}
END_TEST

/*
 * Copied, 8192 bytes are clusters of 1992, 2048, 2048 and 2048, and 56 bytes in
 * an mbuf, which a reference has to copy (4.3).  The last fragment begins at
 * 7392 of them: it has 744 of the last cluster, and those 56.
 */
START_TEST(small_mbufs_are_copied)
{
	struct world_config config = udp_bench_config(false);

	start(&config);
	ck_assert_int_eq(udp_bench_send(&b, 0, 8192), 8192);
	ck_assert_int_eq(
	    b.host->ledger.line[CAUSE_IP_COPY].stored_bytes, 56);
	ck_assert_int_eq(b.host->ledger.line[CAUSE_TCP_COPY].stored_bytes, 0);
	udp_bench_rest(&b, 10 * PS_PER_MS);
	ck_assert_int_eq(b.peer->bytes_received, 8192);
	ck_assert_int_eq(b.peer->bytes_wrong, 0);
	udp_bench_fini(&b);
}
END_TEST

/*
 * netbsd-2002.md 6.4: the sum first, over the entire datagram, 8 + 8192 bytes;
 * one IP_OUTPUT, and not one for each packet.
 */
START_TEST(sum_before_fragments)
{
	start_lending();
	ck_assert_int_eq(udp_bench_send(&b, 0, 8192), 8192);
	ck_assert_int_eq(b.host->ledger.line[CAUSE_CKSUM_READ].loaded_bytes,
	    8200);
	ck_assert_int_eq(udp_bench_ops(&b, OP_CKSUM_1K), 8200);
	ck_assert_int_eq(udp_bench_ops(&b, OP_IP_OUTPUT), 1);
	udp_bench_fini(&b);
}
END_TEST

/* netbsd-2002.md 6.4: don't-fragment: EMSGSIZE, and nothing goes out. */
START_TEST(dont_fragment)
{
	start_lending();
	b.so->udp.dont_fragment = true;
	ck_assert_int_eq(udp_bench_send(&b, 0, 1473), SYS_EMSGSIZE);
	ck_assert_int_eq(b.so->udp.stats.n_refused, 1);
	ck_assert_int_eq(b.so->stats.bytes_dropped, 1473);
	ck_assert_uint_eq(pool_in_use(&b.host->mbufs.mbufs), 0);
	ck_assert_int_eq(udp_bench_send(&b, 0, 1472), 1472);
	udp_bench_rest(&b, 10 * PS_PER_MS);
	ck_assert_int_eq(b.tap.n, 1);
	ck_assert_uint_eq(b.tap.frames[0].frame.th.ip_off, IP_DF);
	ck_assert_int_eq(b.peer->n_datagrams, 1);
	udp_bench_fini(&b);
}
END_TEST

/*
 * netbsd-2002.md 6.6: six fragments do not fit a queue of five, so none is
 * queued, although the ring would take them; they fit one of six.  6.7: the
 * loan is freed at once, that is, waits for the next call.
 */
START_TEST(all_or_nothing)
{
	struct world_config config = udp_bench_config(true);

	config.host.ifq_maxlen = 5;
	start(&config);
	ck_assert_int_eq(udp_bench_send(&b, 0, 8192), SYS_ENOBUFS);
	ck_assert_int_eq(b.host->if_snd.ifq_drops, 1);
	ck_assert_int_eq(b.so->udp.stats.n_dropped, 1);
	ck_assert_int_eq(b.so->stats.bytes_dropped, 8192);
	ck_assert_uint_eq(b.so->pendfree.n, 1);
	ck_assert_int_eq(b.host->kva.socurkva, 8192);
	udp_bench_rest(&b, 10 * PS_PER_MS);
	ck_assert_int_eq(b.tap.n, 0);
	/* 7392 bytes and 8 are five fragments */
	ck_assert_int_eq(udp_bench_send(&b, 0, 7392), 7392);
	ck_assert_uint_eq(b.so->pendfree.n, 0);
	udp_bench_rest(&b, 10 * PS_PER_MS);
	ck_assert_int_eq(b.tap.n, 5);
	ck_assert_int_eq(b.peer->bytes_received, 7392);
	udp_bench_fini(&b);
}
END_TEST

/*
 * The first packet is on its way while the others are being queued: the driver
 * is called for each, and each is a batch of its own that asks for an
 * interrupt.
 */
START_TEST(started_one_by_one)
{
	start_lending();
	ck_assert_int_eq(udp_bench_send(&b, 0, 8192), 8192);
	ck_assert_int_eq(b.host->if_snd.ifq_len, 0);
	ck_assert_int_eq(udp_bench_ops(&b, OP_DRV_START), 6);
	for (uint32_t i = 0; i < 6; i++)
		ck_assert(b.host->nic.tx[i].wants_interrupt);
	udp_bench_fini(&b);
}
END_TEST

/*
 * Ring and queue full: with a CPU that takes no time, 256 packets in the ring
 * and 50 in the queue.  36 datagrams of 7 fragments are 252 packets; the 37th
 * leaves 3 of them in the queue, and 6 more fill it to 45; 5 places are left.
 */
START_TEST(full_ring_and_queue)
{
	struct world_config config = udp_bench_config(true);

	machine_set_costs(&config, 0);
	config.host.cost.op_insns[OP_CKSUM_1K] = 0;
	config.host.bus.read_bps = INT64_C(1000000000000);
	config.host.bus.write_bps = INT64_C(1000000000000);
	start(&config);
	for (int i = 0; i < 43; i++)
		ck_assert_int_eq(udp_bench_send(&b, 0, 9216), 9216);
	ck_assert_int_eq(udp_bench_send(&b, 0, 9216), SYS_ENOBUFS);
	ck_assert_int_eq(b.host->if_snd.ifq_len, 45);
	/* 5 fragments fit yet */
	ck_assert_int_eq(udp_bench_send(&b, 0, 7392), 7392);
	ck_assert_int_eq(udp_bench_send(&b, 0, 1), SYS_ENOBUFS);
	udp_bench_rest(&b, 100 * PS_PER_MS);
	ck_assert_int_eq(b.peer->n_datagrams, 44);
	ck_assert_int_eq(b.so->udp.stats.n_dropped, 2);
	udp_bench_fini(&b);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ip_output");
	TCase *tc = tcase_create("ip_output");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, fragments);
	tcase_add_test(tc, just_too_large);
	tcase_add_test(tc, another_mtu);
	tcase_add_test(tc, by_reference);
	tcase_add_test(tc, small_mbufs_are_copied);
	tcase_add_test(tc, sum_before_fragments);
	tcase_add_test(tc, dont_fragment);
	tcase_add_test(tc, all_or_nothing);
	tcase_add_test(tc, started_one_by_one);
	tcase_add_test(tc, full_ring_and_queue);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
