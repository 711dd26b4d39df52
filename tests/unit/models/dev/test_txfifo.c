/*
 * The race between the transfer and the wire, rate by rate.
 *
 * The wire takes 80 ns a byte, 8 bytes of preamble first.  A transfer's rate is
 * in work per picosecond, two for each byte per second.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/dev/txfifo.h"

#define NS	PS_PER_NS

static struct link link;
static struct tx_fetch fetch;
static struct bus_progress p;

static void
setup(void)
{
	const struct link_config config = {100000000, 0};

	link_init(&link, &config);
}

static void
begin(int64_t bytes, int64_t threshold, sim_time at)
{
	tx_fetch_begin(&fetch, bytes, threshold);
	p = (struct bus_progress){bytes * BUS_WORK_PER_BYTE, 0, at};
}

static void
take_work(int64_t work, int64_t bps)
{
	sim_time to = p.since + work / (2 * bps);

	p.rate = 2 * bps;
	tx_fetch_advance(&fetch, &link, &p, to);
	p.left -= (to - p.since) * p.rate;
	p.since = to;
}

/* So many bytes at that rate. */
static void
take(int64_t bytes, int64_t bps)
{
	take_work(bytes * BUS_WORK_PER_BYTE, bps);
}

/* 20 ns a byte: the threshold, or the whole frame, after the beginning. */
START_TEST(start_of_a_frame)
{
	begin(1000, 300, 7 * NS);
	ck_assert_int_eq(fetch.starts_at, SIM_TIME_NEVER);
	take(299, 50000000);
	ck_assert_int_eq(fetch.starts_at, SIM_TIME_NEVER);
	take(1, 50000000);
	ck_assert_int_eq(fetch.starts_at, (7 + 6000) * NS);
	take(700, 50000000);
	ck_assert_int_eq(fetch.starts_at, (7 + 6000) * NS);
	ck_assert(!fetch.is_cut);
	begin(100, 300, 0);
	take(100, 50000000);
	ck_assert_int_eq(fetch.starts_at, 2000 * NS);
}
END_TEST

/* The wire is busy until 50 us: the frame follows what is on it. */
START_TEST(start_behind_another)
{
	link.free_at = 50000 * NS;
	begin(1000, 300, 0);
	take(1000, 50000000);
	ck_assert_int_eq(fetch.starts_at, 50000 * NS);
	/* all there long before */
	ck_assert_int_eq(fetch.n_safe, 0);
	ck_assert(!fetch.is_cut);
	ck_assert_int_eq(tx_fetch_wire_time(&fetch, &link, 50000 * NS), 0);
	ck_assert_int_eq(tx_fetch_wire_time(&fetch, &link, 50003 * NS),
	    3 * NS);
}
END_TEST

/*
 * 100 bytes at 20 ns each, then 100 ns each: the frame of 1000 starts at 2 us.
 * Byte n >= 100 comes at 2000 + 100 (n - 99) and is needed at
 * 2000 + 80 (8 + n): late if 20 n > 10540: 527 are good.
 */
START_TEST(rate_falls)
{
	begin(1000, 100, 0);
	take(100, 50000000);
	ck_assert_int_eq(fetch.starts_at, 2000 * NS);
	take(900, 10000000);
	ck_assert(fetch.is_cut);
	ck_assert_int_eq(fetch.n_safe, 528);
	/* 8 + 528 + 4 + 12 byte times */
	ck_assert_int_eq(tx_fetch_wire_time(&fetch, &link, PS_PER_S),
	    552 * 80 * NS);
}
END_TEST

/* The wire has the last byte that is there when the rate falls. */
START_TEST(rate_falls_at_the_wire)
{
	/* 100 bytes at 80 ns each: the frame begins with its first */
	begin(1000, 9, 0);
	take(9, 12500000);
	ck_assert_int_eq(fetch.starts_at, 720 * NS);
	ck_assert_int_eq(fetch.n_safe, 0);
	take(8, 12500000);
	ck_assert_int_eq(fetch.n_safe, 1);
	/* nothing comes for 16 byte times: of the 17 there all are good */
	p.rate = 1;
	tx_fetch_advance(&fetch, &link, &p, p.since + 16 * 80 * NS);
	p.since += 16 * 80 * NS;
	ck_assert(!fetch.is_cut);
	ck_assert_int_eq(fetch.n_safe, 17);
	/* and the next one is late from the first */
	tx_fetch_advance(&fetch, &link, &p, p.since + 80 * NS);
	ck_assert(fetch.is_cut);
	ck_assert_int_eq(fetch.n_safe, 17);
}
END_TEST

/* A first look that comes late: the threshold was there when it began. */
START_TEST(looked_at_late)
{
	begin(1000, 100, 0);
	p.since = 4000 * NS;
	p.left -= 200 * BUS_WORK_PER_BYTE;
	take(1, 50000000);
	ck_assert_int_eq(fetch.starts_at, 4000 * NS);
}
END_TEST

/* In time if the rate rises again before the 528 are out. */
START_TEST(rate_rises_in_time)
{
	/* the next byte is needed when the last was still in time */
	begin(1000, 100, 0);
	take(100, 50000000);
	take(428 + _i, 10000000);
	take(472 - _i, 50000000);
	ck_assert_int_eq(fetch.is_cut, _i > 0);
	if (_i > 0)
		ck_assert_int_eq(fetch.n_safe, 528);
}
END_TEST

/* A pause in the middle: the first byte after it is late, the last is not. */
START_TEST(late_in_the_middle)
{
	begin(1000, 200, 0);
	take(200, 50000000);
	/* one byte in 40 us; the wire is at 40000 / 80 - 8 = 492 then */
	take(1, 25000);
	ck_assert(fetch.is_cut);
	/* 201 needed at 4000 + 80 * 208; it was byte 200 that was late */
	ck_assert_int_eq(fetch.n_safe, 200);
	take(799, 1000000000);
	ck_assert_int_eq(fetch.n_safe, 200);
}
END_TEST

/*
 * Against the plainest of calculations: each byte's two dates, for 1000 frames
 * of up to three rates.
 */
static int64_t
count_good(const sim_time *there_at, sim_time starts_at, int64_t bytes)
{
	int64_t n = 0;

	while (n < bytes && there_at[n] <= starts_at + (8 + n) * 80 * NS)
		n++;
	return n;
}

START_TEST(byte_by_byte)
{
	static sim_time there_at[1600];
	uint32_t state = 12345;
	int n_cut = 0, n_whole = 0;

	for (int i = 0; i < 1000; i++) {
		int64_t bytes, threshold, done = 0, good;

		state = state * 1664525 + 1013904223;
		bytes = state >> 16 & 1023;
		bytes += 60;
		threshold = (state >> 8 & 255) + 1;
		begin(bytes, threshold, i);
		for (int part = 0; part < 3; part++) {
			int64_t n, bps, left = p.left;
			sim_time since = p.since;

			state = state * 1664525 + 1013904223;
			n = part == 2 ? bytes - done :
			    (state >> 16) % (bytes - done + 1);
			bps = 4000000 + (state >> 7) % 20000 * 1000;
			for (int64_t k = done; k < done + n; k++)
				there_at[k] = since + (left - (bytes - k - 1) *
				    BUS_WORK_PER_BYTE) / (2 * bps);
			/* the last part also does what was rounded off */
			take_work(part == 2 ? left : n * BUS_WORK_PER_BYTE,
			    bps);
			done += n;
		}
		good = count_good(there_at, fetch.starts_at, bytes);
		ck_assert_int_eq(fetch.is_cut, good < bytes);
		if (fetch.is_cut)
			ck_assert_int_eq(fetch.n_safe, good);
		n_cut += fetch.is_cut;
		n_whole += !fetch.is_cut;
	}
	ck_assert_int_gt(n_cut, 100);
	ck_assert_int_gt(n_whole, 100);
}
END_TEST

START_TEST(frame_of_nothing)
{
	begin(0, 512, 0);
}
END_TEST

START_TEST(threshold_of_nothing)
{
	begin(1514, 0, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("txfifo");
	TCase *tc = tcase_create("txfifo");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, start_of_a_frame);
	tcase_add_test(tc, start_behind_another);
	tcase_add_test(tc, rate_falls);
	tcase_add_test(tc, rate_falls_at_the_wire);
	tcase_add_test(tc, looked_at_late);
	tcase_add_loop_test(tc, rate_rises_in_time, 0, 4);
	tcase_add_test(tc, late_in_the_middle);
	tcase_add_test(tc, byte_by_byte);
	tcase_add_test_raise_signal(tc, frame_of_nothing, SIGABRT);
	tcase_add_test_raise_signal(tc, threshold_of_nothing, SIGABRT);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
