/*
 * The wire: frames arrive whole, in order, at their dates, however many are
 * under way.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/hw/wire.h"

enum { MANY = 100 };	/* the ring begins with 16 */

#define BYTE_PS	INT64_C(80000)
#define DELAY	(50 * PS_PER_MS)

static const struct link_config config = {100000000, DELAY};

static struct calendar cal;
static struct wire wire;
static struct frame arrived[4 * MANY];
static sim_time arrived_at[4 * MANY];
static int n_arrived;

static void
deliver(void *arg, const struct frame *frame)
{
	ck_assert_ptr_eq(arg, &cal);
	arrived_at[n_arrived] = cal.now;
	arrived[n_arrived++] = *frame;
}

static void
setup(void)
{
	n_arrived = 0;
	cal_init(&cal);
	wire_init(&wire, &cal, &config, deliver, &cal);
}

static void
teardown(void)
{
	wire_fini(&wire);
	cal_fini(&cal);
}

/* A frame of which every part says its number. */
static struct frame
numbered(int i)
{
	return (struct frame){.conn = (uint16_t)i, .ip_bytes = 1500,
	    .payload_bytes = 1000 + (uint32_t)i,
	    .th = {.seq = 7 * (uint32_t)i, .ack = 9 * (uint32_t)i},
	    .content = UINT64_C(1000000007) * (uint64_t)i};
}

static struct link_slot
send(int i)
{
	struct frame frame = numbered(i);

	return wire_send(&wire, cal.now, &frame);
}

static void
assert_numbered(int at, int i)
{
	struct frame wanted = numbered(i);

	ck_assert_uint_eq(arrived[at].conn, wanted.conn);
	ck_assert_uint_eq(arrived[at].ip_bytes, wanted.ip_bytes);
	ck_assert_uint_eq(arrived[at].payload_bytes, wanted.payload_bytes);
	ck_assert_uint_eq(arrived[at].th.seq, wanted.th.seq);
	ck_assert_uint_eq(arrived[at].th.ack, wanted.th.ack);
	ck_assert_uint_eq(arrived[at].content, wanted.content);
}

/* 8 + 1518 bytes, then the delay of 50 ms. */
START_TEST(test_one)
{
	struct link_slot slot = send(3);

	ck_assert_int_eq(slot.starts_at, 0);
	ck_assert_int_eq(slot.ends_at, 1526 * BYTE_PS);
	ck_assert_int_eq(slot.arrives_at, 1526 * BYTE_PS + DELAY);
	ck_assert_int_eq(cal_run(&cal, slot.arrives_at - 1), CAL_LIMIT);
	ck_assert_int_eq(n_arrived, 0);
	ck_assert_int_eq(cal_run(&cal, SIM_TIME_NEVER), CAL_IDLE);
	ck_assert_int_eq(n_arrived, 1);
	ck_assert_int_eq(arrived_at[0], slot.arrives_at);
	assert_numbered(0, 3);
	ck_assert_uint_eq(wire.n, 0);
}
END_TEST

START_TEST(test_ready_later)
{
	struct frame frame = numbered(1);
	struct link_slot slot = wire_send(&wire, 5 * PS_PER_US, &frame);

	ck_assert_int_eq(slot.starts_at, 5 * PS_PER_US);
	cal_run(&cal, SIM_TIME_NEVER);
	ck_assert_int_eq(arrived_at[0],
	    5 * PS_PER_US + 1526 * BYTE_PS + DELAY);
}
END_TEST

/* Told of late: it has been under way for 100 us, and arrives as if not. */
START_TEST(test_ready_before)
{
	struct frame frame = numbered(1);
	struct link_slot slot;

	cal.now = 150 * PS_PER_US;
	slot = wire_send(&wire, 50 * PS_PER_US, &frame);
	ck_assert_int_eq(slot.starts_at, 50 * PS_PER_US);
	cal_run(&cal, SIM_TIME_NEVER);
	ck_assert_int_eq(arrived_at[0],
	    50 * PS_PER_US + 1526 * BYTE_PS + DELAY);
}
END_TEST

/* 16 fit without growth, the 17th and the 33rd do not: all stay in order. */
START_TEST(test_many_under_way)
{
	static const int counts[] = {15, 16, 17, 32, 33, MANY};
	int n = counts[_i];

	for (int i = 0; i < n; i++)
		send(i);
	ck_assert_int_eq(wire.n, n);
	cal_run(&cal, SIM_TIME_NEVER);
	ck_assert_int_eq(n_arrived, n);
	for (int i = 0; i < n; i++) {
		assert_numbered(i, i);
		/* one every 1538 bytes' time */
		ck_assert_int_eq(arrived_at[i],
		    (1538 * i + 1526) * BYTE_PS + DELAY);
	}
}
END_TEST

/* The ring grows while its first entry lies in the midst of it. */
START_TEST(test_growth_with_an_offset)
{
	int n_sent = 0;

	while (n_sent < 10)
		send(n_sent++);
	/* frame 6 arrives after 7 frames less one gap */
	cal_run(&cal, (7 * 1538 - 12) * BYTE_PS + DELAY);
	ck_assert_int_eq(n_arrived, 7);
	while (n_sent < MANY)
		send(n_sent++);
	cal_run(&cal, SIM_TIME_NEVER);
	ck_assert_int_eq(n_arrived, MANY);
	for (int i = 0; i < MANY; i++)
		assert_numbered(i, i);
}
END_TEST

static void
send_back(void *arg, const struct frame *frame)
{
	deliver(arg, frame);
	if (n_arrived < 3)
		send(n_arrived);
}

/* What arrives may send on the same wire, full or empty. */
START_TEST(test_send_while_delivering)
{
	wire.deliver = send_back;
	send(0);
	cal_run(&cal, SIM_TIME_NEVER);
	ck_assert_int_eq(n_arrived, 3);
	for (int i = 0; i < 3; i++) {
		assert_numbered(i, i);
		ck_assert_int_eq(arrived_at[i],
		    (i + 1) * (1526 * BYTE_PS + DELAY));
	}
}
END_TEST

static void
send_two_back(void *arg, const struct frame *frame)
{
	deliver(arg, frame);
	if (n_arrived == 1) {
		send(1);
		send(2);
	}
	/* the frame is still what it was, wherever the ring is now */
	ck_assert_uint_eq(frame->content, arrived[n_arrived - 1].content);
}

START_TEST(test_grow_while_delivering)
{
	wire.deliver = send_two_back;
	for (int i = 100; i < 116; i++)
		send(i);
	cal_run(&cal, SIM_TIME_NEVER);
	/* 16, of which 15 were under way when two more came */
	ck_assert_uint_eq(wire.size, 32);
	ck_assert_int_eq(n_arrived, 18);
	for (int i = 0; i < 16; i++)
		assert_numbered(i, 100 + i);
	assert_numbered(16, 1);
	assert_numbered(17, 2);
}
END_TEST

/* Frames under way when the world ends are no leak. */
START_TEST(test_fini_with_frames_under_way)
{
	for (int i = 0; i < 20; i++)
		send(i);
	ck_assert_uint_eq(wire.n, 20);
}
END_TEST

/* => the odd ones, at their dates */
static bool
take_odd(void *arg, sim_time arrives_at, const struct frame *frame)
{
	if (frame->conn % 2 == 0)
		return false;
	ck_assert_ptr_eq(arg, &cal);
	arrived_at[n_arrived] = arrives_at;
	arrived[n_arrived++] = *frame;
	return true;
}

/*
 * What is taken early has its place on the wire, and is told the date at which
 * it comes; the others come as ever.  Frame i ends 1526 byte times after those
 * before it, which have 1538 each.
 */
START_TEST(test_taken_early)
{
	static const int order[] = {1, 3, 0, 2};

	wire.take_early = take_odd;
	for (int i = 0; i < 4; i++)
		send(i);
	ck_assert_int_eq(n_arrived, 2);
	ck_assert_uint_eq(wire.n, 2);
	cal_run(&cal, SIM_TIME_NEVER);
	ck_assert_int_eq(n_arrived, 4);
	ck_assert_uint_eq(cal.n_fired, 2);
	for (int k = 0; k < 4; k++) {
		int i = order[k];

		ck_assert_uint_eq(arrived[k].conn, (uint32_t)i);
		ck_assert_int_eq(arrived_at[k],
		    (i * 1538 + 1526) * BYTE_PS + DELAY);
	}
}
END_TEST

START_TEST(test_death_of_an_empty_frame)
{
	struct frame frame = {.conn = 1};

	wire_send(&wire, 0, &frame);
}
END_TEST

static Suite *
wire_suite(void)
{
	Suite *suite = suite_create("hw/wire");
	TCase *tc = tcase_create("wire");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_one);
	tcase_add_test(tc, test_ready_later);
	tcase_add_test(tc, test_ready_before);
	tcase_add_loop_test(tc, test_many_under_way, 0, 6);
	tcase_add_test(tc, test_growth_with_an_offset);
	tcase_add_test(tc, test_send_while_delivering);
	tcase_add_test(tc, test_grow_while_delivering);
	tcase_add_test(tc, test_fini_with_frames_under_way);
	tcase_add_test(tc, test_taken_early);
	tcase_add_test_raise_signal(tc, test_death_of_an_empty_frame,
	    SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(wire_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
