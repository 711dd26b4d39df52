/*
 * The rows of the groups that stand once.
 *
 * Ranges are wide enough for any machine one might ask about and narrow enough
 * that no product of a model overflows; where a range is NetBSD's, its row says
 * so.
 */
#include "sim/scenario/schema.h"

#include "models/base/time.h"
#include "models/hw/path.h"
#include "sim/scenario/drops.h"
#include "sim/scenario/schema_disk.h"
#include "sim/scenario/schema_rows.h"
#include "sim/scenario/schema_tcp.h"
#include "sim/scenario/schema_words.h"

const char *const scn_group_names[] = {
	"scenario", "board", "kernel", "link", "path", "path-back", "peer",
	"peer-board", "peer-kernel", "network", "file", "process", "variant",
	"sweep", "expect", NULL
};

/* The rows of a direction: P for its keys' symbols, g its group. */
#define PATH_ROWS(P, g)							\
	[SCN_##P##_LOSS] = { QUANTITY(g, "loss", PROBABILITY,		\
	    0, RANDOM_CERTAIN), .def = 0,				\
	    .sentence = "chance that a frame is lost" },		\
	[SCN_##P##_BURST] = { QUANTITY(g, "burst", RATIO,		\
	    PATH_BURST_NONE, 1000 * PATH_BURST_NONE),			\
	    .def = PATH_BURST_NONE,					\
	    .sentence = "mean number of frames lost in a row; 1: each "	\
	    "is lost or not whatever happens to others; else at least "	\
	    "1 / (1 - loss), which is what chance makes of it" },	\
	[SCN_##P##_DROP] = { .group = g, .name = "drop",		\
	    .type = SCN_TYPE_DROPS, .special = "none",			\
	    .sentence = "frames that are lost, whatever chance says; "	\
	    "data 20: the 20th segment of new data, or packet of a "	\
	    "datagram, over all connections; data 20+1: its first "	\
	    "retransmission; data 30-32: three of them; ack 7, syn 1, "	\
	    "fin 1: each kind by its own count" },			\
	[SCN_##P##_REORDER] = { QUANTITY(g, "reorder", PROBABILITY,	\
	    0, RANDOM_CERTAIN), .def = 0,				\
	    .sentence = "chance that a frame is held back for "		\
	    "reorder_delay, so that later ones overtake it" },		\
	[SCN_##P##_REORDER_DELAY] = { QUANTITY(g, "reorder_delay", TIME, \
	    0, 10 * PS_PER_S), .def = 0,				\
	    .sentence = "how long a frame is held back" },		\
	[SCN_##P##_DUPLICATE] = { QUANTITY(g, "duplicate", PROBABILITY,	\
	    0, RANDOM_CERTAIN), .def = 0,				\
	    .sentence = "chance that a copy arrives right behind a frame" }, \
	[SCN_##P##_RATE] = { QUANTITY(g, "rate", BIT_RATE,		\
	    1000, INT64_C(100000000000)), .def = 0,			\
	    .special = "none", .special_value = 0,			\
	    .sentence = "rate of the narrowest hop behind the link, "	\
	    "framed like Ethernet; none: there is none narrower" },	\
	[SCN_##P##_QUEUE] = { QUANTITY(g, "queue", COUNT, 1, 100000),	\
	    .def = 100,							\
	    .sentence = "frames that may wait for that hop, the one "	\
	    "being sent not counted; one that finds no room is lost" },	\
	[SCN_##P##_DELAY] = { QUANTITY(g, "delay", TIME,		\
	    0, 10 * PS_PER_S), .def = 0,				\
	    .sentence = "extra delay one way, behind that hop" }

const struct scn_key_info scn_plain_rows[SCN_N_PLAIN] = {
	[SCN_TITLE] = { TEXT("scenario", "title"),
	    .sentence = "one line that names the scenario" },
	[SCN_QUESTION] = { TEXT("scenario", "question"),
	    .sentence = "the question it answers; shown by list" },
	[SCN_DURATION] = { QUANTITY("scenario", "duration", TIME,
	    PS_PER_MS, SIM_TIME_MAX), .def = 10 * PS_PER_S,
	    .sentence = "simulated time until no new system call is accepted; "
	    "above 4000 s the engine's clock would lose picoseconds" },
	[SCN_WARMUP] = { QUANTITY("scenario", "warmup", TIME,
	    0, SIM_TIME_MAX), .def = PS_PER_S,
	    .sentence = "time at the start that is not measured; below the "
	    "duration" },
	[SCN_DRAIN] = { QUANTITY("scenario", "drain", TIME,
	    PS_PER_MS, SIM_TIME_MAX), .def = 120 * PS_PER_S,
	    .sentence = "longest time that sockets may take to drain after "
	    "the duration; together with it at most 4000 s" },
	[SCN_SEED] = { QUANTITY("scenario", "seed", COUNT,
	    0, INT64_MAX), .def = 1,
	    .sentence = "chooses the first sequence number of each "
	    "connection, and what chance does to frames on their way" },

	/* above 2 GHz the ledger's unit would overflow within 4000 s */
	[SCN_CPU_CLOCK] = { QUANTITY("board", "cpu.clock", FREQUENCY,
	    MHZ, 2 * GHZ), .needs_origin = true,
	    .sentence = "clock of the processor" },
	[SCN_CPU_CPI] = { QUANTITY("board", "cpu.cpi", RATIO,
	    100, 20000), .needs_origin = true,
	    .sentence = "mean cycles per instruction when no data access "
	    "leaves the cache" },
	[SCN_CPU_MISS_OVERLAP] = { QUANTITY("board", "cpu.miss_overlap",
	    COUNT, 1, 64), .needs_origin = true,
	    .sentence = "cache misses that may be under way at once; their "
	    "latencies overlap, their transfers do not" },
	/* at least a page, so that one access never overflows a level */
	[SCN_CACHE_L1] = { QUANTITY("board", "cache.l1", BYTES,
	    4 * KIB, 16 * MIB), .needs_origin = true,
	    .special = "none", .special_value = 0,
	    .sentence = "size of the first-level data cache; none: every "
	    "access goes to memory, and the other cache keys say nothing" },
	[SCN_CACHE_L2] = { QUANTITY("board", "cache.l2", BYTES,
	    4 * KIB, 64 * MIB), .needs_origin = true,
	    .special = "none", .special_value = 0,
	    .sentence = "size of the second-level cache, physically indexed "
	    "and write-back" },
	[SCN_CACHE_LINE] = { WORD("board", "cache.line", line_words),
	    .needs_origin = true,
	    .sentence = "bytes in a line, of either level" },
	[SCN_CACHE_POLICY] = { WORD("board", "cache.policy", policy_words),
	    .needs_origin = true,
	    .sentence = "whether the first level keeps stores until their "
	    "line is evicted or cleaned, or passes each on at once" },
	[SCN_CACHE_ALLOCATE] = { WORD("board", "cache.write_allocate",
	    yes_no), .needs_origin = true,
	    .sentence = "whether a store that misses reads its line first; "
	    "otherwise it goes past the cache" },
	[SCN_CACHE_INDEX] = { WORD("board", "cache.index", index_words),
	    .needs_origin = true,
	    .sentence = "how the first level finds a line; virtual: each "
	    "mapping of a page has lines of its own, and lending a page "
	    "cleans those of the program" },
	[SCN_CACHE_L2_CYCLES] = { QUANTITY("board", "cache.l2_line_cycles",
	    COUNT, 0, 1000), .needs_origin = true,
	    .sentence = "processor cycles to move a line between the cache "
	    "levels" },
	[SCN_DMA_COHERENT] = { WORD("board", "dma.coherent", yes_no),
	    .needs_origin = true,
	    .sentence = "whether the NIC sees what is only in a cache; if "
	    "not, the driver cleans each packet, line by line",
	    .netbsd = "bus_dmamap_sync" },
	[SCN_MEM_LATENCY] = { QUANTITY("board", "memory.miss_cycles", COUNT,
	    0, 10000), .needs_origin = true,
	    .sentence = "processor cycles that a miss waits before its line "
	    "begins to arrive; the transfer comes on top" },
	[SCN_MEM_READ] = { QUANTITY("board", "memory.read_bandwidth",
	    BYTE_RATE, MB_PER_S, 1000000 * MB_PER_S), .needs_origin = true,
	    .sentence = "rate at which memory delivers bytes to the processor "
	    "or to a device" },
	[SCN_MEM_WRITE] = { QUANTITY("board", "memory.write_bandwidth",
	    BYTE_RATE, MB_PER_S, 1000000 * MB_PER_S), .needs_origin = true,
	    .sentence = "rate at which memory takes bytes" },
	[SCN_MEM_SIZE] = { QUANTITY("board", "memory.size", BYTES,
	    MIB, 1024 * GIB), .needs_origin = true,
	    .special = "unlimited", .special_value = 0,
	    .sentence = "memory for the pages of programs and files; who "
	    "finds none left sleeps", .netbsd = "uvmexp.npages" },
	[SCN_BUS_ARBITRATION] = { WORD("board", "bus.arbitration",
	    arbitration_words), .needs_origin = true,
	    .sentence = "who gets the memory while both the NIC and the "
	    "processor want it; dma-first: the NIC all it can take; fair: "
	    "half of the time each, or less for a NIC that cannot take half" },
	[SCN_PCI_BANDWIDTH] = { QUANTITY("board", "pci.bandwidth",
	    BYTE_RATE, MB_PER_S, 1000000 * MB_PER_S), .needs_origin = true,
	    .sentence = "rate of the bus between memory and the NIC" },
	[SCN_PCI_LATENCY] = { QUANTITY("board", "pci.latency", TIME,
	    0, PS_PER_MS), .needs_origin = true,
	    .sentence = "time from the NIC's request for a transfer to its "
	    "first byte, in which it does not use the memory" },
	[SCN_MMU_LOAN] = { WORD("board", "mmu.loan", yes_no),
	    .needs_origin = true,
	    .sentence = "whether the port's pmap lets pages be lent; no: it "
	    "sets sock_loan_thresh off when it starts, because a second "
	    "mapping of a page would be an alias in its caches",
	    .netbsd = "pmap_bootstrap, sock_loan_thresh = -1" },
	[SCN_NIC_KIND] = { WORD("board", "nic.kind", nic_kinds),
	    .needs_origin = true,
	    .sentence = "the NIC and its driver; fxp: Intel i82557 family; "
	    "tlp: DEC 21140 to 21143; tlp-clone: a copy of those that takes "
	    "one aligned piece a packet; sip: SiS 900, DP83815; gsip: DP83820, "
	    "which sums; rtl8139: copies every packet, four may be under way",
	    .netbsd = "sys/dev/ic/i82557.c, tulip.c, rtl81x9.c, "
	    "sys/dev/pci/if_sip.c" },
	/* at least one full frame, so that any frame can be fetched at all */
	[SCN_NIC_TX_FIFO] = { QUANTITY("board", "nic.tx_fifo", BYTES,
	    1538, MIB), .needs_origin = true,
	    .sentence = "transmit FIFO of the NIC; a frame is fetched once it "
	    "fits" },
	[SCN_NIC_TX_THRESHOLD] = { QUANTITY("board", "nic.tx_threshold",
	    BYTES, 8, 2040), .needs_origin = true,
	    .sentence = "bytes of a frame that have to be in the FIFO before "
	    "it starts on the wire, or all of it if it is shorter; after "
	    "underruns the driver of fxp asks for more",
	    .netbsd = "tx_threshold" },
	[SCN_NIC_RX_BUNDLE] = { WORD("board", "nic.rx_bundle", yes_no),
	    .needs_origin = true,
	    .sentence = "whether microcode holds back the receive interrupt "
	    "of fxp until so many frames are there, or the first has waited "
	    "for so long", .netbsd = "IFF_LINK0, fxp_load_ucode" },
	[SCN_NIC_BUNDLE_DELAY] = { QUANTITY("board", "nic.rx_bundle_delay",
	    TIME, PS_PER_US, 100 * PS_PER_MS), .needs_origin = true,
	    .sentence = "how long the first frame of a bundle waits at most",
	    .netbsd = "fxp_int_delay" },
	/* at most the receive buffers, or a bundle would never be full */
	[SCN_NIC_BUNDLE_FRAMES] = { QUANTITY("board", "nic.rx_bundle_frames",
	    COUNT, 2, 128), .needs_origin = true,
	    .sentence = "frames of a full bundle",
	    .netbsd = "fxp_bundle_max" },
	DISK_ROWS,

	[SCN_SOSEND_LOAN] = { WORD("kernel", "sosend_loan", yes_no),
	    .needs_origin = true,
	    .sentence = "whether sosend lends the pages of large writes to "
	    "the network instead of copying them",
	    .netbsd = "option SOSEND_LOAN, use_sosend_loan" },
	[SCN_SOSEND_COUNTERS] = { WORD("kernel", "sosend_counters", yes_no),
	    .needs_origin = true,
	    .sentence = "whether the kernel counts loans and copies; if not, "
	    "loan_big, copy_big, copy_small and kva_limit stay 0",
	    .netbsd = "option SOSEND_COUNTERS" },
	[SCN_SOCK_LOAN_THRESH] = { QUANTITY("kernel", "sock_loan_thresh",
	    BYTES, 1, 64 * KIB), .needs_origin = true,
	    .special = "off", .special_value = INT64_MAX,
	    .sentence = "least rest of an iovec, and least free space in the "
	    "send buffer, for which a loan is tried",
	    .netbsd = "SOCK_LOAN_THRESH" },
	[SCN_SOCK_LOAN_CHUNK] = { QUANTITY("kernel", "sock_loan_chunk",
	    BYTES, 4 * KIB, 64 * KIB), .needs_origin = true,
	    .sentence = "largest piece lent at once",
	    .netbsd = "SOCK_LOAN_CHUNK" },
	[SCN_LOAN_ZERO_PAGE] = { WORD("kernel", "loan_zero_page", yes_no),
	    .needs_origin = true,
	    .sentence = "whether memory never touched is lent as one page of "
	    "zeroes (from March 2003), and not as a fresh one each time",
	    .netbsd = "sys/uvm/uvm_loan.c 1.41" },
	/* 128 KiB: even an unaligned 64 KiB piece, 17 pages, must fit */
	[SCN_SOMAXKVA] = { QUANTITY("kernel", "somaxkva", BYTES,
	    128 * KIB, GIB), .needs_origin = true,
	    .sentence = "kernel virtual address space that all loans together "
	    "may use", .netbsd = "somaxkva" },
	[SCN_KERNEL_MAP] = { QUANTITY("kernel", "kernel_map", BYTES,
	    128 * KIB, 4 * GIB), .needs_origin = true,
	    .special = "unlimited", .special_value = 0,
	    .sentence = "kernel virtual address space that is left for "
	    "loans, whatever somaxkva allows; a piece that finds none is "
	    "copied", .netbsd = "kernel_map, uvm_km_valloc_wait" },
	[SCN_PENDFREE] = { WORD("kernel", "pendfree", pendfree_words),
	    .needs_origin = true,
	    .sentence = "who undoes finished loans; lazy: the next send, "
	    "receive or disconnect call; thread: a kernel thread, soon (from "
	    "about 2013)", .netbsd = "so_pendfree, sopendfree_thread" },
	[SCN_MBUFS] = { QUANTITY("kernel", "mbufs", COUNT, 64, 1000000),
	    .needs_origin = true,
	    .special = "unlimited", .special_value = 0,
	    .sentence = "mbufs that there may be; a write that finds none "
	    "waits, TCP and the driver do without", .netbsd = "mbpool" },
	[SCN_NMBCLUSTERS] = { QUANTITY("kernel", "nmbclusters", COUNT,
	    16, 1000000), .needs_origin = true,
	    .special = "unlimited", .special_value = 0,
	    .sentence = "clusters that there may be; a write that finds none "
	    "fills mbufs instead", .netbsd = "NMBCLUSTERS" },
	[SCN_NFS_LOAN] = { WORD("kernel", "nfs_loan", yes_no),
	    .needs_origin = true, .netbsd = "nfsd_use_loan",
	    .sentence = "whether nfsd and sendfile lend pages of files" },
	[SCN_OPEN_MAX] = { QUANTITY("kernel", "open_max", COUNT, 1, 65535),
	    .needs_origin = true,
	    .sentence = "descriptors of a process", .netbsd = "NOFILE" },
	[SCN_MAXFILES] = { QUANTITY("kernel", "maxfiles", COUNT, 16, 1000000),
	    .needs_origin = true,
	    .sentence = "open files of all processes", .netbsd = "maxfiles" },
	TCP_ROWS,
	[SCN_SBAPPEND] = { WORD("kernel", "sbappend", sbappend_words),
	    .needs_origin = true,
	    .sentence = "how the end of the send buffer is found; walk: along "
	    "the chain; tail: by a pointer (from July 2002)",
	    .netbsd = "sbappend, sbappendstream" },
	[SCN_UDP_SENDSPACE] = { QUANTITY("kernel", "udp_sendspace", BYTES,
	    2 * KIB, UDP_MAX), .needs_origin = true,
	    .sentence = "default size of a UDP send buffer, in which nothing "
	    "is ever kept: it is the largest datagram",
	    .netbsd = "udp_sendspace" },
	[SCN_UDP_RECVSPACE] = { QUANTITY("kernel", "udp_recvspace", BYTES,
	    2 * KIB, SB_MAX_ADJ), .needs_origin = true,
	    .sentence = "default size of a UDP receive buffer, in which each "
	    "datagram counts with 16 bytes of its sender's address, and with "
	    "its clusters against twice the size",
	    .netbsd = "udp_recvspace" },
	[SCN_IP_MAXFRAGPACKETS] = { QUANTITY("kernel", "ip_maxfragpackets",
	    COUNT, 0, 10000), .needs_origin = true,
	    .special = "unlimited", .special_value = -1,
	    .sentence = "datagrams that may wait for fragments at once; "
	    "fragments of others are dropped", .netbsd = "ip_maxfragpackets" },
	[SCN_IFQ_MAXLEN] = { QUANTITY("kernel", "ifq_maxlen", COUNT,
	    1, 10000), .needs_origin = true,
	    .sentence = "packets that may wait in the interface's send queue",
	    .netbsd = "IFQ_MAXLEN" },
	[SCN_HZ] = { QUANTITY("kernel", "hz", FREQUENCY,
	    10, 10000), .needs_origin = true,
	    .sentence = "rate of the clock interrupt", .netbsd = "hz" },
	PAGER_ROWS,

#define X(sym, key, cause, text)					\
	[SCN_COST_FIRST + OP_##sym] = { QUANTITY("kernel", "cost." key,	\
	    INSN, 0, 100000), .needs_origin = true,			\
	    .sentence = "price: " text },
	KERN_OPS(X)
#undef X

	[SCN_LINK_KIND] = { WORD("link", "kind", link_kinds),
	    .sentence = "the Ethernet between board and peer" },
	[SCN_LINK_DELAY] = { QUANTITY("link", "delay", TIME,
	    0, PS_PER_S), .def = PS_PER_US,
	    .sentence = "propagation delay, one way" },
	[SCN_LINK_MTU] = { QUANTITY("link", "mtu", BYTES,
	    576, 1500), .def = 1500,
	    .sentence = "largest IP packet", .netbsd = "if_mtu" },

	PATH_ROWS(PATH, "path"),
	PATH_ROWS(BACK, "path-back"),

	[SCN_PEER_KIND] = { WORD("peer", "kind", peer_kinds),
	    .sentence = "what the far end is; ideal: a receiver that takes no "
	    "time, described by the other keys of [peer]; host: a machine of "
	    "its own, with [peer-board], [peer-kernel] and processes" },
	[SCN_PEER_RECVSPACE] = { QUANTITY("peer", "tcp_recvspace", BYTES,
	    4 * KIB, GIB), .def = 64 * KIB,
	    .sentence = "receive buffer, hence the window it offers",
	    .netbsd = "tcp_recvspace" },
	[SCN_PEER_DELACK_SEGMENTS] = { QUANTITY("peer", "delack_segments",
	    COUNT, 1, 64), .def = 2,
	    .sentence = "full segments after which it acknowledges at once" },
	[SCN_PEER_DELACK_TIMER] = { QUANTITY("peer", "delack_timer", TIME,
	    PS_PER_MS, PS_PER_S), .def = 200 * PS_PER_MS,
	    .sentence = "period of the timer that sends delayed "
	    "acknowledgements", .netbsd = "PR_FASTHZ" },
	[SCN_PEER_DELACK_PHASE] = { QUANTITY("peer", "delack_phase", TIME,
	    0, PS_PER_S), .def = 0,
	    .sentence = "first expiry of that timer after the start; below "
	    "its period; of clients, each of which has a timer of its own, "
	    "that of the first" },
	[SCN_PEER_TURNAROUND] = { QUANTITY("peer", "turnaround", TIME,
	    0, 100 * PS_PER_MS), .def = 0,
	    .sentence = "time from a segment's arrival to the departure of "
	    "its acknowledgement" },
	[SCN_PEER_READ_RATE] = { QUANTITY("peer", "read_rate", BYTE_RATE,
	    1000, 10 * GB_PER_S), .def = 0,
	    .special = "unlimited", .special_value = 0,
	    .sentence = "how fast its program empties the receive buffer; "
	    "unlimited: at once, and the window never closes" },
	[SCN_PEER_READ_START] = { QUANTITY("peer", "read_start", TIME,
	    0, SIM_TIME_MAX), .def = 0,
	    .sentence = "its program reads nothing before; a full buffer "
	    "closes the window until then" },

	[SCN_NET_PLATFORM] = { FILE_PATH("network", "platform"),
	    .special = "star",
	    .sentence = "the network between the link and the clients; star: "
	    "a link of its own for each client; else a SimGrid platform" },
	[SCN_NET_BOARD] = { TEXT("network", "board"),
	    .sentence = "the board's name among the hosts of the platform" },
	[SCN_NET_CLIENT_RATE] = { QUANTITY("network", "client_rate", BIT_RATE,
	    1000, INT64_C(100000000000)), .def = 100000000,
	    .sentence = "rate of each client's link in the star, in each "
	    "direction" },
	[SCN_NET_CLIENT_DELAY] = { QUANTITY("network", "client_delay", TIME,
	    0, 10 * PS_PER_S), .def = 100 * PS_PER_US,
	    .sentence = "delay of each client's link in the star, one way" },
};
