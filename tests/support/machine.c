#include "tests/support/machine.h"

#include <check.h>

void
machine_set_costs(struct world_config *config, int64_t insns)
{
	for (int op = 0; op < N_OPS; op++)
		config->host.cost.op_insns[op] =
		    cost_op_is_per_1k((enum kern_op)op) ? 1024 : insns;
}

struct disk_config
machine_disk(void)
{
	return (struct disk_config){.cylinders = 3000, .heads = 2,
	    .sectors = 300, .revolution = 6 * PS_PER_MS,
	    .seek_single = PS_PER_MS, .seek_average = 5 * PS_PER_MS,
	    .seek_full = 10 * PS_PER_MS, .head_switch = 800 * PS_PER_US,
	    .track_skew = 45, .cylinder_skew = 60,
	    .overhead = 100 * PS_PER_US, .buffer_sectors = 300,
	    .interface_bps = 100000000, .queue = BUFQ_DISKSORT};
}

static struct host_config
host_config(void)
{
	return (struct host_config){
	    .cpu = {100000000},
	    .cost = {.cpi_milli = 1000},
	    .bus = {100000000, 50000000, 50000000, 0, BUS_DMA_FIRST},
	    .nic = {3072, 2048},
	    .disk = machine_disk(),
	    .pager = {.fs_bsize = 2, .read_ahead = 32},
	    .sosend = {false, true, 4096, 65536},
	    .tcp = {.output = TCP_OUTPUT_REFERENCE, .init_win = 1, .mtu = 1500,
	    .iss = 0xffff0000, .window_scale = true,
	    .timers = TCP_TIMERS_TICKS, .rto_min = PS_PER_S,
	    .delack = 200 * PS_PER_MS, .keepidle = 7200 * PS_PER_S,
	    .keepintvl = 75 * PS_PER_S, .msl = 30 * PS_PER_S,
	    .recvspace = 16384},
	    .sbappend = SB_APPEND_TAIL,
	    .somaxkva = 16 * 1024 * 1024,
	    .ifq_maxlen = 50,
	    .udp_recvspace = 41600,
	    .ip_maxfragpackets = 200,
	    .hz = 100,
	    .open_max = MACHINE_OPEN_MAX,
	    .maxfiles = MACHINE_MAXFILES};
}

struct world_config
machine_config(void)
{
	struct world_config config = {
	    .host = host_config(),
	    .peer = {.recvspace = 65536, .mss = 1460, .delack_segments = 2,
	    .delack_timer = 200 * PS_PER_MS},
	    .link = {100000000, 0},
	    .duration = 10 * PS_PER_S,
	    .drain = 10 * PS_PER_S};

	machine_set_costs(&config, 100);
	return config;
}

void
machine_assert_empty(const struct host *host)
{
	/* but for what files have in memory */
	ck_assert_int_eq((int64_t)pool_in_use(&host->vm.pages),
	    vm_objects_pages(&host->vm));
	ck_assert_uint_eq(pool_in_use(&host->mbufs.mbufs), 0);
	ck_assert_uint_eq(pool_in_use(&host->mbufs.clusters), 0);
	ck_assert_uint_eq(pool_in_use(&host->mbufs.loans), 0);
	ck_assert_int_eq(host->kva.socurkva, 0);
}
