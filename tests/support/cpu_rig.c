#include "tests/support/cpu_rig.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CTXSW_INSNS = 100 };

static void transfer_ends(void *arg);

static void
nothing(void *arg)
{
	(void)arg;
}

/* The master: whatever is planned for the end of a transfer moves with it. */
static void
plan_transfer(void *arg)
{
	struct rig *rig = arg;

	if (cal_is_scheduled(&rig->transfer_end))
		cal_cancel(&rig->cal, &rig->transfer_end);
	cal_schedule(&rig->cal, &rig->transfer_end, rig->bus.dma_ends_at);
}

static void
init(struct rig *rig, int64_t clock_hz, const struct bus_config *bus)
{
	struct cost_config costs = {.cpi_milli = 1000};
	struct cpu_config cpu = {clock_hz};

	memset(rig, 0, sizeof *rig);
	costs.op_insns[OP_CTXSW] = CTXSW_INSNS;
	cal_init(&rig->cal);
	cost_model_init(&rig->costs, &costs, NULL, &rig->ledger);
	bus_init(&rig->bus, bus, &rig->ledger);
	rig->master = (struct bus_master){.cause = CAUSE_NIC_DMA,
	    .dma_changing = nothing, .dma_changed = plan_transfer,
	    .arg = rig};
	cal_event_init(&rig->transfer_end, transfer_ends, rig);
	cpu_init(&rig->cpu, &cpu, &rig->cal, &rig->bus, &rig->costs);
}

void
rig_init(struct rig *rig, int64_t clock_hz)
{
	struct bus_config bus = {100000000, 50000000, 50000000, 0,
	    BUS_DMA_FIRST};

	init(rig, clock_hz, &bus);
}

void
rig_init_on(struct rig *rig, const struct bus_config *bus)
{
	init(rig, 100000000, bus);
}

void
rig_fini(struct rig *rig)
{
	const struct cpu_stats *stats = cpu_stats_now(&rig->cpu);
	sim_time busy = stats->busy_ps[CPU_PROC] +
	    stats->busy_ps[CPU_SOFTINT] + stats->busy_ps[CPU_HARDINT];

	ck_assert_int_eq(busy + stats->idle_ps, rig->cal.now);
	ck_assert_int_eq(stats->compute_ps + stats->bus_ps + stats->stall_ps,
	    busy);
	ck_assert_int_eq(stats->n_switches, rig->ledger.n_ops[OP_CTXSW]);
	if (cpu_is_idle(&rig->cpu)) {
		ck_assert_int_eq(stats->compute_ps, stats->asked_compute_ps);
		ck_assert_int_eq(stats->bus_ps, stats->asked_bus_ps);
	}
	cal_fini(&rig->cal);
}

void
rig_task_init(struct rig *rig, struct rig_task *t, char id,
    enum cpu_level level, const struct rig_step *steps, int n_steps)
{
	memset(t, 0, sizeof *t);
	cpu_task_init(&t->task, "rig", level, t);
	t->rig = rig;
	t->id = id;
	t->steps = steps;
	t->n_steps = n_steps;
}

static void
log_end(struct rig *rig, char id)
{
	char *log = rig->log;
	size_t n = strlen(log);
	sim_time now = rig->cal.now;

	ck_assert_uint_lt(n + 40, RIG_LOG_BYTES);
	n += (size_t)snprintf(log + n, RIG_LOG_BYTES - n, "%s%c%" PRId64,
	    n > 0 ? " " : "", id, now / RIG_US);
	if (now % RIG_US != 0)
		snprintf(log + n, RIG_LOG_BYTES - n, "+%" PRId64 "ps",
		    now % RIG_US);
}

static void
committed(void *arg)
{
	struct rig_task *t = arg;

	log_end(t->rig, t->id);
	if (t->on_commit != NULL)
		t->on_commit(t);
	if (t->n_done < t->n_steps && !t->task.is_held && !t->task.has_step)
		rig_go(t);
}

void
rig_go(struct rig_task *t)
{
	const struct rig_step *step = &t->steps[t->n_done++];
	struct cost cost = {0};

	/* 100 MHz: a cycle is 10,000 ps */
	cost.units = step->compute / 10000 * COST_UNITS_PER_CYCLE;
	cost.read_bytes = step->read_bytes;
	cpu_post(&t->rig->cpu, &t->task, &cost, step->spl, step->mode,
	    committed);
}

static void
schedule(struct rig *rig, void (*fire)(void *arg), struct rig_task *t,
    enum bus_direction direction, sim_time at)
{
	struct rig_event *e = &rig->events[rig->n_events++];

	ck_assert_int_le(rig->n_events, RIG_MAX_EVENTS);
	cal_event_init(&e->ev, fire, e);
	e->rig = rig;
	e->task = t;
	e->direction = direction;
	cal_schedule(&rig->cal, &e->ev, at);
}

static void
go_fired(void *arg)
{
	rig_go(((struct rig_event *)arg)->task);
}

static void
resched_fired(void *arg)
{
	cpu_resched(&((struct rig_event *)arg)->rig->cpu);
}

static void
transfer_begins(void *arg)
{
	struct rig_event *e = arg;

	bus_dma_begin(&e->rig->bus, &e->rig->master, e->direction, e->bytes,
	    e->rig->cal.now);
	plan_transfer(e->rig);
}

static void
transfer_ends(void *arg)
{
	struct rig *rig = arg;

	log_end(rig, 'D');
	rig->transfer_ended_at = rig->cal.now;
	bus_dma_end(&rig->bus, rig->cal.now);
}

void
rig_transfer_at(struct rig *rig, enum bus_direction direction, int64_t bytes,
    sim_time at)
{
	schedule(rig, transfer_begins, NULL, direction, at);
	rig->events[rig->n_events - 1].bytes = bytes;
}

void
rig_dma_begin(struct rig *rig, enum bus_direction direction)
{
	bus_dma_begin(&rig->bus, &rig->master, direction, 0, rig->cal.now);
}

void
rig_dma_end(struct rig *rig)
{
	/* as if that much had been all there was to move */
	rig->bus.dma.left = 0;
	rig->bus.dma.since = rig->cal.now;
	bus_dma_end(&rig->bus, rig->cal.now);
}

static void
dma_begins(void *arg)
{
	struct rig_event *e = arg;

	rig_dma_begin(e->rig, e->direction);
}

static void
dma_ends(void *arg)
{
	rig_dma_end(((struct rig_event *)arg)->rig);
}

void
rig_go_at(struct rig_task *t, sim_time at)
{
	schedule(t->rig, go_fired, t, BUS_READ, at);
}

void
rig_resched_at(struct rig *rig, sim_time at)
{
	schedule(rig, resched_fired, NULL, BUS_READ, at);
}

void
rig_dma_at(struct rig *rig, enum bus_direction direction, sim_time from,
    sim_time to)
{
	schedule(rig, dma_begins, NULL, direction, from);
	schedule(rig, dma_ends, NULL, direction, to);
}

void
rig_run(struct rig *rig)
{
	ck_assert_int_eq(cal_run(&rig->cal, SIM_TIME_NEVER), CAL_IDLE);
}

void
rig_until(struct rig *rig, sim_time at)
{
	cal_hold(&rig->cal);
	ck_assert_int_eq(cal_run(&rig->cal, at), CAL_LIMIT);
	cal_release(&rig->cal);
}

void
rig_steps(struct rig_task *t, const struct rig_step *steps, int n)
{
	t->steps = steps;
	t->n_steps = n;
}

void
rig_expect(struct rig *rig, const char *log)
{
	rig_run(rig);
	ck_assert_str_eq(rig->log, log);
}
