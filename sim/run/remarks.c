#include "sim/run/remarks.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "models/audit.h"
#include "models/kern/syscall.h"
#include "sim/scenario/drops.h"

/* Append a line to the reason; what does not fit is left out. */
static void
explain(struct res_row *row, const char *format, ...)
{
	size_t used = strlen(row->reason);
	va_list args;

	va_start(args, format);
	vsnprintf(row->reason + used, sizeof row->reason - used, format, args);
	va_end(args);
}

/* next_line: where another remark begins */
static const char *
next_line(const struct res_row *row)
{
	return row->reason[0] != '\0' ? "\n" : "";
}

static void
judge_audit(struct world *world, struct res_row *row)
{
	struct audit audit = {0};

	world_audit(world, &audit);
	if (audit.n == 0)
		return;
	row->outcome = RES_AUDIT_FAILED;
	explain(row, "%s%" PRIu32 " of the audit's lines do not balance at %"
	    PRId64 " ps:", next_line(row), audit.n,
	    world->cal.now);
	for (uint32_t i = 0; i < audit.n && i < AUDIT_MAX_LINES; i++)
		explain(row, "\n%s: expected %" PRId64 ", found %" PRId64,
		    audit.lines[i].what, audit.lines[i].expected,
		    audit.lines[i].actual);
}

static void
judge_end(const struct world *world, struct res_row *row)
{
	switch (world->outcome) {
	case WORLD_DONE:
		row->outcome = RES_DONE;
		break;
	case WORLD_DEADLOCK:
		row->outcome = RES_DEADLOCK;
		explain(row, "deadlock at %" PRId64 " ps: nothing is left to "
		    "happen, and these wait:", world->deadlock_at);
		for (uint32_t i = 0; i < world->n_waiters; i++)
			explain(row, " %s", world->waiters[i]);
		break;
	case WORLD_DRAIN_TIMEOUT:
		row->outcome = RES_DRAIN_TIMEOUT;
		explain(row, "processes or sockets had not come to their end "
		    "within scenario.drain after the duration; what was left "
		    "to send was dropped");
		break;
	}
}

static const char *
error_name(int64_t error)
{
	static const struct {
		enum sys_error error;
		const char *name;
	} names[] = {{SYS_ENOENT, "ENOENT"}, {SYS_EBADF, "EBADF"},
	    {SYS_ENOMEM, "ENOMEM"}, {SYS_EFAULT, "EFAULT"},
	    {SYS_EINVAL, "EINVAL"}, {SYS_ENFILE, "ENFILE"},
	    {SYS_EMFILE, "EMFILE"}, {SYS_ENOSPC, "ENOSPC"},
	    {SYS_ESPIPE, "ESPIPE"}, {SYS_EPIPE, "EPIPE"},
	    {SYS_EWOULDBLOCK, "EWOULDBLOCK"}, {SYS_ENOTSOCK, "ENOTSOCK"},
	    {SYS_EMSGSIZE, "EMSGSIZE"}, {SYS_EADDRINUSE, "EADDRINUSE"},
	    {SYS_EADDRNOTAVAIL, "EADDRNOTAVAIL"},
	    {SYS_ECONNABORTED, "ECONNABORTED"},
	    {SYS_ECONNRESET, "ECONNRESET"}, {SYS_ENOBUFS, "ENOBUFS"},
	    {SYS_ENOTCONN, "ENOTCONN"}, {SYS_ETIMEDOUT, "ETIMEDOUT"},
	    {SYS_ECONNREFUSED, "ECONNREFUSED"}, {SYS_SIGBUS, "SIGBUS"}};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].error == error)
			return names[i].name;
	return "an error";
}

static bool
is_alike(const struct proc *p, const struct proc *other)
{
	return p->exit_status == other->exit_status &&
	    p->is_killed == other->is_killed &&
	    strcmp(p->name, other->name) == 0;
}

/* Programs that gave up, or were made to: less was done than was asked for. */
static void
remark_failure(const struct proc *p, uint32_t n, struct res_row *row)
{
	if (p == NULL || p->exit_status == 0)
		return;
	explain(row, "%sprocess %s %s %s", next_line(row), p->name,
	    p->is_killed ? "was ended by" : "gave up:",
	    error_name(p->exit_status));
	if (n > 1)
		explain(row, ", %" PRIu32 " times", n);
}

/* Of a group, one behind the other, all that end alike have one line. */
struct alike {
	const struct proc *first;
	uint32_t n;
};

static void
take_failure(struct alike *alike, const struct proc *p, struct res_row *row)
{
	if (alike->first == NULL || !is_alike(alike->first, p)) {
		remark_failure(alike->first, alike->n, row);
		*alike = (struct alike){p, 0};
	}
	alike->n++;
}

static void
remark_failures(struct world *world, struct res_row *row)
{
	struct alike alike = {NULL, 0};

	for (int i = 0; i < world_n_hosts(world); i++)
		for (const struct proc *p = world_host(world, i)->procs;
		    p != NULL; p = p->next)
			take_failure(&alike, p, row);
	for (uint32_t i = 0; i < world->clients.n; i++)
		take_failure(&alike, &world->clients.client[i]->proc, row);
	remark_failure(alike.first, alike.n, row);
}

/* Servers sleep and try again: it shows in nothing but their clients' times. */
static void
remark_files(const struct host *host, struct res_row *row)
{
	if (host->n_emfile > 0)
		explain(row, "%s%" PRId64 " calls found no descriptor (EMFILE, "
		    "kernel.open_max)", next_line(row), host->n_emfile);
	if (host->n_enfile > 0)
		explain(row, "%s%" PRId64 " calls found no open file (ENFILE, "
		    "kernel.maxfiles)", next_line(row), host->n_enfile);
}

/* A list that names frames which never came by: perhaps a slip of the pen. */
static void
remark_drops(const struct path *path, const char *key, struct res_row *row)
{
	const struct path_drops *drops = &path->drops;
	const char *before = next_line(row);

	if (path_unmatched_drops(path) == 0)
		return;
	explain(row, "%s%s has lost nothing by", before, key);
	before = " ";
	for (uint32_t i = 0; i < drops->config.n; i++) {
		g_autofree char *entry =
		    scn_drop_format(&drops->config.list[i]);

		if (drops->n_dropped[i] > 0)
			continue;
		explain(row, "%s%s", before, entry);
		before = ", ";
	}
}

void
remarks(struct world *world, struct res_row *row)
{
	row->reason[0] = '\0';
	judge_end(world, row);
	judge_audit(world, row);
	remark_failures(world, row);
	for (int i = 0; i < world_n_hosts(world); i++)
		remark_files(world_host(world, i), row);
	remark_drops(&world->to_peer_path, "path.drop", row);
	remark_drops(&world->to_board_path, "path-back.drop", row);
}
