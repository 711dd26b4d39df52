/*
 * Stores of one sweep become one store.
 *
 * Stands for: "merge": the shards of a job array, put together.
 * Points: of a point that is in several stores, all must say the same, by its
 *	fingerprint.  One that was cut off (crashed, timed out) says nothing,
 *	and gives way to one that was not.
 * Safety: all stores are one transaction: all of them are in, or none.
 * Errors: DB_ERROR (db.h): DB_ERROR_CHANGED for stores that do not fit.
 * Owns: nothing between calls.
 */
#ifndef SIM_SWEEP_MERGE_H
#define SIM_SWEEP_MERGE_H

#include "sim/sweep/store.h"

struct store_merged {
	size_t n_added;		/* points that were missing, or cut off */
	size_t n_there;		/* that were there already */
	size_t n_failed;	/* in the store now, without a result */
	size_t n_recorded;	/* in the store now */
	size_t n_points;	/* of the sweep */
};

/*
 * store_merge: the points of stores into the store at out.
 *
 * => out: is made if there is none, else gone on with
 * => command: continues the sweep, for a store that is made
 * => stores: paths, at least one, NULL at the end
 * => false and error: out is as it was; only if closing it failed, all of
 *    them may be in
 */
bool store_merge(const char *out, const char *command,
    const char *const *stores, struct store_merged *merged, GError **error);

#endif
