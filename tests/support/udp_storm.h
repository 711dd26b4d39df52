/*
 * A storm of datagrams: random worlds of two hosts whose programs send and
 * read, over paths that lose, delay, copy and reorder, with too few buffers of
 * each kind.
 *
 * The seed decides everything; a failure names it, and the command to see it
 * again.
 */
#ifndef TESTS_SUPPORT_UDP_STORM_H
#define TESTS_SUPPORT_UDP_STORM_H

#include <stdint.h>

/* What the storms of a test have met: nothing of it may be missed. */
#define UDP_STORM_SEEN(X)						\
	X(calls, "system calls")					\
	X(sent, "datagrams sent")					\
	X(empty, "... without a byte")					\
	X(refused, "... refused (EMSGSIZE)")				\
	X(enobufs, "... dropped by their sender (ENOBUFS)")		\
	X(loans, "pieces lent")						\
	X(packets, "packets sent")					\
	X(lost, "frames lost")						\
	X(copied, "frames copied")					\
	X(reordered, "frames held back")				\
	X(input_drops, "frames that found no buffer")			\
	X(driver_nobufs, "frames that found no mbuf or cluster")	\
	X(fragments, "fragments that came")				\
	X(fragdropped, "... dropped at once")				\
	X(reassembled, "datagrams put together")			\
	X(timed_out, "... given up after 30 s")				\
	X(drained, "... given up at the end")				\
	X(whole, "datagrams that came whole")				\
	X(badsum, "... of pieces of two")				\
	X(noport, "... to nobody")					\
	X(fullsock, "... that found no room")				\
	X(nobufs, "... that found no mbufs")				\
	X(read, "datagrams read")					\
	X(cut, "... cut")						\
	X(discarded, "... never read")					\
	X(would_block, "reads that would have blocked")			\
	X(ended, "readers told of the end")				\
	X(clean_worlds, "worlds in which nothing was lost")

struct udp_storm_seen {
#define X(sym, words) int64_t sym;
	UDP_STORM_SEEN(X)
#undef X
};

/* udp_storm_run: one world, up to its audited end. => adds to *seen */
void udp_storm_run(uint64_t seed, const char *program,
    struct udp_storm_seen *seen);

#endif
