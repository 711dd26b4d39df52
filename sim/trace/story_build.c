/*
 * From events to the operations of each process.
 *
 * A descriptor that a process has inherited is opened, accepted or connected
 * where it first uses it: which process did so in the recording is all the same
 * to the network.
 */
#include "sim/trace/story_own.h"

struct build {
	struct maker *m;
	struct making *making;	/* by leader */
};

static struct story_connection *
connection_of(struct build *b, const struct thing *t)
{
	return &g_array_index(b->m->story->connections,
	    struct story_connection, t->connection);
}

/* The accepted connection, and the client that is behind it. */
static void
accept_here(struct build *b, struct making *mk, const struct event *ev,
    uint32_t thing, uint32_t handle)
{
	struct story_connection new = {.line = THING(b->m, thing)->line,
	    .process = mk->index,
	    .lane = making_lane(mk),
	    .exchanges = g_array_new(FALSE, TRUE,
	    sizeof(struct story_exchange))};
	struct story_exchange first = {0, 0};
	struct story_op *op = making_op(mk, ev, STORY_ACCEPT);

	THING(b->m, thing)->connection = b->m->story->connections->len;
	op->handle = handle;
	op->index = THING(b->m, thing)->connection;
	g_array_append_val(new.exchanges, first);
	g_array_append_val(b->m->story->connections, new);
}

static uint32_t
socket_here(struct build *b, struct making *mk, const struct event *ev,
    uint32_t thing)
{
	uint32_t handle = making_handle(mk, thing);
	const struct thing *t = THING(b->m, thing);

	if (handle != STORY_NONE)
		return handle;
	handle = making_new_handle(mk, thing);
	if (t->role == ROLE_ACCEPTED)
		accept_here(b, mk, ev, thing, handle);
	else
		making_op(mk, ev, t->sock == SOCK_UDP ? STORY_UDP :
		    STORY_CONNECT)->handle = handle;
	return handle;
}

static uint32_t
file_here(struct build *b, struct making *mk, const struct event *ev,
    uint32_t thing)
{
	uint32_t handle = making_handle(mk, thing);
	struct story_op *op;

	if (handle != STORY_NONE)
		return handle;
	handle = making_new_handle(mk, thing);
	op = making_op(mk, ev, STORY_OPEN);
	op->handle = handle;
	op->index = THING(b->m, thing)->file;
	return handle;
}

static bool
is_served(struct build *b, uint32_t thing)
{
	return SEEN_FILE(b->m, THING(b->m, thing)->file)->is_served;
}

static enum story_fate
build_file(struct build *b, struct making *mk, uint32_t event)
{
	const struct event *ev = EVENT(b->m, event);
	uint32_t handle;

	if (!is_served(b, ev->thing))
		return FATE_UNSERVED;
	handle = file_here(b, mk, ev, ev->thing);
	if (ev->kind == EV_READ)
		make_read(b->m, mk, event, handle);
	return FATE_USED;
}

static enum story_fate
build_mmap(struct build *b, struct making *mk, uint32_t event)
{
	struct event *ev = EVENT(b->m, event);
	uint32_t handle = STORY_NONE;
	struct story_op *op;

	if (ev->is_anon && !ev->is_kept)
		return FATE_NO_IO;
	if (!ev->is_anon) {
		if (!ev->is_kept && !is_served(b, ev->thing))
			return FATE_UNSERVED;
		handle = file_here(b, mk, ev, ev->thing);
	}
	ev->number = mk->process->recorded.n_mappings++;
	op = making_op(mk, ev, ev->is_anon ? STORY_MMAP_ANON : STORY_MMAP);
	op->handle = handle;
	op->index = ev->number;
	op->offset = ev->offset - ev->offset % STORY_PAGE;
	op->len = ev->len;
	return FATE_USED;
}

static enum story_fate
build_munmap(struct build *b, struct making *mk, const struct event *ev)
{
	enum story_fate fate = FATE_UNSERVED;

	for (uint32_t i = 0; i < ev->n_pieces; i++) {
		const struct event_piece *part =
		    PIECE(b->m, ev->first_piece + i);
		struct story_op *op;

		if (EVENT(b->m, part->index)->is_anon)
			fate = FATE_NO_IO;
		if (EVENT(b->m, part->index)->number == STORY_NONE)
			continue;
		op = making_op(mk, ev, STORY_MUNMAP);
		op->index = EVENT(b->m, part->index)->number;
		op->offset = part->offset;
		op->len = part->len;
		fate = FATE_USED;
	}
	return fate;
}

static enum story_fate
build_accept(struct build *b, struct making *mk, const struct event *ev)
{
	const struct thing *t = THING(b->m, ev->thing);

	if (!t->is_replayed)
		return FATE_NO_TRAFFIC;
	if (desc_leader(b->m, t->owner) == desc_leader(b->m, ev->pid))
		socket_here(b, mk, ev, ev->thing);
	else
		b->m->n_handed_on++;
	return FATE_USED;
}

static enum story_fate
build_receive(struct build *b, struct making *mk, uint32_t event)
{
	const struct event *ev = EVENT(b->m, event);
	struct thing *t = THING(b->m, ev->thing);
	struct story_connection *conn;
	struct story_op *op;
	uint32_t handle;

	t->in += ev->result;
	if (t->role != ROLE_ACCEPTED)
		return FATE_INCOMING;
	/* half-closed: the client goes on waiting for what is sent */
	if (!t->is_replayed || (ev->result == 0 && t->last_use > event))
		return FATE_WAITS;
	handle = socket_here(b, mk, ev, ev->thing);
	conn = connection_of(b, t);
	conn->client_closes |= ev->result == 0 && !t->is_shut;
	op = making_op(mk, ev, ev->result > 0 ? STORY_RECEIVE :
	    STORY_RECEIVE_END);
	op->handle = handle;
	op->len = ev->len;
	op->n_bytes = ev->result;
	story_connection_asks(conn, ev->result);
	return FATE_USED;
}

/* The header of a response says how long it will be. */
static void
say(struct build *b, struct making *mk, const struct event *ev,
    uint32_t handle)
{
	const struct thing *t = THING(b->m, ev->thing);
	struct story_connection *conn;
	struct story_op *op;

	if (t->role != ROLE_ACCEPTED)
		return;
	conn = connection_of(b, t);
	if (story_connection_answers(conn, ev->len)) {
		op = making_op(mk, ev, STORY_SAY);
		op->handle = handle;
		op->index = t->connection;
		op->offset = conn->exchanges->len - 1;
	}
}

static enum story_fate
build_send(struct build *b, struct making *mk, uint32_t event)
{
	const struct event *ev = EVENT(b->m, event);
	struct thing *t = THING(b->m, ev->thing);
	uint32_t handle = socket_here(b, mk, ev, ev->thing);
	uint32_t from = ev->kind == EV_SENDFILE ?
	    file_here(b, mk, ev, ev->other) : STORY_NONE;
	struct story_op *op;

	t->out += ev->len;
	say(b, mk, ev, handle);
	if (ev->kind == EV_SEND) {
		make_send(b->m, mk, event, handle);
		return FATE_USED;
	}
	op = making_op(mk, ev, STORY_SENDFILE);
	op->handle = handle;
	op->index = from;
	op->offset = ev->offset;
	op->len = ev->len;
	return FATE_USED;
}

/* The server says that nothing more will come. */
static void
shut(struct build *b, struct thing *t)
{
	t->is_shut = true;
	if (t->connection != STORY_NONE && !connection_of(b, t)->client_closes)
		connection_of(b, t)->server_closes = true;
}

static enum story_fate
build_shutdown(struct build *b, struct making *mk, uint32_t event)
{
	const struct event *ev = EVENT(b->m, event);
	struct thing *t = THING(b->m, ev->thing);
	uint32_t handle = making_handle(mk, ev->thing);

	if (handle == STORY_NONE)
		return FATE_NO_TRAFFIC;
	shut(b, t);
	making_op(mk, ev, STORY_SHUTDOWN)->handle = handle;
	return FATE_USED;
}

static enum story_fate
build_close(struct build *b, struct making *mk, uint32_t event)
{
	const struct event *ev = EVENT(b->m, event);
	struct thing *t = THING(b->m, ev->thing);
	uint32_t handle = making_handle(mk, ev->thing);

	if (t->kind == THING_FILE && !is_served(b, ev->thing))
		return FATE_UNSERVED;
	if (handle == STORY_NONE && t->role == ROLE_LISTENS)
		return FATE_USED;
	if (t->kind == THING_SOCKET && t->is_replayed &&
	    (handle == STORY_NONE || t->last_use > event))
		return FATE_SHARED;
	if (handle == STORY_NONE)
		return FATE_NO_TRAFFIC;
	making_op(mk, ev, STORY_CLOSE)->handle = handle;
	making_drop_handle(mk, ev->thing);
	if (t->kind != THING_SOCKET)
		return FATE_USED;
	shut(b, t);
	making_free_large(mk, ev->thing);
	if (t->connection != STORY_NONE)
		making_free_lane(mk, connection_of(b, t)->lane);
	return FATE_USED;
}

static enum story_fate
build_event(struct build *b, struct making *mk, uint32_t event)
{
	const struct event *ev = EVENT(b->m, event);

	switch (ev->kind) {
	case EV_OPEN:
	case EV_READ:
		return build_file(b, mk, event);
	case EV_MMAP:
		return build_mmap(b, mk, event);
	case EV_MUNMAP:
		return build_munmap(b, mk, ev);
	case EV_ACCEPT:
		return build_accept(b, mk, ev);
	case EV_CONNECT:
		if (!THING(b->m, ev->thing)->is_replayed)
			return FATE_NO_TRAFFIC;
		socket_here(b, mk, ev, ev->thing);
		return FATE_USED;
	case EV_RECEIVE:
		return build_receive(b, mk, event);
	case EV_SEND:
	case EV_SENDFILE:
		return build_send(b, mk, event);
	case EV_SHUTDOWN:
		return build_shutdown(b, mk, event);
	case EV_CLOSE:
		return build_close(b, mk, event);
	case EV_EXEC:
	case EV_NONE:
		break;
	}
	return FATE_NO_IO;
}

/* What an event of a process without traffic is: its fate only. */
static enum story_fate
idle_fate(struct build *b, const struct event *ev)
{
	bool is_hand_over = ev->kind == EV_ACCEPT &&
	    THING(b->m, ev->thing)->is_replayed;
	bool is_listener = ev->kind == EV_CLOSE &&
	    THING(b->m, ev->thing)->role == ROLE_LISTENS;

	b->m->n_handed_on += is_hand_over;
	return is_hand_over || is_listener ? FATE_USED : FATE_IDLE;
}

static void
find_processes(struct build *b)
{
	struct maker *m = b->m;
	guint n = m->pids->len;
	g_autofree bool *has_traffic = g_new0(bool, n);

	for (guint i = 0; i < m->events->len; i++) {
		const struct event *ev = EVENT(m, i);

		if ((ev->kind == EV_SEND || ev->kind == EV_SENDFILE ||
		    ev->kind == EV_RECEIVE) &&
		    THING(m, ev->thing)->is_replayed)
			has_traffic[desc_leader(m, ev->pid)] = true;
	}
	for (guint i = 0; i < n; i++) {
		struct story_process *process = NULL;

		if (has_traffic[i]) {
			process = g_new0(struct story_process, 1);
			process->pid = PID(m, i)->pid;
			g_ptr_array_add(m->story->processes, process);
		}
		making_init(&b->making[i], process,
		    m->story->processes->len - 1);
	}
	for (guint i = 0; i < n; i++) {
		struct making *mk = &b->making[desc_leader(m, i)];

		if (mk->process != NULL)
			mk->process->n_pids++;
	}
}

/* Lanes get numbers over all processes: ports follow from them. */
static void
number_lanes(struct build *b)
{
	struct story *story = b->m->story;

	for (guint i = 0; i < b->m->pids->len; i++) {
		struct making *mk = &b->making[i];

		if (mk->process == NULL)
			continue;
		mk->process->first_lane = story->lanes->len;
		mk->process->n_lanes = mk->is_busy->len;
		for (guint k = 0; k < mk->is_busy->len; k++)
			g_array_append_val(story->lanes, mk->index);
	}
	for (guint i = 0; i < story->connections->len; i++) {
		struct story_connection *conn = &g_array_index(
		    story->connections, struct story_connection, i);

		conn->lane +=
		    story_process_at(story, conn->process)->first_lane;
	}
}

void
story_build(struct maker *m)
{
	struct build b = {m, g_new(struct making, m->pids->len)};

	find_processes(&b);
	for (guint i = 0; i < m->events->len; i++) {
		const struct event *ev = EVENT(m, i);
		struct making *mk = &b.making[desc_leader(m, ev->pid)];
		enum story_fate fate;

		mk->gap_ns = MIN(mk->gap_ns + ev->gap_ns, STORY_GAP_MAX_NS);
		if (ev->kind == EV_NONE)
			continue;
		fate = mk->process != NULL ? build_event(&b, mk, i) :
		    idle_fate(&b, ev);
		story_tallies_add(&m->story->tallies, ev->row, fate, ev->line);
	}
	number_lanes(&b);
	events_find(m, b.making);
	for (guint i = 0; i < m->pids->len; i++)
		making_fini(&b.making[i]);
	g_free(b.making);
}
