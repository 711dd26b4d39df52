/*
 * The ideal peer: the far end of every connection.
 *
 * Stands for: a host so fast that it takes no time but a fixed turnaround.  Its
 *	program reads everything at once, so that the window never closes, or
 *	continuously at a rate, or nothing before a date (inet/peer_window.h).
 *	What arrives beyond a gap is kept (inet/peer_ranges.h).
 *	An ACK at once for what is out of order, old, beyond the window, or
 *	closes a part of a gap (RFC 2581, 4.2); delayed ACKs as in NetBSD for
 *	the rest: one for every second segment, whatever their lengths, and what
 *	is left at the next tick of the fast timer.
 *	It agrees to those of RFC 1323's options that the SYN offers; its clock
 *	of timestamps ticks every ms.
 * Mirrors: tcp_input(), TCP_SETUP_ACK(), tcp_reass(), tcp_fasttimo();
 *	netbsd-2002.md 5.4.  RFC 793 for resets, RFC 1323 for what a timestamp
 *	echoes.
 *	What it sends itself, SYN and FIN, it repeats: the one when the board's
 *	SYN comes again, the other every 1.5 s until it is acknowledged, a dozen
 *	times (the board may drop frames that it has no room for).
 * Leaves out: PAWS (no segment is older than a run), ACK-on-PUSH (off in
 *	NetBSD).  Since September 2001 NetBSD has a callout for each connection
 *	instead of the fast timer, 200 ms after the segment.
 * Audit: it is the receiver: what it accepts must be the bytes that write(2)
 *	saw, in order, once.
 * Units: bytes, ps; places in the stream of a connection are 64 bits wide, its
 *	first byte is 0.  Owns: its connections.
 */
#ifndef MODELS_INET_PEER_H
#define MODELS_INET_PEER_H

#include "models/base/calendar.h"
#include "models/hw/wire.h"
#include "models/inet/peer_ranges.h"
#include "models/inet/udp_peer.h"

struct peer_config {
	int64_t recvspace;	/* receive buffer; the window at first */
	int64_t mss;		/* of its own MTU */
	int64_t delack_segments;
	sim_time delack_timer;
	sim_time delack_phase;
	sim_time turnaround;
	int64_t read_rate;	/* B/s; 0: everything at once */
	sim_time read_start;	/* nothing before */
};

enum peer_state {
	PEER_LISTEN,
	PEER_ESTABLISHED,
	PEER_CLOSE_WAIT,	/* has the FIN; its program reads yet */
	PEER_CLOSED		/* has sent its own, or was reset */
};

struct peer_conn {
	/* what the usual segment needs stands together */
	enum peer_state state;
	uint32_t conn;
	bool is_reset;
	bool has_ts;		/* timestamps are agreed */
	bool has_fin;		/* known, if not yet in its place */
	bool is_shifted;	/* both SYNs offer to shift windows */
	bool has_program;	/* which closes when it wants to */
	uint8_t rcv_scale;	/* ... of those that it sends */
	uint16_t port;		/* that it calls at the board, or 0 */
	uint32_t rcv_nxt;
	uint32_t snd_nxt;
	uint32_t last_ack;	/* the last one sent */
	uint32_t ts_recent;	/* what timestamps echo */
	uint32_t option_bytes;	/* of a segment without SYN */
	uint32_t plain_bytes;	/* the most of a segment that needs no thought
				 * if it is the next one; 0: all do */
	int64_t n_unacked;	/* segments without an ACK yet */
	int64_t bytes_received;	/* accepted, in order; the place of rcv_nxt */
	struct peer *peer;
	struct cal_event delack;
	sim_time delack_phase;	/* of its ticks: the first one is then */
	int64_t adv_place;	/* the window offered ends there; never less */
	uint16_t whole_field;	/* whole_window as the field says it */
	/* the rest */
	int64_t whole_window;	/* offered when the buffer is empty */
	int64_t bytes_wrong;	/* of those received and those beyond a gap:
				 * with other content than written */
	int64_t bytes_unread;	/* of those received, still in the buffer */
	int64_t fin_place;	/* with has_fin: the bytes before it */
	struct byte_ranges held;	/* bytes beyond a gap */
	sim_time busy_since;	/* the program has had something to read, */
	int64_t busy_bytes;	/* ... and has read that much since */
	sim_time reader_at;	/* of the event, when scheduled */
	int32_t n_fins_left;	/* repetitions of an unacknowledged FIN */
	struct cal_event fin_timer;
	struct cal_event reader;	/* room worth telling, or all is read */
};

struct peer {
	struct calendar *cal;
	struct peer_config config;
	struct wire *wire;	/* to the board, or if that is NULL: */
	void (*transmit)(void *arg, sim_time ready_at,
	    const struct frame *frame);
	void *transmit_arg;
	struct udp_peer udp;	/* datagrams */
	struct peer_conn **conns;	/* by connection number */
	uint32_t n_conns;
	bool reads_at_once;
	bool has_quit;
	int64_t n_acks_sent;	/* all that it sends, but RSTs */
	int64_t n_dup_acks;	/* at once, and with no news in it */
	int64_t n_window_updates;
	int64_t n_zero_windows;	/* sent with a closed window */
	int64_t n_resets;	/* RSTs sent */
	/* segments with data or FIN */
	int64_t n_out_of_order;	/* beyond a gap, something new in it */
	int64_t n_duplicates;	/* nothing new in it */
	int64_t n_beyond;	/* cut at the end of the window */
};

void peer_init(struct peer *peer, const struct peer_config *config,
    struct calendar *cal, struct wire *wire);
void peer_fini(struct peer *peer);

/* peer_receive: a frame from the board. => arg: the peer */
void peer_receive(void *arg, const struct frame *frame);

/*
 * One connection, for who makes and finds them by himself (inet/client.h).
 *
 * peer_conn_init: => c is all zero, and waits for a SYN
 * peer_conn_stop: nothing that it has planned happens any more
 * peer_take: a frame of it
 */
void peer_conn_init(struct peer_conn *c, struct peer *peer, uint32_t conn);
void peer_conn_stop(struct peer_conn *c);
void peer_conn_fini(struct peer_conn *c);
void peer_take(struct peer_conn *c, const struct frame *frame);

/* peer_quit: the run is over: no FIN is repeated, no program reads any more. */
void peer_quit(struct peer *peer);

/* peer_find: the far end of a connection, or NULL if it never heard of it */
const struct peer_conn *peer_find(const struct peer *peer, uint32_t conn);

#endif
