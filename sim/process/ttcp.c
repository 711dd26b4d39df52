#include "sim/process/ttcp.h"

#include "sim/process/ring.h"
#include "sim/process/sys.h"

/* The pause is between writes: none before the first. */
static bool
take_pause(struct process *ps, int64_t i)
{
	return ps->config->pause == 0 || i == 0 ||
	    sys_sleep_until(ps, sys_now(ps) + ps->config->pause) == 0;
}

/* => false: the run has ended, or the connection is lost */
static bool
write_all(struct process *ps, int fd, uint64_t ring)
{
	const struct process_config *config = ps->config;
	int64_t left = config->total;

	for (int64_t i = 0; left > 0; i++) {
		uint64_t addr = ring_buffer(config, ring, i);
		int64_t n = left < config->write_size ? left :
		    config->write_size;

		if (!take_pause(ps, i) || !ring_refill(ps, addr, n))
			return false;
		n = sys_write(ps, fd, addr, n);
		process_note(ps, n);
		if (n < 0)
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
	is_done = write_all(ps, fd, ring);
	sys_close(ps, fd);
	return is_done;
}

void
ttcp_main(struct process *ps)
{
	const struct process_config *config = ps->config;
	int64_t left = config->repeat;
	uint64_t ring;

	if (!ring_make(ps, &ring))
		return;
	while (transmit(ps, ring) && --left > 0)
		continue;
}
