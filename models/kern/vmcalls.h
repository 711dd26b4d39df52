/*
 * System calls about memory: files in memory, mappings, wiring, fork.
 *
 * Stands for: open(2) and ftruncate(2) of a file that is in memory as far as
 *	there is room, mmap(2), munmap(2), mlock(2), munlock(2), fork(2).
 *	A file has a number for a name, and its handle is PROC_MAX_FDS above it:
 *	no descriptor, so that it needs not be closed.
 * Leaves out: unmapping a part of a region, sizes that are no whole pages (they
 *	are rounded up), descriptors of a child (it has none), the child's way
 *	from the parent's stack: it is a process of the host that has made no
 *	call yet.
 * Units: bytes.  Owns: nothing.
 */
#ifndef MODELS_KERN_VMCALLS_H
#define MODELS_KERN_VMCALLS_H

#include "models/kern/syscall.h"

/*
 * vmcall: execute one of them.
 *
 * => call->nr is SYS_OPEN .. SYS_FORK or SYS_MMAP
 * => ends with proc_return
 */
void vmcall(struct proc *p, const struct sys_call *call);

#endif
