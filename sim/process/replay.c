#include "sim/process/replay.h"

#include "models/base/min.h"
#include "sim/process/replay_memory.h"
#include "sim/process/sys.h"
#include "sim/trace/story.h"

enum {
	BACKLOG = 5,		/* as ever: the SOMAXCONN of 4.2BSD */
	RECEIVE_MAX = 1 << 16
};

struct replay {
	struct process *ps;
	const struct story *story;
	const struct story_process *process;
	const struct story_part *part;
	struct sys_sockopts opts;
	int *fds;		/* of handles */
	int64_t *ahead;		/* came before it was asked for, of handles */
	int *listeners;		/* of lanes */
	struct replay_memory memory;
};

/* => below 0: the replay ends here; all errors are told that are not the end */
static int64_t
noted(struct replay *r, int64_t result)
{
	process_note(r->ps, result);
	return result;
}

static int64_t
opened(struct replay *r, const struct story_op *op, int fd)
{
	r->fds[op->handle] = fd;
	return noted(r, fd);
}

static int64_t
do_open(struct replay *r, const struct story_op *op)
{
	const struct story_file *file = &g_array_index(r->story->files,
	    struct story_file, op->index);

	return opened(r, op, sys_open(r->ps,
	    r->ps->config->story_first_file + file->number - 1));
}

static int64_t
do_read(struct replay *r, const struct story_op *op)
{
	int64_t addr = replay_buffer(&r->memory, op->index);

	if (addr < 0)
		return addr;
	return noted(r, sys_pread(r->ps, r->fds[op->handle],
	    (uint64_t)(addr + op->at), op->len, op->offset));
}

static int64_t
do_mmap(struct replay *r, const struct story_op *op)
{
	int64_t addr = op->kind == STORY_MMAP_ANON ?
	    sys_mmap(r->ps, op->len) :
	    sys_mmap_file(r->ps, r->fds[op->handle], op->offset, op->len,
	    SYS_MAP_SHARED);

	r->memory.mappings[op->index] = addr;
	return noted(r, addr);
}

static int64_t
do_munmap(struct replay *r, const struct story_op *op)
{
	return noted(r, sys_munmap(r->ps,
	    (uint64_t)(r->memory.mappings[op->index] + op->offset), op->len));
}

static int64_t
do_accept(struct replay *r, const struct story_op *op)
{
	const struct story_connection *conn =
	    &g_array_index(r->story->connections, struct story_connection,
	    op->index);

	return opened(r, op, sys_accept(r->ps,
	    r->listeners[conn->lane - r->process->first_lane]));
}

/* Requests may come in other portions than those of the recording. */
static int64_t
do_receive(struct replay *r, const struct story_op *op)
{
	int64_t *ahead = &r->ahead[op->handle];
	int64_t addr = replay_receive_buffer(&r->memory, RECEIVE_MAX);

	if (addr < 0)
		return addr;
	while (*ahead < op->n_bytes) {
		int64_t n = sys_read(r->ps, r->fds[op->handle],
		    (uint64_t)addr, min_i64(op->len, RECEIVE_MAX));

		if (n <= 0)
			return noted(r, n == 0 ? SYS_ECONNABORTED : n);
		*ahead += n;
	}
	*ahead -= op->n_bytes;
	return 0;
}

static int64_t
do_receive_end(struct replay *r, const struct story_op *op)
{
	int64_t addr = replay_receive_buffer(&r->memory, RECEIVE_MAX);
	int64_t n = addr;

	while (n > 0)
		n = sys_read(r->ps, r->fds[op->handle], (uint64_t)addr,
		    RECEIVE_MAX);
	return noted(r, n);
}

/*
 * One response on a connection that the server closes ends with that; where
 * there are more, they say how long they are.
 */
static int64_t
do_say(struct replay *r, const struct story_op *op)
{
	const struct story_connection *conn =
	    &g_array_index(r->story->connections, struct story_connection,
	    op->index);
	const struct story_exchange *exchange = &g_array_index(
	    conn->exchanges, struct story_exchange, op->offset);

	if (!conn->server_closes || conn->exchanges->len > 1)
		sys_says(r->ps, r->fds[op->handle], exchange->response);
	return 0;
}

/* Where a piece lies, stored to before if the program does. => below 0: why */
static int64_t
place(struct replay *r, const struct story_piece *piece)
{
	int64_t addr = piece->source == STORY_FROM_MAPPING ?
	    r->memory.mappings[piece->index] :
	    replay_buffer(&r->memory, piece->index);

	if (addr < 0)
		return addr;
	addr += piece->offset;
	if (piece->is_filled && sys_touch(r->ps, (uint64_t)addr, piece->len,
	    true) < 0)
		return SYS_ENDED;
	return addr;
}

static int64_t
send_pieces(struct replay *r, const struct story_op *op, uint32_t first,
    int n)
{
	g_autofree struct sys_iovec *iov = g_new(struct sys_iovec, (gsize)n);

	for (int i = 0; i < n; i++) {
		const struct story_piece *piece = &g_array_index(
		    r->part->pieces, struct story_piece,
		    first + (uint32_t)i);
		int64_t addr = place(r, piece);

		if (addr < 0)
			return addr;
		iov[i] = (struct sys_iovec){(uint64_t)addr, piece->len};
	}
	if (n > 1)
		return sys_writev(r->ps, r->fds[op->handle], iov, n);
	return op->kind == STORY_SENDTO ?
	    sys_sendto(r->ps, r->fds[op->handle], iov[0].base, iov[0].len) :
	    sys_write(r->ps, r->fds[op->handle], iov[0].base, iov[0].len);
}

static int64_t
do_send(struct replay *r, const struct story_op *op)
{
	int64_t n = 0;

	for (uint32_t i = 0; i < op->n_pieces && n >= 0; i += UIO_MAXIOV)
		n = send_pieces(r, op, op->first_piece + i,
		    (int)MIN(op->n_pieces - i, UIO_MAXIOV));
	/* a datagram that finds no room is lost, as ever */
	if (op->kind == STORY_SENDTO && n == SYS_ENOBUFS)
		return 0;
	return noted(r, n);
}

static int64_t
do_sendfile(struct replay *r, const struct story_op *op)
{
	int64_t n = 0;

	for (int64_t done = 0; done < op->len; done += n) {
		n = sys_sendfile(r->ps, r->fds[op->handle], r->fds[op->index],
		    op->offset + done, op->len - done);
		if (n <= 0)
			break;
	}
	return noted(r, n);
}

static int64_t
do_op(struct replay *r, const struct story_op *op)
{
	switch (op->kind) {
	case STORY_OPEN:
		return do_open(r, op);
	case STORY_READ:
		return do_read(r, op);
	case STORY_MMAP:
	case STORY_MMAP_ANON:
		return do_mmap(r, op);
	case STORY_MUNMAP:
		return do_munmap(r, op);
	case STORY_ACCEPT:
		return do_accept(r, op);
	case STORY_CONNECT:
		return opened(r, op, sys_connect(r->ps, r->ps->config->port,
		    &r->opts));
	case STORY_UDP:
		return opened(r, op, sys_udp(r->ps, r->ps->config->port,
		    &r->opts));
	case STORY_RECEIVE:
		return do_receive(r, op);
	case STORY_RECEIVE_END:
		return do_receive_end(r, op);
	case STORY_SAY:
		return do_say(r, op);
	case STORY_SEND:
	case STORY_SENDTO:
		return do_send(r, op);
	case STORY_SENDFILE:
		return do_sendfile(r, op);
	case STORY_SHUTDOWN:
		return noted(r, sys_shutdown(r->ps, r->fds[op->handle]));
	case STORY_CLOSE:
		return noted(r, sys_close(r->ps, r->fds[op->handle]));
	}
	return 0;
}

static bool
think(struct replay *r, const struct story_op *op)
{
	if (!r->ps->config->replay_keeps_think || op->think_ns == 0)
		return true;
	return sys_sleep_until(r->ps, sys_now(r->ps) +
	    op->think_ns * PS_PER_NS) == 0;
}

static bool
listen_all(struct replay *r)
{
	for (uint32_t i = 0; i < r->process->n_lanes; i++) {
		uint32_t port = r->ps->config->port + r->process->first_lane +
		    i;

		r->listeners[i] = sys_listen(r->ps, (uint16_t)port, BACKLOG,
		    &r->opts);
		if (noted(r, r->listeners[i]) < 0)
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

		if (!think(r, op) || do_op(r, op) < 0)
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
	if (listen_all(&r))
		perform(&r);
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
