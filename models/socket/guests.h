/*
 * Guests: sockets of connections that clients have opened.
 *
 * Stands for: what in_pcblookup() finds by addresses and ports, and the end of
 *	a socket's memory.  The numbers of such connections are many, and each
 *	is used once: they are found by a hash, and freed when all is over, so
 *	that a run needs memory for those that live at a time and no more.
 * How: a socket that neither program nor protocol knows any more is asked at
 *	each slow tick whether anything may still point at it: a loan, a packet
 *	that has been queued before and has not left, a soft interrupt that had
 *	begun before, a list of timers.  What it has counted is added up first,
 *	and its far end compares its books with it.
 * Leaves out: sockets with numbers of their own host, which are few and stay
 *	until the end of the run, for whoever wants to look at them.
 * Units: sockets.  Owns: nothing; the host owns its sockets.
 */
#ifndef MODELS_SOCKET_GUESTS_H
#define MODELS_SOCKET_GUESTS_H

#include "models/socket/socket.h"

/* What sockets have counted that are no more. */
struct guests_sum {
	int64_t n;
	struct so_stats so;
	struct tcp_stats tcp;
	int64_t least_acked;	/* of those that wrote; INT64_MAX: none did */
	int64_t most_acked;
};

struct guests {
	struct socket **buckets;	/* a power of two of them */
	uint32_t size;
	uint32_t n;
	struct socket *gone;	/* by next_gone: they wait for their end */
	struct guests_sum sum;
};

void guests_init(struct guests *guests);
void guests_fini(struct guests *guests);

/* guests_add: => its number is not in use, and will not be again */
void guests_add(struct guests *guests, struct socket *so);

/* guests_find: by its number, or NULL */
struct socket *guests_find(const struct guests *guests, uint32_t so_id);

/*
 * guests_expect: a frame of it is on its way: the simulator's own memory can
 * fetch it meanwhile, which takes longer than to simulate the frame.
 */
void guests_expect(const struct guests *guests, uint32_t so_id);

/*
 * guests_let_go: perhaps nobody knows it any more.
 *
 * => no effect if somebody does, or it is no guest
 */
void guests_let_go(struct socket *so);

/* guests_reap: free those that nothing points at any more. */
void guests_reap(struct host *host);

#endif
