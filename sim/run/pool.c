#define _GNU_SOURCE	/* ppoll */
#include "sim/run/pool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/scenario/units.h"

/* What a signal handler may touch: the signal, and whom to pass it to. */
static volatile sig_atomic_t caught_signal;

/* One place for a child; free while pid is 0. */
struct seat {
	pid_t pid;
	int fd;
	size_t id;
	size_t got;		/* bytes of the row */
	gint64 began_us;	/* monotonic */
	struct res_row row;
	char variant[RES_NAME_BYTES];
};

struct run_pool {
	struct run_limits limits;
	pid_t parent;
	sigset_t old_mask;
	struct sigaction old_int;
	struct sigaction old_term;
	unsigned n_running;
	struct pollfd *polled;
	struct seat *seats;	/* limits.n_jobs of them */
};

int
run_signal(void)
{
	return caught_signal;
}

static void
catch_signal(int sig)
{
	caught_signal = sig;
}

/* Signals are blocked but while ppoll waits, so that none slips through. */
static void
guard_signals(struct run_pool *pool)
{
	struct sigaction action = {.sa_handler = catch_signal};
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &mask, &pool->old_mask);
	sigaction(SIGINT, &action, &pool->old_int);
	sigaction(SIGTERM, &action, &pool->old_term);
}

static void
unguard_signals(const struct run_pool *pool)
{
	sigaction(SIGINT, &pool->old_int, NULL);
	sigaction(SIGTERM, &pool->old_term, NULL);
	sigprocmask(SIG_SETMASK, &pool->old_mask, NULL);
}

/*
 * permit_files: a pipe for each child, and what else is open: as many as the
 * system permits, else there are fewer children at a time.
 */
static void
permit_files(struct run_pool *pool)
{
	enum { OTHERS = 32 };
	rlim_t wanted = pool->limits.n_jobs + OTHERS;
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= wanted)
		return;
	files.rlim_cur = MIN(wanted, files.rlim_max);
	setrlimit(RLIMIT_NOFILE, &files);
	if (files.rlim_cur < wanted)
		pool->limits.n_jobs = files.rlim_cur > OTHERS ?
		    (unsigned)(files.rlim_cur - OTHERS) : 1;
}

struct run_pool *
run_pool_new(const struct run_limits *limits)
{
	struct run_pool *pool = g_new0(struct run_pool, 1);

	g_assert(limits->n_jobs > 0);
	pool->limits = *limits;
	permit_files(pool);
	pool->parent = getpid();
	pool->seats = g_new0(struct seat, pool->limits.n_jobs);
	pool->polled = g_new0(struct pollfd,
	    pool->limits.n_jobs);
	guard_signals(pool);
	return pool;
}

static int
wait_for(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

/* leave: the child of a seat has come to its end, or does now */
static int
leave(struct run_pool *pool, struct seat *seat, bool must_die)
{
	int status;

	if (must_die)
		kill(seat->pid, SIGKILL);
	close(seat->fd);
	status = wait_for(seat->pid);
	seat->pid = 0;
	pool->n_running--;
	return status;
}

/* leave_all: all are told before one is waited for, which may take its turn */
static void
leave_all(struct run_pool *pool)
{
	for (unsigned i = 0; i < pool->limits.n_jobs; i++)
		if (pool->seats[i].pid != 0)
			kill(pool->seats[i].pid, SIGKILL);
	for (unsigned i = 0; i < pool->limits.n_jobs; i++)
		if (pool->seats[i].pid != 0)
			leave(pool, &pool->seats[i], true);
}

void
run_pool_free(struct run_pool *pool)
{
	leave_all(pool);
	unguard_signals(pool);
	g_free(pool->polled);
	g_free(pool->seats);
	g_free(pool);
}

bool
run_pool_is_full(const struct run_pool *pool)
{
	return pool->n_running == pool->limits.n_jobs;
}

bool
run_pool_is_empty(const struct run_pool *pool)
{
	return pool->n_running == 0;
}

static bool
system_error(GError **error, const char *what)
{
	g_set_error(error, RUN_ERROR, RUN_ERROR_SYSTEM, "%s: %s", what,
	    g_strerror(errno));
	return false;
}

/* enter_child: what holds for a child, before it is one of SimGrid's */
static void
enter_child(const struct run_pool *pool)
{
	/* nobody would take its result */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != pool->parent)
		_exit(1);
	if (pool->limits.memory_bytes > 0)
		child_limit_memory(pool->limits.memory_bytes);
	/*
	 * The signals stay blocked: a terminal sends them to the children, too,
	 * and it is for the parent to end them; one that died of its own would
	 * look like a run that crashed.
	 */
}

static struct seat *
free_seat(struct run_pool *pool)
{
	struct seat *seat = pool->seats;

	g_assert(!run_pool_is_full(pool));
	while (seat->pid != 0)
		seat++;
	return seat;
}

bool
run_pool_start(struct run_pool *pool, const struct run_job *job, size_t id,
    GError **error)
{
	struct seat *seat = free_seat(pool);
	int fds[2];
	pid_t pid;

	if (pipe(fds) != 0)
		return system_error(error, "cannot make a pipe");
	pid = fork();
	if (pid < 0) {
		close(fds[0]);
		close(fds[1]);
		return system_error(error, "cannot start a process");
	}
	if (pid == 0) {
		close(fds[0]);
		enter_child(pool);
		child_main(job, fds[1]);
	}
	close(fds[1]);
	*seat = (struct seat){.pid = pid, .fd = fds[0], .id = id,
	    .began_us = g_get_monotonic_time()};
	g_strlcpy(seat->variant, scn_point_name(job->pt), sizeof seat->variant);
	pool->n_running++;
	return true;
}

/* left_ns: how long a child may go on; only where that is limited */
static int64_t
left_ns(const struct run_pool *pool, const struct seat *seat)
{
	int64_t used = (g_get_monotonic_time() - seat->began_us) * 1000;

	return MAX(pool->limits.timeout_ns - used, 0);
}

/* note_pending: ppoll lets no signal through if a child is ready at once */
static void
note_pending(const struct run_pool *pool)
{
	sigset_t pending, mask;

	sigpending(&pending);
	if (sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM)) {
		sigprocmask(SIG_SETMASK, &pool->old_mask, &mask);
		sigprocmask(SIG_SETMASK, &mask, NULL);
	}
}

/* watch: wait for a child, the first one's deadline, a signal, or so long */
static void
watch(struct run_pool *pool, int64_t left)
{
	struct timespec until;

	for (unsigned i = 0; i < pool->limits.n_jobs; i++) {
		const struct seat *seat = &pool->seats[i];
		bool runs = seat->pid != 0;

		pool->polled[i] = (struct pollfd){
		    runs ? seat->fd : -1, POLLIN, 0};
		if (runs && pool->limits.timeout_ns > 0)
			left = MIN(left, left_ns(pool, seat));
	}
	until.tv_sec = left / 1000000000;
	until.tv_nsec = left % 1000000000;
	if (ppoll(pool->polled, pool->limits.n_jobs,
	    left == INT64_MAX ? NULL : &until, &pool->old_mask) < 0)
		for (unsigned i = 0; i < pool->limits.n_jobs; i++)
			pool->polled[i].revents = 0;
	else
		note_pending(pool);
}

/* take: what has come of a row; true if there will be no more */
static bool
take(struct seat *seat)
{
	char *to = (char *)&seat->row + seat->got;
	ssize_t n = read(seat->fd, to, sizeof seat->row - seat->got);

	if (n < 0)
		return errno != EINTR;
	seat->got += (size_t)n;
	return n == 0 || seat->got == sizeof seat->row;
}

static void
describe_death(const struct run_pool *pool, struct res_row *row, int status)
{
	g_autofree char *limit = scn_quantity_format(
	    pool->limits.memory_bytes, SCN_UNIT_BYTES);

	row->outcome = RES_CRASHED;
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_OUT_OF_MEMORY)
		g_snprintf(row->reason, sizeof row->reason,
		    "the run needed more memory than it may have, %s", limit);
	else if (WIFSIGNALED(status))
		g_snprintf(row->reason, sizeof row->reason,
		    "the run was ended by signal %d (%s)", WTERMSIG(status),
		    g_strsignal(WTERMSIG(status)));
	else
		g_snprintf(row->reason, sizeof row->reason,
		    "the run ended with status %d and no result",
		    WEXITSTATUS(status));
}

/* describe_delay: the limit in the unit in which it may be given */
static void
describe_delay(const struct run_pool *pool, struct res_row *row)
{
	g_autofree char *limit = g_strdup_printf("%.3f",
	    (double)pool->limits.timeout_ns / 1e9);

	row->outcome = RES_TIMED_OUT;
	g_snprintf(row->reason, sizeof row->reason,
	    "the run took longer than %s s and was ended", limit);
}

/* finish: free a seat and say what became of its point */
static void
finish(struct run_pool *pool, struct seat *seat, bool is_late,
    struct run_done *done)
{
	bool is_whole = seat->got == sizeof seat->row;
	int status = leave(pool, seat, is_late);

	done->id = seat->id;
	done->timing.host_ns =
	    (g_get_monotonic_time() - seat->began_us) * 1000;
	done->is_refused = is_whole && WIFEXITED(status) &&
	    WEXITSTATUS(status) == CHILD_REFUSED;
	if (is_whole && (status == 0 || done->is_refused))
		done->row = seat->row;
	else
		memset(&done->row, 0, sizeof done->row);
	if (is_late)
		describe_delay(pool, &done->row);
	else if (!is_whole || (status != 0 && !done->is_refused))
		describe_death(pool, &done->row, status);
	g_strlcpy(done->row.variant, seat->variant, sizeof done->row.variant);
}

/* look: has one of them ended, or run out of its time? */
static bool
look(struct run_pool *pool, struct run_done *done)
{
	for (unsigned i = 0; i < pool->limits.n_jobs; i++) {
		struct seat *seat = &pool->seats[i];
		bool has_ended, is_late;

		if (seat->pid == 0)
			continue;
		/* we may look late ourselves: what is done is not late */
		has_ended = pool->polled[i].revents != 0 && take(seat);
		is_late = !has_ended && pool->limits.timeout_ns > 0 &&
		    left_ns(pool, seat) == 0;
		if (has_ended || is_late) {
			finish(pool, seat, is_late, done);
			return true;
		}
	}
	return false;
}

bool
run_pool_poll(struct run_pool *pool, int64_t at_most_ns,
    struct run_done *done, bool *has_ended, GError **error)
{
	watch(pool, at_most_ns);
	if (caught_signal != 0) {
		leave_all(pool);
		g_set_error(error, RUN_ERROR, RUN_ERROR_INTERRUPTED,
		    "interrupted by %s", g_strsignal(caught_signal));
		return false;
	}
	*has_ended = look(pool, done);
	if (!*has_ended || !done->is_refused)
		return true;
	leave_all(pool);
	g_set_error(error, RUN_ERROR, RUN_ERROR_SYSTEM, "%s: %s",
	    done->row.variant, done->row.reason);
	return false;
}

bool
run_pool_next(struct run_pool *pool, struct run_done *done, GError **error)
{
	bool has_ended = false;

	g_assert(!run_pool_is_empty(pool));
	while (!has_ended)
		if (!run_pool_poll(pool, INT64_MAX, done, &has_ended, error))
			return false;
	return true;
}
