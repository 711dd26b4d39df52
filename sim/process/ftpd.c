#include "sim/process/ftpd.h"

#include "sim/process/server.h"

static int64_t
buffer_bytes(const struct process_config *config)
{
	return config->read_size;
}

static void
send_data(struct server *server, int sock, const struct file_part *part)
{
	struct process *ps = server->ps;
	bool is_mapped = false;

	if (ps->config->method == METHOD_MMAP)
		copy_with_mmap(ps, part, sock, SYS_MAP_SHARED, &is_mapped);
	if (is_mapped)
		return;
	if (part->offset > 0)
		sys_lseek(ps, part->fd, part->offset);
	copy_with_read(ps, part, sock, server->buffer);
}

/* The end of the connection is the end of the file. */
static bool
answer(struct server *server, int sock, const struct sys_words *words)
{
	struct file_part part;

	if (!server_open(server, words, &part))
		return false;
	sys_says(server->ps, sock, part.bytes);
	send_data(server, sock, &part);
	return false;
}

void
ftpd_main(struct process *ps)
{
	static const struct server_kind kind = {.buffer_bytes = buffer_bytes,
	    .answer = answer};

	server_main(ps, &kind);
}
