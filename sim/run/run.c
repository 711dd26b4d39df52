#define _GNU_SOURCE	/* ppoll */
#include "sim/run/run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/run/child.h"

G_DEFINE_QUARK(loansim-run-error, run_error)

/* What a signal handler may touch: the signal, and whom to pass it to. */
static volatile sig_atomic_t caught_signal;

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

/* The child at work, and the signals while it is. */
struct child {
	pid_t pid;
	int fd;
	sigset_t old_mask;
	struct sigaction old_int;
	struct sigaction old_term;
};

/* Signals are blocked but while ppoll waits, so that none slips through. */
static void
guard_signals(struct child *child)
{
	struct sigaction action = {.sa_handler = catch_signal};
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &mask, &child->old_mask);
	sigaction(SIGINT, &action, &child->old_int);
	sigaction(SIGTERM, &action, &child->old_term);
}

static void
unguard_signals(const struct child *child)
{
	sigaction(SIGINT, &child->old_int, NULL);
	sigaction(SIGTERM, &child->old_term, NULL);
	sigprocmask(SIG_SETMASK, &child->old_mask, NULL);
}

static bool
system_error(GError **error, const char *what)
{
	g_set_error(error, RUN_ERROR, RUN_ERROR_SYSTEM, "%s: %s", what,
	    g_strerror(errno));
	return false;
}

static bool
start_child(struct child *child, const struct scn_point *pt,
    const struct child_recording *recording, GError **error)
{
	int fds[2];

	if (pipe(fds) != 0)
		return system_error(error, "cannot make a pipe");
	child->fd = fds[0];
	child->pid = fork();
	if (child->pid < 0) {
		close(fds[0]);
		close(fds[1]);
		return system_error(error, "cannot start a process");
	}
	if (child->pid == 0) {
		close(fds[0]);
		unguard_signals(child);
		child_main(pt, fds[1], recording);
	}
	close(fds[1]);
	return true;
}

/* Read until the row is whole, the child is gone, or a signal comes. */
static size_t
read_row(const struct child *child, struct res_row *row)
{
	char *to = (char *)row;
	size_t got = 0;

	while (got < sizeof *row && caught_signal == 0) {
		struct pollfd ready = {child->fd, POLLIN, 0};
		ssize_t n;

		if (ppoll(&ready, 1, NULL, &child->old_mask) < 0)
			continue;
		n = read(child->fd, to + got, sizeof *row - got);
		if (n == 0 || (n < 0 && errno != EINTR))
			break;
		got += n > 0 ? (size_t)n : 0;
	}
	return got;
}

static void
describe_death(struct res_row *row, int status)
{
	row->outcome = RES_CRASHED;
	if (WIFSIGNALED(status))
		g_snprintf(row->reason, sizeof row->reason,
		    "the run was ended by signal %d (%s)", WTERMSIG(status),
		    g_strsignal(WTERMSIG(status)));
	else
		g_snprintf(row->reason, sizeof row->reason,
		    "the run ended with status %d and no result",
		    WEXITSTATUS(status));
}

static int
wait_for(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

static bool
finish_child(struct child *child, struct res_row *row, GError **error)
{
	size_t got = read_row(child, row);
	int status;

	close(child->fd);
	if (caught_signal != 0)
		kill(child->pid, SIGKILL);
	status = wait_for(child->pid);
	if (caught_signal != 0) {
		g_set_error(error, RUN_ERROR, RUN_ERROR_INTERRUPTED,
		    "interrupted by %s", g_strsignal(caught_signal));
		return false;
	}
	if (got != sizeof *row || status != 0)
		describe_death(row, status);
	return true;
}

static bool
run(const struct scn_point *pt, const struct child_recording *recording,
    struct res_row *row, struct run_timing *timing, GError **error)
{
	struct child child;
	gint64 began = g_get_monotonic_time();
	bool ok;

	memset(row, 0, sizeof *row);
	guard_signals(&child);
	ok = start_child(&child, pt, recording, error) &&
	    finish_child(&child, row, error);
	unguard_signals(&child);
	g_strlcpy(row->variant, scn_point_name(pt), sizeof row->variant);
	if (timing != NULL)
		timing->host_ns = (g_get_monotonic_time() - began) * 1000;
	return ok;
}

bool
run_point(const struct scn_point *pt, struct res_row *row,
    struct run_timing *timing, GError **error)
{
	return run(pt, NULL, row, timing, error);
}

bool
run_record(const struct scn_point *pt, const struct rec_request *request,
    struct res_row *row, struct recording *recording,
    struct run_timing *timing, GError **error)
{
	struct child_recording child = {request, rec_make_file(error)};
	bool ok = child.fd >= 0 && run(pt, &child, row, timing, error);

	if (ok && row->outcome != RES_CRASHED)
		ok = rec_open(recording, child.fd, request, error);
	if (child.fd >= 0)
		close(child.fd);
	return ok;
}
