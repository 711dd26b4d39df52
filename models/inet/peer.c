#include "models/inet/peer.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"
#include "models/inet/peer_output.h"
#include "models/inet/peer_window.h"
#include "models/inet/tcp.h"

/* Any first sequence number would do; this one wraps early. */
#define PEER_ISS	UINT32_C(0xfffffff0)

void
peer_init(struct peer *peer, const struct peer_config *config,
    struct calendar *cal, struct wire *wire)
{
	memset(peer, 0, sizeof *peer);
	peer->config = *config;
	peer->cal = cal;
	peer->wire = wire;
	udp_peer_init(&peer->udp, cal);
	peer->reads_at_once = config->read_rate == 0 && config->read_start == 0;
}

void
peer_conn_fini(struct peer_conn *c)
{
	peer_conn_stop(c);
	ranges_fini(&c->held);
}

static void
free_conn(struct peer_conn *c)
{
	if (c != NULL)
		ranges_fini(&c->held);
	free(c);
}

void
peer_fini(struct peer *peer)
{
	for (uint32_t i = 0; i < peer->n_conns; i++)
		free_conn(peer->conns[i]);
	free(peer->conns);
	udp_peer_fini(&peer->udp);
	memset(peer, 0, sizeof *peer);
}

void
peer_quit(struct peer *peer)
{
	peer->has_quit = true;
	for (uint32_t i = 0; i < peer->n_conns; i++) {
		struct peer_conn *c = peer->conns[i];

		if (c == NULL)
			continue;
		cal_cancel(peer->cal, &c->fin_timer);
		cal_cancel(peer->cal, &c->reader);
	}
}

const struct peer_conn *
peer_find(const struct peer *peer, uint32_t conn)
{
	return conn < peer->n_conns ? peer->conns[conn] : NULL;
}

/*
 * Close
 */

/* The board has closed: the program will see it behind the last byte. */
static void
take_fin(struct peer_conn *c)
{
	c->rcv_nxt++;
	cal_cancel(c->peer->cal, &c->delack);
	peer_send(c, TH_ACK);
	c->state = PEER_CLOSE_WAIT;
	if (c->bytes_unread == 0 && !c->has_program)
		peer_close(c);
}

/*
 * The program
 */
static void
wait_for_reader(struct peer_conn *c)
{
	sim_time at = peer_next_read(c);

	if (at == SIM_TIME_NEVER || c->peer->has_quit)
		return;
	/* too early is no harm: it looks again */
	if (cal_is_scheduled(&c->reader) && c->reader_at <= at)
		return;
	cal_cancel(c->peer->cal, &c->reader);
	cal_schedule(c->peer->cal, &c->reader, at);
	c->reader_at = at;
}

static __attribute__((cold)) void
has_read(void *arg)
{
	struct peer_conn *c = arg;

	peer_read(c);
	if (c->state == PEER_CLOSE_WAIT && c->bytes_unread == 0 &&
	    !c->has_program)
		peer_close(c);
	else if (c->state == PEER_ESTABLISHED && peer_window_is_news(c)) {
		c->peer->n_window_updates++;
		peer_send(c, TH_ACK);
	}
	wait_for_reader(c);
}

/*
 * Data
 */

/* n bytes more are in order. */
static void
advance(struct peer_conn *c, int64_t n)
{
	c->bytes_received += n;
	c->rcv_nxt += (uint32_t)n;
	if (!c->peer->reads_at_once)
		peer_fill(c, n);
}

static void
note_fin(struct peer_conn *c, int64_t fin_place)
{
	c->has_fin = true;
	c->fin_place = fin_place;
}

/* A segment's bytes by their places, and what of them may be accepted. */
struct extent {
	int64_t start;	/* of the payload */
	int64_t end;
	int64_t from;	/* ... without what is old */
	int64_t to;	/* ... or beyond the window */
};

static struct extent
place(const struct peer_conn *c, const struct frame *frame)
{
	int32_t ahead = (int32_t)(frame->th.seq - c->rcv_nxt);
	int64_t limit = c->has_fin ? c->fin_place : peer_window_end(c);
	struct extent x = {.start = c->bytes_received + ahead};

	x.end = x.start + frame->payload_bytes;
	x.from = x.start > c->bytes_received ? x.start : c->bytes_received;
	x.to = x.end < limit ? x.end : limit;
	return x;
}

/* Keep what is new, and hand over what is in order now. => new bytes */
static int64_t
keep(struct peer_conn *c, const struct frame *frame, const struct extent *x)
{
	int64_t n_new;

	if (x->from >= x->to)
		return 0;
	n_new = ranges_add(&c->held, x->from, x->to);
	if (frame->content != content_name(c->conn, (uint64_t)x->start))
		c->bytes_wrong += n_new;
	advance(c, ranges_take(&c->held, c->bytes_received) -
	    c->bytes_received);
	return n_new;
}

/* The first to come counts. => it has not been known, nor cut off */
static bool
keep_fin(struct peer_conn *c, const struct frame *frame,
    const struct extent *x)
{
	if ((frame->th.flags & TH_FIN) == 0 || c->has_fin ||
	    x->to != x->end || x->end < c->bytes_received)
		return false;
	note_fin(c, x->end);
	return true;
}

/* What is new in it decides on the ACK. */
static void
take_any(struct peer_conn *c, const struct frame *frame)
{
	struct peer *peer = c->peer;
	struct extent x = place(c, frame);
	bool is_first = x.from == c->bytes_received;
	bool is_usual = c->held.n == 0 && !c->has_fin && x.to == x.end;
	int64_t n_new = keep(c, frame, &x);
	bool is_new_fin = keep_fin(c, frame, &x);

	peer->n_beyond += x.to < x.end;
	peer->n_duplicates += n_new == 0 && !is_new_fin && x.to == x.end;
	peer->n_out_of_order += (n_new > 0 || is_new_fin) && !is_first;
	if (n_new > 0 && is_first && is_usual)
		peer_ack_or_delay(c);
	else if (n_new > 0 || !is_new_fin || !is_first)
		peer_ack_now(c);
}

/*
 * Neither data nor FIN.  One in its place is an ACK, and we send nothing that
 * it could be for; one out of place asks if we are here.
 */
static void
take_empty(struct peer_conn *c, const struct frame *frame)
{
	int32_t ahead = (int32_t)(frame->th.seq - c->rcv_nxt);

	if (ahead < 0 || ahead > peer_window_end(c) - c->bytes_received)
		peer_ack_now(c);
}

static void
take_segment(struct peer_conn *c, const struct frame *frame)
{
	if (frame->payload_bytes == 0 && (frame->th.flags & TH_FIN) == 0) {
		take_empty(c, frame);
		return;
	}
	take_any(c, frame);
	if (c->has_fin && c->bytes_received == c->fin_place)
		take_fin(c);
}

/* RFC 1323, 3.4: the segment whose ACK is the next one to go. */
static void
note_ts(struct peer_conn *c, const struct frame *frame)
{
	const struct tcp_header *th = &frame->th;
	uint32_t end = th->seq + frame->payload_bytes +
	    ((th->flags & TH_FIN) != 0);

	if (th->has_ts && seq_leq(th->seq, c->last_ack) &&
	    seq_lt(c->last_ack, end))
		c->ts_recent = th->ts_val;
}

/*
 * Set-up, and the end
 */

/* A SYN that comes again wants its answer again: that one was lost. */
static void
take_syn(struct peer_conn *c, const struct frame *frame)
{
	const struct tcp_header *th = &frame->th;

	if (c->state > PEER_ESTABLISHED || c->bytes_received > 0 ||
	    c->held.n > 0)
		return;
	c->rcv_nxt = th->seq + 1;
	c->snd_nxt = PEER_ISS;
	c->has_ts = th->has_ts;
	c->ts_recent = th->ts_val;
	c->option_bytes = c->has_ts ? TCPOLEN_TSTAMP_APPA : 0;
	c->is_shifted = th->wscale > 0;
	peer_window_open(c);
	c->state = PEER_ESTABLISHED;
	peer_send(c, TH_SYN | TH_ACK);
}

/* In the window, it is from the board as it is now. */
static void
take_reset(struct peer_conn *c, const struct frame *frame)
{
	int32_t ahead = (int32_t)(frame->th.seq - c->rcv_nxt);

	if (c->state == PEER_LISTEN || ahead < 0 ||
	    ahead > peer_window_end(c) - c->bytes_received)
		return;
	c->state = PEER_CLOSED;
	c->is_reset = true;
	c->held.n = 0;
	peer_conn_stop(c);
}

/* After the board's FIN: does this acknowledge ours?  Is it something old? */
static void
take_late(struct peer_conn *c, const struct frame *frame)
{
	bool has_fin = (frame->th.flags & TH_FIN) != 0;

	if (c->state == PEER_CLOSED && frame->th.ack == c->snd_nxt)
		cal_cancel(c->peer->cal, &c->fin_timer);
	if (frame->payload_bytes == 0 && !has_fin) {
		take_empty(c, frame);
		return;
	}
	c->peer->n_duplicates++;
	peer_ack_now(c);
}

static void
take_unusual(struct peer_conn *c, const struct frame *frame)
{
	if ((frame->th.flags & TH_RST) != 0)
		take_reset(c, frame);
	else if ((frame->th.flags & TH_SYN) != 0)
		take_syn(c, frame);
	else if (c->state == PEER_LISTEN || c->is_reset)
		peer_send_reset(c->peer, frame);
	else
		take_late(c, frame);
}

void
peer_conn_init(struct peer_conn *c, struct peer *peer, uint32_t conn)
{
	c->conn = conn;
	c->peer = peer;
	peer_output_init(c);
	cal_event_init(&c->reader, has_read, c);
}

void
peer_conn_stop(struct peer_conn *c)
{
	peer_output_stop(c);
	cal_cancel(c->peer->cal, &c->reader);
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
find_or_make(struct peer *peer, uint32_t conn)
{
	struct peer_conn *c;

	if (conn >= peer->n_conns)
		grow(peer, (uint32_t)conn + 1);
	if (peer->conns[conn] != NULL)
		return peer->conns[conn];
	c = calloc(1, sizeof *c);
	CHECK(c != NULL, "memory for a peer's connection");
	peer_conn_init(c, peer, conn);
	peer->conns[conn] = c;
	return c;
}

/*
 * The usual case, which a run has millions of: the next bytes of a connection
 * without gaps, and a program that reads at once.
 */
static bool
is_plain(const struct peer_conn *c, const struct frame *frame)
{
	return frame->th.seq == c->rcv_nxt &&
	    frame->payload_bytes - 1 < c->plain_bytes &&
	    (frame->th.flags & (TH_SYN | TH_FIN | TH_RST)) == 0;
}

static void
take_plain(struct peer_conn *c, const struct frame *frame)
{
	if (c->has_ts)
		note_ts(c, frame);
	if (frame->content !=
	    content_name(c->conn, (uint64_t)c->bytes_received))
		c->bytes_wrong += frame->payload_bytes;
	c->bytes_received += frame->payload_bytes;
	c->rcv_nxt += frame->payload_bytes;
	peer_ack_or_delay(c);
}

static void
take_established(struct peer_conn *c, const struct frame *frame)
{
	if (c->has_ts)
		note_ts(c, frame);
	if (!c->peer->reads_at_once)
		peer_read(c);
	take_segment(c, frame);
	if (!c->peer->reads_at_once)
		wait_for_reader(c);
}

/* Out of line, so that the usual case is short. */
static __attribute__((cold, noinline)) void
take_other(struct peer_conn *c, const struct frame *frame)
{
	if (c->state != PEER_ESTABLISHED ||
	    (frame->th.flags & (TH_SYN | TH_RST)) != 0)
		take_unusual(c, frame);
	else
		take_established(c, frame);
	c->plain_bytes = c->peer->reads_at_once && c->held.n == 0 &&
	    c->state == PEER_ESTABLISHED && !c->has_fin ?
	    (uint32_t)c->peer->config.recvspace : 0;
}

void
peer_take(struct peer_conn *c, const struct frame *frame)
{
	if (is_plain(c, frame))
		take_plain(c, frame);
	else
		take_other(c, frame);
}

void
peer_receive(void *arg, const struct frame *frame)
{
	struct peer *peer = arg;

	if (frame->th.ip_p == IP_UDP)
		udp_peer_receive(&peer->udp, frame);
	else
		peer_take(find_or_make(peer, frame->conn), frame);
}
