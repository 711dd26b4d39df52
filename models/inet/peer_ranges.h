/*
 * Ranges of bytes: what has arrived of a stream beyond a gap.
 *
 * Stands for: the reassembly queue of a connection, tcp_reass(): which bytes
 *	are there, not the bytes.
 *
 *	----gap----[from to)---gap---[from to)    sorted; never empty; at least
 *	                                          one byte missing between two
 *
 * Units: places in a stream, counted from its first byte; 64 bits, so that
 *	nothing wraps.
 * Owns: an array that only grows, so that adding allocates nothing for long.  A
 *	window of w bytes has room for w / 2 ranges.
 */
#ifndef MODELS_INET_PEER_RANGES_H
#define MODELS_INET_PEER_RANGES_H

#include <stdint.h>

struct byte_range {
	int64_t from;
	int64_t to;	/* the first place behind it */
};

struct byte_ranges {
	struct byte_range *range;
	uint32_t n;
	uint32_t size;
};

/* ranges_init: none. => all zeros is as good */
void ranges_init(struct byte_ranges *set);
void ranges_fini(struct byte_ranges *set);

/*
 * ranges_add: the bytes from .. to - 1 are there.
 *
 * => from < to
 * => the number of them that were not there before
 */
int64_t ranges_add(struct byte_ranges *set, int64_t from, int64_t to);

/*
 * ranges_take: what follows without a gap from a place on is handed over.
 *
 * => nothing in the set lies before the place
 * => the first place that is not there: place itself if it is missing
 */
int64_t ranges_take(struct byte_ranges *set, int64_t place);

#endif
