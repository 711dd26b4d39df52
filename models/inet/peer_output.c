#include "models/inet/peer_output.h"

#include "models/inet/peer_window.h"
#include "models/inet/tcp.h"

/* RFC 793 leaves the first time-out open; 12 repetitions are BSD's. */
#define PEER_FIN_RTO	(1500 * PS_PER_MS)
enum { PEER_MAX_FINS = 12 };

/* What the options of a segment say, beside their length. */
static void
fill_options(const struct peer_conn *c, struct tcp_header *th)
{
	if ((th->flags & TH_SYN) != 0) {
		th->mss = (uint16_t)c->peer->config.mss;
		th->option_bytes += TCPOLEN_MAXSEG;
		if (c->is_shifted) {
			th->wscale = c->rcv_scale + 1;
			th->option_bytes += TCPOLEN_WINDOW;
		}
	}
	if (c->has_ts) {
		th->has_ts = true;
		/* from 1 on: BSD takes 0 for none */
		th->ts_val = 1 + (uint32_t)(c->peer->cal->now / PS_PER_MS);
		th->ts_ecr = c->ts_recent;
	}
}

static void
put_on_wire(struct peer *peer, struct frame *frame)
{
	frame->ip_bytes = (uint16_t)(IP_HEADER_LEN + TCP_HEADER_LEN +
	    frame->th.option_bytes + frame->payload_bytes);
	if (peer->wire != NULL)
		wire_send(peer->wire,
		    peer->cal->now + peer->config.turnaround, frame);
	else
		peer->transmit(peer->transmit_arg,
		    peer->cal->now + peer->config.turnaround, frame);
}

static inline void
emit(struct peer_conn *c, uint8_t flags, uint32_t seq, uint32_t payload,
    uint64_t content)
{
	struct frame frame = {.conn = c->conn, .payload_bytes = payload,
	    .th = {.seq = seq, .ack = c->rcv_nxt, .flags = flags,
	    .port = c->port, .win = peer_window_field(c, flags),
	    .option_bytes = (uint8_t)c->option_bytes}, .content = content};

	if (c->has_ts || (flags & TH_SYN) != 0)
		fill_options(c, &frame.th);
	put_on_wire(c->peer, &frame);
	c->last_ack = c->rcv_nxt;
	c->n_unacked = 0;
	c->peer->n_acks_sent++;
}

void
peer_send(struct peer_conn *c, uint8_t flags)
{
	emit(c, flags, c->snd_nxt, 0, CONTENT_NONE);
	if ((flags & (TH_SYN | TH_FIN)) != 0)
		c->snd_nxt++;
}

void
peer_send_at(struct peer_conn *c, uint8_t flags, uint32_t seq,
    uint32_t payload, uint64_t content)
{
	emit(c, flags, seq, payload, content);
}

void
peer_ack_now(struct peer_conn *c)
{
	if (c->rcv_nxt == c->last_ack)
		c->peer->n_dup_acks++;
	peer_send(c, TH_ACK);
}

static void
put_reset_on_wire(struct peer *peer, uint32_t conn,
    const struct tcp_header *rst)
{
	struct frame frame = {.conn = conn, .th = *rst};

	put_on_wire(peer, &frame);
	peer->n_resets++;
}

void
peer_send_reset(struct peer *peer, const struct frame *cause)
{
	const struct tcp_header *th = &cause->th;
	struct tcp_header rst = {.flags = TH_RST};

	if ((th->flags & TH_ACK) != 0)
		rst.seq = th->ack;
	else {
		rst.flags |= TH_ACK;
		rst.ack = th->seq + cause->payload_bytes +
		    ((th->flags & TH_FIN) != 0);
	}
	put_reset_on_wire(peer, cause->conn, &rst);
}

void
peer_abort(struct peer_conn *c)
{
	const struct tcp_header rst = {.seq = c->snd_nxt, .ack = c->rcv_nxt,
	    .port = c->port, .flags = TH_RST | TH_ACK};

	put_reset_on_wire(c->peer, c->conn, &rst);
}

static void
delack_tick(void *arg)
{
	struct peer_conn *c = arg;

	if (c->n_unacked > 0)
		peer_send(c, TH_ACK);
}

/* The next tick of the fast timer after the present. */
static sim_time
next_tick(const struct peer_conn *c)
{
	sim_time since = c->peer->cal->now - c->delack_phase;
	sim_time period = c->peer->config.delack_timer;
	int64_t n = since < 0 ? 0 : since / period + 1;

	return c->delack_phase + n * period;
}

/*
 * An ACK may wait for the tick.  The tick is left in place when a second
 * segment makes it needless: it finds nothing to do.
 */
static void
delay_ack(struct peer_conn *c)
{
	if (!cal_is_scheduled(&c->delack))
		cal_schedule(c->peer->cal, &c->delack, next_tick(c));
}

void
peer_ack_or_delay(struct peer_conn *c)
{
	if (++c->n_unacked >= c->peer->config.delack_segments)
		peer_send(c, TH_ACK);
	else
		delay_ack(c);
}

/* Its own FIN, which has the last place of its sequence. */
static void
send_fin(struct peer_conn *c)
{
	peer_send(c, TH_FIN | TH_ACK);
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

void
peer_close(struct peer_conn *c)
{
	c->state = PEER_CLOSED;
	c->n_fins_left = PEER_MAX_FINS;
	send_fin(c);
}

void
peer_output_init(struct peer_conn *c)
{
	c->delack_phase = c->peer->config.delack_phase;
	cal_event_init(&c->delack, delack_tick, c);
	cal_event_init(&c->fin_timer, fin_timeout, c);
}

void
peer_output_stop(struct peer_conn *c)
{
	cal_cancel(c->peer->cal, &c->delack);
	cal_cancel(c->peer->cal, &c->fin_timer);
}
