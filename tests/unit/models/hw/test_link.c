/*
 * The link: framing in byte times, and FIFO by arithmetic.
 *
 * At 100 Mbit/s a byte takes 80 ns = 80,000 ps.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/hw/link.h"

#define BYTE_PS	INT64_C(80000)

static const struct link_config fast = {100000000, 0};

START_TEST(test_framing)
{
	/* 1500 + 14 + 4, and 8 before and 12 after: 1538 */
	ck_assert_int_eq(link_frame_bytes(1500), 1518);
	ck_assert_int_eq(link_wire_bytes(1500), 1538);
	/* 46 bytes of packet make the least frame of 64, 84 on the wire */
	ck_assert_int_eq(link_frame_bytes(45), 64);
	ck_assert_int_eq(link_frame_bytes(46), 64);
	ck_assert_int_eq(link_frame_bytes(47), 65);
	ck_assert_int_eq(link_wire_bytes(1), 84);
	ck_assert_int_eq(link_wire_bytes(40), 84);
	ck_assert_int_eq(link_wire_bytes(46), 84);
	ck_assert_int_eq(link_wire_bytes(47), 85);
}
END_TEST

/* netbsd-2002.md 0: a full frame occupies 1538 byte times = 123.04 us. */
START_TEST(test_full_frame)
{
	struct link link;
	struct link_slot slot;

	link_init(&link, &fast);
	slot = link_send(&link, 0, 1500);
	ck_assert_int_eq(slot.starts_at, 0);
	/* without the gap: 1526 */
	ck_assert_int_eq(slot.ends_at, 1526 * BYTE_PS);
	ck_assert_int_eq(slot.arrives_at, 1526 * BYTE_PS);
	ck_assert_int_eq(link.free_at, 123040 * PS_PER_NS);
	ck_assert_int_eq(link.busy_ps, 123040 * PS_PER_NS);
	ck_assert_int_eq(link.wire_bytes, 1538);
	ck_assert_int_eq(link.n_frames, 1);
}
END_TEST

START_TEST(test_least_frame)
{
	struct link link;
	struct link_slot slot;

	link_init(&link, &fast);
	slot = link_send(&link, 1000, 40);
	ck_assert_int_eq(slot.starts_at, 1000);
	/* 8 + 64 */
	ck_assert_int_eq(slot.ends_at, 1000 + 72 * BYTE_PS);
	ck_assert_int_eq(link.free_at, 1000 + 84 * BYTE_PS);
	ck_assert_int_eq(link.busy_ps, 84 * BYTE_PS);
}
END_TEST

START_TEST(test_delay)
{
	const struct link_config config = {100000000, 7 * PS_PER_US};
	struct link link;
	struct link_slot slot;

	link_init(&link, &config);
	slot = link_send(&link, 0, 1500);
	ck_assert_int_eq(slot.ends_at, 1526 * BYTE_PS);
	ck_assert_int_eq(slot.arrives_at, 1526 * BYTE_PS + 7 * PS_PER_US);
	/* the delay keeps nobody waiting */
	ck_assert_int_eq(link.free_at, 1538 * BYTE_PS);
}
END_TEST

/* A frame starts when it is ready and the gap before it is over. */
START_TEST(test_fifo)
{
	static const struct {
		sim_time ready_at, starts_at;
	} cases[] = {
	    {0, 1538 * BYTE_PS},
	    {1538 * BYTE_PS - 1, 1538 * BYTE_PS},
	    {1538 * BYTE_PS, 1538 * BYTE_PS},
	    {1538 * BYTE_PS + 1, 1538 * BYTE_PS + 1}};
	struct link link;
	struct link_slot slot;

	link_init(&link, &fast);
	link_send(&link, 0, 1500);
	slot = link_send(&link, cases[_i].ready_at, 40);
	ck_assert_int_eq(slot.starts_at, cases[_i].starts_at);
	ck_assert_int_eq(slot.ends_at, cases[_i].starts_at + 72 * BYTE_PS);
	ck_assert_int_eq(link.free_at, cases[_i].starts_at + 84 * BYTE_PS);
	ck_assert_int_eq(link.n_frames, 2);
	ck_assert_int_eq(link.wire_bytes, 1538 + 84);
}
END_TEST

/*
 * A frame that breaks off after 100 bytes: 8 before them, 4 of wrong FCS and
 * the gap of 12 after; the next one follows as if it had been whole.
 */
START_TEST(test_cut)
{
	struct link link;
	struct link_slot slot;

	link_init(&link, &fast);
	link_cut(&link, 1000, 100);
	ck_assert_int_eq(link.free_at, 1000 + 124 * BYTE_PS);
	ck_assert_int_eq(link.n_frames, 0);
	ck_assert_int_eq(link.n_cut, 1);
	ck_assert_int_eq(link.wire_bytes, 124);
	ck_assert_int_eq(link.busy_ps, 124 * BYTE_PS);
	slot = link_send(&link, 0, 1500);
	ck_assert_int_eq(slot.starts_at, 1000 + 124 * BYTE_PS);
	ck_assert_int_eq(link.wire_bytes, 124 + 1538);
	/* the first byte of its preamble, and the first after its FCS */
	ck_assert_int_eq(link_byte_at(&link, slot.starts_at, 0),
	    slot.starts_at);
	ck_assert_int_eq(link_byte_at(&link, slot.starts_at, 1526),
	    slot.ends_at);
}
END_TEST

/* 8127 full frames and a bit in a second: the wire's limit in section 0. */
START_TEST(test_back_to_back)
{
	struct link link;
	int64_t n = 0;

	link_init(&link, &fast);
	while (link_send(&link, 0, 1500).ends_at <= PS_PER_S)
		n++;
	/* (10^12 + 12 bytes' gap) / 123,040,000 = 8127.4 */
	ck_assert_int_eq(n, 8127);
}
END_TEST

/*
 * 7 Mbit/s: a byte takes 8,000,000 / 7 ps.  Of frames of 84 bytes each lasts
 * 96,000,000 exactly; its parts of 72 and 12 bytes are no whole numbers, and
 * what is cut from one is in the next.
 */
START_TEST(test_remainders_are_carried)
{
	const struct link_config config = {7000000, 0};
	struct link link;
	struct link_slot slot;

	link_init(&link, &config);
	for (int i = 0; i < 5; i++) {
		slot = link_send(&link, 0, 46);
		/* 72 * 8,000,000 / 7 = 82285714.28 */
		ck_assert_int_eq(slot.ends_at - slot.starts_at, 82285714);
		ck_assert_int_eq(link.free_at, (i + 1) * 96000000);
	}
	/* 85 bytes are 97142857 and 1/7: seven of them lose nothing */
	link_init(&link, &config);
	for (int i = 0; i < 7; i++)
		link_send(&link, 0, 47);
	ck_assert_int_eq(link.free_at, 680000000);
	ck_assert_int_eq(link.busy_ps, 680000000);
}
END_TEST

/* Three frames are handed over at once; they are used up as time passes. */
START_TEST(test_busy_at)
{
	struct link link;

	link_init(&link, &fast);
	ck_assert_int_eq(link_busy_at(&link, 5), 0);
	for (int i = 0; i < 3; i++)
		link_send(&link, 1000, 1500);
	ck_assert_int_eq(link_busy_at(&link, 1000), 0);
	ck_assert_int_eq(link_busy_at(&link, 1001), 1);
	ck_assert_int_eq(link_busy_at(&link, 1000 + 2000 * BYTE_PS),
	    2000 * BYTE_PS);
	/* just before, at, and after the end of the last gap */
	ck_assert_int_eq(link_busy_at(&link, 999 + 4614 * BYTE_PS),
	    4614 * BYTE_PS - 1);
	ck_assert_int_eq(link_busy_at(&link, 1000 + 4614 * BYTE_PS),
	    4614 * BYTE_PS);
	ck_assert_int_eq(link_busy_at(&link, 9000 + 4614 * BYTE_PS),
	    4614 * BYTE_PS);
}
END_TEST

START_TEST(test_death_of_an_empty_frame)
{
	struct link link;

	link_init(&link, &fast);
	link_send(&link, 0, 0);
}
END_TEST

static Suite *
link_suite(void)
{
	Suite *suite = suite_create("hw/link");
	TCase *tc = tcase_create("link");

	tcase_add_test(tc, test_framing);
	tcase_add_test(tc, test_full_frame);
	tcase_add_test(tc, test_least_frame);
	tcase_add_test(tc, test_delay);
	tcase_add_loop_test(tc, test_fifo, 0, 4);
	tcase_add_test(tc, test_cut);
	tcase_add_test(tc, test_back_to_back);
	tcase_add_test(tc, test_remainders_are_carried);
	tcase_add_test(tc, test_busy_at);
	tcase_add_test_raise_signal(tc, test_death_of_an_empty_frame,
	    SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(link_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
