#include "sim/process/httpd_events.h"

#include <glib.h>

#include "models/base/min.h"
#include "sim/process/httpd.h"
#include "sim/process/server.h"

/* A connection, and the rest of the response on it. */
struct conn {
	uint32_t events;	/* that poll is asked for */
	bool is_last;		/* nothing more will be asked for */
	uint64_t header;	/* its memory for that */
	struct sys_iovec left[2];	/* of header and file */
};

/* A file that was asked for. */
struct mapped {
	bool is_there;
	uint64_t addr;
	int64_t bytes;
};

struct loop {
	struct process *ps;
	int listener;
	bool is_deaf;		/* not asking for callers, */
	sim_time deaf_until;	/* ... up to this */
	uint64_t request;
	int64_t header_bytes;
	struct conn *conns;	/* by descriptor */
	int n_conns;
	struct mapped *files;	/* by number */
	uint32_t n_files;
};

/*
 * Files
 */

/* An empty one is nowhere. */
static bool
map_file(struct process *ps, uint32_t file, struct mapped *m)
{
	struct file_part part;
	int64_t addr = 0;

	if (file_whole(ps, file, &part) < 0)
		return false;
	if (part.bytes > 0)
		addr = sys_mmap_file(ps, part.fd, 0, part.bytes,
		    SYS_MAP_SHARED);
	sys_close(ps, part.fd);
	*m = (struct mapped){addr >= 0, (uint64_t)addr, part.bytes};
	return m->is_there;
}

/* => NULL: it cannot be had */
static const struct mapped *
find_file(struct loop *ev, uint32_t file)
{
	if (file >= ev->n_files) {
		uint32_t n = file + 1;

		ev->files = g_renew(struct mapped, ev->files, n);
		for (uint32_t i = ev->n_files; i < n; i++)
			ev->files[i] = (struct mapped){0};
		ev->n_files = n;
	}
	return ev->files[file].is_there ||
	    map_file(ev->ps, file, &ev->files[file]) ? &ev->files[file] : NULL;
}

/*
 * Connections
 */
enum { FIRST_CONNS = 64 };

/* Room for a descriptor, and memory for headers. => false: there is none */
static bool
make_room(struct loop *ev, int fd)
{
	int n = ev->n_conns == 0 ? FIRST_CONNS : ev->n_conns;
	int64_t align = ev->ps->config->align, addr;

	while (n <= fd)
		n *= 2;
	if (n <= ev->n_conns)
		return true;
	addr = sys_mmap(ev->ps, align +
	    MAX(1, (n - ev->n_conns) * ev->header_bytes));
	if (addr < 0)
		return false;
	ev->conns = g_renew(struct conn, ev->conns, (gsize)n);
	for (int i = ev->n_conns; i < n; i++)
		ev->conns[i] = (struct conn){.header = (uint64_t)(addr + align +
		    (i - ev->n_conns) * ev->header_bytes)};
	ev->n_conns = n;
	return true;
}

static void
want(struct loop *ev, int fd, uint32_t events)
{
	struct conn *c = &ev->conns[fd];

	if (c->events != events)
		sys_poll_want(ev->ps, fd, events);
	c->events = events;
}

static void
hang_up(struct loop *ev, int fd)
{
	want(ev, fd, 0);
	sys_close(ev->ps, fd);
	if (ev->is_deaf)
		ev->deaf_until = sys_now(ev->ps);
}

static void
advance(struct sys_iovec left[2], int64_t n)
{
	for (int i = 0; i < 2; i++) {
		int64_t of_this = min_i64(n, left[i].len);

		left[i].base += (uint64_t)of_this;
		left[i].len -= of_this;
		n -= of_this;
	}
}

/* As much as it takes. => false: the connection is to be closed */
static bool
send_rest(struct loop *ev, int fd)
{
	struct conn *c = &ev->conns[fd];
	int skip = c->left[0].len == 0;
	int64_t n = 0;

	if (c->left[0].len + c->left[1].len > 0)
		n = sys_writev(ev->ps, fd, c->left + skip,
		    c->left[1].len == 0 ? 1 : 2 - skip);
	if (n < 0 && n != SYS_EWOULDBLOCK)
		return false;
	advance(c->left, MAX(n, 0));
	if (c->left[0].len + c->left[1].len > 0)
		want(ev, fd, SYS_POLLOUT);
	else if (c->is_last)
		return false;
	else
		want(ev, fd, SYS_POLLIN);
	return true;
}

/* => as send_rest */
static bool
answer(struct loop *ev, int fd, const struct sys_words *words)
{
	struct conn *c = &ev->conns[fd];
	const struct mapped *m = find_file(ev, words->file);
	int64_t bytes;

	if (m == NULL)
		return false;
	bytes = MAX(min_i64(m->bytes - words->offset, words->len), 0);
	c->is_last = words->is_last;
	c->left[0] = (struct sys_iovec){c->header, ev->header_bytes};
	c->left[1] = (struct sys_iovec){m->addr + (uint64_t)words->offset,
	    bytes};
	return server_say(ev->ps, fd, c->left[0], bytes) &&
	    send_rest(ev, fd);
}

/* => as send_rest */
static bool
hear(struct loop *ev, int fd)
{
	struct sys_words words;
	int64_t n = sys_read_request(ev->ps, fd, ev->request,
	    SERVER_REQUEST_ROOM, &words);

	if (n == SYS_EWOULDBLOCK)
		return true;
	return n > 0 && answer(ev, fd, &words);
}

static void
serve(struct loop *ev, int fd)
{
	bool goes_on = ev->conns[fd].events == SYS_POLLOUT ?
	    send_rest(ev, fd) : hear(ev, fd);

	if (!goes_on)
		hang_up(ev, fd);
}

/*
 * Callers
 */
static void
fall_deaf(struct loop *ev)
{
	sys_poll_want(ev->ps, ev->listener, 0);
	ev->is_deaf = true;
	ev->deaf_until = sys_now(ev->ps) + SERVER_SLEEP;
}

/* All that have called. => below 0: the run has ended */
static int64_t
welcome(struct loop *ev)
{
	for (;;) {
		int fd = sys_accept(ev->ps, ev->listener);

		switch (fd) {
		case SYS_ECONNABORTED:	/* gone before it was accepted */
			continue;
		case SYS_EWOULDBLOCK:
			return 0;
		case SYS_EMFILE:
		case SYS_ENFILE:
			fall_deaf(ev);
			return 0;
		default:
			break;
		}
		process_note(ev->ps, fd);
		if (fd < 0)
			return fd;
		if (make_room(ev, fd))
			want(ev, fd, SYS_POLLIN);
		else
			sys_close(ev->ps, fd);
	}
}

static void
listen_again(struct loop *ev)
{
	if (!ev->is_deaf || sys_now(ev->ps) < ev->deaf_until)
		return;
	ev->is_deaf = false;
	sys_poll_want(ev->ps, ev->listener, SYS_POLLIN);
}

/* => below 0: the run has ended */
static int64_t
take_events(struct loop *ev)
{
	int64_t n = sys_poll(ev->ps, ev->is_deaf ?
	    MAX(ev->deaf_until - sys_now(ev->ps), 0) : -1);
	int64_t error = n;

	for (int64_t i = 0; i < n && error >= 0; i++) {
		int fd = sys_poll_found(ev->ps, i).fd;

		if (fd == ev->listener)
			error = welcome(ev);
		else
			serve(ev, fd);
	}
	listen_again(ev);
	return error;
}

static bool
begin(struct loop *ev)
{
	const struct process_config *config = ev->ps->config;
	struct sys_sockopts opts = sys_sockopts_of(config);
	int64_t addr = sys_mmap(ev->ps, SERVER_REQUEST_ROOM);

	if (addr < 0)
		return false;
	ev->request = (uint64_t)addr;
	ev->header_bytes = server_header_bytes(config, HTTPD_HEADER);
	ev->listener = sys_listen_shared(ev->ps, config->port,
	    config->backlog, &opts);
	process_note(ev->ps, ev->listener);
	if (ev->listener < 0)
		return false;
	/* what it accepts is so, too */
	sys_setnbio(ev->ps, ev->listener, true);
	sys_poll_want(ev->ps, ev->listener, SYS_POLLIN);
	return true;
}

void
httpd_events_main(struct process *ps)
{
	struct loop ev = {.ps = ps};

	if (begin(&ev))
		while (take_events(&ev) >= 0)
			;
	g_free(ev.conns);
	g_free(ev.files);
}
