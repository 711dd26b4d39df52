/*
 * The ideal peer's window, and the program that empties its buffer.
 *
 * Stands for: sbspace() and soreceive() of the far end: which window a segment
 *	offers, and when reading alone makes it worth a segment.
 *
 *	0 ........ read ........ received ....... adv_place ... room ends
 *	            <- unread ->           <-- offered -->
 *	            <----------------- recvspace ------------------->
 *
 *	Reading moves the end of the room, at the program's rate and to the
 *	byte; arrival does not, in order or not.  So the end never moves back,
 *	and what was offered once is accepted.
 * Mirrors: tcp_output() of 4.4BSD, "receiver window" and "compare available
 *	window to amount of window known to peer": less than a segment and a
 *	quarter of the buffer is offered as nothing; an update goes when the
 *	window can be moved by two segments or half of the buffer.
 *	On the wire a window is rounded down to its unit (RFC 1323, 2.3): what a
 *	sender sees of its end may go back by less than that.
 * Leaves out: updates for a program that reads at once: it is taken to read
 *	just after the ACK is decided on.
 * Units: bytes, ps.  Owns: nothing.
 */
#ifndef MODELS_INET_PEER_WINDOW_H
#define MODELS_INET_PEER_WINDOW_H

#include "models/inet/peer.h"
#include "models/inet/tcp.h"

/* peer_window_open: a new connection. => is_shifted is known */
void peer_window_open(struct peer_conn *c);

/* peer_window_choose: the window to be sent now, whatever the case */
uint16_t peer_window_choose(struct peer_conn *c, uint8_t flags);

/* peer_window_field: the window to be sent now, which is offered hereby */
static inline uint16_t
peer_window_field(struct peer_conn *c, uint8_t flags)
{
	if (c->bytes_unread > 0 || (flags & TH_SYN) != 0)
		return peer_window_choose(c, flags);
	c->adv_place = c->bytes_received + c->whole_window;
	return c->whole_field;
}

/* peer_window_end: the first place for which there is no room */
static inline int64_t
peer_window_end(const struct peer_conn *c)
{
	return c->bytes_received - c->bytes_unread + c->peer->config.recvspace;
}

/* peer_window_is_news: it has grown by enough to send a segment for it. */
bool peer_window_is_news(const struct peer_conn *c);

/* peer_read: let the program read up to now. */
void peer_read(struct peer_conn *c);

/* peer_fill: n more bytes wait for the program. => peer_read has been called */
void peer_fill(struct peer_conn *c, int64_t n);

/*
 * peer_next_read: the date at which what the program will have read matters:
 * the window is news, or after a FIN, all is read.
 *
 * => SIM_TIME_NEVER: not before something else arrives
 */
sim_time peer_next_read(const struct peer_conn *c);

/*
 * peer_read_date: when the program will have read what lies before a place.
 *
 * => it has been received; a date that is not in the future: it is read
 */
sim_time peer_read_date(struct peer_conn *c, int64_t place);

#endif
