#include "models/inet/peer.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"
#include "models/inet/tcp.h"

/* Any first sequence number would do; this one wraps early. */
#define PEER_ISS	UINT32_C(0xfffffff0)

/* RFC 793 leaves the first time-out open; 12 repetitions are BSD's. */
#define PEER_FIN_RTO	(1500 * PS_PER_MS)
enum { PEER_MAX_FINS = 12 };

void
peer_init(struct peer *peer, const struct peer_config *config,
    struct calendar *cal, struct wire *wire)
{
	memset(peer, 0, sizeof *peer);
	peer->config = *config;
	peer->cal = cal;
	peer->wire = wire;
}

void
peer_fini(struct peer *peer)
{
	for (uint32_t i = 0; i < peer->n_conns; i++)
		free(peer->conns[i]);
	free(peer->conns);
	memset(peer, 0, sizeof *peer);
}

void
peer_quit(struct peer *peer)
{
	peer->has_quit = true;
	for (uint32_t i = 0; i < peer->n_conns; i++)
		if (peer->conns[i] != NULL)
			cal_cancel(peer->cal, &peer->conns[i]->fin_timer);
}

const struct peer_conn *
peer_find(const struct peer *peer, uint16_t conn)
{
	return conn < peer->n_conns ? peer->conns[conn] : NULL;
}

/* The shift that the largest window takes: RFC 1323. */
static uint8_t
window_shift(const struct peer *peer)
{
	uint8_t shift = 0;

	while (shift < TCP_MAX_WINSHIFT &&
	    (int64_t)TCP_MAXWIN << shift < peer->config.recvspace)
		shift++;
	return shift;
}

static uint16_t
window_field(const struct peer *peer, uint8_t flags)
{
	int64_t win = peer->config.recvspace;

	if ((flags & TH_SYN) == 0)
		win >>= window_shift(peer);
	return win < TCP_MAXWIN ? (uint16_t)win : TCP_MAXWIN;
}

static void
send_segment(struct peer_conn *c, uint8_t flags, uint32_t option_bytes)
{
	struct peer *peer = c->peer;
	struct frame frame = {.conn = c->conn, .th = {
	    .seq = c->snd_nxt, .ack = c->rcv_nxt, .flags = flags,
	    .win = window_field(peer, flags),
	    .option_bytes = (uint8_t)option_bytes}};

	if ((flags & TH_SYN) != 0) {
		frame.th.mss = (uint16_t)peer->config.mss;
		frame.th.wscale = window_shift(peer) + 1;
	}
	frame.ip_bytes =
	    (uint16_t)(IP_HEADER_LEN + TCP_HEADER_LEN + option_bytes);
	wire_send(peer->wire, peer->cal->now + peer->config.turnaround,
	    &frame);
	if ((flags & (TH_SYN | TH_FIN)) != 0)
		c->snd_nxt++;
	c->n_unacked = 0;
	peer->n_acks_sent++;
}

static void
delack_tick(void *arg)
{
	struct peer_conn *c = arg;

	if (c->n_unacked > 0)
		send_segment(c, TH_ACK, c->option_bytes);
}

/* The next tick of the fast timer after the present. */
static sim_time
next_tick(const struct peer *peer)
{
	sim_time since = peer->cal->now - peer->config.delack_phase;
	sim_time period = peer->config.delack_timer;
	int64_t n = since < 0 ? 0 : since / period + 1;

	return peer->config.delack_phase + n * period;
}

/*
 * An ACK may wait for the tick.  The tick is left in place when a second
 * segment makes it needless: it finds nothing to do.
 */
static void
delay_ack(struct peer_conn *c)
{
	if (!cal_is_scheduled(&c->delack))
		cal_schedule(c->peer->cal, &c->delack, next_tick(c->peer));
}

static void
take_data(struct peer_conn *c, const struct frame *frame)
{
	if (frame->content !=
	    content_name(c->conn, (uint64_t)c->bytes_received))
		c->bytes_wrong += frame->payload_bytes;
	c->bytes_received += frame->payload_bytes;
	c->rcv_nxt += frame->payload_bytes;
	if (++c->n_unacked >= c->peer->config.delack_segments)
		send_segment(c, TH_ACK, c->option_bytes);
	else
		delay_ack(c);
}

/* Its own FIN, which has the last place of its sequence. */
static void
send_fin(struct peer_conn *c)
{
	send_segment(c, TH_FIN | TH_ACK, c->option_bytes);
	if (c->n_fins_left-- > 0 && !c->peer->has_quit)
		cal_schedule(c->peer->cal, &c->fin_timer,
		    c->peer->cal->now + PEER_FIN_RTO);
}

static void
fin_timeout(void *arg)
{
	struct peer_conn *c = arg;

	c->snd_nxt--;
	send_fin(c);
}

/* The board has closed; so does the program at this end. */
static void
take_fin(struct peer_conn *c)
{
	c->rcv_nxt++;
	cal_cancel(c->peer->cal, &c->delack);
	send_segment(c, TH_ACK, c->option_bytes);
	c->state = PEER_CLOSED;
	c->n_fins_left = PEER_MAX_FINS;
	send_fin(c);
}

/* Does this segment acknowledge our FIN? */
static void
check_fin_ack(struct peer_conn *c, const struct frame *frame)
{
	if (c->state == PEER_CLOSED && frame->th.ack == c->snd_nxt)
		cal_cancel(c->peer->cal, &c->fin_timer);
}

static void
take_segment(struct peer_conn *c, const struct frame *frame)
{
	bool has_fin = (frame->th.flags & TH_FIN) != 0;

	if (frame->payload_bytes == 0 && !has_fin)
		return;
	if (frame->th.seq != c->rcv_nxt) {
		c->peer->n_out_of_order++;
		send_segment(c, TH_ACK, c->option_bytes);
		return;
	}
	if (frame->payload_bytes > 0)
		take_data(c, frame);
	if (has_fin)
		take_fin(c);
}

/* A SYN that comes again wants its answer again: that one was lost. */
static void
take_syn(struct peer_conn *c, const struct frame *frame)
{
	if (c->state == PEER_CLOSED || c->bytes_received > 0)
		return;
	c->rcv_nxt = frame->th.seq + 1;
	c->snd_nxt = PEER_ISS;
	c->option_bytes = frame->th.option_bytes -
	    (TCPOLEN_MAXSEG + TCPOLEN_WINDOW);
	c->state = PEER_ESTABLISHED;
	send_segment(c, TH_SYN | TH_ACK, frame->th.option_bytes);
}

static void
grow(struct peer *peer, uint32_t n)
{
	peer->conns = realloc(peer->conns, n * sizeof(*peer->conns));
	CHECK(peer->conns != NULL, "memory for the peer's connections");
	for (; peer->n_conns < n; peer->n_conns++)
		peer->conns[peer->n_conns] = NULL;
}

static struct peer_conn *
find_or_make(struct peer *peer, uint16_t conn)
{
	struct peer_conn *c;

	if (conn >= peer->n_conns)
		grow(peer, (uint32_t)conn + 1);
	if (peer->conns[conn] != NULL)
		return peer->conns[conn];
	c = calloc(1, sizeof *c);
	CHECK(c != NULL, "memory for a peer's connection");
	c->conn = conn;
	c->peer = peer;
	cal_event_init(&c->delack, delack_tick, c);
	cal_event_init(&c->fin_timer, fin_timeout, c);
	peer->conns[conn] = c;
	return c;
}

void
peer_receive(void *arg, const struct frame *frame)
{
	struct peer_conn *c = find_or_make(arg, frame->conn);

	if ((frame->th.flags & TH_SYN) != 0) {
		take_syn(c, frame);
		return;
	}
	if (c->state == PEER_LISTEN)
		return;
	check_fin_ack(c, frame);
	take_segment(c, frame);
}
