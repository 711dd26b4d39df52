#include "sim/process/nfsd.h"

#include "models/base/min.h"
#include "sim/process/server.h"

static int64_t
buffer_bytes(const struct process_config *config)
{
	(void)config;
	return 0;
}

static bool
answer(struct server *server, int sock, const struct sys_words *words)
{
	struct sys_header header = {0, 0};	/* the kernel makes it */
	struct file_part part;

	if (!server_open(server, words, &part))
		return false;
	part.bytes = min_i64(part.bytes, NFSD_MAX_READ);
	header.len = server->header_bytes;
	sys_says(server->ps, sock, header.len + part.bytes);
	return sys_sendfile_with(server->ps, sock, header, part.fd,
	    part.offset, part.bytes) == header.len + part.bytes;
}

void
nfsd_main(struct process *ps)
{
	static const struct server_kind kind = {.header_bytes = NFSD_HEADER,
	    .least_sndbuf = NFSD_PACKET, .is_kernel = true,
	    .buffer_bytes = buffer_bytes, .answer = answer};

	server_main(ps, &kind);
}
