#include "models/kern/proc.h"

#include <string.h>

#include "models/base/check.h"
#include "models/host.h"

static void timer_fired(void *arg);

static void
init(struct proc *p, const char *name, struct proc_program program)
{
	size_t n = strlen(name);

	memset(p, 0, sizeof *p);
	if (n > PROC_NAME_BYTES - 1)
		n = PROC_NAME_BYTES - 1;
	memcpy(p->name, name, n);
	p->program = program;
	p->state = PROC_IN_PROGRAM;
}

void
proc_init_client(struct proc *p, struct client *client, const char *name,
    struct proc_program program)
{
	init(p, name, program);
	p->client = client;
}

void
proc_init(struct proc *p, struct host *host, const char *name,
    struct proc_program program)
{
	init(p, name, program);
	kctx_init(&p->k, host, p->name, CPU_PROC);
	vm_space_init(&p->space, &host->vm);
	cal_event_init(&p->timer, timer_fired, p);
}

static void
set_alarm(struct proc *p, sim_time at)
{
	struct calendar *cal = p->k.host->cal;

	cal_schedule(cal, &p->timer, at > cal->now ? at : cal->now);
}

static void
lie_down(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct waitq *wq = p->sleeps_on;

	/* the run has ended while it was getting ready to sleep */
	if (k->host->is_stopped && !p->is_draining) {
		p->on_wakeup(k);
		return;
	}
	p->state = PROC_ASLEEP;
	p->next_sleeper = NULL;
	if (wq->tail != NULL)
		wq->tail->next_sleeper = p;
	else
		wq->head = p;
	wq->tail = p;
	if (p->wakes_at != SIM_TIME_NEVER)
		set_alarm(p, p->wakes_at);
}

void
proc_sleep_drain(struct proc *p, struct waitq *wq, enum cpu_spl spl,
    kctx_fn then)
{
	proc_sleep(p, wq, spl, then);
	p->is_draining = true;
}

void
proc_sleep(struct proc *p, struct waitq *wq, enum cpu_spl spl, kctx_fn then)
{
	proc_sleep_before(p, wq, SIM_TIME_NEVER, spl, then);
}

void
proc_sleep_before(struct proc *p, struct waitq *wq, sim_time at,
    enum cpu_spl spl, kctx_fn then)
{
	p->is_draining = false;
	p->sleeps_on = wq;
	p->wakes_at = at;
	p->is_late = false;
	p->on_wakeup = then;
	kctx_op(&p->k, OP_WAKEUP, 1);
	kctx_spend(&p->k, spl, lie_down);
}

static void
run(struct proc *p)
{
	cal_cancel(p->k.host->cal, &p->timer);
	p->state = PROC_IN_CALL;
	kctx_spend(&p->k, SPL_SOFTNET, p->on_wakeup);
}

void
proc_wakeup(struct waitq *wq, struct kctx *k)
{
	struct proc *p = wq->head;

	wq->head = wq->tail = NULL;
	while (p != NULL) {
		struct proc *next = p->next_sleeper;

		if (k != NULL)
			kctx_op(k, OP_WAKEUP, 1);
		run(p);
		p = next;
	}
}

/* unsleep() */
static void
leave_queue(struct waitq *wq, const struct proc *p)
{
	struct proc *before = NULL;

	for (struct proc *q = wq->head; q != p; q = q->next_sleeper)
		before = q;
	if (before != NULL)
		before->next_sleeper = p->next_sleeper;
	else
		wq->head = p->next_sleeper;
	if (wq->tail == p)
		wq->tail = before;
}

static void
timer_fired(void *arg)
{
	struct proc *p = arg;

	if (p->sleeps_on != NULL)
		leave_queue(p->sleeps_on, p);
	p->is_late = true;
	run(p);
}

void
proc_sleep_until(struct proc *p, sim_time at, kctx_fn then)
{
	p->sleeps_on = NULL;
	p->on_wakeup = then;
	p->state = PROC_ASLEEP;
	set_alarm(p, at);
}

void
proc_interrupt(struct proc *p)
{
	if (p->state != PROC_ASLEEP ||
	    (p->sleeps_on != NULL && p->is_draining))
		return;
	if (p->sleeps_on != NULL)
		proc_wakeup(p->sleeps_on, NULL);
	else
		run(p);
}

static void
back_to_program(struct kctx *k)
{
	struct proc *p = proc_of(k);

	p->state = PROC_IN_PROGRAM;
	k->host->n_in_program++;
	cpu_hold(&k->host->cpu, &k->task);
	cal_stop(k->host->cal);
	p->program.wake(p->program.arg);
}

void
proc_kill(struct proc *p, int64_t status)
{
	p->is_killed = true;
	p->exit_status = status;
	proc_return(p, status);
}

void
proc_return(struct proc *p, int64_t result)
{
	p->result = result;
	if (kctx_has_cost(&p->k))
		kctx_spend(&p->k, SPL_0, back_to_program);
	else
		back_to_program(&p->k);
}
