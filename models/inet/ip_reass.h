/*
 * Fragments: datagrams of which a part has come.
 *
 * Stands for: ip_reass() with its queues, ip_slowtimo() and ip_drain().
 *
 *	queues --> ipq --next--> ipq ...	one for each ip_id, newest first
 *	            |
 *	         fragment --m_nextpkt--> ...	by their place, no byte twice
 *
 * Mirrors: sys/netinet/ip_input.c: read as of about 2000, and for
 *	ip_maxfragpackets as of 2003.
 * How: a fragment belongs to the queue of its id, whatever datagram the others
 *	in it are of: both hosts have one address, and the port is in the first
 *	fragment only.  So an id that comes round while an old queue is there
 *	makes a datagram of pieces of two; UDP's sum finds that out.
 *	A queue lives for 60 slow ticks; ticks do not keep a run alive, and what
 *	waits at its end is dropped then.  So is all of it when mbufs or
 *	clusters run out.
 * Leaves out: fragments of TCP, which nobody sends; options; datagrams longer
 *	than IP_MAXPACKET, which no sum of fragments here comes to; the price of
 *	queues that are passed on the way to the right one.
 * Units: bytes, slow ticks.  Owns: the queues and the fragments in them.
 */
#ifndef MODELS_INET_IP_REASS_H
#define MODELS_INET_IP_REASS_H

#include "models/base/pool.h"
#include "models/kern/kctx.h"
#include "models/mbuf/mbuf.h"

enum { IPFRAGTTL = 60 };

struct ip_packet;

struct ipq {
	struct ipq *next;
	uint16_t ipq_id;
	int32_t ipq_ttl;	/* slow ticks; 0: it is over */
	struct mbuf *fragq;
};

/* Counted in fragments, but for the last three, which count datagrams. */
struct ip_stats {
	int64_t ips_fragments;		/* came */
	int64_t ips_fragdropped;	/* nothing new in them, or too many
					 * datagrams wait already */
	int64_t n_joined;		/* parts of datagrams that are whole */
	int64_t n_lost;			/* parts of those below */
	int64_t ips_reassembled;
	int64_t ips_fragtimeout;	/* never complete */
	int64_t n_drained;		/* the same: mbufs ran out, or the run
					 * was over */
};

struct ip_frags {
	struct pool ipqs;
	struct ipq *queues;
	int64_t ip_maxfragpackets;	/* -1: no limit */
	struct ip_stats stats;
};

void ip_reass_init(struct ip_frags *frags, int64_t ip_maxfragpackets);
void ip_reass_fini(struct ip_frags *frags);

/* ip_is_fragment: is it a part of a datagram? */
static inline bool
ip_is_fragment(const struct tcp_header *th)
{
	return (th->ip_off & (IP_MF | IP_OFFMASK)) != 0;
}

/*
 * ip_reass: a fragment has come.
 *
 * => owns packet->m; k pays for what is freed
 * => true: packet is the whole datagram, with the headers of its first fragment
 */
bool ip_reass(struct kctx *k, struct ip_packet *packet);

/*
 * ip_slowtimo: 500 ms have passed.
 *
 * => true: the time of some is over, and ip_expire is due
 */
bool ip_slowtimo(struct ip_frags *frags);

/* ip_expire: free those whose time is over. => k pays */
void ip_expire(struct kctx *k);

/* ip_drain: free all of them. => k pays */
void ip_drain(struct kctx *k);

/*
 * ip_reclaim: m_reclaim(), the drain hook of the mbufs' pools: IP lets go of
 * what it holds.
 *
 * => true: it held some
 */
bool ip_reclaim(struct kctx *k);

/* ip_waiting: fragments in the queues; walks */
int64_t ip_waiting(const struct ip_frags *frags);

#endif
