#include "sim/run/freed.h"

#include <string.h>

#include "models/base/min.h"
#include "sim/run/build.h"

enum { SPEED_UP = 1000 };

/* The fastest that a scenario may say, so that no product overflows. */
#define FASTEST_BPS	INT64_C(1000000000000)

/* TCP's largest window, and what sb_max has to be for such a buffer. */
#define LARGEST_WINDOW	((int64_t)TCP_MAXWIN << TCP_MAX_WINSHIFT)

const struct run_resource_info run_resource_info[RUN_N_RESOURCES] = {
	[RUN_WIRE] = { "wire", "The link sends a thousand times as fast, both "
	    "ways, in frames as before, and no hop behind it is narrower. A "
	    "frame is fetched as a whole before it starts, since no DMA would "
	    "keep ahead of such a wire." },
	[RUN_CPU] = { "CPU", "An instruction takes a thousandth of its time "
	    "on the board, whoever executes it. What it waits for caches, "
	    "memory and DMA stays." },
	[RUN_BUS] = { "bus", "The board's memory and PCI are a thousand times "
	    "as fast, 1 TB/s at most; misses, moves between caches and PCI's "
	    "grant take no time." },
	[RUN_DISK] = { "disk", "Commands, seeks, revolutions and the way to "
	    "the controller take a thousandth of their time. What is read, "
	    "in which order and how much of it ahead stays, and so does DMA."
	    },
	[RUN_WINDOW] = { "window", "A connection's send buffer, its "
	    "receiver's buffer, with window scaling, and the interface queue "
	    "hold twice what is under way at the rate of the link or of its "
	    "hop, 233016 bytes at least. The congestion window never falls "
	    "below TCP's largest window. Low-water marks stay." },
	[RUN_DELAY] = { "delay", "Link and path take no time beyond that of "
	    "sending a frame, and the ideal peer acknowledges at once." },
	[RUN_LOSS] = { "loss", "No frame is lost, held back or copied on the "
	    "path." },
	[RUN_SPACE] = { "space", "There are mbufs, clusters and pages without "
	    "limit, and 1 GiB of address space for loans (somaxkva)." },
	[RUN_APPLICATION] = { "application", "Programs that send neither fill "
	    "their buffer nor pause, and keep to no rate, but sleep on "
	    "ENOBUFS." },
	[RUN_READER] = { "reader", "Programs that receive read at once, and "
	    "keep to no rate." },
	[RUN_FAR_HOST] = { "far host", "CPU and bus of the far host are as "
	    "free as those of the board above." },
};

/* Rounded up, so that what took time still does. */
static int64_t
thousandth(int64_t x)
{
	return (x + SPEED_UP - 1) / SPEED_UP;
}

static void
free_wire(struct world_config *world)
{
	world->link.bits_per_s *= SPEED_UP;
	world->to_peer_path.bits_per_s = 0;
	world->to_board_path.bits_per_s = 0;
	/* more than a frame has */
	world->host.nic.tx_threshold = 2 * world->host.tcp.mtu;
	world->far.nic.tx_threshold = 2 * world->host.tcp.mtu;
}

/* The price of an operation is insns * cpi: take the thousandth of that. */
static void
free_cpu(struct host_config *host)
{
	struct cost_config *cost = &host->cost;

	for (int op = 0; op < N_OPS; op++)
		cost->op_insns[op] =
		    thousandth(cost->op_insns[op] * cost->cpi_milli);
	cost->cpi_milli = 1;
}

static int64_t
faster(int64_t bps)
{
	return min_i64(bps * SPEED_UP, FASTEST_BPS);
}

static void
free_bus(struct host_config *host)
{
	host->bus.read_bps = faster(host->bus.read_bps);
	host->bus.write_bps = faster(host->bus.write_bps);
	host->bus.pci_bps = faster(host->bus.pci_bps);
	host->bus.pci_latency = 0;
	host->cost.miss_cycles = 0;
	host->cost.l2_line_cycles = 0;
}

/* Skews are places on a track: they stay right, as all times shrink alike. */
static void
free_disk(struct disk_config *disk)
{
	disk->revolution = thousandth(disk->revolution);
	disk->seek_single = thousandth(disk->seek_single);
	disk->seek_average = thousandth(disk->seek_average);
	disk->seek_full = thousandth(disk->seek_full);
	disk->head_switch = thousandth(disk->head_switch);
	disk->overhead = thousandth(disk->overhead);
	disk->interface_bps = faster(disk->interface_bps);
}

/* From a segment's first bit to its acknowledgement, if nobody has to wait. */
static sim_time
round_trip(const struct world_config *world)
{
	return 2 * world->link.delay + world->to_peer_path.delay +
	    world->to_board_path.delay + world->peer.turnaround;
}

/* What is under way at the rate of the narrowest hop. */
static int64_t
under_way(const struct world_config *world)
{
	int64_t bits_per_s = world->link.bits_per_s;

	if (world->to_peer_path.bits_per_s > 0)
		bits_per_s = min_i64(bits_per_s,
		    world->to_peer_path.bits_per_s);
	return mul_div(round_trip(world), bits_per_s, 8 * PS_PER_S);
}

static void
grow(int64_t *bytes, int64_t to)
{
	if (*bytes < to)
		*bytes = to;
}

static void
free_tcp(struct host_config *host, int64_t window)
{
	host->tcp.window_scale = true;
	host->tcp.cwnd_floor = LARGEST_WINDOW;
	grow(&host->tcp.recvspace, window);
	/* a cluster that holds one byte counts as much as a full one */
	host->sb_max = 2 * window;
	/* nothing is dropped on the way to a wire that cannot take it yet */
	host->ifq_maxlen = INT64_MAX;
}

static void
free_window(struct world_config *world, struct process_config *processes,
    size_t n)
{
	int64_t window = 2 * under_way(world);
	bool has_tcp = false;

	grow(&window, SB_MAX_HIWAT);
	window = min_i64(window, LARGEST_WINDOW);
	for (size_t i = 0; i < n; i++) {
		if (processes[i].program == PROGRAM_UDPSTREAM)
			continue;
		has_tcp = true;
		grow(&processes[i].so_sndbuf, window);
		if (processes[i].so_rcvbuf != 0)
			grow(&processes[i].so_rcvbuf, window);
	}
	if (!has_tcp)
		return;
	grow(&world->peer.recvspace, window);
	free_tcp(&world->host, window);
	free_tcp(&world->far, window);
}

static void
free_delay(struct world_config *world)
{
	world->link.delay = 0;
	world->to_peer_path.delay = 0;
	world->to_board_path.delay = 0;
	world->peer.turnaround = 0;
}

static void
free_path(struct path_config *path)
{
	path->loss.p = 0;
	path->loss.burst_milli = PATH_BURST_NONE;
	path->drops.n = 0;
	path->reorder = 0;
	path->duplicate = 0;
	/* what a scenario may say at most; none waits without a hop */
	if (path->bits_per_s > 0)
		grow(&path->queue_limit, 100000);
}

static void
free_space(struct host_config *host)
{
	grow(&host->somaxkva, INT64_C(1) << 30);
	host->sosend.kernel_map = 0;
	host->mbufs = 0;
	host->nmbclusters = 0;
	host->vm.n_pages = 0;
}

static void
free_application(struct process_config *processes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		processes[i].refill = REFILL_NONE;
		processes[i].pause = 0;
		processes[i].think = 0;
		processes[i].think_spread = 0;
		processes[i].replay_keeps_think = false;
		if (processes[i].rate == INT64_MAX)
			continue;
		/* or it might never rest, and never end */
		processes[i].rate = INT64_MAX;
		processes[i].on_enobufs = ON_ENOBUFS_SLEEP;
	}
}

static void
free_reader(struct world_config *world, struct process_config *processes,
    size_t n)
{
	world->peer.read_rate = 0;
	world->peer.read_start = 0;
	for (size_t i = 0; i < n; i++)
		processes[i].read_rate = INT64_MAX;
}

/*
 * Both ends begin at once, and who calls gets there after who listens has begun
 * to, as it is; on a faster machine perhaps not.  Nothing of the warm-up is
 * measured.
 */
static void
let_listen(const struct world_config *world, struct process_config *processes,
    size_t n)
{
	sim_time later = min_i64(world->warmup / 2, 100 * PS_PER_MS);

	for (size_t i = 0; i < n; i++)
		if (processes[i].program == PROGRAM_TTCP)
			processes[i].start += later;
}

void
run_free(run_resources freed, struct world_config *world,
    struct process_config *processes, size_t n)
{
	const run_resources hasten = run_one(RUN_WIRE) | run_one(RUN_CPU) |
	    run_one(RUN_BUS) | run_one(RUN_DELAY) | run_one(RUN_FAR_HOST);

	if (world->far_is_host && (freed & hasten))
		let_listen(world, processes, n);
	/* first, as it looks at the link as it is */
	if (freed & run_one(RUN_WINDOW))
		free_window(world, processes, n);
	if (freed & run_one(RUN_WIRE))
		free_wire(world);
	if (freed & run_one(RUN_CPU))
		free_cpu(&world->host);
	if (freed & run_one(RUN_BUS))
		free_bus(&world->host);
	/* nobody asks a disk without files for anything */
	if ((freed & run_one(RUN_DISK)) && world->n_files > 0)
		free_disk(&world->host.disk);
	if (freed & run_one(RUN_DELAY))
		free_delay(world);
	if (freed & run_one(RUN_LOSS)) {
		free_path(&world->to_peer_path);
		free_path(&world->to_board_path);
	}
	if (freed & run_one(RUN_SPACE))
		free_space(&world->host);
	if (freed & run_one(RUN_APPLICATION))
		free_application(processes, n);
	if (freed & run_one(RUN_READER))
		free_reader(world, processes, n);
	if ((freed & run_one(RUN_FAR_HOST)) && world->far_is_host) {
		free_cpu(&world->far);
		free_bus(&world->far);
	}
}

/* A run, as it is built; copied and compared byte by byte. */
struct plan {
	struct world_config world;
	struct process_config *processes;
	size_t bytes;		/* of these */
};

static bool
is_changed_by(const struct plan *plan, enum run_resource resource)
{
	struct world_config world;
	g_autofree struct process_config *processes =
	    g_memdup2(plan->processes, plan->bytes);

	memcpy(&world, &plan->world, sizeof world);
	run_free(run_one(resource), &world, processes,
	    plan->bytes / sizeof *processes);
	return memcmp(&world, &plan->world, sizeof world) != 0 ||
	    (plan->bytes > 0 &&
	    memcmp(processes, plan->processes, plan->bytes) != 0);
}

run_resources
run_uses(const struct scn_point *pt)
{
	size_t n;
	struct plan plan = {build_world(pt), build_processes(pt, &n), 0};
	const struct file_config *files = plan.world.files =
	    build_files(pt, &plan.world.n_files);
	run_resources uses = 0;

	plan.bytes = n * sizeof(struct process_config);
	for (int r = 0; r < RUN_N_RESOURCES; r++)
		if (is_changed_by(&plan, (enum run_resource)r))
			uses |= run_one((enum run_resource)r);
	g_free((gpointer)files);
	g_free(plan.processes);
	return uses;
}
