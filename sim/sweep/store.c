/*
 * Opening and closing a store; which points are in it.
 */
#include <stdio.h>
#include <string.h>

#include "sim/run/program.h"
#include "sim/sweep/store_own.h"

const struct store_about *
store_about(const struct store *store)
{
	return &store->about;
}

bool
store_has(const struct store *store, size_t index)
{
	return store->state->data[index] != POINT_MISSING;
}

size_t
store_n_recorded(const struct store *store)
{
	return store->n_recorded;
}

size_t
store_n_failed(const struct store *store)
{
	return store->n_failed;
}

void
store_note(struct store *store, size_t index, bool has_failed)
{
	store->state->data[index] = has_failed ? POINT_FAILED :
	    POINT_RECORDED;
	store->n_recorded++;
	store->n_failed += has_failed ? 1 : 0;
}

/* is_failure: by the name of an outcome */
static bool
is_failure(const char *name)
{
	struct res_row row = { .outcome = name == NULL ? RES_N_OUTCOMES :
	    res_find_outcome(name) };

	return !res_is_result(&row);
}

/* take_stock: which points are recorded */
static bool
take_stock(struct store *store, GError **error)
{
	sqlite3_stmt *statement = db_prepare(&store->db,
	    "SELECT point, outcome FROM point", error);
	GError *why = NULL;

	if (statement == NULL)
		return false;
	store->n_recorded = store->n_failed = 0;
	g_byte_array_set_size(store->state, (guint)store->about.n_points);
	memset(store->state->data, POINT_MISSING, store->about.n_points);
	while (db_next(&store->db, statement, &why)) {
		int64_t point = sqlite3_column_int64(statement, 0);

		if (point >= 1 && (size_t)point <= store->about.n_points)
			store_note(store, (size_t)point - 1,
			    is_failure((const char *)sqlite3_column_text(
			    statement, 1)));
	}
	sqlite3_finalize(statement);
	if (why == NULL)
		return true;
	g_propagate_error(error, why);
	return false;
}

static struct store *
store_new(const char *path)
{
	struct store *store = g_new0(struct store, 1);

	store->path = g_strdup(path);
	store->state = g_byte_array_new();
	return store;
}

static void
store_free(struct store *store)
{
	record_finalize(store);
	if (store->db.handle != NULL)
		db_close(&store->db);
	if (store->lock != NULL)
		store_lock_release(store->lock);
	if (store->about.keys != NULL)
		about_clear(&store->about);
	g_byte_array_unref(store->state);
	g_free(store->path);
	g_free(store);
}

/* make_new: an empty file becomes a store */
static bool
make_new(struct store *store, struct store_about *about, GError **error)
{
	store->about = *about;
	about->keys = NULL;
	return db_run(&store->db, "BEGIN", error) &&
	    schema_create(&store->db, &store->about, error) &&
	    db_run(&store->db, "COMMIT", error);
}

/* first_difference: the line of b that a has not got there; g_free it */
static char *
first_difference(const char *a, const char *b, const char *name_of_b)
{
	g_auto(GStrv) old = g_strsplit(a, "\n", -1);
	g_auto(GStrv) new = g_strsplit(b, "\n", -1);
	size_t i = 0;

	while (old[i] != NULL && new[i] != NULL && strcmp(old[i], new[i]) == 0)
		i++;
	return g_strdup_printf("\"%s\", %s \"%s\"",
	    old[i] != NULL ? old[i] : "", name_of_b,
	    new[i] != NULL ? new[i] : "");
}

static bool
is_same_program(const struct store_about *a, const struct store_about *b)
{
	return strcmp(a->version, b->version) == 0 &&
	    strcmp(a->revision, b->revision) == 0;
}

char *
about_difference(const struct store_about *is,
    const struct store_about *wanted, const char *other)
{
	g_autofree char *line = NULL;

	if (!is_same_program(is, wanted))
		return g_strdup_printf("was written by loansim %s (%s), %s "
		    "%s (%s)", is->version, is->revision,
		    other != NULL ? other : "this is", wanted->version,
		    wanted->revision);
	if (strcmp(is->plan, wanted->plan) == 0)
		return NULL;
	line = first_difference(is->plan, wanted->plan,
	    other != NULL ? other : "now");
	return g_strdup_printf("is of another scenario: it had %s", line);
}

/* check_fit: is it of this sweep and this program? */
static bool
check_fit(const struct store *store, const struct store_about *wanted,
    GError **error)
{
	g_autofree char *what = about_difference(&store->about, wanted,
	    NULL);

	if (what == NULL)
		return true;
	g_set_error(error, DB_ERROR, DB_ERROR_CHANGED, "%s: %s; --force "
	    "takes it over and keeps what is still the same", store->path,
	    what);
	return false;
}

/* open_old: there is a store already */
static bool
open_old(struct store *store, const struct scenario *scn,
    struct store_about *about, bool must_fit, GError **error)
{
	if (!schema_read(&store->db, &store->about, error))
		return false;
	if (must_fit)
		return check_fit(store, about, error);
	return check_fit(store, about, NULL) ||
	    adopt(store, scn, about, error);
}

static bool
open_for_writing(struct store *store, const struct scenario *scn,
    struct store_about *about, bool must_fit, GError **error)
{
	bool is_empty;

	if (!db_open(&store->db, store->path, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE, error))
		return false;
	/* before SQLite has a lock of its own, which this would undo */
	store->lock = store_lock_take(store->path, error);
	if (store->lock == NULL ||
	    !schema_is_empty(&store->db, &is_empty, error))
		return false;
	/* what is not ours stays as it is: no mode is set before */
	if (!is_empty && !schema_read(&store->db, &store->about, error))
		return false;
	if (!is_empty)
		about_clear(&store->about);
	if (!db_run(&store->db, "PRAGMA journal_mode = WAL; "
	    "PRAGMA synchronous = NORMAL", error))
		return false;
	return (is_empty ? make_new(store, about, error) :
	    open_old(store, scn, about, must_fit, error)) &&
	    record_prepare(store, error) && take_stock(store, error);
}

/* open_as: about is taken over if the store is a new one */
static struct store *
open_as(const char *path, const struct scenario *scn,
    struct store_about *about, bool must_fit, GError **error)
{
	struct store *store = store_new(path);

	if (open_for_writing(store, scn, about, must_fit, error))
		return store;
	store_free(store);
	return NULL;
}

struct store *
store_open(const char *path, const struct scenario *scn, const char *command,
    bool must_fit, GError **error)
{
	struct store_about about = about_of(scn, command);
	struct store *store = open_as(path, scn, &about, must_fit, error);

	if (about.keys != NULL)
		about_clear(&about);
	return store;
}

struct store *
store_open_as(const char *path, struct store_about *about, GError **error)
{
	return open_as(path, NULL, about, true, error);
}

bool
store_may_be(const char *path)
{
	static const char magic[] = "SQLite format 3";
	char head[sizeof magic] = { 0 };
	FILE *file;
	bool is;

	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
		return false;
	file = fopen(path, "rb");
	if (file == NULL)
		return false;
	is = fread(head, 1, sizeof head, file) == sizeof head &&
	    memcmp(head, magic, sizeof magic) == 0;
	fclose(file);
	return is;
}

struct store *
store_view(const char *path, GError **error)
{
	struct store *store = store_new(path);

	if (db_open(&store->db, store->path, SQLITE_OPEN_READONLY, error) &&
	    schema_read(&store->db, &store->about, error) &&
	    take_stock(store, error))
		return store;
	store_free(store);
	return NULL;
}

bool
store_forget_failed(struct store *store, GError **error)
{
	GString *failed = g_string_new("(0");
	char *sql;
	bool ok;

	for (size_t i = 0; i < store->about.n_points; i++)
		if (store->state->data[i] == POINT_FAILED)
			g_string_append_printf(failed, ", %zu", i + 1);
	g_string_append_c(failed, ')');
	sql = g_strdup_printf("DELETE FROM point WHERE point IN %s; "
	    "DELETE FROM cost WHERE point IN %s; "
	    "DELETE FROM point_part WHERE point IN %s",
	    failed->str, failed->str, failed->str);
	ok = db_run_whole(&store->db, sql, error) && take_stock(store, error);
	g_free(sql);
	g_string_free(failed, TRUE);
	return ok;
}

bool
store_close(struct store *store, GError **error)
{
	bool ok = true;

	record_finalize(store);
	/* one file again, unless a reader still has it open */
	if (store->lock != NULL)
		ok = db_run(&store->db, "PRAGMA wal_checkpoint(TRUNCATE)",
		    error) && (db_run(&store->db,
		    "PRAGMA journal_mode = DELETE", NULL) || true);
	store_free(store);
	return ok;
}
