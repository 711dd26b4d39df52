#include "sim/process/replay_op.h"

#include "models/base/min.h"

enum { RECEIVE_MAX = 1 << 16 };

static int64_t
opened(struct replay *r, const struct story_op *op, int fd)
{
	r->fds[op->handle] = fd;
	return fd;
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
	return sys_pread(r->ps, r->fds[op->handle],
	    (uint64_t)(addr + op->at), op->len, op->offset);
}

static int64_t
do_mmap(struct replay *r, const struct story_op *op)
{
	int64_t addr = op->kind == STORY_MMAP_ANON ?
	    sys_mmap(r->ps, op->len) :
	    sys_mmap_file(r->ps, r->fds[op->handle], op->offset, op->len,
	    SYS_MAP_SHARED);

	r->memory.mappings[op->index] = addr;
	return addr;
}

static int64_t
do_munmap(struct replay *r, const struct story_op *op)
{
	return sys_munmap(r->ps,
	    (uint64_t)(r->memory.mappings[op->index] + op->offset), op->len);
}

int
replay_listener(const struct replay *r, const struct story_op *op)
{
	const struct story_connection *conn =
	    &g_array_index(r->story->connections, struct story_connection,
	    op->index);

	return r->listeners[conn->lane - r->process->first_lane];
}

/* Requests may come in other portions than those of the recording. */
static int64_t
try_receive(struct replay *r, const struct story_op *op,
    struct replay_progress *at)
{
	int64_t *ahead = &r->ahead[op->handle];
	int64_t addr = replay_receive_buffer(&r->memory, RECEIVE_MAX);
	int64_t n = 0;

	if (addr < 0)
		return addr;
	if (*ahead < op->n_bytes) {
		n = sys_read(r->ps, r->fds[op->handle], (uint64_t)addr,
		    min_i64(op->len, RECEIVE_MAX));
		if (n <= 0)
			return n == 0 ? SYS_ECONNABORTED : n;
		*ahead += n;
	}
	at->is_through = *ahead >= op->n_bytes;
	if (at->is_through)
		*ahead -= op->n_bytes;
	return n;
}

static int64_t
try_receive_end(struct replay *r, const struct story_op *op,
    struct replay_progress *at)
{
	int64_t addr = replay_receive_buffer(&r->memory, RECEIVE_MAX);
	int64_t n = addr < 0 ? addr : sys_read(r->ps, r->fds[op->handle],
	    (uint64_t)addr, RECEIVE_MAX);

	at->is_through = n == 0;
	return n;
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

/* Where a piece lies. => below 0: why it lies nowhere */
static int64_t
place(struct replay *r, const struct story_piece *piece)
{
	int64_t addr = piece->source == STORY_FROM_MAPPING ?
	    r->memory.mappings[piece->index] :
	    replay_buffer(&r->memory, piece->index);

	return addr < 0 ? addr : addr + piece->offset;
}

/*
 * What is to be sent next, up to n pieces; what the program stores to before it
 * sends it is stored to, once.  => bytes, or why not
 */
static int64_t
gather(struct replay *r, const struct story_op *op,
    struct replay_progress *at, struct sys_iovec *iov, uint32_t n)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < n; i++) {
		const struct story_piece *piece = &g_array_index(
		    r->part->pieces, struct story_piece,
		    op->first_piece + at->piece + i);
		int64_t skip = i == 0 ? at->into : 0;
		int64_t addr = place(r, piece);

		if (addr < 0)
			return addr;
		if (at->piece + i >= at->n_filled) {
			at->n_filled++;
			if (piece->is_filled && sys_touch(r->ps,
			    (uint64_t)addr, piece->len, true) < 0)
				return SYS_ENDED;
		}
		iov[i] = (struct sys_iovec){(uint64_t)(addr + skip),
		    piece->len - skip};
		sum += iov[i].len;
	}
	return sum;
}

static int64_t
write_pieces(struct replay *r, const struct story_op *op,
    const struct sys_iovec *iov, uint32_t n)
{
	int fd = r->fds[op->handle];

	if (n > 1)
		return sys_writev(r->ps, fd, iov, (int)n);
	return op->kind == STORY_SENDTO ?
	    sys_sendto(r->ps, fd, iov[0].base, iov[0].len) :
	    sys_write(r->ps, fd, iov[0].base, iov[0].len);
}

static void
advance(struct replay_progress *at, const struct sys_iovec *iov, int64_t n)
{
	for (; n > 0 && n >= iov->len; iov++) {
		n -= iov->len;
		at->piece++;
		at->into = 0;
	}
	at->into += n;
}

static int64_t
try_send(struct replay *r, const struct story_op *op,
    struct replay_progress *at)
{
	uint32_t n = MIN(op->n_pieces - at->piece, UIO_MAXIOV);
	g_autofree struct sys_iovec *iov = g_new(struct sys_iovec, n);
	int64_t sum = gather(r, op, at, iov, n);
	int64_t taken = sum < 0 ? sum : write_pieces(r, op, iov, n);

	/* a datagram that finds no room is lost, as ever */
	if (op->kind == STORY_SENDTO && taken == SYS_ENOBUFS)
		taken = sum;
	if (taken < 0)
		return taken;
	advance(at, iov, taken);
	at->is_short = taken < sum;
	at->is_through = taken == 0 || at->piece == op->n_pieces;
	return taken;
}

static int64_t
try_sendfile(struct replay *r, const struct story_op *op,
    struct replay_progress *at)
{
	int64_t left = op->len - at->into;
	int64_t n = sys_sendfile(r->ps, r->fds[op->handle],
	    r->fds[op->index], op->offset + at->into, left);

	if (n < 0)
		return n;
	at->into += n;
	at->is_short = n < left;
	at->is_through = n == 0 || n == left;
	return n;
}

/* What takes one call. */
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
		return opened(r, op, sys_accept(r->ps,
		    replay_listener(r, op)));
	case STORY_CONNECT:
		return opened(r, op, sys_connect(r->ps, r->ps->config->port,
		    &r->opts));
	case STORY_UDP:
		return opened(r, op, sys_udp(r->ps, r->ps->config->port,
		    &r->opts));
	case STORY_SAY:
		return do_say(r, op);
	case STORY_SHUTDOWN:
		return sys_shutdown(r->ps, r->fds[op->handle]);
	case STORY_CLOSE:
		return sys_close(r->ps, r->fds[op->handle]);
	case STORY_RECEIVE:
	case STORY_RECEIVE_END:
	case STORY_SEND:
	case STORY_SENDTO:
	case STORY_SENDFILE:
		break;
	}
	return 0;
}

int64_t
replay_try(struct replay *r, const struct story_op *op,
    struct replay_progress *at)
{
	switch (op->kind) {
	case STORY_RECEIVE:
		return try_receive(r, op, at);
	case STORY_RECEIVE_END:
		return try_receive_end(r, op, at);
	case STORY_SEND:
	case STORY_SENDTO:
		return try_send(r, op, at);
	case STORY_SENDFILE:
		return try_sendfile(r, op, at);
	default:
		at->is_through = true;
		return do_op(r, op);
	}
}

int64_t
replay_whole(struct replay *r, const struct story_op *op)
{
	struct replay_progress at = {0};
	int64_t n;

	do
		n = replay_try(r, op, &at);
	while (n >= 0 && !at.is_through);
	process_note(r->ps, n);
	return n;
}

bool
replay_think(struct replay *r, const struct story_op *op)
{
	if (!r->ps->config->replay_keeps_think || op->think_ns == 0)
		return true;
	return sys_sleep_until(r->ps, sys_now(r->ps) +
	    op->think_ns * PS_PER_NS) == 0;
}
