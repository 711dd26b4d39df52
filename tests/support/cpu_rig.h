/*
 * A CPU on a test bench: tasks with a list of steps, started at dates, on a bus
 * whose DMA the test switches.
 *
 *	CPU	100 MHz unless said otherwise; a context switch takes 1 us
 *	memory	reads 10 ns a byte, writes 20; DMA reads at half of the bus and
 *		writes at all of it
 *
 * Every commit goes to a log: the task's letter and the date in us, so that
 * "H7 S9 P17" says who ended when.
 */
#ifndef TESTS_SUPPORT_CPU_RIG_H
#define TESTS_SUPPORT_CPU_RIG_H

#include "models/hw/cpu.h"

enum { RIG_MAX_EVENTS = 32, RIG_LOG_BYTES = 512 };

#define RIG_US	PS_PER_US

struct rig;

struct rig_step {
	sim_time compute;	/* ps, multiples of 10,000 at 100 MHz */
	int64_t read_bytes;
	enum cpu_spl spl;
	enum cpu_mode mode;
};

struct rig_task {
	struct cpu_task task;
	struct rig *rig;
	char id;
	const struct rig_step *steps;
	int n_steps;
	int n_done;
	/* called in each commit before the next step is posted, or NULL */
	void (*on_commit)(struct rig_task *t);
	void *arg;	/* the test's */
};

struct rig_event {
	struct cal_event ev;
	struct rig *rig;
	struct rig_task *task;
	enum bus_direction direction;
	int64_t bytes;
};

struct rig {
	struct calendar cal;
	struct ledger ledger;
	struct cost_model costs;
	struct bus bus;
	struct bus_master master;
	struct cpu cpu;
	struct rig_event events[RIG_MAX_EVENTS];
	int n_events;
	struct cal_event transfer_end;
	sim_time transfer_ended_at;	/* the last one */
	char log[RIG_LOG_BYTES];
};

void rig_init(struct rig *rig, int64_t clock_hz);

/* rig_init_on: 100 MHz, on another bus */
void rig_init_on(struct rig *rig, const struct bus_config *bus);

/*
 * rig_fini: => asserts that busy + idle time is the time elapsed, that busy
 * time is compute, memory and stall, and that an idle CPU has done all it was
 * asked
 */
void rig_fini(struct rig *rig);

void rig_task_init(struct rig *rig, struct rig_task *t, char id,
    enum cpu_level level, const struct rig_step *steps, int n_steps);

/* rig_steps: other steps than the first ones. => none was posted yet */
void rig_steps(struct rig_task *t, const struct rig_step *steps, int n);

/* rig_go: post the next step now; the others follow, each in a commit. */
void rig_go(struct rig_task *t);

/* What is to happen at a date. */
void rig_go_at(struct rig_task *t, sim_time at);
void rig_resched_at(struct rig *rig, sim_time at);
void rig_dma_at(struct rig *rig, enum bus_direction direction,
    sim_time from, sim_time to);

/*
 * rig_transfer_at: a transfer that lasts as long as the bus says; its end is
 * logged as D. => the one before it is over by then
 */
void rig_transfer_at(struct rig *rig, enum bus_direction direction,
    int64_t bytes, sim_time at);

/* rig_dma_begin, rig_dma_end: now; how long it lasts is the test's choice */
void rig_dma_begin(struct rig *rig, enum bus_direction direction);
void rig_dma_end(struct rig *rig);

/* rig_run: until nothing is left to happen */
void rig_run(struct rig *rig);

/* rig_until: up to a date */
void rig_until(struct rig *rig, sim_time at);

/* rig_expect: rig_run, and assert what the log says then */
void rig_expect(struct rig *rig, const char *log);

#endif
