/*
 * Loss by list: "data segment 20 and its first retransmission".
 *
 * Stands for: nothing in the world; an experiment wants to lose this frame and
 *	no other.
 * How frames are numbered: each kind from 1, per direction, over all
 *	connections, in the order in which they come by.
 *
 *	data	new data: a frame whose first byte lies beyond all that has been
 *		seen of its connection.  Other frames with payload repeat, and
 *		have no number of their own: one that covers the first byte of
 *		segment 20 is 20+1, the next one 20+2, and so on, whichever
 *		bytes it holds besides
 *	ack	frames without payload, SYN, FIN or RST
 *	syn	frames with SYN, repetitions included
 *	fin	frames with FIN, repetitions included
 *
 *	A frame with payload and FIN is one of data and one of fin.  A frame
 *	that the board's own queue lost and that comes late fills a hole behind
 *	what has been seen: it is no new data, and no repetition of a number.
 * Units: sequence numbers modulo 2^32.
 * Owns: what it has seen of each connection that came by before the last listed
 *	segment of new data, and the first bytes of the segments whose
 *	repetitions are listed.
 */
#ifndef MODELS_HW_PATH_DROPS_H
#define MODELS_HW_PATH_DROPS_H

#include "models/hw/wire.h"

enum path_drop_kind {
	PATH_DROP_DATA,
	PATH_DROP_ACK,
	PATH_DROP_SYN,
	PATH_DROP_FIN,
	PATH_N_DROP_KINDS
};

enum {
	PATH_MAX_DROPS = 40,		/* entries of a list */
	PATH_MAX_DROP_NUMBER = 1000000000,
	PATH_MAX_REPEAT = 100,
	PATH_MAX_REPEAT_RANGE = 1000	/* segments whose repeats one entry
					 * names: they are remembered */
};

/* One entry: frames first .. last of a kind. */
struct path_drop {
	enum path_drop_kind kind;
	uint32_t first;		/* 1 .. last */
	uint32_t last;		/* .. PATH_MAX_DROP_NUMBER */
	uint32_t repeat;	/* of data: 0 the original, n its n-th
				 * retransmission; else 0 */
};

struct path_drops_config {
	struct path_drop list[PATH_MAX_DROPS];
	uint32_t n;
};

/* What has been seen of a connection. */
struct path_seen {
	uint32_t max;		/* the byte after the highest one */
	bool is_known;
};

/* A segment whose repetitions are listed. */
struct path_watch {
	uint32_t conn;
	uint32_t seq;		/* of its first byte */
	uint32_t number;
	uint32_t n_repeats;
};

struct path_drops {
	struct path_drops_config config;
	int64_t n_dropped[PATH_MAX_DROPS];	/* by each entry */
	uint32_t n_frames[PATH_N_DROP_KINDS];
	uint32_t last_data;		/* the highest number listed */
	struct path_seen *seen;		/* by connection; grows */
	uint32_t n_seen;
	struct path_watch *watches;
	uint32_t n_watches;
};

/* path_drops_init: => an empty list is allowed, and drops nothing */
void path_drops_init(struct path_drops *drops,
    const struct path_drops_config *config);
void path_drops_fini(struct path_drops *drops);

/* path_drops_next: count a frame that comes by. => true: it is to be lost */
bool path_drops_next(struct path_drops *drops, const struct frame *frame);

/* path_drops_unmatched: entries that have not lost a single frame */
uint32_t path_drops_unmatched(const struct path_drops *drops);

#endif
