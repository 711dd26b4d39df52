/*
 * The ideal peer's UDP: it takes datagrams, whole or in fragments.
 *
 * Stands for: ip_reass() and a program that reads each datagram as it comes.
 * Mirrors: sys/netinet/ip_input.c; RFC 791 for what a fragment is.
 * How: a datagram that came in pieces is there when all its bytes are.  One
 *	whose first piece is more than 30 s old when another comes with the same
 *	IP id is given up; so is one whose id has come round: the sum over both
 *	together would not fit.  Nobody waits for a timer.
 *	A whole datagram that comes twice is two, as for any UDP.
 * Leaves out: a limit on what waits for fragments; ports without a listener.
 * Audit: what it takes must be the bytes that sendto(2) saw.
 * Units: bytes, ps.  Owns: the datagrams that are incomplete.
 */
#ifndef MODELS_INET_UDP_PEER_H
#define MODELS_INET_UDP_PEER_H

#include "models/base/calendar.h"
#include "models/hw/wire.h"
#include "models/inet/peer_ranges.h"

/* IPFRAGTTL: 60 slow ticks */
#define UDP_PEER_TTL	(30 * PS_PER_S)

/* Of which a part has come. */
struct udp_datagram {
	uint32_t conn;
	uint32_t place;		/* as its headers say */
	sim_time first_at;
	struct byte_ranges got;	/* of its data */
	int64_t n_got;
	int64_t n_bytes;	/* all; 0: the last fragment is missing */
};

struct udp_peer {
	struct calendar *cal;
	struct udp_datagram **pending;	/* by IP id; NULL: no fragment came */
	int64_t n_pending;
	int64_t n_datagrams;	/* complete */
	int64_t n_given_up;	/* never complete */
	int64_t n_fragments;	/* came, of datagrams that need several */
	int64_t bytes_received;	/* data of complete ones */
	int64_t bytes_wrong;	/* came with other content than was written */
	/* told of each complete datagram; may be NULL */
	void (*arrived)(void *arg, uint32_t conn);
	void *arg;
};

/* udp_peer_init: => udp was all zero */
void udp_peer_init(struct udp_peer *udp, struct calendar *cal);
void udp_peer_fini(struct udp_peer *udp);

/* udp_peer_receive: a packet of UDP from the board */
void udp_peer_receive(struct udp_peer *udp, const struct frame *frame);

/* udp_peer_incomplete: datagrams of which only a part ever came, so far */
static inline int64_t
udp_peer_incomplete(const struct udp_peer *udp)
{
	return udp->n_given_up + udp->n_pending;
}

#endif
