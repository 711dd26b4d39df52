/*
 * The ideal peer: the far end of every connection.
 *
 * Stands for: a host so fast that it takes no time but a fixed turnaround,
 *	whose program reads everything at once: the window never closes.
 *	Delayed ACKs as in NetBSD: one for every second segment, the rest at the
 *	next tick of the fast timer.
 * Mirrors: tcp_input(), TCP_SETUP_ACK(), tcp_fasttimo(); netbsd-2002.md 5.4.
 *	What it sends itself, SYN and FIN, it repeats: the one when the board's
 *	SYN comes again, the other every 1.5 s until it is acknowledged, a dozen
 *	times (the board may drop frames that it has no room for).
 * Leaves out: a reassembly queue (a segment out of order is dropped and
 *	answered by a duplicate ACK).
 * Audit: it is the receiver: what it accepts must be the bytes that write(2)
 *	saw, in order, once.
 * Units: bytes, ps.  Owns: its connections.
 */
#ifndef MODELS_INET_PEER_H
#define MODELS_INET_PEER_H

#include "models/base/calendar.h"
#include "models/hw/wire.h"

struct peer_config {
	int64_t recvspace;	/* window offered */
	int64_t mss;		/* of its own MTU */
	int64_t delack_segments;
	sim_time delack_timer;
	sim_time delack_phase;
	sim_time turnaround;
};

enum peer_state { PEER_LISTEN, PEER_ESTABLISHED, PEER_CLOSED };

struct peer_conn {
	enum peer_state state;
	uint16_t conn;
	uint32_t rcv_nxt;
	uint32_t snd_nxt;
	uint32_t option_bytes;	/* of a segment without SYN */
	int64_t n_unacked;	/* segments without an ACK yet */
	int64_t bytes_received;	/* accepted, in order */
	int64_t bytes_wrong;	/* of these, with other content than written */
	int32_t n_fins_left;	/* repetitions of an unacknowledged FIN */
	struct cal_event delack;
	struct cal_event fin_timer;
	struct peer *peer;
};

struct peer {
	struct calendar *cal;
	struct peer_config config;
	struct wire *wire;	/* to the board */
	struct peer_conn **conns;	/* by connection number */
	uint32_t n_conns;
	bool has_quit;
	int64_t n_acks_sent;
	int64_t n_out_of_order;
};

void peer_init(struct peer *peer, const struct peer_config *config,
    struct calendar *cal, struct wire *wire);
void peer_fini(struct peer *peer);

/* peer_receive: a frame from the board. => arg: the peer */
void peer_receive(void *arg, const struct frame *frame);

/* peer_quit: the run is over: no FIN is repeated any more. */
void peer_quit(struct peer *peer);

/* peer_find: the far end of a connection, or NULL if it never heard of it */
const struct peer_conn *peer_find(const struct peer *peer, uint16_t conn);

#endif
