/*
 * Calls that move something between a file, memory and a network.
 */
#include <string.h>

#include "sim/trace/story_own.h"

/* FNV-1a of what is shown: equal beginnings are taken for equal contents. */
static uint64_t
hash_of(const struct st_arg *arg)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	if (arg == NULL || arg->kind != ST_ARG_STRING || arg->text.n == 0)
		return 0;
	for (size_t i = 0; i < arg->text.n; i++)
		hash = (hash ^ (unsigned char)arg->text.at[i]) *
		    UINT64_C(1099511628211);
	return hash | 1;
}

static uint64_t
addr_of(const struct st_arg *arg)
{
	return arg != NULL && arg->kind == ST_ARG_NUMBER ?
	    (uint64_t)arg->number : 0;
}

static void
add_piece(struct maker *m, int64_t len, const struct st_arg *data)
{
	struct event_piece piece = {.len = MIN(len, STORY_RW_MAX),
	    .addr = addr_of(data), .text = hash_of(data)};

	if (len > 0)
		g_array_append_val(m->pieces, piece);
}

static int64_t
sum_from(struct maker *m, uint32_t first)
{
	int64_t sum = 0;

	for (guint i = first; i < m->pieces->len; i++)
		sum += PIECE(m, i)->len;
	return sum;
}

/*
 * The lengths in an iovec.  What is not shown of it counts as returned; that
 * much is one piece of memory.  => false: it is none
 */
static bool
add_iovec(struct maker *m, struct event *ev, const struct st_arg *list)
{
	const struct st_line *line = m->line;
	bool is_whole = true;
	int64_t sum;

	if (list == NULL || list->kind != ST_ARG_LIST) {
		is_whole = false;
		if (list == NULL || list->kind != ST_ARG_NUMBER)
			return false;
	} else
		for (size_t i = (size_t)(list - line->args) + 1;
		    i < list->next; i = line->args[i].next) {
			const struct st_arg *len = st_arg_key(line,
			    &line->args[i], "iov_len");

			if (len != NULL && len->number >= 0)
				add_piece(m, len->number, st_arg_key(line,
				    &line->args[i], "iov_base"));
			else
				is_whole = false;
		}
	sum = sum_from(m, ev->first_piece);
	if (!is_whole) {
		ev->is_hidden = true;
		add_piece(m, line->result.number - sum, NULL);
	}
	return true;
}

static void
seen_until(struct maker *m, uint32_t thing, int64_t end)
{
	struct seen_file *file = SEEN_FILE(m, THING(m, thing)->file);

	file->seen_bytes = MIN(MAX(file->seen_bytes, end), STORY_SIZE_MAX);
}

/* What has to be a socket of a network; a guess where nothing else is known. */
static enum story_fate
as_socket(struct maker *m, struct event *ev, bool may_guess)
{
	struct thing *t;

	if (ev->thing == STORY_NONE)
		return FATE_NO_IO;
	t = THING(m, ev->thing);
	if (t->kind == THING_FILE) {
		t->at = MIN(t->at + MAX(m->line->result.number, 0),
		    STORY_SIZE_MAX);
		seen_until(m, ev->thing, t->at);
	}
	if (t->kind != THING_SOCKET)
		return FATE_FILE_WRITE;
	if (t->sock == SOCK_UNKNOWN && may_guess) {
		m->n_guessed_sockets++;
		t->sock = SOCK_TCP;
	}
	if (t->sock != SOCK_TCP && t->sock != SOCK_UDP)
		return FATE_LOCAL;
	if (t->role == ROLE_NONE)
		t->role = ROLE_CALLED;
	return FATE_USED;
}

static enum story_fate
send_pieces(struct maker *m, struct event *ev, bool may_guess)
{
	enum story_fate fate;

	if (call_failed(m) && !call_error(m, "EAGAIN") &&
	    !call_error(m, "EWOULDBLOCK"))
		return FATE_FAILED;
	fate = as_socket(m, ev, may_guess);
	if (fate != FATE_USED)
		return fate;
	ev->len = sum_from(m, ev->first_piece);
	ev->result = CLAMP(m->line->result.number, 0, ev->len);
	if (ev->len == 0)
		return FATE_FAILED;
	ev->is_datagram = THING(m, ev->thing)->sock == SOCK_UDP;
	ev->kind = EV_SEND;
	return FATE_USED;
}

static enum story_fate
write_one(struct maker *m, struct event *ev, bool may_guess)
{
	int64_t len;

	ev->thing = call_desc(m, ev, 0);
	if (!call_size(m, 2, &len))
		return FATE_UNKNOWN;
	add_piece(m, len, st_arg_at(m->line, 1));
	return send_pieces(m, ev, may_guess);
}

enum story_fate
call_write(struct maker *m, struct event *ev)
{
	return write_one(m, ev, true);
}

enum story_fate
call_writev(struct maker *m, struct event *ev)
{
	ev->thing = call_desc(m, ev, 0);
	if (!add_iovec(m, ev, st_arg_at(m->line, 1)))
		return FATE_UNKNOWN;
	return send_pieces(m, ev, true);
}

/* An address that is no internet's tells what the socket is. */
enum story_fate
call_send(struct maker *m, struct event *ev)
{
	const struct st_arg *to = st_arg_at(m->line, 4), *family = NULL;

	ev->thing = call_desc(m, ev, 0);
	if (to != NULL && to->kind == ST_ARG_STRUCT)
		family = st_arg_key(m->line, to, "sa_family");
	if (family != NULL && ev->thing != STORY_NONE &&
	    THING(m, ev->thing)->sock == SOCK_UNKNOWN)
		THING(m, ev->thing)->sock =
		    st_text_begins(family->text, "AF_INET") ? SOCK_UDP :
		    SOCK_LOCAL;
	return write_one(m, ev, true);
}

static const struct st_arg *
iovec_of_message(struct maker *m)
{
	const struct st_arg *message = st_arg_at(m->line, 1);

	if (message == NULL || message->kind != ST_ARG_STRUCT)
		return message;
	return st_arg_key(m->line, message, "msg_iov");
}

/* Servers talk to each other with those: no guess. */
enum story_fate
call_sendmsg(struct maker *m, struct event *ev)
{
	ev->thing = call_desc(m, ev, 0);
	if (!add_iovec(m, ev, iovec_of_message(m)))
		return FATE_UNKNOWN;
	return send_pieces(m, ev, false);
}

/* The offset is shown as [0] => [4096], or it is the file's own. */
enum story_fate
call_sendfile(struct maker *m, struct event *ev)
{
	const struct st_arg *offset = st_arg_at(m->line, 2);
	struct thing *from;
	int64_t taken = MAX(m->line->result.number, 0);

	ev->thing = call_desc(m, ev, 0);
	ev->other = call_desc(m, ev, 1);
	if (call_failed(m) && !call_error(m, "EAGAIN"))
		return FATE_FAILED;
	if (!call_size(m, 3, &ev->len) || offset == NULL ||
	    ev->other == STORY_NONE ||
	    THING(m, ev->other)->kind != THING_FILE)
		return FATE_UNKNOWN;
	from = THING(m, ev->other);
	ev->len = MIN(ev->len, STORY_RW_MAX);
	ev->result = MIN(taken, ev->len);
	if (offset->kind == ST_ARG_LIST &&
	    offset->next > (size_t)(offset - m->line->args) + 1)
		ev->offset = offset[1].number;
	else if (offset->kind == ST_ARG_NULL) {
		ev->offset = from->at;
		from->at = MIN(from->at + ev->result, STORY_SIZE_MAX);
	} else
		return FATE_UNKNOWN;
	if (ev->offset < 0 || ev->offset > STORY_SIZE_MAX)
		return FATE_UNKNOWN;
	seen_until(m, ev->other, ev->offset + ev->result);
	if (as_socket(m, ev, true) == FATE_USED)
		ev->kind = EV_SENDFILE;
	return as_socket(m, ev, true);
}

/* What came of a read, from a file at an offset or from a network. */
static enum story_fate
read_bytes(struct maker *m, struct event *ev, int64_t len, bool is_at_own)
{
	struct thing *t;

	ev->thing = call_desc(m, ev, 0);
	if (call_failed(m))
		return call_error(m, "EAGAIN") ? FATE_WAITS : FATE_FAILED;
	if (ev->thing == STORY_NONE)
		return FATE_NO_IO;
	t = THING(m, ev->thing);
	ev->len = CLAMP(len, 0, STORY_RW_MAX);
	ev->result = CLAMP(m->line->result.number, 0, ev->len);
	if (t->kind == THING_FILE) {
		if (is_at_own) {
			ev->offset = t->at;
			t->at = MIN(t->at + ev->result, STORY_SIZE_MAX);
		}
		seen_until(m, ev->thing, ev->offset + ev->result);
		ev->kind = EV_READ;
		return FATE_USED;
	}
	if (t->kind != THING_SOCKET)
		return FATE_NO_IO;
	if (t->sock == SOCK_LOCAL || t->sock == SOCK_UNKNOWN)
		return FATE_LOCAL;
	ev->kind = EV_RECEIVE;
	return FATE_USED;
}

enum story_fate
call_read(struct maker *m, struct event *ev)
{
	int64_t len;

	if (!call_size(m, 2, &len))
		return FATE_UNKNOWN;
	ev->text = hash_of(st_arg_at(m->line, 1));
	ev->addr = addr_of(st_arg_at(m->line, 1));
	return read_bytes(m, ev, len, true);
}

enum story_fate
call_pread(struct maker *m, struct event *ev)
{
	int64_t len;

	if (!call_size(m, 2, &len) || !call_size(m, 3, &ev->offset))
		return FATE_UNKNOWN;
	ev->text = hash_of(st_arg_at(m->line, 1));
	ev->addr = addr_of(st_arg_at(m->line, 1));
	return read_bytes(m, ev, len, false);
}

/* Lengths asked for of a read's iovec: their sum; pieces are dropped. */
static bool
iovec_sum(struct maker *m, struct event *ev, const struct st_arg *list,
    int64_t *sum)
{
	bool is_one = add_iovec(m, ev, list);

	*sum = sum_from(m, ev->first_piece);
	if (m->pieces->len > ev->first_piece)
		ev->text = PIECE(m, ev->first_piece)->text;
	g_array_set_size(m->pieces, ev->first_piece);
	return is_one;
}

enum story_fate
call_readv(struct maker *m, struct event *ev)
{
	int64_t len;

	if (!iovec_sum(m, ev, st_arg_at(m->line, 1), &len))
		return call_failed(m) ? FATE_FAILED : FATE_UNKNOWN;
	return read_bytes(m, ev, len, true);
}

enum story_fate
call_preadv(struct maker *m, struct event *ev)
{
	int64_t len;

	if (!iovec_sum(m, ev, st_arg_at(m->line, 1), &len))
		return call_failed(m) ? FATE_FAILED : FATE_UNKNOWN;
	if (!call_size(m, 3, &ev->offset))
		return FATE_UNKNOWN;
	return read_bytes(m, ev, len, false);
}

enum story_fate
call_recv(struct maker *m, struct event *ev)
{
	return call_has(m, 3, "MSG_PEEK", 0x2) ? FATE_NO_IO :
	    call_read(m, ev);
}

enum story_fate
call_recvmsg(struct maker *m, struct event *ev)
{
	int64_t len;

	if (call_failed(m))
		return call_error(m, "EAGAIN") ? FATE_WAITS : FATE_FAILED;
	if (!iovec_sum(m, ev, iovec_of_message(m), &len))
		return FATE_UNKNOWN;
	return call_has(m, 2, "MSG_PEEK", 0x2) ? FATE_NO_IO :
	    read_bytes(m, ev, len, true);
}

/* Payload that goes past the program, which no call here does. */
enum story_fate
call_splice(struct maker *m, struct event *ev)
{
	for (size_t i = 0; i < 3; i++) {
		const struct st_arg *arg = st_arg_at(m->line, i);
		uint32_t thing = arg != NULL && arg->kind == ST_ARG_FD ?
		    desc_thing(m, ev->pid, arg) : STORY_NONE;

		if (thing != STORY_NONE && !call_failed(m) &&
		    THING(m, thing)->kind == THING_SOCKET &&
		    THING(m, thing)->sock != SOCK_LOCAL)
			return FATE_UNKNOWN;
	}
	return FATE_OTHER_IO;
}
