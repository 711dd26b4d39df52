#include "sim/sweep/db.h"

G_DEFINE_QUARK(loansim-db-error, db_error)

enum { BUSY_MS = 10000 };	/* a reader's look, or a backup */

bool
db_fail(const struct db *db, GError **error)
{
	int code = sqlite3_errcode(db->handle);

	g_set_error(error, DB_ERROR, code == SQLITE_NOTADB ?
	    DB_ERROR_INPUT : DB_ERROR_IO, "%s: %s", db->path,
	    code == SQLITE_NOTADB ? "is no store of loansim" :
	    sqlite3_errmsg(db->handle));
	return false;
}

bool
db_open(struct db *db, const char *path, int flags, GError **error)
{
	/* ":memory:" and the like are files here; of "" SQLite makes no file */
	g_autofree char *name = g_strconcat(*path == ':' ? "./" : "", path,
	    NULL);

	db->path = path;
	if (*path == '\0') {
		g_set_error(error, DB_ERROR, DB_ERROR_INPUT,
		    "a store needs a name");
		return false;
	}
	if (sqlite3_open_v2(name, &db->handle, flags, NULL) == SQLITE_OK) {
		sqlite3_busy_timeout(db->handle, BUSY_MS);
		return true;
	}
	db_fail(db, error);
	db_close(db);
	return false;
}

void
db_close(struct db *db)
{
	int status = sqlite3_close(db->handle);

	g_assert(status == SQLITE_OK);	/* all statements are finalized */
	db->handle = NULL;
}

bool
db_run(struct db *db, const char *sql, GError **error)
{
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
	    db_fail(db, error);
}

bool
db_run_whole(struct db *db, const char *sql, GError **error)
{
	if (!db_run(db, "BEGIN", error))
		return false;
	if (db_run(db, sql, error) && db_run(db, "COMMIT", error))
		return true;
	db_run(db, "ROLLBACK", NULL);
	return false;
}

sqlite3_stmt *
db_prepare(struct db *db, const char *sql, GError **error)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL) !=
	    SQLITE_OK)
		db_fail(db, error);
	return statement;
}

bool
db_step(struct db *db, sqlite3_stmt *statement, GError **error)
{
	bool ok = sqlite3_step(statement) == SQLITE_DONE ||
	    db_fail(db, error);

	sqlite3_reset(statement);
	return ok;
}

bool
db_next(struct db *db, sqlite3_stmt *statement, GError **error)
{
	switch (sqlite3_step(statement)) {
	case SQLITE_ROW:
		return true;
	case SQLITE_DONE:
		return false;
	default:
		return db_fail(db, error);
	}
}
