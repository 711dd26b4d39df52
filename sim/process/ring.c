#include "sim/process/ring.h"

#include "models/base/min.h"
#include "sim/process/sys.h"

/* Buffers lie whole pages apart, each at the same place in its first. */
static int64_t
buffer_stride(const struct process_config *config)
{
	return (int64_t)round_page((uint64_t)(config->align +
	    config->write_size));
}

uint64_t
ring_buffer(const struct process_config *config, uint64_t ring, int64_t i)
{
	return ring + (uint64_t)(i % config->n_buffers *
	    buffer_stride(config) + config->align);
}

/* pattern(): every buffer, once. => false when the run has ended */
static bool
fill_all(struct process *ps, uint64_t ring)
{
	for (int64_t i = 0; i < ps->config->n_buffers; i++)
		if (sys_touch(ps, ring_buffer(ps->config, ring, i),
		    ps->config->write_size, true) < 0)
			return false;
	return true;
}

bool
ring_refill(struct process *ps, uint64_t addr, int64_t len)
{
	int64_t n = min_i64(len, ps->config->refill_bytes);

	switch (ps->config->refill) {
	case REFILL_NONE:
		return true;
	case REFILL_TOUCH:
		return sys_touch(ps, addr, n, false) == 0;
	case REFILL_FULL:
		return sys_touch(ps, addr, n, true) == 0;
	}
	return true;
}

bool
ring_make(struct process *ps, uint64_t *ring)
{
	const struct process_config *config = ps->config;
	int64_t addr = sys_mmap(ps, buffer_stride(config) * config->n_buffers);

	*ring = (uint64_t)addr;
	return addr >= 0 && fill_all(ps, *ring);
}
