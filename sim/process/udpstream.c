#include "sim/process/udpstream.h"

#include "sim/process/ring.h"
#include "sim/process/sys.h"

/* The date follows from all bytes so far: nothing adds up. */
static bool
keep_to_rate(struct process *ps, sim_time since, int64_t n_bytes)
{
	int64_t rate = ps->config->rate;
	sim_time due;

	if (rate == INT64_MAX)
		return true;
	due = since + mul_div(n_bytes, PS_PER_S, rate);
	return due <= sys_now(ps) || sys_sleep_until(ps, due) == 0;
}

/* One datagram, sent or given up. => false: the run has ended */
static bool
send(struct process *ps, int fd, uint64_t addr, int64_t len)
{
	for (;;) {
		int64_t n = sys_sendto(ps, fd, addr, len);

		if (n != SYS_ENOBUFS)
			return n > 0;
		if (ps->config->on_enobufs == ON_ENOBUFS_DROP)
			return true;
		if (sys_sleep_until(ps, sys_now(ps) + UDPSTREAM_SLEEP) < 0)
			return false;
	}
}

static void
send_all(struct process *ps, int fd, uint64_t ring)
{
	const struct process_config *config = ps->config;
	sim_time since = sys_now(ps);
	int64_t left = config->total;

	for (int64_t i = 0; left > 0; i++) {
		uint64_t addr = ring_buffer(config, ring, i);
		int64_t n = left < config->write_size ? left :
		    config->write_size;

		if (!keep_to_rate(ps, since, i * config->write_size) ||
		    !ring_refill(ps, addr, n) || !send(ps, fd, addr, n))
			return;
		left -= n;
	}
}

void
udpstream_main(struct process *ps)
{
	struct sys_sockopts opts = sys_sockopts_of(ps->config);
	uint64_t ring;
	int fd;

	if (!ring_make(ps, &ring))
		return;
	fd = sys_udp(ps, ps->config->port, &opts);
	process_note(ps, fd);
	if (fd < 0)
		return;
	send_all(ps, fd, ring);
	sys_close(ps, fd);
}
