#include "sim/process/httpd.h"

#include "models/base/min.h"
#include "sim/process/httpd_events.h"
#include "sim/process/server.h"

static int64_t
buffer_bytes(const struct process_config *config)
{
	return config->read_size;
}

/* The header lies in front of the buffer: both go with the first write. */
static int64_t
send_by_read(struct server *server, int sock, struct file_part part)
{
	struct process *ps = server->ps;
	int64_t error, n;

	n = sys_pread(ps, part.fd, server->buffer,
	    min_i64(part.bytes, ps->config->read_size), part.offset);
	if (n < 0)
		return n;
	error = write_all(ps, sock, server->header, server->header_bytes + n);
	if (error < 0)
		return error;
	part.offset += n;
	part.bytes -= n;
	if (part.bytes > 0)
		sys_lseek(ps, part.fd, part.offset);
	return copy_with_read(ps, &part, sock, server->buffer);
}

static int64_t
send_file(struct server *server, int sock, const struct file_part *part)
{
	int64_t error;

	if (server->ps->config->method == METHOD_MMAP && part->bytes > 0 &&
	    server_send_mapped(server, sock, part, &error))
		return error;
	return send_by_read(server, sock, *part);
}

static bool
answer(struct server *server, int sock, const struct sys_words *words)
{
	struct file_part part;
	bool is_sent;

	if (!server_open(server, words, &part) ||
	    !server_head(server, sock, part.bytes))
		return false;
	is_sent = send_file(server, sock, &part) == 0;
	server_forget(server);
	return is_sent;
}

void
httpd_main(struct process *ps)
{
	static const struct server_kind kind = {.header_bytes = HTTPD_HEADER,
	    .buffer_bytes = buffer_bytes, .answer = answer};

	if (ps->config->events == EVENTS_POLL)
		httpd_events_main(ps);
	else
		server_main(ps, &kind);
}
