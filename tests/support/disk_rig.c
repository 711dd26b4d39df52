#include "tests/support/disk_rig.h"

#include <check.h>
#include <string.h>

#include "tests/support/machine.h"

struct disk_rig dr;

void
dr_nothing(void *arg)
{
	(void)arg;
}

static void
done(void *arg)
{
	struct disk_rig_request *r = arg;

	r->done_at = dr.cal.now;
	r->n_done++;
	dr.order[dr.n_order++] = (int)(r - dr.requests);
}

static void
start(sim_time pci_latency)
{
	struct bus_config memory = {100000000, 50000000, 50000000,
	    pci_latency, BUS_DMA_FIRST};

	memset(&dr.ledger, 0, sizeof dr.ledger);
	memset(dr.requests, 0, sizeof dr.requests);
	dr.n_requests = dr.n_order = 0;
	cal_init(&dr.cal);
	bus_init(&dr.bus, &memory, &dr.ledger);
	dr.bus.changing = dr.bus.changed = dr_nothing;
	disk_init(&dr.disk, &dr.config, &dr.cal, &dr.bus);
}

void
dr_again(sim_time pci_latency)
{
	cal_fini(&dr.cal);
	start(pci_latency);
}

void
disk_rig_setup(void)
{
	dr.config = machine_disk();
	dr.config.buffer_sectors = 0;
	start(0);
}

void
disk_rig_teardown(void)
{
	const struct disk_stats *stats = &dr.disk.stats;
	const struct ledger_line *line = &dr.ledger.line[CAUSE_DISK_DMA];
	int64_t bytes[2] = {0, 0};

	cal_run(&dr.cal, SIM_TIME_NEVER);
	ck_assert(disk_is_idle(&dr.disk));
	for (int i = 0; i < dr.n_requests; i++) {
		ck_assert_int_eq(dr.requests[i].n_done, 1);
		bytes[dr.requests[i].io.is_write] +=
		    dr.requests[i].io.n_sectors * DISK_SECTOR_BYTES;
	}
	ck_assert_int_eq(stats->n_requests, dr.n_requests);
	ck_assert_int_eq(stats->n_done, dr.n_requests);
	ck_assert_int_eq(stats->n_moved, stats->n_asked);
	ck_assert_int_eq(disk_busy_at(&dr.disk, dr.cal.now), stats->busy_ps);
	ck_assert_int_eq(dr.bus.dma_bytes[BUS_WRITE], bytes[0]);
	ck_assert_int_eq(line->write_bytes, bytes[0]);
	ck_assert_int_eq(line->read_bytes, bytes[1]);
	ck_assert_int_eq(line->units, 0);
	cal_fini(&dr.cal);
}

static struct disk_rig_request *
ask(int64_t sector, int64_t n, bool is_write)
{
	struct disk_rig_request *r = &dr.requests[dr.n_requests++];

	r->io = (struct disk_request){sector, n, is_write, done, r, NULL};
	disk_strategy(&dr.disk, &r->io);
	return r;
}

struct disk_rig_request *
dr_ask(int64_t sector, int64_t n)
{
	return ask(sector, n, false);
}

struct disk_rig_request *
dr_ask_write(int64_t sector, int64_t n)
{
	return ask(sector, n, true);
}

static sim_time
wait_for(const struct disk_rig_request *r)
{
	cal_run(&dr.cal, SIM_TIME_NEVER);
	return r->done_at;
}

sim_time
dr_read(int64_t sector, int64_t n)
{
	return wait_for(ask(sector, n, false));
}

sim_time
dr_write(int64_t sector, int64_t n)
{
	return wait_for(ask(sector, n, true));
}

void
dr_idle_until(sim_time at)
{
	cal_run(&dr.cal, at);
	dr.cal.now = at;
}
