/*
 * The CPU: who runs, for how long, and what keeps it waiting.
 *
 * Dates in the logs are us.  A process that comes to its turn spends 1 us on
 * the context switch first; interrupts do not.  See tests/support/cpu_rig.h.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/cpu_rig.h"

#define US	RIG_US

static struct rig rig;
static struct rig_task p, s, t, h, i;

/* One step of 10 us each, if a test does not say otherwise. */
static const struct rig_step in_user = {10 * US, 0, SPL_0, CPU_IN_USER};
static const struct rig_step in_kernel = {10 * US, 0, SPL_0, CPU_IN_KERNEL};
static const struct rig_step at_softnet = {
    10 * US, 0, SPL_SOFTNET, CPU_IN_KERNEL};
static const struct rig_step at_net = {10 * US, 0, SPL_NET, CPU_IN_KERNEL};
static const struct rig_step at_vm = {10 * US, 0, SPL_VM, CPU_IN_KERNEL};
static const struct rig_step soft = {4 * US, 0, SPL_SOFTNET, CPU_IN_KERNEL};
static const struct rig_step hard = {2 * US, 0, SPL_NET, CPU_IN_KERNEL};

static void
setup(void)
{
	rig_init(&rig, 100000000);
	rig_task_init(&rig, &p, 'P', CPU_PROC, &in_user, 1);
	rig_task_init(&rig, &s, 'S', CPU_SOFTINT, &soft, 1);
	rig_task_init(&rig, &t, 'T', CPU_SOFTINT, &soft, 1);
	rig_task_init(&rig, &h, 'H', CPU_HARDINT, &hard, 1);
	rig_task_init(&rig, &i, 'I', CPU_HARDINT, &hard, 1);
}

static void
teardown(void)
{
	rig_fini(&rig);
}

START_TEST(test_one_process)
{
	rig_go_at(&p, 3 * US);
	ck_assert(cpu_is_idle(&rig.cpu));
	/* 3 + 1 + 10 */
	rig_expect(&rig, "P14");
	ck_assert(cpu_is_idle(&rig.cpu));
	ck_assert_int_eq(rig.cpu.stats.idle_ps, 3 * US);
	ck_assert_int_eq(rig.cpu.stats.busy_ps[CPU_PROC], 11 * US);
	ck_assert_int_eq(rig.cpu.stats.n_steps, 1);
	ck_assert_int_eq(rig.cpu.stats.n_switches, 1);
	/* 10 us are 1000 cycles; the switch is 100 */
	ck_assert_int_eq(rig.cpu.stats.asked_units,
	    1100 * COST_UNITS_PER_CYCLE);
	ck_assert_int_eq(rig.ledger.line[CAUSE_CONTEXT_SWITCH].units,
	    100 * COST_UNITS_PER_CYCLE);
}
END_TEST

/*
 * P would end at 11.  S comes at 3; H suspends it at 5 and ends at 7; S has
 * 2 us left and ends at 9; P has 8 left and ends at 17.
 */
START_TEST(test_three_levels)
{
	rig_go_at(&p, 0);
	rig_go_at(&s, 3 * US);
	rig_go_at(&h, 5 * US);
	rig_expect(&rig, "H7 S9 P17");
	ck_assert_int_eq(rig.cpu.stats.busy_ps[CPU_PROC], 11 * US);
	ck_assert_int_eq(rig.cpu.stats.busy_ps[CPU_SOFTINT], 4 * US);
	ck_assert_int_eq(rig.cpu.stats.busy_ps[CPU_HARDINT], 2 * US);
	/* none of this waited for an spl */
	ck_assert_int_eq(rig.cpu.stats.n_masked[CPU_SOFTINT], 0);
	ck_assert_int_eq(rig.cpu.stats.n_masked[CPU_HARDINT], 0);
}
END_TEST

/* Of one date: the higher level first, in whatever order they were posted. */
START_TEST(test_levels_of_one_date)
{
	rig_go_at(&p, 0);
	rig_go_at(&s, 0);
	rig_go_at(&h, 0);
	/* H 0-2, S 2-6, P 1 + 10 */
	rig_expect(&rig, "H2 S6 P17");
}
END_TEST

/* Interrupted at any picosecond, a step still takes what it takes. */
START_TEST(test_exact_remainder)
{
	static const sim_time at[] = {
	    0, 1, 333333, 1000000, 1000001, 7654321, 10999999};

	rig_go_at(&p, 0);
	rig_go_at(&h, at[_i]);
	rig_go_at(&i, at[_i] + 777);	/* waits for H to end */
	rig_run(&rig);
	/* 1 + 10 + 2 + 2 */
	ck_assert_int_eq(rig.cal.now, 15 * US);
	ck_assert_int_eq(rig.cpu.stats.busy_ps[CPU_PROC], 11 * US);
}
END_TEST

/* An interrupt at the very date of a step's end comes after the commit. */
START_TEST(test_interrupt_at_the_end)
{
	rig_go_at(&p, 0);
	rig_until(&rig, 5 * US);
	rig_go_at(&h, 11 * US);
	rig_expect(&rig, "P11 H13");
}
END_TEST

START_TEST(test_queues_are_fifo)
{
	rig_go_at(&s, 0);
	rig_go_at(&t, 1 * US);
	rig_go_at(&i, 5 * US);
	rig_go_at(&h, 6 * US);
	/* S 0-4, T 4-5, I 5-7, H 7-9 (no nesting), T 9-12 */
	rig_expect(&rig, "S4 I7 H9 T12");
	/* to wait for one's own level is not to be masked */
	ck_assert_int_eq(rig.cpu.stats.n_masked[CPU_SOFTINT], 0);
	ck_assert_int_eq(rig.cpu.stats.n_masked[CPU_HARDINT], 0);
}
END_TEST

/* The mask of a process: at splsoftnet only hardware comes through. */
START_TEST(test_spl_softnet)
{
	rig_steps(&p, &at_softnet, 1);
	rig_go_at(&p, 0);
	rig_go_at(&s, 3 * US);
	rig_go_at(&h, 5 * US);
	/* H 5-7; P ends at 13; S after it */
	rig_expect(&rig, "H7 P13 S17");
	ck_assert_int_eq(rig.cpu.stats.n_masked[CPU_SOFTINT], 1);
	ck_assert_int_eq(rig.cpu.stats.masked_ps[CPU_SOFTINT], 10 * US);
	ck_assert_int_eq(rig.cpu.stats.n_masked[CPU_HARDINT], 0);
}
END_TEST

START_TEST(test_spl_net_and_vm)
{
	rig_steps(&p, _i == 0 ? &at_net : &at_vm, 1);
	rig_go_at(&p, 0);
	rig_go_at(&s, 3 * US);
	rig_go_at(&h, 5 * US);
	rig_expect(&rig, "P11 H13 S17");
	ck_assert_int_eq(rig.cpu.stats.n_masked[CPU_HARDINT], 1);
	ck_assert_int_eq(rig.cpu.stats.masked_ps[CPU_HARDINT], 6 * US);
	/* S waits for the mask, then for H, which has one of its own */
	ck_assert_int_eq(rig.cpu.stats.n_masked[CPU_SOFTINT], 1);
	ck_assert_int_eq(rig.cpu.stats.masked_ps[CPU_SOFTINT], 10 * US);
}
END_TEST

/* A soft interrupt at splsoftnet lets hardware in; at splnet it does not. */
START_TEST(test_spl_of_a_soft_interrupt)
{
	static const struct rig_step soft_at_net = {
	    4 * US, 0, SPL_NET, CPU_IN_KERNEL};

	if (_i == 1)
		rig_steps(&s, &soft_at_net, 1);
	rig_go_at(&s, 0);
	rig_go_at(&h, 1 * US);
	rig_expect(&rig, _i == 0 ? "H3 S6" : "S4 H6");
	ck_assert_int_eq(rig.cpu.stats.masked_ps[CPU_HARDINT],
	    _i == 0 ? 0 : 3 * US);
}
END_TEST

/* Suspended by hardware, a process keeps its mask. */
START_TEST(test_spl_of_a_suspended_step)
{
	rig_steps(&p, &at_softnet, 1);
	rig_go_at(&p, 0);
	rig_go_at(&h, 5 * US);
	rig_go_at(&s, 6 * US);
	rig_expect(&rig, "H7 P13 S17");
	/* kept out by the mask alone from 7 on */
	ck_assert_int_eq(rig.cpu.stats.n_masked[CPU_SOFTINT], 1);
	ck_assert_int_eq(rig.cpu.stats.masked_ps[CPU_SOFTINT], 6 * US);
}
END_TEST

static void
post_s(struct rig_task *task)
{
	(void)task;
	rig_go(&s);
}

/* The usual way to be masked: hardware asks for the soft interrupt. */
START_TEST(test_masked_from_a_hard_interrupt)
{
	rig_steps(&p, &at_softnet, 1);
	h.on_commit = post_s;
	rig_go_at(&p, 0);
	rig_go_at(&h, 5 * US);
	rig_expect(&rig, "H7 P13 S17");
	ck_assert_int_eq(rig.cpu.stats.n_masked[CPU_SOFTINT], 1);
	ck_assert_int_eq(rig.cpu.stats.masked_ps[CPU_SOFTINT], 6 * US);
}
END_TEST

/* Between two steps the mask is that of the next one. */
START_TEST(test_mask_from_step_to_step)
{
	const struct rig_step masked[] = {at_softnet, at_softnet, in_kernel};

	rig_steps(&p, masked, 3);
	rig_go_at(&p, 0);
	rig_go_at(&s, 5 * US);
	/* still masked at 11; at 21 the third step cannot keep it out */
	rig_expect(&rig, "P11 P21 S25 P35");
	ck_assert_int_eq(rig.cpu.stats.masked_ps[CPU_SOFTINT], 16 * US);
}
END_TEST

/* A commit that posts: its own next step, and what others are to do. */
static void
post_all(struct rig_task *task)
{
	if (task->n_done > 1)
		return;
	rig_go(&p);
	rig_go(&s);
	rig_go(&i);
	/* nothing has begun: all this happens in a commit */
	ck_assert_ptr_null(rig.cpu.running);
	ck_assert_int_eq(p.task.state, CPU_TASK_QUEUED);
}

START_TEST(test_posting_in_a_commit)
{
	const struct rig_step two[] = {hard, hard};

	rig_steps(&h, two, 2);
	h.on_commit = post_all;
	rig_go_at(&h, 0);
	/* H goes on before I, though I was posted earlier; then S, then P */
	rig_expect(&rig, "H2 H4 I6 S10 P21");
	ck_assert_int_eq(rig.cpu.stats.n_switches, 1);
}
END_TEST

/* Memory: 1000 bytes read are 10 us, after the computing. */
static const struct rig_step reading = {
    2 * US, 1000, SPL_SOFTNET, CPU_IN_KERNEL};

/* DMA at half of the bus doubles the memory's part, and nothing else. */
START_TEST(test_stall_under_dma)
{
	rig_steps(&s, &reading, 1);
	rig_go_at(&s, 0);
	rig_dma_at(&rig, BUS_READ, 0, 100 * US);
	/* 2 + 2 * 10 */
	rig_expect(&rig, "S22");
	ck_assert_int_eq(rig.cpu.stats.bus_ps, 10 * US);
	ck_assert_int_eq(rig.cpu.stats.stall_ps, 10 * US);
	ck_assert_int_eq(rig.cpu.stats.busy_ps[CPU_SOFTINT], 22 * US);
}
END_TEST

/* Transfers that begin and end within the step, 12 us long without them. */
START_TEST(test_stall_by_parts)
{
	static const struct {
		enum bus_direction direction;
		sim_time from, to;
		const char *log;
		sim_time stall;
	} cases[] = {
	    /* while it computes: no difference */
	    {BUS_READ, 0, 2 * US, "S12", 0},
	    {BUS_WRITE, 0, 2 * US, "S12", 0},
	    /* 1 us of computing, then half speed for 4 */
	    {BUS_READ, 1 * US, 6 * US, "S14", 2 * US},
	    /* half speed from 4 to 8 */
	    {BUS_READ, 4 * US, 8 * US, "S14", 2 * US},
	    /* half speed at the end: at 10 there are 2 us left */
	    {BUS_READ, 10 * US, 50 * US, "S14", 2 * US},
	    /* a write takes all: 5 us are lost */
	    {BUS_WRITE, 4 * US, 9 * US, "S17", 5 * US},
	    {BUS_WRITE, 11 * US, 50 * US, "S51", 39 * US},
	    /* after its end */
	    {BUS_WRITE, 12 * US, 50 * US, "S12", 0}};

	rig_steps(&s, &reading, 1);
	rig_go_at(&s, 0);
	rig_dma_at(&rig, cases[_i].direction, cases[_i].from, cases[_i].to);
	rig_expect(&rig, cases[_i].log);
	ck_assert_int_eq(rig.cpu.stats.stall_ps, cases[_i].stall);
	ck_assert_int_eq(rig.cpu.stats.bus_ps, 10 * US);
}
END_TEST

/* What is suspended gains nothing by the bus, and loses nothing. */
START_TEST(test_dma_while_suspended)
{
	rig_steps(&s, &reading, 1);
	rig_go_at(&s, 0);
	rig_go_at(&h, 5 * US);
	rig_dma_at(&rig, BUS_WRITE, 5 * US, 7 * US);
	rig_expect(&rig, "H7 S14");
	ck_assert_int_eq(rig.cpu.stats.stall_ps, 0);
}
END_TEST

/* Odd dates: half a picosecond is carried, not lost; the end rounds up. */
START_TEST(test_stall_to_the_picosecond)
{
	rig_steps(&s, &reading, 1);
	rig_go_at(&s, 0);
	for (int n = 0; n < 5; n++)
		rig_dma_at(&rig, BUS_READ, 3 * US + 10 * n,
		    3 * US + 10 * n + 3);
	rig_run(&rig);
	/* 5 * 3 ps at half speed: 7.5 ps late */
	ck_assert_int_eq(rig.cal.now, 12 * US + 8);
	ck_assert_int_eq(rig.cpu.stats.bus_ps, 10 * US);
}
END_TEST

/*
 * DMA leaves two thirds.  1 ps of it brings nothing but a remainder of 2/3; 1
 * without DMA brings 1; the other 9,999,999 take 14,999,998.5, rounded up.  In
 * these the CPU would get one more than it asks for, and does not.
 */
START_TEST(test_stall_rounds_up)
{
	rig.bus.cpu_share[BUS_READ] = ratio_make(2, 3);
	rig_steps(&s, &reading, 1);
	rig_go_at(&s, 0);
	rig_dma_at(&rig, BUS_READ, 2 * US, 2 * US + 1);
	rig_dma_at(&rig, BUS_READ, 2 * US + 2, 50 * US);
	rig_expect(&rig, "S17+1ps");
	ck_assert_int_eq(rig.cpu.stats.bus_ps, 10 * US);
}
END_TEST

static void
begin_dma(struct rig_task *task)
{
	if (task->n_done == 1)
		rig_dma_begin(&rig, BUS_READ);
	else
		rig_dma_end(&rig);
}

/* DMA that begins in a commit slows the step that follows it. */
START_TEST(test_dma_from_a_commit)
{
	const struct rig_step two[] = {reading, reading};

	rig_steps(&s, two, 2);
	s.on_commit = begin_dma;
	rig_go_at(&s, 0);
	rig_expect(&rig, "S12 S34");
}
END_TEST

/* The reader of the counters may come at any time and changes nothing. */
START_TEST(test_stats_in_between)
{
	rig_steps(&s, &reading, 1);
	rig_go_at(&s, 1 * US);
	rig_dma_at(&rig, BUS_READ, 0, 100 * US);
	for (sim_time at = 0; at < 23 * US; at += 333333) {
		const struct cpu_stats *stats;

		rig_until(&rig, at);
		stats = cpu_stats_now(&rig.cpu);
		ck_assert_int_eq(stats->idle_ps, at < US ? at : US);
		ck_assert_int_eq(stats->busy_ps[CPU_SOFTINT],
		    at < US ? 0 : at - US);
	}
	ck_assert(!cpu_is_idle(&rig.cpu));
	rig_expect(&rig, "S23");
	ck_assert_int_eq(rig.cpu.stats.stall_ps, 10 * US);
}
END_TEST

START_TEST(test_is_idle)
{
	rig_go(&p);
	ck_assert(!cpu_is_idle(&rig.cpu));
	rig_go(&h);	/* active */
	rig_go(&s);	/* queued */
	ck_assert_int_eq(s.task.state, CPU_TASK_QUEUED);
	ck_assert(!cpu_is_idle(&rig.cpu));
	rig_expect(&rig, "H2 S6 P17");
	ck_assert(cpu_is_idle(&rig.cpu));
}
END_TEST

/*
 * 733 MHz: a cycle is 10^6 / 733 ps.  733 steps of a cycle take 1 us to the
 * picosecond.
 */
START_TEST(test_cycles_are_carried)
{
	static struct rig_step cycles[733];

	rig_fini(&rig);
	rig_init(&rig, 733000000);
	for (int n = 0; n < 733; n++)
		cycles[n] = (struct rig_step){
		    10000, 0, SPL_SOFTNET, CPU_IN_KERNEL};
	rig_task_init(&rig, &s, 'S', CPU_SOFTINT, cycles, 733);
	for (int n = 0; n < 733; n++) {
		rig.log[0] = '\0';
		rig_go_at(&s, rig.cal.now);
		s.n_steps = n + 1;
		rig_run(&rig);
		rig.n_events = 0;
		ck_assert_int_eq(rig.cal.now, (n + 1) * US / 733);
	}
	ck_assert_int_eq(rig.cal.now, US);
}
END_TEST

static TCase *
levels_tcase(void)
{
	TCase *tc = tcase_create("levels");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_one_process);
	tcase_add_test(tc, test_three_levels);
	tcase_add_test(tc, test_levels_of_one_date);
	tcase_add_loop_test(tc, test_exact_remainder, 0, 7);
	tcase_add_test(tc, test_interrupt_at_the_end);
	tcase_add_test(tc, test_queues_are_fifo);
	tcase_add_test(tc, test_spl_softnet);
	tcase_add_loop_test(tc, test_spl_net_and_vm, 0, 2);
	tcase_add_loop_test(tc, test_spl_of_a_soft_interrupt, 0, 2);
	tcase_add_test(tc, test_spl_of_a_suspended_step);
	tcase_add_test(tc, test_masked_from_a_hard_interrupt);
	tcase_add_test(tc, test_mask_from_step_to_step);
	tcase_add_test(tc, test_posting_in_a_commit);
	return tc;
}

static TCase *
memory_tcase(void)
{
	TCase *tc = tcase_create("memory");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_stall_rounds_up);
	tcase_add_test(tc, test_stall_under_dma);
	tcase_add_loop_test(tc, test_stall_by_parts, 0, 8);
	tcase_add_test(tc, test_dma_while_suspended);
	tcase_add_test(tc, test_stall_to_the_picosecond);
	tcase_add_test(tc, test_dma_from_a_commit);
	tcase_add_test(tc, test_stats_in_between);
	tcase_add_test(tc, test_is_idle);
	tcase_add_test(tc, test_cycles_are_carried);
	return tc;
}

int
main(void)
{
	Suite *suite = suite_create("hw/cpu");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, levels_tcase());
	suite_add_tcase(suite, memory_tcase());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
