#include "sim/run/build.h"

#include <string.h>

#include "sim/engine/platform.h"
#include "sim/run/build_replay.h"
#include "sim/scenario/drops.h"
#include "sim/scenario/files.h"

/* Words of an enumeration are numbered in the order of the schema's list. */
enum { LINK_100BASETX_FDX, LINK_10BASET_FDX };

/* A value of the board or of the far host: scn_get or scn_get_far. */
typedef int64_t (*machine_get)(const struct scn_point *pt, enum scn_key key);

static struct cost_config
build_costs(const struct scn_point *pt, machine_get get)
{
	struct cost_config config = {.cpi_milli = get(pt, SCN_CPU_CPI),
	    .l2_line_cycles = get(pt, SCN_CACHE_L2_CYCLES),
	    .miss_cycles = get(pt, SCN_MEM_LATENCY),
	    .miss_overlap = get(pt, SCN_CPU_MISS_OVERLAP)};

	for (int op = 0; op < N_OPS; op++)
		config.op_insns[op] =
		    get(pt, (enum scn_key)(SCN_COST_FIRST + op));
	return config;
}

static struct cache_config
build_cache(const struct scn_point *pt, machine_get get)
{
	return (struct cache_config){
	    .bytes = {get(pt, SCN_CACHE_L1), get(pt, SCN_CACHE_L2)},
	    .line_bytes = INT64_C(32) << get(pt, SCN_CACHE_LINE),
	    .policy = (enum cache_policy)get(pt, SCN_CACHE_POLICY),
	    .write_allocate = get(pt, SCN_CACHE_ALLOCATE) != 0,
	    .is_virtual = get(pt, SCN_CACHE_INDEX) != 0};
}

/* Without bundling, a bundle is one frame. */
static struct nic_config
build_nic(const struct scn_point *pt, machine_get get)
{
	bool bundles = get(pt, SCN_NIC_RX_BUNDLE) != 0;

	return (struct nic_config){
	    .tx_fifo_bytes = get(pt, SCN_NIC_TX_FIFO),
	    .tx_threshold = get(pt, SCN_NIC_TX_THRESHOLD),
	    .kind = (enum nic_kind)get(pt, SCN_NIC_KIND),
	    .rx_bundle_frames = bundles ? get(pt, SCN_NIC_BUNDLE_FRAMES) : 1,
	    .rx_bundle_delay = get(pt, SCN_NIC_BUNDLE_DELAY)};
}

/* Tracks are skewed by what it takes to get from one to the next. */
static struct disk_config
build_disk(const struct scn_point *pt, machine_get get)
{
	int64_t sectors = get(pt, SCN_DISK_SECTORS);
	sim_time revolution = 60 * PS_PER_S / get(pt, SCN_DISK_RPM);
	sim_time single = get(pt, SCN_DISK_SEEK_SINGLE);
	sim_time head_switch = get(pt, SCN_DISK_HEAD_SWITCH);

	return (struct disk_config){
	    .cylinders = get(pt, SCN_DISK_CYLINDERS),
	    .heads = get(pt, SCN_DISK_HEADS),
	    .sectors = sectors,
	    .revolution = revolution,
	    .seek_single = single,
	    .seek_average = get(pt, SCN_DISK_SEEK_AVERAGE),
	    .seek_full = get(pt, SCN_DISK_SEEK_FULL),
	    .head_switch = head_switch,
	    .track_skew = mul_div_up(head_switch, sectors, revolution),
	    .cylinder_skew = mul_div_up(single, sectors, revolution),
	    .overhead = get(pt, SCN_DISK_OVERHEAD),
	    .buffer_sectors = get(pt, SCN_DISK_BUFFER) / DISK_SECTOR_BYTES,
	    .interface_bps = get(pt, SCN_DISK_INTERFACE),
	    .queue = (enum disk_queue)get(pt, SCN_BUFQ)};
}

static struct pager_config
build_pager(const struct scn_point *pt, machine_get get)
{
	return (struct pager_config){
	    .fs_bsize = INT64_C(1) << get(pt, SCN_FS_BSIZE),
	    .read_ahead = get(pt, SCN_READ_AHEAD) /
	    (PAGER_MAX_PAGES * PAGE_SIZE) * PAGER_MAX_PAGES};
}

static struct bus_config
build_bus(const struct scn_point *pt, machine_get get)
{
	return (struct bus_config){
	    .read_bps = get(pt, SCN_MEM_READ),
	    .write_bps = get(pt, SCN_MEM_WRITE),
	    .pci_bps = get(pt, SCN_PCI_BANDWIDTH),
	    .pci_latency = get(pt, SCN_PCI_LATENCY),
	    .arbitration =
	    (enum bus_arbitration)get(pt, SCN_BUS_ARBITRATION)};
}

/* A pmap that forbids loans sets the threshold after the kernel's default. */
static int64_t
build_loan_thresh(const struct scn_point *pt, machine_get get)
{
	return get(pt, SCN_MMU_LOAN) != 0 ? get(pt, SCN_SOCK_LOAN_THRESH) :
	    INT64_MAX;
}

static struct sosend_config
build_sosend(const struct scn_point *pt, machine_get get)
{
	return (struct sosend_config){
	    .sosend_loan = get(pt, SCN_SOSEND_LOAN) != 0,
	    .sosend_counters = get(pt, SCN_SOSEND_COUNTERS) != 0,
	    .sock_loan_thresh = build_loan_thresh(pt, get),
	    .sock_loan_chunk = get(pt, SCN_SOCK_LOAN_CHUNK),
	    .pendfree = (enum so_pendfree_kind)get(pt, SCN_PENDFREE),
	    .kernel_map = get(pt, SCN_KERNEL_MAP),
	    .nfs_loan = get(pt, SCN_NFS_LOAN) != 0};
}

/*
 * The first sequence number: any would do.  A seed gives one below 2^32 by less
 * than 4 MiB, so that the numbers wrap early in every run.  The far host's is
 * another one: who takes one for the other is found out.
 */
static uint32_t
first_seq(int64_t seed, bool is_far)
{
	uint64_t below = (uint64_t)seed * 64021 + (is_far ? 0x155555 : 0);

	return ~(uint32_t)(below & 0x3fffff);
}

static struct tcp_config
build_tcp(const struct scn_point *pt, machine_get get)
{
	return (struct tcp_config){
	    .output = (enum tcp_output_kind)get(pt, SCN_TCP_OUTPUT),
	    .timestamps = get(pt, SCN_TCP_TIMESTAMPS) != 0,
	    .window_scale = get(pt, SCN_TCP_WINDOW_SCALE) != 0,
	    .newreno = get(pt, SCN_TCP_NEWRENO) != 0,
	    .ack_on_push = get(pt, SCN_TCP_ACK_ON_PUSH) != 0,
	    .timers = (enum tcp_timers)get(pt, SCN_TCP_TIMERS),
	    .recvspace = get(pt, SCN_TCP_RECVSPACE),
	    .rto_min = get(pt, SCN_TCP_RTO_MIN),
	    .delack = get(pt, SCN_TCP_DELACK),
	    .keepidle = get(pt, SCN_TCP_KEEPIDLE),
	    .keepintvl = get(pt, SCN_TCP_KEEPINTVL),
	    .msl = get(pt, SCN_TCP_MSL),
	    .init_win = get(pt, SCN_TCP_INIT_WIN),
	    .mtu = scn_get(pt, SCN_LINK_MTU),
	    .iss = first_seq(scn_get(pt, SCN_SEED), get == scn_get_far)};
}

/*
 * The page daemon's target as uvmpd_tune() sets it: freemin is a twentieth of
 * memory, but 16 KiB at least and 256 KiB at most, and freetarg a third more.
 */
static struct vm_config
build_vm(const struct scn_point *pt, machine_get get)
{
	int64_t n_pages = get(pt, SCN_MEM_SIZE) / PAGE_SIZE;
	int64_t freemin = CLAMP(n_pages / 20, 4, 64);

	return (struct vm_config){
	    .n_pages = n_pages,
	    .freetarg = freemin * 4 / 3,
	    .loan_zero_page = get(pt, SCN_LOAN_ZERO_PAGE) != 0};
}

static struct host_config
build_host(const struct scn_point *pt, machine_get get)
{
	return (struct host_config){
	    .cpu = {get(pt, SCN_CPU_CLOCK)},
	    .cost = build_costs(pt, get),
	    .cache = build_cache(pt, get),
	    .dma_is_coherent = get(pt, SCN_DMA_COHERENT) != 0,
	    .bus = build_bus(pt, get),
	    .nic = build_nic(pt, get),
	    .disk = build_disk(pt, get),
	    .sosend = build_sosend(pt, get),
	    .tcp = build_tcp(pt, get),
	    .sbappend = (enum sb_append_kind)get(pt, SCN_SBAPPEND),
	    .vm = build_vm(pt, get),
	    .pager = build_pager(pt, get),
	    .somaxkva = get(pt, SCN_SOMAXKVA),
	    .mbufs = get(pt, SCN_MBUFS),
	    .nmbclusters = get(pt, SCN_NMBCLUSTERS),
	    .ifq_maxlen = get(pt, SCN_IFQ_MAXLEN),
	    .udp_recvspace = get(pt, SCN_UDP_RECVSPACE),
	    .ip_maxfragpackets = get(pt, SCN_IP_MAXFRAGPACKETS),
	    .hz = get(pt, SCN_HZ),
	    .open_max = get(pt, SCN_OPEN_MAX),
	    .maxfiles = get(pt, SCN_MAXFILES)};
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

/* base: the first key of the direction's group */
static struct path_config
build_path(const struct scn_point *pt, enum scn_key base)
{
#define KEY(name) ((enum scn_key)(base + (SCN_PATH_##name - SCN_PATH_LOSS)))
	struct path_config config = {
	    .loss = {scn_get(pt, KEY(LOSS)), scn_get(pt, KEY(BURST))},
	    .reorder = scn_get(pt, KEY(REORDER)),
	    .reorder_delay = scn_get(pt, KEY(REORDER_DELAY)),
	    .duplicate = scn_get(pt, KEY(DUPLICATE)),
	    .bits_per_s = scn_get(pt, KEY(RATE)),
	    .queue_limit = scn_get(pt, KEY(QUEUE)),
	    .delay = scn_get(pt, KEY(DELAY)),
	    .seed = (uint64_t)scn_get(pt, SCN_SEED)};

	/* the loader has parsed it before */
	scn_drops_parse(scn_get_text(pt, KEY(DROP)), &config.drops, NULL);
#undef KEY
	return config;
}

struct world_config
build_world(const struct scn_point *pt)
{
	struct world_config config = {
	    .host = build_host(pt, scn_get),
	    .far_is_host = scn_far_is_host(pt),
	    .peer = build_peer(pt),
	    .link = build_link(pt),
	    .net = {.star = {scn_get(pt, SCN_NET_CLIENT_RATE),
	    scn_get(pt, SCN_NET_CLIENT_DELAY), NET_SPLITDUPLEX}},
	    .to_peer_path = build_path(pt, SCN_PATH_LOSS),
	    .to_board_path = build_path(pt, SCN_BACK_LOSS),
	    .duration = scn_get(pt, SCN_DURATION),
	    .warmup = scn_get(pt, SCN_WARMUP),
	    .drain = scn_get(pt, SCN_DRAIN)};

	if (config.far_is_host)
		config.far = build_host(pt, scn_get_far);
	return config;
}

/* What programs that serve, ask, copy or replay are told besides. */
static void
build_rest(const struct scn_point *pt, size_t i, struct process_config *config)
{
	const char *trace = scn_process_text(pt, i, SCN_PROC_TRACE);
	g_autofree char *path = scn_point_path(pt, trace);

	config->method =
	    (enum file_method)scn_process_get(pt, i, SCN_PROC_METHOD);
	config->events =
	    (enum events)scn_process_get(pt, i, SCN_PROC_EVENTS);
	config->window = scn_process_get(pt, i, SCN_PROC_WINDOW);
	config->passes = scn_process_get(pt, i, SCN_PROC_PASSES);
	config->backlog = (int)scn_process_get(pt, i, SCN_PROC_BACKLOG);
	config->response_header = scn_process_get(pt, i, SCN_PROC_HEADER);
	config->request_size = scn_process_get(pt, i, SCN_PROC_REQUEST_SIZE);
	config->piece = scn_process_get(pt, i, SCN_PROC_PIECE);
	config->requests = scn_process_get(pt, i, SCN_PROC_REQUESTS);
	config->think = scn_process_get(pt, i, SCN_PROC_THINK);
	config->think_spread = mul_div(config->think,
	    scn_process_get(pt, i, SCN_PROC_THINK_SPREAD),
	    INT64_C(1000000000));
	config->start_spread = config->think;
	config->abandon = scn_process_get(pt, i, SCN_PROC_ABANDON);
	config->abandon_after = scn_process_get(pt, i, SCN_PROC_ABANDON_AFTER);
	config->trace = *trace == '\0' ? NULL : g_intern_string(path);
	config->replay_as =
	    (enum replay_as)scn_process_get(pt, i, SCN_PROC_REPLAY_AS);
	config->replay_keeps_think =
	    scn_process_get(pt, i, SCN_PROC_REPLAY_THINK) != 0;
	config->is_client =
	    scn_process_get(pt, i, SCN_PROC_HOST) == SCN_ON_CLIENTS;
}

/* so_rcvbuf may be 0: the kernel knows its default */
static struct process_config
build_process(const struct scn_point *pt, size_t i)
{
	int64_t sndbuf = scn_process_get(pt, i, SCN_PROC_SNDBUF);
	int64_t program = scn_process_get(pt, i, SCN_PROC_PROGRAM);
	enum scn_key sendspace = program == SCN_PROGRAM_UDPSTREAM ?
	    SCN_UDP_SENDSPACE : SCN_TCP_SENDSPACE;
	bool is_far = scn_process_get(pt, i, SCN_PROC_HOST) == SCN_ON_PEER;
	machine_get get = is_far ? scn_get_far : scn_get;

	return (struct process_config){
	    .name = scn_process_name(pt, i),
	    .program = (enum program)program,
	    .is_far = is_far,
	    .start = scn_process_get(pt, i, SCN_PROC_START),
	    .port = (uint16_t)scn_process_get(pt, i, SCN_PROC_PORT),
	    .seed = (uint64_t)scn_get(pt, SCN_SEED),
	    .align = scn_process_get(pt, i, SCN_PROC_ALIGN),
	    .so_sndbuf = sndbuf != 0 ? sndbuf : get(pt, sendspace),
	    .so_sndlowat = scn_process_get(pt, i, SCN_PROC_SNDLOWAT),
	    .so_rcvbuf = scn_process_get(pt, i, SCN_PROC_RCVBUF),
	    .tcp_nodelay = scn_process_get(pt, i, SCN_PROC_NODELAY) != 0,
	    .so_keepalive = scn_process_get(pt, i, SCN_PROC_KEEPALIVE) != 0,
	    .write_size = scn_process_get(pt, i, SCN_PROC_WRITE_SIZE),
	    .n_buffers = scn_process_get(pt, i, SCN_PROC_N_BUFFERS),
	    .refill = (enum refill)scn_process_get(pt, i, SCN_PROC_REFILL),
	    .refill_bytes = scn_process_get(pt, i, SCN_PROC_REFILL_BYTES),
	    .total = scn_process_get(pt, i, SCN_PROC_TOTAL),
	    .repeat = scn_process_get(pt, i, SCN_PROC_REPEAT),
	    .pause = scn_process_get(pt, i, SCN_PROC_PAUSE),
	    .read_size = scn_process_get(pt, i, SCN_PROC_READ_SIZE),
	    .read_rate = scn_process_get(pt, i, SCN_PROC_READ_RATE),
	    .connections = scn_process_get(pt, i, SCN_PROC_CONNECTIONS),
	    .rate = scn_process_get(pt, i, SCN_PROC_RATE),
	    .on_enobufs =
	    (enum on_enobufs)scn_process_get(pt, i, SCN_PROC_ON_ENOBUFS)};
}

/* host_at: where the k-th of a group is; NULL: anywhere */
static const char *
host_at(const struct scn_point *pt, size_t i, int64_t k)
{
	g_auto(GStrv) names =
	    g_strsplit(scn_process_text(pt, i, SCN_PROC_AT), ",", -1);
	guint n = g_strv_length(names);

	return n == 0 ? NULL :
	    g_intern_string(g_strstrip(names[k % (int64_t)n]));
}

/* copy_of: the file that copies are; without copy_to none of [file NAME] */
static uint32_t
copy_of(const struct scn_point *pt, size_t i, uint32_t number)
{
	const char *name = scn_process_text(pt, i, SCN_PROC_COPY_TO);

	return 1 + (*name != '\0' ? (uint32_t)scn_files_find(pt, name) :
	    (uint32_t)scn_n_files(pt) + number);
}

/* How many processes there are, and files that they name. */
struct extent {
	size_t n_processes;
	size_t n_files;
};

/* list_of: the files that a group names, or NULL; g_array_unref it */
static GArray *
list_of(const struct scn_point *pt, size_t i)
{
	g_autofree char *wrong = NULL;
	const char *text = scn_process_text(pt, i, SCN_PROC_FILES);

	return *text == '\0' ? NULL : scn_files_parse(text, &wrong);
}

static struct extent
extent_of(const struct scn_point *pt)
{
	struct extent extent = {0, 0};

	for (size_t i = 0; i < scn_n_processes(pt); i++) {
		g_autoptr(GArray) list = list_of(pt, i);
		const struct story *story = replay_of(pt, i);

		extent.n_processes += story != NULL ?
		    story_n_configs(story) :
		    (size_t)scn_process_get(pt, i, SCN_PROC_COUNT);
		extent.n_files += list == NULL ? 0 : list->len;
	}
	return extent;
}

/* build_shares: the files of a group. => how many there are */
static size_t
build_shares(const struct scn_point *pt, size_t i, struct file_share *shares)
{
	g_autoptr(GArray) list = list_of(pt, i);
	size_t n = list == NULL ? 0 : list->len;

	for (size_t k = 0; k < n; k++) {
		const struct scn_file_entry *entry =
		    &g_array_index(list, struct scn_file_entry, k);
		size_t file = scn_files_find(pt, entry->name);

		shares[k] = (struct file_share){(uint32_t)file + 1,
		    scn_file_get(pt, file, SCN_FILE_SIZE), entry->percent};
	}
	return n;
}

/* Files of recordings have numbers above all others. */
static uint32_t
first_replay_file(const struct scn_point *pt)
{
	return (uint32_t)(scn_n_files(pt) + extent_of(pt).n_processes + 1);
}

/* The lists of files follow the processes, in one block of memory. */
struct process_config *
build_processes(const struct scn_point *pt, size_t *n)
{
	struct extent extent = extent_of(pt);
	struct process_config *configs = g_malloc0(
	    extent.n_processes * sizeof *configs +
	    extent.n_files * sizeof(struct file_share));
	struct file_share *shares = (void *)&configs[extent.n_processes];
	uint32_t number = 0, file = first_replay_file(pt);

	for (size_t i = 0; i < scn_n_processes(pt); i++) {
		const struct story *story = replay_of(pt, i);
		struct process_config config = build_process(pt, i);
		int64_t count = scn_process_get(pt, i, SCN_PROC_COUNT);

		build_rest(pt, i, &config);
		config.n_files = build_shares(pt, i, shares);
		config.files = config.n_files > 0 ? shares : NULL;
		shares += config.n_files;
		if (story != NULL) {
			config.number = number;
			replay_build(story, &config, file, &configs[number]);
			number += (uint32_t)story_n_configs(story);
			file += story_n_files(story);
			continue;
		}
		for (int64_t k = 0; k < count; k++) {
			config.member = (uint32_t)k;
			config.group = &configs[number - k];
			config.number = number;
			config.at = host_at(pt, i, k);
			config.out_file = copy_of(pt, i, number);
			configs[number++] = config;
		}
	}
	*n = number;
	return configs;
}

struct file_config *
build_files(const struct scn_point *pt, size_t *n)
{
	GArray *files = g_array_new(FALSE, FALSE, sizeof(struct file_config));

	for (size_t i = 0; i < scn_n_files(pt); i++) {
		struct file_config file = {(uint32_t)i + 1,
		    scn_file_get(pt, i, SCN_FILE_SIZE),
		    scn_file_get(pt, i, SCN_FILE_CACHED) != 0};

		g_array_append_val(files, file);
	}
	replay_files(pt, first_replay_file(pt), files);
	*n = files->len;
	return (struct file_config *)(gpointer)g_array_free(files, FALSE);
}

bool
build_platform(const struct scn_point *pt, struct eng_platform *platform)
{
	const char *file = scn_get_text(pt, SCN_NET_PLATFORM);
	g_autofree char *path = scn_point_path(pt, file);

	if (strcmp(file, "star") == 0)
		return false;
	*platform = (struct eng_platform){g_intern_string(path),
	    scn_get_text(pt, SCN_NET_BOARD)};
	return true;
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
