/*
 * The network controller, alone between a bus and a wire.
 *
 * Memory and PCI as in the machine of round numbers: a fetch takes 20 ns a
 * byte, a store as well; the wire takes 80 ns a byte.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "models/dev/nic.h"
#include "models/mbuf/chain.h"

enum { MAX_FRAMES = 300, FETCH_NS = 20, WIRE_NS = 80 };

static struct calendar cal;
static struct ledger ledger;
static struct bus bus;
static struct wire wire;
static struct mbuf_pools pools;
static struct nic nic;
static struct {
	sim_time at;
	struct frame frame;
} sent[MAX_FRAMES];
static int n_sent, n_interrupts;
static sim_time interrupted_at;

static void
nothing(void *arg)
{
	(void)arg;
}

static void
deliver(void *arg, const struct frame *frame)
{
	(void)arg;
	sent[n_sent].at = cal.now;
	sent[n_sent++].frame = *frame;
}

static void
interrupt(void *arg)
{
	ck_assert_ptr_eq(arg, &nic);
	n_interrupts++;
	interrupted_at = cal.now;
}

/* Content is named by the place of the packet, whatever it is. */
static uint64_t
verify(void *arg, const struct mbuf *m)
{
	(void)arg;
	return 7000 + m->m_th.seq;
}

static void
start(int64_t fifo_bytes)
{
	const struct link_config link = {100000000, 0};
	const struct bus_config memory = {100000000, 50000000, 50000000};
	const struct nic_config config = {fifo_bytes};
	const struct nic_ports ports = {&wire, interrupt, verify, &nic};

	cal_init(&cal);
	bus_init(&bus, &memory, &ledger);
	bus.changing = bus.changed = nothing;
	wire_init(&wire, &cal, &link, deliver, NULL);
	mbuf_pools_init(&pools);
	nic_init(&nic, &config, &cal, &bus, &ports);
	ck_assert(nic_is_idle(&nic));
	n_sent = n_interrupts = 0;
}

static void
run(void)
{
	ck_assert_int_eq(cal_run(&cal, SIM_TIME_NEVER), CAL_IDLE);
}

static void
run_to(sim_time at)
{
	cal_run(&cal, at);
	cal.now = at;
}

static void
finish(void)
{
	ck_assert_uint_eq(pool_in_use(&pools.mbufs), 0);
	ck_assert_uint_eq(pool_in_use(&pools.clusters), 0);
	mbuf_pools_fini(&pools);
	wire_fini(&wire);
	cal_fini(&cal);
}

/* A packet of that many bytes of IP, 40 of them headers; numbered. */
static void
put(uint32_t number, uint32_t ip_bytes, bool wants_interrupt)
{
	struct mbuf *m = m_gethdr(&pools);

	m->m_conn = 1;
	m->m_hdr_len = 40;
	m->m_pkthdr_len = ip_bytes;
	m->m_th.seq = number;
	nic_tx_put(&nic, m, wants_interrupt);
}

static void
reclaim(uint32_t number)
{
	struct mbuf *m;

	ck_assert_uint_eq(nic_tx_peek(&nic, 0)->m_th.seq, number);
	m = nic_tx_reclaim(&nic);
	ck_assert_uint_eq(m->m_th.seq, number);
	m_freem(&pools, m);
}

static void
receive(uint32_t number)
{
	const struct frame frame = {.conn = 1, .ip_bytes = 40,
	    .th = {.seq = number}};

	nic_receive(&nic, &frame);
}

/*
 * One packet of 1500 bytes: fetched 1514 * 20 ns = 30.28 us, then on the wire
 * for 1526 byte times = 122.08 us, when its entry is complete.
 */
START_TEST(one_packet)
{
	start(3072);
	put(5, 1500, true);
	run_to(PS_PER_US);
	/* nobody has told it to look */
	ck_assert_int_eq(nic.fifo_used, 0);
	ck_assert(!nic_is_idle(&nic));
	nic_kick(&nic);
	nic_kick(&nic);
	ck_assert_int_eq(nic.fifo_used, 1514);
	run_to(PS_PER_US + 1514 * FETCH_NS * PS_PER_NS - 1);
	ck_assert_uint_eq(nic.tx_fetched, 0);
	run();
	ck_assert_int_eq(n_sent, 1);
	ck_assert_int_eq(sent[0].at, PS_PER_US +
	    (1514 * FETCH_NS + 1526 * WIRE_NS) * PS_PER_NS);
	ck_assert_uint_eq(sent[0].frame.conn, 1);
	ck_assert_uint_eq(sent[0].frame.ip_bytes, 1500);
	ck_assert_uint_eq(sent[0].frame.payload_bytes, 1460);
	ck_assert_uint_eq(sent[0].frame.th.seq, 5);
	ck_assert_uint_eq(sent[0].frame.content, 7005);
	ck_assert_int_eq(n_interrupts, 1);
	ck_assert_int_eq(interrupted_at, sent[0].at);
	ck_assert(nic.tx_interrupt);
	ck_assert(!nic.rx_interrupt);
	ck_assert_int_eq(nic.fifo_used, 0);
	ck_assert_int_eq(nic.stats.n_tx_frames, 1);
	ck_assert_int_eq(bus.dma_bytes[BUS_READ], 1514);
	ck_assert(!nic_is_idle(&nic));
	ck_assert_uint_eq(nic_tx_complete(&nic), 1);
	reclaim(5);
	ck_assert(nic_is_idle(&nic));
	finish();
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
		put(i, 1500, i == 3);
	nic_kick(&nic);
	run_to(2 * 1514 * FETCH_NS * PS_PER_NS);
	ck_assert_uint_eq(nic.tx_fetched, 2);
	ck_assert_int_eq(nic.fifo_used, 2 * 1514);
	ck_assert(!nic.dma_busy);
	run_to(first_out - 1);
	ck_assert(!nic.dma_busy);
	run_to(first_out);
	ck_assert(nic.dma_busy);
	ck_assert_uint_eq(nic_tx_complete(&nic), 1);
	run();
	/* back to back all the same, in order, an interrupt for the last */
	for (int i = 0; i < 4; i++) {
		ck_assert_uint_eq(sent[i].frame.th.seq, (uint32_t)i);
		ck_assert_int_eq(sent[i].at, first_out +
		    i * 1538 * WIRE_NS * PS_PER_NS);
	}
	ck_assert_int_eq(n_interrupts, 1);
	ck_assert_int_eq(interrupted_at, sent[3].at);
	for (uint32_t i = 0; i < 4; i++)
		reclaim(i);
	finish();
}
END_TEST

/* A FIFO that holds exactly two, and one that holds a byte less. */
START_TEST(fifo_edge)
{
	start(2 * 1514 - _i);
	put(0, 1500, false);
	put(1, 1500, false);
	nic_kick(&nic);
	run_to(2 * 1514 * FETCH_NS * PS_PER_NS);
	ck_assert_uint_eq(nic.tx_fetched, _i == 0 ? 2 : 1);
	run();
	/*
	 * Otherwise the second is fetched after the first has left, and the
	 * wire waits for it longer than the gap.
	 */
	ck_assert_int_eq(sent[1].at - sent[0].at, (_i == 0 ? 1538 * WIRE_NS :
	    1514 * FETCH_NS + 1526 * WIRE_NS) * PS_PER_NS);
	ck_assert_int_eq(n_interrupts, 0);
	reclaim(0);
	reclaim(1);
	finish();
}
END_TEST

/* Small packets: the FIFO counts what is fetched, the wire pads to 64. */
START_TEST(small_packets)
{
	start(3072);
	put(0, 40, false);
	put(1, 40, true);
	nic_kick(&nic);
	run();
	ck_assert_int_eq(sent[0].at, (54 * FETCH_NS + 72 * WIRE_NS) *
	    PS_PER_NS);
	ck_assert_int_eq(sent[1].at - sent[0].at, 84 * WIRE_NS * PS_PER_NS);
	ck_assert_int_eq(bus.dma_bytes[BUS_READ], 2 * 54);
	reclaim(0);
	reclaim(1);
	finish();
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
	put(0, 1500, false);
	put(1, 1500, false);
	nic_kick(&nic);
	run_to(fetch / 2);
	receive(100);
	receive(101);
	ck_assert_uint_eq(nic_rx_ready(&nic), 0);
	run_to(fetch + store);
	ck_assert_uint_eq(nic_rx_ready(&nic), 1);
	ck_assert_uint_eq(nic.tx_fetched, 1);
	ck_assert(nic.rx_interrupt);
	run_to(fetch + 2 * store);
	ck_assert_uint_eq(nic_rx_ready(&nic), 2);
	/* one interrupt line, raised for each */
	ck_assert_int_eq(n_interrupts, 2);
	run_to(2 * fetch + 2 * store);
	ck_assert_uint_eq(nic.tx_fetched, 2);
	run();
	ck_assert_uint_eq(nic_rx_take(&nic).th.seq, 100);
	ck_assert_uint_eq(nic_rx_take(&nic).th.seq, 101);
	ck_assert_int_eq(nic.stats.n_rx_frames, 2);
	/* 40 bytes of IP are a frame of 64 */
	ck_assert_int_eq(bus.dma_bytes[BUS_WRITE], 2 * 64);
	reclaim(0);
	reclaim(1);
	ck_assert(nic_is_idle(&nic));
	finish();
}
END_TEST

/* 128 receive buffers; a frame that finds none is lost, and counted. */
START_TEST(receive_ring_full)
{
	start(3072);
	for (uint32_t i = 0; i < NIC_RX_RING; i++)
		receive(i);
	ck_assert_int_eq(nic.stats.n_rx_dropped, 0);
	receive(999);
	ck_assert_int_eq(nic.stats.n_rx_dropped, 1);
	run();
	ck_assert_uint_eq(nic_rx_ready(&nic), NIC_RX_RING);
	/* stored, but not taken: there is no room yet */
	receive(999);
	ck_assert_int_eq(nic.stats.n_rx_dropped, 2);
	ck_assert(!nic_is_idle(&nic));
	ck_assert_uint_eq(nic_rx_take(&nic).th.seq, 0);
	receive(500);
	run();
	for (uint32_t i = 1; i < NIC_RX_RING; i++)
		ck_assert_uint_eq(nic_rx_take(&nic).th.seq, i);
	ck_assert_uint_eq(nic_rx_take(&nic).th.seq, 500);
	ck_assert_int_eq(nic.stats.n_rx_frames, NIC_RX_RING + 1);
	ck_assert(nic_is_idle(&nic));
	finish();
}
END_TEST

/* 256 entries; each is free when reclaimed, not when sent. */
START_TEST(transmit_ring_full)
{
	start(3072);
	for (uint32_t i = 0; i < NIC_TX_RING; i++) {
		ck_assert_uint_eq(nic_tx_room(&nic), NIC_TX_RING - i);
		put(i, 40, i % 100 == 99);
	}
	ck_assert_uint_eq(nic_tx_room(&nic), 0);
	nic_kick(&nic);
	run();
	ck_assert_int_eq(n_sent, NIC_TX_RING);
	ck_assert_int_eq(n_interrupts, 2);
	ck_assert_uint_eq(nic_tx_room(&nic), 0);
	ck_assert_uint_eq(nic_tx_complete(&nic), NIC_TX_RING);
	ck_assert_uint_eq(nic_tx_peek(&nic, 255)->m_th.seq, 255);
	reclaim(0);
	ck_assert_uint_eq(nic_tx_room(&nic), 1);
	/* round the end of the ring */
	put(256, 40, true);
	ck_assert_uint_eq(nic_tx_room(&nic), 0);
	nic_kick(&nic);
	run();
	ck_assert_uint_eq(sent[256].frame.th.seq, 256);
	ck_assert_uint_eq(nic_tx_peek(&nic, 255)->m_th.seq, 256);
	for (uint32_t i = 1; i <= NIC_TX_RING; i++)
		reclaim(i);
	ck_assert(nic_is_idle(&nic));
	finish();
}
END_TEST

/* What is put in the ring while frames are on the wire follows them. */
START_TEST(kicked_again)
{
	start(3072);
	put(0, 1500, true);
	nic_kick(&nic);
	run_to(100 * PS_PER_US);
	put(1, 1500, true);
	nic_kick(&nic);
	run();
	ck_assert_int_eq(sent[1].at - sent[0].at, 1538 * WIRE_NS * PS_PER_NS);
	ck_assert_int_eq(n_interrupts, 2);
	reclaim(0);
	reclaim(1);
	finish();
}
END_TEST

START_TEST(ring_overrun)
{
	start(3072);
	for (uint32_t i = 0; i <= NIC_TX_RING; i++)
		put(i, 40, false);
}
END_TEST

START_TEST(reclaimed_too_soon)
{
	start(3072);
	put(0, 1500, true);
	nic_kick(&nic);
	nic_tx_reclaim(&nic);
}
END_TEST

START_TEST(taken_too_soon)
{
	start(3072);
	receive(0);
	nic_rx_take(&nic);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, one_packet);
	tcase_add_test(tc, back_pressure);
	tcase_add_loop_test(tc, fifo_edge, 0, 2);
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
