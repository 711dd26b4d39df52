/*
 * The audit of what processes poll: that only those are asked of which nothing
 * better is known must not hide anybody who is ready.
 */
#include "models/audit.h"
#include "models/kern/poll.h"

struct counts {
	int64_t members;	/* with events, counted by the sets, */
	int64_t found;		/* ... and here */
	int64_t linked;		/* to sockets, */
	int64_t known;		/* ... as those know */
	int64_t hidden;		/* ready, and nobody would look */
};

static bool
is_ready(const struct pollset *set, const struct poll_member *m)
{
	const struct file *file = fd_file(set->p, m->fd);

	return file == NULL || file->f_socket == NULL ||
	    m->so != file->f_socket || so_poll(m->so, m->events) != 0;
}

static void
count_member(const struct pollset *set, const struct poll_member *m,
    struct counts *counts)
{
	uint64_t maybe = set->maybe[m->fd / FD_WORD] >> m->fd % FD_WORD;

	if (m->events == 0)
		return;
	counts->found++;
	counts->linked += m->so != NULL;
	counts->hidden += (maybe & 1) == 0 && is_ready(set, m);
}

static void
count_set(const struct pollset *set, struct counts *counts)
{
	counts->members += set->n;
	for (uint32_t fd = 0; fd < set->room; fd++)
		if (set->members[fd] != NULL)
			count_member(set, set->members[fd], counts);
}

void
poll_audit_running(const struct host *host, struct audit *audit)
{
	struct counts counts = {0};

	for (const struct proc *p = host->procs; p != NULL; p = p->next)
		if (p->poll != NULL)
			count_set(p->poll, &counts);
	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next)
		for (const struct poll_member *m = so->pollers; m != NULL;
		    m = m->next)
			counts.known++;
	audit_equal(audit, "descriptors polled = those with events",
	    counts.found, counts.members);
	audit_equal(audit, "sockets polled know by whom", counts.linked,
	    counts.known);
	audit_equal(audit, "who is ready is asked by the next poll", 0,
	    counts.hidden);
}
