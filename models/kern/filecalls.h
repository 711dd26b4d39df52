/*
 * System calls about files.
 *
 * Stands for: open(2), creat(2), fstat(2), lseek(2), ftruncate(2), fsync(2);
 *	and what stands before read(2), pread(2) and write(2) of files and
 *	before sendfile: the looks at descriptors and arguments.
 *	A file has a number for a name; it is there from the start of the run,
 *	or made by SYS_CREAT, and stays.
 * Mirrors: sys/kern/vfs_syscalls.c, vfs_vnops.c, kern_descrip.c.
 * Leaves out: directories and permissions: what looking up a path costs is in
 *	OP_OPEN, and no block of a directory is ever read.
 * Units: bytes.  Owns: nothing.
 */
#ifndef MODELS_KERN_FILECALLS_H
#define MODELS_KERN_FILECALLS_H

#include "models/kern/syscall.h"

/*
 * filecall: execute one of them.
 *
 * => call->nr is SYS_OPEN .. SYS_SENDFILE; or SYS_READ or SYS_WRITE, and
 *    fd_is_file()
 * => ends with proc_return
 */
void filecall(struct proc *p, const struct sys_call *call);

#endif
