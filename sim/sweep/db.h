/*
 * SQLite with GError: the few calls that a store is made of.
 *
 * Stands for: one database file, and statements on it.
 * Errors: DB_ERROR with the file's path and SQLite's words.  After an error the
 *	database stays as the last transaction left it.
 * Owns: a db its connection; a statement is finished by sqlite3_finalize().
 */
#ifndef SIM_SWEEP_DB_H
#define SIM_SWEEP_DB_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

#define DB_ERROR db_error_quark()
GQuark db_error_quark(void);

enum db_error {
	DB_ERROR_IO,		/* the file, the disk, SQLite */
	DB_ERROR_BUSY,		/* another process writes it */
	DB_ERROR_INPUT,		/* the file is no store of ours */
	DB_ERROR_CHANGED	/* it belongs to another scenario or program */
};

struct db {
	sqlite3 *handle;
	const char *path;	/* borrowed, for messages */
};

/* db_open: flags of sqlite3_open_v2(); false and error otherwise */
bool db_open(struct db *db, const char *path, int flags, GError **error);
void db_close(struct db *db);

/* db_run: statements without results, in one string */
bool db_run(struct db *db, const char *sql, GError **error);

/* db_run_whole: the same in one transaction: all of them, or nothing */
bool db_run_whole(struct db *db, const char *sql, GError **error);

/* db_prepare: NULL and error otherwise */
sqlite3_stmt *db_prepare(struct db *db, const char *sql, GError **error);

/* db_step: one that has no rows, which is reset afterwards */
bool db_step(struct db *db, sqlite3_stmt *statement, GError **error);

/* db_next: the next row; false at the end, or with error set */
bool db_next(struct db *db, sqlite3_stmt *statement, GError **error);

/* db_fail: false and error, with SQLite's last message */
bool db_fail(const struct db *db, GError **error);

#endif
