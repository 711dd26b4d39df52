/*
 * The network controller, alone between a bus and a wire: a fetch takes 20 ns a
 * byte, a store as well; the wire takes 80 ns a byte.  Frames start when they
 * are whole; see test_nic_through.c for those that do not.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "tests/support/nic_bench.h"

enum { FETCH_NS = 20, WIRE_NS = 80 };

/* of the kind that a bench has by default (netbsd-2002.md 7) */
enum { FXP_TX_RING = 256, FXP_RX_BUFFERS = 128 };

static struct nic_bench b;

static void
start(int64_t fifo_bytes)
{
	nic_bench_init(&b, NULL, fifo_bytes);
}

/*
 * One packet of 1500 bytes: fetched 1514 * 20 ns = 30.28 us, then on the wire
 * for 1526 byte times = 122.08 us, when its entry is complete.
 */
START_TEST(one_packet)
{
	start(3072);
	nic_bench_put(&b, 5, 1500, true);
	nic_bench_run_to(&b, PS_PER_US);
	/* nobody has told it to look */
	ck_assert_int_eq(b.nic.fifo_used, 0);
	ck_assert(!nic_is_idle(&b.nic));
	nic_kick(&b.nic);
	nic_kick(&b.nic);
	ck_assert_int_eq(b.nic.fifo_used, 1514);
	nic_bench_run_to(&b, PS_PER_US + 1514 * FETCH_NS * PS_PER_NS - 1);
	ck_assert_uint_eq(b.nic.tx_fetched, 0);
	nic_bench_run(&b);
	ck_assert_int_eq(b.n_sent, 1);
	ck_assert_int_eq(b.sent[0].at, PS_PER_US +
	    (1514 * FETCH_NS + 1526 * WIRE_NS) * PS_PER_NS);
	ck_assert_uint_eq(b.sent[0].frame.conn, 1);
	ck_assert_uint_eq(b.sent[0].frame.ip_bytes, 1500);
	ck_assert_uint_eq(b.sent[0].frame.payload_bytes, 1460);
	ck_assert_uint_eq(b.sent[0].frame.th.seq, 5);
	ck_assert_uint_eq(b.sent[0].frame.content, 7005);
	ck_assert_int_eq(b.n_interrupts, 1);
	ck_assert_int_eq(b.interrupted_at, b.sent[0].at);
	ck_assert(b.nic.tx_interrupt);
	ck_assert(!b.nic.rx_interrupt);
	ck_assert_int_eq(b.nic.fifo_used, 0);
	ck_assert_int_eq(b.nic.stats.n_tx_frames, 1);
	ck_assert_int_eq(b.bus.dma_bytes[BUS_READ], 1514);
	ck_assert(!nic_is_idle(&b.nic));
	ck_assert_uint_eq(nic_tx_complete(&b.nic), 1);
	nic_bench_reclaim(&b, 5);
	ck_assert(nic_is_idle(&b.nic));
	nic_bench_fini(&b);
}
END_TEST

/* Another master has PCI up to 500 us: the fetch begins then. */
static void
nothing(void *arg)
{
	(void)arg;
}

START_TEST(pci_is_taken)
{
	struct bus_master disk = {.cause = CAUSE_DISK_DMA,
	    .dma_changing = nothing, .dma_changed = nothing};
	sim_time until = 25000 * FETCH_NS * PS_PER_NS;

	start(3072);
	bus_dma_begin(&b.bus, &disk, BUS_WRITE, 25000, 0);
	ck_assert_int_eq(b.bus.dma_ends_at, until);
	nic_bench_put(&b, 5, 1500, true);
	nic_kick(&b.nic);
	nic_bench_run_to(&b, until);
	/* nothing of it is in the FIFO, nor can be on the wire */
	ck_assert_int_eq(nic_wire_time(&b.nic), 0);
	bus_dma_end(&b.bus, until);
	nic_bench_run(&b);
	ck_assert_int_eq(b.sent[0].at, until +
	    (1514 * FETCH_NS + 1526 * WIRE_NS) * PS_PER_NS);
	ck_assert_int_eq(b.ledger.line[CAUSE_NIC_DMA].read_bytes, 1514);
	ck_assert_int_eq(b.ledger.line[CAUSE_DISK_DMA].write_bytes, 25000);
	nic_bench_reclaim(&b, 5);
	nic_bench_fini(&b);
}
END_TEST

/*
 * The FIFO of 3072 bytes holds two frames of 1514, not three: the third's fetch
 * begins when the first has left.
 */
START_TEST(back_pressure)
{
	sim_time first_out = (1514 * FETCH_NS + 1526 * WIRE_NS) * PS_PER_NS;

	start(3072);
	for (uint32_t i = 0; i < 4; i++)
		nic_bench_put(&b, i, 1500, i == 3);
	nic_kick(&b.nic);
	nic_bench_run_to(&b, 2 * 1514 * FETCH_NS * PS_PER_NS);
	ck_assert_uint_eq(b.nic.tx_fetched, 2);
	ck_assert_int_eq(b.nic.fifo_used, 2 * 1514);
	ck_assert(!b.nic.dma_busy);
	nic_bench_run_to(&b, first_out - 1);
	ck_assert(!b.nic.dma_busy);
	nic_bench_run_to(&b, first_out);
	ck_assert(b.nic.dma_busy);
	ck_assert_uint_eq(nic_tx_complete(&b.nic), 1);
	nic_bench_run(&b);
	/* back to back all the same, in order, an interrupt for the last */
	for (int i = 0; i < 4; i++) {
		ck_assert_uint_eq(b.sent[i].frame.th.seq, (uint32_t)i);
		ck_assert_int_eq(b.sent[i].at, first_out +
		    i * 1538 * WIRE_NS * PS_PER_NS);
	}
	ck_assert_int_eq(b.n_interrupts, 1);
	ck_assert_int_eq(b.interrupted_at, b.sent[3].at);
	for (uint32_t i = 0; i < 4; i++)
		nic_bench_reclaim(&b, i);
	nic_bench_fini(&b);
}
END_TEST

/*
 * A FIFO that holds exactly two, one that holds a byte less, one that holds
 * 1538 bytes: the second is fetched when 0, 1, 1490 bytes of the first have
 * left, after 8 byte times of preamble.  The fetch of 30.28 us is over before
 * the wire is free, but for the last: 40 byte times are left then.
 */
START_TEST(fifo_edge)
{
	static const struct {
		int64_t fifo, wait, distance;
	} cases[] = {
	    {3028, 0, 1538 * WIRE_NS},
	    {3027, 9 * WIRE_NS, 1538 * WIRE_NS},
	    {1538, 1498 * WIRE_NS, 1498 * WIRE_NS + 1514 * FETCH_NS}};
	sim_time begun = (1514 * FETCH_NS + cases[_i].wait) * PS_PER_NS;

	start(cases[_i].fifo);
	nic_bench_put(&b, 0, 1500, false);
	nic_bench_put(&b, 1, 1500, false);
	nic_kick(&b.nic);
	nic_bench_run_to(&b, begun - 1);
	ck_assert(_i == 0 || !b.nic.dma_busy);
	nic_bench_run_to(&b, begun);
	ck_assert(b.nic.dma_busy);
	nic_bench_run_to(&b, begun + 1514 * FETCH_NS * PS_PER_NS);
	ck_assert_uint_eq(b.nic.tx_fetched, 2);
	nic_bench_run(&b);
	ck_assert_int_eq(b.sent[1].at - b.sent[0].at,
	    cases[_i].distance * PS_PER_NS);
	ck_assert_int_eq(b.nic.fifo_used, 0);
	ck_assert_int_eq(b.n_interrupts, 0);
	nic_bench_reclaim(&b, 0);
	nic_bench_reclaim(&b, 1);
	nic_bench_fini(&b);
}
END_TEST

/* Small packets: the FIFO counts what is fetched, the wire pads to 64. */
START_TEST(small_packets)
{
	start(3072);
	nic_bench_put(&b, 0, 40, false);
	nic_bench_put(&b, 1, 40, true);
	nic_kick(&b.nic);
	nic_bench_run(&b);
	ck_assert_int_eq(b.sent[0].at, (54 * FETCH_NS + 72 * WIRE_NS) *
	    PS_PER_NS);
	ck_assert_int_eq(b.sent[1].at - b.sent[0].at, 84 * WIRE_NS * PS_PER_NS);
	ck_assert_int_eq(b.bus.dma_bytes[BUS_READ], 2 * 54);
	nic_bench_reclaim(&b, 0);
	nic_bench_reclaim(&b, 1);
	nic_bench_fini(&b);
}
END_TEST

/*
 * Receive before transmit: what arrives while a fetch is under way is stored
 * next, before the fetches that wait.
 */
START_TEST(receive_goes_first)
{
	sim_time fetch = 1514 * FETCH_NS * PS_PER_NS;
	sim_time store = 64 * FETCH_NS * PS_PER_NS;

	start(3072);
	nic_bench_put(&b, 0, 1500, false);
	nic_bench_put(&b, 1, 1500, false);
	nic_kick(&b.nic);
	nic_bench_run_to(&b, fetch / 2);
	nic_bench_receive(&b, 100);
	nic_bench_receive(&b, 101);
	ck_assert_uint_eq(nic_rx_ready(&b.nic), 0);
	nic_bench_run_to(&b, fetch + store);
	ck_assert_uint_eq(nic_rx_ready(&b.nic), 1);
	ck_assert_uint_eq(b.nic.tx_fetched, 1);
	ck_assert(b.nic.rx_interrupt);
	nic_bench_run_to(&b, fetch + 2 * store);
	ck_assert_uint_eq(nic_rx_ready(&b.nic), 2);
	/* one interrupt line, raised for each */
	ck_assert_int_eq(b.n_interrupts, 2);
	nic_bench_run_to(&b, 2 * fetch + 2 * store);
	ck_assert_uint_eq(b.nic.tx_fetched, 2);
	nic_bench_run(&b);
	ck_assert_uint_eq(nic_rx_take(&b.nic).th.seq, 100);
	ck_assert_uint_eq(nic_rx_take(&b.nic).th.seq, 101);
	ck_assert_int_eq(b.nic.stats.n_rx_frames, 2);
	/* 40 bytes of IP are a frame of 64 */
	ck_assert_int_eq(b.bus.dma_bytes[BUS_WRITE], 2 * 64);
	nic_bench_reclaim(&b, 0);
	nic_bench_reclaim(&b, 1);
	ck_assert(nic_is_idle(&b.nic));
	nic_bench_fini(&b);
}
END_TEST

/* 128 receive buffers; a frame that finds none is lost, and counted. */
START_TEST(receive_ring_full)
{
	start(3072);
	for (uint32_t i = 0; i < FXP_RX_BUFFERS; i++)
		nic_bench_receive(&b, i);
	ck_assert_int_eq(b.nic.stats.n_rx_dropped, 0);
	nic_bench_receive(&b, 999);
	ck_assert_int_eq(b.nic.stats.n_rx_dropped, 1);
	nic_bench_run(&b);
	ck_assert_uint_eq(nic_rx_ready(&b.nic), FXP_RX_BUFFERS);
	/* stored, but not taken: there is no room yet */
	nic_bench_receive(&b, 999);
	ck_assert_int_eq(b.nic.stats.n_rx_dropped, 2);
	ck_assert(!nic_is_idle(&b.nic));
	ck_assert_uint_eq(nic_rx_take(&b.nic).th.seq, 0);
	nic_bench_receive(&b, 500);
	nic_bench_run(&b);
	for (uint32_t i = 1; i < FXP_RX_BUFFERS; i++)
		ck_assert_uint_eq(nic_rx_take(&b.nic).th.seq, i);
	ck_assert_uint_eq(nic_rx_take(&b.nic).th.seq, 500);
	ck_assert_int_eq(b.nic.stats.n_rx_frames, FXP_RX_BUFFERS + 1);
	ck_assert(nic_is_idle(&b.nic));
	nic_bench_fini(&b);
}
END_TEST

/* 256 entries; each is free when reclaimed, not when sent. */
START_TEST(transmit_ring_full)
{
	start(3072);
	for (uint32_t i = 0; i < FXP_TX_RING; i++) {
		ck_assert_uint_eq(nic_tx_room(&b.nic), FXP_TX_RING - i);
		nic_bench_put(&b, i, 40, i % 100 == 99);
	}
	ck_assert_uint_eq(nic_tx_room(&b.nic), 0);
	nic_kick(&b.nic);
	nic_bench_run(&b);
	ck_assert_int_eq(b.n_sent, FXP_TX_RING);
	ck_assert_int_eq(b.n_interrupts, 2);
	ck_assert_uint_eq(nic_tx_room(&b.nic), 0);
	ck_assert_uint_eq(nic_tx_complete(&b.nic), FXP_TX_RING);
	ck_assert_uint_eq(nic_tx_peek(&b.nic, 255)->m_th.seq, 255);
	nic_bench_reclaim(&b, 0);
	ck_assert_uint_eq(nic_tx_room(&b.nic), 1);
	/* round the end of the ring */
	nic_bench_put(&b, 256, 40, true);
	ck_assert_uint_eq(nic_tx_room(&b.nic), 0);
	nic_kick(&b.nic);
	nic_bench_run(&b);
	ck_assert_uint_eq(b.sent[256].frame.th.seq, 256);
	ck_assert_uint_eq(nic_tx_peek(&b.nic, 255)->m_th.seq, 256);
	for (uint32_t i = 1; i <= FXP_TX_RING; i++)
		nic_bench_reclaim(&b, i);
	ck_assert(nic_is_idle(&b.nic));
	nic_bench_fini(&b);
}
END_TEST

/* What is put in the ring while frames are on the wire follows them. */
START_TEST(kicked_again)
{
	start(3072);
	nic_bench_put(&b, 0, 1500, true);
	nic_kick(&b.nic);
	nic_bench_run_to(&b, 100 * PS_PER_US);
	nic_bench_put(&b, 1, 1500, true);
	nic_kick(&b.nic);
	nic_bench_run(&b);
	ck_assert_int_eq(b.sent[1].at - b.sent[0].at,
	    1538 * WIRE_NS * PS_PER_NS);
	ck_assert_int_eq(b.n_interrupts, 2);
	nic_bench_reclaim(&b, 0);
	nic_bench_reclaim(&b, 1);
	nic_bench_fini(&b);
}
END_TEST

START_TEST(ring_overrun)
{
	start(3072);
	for (uint32_t i = 0; i <= FXP_TX_RING; i++)
		nic_bench_put(&b, i, 40, false);
}
END_TEST

START_TEST(reclaimed_too_soon)
{
	start(3072);
	nic_bench_put(&b, 0, 1500, true);
	nic_kick(&b.nic);
	nic_tx_reclaim(&b.nic);
}
END_TEST

START_TEST(taken_too_soon)
{
	start(3072);
	nic_bench_receive(&b, 0);
	nic_rx_take(&b.nic);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, one_packet);
	tcase_add_test(tc, pci_is_taken);
	tcase_add_test(tc, back_pressure);
	tcase_add_loop_test(tc, fifo_edge, 0, 3);
	tcase_add_test(tc, small_packets);
	tcase_add_test(tc, receive_goes_first);
	tcase_add_test(tc, receive_ring_full);
	tcase_add_test(tc, transmit_ring_full);
	tcase_add_test(tc, kicked_again);
	tcase_add_test_raise_signal(tc, ring_overrun, SIGABRT);
	tcase_add_test_raise_signal(tc, reclaimed_too_soon, SIGABRT);
	tcase_add_test_raise_signal(tc, taken_too_soon, SIGABRT);
}

int
main(void)
{
	Suite *suite = suite_create("nic");
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
