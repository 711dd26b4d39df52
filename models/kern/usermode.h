/*
 * What a program does in user mode: storing into its memory, and computing.
 *
 * Stands for: the program between two system calls.  Stores fault as they must;
 *	a process in user mode can be switched away from.
 * Leaves out: loads; instruction fetch (in the cycles per instruction).
 * Units: bytes, cycles.  Owns: nothing.
 */
#ifndef MODELS_KERN_USERMODE_H
#define MODELS_KERN_USERMODE_H

#include "models/kern/proc.h"

/*
 * user_touch: store to len bytes at an address: all of them, or one word in
 * each page.
 *
 * => ends with proc_return: 0, or SYS_EFAULT at an address not mapped; beyond
 *    the end of a mapped file with proc_kill: SYS_SIGBUS
 */
void user_touch(struct proc *p, uint64_t addr, int64_t len, bool is_full);

/* user_compute: cycles >= 0; ends with proc_return(0) */
void user_compute(struct proc *p, int64_t cycles);

#endif
