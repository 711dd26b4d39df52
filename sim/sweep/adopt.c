/*
 * A store of one sweep becomes one of another.
 *
 * Points are the same if their effective scenarios are, group by group; with
 * the same program they give the same results and need not be run again.  All
 * of it is one transaction: the old store, or the new one.
 */
#include <string.h>

#include "sim/sweep/store_own.h"

/* scenario_id: how an effective scenario is known; g_free it */
static char *
scenario_id(const struct scenario *scn, size_t index)
{
	struct scn_point *pt = scn_sweep_point(scn, index);
	g_auto(GStrv) parts = record_parts(pt);
	GString *id = g_string_new(NULL);
	char part[RECORD_ID_BYTES];

	for (char **p = parts; *p != NULL; p++) {
		record_part_id(part, *p);
		g_string_append(id, part);
	}
	scn_sweep_point_free(pt);
	return g_string_free(id, FALSE);
}

/* ids_of: the same of all recorded points: id -> index + 1 */
static GHashTable *
ids_of(struct store *store, GError **error)
{
	GHashTable *ids = g_hash_table_new_full(g_str_hash, g_str_equal,
	    g_free, NULL);
	sqlite3_stmt *statement = db_prepare(&store->db, "SELECT point, "
	    "(SELECT group_concat(part, '') FROM (SELECT part FROM point_part "
	    "AS pp WHERE pp.point = p.point ORDER BY position)) FROM point "
	    "AS p", error);

	while (statement != NULL && db_next(&store->db, statement, error))
		g_hash_table_insert(ids,
		    g_strdup((const char *)sqlite3_column_text(statement, 1)),
		    GSIZE_TO_POINTER((gsize)sqlite3_column_int64(statement,
		    0)));
	sqlite3_finalize(statement);
	return ids;
}

/* read_all: the rows by their index; those that are not there stay NULL */
static GPtrArray *
read_all(struct store *store, GError **error)
{
	GPtrArray *rows = g_ptr_array_new_with_free_func(g_free);
	struct store_cursor *cursor = store_read(store, error);
	struct store_point point;

	while (cursor != NULL && store_next(cursor, &point, error)) {
		if (point.index >= rows->len)
			g_ptr_array_set_size(rows, (gint)point.index + 1);
		rows->pdata[point.index] = g_memdup2(&point.row,
		    sizeof point.row);
	}
	if (cursor != NULL)
		store_cursor_free(cursor);
	return rows;
}

/* record_kept: the rows of points that the new sweep has, too */
static bool
record_kept(struct store *store, const struct scenario *scn, GHashTable *ids,
    const GPtrArray *rows, GError **error)
{
	size_t n = scn_sweep_size(scn);

	for (size_t i = 0; i < n; i++) {
		g_autofree char *id = scenario_id(scn, i);
		gsize old = GPOINTER_TO_SIZE(g_hash_table_lookup(ids, id));

		if (old > 0 && old <= rows->len &&
		    !store_record(store, scn, i, rows->pdata[old - 1], error))
			return false;
	}
	return true;
}

static bool
rebuild(struct store *store, const struct scenario *scn,
    struct store_about *about, bool is_kept, GError **error)
{
	GError *why = NULL;
	g_autoptr(GHashTable) ids = ids_of(store, &why);
	g_autoptr(GPtrArray) rows = why == NULL && is_kept ?
	    read_all(store, &why) : g_ptr_array_new();

	if (why != NULL) {
		g_propagate_error(error, why);
		return false;
	}
	about_clear(&store->about);
	store->about = *about;
	about->keys = NULL;
	g_byte_array_set_size(store->state, (guint)store->about.n_points);
	return schema_drop(&store->db, error) &&
	    schema_create(&store->db, &store->about, error) &&
	    record_prepare(store, error) &&
	    record_kept(store, scn, ids, rows, error);
}

bool
adopt(struct store *store, const struct scenario *scn,
    struct store_about *about, GError **error)
{
	bool is_kept = strcmp(store->about.version, about->version) == 0 &&
	    strcmp(store->about.revision, about->revision) == 0;
	bool ok = db_run(&store->db, "BEGIN", error) &&
	    rebuild(store, scn, about, is_kept, error);

	record_finalize(store);
	if (ok && db_run(&store->db, "COMMIT", error))
		return true;
	db_run(&store->db, "ROLLBACK", NULL);
	return false;
}
