/*
 * poll(2): which of many descriptors could be read or written now?
 *
 * Stands for: sys_poll(): the program's array of struct pollfd is copied in, 8
 *	bytes for each descriptor, to the stack, or of more than 32 to where
 *	malloc() has room; pollscan() asks each of them; who finds none ready
 *	sleeps, and asks all of them again when it is woken; the array is copied
 *	out.  Who has asked a socket in vain (selrecord()) is woken with
 *	each segment that comes and each that is acknowledged (selwakeup()):
 *	the room that there is then may still be less than the low-water mark,
 *	and all were asked for nothing.
 * Mirrors: sys_poll(), pollscan(), selrecord() of sys/kern/sys_generic.c of
 *	about 2000; soo_poll() of sys_socket.c; sowakeup() of uipc_socket2.c.
 * How: the host asks only those of which it knows no better.  The program's
 *	array is a set, which the kernel knows too: SYS_POLL_WANT changes it, as
 *	the program stores into its own memory, free of charge.  Members are
 *	linked to their sockets; who may have become ready has a bit set, by
 *	descriptor, and loses it when it is found not to be.  What a real scan
 *	of all costs is arithmetic.
 * Leaves out: priority data, POLLHUP (no socket of 2002 said it); the cache
 *	lines of files and sockets that a scan of thousands would miss; the
 *	program's own way through the array for what has been found; that two
 *	who have asked the same socket wake all who poll anything (SI_COLL);
 *	that a time is over at a tick of the clock, up to two late (hzto()).
 *	What becomes ready during a scan is found at its end wherever its
 *	descriptor stands: half of it one call sooner.
 * Units: ps.  Owns: the sets.
 */
#ifndef MODELS_KERN_POLL_H
#define MODELS_KERN_POLL_H

#include "models/kern/proc.h"

struct sys_call;

/* What is asked for, and found. */
enum poll_event {
	SYS_POLLIN = 1,
	SYS_POLLOUT = 4,
	SYS_POLLNVAL = 32	/* found only: nothing is open there */
};

enum { POLLFD_BYTES = 8 };	/* sizeof(struct pollfd) */

struct sys_pollfd {
	int fd;
	uint32_t revents;
};

/* A descriptor of a process's set. */
struct poll_member {
	struct pollset *set;
	struct socket *so;		/* on whose list it is, or NULL */
	struct poll_member *next;	/* ... by this, */
	struct poll_member **link;	/* ... and what points at it */
	int fd;
	uint32_t events;		/* 0: it is not in the set */
};

struct pollset {
	struct proc *p;
	struct waitq wait;		/* the process, or nobody */
	struct poll_member **members;	/* by descriptor; NULL: never was one */
	struct sys_pollfd *found;	/* by the last scan, in order */
	uint32_t n_found;
	uint64_t *maybe;		/* a bit for each that may be ready, */
	uint64_t maybe_hi[FD_NUMBERS / FD_WORD / FD_WORD];	/* ... and for
					 * each word of these that is not 0 */
	uint32_t room;			/* of all, in descriptors */
	uint32_t n;			/* members with events */
};

/*
 * poll_want: what the process's next poll asks of a descriptor, open or not.
 *
 * => events: SYS_POLLIN, SYS_POLLOUT, both, or 0: nothing
 * => false: there can be no such descriptor
 */
bool poll_want(struct proc *p, int fd, uint32_t events);

/*
 * pollcall: SYS_POLL; ends with proc_return: how many were found, 0 when the
 * time is over, SYS_ENDED.
 */
void pollcall(struct proc *p, const struct sys_call *call);

/* poll_refile: another file is open under a descriptor from now on, or none. */
void poll_refile(struct proc *p, int fd);

/* poll_wakeup: selwakeup(): who asks for that of a socket looks again. */
void poll_wakeup(struct socket *so, uint32_t event, struct kctx *k);

/* poll_only_listens: does one that is asleep wait for callers alone? */
bool poll_only_listens(const struct proc *p);

/* poll_fini: a process has no set any more. */
void poll_fini(struct proc *p);

#endif
