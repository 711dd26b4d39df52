/*
 * Points out of the store, in order.
 */
#include <math.h>
#include <string.h>

#include "sim/sweep/store_own.h"

struct store_cursor {
	struct store *store;
	sqlite3_stmt *points, *costs;
	const char **values;	/* of the axes */
};

struct store_cursor *
store_read(struct store *store, GError **error)
{
	struct store_cursor *cursor = g_new0(struct store_cursor, 1);

	cursor->store = store;
	cursor->values = g_new0(const char *, store->about.columns->len + 1);
	cursor->points = db_prepare(&store->db,
	    "SELECT * FROM point ORDER BY point", error);
	if (cursor->points != NULL)
		cursor->costs = db_prepare(&store->db, "SELECT cause, "
		    "compute_ps, memory_ps, loaded_bytes, stored_bytes, "
		    "read_bytes, written_bytes FROM cost WHERE point = ?",
		    error);
	if (cursor->costs != NULL)
		return cursor;
	store_cursor_free(cursor);
	return NULL;
}

void
store_cursor_free(struct store_cursor *cursor)
{
	sqlite3_finalize(cursor->points);
	sqlite3_finalize(cursor->costs);
	g_free(cursor->values);
	g_free(cursor);
}

/* text_of: never NULL */
static const char *
text_of(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement,
	    column);

	return text != NULL ? text : "";
}

static int64_t
number_of(sqlite3_stmt *statement, int column, int decimals)
{
	if (decimals == 0)
		return sqlite3_column_int64(statement, column);
	return (int64_t)llround(sqlite3_column_double(statement, column) *
	    pow(10.0, decimals));
}

/* read_head: up to the outcome; returns the next column */
static int
read_head(struct store_cursor *cursor, struct store_point *point)
{
	sqlite3_stmt *s = cursor->points;
	size_t n = cursor->store->about.columns->len;
	int next = 0;

	memset(point, 0, sizeof *point);
	point->index = (size_t)sqlite3_column_int64(s, next++) - 1;
	g_strlcpy(point->row.variant, text_of(s, next++),
	    sizeof point->row.variant);
	point->replication = sqlite3_column_int64(s, next++) - 1;
	point->seed = sqlite3_column_int64(s, next++);
	for (size_t i = 0; i < n; i++)
		cursor->values[i] = text_of(s, next++);
	point->values = cursor->values;
	return next;
}

static int
read_hashes(sqlite3_stmt *s, int next, struct store_point *point)
{
	g_strlcpy(point->fingerprint, text_of(s, next++), REP_HASH_BYTES);
	for (int i = 0; i < REP_N_GROUPS; i++)
		g_strlcpy(point->groups[i], text_of(s, next++),
		    REP_HASH_BYTES);
	return next;
}

static void
read_row(sqlite3_stmt *s, int next, struct store_point *point)
{
	struct res_row *row = &point->row;

	row->outcome = res_find_outcome(text_of(s, next++));
	if (row->outcome == RES_N_OUTCOMES)	/* of somebody's own hand */
		row->outcome = RES_CRASHED;
	g_strlcpy(row->reason, text_of(s, next++), sizeof row->reason);
	next = read_hashes(s, next, point);
	for (int i = 0; i < RES_N_COLUMNS; i++)
		row->value[i] = number_of(s, next++,
		    res_columns[i].decimals);
	for (int i = 0; i < RES_N_DETAILS; i++)
		row->detail[i] = sqlite3_column_int64(s, next++);
}

static void
read_cost(sqlite3_stmt *s, struct res_row *row)
{
	const char *name = text_of(s, 0);
	int cause = 0;

	while (cause < N_CAUSES && strcmp(kern_cause_names[cause], name) != 0)
		cause++;
	if (cause < N_CAUSES)
		row->cause[cause] = (struct res_cause){
			sqlite3_column_int64(s, 1), sqlite3_column_int64(s, 2),
			sqlite3_column_int64(s, 3), sqlite3_column_int64(s, 4),
			sqlite3_column_int64(s, 5), sqlite3_column_int64(s, 6)
		};
}

bool
store_next(struct store_cursor *cursor, struct store_point *point,
    GError **error)
{
	struct db *db = &cursor->store->db;
	GError *why = NULL;

	if (!db_next(db, cursor->points, error))
		return false;
	read_row(cursor->points, read_head(cursor, point), point);
	sqlite3_bind_int64(cursor->costs, 1, (int64_t)point->index + 1);
	while (db_next(db, cursor->costs, &why))
		read_cost(cursor->costs, &point->row);
	sqlite3_reset(cursor->costs);
	if (why == NULL)
		return true;
	g_propagate_error(error, why);
	return false;
}

char *
store_effective(struct store *store, size_t index, GError **error)
{
	sqlite3_stmt *statement = db_prepare(&store->db,
	    "SELECT scenario FROM effective WHERE point = ?", error);
	char *text = NULL;

	if (statement == NULL)
		return NULL;
	sqlite3_bind_int64(statement, 1, (int64_t)index + 1);
	if (db_next(&store->db, statement, error))
		text = g_strdup(text_of(statement, 0));
	sqlite3_finalize(statement);
	return text;
}
