#include "sim/process/ttcp.h"

#include "sim/process/sys.h"

/* Buffers lie whole pages apart, each at the same place in its first. */
static int64_t
buffer_stride(const struct process_config *config)
{
	return (int64_t)round_page((uint64_t)(config->align +
	    config->write_size));
}

static uint64_t
buffer(const struct process_config *config, uint64_t ring, int64_t i)
{
	return ring + (uint64_t)(i % config->n_buffers *
	    buffer_stride(config) + config->align);
}

/* pattern(): every buffer, once. => false when the run has ended */
static bool
fill_all(struct process *ps, uint64_t ring)
{
	for (int64_t i = 0; i < ps->config->n_buffers; i++)
		if (sys_touch(ps, buffer(ps->config, ring, i),
		    ps->config->write_size, true) < 0)
			return false;
	return true;
}

static bool
refill(struct process *ps, uint64_t addr, int64_t len)
{
	switch (ps->config->refill) {
	case REFILL_NONE:
		return true;
	case REFILL_TOUCH:
		return sys_touch(ps, addr, len, false) == 0;
	case REFILL_FULL:
		return sys_touch(ps, addr, len, true) == 0;
	}
	return true;
}

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
		uint64_t addr = buffer(config, ring, i);
		int64_t n = left < config->write_size ? left :
		    config->write_size;

		if (!take_pause(ps, i) || !refill(ps, addr, n))
			return false;
		n = sys_write(ps, fd, addr, n);
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
	int64_t ring = sys_mmap(ps, buffer_stride(config) * config->n_buffers);
	int64_t left = config->repeat;

	if (ring < 0 || !fill_all(ps, (uint64_t)ring))
		return;
	while (transmit(ps, (uint64_t)ring) && --left > 0)
		continue;
}
