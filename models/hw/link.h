/*
 * A link: Ethernet frames on a wire, one direction.
 *
 * Stands for: 100baseTX or 10baseT, full duplex, with all that a frame costs:
 *	preamble and delimiter 8, header 14, padding to 64 with the FCS 4, and
 *	the gap of 12 after it, in byte times.
 * How: FIFO by arithmetic: a frame starts when it is handed over and the one
 *	before it and its gap are through.  No event per frame: the caller
 *	schedules what depends on the dates it is told.
 * Mirrors: IEEE 802.3, clauses 3.1.1 and 4.4.2.
 * Leaves out: collisions (full duplex has none), errors, pause frames.
 * Units: bytes of IP packet in, ps out.  Owns: nothing.
 */
#ifndef MODELS_HW_LINK_H
#define MODELS_HW_LINK_H

#include "models/base/time.h"

enum {
	ETHER_PREAMBLE_LEN = 8,
	ETHER_HDR_LEN = 14,
	ETHER_CRC_LEN = 4,
	ETHER_GAP_LEN = 12,
	ETHER_MIN_LEN = 64	/* header to FCS */
};

struct link_config {
	int64_t bits_per_s;
	sim_time delay;		/* one way, of the first bit */
};

struct link {
	sim_time delay;
	struct ratio ps_per_byte;
	sim_time free_at;	/* end of the last frame's gap */
	int64_t carry;
	/* counters */
	int64_t n_frames;	/* whole ones */
	int64_t wire_bytes;	/* all of the above included */
	sim_time busy_ps;
	int64_t n_cut;
};

struct link_slot {
	sim_time starts_at;	/* first bit of the preamble */
	sim_time ends_at;	/* last bit of the FCS leaves */
	sim_time arrives_at;	/* ... and reaches the other end */
};

void link_init(struct link *link, const struct link_config *config);

/* link_frame_bytes: header to FCS, padding included, of an IP packet */
static inline int64_t
link_frame_bytes(int64_t ip_bytes)
{
	int64_t frame = ip_bytes + ETHER_HDR_LEN + ETHER_CRC_LEN;

	return frame < ETHER_MIN_LEN ? ETHER_MIN_LEN : frame;
}

/* link_wire_bytes: byte times from one frame's start to the next one's */
static inline int64_t
link_wire_bytes(int64_t ip_bytes)
{
	return ETHER_PREAMBLE_LEN + link_frame_bytes(ip_bytes) + ETHER_GAP_LEN;
}

/* link_send: the next frame, ready at date ready_at. => dates as above */
struct link_slot link_send(struct link *link, sim_time ready_at,
    int64_t ip_bytes);

/* link_byte_at: when byte n of a frame (0: of its preamble) begins to go out */
static inline sim_time
link_byte_at(const struct link *link, sim_time starts_at, int64_t n)
{
	return starts_at +
	    mul_div(n, link->ps_per_byte.num, link->ps_per_byte.den);
}

/*
 * link_cut: a frame that breaks off after so many bytes from its header on: a
 * wrong FCS and the gap follow.  It reaches nobody.
 */
void link_cut(struct link *link, sim_time ready_at, int64_t bytes);

/* link_busy_at: wire time used up to a date that is not before the last send */
sim_time link_busy_at(const struct link *link, sim_time at);

#endif
