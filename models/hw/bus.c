#include "models/hw/bus.h"

#include <string.h>

#include "models/base/check.h"
#include "models/base/min.h"

static void
init_direction(struct bus *bus, enum bus_direction direction, int64_t bps,
    int64_t pci_bps)
{
	int64_t dma_bps = min_i64(bps, pci_bps);

	bus->ps_per_byte[direction] = ratio_make(PS_PER_S, bps);
	bus->dma_ps_per_byte[direction] = ratio_make(PS_PER_S, dma_bps);
	bus->cpu_share[direction] = ratio_make(bps - dma_bps, bps);
}

void
bus_init(struct bus *bus, const struct bus_config *config,
    struct ledger *ledger)
{
	memset(bus, 0, sizeof *bus);
	bus->ledger = ledger;
	init_direction(bus, BUS_READ, config->read_bps, config->pci_bps);
	init_direction(bus, BUS_WRITE, config->write_bps, config->pci_bps);
}

sim_time
bus_cpu_time(struct bus *bus, const struct cost *cost)
{
	bus->cpu_bytes[BUS_READ] += cost->read_bytes;
	bus->cpu_bytes[BUS_WRITE] += cost->write_bytes;
	return ratio_mul(cost->read_bytes, bus->ps_per_byte[BUS_READ],
	    &bus->cpu_carry[BUS_READ]) +
	    ratio_mul(cost->write_bytes, bus->ps_per_byte[BUS_WRITE],
	    &bus->cpu_carry[BUS_WRITE]);
}

sim_time
bus_cpu_progress(struct bus *bus, sim_time interval)
{
	if (!bus->dma_active)
		return interval;
	return ratio_mul(interval, bus->cpu_share[bus->dma_direction],
	    &bus->progress_carry[bus->dma_direction]);
}

sim_time
bus_cpu_duration(const struct bus *bus, sim_time bus_time)
{
	struct ratio share = bus->cpu_share[bus->dma_direction];

	if (!bus->dma_active || bus_time == 0)
		return bus_time;
	if (share.num == 0)
		return SIM_TIME_NEVER;
	return mul_div_up(bus_time, share.den, share.num);
}

sim_time
bus_dma_duration(struct bus *bus, enum bus_direction direction, int64_t bytes)
{
	return ratio_mul(bytes, bus->dma_ps_per_byte[direction],
	    &bus->duration_carry[direction]);
}

void
bus_dma_begin(struct bus *bus, enum bus_direction direction)
{
	CHECK(!bus->dma_active, "one DMA transfer at a time");
	bus->changing(bus->client);
	bus->dma_active = true;
	bus->dma_direction = direction;
	bus->changed(bus->client);
}

void
bus_dma_end(struct bus *bus, int64_t bytes)
{
	enum bus_direction direction = bus->dma_direction;
	struct ledger_line *line = &bus->ledger->line[CAUSE_NIC_DMA];

	CHECK(bus->dma_active, "a transfer ends that has begun");
	bus->changing(bus->client);
	bus->dma_active = false;
	bus->dma_bytes[direction] += bytes;
	bus->dma_busy_ps += ratio_mul(bytes, bus->ps_per_byte[direction],
	    &bus->dma_carry[direction]);
	if (direction == BUS_READ)
		line->read_bytes += bytes;
	else
		line->write_bytes += bytes;
	bus->changed(bus->client);
}
