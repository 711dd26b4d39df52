#include "sim/process/ttcp_r.h"

#include "sim/process/reader.h"
#include "sim/process/sys.h"

enum { BACKLOG = 5 };		/* as ever: the SOMAXCONN of 4.2BSD */

/* => false when the run has ended */
static bool
read_all(struct process *ps, int fd, uint64_t addr)
{
	struct intake in = {.since = sys_now(ps)};
	int64_t n;

	do {
		reader_keep_to_rate(ps, &in);
		n = sys_read(ps, fd, addr, ps->config->read_size);
		in.n_bytes += n > 0 ? n : 0;
	} while (n > 0);
	return n != SYS_ENDED;
}

/* One connection. => false: there is to be no other */
static bool
serve(struct process *ps, int listener, uint64_t addr)
{
	int fd = sys_accept(ps, listener);
	bool goes_on;

	if (fd < 0)
		return fd == SYS_ECONNABORTED;
	goes_on = read_all(ps, fd, addr);
	sys_close(ps, fd);
	return goes_on;
}

void
ttcp_r_main(struct process *ps)
{
	const struct process_config *config = ps->config;
	struct sys_sockopts opts = sys_sockopts_of(config);
	int64_t addr = sys_mmap(ps, config->align + config->read_size);
	int64_t left = config->connections;
	int listener;

	if (addr < 0)
		return;
	listener = sys_listen(ps, config->port, BACKLOG, &opts);
	process_note(ps, listener);
	if (listener < 0)
		return;
	while (serve(ps, listener, (uint64_t)(addr + config->align)) &&
	    --left > 0)
		continue;
	sys_close(ps, listener);
}
