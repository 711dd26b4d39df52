/*
 * The bus: exclusive time without a lost remainder, and what DMA leaves to the
 * CPU.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "models/hw/bus.h"

static struct ledger ledger;
static struct bus bus;
static int n_changing, n_changed;
static sim_time now;
static struct bus_master nic = {.cause = CAUSE_NIC_DMA};

static void
changing(void *arg)
{
	/* the share is still what it was when the count was even */
	ck_assert_ptr_eq(arg, &bus);
	ck_assert_int_eq(bus.dma_active, n_changing % 2 == 1);
	ck_assert_int_eq(n_changing++, n_changed);
}

static void
changed(void *arg)
{
	ck_assert_ptr_eq(arg, &bus);
	ck_assert_int_eq(++n_changed, n_changing);
	ck_assert_int_eq(bus.dma_active, n_changed % 2 == 1);
}

static void
start(int64_t read_bps, int64_t write_bps, int64_t pci_bps)
{
	struct bus_config config = {read_bps, write_bps, pci_bps, 0,
	    BUS_DMA_FIRST};

	memset(&ledger, 0, sizeof ledger);
	bus_init(&bus, &config, &ledger);
	bus.changing = changing;
	bus.changed = changed;
	bus.client = &bus;
	n_changing = n_changed = 0;
	now = 0;
}

static void
begin(enum bus_direction direction, int64_t bytes)
{
	bus_dma_begin(&bus, &nic, direction, bytes, now);
}

static void
end(void)
{
	now = bus.dma_ends_at;
	bus_dma_end(&bus, now);
}

/* A whole transfer: how long it took. */
static sim_time
transfer(enum bus_direction direction, int64_t bytes)
{
	sim_time from = now;

	begin(direction, bytes);
	end();
	return now - from;
}

/* Reads 10 ns a byte, writes 20; DMA takes half of the bus, or all of it. */
static void
setup(void)
{
	start(100000000, 50000000, 50000000);
}

static sim_time
cpu_time(int64_t read_bytes, int64_t write_bytes)
{
	struct cost cost = {0, read_bytes, write_bytes};

	return bus_cpu_time(&bus, &cost);
}

START_TEST(test_cpu_time)
{
	ck_assert_int_eq(cpu_time(0, 0), 0);
	ck_assert_int_eq(cpu_time(100, 0), 1000 * PS_PER_NS);
	ck_assert_int_eq(cpu_time(0, 100), 2000 * PS_PER_NS);
	/* r/R + w/W: a copy takes 30 ns a byte */
	ck_assert_int_eq(cpu_time(100, 100), 3000 * PS_PER_NS);
	ck_assert_int_eq(bus.cpu_bytes[BUS_READ], 200);
	ck_assert_int_eq(bus.cpu_bytes[BUS_WRITE], 200);
	/* the ledger knew at once, from whoever made the cost */
	ck_assert_int_eq(ledger_cpu_total(&ledger).read_bytes, 0);
}
END_TEST

/* 90 MB/s: 100000 / 9 ps a byte.  Nine bytes one by one: 100,000 ps. */
START_TEST(test_cpu_time_carries)
{
	sim_time sum = 0;

	start(90000000, 70000000, 1000000);
	for (int i = 1; i <= 9; i++) {
		sum += cpu_time(1, 0);
		ck_assert_int_eq(sum, i * 100000 / 9);
	}
	/* 70 MB/s: 100000 / 7; the other direction has its own remainder */
	sum = 0;
	for (int i = 1; i <= 7; i++) {
		cpu_time(1, 0);
		sum += cpu_time(0, 1);
		ck_assert_int_eq(sum, i * 100000 / 7);
	}
}
END_TEST

/*
 * A million transfers of 1 to 16 bytes, in both directions at once: no sum is
 * ever off by a picosecond.
 */
START_TEST(test_many_small_transfers)
{
	int64_t reads = 0, writes = 0, sum = 0;
	uint32_t state = 1;

	start(90000000, 70000000, 1000000);
	for (int i = 0; i < 1000000; i++) {
		int64_t r, w;

		state = state * 1664525 + 1013904223;
		r = (state >> 16) % 16 + 1;
		w = (state >> 24) % 16 + 1;
		sum += cpu_time(r, w);
		reads += r;
		writes += w;
	}
	ck_assert_int_eq(sum, reads * 100000 / 9 + writes * 100000 / 7);
}
END_TEST

START_TEST(test_dma_duration)
{
	/* PCI is the narrow place in both directions: 20 ns a byte */
	ck_assert_int_eq(transfer(BUS_READ, 1514), 30280000);
	ck_assert_int_eq(transfer(BUS_WRITE, 64), 1280000);
	ck_assert_int_eq(transfer(BUS_READ, 0), 0);
	/* memory is, where it writes at 10 MB/s: 100 ns */
	start(100000000, 10000000, 50000000);
	ck_assert_int_eq(transfer(BUS_READ, 1), 20000);
	ck_assert_int_eq(transfer(BUS_WRITE, 1), 100000);
	/*
	 * 30 MB/s: 33333 and 1/3 ps a byte, the thirds carried: three transfers
	 * of one byte take 100000 ps together.
	 */
	start(100000000, 100000000, 30000000);
	ck_assert_int_eq(transfer(BUS_READ, 1), 33333);
	ck_assert_int_eq(transfer(BUS_READ, 1), 33333);
	ck_assert_int_eq(transfer(BUS_READ, 1), 33334);
	ck_assert_int_eq(transfer(BUS_READ, 3), 100000);
}
END_TEST

START_TEST(test_no_dma_leaves_all)
{
	ck_assert_int_eq(bus_cpu_progress(&bus, 12345), 12345);
	ck_assert_int_eq(bus_cpu_duration(&bus, 12345), 12345);
}
END_TEST

/* DMA at half of the bus: half the progress, twice the duration. */
START_TEST(test_dma_leaves_half)
{
	begin(BUS_READ, 10);
	ck_assert_int_eq(bus_cpu_progress(&bus, 1000), 500);
	ck_assert_int_eq(bus_cpu_duration(&bus, 500), 1000);
	/* intervals of 1 ps: every second one brings one */
	ck_assert_int_eq(bus_cpu_progress(&bus, 1), 0);
	ck_assert_int_eq(bus_cpu_progress(&bus, 1), 1);
	ck_assert_int_eq(bus_cpu_progress(&bus, 3), 1);
	ck_assert_int_eq(bus_cpu_progress(&bus, 3), 2);
	end();
	ck_assert_int_eq(bus_cpu_progress(&bus, 1000), 1000);
}
END_TEST

START_TEST(test_dma_leaves_nothing)
{
	/* writing at 50 MB/s is all that the memory can take */
	begin(BUS_WRITE, 10);
	ck_assert_int_eq(bus_cpu_progress(&bus, PS_PER_S), 0);
	ck_assert_int_eq(bus_cpu_duration(&bus, 1), SIM_TIME_NEVER);
	/* who needs no memory does not wait for it */
	ck_assert_int_eq(bus_cpu_duration(&bus, 0), 0);
	end();
	/* PCI faster than memory: the same in both directions */
	start(100000000, 50000000, 200000000);
	begin(BUS_READ, 10);
	ck_assert_int_eq(bus_cpu_duration(&bus, 1), SIM_TIME_NEVER);
	end();
	ck_assert_int_eq(transfer(BUS_READ, 1), 10000);
}
END_TEST

/*
 * A third of the bus is left: durations round up, so that the progress made in
 * one is never short of what was asked, however it is cut into pieces.
 */
START_TEST(test_duration_suffices)
{
	uint32_t state = 7;

	start(90000000, 90000000, 60000000);
	begin(BUS_READ, 10);
	ck_assert_int_eq(bus_cpu_duration(&bus, 1), 3);
	for (int i = 0; i < 10000; i++) {
		sim_time wanted, duration, first;

		state = state * 1664525 + 1013904223;
		wanted = (state >> 16) % 1000;
		duration = bus_cpu_duration(&bus, wanted);
		ck_assert_int_eq(duration, 3 * wanted);
		first = duration / 5;
		ck_assert_int_ge(bus_cpu_progress(&bus, first) +
		    bus_cpu_progress(&bus, duration - first), wanted);
	}
	end();
	/* two thirds are left: 3/2, rounded up */
	start(90000000, 90000000, 30000000);
	begin(BUS_READ, 10);
	ck_assert_int_eq(bus_cpu_duration(&bus, 1), 2);
	ck_assert_int_eq(bus_cpu_duration(&bus, 2), 3);
	ck_assert_int_eq(bus_cpu_duration(&bus, 3), 5);
	end();
}
END_TEST

/* Told before and after, and booked at the end under the NIC. */
START_TEST(test_dma_is_booked)
{
	begin(BUS_READ, 1514);
	ck_assert_int_eq(n_changed, 1);
	ck_assert_int_eq(bus.dma_bytes[BUS_READ], 0);
	end();
	ck_assert_int_eq(n_changed, 2);
	begin(BUS_WRITE, 64);
	end();
	ck_assert_int_eq(bus.dma_bytes[BUS_READ], 1514);
	ck_assert_int_eq(bus.dma_bytes[BUS_WRITE], 64);
	/* of the bus itself: 10 ns a byte read and 20 a byte written */
	ck_assert_int_eq(bus.dma_busy_ps, (15140 + 1280) * PS_PER_NS);
	ck_assert_int_eq(ledger.line[CAUSE_NIC_DMA].read_bytes, 1514);
	ck_assert_int_eq(ledger.line[CAUSE_NIC_DMA].write_bytes, 64);
	ck_assert_int_eq(ledger.line[CAUSE_NIC_DMA].units, 0);
	ck_assert_int_eq(bus.cpu_bytes[BUS_READ], 0);
	ck_assert_int_eq(bus.cpu_bytes[BUS_WRITE], 0);
}
END_TEST

/* The remainders of DMA and those of the CPU are kept apart. */
START_TEST(test_dma_carries)
{
	sim_time sum = 0;

	start(90000000, 90000000, 10000000);
	for (int i = 1; i <= 18; i++) {
		transfer(BUS_READ, 1);
		ck_assert_int_eq(bus.dma_busy_ps, i * 100000 / 9);
		sum += cpu_time(5, 0);
		ck_assert_int_eq(sum, i * 500000 / 9);
	}
}
END_TEST

START_TEST(test_death_of_an_end_too_early)
{
	begin(BUS_READ, 1);
	/* of 20,000 ps */
	bus_dma_end(&bus, 19999);
}
END_TEST

START_TEST(test_death_of_two_transfers)
{
	begin(BUS_READ, 10);
	begin(BUS_WRITE, 10);
}
END_TEST

START_TEST(test_death_of_an_end_without_begin)
{
	bus_dma_end(&bus, 0);
}
END_TEST

/* Two masters: who comes second has its turn at the end of the first. */
static int n_granted;

static void
granted(void *arg)
{
	ck_assert_ptr_eq(bus.holder, arg);
	ck_assert(!bus.dma_active);
	n_granted++;
}

START_TEST(test_turns)
{
	struct bus_master disk = {.cause = CAUSE_DISK_DMA,
	    .granted = granted, .arg = &disk};
	struct bus_master third = {.cause = CAUSE_DISK_DMA,
	    .granted = granted, .arg = &third};

	n_granted = 0;
	ck_assert(bus_dma_claim(&bus, &nic));
	ck_assert(!bus_dma_claim(&bus, &disk));
	ck_assert(!bus_dma_claim(&bus, &third));
	begin(BUS_READ, 100);
	end();
	ck_assert_int_eq(n_granted, 1);
	ck_assert_ptr_eq(bus.holder, &disk);
	/* asked again at once: behind the one that waits */
	ck_assert(!bus_dma_claim(&bus, &nic));
	bus_dma_begin(&bus, &disk, BUS_WRITE, 512, now);
	end();
	ck_assert_ptr_eq(bus.holder, &third);
	bus_dma_begin(&bus, &third, BUS_WRITE, 512, now);
	nic.granted = granted;
	nic.arg = &nic;
	end();
	ck_assert_ptr_eq(bus.holder, &nic);
	begin(BUS_READ, 1);
	end();
	ck_assert_ptr_null(bus.holder);
	ck_assert_int_eq(ledger.line[CAUSE_DISK_DMA].write_bytes, 1024);
	ck_assert_int_eq(ledger.line[CAUSE_NIC_DMA].read_bytes, 101);
}
END_TEST

/* One that does not have PCI may not transfer, nor one claim twice. */
START_TEST(test_death_out_of_turn)
{
	struct bus_master disk = {.cause = CAUSE_DISK_DMA};

	ck_assert(bus_dma_claim(&bus, &nic));
	bus_dma_begin(&bus, &disk, BUS_WRITE, 512, now);
}
END_TEST

START_TEST(test_death_claims_twice)
{
	ck_assert(bus_dma_claim(&bus, &nic));
	bus_dma_claim(&bus, &nic);
}
END_TEST

static Suite *
bus_suite(void)
{
	Suite *suite = suite_create("hw/bus");
	TCase *tc = tcase_create("bus");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_cpu_time);
	tcase_add_test(tc, test_cpu_time_carries);
	tcase_add_test(tc, test_many_small_transfers);
	tcase_add_test(tc, test_dma_duration);
	tcase_add_test(tc, test_no_dma_leaves_all);
	tcase_add_test(tc, test_dma_leaves_half);
	tcase_add_test(tc, test_dma_leaves_nothing);
	tcase_add_test(tc, test_duration_suffices);
	tcase_add_test(tc, test_dma_is_booked);
	tcase_add_test(tc, test_turns);
	tcase_add_test_raise_signal(tc, test_death_out_of_turn, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_claims_twice, SIGABRT);
	tcase_add_test(tc, test_dma_carries);
	tcase_add_test_raise_signal(tc, test_death_of_two_transfers, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_an_end_without_begin,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_an_end_too_early,
	    SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(bus_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
