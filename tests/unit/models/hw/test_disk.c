/*
 * The disk: seek, rotation, media, interface and DMA, each to the picosecond.
 *
 *	platters	6 ms a revolution, 300 sectors a track: 20 us each
 *	arm		3000 cylinders of 2 heads: 1, 5 and 10 ms
 *	skew		45 sectors, 0.9 ms, for 0.8 ms of head switching; 60,
 *			1.2 ms, for 1 ms to the next cylinder
 *	overhead	0.1 ms
 *	interface	100 MB/s: 5.12 us a sector
 *	memory		writes 50 MB/s, PCI 50 MB/s: 10.24 us a sector
 *
 * The last sector of a request is in memory 15.36 us after it has passed.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "models/hw/disk.h"

#define US	PS_PER_US
#define NS	PS_PER_NS
#define TAIL	(15360 * NS)

enum { N_REQUESTS = 64 };

static struct calendar cal;
static struct ledger ledger;
static struct bus bus;
static struct disk disk;
static struct disk_config config;
static struct request {
	struct disk_request io;
	sim_time done_at;
	int n_done;
} requests[N_REQUESTS];
static int n_requests;
static int order[N_REQUESTS], n_order;

static void
nothing(void *arg)
{
	(void)arg;
}

static void
done(void *arg)
{
	struct request *r = arg;

	r->done_at = cal.now;
	r->n_done++;
	order[n_order++] = (int)(r - requests);
}

static void
start(sim_time pci_latency)
{
	struct bus_config memory = {100000000, 50000000, 50000000,
	    pci_latency, BUS_DMA_FIRST};

	memset(&ledger, 0, sizeof ledger);
	memset(requests, 0, sizeof requests);
	n_requests = n_order = 0;
	cal_init(&cal);
	bus_init(&bus, &memory, &ledger);
	bus.changing = bus.changed = nothing;
	disk_init(&disk, &config, &cal, &bus);
}

/* Once more, as config is now. */
static void
again(sim_time pci_latency)
{
	cal_fini(&cal);
	start(pci_latency);
}

static void
setup(void)
{
	config = (struct disk_config){.cylinders = 3000, .heads = 2,
	    .sectors = 300, .revolution = 6000 * US,
	    .seek_single = 1000 * US, .seek_average = 5000 * US,
	    .seek_full = 10000 * US, .head_switch = 800 * US,
	    .track_skew = 45, .cylinder_skew = 60, .overhead = 100 * US,
	    .interface_bps = 100000000, .queue = BUFQ_DISKSORT};
	start(0);
}

/* The audit: every request once, every byte under its cause. */
static void
teardown(void)
{
	int64_t bytes[2] = {0, 0};

	cal_run(&cal, SIM_TIME_NEVER);
	ck_assert(disk_is_idle(&disk));
	for (int i = 0; i < n_requests; i++) {
		ck_assert_int_eq(requests[i].n_done, 1);
		bytes[requests[i].io.is_write] +=
		    requests[i].io.n_sectors * DISK_SECTOR_BYTES;
	}
	ck_assert_int_eq(disk.stats.n_requests, n_requests);
	ck_assert_int_eq(disk.stats.n_done, n_requests);
	ck_assert_int_eq(disk.stats.n_moved, disk.stats.n_asked);
	ck_assert_int_eq(bus.dma_bytes[BUS_WRITE], bytes[0]);
	ck_assert_int_eq(ledger.line[CAUSE_DISK_DMA].write_bytes, bytes[0]);
	ck_assert_int_eq(ledger.line[CAUSE_DISK_DMA].read_bytes, bytes[1]);
	ck_assert_int_eq(disk_busy_at(&disk, cal.now), disk.stats.busy_ps);
	ck_assert_int_eq(ledger.line[CAUSE_DISK_DMA].units, 0);
	cal_fini(&cal);
}

static struct request *
ask_for(int64_t sector, int64_t n, bool is_write)
{
	struct request *r = &requests[n_requests++];

	r->io = (struct disk_request){sector, n, is_write, done, r, NULL};
	disk_strategy(&disk, &r->io);
	return r;
}

static struct request *
ask(int64_t sector, int64_t n)
{
	return ask_for(sector, n, false);
}

static sim_time
write_now(int64_t sector, int64_t n)
{
	struct request *r = ask_for(sector, n, true);

	cal_run(&cal, SIM_TIME_NEVER);
	return r->done_at;
}

static sim_time
read_now(int64_t sector, int64_t n)
{
	struct request *r = ask(sector, n);

	cal_run(&cal, SIM_TIME_NEVER);
	return r->done_at;
}

static void
idle_until(sim_time at)
{
	cal_run(&cal, at);
	cal.now = at;
}

/* One, a third, all; half of the third in root, a point beyond in line. */
START_TEST(test_seek_curve)
{
	ck_assert_int_eq(disk_seek_time(&config, 0), 0);
	ck_assert_int_eq(disk_seek_time(&config, 1), 1000 * US);
	ck_assert_int_eq(disk_seek_time(&config, 1000), 5000 * US);
	ck_assert_int_eq(disk_seek_time(&config, 2999), 10000 * US);
	/* roots in 1024ths, rounded down: 256 is 16, 1000 is 31.6220703 */
	ck_assert_int_eq(disk_seek_time(&config, 256), 1000 * US +
	    4000 * US * (16384 - 1024) / (32381 - 1024));
	/* 1000 of 1999 cylinders of the way from 5 to 10 ms */
	ck_assert_int_eq(disk_seek_time(&config, 2000),
	    5000 * US + 5000 * US * 1000 / 1999);
	for (int64_t d = 1; d < 3000; d++)
		ck_assert_int_le(disk_seek_time(&config, d - 1),
		    disk_seek_time(&config, d));
}
END_TEST

/*
 * Track 2000 is the first of cylinder 1000: 5.1 ms after the start the arm is
 * there.  1000 tracks of 45 sectors of skew and 1000 cylinders of 60 are 350
 * turns, so sector 10 of it begins 10 x 20 us behind the mark: at 6.2 ms, and
 * 8 sectors have passed at 6.36.
 */
START_TEST(test_random_read)
{
	ck_assert_int_eq(read_now(2000 * 300 + 10, 8), 6360 * US + TAIL);
	ck_assert_int_eq(disk.stats.n_seeks, 1);
	ck_assert_int_eq(disk.stats.seek_ps, 5000 * US);
	ck_assert_int_eq(disk.stats.rotation_ps, 1100 * US);
}
END_TEST

/* The platters turn while nobody asks: 7 revolutions and 1/3 later. */
START_TEST(test_rotation_after_idle)
{
	ck_assert_int_eq(read_now(5, 1), 120 * US + TAIL);
	idle_until(44000 * US);
	/* at 44.1 ms the place is 2.1 ms: sector 105; 104 has just gone */
	ck_assert_int_eq(read_now(105, 1), 44120 * US + TAIL);
	/* at 50.1 ms again: nearly a turn, up to 56.08 */
	idle_until(50000 * US);
	ck_assert_int_eq(read_now(104, 1), 56100 * US + TAIL);
}
END_TEST

/* A revolution of no whole number of sectors: 300 of them are one. */
START_TEST(test_odd_revolution)
{
	config.revolution = 8333333333;
	config.sectors = 301;
	again(0);
	for (int i = 0; i < 20; i++) {
		idle_until(i * 10 * config.revolution);
		ck_assert_int_eq(read_now(200, 1) - TAIL,
		    i * 10 * config.revolution +
		    mul_div(201, config.revolution, 301));
	}
}
END_TEST

/*
 * Two tracks and a cylinder: 300 sectors, skew of 45, 300 more, then the new
 * cylinder's skew of 60 instead.  Sector 0 passes at 6 ms, the overhead over.
 */
START_TEST(test_sequential)
{
	ck_assert_int_eq(read_now(0, 900), 6000 * US + (300 + 45 + 300 + 60 +
	    300) * 20 * US + TAIL);
	ck_assert_int_eq(disk.stats.n_seeks, 0);
}
END_TEST

/* Too little skew: the head is on the next track too late, by 20 us. */
START_TEST(test_skew_too_small)
{
	config.track_skew = 39;
	again(0);
	/* 39 x 20 us = 0.78 ms: a turn is lost */
	ck_assert_int_eq(read_now(299, 2), 6000 * US + 40 * 20 * US +
	    6000 * US + TAIL);
}
END_TEST

/* One after the other, a command's overhead between: a turn lost for each. */
START_TEST(test_without_buffer)
{
	sim_time first = read_now(10, 8);

	ck_assert_int_eq(first, 360 * US + TAIL);
	ck_assert_int_eq(read_now(18, 8), 360 * US + 6000 * US + 160 * US +
	    TAIL);
	ck_assert_int_eq(disk.stats.n_continued, 1);
}
END_TEST

/* At the end of a track the skew leaves the time for a command. */
START_TEST(test_without_buffer_at_a_skew)
{
	ck_assert_int_eq(read_now(299, 1), 6000 * US + TAIL);
	ck_assert_int_eq(read_now(300, 1), 6000 * US + 46 * 20 * US + TAIL);
}
END_TEST

/*
 * With it what follows is in the buffer, or passes: the second is limited by
 * DMA, 8 x 10.24 us behind the first 5.12 of the interface, from its overhead
 * on.  The third finds all of it.
 */
START_TEST(test_read_ahead)
{
	const sim_time whole = 5120 * NS + 8 * 10240 * NS;

	config.buffer_sectors = 100;
	again(0);
	ck_assert_int_eq(read_now(10, 8), 360 * US + TAIL);
	ck_assert_int_eq(read_now(18, 8), 360 * US + TAIL + 100 * US + whole);
	idle_until(2000 * US);
	ck_assert_int_eq(read_now(26, 8), 2100 * US + whole);
	ck_assert_int_eq(disk.stats.n_continued, 2);
	/* read long ago, and still there */
	ck_assert_int_eq(read_now(40, 1), 2200 * US + whole + TAIL);
	ck_assert_int_eq(disk.stats.n_continued, 3);
}
END_TEST

/* The head stops when the buffer is full, and goes on a turn later. */
START_TEST(test_read_ahead_ends)
{
	config.buffer_sectors = 100;
	again(0);
	read_now(10, 8);
	idle_until(5000 * US);
	/* 18 .. 117 are there; 118 passes at 2.36 ms of a turn */
	ck_assert_int_eq(read_now(110, 10), 6000 * US + 2400 * US + TAIL);
	/* what is no more in it has to come round: 18 at 12.36 */
	ck_assert_int_eq(read_now(18, 1), 12380 * US + TAIL);
}
END_TEST

/* At the end of the disk there is nothing to read ahead; it is kept. */
START_TEST(test_last_sector)
{
	config.buffer_sectors = 100;
	again(0);
	read_now(disk_sectors(&config) - 4, 4);
	idle_until(50000 * US);
	ck_assert_int_eq(read_now(disk_sectors(&config) - 4, 4), 50100 * US +
	    5120 * NS + 4 * 10240 * NS);
	ck_assert_int_eq(disk.stats.n_continued, 1);
}
END_TEST

/* Up from where the arm is, then from the lowest; or as they came. */
START_TEST(test_queue)
{
	static const int64_t at[] = {50, 90, 20, 70, 10, 70};
	static const int sorted[] = {0, 3, 5, 1, 4, 2};

	config.queue = _i == 0 ? BUFQ_DISKSORT : BUFQ_FCFS;
	again(0);
	for (int i = 0; i < 6; i++)
		ask(at[i] * 600, 1);
	cal_run(&cal, SIM_TIME_NEVER);
	for (int i = 0; i < 6; i++)
		ck_assert_int_eq(order[i], _i == 0 ? sorted[i] : i);
}
END_TEST

/* The second's overhead begins when the first is in memory. */
START_TEST(test_two_requests)
{
	struct request *a = ask(10, 8), *b = ask(100, 8);

	ck_assert(!disk_is_idle(&disk));
	cal_run(&cal, SIM_TIME_NEVER);
	ck_assert_int_eq(a->done_at, 360 * US + TAIL);
	ck_assert_int_eq(b->done_at, 2160 * US + TAIL);
}
END_TEST

/* Somebody else has PCI for 100 us: the sector waits, the head does not. */
START_TEST(test_pci_is_taken)
{
	static struct bus_master other;
	struct request *r = ask(10, 8);

	other = (struct bus_master){.cause = CAUSE_NIC_DMA,
	    .dma_changing = nothing, .dma_changed = nothing};
	idle_until(200 * US);
	bus_dma_begin(&bus, &other, BUS_READ, 5000, cal.now);
	ck_assert_int_eq(bus.dma_ends_at, 300 * US);
	idle_until(300 * US);
	bus_dma_end(&bus, cal.now);
	cal_run(&cal, SIM_TIME_NEVER);
	/* two wait in the controller; 8 x 10.24 us, back to back */
	ck_assert_int_eq(r->done_at, 300 * US + 8 * 10240 * NS);
}
END_TEST

/* A CPU that waits for memory halves the rest of the last sector's way. */
START_TEST(test_fair_bus)
{
	const struct bus_config memory = {100000000, 50000000, 50000000, 0,
	    BUS_FAIR};
	struct request *r;

	bus_init(&bus, &memory, &ledger);
	bus.changing = bus.changed = nothing;
	r = ask(10, 8);
	/* half of it is through */
	idle_until(360 * US + TAIL - 5120 * NS);
	bus_cpu_waits(&bus, true, cal.now);
	cal_run(&cal, SIM_TIME_NEVER);
	ck_assert_int_eq(r->done_at, 360 * US + TAIL + 5120 * NS);
}
END_TEST

/* PCI's latency comes before each sector, and is hidden but for the last. */
START_TEST(test_latency)
{
	again(2 * US);
	ck_assert_int_eq(read_now(10, 8), 362 * US + TAIL);
}
END_TEST

/* A slow interface is what counts: 8 sectors at 5 MB/s, 102.4 us each. */
START_TEST(test_slow_interface)
{
	config.interface_bps = 5000000;
	again(0);
	ck_assert_int_eq(read_now(10, 8), 220 * US + 8 * 102400 * NS +
	    10240 * NS);
}
END_TEST

/*
 * 0.1 ms, then 8 sectors by DMA at 50 MB/s, 10.24 us each, and the last one's
 * 5.12 us: in the buffer at 187.04 us.  Sector 30 comes at 600 us; sector 9 has
 * gone by, at 180.
 */
START_TEST(test_write)
{
	ck_assert_int_eq(write_now(_i == 0 ? 30 : 9, 8),
	    (_i == 0 ? 760 : 6340) * US);
	ck_assert_int_eq(disk.stats.n_seeks, 0);
	ck_assert_int_eq(disk.stats.rotation_ps,
	    ((_i == 0 ? 600 : 6180) * 1000 - 187040) * NS);
	ck_assert_int_eq(disk.stats.busy_ps, cal.now);
}
END_TEST

/* The arm moves meanwhile: track 2000 as in test_random_read, at 6.2 ms. */
START_TEST(test_write_far)
{
	ck_assert_int_eq(write_now(2000 * 300 + 10, 8), 6360 * US);
	ck_assert_int_eq(disk.stats.seek_ps, 5000 * US);
}
END_TEST

/* Without a cache for writes each waits for its turn, as reads without buffer.
 * The overhead and 30 sectors' DMA are longer than the gap between them. */
START_TEST(test_writes_in_a_row)
{
	config.buffer_sectors = 100;
	again(0);
	ck_assert_int_eq(write_now(60, 30), 1800 * US);
	ck_assert_int_eq(write_now(90, 30), 1800 * US + 6000 * US + 600 * US);
}
END_TEST

/* What was read ahead is lost: 18 to 25 would have been there. */
START_TEST(test_write_empties_the_buffer)
{
	config.buffer_sectors = 100;
	again(0);
	ck_assert_int_eq(read_now(10, 8), 360 * US + TAIL);
	idle_until(3000 * US);
	ck_assert_int_eq(write_now(250, 10), 5200 * US);
	ck_assert_int_eq(read_now(18, 8), 6000 * US + 520 * US + TAIL);
	ck_assert_int_eq(disk.stats.n_continued, 0);
}
END_TEST

/* Onto the next track: skew as for reads. */
START_TEST(test_write_over_tracks)
{
	ck_assert_int_eq(write_now(290, 20), 5800 * US + (20 + 45) * 20 * US);
}
END_TEST

/* A slow interface: the FIFO of two fills, 8 sectors take 102.4 us each. */
START_TEST(test_slow_write)
{
	config.interface_bps = 5000000;
	again(0);
	/* the first DMA, then eight sectors: 929.44 us; sector 47 at 940 */
	ck_assert_int_eq(write_now(47, 8), 940 * US + 160 * US);
	ck_assert_int_eq(disk.stats.rotation_ps, 940 * US - 929440 * NS);
}
END_TEST

START_TEST(test_death_beyond_the_end)
{
	ask(disk_sectors(&config) - 1, 2);
}
END_TEST

static Suite *
disk_suite(void)
{
	Suite *suite = suite_create("disk");
	TCase *tc = tcase_create("disk");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_seek_curve);
	tcase_add_test(tc, test_random_read);
	tcase_add_test(tc, test_rotation_after_idle);
	tcase_add_test(tc, test_odd_revolution);
	tcase_add_test(tc, test_sequential);
	tcase_add_test(tc, test_skew_too_small);
	tcase_add_test(tc, test_without_buffer);
	tcase_add_test(tc, test_without_buffer_at_a_skew);
	tcase_add_test(tc, test_read_ahead);
	tcase_add_test(tc, test_read_ahead_ends);
	tcase_add_test(tc, test_last_sector);
	tcase_add_loop_test(tc, test_queue, 0, 2);
	tcase_add_test(tc, test_two_requests);
	tcase_add_test(tc, test_pci_is_taken);
	tcase_add_test(tc, test_fair_bus);
	tcase_add_test(tc, test_latency);
	tcase_add_test(tc, test_slow_interface);
	tcase_add_loop_test(tc, test_write, 0, 2);
	tcase_add_test(tc, test_write_far);
	tcase_add_test(tc, test_writes_in_a_row);
	tcase_add_test(tc, test_write_empties_the_buffer);
	tcase_add_test(tc, test_write_over_tracks);
	tcase_add_test(tc, test_slow_write);
	tcase_add_test_raise_signal(tc, test_death_beyond_the_end, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(disk_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
