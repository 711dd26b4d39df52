/*
 * Programs in steps: processes that need no stack of their own.
 *
 * Stands for: the same as other programs (process.h).  A program with a stack
 *	waits in the middle of its code; one in steps returns, and is called
 *	again with the result of its call.  Of a thousand clients that saves a
 *	thousand stacks, and the engine's part of each wait.
 * How: the kernel wakes a process by putting it into a queue; the engine runs
 *	the queue before time goes on.  Who is first in it goes first.
 * Units: none.  Owns: nothing.  Borrows: the processes.
 */
#ifndef SIM_PROCESS_STEPS_H
#define SIM_PROCESS_STEPS_H

#include "sim/process/process.h"

/* The queue of those that may go on. */
struct steps {
	struct process *head;
	struct process *tail;
};

struct world;

/* steps_has: does this program go in steps? */
bool steps_has(const struct process_config *config);

/* steps_count_stacks: how many of these do not? */
size_t steps_count_stacks(const struct process_config *configs, size_t n);

/*
 * steps_add: a process that goes in steps, ready for its first one.
 *
 * => ps: all zero
 */
void steps_add(struct steps *steps, struct process *ps, struct world *world,
    const struct process_config *config);

/* steps_wake: its last call is done: it may go on. */
void steps_wake(struct process *ps);

/* steps_run: let all that may go on do so, until none is left. */
void steps_run(struct steps *steps);

#endif
