/*
 * Scenario files: what the user asked for, checked and complete.
 *
 * Stands for: one .scn file with its board and kernel profiles, its variants
 *	and the user's -s overrides; its expectations are in expect.h.
 * Errors: all of a file's mistakes are collected, never only the first.
 * Units: every value is an int64_t in the base unit of its key: bytes, ps,
 *	bit/s, B/s (memory and PCI), Hz, thousandths (ratios), 10^-9
 *	(probabilities), a count, or the index of a word in the key's list
 *	(enumerations; yes/no is 1/0).
 * Machines: the keys of [board] and [kernel] describe the board; a far end that
 *	is a host has a second set of them, [peer-board] and [peer-kernel].
 * Owns: the scenario owns its points; strings live as long as it.
 */
#ifndef SIM_SCENARIO_SCENARIO_H
#define SIM_SCENARIO_SCENARIO_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/kern/ops.h"

/* One enumerator per key of the schema table (schema.c). */
enum scn_key {
	SCN_TITLE,		/* scenario.title: text, one line */
	SCN_QUESTION,		/* scenario.question: text, for list */
	SCN_DURATION,		/* scenario.duration: 1 ms .. 4000 s, 10 s */
	SCN_WARMUP,		/* scenario.warmup: 0 .. 4000 s, 1 s; below
				 * the duration */
	SCN_DRAIN,		/* scenario.drain: bound on draining, 1 ms ..
				 * 4000 s, 120 s (a TCP that gives up needs
				 * minutes); duration + drain at most 4000 s */
	SCN_SEED,		/* scenario.seed: 0 .. 2^63-1, 1 */

	SCN_CPU_CLOCK,		/* board.cpu.clock: 1 MHz .. 2 GHz */
	SCN_CPU_CPI,		/* board.cpu.cpi: ratio, 0.1 .. 20 */
	SCN_CPU_MISS_OVERLAP,	/* board.cpu.miss_overlap: 1 .. 64 misses */
	SCN_CACHE_L1,		/* board.cache.l1: 4 KiB .. 16 MiB, or "none" */
	SCN_CACHE_L2,		/* board.cache.l2: 4 KiB .. 64 MiB, or "none" */
	SCN_CACHE_LINE,		/* board.cache.line: 32 | 64 | 128 bytes */
	SCN_CACHE_POLICY,	/* board.cache.policy: write-back | -through */
	SCN_CACHE_ALLOCATE,	/* board.cache.write_allocate: no | yes */
	SCN_CACHE_INDEX,	/* board.cache.index: physical | virtual */
	SCN_CACHE_L2_CYCLES,	/* board.cache.l2_line_cycles: 0 .. 1000 */
	SCN_DMA_COHERENT,	/* board.dma.coherent: no | yes */
	SCN_MEM_LATENCY,	/* board.memory.miss_cycles: 0 .. 10000 */
	SCN_MEM_READ,		/* board.memory.read_bandwidth: 1 .. 10^6
				 * MB/s */
	SCN_MEM_WRITE,		/* board.memory.write_bandwidth: same */
	SCN_MEM_SIZE,		/* board.memory.size: 1 MiB .. 1 TiB, or
				 * "unlimited" = 0 */
	SCN_BUS_ARBITRATION,	/* board.bus.arbitration: dma-first | fair */
	SCN_PCI_BANDWIDTH,	/* board.pci.bandwidth: 1 .. 10^6 MB/s */
	SCN_PCI_LATENCY,	/* board.pci.latency: 0 .. 1 ms */
	SCN_MMU_LOAN,		/* board.mmu.loan: no | yes */
	SCN_NIC_KIND,		/* board.nic.kind: fxp | tlp | tlp-clone | sip |
				 * gsip | rtl8139 */
	SCN_NIC_TX_FIFO,	/* board.nic.tx_fifo: 1538 B .. 1 MiB, 3 KiB */
	SCN_NIC_TX_THRESHOLD,	/* board.nic.tx_threshold: 8 .. 2040 B */
	SCN_NIC_RX_BUNDLE,	/* board.nic.rx_bundle: no | yes; yes of fxp */
	SCN_NIC_BUNDLE_DELAY,	/* board.nic.rx_bundle_delay: 1 us .. 100 ms */
	SCN_NIC_BUNDLE_FRAMES,	/* board.nic.rx_bundle_frames: 2 .. 128 */
	SCN_DISK_CYLINDERS,	/* board.disk.cylinders: 6 .. 200000 */
	SCN_DISK_HEADS,		/* board.disk.heads: 1 .. 64 */
	SCN_DISK_SECTORS,	/* board.disk.sectors: 8 .. 4096 a track */
	SCN_DISK_RPM,		/* board.disk.rpm: 600 .. 60000 */
	SCN_DISK_SEEK_SINGLE,	/* board.disk.seek_single: 0 .. 1 s, at most */
	SCN_DISK_SEEK_AVERAGE,	/* board.disk.seek_average: that, at most */
	SCN_DISK_SEEK_FULL,	/* board.disk.seek_full: that */
	SCN_DISK_HEAD_SWITCH,	/* board.disk.head_switch: 0 .. 1 s */
	SCN_DISK_OVERHEAD,	/* board.disk.overhead: 0 .. 1 s */
	SCN_DISK_BUFFER,	/* board.disk.buffer: 512 B .. 64 MiB, or
				 * "none" = 0 */
	SCN_DISK_INTERFACE,	/* board.disk.interface: 1 .. 10^6 MB/s */

	SCN_SOSEND_LOAN,	/* kernel.sosend_loan: no | yes */
	SCN_SOSEND_COUNTERS,	/* kernel.sosend_counters: no | yes */
	SCN_SOCK_LOAN_THRESH,	/* kernel.sock_loan_thresh: 1 B .. 64 KiB, or
				 * "off" = INT64_MAX; 4096 B */
	SCN_SOCK_LOAN_CHUNK,	/* kernel.sock_loan_chunk: 4 KiB .. 64 KiB */
	SCN_LOAN_ZERO_PAGE,	/* kernel.loan_zero_page: no | yes */
	SCN_SOMAXKVA,		/* kernel.somaxkva: 128 KiB .. 1 GiB, 16 MiB */
	SCN_KERNEL_MAP,		/* kernel.kernel_map: 128 KiB .. 4 GiB, or
				 * "unlimited" = 0, which it is */
	SCN_PENDFREE,		/* kernel.pendfree: lazy | thread */
	SCN_MBUFS,		/* kernel.mbufs: 64 .. 10^6, or "unlimited" =
				 * 0, which it is */
	SCN_NMBCLUSTERS,	/* kernel.nmbclusters: 16 .. 10^6, or that */
	SCN_NFS_LOAN,		/* kernel.nfs_loan: no, yes */
	SCN_OPEN_MAX,		/* kernel.open_max: 16 .. 65535 */
	SCN_MAXFILES,		/* kernel.maxfiles: 16 .. 10^6 */
	SCN_TCP_OUTPUT,		/* kernel.tcp_output: copy | reference */
	SCN_SBAPPEND,		/* kernel.sbappend: walk | tail */
	SCN_TCP_SENDSPACE,	/* kernel.tcp_sendspace: 2 KiB .. 233016 B,
				 * 16 KiB */
	SCN_TCP_INIT_WIN,	/* kernel.tcp_init_win: 0 .. 10 segments, 1;
				 * 0 is RFC 2414's min(4 seg, max(2, 4380 B)) */
	SCN_TCP_TIMESTAMPS,	/* kernel.tcp_timestamps: no | yes */
	SCN_UDP_SENDSPACE,	/* kernel.udp_sendspace: 2 KiB .. 65507 B,
				 * 9216 B */
	SCN_UDP_RECVSPACE,	/* kernel.udp_recvspace: 2 KiB .. 233016 B,
				 * 41600 B */
	SCN_IP_MAXFRAGPACKETS,	/* kernel.ip_maxfragpackets: 0 .. 10000, or
				 * "unlimited" = -1; 200 */
	SCN_IFQ_MAXLEN,		/* kernel.ifq_maxlen: 1 .. 10000, 50 */
	SCN_HZ,			/* kernel.hz: 10 Hz .. 10 kHz, 100 Hz */
	SCN_TCP_RECVSPACE,	/* kernel.tcp_recvspace: as tcp_sendspace */
	SCN_TCP_NEWRENO,	/* kernel.tcp_newreno: no | yes */
	SCN_TCP_WINDOW_SCALE,	/* kernel.tcp_window_scale: no | yes */
	SCN_TCP_TIMERS,		/* kernel.tcp_timers: ticks | fine */
	SCN_TCP_RTO_MIN,	/* kernel.tcp_rto_min: 10 ms .. 10 s, 1 s */
	SCN_TCP_DELACK,		/* kernel.tcp_delack: 1 ms .. 1 s, 200 ms */
	SCN_TCP_ACK_ON_PUSH,	/* kernel.tcp_ack_on_push: no | yes */
	SCN_TCP_KEEPIDLE,	/* kernel.tcp_keepidle: 1 s .. 3 h, 2 h */
	SCN_TCP_KEEPINTVL,	/* kernel.tcp_keepintvl: 1 s .. 3 h, 75 s */
	SCN_TCP_MSL,		/* kernel.tcp_msl: 1 ms .. 120 s, 30 s */
	SCN_BUFQ,		/* kernel.bufq: fcfs | disksort */
	SCN_FS_BSIZE,		/* kernel.fs_bsize: 4096 | ... | 65536 bytes */
	SCN_READ_AHEAD,		/* kernel.read_ahead: 64 KiB .. 16 MiB, or
				 * "none" = 0; 128 KiB */
	SCN_COST_FIRST,		/* kernel.cost.NAME, one per enum kern_op:
				 * 0 .. 10^5 instructions */
	SCN_COST_LAST = SCN_COST_FIRST + N_OPS - 1,

	SCN_LINK_KIND,		/* link.kind: 100baseTX-FDX | 10baseT-FDX */
	SCN_LINK_DELAY,		/* link.delay: 0 .. 1 s one way, 1 us */
	SCN_LINK_MTU,		/* link.mtu: 576 .. 1500 B, 1500 B */

	/* what happens behind the link, from the board to the peer; the keys
	 * of the way back are the same, in the same order */
	SCN_PATH_LOSS,		/* path.loss: 0 .. 100 %, 0 */
	SCN_PATH_BURST,		/* path.burst: 1 .. 1000 frames, 1; with loss
				 * at least 1 / (1 - loss), or 1 */
	SCN_PATH_DROP,		/* path.drop: a list (drops.h), none */
	SCN_PATH_REORDER,	/* path.reorder: 0 .. 100 %, 0 */
	SCN_PATH_REORDER_DELAY,	/* path.reorder_delay: 0 .. 10 s, 0 */
	SCN_PATH_DUPLICATE,	/* path.duplicate: 0 .. 100 %, 0 */
	SCN_PATH_RATE,		/* path.rate: 1 kbit/s .. 100 Gbit/s, or "none"
				 * = 0, which it is */
	SCN_PATH_QUEUE,		/* path.queue: 1 .. 100000 frames, 100 */
	SCN_PATH_DELAY,		/* path.delay: 0 .. 10 s one way, 0 */
	SCN_BACK_LOSS,		/* path-back.loss, and so on */
	SCN_BACK_BURST,
	SCN_BACK_DROP,
	SCN_BACK_REORDER,
	SCN_BACK_REORDER_DELAY,
	SCN_BACK_DUPLICATE,
	SCN_BACK_RATE,
	SCN_BACK_QUEUE,
	SCN_BACK_DELAY,

	SCN_PEER_KIND,		/* peer.kind: ideal | host; the rest of [peer]
				 * is of the ideal one */
	SCN_PEER_RECVSPACE,	/* peer.tcp_recvspace: 4 KiB .. 1 GiB, 64 KiB */
	SCN_PEER_DELACK_SEGMENTS,	/* peer.delack_segments: 1 .. 64, 2 */
	SCN_PEER_DELACK_TIMER,	/* peer.delack_timer: 1 ms .. 1 s, 200 ms */
	SCN_PEER_DELACK_PHASE,	/* peer.delack_phase: 0 .. 1 s, below the
				 * timer, 0 */
	SCN_PEER_TURNAROUND,	/* peer.turnaround: 0 .. 100 ms, from a
				 * segment's arrival to its ACK's departure */
	SCN_PEER_READ_RATE,	/* peer.read_rate: 1 kB/s .. 10 GB/s, or
				 * "unlimited" = 0 */
	SCN_PEER_READ_START,	/* peer.read_start: 0 .. 4000 s, 0 s */

	/* behind the link, where there are clients */
	SCN_NET_PLATFORM,	/* network.platform: star, or the path of a
				 * SimGrid platform */
	SCN_NET_BOARD,		/* network.board: the board's name in it */
	SCN_NET_CLIENT_RATE,	/* network.client_rate: of the star, 1 kbit/s ..
				 * 100 Gbit/s, 100 Mbit/s */
	SCN_NET_CLIENT_DELAY,	/* network.client_delay: of the star, 0 .. 10 s
				 * one way, 100 us */

	/* in every [file NAME] group */
	SCN_FILE_SIZE,		/* file.NAME.size: 1 B .. 1 TiB; required */
	SCN_FILE_CACHED,	/* .cached: no | yes */

	/* in every [process NAME] group */
	SCN_PROC_PROGRAM,	/* process.NAME.program: ttcp | ... | replay */
	SCN_PROC_HOST,		/* .host: board | peer | clients */
	SCN_PROC_COUNT,		/* .count: 1 .. 20000 of them, 1; above 1 needs
				 * one that is no ttcp-r or udpsink */
	SCN_PROC_START,		/* .start: 0 .. 4000 s, 0 s */
	SCN_PROC_PORT,		/* .port: 1 .. 65535, 5001: called by ttcp,
				 * listened at by ttcp-r and udpsink */
	SCN_PROC_ALIGN,		/* .align: 0 .. 4095 B into a page, 0 B */
	SCN_PROC_SNDBUF,	/* .so_sndbuf: 2 KiB .. 233016 B, or "default" =
				 * 0 (kernel.tcp_sendspace) */
	SCN_PROC_SNDLOWAT,	/* .so_sndlowat: 1 B .. 233016 B, 2048 B */
	SCN_PROC_RCVBUF,	/* .so_rcvbuf: as so_sndbuf
				 * (kernel.tcp_recvspace, udp_recvspace) */
	SCN_PROC_NODELAY,	/* .tcp_nodelay: no | yes */
	SCN_PROC_KEEPALIVE,	/* .so_keepalive: no | yes */
	/* ... that runs ttcp */
	SCN_PROC_WRITE_SIZE,	/* .write_size: 1 B .. 64 MiB, 64 KiB */
	SCN_PROC_N_BUFFERS,	/* .n_buffers: 1 .. 1024, 1 */
	SCN_PROC_REFILL,	/* .refill: none | touch | full */
	SCN_PROC_REFILL_BYTES,	/* .refill_bytes: 1 B .. 64 MiB, or "all" =
				 * INT64_MAX; needs a refill */
	SCN_PROC_TOTAL,		/* .total: 1 B .. 1 TiB, or "unlimited" =
				 * INT64_MAX (the duration ends it) */
	SCN_PROC_REPEAT,	/* .repeat: 1 .. 10000 connections in turn, 1;
				 * above 1 needs a total */
	SCN_PROC_PAUSE,		/* .pause: 0 .. 4000 s between writes, 0 s */
	/* ... that runs ttcp-r, and but for connections udpsink */
	SCN_PROC_READ_SIZE,	/* .read_size: 1 B .. 64 MiB, 64 KiB */
	SCN_PROC_READ_RATE,	/* .read_rate: 1 kB/s .. 10^6 MB/s, or
				 * "unlimited" = INT64_MAX */
	SCN_PROC_CONNECTIONS,	/* .connections: 1 .. 10000 in turn, or
				 * "unlimited" = INT64_MAX */
	/* ... that runs udpstream, with some of ttcp's */
	SCN_PROC_RATE,		/* .rate: 1 kB/s .. 10^6 MB/s, or "unlimited" =
				 * INT64_MAX */
	SCN_PROC_ON_ENOBUFS,	/* .on_enobufs: drop | sleep */
	/* ... of programs that a row names: another does not take them */
	SCN_PROC_FILES,		/* .files: a list (files.h) */
	SCN_PROC_METHOD,	/* .method: read | mmap */
	SCN_PROC_EVENTS,	/* .events: no | poll */
	SCN_PROC_WINDOW,	/* .window: 4 KiB .. 64 MiB, 64 KiB */
	SCN_PROC_PASSES,	/* .passes: 1 .. 10^6, or "unlimited" =
				 * INT64_MAX */
	SCN_PROC_BACKLOG,	/* .backlog: 1 .. 65535, 128 */
	SCN_PROC_HEADER,	/* .response_header: 0 .. 1460 B, or "default" =
				 * -1, the program's */
	SCN_PROC_REQUEST_SIZE,	/* .request_size: 1 .. 536 B, 300 B */
	SCN_PROC_PIECE,		/* .piece: 1 B .. 64 KiB, or "whole" = 0 */
	SCN_PROC_REQUESTS,	/* .requests: 1 .. 10^6, or "unlimited" =
				 * INT64_MAX; 1 */
	SCN_PROC_THINK,		/* .think: 0 .. 4000 s, 0 s */
	SCN_PROC_THINK_SPREAD,	/* .think_spread: 0 .. 100 %, 0 */
	SCN_PROC_AT,		/* .at: names of hosts of the platform */
	SCN_PROC_TRACE,		/* .trace: the path of a file */
	SCN_PROC_REPLAY_AS,	/* .replay_as: recorded | mmap */
	SCN_PROC_REPLAY_THINK,	/* .replay_think: none | keep */
	SCN_PROC_REPLAY_CACHE,	/* .replay_cache: warm | cold */
	SCN_N_KEYS
};

/*
 * Words of peer.kind, process.NAME.program, process.NAME.host and
 * process.NAME.replay_cache.
 */
enum { SCN_PEER_IDEAL, SCN_PEER_HOST };
enum { SCN_CACHE_WARM, SCN_CACHE_COLD };
enum {
	SCN_PROGRAM_TTCP,
	SCN_PROGRAM_TTCP_R,
	SCN_PROGRAM_UDPSTREAM,
	SCN_PROGRAM_UDPSINK,
	SCN_PROGRAM_SCRIBBLER,
	SCN_PROGRAM_MMAPWIN,
	SCN_PROGRAM_FTPD,
	SCN_PROGRAM_HTTPD,
	SCN_PROGRAM_SMBD,
	SCN_PROGRAM_NFSD,
	SCN_PROGRAM_FILECOPY,
	SCN_PROGRAM_CLIENT,
	SCN_PROGRAM_REPLAY,
	SCN_N_PROGRAMS
};
enum { SCN_ON_BOARD, SCN_ON_PEER, SCN_ON_CLIENTS };

struct scenario;	/* a loaded file */
struct scn_point;	/* one variant of it: every key has a value */

/*
 * scn_load: read a file, its profiles and the overrides; check everything.
 *
 * => path: a file, or "-" for standard input; a bare NAME of a shipped scenario
 *    is the caller's to resolve (scn_find)
 * => overrides: "group.key=value" strings, NULL-terminated, or NULL; they beat
 *    the variants
 * => on failure NULL, and errors gets one line per mistake, each complete:
 *    "file:line: error: [group] key: what is wrong; what is permitted"
 *    and a suggestion for a misspelt word
 */
struct scenario *scn_load(const char *path, const char *const *overrides,
    GPtrArray *errors);
void scn_free(struct scenario *scn);

/*
 * scn_find: the path of a shipped scenario, profile kind "" for scenarios,
 * "boards" or "kernels" for profiles; a path with a slash or an extension is
 * returned as it is.
 *
 * => searched: $LOANSIM_DATADIR, beside the executable, the source tree of a
 *    build tree, the install prefix
 * => NULL when there is none; the caller frees the result with g_free
 */
char *scn_find(const char *kind, const char *name);

const char *scn_name(const struct scenario *scn);	/* "thorpe-2002" */
size_t scn_n_points(const struct scenario *scn);	/* at least 1 */
const struct scn_point *scn_point(const struct scenario *scn, size_t i);

const char *scn_point_name(const struct scn_point *pt);	/* variant, or "base" */
int64_t scn_get(const struct scn_point *pt, enum scn_key key);
const char *scn_get_text(const struct scn_point *pt, enum scn_key key);
const char *scn_get_origin(const struct scn_point *pt, enum scn_key key);
				/* where a value comes from, or NULL */
const char *scn_get_cited(const struct scn_point *pt, enum kern_op op);
				/* what a source says it costs (cited.h) */

/*
 * The same of the far end.
 *
 * => key is of [board] or [kernel]; SCN_PEER_KIND is SCN_PEER_HOST
 */
int64_t scn_get_far(const struct scn_point *pt, enum scn_key key);
const char *scn_get_far_origin(const struct scn_point *pt, enum scn_key key);
const char *scn_get_far_cited(const struct scn_point *pt, enum kern_op op);

/* One end of the connections, for who looks at either: the board, or that. */
struct scn_end {
	const struct scn_point *pt;
	bool is_far;
};

int64_t scn_end_get(struct scn_end end, enum scn_key key);
const char *scn_end_origin(struct scn_end end, enum scn_key key);
const char *scn_end_cited(struct scn_end end, enum kern_op op);

/* scn_disk_bytes: what the disk of a machine holds */
int64_t scn_disk_bytes(struct scn_end end);

/* scn_far_is_host: the far end has a board, a kernel and programs */
bool scn_far_is_host(const struct scn_point *pt);

size_t scn_n_processes(const struct scn_point *pt);
const char *scn_process_name(const struct scn_point *pt, size_t proc);
int64_t scn_process_get(const struct scn_point *pt, size_t proc,
    enum scn_key key);
const char *scn_process_text(const struct scn_point *pt, size_t proc,
    enum scn_key key);

/*
 * scn_point_has_clients: does any process run on clients, or replay connections
 * that it accepted?
 */
bool scn_point_has_clients(const struct scn_point *pt);

/* scn_n_files: files of the board; file i has the number i + 1 */
size_t scn_n_files(const struct scn_point *pt);
const char *scn_file_name(const struct scn_point *pt, size_t file);
int64_t scn_file_get(const struct scn_point *pt, size_t file,
    enum scn_key key);

/*
 * scn_point_path: where a path that a value gives leads: it starts beside the
 * scenario's file.  g_free it
 */
char *scn_point_path(const struct scn_point *pt, const char *path);

/* scn_point_folder: where such paths start */
const char *scn_point_folder(const struct scn_point *pt);

/*
 * scn_dump: the effective scenario of a point as a .scn file, every key with
 * its value in a canonical unit and, where it has one, its origin.
 *
 * => of the far end only what its kind has: the keys of the ideal peer, or
 *    [peer-board] and [peer-kernel]
 * => loading the dump gives the same point; dumping again the same bytes
 */
GString *scn_dump(const struct scn_point *pt);

#endif
