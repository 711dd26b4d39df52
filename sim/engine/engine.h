/*
 * The engine: SimGrid runs a world and its processes.
 *
 * How: each process is an actor, but for those that go in steps
 *	(sim/process/steps.h); the world sits in SimGrid's slot for resource
 *	models (machine_model.h).  An actor that waits goes on with the world
 *	itself, until a program may run: nearly always that is its own, and
 *	what SimGrid would do for two switches is saved.  If it is another's,
 *	it waits on a semaphore of its own, and SimGrid switches.
 *	The world's integer clock is the only truth; SimGrid's is never read
 *	but to answer it, and stands still while one actor waits for itself.
 * Limits: one run per operating-system process; SimGrid cannot start twice.
 *	A parent may start it before it forks, which saves each child the time.
 * Environment: LOANSIM_CONTEXTS names SimGrid's context factory (raw, boost,
 *	ucontext, thread); results do not depend on it.
 */
#ifndef SIM_ENGINE_ENGINE_H
#define SIM_ENGINE_ENGINE_H

#include <stddef.h>

#include "models/world.h"
#include "sim/process/process.h"

/*
 * eng_prepare: start the engine, for all children that this process will make.
 *
 * => may be left out: then eng_run() does it; more than once does nothing
 */
void eng_prepare(void);

/*
 * eng_permits: can there be so many processes?
 *
 * => false: reason says how many can, and by what they are limited (actors.h)
 */
bool eng_permits(const struct process_config *configs, size_t n_processes,
    char *reason, size_t size);

/*
 * eng_run: run a world to its end.
 *
 * => processes: one per configuration, in order; made here
 * => the world is over on return, to be audited and read
 */
void eng_run(struct world *world, const struct process_config *configs,
    size_t n_processes);

#endif
