#include "sim/process/ttcp.h"

#include "sim/process/copy.h"
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
write_pattern(struct process *ps, int fd, uint64_t ring)
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

/* What is read is written, to the end of each file. => as write_pattern */
static bool
write_files(struct process *ps, int fd, uint64_t buffer)
{
	const struct process_config *config = ps->config;

	for (size_t i = 0; i < config->n_files; i++) {
		struct file_part part;
		int64_t error = file_whole(ps, config->files[i].file, &part);

		if (error == 0) {
			error = copy_with_read(ps, &part, fd, buffer);
			sys_close(ps, part.fd);
		}
		process_note(ps, error);
		if (error < 0)
			return false;
	}
	return true;
}

/* One connection. => false: there is to be no other */
static bool
transmit(struct process *ps, uint64_t memory)
{
	struct sys_sockopts opts = sys_sockopts_of(ps->config);
	int fd = sys_connect(ps, ps->config->port, &opts);
	bool is_done;

	process_note(ps, fd);
	if (fd < 0)
		return false;
	is_done = ps->config->n_files > 0 ? write_files(ps, fd, memory) :
	    write_pattern(ps, fd, memory);
	sys_close(ps, fd);
	return is_done;
}

/* A buffer for files, or the ring. => false: the run has ended */
static bool
make_memory(struct process *ps, uint64_t *memory)
{
	int64_t addr;

	if (ps->config->n_files == 0)
		return ring_make(ps, memory);
	addr = sys_mmap(ps, ps->config->read_size);
	*memory = (uint64_t)addr;
	return addr >= 0;
}

void
ttcp_main(struct process *ps)
{
	const struct process_config *config = ps->config;
	int64_t left = config->repeat;
	uint64_t memory;

	if (!make_memory(ps, &memory))
		return;
	while (transmit(ps, memory) && --left > 0)
		continue;
}
