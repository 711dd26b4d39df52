/*
 * Processes, as the kernel sees them: asleep, awake, in a system call.
 *
 * Stands for: struct proc, its descriptors and address space; tsleep() and
 *	wakeup().  The program itself runs elsewhere (an actor of the engine, a
 *	coroutine of the tests, or step by step without a stack); it posts a
 *	system call and waits until the kernel has executed it.
 * Mirrors: kern_synch.c.
 * Leaves out: signals but the one that ends a process, priorities.
 * Units: none.  Owns: its address space, and what its descriptors have open.
 */
#ifndef MODELS_KERN_PROC_H
#define MODELS_KERN_PROC_H

#include "models/base/calendar.h"
#include "models/inet/speech.h"
#include "models/kern/descrip.h"
#include "models/kern/kctx.h"
#include "models/kern/uio.h"
#include "models/vm/map.h"

enum { PROC_NAME_BYTES = 32 };

struct proc;
struct socket;
struct mbuf;
struct client;
struct pollset;

/* Those who sleep on one thing, in the order in which they lay down. */
struct waitq {
	struct proc *head;
	struct proc *tail;
};

enum proc_state {
	PROC_IN_PROGRAM,	/* with its program: time stands still */
	PROC_IN_CALL,		/* the kernel executes its call */
	PROC_ASLEEP,		/* ... and waits for something */
	PROC_DEAD
};

/* The program's end of a process: told when its call is done. */
struct proc_program {
	void (*wake)(void *arg);
	void *arg;
};

struct proc {
	struct kctx k;		/* first: a process's context is a process */
	struct proc *next;		/* of the host */
	/* all that a client's has to do with stands together */
	struct client *client;	/* whose program it is, without a kernel, and
				 * so k.host is NULL; NULL: of a host */
	enum proc_state state;
	bool is_killed;			/* by a signal */
	bool is_late;			/* nobody has woken it by wakes_at */
	struct proc_program program;
	int64_t result;			/* of the last call */
	struct cal_event timer;
	sim_time wakes_at;		/* if nobody wakes it before */
	int64_t exit_status;		/* 0, or an enum sys_error */
	char name[PROC_NAME_BYTES];
	struct vm_space space;
	struct filedesc fd;
	struct pollset *poll;		/* what it polls; NULL: nothing yet */
	/* asleep */
	struct waitq *sleeps_on;
	struct proc *next_sleeper;
	kctx_fn on_wakeup;
	bool is_draining;		/* for what will come at a run's end */
	/* the call being executed */
	struct {
		struct socket *so;
		int fd;			/* of a connect or an exit */
		struct file *file;	/* of a call on a file */
		uint32_t name;		/* of a file to make */
		int64_t offset;		/* in it */
		bool moves;		/* its f_offset, too */
		struct uio uio;		/* of a write */
		uint64_t addr;		/* of a read, a store */
		int64_t resid;
		int64_t done;
		int64_t space;
		sim_time until;		/* of a poll */
		uint16_t port;
		struct mbuf *m;		/* built, not yet handed on */
		struct mbuf *top;	/* a datagram so far; NULL: none */
		struct mbuf *last;	/* of its chain */
		uint32_t n_first;
		bool is_full_store;
		bool is_dontwait;	/* MSG_DONTWAIT, of a read */
		bool is_request;	/* of a read: no further than that */
		uint64_t content;	/* name of a datagram's first byte */
		/* a chain that is handed to sosend ready-made */
		struct mbuf *chain;
		bool waits;		/* for room */
		bool is_followed;	/* by others */
		kctx_fn after;		/* sosend is done with it */
		int64_t error;		/* ... and this has become of it */
		/* of sendfile */
		struct {
			bool kernel_header;
			int64_t header;		/* bytes of it not built yet */
			int64_t left;		/* of the file, not built yet */
			int64_t to_build;	/* ... of this chain */
			int64_t built;
			int64_t sent;		/* in earlier chains */
			struct mbuf *chain;
			struct mbuf *last;
			struct mbuf *data;	/* the cluster being filled */
		} send;
	} call;
	struct message request;		/* the one that a read took from, */
	int64_t request_place;		/* ... and where it began to */
};

static inline struct proc *
proc_of(struct kctx *k)
{
	return (struct proc *)k;
}

void proc_init(struct proc *p, struct host *host, const char *name,
    struct proc_program program);

/* proc_init_client: a client's, which no kernel runs (inet/client.h) */
void proc_init_client(struct proc *p, struct client *client, const char *name,
    struct proc_program program);

/*
 * proc_sleep: spend what is due, lie down; then(k) follows a wakeup.
 *
 * => spl keeps out whatever could wake it before it lies: a wakeup in between
 *    would be lost
 */
void proc_sleep(struct proc *p, struct waitq *wq, enum cpu_spl spl,
    kctx_fn then);

/* proc_sleep_drain: the same; the end of the run does not wake it. */
void proc_sleep_drain(struct proc *p, struct waitq *wq, enum cpu_spl spl,
    kctx_fn then);

/*
 * proc_sleep_before: the same, and the date wakes it if nobody has before:
 * p->is_late.
 */
void proc_sleep_before(struct proc *p, struct waitq *wq, sim_time at,
    enum cpu_spl spl, kctx_fn then);

/* proc_sleep_until: sleep to a date, then go on with then(k). */
void proc_sleep_until(struct proc *p, sim_time at, kctx_fn then);

/*
 * proc_interrupt: the run ends: whatever p sleeps on, it wakes.
 *
 * => with it wakes all that sleeps on the same thing; each sees is_stopped
 */
void proc_interrupt(struct proc *p);

/*
 * proc_wakeup: wake all that sleep here, on behalf of a context k.
 *
 * => k pays for it; NULL where nobody can: at the end of a run, and when freed
 *    storage or a lost connection wakes those who wait for it
 */
void proc_wakeup(struct waitq *wq, struct kctx *k);

/*
 * proc_kill: a signal ends the process in its call: its program is told that,
 * and every further call but its exit that the run is over.
 */
void proc_kill(struct proc *p, int64_t status);

/* proc_return: the call is done: pay for the exit, wake the program. */
void proc_return(struct proc *p, int64_t result);

static inline bool
waitq_is_empty(const struct waitq *wq)
{
	return wq->head == NULL;
}

#endif
