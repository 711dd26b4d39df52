#include "models/world.h"

static sim_time
busy(const struct cpu_stats *cpu)
{
	sim_time sum = 0;

	for (int i = 0; i < CPU_N_LEVELS; i++)
		sum += cpu->busy_ps[i];
	return sum;
}

void
world_meter(struct world *world, struct meter *meter)
{
	const struct cpu_stats *cpu = cpu_stats_now(&world->host.cpu);

	meter->at = world->cal.now;
	meter->bytes_acked = world->host.bytes_acked;
	meter->bytes_received = world->host.bytes_received;
	meter->bytes_datagrams = world->peer.udp.bytes_received +
	    world->far.udp_in.bytes_delivered;
	meter->loaned_byte_us =
	    kva_integral(&world->host.kva, world->cal.now);
	meter->cpu_busy = busy(cpu);
	meter->far_busy = world->config.far_is_host ?
	    busy(cpu_stats_now(&world->far.cpu)) : 0;
	meter->bus_busy = cpu->bus_ps + world->host.bus.dma_busy_ps;
	meter->wire_busy = link_busy_at(&world->to_peer.link, world->cal.now) +
	    nic_wire_time(&world->host.nic);
	meter->disk_busy = disk_busy_at(&world->host.disk, world->cal.now);
}
