/*
 * System calls, from the program's request to its return.
 *
 * Stands for: the trap into the kernel and syscall().  Each call is executed
 *	step by step; its result reaches the program through proc_return.
 *	Two of them are no system calls of a real kernel: SYS_TOUCH and
 *	SYS_COMPUTE stand for what the program does in user mode, and cost no
 *	trap, but the faults that its stores cause.
 * Leaves out: signals, restarts, everything that no workload here calls.
 * Units: bytes, ps, cycles.  Owns: nothing.
 */
#ifndef MODELS_KERN_SYSCALL_H
#define MODELS_KERN_SYSCALL_H

#include "models/kern/proc.h"

enum sys_nr {
	SYS_CONNECT,	/* a TCP socket connected to the peer: a descriptor */
	SYS_WRITE,	/* fd, addr, len: bytes written */
	SYS_CLOSE,	/* fd: 0 */
	SYS_MMAP,	/* len: address of fresh anonymous memory */
	SYS_TOUCH,	/* addr, len, is_full: store to each byte, or to one
			 * word of each page: 0 */
	SYS_COMPUTE,	/* cycles in user mode: 0 */
	SYS_SLEEP,	/* until a date: 0 */
	SYS_EXIT	/* closes, unmaps; never returns to the program */
};

/* Results below zero, as errno with the sign turned. */
enum sys_error {
	SYS_EBADF = -9,
	SYS_EFAULT = -14,
	SYS_EINVAL = -22,
	SYS_EMFILE = -24,
	SYS_EPIPE = -32,
	SYS_ETIMEDOUT = -60,
	SYS_ENDED = -1000	/* the run is over: no call is accepted */
};

struct sys_call {
	enum sys_nr nr;
	int fd;
	uint64_t addr;
	int64_t len;		/* or cycles, or a date */
	bool is_full;
	int64_t so_sndbuf;	/* of SYS_CONNECT */
	int64_t so_sndlowat;
};


/*
 * sys_enter: a program asks for something.
 *
 * => p is with its program
 * => true: the call has begun; the program is woken when p->result is there
 * => false: the run is over (and nr is not close or exit); p->result is
 *    SYS_ENDED and no time has passed
 */
bool sys_enter(struct proc *p, const struct sys_call *call);

#endif
