/*
 * A storm of segments: a short world in which everything about TCP is drawn
 * from a seed: both ends' kernels, the way between them, and what programs do
 * (tcp_talk.h); and every frame is watched (tcp_watch.h).
 *
 * Four worlds of five have two hosts, the others an ideal peer.  In half of
 * them the first sequence numbers are just below 2^32.
 */
#ifndef TESTS_SUPPORT_TCP_STORM_H
#define TESTS_SUPPORT_TCP_STORM_H

#include "tests/support/tcp_talk.h"

/* What storms have met: X(symbol, words); nothing of it may be missed. */
#define TCP_STORM_SEEN(X)						\
	X(frames, "frames")						\
	X(data, "segments with data")					\
	X(retransmits, "retransmissions")				\
	X(fast_retransmits, "fast retransmissions")			\
	X(timeouts, "time-outs")					\
	X(persists, "persist probes")					\
	X(keep_probes, "keepalive probes")				\
	X(dup_acks, "duplicate ACKs")					\
	X(out_of_order, "segments out of order")			\
	X(duplicates, "duplicate segments")				\
	X(beyond_window, "segments beyond the window")			\
	X(paws, "segments from the past")				\
	X(predicted_acks, "ACKs predicted")				\
	X(predicted_data, "data predicted")				\
	X(quenches, "full interface queues")				\
	X(input_drops, "full input queues")				\
	X(resets, "resets")						\
	X(lost, "frames lost by chance")				\
	X(dropped, "frames dropped by queues")				\
	X(reordered, "frames held back")				\
	X(copied, "frames copied")					\
	X(loans, "loans")						\
	X(refused_loans, "loans refused")				\
	X(kva_waits, "waits for kernel address space")			\
	X(soft_faults, "cheap faults")					\
	X(cow_faults, "copy-on-write faults")				\
	X(fetches, "contents verified")					\
	X(bytes_read, "bytes read")					\
	X(bytes_discarded, "bytes discarded")				\
	X(bytes_dropped, "bytes dropped")				\
	X(wraps, "sequence numbers that wrapped")

struct tcp_storm_seen {
#define X(sym, words) int64_t sym;
	TCP_STORM_SEEN(X)
#undef X
	int64_t half_open;	/* connections whose other end has gone, and
				 * what it said last was lost */
	struct tcp_talk_seen talk;
};

/*
 * tcp_storm_run: the world of a seed, from its start to its audit.
 *
 * => adds to *seen
 * => program: how a failure says it can be seen again
 */
void tcp_storm_run(uint64_t seed, const char *program,
    struct tcp_storm_seen *seen);

#endif
