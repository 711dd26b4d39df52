/*
 * The network controller that does not wait for whole frames: thresholds, the
 * latency of PCI, underruns.
 *
 * Memory gives a byte in 10 ns, PCI in PCI_NS; the wire takes one in 80 ns,
 * 8 of preamble first.  A packet of 1500 bytes is 1514 in the FIFO, 1526 byte
 * times with preamble and FCS, 1538 with the gap.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/nic_bench.h"

#define NS	PS_PER_NS

enum { WIRE_NS = 80, FIFO_BYTES = 3072 };

static struct nic_bench b;

static void
start(int64_t pci_bps, sim_time pci_latency, uint32_t threshold)
{
	struct bus_config memory = nic_bench_bus();

	memory.pci_bps = pci_bps;
	memory.pci_latency = pci_latency;
	nic_bench_init(&b, &memory, FIFO_BYTES);
	b.threshold = threshold;
}

static void
put_full(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		nic_bench_put(&b, i, 1500, i == n - 1);
	nic_kick(&b.nic);
}

static void
reclaim_all(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		nic_bench_reclaim(&b, i);
	ck_assert(nic_is_idle(&b.nic));
	nic_bench_fini(&b);
}

/*
 * begin + latency + threshold at 20 ns a byte: then the preamble; the last bit
 * arrives 1526 byte times after.
 */
START_TEST(starts_at_its_threshold)
{
	static const struct {
		sim_time latency;
		uint32_t threshold, counts;
	} cases[] = {{0, 1, 1}, {0, 512, 512}, {480 * NS, 512, 512},
	    {480 * NS, 1513, 1513}, {480 * NS, 1514, 1514},
	    {480 * NS, 1515, 1514}, {1, 2040, 1514}};
	sim_time begun = PS_PER_US;
	sim_time starts = begun + cases[_i].latency +
	    cases[_i].counts * 20 * NS;

	start(50000000, cases[_i].latency, cases[_i].threshold);
	nic_bench_run_to(&b, begun);
	put_full(1);
	/* the wire's use so far is told at any date */
	nic_bench_run_to(&b, starts);
	ck_assert_int_eq(nic_wire_time(&b.nic), 0);
	if (cases[_i].counts < 1514) {
		nic_bench_run_to(&b, starts + 7);
		ck_assert_int_eq(nic_wire_time(&b.nic), 7);
	}
	nic_bench_run(&b);
	ck_assert_int_eq(nic_wire_time(&b.nic), 0);
	ck_assert_int_eq(b.nic.tx[0].starts_at, starts);
	ck_assert_int_eq(b.sent[0].at, starts + 1526 * WIRE_NS * NS);
	ck_assert_int_eq(b.interrupted_at, b.sent[0].at);
	ck_assert_int_eq(b.n_underruns, 0);
	ck_assert_int_eq(b.n_verified, 1);
	reclaim_all(1);
}
END_TEST

/* In its latency a transfer keeps nobody from the memory. */
START_TEST(latency_leaves_the_bus)
{
	start(50000000, 480 * NS, 512);
	put_full(1);
	ck_assert(b.nic.dma_busy);
	nic_bench_run_to(&b, 480 * NS - 1);
	ck_assert(!b.bus.dma_active);
	nic_bench_run_to(&b, 480 * NS);
	ck_assert(b.bus.dma_active);
	nic_bench_run_to(&b, (480 + 1514 * 20) * NS - 1);
	ck_assert(b.bus.dma_active);
	nic_bench_run_to(&b, (480 + 1514 * 20) * NS);
	ck_assert(!b.bus.dma_active && !b.nic.dma_busy);
	/* 10 ns a byte of the memory itself, and none for the latency */
	ck_assert_int_eq(b.bus.dma_busy_ps, 15140 * NS);
	/* stores wait as well: 64 bytes, 20 ns each */
	nic_bench_receive(&b, 9);
	nic_bench_run_to(&b, (480 + 1514 * 20 + 480 + 1280) * NS - 1);
	ck_assert_uint_eq(nic_rx_ready(&b.nic), 0);
	nic_bench_run_to(&b, (480 + 1514 * 20 + 480 + 1280) * NS);
	ck_assert_uint_eq(nic_rx_ready(&b.nic), 1);
	nic_rx_take(&b.nic);
	nic_bench_run(&b);
	reclaim_all(1);
}
END_TEST

/* A frame that waits for the wire starts right behind the one before it. */
START_TEST(back_to_back)
{
	start(50000000, 480 * NS, 512);
	put_full(5);
	nic_bench_run(&b);
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(b.sent[i].at, (480 + 512 * 20 +
		    (1526 + i * 1538) * WIRE_NS) * NS);
	ck_assert_int_eq(b.n_underruns, 0);
	reclaim_all(5);
}
END_TEST

/* PCI at 132 MB/s, or just at the wire's 12.5: never, from 1 byte on. */
START_TEST(fast_enough)
{
	start(_i == 0 ? 132000000 : 12500000, 480 * NS, 1);
	put_full(20);
	nic_bench_run(&b);
	ck_assert_int_eq(b.n_sent, 20);
	ck_assert_int_eq(b.n_underruns, 0);
	ck_assert_int_eq(b.n_verified, 20);
	reclaim_all(20);
}
END_TEST

/*
 * 10 MB/s: 100 ns a byte.  With a threshold of T bytes the frame starts at
 * 100 T; byte n is needed at 100 T + 80 (8 + n) and there at 100 (n + 1): late
 * if 20 n > 100 T + 540.  T = 8: n > 67: 68 bytes are good; with 4 of FCS and
 * 12 of gap the wire is taken for 92 byte times.  The fetch goes on to its end
 * at 151.4 us; the second ends at 302.8 us, and then the frame is whole.
 */
START_TEST(cut)
{
	sim_time whole = 2 * 151400 * NS;

	start(10000000, 0, 8);
	put_full(1);
	/* after 5 us of it: 800 + 5000 */
	nic_bench_run_to(&b, 5800 * NS);
	ck_assert_int_eq(nic_wire_time(&b.nic), 5000 * NS);
	/* cut long ago, and known to be: no more than it took */
	nic_bench_run_to(&b, 100000 * NS);
	ck_assert_int_eq(nic_wire_time(&b.nic), 92 * WIRE_NS * NS);
	nic_bench_run_to(&b, 151400 * NS);
	ck_assert_int_eq(b.n_underruns, 1);
	ck_assert_int_eq(b.nic.stats.n_tx_underruns, 1);
	ck_assert_int_eq(b.wire.link.n_cut, 1);
	ck_assert_int_eq(b.wire.link.n_frames, 0);
	ck_assert_int_eq(b.wire.link.wire_bytes, 92);
	ck_assert_int_eq(b.wire.link.busy_ps, 92 * WIRE_NS * NS);
	ck_assert_int_eq(b.wire.link.free_at, (800 + 92 * WIRE_NS) * NS);
	/* its room is still its own, its entry not complete */
	ck_assert_int_eq(b.nic.fifo_used, 1514);
	ck_assert_uint_eq(nic_tx_complete(&b.nic), 0);
	nic_bench_run(&b);
	ck_assert_int_eq(b.n_sent, 1);
	ck_assert_int_eq(b.sent[0].at, whole + 1526 * WIRE_NS * NS);
	ck_assert_int_eq(b.wire.link.wire_bytes, 92 + 1538);
	/* both fetches read memory, and both were held against the content */
	ck_assert_int_eq(b.bus.dma_bytes[BUS_READ], 2 * 1514);
	ck_assert_int_eq(b.ledger.line[CAUSE_NIC_DMA].read_bytes, 2 * 1514);
	ck_assert_int_eq(b.n_verified, 2);
	ck_assert_int_eq(b.n_underruns, 1);
	ck_assert_int_eq(b.nic.fifo_used, 0);
	reclaim_all(1);
}
END_TEST

/*
 * The same race: the last byte, 1513, is late if 20 * 1513 > 100 T + 540, that
 * is up to T = 297; from 298 on there is no underrun.
 */
START_TEST(threshold_is_enough)
{
	start(10000000, 480 * NS, (uint32_t)(297 + _i));
	put_full(1);
	nic_bench_run(&b);
	ck_assert_int_eq(b.n_underruns, 1 - _i);
	if (_i == 0)
		/* all but the last byte had gone out */
		ck_assert_int_eq(b.wire.link.wire_bytes,
		    8 + 1513 + 4 + 12 + 1538);
	reclaim_all(1);
}
END_TEST

/* A threshold of the frame or more waits for all of it: none at any rate. */
START_TEST(whole_frames_never)
{
	start(1000000, 480 * NS, (uint32_t)(1514 + _i));
	put_full(3);
	nic_bench_run(&b);
	ck_assert_int_eq(b.n_underruns, 0);
	/* 1 us a byte: the wire waits for each */
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(b.sent[i].at, (i + 1) * (480 + 1514000) * NS +
		    1526 * WIRE_NS * NS);
	reclaim_all(3);
}
END_TEST

/*
 * A frame that has to wait for the wire has a head start: while the first one,
 * fetched whole, takes 123.04 us of it, 1230 bytes of the second come, and the
 * other 284 in the next 28.36 us; the wire needs 121.68 to come to the last.
 */
START_TEST(head_start)
{
	start(10000000, 0, 1514);
	nic_bench_put(&b, 0, 1500, false);
	b.threshold = 8;
	nic_bench_put(&b, 1, 1500, true);
	nic_kick(&b.nic);
	nic_bench_run(&b);
	ck_assert_int_eq(b.n_underruns, 0);
	ck_assert_int_eq(b.sent[1].at - b.sent[0].at, 1538 * WIRE_NS * NS);
	reclaim_all(2);
}
END_TEST

/*
 * Received frames go between a cut frame and its retry, and frames behind it
 * keep their order.
 */
START_TEST(order_is_kept)
{
	start(10000000, 0, 8);
	put_full(3);
	nic_bench_run_to(&b, 10 * PS_PER_US);
	nic_bench_receive(&b, 50);
	nic_bench_run_to(&b, (151400 + 6400) * NS);
	ck_assert_uint_eq(nic_rx_ready(&b.nic), 1);
	ck_assert_uint_eq(b.nic.tx_fetched, 0);
	ck_assert(b.nic.is_retry);
	nic_rx_take(&b.nic);
	nic_bench_run(&b);
	ck_assert_int_eq(b.n_sent, 3);
	for (uint32_t i = 0; i < 3; i++)
		ck_assert_uint_eq(b.sent[i].frame.th.seq, i);
	ck_assert_int_eq(b.n_verified, 3 + b.n_underruns);
	ck_assert_int_eq(b.wire.link.n_cut, b.n_underruns);
	ck_assert_int_eq(b.n_interrupts, 2);
	reclaim_all(3);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, starts_at_its_threshold, 0, 7);
	tcase_add_test(tc, latency_leaves_the_bus);
	tcase_add_test(tc, back_to_back);
	tcase_add_loop_test(tc, fast_enough, 0, 2);
	tcase_add_test(tc, cut);
	tcase_add_loop_test(tc, threshold_is_enough, 0, 2);
	tcase_add_loop_test(tc, whole_frames_never, 0, 2);
	tcase_add_test(tc, head_start);
	tcase_add_test(tc, order_is_kept);
}

int
main(void)
{
	Suite *suite = suite_create("nic, cut-through");
	TCase *tc = tcase_create("nic");
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
