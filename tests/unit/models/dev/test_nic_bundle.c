/*
 * Receive bundling (netbsd-2002.md 7: "delay 1000 us, up to 6 frames"): a frame
 * of 64 bytes is stored in 1.28 us, one after the other.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "tests/support/nic_bench.h"

#define STORE	(64 * 20 * PS_PER_NS)

static struct nic_bench b;

static void
start(int64_t frames)
{
	const struct nic_config nic = {3072, 2048, NIC_FXP, frames,
	    1000 * PS_PER_US};

	nic_bench_init_as(&b, NULL, &nic);
}

/* So many interrupts, the last one at a date; then all is taken. */
static void
assert_interrupts(int n, sim_time last_at, uint32_t n_frames)
{
	nic_bench_run(&b);
	ck_assert_int_eq(b.n_interrupts, n);
	ck_assert_int_eq(b.interrupted_at, last_at);
	ck_assert_uint_eq(nic_rx_ready(&b.nic), n_frames);
	for (uint32_t i = 0; i < n_frames; i++)
		ck_assert_uint_eq(nic_rx_take(&b.nic).th.seq, i);
	ck_assert(nic_is_idle(&b.nic));
	nic_bench_fini(&b);
}

static void
receive(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		nic_bench_receive(&b, i);
}

/* No microcode: each frame raises the line as it is stored. */
START_TEST(without)
{
	start(1);
	receive(5);
	assert_interrupts(5, 5 * STORE, 5);
}
END_TEST

/* Six are told of at once; five wait for 1000 us after the first. */
START_TEST(six_frames)
{
	start(6);
	receive(5);
	nic_bench_run_to(&b, STORE + 1000 * PS_PER_US - 1);
	ck_assert_int_eq(b.n_interrupts, 0);
	ck_assert(!b.nic.rx_interrupt);
	assert_interrupts(1, STORE + 1000 * PS_PER_US, 5);

	start(6);
	receive(6);
	assert_interrupts(1, 6 * STORE, 6);
}
END_TEST

/* The seventh begins a bundle of its own: its delay counts from it. */
START_TEST(one_more)
{
	start(6);
	receive(7);
	nic_bench_run_to(&b, 6 * STORE);
	ck_assert_int_eq(b.n_interrupts, 1);
	assert_interrupts(2, 7 * STORE + 1000 * PS_PER_US, 7);
}
END_TEST

/* A bundle that the delay has ended does not count for the next one. */
START_TEST(after_a_delay)
{
	start(6);
	receive(3);
	nic_bench_run(&b);
	ck_assert_int_eq(b.n_interrupts, 1);
	for (uint32_t i = 3; i < 9; i++)
		nic_bench_receive(&b, i);
	assert_interrupts(2, STORE + 1000 * PS_PER_US + 6 * STORE, 9);
}
END_TEST

/* Completions of what is sent wait for nothing, and tell of nothing else. */
START_TEST(transmission)
{
	start(6);
	receive(1);
	nic_bench_put(&b, 0, 40, true);
	nic_kick(&b.nic);
	nic_bench_run_to(&b, 100 * PS_PER_US);
	ck_assert_int_eq(b.n_interrupts, 1);
	ck_assert(b.nic.tx_interrupt && !b.nic.rx_interrupt);
	nic_bench_reclaim(&b, 0);
	assert_interrupts(2, STORE + 1000 * PS_PER_US, 1);
}
END_TEST

/* No other kind has microcode to load. */
START_TEST(others_cannot)
{
	const struct nic_config nic = {3072, 2048, NIC_TLP, 6, PS_PER_MS};

	nic_bench_init_as(&b, NULL, &nic);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("nic_bundle");
	TCase *tc = tcase_create("nic_bundle");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, without);
	tcase_add_test(tc, six_frames);
	tcase_add_test(tc, one_more);
	tcase_add_test(tc, after_a_delay);
	tcase_add_test(tc, transmission);
	tcase_add_test_raise_signal(tc, others_cannot, SIGABRT);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
