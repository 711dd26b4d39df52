/*
 * The driver: batches, packets of too many pieces, and its interrupt handler
 * (netbsd-2002.md section 7).
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "models/mbuf/chain.h"
#include "models/socket/socket.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"
#include "tests/support/wiretap.h"

static struct crank crank;
static struct wiretap tap;
static struct kctx k;
static struct host *host;
static int n_returns;

static void
returned(struct kctx *ctx)
{
	(void)ctx;
	n_returns++;
}

/* The peer knows of no connection here: it would answer with a RST. */
static bool
keep_from_peer(void *arg, struct frame *frame, bool to_peer)
{
	(void)arg;
	(void)frame;
	return !to_peer;
}

/*
 * A host with one socket, closed: a RST that comes in for it changes nothing,
 * and is not answered.
 */
static void
start(void)
{
	struct world_config config = machine_config();

	config.host.ifq_maxlen = 1000;
	crank_init(&crank, &config, 0);
	cal_hold(&crank.world.cal);
	wiretap_attach(&tap, &crank.world);
	tap.filter = keep_from_peer;
	host = &crank.world.host;
	crank_socket(host, 16384);
	kctx_init(&k, host, "test", CPU_SOFTINT);
	n_returns = 0;
}

static void
finish(void)
{
	cal_release(&crank.world.cal);
	ck_assert(nic_is_idle(&host->nic));
	ck_assert(!host->drv.is_running);
	machine_assert_empty(host);
	crank_abandon(&crank);
}

static void
run_to(sim_time at)
{
	ck_assert_int_eq(crank_until(&crank, at), WORLD_LIMIT);
}

static void
start_output(void)
{
	kctx_call(&k, returned);
	drv_start(&k);
}

/* A segment of pieces of 80 bytes each, headers besides: 1 + n mbufs. */
static void
enqueue(uint32_t number, uint32_t n_pieces)
{
	struct mbuf *m = m_gethdr(&host->mbufs);
	struct mbuf **tail = &m->m_next;

	m->m_off = MAX_LINKHDR;
	m->m_conn = 1;
	m->m_len = m->m_hdr_len = 40;
	m->m_pkthdr_len = 40 + 80 * n_pieces;
	m->m_th.seq = 0xffff0001;
	m->m_th.ack = number;
	for (uint32_t i = 0; i < n_pieces; i++) {
		*tail = m_get(&host->mbufs);
		(*tail)->m_len = 80;
		m_name_append(*tail, 0, content_name(1, i * 80));
		tail = &(*tail)->m_next;
	}
	ck_assert(ip_enqueue(host, m));
}

static int64_t
ops(enum kern_op op)
{
	return host->ledger.n_ops[op];
}

static void
arrives(uint32_t number)
{
	const struct frame frame = {.conn = 1, .ip_bytes = 40,
	    .th = {.seq = number, .flags = TH_RST}};

	nic_receive(&host->nic, &frame);
}

/*
 * Output
 */
START_TEST(nothing_to_send)
{
	start();
	start_output();
	ck_assert_int_eq(n_returns, 1);
	ck_assert(!kctx_has_cost(&k));
	ck_assert_int_eq(ops(OP_DRV_START), 0);
	finish();
}
END_TEST

/*
 * Three packets of 1 + 2 mbufs: one batch, one interrupt when the last is out.
 * Loading costs DRV_START and 3 DMA_SEG each: 12 us, at splnet.
 */
START_TEST(batch)
{
	start();
	for (uint32_t i = 0; i < 3; i++)
		enqueue(i, 2);
	start_output();
	ck_assert_int_eq(host->if_snd.ifq_len, 0);
	ck_assert_int_eq(n_returns, 0);
	run_to(12 * PS_PER_US - 1);
	ck_assert_uint_eq(nic_tx_room(&host->nic), FXP_TX_RING);
	ck_assert_int_eq(k.task.spl, SPL_NET);
	run_to(12 * PS_PER_US);
	ck_assert_int_eq(n_returns, 1);
	ck_assert_uint_eq(nic_tx_room(&host->nic), FXP_TX_RING - 3);
	ck_assert(!host->nic.tx[0].wants_interrupt);
	ck_assert(!host->nic.tx[1].wants_interrupt);
	ck_assert(host->nic.tx[2].wants_interrupt);
	ck_assert(host->nic.dma_busy);
	run_to(PS_PER_MS);
	for (uint32_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(wiretap_data(&tap, (int)i)->frame.th.ack, i);
		ck_assert_uint_eq(wiretap_data(&tap, (int)i)->frame.ip_bytes,
		    200);
	}
	/* one interrupt, three completions, nine mbufs */
	ck_assert_int_eq(host->drv.n_tx_interrupts, 1);
	ck_assert_int_eq(host->drv.n_rx_interrupts, 0);
	ck_assert_int_eq(ops(OP_INTR), 1);
	ck_assert_int_eq(ops(OP_DRV_TXDONE), 3);
	ck_assert_int_eq(ops(OP_MFREE), 9);
	ck_assert_int_eq(ops(OP_DMA_SEG), 9);
	ck_assert_int_eq(host->identity.n_wrong, 0);
	finish();
}
END_TEST

/*
 * The ring holds 256: what is left on the queue goes when the interrupt of the
 * batch's last packet has been served.
 */
START_TEST(more_than_the_ring)
{
	start();
	for (uint32_t i = 0; i < 300; i++)
		enqueue(i, 1);
	start_output();
	ck_assert_int_eq(host->if_snd.ifq_len, 300 - FXP_TX_RING);
	/* nothing fits now: a second start finds no room */
	run_to(2 * PS_PER_MS);
	ck_assert_uint_eq(nic_tx_room(&host->nic), 0);
	start_output();
	ck_assert_int_eq(n_returns, 2);
	ck_assert_int_eq(host->if_snd.ifq_len, 300 - FXP_TX_RING);
	run_to(100 * PS_PER_MS);
	ck_assert_int_eq(host->if_snd.ifq_len, 0);
	ck_assert_int_eq(host->drv.n_tx_interrupts, 2);
	for (int i = 0; i < 300; i++)
		ck_assert_uint_eq(wiretap_data(&tap, i)->frame.th.ack,
		    (uint32_t)i);
	finish();
}
END_TEST

/* The chip takes sixteen pieces, 1 + 15; a packet of one more is copied. */
START_TEST(too_many_pieces)
{
	const struct ledger_line *line;
	int64_t n = 15 + _i;

	start();
	enqueue(0, 1);
	enqueue(1, (uint32_t)n);
	enqueue(2, 1);
	start_output();
	run_to(PS_PER_MS);
	line = &host->ledger.line[CAUSE_DRIVER_COPY];
	ck_assert_int_eq(host->drv.n_copied, _i);
	ck_assert_int_eq(line->read_bytes, _i * 80 * n);
	ck_assert_int_eq(line->write_bytes, _i * 80 * n);
	ck_assert_int_eq(ops(OP_COPY_1K), _i * 80 * n);
	/* the copy is one more mbuf, with a cluster, loaded as one piece */
	ck_assert_int_eq(ops(OP_MGET), _i);
	ck_assert_int_eq(ops(OP_MCLGET), _i);
	ck_assert_int_eq(ops(OP_DMA_SEG), 2 + (1 + n) + 2 + _i);
	/* freed: 2 + 2 mbufs, the original's 1 + n, the copy if any */
	ck_assert_int_eq(ops(OP_MFREE), 4 + 1 + n + _i);
	/* same place, same headers, same content */
	ck_assert_uint_eq(wiretap_data(&tap, 1)->frame.th.ack, 1);
	ck_assert_uint_eq(wiretap_data(&tap, 1)->frame.payload_bytes,
	    (uint32_t)(80 * n));
	ck_assert_uint_eq(wiretap_data(&tap, 1)->frame.content,
	    content_name(1, 0));
	ck_assert_uint_eq(wiretap_data(&tap, 2)->frame.th.ack, 2);
	ck_assert_int_eq(host->identity.n_fetches, 3);
	ck_assert_int_eq(host->identity.n_wrong, 0);
	finish();
}
END_TEST

START_TEST(batch_in_a_batch)
{
	start();
	enqueue(0, 1);
	start_output();
	drv_start(&k);
}
END_TEST

/*
 * The interrupt handler.  A frame of 64 bytes is stored in 1.28 us; INTR and
 * DRV_RX are 1 us each.
 */
START_TEST(one_frame)
{
	start();
	arrives(0);
	run_to(1280 * PS_PER_NS - 1);
	ck_assert(!host->drv.is_running);
	run_to(1280 * PS_PER_NS);
	ck_assert(host->drv.is_running);
	ck_assert_uint_eq(host->softnet.n, 0);
	run_to(3280 * PS_PER_NS);
	ck_assert_uint_eq(host->softnet.n, 1);
	ck_assert(!host->drv.is_running);
	run_to(PS_PER_MS);
	ck_assert_int_eq(ops(OP_INTR), 1);
	ck_assert_int_eq(ops(OP_DRV_RX), 1);
	ck_assert_int_eq(ops(OP_TCP_INPUT), 1);
	ck_assert_int_eq(host->drv.n_rx_interrupts, 1);
	ck_assert_int_eq(host->drv.n_tx_interrupts, 0);
	finish();
}
END_TEST

/*
 * The second frame is stored at 2.56 us, while the first is served: another
 * pass, but no other interrupt; the third, at 10 us, is one.
 */
START_TEST(pass_after_pass)
{
	start();
	arrives(0);
	arrives(1);
	run_to(10 * PS_PER_US);
	ck_assert(!host->drv.is_running);
	ck_assert_int_eq(ops(OP_INTR), 1);
	ck_assert_int_eq(ops(OP_DRV_RX), 2);
	ck_assert_int_eq(host->drv.n_rx_interrupts, 1);
	ck_assert_int_eq(cpu_stats_now(&host->cpu)->busy_ps[CPU_HARDINT],
	    3 * PS_PER_US);
	arrives(2);
	run_to(PS_PER_MS);
	ck_assert_int_eq(ops(OP_INTR), 2);
	ck_assert_int_eq(host->drv.n_rx_interrupts, 2);
	ck_assert_int_eq(ops(OP_TCP_INPUT), 3);
	finish();
}
END_TEST

/*
 * Held back by splnet, the handler finds all that has gathered in one pass.
 */
static void
unmasked(struct kctx *ctx)
{
	(void)ctx;
}

START_TEST(masked)
{
	start();
	kctx_op(&k, OP_SOFTINT, 20);	/* 20 us */
	kctx_spend(&k, SPL_NET, unmasked);
	for (uint32_t i = 0; i < 5; i++)
		arrives(i);
	run_to(20 * PS_PER_US);
	ck_assert_uint_eq(nic_rx_ready(&host->nic), 5);
	run_to(PS_PER_MS);
	ck_assert_int_eq(ops(OP_INTR), 1);
	ck_assert_int_eq(ops(OP_DRV_RX), 5);
	ck_assert_int_eq(ops(OP_TCP_INPUT), 5);
	ck_assert_int_eq(host->cpu.stats.n_masked[CPU_HARDINT], 1);
	/* raised at 1.28 us, served at 20 us */
	ck_assert_int_eq(host->cpu.stats.masked_ps[CPU_HARDINT],
	    (20000 - 1280) * PS_PER_NS);
	finish();
}
END_TEST

/* After each pass the driver looks at the interface queue as well. */
START_TEST(restarts_output)
{
	start();
	enqueue(0, 1);
	arrives(0);
	run_to(PS_PER_MS);
	ck_assert_int_eq(host->if_snd.ifq_len, 0);
	ck_assert_int_eq(wiretap_count_data(&tap, PS_PER_MS), 1);
	ck_assert_int_eq(host->drv.n_tx_interrupts, 1);
	ck_assert_int_eq(host->drv.n_rx_interrupts, 1);
	ck_assert_int_eq(ops(OP_INTR), 2);
	finish();
}
END_TEST

/*
 * Underruns: 10 MB/s against the wire's 12.5, a threshold of 8 bytes.  The chip
 * counts one within the first second; it writes its statistics at 1 s, the
 * driver reads them at 2 s, and what is loaded from then on asks for 520 bytes.
 * Packets of 1480 bytes are cut up to a threshold of 290: at 520 no more.
 */
static void
send_at(sim_time at, uint32_t number, int64_t n_underruns, uint32_t threshold)
{
	run_to(at);
	enqueue(number, 18);
	start_output();
	run_to(at + 10 * PS_PER_MS);
	ck_assert_int_eq(host->nic.stats.n_tx_underruns, n_underruns);
	ck_assert_uint_eq(host->nic.tx[number].threshold, threshold);
	ck_assert_int_eq(wiretap_count_data(&tap, at + 10 * PS_PER_MS),
	    number + 1);
}

START_TEST(underruns_raise_the_threshold)
{
	start();
	host->drv.tx_threshold = 8;
	host->bus.dma_rate[BUS_READ][false] = 2 * 10000000;
	host->bus.dma_rate[BUS_READ][true] = 2 * 10000000;
	send_at(500 * PS_PER_MS, 0, 1, 8);
	send_at(1500 * PS_PER_MS, 1, 2, 8);
	ck_assert_int_eq(host->drv.tx_threshold, 8);
	run_to(2 * PS_PER_S - 1);
	ck_assert_int_eq(host->drv.tx_threshold, 8);
	run_to(2 * PS_PER_S);
	ck_assert_int_eq(host->drv.tx_threshold, 520);
	send_at(2500 * PS_PER_MS, 2, 2, 520);
	/* the underrun of the second second is read at 3 s */
	run_to(3 * PS_PER_S);
	ck_assert_int_eq(host->drv.tx_threshold, 1032);
	/* and then there is nothing more to find */
	ck_assert(!cal_is_scheduled(&host->drv.tick));
	send_at(5500 * PS_PER_MS, 3, 2, 1032);
	ck_assert_int_eq(host->drv.tx_threshold, 1032);
	finish();
}
END_TEST

/* From 1536 on a threshold is above any frame: no higher. */
START_TEST(threshold_has_an_end)
{
	static const struct {
		int64_t first, then;
	} cases[] = {{1024, 1536}, {1535, 2047}, {1536, 1536}, {2040, 2040}};

	start();
	host->drv.tx_threshold = cases[_i].first;
	host->nic.stats.n_tx_underruns = 1;
	drv_underrun(host);
	run_to(10 * PS_PER_S);
	ck_assert_int_eq(host->drv.tx_threshold, cases[_i].then);
	finish();
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, nothing_to_send);
	tcase_add_test(tc, batch);
	tcase_add_test(tc, more_than_the_ring);
	tcase_add_loop_test(tc, too_many_pieces, 0, 2);
	tcase_add_test_raise_signal(tc, batch_in_a_batch, SIGABRT);
	tcase_add_test(tc, one_frame);
	tcase_add_test(tc, pass_after_pass);
	tcase_add_test(tc, masked);
	tcase_add_test(tc, restarts_output);
	tcase_add_test(tc, underruns_raise_the_threshold);
	tcase_add_loop_test(tc, threshold_has_an_end, 0, 4);
}

int
main(void)
{
	Suite *suite = suite_create("drv");
	TCase *tc = tcase_create("drv");
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
