#include "models/hw/cpu.h"

#include <string.h>

#include "models/base/check.h"

static void step_ended(void *arg);
static void settle(struct cpu *cpu);
static void replan(struct cpu *cpu);

static void
bus_changing(void *arg)
{
	struct cpu *cpu = arg;

	/* who idles does not notice */
	if (cpu->running != NULL)
		settle(cpu);
}

static void
bus_changed(void *arg)
{
	struct cpu *cpu = arg;

	if (cpu->running != NULL)
		replan(cpu);
}

void
cpu_init(struct cpu *cpu, const struct cpu_config *config,
    struct calendar *cal, struct bus *bus, const struct cost_model *costs)
{
	memset(cpu, 0, sizeof *cpu);
	cpu->cal = cal;
	cpu->bus = bus;
	cpu->costs = costs;
	cpu->settled_at = cal->now;
	cpu->ps_per_unit = ratio_make(PS_PER_S / 1000,
	    config->clock_hz * (COST_UNITS_PER_CYCLE / 1000));
	cal_event_init(&cpu->step_end, step_ended, cpu);
	bus->changing = bus_changing;
	bus->changed = bus_changed;
	bus->client = cpu;
}

void
cpu_task_init(struct cpu_task *task, const char *name, enum cpu_level level,
    void *arg)
{
	memset(task, 0, sizeof *task);
	task->name = name;
	task->level = level;
	task->arg = arg;
}

/*
 * Queues
 */
static void
enqueue_first(struct cpu *cpu, struct cpu_queue *q, struct cpu_task *task)
{
	task->next = q->head;
	q->head = task;
	if (q->tail == NULL)
		q->tail = task;
	cpu->need_resched = true;
}

static void
enqueue(struct cpu *cpu, struct cpu_task *task)
{
	struct cpu_queue *q = &cpu->queue[task->level];

	cpu->n_queued++;
	task->state = CPU_TASK_QUEUED;
	if (task->is_urgent) {
		enqueue_first(cpu, q, task);
		return;
	}
	task->next = NULL;
	if (q->tail != NULL)
		q->tail->next = task;
	else
		q->head = task;
	q->tail = task;
}

static struct cpu_task *
dequeue(struct cpu *cpu, enum cpu_level level)
{
	struct cpu_queue *q = &cpu->queue[level];
	struct cpu_task *task = q->head;

	cpu->n_queued--;
	q->head = task->next;
	if (q->head == NULL)
		q->tail = NULL;
	return task;
}

/*
 * The mask: the highest spl of all that is active.  A suspended task has kept
 * the spl of its step, low enough for what suspended it.
 */
static enum cpu_spl
current_spl(const struct cpu *cpu)
{
	enum cpu_spl spl = SPL_0;

	for (int level = 0; level < CPU_N_LEVELS; level++) {
		const struct cpu_task *task = cpu->active[level];

		if (task != NULL && task->has_step && task->spl > spl)
			spl = task->spl;
	}
	return spl;
}

/* Of an interrupt's level: processes are never masked. */
static bool
is_masked(const struct cpu *cpu, enum cpu_level level)
{
	return current_spl(cpu) >=
	    (level == CPU_HARDINT ? SPL_NET : SPL_SOFTNET);
}

/* Is anything active at that level or above? */
static bool
is_occupied(const struct cpu *cpu, enum cpu_level level)
{
	for (int l = (int)level; l < CPU_N_LEVELS; l++)
		if (cpu->active[l] != NULL)
			return true;
	return false;
}

/*
 * Time: what the running step has got since the last look.
 */
static void
settle_running(struct cpu *cpu, struct cpu_task *task, sim_time dt)
{
	sim_time computed = dt < task->compute_left ? dt : task->compute_left;
	sim_time waited = dt - computed;
	sim_time served = 0;

	cpu->stats.busy_ps[task->level] += dt;
	task->is_begun = true;
	task->compute_left -= computed;
	cpu->stats.compute_ps += computed;
	if (waited == 0)
		return;
	served = bus_cpu_progress(cpu->bus, waited);
	if (served > task->bus_left)
		served = task->bus_left;
	task->bus_left -= served;
	cpu->stats.bus_ps += served;
	cpu->stats.stall_ps += waited - served;
}

static void
settle(struct cpu *cpu)
{
	sim_time dt = cpu->cal->now - cpu->settled_at;

	cpu->settled_at = cpu->cal->now;
	if (dt == 0)
		return;
	if (cpu->running != NULL) {
		settle_running(cpu, cpu->running, dt);
		return;
	}
	CHECK(cpu->active[CPU_PROC] == NULL,
	    "time stands still while a process is with its program");
	cpu->stats.idle_ps += dt;
}

/*
 * Choice: who is active, and which of the active ones runs.
 */
static void
activate(struct cpu *cpu, enum cpu_level level)
{
	struct cpu_task *task = dequeue(cpu, level);

	cpu->active[level] = task;
	task->state = CPU_TASK_ACTIVE;
	if (task->is_masked) {
		cpu->stats.masked_ps[level] +=
		    cpu->cal->now - task->masked_since;
		task->is_masked = false;
	}
}

/* From here on nothing but the mask keeps a level's tasks out. */
static void
note_masked(struct cpu *cpu, enum cpu_level level)
{
	for (struct cpu_task *task = cpu->queue[level].head; task != NULL;
	    task = task->next) {
		if (task->is_masked)
			continue;
		task->is_masked = true;
		task->masked_since = cpu->cal->now;
		cpu->stats.n_masked[level]++;
	}
}

static void
admit_interrupt(struct cpu *cpu, enum cpu_level level)
{
	if (cpu->queue[level].head == NULL || is_occupied(cpu, level))
		return;
	if (is_masked(cpu, level))
		note_masked(cpu, level);
	else
		activate(cpu, level);
}

/* Switching to a process that slept or lost its turn costs mi_switch(). */
static void
switch_to_next(struct cpu *cpu)
{
	struct cost cost = {0};
	struct cpu_task *task;
	sim_time switching;

	activate(cpu, CPU_PROC);
	task = cpu->active[CPU_PROC];
	cost_op(&cost, cpu->costs, OP_CTXSW, 1);
	switching = ratio_mul(cost.units, cpu->ps_per_unit, &cpu->unit_carry);
	task->compute_left += switching;
	cpu->stats.asked_units += cost.units;
	cpu->stats.asked_compute_ps += switching;
	cpu->stats.n_switches++;
	cpu->need_resched = false;
}

static bool
may_switch_from(const struct cpu_task *task)
{
	return task->has_step && (task->mode == CPU_IN_USER ||
	    (task->mode == CPU_ENTERING && !task->is_begun));
}

static void
end_quantum(struct cpu *cpu)
{
	struct cpu_task *task = cpu->active[CPU_PROC];

	if (!cpu->need_resched || task == NULL || !may_switch_from(task))
		return;
	CHECK(cpu->queue[CPU_PROC].head != NULL,
	    "who gives way does so for somebody");
	cpu->active[CPU_PROC] = NULL;
	enqueue(cpu, task);
}

static void
choose(struct cpu *cpu)
{
	end_quantum(cpu);
	admit_interrupt(cpu, CPU_HARDINT);
	admit_interrupt(cpu, CPU_SOFTINT);
	if (cpu->queue[CPU_PROC].head != NULL && !is_occupied(cpu, CPU_PROC))
		switch_to_next(cpu);
}

static struct cpu_task *
highest_with_step(const struct cpu *cpu)
{
	struct cpu_task *task = cpu->active[CPU_HARDINT];

	if (task == NULL)
		task = cpu->active[CPU_SOFTINT];
	if (task == NULL)
		task = cpu->active[CPU_PROC];
	return task != NULL && task->has_step ? task : NULL;
}

/* The end of its first part is an event if a transfer's rate hangs on it. */
static sim_time
end_of_step(const struct cpu *cpu, const struct cpu_task *task)
{
	sim_time waiting;

	if (cpu->bus->dma_is_watched && task->compute_left > 0)
		return cpu->cal->now + task->compute_left;
	waiting = bus_cpu_duration(cpu->bus, task->bus_left);
	if (waiting == SIM_TIME_NEVER)
		return SIM_TIME_NEVER;
	return cpu->cal->now + task->compute_left + waiting;
}

/* The step's end moves when another task runs, or the bus has changed. */
static void
plan(struct cpu *cpu)
{
	sim_time at = cpu->running != NULL ?
	    end_of_step(cpu, cpu->running) : SIM_TIME_NEVER;

	if (cal_is_scheduled(&cpu->step_end)) {
		if (at == cpu->step_ends_at)
			return;
		cal_cancel(cpu->cal, &cpu->step_end);
	}
	cpu->step_ends_at = at;
	if (at != SIM_TIME_NEVER)
		cal_schedule(cpu->cal, &cpu->step_end, at);
}

static void
tell_bus(struct cpu *cpu)
{
	const struct cpu_task *task = cpu->running;

	bus_cpu_waits(cpu->bus, task != NULL && task->compute_left == 0 &&
	    task->bus_left > 0, cpu->cal->now);
}

/* => settled */
static void
choose_step(struct cpu *cpu)
{
	/* nearly always there is nothing to choose from */
	if (cpu->n_queued > 0)
		choose(cpu);
	cpu->running = highest_with_step(cpu);
	if (cpu->bus->dma_is_watched)
		tell_bus(cpu);
}

/* The running step goes on, with another share of the bus. => settled */
static void
replan(struct cpu *cpu)
{
	if (cpu->bus->dma_is_watched)
		tell_bus(cpu);
	plan(cpu);
}

static void
dispatch(struct cpu *cpu)
{
	settle(cpu);
	choose_step(cpu);
	plan(cpu);
}

static void
leave_or_stay(struct cpu *cpu, struct cpu_task *task)
{
	if (task->has_step || task->is_held)
		return;
	cpu->active[task->level] = NULL;
	task->state = CPU_TASK_IDLE;
}

static void
commit_step(struct cpu *cpu, struct cpu_task *task)
{
	CHECK(task->compute_left == 0 && task->bus_left == 0,
	    "a step ends when its cost is spent");
	task->has_step = false;
	cpu->running = NULL;
	cpu->in_commit = true;
	task->commit(task->arg);
	cpu->in_commit = false;
	leave_or_stay(cpu, task);
}

/* The end of a step, or of its first part. */
static void
end_step(struct cpu *cpu, struct cpu_task *task)
{
	settle(cpu);
	if (!cpu->bus->dma_is_watched || task->bus_left == 0)
		commit_step(cpu, task);
	choose_step(cpu);
}

/* Most steps are over before anything else happens: no event for those. */
static void
step_ended(void *arg)
{
	struct cpu *cpu = arg;

	do
		end_step(cpu, cpu->running);
	while (cpu->running != NULL &&
	    cal_skip_to(cpu->cal, end_of_step(cpu, cpu->running)));
	plan(cpu);
}

static void
set_step(struct cpu *cpu, struct cpu_task *task, const struct cost *cost)
{
	task->compute_left =
	    ratio_mul(cost->units, cpu->ps_per_unit, &cpu->unit_carry);
	task->bus_left = bus_cpu_time(cpu->bus, cost);
	task->has_step = true;
	task->is_begun = false;
	cpu->stats.n_steps++;
	cpu->stats.asked_units += cost->units;
	cpu->stats.asked_compute_ps += task->compute_left;
	cpu->stats.asked_bus_ps += task->bus_left;
}

void
cpu_post(struct cpu *cpu, struct cpu_task *task, const struct cost *cost,
    enum cpu_spl spl, enum cpu_mode mode, void (*commit)(void *arg))
{
	CHECK(!task->has_step, "a task has one step at a time");
	if (task->state == CPU_TASK_IDLE)
		enqueue(cpu, task);
	CHECK(!task->is_held || !cpu->in_commit,
	    "a held process posts from its program");
	task->is_held = false;
	task->spl = spl;
	task->mode = mode;
	task->commit = commit;
	set_step(cpu, task, cost);
	if (!cpu->in_commit)
		dispatch(cpu);
}

void
cpu_hold(struct cpu *cpu, struct cpu_task *task)
{
	CHECK(cpu->in_commit && cpu->active[CPU_PROC] == task,
	    "a process is held by itself");
	task->is_held = true;
}

void
cpu_release(struct cpu *cpu, struct cpu_task *task)
{
	CHECK(task->is_held && !cpu->in_commit, "a held process is released");
	task->is_held = false;
	leave_or_stay(cpu, task);
	dispatch(cpu);
}

void
cpu_resched(struct cpu *cpu)
{
	cpu->need_resched = cpu->queue[CPU_PROC].head != NULL;
	if (!cpu->in_commit)
		dispatch(cpu);
}

const struct cpu_stats *
cpu_stats_now(struct cpu *cpu)
{
	settle(cpu);
	return &cpu->stats;
}

bool
cpu_is_idle(const struct cpu *cpu)
{
	for (int level = 0; level < CPU_N_LEVELS; level++)
		if (cpu->active[level] != NULL ||
		    cpu->queue[level].head != NULL)
			return false;
	return true;
}
