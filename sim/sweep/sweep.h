/*
 * A sweep under way: the points that are still missing in its store, handed out
 * in order and recorded as they come back.
 *
 * Stands for: what running on one machine and running on many have in common.
 * Shards: of N shards, shard I (from 1 on) has the points whose index leaves
 *	I - 1 when divided by N, so that each gets some of every region.
 * Owns: nothing; scenario and store are the caller's.
 */
#ifndef SIM_SWEEP_SWEEP_H
#define SIM_SWEEP_SWEEP_H

#include "sim/run/pool.h"
#include "sim/sweep/store.h"

struct sweep {
	const struct scenario *scn;
	struct store *store;
	size_t shard, n_shards;	/* 1 of 1: all points */
	size_t next;		/* where to look for a missing point */
	size_t n_points;	/* of the shard */
	size_t n_there;		/* of these, recorded before or by now */
	size_t n_run;		/* recorded by now */
	size_t n_failed;	/* of these, without a result */
	int64_t host_ns;	/* what these took, each for itself, added up */
	/* told of every point that is recorded; may be NULL */
	void (*told)(void *arg, const struct sweep *sweep,
	    const struct res_row *row);
	void *arg;
};

/* sweep_begin: => 1 <= shard <= n_shards */
void sweep_begin(struct sweep *sweep, const struct scenario *scn,
    struct store *store, size_t shard, size_t n_shards);

/* sweep_next: the next point to run; false when none is left to hand out */
bool sweep_next(struct sweep *sweep, size_t *index);

/* sweep_record: what became of a point that was handed out */
bool sweep_record(struct sweep *sweep, size_t index,
    const struct res_row *row, GError **error);

/*
 * sweep_run: all missing points, in children of this process.
 *
 * => a point that fails is recorded as such and the others go on
 * => false and error: RUN_ERROR (interrupted, or no process can be made) or
 *    DB_ERROR; what was recorded is there
 */
bool sweep_run(struct sweep *sweep, const struct run_limits *limits,
    GError **error);

#endif
