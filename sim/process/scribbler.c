#include "sim/process/scribbler.h"

#include "models/base/min.h"
#include "sim/process/ring.h"
#include "sim/process/sys.h"

/* => false: the run has ended, or the connection is lost */
static bool
write_and_scribble(struct process *ps, int fd, uint64_t ring)
{
	const struct process_config *config = ps->config;
	int64_t left = config->total;

	for (int64_t i = 0; left > 0; i++) {
		uint64_t addr = ring_buffer(config, ring, i);
		int64_t n = sys_write(ps, fd, addr,
		    min_i64(left, config->write_size));

		process_note(ps, n);
		if (n < 0 || sys_touch(ps, addr, config->write_size, true) < 0)
			return false;
		left -= n;
	}
	return true;
}

/* One connection. => false: there is to be no other */
static bool
transmit(struct process *ps, uint64_t ring)
{
	struct sys_sockopts opts = sys_sockopts_of(ps->config);
	int fd = sys_connect(ps, ps->config->port, &opts);
	bool is_done;

	process_note(ps, fd);
	if (fd < 0)
		return false;
	is_done = write_and_scribble(ps, fd, ring);
	sys_close(ps, fd);
	return is_done;
}

void
scribbler_main(struct process *ps)
{
	int64_t left = ps->config->repeat;
	uint64_t ring;

	if (!ring_make(ps, &ring))
		return;
	while (transmit(ps, ring) && --left > 0)
		continue;
}
