/*
 * SQLite's transactions: all of one, or nothing, and nothing left open.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sweep/db.h"

static char *dir, *path;
static struct db db;

static void
setup(void)
{
	dir = g_dir_make_tmp("db-XXXXXX", NULL);
	path = g_build_filename(dir, "a.db", NULL);
	ck_assert(db_open(&db, path, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE, NULL));
	ck_assert(db_run(&db, "CREATE TABLE a (n INTEGER PRIMARY KEY)", NULL));
}

static void
teardown(void)
{
	db_close(&db);
	g_remove(path);
	ck_assert_int_eq(g_rmdir(dir), 0);	/* no journal was left */
	g_free(path);
	g_free(dir);
}

static int64_t
count(void)
{
	sqlite3_stmt *statement = db_prepare(&db, "SELECT count(*) FROM a",
	    NULL);
	int64_t n;

	ck_assert(db_next(&db, statement, NULL));
	n = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return n;
}

START_TEST(whole)
{
	ck_assert(db_run_whole(&db, "INSERT INTO a VALUES (1); "
	    "INSERT INTO a VALUES (2)", NULL));
	ck_assert_int_eq(count(), 2);
	ck_assert(sqlite3_get_autocommit(db.handle));
}
END_TEST

/* the first statement was carried out, and is taken back */
START_TEST(nothing)
{
	GError *error = NULL;

	ck_assert(!db_run_whole(&db, "INSERT INTO a VALUES (1); "
	    "INSERT INTO a VALUES (1)", &error));
	ck_assert(g_error_matches(error, DB_ERROR, DB_ERROR_IO));
	ck_assert_ptr_nonnull(strstr(error->message, "UNIQUE"));
	g_clear_error(&error);
	ck_assert_int_eq(count(), 0);
	ck_assert(sqlite3_get_autocommit(db.handle));
	/* and the next one is not inside of it */
	ck_assert(db_run_whole(&db, "INSERT INTO a VALUES (1)", NULL));
	ck_assert_int_eq(count(), 1);
}
END_TEST

/* who is within a transaction is told, and stays in it */
START_TEST(within_another)
{
	ck_assert(db_run(&db, "BEGIN; INSERT INTO a VALUES (1)", NULL));
	ck_assert(!db_run_whole(&db, "INSERT INTO a VALUES (2)", NULL));
	ck_assert(!sqlite3_get_autocommit(db.handle));
	ck_assert(db_run(&db, "COMMIT", NULL));
	ck_assert_int_eq(count(), 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("db");
	TCase *tc = tcase_create("db");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, whole);
	tcase_add_test(tc, nothing);
	tcase_add_test(tc, within_another);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
