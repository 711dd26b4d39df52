/*
 * The way into the kernel, and the short way out again.
 *
 * Stands for: the trap of a system call, and calls whose result is known as
 *	soon as they are looked at.
 * Units: none.  Owns: nothing.
 */
#ifndef MODELS_KERN_TRAP_H
#define MODELS_KERN_TRAP_H

#include "models/kern/proc.h"

/*
 * trap: what every real system call costs, then body(k).
 *
 * => the process may be switched away from before body, in which the kernel has
 *    the processor: what others find must be changed there, not before
 */
void trap(struct proc *p, kctx_fn body);

/* trap_answer: the same, for a result that is known at once */
void trap_answer(struct proc *p, int64_t result);

/* trap_return: proc_return of p->result, as a body */
void trap_return(struct kctx *k);

#endif
