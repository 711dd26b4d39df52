#include "sim/run/build.h"

#include <string.h>

/* Words of an enumeration are numbered in the order of the schema's list. */
enum { LINK_100BASETX_FDX, LINK_10BASET_FDX };

static struct cost_config
build_costs(const struct scn_point *pt)
{
	struct cost_config config = {.cpi_milli = scn_get(pt, SCN_CPU_CPI),
	    .l2_line_cycles = scn_get(pt, SCN_CACHE_L2_CYCLES),
	    .miss_cycles = scn_get(pt, SCN_MEM_LATENCY),
	    .miss_overlap = scn_get(pt, SCN_CPU_MISS_OVERLAP)};

	for (int op = 0; op < N_OPS; op++)
		config.op_insns[op] =
		    scn_get(pt, (enum scn_key)(SCN_COST_FIRST + op));
	return config;
}

static struct cache_config
build_cache(const struct scn_point *pt)
{
	return (struct cache_config){
	    .bytes = {scn_get(pt, SCN_CACHE_L1), scn_get(pt, SCN_CACHE_L2)},
	    .line_bytes = INT64_C(32) << scn_get(pt, SCN_CACHE_LINE),
	    .policy = (enum cache_policy)scn_get(pt, SCN_CACHE_POLICY),
	    .write_allocate = scn_get(pt, SCN_CACHE_ALLOCATE) != 0,
	    .is_virtual = scn_get(pt, SCN_CACHE_INDEX) != 0};
}

static struct bus_config
build_bus(const struct scn_point *pt)
{
	return (struct bus_config){
	    .read_bps = scn_get(pt, SCN_MEM_READ),
	    .write_bps = scn_get(pt, SCN_MEM_WRITE),
	    .pci_bps = scn_get(pt, SCN_PCI_BANDWIDTH),
	    .pci_latency = scn_get(pt, SCN_PCI_LATENCY),
	    .arbitration =
	    (enum bus_arbitration)scn_get(pt, SCN_BUS_ARBITRATION)};
}

static struct sosend_config
build_sosend(const struct scn_point *pt)
{
	return (struct sosend_config){
	    .sosend_loan = scn_get(pt, SCN_SOSEND_LOAN) != 0,
	    .sosend_counters = scn_get(pt, SCN_SOSEND_COUNTERS) != 0,
	    .sock_loan_thresh = scn_get(pt, SCN_SOCK_LOAN_THRESH),
	    .sock_loan_chunk = scn_get(pt, SCN_SOCK_LOAN_CHUNK)};
}

/*
 * The first sequence number: any would do.  A seed gives one below 2^32 by less
 * than 4 MiB, so that the numbers wrap early in every run.
 */
static uint32_t
first_seq(int64_t seed)
{
	return ~(uint32_t)((uint64_t)seed * 64021 & 0x3fffff);
}

static struct tcp_config
build_tcp(const struct scn_point *pt)
{
	return (struct tcp_config){
	    .output = (enum tcp_output_kind)scn_get(pt, SCN_TCP_OUTPUT),
	    .timestamps = scn_get(pt, SCN_TCP_TIMESTAMPS) != 0,
	    .init_win = scn_get(pt, SCN_TCP_INIT_WIN),
	    .mtu = scn_get(pt, SCN_LINK_MTU),
	    .iss = first_seq(scn_get(pt, SCN_SEED))};
}

static struct host_config
build_host(const struct scn_point *pt)
{
	return (struct host_config){
	    .cpu = {scn_get(pt, SCN_CPU_CLOCK)},
	    .cost = build_costs(pt),
	    .cache = build_cache(pt),
	    .dma_is_coherent = scn_get(pt, SCN_DMA_COHERENT) != 0,
	    .bus = build_bus(pt),
	    .nic = {scn_get(pt, SCN_NIC_TX_FIFO),
	    scn_get(pt, SCN_NIC_TX_THRESHOLD)},
	    .sosend = build_sosend(pt),
	    .tcp = build_tcp(pt),
	    .sbappend = (enum sb_append_kind)scn_get(pt, SCN_SBAPPEND),
	    .somaxkva = scn_get(pt, SCN_SOMAXKVA),
	    .ifq_maxlen = scn_get(pt, SCN_IFQ_MAXLEN),
	    .hz = scn_get(pt, SCN_HZ)};
}

static struct peer_config
build_peer(const struct scn_point *pt)
{
	return (struct peer_config){
	    .recvspace = scn_get(pt, SCN_PEER_RECVSPACE),
	    .mss = scn_get(pt, SCN_LINK_MTU) - IP_HEADER_LEN - TCP_HEADER_LEN,
	    .delack_segments = scn_get(pt, SCN_PEER_DELACK_SEGMENTS),
	    .delack_timer = scn_get(pt, SCN_PEER_DELACK_TIMER),
	    .delack_phase = scn_get(pt, SCN_PEER_DELACK_PHASE),
	    .turnaround = scn_get(pt, SCN_PEER_TURNAROUND),
	    .read_rate = scn_get(pt, SCN_PEER_READ_RATE),
	    .read_start = scn_get(pt, SCN_PEER_READ_START)};
}

static struct link_config
build_link(const struct scn_point *pt)
{
	int64_t bits_per_s = scn_get(pt, SCN_LINK_KIND) == LINK_10BASET_FDX ?
	    10000000 : 100000000;

	return (struct link_config){bits_per_s, scn_get(pt, SCN_LINK_DELAY)};
}

struct world_config
build_world(const struct scn_point *pt)
{
	return (struct world_config){
	    .host = build_host(pt),
	    .peer = build_peer(pt),
	    .link = build_link(pt),
	    .duration = scn_get(pt, SCN_DURATION),
	    .warmup = scn_get(pt, SCN_WARMUP),
	    .drain = scn_get(pt, SCN_DRAIN)};
}

static struct process_config
build_process(const struct scn_point *pt, size_t i)
{
	int64_t sndbuf = scn_process_get(pt, i, SCN_PROC_SNDBUF);

	return (struct process_config){
	    .name = scn_process_name(pt, i),
	    .program = (enum program)scn_process_get(pt, i, SCN_PROC_PROGRAM),
	    .start = scn_process_get(pt, i, SCN_PROC_START),
	    .write_size = scn_process_get(pt, i, SCN_PROC_WRITE_SIZE),
	    .n_buffers = scn_process_get(pt, i, SCN_PROC_N_BUFFERS),
	    .align = scn_process_get(pt, i, SCN_PROC_ALIGN),
	    .refill = (enum refill)scn_process_get(pt, i, SCN_PROC_REFILL),
	    .total = scn_process_get(pt, i, SCN_PROC_TOTAL),
	    .so_sndbuf = sndbuf != 0 ? sndbuf :
	    scn_get(pt, SCN_TCP_SENDSPACE),
	    .so_sndlowat = scn_process_get(pt, i, SCN_PROC_SNDLOWAT)};
}

struct process_config *
build_processes(const struct scn_point *pt)
{
	size_t n = scn_n_processes(pt);
	struct process_config *configs = g_new0(struct process_config, n);

	for (size_t i = 0; i < n; i++)
		configs[i] = build_process(pt, i);
	return configs;
}

struct ratio
build_wire_rate(const struct world_config *config)
{
	int64_t options =
	    config->host.tcp.timestamps ? TCPOLEN_TSTAMP_APPA : 0;
	int64_t payload = config->host.tcp.mtu - IP_HEADER_LEN -
	    TCP_HEADER_LEN - options;
	int64_t bytes_per_s = config->link.bits_per_s / 8;

	return ratio_make(payload * bytes_per_s,
	    link_wire_bytes(config->host.tcp.mtu));
}
