/*
 * Which processes wait for several connections at once: those that are one loop
 * of poll(2), epoll_wait(2) or the like.
 */
#include "sim/trace/story_own.h"

/* What is seen of a process, by its leader. */
struct seen {
	uint32_t pid;		/* of all calls on connections; or STORY_NONE */
	bool is_none;		/* it is no loop of events */
};

static void
look_at(struct maker *m, const struct event *ev, struct seen *seen)
{
	const struct thing *t = THING(m, ev->thing);

	if (seen->pid == STORY_NONE)
		seen->pid = ev->pid;
	seen->is_none |= seen->pid != ev->pid || !t->is_nonblocking ||
	    t->role != ROLE_ACCEPTED;
}

/* Their sockets are spoken of elsewhere; those that nobody uses, nowhere. */
static void
count_loops(struct maker *m, const struct making *making)
{
	for (guint i = 0; i < m->story->processes->len; i++)
		m->n_event_loops += story_process_at(m->story, i)->is_events;
	for (guint i = 0; i < m->things->len && m->n_event_loops > 0; i++) {
		const struct thing *t = THING(m, i);
		const struct story_process *process =
		    t->kind == THING_SOCKET && t->owner != STORY_NONE ?
		    making[desc_leader(m, t->owner)].process : NULL;

		if (t->is_nonblocking &&
		    (process == NULL || process->is_events))
			m->n_nonblocking--;
	}
}

/*
 * One thread speaks on all connections, on none does it wait, it has more than
 * one at a time, it calls nobody, and it polls.  Apache polls, too, for its
 * time-outs: but a process of it has one connection.
 */
void
events_find(struct maker *m, const struct making *making)
{
	guint n = m->pids->len;
	g_autofree struct seen *seen = g_new0(struct seen, n);

	for (guint i = 0; i < n; i++)
		seen[i].pid = STORY_NONE;
	for (guint i = 0; i < m->events->len; i++) {
		const struct event *ev = EVENT(m, i);

		if ((ev->kind == EV_SEND || ev->kind == EV_SENDFILE ||
		    ev->kind == EV_RECEIVE) && THING(m, ev->thing)->is_replayed)
			look_at(m, ev, &seen[desc_leader(m, ev->pid)]);
	}
	for (guint i = 0; i < n; i++) {
		struct story_process *process = making[i].process;
		bool may_be = process != NULL && process->n_lanes > 1 &&
		    seen[i].pid != STORY_NONE && !seen[i].is_none;

		if (may_be && PID(m, seen[i].pid)->polls)
			process->is_events = true;
		else
			m->n_unseen_loops += may_be;
	}
	count_loops(m, making);
}
