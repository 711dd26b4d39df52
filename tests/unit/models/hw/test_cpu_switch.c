/*
 * The CPU between processes: round robin, the quantum, and processes that are
 * with their programs.  The rest is in test_cpu.c; dates and costs as there.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "tests/support/cpu_rig.h"

#define US	RIG_US

static struct rig rig;
static struct rig_task p, q, r, h;

static const struct rig_step in_user = {10 * US, 0, SPL_0, CPU_IN_USER};
static const struct rig_step in_kernel = {10 * US, 0, SPL_0, CPU_IN_KERNEL};
static const struct rig_step entering = {10 * US, 0, SPL_0, CPU_ENTERING};
static const struct rig_step hard = {2 * US, 0, SPL_NET, CPU_IN_KERNEL};

static void
setup(void)
{
	rig_init(&rig, 100000000);
	rig_task_init(&rig, &p, 'P', CPU_PROC, &in_user, 1);
	rig_task_init(&rig, &q, 'Q', CPU_PROC, &in_user, 1);
	rig_task_init(&rig, &r, 'R', CPU_PROC, &in_user, 1);
	rig_task_init(&rig, &h, 'H', CPU_HARDINT, &hard, 1);
}

static void
teardown(void)
{
	rig_fini(&rig);
}

/* Without the end of a quantum nobody is switched away from. */
START_TEST(test_in_turn)
{
	rig_go_at(&p, 0);
	rig_go_at(&r, 1 * US);
	rig_go_at(&q, 2 * US);
	/* 11 us each, in the order in which they came */
	rig_expect(&rig, "P11 R22 Q33");
	ck_assert_int_eq(rig.cpu.stats.n_switches, 3);
}
END_TEST

/*
 * At 4 P has had its switch and 3 of 10 us.  Q: 4 + 1 + 10 = 15.  P again: a
 * switch, and the 7 us left: 23.
 */
START_TEST(test_round_robin)
{
	rig_go_at(&p, 0);
	rig_go_at(&q, 0);
	rig_resched_at(&rig, 4 * US);
	rig_expect(&rig, "Q15 P23");
	ck_assert_int_eq(rig.cpu.stats.n_switches, 3);
	ck_assert_int_eq(rig.cpu.stats.busy_ps[CPU_PROC], 23 * US);
}
END_TEST

/* P 0-4, Q 4-8 (3 us), R 8-12 (3 us), and once more round with 7 us each. */
START_TEST(test_round_robin_of_three)
{
	rig_go_at(&p, 0);
	rig_go_at(&q, 0);
	rig_go_at(&r, 0);
	rig_resched_at(&rig, 4 * US);
	rig_resched_at(&rig, 8 * US);
	rig_resched_at(&rig, 12 * US);
	rig_expect(&rig, "P20 Q28 R36");
}
END_TEST

/* In the midst of its own switch: what is left of that is kept, too. */
START_TEST(test_quantum_ends_during_a_switch)
{
	rig_go_at(&p, 0);
	rig_go_at(&q, 0);
	rig_resched_at(&rig, 300000);
	/* Q: 0.3 + 11; P: 1 + 10.7 */
	rig_expect(&rig, "Q11+300000ps P23");
}
END_TEST

/* The quantum is over at 4; P goes on until it is in user mode. */
START_TEST(test_not_within_the_kernel)
{
	const struct rig_step steps[] = {in_kernel, in_kernel, in_user};

	rig_steps(&p, steps, 3);
	rig_go_at(&p, 0);
	rig_go_at(&q, 0);
	rig_resched_at(&rig, 4 * US);
	rig_expect(&rig, "P11 P21 Q32 P43");
}
END_TEST

/*
 * R is urgent.  At 4 it takes the CPU from P, which is in user mode, and goes
 * before Q, which waited; P comes last, with the 7 us that it has left.
 */
START_TEST(test_urgent)
{
	r.task.is_urgent = true;
	rig_go_at(&p, 0);
	rig_go_at(&q, 1 * US);
	rig_go_at(&r, 4 * US);
	rig_expect(&rig, "R15 Q26 P34");
}
END_TEST

/* It, too, waits for one that is in the kernel; and for nobody else. */
START_TEST(test_urgent_not_within_the_kernel)
{
	r.task.is_urgent = true;
	rig_steps(&p, &in_kernel, 1);
	rig_go_at(&p, 0);
	rig_go_at(&q, 1 * US);
	rig_go_at(&r, 4 * US);
	rig_expect(&rig, "P11 R22 Q33");
}
END_TEST

/* On an idle CPU it is the first and only one. */
START_TEST(test_urgent_alone)
{
	r.task.is_urgent = true;
	rig_go_at(&r, 4 * US);
	rig_go_at(&p, 5 * US);
	rig_expect(&rig, "R15 P26");
}
END_TEST

/* A system call that has not begun can wait; one that has begun goes on. */
START_TEST(test_entering)
{
	static const struct {
		sim_time resched_at;
		const char *log;
	} cases[] = {
	    {4 * US, "P11 Q22 P33 P43"},	/* before its first step */
	    {11 * US, "P11 Q22 P33 P43"},	/* at its very beginning */
	    {11 * US + 1, "P11 P21 Q32 P43"},	/* just begun */
	    {20 * US, "P11 P21 Q32 P43"}};
	const struct rig_step steps[] = {in_kernel, entering, in_user};

	rig_steps(&p, steps, 3);
	rig_go_at(&p, 0);
	rig_go_at(&q, 0);
	/* so that it comes after the commit at 11 */
	rig_until(&rig, 3 * US);
	rig_resched_at(&rig, cases[_i].resched_at);
	rig_expect(&rig, cases[_i].log);
}
END_TEST

/* The end of a quantum says nothing when nobody waits, nor later. */
START_TEST(test_nobody_waits)
{
	rig_go_at(&p, 0);
	rig_resched_at(&rig, 4 * US);
	rig_go_at(&q, 6 * US);
	rig_expect(&rig, "P11 Q22");
}
END_TEST

/* A process that leaves by itself has used up the end of its quantum. */
START_TEST(test_quantum_of_the_one_before)
{
	rig_steps(&p, &in_kernel, 1);
	rig_go_at(&p, 0);
	rig_go_at(&q, 0);
	rig_resched_at(&rig, 4 * US);
	rig_go_at(&r, 12 * US);
	rig_expect(&rig, "P11 Q22 R33");
}
END_TEST

/* P, suspended at 3 by H, is switched away from while H runs. */
START_TEST(test_quantum_of_a_suspended_process)
{
	rig_go_at(&p, 0);
	rig_go_at(&q, 0);
	rig_go_at(&h, 3 * US);
	rig_resched_at(&rig, 4 * US);
	/* Q: 5 + 11; P: 16 + 1 + 8 */
	rig_expect(&rig, "H5 Q16 P25");
}
END_TEST

static void
end_of_quantum(struct rig_task *task)
{
	cpu_resched(&task->rig->cpu);
}

/* As the clock does it: in the commit of an interrupt. */
START_TEST(test_quantum_from_a_commit)
{
	h.on_commit = end_of_quantum;
	rig_go_at(&p, 0);
	rig_go_at(&q, 0);
	rig_go_at(&h, 3 * US);
	rig_expect(&rig, "H5 Q16 P25");
}
END_TEST

/* With its program: held, and no time may pass. */
static void
hold(struct rig_task *task)
{
	if (task->n_done == 1) {
		cpu_hold(&task->rig->cpu, &task->task);
		cal_stop(&task->rig->cal);
	}
}

static void
run_until_held(struct rig_task *task)
{
	task->on_commit = hold;
	rig_go_at(task, 0);
	ck_assert_int_eq(cal_run(&rig.cal, SIM_TIME_NEVER), CAL_STOPPED);
	ck_assert(task->task.is_held);
	ck_assert_int_eq(task->task.state, CPU_TASK_ACTIVE);
	ck_assert(!cpu_is_idle(&rig.cpu));
}

/* The next call of the same program costs no switch. */
START_TEST(test_held_posts)
{
	const struct rig_step steps[] = {in_user, in_user};

	rig_steps(&p, steps, 2);
	rig_go_at(&q, 1 * US);
	run_until_held(&p);
	rig_go(&p);
	ck_assert(!p.task.is_held);
	rig_expect(&rig, "P11 P21 Q32");
}
END_TEST

/* But the quantum that ended meanwhile does. */
START_TEST(test_held_posts_after_its_quantum)
{
	const struct rig_step steps[] = {in_kernel, entering};

	rig_steps(&p, steps, 2);
	rig_go_at(&q, 1 * US);
	rig_resched_at(&rig, 5 * US);
	run_until_held(&p);
	rig_go(&p);
	rig_expect(&rig, "P11 Q22 P33");
}
END_TEST

START_TEST(test_held_is_released)
{
	rig_go_at(&q, 1 * US);
	run_until_held(&p);
	/* another process cannot begin as long as P is held */
	ck_assert_int_eq(q.task.state, CPU_TASK_QUEUED);
	rig_go(&r);
	ck_assert_ptr_null(rig.cpu.running);
	cpu_release(&rig.cpu, &p.task);
	ck_assert_int_eq(p.task.state, CPU_TASK_IDLE);
	ck_assert_ptr_eq(rig.cpu.running, &q.task);
	rig_expect(&rig, "P11 Q22 R33");
	ck_assert(cpu_is_idle(&rig.cpu));
}
END_TEST

START_TEST(test_death_of_two_steps)
{
	rig_go(&p);
	p.n_done = 0;
	rig_go(&p);
}
END_TEST

START_TEST(test_death_of_time_with_a_program)
{
	rig_go_at(&h, 20 * US);
	run_until_held(&p);
	rig_run(&rig);
}
END_TEST

START_TEST(test_death_of_a_hold_outside)
{
	rig_go(&p);
	cpu_hold(&rig.cpu, &p.task);
}
END_TEST

static void
hold_the_other(struct rig_task *task)
{
	cpu_hold(&task->rig->cpu, &q.task);
}

START_TEST(test_death_of_a_hold_of_another)
{
	p.on_commit = hold_the_other;
	rig_go(&p);
	rig_run(&rig);
}
END_TEST

static void
hold_and_post(struct rig_task *task)
{
	cpu_hold(&task->rig->cpu, &task->task);
	task->n_done = 0;
	rig_go(task);
}

START_TEST(test_death_of_a_held_post_in_a_commit)
{
	p.on_commit = hold_and_post;
	rig_go(&p);
	rig_run(&rig);
}
END_TEST

static void
hold_and_release(struct rig_task *task)
{
	cpu_hold(&task->rig->cpu, &task->task);
	cpu_release(&task->rig->cpu, &task->task);
}

START_TEST(test_death_of_a_release_in_a_commit)
{
	p.on_commit = hold_and_release;
	rig_go(&p);
	rig_run(&rig);
}
END_TEST

START_TEST(test_death_of_a_release_of_none)
{
	cpu_release(&rig.cpu, &p.task);
}
END_TEST

START_TEST(test_death_of_a_step_cut_short)
{
	rig_go(&p);
	p.task.compute_left++;
	rig_run(&rig);
}
END_TEST

static TCase *
deaths_tcase(void)
{
	TCase *tc = tcase_create("deaths");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test_raise_signal(tc, test_death_of_two_steps, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_time_with_a_program,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_a_hold_outside,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_a_hold_of_another,
	    SIGABRT);
	tcase_add_test_raise_signal(tc,
	    test_death_of_a_held_post_in_a_commit, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_a_release_in_a_commit,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_a_release_of_none,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_a_step_cut_short,
	    SIGABRT);
	return tc;
}

static TCase *
switching_tcase(void)
{
	TCase *tc = tcase_create("switching");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_in_turn);
	tcase_add_test(tc, test_round_robin);
	tcase_add_test(tc, test_round_robin_of_three);
	tcase_add_test(tc, test_quantum_ends_during_a_switch);
	tcase_add_test(tc, test_not_within_the_kernel);
	tcase_add_test(tc, test_urgent);
	tcase_add_test(tc, test_urgent_not_within_the_kernel);
	tcase_add_test(tc, test_urgent_alone);
	tcase_add_loop_test(tc, test_entering, 0, 4);
	tcase_add_test(tc, test_nobody_waits);
	tcase_add_test(tc, test_quantum_of_the_one_before);
	tcase_add_test(tc, test_quantum_of_a_suspended_process);
	tcase_add_test(tc, test_quantum_from_a_commit);
	tcase_add_test(tc, test_held_posts);
	tcase_add_test(tc, test_held_posts_after_its_quantum);
	tcase_add_test(tc, test_held_is_released);
	return tc;
}

int
main(void)
{
	Suite *suite = suite_create("hw/cpu, switching");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, switching_tcase());
	suite_add_tcase(suite, deaths_tcase());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
