#include "sim/process/smbd.h"

#include "models/base/min.h"
#include "sim/process/server.h"

static int64_t
buffer_bytes(const struct process_config *config)
{
	(void)config;
	return SMBD_MAX_READ;
}

/* => 0; or the error; or the bytes that are cut off, of what was promised */
static int64_t
send_by_read(struct server *server, int sock, const struct file_part *part)
{
	int64_t n = sys_pread(server->ps, part->fd, server->buffer,
	    part->bytes, part->offset);
	int64_t error = n < 0 ? n : write_all(server->ps, sock,
	    server->header, server->header_bytes + n);

	return error == 0 ? part->bytes - n : error;
}

static bool
answer(struct server *server, int sock, const struct sys_words *words)
{
	struct file_part part;
	int64_t error;

	if (!server_open(server, words, &part))
		return false;
	part.bytes = min_i64(part.bytes, SMBD_MAX_READ);
	if (!server_head(server, sock, part.bytes))
		return false;
	if (server->ps->config->method == METHOD_READ || part.bytes == 0 ||
	    !server_send_mapped(server, sock, &part, &error))
		error = send_by_read(server, sock, &part);
	return error == 0;
}

void
smbd_main(struct process *ps)
{
	static const struct server_kind kind = {.header_bytes = SMBD_HEADER,
	    .buffer_bytes = buffer_bytes, .answer = answer};

	server_main(ps, &kind);
}
