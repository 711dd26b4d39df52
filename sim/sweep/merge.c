#include "sim/sweep/merge.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/sweep/store_own.h"

enum { POINT_COLUMN = 0, FIRST_AXIS_COLUMN = 4 };

/* One of the stores that are read. */
struct source {
	const char *path;
	struct db db;
	sqlite3_stmt *points, *costs, *parts, *links;
};

/* A merge under way. */
struct merge {
	struct store *out;
	sqlite3_stmt *find;	/* a point of out */
	const char **origin;	/* of each point of out: which file */
	int outcome, fingerprint;	/* their columns */
	struct store_merged *merged;
};

/* read_about: what a store is of; the caller clears it */
static bool
read_about(const char *path, struct store_about *about, GError **error)
{
	struct db db = { NULL, NULL };
	bool ok;

	memset(about, 0, sizeof *about);
	if (!db_open(&db, path, SQLITE_OPEN_READONLY, error))
		return false;
	ok = schema_read(&db, about, error);
	db_close(&db);
	return ok;
}

/* check_fits: does a store belong to the first one? */
static bool
check_fits(const char *path, const char *first,
    const struct store_about *wanted, GError **error)
{
	struct store_about about;
	g_autofree char *what = NULL;
	bool ok = read_about(path, &about, error);

	if (ok)
		what = about_difference(&about, wanted, first);
	if (about.keys != NULL)
		about_clear(&about);
	if (what != NULL)
		g_set_error(error, DB_ERROR, DB_ERROR_CHANGED, "%s: %s",
		    path, what);
	return ok && what == NULL;
}

static bool
check_all(const char *out, const char *const *stores,
    const struct store_about *about, GError **error)
{
	struct stat st;


	for (size_t i = 1; stores[i] != NULL; i++)
		if (!check_fits(stores[i], stores[0], about, error))
			return false;
	return stat(out, &st) != 0 || st.st_size == 0 ||
	    check_fits(out, stores[0], about, error);
}

static void
source_close(struct source *source)
{
	sqlite3_finalize(source->points);
	sqlite3_finalize(source->costs);
	sqlite3_finalize(source->parts);
	sqlite3_finalize(source->links);
	if (source->db.handle != NULL)
		db_close(&source->db);
}

/* source_open: as it is at this moment, whoever writes it */
static bool
source_open(struct source *source, const char *path, GError **error)
{
	struct db *db = &source->db;

	memset(source, 0, sizeof *source);
	source->path = path;
	return db_open(db, path, SQLITE_OPEN_READONLY, error) &&
	    db_run(db, "BEGIN", error) &&
	    (source->points = db_prepare(db, "SELECT * FROM point "
	    "ORDER BY point", error)) != NULL &&
	    (source->costs = db_prepare(db, "SELECT * FROM cost "
	    "WHERE point = ?", error)) != NULL &&
	    (source->parts = db_prepare(db, "SELECT part, text FROM part "
	    "JOIN point_part USING (part) WHERE point = ?", error)) != NULL &&
	    (source->links = db_prepare(db, "SELECT * FROM point_part "
	    "WHERE point = ?", error)) != NULL;
}

/* copy_row: all columns of the row that is read */
static bool
copy_row(const struct merge *m, sqlite3_stmt *from, sqlite3_stmt *to,
    GError **error)
{
	int n = sqlite3_column_count(from);

	for (int i = 0; i < n; i++)
		sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
	return db_step(&m->out->db, to, error);
}

/* copy_rows: all that a statement finds of a point */
static bool
copy_rows(const struct merge *m, struct source *source, sqlite3_stmt *from,
    sqlite3_stmt *to, int64_t point, GError **error)
{
	GError *why = NULL;

	sqlite3_bind_int64(from, 1, point);
	while (why == NULL && db_next(&source->db, from, &why))
		copy_row(m, from, to, &why);
	sqlite3_reset(from);
	if (why == NULL)
		return true;
	g_propagate_error(error, why);
	return false;
}

/* outcome_of: a row with nothing but the outcome, which is in a column */
static struct res_row
outcome_of(sqlite3_stmt *statement, int column)
{
	const char *name = (const char *)sqlite3_column_text(statement,
	    column);

	return (struct res_row){ .outcome = name == NULL ? RES_N_OUTCOMES :
	    res_find_outcome(name) };
}

/* add: the point that is read, which out has not got */
static bool
add(struct merge *m, struct source *source, int64_t point, GError **error)
{
	struct store *out = m->out;
	struct res_row row = outcome_of(source->points, m->outcome);

	if (!copy_row(m, source->points, out->insert_point, error) ||
	    !copy_rows(m, source, source->costs, out->insert_cost, point,
	    error) ||
	    !copy_rows(m, source, source->parts, out->insert_part, point,
	    error) ||
	    !copy_rows(m, source, source->links, out->insert_point_part,
	    point, error))
		return false;
	store_note(out, (size_t)point - 1, !res_is_result(&row));
	m->origin[point - 1] = source->path;
	m->merged->n_added++;
	return true;
}

/* replace: the point that is read for one that was cut off */
static bool
replace(struct merge *m, struct source *source, int64_t point,
    GError **error)
{
	g_autofree char *sql = g_strdup_printf("DELETE FROM point "
	    "WHERE point = %" G_GINT64_FORMAT "; DELETE FROM cost "
	    "WHERE point = %" G_GINT64_FORMAT "; DELETE FROM point_part "
	    "WHERE point = %" G_GINT64_FORMAT, point, point, point);

	if (!db_run(&m->out->db, sql, error))
		return false;
	m->out->n_recorded--;
	m->out->n_failed--;
	return add(m, source, point, error);
}

static bool
conflict(const struct merge *m, const struct source *source, int64_t point,
    const char *there, GError **error)
{
	const char *here = (const char *)sqlite3_column_text(source->points,
	    m->fingerprint);

	g_set_error(error, DB_ERROR, DB_ERROR_CHANGED,
	    "%s: point %" G_GINT64_FORMAT " has fingerprint %s, and %s in %s",
	    source->path, point, here, there, m->origin[point - 1]);
	return false;
}

/* compare: the point that is read with that which is found in out */
static bool
compare(struct merge *m, struct source *source, int64_t point,
    GError **error)
{
	struct res_row there = outcome_of(m->find, 0);
	struct res_row row = outcome_of(source->points, m->outcome);
	g_autofree char *hash = g_strdup(
	    (const char *)sqlite3_column_text(m->find, 1));

	sqlite3_reset(m->find);
	if (!res_has_numbers(&there) && res_has_numbers(&row))
		return replace(m, source, point, error);
	m->merged->n_there++;
	return !res_has_numbers(&row) || g_strcmp0(hash,
	    (const char *)sqlite3_column_text(source->points,
	    m->fingerprint)) == 0 ||
	    conflict(m, source, point, hash, error);
}

static bool
take_point(struct merge *m, struct source *source, GError **error)
{
	int64_t point = sqlite3_column_int64(source->points, POINT_COLUMN);

	if (point < 1 || (size_t)point > m->merged->n_points)
		return true;	/* of somebody's own hand */
	if (!store_has(m->out, (size_t)point - 1))
		return add(m, source, point, error);
	sqlite3_bind_int64(m->find, 1, point);
	return db_next(&m->out->db, m->find, error) &&
	    compare(m, source, point, error);
}

static bool
take_store(struct merge *m, const char *path, GError **error)
{
	struct source source;
	GError *why = NULL;

	if (source_open(&source, path, &why))
		while (why == NULL &&
		    db_next(&source.db, source.points, &why))
			take_point(m, &source, &why);
	source_close(&source);
	if (why == NULL)
		return true;
	g_propagate_error(error, why);
	return false;
}

static bool
take_all(struct merge *m, const char *const *stores, GError **error)
{
	bool ok = db_run(&m->out->db, "BEGIN IMMEDIATE", error);

	for (; ok && *stores != NULL; stores++)
		ok = take_store(m, *stores, error);
	sqlite3_reset(m->find);
	if (ok && db_run(&m->out->db, "COMMIT", error))
		return true;
	db_run(&m->out->db, "ROLLBACK", NULL);
	return false;
}

/* merge_into: => out is open, and all stores fit */
static bool
merge_into(struct store *out, const char *path, const char *const *stores,
    struct store_merged *merged, GError **error)
{
	size_t n = out->about.n_points;
	int first = FIRST_AXIS_COLUMN + (int)out->about.columns->len;
	struct merge m = { out, NULL, g_new(const char *, n), first,
		first + 2, merged };
	bool ok;

	*merged = (struct store_merged){ .n_points = n };
	for (size_t i = 0; i < n; i++)
		m.origin[i] = path;
	m.find = db_prepare(&out->db, "SELECT outcome, fingerprint FROM point "
	    "WHERE point = ?", error);
	ok = m.find != NULL && take_all(&m, stores, error);
	sqlite3_finalize(m.find);
	g_free(m.origin);
	merged->n_recorded = store_n_recorded(out);
	merged->n_failed = store_n_failed(out);
	return ok;
}

/* remove_store: a file that we made, and what SQLite put beside it */
static void
remove_store(const char *path)
{
	static const char *const endings[] = { "", "-wal", "-shm",
		"-journal" };

	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
		g_autofree char *name = g_strconcat(path, endings[i], NULL);

		unlink(name);
	}
}

static bool
open_and_merge(const char *path, struct store_about *about,
    const char *const *stores, struct store_merged *merged, GError **error)
{
	struct store *out = store_open_as(path, about, error);
	bool ok;

	if (out == NULL)
		return false;
	ok = merge_into(out, path, stores, merged, error);
	return store_close(out, ok ? error : NULL) && ok;
}

/* merge_as: => about describes all of them */
static bool
merge_as(const char *path, struct store_about *about,
    const char *const *stores, struct store_merged *merged, GError **error)
{
	bool is_new = !g_file_test(path, G_FILE_TEST_EXISTS);
	GError *why = NULL;

	if (!check_all(path, stores, about, error))
		return false;
	if (open_and_merge(path, about, stores, merged, &why))
		return true;
	/* if somebody else is writing it, it is not ours */
	if (is_new && !g_error_matches(why, DB_ERROR, DB_ERROR_BUSY))
		remove_store(path);
	g_propagate_error(error, why);
	return false;
}

bool
store_merge(const char *out, const char *command, const char *const *stores,
    struct store_merged *merged, GError **error)
{
	struct store_about about;
	bool ok = read_about(stores[0], &about, error);

	if (ok) {
		g_free(about.command);
		about.command = g_strdup(command);
		ok = merge_as(out, &about, stores, merged, error);
	}
	if (about.keys != NULL)
		about_clear(&about);
	return ok;
}
