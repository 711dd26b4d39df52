/*
 * The tables of a store.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/run/program.h"
#include "sim/sweep/store_own.h"

enum { APPLICATION_ID = 0x6c6f616e };	/* "loan" */

const char *const store_detail_names[RES_N_DETAILS] = {
#define X(sym, name) [RES_D_##sym] = name,
	RES_TIMES(X) RES_TRAFFIC(X) RES_LENDING(X)
#undef X
};

static const char fixed_tables[] =
    "CREATE TABLE about (name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE axis (position INTEGER PRIMARY KEY, axis INTEGER, "
    "key TEXT, \"column\" TEXT);"
    "CREATE TABLE part (part TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID;"
    "CREATE TABLE point_part (point INTEGER, position INTEGER, part TEXT, "
    "PRIMARY KEY (point, position)) WITHOUT ROWID;"
    "CREATE TABLE cost (point INTEGER, cause TEXT, compute_ps INTEGER, "
    "memory_ps INTEGER, loaded_bytes INTEGER, stored_bytes INTEGER, "
    "read_bytes INTEGER, written_bytes INTEGER, "
    "PRIMARY KEY (point, cause)) WITHOUT ROWID;"
    "CREATE VIEW effective AS SELECT point, (SELECT group_concat(text, '') "
    "FROM (SELECT text FROM point_part AS pp JOIN part USING (part) "
    "WHERE pp.point = p.point ORDER BY position)) AS scenario "
    "FROM point AS p;";

/* point_table: the statement that makes it, columns of the axes included */
static char *
point_table(const struct store_about *about)
{
	GString *sql = g_string_new("CREATE TABLE point (point INTEGER "
	    "PRIMARY KEY, variant TEXT, replication INTEGER, seed INTEGER");

	for (size_t i = 0; i < about->columns->len; i++)
		g_string_append_printf(sql, ", \"%s\" NUMERIC",
		    (char *)about->columns->pdata[i]);
	g_string_append(sql, ", outcome TEXT, reason TEXT, fingerprint TEXT");
	for (int i = 0; i < REP_N_GROUPS; i++)
		g_string_append_printf(sql, ", \"fingerprint_%s\" TEXT",
		    rep_group_names[i]);
	for (int i = 0; i < RES_N_COLUMNS; i++)
		g_string_append_printf(sql, ", \"%s\" %s", res_columns[i].name,
		    res_columns[i].decimals > 0 ? "REAL" : "INTEGER");
	for (int i = 0; i < RES_N_DETAILS; i++)
		g_string_append_printf(sql, ", \"%s\" INTEGER",
		    store_detail_names[i]);
	g_string_append_c(sql, ')');
	return g_string_free(sql, FALSE);
}

static void
add_columns(struct store_about *about, const struct scn_axis *axis,
    size_t number)
{
	for (size_t k = 0; k < axis->n_keys; k++) {
		const struct scn_key_info *info =
		    scn_row(axis->targets[k].key);

		g_ptr_array_add(about->keys, g_strdup(axis->names[k]));
		g_ptr_array_add(about->columns, g_strconcat(axis->names[k],
		    info->type == SCN_TYPE_QUANTITY ?
		    scn_unit_suffix(info->unit) : "", NULL));
		g_array_append_val(about->axes, number);
	}
}

static void
about_init(struct store_about *about)
{
	memset(about, 0, sizeof *about);
	about->keys = g_ptr_array_new_with_free_func(g_free);
	about->columns = g_ptr_array_new_with_free_func(g_free);
	about->axes = g_array_new(FALSE, FALSE, sizeof(size_t));
}

struct store_about
about_of(const struct scenario *scn, const char *command)
{
	struct store_about about;

	about_init(&about);
	about.scenario = g_strdup(scn_name(scn));
	about.title = g_strdup(scn_get_text(scn_point(scn, 0), SCN_TITLE));
	about.version = g_strdup(program_version());
	about.revision = g_strdup(program_revision());
	about.command = g_strdup(command);
	about.plan = g_string_free(scn_sweep_plan(scn), FALSE);
	about.n_points = scn_sweep_size(scn);
	for (size_t i = 0; i < scn_sweep_n_axes(scn); i++)
		add_columns(&about, scn_sweep_axis(scn, i), i);
	return about;
}

void
about_clear(struct store_about *about)
{
	g_free(about->scenario);
	g_free(about->title);
	g_free(about->version);
	g_free(about->revision);
	g_free(about->command);
	g_free(about->plan);
	g_ptr_array_unref(about->keys);
	g_ptr_array_unref(about->columns);
	g_array_unref(about->axes);
	memset(about, 0, sizeof *about);	/* no keys: it is empty */
}

static bool
put(struct db *db, sqlite3_stmt *statement, const char *name,
    const char *value, GError **error)
{
	sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, value, -1, SQLITE_STATIC);
	return db_step(db, statement, error);
}

static bool
put_about(struct db *db, const struct store_about *about, GError **error)
{
	sqlite3_stmt *put_one = db_prepare(db,
	    "INSERT INTO about VALUES (?, ?)", error);
	g_autofree char *n = g_strdup_printf("%zu", about->n_points);
	g_autofree char *schema = g_strdup_printf("%d", STORE_SCHEMA);
	bool ok = put_one != NULL &&
	    put(db, put_one, "schema", schema, error) &&
	    put(db, put_one, "scenario", about->scenario, error) &&
	    put(db, put_one, "title", about->title, error) &&
	    put(db, put_one, "version", about->version, error) &&
	    put(db, put_one, "revision", about->revision, error) &&
	    put(db, put_one, "command", about->command, error) &&
	    put(db, put_one, "plan", about->plan, error) &&
	    put(db, put_one, "points", n, error);

	sqlite3_finalize(put_one);
	return ok;
}

static bool
put_axes(struct db *db, const struct store_about *about, GError **error)
{
	sqlite3_stmt *put_one = db_prepare(db, "INSERT INTO axis "
	    "(key, \"column\", axis) VALUES (?, ?, ?)", error);
	bool ok = put_one != NULL;

	for (size_t i = 0; ok && i < about->keys->len; i++) {
		size_t axis = g_array_index(about->axes, size_t, i);

		sqlite3_bind_int64(put_one, 3, (int64_t)axis + 1);
		ok = put(db, put_one, about->keys->pdata[i],
		    about->columns->pdata[i], error);
	}
	sqlite3_finalize(put_one);
	return ok;
}

bool
schema_create(struct db *db, const struct store_about *about, GError **error)
{
	g_autofree char *table = point_table(about);
	g_autofree char *id = g_strdup_printf("PRAGMA application_id = %d",
	    APPLICATION_ID);

	return db_run(db, id, error) && db_run(db, table, error) &&
	    db_run(db, fixed_tables, error) && put_about(db, about, error) &&
	    put_axes(db, about, error);
}

bool
schema_drop(struct db *db, GError **error)
{
	return db_run(db, "DROP VIEW effective; DROP TABLE about; "
	    "DROP TABLE axis; DROP TABLE part; DROP TABLE point_part; "
	    "DROP TABLE cost; DROP TABLE point", error);
}

/* count: the number that a query gives, or -1 and error */
static int64_t
count(struct db *db, const char *sql, GError **error)
{
	sqlite3_stmt *statement = db_prepare(db, sql, error);
	GError *why = NULL;
	int64_t n = -1;

	if (statement == NULL)
		return -1;
	if (db_next(db, statement, &why))
		n = sqlite3_column_int64(statement, 0);
	if (why != NULL)
		g_propagate_error(error, why);
	sqlite3_finalize(statement);
	return n;
}

bool
schema_is_empty(struct db *db, bool *is_empty, GError **error)
{
	int64_t n = count(db, "SELECT count(*) FROM sqlite_master", error);

	*is_empty = n == 0;
	return n >= 0;
}

static bool
no_store(const struct db *db, GError **error)
{
	g_set_error(error, DB_ERROR, DB_ERROR_INPUT,
	    "%s: is no store of loansim", db->path);
	return false;
}

/* get: one line of about; NULL if it is not there */
static char *
get(struct db *db, const char *name)
{
	g_autofree char *sql = g_strdup_printf(
	    "SELECT value FROM about WHERE name = '%s'", name);
	sqlite3_stmt *statement = db_prepare(db, sql, NULL);
	char *value = NULL;

	if (statement != NULL && db_next(db, statement, NULL))
		value = g_strdup((const char *)sqlite3_column_text(statement,
		    0));
	sqlite3_finalize(statement);
	return value;
}

static bool
get_about(struct db *db, struct store_about *about, GError **error)
{
	g_autofree char *schema = get(db, "schema");
	g_autofree char *points = get(db, "points");

	if (schema == NULL || points == NULL)
		return no_store(db, error);
	if (atoi(schema) != STORE_SCHEMA) {
		g_set_error(error, DB_ERROR, DB_ERROR_INPUT, "%s: has schema "
		    "%s; this program reads %d only", db->path, schema,
		    STORE_SCHEMA);
		return false;
	}
	about->scenario = get(db, "scenario");
	about->title = get(db, "title");
	about->version = get(db, "version");
	about->revision = get(db, "revision");
	about->command = get(db, "command");
	about->plan = get(db, "plan");
	about->n_points = (size_t)g_ascii_strtoull(points, NULL, 10);
	return (about->scenario != NULL && about->title != NULL &&
	    about->version != NULL && about->revision != NULL &&
	    about->command != NULL && about->plan != NULL &&
	    about->n_points > 0 && about->n_points <= SCN_MAX_SWEEP) ||
	    no_store(db, error);
}

/* add_axis: false for what no store of ours says */
static bool
add_axis(struct store_about *about, sqlite3_stmt *statement)
{
	const char *key = (const char *)sqlite3_column_text(statement, 0);
	const char *column = (const char *)sqlite3_column_text(statement, 1);
	int64_t number = sqlite3_column_int64(statement, 2);
	size_t axis = (size_t)number - 1;

	if (key == NULL || column == NULL || number < 1 ||
	    number > SCN_MAX_AXES)
		return false;
	g_ptr_array_add(about->keys, g_strdup(key));
	g_ptr_array_add(about->columns, g_strdup(column));
	g_array_append_val(about->axes, axis);
	return true;
}

static bool
get_axes(struct db *db, struct store_about *about, GError **error)
{
	sqlite3_stmt *statement = db_prepare(db, "SELECT key, \"column\", "
	    "axis FROM axis ORDER BY position", error);
	GError *why = NULL;
	bool ok = statement != NULL;

	while (ok && db_next(db, statement, &why))
		ok = add_axis(about, statement) || no_store(db, &why);
	sqlite3_finalize(statement);
	if (why != NULL)
		g_propagate_error(error, why);
	return ok && why == NULL;
}

/* check_columns: those of results are the ones that this program knows */
static bool
check_columns(struct db *db, const struct store_about *about, GError **error)
{
	g_autofree char *wanted = point_table(about);
	sqlite3_stmt *statement = db_prepare(db, "SELECT sql FROM "
	    "sqlite_master WHERE name = 'point'", error);
	bool same;

	if (statement == NULL)
		return false;
	same = db_next(db, statement, NULL) && g_strcmp0(wanted,
	    (const char *)sqlite3_column_text(statement, 0)) == 0;
	sqlite3_finalize(statement);
	if (!same)
		g_set_error(error, DB_ERROR, DB_ERROR_INPUT, "%s: has other "
		    "columns than this program's; it was written by loansim "
		    "%s (%s)", db->path, about->version, about->revision);
	return same;
}

bool
schema_read(struct db *db, struct store_about *about, GError **error)
{
	int64_t id = count(db, "PRAGMA application_id", error);

	about_init(about);
	if (id < 0)
		return false;
	if (id != APPLICATION_ID)
		return no_store(db, error);
	return get_about(db, about, error) && get_axes(db, about, error) &&
	    check_columns(db, about, error);
}
