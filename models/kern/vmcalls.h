/*
 * System calls about memory: mappings, wiring, fork.
 *
 * Stands for: mmap(2), munmap(2), mlock(2), munlock(2), fork(2).
 *	What is mapped of a file may reach beyond its end: the program that
 *	touches that is ended by SIGBUS, the kernel that does fails with EFAULT.
 * Leaves out: the price of mapping anonymous memory, beside the call's own; the
 *	child's way from the parent's stack: it is a process of the host that
 *	has made no call yet.
 * Units: bytes.  Owns: nothing.
 */
#ifndef MODELS_KERN_VMCALLS_H
#define MODELS_KERN_VMCALLS_H

#include "models/kern/syscall.h"

/*
 * vmcall: execute one of them.
 *
 * => call->nr is SYS_MMAP .. SYS_FORK
 * => ends with proc_return
 */
void vmcall(struct proc *p, const struct sys_call *call);

#endif
