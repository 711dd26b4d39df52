#include "sim/process/udpsink.h"

#include "sim/process/reader.h"
#include "sim/process/sys.h"

static void
read_all(struct process *ps, int fd, uint64_t addr)
{
	struct intake in = {.since = sys_now(ps)};
	int64_t n;

	do {
		reader_keep_to_rate(ps, &in);
		n = sys_read(ps, fd, addr, ps->config->read_size);
		in.n_bytes += n > 0 ? n : 0;
	} while (n >= 0);
}

void
udpsink_main(struct process *ps)
{
	const struct process_config *config = ps->config;
	struct sys_sockopts opts = sys_sockopts_of(config);
	int64_t addr = sys_mmap(ps, config->align + config->read_size);
	int fd;

	if (addr < 0)
		return;
	fd = sys_udp_bind(ps, config->port, &opts);
	process_note(ps, fd);
	if (fd < 0)
		return;
	read_all(ps, fd, (uint64_t)(addr + config->align));
	sys_close(ps, fd);
}
