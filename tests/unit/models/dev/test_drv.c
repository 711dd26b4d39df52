/*
 * The driver: batches, packets of too many pieces, and its interrupt handler
 * (netbsd-2002.md section 7).
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/mbuf/mbuf.h"
#include "tests/support/drv_bench.h"

enum { FXP_TX_RING = 256 };	/* netbsd-2002.md 7 */

static struct drv_bench b;

static void
start(void)
{
	drv_bench_start(&b, NULL);
}

static void
finish(void)
{
	drv_bench_finish(&b);
}

static int64_t
ops(enum kern_op op)
{
	return drv_bench_ops(&b, op);
}

static void
arrives(uint32_t number)
{
	const struct frame frame = {.conn = 1, .ip_bytes = 40,
	    .th = {.seq = number, .flags = TH_RST}};

	nic_receive(&b.host->nic, &frame);
}

/*
 * Output
 */
START_TEST(nothing_to_send)
{
	start();
	drv_bench_output(&b);
	ck_assert_int_eq(b.n_returns, 1);
	ck_assert(!kctx_has_cost(&b.k));
	ck_assert_int_eq(ops(OP_DRV_START), 0);
	finish();
}
END_TEST

/*
 * netbsd-2002.md 7: "while fewer than 256 pending, dequeue packet", "mark last
 * block of the batch with interrupt", "walk completed blocks, m_freem each".
 * Three packets of 1 + 2 mbufs: one batch, one interrupt when the last is out.
 * Loading costs DRV_START and 3 DMA_SEG each: 12 us, at splnet.
 */
START_TEST(batch)
{
	start();
	for (uint32_t i = 0; i < 3; i++)
		drv_bench_enqueue(&b, i, 2);
	drv_bench_output(&b);
	ck_assert_int_eq(b.host->if_snd.ifq_len, 0);
	ck_assert_int_eq(b.n_returns, 0);
	drv_bench_run_to(&b, 12 * PS_PER_US - 1);
	ck_assert_uint_eq(nic_tx_room(&b.host->nic), FXP_TX_RING);
	ck_assert_int_eq(b.k.task.spl, SPL_NET);
	drv_bench_run_to(&b, 12 * PS_PER_US);
	ck_assert_int_eq(b.n_returns, 1);
	ck_assert_uint_eq(nic_tx_room(&b.host->nic), FXP_TX_RING - 3);
	ck_assert(!b.host->nic.tx[0].wants_interrupt);
	ck_assert(!b.host->nic.tx[1].wants_interrupt);
	ck_assert(b.host->nic.tx[2].wants_interrupt);
	ck_assert(b.host->nic.dma_busy);
	drv_bench_run_to(&b, PS_PER_MS);
	for (uint32_t i = 0; i < 3; i++) {
		const struct frame *frame =
		    &wiretap_data(&b.tap, (int)i)->frame;

		ck_assert_uint_eq(frame->th.ack, i);
		ck_assert_uint_eq(frame->ip_bytes, 200);
	}
	/* one interrupt, three completions, nine mbufs */
	ck_assert_int_eq(b.host->drv.n_tx_interrupts, 1);
	ck_assert_int_eq(b.host->drv.n_rx_interrupts, 0);
	ck_assert_int_eq(ops(OP_INTR), 1);
	ck_assert_int_eq(ops(OP_DRV_TXDONE), 3);
	ck_assert_int_eq(ops(OP_MFREE), 9);
	ck_assert_int_eq(ops(OP_DMA_SEG), 9);
	ck_assert_int_eq(b.host->identity.n_wrong, 0);
	finish();
}
END_TEST

/*
 * netbsd-2002.md 7: "256 pending: stalled until tx interrupt", "then restart
 * output".  What is left on the queue goes when the interrupt of the batch's
 * last packet has been served.
 */
START_TEST(more_than_the_ring)
{
	start();
	for (uint32_t i = 0; i < 300; i++)
		drv_bench_enqueue(&b, i, 1);
	drv_bench_output(&b);
	ck_assert_int_eq(b.host->if_snd.ifq_len, 300 - FXP_TX_RING);
	/* nothing fits now: a second start finds no room */
	drv_bench_run_to(&b, 2 * PS_PER_MS);
	ck_assert_uint_eq(nic_tx_room(&b.host->nic), 0);
	drv_bench_output(&b);
	ck_assert_int_eq(b.n_returns, 2);
	ck_assert_int_eq(b.host->if_snd.ifq_len, 300 - FXP_TX_RING);
	drv_bench_run_to(&b, 100 * PS_PER_MS);
	ck_assert_int_eq(b.host->if_snd.ifq_len, 0);
	ck_assert_int_eq(b.host->drv.n_tx_interrupts, 2);
	for (int i = 0; i < 300; i++)
		ck_assert_uint_eq(wiretap_data(&b.tap, i)->frame.th.ack,
		    (uint32_t)i);
	finish();
}
END_TEST

/*
 * netbsd-2002.md 7: "more than 16 segments: copy the whole packet".  The chip
 * takes sixteen pieces, 1 + 15; a packet of one more is copied.
 */
START_TEST(too_many_pieces)
{
	const struct ledger_line *line;
	int64_t n = 15 + _i;

	start();
	drv_bench_enqueue(&b, 0, 1);
	drv_bench_enqueue(&b, 1, (uint32_t)n);
	drv_bench_enqueue(&b, 2, 1);
	drv_bench_output(&b);
	drv_bench_run_to(&b, PS_PER_MS);
	line = &b.host->ledger.line[CAUSE_DRIVER_COPY];
	ck_assert_int_eq(b.host->drv.n_copied, _i);
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
	ck_assert_uint_eq(wiretap_data(&b.tap, 1)->frame.th.ack, 1);
	ck_assert_uint_eq(wiretap_data(&b.tap, 1)->frame.payload_bytes,
	    (uint32_t)(80 * n));
	ck_assert_uint_eq(wiretap_data(&b.tap, 1)->frame.content,
	    content_name(1, 0));
	ck_assert_uint_eq(wiretap_data(&b.tap, 2)->frame.th.ack, 2);
	ck_assert_int_eq(b.host->identity.n_fetches, 3);
	ck_assert_int_eq(b.host->identity.n_wrong, 0);
	finish();
}
END_TEST

/*
 * Nor is there an mbuf for the copy: that packet is dropped and freed, all 17
 * of it, when its pieces have been counted; the others go.
 */
START_TEST(no_room_for_a_copy)
{
	start();
	drv_bench_enqueue(&b, 0, 1);
	drv_bench_enqueue(&b, 1, 16);
	drv_bench_enqueue(&b, 2, 1);
	b.host->mbufs.is_limited = true;
	b.host->mbufs.mbuf_limit = pool_in_use(&b.host->mbufs.mbufs);
	drv_bench_output(&b);
	drv_bench_run_to(&b, PS_PER_MS);
	ck_assert_int_eq(b.host->nobufs.n_driver, 1);
	ck_assert_int_eq(b.host->drv.n_copied, 0);
	ck_assert_int_eq(ops(OP_DMA_SEG), 2 + 17 + 2);
	ck_assert_int_eq(ops(OP_MFREE), 2 + 17 + 2);
	ck_assert_int_eq(ops(OP_MGET), 0);
	ck_assert_int_eq(wiretap_count_data(&b.tap, PS_PER_MS), 2);
	ck_assert_uint_eq(wiretap_data(&b.tap, 1)->frame.th.ack, 2);
	b.host->mbufs.is_limited = false;
	finish();
}
END_TEST

START_TEST(batch_in_a_batch)
{
	start();
	drv_bench_enqueue(&b, 0, 1);
	drv_bench_output(&b);
	drv_start(&b.k);
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
	drv_bench_run_to(&b, 1280 * PS_PER_NS - 1);
	ck_assert(!b.host->drv.is_running);
	drv_bench_run_to(&b, 1280 * PS_PER_NS);
	ck_assert(b.host->drv.is_running);
	ck_assert_uint_eq(b.host->softnet.n, 0);
	drv_bench_run_to(&b, 3280 * PS_PER_NS);
	ck_assert_uint_eq(b.host->softnet.n, 1);
	ck_assert(!b.host->drv.is_running);
	drv_bench_run_to(&b, PS_PER_MS);
	ck_assert_int_eq(ops(OP_INTR), 1);
	ck_assert_int_eq(ops(OP_DRV_RX), 1);
	ck_assert_int_eq(ops(OP_TCP_INPUT), 1);
	ck_assert_int_eq(b.host->drv.n_rx_interrupts, 1);
	ck_assert_int_eq(b.host->drv.n_tx_interrupts, 0);
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
	drv_bench_run_to(&b, 10 * PS_PER_US);
	ck_assert(!b.host->drv.is_running);
	ck_assert_int_eq(ops(OP_INTR), 1);
	ck_assert_int_eq(ops(OP_DRV_RX), 2);
	ck_assert_int_eq(b.host->drv.n_rx_interrupts, 1);
	ck_assert_int_eq(cpu_stats_now(&b.host->cpu)->busy_ps[CPU_HARDINT],
	    3 * PS_PER_US);
	arrives(2);
	drv_bench_run_to(&b, PS_PER_MS);
	ck_assert_int_eq(ops(OP_INTR), 2);
	ck_assert_int_eq(b.host->drv.n_rx_interrupts, 2);
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
	kctx_op(&b.k, OP_SOFTINT, 20);	/* 20 us */
	kctx_spend(&b.k, SPL_NET, unmasked);
	for (uint32_t i = 0; i < 5; i++)
		arrives(i);
	drv_bench_run_to(&b, 20 * PS_PER_US);
	ck_assert_uint_eq(nic_rx_ready(&b.host->nic), 5);
	drv_bench_run_to(&b, PS_PER_MS);
	ck_assert_int_eq(ops(OP_INTR), 1);
	ck_assert_int_eq(ops(OP_DRV_RX), 5);
	ck_assert_int_eq(ops(OP_TCP_INPUT), 5);
	ck_assert_int_eq(b.host->cpu.stats.n_masked[CPU_HARDINT], 1);
	/* raised at 1.28 us, served at 20 us */
	ck_assert_int_eq(b.host->cpu.stats.masked_ps[CPU_HARDINT],
	    (20000 - 1280) * PS_PER_NS);
	finish();
}
END_TEST

/* After each pass the driver looks at the interface queue as well. */
START_TEST(restarts_output)
{
	start();
	drv_bench_enqueue(&b, 0, 1);
	arrives(0);
	drv_bench_run_to(&b, PS_PER_MS);
	ck_assert_int_eq(b.host->if_snd.ifq_len, 0);
	ck_assert_int_eq(wiretap_count_data(&b.tap, PS_PER_MS), 1);
	ck_assert_int_eq(b.host->drv.n_tx_interrupts, 1);
	ck_assert_int_eq(b.host->drv.n_rx_interrupts, 1);
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
	drv_bench_run_to(&b, at);
	drv_bench_enqueue(&b, number, 18);
	drv_bench_output(&b);
	drv_bench_run_to(&b, at + 10 * PS_PER_MS);
	ck_assert_int_eq(b.host->nic.stats.n_tx_underruns, n_underruns);
	ck_assert_uint_eq(b.host->nic.tx[number].threshold, threshold);
	ck_assert_int_eq(wiretap_count_data(&b.tap, at + 10 * PS_PER_MS),
	    number + 1);
}

START_TEST(underruns_raise_the_threshold)
{
	start();
	b.host->drv.tx_threshold = 8;
	b.host->bus.dma_rate[BUS_READ][false] = 2 * 10000000;
	b.host->bus.dma_rate[BUS_READ][true] = 2 * 10000000;
	send_at(500 * PS_PER_MS, 0, 1, 8);
	send_at(1500 * PS_PER_MS, 1, 2, 8);
	ck_assert_int_eq(b.host->drv.tx_threshold, 8);
	drv_bench_run_to(&b, 2 * PS_PER_S - 1);
	ck_assert_int_eq(b.host->drv.tx_threshold, 8);
	drv_bench_run_to(&b, 2 * PS_PER_S);
	ck_assert_int_eq(b.host->drv.tx_threshold, 520);
	send_at(2500 * PS_PER_MS, 2, 2, 520);
	/* the underrun of the second second is read at 3 s */
	drv_bench_run_to(&b, 3 * PS_PER_S);
	ck_assert_int_eq(b.host->drv.tx_threshold, 1032);
	/* and then there is nothing more to find */
	ck_assert(!cal_is_scheduled(&b.host->drv.tick));
	send_at(5500 * PS_PER_MS, 3, 2, 1032);
	ck_assert_int_eq(b.host->drv.tx_threshold, 1032);
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
	b.host->drv.tx_threshold = cases[_i].first;
	b.host->nic.stats.n_tx_underruns = 1;
	drv_underrun(b.host);
	drv_bench_run_to(&b, 10 * PS_PER_S);
	ck_assert_int_eq(b.host->drv.tx_threshold, cases[_i].then);
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
	tcase_add_test(tc, no_room_for_a_copy);
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
