#include "sim/run/measure.h"

#include <string.h>

#include "sim/run/build.h"
#include "sim/run/remarks.h"

/* num / den with some decimals, to the nearest; 0 when there is nothing */
static int64_t
quotient(int64_t num, int64_t den, int64_t scale)
{
	int64_t carry = den / 2;

	return den > 0 ? mul_div_carry(num, scale, den, &carry) : 0;
}

enum { SHARE_SCALE = 10000 };

/* bytes per picosecond to tenths of 1024 bytes per second */
#define KBPS_SCALE	(10 * PS_PER_S / 1024)
_Static_assert(10 * PS_PER_S % 1024 == 0, "the scale is a whole number");

/* The measured interval.  A run that ends within the warm-up has none. */
static struct meter
measured(const struct world *world)
{
	struct meter first = {0};
	const struct meter *start = &world->start;
	const struct meter *end = &world->end;

	if (start->at >= end->at)
		start = &first;
	return (struct meter){
	    .at = end->at - start->at,
	    .bytes_acked = end->bytes_acked - start->bytes_acked,
	    .bytes_received = end->bytes_received - start->bytes_received,
	    .bytes_datagrams = end->bytes_datagrams - start->bytes_datagrams,
	    .loaned_byte_us = end->loaned_byte_us - start->loaned_byte_us,
	    .cpu_busy = end->cpu_busy - start->cpu_busy,
	    .far_busy = end->far_busy - start->far_busy,
	    .bus_busy = end->bus_busy - start->bus_busy,
	    .wire_busy = end->wire_busy - start->wire_busy,
	    .disk_busy = end->disk_busy - start->disk_busy};
}

/* A column that is a quotient: exact, and rounded to what is printed. */
static void
set_ratio(struct res_row *row, enum res_column column, int64_t num, int64_t den,
    int64_t scale)
{
	row->ratio[column] = (struct res_ratio){num, den};
	row->value[column] = quotient(num, den, scale);
}

static void
measure_rates(const struct world *world, struct res_row *row)
{
	struct meter m = measured(world);
	struct ratio limit = build_wire_rate(&world->config);
	int64_t *detail = row->detail;

	set_ratio(row, RES_THROUGHPUT_KBPS, meter_bytes(&m), m.at, KBPS_SCALE);
	set_ratio(row, RES_WIRE_LIMIT_KBPS, limit.num, limit.den * PS_PER_S,
	    KBPS_SCALE);
	set_ratio(row, RES_WIRE_SHARE, m.wire_busy, m.at, SHARE_SCALE);
	set_ratio(row, RES_CPU_SHARE, m.cpu_busy, m.at, SHARE_SCALE);
	set_ratio(row, RES_FAR_CPU_SHARE, m.far_busy, m.at, SHARE_SCALE);
	set_ratio(row, RES_BUS_SHARE, m.bus_busy, m.at, SHARE_SCALE);
	set_ratio(row, RES_DISK_SHARE, m.disk_busy, m.at, SHARE_SCALE);
	row->value[RES_MEASURED_S] = m.at / PS_PER_US;
	row->value[RES_ELAPSED_S] = world->cal.now / PS_PER_US;
	detail[RES_D_MEASURED] = m.at;
	detail[RES_D_MEASURED_CPU] = m.cpu_busy;
	detail[RES_D_MEASURED_FAR_CPU] = m.far_busy;
	detail[RES_D_MEASURED_BUS] = m.bus_busy;
	detail[RES_D_MEASURED_WIRE] = m.wire_busy;
	detail[RES_D_MEASURED_ACKED] = m.bytes_acked;
	detail[RES_D_MEASURED_RECEIVED] = m.bytes_received;
}

/* A column in units of 1024 bytes, and its quotient in bytes. */
static void
set_kilobytes(struct res_row *row, enum res_column column, int64_t num,
    int64_t den, int64_t scale)
{
	row->ratio[column] = (struct res_ratio){num, den};
	row->value[column] = quotient(num, den * 1024, scale);
}

static void
measure_loaned(const struct world *world, struct res_row *row)
{
	struct meter m = measured(world);

	/* an interval that ends between two us counts up to the first */
	set_kilobytes(row, RES_LOANED_MEAN_KB, m.loaned_byte_us,
	    m.at / PS_PER_US, 10);
	set_kilobytes(row, RES_LOANED_PEAK_KB, world->host.kva.peak, 1, 1);
	row->detail[RES_D_LOANED_TIME] = m.loaned_byte_us;
}

static int64_t
bytes_moved(const struct ledger *ledger)
{
	static const enum kern_cause moves[] = {CAUSE_COPYIN, CAUSE_COPYOUT,
	    CAUSE_TCP_COPY, CAUSE_IP_COPY, CAUSE_COW_COPY, CAUSE_DRIVER_COPY,
	    CAUSE_FILE_COPY};
	int64_t sum = ledger->line[CAUSE_DISK_DMA].write_bytes;

	for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++)
		sum += ledger->line[moves[i]].stored_bytes;
	return sum;
}

static void
measure_socket(const struct socket *so, struct res_row *row)
{
	int64_t *value = row->value, *detail = row->detail;

	value[RES_SEGMENTS] += so->tcpcb.stats.n_segments;
	value[RES_ACKS] += so->tcpcb.stats.n_acks;
	value[RES_RETRANSMITS] += so->tcpcb.stats.n_retransmits;
	value[RES_FAST_RETRANSMITS] += so->tcpcb.stats.n_fast_retransmits;
	value[RES_TIMEOUTS] += so->tcpcb.stats.n_timeouts;
	value[RES_DUP_ACKS] += so->tcpcb.stats.n_dup_acks;
	value[RES_QUENCHES] += so->tcpcb.stats.n_quenches;
	value[RES_PERSIST_PROBES] += so->tcpcb.stats.n_persists;
	value[RES_PAYLOAD_BYTES] += so->stats.bytes_received;
	value[RES_DATAGRAMS_SENT] += so->udp.stats.n_sent;
	value[RES_DATAGRAMS_DROPPED] += so->udp.stats.n_dropped;
	value[RES_FRAGMENTS] += so->udp.stats.n_fragments;
	detail[RES_D_OUTPUT_CALLS] += so->tcpcb.stats.n_output_calls;
	detail[RES_D_WRITTEN] += so->stats.bytes_written;
	detail[RES_D_LOANED] += so->stats.bytes_loaned;
}

/* The sockets of clients' connections that are no more, all together. */
static void
measure_gone(const struct guests_sum *sum, struct res_row *row)
{
	const struct socket together = {.stats = sum->so,
	    .tcpcb = {.stats = sum->tcp}};

	measure_socket(&together, row);
}

/* The connections that carried least and most of what the board sent. */
static void
measure_extremes(const struct host *host, struct res_row *row)
{
	int64_t least = host->guests.sum.least_acked;
	int64_t most = host->guests.sum.most_acked;

	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next) {
		int64_t acked = so->stats.bytes_acked;

		if (so->so_type != SO_STREAM || so->stats.bytes_written == 0)
			continue;
		least = acked < least ? acked : least;
		most = acked > most ? acked : most;
	}
	row->value[RES_LEAST_ACKED_BYTES] = least < most ? least : most;
	row->value[RES_MOST_ACKED_BYTES] = most;
}

/* The other end: the ideal peer's connections, or the far host's sockets. */
static void
measure_far(const struct world *world, struct res_row *row)
{
	const struct peer *peer = &world->peer;
	int64_t *value = row->value;
	const struct socket *so;

	value[RES_OUT_OF_ORDER] = peer->n_out_of_order;
	value[RES_DATAGRAMS_RECEIVED] = peer->udp.n_datagrams;
	value[RES_PAYLOAD_BYTES] += peer->udp.bytes_received;
	for (uint32_t i = 0; i < peer->n_conns; i++)
		if (peer->conns[i] != NULL)
			value[RES_PAYLOAD_BYTES] +=
			    peer->conns[i]->bytes_received;
	for (so = world->far.sockets; so != NULL; so = so->next) {
		value[RES_OUT_OF_ORDER] += so->tcpcb.stats.n_out_of_order;
		value[RES_PAYLOAD_BYTES] += so->stats.bytes_received;
	}
}

static void
add_received(const struct client_conn *cc, void *arg)
{
	*(int64_t *)arg += cc->c.bytes_received;
}

static void
measure_clients(const struct world *world, struct res_row *row)
{
	const struct clients *all = &world->clients;
	const struct client_stats *stats = &all->stats;
	int64_t *value = row->value;

	clients_each(all, add_received, &value[RES_PAYLOAD_BYTES]);
	value[RES_PAYLOAD_BYTES] += stats->bytes_received;
	value[RES_OUT_OF_ORDER] += all->peer.n_out_of_order;
	value[RES_REQUESTS] = stats->n_requests;
	value[RES_REQUESTS_FAILED] = stats->n_failed;
	value[RES_RESPONSE_MEAN_MS] = quotient(stats->response_us,
	    stats->n_requests, 1);
	value[RES_RESPONSE_MAX_MS] = stats->response_max_ps / PS_PER_US;
	value[RES_CONNECTIONS] = world->host.n_accepted;
	value[RES_REQUESTS_ABANDONED] = stats->n_abandoned;
	value[RES_WRITES_EPIPE] = world->host.n_epipe;
}

/* What has become of the datagrams that came to a host. */
static void
measure_datagrams(const struct host *host, struct res_row *row)
{
	const struct udp_in_stats *udp = &host->udp_in;
	const struct ip_stats *ip = &host->frags.stats;
	int64_t *value = row->value;

	value[RES_DATAGRAMS_RECEIVED] += udp->n_delivered;
	value[RES_DATAGRAMS_FULL] += udp->udps_fullsock + udp->n_nobufs;
	value[RES_DATAGRAMS_NO_PORT] += udp->udps_noport;
	value[RES_DATAGRAMS_BAD_SUM] += udp->udps_badsum;
	value[RES_DATAGRAMS_INCOMPLETE] += ip->ips_fragtimeout + ip->n_drained;
	value[RES_FRAGMENTS_DROPPED] += ip->ips_fragdropped;
	value[RES_INPUT_DROPS] += host->nic.stats.n_rx_dropped +
	    host->softnet.n_drops;
	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next)
		value[RES_DATAGRAMS_READ] += so->udp.stats.n_read;
}

static void
measure_sockets(struct world *world, struct res_row *row)
{
	const struct socket *so;

	for (so = world->host.sockets; so != NULL; so = so->next)
		measure_socket(so, row);
	measure_gone(&world->host.guests.sum, row);
	measure_extremes(&world->host, row);
	measure_far(world, row);
	measure_clients(world, row);
	for (int i = 0; i < world_n_hosts(world); i++)
		measure_datagrams(world_host(world, i), row);
	row->detail[RES_D_TIMEOUTS] = row->value[RES_TIMEOUTS];
	set_ratio(row, RES_LOANED_SHARE, row->detail[RES_D_LOANED],
	    row->detail[RES_D_WRITTEN], SHARE_SCALE);
	set_ratio(row, RES_MOVES_PER_BYTE, bytes_moved(&world->host.ledger),
	    row->value[RES_PAYLOAD_BYTES], SHARE_SCALE);
}

static int64_t
lost_on(const struct path *path)
{
	return path->stats.n_listed + path->stats.n_lost +
	    path->stats.n_queue_drops;
}

static void
measure_counters(const struct host *host, struct res_row *row)
{
	int64_t *value = row->value, *detail = row->detail;

	value[RES_LOAN_BIG] = host->sosend_counters.loan_big;
	value[RES_COPY_BIG] = host->sosend_counters.copy_big;
	value[RES_COPY_SMALL] = host->sosend_counters.copy_small;
	value[RES_KVA_LIMIT] = host->sosend_counters.kva_limit;
	value[RES_MBUF_WAITS] = host->nobufs.n_waits;
	value[RES_CLUSTER_MISSES] = host->nobufs.n_small;
	value[RES_NOBUFS] = host->nobufs.n_output;
	value[RES_RX_NOBUFS] = host->nobufs.n_driver;
	value[RES_COW_FAULTS] = host->vm.stats.n_cow_faults;
	value[RES_SOFT_FAULTS] = host->vm.stats.n_soft_faults;
	value[RES_TX_INTERRUPTS] = host->drv.n_tx_interrupts;
	value[RES_TX_UNDERRUNS] = host->nic.stats.n_tx_underruns;
	value[RES_RX_INTERRUPTS] = host->drv.n_rx_interrupts;
	value[RES_DMA_SEGMENTS] = host->ledger.n_ops[OP_DMA_SEG];
	value[RES_TX_COPIES] = host->drv.n_copied;
	detail[RES_D_TX_FRAMES] = host->nic.stats.n_tx_frames;
	detail[RES_D_RX_FRAMES] = host->nic.stats.n_rx_frames;
	detail[RES_D_REFUSED] = host->n_loans_refused;
	detail[RES_D_PAGES_LOANED] = host->vm.stats.n_loaned;
	detail[RES_D_PROTECTS] = host->vm.stats.n_protects;
	detail[RES_D_ZERO_FILLS] = host->vm.stats.n_zero_fills;
}

static void
measure_disk(const struct host *host, struct res_row *row)
{
	const struct pager_stats *stats = &host->pager.stats;
	const struct disk_stats *disk = &host->disk.stats;
	const struct disk_config *config = &host->disk.config;
	int64_t *value = row->value;

	value[RES_DISK_READS] = stats->n_reads;
	value[RES_DISK_WRITES] = stats->n_writes;
	value[RES_PAGE_INS] = stats->n_pages_read;
	value[RES_PAGES_WRITTEN] = stats->n_pages_written;
	value[RES_READ_AHEAD] = stats->n_ahead;
	value[RES_READ_AHEAD_HITS] = stats->n_ahead_hits;
	row->disk = (struct res_disk){
	    .media_bps = mul_div(config->sectors * DISK_SECTOR_BYTES, PS_PER_S,
	    config->revolution),
	    .n_transfers = disk->n_done, .n_continued = disk->n_continued,
	    .bytes = disk->n_moved * DISK_SECTOR_BYTES,
	    .busy_ps = disk->busy_ps, .seek_ps = disk->seek_ps,
	    .rotation_ps = disk->rotation_ps};
}

static void
measure_times(struct world *world, struct res_row *row)
{
	const struct cpu_stats *cpu = cpu_stats_now(&world->host.cpu);
	int64_t *detail = row->detail;

	detail[RES_D_ELAPSED] = world->cal.now;
	detail[RES_D_CPU_PROC] = cpu->busy_ps[CPU_PROC];
	detail[RES_D_CPU_SOFTINT] = cpu->busy_ps[CPU_SOFTINT];
	detail[RES_D_CPU_HARDINT] = cpu->busy_ps[CPU_HARDINT];
	detail[RES_D_CPU_IDLE] = cpu->idle_ps;
	detail[RES_D_CPU_STALL] = cpu->stall_ps;
	detail[RES_D_SWITCHES] = cpu->n_switches;
}

/* The ledger, its traffic at the rates of a bus that is free. */
static void
measure_ledger(const struct world *world, struct res_row *row)
{
	const struct bus *bus = &world->host.bus;
	struct ratio unit = world->host.cpu.ps_per_unit;
	struct ratio read = bus->ps_per_byte[BUS_READ];
	struct ratio write = bus->ps_per_byte[BUS_WRITE];

	for (int i = 0; i < N_CAUSES; i++) {
		const struct ledger_line *l = &world->host.ledger.line[i];

		row->cause[i] = (struct res_cause){
		    .compute_ps = mul_div(l->units, unit.num, unit.den),
		    .memory_ps = mul_div(l->read_bytes, read.num, read.den) +
		    mul_div(l->write_bytes, write.num, write.den),
		    .loaded_bytes = l->loaded_bytes,
		    .stored_bytes = l->stored_bytes,
		    .read_bytes = l->read_bytes,
		    .write_bytes = l->write_bytes};
	}
}

void
measure(struct world *world, struct res_row *row)
{
	memset(row->value, 0, sizeof row->value);
	memset(row->detail, 0, sizeof row->detail);
	measure_rates(world, row);
	measure_loaned(world, row);
	measure_sockets(world, row);
	measure_counters(&world->host, row);
	measure_disk(&world->host, row);
	row->value[RES_PATH_LOSSES] = lost_on(&world->to_peer_path);
	row->value[RES_PATH_BACK_LOSSES] = lost_on(&world->to_board_path);
	measure_times(world, row);
	measure_ledger(world, row);
	remarks(world, row);
}
