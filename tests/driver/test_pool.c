/*
 * Points in child processes: results, limits, and what a broken child leaves.
 *
 * The children run the second engine, which starts quickly.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/run/pool.h"
#include "tests/support/sim/scenario_fixture.h"

#define SHORT	"[scenario]\nduration = 2 ms\nwarmup = 0 s\n[process p]\n"
#define LONG	"[scenario]\nduration = 3000 s\n[process p]\n"

/* AddressSanitizer ends a child by itself whose memory is limited. */
#ifdef __SANITIZE_ADDRESS__
enum { CAN_LIMIT_MEMORY = 0 };
#else
enum { CAN_LIMIT_MEMORY = 1 };
#endif

static struct scn_fixture
load_good(const char *text)
{
	struct scn_fixture fix = fix_load(text, NULL);
	g_autofree char *all = fix_all(&fix);

	ck_assert_msg(fix.scn != NULL, "%s", all);
	return fix;
}

static void
start(struct run_pool *pool, const struct scn_fixture *fix, size_t id)
{
	const struct run_job job = { .pt = scn_point(fix->scn, 0) };
	GError *error = NULL;

	ck_assert_msg(run_pool_start(pool, &job, id, &error),
	    "%s", error ? error->message : "");
}

static struct run_done
next(struct run_pool *pool)
{
	struct run_done done;
	GError *error = NULL;

	ck_assert_msg(run_pool_next(pool, &done, &error), "%s",
	    error ? error->message : "");
	return done;
}

static void
count_told(void *arg, size_t n_done)
{
	size_t *n_told = arg;

	ck_assert_uint_eq(n_done, ++*n_told);
}

/* Each rerun gets the row of its own, in whatever order they end. */
START_TEST(reruns_side_by_side)
{
	struct scn_fixture fix = load_good(SHORT);
	const struct scn_point *pt = scn_point(fix.scn, 0);
	struct run_rerun reruns[] = {{.freed = run_one(RUN_CPU)},
	    {.freed = RUN_AS_IT_IS}, {.freed = run_one(RUN_WIRE)},
	    {.freed = run_one(RUN_CPU) | run_one(RUN_BUS)}};
	size_t n = G_N_ELEMENTS(reruns), n_told = 0;
	GError *error = NULL;

	ck_assert(run_again(pt, reruns, n, count_told, &n_told, &error));
	ck_assert_uint_eq(n_told, n);
	for (size_t i = 0; i < n; i++) {
		struct res_row row;

		ck_assert(run_point(pt, reruns[i].freed, &row, NULL, &error));
		ck_assert_mem_eq(&row.value, &reruns[i].row.value,
		    sizeof row.value);
	}
	ck_assert(run_again(pt, reruns, 0, count_told, &n_told, &error));
	fix_fini(&fix);
}
END_TEST

/* seats are filled, emptied and filled again; each row finds its point */
START_TEST(three_at_a_time)
{
	const struct run_limits limits = { .n_jobs = 3 };
	struct scn_fixture fix = load_good(SHORT);
	struct run_pool *pool = run_pool_new(&limits);
	struct res_row alone;
	bool seen[20] = { false };
	size_t n_started = 0, n_ended = 0;

	ck_assert(run_point(scn_point(fix.scn, 0), RUN_AS_IT_IS, &alone, NULL,
	    NULL));
	ck_assert(run_pool_is_empty(pool));
	while (n_ended < 20) {
		struct run_done done;

		while (n_started < 20 && !run_pool_is_full(pool))
			start(pool, &fix, n_started++);
		ck_assert_uint_le(n_started - n_ended, 3);
		done = next(pool);
		n_ended++;
		ck_assert_uint_lt(done.id, 20);
		ck_assert(!seen[done.id]);
		seen[done.id] = true;
		ck_assert_int_gt(done.timing.host_ns, 0);
		ck_assert_mem_eq(&done.row, &alone, sizeof alone);
	}
	ck_assert(run_pool_is_empty(pool));
	run_pool_free(pool);
	fix_fini(&fix);
}
END_TEST

/* fewer at a time where the system permits no more files */
START_TEST(few_files)
{
	const struct run_limits limits = { .n_jobs = 100 };
	const struct rlimit few = { 64, 64 };
	struct scn_fixture fix = load_good(SHORT);
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct run_pool *pool;
		size_t n = 0;

		setrlimit(RLIMIT_NOFILE, &few);
		pool = run_pool_new(&limits);
		while (!run_pool_is_full(pool))
			start(pool, &fix, n++);
		for (; n > 0; n--)
			ck_assert_int_eq(next(pool).row.outcome, RES_DONE);
		run_pool_free(pool);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	fix_fini(&fix);
}
END_TEST

/* one that takes too long is ended; the one beside it is not */
START_TEST(timeout)
{
	const struct run_limits limits = {
		.n_jobs = 2, .timeout_ns = 1500000000
	};
	struct scn_fixture quick = load_good(SHORT), slow = load_good(LONG);
	struct run_pool *pool = run_pool_new(&limits);
	struct run_done done;

	start(pool, &slow, 1);
	start(pool, &quick, 2);
	done = next(pool);
	ck_assert_uint_eq(done.id, 2);
	ck_assert_int_eq(done.row.outcome, RES_DONE);
	done = next(pool);
	ck_assert_uint_eq(done.id, 1);
	ck_assert_int_eq(done.row.outcome, RES_TIMED_OUT);
	ck_assert_str_eq(done.row.variant, "base");
	ck_assert_str_eq(done.row.reason,
	    "the run took longer than 1.500 s and was ended");
	ck_assert_int_ge(done.timing.host_ns, limits.timeout_ns);
	ck_assert(!res_has_numbers(&done.row) && !res_is_result(&done.row));
	run_pool_free(pool);
	fix_fini(&quick);
	fix_fini(&slow);
}
END_TEST

/* children: how many this process has */
static int
children(void)
{
	int n = 0;
	g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children",
	    (int)getpid(), (int)getpid());
	g_autofree char *text = NULL;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	for (const char *p = text; *p != '\0'; p++)
		n += *p == ' ' ? 1 : 0;
	return n;
}

/* the child is killed from outside, as by a system without memory */
START_TEST(killed_child)
{
	const struct run_limits limits = { .n_jobs = 1 };
	struct scn_fixture slow = load_good(LONG);
	struct run_pool *pool = run_pool_new(&limits);
	g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children",
	    (int)getpid(), (int)getpid());
	g_autofree char *text = NULL;
	struct run_done done;

	start(pool, &slow, 0);
	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	ck_assert_int_eq(kill((pid_t)atoi(text), SIGKILL), 0);
	done = next(pool);
	ck_assert_int_eq(done.row.outcome, RES_CRASHED);
	ck_assert_str_eq(done.row.reason,
	    "the run was ended by signal 9 (Killed)");
	run_pool_free(pool);
	fix_fini(&slow);
}
END_TEST

/* less than it has already: the first page that it asks for is refused */
START_TEST(out_of_memory)
{
	const struct run_limits limits = { .n_jobs = 1,
		.memory_bytes = 1 << 20 };
	struct scn_fixture fix = load_good(SHORT "count = 2000\n");
	struct run_pool *pool = run_pool_new(&limits);
	struct run_done done;

	start(pool, &fix, 0);
	done = next(pool);
	ck_assert_int_eq(done.row.outcome, RES_CRASHED);
	ck_assert_str_eq(done.row.reason,
	    "the run needed more memory than it may have, 1 MiB");
	run_pool_free(pool);
	fix_fini(&fix);
}
END_TEST

/* who polls is not kept: not by nothing, not by a child that runs on */
START_TEST(polled)
{
	const struct run_limits limits = { .n_jobs = 1 };
	struct scn_fixture fast = load_good(SHORT), slow = load_good(LONG);
	struct run_pool *pool = run_pool_new(&limits);
	struct run_done done = { .id = 0 };
	bool has_ended = true;

	ck_assert(run_pool_poll(pool, 1000000, &done, &has_ended, NULL));
	ck_assert(!has_ended);
	start(pool, &slow, 7);
	ck_assert(run_pool_poll(pool, 1000000, &done, &has_ended, NULL));
	ck_assert(!has_ended && run_pool_is_full(pool));
	run_pool_free(pool);

	pool = run_pool_new(&limits);
	start(pool, &fast, 8);
	while (!has_ended)
		ck_assert(run_pool_poll(pool, INT64_MAX, &done, &has_ended,
		    NULL));
	ck_assert_uint_eq(done.id, 8);
	ck_assert_int_eq(done.row.outcome, RES_DONE);
	run_pool_free(pool);
	fix_fini(&fast);
	fix_fini(&slow);
}
END_TEST

/* the pool is given up: nothing of it lives on */
START_TEST(given_up)
{
	const struct run_limits limits = { .n_jobs = 2 };
	struct scn_fixture slow = load_good(LONG);
	struct run_pool *pool = run_pool_new(&limits);

	start(pool, &slow, 0);
	start(pool, &slow, 1);
	ck_assert_int_eq(children(), 2);
	run_pool_free(pool);
	ck_assert_int_eq(children(), 0);
	fix_fini(&slow);
}
END_TEST

/* one that had its result in time is not late, whenever the parent looks */
START_TEST(seen_late)
{
	const struct run_limits limits = { .n_jobs = 1,
	    .timeout_ns = 1000000000 };
	struct scn_fixture quick = load_good(SHORT);
	struct run_pool *pool = run_pool_new(&limits);
	siginfo_t info;

	start(pool, &quick, 0);
	ck_assert_int_eq(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT), 0);
	g_usleep(1100000);
	ck_assert_int_eq(next(pool).row.outcome, RES_DONE);
	run_pool_free(pool);
	fix_fini(&quick);
}
END_TEST

/* a signal ends all, is remembered, and is ours no more after the pool */
START_TEST(interrupt)
{
	const struct run_limits limits = { .n_jobs = 2 };
	struct scn_fixture slow = load_good(LONG);
	struct run_pool *pool = run_pool_new(&limits);
	struct run_done done;
	GError *error = NULL;

	start(pool, &slow, 0);
	start(pool, &slow, 1);
	raise(SIGTERM);		/* held back until the pool looks */
	ck_assert(!run_pool_next(pool, &done, &error));
	ck_assert(g_error_matches(error, RUN_ERROR, RUN_ERROR_INTERRUPTED));
	ck_assert_str_eq(error->message, "interrupted by Terminated");
	ck_assert_int_eq(run_signal(), SIGTERM);
	ck_assert_int_eq(children(), 0);
	g_clear_error(&error);
	run_pool_free(pool);
	fix_fini(&slow);
}
END_TEST

/* the signal counts also where there is always a child that has ended */
START_TEST(interrupt_among_results)
{
	const struct run_limits limits = { .n_jobs = 1 };
	struct scn_fixture quick = load_good(SHORT);
	struct run_pool *pool = run_pool_new(&limits);
	struct run_done done;
	GError *error = NULL;
	siginfo_t info;

	start(pool, &quick, 0);
	ck_assert_int_eq(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT), 0);
	raise(SIGTERM);
	ck_assert(!run_pool_next(pool, &done, &error));
	ck_assert(g_error_matches(error, RUN_ERROR, RUN_ERROR_INTERRUPTED));
	g_clear_error(&error);
	run_pool_free(pool);
	fix_fini(&quick);
}
END_TEST

/* a terminal interrupts the children as well: that makes no failed point */
START_TEST(interrupted_child)
{
	const struct run_limits limits = {
		.n_jobs = 1, .timeout_ns = 500000000
	};
	struct scn_fixture slow = load_good(LONG);
	struct run_pool *pool = run_pool_new(&limits);
	g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children",
	    (int)getpid(), (int)getpid());
	g_autofree char *text = NULL;

	start(pool, &slow, 0);
	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	ck_assert_int_eq(kill((pid_t)atoi(text), SIGTERM), 0);
	ck_assert_int_eq(next(pool).row.outcome, RES_TIMED_OUT);
	run_pool_free(pool);
	fix_fini(&slow);
}
END_TEST

/* the parent dies: its children do, too, whatever kills it */
START_TEST(orphans)
{
	const struct run_limits limits = { .n_jobs = 1 };
	struct scn_fixture slow = load_good(LONG);
	int fds[2];
	char byte;
	pid_t pid;

	/* the pipe ends when all who hold it for writing are gone */
	ck_assert_int_eq(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		struct run_pool *pool = run_pool_new(&limits);

		start(pool, &slow, 0);
		raise(SIGKILL);
	}
	close(fds[1]);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_eq(read(fds[0], &byte, 1), 0);
	close(fds[0]);
	fix_fini(&slow);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pool");
	TCase *tc = tcase_create("pool");
	SRunner *runner;
	int failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, reruns_side_by_side);
	tcase_add_test(tc, three_at_a_time);
	tcase_add_test(tc, few_files);
	tcase_add_test(tc, timeout);
	tcase_add_test(tc, killed_child);
	tcase_add_loop_test(tc, out_of_memory, 0, CAN_LIMIT_MEMORY);
	tcase_add_test(tc, polled);
	tcase_add_test(tc, given_up);
	tcase_add_test(tc, seen_late);
	tcase_add_test(tc, interrupt);
	tcase_add_test(tc, interrupt_among_results);
	tcase_add_test(tc, interrupted_child);
	tcase_add_test(tc, orphans);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
