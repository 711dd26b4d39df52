/*
 * The table of kinds against netbsd-2002.md 7, row by row.
 */
#include <check.h>
#include <stdlib.h>

#include "models/dev/nic.h"

static void
assert_ring(enum nic_kind kind, uint32_t packets, uint32_t segments,
    uint32_t rx_buffers)
{
	ck_assert_uint_eq(nic_traits[kind].tx_packets, packets);
	ck_assert_uint_eq(nic_traits[kind].tx_segments, segments);
	ck_assert_uint_eq(nic_traits[kind].rx_buffers, rx_buffers);
}

/* "TX packets outstanding", "DMA segments per packet", "RX buffers" */
START_TEST(rings)
{
	assert_ring(NIC_FXP, 256, 16, 128);
	assert_ring(NIC_TLP, 64, 16, 64);
	assert_ring(NIC_TLP_CLONE, 64, 1, 64);
	/* eight segments on 2002-04-01, before the mail; sixteen after it */
	assert_ring(NIC_SIP, 256, 8, 128);
	assert_ring(NIC_GSIP, 256, 8, 256);
	/* 65536 / (1514 + 4 of CRC + 4 of status) is 43 */
	assert_ring(NIC_RTL8139, 4, 1, 43);
}
END_TEST

/* "TX descriptors": 1024 and 2048; with so few packets none ever lacks one */
START_TEST(descriptors)
{
	ck_assert_uint_eq(nic_traits[NIC_TLP].tx_descriptors, 1024);
	ck_assert_uint_eq(nic_traits[NIC_SIP].tx_descriptors, 2048);
	ck_assert_uint_eq(nic_traits[NIC_GSIP].tx_descriptors, 2048);
	for (int i = 0; i < N_NIC_KINDS; i++)
		ck_assert_uint_ge(nic_traits[i].tx_descriptors,
		    nic_traits[i].tx_packets * nic_traits[i].tx_segments);
}
END_TEST

/* "checksum offload: only DP83820" */
START_TEST(sums)
{
	for (int i = 0; i < N_NIC_KINDS; i++)
		ck_assert_int_eq(nic_traits[i].sums, i == NIC_GSIP);
}
END_TEST

/* "some clone chips: 1, and 4-byte aligned"; and the 8139 */
START_TEST(alignment)
{
	for (int i = 0; i < N_NIC_KINDS; i++)
		ck_assert_uint_eq(nic_traits[i].tx_align,
		    i == NIC_TLP_CLONE || i == NIC_RTL8139 ? 4 : 1);
}
END_TEST

/* "requested on last packet of each batch"; microcode is fxp's alone */
START_TEST(interrupts)
{
	for (int i = 0; i < N_NIC_KINDS; i++) {
		ck_assert_int_eq(nic_traits[i].interrupts_each,
		    i == NIC_RTL8139);
		ck_assert_int_eq(nic_traits[i].rx_copies, i == NIC_RTL8139);
		ck_assert_int_eq(nic_traits[i].can_bundle, i == NIC_FXP);
		ck_assert_int_eq(nic_traits[i].has_threshold_tick,
		    i == NIC_FXP);
	}
}
END_TEST

START_TEST(fits_the_slots)
{
	for (int i = 0; i < N_NIC_KINDS; i++) {
		ck_assert_uint_le(nic_traits[i].tx_packets, NIC_TX_SLOTS);
		ck_assert_uint_le(nic_traits[i].rx_buffers, NIC_RX_SLOTS);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("nic_kind");
	TCase *tc = tcase_create("nic_kind");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, rings);
	tcase_add_test(tc, descriptors);
	tcase_add_test(tc, sums);
	tcase_add_test(tc, alignment);
	tcase_add_test(tc, interrupts);
	tcase_add_test(tc, fits_the_slots);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
