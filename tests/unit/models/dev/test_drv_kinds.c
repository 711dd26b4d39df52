/*
 * What the driver does differently for each kind of chip: how many packets and
 * segments, what it copies, for what it wants interrupts (netbsd-2002.md 7).
 */
#include <check.h>
#include <stdlib.h>

#include "models/mbuf/mbuf.h"
#include "tests/support/drv_bench.h"

static struct drv_bench b;
static const struct nic_traits *traits;

static void
start(enum nic_kind kind)
{
	const struct nic_config nic = {3072, 2048, kind, 1, 0};

	traits = &nic_traits[kind];
	drv_bench_start(&b, &nic);
}

/* Is every packet copied, because none is aligned? */
static bool
copies_all(void)
{
	return traits->tx_align > 1;
}

/* netbsd-2002.md 7: "256 pending -> output stalled until tx interrupt" */
START_TEST(outstanding)
{
	int64_t ring;

	start((enum nic_kind)_i);
	ring = traits->tx_packets;
	for (uint32_t i = 0; i < 300; i++)
		drv_bench_enqueue(&b, i, 1);
	drv_bench_output(&b);
	ck_assert_int_eq(b.host->if_snd.ifq_len, 300 - ring);
	drv_bench_run_to(&b, PS_PER_S);
	ck_assert_int_eq(b.host->if_snd.ifq_len, 0);
	for (int i = 0; i < 300; i++)
		ck_assert_uint_eq(wiretap_data(&b.tap, i)->frame.th.ack,
		    (uint32_t)i);
	ck_assert_int_eq(b.host->identity.n_wrong, 0);
	drv_bench_finish(&b);
}
END_TEST

/*
 * netbsd-2002.md 7: "load failure (more than 16 segments): copy the whole
 * packet".  1 + n mbufs against the chip's segments; what is not aligned is
 * copied without being loaded first.
 */
static void
send_pieces(int64_t n, bool is_copied)
{
	int64_t bytes = 80 * n;
	const struct ledger_line *line;

	drv_bench_enqueue(&b, 0, (uint32_t)n);
	drv_bench_output(&b);
	drv_bench_run_to(&b, PS_PER_MS);
	line = &b.host->ledger.line[CAUSE_DRIVER_COPY];
	ck_assert_int_eq(b.host->drv.n_copied, is_copied);
	ck_assert_int_eq(line->loaded_bytes, is_copied ? bytes : 0);
	ck_assert_int_eq(line->stored_bytes, is_copied ? bytes : 0);
	ck_assert_int_eq(drv_bench_ops(&b, OP_DMA_SEG),
	    (copies_all() ? 0 : 1 + n) + is_copied);
	ck_assert_int_eq(drv_bench_ops(&b, OP_MFREE), 1 + n + is_copied);
	ck_assert_uint_eq(wiretap_data(&b.tap, 0)->frame.content,
	    content_name(1, 0));
	ck_assert_int_eq(b.host->identity.n_wrong, 0);
	drv_bench_finish(&b);
}

START_TEST(as_many_as_it_takes)
{
	start((enum nic_kind)_i);
	if (copies_all())
		send_pieces(1, true);
	else
		send_pieces(traits->tx_segments - 1, false);
}
END_TEST

START_TEST(one_too_many)
{
	start((enum nic_kind)_i);
	send_pieces(traits->tx_segments, true);
}
END_TEST

/*
 * netbsd-2002.md 7: "a header mbuf (+ cluster if packet > MHLEN)".  14 + 40 +
 * 80 n bytes against 216: two pieces are 214, three are 294.
 */
START_TEST(small_copies)
{
	start(NIC_RTL8139);
	drv_bench_enqueue(&b, 0, 0);
	drv_bench_enqueue(&b, 1, 2);
	drv_bench_enqueue(&b, 2, 3);
	drv_bench_output(&b);
	ck_assert_uint_eq(b.k.batch->m_off, ETHER_HDR_LEN);
	drv_bench_run_to(&b, PS_PER_MS);
	ck_assert_int_eq(b.host->drv.n_copied, 3);
	ck_assert_int_eq(drv_bench_ops(&b, OP_MGET), 3);
	ck_assert_int_eq(drv_bench_ops(&b, OP_MCLGET), 1);
	ck_assert_int_eq(b.host->nic.stats.n_tx_frames, 3);
	drv_bench_finish(&b);
}
END_TEST

/*
 * An original that begins where the chip wants it, in one piece, is not copied:
 * here the Ethernet header of 14 bytes stands at offset 4.
 */
START_TEST(aligned_by_chance)
{
	start(NIC_RTL8139);
	drv_bench_enqueue(&b, 0, 0);
	b.host->if_snd.ifq_head->m_off = ETHER_HDR_LEN + 4;
	drv_bench_output(&b);
	drv_bench_run_to(&b, PS_PER_MS);
	ck_assert_int_eq(b.host->drv.n_copied, 0);
	ck_assert_int_eq(drv_bench_ops(&b, OP_DMA_SEG), 1);
	drv_bench_finish(&b);
}
END_TEST

/*
 * netbsd-2002.md 7: "TX completion interrupt: last packet of batch".  Frames
 * of 174 bytes leave 13 us apart: each is served before the next.
 */
START_TEST(interrupts)
{
	start((enum nic_kind)_i);
	for (uint32_t i = 0; i < 4; i++)
		drv_bench_enqueue(&b, i, 1);
	drv_bench_output(&b);
	drv_bench_run_to(&b, PS_PER_MS);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(b.host->nic.tx[i].wants_interrupt,
		    i == 3 || _i == NIC_RTL8139);
	ck_assert_int_eq(b.host->drv.n_tx_interrupts,
	    _i == NIC_RTL8139 ? 4 : 1);
	drv_bench_finish(&b);
}
END_TEST

/* Only fxp's driver reads statistics, and asks for more after an underrun. */
START_TEST(threshold)
{
	start((enum nic_kind)_i);
	b.host->drv.tx_threshold = 8;
	b.host->nic.stats.n_tx_underruns = 1;
	drv_underrun(b.host);
	drv_bench_run_to(&b, 3 * PS_PER_S);
	ck_assert_int_eq(b.host->drv.tx_threshold, _i == NIC_FXP ? 520 : 8);
	drv_bench_finish(&b);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, outstanding, 0, N_NIC_KINDS);
	tcase_add_loop_test(tc, as_many_as_it_takes, 0, N_NIC_KINDS);
	tcase_add_loop_test(tc, one_too_many, 0, N_NIC_KINDS);
	tcase_add_test(tc, small_copies);
	tcase_add_test(tc, aligned_by_chance);
	tcase_add_loop_test(tc, interrupts, 0, N_NIC_KINDS);
	tcase_add_loop_test(tc, threshold, 0, N_NIC_KINDS);
}

int
main(void)
{
	Suite *suite = suite_create("drv_kinds");
	TCase *tc = tcase_create("drv_kinds");
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
