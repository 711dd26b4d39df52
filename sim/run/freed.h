/*
 * Resources made free: a world in which one of its limits is gone.
 *
 * Stands for: the question "what would be gained if this cost nothing?", asked
 *	of the mechanism and not of a scenario's keys: values that no key may
 *	have are allowed here.
 * How: what takes time takes a thousandth of it, and not none: a program that
 *	never sleeps still comes to its end.  What has a bound gets one that is
 *	never met.  Anything else stays as it is: framing, delays, the order of
 *	things, what a kernel walks through if a buffer holds more.
 * Leaves out: the clock's tick, and timers, those of delayed acknowledgements
 *	among them.
 * Units: those of the models' configurations.  Owns: nothing.
 */
#ifndef SIM_RUN_FREED_H
#define SIM_RUN_FREED_H

#include "models/world.h"
#include "sim/process/process.h"
#include "sim/scenario/scenario.h"

/* Most of them take time; then what has a bound; then what others do. */
enum run_resource {
	RUN_WIRE,
	RUN_CPU,
	RUN_BUS,
	RUN_DISK,
	RUN_WINDOW,
	RUN_DELAY,
	RUN_LOSS,
	RUN_SPACE,
	RUN_APPLICATION,
	RUN_READER,
	RUN_FAR_HOST,
	RUN_N_RESOURCES
};

/* A set of them, bit by bit. */
typedef uint32_t run_resources;

#define RUN_AS_IT_IS	UINT32_C(0)
#define RUN_ALL		((UINT32_C(1) << RUN_N_RESOURCES) - 1)

static inline run_resources
run_one(enum run_resource resource)
{
	return UINT32_C(1) << resource;
}

struct run_resource_info {
	const char *name;	/* "bus" */
	const char *freed;	/* what it means that it is free, a sentence */
};

extern const struct run_resource_info run_resource_info[RUN_N_RESOURCES];

/* run_free: make a set of resources free in what a run is built from. */
void run_free(run_resources freed, struct world_config *world,
    struct process_config *processes, size_t n_processes);

/* run_uses: those that making them free changes something of in this point */
run_resources run_uses(const struct scn_point *pt);

#endif
