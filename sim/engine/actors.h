/*
 * How many processes the system permits.
 *
 * Each process is an actor with a stack of its own, but for those that go in
 * steps (sim/process/steps.h), which are not counted.  What it needs is known
 * beforehand, so that a run that cannot have it says so before it begins, and
 * by what it is limited: SimGrid would abort in the middle.
 *
 *	maps	2 for each stack, for it has a guard page: vm.max_map_count
 *	memory	the whole stack of the address space (ulimit -v), and what of it
 *		is in use, of the memory that is free
 *	threads	one for each, with LOANSIM_CONTEXTS=thread: ulimit -u and
 *		kernel.threads-max
 *
 * Units: bytes, pieces.  Owns: nothing.
 */
#ifndef SIM_ENGINE_ACTORS_H
#define SIM_ENGINE_ACTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ACTOR_STACK_KIB = 64 };

/* What is left for actors; INT64_MAX: as much as they want. */
struct actor_limits {
	int64_t max_map_count;	/* as set, and the maps there are already */
	int64_t maps_in_use;
	int64_t address_space;
	int64_t memory;
	int64_t user_threads;
	int64_t system_threads;
};

/* actor_limits_read: those of this process, now */
void actor_limits_read(struct actor_limits *limits);

/*
 * actor_limits_permit: may there be so many processes?
 *
 * => false: reason says how many may, and what limits them
 */
bool actor_limits_permit(const struct actor_limits *limits,
    size_t n_processes, char *reason, size_t size);

#endif
