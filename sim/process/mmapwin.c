#include "sim/process/mmapwin.h"

#include "sim/process/copy.h"
#include "sim/process/sys.h"

/* One file. => 0, or the error that stopped it */
static int64_t
send_file(struct process *ps, int sock, uint32_t file)
{
	struct file_part part;
	bool is_mapped;
	int64_t error = file_whole(ps, file, &part);

	if (error < 0)
		return error;
	error = copy_with_mmap(ps, &part, sock, ps->config->refill ==
	    REFILL_NONE ? SYS_MAP_SHARED : SYS_MAP_PRIVATE, &is_mapped);
	sys_close(ps, part.fd);
	return error;
}

static int64_t
send_all(struct process *ps, int sock)
{
	const struct process_config *config = ps->config;
	int64_t error = 0;

	for (int64_t pass = 0; pass < config->passes; pass++)
		for (size_t i = 0; i < config->n_files; i++) {
			error = send_file(ps, sock, config->files[i].file);
			if (error < 0)
				return error;
		}
	return 0;
}

void
mmapwin_main(struct process *ps)
{
	struct sys_sockopts opts = sys_sockopts_of(ps->config);
	int sock = sys_connect(ps, ps->config->port, &opts);

	process_note(ps, sock);
	if (sock < 0)
		return;
	process_note(ps, send_all(ps, sock));
	sys_close(ps, sock);
}
