/*
 * Points side by side: each in a child process of its own, some at a time.
 *
 * Stands for: what "run" and "sweep" have in common.  A child simulates one
 *	point and hands its struct res_row back through a pipe; whatever becomes
 *	of it, the others go on.
 * Signals: SIGINT and SIGTERM are held back while a pool exists and noticed in
 *	run_pool_next(); children are killed then, also when the parent dies.
 * Limits: of time and memory, for each child; one that breaks them is a failed
 *	run, not an error.
 * Errors: GError of RUN_ERROR (run.h).
 * Owns: its children; run_pool_free() kills those that still run.
 */
#ifndef SIM_RUN_POOL_H
#define SIM_RUN_POOL_H

#include "sim/run/child.h"
#include "sim/run/run.h"

struct run_limits {
	unsigned n_jobs;	/* children at a time, at least 1; fewer where
				   the system permits not enough open files */
	int64_t timeout_ns;	/* of wall time for each, or 0: as it likes */
	int64_t memory_bytes;	/* address space of each, or 0 */
};

/* What has become of a point. */
struct run_done {
	size_t id;		/* given to run_pool_start() */
	struct res_row row;
	bool is_refused;	/* it could not begin: told as an error */
	struct run_timing timing;
};

struct run_pool;

struct run_pool *run_pool_new(const struct run_limits *limits);
void run_pool_free(struct run_pool *pool);

/* run_pool_is_full, run_pool_is_empty: as many children as allowed, or none */
bool run_pool_is_full(const struct run_pool *pool);
bool run_pool_is_empty(const struct run_pool *pool);

/*
 * run_pool_start: begin to simulate a point.
 *
 * => the pool is not full; the job's point need not outlive the call
 * => false and error: RUN_ERROR_SYSTEM
 */
bool run_pool_start(struct run_pool *pool, const struct run_job *job,
    size_t id, GError **error);

/*
 * run_pool_next: wait until one of the points has come to its end.
 *
 * => the pool is not empty
 * => false and error: RUN_ERROR_INTERRUPTED; the children are gone by then
 */
bool run_pool_next(struct run_pool *pool, struct run_done *done,
    GError **error);

/*
 * run_pool_poll: the same for who has other things to look after: it waits no
 * longer than at_most_ns, also where no point runs.
 *
 * => *has_ended tells whether done is filled in
 */
bool run_pool_poll(struct run_pool *pool, int64_t at_most_ns,
    struct run_done *done, bool *has_ended, GError **error);

#endif
