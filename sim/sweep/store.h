/*
 * The store of a sweep: one SQLite file, one row for each point that was run.
 *
 * Stands for: "sweep -o STORE.db".  Table point has the coordinates, how the
 *	run ended, its fingerprint, the program's version, and every number of
 *	struct res_row in columns that say their units; table cost the ledger;
 *	view effective the full scenario of each point (its groups lie in table
 *	part, each text once); table about what the sweep is of.  SQL reads it
 *	as well as we do.
 * Points: known by their index in the sweep; column point counts from 1.
 * Safety: a point is recorded in one transaction.  Whatever kills the process,
 *	the points recorded before are there.
 * Errors: DB_ERROR (db.h).
 * Owns: its connection, and the lock of the one who writes.
 */
#ifndef SIM_SWEEP_STORE_H
#define SIM_SWEEP_STORE_H

#include "sim/report/fingerprint.h"
#include "sim/run/result.h"
#include "sim/scenario/sweep.h"
#include "sim/sweep/db.h"

/* Grows when a table changes; columns of results are compared one by one. */
enum { STORE_SCHEMA = 1 };

struct store;

/* What a store is of. */
struct store_about {
	char *scenario;		/* "thorpe-2002" */
	char *title;
	char *version;		/* of the program */
	char *revision;
	char *command;		/* continues the sweep */
	char *plan;		/* scn_sweep_plan() */
	size_t n_points;	/* of the whole sweep */
	GPtrArray *keys;	/* char *: full names of the axes' keys, and */
	GPtrArray *columns;	/* char *: the same with their units, and */
	GArray *axes;		/* size_t: which axis each belongs to, from 0 */
};

/*
 * store_open: make a store, or go on with one.
 *
 * => takes the writer's lock
 * => must_fit: a store of another plan or program is refused
 *    (DB_ERROR_CHANGED, saying what differs); otherwise it is made one of this
 *    sweep, and keeps the points that are in it unchanged, if the program is
 *    the same
 */
struct store *store_open(const char *path, const struct scenario *scn,
    const char *command, bool must_fit, GError **error);

/* store_may_be: does the file begin as those of SQLite do? */
bool store_may_be(const char *path);

/* store_view: read a store, also while somebody writes it */
struct store *store_view(const char *path, GError **error);

/* store_close: => false and error: the last transactions may be lost */
bool store_close(struct store *store, GError **error);

const struct store_about *store_about(const struct store *store);

/* store_has: is the point recorded, whatever became of it? */
bool store_has(const struct store *store, size_t index);
size_t store_n_recorded(const struct store *store);

/* store_n_failed: of these, the runs that did not come to an end */
size_t store_n_failed(const struct store *store);

/* store_forget_failed: they are missing from now on */
bool store_forget_failed(struct store *store, GError **error);

/* store_record: => the store was opened to be written; the point is missing */
bool store_record(struct store *store, const struct scenario *scn,
    size_t index, const struct res_row *row, GError **error);

/* One recorded point; the texts last until the next one is read. */
struct store_point {
	size_t index;
	int64_t replication;	/* from 0 on */
	int64_t seed;
	const char *const *values;	/* of about->columns, without units */
	struct res_row row;	/* all but the exact quotients */
	char fingerprint[REP_HASH_BYTES];
	char groups[REP_N_GROUPS][REP_HASH_BYTES];
};

struct store_cursor;

/* store_read: the points in order of their index; NULL and error otherwise */
struct store_cursor *store_read(struct store *store, GError **error);

/* store_next: false at the end, or with error set */
bool store_next(struct store_cursor *cursor, struct store_point *point,
    GError **error);
void store_cursor_free(struct store_cursor *cursor);

/* store_effective: the full scenario of a point; g_free it */
char *store_effective(struct store *store, size_t index, GError **error);

#endif
