/*
 * How a run has ended, in words: a world that has come to a clean end, changed
 * by hand, and the whole text of what is said of it.
 */
#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/remarks.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

static struct crank crank;
static struct res_row row;

/* Three processes, and a far host. */
static void
setup(void)
{
	struct world_config config = machine_config();

	config.far_is_host = true;
	config.far = config.host;
	crank_init(&crank, &config, 3);
	crank_run_out(&crank);
}

static void
teardown(void)
{
	crank.world.outcome = WORLD_DONE;
	crank_fini(&crank);
}

static struct proc *
proc_at(int i)
{
	return crank.procs[i].p;
}

static const char *
said(void)
{
	/* of another run */
	memset(row.reason, 'x', sizeof row.reason - 1);
	row.outcome = RES_CRASHED;
	remarks(&crank.world, &row);
	return row.reason;
}

/*
 * Outcomes
 */
START_TEST(nothing_to_say)
{
	ck_assert_str_eq(said(), "");
	ck_assert_int_eq(row.outcome, RES_DONE);
}
END_TEST

START_TEST(deadlock)
{
	struct world *world = &crank.world;

	world->outcome = WORLD_DEADLOCK;
	world->deadlock_at = 4711;
	world->n_waiters = 2;
	g_strlcpy(world->waiters[0], "ttcp", PROC_NAME_BYTES);
	g_strlcpy(world->waiters[1], "httpd", PROC_NAME_BYTES);
	ck_assert_str_eq(said(), "deadlock at 4711 ps: nothing is left to "
	    "happen, and these wait: ttcp httpd");
	ck_assert_int_eq(row.outcome, RES_DEADLOCK);
}
END_TEST

START_TEST(drain_timeout)
{
	crank.world.outcome = WORLD_DRAIN_TIMEOUT;
	ck_assert_str_eq(said(), "processes or sockets had not come to their "
	    "end within scenario.drain after the duration; what was left to "
	    "send was dropped");
	ck_assert_int_eq(row.outcome, RES_DRAIN_TIMEOUT);
}
END_TEST

/* A world that does not balance has failed, however it came to its end. */
START_TEST(audit)
{
	struct world *world = &crank.world;
	g_autofree char *expected = g_strdup_printf("processes or sockets had "
	    "not come to their end within scenario.drain after the duration; "
	    "what was left to send was dropped\n2 of the audit's lines do not "
	    "balance at %" G_GINT64_FORMAT " ps:\n"
	    "content fetched = content written: expected 0, found 1\n"
	    "content fetched = content written: expected 0, found 2",
	    (gint64)world->cal.now);

	world->outcome = WORLD_DRAIN_TIMEOUT;
	world->host.identity.n_wrong = 1;
	world->far.identity.n_wrong = 2;
	ck_assert_str_eq(said(), expected);
	ck_assert_int_eq(row.outcome, RES_AUDIT_FAILED);
	world->host.identity.n_wrong = world->far.identity.n_wrong = 0;
}
END_TEST

/*
 * Programs that gave up
 */
START_TEST(gave_up_or_ended)
{
	proc_at(0)->exit_status = SYS_EPIPE;
	proc_at(2)->exit_status = SYS_SIGBUS;
	proc_at(2)->is_killed = true;
	ck_assert_str_eq(said(), "process p0 gave up: EPIPE\n"
	    "process p2 was ended by SIGBUS");
	/* it has come to its end, and the row counts */
	ck_assert_int_eq(row.outcome, RES_DONE);
}
END_TEST

/* One line for those of a group that end alike, one behind the other. */
START_TEST(alike)
{
	for (int i = 0; i < 3; i++) {
		g_strlcpy(proc_at(i)->name, "ttcp", PROC_NAME_BYTES);
		proc_at(i)->exit_status = SYS_ENOMEM;
	}
	ck_assert_str_eq(said(), "process ttcp gave up: ENOMEM, 3 times");
	proc_at(2)->exit_status = SYS_EMFILE;
	ck_assert_str_eq(said(), "process ttcp gave up: ENOMEM, 2 times\n"
	    "process ttcp gave up: EMFILE");
	proc_at(2)->exit_status = 0;
	ck_assert_str_eq(said(), "process ttcp gave up: ENOMEM, 2 times");
	proc_at(1)->is_killed = true;
	ck_assert_str_eq(said(), "process ttcp gave up: ENOMEM\n"
	    "process ttcp was ended by ENOMEM");
	g_strlcpy(proc_at(1)->name, "other", PROC_NAME_BYTES);
	proc_at(1)->is_killed = false;
	ck_assert_str_eq(said(), "process ttcp gave up: ENOMEM\n"
	    "process other gave up: ENOMEM");
}
END_TEST

/* Each error that a call may give has its name. */
START_TEST(names)
{
	static const struct {
		enum sys_error error;
		const char *name;
	} cases[] = {
#define CASE(name) { SYS_##name, #name }
		CASE(ENOENT), CASE(EBADF), CASE(ENOMEM), CASE(EFAULT),
		CASE(EINVAL), CASE(ENFILE), CASE(EMFILE), CASE(ENOSPC),
		CASE(ESPIPE), CASE(EPIPE), CASE(EWOULDBLOCK), CASE(ENOTSOCK),
		CASE(EMSGSIZE), CASE(EADDRINUSE), CASE(EADDRNOTAVAIL),
		CASE(ECONNABORTED), CASE(ECONNRESET), CASE(ENOBUFS),
		CASE(ENOTCONN), CASE(ETIMEDOUT), CASE(ECONNREFUSED)
#undef CASE
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *expected = g_strdup_printf(
		    "process p1 gave up: %s", cases[i].name);

		proc_at(1)->exit_status = cases[i].error;
		ck_assert_str_eq(said(), expected);
	}
	proc_at(1)->exit_status = -12345;
	ck_assert_str_eq(said(), "process p1 gave up: an error");
}
END_TEST

/*
 * What no column tells
 */
START_TEST(files)
{
	crank.world.host.n_emfile = 3;
	crank.world.far.n_enfile = 4;
	proc_at(0)->exit_status = SYS_EMFILE;
	ck_assert_str_eq(said(), "process p0 gave up: EMFILE\n"
	    "3 calls found no descriptor (EMFILE, kernel.open_max)\n"
	    "4 calls found no open file (ENFILE, kernel.maxfiles)");
}
END_TEST

static void
list(struct path *path, uint32_t n, uint32_t first)
{
	path->drops.config.n = n;
	for (uint32_t i = 0; i < n; i++)
		path->drops.config.list[i] = (struct path_drop){
		    .kind = PATH_DROP_DATA, .first = first + i,
		    .last = first + i};
}

/* Of a list, those that lost nothing; each way has a list of its own. */
START_TEST(drops)
{
	struct path *there = &crank.world.to_peer_path;
	struct path *back = &crank.world.to_board_path;

	list(there, 3, 20);
	there->drops.n_dropped[1] = 1;
	ck_assert_str_eq(said(),
	    "path.drop has lost nothing by data 20, data 22");
	list(back, 1, 7);
	back->drops.config.list[0].kind = PATH_DROP_ACK;
	ck_assert_str_eq(said(),
	    "path.drop has lost nothing by data 20, data 22\n"
	    "path-back.drop has lost nothing by ack 7");
	there->drops.n_dropped[0] = there->drops.n_dropped[2] = 1;
	back->drops.n_dropped[0] = 1;
	ck_assert_str_eq(said(), "");
	there->drops.config.n = back->drops.config.n = 0;
}
END_TEST

/* 40 entries of 14 characters and a comma: two such lists exceed 1023. */
START_TEST(what_does_not_fit_is_left_out)
{
	struct path *there = &crank.world.to_peer_path;
	struct path *back = &crank.world.to_board_path;
	const char *end;

	list(there, PATH_MAX_DROPS, 100000000);
	list(back, PATH_MAX_DROPS, 200000000);
	ck_assert_uint_eq(strlen(said()), RES_REASON_BYTES - 1);
	end = strstr(row.reason, "\npath-back.drop has lost nothing by data "
	    "200000000, ");
	ck_assert_ptr_nonnull(end);
	there->drops.config.n = back->drops.config.n = 0;
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("remarks");
	TCase *tc = tcase_create("remarks");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, nothing_to_say);
	tcase_add_test(tc, deadlock);
	tcase_add_test(tc, drain_timeout);
	tcase_add_test(tc, audit);
	tcase_add_test(tc, gave_up_or_ended);
	tcase_add_test(tc, alike);
	tcase_add_test(tc, names);
	tcase_add_test(tc, files);
	tcase_add_test(tc, drops);
	tcase_add_test(tc, what_does_not_fit_is_left_out);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
