/*
 * A bus that is shared fairly: what DMA gets while the CPU computes, and while
 * it waits for memory; where a transfer's end moves to.
 *
 * Reads take 10 ns a byte of the bus, writes 20; PCI could take all of it
 * unless a test says otherwise.  Dates in the logs are us: S is a step of a
 * soft interrupt, D the end of a transfer.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/cpu_rig.h"

#define US	RIG_US

static struct rig rig;
static struct rig_task s, h;

/* 2 us of computing, then 1000 bytes: 10 us of the bus. */
static const struct rig_step reading[] = {
    {2 * US, 1000, SPL_SOFTNET, CPU_IN_KERNEL},
    {2 * US, 1000, SPL_SOFTNET, CPU_IN_KERNEL},
    {2 * US, 1000, SPL_SOFTNET, CPU_IN_KERNEL}};
static const struct rig_step computing = {
    2 * US, 0, SPL_NET, CPU_IN_KERNEL};

static void
start(int64_t pci_bps, enum bus_arbitration arbitration)
{
	const struct bus_config bus = {100000000, 50000000, pci_bps, 0,
	    arbitration};

	rig_init_on(&rig, &bus);
	rig_task_init(&rig, &s, 'S', CPU_SOFTINT, reading, 1);
	rig_task_init(&rig, &h, 'H', CPU_HARDINT, &computing, 1);
}

static void
expect(const char *log)
{
	rig_expect(&rig, log);
	rig_fini(&rig);
}

/*
 * DMA wants 10 us of the bus from 0 on.  It has 2 us alone; then half each, so
 * that its other 8 us take 16: D18.  The CPU has had 8 of its 10 us by then,
 * and the rest alone: S20.
 *
 * DMA first: the CPU waits until 10, and then has its 10 us alone.
 */
START_TEST(half_each)
{
	start(200000000, _i == 0 ? BUS_FAIR : BUS_DMA_FIRST);
	rig_go_at(&s, 0);
	rig_transfer_at(&rig, BUS_READ, 1000, 0);
	rig_run(&rig);
	/* 18 us of bus within 20, or 20 */
	ck_assert_int_eq(rig.bus.dma_busy_ps, 10 * US);
	ck_assert_int_eq(rig.cpu.stats.bus_ps, 10 * US);
	ck_assert_int_eq(rig.cpu.stats.stall_ps, 8 * US);
	expect(_i == 0 ? "D18 S20" : "D10 S20");
}
END_TEST

/* 500 bytes written are 10 us of the bus as well. */
START_TEST(half_each_of_writes)
{
	start(200000000, BUS_FAIR);
	rig_go_at(&s, 0);
	rig_transfer_at(&rig, BUS_WRITE, 500, 0);
	expect("D18 S20");
}
END_TEST

/*
 * DMA begins at 6, when the CPU has had 4 of its 10 us: the other 6 take 12,
 * S18; DMA has had 6 of 10 by then, and the rest alone: D22.
 */
START_TEST(begins_while_the_cpu_waits)
{
	start(200000000, BUS_FAIR);
	rig_go_at(&s, 0);
	rig_transfer_at(&rig, BUS_READ, 1000, 6 * US);
	expect("S18 D22");
}
END_TEST

/*
 * Bounds.  At 40 MB/s DMA takes 0.4 of the bus, below its half, and gets it
 * always: 25 us; the CPU has 0.6: 2 + 10 / 0.6 = 18.67, as if DMA went first.
 * At 50 MB/s it is just half.  At 75 MB/s it has 1.5 us in the first 2, and
 * the other 8.5 take 17; the CPU has had 8.5 by then and ends 1.5 later.
 */
START_TEST(bounded)
{
	static const struct {
		int64_t pci_bps;
		const char *fair, *dma_first;
	} cases[] = {
	    {40000000, "S18+666667ps D25", "S18+666667ps D25"},
	    {50000000, "D20 S21", "D20 S21"},
	    /* 0.25 from 2 to 13.33: 2.83; the other 7.17 alone: 20.5 */
	    {75000000, "D19 S20+500000ps", "D13+333333ps S20+500000ps"}};

	start(cases[_i].pci_bps, BUS_FAIR);
	rig_go_at(&s, 0);
	rig_transfer_at(&rig, BUS_READ, 1000, 0);
	expect(cases[_i].fair);
	start(cases[_i].pci_bps, BUS_DMA_FIRST);
	rig_go_at(&s, 0);
	rig_transfer_at(&rig, BUS_READ, 1000, 0);
	expect(cases[_i].dma_first);
}
END_TEST

/*
 * An interrupt that computes from 4 to 6 leaves DMA alone: 2 us to 2, 1 to 4,
 * 2 to 6; the other 5 take 10: D16.  The CPU had 1 us to 4 and 5 to 16: S20.
 */
START_TEST(interrupted)
{
	start(200000000, BUS_FAIR);
	rig_go_at(&s, 0);
	rig_go_at(&h, 4 * US);
	rig_transfer_at(&rig, BUS_READ, 1000, 0);
	expect("H6 D16 S20");
}
END_TEST

/* Who never waits for memory takes nothing. */
START_TEST(computing_only)
{
	start(200000000, BUS_FAIR);
	rig_go_at(&h, 0);
	rig_transfer_at(&rig, BUS_READ, 1000, 0);
	expect("H2 D10");
}
END_TEST

/*
 * Three steps and a transfer of 30 us of the bus: alone 0-2, half to 22 (S22:
 * 2 + 10 had), alone to 24, half to 44 (24 had), alone to 46 (26), half: the
 * other 4 take 8: D54.  The third step has had 4 by then: S60.
 */
START_TEST(step_after_step)
{
	start(200000000, BUS_FAIR);
	rig_steps(&s, reading, 3);
	rig_go_at(&s, 0);
	rig_transfer_at(&rig, BUS_READ, 3000, 0);
	expect("S22 S44 D54 S60");
}
END_TEST

static void
begin_transfer(struct rig_task *task)
{
	if (task->n_done == 1)
		rig_transfer_at(&rig, BUS_READ, 1000, rig.cal.now);
}

/* At the date of a commit: the next step computes 12-14 and then waits. */
START_TEST(begins_at_a_commit)
{
	start(200000000, BUS_FAIR);
	rig_steps(&s, reading, 2);
	s.on_commit = begin_transfer;
	rig_go_at(&s, 0);
	expect("S12 D30 S32");
}
END_TEST

/*
 * Rates that divide nothing: the CPU's dates do not depend on when the counters
 * are read, and neither do those of DMA.
 */
START_TEST(looking_changes_nothing)
{
	const struct bus_config bus = {99999989, 33333331, 87654321, 0,
	    BUS_FAIR};
	char log[RIG_LOG_BYTES];

	for (int look = 0; look < 2; look++) {
		rig_init_on(&rig, &bus);
		rig_task_init(&rig, &s, 'S', CPU_SOFTINT, reading, 3);
		rig_go_at(&s, 777);
		rig_transfer_at(&rig, BUS_READ, 1514, 1 * US);
		rig_transfer_at(&rig, BUS_WRITE, 64, 50 * US);
		for (sim_time at = 0; look == 1 && at < 60 * US; at += 9973) {
			rig_until(&rig, at);
			cpu_stats_now(&rig.cpu);
		}
		rig_run(&rig);
		if (look == 0)
			memcpy(log, rig.log, sizeof log);
		ck_assert_str_eq(rig.log, log);
		rig_fini(&rig);
	}
}
END_TEST

/*
 * The bus by itself
 */
static struct bus bus;
static struct bus_master master;
static struct ledger ledger;
static bool cpu_waits;
static sim_time now;

static void
nothing(void *arg)
{
	(void)arg;
}

static void
tell(void *arg)
{
	if (bus.dma_is_watched)
		bus_cpu_waits(arg, cpu_waits, now);
}

static void
start_bus(int64_t read_bps)
{
	const struct bus_config config = {read_bps, read_bps, 2 * read_bps, 0,
	    BUS_FAIR};

	bus_init(&bus, &config, &ledger);
	bus.changing = nothing;
	master = (struct bus_master){.dma_changing = nothing,
	    .dma_changed = nothing, .cause = CAUSE_NIC_DMA};
	bus.changed = tell;
	bus.client = &bus;
	now = 0;
}

/*
 * The CPU waits all the time: n transfers of 7 bytes end when 7 n bytes are
 * through at half of 99,999,999 bytes/s, to the picosecond.
 */
START_TEST(no_drift)
{
	start_bus(99999999);
	cpu_waits = true;
	for (int64_t n = 1; n <= 10000; n++) {
		bus_dma_begin(&bus, &master, BUS_READ, 7, now);
		now = bus.dma_ends_at;
		bus_dma_end(&bus, now);
		ck_assert_int_eq(now, mul_div(7 * n, 2 * PS_PER_S, 99999999));
	}
}
END_TEST

/*
 * It begins and ends to wait at random: what was done in all the intervals is
 * all that the transfers had to do, but for what less than a picosecond does.
 */
START_TEST(nothing_is_lost)
{
	uint32_t state = 99;
	int64_t done = 0, asked = 0;

	start_bus(77777777);
	cpu_waits = false;
	for (int n = 0; n < 2000; n++) {
		int64_t bytes = (state >> 20) % 100 + 1;

		asked += bytes * BUS_WORK_PER_BYTE;
		bus_dma_begin(&bus, &master, BUS_READ, bytes, now);
		for (;;) {
			sim_time until;

			state = state * 1664525 + 1013904223;
			until = now + (state >> 12);
			if (until >= bus.dma_ends_at)
				break;
			done += bus.dma.rate * (until - now);
			now = until;
			cpu_waits = !cpu_waits;
			bus_cpu_waits(&bus, cpu_waits, now);
			/* whole rates: all of the bus, or half */
			ck_assert_int_eq(bus.dma.rate,
			    cpu_waits ? 77777777 : 2 * 77777777);
		}
		done += bus.dma.rate * (bus.dma_ends_at - now);
		now = bus.dma_ends_at;
		bus_dma_end(&bus, now);
		ck_assert_int_eq(asked - done, bus.dma_debt[BUS_READ]);
		ck_assert_int_ge(asked - done, 0);
		ck_assert_int_lt(asked - done, 2 * 77777777);
	}
}
END_TEST

/* The CPU's share while both want the bus, and that nobody asks in vain. */
START_TEST(shares)
{
	start_bus(100000000);
	cpu_waits = true;
	bus_dma_begin(&bus, &master, BUS_WRITE, 100, now);
	ck_assert_int_eq(bus_cpu_duration(&bus, 500), 1000);
	ck_assert_int_eq(bus_cpu_progress(&bus, 1000), 500);
	ck_assert_int_eq(bus.dma_ends_at, 2 * US);
	cpu_waits = false;
	bus_cpu_waits(&bus, false, now);
	ck_assert_int_eq(bus.dma_ends_at, 1 * US);
	now = bus.dma_ends_at;
	bus_dma_end(&bus, now);
	/* nobody is there to be told: no effect */
	bus_cpu_waits(&bus, true, now);
	ck_assert(!bus.dma_active);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("hw/bus, fair");
	TCase *tc = tcase_create("bus");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, half_each, 0, 2);
	tcase_add_test(tc, half_each_of_writes);
	tcase_add_test(tc, begins_while_the_cpu_waits);
	tcase_add_loop_test(tc, bounded, 0, 3);
	tcase_add_test(tc, interrupted);
	tcase_add_test(tc, computing_only);
	tcase_add_test(tc, step_after_step);
	tcase_add_test(tc, begins_at_a_commit);
	tcase_add_test(tc, looking_changes_nothing);
	tcase_add_test(tc, no_drift);
	tcase_add_test(tc, nothing_is_lost);
	tcase_add_test(tc, shares);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
