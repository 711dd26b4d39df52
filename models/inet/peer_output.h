/*
 * What the ideal peer sends.
 *
 * Stands for: tcp_output() and tcp_respond() of the far end: ACKs at once and
 *	delayed, the answer to a SYN, its FIN, RSTs.
 * Units: ps, bytes.  Owns: nothing; the events belong to the connection.
 */
#ifndef MODELS_INET_PEER_OUTPUT_H
#define MODELS_INET_PEER_OUTPUT_H

#include "models/inet/peer.h"

/* peer_output_init: nothing is due. => stop: nothing any more */
void peer_output_init(struct peer_conn *c);
void peer_output_stop(struct peer_conn *c);

/* peer_send: a segment with these flags, without data. */
void peer_send(struct peer_conn *c, uint8_t flags);

/*
 * peer_send_at: the same at a place of its own sequence, and with data.
 *
 * => snd_nxt is the caller's
 */
void peer_send_at(struct peer_conn *c, uint8_t flags, uint32_t seq,
    uint32_t payload, uint64_t content);

/* peer_ack_now: an ACK that does not wait. => counted if it has no news */
void peer_ack_now(struct peer_conn *c);

/* peer_ack_or_delay: one more segment in order. TCP_SETUP_ACK() */
void peer_ack_or_delay(struct peer_conn *c);

/* peer_close: its program has read all, and the end of it, and closes too. */
void peer_close(struct peer_conn *c);

/* peer_send_reset: there is nobody to take this. RFC 793, page 36 */
void peer_send_reset(struct peer *peer, const struct frame *cause);

/* peer_abort: a reset by itself: what was to come will not be read. */
void peer_abort(struct peer_conn *c);

#endif
