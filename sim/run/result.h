/*
 * The result of one run: what a variant measured, as integers.
 *
 * Stands for: one row of the table, of the CSV file, of "rows" in the JSON.
 * A row is plain data, so that the child process that ran the point can hand it
 * to its parent through a pipe.  Each column is an int64_t with a fixed number
 * of decimals: no floating point, hence the same bytes from every compiler.
 * Nothing in it depends on the machine that simulated.
 * Units: in the column table (res_columns), which also makes "explain".
 */
#ifndef SIM_RUN_RESULT_H
#define SIM_RUN_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "models/kern/ops.h"

enum res_column {
	RES_THROUGHPUT_KBPS,	/* 1 decimal; KB is 1024 bytes */
	RES_WIRE_LIMIT_KBPS,	/* 1 decimal */
	RES_WIRE_SHARE,		/* shares: 0 to 1, 4 decimals */
	RES_CPU_SHARE,
	RES_BUS_SHARE,
	RES_MOVES_PER_BYTE,	/* 4 decimals */
	RES_LOANED_SHARE,
	RES_LOANED_MEAN_KB,	/* 1 decimal; KB is 1024 bytes */
	RES_LOANED_PEAK_KB,
	RES_FAR_CPU_SHARE,
	RES_DISK_SHARE,		/* of no fingerprint */
	RES_LOAN_BIG,		/* the four SOSEND_COUNTERS */
	RES_COPY_BIG,
	RES_COPY_SMALL,
	RES_KVA_LIMIT,
	RES_COW_FAULTS,
	RES_SOFT_FAULTS,
	RES_SEGMENTS,
	RES_ACKS,
	RES_RETRANSMITS,
	RES_FAST_RETRANSMITS,
	RES_TIMEOUTS,
	RES_DUP_ACKS,
	RES_QUENCHES,
	RES_PERSIST_PROBES,
	RES_OUT_OF_ORDER,
	RES_PATH_LOSSES,
	RES_PATH_BACK_LOSSES,
	RES_TX_INTERRUPTS,
	RES_RX_INTERRUPTS,
	RES_TX_UNDERRUNS,
	RES_DATAGRAMS_SENT,
	RES_DATAGRAMS_DROPPED,
	RES_DATAGRAMS_RECEIVED,
	RES_FRAGMENTS,
	RES_PAYLOAD_BYTES,
	RES_MEASURED_S,		/* 6 decimals: of the measured interval */
	RES_ELAPSED_S,		/* 6 decimals: simulated, at the run's end */
	RES_DMA_SEGMENTS,	/* these two are of no fingerprint */
	RES_TX_COPIES,
	/* where kernel.mbufs or kernel.nmbclusters is a limit */
	RES_MBUF_WAITS,
	RES_CLUSTER_MISSES,
	RES_NOBUFS,
	RES_RX_NOBUFS,
	/* how evenly the board's connections get on */
	RES_LEAST_ACKED_BYTES,
	RES_MOST_ACKED_BYTES,
	/* where a host receives datagrams */
	RES_DATAGRAMS_READ,
	RES_DATAGRAMS_FULL,
	RES_DATAGRAMS_NO_PORT,
	RES_DATAGRAMS_BAD_SUM,
	RES_DATAGRAMS_INCOMPLETE,
	RES_FRAGMENTS_DROPPED,
	RES_INPUT_DROPS,
	/* where the board has files */
	RES_DISK_READS,
	RES_DISK_WRITES,
	RES_PAGE_INS,
	RES_PAGES_WRITTEN,
	RES_READ_AHEAD,
	RES_READ_AHEAD_HITS,
	/* where clients call */
	RES_REQUESTS,
	RES_REQUESTS_FAILED,
	RES_RESPONSE_MEAN_MS,	/* 3 decimals */
	RES_RESPONSE_MAX_MS,
	RES_CONNECTIONS,
	/* where clients abandon responses */
	RES_REQUESTS_ABANDONED,
	RES_WRITES_EPIPE,
	RES_N_COLUMNS,
	RES_N_RATIOS = RES_DISK_SHARE + 1	/* the first are quotients */
};

/*
 * What a run counted beside its columns; X(symbol, name).  The groups are those
 * of a fingerprint (report/fingerprint.h).
 */
#define RES_TIMES(X)							\
	X(ELAPSED, "elapsed_ps")	/* to the end of the run */	\
	X(CPU_PROC, "cpu_proc_ps")	/* busy, by level */		\
	X(CPU_SOFTINT, "cpu_softint_ps")				\
	X(CPU_HARDINT, "cpu_hardint_ps")				\
	X(CPU_IDLE, "cpu_idle_ps")					\
	X(CPU_STALL, "cpu_stall_ps")	/* busy, but waiting for DMA */	\
	X(MEASURED, "measured_ps")	/* the measured interval, and */ \
	X(MEASURED_CPU, "measured_cpu_ps")	/* who was busy in it */ \
	X(MEASURED_FAR_CPU, "measured_far_cpu_ps")			\
	X(MEASURED_BUS, "measured_bus_ps")				\
	X(MEASURED_WIRE, "measured_wire_ps")
#define RES_TRAFFIC(X)							\
	X(MEASURED_ACKED, "measured_acked_bytes")			\
	X(MEASURED_RECEIVED, "measured_received_bytes")			\
	X(TX_FRAMES, "tx_frames")	/* of the NIC */		\
	X(RX_FRAMES, "rx_frames")					\
	X(OUTPUT_CALLS, "tcp_output_calls")				\
	X(TIMEOUTS, "tcp_timeouts")	/* the column's number */	\
	X(SWITCHES, "context_switches")
#define RES_LENDING(X)							\
	X(WRITTEN, "written_bytes")	/* accepted by write(2) */	\
	X(LOANED, "loaned_bytes")	/* of these */			\
	X(LOANED_TIME, "measured_loaned_byte_us")			\
	X(REFUSED, "loans_refused")					\
	X(PAGES_LOANED, "pages_loaned")					\
	X(PROTECTS, "pages_protected")					\
	X(ZERO_FILLS, "pages_zero_filled")

enum res_detail {
#define X(sym, name) RES_D_##sym,
	RES_TIMES(X) RES_TRAFFIC(X) RES_LENDING(X)
#undef X
	RES_N_DETAILS
};

/* How a run ended.  RES_DONE and RES_DRAIN_TIMEOUT are results; the rest are
 * failures (exit 5). */
enum res_outcome {
	RES_DONE,		/* to its end, audit clean */
	RES_DEADLOCK,		/* processes wait, nothing is left to happen */
	RES_DRAIN_TIMEOUT,	/* a modelled reason: sockets did not drain in
				 * time; a valid row, exit 0, reason printed */
	RES_AUDIT_FAILED,	/* the books do not balance */
	RES_CRASHED,		/* CHECK failed, or the child died */
	RES_TIMED_OUT,		/* it ran longer than the user allows */
	RES_N_OUTCOMES
};

struct res_column_info {
	const char *name;	/* "throughput_KBps": the JSON and CSV name */
	const char *title;	/* "KB/s": head of the table's column */
	const char *sentence;	/* what it counts, exactly, for explain */
	int decimals;		/* value / 10^decimals is the number */
	bool in_table;		/* shown by "run" on a terminal */
};

extern const struct res_column_info res_columns[RES_N_COLUMNS];

enum { RES_NAME_BYTES = 64, RES_REASON_BYTES = 1024 };

/*
 * What one cause took, over the whole run: the ledger's line, with its compute
 * time in picoseconds, and its memory traffic priced at the full bandwidths.
 */
struct res_cause {
	int64_t compute_ps;
	int64_t memory_ps;
	int64_t loaded_bytes;	/* asked for, cached or not */
	int64_t stored_bytes;
	int64_t read_bytes;	/* what of it the memory saw, refills and */
	int64_t write_bytes;	/* write-backs included */
};

/* What the board's disk did over the whole run: of no column, in no store. */
struct res_disk {
	int64_t media_bps;	/* bytes/s that pass under its head */
	int64_t n_transfers;
	int64_t n_continued;	/* of these, where the head was */
	int64_t bytes;
	int64_t busy_ps;
	int64_t seek_ps;	/* of that, the arm moved */
	int64_t rotation_ps;	/* ... or waited for a first sector */
};

/* A quotient before it is rounded.  den 0: nothing to divide by. */
struct res_ratio {
	int64_t num;
	int64_t den;
};

struct res_row {
	char variant[RES_NAME_BYTES];
	enum res_outcome outcome;
	char reason[RES_REASON_BYTES];	/* one line a violation or a remark;
					 * "" when there is none */
	int64_t value[RES_N_COLUMNS];
	/* the same, exact; rates in bytes per picosecond */
	struct res_ratio ratio[RES_N_RATIOS];
	int64_t detail[RES_N_DETAILS];
	struct res_cause cause[N_CAUSES];
	struct res_disk disk;
};

/*
 * res_format: write the number of a column, decimals and all ("6512.4").
 *
 * => buf of at least 32 bytes; returns buf
 */
char *res_format(const struct res_row *row, enum res_column column,
    char buf[static 32]);

/* res_is_of_clients: in the table too, if any of the rows has clients */
static inline bool
res_is_of_clients(enum res_column column)
{
	return column >= RES_REQUESTS && column <= RES_WRITES_EPIPE;
}

/* res_is_of_abandoned: of these, and only where the column is not all zero */
static inline bool
res_is_of_abandoned(enum res_column column)
{
	return column >= RES_REQUESTS_ABANDONED && column <= RES_WRITES_EPIPE;
}

/* res_has_clients: clients have asked the board for something */
bool res_has_clients(const struct res_row *row);

/* res_is_result: it came to a modelled end; all else is a failure */
bool res_is_result(const struct res_row *row);

/* res_has_numbers: false for a run that was cut off: it has measured nothing */
bool res_has_numbers(const struct res_row *row);

/* res_find_outcome: the outcome of that name, or RES_N_OUTCOMES */
enum res_outcome res_find_outcome(const char *name);

/* res_outcome_name: "done", "deadlock", ... ; never NULL */
const char *res_outcome_name(enum res_outcome outcome);

/* res_find_column: the column of that name, or RES_N_COLUMNS */
enum res_column res_find_column(const char *name);

#endif
