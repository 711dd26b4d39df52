#include "sim/process/server.h"

#include "models/base/min.h"

void
server_forget(struct server *server)
{
	if (server->file != 0)
		sys_close(server->ps, server->fd);
	server->file = 0;
}

/* keep: have that file open, and no other. => false: it cannot be opened */
static bool
keep(struct server *server, uint32_t file)
{
	if (server->file == file)
		return true;
	server_forget(server);
	server->fd = sys_open(server->ps, file);
	if (server->fd < 0)
		return false;
	server->file = file;
	server->size = sys_fstat(server->ps, server->fd);
	return server->size >= 0;
}

bool
server_open(struct server *server, const struct sys_words *words,
    struct file_part *part)
{
	int64_t rest;

	if (!keep(server, words->file))
		return false;
	rest = server->size - words->offset;
	*part = (struct file_part){server->fd, words->offset,
	    rest < 0 ? 0 : min_i64(rest, words->len)};
	return true;
}

int64_t
server_header_bytes(const struct process_config *config, int64_t own)
{
	return config->response_header >= 0 ? config->response_header : own;
}

bool
server_say(struct process *ps, int sock, struct sys_iovec header,
    int64_t body_bytes)
{
	sys_says(ps, sock, header.len + body_bytes);
	return header.len == 0 ||
	    sys_touch(ps, header.base, header.len, true) == 0;
}

bool
server_head(struct server *server, int sock, int64_t body_bytes)
{
	return server_say(server->ps, sock, (struct sys_iovec){server->header,
	    server->header_bytes}, body_bytes);
}

/* writev_all: => 0, or the error that stopped it */
static int64_t
writev_all(struct process *ps, int sock, struct sys_iovec iov[2])
{
	int64_t n = sys_writev(ps, sock, iov, 2);
	int64_t of_first;

	if (n < 0)
		return n;
	of_first = min_i64(n, iov[0].len);
	/* only when the run ends, or the connection with a low water mark */
	if (of_first < iov[0].len)
		return SYS_ENDED;
	n -= of_first;
	return write_all(ps, sock, iov[1].base + (uint64_t)n, iov[1].len - n);
}

bool
server_send_mapped(struct server *server, int sock,
    const struct file_part *part, int64_t *error)
{
	struct process *ps = server->ps;
	int64_t into = part->offset % PAGE_SIZE;
	int64_t addr = sys_mmap_file(ps, part->fd, part->offset - into,
	    into + part->bytes, SYS_MAP_SHARED);
	struct sys_iovec iov[2] = {{server->header, server->header_bytes},
	    {(uint64_t)(addr + into), part->bytes}};

	if (addr < 0)
		return false;
	*error = server->header_bytes > 0 ? writev_all(ps, sock, iov) :
	    write_all(ps, sock, iov[1].base, iov[1].len);
	sys_munmap(ps, (uint64_t)addr, into + part->bytes);
	return true;
}

/* A connection, to its end. */
static void
serve(struct server *server, const struct server_kind *kind, int sock)
{
	struct sys_words words;

	while (sys_read_request(server->ps, sock, server->request,
	    SERVER_REQUEST_ROOM, &words) > 0)
		if (!kind->answer(server, sock, &words) || words.is_last)
			break;
	server_forget(server);
	sys_close(server->ps, sock);
}

/*
 * next_caller: => a connection; or below 0: the run has ended, or nobody will
 * ever call
 */
static int
next_caller(struct process *ps, int listener)
{
	for (;;) {
		int sock = sys_accept(ps, listener);

		switch (sock) {
		case SYS_ECONNABORTED:	/* gone before it was accepted */
			continue;
		case SYS_EMFILE:
		case SYS_ENFILE:
			if (sys_sleep_until(ps, sys_now(ps) +
			    SERVER_SLEEP) < 0)
				return SYS_ENDED;
			continue;
		default:
			process_note(ps, sock);
			return sock;
		}
	}
}

/* The page of requests, and behind it header and buffer in one piece. */
static bool
make_memory(struct server *server, const struct server_kind *kind)
{
	const struct process_config *config = server->ps->config;
	int64_t addr;

	server->header_bytes = server_header_bytes(config,
	    kind->header_bytes);
	addr = sys_mmap(server->ps, SERVER_REQUEST_ROOM + config->align +
	    server->header_bytes + kind->buffer_bytes(config));
	server->request = (uint64_t)addr;
	server->header = (uint64_t)(addr + SERVER_REQUEST_ROOM +
	    config->align);
	server->buffer = server->header + (uint64_t)server->header_bytes;
	return addr >= 0;
}

static struct sys_sockopts
options_of(const struct process_config *config, const struct server_kind *kind)
{
	struct sys_sockopts opts = sys_sockopts_of(config);

	if (opts.so_sndbuf < kind->least_sndbuf)
		opts.so_sndbuf = kind->least_sndbuf;
	opts.tcp_nodelay |= kind->is_kernel;
	opts.so_keepalive |= kind->is_kernel;
	return opts;
}

void
server_main(struct process *ps, const struct server_kind *kind)
{
	struct sys_sockopts opts = options_of(ps->config, kind);
	struct server server = {.ps = ps};
	int listener, sock;

	if (!make_memory(&server, kind))
		return;
	listener = sys_listen_shared(ps, ps->config->port,
	    ps->config->backlog, &opts);
	process_note(ps, listener);
	if (listener < 0)
		return;
	while ((sock = next_caller(ps, listener)) >= 0)
		serve(&server, kind, sock);
	sys_close(ps, listener);
}
