/*
 * Calls that make, share and close descriptors and processes.
 */
#include <string.h>

#include "sim/trace/story_own.h"

enum { PID_LAST = 4194304 };	/* Linux: 2^22 */

static struct st_text
text_of(const char *text)
{
	return (struct st_text){text, strlen(text)};
}

static enum story_fate
opened(struct maker *m, struct event *ev, const struct st_arg *dir,
    const struct st_arg *path, size_t flags)
{
	g_autofree char *name = NULL;

	if (call_failed(m))
		return FATE_FAILED;
	if (path == NULL || path->kind != ST_ARG_STRING)
		return FATE_UNKNOWN;
	name = g_strndup(path->text.at, path->text.n);
	if (name[0] != '/' && dir != NULL && dir->name.n > 0) {
		char *joined = g_strdup_printf("%.*s/%s", (int)dir->name.n,
		    dir->name.at, name);

		g_free(name);
		name = joined;
	}
	ev->thing = call_has(m, flags, "O_DIRECTORY", 0x10000) ? 0 :
	    desc_new_file(m, desc_file(m, text_of(name)));
	ev->thing = desc_result(m, ev->pid, ev->thing);
	if (ev->thing == 0)
		return FATE_NO_IO;
	ev->kind = EV_OPEN;
	return FATE_USED;
}

enum story_fate
call_open(struct maker *m, struct event *ev)
{
	return opened(m, ev, NULL, st_arg_at(m->line, 0), 1);
}

enum story_fate
call_openat(struct maker *m, struct event *ev)
{
	return opened(m, ev, st_arg_at(m->line, 0), st_arg_at(m->line, 1), 2);
}

static enum story_fate
fate_of_thing(struct maker *m, uint32_t thing)
{
	if (thing == STORY_NONE || THING(m, thing)->kind == THING_OTHER)
		return FATE_NO_IO;
	return THING(m, thing)->kind == THING_SOCKET &&
	    THING(m, thing)->sock == SOCK_LOCAL ? FATE_LOCAL : FATE_USED;
}

/* The last descriptor closes what it refers to. */
static enum story_fate
closing(struct maker *m, struct event *ev, const struct st_arg *fd)
{
	enum story_fate fate;

	ev->thing = desc_thing(m, ev->pid, fd);
	if (fd != NULL)
		desc_set(m, ev->pid, fd->number, STORY_NONE);
	fate = fate_of_thing(m, ev->thing);
	if (fate == FATE_USED && !desc_has(m, ev->pid, ev->thing))
		ev->kind = EV_CLOSE;
	return fate;
}

enum story_fate
call_close(struct maker *m, struct event *ev)
{
	return call_failed(m) ? FATE_FAILED :
	    closing(m, ev, st_arg_at(m->line, 0));
}

/* dup, dup2, dup3: another name, which may take the place of one */
enum story_fate
call_dup(struct maker *m, struct event *ev)
{
	uint32_t thing = call_desc(m, ev, 0);
	const struct st_arg *old = st_arg_at(m->line, 1);

	if (call_failed(m))
		return FATE_FAILED;
	if (old != NULL && old->number == m->line->result.number &&
	    thing != desc_thing(m, ev->pid, old))
		closing(m, ev, old);
	if (m->line->result.kind == ST_RESULT_FD && thing == STORY_NONE)
		thing = 0;
	desc_set(m, ev->pid, m->line->result.number, thing);
	return fate_of_thing(m, thing);
}

/* Its calls do not wait. */
static void
set_nonblocking(struct maker *m, uint32_t thing)
{
	if (thing == STORY_NONE || THING(m, thing)->is_nonblocking)
		return;
	THING(m, thing)->is_nonblocking = true;
	m->n_nonblocking++;
}

enum story_fate
call_fcntl(struct maker *m, struct event *ev)
{
	uint32_t thing = call_desc(m, ev, 0);
	const struct st_arg *command = st_arg_at(m->line, 1);

	if (call_failed(m))
		return FATE_FAILED;
	if (command != NULL && st_text_begins(command->text, "F_DUPFD")) {
		desc_set(m, ev->pid, m->line->result.number, thing);
		return fate_of_thing(m, thing);
	}
	if (call_has(m, 2, "O_NONBLOCK", 0x800) &&
	    fate_of_thing(m, thing) == FATE_USED)
		set_nonblocking(m, thing);
	return FATE_OPTION;
}

enum story_fate
call_ioctl(struct maker *m, struct event *ev)
{
	if (call_has(m, 1, "FIONBIO", 0))
		set_nonblocking(m, call_desc(m, ev, 0));
	return FATE_OPTION;
}

static enum sock_kind
kind_of_call(struct maker *m)
{
	const struct st_arg *domain = st_arg_at(m->line, 0);

	if (domain == NULL || !(st_arg_has(domain, "AF_INET") ||
	    st_arg_has(domain, "AF_INET6") || st_arg_has(domain, "PF_INET") ||
	    st_arg_has(domain, "PF_INET6")))
		return SOCK_LOCAL;
	if (call_has(m, 1, "SOCK_STREAM", 0))
		return SOCK_TCP;
	return call_has(m, 1, "SOCK_DGRAM", 0) ? SOCK_UDP : SOCK_LOCAL;
}

enum story_fate
call_socket(struct maker *m, struct event *ev)
{
	enum sock_kind kind = kind_of_call(m);
	uint32_t thing;

	if (call_failed(m))
		return FATE_FAILED;
	thing = desc_result(m, ev->pid, desc_new_socket(m, kind));
	if (call_has(m, 1, "SOCK_NONBLOCK", 0))
		set_nonblocking(m, thing);
	return kind == SOCK_LOCAL ? FATE_LOCAL : FATE_USED;
}

enum story_fate
call_socketpair(struct maker *m, struct event *ev)
{
	const struct st_arg *list = st_arg_at(m->line, 3);

	if (call_failed(m) || list == NULL || list->kind != ST_ARG_LIST)
		return FATE_LOCAL;
	for (size_t i = (size_t)(list - m->line->args) + 1; i < list->next;
	    i = m->line->args[i].next) {
		const struct st_arg *fd = &m->line->args[i];
		uint32_t thing = desc_new_socket(m, SOCK_LOCAL);

		if (fd->name.n > 0)
			desc_name(m, thing, fd->name);
		desc_set(m, ev->pid, fd->number, thing);
	}
	return FATE_LOCAL;
}

/* Options of TCP tell what a socket is that was there before. */
enum story_fate
call_setsockopt(struct maker *m, struct event *ev)
{
	uint32_t thing = call_desc(m, ev, 0);
	struct thing *t = thing != STORY_NONE ? THING(m, thing) : NULL;

	if (t != NULL && t->kind == THING_SOCKET &&
	    t->sock == SOCK_UNKNOWN && (call_has(m, 1, "SOL_TCP", 0) ||
	    call_has(m, 1, "IPPROTO_TCP", 0)))
		t->sock = SOCK_TCP;
	return FATE_OPTION;
}

/* A socket by its descriptor, or NULL if it is none of a network. */
static struct thing *
socket_of(struct maker *m, struct event *ev)
{
	ev->thing = call_desc(m, ev, 0);
	if (ev->thing == STORY_NONE)
		return NULL;
	return THING(m, ev->thing)->kind == THING_SOCKET &&
	    THING(m, ev->thing)->sock != SOCK_LOCAL ?
	    THING(m, ev->thing) : NULL;
}

enum story_fate
call_listen(struct maker *m, struct event *ev)
{
	struct thing *t = socket_of(m, ev);

	if (call_failed(m))
		return FATE_FAILED;
	if (t == NULL)
		return FATE_LOCAL;
	t->role = ROLE_LISTENS;
	return FATE_USED;
}

/* The family in the address that is argument i, or NULL. */
static const struct st_arg *
family_of(struct maker *m, size_t i)
{
	const struct st_arg *address = st_arg_at(m->line, i);

	if (address == NULL || address->kind != ST_ARG_STRUCT)
		return NULL;
	return st_arg_key(m->line, address, "sa_family");
}

static bool
is_local(const struct st_arg *family)
{
	return family != NULL && !st_text_begins(family->text, "AF_INET");
}

enum story_fate
call_accept(struct maker *m, struct event *ev)
{
	uint32_t listener = call_desc(m, ev, 0), thing;
	struct thing *from = listener != STORY_NONE && listener != 0 ?
	    THING(m, listener) : NULL;
	enum sock_kind kind = SOCK_TCP;

	if (call_failed(m))
		return FATE_WAITS;
	if (is_local(family_of(m, 1)) ||
	    (from != NULL && from->sock == SOCK_LOCAL))
		kind = SOCK_LOCAL;
	if (from != NULL && from->kind == THING_SOCKET) {
		from->role = ROLE_LISTENS;
		from->sock = kind;
	}
	thing = desc_new_socket(m, kind);
	THING(m, thing)->role = ROLE_ACCEPTED;
	ev->thing = desc_result(m, ev->pid, thing);
	if (call_has(m, 3, "SOCK_NONBLOCK", 0x800))
		set_nonblocking(m, ev->thing);
	if (kind == SOCK_LOCAL)
		return FATE_LOCAL;
	ev->kind = EV_ACCEPT;
	return FATE_USED;
}

enum story_fate
call_connect(struct maker *m, struct event *ev)
{
	struct thing *t;

	ev->thing = call_desc(m, ev, 0);
	if (ev->thing == STORY_NONE) {
		ev->thing = desc_new_socket(m, SOCK_UNKNOWN);
		desc_set(m, ev->pid, st_arg_at(m->line, 0) != NULL ?
		    st_arg_at(m->line, 0)->number : -1, ev->thing);
	}
	t = THING(m, ev->thing);
	if (t->kind != THING_SOCKET)
		return FATE_UNKNOWN;
	if (is_local(family_of(m, 1)))
		t->sock = SOCK_LOCAL;
	if (t->sock == SOCK_LOCAL)
		return FATE_LOCAL;
	if (call_failed(m) && !call_error(m, "EINPROGRESS"))
		return FATE_FAILED;
	if (t->sock == SOCK_UNKNOWN)
		t->sock = SOCK_TCP;
	t->role = ROLE_CALLED;
	ev->kind = EV_CONNECT;
	return FATE_USED;
}

enum story_fate
call_shutdown(struct maker *m, struct event *ev)
{
	const struct thing *t = socket_of(m, ev);

	if (call_failed(m) || call_has(m, 1, "SHUT_RD", 0))
		return FATE_FAILED;
	if (t == NULL)
		return FATE_LOCAL;
	ev->kind = EV_SHUTDOWN;
	return FATE_USED;
}

static enum story_fate
forked(struct maker *m, struct event *ev, bool is_shared)
{
	int64_t child = m->line->result.number;

	if (call_failed(m) || child == 0 || child > PID_LAST)
		return FATE_FAILED;
	desc_fork(m, ev->pid, child, is_shared);
	return FATE_USED;
}

enum story_fate
call_fork(struct maker *m, struct event *ev)
{
	return forked(m, ev, false);
}

/* clone, clone3: the flags are a member or an argument with a name */
enum story_fate
call_clone(struct maker *m, struct event *ev)
{
	bool is_shared = false;

	for (size_t i = 0; i < m->line->n_args; i++) {
		const struct st_arg *arg = &m->line->args[i];

		if (st_text_is(arg->key, "flags"))
			is_shared |= st_arg_has(arg, "CLONE_FILES") ||
			    st_arg_has(arg, "CLONE_THREAD");
	}
	return forked(m, ev, is_shared);
}

enum story_fate
call_exec(struct maker *m, struct event *ev)
{
	if (call_failed(m))
		return FATE_FAILED;
	ev->kind = EV_EXEC;
	return FATE_NO_IO;
}
