/*
 * Processes: sleeping, waking, none of it lost, and the way to the program.
 *
 * An operation costs 1 us: a process that goes to sleep spends 1 us on the
 * switch and 1 us on tsleep, and lies at 2 us; it is woken by a step without
 * cost, so that what follows comes after a switch of 1 us.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/crank.h"
#include "tests/support/machine.h"

#define US	PS_PER_US

static struct crank crank;
static struct host *host;
static struct waitq wq;
static struct kctx k;		/* one that wakes others */
static struct cal_event wake_event;
static char order[16];		/* in which processes went on */
static sim_time went_on_at[CRANK_MAX_PROCS];
static int exit_ops;

static void
wake_now(void *arg)
{
	(void)arg;
	proc_wakeup(&wq, NULL);
}

static void
setup(void)
{
	struct world_config config = machine_config();

	/* the last one stays with its program, so that nothing ends early */
	crank_init(&crank, &config, 4);
	host = &crank.world.host;
	wq = (struct waitq){0};
	kctx_init(&k, host, "waker", CPU_SOFTINT);
	cal_event_init(&wake_event, wake_now, NULL);
	order[0] = '\0';
}

static void
teardown(void)
{
	ck_assert(waitq_is_empty(&wq));
	crank_fini(&crank);
}

static struct proc *
proc(int i)
{
	return crank.procs[i].p;
}

/* What follows the sleep: note it, and return the process's number. */
static void
went_on(struct kctx *kctx)
{
	struct proc *p = proc_of(kctx);
	int i = p->name[1] - '0';
	size_t n = strlen(order);

	ck_assert_int_eq(p->state, PROC_IN_CALL);
	order[n] = p->name[1];
	order[n + 1] = '\0';
	went_on_at[i] = host->cal->now;
	proc_return(p, i);
}

/* A process in a call of its own, that is not one of kern/syscall.c. */
static void
begin_call(int i)
{
	crank.procs[i].is_woken = false;
	proc(i)->state = PROC_IN_CALL;
}

static void
sleep_on(int i, enum cpu_spl spl)
{
	begin_call(i);
	proc_sleep(proc(i), &wq, spl, went_on);
}

static void
nothing(struct kctx *kctx)
{
	(void)kctx;
}

START_TEST(test_init)
{
	static const char name[] = "a name of more than thirty-one letters";
	struct proc *p;

	p = host_add_proc(host, name, (struct proc_program){0});
	host->n_in_program--;
	ck_assert_uint_eq(strlen(p->name), PROC_NAME_BYTES - 1);
	ck_assert_int_eq(strncmp(p->name, name, PROC_NAME_BYTES - 1), 0);
	ck_assert_int_eq(p->state, PROC_IN_PROGRAM);
	ck_assert_ptr_eq(p->k.host, host);
	ck_assert_int_eq(p->k.task.level, CPU_PROC);
	ck_assert_ptr_eq(proc_of(&p->k), p);
	ck_assert_str_eq(proc(0)->name, "p0");
	/* 31 letters fit */
	ck_assert_int_eq(name[PROC_NAME_BYTES - 2], p->name[30]);
	p->state = PROC_DEAD;
	host->n_procs_alive--;
}
END_TEST

START_TEST(test_sleep_and_wakeup)
{
	sleep_on(0, SPL_SOFTNET);
	crank_until(&crank, 2 * US - 1);
	ck_assert_int_eq(proc(0)->state, PROC_IN_CALL);
	ck_assert(waitq_is_empty(&wq));
	crank_until(&crank, 2 * US);
	ck_assert_int_eq(proc(0)->state, PROC_ASLEEP);
	ck_assert_ptr_eq(wq.head, proc(0));
	ck_assert(cpu_is_idle(&host->cpu));
	cal_schedule(host->cal, &wake_event, 9 * US);
	ck_assert_int_eq(crank_wait(&crank, 0), 0);
	/* woken at 9, on the CPU at 10 */
	ck_assert_int_eq(went_on_at[0], 10 * US);
	ck_assert_int_eq(proc(0)->state, PROC_IN_PROGRAM);
	ck_assert_int_eq(host->ledger.n_ops[OP_WAKEUP], 1);
}
END_TEST

/*
 * With a date: whoever comes first.  Of three in the queue the one in the
 * middle has enough of it at 50 us; the others sleep on, in their order.
 */
START_TEST(test_sleep_before)
{
	sleep_on(0, SPL_SOFTNET);
	begin_call(1);
	proc_sleep_before(proc(1), &wq, 50 * US, SPL_SOFTNET, went_on);
	sleep_on(2, SPL_SOFTNET);
	ck_assert_int_eq(crank_wait(&crank, 1), 1);
	/* on the CPU after a switch */
	ck_assert_int_eq(went_on_at[1], 51 * US);
	ck_assert(proc(1)->is_late);
	ck_assert_ptr_eq(wq.head, proc(0));
	ck_assert_ptr_eq(wq.tail, proc(2));
	ck_assert_ptr_eq(proc(0)->next_sleeper, proc(2));
	wake_now(NULL);
	crank_wait(&crank, 0);
	crank_wait(&crank, 2);
	ck_assert_str_eq(order, "102");
	ck_assert(!proc(0)->is_late);
}
END_TEST

START_TEST(test_woken_before)
{
	begin_call(0);
	proc_sleep_before(proc(0), &wq, 50 * US, SPL_SOFTNET, went_on);
	sleep_on(1, SPL_SOFTNET);
	cal_schedule(host->cal, &wake_event, 20 * US);
	crank_wait(&crank, 0);
	crank_wait(&crank, 1);
	ck_assert(!proc(0)->is_late);
	ck_assert(!cal_is_scheduled(&proc(0)->timer));
	/* a date that is past is now; alone in the queue */
	begin_call(0);
	proc_sleep_before(proc(0), &wq, 0, SPL_SOFTNET, went_on);
	crank_wait(&crank, 0);
	ck_assert(proc(0)->is_late);
	ck_assert(waitq_is_empty(&wq));
}
END_TEST

/* Nobody sleeps: nothing happens, and nothing is paid or remembered. */
START_TEST(test_wakeup_of_nobody)
{
	proc_wakeup(&wq, NULL);
	proc_wakeup(&wq, &k);
	ck_assert(!kctx_has_cost(&k));
	sleep_on(0, SPL_SOFTNET);
	crank_until(&crank, 100 * US);
	ck_assert_int_eq(proc(0)->state, PROC_ASLEEP);
	wake_now(NULL);
	crank_wait(&crank, 0);
}
END_TEST

/* All wake, in the order in which they lay down; the waker pays for each. */
START_TEST(test_wakeup_of_all)
{
	sleep_on(2, SPL_SOFTNET);
	sleep_on(0, SPL_SOFTNET);
	sleep_on(1, SPL_SOFTNET);
	crank_until(&crank, 20 * US);
	ck_assert_ptr_eq(wq.head, proc(2));
	ck_assert_ptr_eq(wq.tail, proc(1));
	proc_wakeup(&wq, &k);
	ck_assert(waitq_is_empty(&wq));
	/* 3 wake-ups of 100 instructions */
	ck_assert_int_eq(k.cost.units, 3 * 100 * COST_UNITS_PER_CYCLE);
	kctx_spend(&k, SPL_SOFTNET, nothing);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(crank_wait(&crank, i), i);
	ck_assert_str_eq(order, "201");
}
END_TEST

static void
sleep_again(struct kctx *kctx)
{
	proc_sleep(proc_of(kctx), &wq, SPL_SOFTNET, went_on);
}

/* Who lies down again is not woken by the wake-up that is over. */
START_TEST(test_sleep_again)
{
	begin_call(0);
	proc_sleep(proc(0), &wq, SPL_SOFTNET, sleep_again);
	crank_until(&crank, 5 * US);
	wake_now(NULL);
	crank_until(&crank, 50 * US);
	ck_assert_int_eq(proc(0)->state, PROC_ASLEEP);
	ck_assert_str_eq(order, "");
	wake_now(NULL);
	crank_wait(&crank, 0);
	ck_assert_str_eq(order, "0");
}
END_TEST

static void
wake_all(struct kctx *kctx)
{
	proc_wakeup(&wq, kctx);
	kctx_spend(kctx, SPL_SOFTNET, nothing);
}

/*
 * A wake-up that is asked for while the process is on its way to sleep.  At
 * splsoftnet it waits until the process lies; without that mask it finds
 * nobody, and is lost.
 */
static void
post_waker(void *arg)
{
	(void)arg;
	kctx_spend(&k, SPL_SOFTNET, wake_all);
}

START_TEST(test_no_wakeup_is_lost)
{
	bool is_masked = _i % 2 == 0;
	/* during the switch, at the first instruction of tsleep, at its last */
	static const sim_time dates[] = {0, 1 * US, 2 * US - 1};

	wake_event.fire = post_waker;
	sleep_on(0, is_masked ? SPL_SOFTNET : SPL_0);
	cal_schedule(host->cal, &wake_event, dates[_i / 2]);
	crank_until(&crank, 100 * US);
	if (is_masked) {
		ck_assert(crank.procs[0].is_woken);
		/* it lay at 2, was woken at once, and the waker paid 1 us */
		ck_assert_int_eq(went_on_at[0], 4 * US);
		return;
	}
	ck_assert_int_eq(proc(0)->state, PROC_ASLEEP);
	wake_now(NULL);
	crank_wait(&crank, 0);
}
END_TEST

static void
begin_sleep_until(int i, sim_time at)
{
	begin_call(i);
	proc_sleep_until(proc(i), at, went_on);
}

START_TEST(test_sleep_until)
{
	begin_sleep_until(0, 30 * US);
	ck_assert_int_eq(proc(0)->state, PROC_ASLEEP);
	crank_wait(&crank, 0);
	/* the date, and the switch */
	ck_assert_int_eq(went_on_at[0], 31 * US);
	/* a date that has passed is now; so is the present */
	begin_sleep_until(1, 5 * US);
	crank_wait(&crank, 1);
	ck_assert_int_eq(went_on_at[1], 32 * US);
	begin_sleep_until(2, 32 * US);
	crank_wait(&crank, 2);
	ck_assert_int_eq(went_on_at[2], 33 * US);
}
END_TEST

START_TEST(test_interrupt_of_a_timed_sleep)
{
	begin_sleep_until(0, 30 * US);
	crank_until(&crank, 10 * US);
	proc_interrupt(proc(0));
	crank_wait(&crank, 0);
	ck_assert_int_eq(went_on_at[0], 11 * US);
	ck_assert(!cal_is_scheduled(&proc(0)->timer));
}
END_TEST

/* Interrupting one wakes all on the same thing, and nobody else. */
START_TEST(test_interrupt_of_a_sleep)
{
	sleep_on(0, SPL_SOFTNET);
	sleep_on(1, SPL_SOFTNET);
	begin_sleep_until(2, 50 * US);
	crank_until(&crank, 10 * US);
	proc_interrupt(proc(1));
	ck_assert(waitq_is_empty(&wq));
	crank_wait(&crank, 1);
	crank_wait(&crank, 0);
	ck_assert_str_eq(order, "01");
	ck_assert_int_eq(proc(2)->state, PROC_ASLEEP);
	crank_wait(&crank, 2);
	ck_assert_int_eq(went_on_at[2], 51 * US);
}
END_TEST

/* Who does not sleep is not interrupted. */
START_TEST(test_interrupt_of_one_awake)
{
	proc_interrupt(proc(1));
	ck_assert_int_eq(proc(1)->state, PROC_IN_PROGRAM);
	sleep_on(0, SPL_SOFTNET);
	proc_interrupt(proc(0));	/* on its way to sleep */
	crank_until(&crank, 10 * US);
	ck_assert_int_eq(proc(0)->state, PROC_ASLEEP);
	wake_now(NULL);
	crank_wait(&crank, 0);
}
END_TEST

/* When the run ends nobody sleeps: neither who lies, nor who is about to. */
START_TEST(test_stop)
{
	sleep_on(0, SPL_SOFTNET);
	begin_sleep_until(1, PS_PER_S);
	crank_until(&crank, 10 * US);
	sleep_on(2, SPL_SOFTNET);
	crank_until(&crank, 11 * US);	/* it lies at 12 */
	host_stop(host);
	for (int i = 0; i < 3; i++)
		crank_wait(&crank, i);
	/* 2 at 12, then 0 and 1, a switch each */
	ck_assert_str_eq(order, "201");
	ck_assert_int_eq(went_on_at[2], 12 * US);
	ck_assert_int_eq(went_on_at[0], 13 * US);
	ck_assert_int_eq(went_on_at[1], 14 * US);
}
END_TEST

static void
return_seven(struct kctx *kctx)
{
	if (exit_ops > 0)
		kctx_op(kctx, OP_SYSCALL, exit_ops);
	proc_return(proc_of(kctx), 7);
}

/* The exit is paid before the program has its result. */
START_TEST(test_return)
{
	begin_call(0);
	exit_ops = _i;
	kctx_op(&proc(0)->k, OP_SYSCALL, 1);
	kctx_spend(&proc(0)->k, SPL_0, return_seven);
	ck_assert_int_eq(crank_wait(&crank, 0), 7);
	/* switch, entry, and what the exit costs */
	ck_assert_int_eq(crank.world.cal.now, (2 + _i) * US);
	ck_assert_int_eq(proc(0)->state, PROC_IN_PROGRAM);
	ck_assert(proc(0)->k.task.is_held);
}
END_TEST

static Suite *
proc_suite(void)
{
	Suite *suite = suite_create("kern/proc");
	TCase *tc = tcase_create("proc");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_init);
	tcase_add_test(tc, test_sleep_and_wakeup);
	tcase_add_test(tc, test_sleep_before);
	tcase_add_test(tc, test_woken_before);
	tcase_add_test(tc, test_wakeup_of_nobody);
	tcase_add_test(tc, test_wakeup_of_all);
	tcase_add_test(tc, test_sleep_again);
	tcase_add_loop_test(tc, test_no_wakeup_is_lost, 0, 6);
	tcase_add_test(tc, test_sleep_until);
	tcase_add_test(tc, test_interrupt_of_a_timed_sleep);
	tcase_add_test(tc, test_interrupt_of_a_sleep);
	tcase_add_test(tc, test_interrupt_of_one_awake);
	tcase_add_test(tc, test_stop);
	tcase_add_loop_test(tc, test_return, 0, 3);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(proc_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
