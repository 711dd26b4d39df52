/*
 * Damage after the end.
 */
#include "tests/support/damage.h"

#include <stdlib.h>

static struct socket *
first_socket(struct world *world)
{
	return world->host.sockets;
}

static struct peer_conn *
far_end(struct world *world)
{
	return world->peer.conns[first_socket(world)->so_id];
}

static void
kva_one_page_more(struct world *world)
{
	world->host.kva.socurkva += PAGE_SIZE;
}

static void
received_one_less(struct world *world)
{
	far_end(world)->bytes_received--;
}

/* a connection that gave up 10 bytes, of which, and 10 more, none came */
static void
acked_beyond_delivered(struct world *world)
{
	first_socket(world)->stats.bytes_acked -= 10;
	first_socket(world)->stats.bytes_dropped += 10;
	far_end(world)->bytes_received -= 20;
}

static void
never_heard_of(struct world *world)
{
	free(far_end(world));
	world->peer.conns[first_socket(world)->so_id] = NULL;
}

static void
wrong_bytes(struct world *world)
{
	far_end(world)->bytes_wrong += 1460;
}

static void
page_kept(struct world *world)
{
	static struct vm_anon nobody;

	vm_page_alloc(&world->host.vm, &nobody);
}

static void
mbuf_kept(struct world *world)
{
	m_get(&world->host.mbufs);
}

static void
cluster_kept(struct world *world)
{
	pool_get(&world->host.mbufs.clusters);
}

static void
loan_kept(struct world *world)
{
	pool_get(&world->host.mbufs.loans);
}

static void
first_level_one_more(struct world *world)
{
	world->host.cache.level[0].used++;
}

static void
second_level_one_less(struct world *world)
{
	world->host.cache.level[1].used--;
}

static void
first_level_too_full(struct world *world)
{
	struct cache_level *level = &world->host.cache.level[0];

	level->capacity = level->used - 2;
}

static void
second_level_too_full(struct world *world)
{
	struct cache_level *level = &world->host.cache.level[1];

	level->capacity = level->used - 1;
}

/* a line of the second level that is booked on the first */
static void
line_on_another_level(struct world *world)
{
	world->host.cache.level[1].used--;
	world->host.cache.level[0].used++;
	/* room for it, so that only the two sums tell */
	world->host.cache.level[0].capacity++;
}

static void
ledger_units(struct world *world)
{
	world->host.ledger.line[CAUSE_COW_COPY].units++;
}

static void
ledger_read(struct world *world)
{
	world->host.ledger.line[CAUSE_CKSUM_READ].read_bytes++;
}

static void
ledger_written(struct world *world)
{
	world->host.ledger.line[CAUSE_COPYIN].write_bytes--;
}

static void
bus_read(struct world *world)
{
	world->host.bus.cpu_bytes[BUS_READ]++;
}

static void
bus_written(struct world *world)
{
	world->host.bus.cpu_bytes[BUS_WRITE]++;
}

static void
ledger_dma_read(struct world *world)
{
	world->host.ledger.line[CAUSE_NIC_DMA].read_bytes += 14;
}

static void
ledger_dma_written(struct world *world)
{
	world->host.ledger.line[CAUSE_NIC_DMA].write_bytes += 64;
}

static void
asked_compute(struct world *world)
{
	world->host.cpu.stats.asked_compute_ps++;
}

static void
asked_memory(struct world *world)
{
	world->host.cpu.stats.asked_bus_ps++;
}

static void
idle_lost(struct world *world)
{
	world->host.cpu.stats.idle_ps--;
}

static void
idle_booked_busy(struct world *world)
{
	world->host.cpu.stats.idle_ps--;
	world->host.cpu.stats.busy_ps[CPU_SOFTINT]++;
}

/* The end lies 9 s and more after the start: no bus was half as busy. */
static void
bus_beyond_time(struct world *world)
{
	world->host.bus.dma_busy_ps = world->cal.now + 1 -
	    world->host.cpu.stats.bus_ps;
}

static void
wire_beyond_time(struct world *world)
{
	world->to_peer.link.busy_ps = world->cal.now + 1;
}

static void
frame_uncounted(struct world *world)
{
	world->host.nic.stats.n_tx_frames--;
}

static void
underrun_uncounted(struct world *world)
{
	world->to_peer.link.n_cut++;
}

static void
process_left(struct world *world)
{
	world->host.n_procs_alive++;
}

static void
file_left_open(struct world *world)
{
	pool_get(&world->host.files);
}

static void
packet_queued(struct world *world)
{
	world->host.if_snd.ifq_len++;
}

static void
dma_under_way(struct world *world)
{
	world->host.nic.dma_busy = true;
}

static void
ring_not_empty(struct world *world)
{
	world->host.nic.tx_filled++;
}

static void
task_active(struct world *world)
{
	world->host.cpu.active[CPU_SOFTINT] = &world->host.softnet.k.task;
}

static void
descriptor_left(struct world *world)
{
	first_socket(world)->has_descriptor = true;
}

static void
connection_left(struct world *world)
{
	first_socket(world)->is_detached = false;
}

const struct damage damage_at_end[] = {
	/* the room ends a byte earlier, too */
	{received_one_less, {"window offered <= its end",
	    "bytes delivered = acked"}, {1, -1}},
	{acked_beyond_delivered, {"window offered <= its end",
	    "bytes acked <= delivered"}, {20, 10}},
	{never_heard_of, {"bytes delivered = acked"}, {-65536}},
	{wrong_bytes, {"content received = content written"}, {1460}},
	{page_kept, {"pages given back"}, {1}},
	{damage_promise, {"mbufs promised and got"}, {1}},
	{mbuf_kept, {"mbufs given back"}, {1}},
	{cluster_kept, {"clusters given back"}, {1}},
	{loan_kept, {"loans given back"}, {1}},
	/* with no piece left, the books of windows differ as well */
	{kva_one_page_more, {"KVA reserved = pages of live pieces",
	    "KVA given back"}, {PAGE_SIZE, PAGE_SIZE}},
	{first_level_one_more, {"lines in the first-level cache"}, {1}},
	{second_level_one_less, {"lines in the second-level cache"}, {-1}},
	{first_level_too_full, {"cache lines <= capacity"}, {2}},
	{second_level_too_full, {"cache lines <= capacity"}, {1}},
	{line_on_another_level, {"lines in the first-level cache",
	    "lines in the second-level cache"}, {1, -1}},
	/* units and bytes: the line says ledger first, the resource second */
	{ledger_units, {"ledger compute units = CPU"}, {-1}},
	{ledger_read, {"ledger bytes read = bus"}, {-1}},
	{bus_read, {"ledger bytes read = bus"}, {1}},
	{ledger_written, {"ledger bytes written = bus"}, {1}},
	{bus_written, {"ledger bytes written = bus"}, {1}},
	{ledger_dma_read, {"ledger DMA bytes read = bus"}, {-14}},
	{ledger_dma_written, {"ledger DMA bytes written = bus"}, {-64}},
	{asked_compute, {"CPU compute time = asked"}, {-1}},
	{asked_memory, {"CPU memory time = asked"}, {-1}},
	{idle_lost, {"CPU busy + idle = elapsed"}, {-1}},
	{idle_booked_busy, {"CPU busy = compute + memory + stall"}, {-1}},
	{bus_beyond_time, {"bus time <= elapsed"}, {1}},
	{wire_beyond_time, {"wire time <= elapsed"}, {1}},
	{frame_uncounted, {"frames sent = frames on the wire"}, {1}},
	{underrun_uncounted, {"underruns = frames cut on the wire"}, {1}},
	{process_left, {"processes ended"}, {1}},
	{file_left_open, {"open files closed"}, {1}},
	{packet_queued, {"interface queue empty"}, {1}},
	{dma_under_way, {"NIC idle"}, {-1}},
	{ring_not_empty, {"NIC idle"}, {-1}},
	{task_active, {"CPU idle"}, {-1}},
	{descriptor_left, {"sockets gone"}, {-1}},
	{connection_left, {"sockets gone"}, {-1}}
};
const int damage_n_at_end = sizeof damage_at_end / sizeof *damage_at_end;
