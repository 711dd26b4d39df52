#include "sim/process/replay.h"

#include "sim/process/replay_op.h"

enum { BACKLOG = 5 };		/* as ever: the SOMAXCONN of 4.2BSD */

static bool
listen_all(struct replay *r)
{
	for (uint32_t i = 0; i < r->process->n_lanes; i++) {
		uint32_t port = r->ps->config->port + r->process->first_lane +
		    i;

		r->listeners[i] = sys_listen(r->ps, (uint16_t)port, BACKLOG,
		    &r->opts);
		process_note(r->ps, r->listeners[i]);
		if (r->listeners[i] < 0)
			return false;
	}
	return true;
}

static void
perform(struct replay *r)
{
	for (guint i = 0; i < r->part->ops->len; i++) {
		const struct story_op *op =
		    &g_array_index(r->part->ops, struct story_op, i);

		if (!replay_think(r, op) || replay_whole(r, op) < 0)
			return;
	}
}

static void
replay_process(struct process *ps)
{
	const struct process_config *config = ps->config;
	const struct story_process *process =
	    story_process_at(config->story, config->story_index);
	struct replay r = {.ps = ps, .story = config->story,
	    .process = process, .part =
	    config->replay_as == REPLAY_AS_MMAP ? &process->as_mmap :
	    &process->recorded, .opts = sys_sockopts_of(config)};

	r.fds = g_new0(int, r.part->n_handles);
	r.ahead = g_new0(int64_t, r.part->n_handles);
	r.listeners = g_new0(int, process->n_lanes);
	replay_memory_init(&r.memory, ps, r.part);
	if (listen_all(&r)) {
		if (process->is_events)
			replay_events(&r);
		else
			perform(&r);
	}
	replay_memory_fini(&r.memory);
	g_free(r.fds);
	g_free(r.ahead);
	g_free(r.listeners);
}

void
replay_main(struct process *ps)
{
	if (ps->config->is_client)
		replay_client_main(ps);
	else
		replay_process(ps);
}
