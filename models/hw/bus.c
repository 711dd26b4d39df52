#include "models/hw/bus.h"

#include <string.h>

#include "models/base/check.h"
#include "models/base/min.h"

/*
 * Shares in work per picosecond: the whole bus does 2 bps.  Max-min fairness:
 * who is bounded below its half gets its bound, and the other the rest; the CPU
 * is not bounded.
 */
static void
init_direction(struct bus *bus, enum bus_direction direction, int64_t bps,
    const struct bus_config *config)
{
	int64_t bound = 2 * min_i64(bps, config->pci_bps);
	int64_t contended =
	    config->arbitration == BUS_FAIR ? min_i64(bound, bps) : bound;

	bus->ps_per_byte[direction] = ratio_make(PS_PER_S, bps);
	bus->dma_rate[direction][false] = bound;
	bus->dma_rate[direction][true] = contended;
	bus->cpu_share[direction] = ratio_make(2 * bps - contended, 2 * bps);
}

void
bus_init(struct bus *bus, const struct bus_config *config,
    struct ledger *ledger)
{
	memset(bus, 0, sizeof *bus);
	bus->ledger = ledger;
	bus->pci_latency = config->pci_latency;
	init_direction(bus, BUS_READ, config->read_bps, config);
	init_direction(bus, BUS_WRITE, config->write_bps, config);
}

sim_time
bus_cpu_time(struct bus *bus, const struct cost *cost)
{
	if ((cost->read_bytes | cost->write_bytes) == 0)
		return 0;
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

static void
settle_dma(struct bus *bus, sim_time now)
{
	bus->dma.left -= bus->dma.rate * (now - bus->dma.since);
	bus->dma.since = now;
}

static void
set_dma_rate(struct bus *bus, int64_t rate)
{
	bus->dma.rate = rate;
	bus->dma_ends_at = bus->dma.since + bus->dma.left / rate;
}

void
bus_cpu_waits(struct bus *bus, bool waits, sim_time now)
{
	int64_t rate = bus->dma_rate[bus->dma_direction][waits];

	if (!bus->dma_active || rate == bus->dma.rate)
		return;
	bus->holder->dma_changing(bus->holder->arg);
	settle_dma(bus, now);
	set_dma_rate(bus, rate);
	bus->holder->dma_changed(bus->holder->arg);
}

bool
bus_dma_claim(struct bus *bus, struct bus_master *master)
{
	CHECK(bus->holder != master && !master->is_waiting,
	    "a master does one transfer after the other");
	if (bus->holder == NULL) {
		bus->holder = master;
		return true;
	}
	master->next = NULL;
	master->is_waiting = true;
	if (bus->first_waiting == NULL)
		bus->first_waiting = master;
	else
		bus->last_waiting->next = master;
	bus->last_waiting = master;
	return false;
}

static void
pass_on(struct bus *bus)
{
	struct bus_master *master = bus->first_waiting;

	bus->holder = master;
	if (master == NULL)
		return;
	bus->first_waiting = master->next;
	master->is_waiting = false;
	master->granted(master->arg);
}

void
bus_dma_begin(struct bus *bus, struct bus_master *master,
    enum bus_direction direction, int64_t bytes, sim_time now)
{
	const int64_t *rate = bus->dma_rate[direction];

	CHECK(!bus->dma_active, "one DMA transfer at a time");
	CHECK(bus->holder == NULL || bus->holder == master,
	    "a master transfers in its turn");
	bus->holder = master;
	bus->changing(bus->client);
	bus->dma_active = true;
	bus->dma_is_watched = rate[false] != rate[true];
	bus->dma_direction = direction;
	bus->dma_now_bytes = bytes;
	bus->dma.left = bytes * BUS_WORK_PER_BYTE + bus->dma_debt[direction];
	bus->dma.since = now;
	set_dma_rate(bus, rate[false]);
	bus->changed(bus->client);
}

void
bus_dma_end(struct bus *bus, sim_time now)
{
	enum bus_direction direction = bus->dma_direction;
	int64_t bytes = bus->dma_now_bytes;
	struct ledger_line *line;

	CHECK(bus->dma_active, "a transfer ends that has begun");
	line = &bus->ledger->line[bus->holder->cause];
	bus->changing(bus->client);
	settle_dma(bus, now);
	CHECK(bus->dma.left >= 0 && bus->dma.left < bus->dma.rate,
	    "a transfer ends when its bytes are through");
	bus->dma_debt[direction] = bus->dma.left;
	bus->dma_active = bus->dma_is_watched = false;
	bus->dma_bytes[direction] += bytes;
	bus->dma_busy_ps += ratio_mul(bytes, bus->ps_per_byte[direction],
	    &bus->dma_carry[direction]);
	if (direction == BUS_READ)
		line->read_bytes += bytes;
	else
		line->write_bytes += bytes;
	bus->changed(bus->client);
	pass_on(bus);
}
