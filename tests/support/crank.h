/*
 * A hand-cranked world: a test makes system calls one by one, and between them
 * lets time pass as it likes.
 *
 * The test is the program of each process.  crank_call returns when the kernel
 * has finished the call; crank_post only begins it, so that the test can look
 * at, or change, what happens meanwhile.
 *
 * A process keeps the CPU from one call to its next at the same date.  When
 * time passes in between, or another process is served, it has given the CPU
 * up, and its next call begins with a context switch, as does its first.
 */
#ifndef TESTS_SUPPORT_CRANK_H
#define TESTS_SUPPORT_CRANK_H

#include "models/kern/syscall.h"
#include "models/world.h"

enum { CRANK_MAX_PROCS = 4 };

struct crank_proc {
	struct proc *p;
	bool is_woken;		/* its call is done */
};

struct crank {
	struct world world;
	struct crank_proc procs[CRANK_MAX_PROCS];
	int n_procs;
};

/* crank_init: a world with that many processes */
void crank_init(struct crank *crank, const struct world_config *config,
    int n_procs);

/* crank_run_out: every process exits as it wakes, up to the world's end. */
void crank_run_out(struct crank *crank);

/*
 * crank_fini: crank_run_out, and the world is audited and freed.
 *
 * => asserts a clean audit and empty pools
 */
void crank_fini(struct crank *crank);

/* crank_abandon: free the world as it is, without any assertion */
void crank_abandon(struct crank *crank);

/* crank_post: begin a call. => false: refused, the run is over */
bool crank_post(struct crank *crank, int proc, struct sys_call call);

/* crank_wait: run until that process's call is done. => its result */
int64_t crank_wait(struct crank *crank, int proc);

/* crank_call: both */
int64_t crank_call(struct crank *crank, int proc, struct sys_call call);

/*
 * crank_until: let time pass up to a date.
 *
 * => stops early, at the date of the wake-up, when a process wakes, or when
 *    nothing is left to happen; returns why
 * => a process that is with its program may call later, so that something is
 *    left to happen up to any date but SIM_TIME_NEVER
 */
enum world_step crank_until(struct crank *crank, sim_time at);

/*
 * crank_socket: a socket that no program has, unconnected, with the next
 * number; low-water mark 2048, receive buffer as configured.
 */
struct socket *crank_socket(struct host *host, int64_t sndbuf);

/*
 * crank_give: a process has this socket open under a descriptor, as if it had
 * been opened there; again: nothing changes.
 * crank_take: it has nothing open there any more, and nothing was closed.
 */
void crank_give(struct proc *p, int fd, struct socket *so);
void crank_take(struct proc *p, int fd);

/* Calls that most tests make. */
int crank_connect(struct crank *crank, int proc, int64_t sndbuf);
uint64_t crank_buffer(struct crank *crank, int proc, int64_t bytes);
int64_t crank_write(struct crank *crank, int proc, int fd, uint64_t addr,
    int64_t len);
void crank_sleep(struct crank *crank, int proc, sim_time interval);
int64_t crank_sleep_until(struct crank *crank, int proc, sim_time at);

/*
 * crank_sender: a world of one process, tapped, whose first descriptor is a
 * connection; *addr is its buffer of 64 KiB.  Returns the connection.
 */
struct wiretap;
struct tcpcb *crank_sender(struct crank *crank, struct wiretap *tap,
    const struct world_config *config, int64_t sndbuf, uint64_t *addr);

/*
 * crank_arrives: a segment for connection 1 without data, as if the driver had
 * taken it from its ring, and 1 ms for it; windows are shifted by 1.
 */
void crank_arrives(struct crank *crank, uint8_t flags, uint32_t seq,
    uint32_t ack, uint32_t win);

#endif
