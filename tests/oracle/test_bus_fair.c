/*
 * The fair bus against SimGrid's max-min solver.
 *
 * The same situation twice.  Ours: the CPU of tests/support/cpu_rig.h, steps
 * that compute and then wait for memory, and one transfer.  SimGrid's: a host
 * whose speed is one unit per picosecond of bus time; an actor sleeps while the
 * CPU computes and executes what it reads; another begins at the transfer's
 * date and executes that, bounded by PCI's share.  Each case is a host of its
 * own, all in one simulation.
 *
 * Tolerance: 8 ps.  A case has at most eight dates: beginnings and ends of
 * three waits and of a transfer.  SimGrid counts seconds and remainders in
 * doubles and takes what is nearer than its precision, 1 ps here, for equal; we
 * round each date by less than 1 ps.
 */
#define _GNU_SOURCE
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <simgrid/actor.h>
#include <simgrid/engine.h>
#include <simgrid/exec.h>
#include <simgrid/host.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/support/cpu_rig.h"

#define US		RIG_US
#define TOLERANCE_PS	8.0

enum { MAX_CASES = 4000, MAX_STEPS = 3 };

/* The memory of the rig: 10 ns a byte read, 20 a byte written. */
enum { READ_BPS = 100000000, WRITE_BPS = 50000000 };

struct situation {
	int64_t pci_bps;
	enum bus_direction direction;
	int64_t dma_bytes;
	sim_time dma_at;
	int n_steps;
	struct rig_step step;
	/* what came out: end of the transfer, of the last step */
	sim_time our_dma, our_cpu;
	double sg_dma, sg_cpu;
};

static struct situation cases[MAX_CASES];
static int n_cases;

/*
 * Ours
 */
static struct rig rig;

static void
note_end(struct rig_task *t)
{
	((struct situation *)t->arg)->our_cpu = rig.cal.now;
}

static void
run_ours(struct situation *s)
{
	const struct bus_config bus = {READ_BPS, WRITE_BPS, s->pci_bps, 0,
	    BUS_FAIR};
	struct rig_step steps[MAX_STEPS];
	struct rig_task task;

	for (int i = 0; i < MAX_STEPS; i++)
		steps[i] = s->step;
	rig_init_on(&rig, &bus);
	rig_task_init(&rig, &task, 'S', CPU_SOFTINT, steps, s->n_steps);
	task.on_commit = note_end;
	task.arg = s;
	rig_go_at(&task, 0);
	rig_transfer_at(&rig, s->direction, s->dma_bytes, s->dma_at);
	rig_run(&rig);
	s->our_dma = rig.transfer_ended_at;
	rig_fini(&rig);
}

/*
 * SimGrid's
 */
static double
to_s(sim_time ps)
{
	return (double)ps / (double)PS_PER_S;
}

static double
now_ps(void)
{
	return simgrid_get_clock() * (double)PS_PER_S;
}

static int64_t
bandwidth(const struct situation *s)
{
	return s->direction == BUS_READ ? READ_BPS : WRITE_BPS;
}

static double
bus_time(int64_t bytes, int64_t bps)
{
	return (double)bytes * (double)PS_PER_S / (double)bps;
}

static void
cpu_actor(int argc, char **argv)
{
	struct situation *s = sg_actor_get_data(sg_actor_self());

	(void)argc;
	(void)argv;
	for (int i = 0; i < s->n_steps; i++) {
		if (s->step.compute > 0)
			sg_actor_sleep_for(to_s(s->step.compute));
		sg_actor_execute(bus_time(s->step.read_bytes, READ_BPS));
	}
	s->sg_cpu = now_ps();
}

static void
dma_actor(int argc, char **argv)
{
	struct situation *s = sg_actor_get_data(sg_actor_self());
	double share = (double)s->pci_bps / (double)bandwidth(s);
	sg_exec_t exec;

	(void)argc;
	(void)argv;
	if (s->dma_at > 0)
		sg_actor_sleep_for(to_s(s->dma_at));
	exec = sg_actor_exec_init(bus_time(s->dma_bytes, bandwidth(s)));
	if (share < 1)
		sg_exec_set_bound(exec, share * (double)PS_PER_S);
	sg_exec_start(exec);
	sg_exec_wait(exec);
	s->sg_dma = now_ps();
}

static void
start_actor(struct situation *s, const char *host,
    void (*code)(int argc, char **argv))
{
	sg_actor_t actor = sg_actor_init("oracle", sg_host_by_name(host));

	sg_actor_set_data(actor, s);
	sg_actor_start(actor, code, 0, NULL);
}

/* One host for each case, one unit per picosecond. */
static void
load_platform(void)
{
	FILE *f = fdopen(memfd_create("platform.xml", 0), "w");
	char path[64];

	ck_assert_ptr_nonnull(f);
	fputs("<?xml version='1.0'?>\n<!DOCTYPE platform SYSTEM "
	    "\"https://simgrid.org/simgrid.dtd\">\n<platform version=\"4.1\">"
	    "<zone id=\"z\" routing=\"Full\">\n", f);
	for (int i = 0; i < n_cases; i++)
		fprintf(f, "<host id=\"h%d\" speed=\"1Tf\"/>\n", i);
	fputs("</zone></platform>\n", f);
	fflush(f);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(f));
	simgrid_load_platform(path);
	fclose(f);
}

static void
run_simgrid(void)
{
	char name[] = "oracle", quiet[] = "--log=root.thresh:error";
	char precise[] = "--cfg=surf/precision:1e-12";
	char stack[] = "--cfg=contexts/stack-size:256";
	char *argv[] = {name, quiet, precise, stack, NULL};
	int argc = 4;
	char host[32];

	simgrid_init(&argc, argv);
	load_platform();
	for (int i = 0; i < n_cases; i++) {
		snprintf(host, sizeof host, "h%d", i);
		start_actor(&cases[i], host, cpu_actor);
		start_actor(&cases[i], host, dma_actor);
	}
	simgrid_run();
}

static void
assert_near(const struct situation *s, const char *what, sim_time ours,
    double theirs)
{
	ck_assert_msg(fabs((double)ours - theirs) <= TOLERANCE_PS,
	    "%s: ours %" PRId64 " ps, SimGrid's %.3f (PCI %" PRId64 " B/s, %s "
	    "of %" PRId64 " B at %" PRId64 ", %d steps of %" PRId64 " ps and %"
	    PRId64 " B)", what, ours, theirs, s->pci_bps,
	    s->direction == BUS_READ ? "read" : "write", s->dma_bytes,
	    s->dma_at, s->n_steps, s->step.compute, s->step.read_bytes);
}

/*
 * Situations whose dates a reader can derive.
 */
static const struct {
	struct situation s;
	sim_time dma, cpu;
	const char *derivation;
} derived[] = {
	{{200000000, BUS_READ, 1000, 0, 1, {2 * US, 1000, SPL_SOFTNET,
	    CPU_IN_KERNEL}, 0, 0, 0, 0}, 18 * US, 20 * US,
	    "transfer of 10 us of bus from 0, the CPU wants 10 us from 2: "
	    "2 alone, 8 at half speed = 16: 18; the CPU has had 8: 18 + 2"},
	{{200000000, BUS_READ, 1000, 6 * US, 1, {2 * US, 1000, SPL_SOFTNET,
	    CPU_IN_KERNEL}, 0, 0, 0, 0}, 22 * US, 18 * US,
	    "transfer of 10 from 6, the CPU has had 4 of 10 by then: 6 at "
	    "half speed = 12: 18; the transfer has had 6: 18 + 4"},
	{{75000000, BUS_READ, 1000, 0, 1, {2 * US, 1000, SPL_SOFTNET,
	    CPU_IN_KERNEL}, 0, 0, 0, 0}, 19 * US, 20500000,
	    "the same from 0, bounded at 0.75: 1.5 in the first 2 us, 8.5 at "
	    "half speed = 17: 19; the CPU has had 8.5: 19 + 1.5"},
	{{40000000, BUS_READ, 1000, 0, 1, {2 * US, 1000, SPL_SOFTNET,
	    CPU_IN_KERNEL}, 0, 0, 0, 0}, 25 * US, 18666667,
	    "bounded at 0.4, below half: 10 / 0.4 = 25; the CPU has 0.6: "
	    "2 + 10 / 0.6"},
	{{200000000, BUS_WRITE, 500, 0, 1, {2 * US, 1000, SPL_SOFTNET,
	    CPU_IN_KERNEL}, 0, 0, 0, 0}, 18 * US, 20 * US,
	    "a store of 500 bytes at 20 ns is 10 us of bus as well"},
	{{200000000, BUS_READ, 3000, 0, 3, {2 * US, 1000, SPL_SOFTNET,
	    CPU_IN_KERNEL}, 0, 0, 0, 0}, 54 * US, 60 * US,
	    "30 us against three steps of 2 + 10: alone 0-2, half to 22 (12 "
	    "had), alone to 24, half to 44 (24), alone to 46 (26), 4 at half "
	    "= 8: 54; the CPU has had 4 of its last 10: 54 + 6"}};

START_TEST(derived_cases)
{
	n_cases = sizeof derived / sizeof derived[0];
	for (int i = 0; i < n_cases; i++) {
		cases[i] = derived[i].s;
		run_ours(&cases[i]);
	}
	run_simgrid();
	for (int i = 0; i < n_cases; i++) {
		const struct situation *s = &cases[i];

		printf("%s\n  expected: transfer %.6f us, CPU %.6f us\n"
		    "  bus:      transfer %.6f us, CPU %.6f us\n"
		    "  SimGrid:  transfer %.6f us, CPU %.6f us\n",
		    derived[i].derivation, (double)derived[i].dma / 1e6,
		    (double)derived[i].cpu / 1e6, (double)s->our_dma / 1e6,
		    (double)s->our_cpu / 1e6, s->sg_dma / 1e6,
		    s->sg_cpu / 1e6);
		ck_assert_int_eq(s->our_dma, derived[i].dma);
		ck_assert_int_eq(s->our_cpu, derived[i].cpu);
		assert_near(s, "transfer", s->our_dma, s->sg_dma);
		assert_near(s, "CPU", s->our_cpu, s->sg_cpu);
	}
}
END_TEST

/*
 * A grid of bounds, sizes and overlaps, with rates that divide nothing.
 */
static void
add_overlaps(struct situation s)
{
	static const sim_time compute[] = {0, 1 * US, 7 * US};
	static const sim_time at[] = {0, 999999, 5 * US, 23 * US};
	static const int64_t read_bytes[] = {1, 211, 1999};

	for (int c = 0; c < 3; c++)
		for (int a = 0; a < 4; a++)
			for (int r = 0; r < 3; r++) {
				ck_assert_int_lt(n_cases, MAX_CASES);
				s.step = (struct rig_step){compute[c],
				    read_bytes[r], SPL_SOFTNET,
				    CPU_IN_KERNEL};
				s.dma_at = at[a];
				cases[n_cases++] = s;
			}
}

static void
add_grid(enum bus_direction direction)
{
	static const int64_t pci_bps[] = {7777777, 25000000, 49999999,
	    50000001, 66666667, 90000000, 132000000};
	static const int64_t bytes[] = {64, 511, 1514};

	for (int p = 0; p < 7; p++)
		for (int b = 0; b < 3; b++)
			for (int n = 1; n <= MAX_STEPS; n += 2)
				add_overlaps((struct situation){
				    .pci_bps = pci_bps[p],
				    .direction = direction,
				    .dma_bytes = bytes[b], .n_steps = n});
}

START_TEST(grid)
{
	double worst = 0;
	int n_moved = 0;

	add_grid(BUS_READ);
	add_grid(BUS_WRITE);
	for (int i = 0; i < n_cases; i++)
		run_ours(&cases[i]);
	run_simgrid();
	for (int i = 0; i < n_cases; i++) {
		const struct situation *s = &cases[i];
		int64_t bps = bandwidth(s);
		double alone = (double)s->dma_at + bus_time(s->dma_bytes,
		    s->pci_bps < bps ? s->pci_bps : bps);

		assert_near(s, "transfer", s->our_dma, s->sg_dma);
		assert_near(s, "CPU", s->our_cpu, s->sg_cpu);
		worst = fmax(worst, fabs((double)s->our_dma - s->sg_dma));
		worst = fmax(worst, fabs((double)s->our_cpu - s->sg_cpu));
		n_moved += (double)s->our_dma > alone + 1;
	}
	printf("%d situations, in %d of which the transfer was slowed down; "
	    "largest difference %.3f ps\n", n_cases, n_moved, worst);
	/* or the grid would say nothing about fairness */
	ck_assert_int_gt(n_moved, n_cases / 4);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("fair bus and SimGrid");
	TCase *tc = tcase_create("oracle");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 120);
	/* each in a process of its own: SimGrid starts only once */
	tcase_add_test(tc, derived_cases);
	tcase_add_test(tc, grid);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
