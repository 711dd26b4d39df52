/*
 * The insides of a store, for its own files.
 *
 *	schema.c	tables and columns: made, and compared
 *	store.c		opening, closing, what is there
 *	record.c	one point in
 *	cursor.c	points out
 *	adopt.c		a store of one plan becomes one of another
 *	merge.c		the points of other stores in
 *	export.c	all points as text
 */
#ifndef SIM_SWEEP_STORE_OWN_H
#define SIM_SWEEP_STORE_OWN_H

#include "sim/sweep/lock.h"
#include "sim/sweep/store.h"

struct store {
	struct db db;
	char *path;
	struct store_lock *lock;	/* NULL: it is only read */
	struct store_about about;
	GByteArray *state;		/* of each point: enum point_state */
	size_t n_recorded, n_failed;
	sqlite3_stmt *insert_point, *insert_cost;
	sqlite3_stmt *insert_part, *insert_point_part;
};

enum point_state { POINT_MISSING, POINT_RECORDED, POINT_FAILED };

/* about_of: a sweep's; about_clear releases it */
struct store_about about_of(const struct scenario *scn, const char *command);
void about_clear(struct store_about *about);

/*
 * about_difference: why points of one do not belong to the other, or NULL;
 * g_free it
 *
 * => other: what the wanted one is called, or NULL: it is this sweep
 */
char *about_difference(const struct store_about *is,
    const struct store_about *wanted, const char *other);

/*
 * store_open_as: store_open() without a scenario; the store must fit.
 *
 * => about->keys is NULL afterwards if the store has taken it over
 */
struct store *store_open_as(const char *path, struct store_about *about,
    GError **error);

/* schema_create: all tables of a new store, and what it is of */
bool schema_create(struct db *db, const struct store_about *about,
    GError **error);

/* schema_drop: back to an empty file, within a transaction */
bool schema_drop(struct db *db, GError **error);

/* schema_is_empty: a file that nobody has put anything into */
bool schema_is_empty(struct db *db, bool *is_empty, GError **error);

/* schema_read: what a store is of, all columns compared */
bool schema_read(struct db *db, struct store_about *about, GError **error);

/* record_prepare, record_finalize: the statements that insert */
bool record_prepare(struct store *store, GError **error);
void record_finalize(struct store *store);

/*
 * record_parts: the groups of a point's effective scenario.
 *
 * => each begins with its "[" line; the caller frees them with g_strfreev
 */
char **record_parts(const struct scn_point *pt);

/* record_part_id: how a part is known: a hash of its text */
enum { RECORD_ID_BYTES = 33 };
void record_part_id(char id[static RECORD_ID_BYTES], const char *text);

/* store_note: remember what is recorded of a point */
void store_note(struct store *store, size_t index, bool has_failed);

/*
 * adopt: make the store one of this sweep.
 *
 * => store->about is still that of the old one
 */
bool adopt(struct store *store, const struct scenario *scn,
    struct store_about *about, GError **error);

/* The details of struct res_row by name, in its order. */
extern const char *const store_detail_names[RES_N_DETAILS];

#endif
