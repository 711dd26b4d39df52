/*
 * The columns of a result, and their numbers as text.
 */
#include "sim/run/result.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct res_column_info res_columns[RES_N_COLUMNS] = {
	[RES_THROUGHPUT_KBPS] = { "throughput_KBps", "KB/s",
	    "payload bytes that the board sent and the other end "
	    "acknowledged, those of datagrams that it received whole, and "
	    "those that the board received in order, between the end of the "
	    "warm-up and the end of the measurement, per second of that "
	    "interval; KB is 1024 bytes", 1, true },
	[RES_WIRE_LIMIT_KBPS] = { "wire_limit_KBps", "limit",
	    "payload rate at which full segments fill the link without a gap: "
	    "segment payload over the time of its whole frame, preamble and "
	    "inter-frame gap included; KB is 1024 bytes", 1, false },
	[RES_WIRE_SHARE] = { "wire_share", "wire",
	    "part of the measured interval in which the board's sending "
	    "direction of the link was occupied, gaps between frames "
	    "included", 4, true },
	[RES_CPU_SHARE] = { "cpu_share", "CPU",
	    "part of the measured interval in which the processor was not "
	    "idle, on any level, waiting for memory included", 4, true },
	[RES_BUS_SHARE] = { "bus_share", "bus",
	    "part of the measured interval in which the memory was busy: "
	    "bytes read over its read rate plus bytes written over its write "
	    "rate", 4, true },
	[RES_MOVES_PER_BYTE] = { "moves_per_byte", "moves",
	    "payload bytes written to memory by disk_dma, copyin, copyout, "
	    "tcp_copy, ip_copy, cow_copy, file_copy and driver_copy on the "
	    "board, per byte of payload_bytes; filling a buffer, zeroing a "
	    "page, summing, merging small mbufs in the send buffer, and the "
	    "NIC's reading and receiving do not count", 4, true },
	[RES_LOANED_SHARE] = { "loaned_share", "loaned",
	    "part of the bytes accepted by write(2) that went into the send "
	    "buffer as loaned pages", 4, true },
	[RES_LOANED_MEAN_KB] = { "loaned_mean_KB", "lent KB",
	    "kernel address space that loans held, from the loan to its "
	    "undoing, whole pages, as a mean over the measured interval; KB "
	    "is 1024 bytes", 1, false },
	[RES_LOANED_PEAK_KB] = { "loaned_peak_KB", "peak KB",
	    "the most kernel address space that loans held at once, over the "
	    "whole run; KB is 1024 bytes", 0, false },
	[RES_FAR_CPU_SHARE] = { "far_cpu_share", "far CPU",
	    "part of the measured interval in which the far host's processor "
	    "was not idle; 0 where the far end is the ideal peer", 4, false },
	[RES_DISK_SHARE] = { "disk_share", "disk",
	    "part of the measured interval in which the board's disk had "
	    "something to do, its arm and its platters included", 4, false },
	[RES_LOAN_BIG] = { "loan_big", "loans",
	    "pieces lent: successful calls of sosend_loan (SOSEND_COUNTERS "
	    "\"loan big\")", 0, true },
	[RES_COPY_BIG] = { "copy_big", "copies",
	    "times sosend took the cluster branch (SOSEND_COUNTERS "
	    "\"copy big\"); one for each cluster asked for, so it may exceed "
	    "the clusters obtained", 0, true },
	[RES_COPY_SMALL] = { "copy_small", "small",
	    "times sosend copied into an mbuf's own bytes (SOSEND_COUNTERS "
	    "\"copy small\")", 0, true },
	[RES_KVA_LIMIT] = { "kva_limit", "kva",
	    "times a loan slept because all loans together had reached "
	    "somaxkva (SOSEND_COUNTERS \"kva limit\")", 0, false },
	[RES_COW_FAULTS] = { "cow_faults", "cow",
	    "write faults that copied a page because it was still on loan",
	    0, false },
	[RES_SOFT_FAULTS] = { "soft_faults", "soft",
	    "page faults that only entered a mapping again: the first write "
	    "to a page whose loan had ended", 0, false },
	[RES_SEGMENTS] = { "segments", "segments",
	    "data segments that TCP sent, retransmitted ones included", 0,
	    false },
	[RES_ACKS] = { "acks", "acks",
	    "acknowledgements without data that the board received", 0,
	    false },
	[RES_RETRANSMITS] = { "retransmits", "retransmits",
	    "data segments that began with bytes already sent", 0, false },
	[RES_FAST_RETRANSMITS] = { "fast_retransmits", "fast",
	    "segments that TCP sent again at once, for the third duplicate "
	    "acknowledgement or, by NewReno, for an acknowledgement of a part "
	    "of the window in which the loss was found", 0, false },
	[RES_TIMEOUTS] = { "timeouts", "timeouts",
	    "retransmission timers that went off, those of SYN and FIN "
	    "included", 0, false },
	[RES_DUP_ACKS] = { "dup_acks", "dup acks",
	    "segments that the board received with no data that was new, "
	    "nothing new acknowledged and no new window: acknowledgements, "
	    "data sent again, or the other end's FIN", 0, false },
	[RES_QUENCHES] = { "quenches", "quenches",
	    "segments that the interface queue had no room for (ENOBUFS), "
	    "after each of which the congestion window is one segment", 0,
	    false },
	[RES_PERSIST_PROBES] = { "persist_probes", "probes",
	    "times the persist timer went off and looked again at a window "
	    "that held data back", 0, false },
	[RES_OUT_OF_ORDER] = { "out_of_order", "disorder",
	    "segments that the far end queued, because one before them was "
	    "missing", 0, false },
	[RES_PATH_LOSSES] = { "path_losses", "lost",
	    "frames lost on the way to the far end, behind the link: by the "
	    "list, by chance and by a full queue", 0, false },
	[RES_PATH_BACK_LOSSES] = { "path_back_losses", "lost back",
	    "the same, on the way to the board", 0, false },
	[RES_TX_INTERRUPTS] = { "tx_interrupts", "tx intr",
	    "interrupts of the NIC in which the driver found completed "
	    "transmissions; one that served both directions counts in both",
	    0, false },
	[RES_RX_INTERRUPTS] = { "rx_interrupts", "rx intr",
	    "interrupts of the NIC in which the driver found received frames; "
	    "one that served both directions counts in both", 0, false },
	[RES_TX_UNDERRUNS] = { "tx_underruns", "underruns",
	    "frames that the NIC broke off because their next byte had not "
	    "come from memory in time; each was sent again by the NIC", 0,
	    false },
	[RES_DATAGRAMS_SENT] = { "datagrams_sent", "datagrams",
	    "datagrams that the interface queue had room for, all fragments "
	    "of them", 0, false },
	[RES_DATAGRAMS_DROPPED] = { "datagrams_dropped", "dropped",
	    "datagrams that it had no room for, or the mbufs had not "
	    "(ENOBUFS), each as a whole; "
	    "one that is tried again counts each time", 0, false },
	[RES_DATAGRAMS_RECEIVED] = { "datagrams_received", "complete",
	    "datagrams that the far end received whole; of a host, of either "
	    "end, those that its sockets had room for; a copy that the way "
	    "made counts as well", 0, false },
	[RES_FRAGMENTS] = { "fragments", "fragments",
	    "packets of datagrams that were sent in more than one", 0, false },
	[RES_PAYLOAD_BYTES] = { "payload_bytes", "payload",
	    "payload bytes that the far end accepted in order, or in whole "
	    "datagrams, and those that the board did, over the whole run, "
	    "set-up and drain included", 0, false },
	[RES_MEASURED_S] = { "measured_s", "measured",
	    "length of the measured interval in simulated seconds: from the "
	    "end of the warm-up to the duration, or to the last "
	    "acknowledgement or datagram, or the last close of a board that "
	    "only receives, if all processes ended before; from the start of "
	    "the run if they ended within the warm-up", 6, false },
	[RES_ELAPSED_S] = { "elapsed_s", "elapsed",
	    "simulated seconds from the start to the end of the run, drain "
	    "and close included", 6, false },
	[RES_DMA_SEGMENTS] = { "dma_segments", "DMA segs",
	    "pieces of memory that the driver gave to the NIC, or tried to, "
	    "over all packets sent, acknowledgements and retransmissions "
	    "included", 0, false },
	[RES_TX_COPIES] = { "tx_copies", "tx copies",
	    "packets that the driver copied before it gave them to the NIC, "
	    "which could not take them as they lay", 0, false },
	[RES_MBUF_WAITS] = { "mbuf_waits", "mbuf waits",
	    "times sosend slept because all mbufs were in use", 0, false },
	[RES_CLUSTER_MISSES] = { "cluster_misses", "no cluster",
	    "times sosend asked for a cluster, all of them were in use, and "
	    "it filled an mbuf instead: counted in copy_big and in "
	    "copy_small", 0, false },
	[RES_NOBUFS] = { "nobufs", "nobufs",
	    "times TCP had no mbuf for a segment, or UDP none for headers or "
	    "fragments (ENOBUFS)", 0, false },
	[RES_RX_NOBUFS] = { "rx_nobufs", "rx nobufs",
	    "frames received and dropped, or packets to be copied for the "
	    "NIC, for which the driver had no mbuf or cluster", 0, false },
	[RES_LEAST_ACKED_BYTES] = { "least_acked_bytes", "least",
	    "payload bytes acknowledged over the whole run, drain included, "
	    "on the connection of the board that got on worst, of those that "
	    "it has written to", 0, false },
	[RES_MOST_ACKED_BYTES] = { "most_acked_bytes", "most",
	    "the same of the connection that got on best", 0, false },
	[RES_DATAGRAMS_READ] = { "datagrams_read", "read",
	    "datagrams that programs read, of both hosts; those that were cut "
	    "because the program had asked for less count as well", 0,
	    false },
	[RES_DATAGRAMS_FULL] = { "datagrams_full", "full",
	    "datagrams that a host received whole and dropped, because the "
	    "socket's buffer or the mbufs had no room for them "
	    "(udps_fullsock)", 0, false },
	[RES_DATAGRAMS_NO_PORT] = { "datagrams_no_port", "no port",
	    "datagrams that a host received whole and dropped, because nobody "
	    "received at their port (udps_noport)", 0, false },
	[RES_DATAGRAMS_BAD_SUM] = { "datagrams_bad_sum", "bad sum",
	    "datagrams that a host put together from fragments of several, "
	    "whose ip_id was the same (udps_badsum)", 0, false },
	[RES_DATAGRAMS_INCOMPLETE] = { "datagrams_incomplete", "incomplete",
	    "datagrams of which some fragments came to a host, but never all: "
	    "their time was over (ips_fragtimeout), or the run, or mbufs ran "
	    "out", 0, false },
	[RES_FRAGMENTS_DROPPED] = { "fragments_dropped", "frags dropped",
	    "fragments that a host dropped at once: they brought nothing new, "
	    "or ip_maxfragpackets datagrams waited already "
	    "(ips_fragdropped)", 0, false },
	[RES_INPUT_DROPS] = { "input_drops", "in drops",
	    "frames that a host lost because the NIC had no buffer left for "
	    "them, or the queue in front of IP (ipintrq) was full; of both "
	    "hosts", 0, false },
	[RES_DISK_READS] = { "disk_reads", "reads",
	    "transfers from the board's disk to its memory, of up to 64 KiB",
	    0, false },
	[RES_DISK_WRITES] = { "disk_writes", "writes",
	    "transfers the other way: by fsync(2), or because memory was "
	    "short", 0, false },
	[RES_PAGE_INS] = { "page_ins", "page ins",
	    "pages of files that those transfers read, whether or not anybody "
	    "had asked for them", 0, false },
	[RES_PAGES_WRITTEN] = { "pages_written", "pages out",
	    "pages of files that they wrote", 0, false },
	[RES_READ_AHEAD] = { "read_ahead_pages", "ahead",
	    "pages of page_ins that were read ahead", 0, false },
	[RES_READ_AHEAD_HITS] = { "read_ahead_hits", "ahead hits",
	    "of these, pages that somebody asked for while they were in "
	    "memory, or on their way", 0, false },
	[RES_REQUESTS] = { "requests", "requests",
	    "requests of clients whose response came whole, over the whole "
	    "run", 0, false },
	[RES_REQUESTS_FAILED] = { "requests_failed", "failed",
	    "requests of clients that came to nothing: the board closed or "
	    "reset the connection before the response was whole, was silent "
	    "for too long, or could not be connected to", 0, false },
	[RES_RESPONSE_MEAN_MS] = { "response_mean_ms", "mean ms",
	    "mean time from a client's request to the last byte of its "
	    "response, in simulated milliseconds, of those that came whole", 3,
	    false },
	[RES_RESPONSE_MAX_MS] = { "response_max_ms", "max ms",
	    "the longest of these times", 3, false },
	[RES_CONNECTIONS] = { "connections", "accepted",
	    "connections that programs of the board have accepted", 0, false },
	[RES_REQUESTS_ABANDONED] = { "requests_abandoned", "abandoned",
	    "requests of clients whose response was coming when the client "
	    "had enough of it and closed the connection", 0, false },
	[RES_WRITES_EPIPE] = { "writes_epipe", "EPIPE",
	    "calls of the board's programs that found their connection gone, "
	    "reset by its other end or given up, and wrote nothing to it "
	    "(EPIPE, ECONNRESET); what a call had taken before that it "
	    "returns, and the next one counts", 0, false },
};

static const char *const outcome_names[] = {
	[RES_DONE] = "done",
	[RES_DEADLOCK] = "deadlock",
	[RES_DRAIN_TIMEOUT] = "drain timeout",
	[RES_AUDIT_FAILED] = "audit failed",
	[RES_CRASHED] = "crashed",
	[RES_TIMED_OUT] = "timed out",
};

char *
res_format(const struct res_row *row, enum res_column column,
    char buf[static 32])
{
	int64_t value = row->value[column];
	int decimals = res_columns[column].decimals;
	/* negation of the most negative value would overflow */
	uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
	uint64_t scale = 1;

	for (int i = 0; i < decimals; i++)
		scale *= 10;
	if (decimals == 0)
		snprintf(buf, 32, "%" PRId64, value);
	else
		snprintf(buf, 32, "%s%" PRIu64 ".%0*" PRIu64,
		    value < 0 ? "-" : "", size / scale, decimals,
		    size % scale);
	return buf;
}

const char *
res_outcome_name(enum res_outcome outcome)
{
	return outcome_names[outcome];
}

enum res_outcome
res_find_outcome(const char *name)
{
	int outcome = 0;

	while (outcome < RES_N_OUTCOMES &&
	    strcmp(outcome_names[outcome], name) != 0)
		outcome++;
	return (enum res_outcome)outcome;
}

bool
res_has_clients(const struct res_row *row)
{
	return row->value[RES_REQUESTS] > 0 ||
	    row->value[RES_REQUESTS_FAILED] > 0 ||
	    row->value[RES_REQUESTS_ABANDONED] > 0;
}

bool
res_is_result(const struct res_row *row)
{
	return row->outcome == RES_DONE || row->outcome == RES_DRAIN_TIMEOUT;
}

bool
res_has_numbers(const struct res_row *row)
{
	return row->outcome != RES_CRASHED && row->outcome != RES_TIMED_OUT;
}

enum res_column
res_find_column(const char *name)
{
	for (unsigned i = 0; i < RES_N_COLUMNS; i++)
		if (strcmp(res_columns[i].name, name) == 0)
			return (enum res_column)i;
	return RES_N_COLUMNS;
}
