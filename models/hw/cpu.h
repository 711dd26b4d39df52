/*
 * The CPU: who computes, and for how long.
 *
 * Stands for: one core that executes hardware interrupts, soft interrupts and
 *	processes, in this order of precedence, under NetBSD's spl masks.
 * How: work comes as *steps*: a cost and a commit.  A task posts one step at a
 *	time; when the CPU has spent the cost it calls the commit, which may
 *	post the next one.  A step that ends before anything else happens takes
 *	no event of the calendar.  A step of a higher level suspends one of a
 *	lower level, which keeps its remainder exactly.  A step computes first
 *	and then waits for memory; while DMA holds the bus, it waits longer (a
 *	stall).  A bus that shares fairly is told which of the two it does.
 *	Each step carries an spl.  At SPL_SOFTNET no soft interrupt starts; at
 *	SPL_NET and above nothing does.  What is masked waits, and is counted.
 *	Processes are served round robin; one is never switched away from inside
 *	the kernel, only in user mode, when its quantum is over or an urgent
 *	one, a thread of the kernel, has something to do.
 * Mirrors: spl(9), softintr(9), mi_switch() of kern_synch.c.
 * Leaves out: nested hardware interrupts (a second one waits for the first to
 *	end: it would wait for most of it anyway, all being at splnet or above);
 *	several cores; instruction caches (they are in the cycles per
 *	instruction).
 * Units: ps; costs as in base/cost.h.  Owns: nothing.  Borrows: calendar, bus,
 *	cost model.
 */
#ifndef MODELS_HW_CPU_H
#define MODELS_HW_CPU_H

#include <stdbool.h>

#include "models/base/calendar.h"
#include "models/base/cost.h"
#include "models/hw/bus.h"

enum cpu_level { CPU_PROC, CPU_SOFTINT, CPU_HARDINT, CPU_N_LEVELS };

enum cpu_spl { SPL_0, SPL_SOFTNET, SPL_NET, SPL_VM };

/* Where in its life a step stands, as far as switching processes goes. */
enum cpu_mode {
	CPU_IN_KERNEL,	/* may be interrupted, not switched away from */
	CPU_ENTERING,	/* first step of a system call: may be switched away
			 * from before it has begun */
	CPU_IN_USER	/* may be switched away from at any time */
};

enum cpu_task_state {
	CPU_TASK_IDLE,		/* has no step; asleep, if a process */
	CPU_TASK_QUEUED,	/* waits for its turn */
	CPU_TASK_ACTIVE		/* running, suspended by a higher level, held */
};

struct cpu_task {
	const char *name;
	enum cpu_level level;
	bool is_urgent;		/* first in its queue, and calls for a switch */
	enum cpu_task_state state;
	/* the step being spent */
	bool has_step;
	bool is_begun;
	enum cpu_mode mode;
	enum cpu_spl spl;
	sim_time compute_left;
	sim_time bus_left;
	void (*commit)(void *arg);
	void *arg;
	/* between its steps: a process that has returned to its program */
	bool is_held;
	bool is_masked;
	sim_time masked_since;
	struct cpu_task *next;		/* in the queue */
};

struct cpu_queue {
	struct cpu_task *head;
	struct cpu_task *tail;
};

struct cpu_config {
	int64_t clock_hz;
};

struct cpu_stats {
	sim_time busy_ps[CPU_N_LEVELS];
	sim_time idle_ps;
	/* the same busy time, by what it went to */
	sim_time compute_ps;
	sim_time bus_ps;
	sim_time stall_ps;
	/* what all steps so far asked for */
	int64_t asked_units;
	sim_time asked_compute_ps;
	sim_time asked_bus_ps;
	int64_t n_steps;
	int64_t n_switches;
	int64_t n_masked[CPU_N_LEVELS];
	sim_time masked_ps[CPU_N_LEVELS];
};

struct cpu {
	struct calendar *cal;
	struct bus *bus;
	const struct cost_model *costs;
	struct ratio ps_per_unit;
	int64_t unit_carry;
	struct cpu_task *active[CPU_N_LEVELS];
	struct cpu_queue queue[CPU_N_LEVELS];
	uint32_t n_queued;		/* tasks in all of them */
	struct cpu_task *running;	/* the one being spent, or NULL */
	struct cal_event step_end;
	sim_time step_ends_at;
	sim_time settled_at;
	bool in_commit;
	bool need_resched;
	struct cpu_stats stats;
};

void cpu_init(struct cpu *cpu, const struct cpu_config *config,
    struct calendar *cal, struct bus *bus, const struct cost_model *costs);

void cpu_task_init(struct cpu_task *task, const char *name,
    enum cpu_level level, void *arg);

/*
 * cpu_post: give a task its next step.
 *
 * => the task has no step; it is idle, held, or in its commit
 * => an idle task joins the queue of its level; an active one goes on
 * => commit(task->arg) is called when the cost is spent; a task that has
 *    posted no step when its commit returns becomes idle, unless held
 */
void cpu_post(struct cpu *cpu, struct cpu_task *task, const struct cost *cost,
    enum cpu_spl spl, enum cpu_mode mode, void (*commit)(void *arg));

/*
 * cpu_hold: called in a commit: the process goes back to its program, which
 * will post or release at this very date.
 */
void cpu_hold(struct cpu *cpu, struct cpu_task *task);

/* cpu_release: the program has ended. => task is held, and becomes idle */
void cpu_release(struct cpu *cpu, struct cpu_task *task);

/* cpu_resched: the quantum of the running process is over. */
void cpu_resched(struct cpu *cpu);

/* cpu_stats_now: the counters, brought up to the calendar's date */
const struct cpu_stats *cpu_stats_now(struct cpu *cpu);

/* cpu_is_idle: nothing is active or queued */
bool cpu_is_idle(const struct cpu *cpu);

#endif
