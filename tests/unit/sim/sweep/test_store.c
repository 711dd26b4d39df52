/*
 * The store: what goes in comes out again, and only a sweep that fits goes on.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/sweep/store.h"
#include "tests/support/sim/scenario_fixture.h"

#define TEXT								\
	"[process p]\n[variant a]\n[variant b]\nkernel.hz = 50 Hz\n"	\
	"[sweep]\nprocess.p.write_size = 1 KiB, 2 KiB, 4 KiB\n"		\
	"kernel.sock_loan_thresh & peer.turnaround = "			\
	"4 KiB & 0 us, off & 1.5 us\n"

static char *dir, *path;
static struct scn_fixture fix;

static void
setup(void)
{
	g_autofree char *all = NULL;

	dir = g_dir_make_tmp("store-XXXXXX", NULL);
	path = g_build_filename(dir, "s.db", NULL);
	fix = fix_load(TEXT, NULL);
	all = fix_all(&fix);
	ck_assert_msg(fix.scn != NULL, "%s", all);
}

static void
teardown(void)
{
	g_autofree char *lock = g_strconcat(path, ".lock", NULL);

	ck_assert(!g_file_test(lock, G_FILE_TEST_EXISTS));
	fix_fini(&fix);
	g_remove(path);
	ck_assert_int_eq(g_rmdir(dir), 0);	/* nothing else was left */
	g_free(path);
	g_free(dir);
}

/* open_it: => must succeed */
static struct store *
open_it(const struct scenario *scn, bool must_fit)
{
	GError *error = NULL;
	struct store *store = store_open(path, scn, "loansim sweep x",
	    must_fit, &error);

	ck_assert_msg(store != NULL, "%s", error ? error->message : "");
	return store;
}

static void
close_it(struct store *store)
{
	GError *error = NULL;

	ck_assert_msg(store_close(store, &error), "%s",
	    error ? error->message : "");
}

/* row_of: numbers that differ in every column, from column to column */
static struct res_row
row_of(size_t index)
{
	struct res_row row = { .outcome = RES_DONE };

	for (int i = 0; i < RES_N_COLUMNS; i++)
		row.value[i] = (int64_t)index * 1000003 + i * 17 + 1;
	for (int i = 0; i < RES_N_DETAILS; i++)
		row.detail[i] = (int64_t)index * 1000000007 + i;
	row.cause[CAUSE_COPYIN] = (struct res_cause){ 1, 2, 3, 4, 5,
		(int64_t)index + 6 };
	/* the largest that a run can have: 4000 s in picoseconds */
	row.detail[RES_D_ELAPSED] = INT64_C(4000000000000000);
	return row;
}

static void
record(struct store *store, const struct scenario *scn, size_t index,
    const struct res_row *row)
{
	GError *error = NULL;

	ck_assert_msg(store_record(store, scn, index, row, &error), "%s",
	    error ? error->message : "");
}

START_TEST(what_it_is_of)
{
	struct store *store = open_it(fix.scn, true);
	const struct store_about *about = store_about(store);

	ck_assert_str_eq(about->scenario, "t");
	ck_assert_str_eq(about->command, "loansim sweep x");
	ck_assert_uint_eq(about->n_points, 3 * 2 * 2);
	ck_assert_uint_eq(about->columns->len, 3);
	ck_assert_str_eq(about->columns->pdata[0], "process.p.write_size_B");
	ck_assert_str_eq(about->columns->pdata[1], "kernel.sock_loan_thresh_B");
	ck_assert_str_eq(about->columns->pdata[2], "peer.turnaround_us");
	ck_assert_str_eq(about->keys->pdata[2], "peer.turnaround");
	ck_assert_uint_eq(store_n_recorded(store), 0);
	ck_assert(!store_has(store, 0));
	close_it(store);
	/* and the same from the file; the last two keys move together */
	store = open_it(fix.scn, true);
	about = store_about(store);
	ck_assert_str_eq(about->columns->pdata[2], "peer.turnaround_us");
	ck_assert_uint_eq(g_array_index(about->axes, size_t, 0), 0);
	ck_assert_uint_eq(g_array_index(about->axes, size_t, 1), 1);
	ck_assert_uint_eq(g_array_index(about->axes, size_t, 2), 1);
	close_it(store);
}
END_TEST

/* every number that was recorded is read, by who writes and by others */
START_TEST(round_trip)
{
	/* 4 KiB, off and 1.5 us, variant b */
	const size_t index = 11;
	struct res_row row = row_of(index);
	struct store *store = open_it(fix.scn, true);
	struct store_cursor *cursor;
	struct store_point point;
	GError *error = NULL;
	char hash[REP_HASH_BYTES];

	row.outcome = RES_DRAIN_TIMEOUT;
	g_strlcpy(row.reason, "what \"it\"\nsaid", sizeof row.reason);
	record(store, fix.scn, index, &row);
	ck_assert(store_has(store, index));
	close_it(store);

	store = store_view(path, &error);
	ck_assert_ptr_nonnull(store);
	ck_assert_uint_eq(store_n_recorded(store), 1);
	ck_assert_uint_eq(store_n_failed(store), 0);
	cursor = store_read(store, &error);
	ck_assert(store_next(cursor, &point, &error));
	ck_assert_uint_eq(point.index, index);
	ck_assert_str_eq(point.row.variant, "b");
	ck_assert_int_eq(point.replication, 0);
	ck_assert_int_eq(point.seed, 1);
	ck_assert_str_eq(point.values[0], "4096");
	ck_assert_str_eq(point.values[1], "off");
	ck_assert_str_eq(point.values[2], "1.5");
	ck_assert_int_eq(point.row.outcome, RES_DRAIN_TIMEOUT);
	ck_assert_str_eq(point.row.reason, row.reason);
	ck_assert_mem_eq(point.row.value, row.value, sizeof row.value);
	ck_assert_mem_eq(point.row.detail, row.detail, sizeof row.detail);
	ck_assert_mem_eq(point.row.cause, row.cause, sizeof row.cause);
	rep_row_fingerprint(hash, &row);
	ck_assert_str_eq(point.fingerprint, hash);
	rep_group_hash(hash, &row, REP_LOANS);
	ck_assert_str_eq(point.groups[REP_LOANS], hash);
	ck_assert(!store_next(cursor, &point, &error));
	ck_assert_ptr_null(error);
	store_cursor_free(cursor);
	close_it(store);
}
END_TEST

/* the full scenario of a point is that of its dump */
START_TEST(effective)
{
	struct store *store = open_it(fix.scn, true);
	struct res_row row = row_of(0);

	for (size_t i = 0; i < 12; i++) {
		struct scn_point *pt = scn_sweep_point(fix.scn, i);
		g_autoptr(GString) dump = scn_dump(pt);
		g_autofree char *text = NULL;

		record(store, fix.scn, i, &row);
		text = store_effective(store, i, NULL);
		ck_assert_str_eq(text, dump->str);
		scn_sweep_point_free(pt);
	}
	ck_assert_ptr_null(store_effective(store, 12, NULL));
	close_it(store);
}
END_TEST

/* what has failed has no numbers, and can be made missing again */
START_TEST(failures)
{
	struct store *store = open_it(fix.scn, true);
	struct res_row good = row_of(0), bad = { .outcome = RES_TIMED_OUT };
	struct store_cursor *cursor;
	struct store_point point;

	record(store, fix.scn, 3, &good);
	record(store, fix.scn, 4, &bad);
	bad.outcome = RES_AUDIT_FAILED;
	record(store, fix.scn, 5, &bad);
	ck_assert_uint_eq(store_n_recorded(store), 3);
	ck_assert_uint_eq(store_n_failed(store), 2);
	close_it(store);

	store = open_it(fix.scn, true);
	ck_assert_uint_eq(store_n_failed(store), 2);
	ck_assert(store_forget_failed(store, NULL));
	ck_assert_uint_eq(store_n_recorded(store), 1);
	ck_assert(!store_has(store, 4) && !store_has(store, 5));
	record(store, fix.scn, 4, &good);
	cursor = store_read(store, NULL);
	ck_assert(store_next(cursor, &point, NULL) && point.index == 3);
	ck_assert(store_next(cursor, &point, NULL) && point.index == 4);
	ck_assert_int_eq(point.row.outcome, RES_DONE);
	ck_assert(!store_next(cursor, &point, NULL));
	store_cursor_free(cursor);
	close_it(store);
}
END_TEST

/* refused: with the difference, and without a change to the store */
static void
refused(const char *text, const char *expected)
{
	struct scn_fixture other = fix_load(text, NULL);
	GError *error = NULL;

	ck_assert_ptr_nonnull(other.scn);
	ck_assert_ptr_null(store_open(path, other.scn, "x", true, &error));
	ck_assert(g_error_matches(error, DB_ERROR, DB_ERROR_CHANGED));
	ck_assert_msg(strstr(error->message, expected) != NULL, "%s",
	    error->message);
	g_clear_error(&error);
	fix_fini(&other);
}

START_TEST(changed_scenario)
{
	struct res_row row = row_of(1);
	struct store *store = open_it(fix.scn, true);

	record(store, fix.scn, 1, &row);
	close_it(store);
	refused("[scenario]\nduration = 3 s\n" TEXT,
	    "it had \"duration = 10 s\", now \"duration = 3 s\"");
	refused("[process p]\n[sweep]\nprocess.p.write_size = 1 KiB\n",
	    "is of another scenario");
	store = open_it(fix.scn, true);
	ck_assert(store_has(store, 1));
	close_it(store);
}
END_TEST

/* taken over by force: what is the same is kept, under its new number */
START_TEST(adoption)
{
	/* 2 KiB is now the first value: index 0 was index 4 */
	struct scn_fixture other = fix_load("[process p]\n[variant a]\n"
	    "[variant b]\nkernel.hz = 50 Hz\n[sweep]\n"
	    "process.p.write_size = 2 KiB, 8 KiB\n"
	    "kernel.sock_loan_thresh & peer.turnaround = 4 KiB & 0 us\n",
	    NULL);
	struct res_row row = row_of(4), not_kept = row_of(6);
	struct store *store = open_it(fix.scn, true);
	struct store_cursor *cursor;
	struct store_point point;

	record(store, fix.scn, 4, &row);
	record(store, fix.scn, 6, &not_kept);	/* thresh = off */
	close_it(store);
	ck_assert_ptr_nonnull(other.scn);
	store = open_it(other.scn, false);
	ck_assert_uint_eq(store_about(store)->n_points, 4);
	ck_assert_uint_eq(store_n_recorded(store), 1);
	cursor = store_read(store, NULL);
	ck_assert(store_next(cursor, &point, NULL));
	ck_assert_uint_eq(point.index, 0);
	ck_assert_str_eq(point.values[0], "2048");
	ck_assert_mem_eq(point.row.value, row.value, sizeof row.value);
	ck_assert_mem_eq(point.row.cause, row.cause, sizeof row.cause);
	store_cursor_free(cursor);
	close_it(store);
	fix_fini(&other);
}
END_TEST

/* another program's results are not kept */
START_TEST(another_program)
{
	struct res_row row = row_of(0);
	struct store *store = open_it(fix.scn, true);
	GError *error = NULL;
	struct db db;

	record(store, fix.scn, 0, &row);
	close_it(store);
	ck_assert(db_open(&db, path, SQLITE_OPEN_READWRITE, NULL));
	ck_assert(db_run(&db, "UPDATE about SET value = '0.0.7' "
	    "WHERE name = 'version'", NULL));
	db_close(&db);
	ck_assert_ptr_null(store_open(path, fix.scn, "x", true, &error));
	ck_assert(g_error_matches(error, DB_ERROR, DB_ERROR_CHANGED));
	ck_assert_ptr_nonnull(strstr(error->message, "loansim 0.0.7"));
	g_clear_error(&error);
	store = open_it(fix.scn, false);
	ck_assert_uint_eq(store_n_recorded(store), 0);
	close_it(store);
}
END_TEST

/* what is no store stays as it is, byte for byte */
static void
assert_kept(const char *bytes, size_t n)
{
	GError *error = NULL;
	g_autofree char *after = NULL;
	size_t length;

	ck_assert(g_file_set_contents(path, bytes, (gssize)n, NULL));
	ck_assert_ptr_null(store_open(path, fix.scn, "x", false, &error));
	ck_assert(g_error_matches(error, DB_ERROR, DB_ERROR_INPUT));
	ck_assert_ptr_nonnull(strstr(error->message, "is no store"));
	g_clear_error(&error);
	ck_assert_ptr_null(store_view(path, &error));
	ck_assert(g_error_matches(error, DB_ERROR, DB_ERROR_INPUT));
	g_clear_error(&error);
	ck_assert(g_file_get_contents(path, &after, &length, NULL));
	ck_assert_uint_eq(length, n);
	ck_assert_mem_eq(after, bytes, n);
}

START_TEST(foreign_files)
{
	g_autofree char *bytes = NULL;
	size_t n;
	struct db db;

	assert_kept("[scenario]\nnot a store at all, but long enough\n", 48);
	g_remove(path);
	ck_assert(db_open(&db, path, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE, NULL));
	ck_assert(db_run(&db, "CREATE TABLE mine (x)", NULL));
	db_close(&db);
	ck_assert(g_file_get_contents(path, &bytes, &n, NULL));
	assert_kept(bytes, n);
}
END_TEST

/* a store of somebody's own hand is refused before anybody counts on it */
static const char *const altered[] = {
	"UPDATE axis SET axis = 17",
	"UPDATE axis SET axis = 0",
	"UPDATE axis SET axis = -9223372036854775808",
	"UPDATE axis SET key = NULL",
	"UPDATE axis SET \"column\" = NULL",
	"UPDATE about SET value = '0' WHERE name = 'points'",
	"DELETE FROM about WHERE name = 'plan'",
};

START_TEST(altered_by_hand)
{
	struct db db;
	GError *error = NULL;

	close_it(open_it(fix.scn, true));
	ck_assert(db_open(&db, path, SQLITE_OPEN_READWRITE, NULL));
	ck_assert(db_run(&db, altered[_i], NULL));
	db_close(&db);
	ck_assert_ptr_null(store_view(path, &error));
	ck_assert(g_error_matches(error, DB_ERROR, DB_ERROR_INPUT));
	g_clear_error(&error);
}
END_TEST

START_TEST(missing_files)
{
	GError *error = NULL;

	ck_assert_ptr_null(store_view(path, &error));
	ck_assert(g_error_matches(error, DB_ERROR, DB_ERROR_IO));
	ck_assert(g_str_has_prefix(error->message, path));
	g_clear_error(&error);
	ck_assert_ptr_null(store_open("/nowhere/s.db", fix.scn, "x", true,
	    &error));
	ck_assert(g_error_matches(error, DB_ERROR, DB_ERROR_IO));
	g_clear_error(&error);
}
END_TEST

/* a second writer is refused while the first one lives; readers are not */
START_TEST(one_writer)
{
	struct store *store = open_it(fix.scn, true), *reader;
	struct res_row row = row_of(0);
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		GError *error = NULL;
		g_autofree char *who = g_strdup_printf("process %d is writing",
		    (int)getppid());
		bool refused = store_open(path, fix.scn, "x", true, &error) ==
		    NULL && g_error_matches(error, DB_ERROR, DB_ERROR_BUSY) &&
		    strstr(error->message, who) != NULL;

		_exit(refused ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	record(store, fix.scn, 0, &row);
	reader = store_view(path, NULL);
	ck_assert_ptr_nonnull(reader);
	ck_assert_uint_eq(store_n_recorded(reader), 1);
	close_it(reader);
	close_it(store);
	close_it(open_it(fix.scn, true));
}
END_TEST

/* the same store by another name is the same store */
START_TEST(one_writer_by_any_name)
{
	g_autofree char *link = g_build_filename(dir, "link.db", NULL);
	struct store *store;
	GError *error = NULL;
	int status;
	pid_t pid;

	/* it dangles until the store is made through it */
	ck_assert_int_eq(symlink("s.db", link), 0);
	store = store_open(link, fix.scn, "x", true, &error);
	ck_assert_ptr_nonnull(store);
	pid = fork();
	if (pid == 0)
		_exit(store_open(path, fix.scn, "x", true, &error) == NULL &&
		    g_error_matches(error, DB_ERROR, DB_ERROR_BUSY) ? 0 : 1);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	close_it(store);
	g_remove(link);
}
END_TEST

/* a row that cannot be written leaves nothing behind */
START_TEST(all_or_nothing)
{
	struct store *store = open_it(fix.scn, true);
	struct res_row row = row_of(2);
	GError *error = NULL;
	struct db db;

	record(store, fix.scn, 2, &row);
	ck_assert(db_open(&db, path, SQLITE_OPEN_READWRITE, NULL));
	ck_assert(db_run(&db, "INSERT INTO point_part VALUES (8, 3, 'x')",
	    NULL));
	db_close(&db);
	ck_assert(!store_record(store, fix.scn, 7, &row, &error));
	ck_assert(g_error_matches(error, DB_ERROR, DB_ERROR_IO));
	g_clear_error(&error);
	ck_assert(!store_has(store, 7));
	close_it(store);
	store = store_view(path, NULL);
	ck_assert_uint_eq(store_n_recorded(store), 1);
	close_it(store);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("store");
	TCase *tc = tcase_create("store");
	SRunner *runner;
	int failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, what_it_is_of);
	tcase_add_test(tc, round_trip);
	tcase_add_test(tc, effective);
	tcase_add_test(tc, failures);
	tcase_add_test(tc, changed_scenario);
	tcase_add_test(tc, adoption);
	tcase_add_test(tc, another_program);
	tcase_add_test(tc, foreign_files);
	tcase_add_loop_test(tc, altered_by_hand, 0, G_N_ELEMENTS(altered));
	tcase_add_test(tc, missing_files);
	tcase_add_test(tc, one_writer);
	tcase_add_test(tc, one_writer_by_any_name);
	tcase_add_test(tc, all_or_nothing);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
