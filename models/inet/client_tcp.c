/*
 * What a client's connection sends by itself, and what frames that come mean to
 * it; how data is received is the peer's.
 */
#include "models/base/check.h"
#include "models/inet/client_conn.h"
#include "models/inet/peer_output.h"
#include "models/inet/peer_window.h"
#include "models/inet/tcp.h"

/* Any first sequence number would do; this one wraps early. */
#define CLIENT_ISS	UINT32_C(0xfffffff0)

static struct calendar *
cal_of(const struct client_conn *cc)
{
	return cc->client->all->cal;
}

static void
set_timer(struct client_conn *cc, sim_time at)
{
	cal_cancel(cal_of(cc), &cc->timer);
	cal_schedule(cal_of(cc), &cc->timer, at);
}

static sim_time
after(const struct client_conn *cc, sim_time interval)
{
	return cal_of(cc)->now + interval;
}

/* Something is out that wants to be acknowledged. */
static void
start_rexmt(struct client_conn *cc)
{
	cc->rto = CLIENT_RTO;
	cc->n_rexmt = 0;
	set_timer(cc, after(cc, cc->rto));
}

void
client_tcp_connect(struct client_conn *cc)
{
	struct peer_conn *c = &cc->c;

	/* what is offered; the answer says what comes of it */
	c->has_ts = c->is_shifted = true;
	c->option_bytes = TCPOLEN_TSTAMP_APPA;
	peer_window_open(c);
	c->snd_nxt = cc->snd_una = CLIENT_ISS;
	peer_send(c, TH_SYN);
	cc->begun_at = cal_of(cc)->now;
	cc->rto = CLIENT_SYN_RTO;
	set_timer(cc, after(cc, cc->rto));
}

void
client_tcp_request(struct client_conn *cc, int64_t bytes,
    const struct sys_words *words)
{
	struct peer_conn *c = &cc->c;

	CHECK(cc->snd_una == c->snd_nxt && bytes <= cc->maxseg,
	    "one segment at a time");
	speech_say(&cc->requests, cc->bytes_sent, bytes, words);
	peer_send_at(c, TH_ACK | TH_PUSH, c->snd_nxt, (uint32_t)bytes,
	    content_name(c->conn, (uint64_t)cc->bytes_sent));
	c->snd_nxt += (uint32_t)bytes;
	cc->unacked_bytes = (uint32_t)bytes;
	cc->bytes_sent += bytes;
	start_rexmt(cc);
}

/* Is there something that its program has not read, and never will? */
static bool
is_unread(struct client_conn *cc)
{
	if (!cc->c.peer->reads_at_once)
		peer_read(&cc->c);
	return cc->c.bytes_unread > 0;
}

void
client_tcp_close(struct client_conn *cc)
{
	if (cc->state == CLIENT_SYN_SENT)
		client_conn_over(cc);
	if (cc->state != CLIENT_OPEN || cc->fin_is_sent)
		return;
	if (cc->is_abandoned && is_unread(cc)) {
		cc->is_aborted = true;
		peer_abort(&cc->c);
		client_conn_over(cc);
		return;
	}
	cc->fin_is_sent = true;
	cc->is_first_to_close = cc->c.state != PEER_CLOSE_WAIT;
	peer_send(&cc->c, TH_FIN | TH_ACK);
	if (cc->unacked_bytes == 0)
		start_rexmt(cc);
}

/*
 * Patience: one event for all who have begun to wait; the next look at each is
 * as far from the last one.
 */
static void
append_patient(struct clients *all, struct client_conn *cc)
{
	cc->is_patient = true;
	cc->next_patient = NULL;
	cc->previous_patient = all->patient_tail;
	if (all->patient_head != NULL)
		all->patient_tail->next_patient = cc;
	else {
		all->patient_head = cc;
		cal_schedule(all->cal, &all->patience, cc->looks_at);
	}
	all->patient_tail = cc;
}

static void
unlink_patient(struct clients *all, struct client_conn *cc)
{
	cc->is_patient = false;
	if (cc->next_patient != NULL)
		cc->next_patient->previous_patient = cc->previous_patient;
	else
		all->patient_tail = cc->previous_patient;
	if (cc->previous_patient != NULL) {
		cc->previous_patient->next_patient = cc->next_patient;
		return;
	}
	all->patient_head = cc->next_patient;
	cal_cancel(all->cal, &all->patience);
	if (all->patient_head != NULL)
		cal_schedule(all->cal, &all->patience,
		    all->patient_head->looks_at);
}

static void
look_later(struct client_conn *cc)
{
	cc->heard_bytes = cc->c.bytes_received;
	cc->heard_answered = cc->answered;
	cc->looks_at = after(cc, CLIENT_PATIENCE);
	append_patient(cc->client->all, cc);
}

static void
look(void *arg)
{
	struct clients *all = arg;
	struct client_conn *cc = all->patient_head;

	unlink_patient(all, cc);
	if (!cc->is_waited_for)
		return;
	if (cc->heard_bytes == cc->c.bytes_received &&
	    cc->heard_answered == cc->answered)
		client_fail(cc, SYS_ETIMEDOUT);
	else
		look_later(cc);
}

void
client_tcp_wait(struct client_conn *cc)
{
	if (!cc->is_patient)
		look_later(cc);
}

void
client_tcp_give_up(struct client_conn *cc)
{
	if (cc->is_patient)
		unlink_patient(cc->client->all, cc);
}

void
client_tcp_start(struct clients *all)
{
	cal_event_init(&all->patience, look, all);
	all->patience.is_background = true;
}

/*
 * Time
 */
static void
send_again(struct client_conn *cc)
{
	struct peer_conn *c = &cc->c;

	if (cc->unacked_bytes > 0)
		peer_send_at(c, TH_ACK | TH_PUSH, cc->snd_una,
		    cc->unacked_bytes, content_name(c->conn,
		    (uint64_t)(cc->bytes_sent - cc->unacked_bytes)));
	else
		peer_send_at(c, TH_FIN | TH_ACK, cc->snd_una, 0, CONTENT_NONE);
}

static void
syn_timeout(struct client_conn *cc)
{
	sim_time end = cc->begun_at + CLIENT_KEEP_INIT;

	if (cal_of(cc)->now >= end) {
		client_fail(cc, SYS_ETIMEDOUT);
		return;
	}
	peer_send_at(&cc->c, TH_SYN, CLIENT_ISS, 0, CONTENT_NONE);
	cc->rto *= 2;
	set_timer(cc, after(cc, cc->rto) < end ? after(cc, cc->rto) : end);
}

static void
rexmt_timeout(struct client_conn *cc)
{
	if (cc->n_rexmt++ == CLIENT_MAX_REXMT) {
		client_fail(cc, SYS_ETIMEDOUT);
		return;
	}
	send_again(cc);
	cc->rto = 2 * cc->rto < CLIENT_RTO_MAX ? 2 * cc->rto : CLIENT_RTO_MAX;
	set_timer(cc, after(cc, cc->rto));
}

static void
timeout(void *arg)
{
	struct client_conn *cc = arg;

	if (cc->state == CLIENT_SYN_SENT)
		syn_timeout(cc);
	else if (cc->is_aborted)
		client_tcp_abort_again(cc);
	else
		rexmt_timeout(cc);
}

void
client_tcp_abort_again(struct client_conn *cc)
{
	peer_abort(&cc->c);
	set_timer(cc, after(cc, CLIENT_RTO));
}

static void
has_read_some(void *arg)
{
	client_look(arg);
}

/*
 * Machines that were switched on one by one: the ticks of each lie a golden
 * section of the period behind those of the one before, which spreads any
 * number of them evenly.
 */
static sim_time
phase_of(const struct client *client)
{
	const uint32_t golden = UINT32_C(2654435769);	/* of 2^32 */
	const struct peer_config *config = &client->all->peer.config;
	uint32_t turned = client->number * golden;

	return (config->delack_phase + mul_div(turned, config->delack_timer,
	    INT64_C(1) << 32)) % config->delack_timer;
}

void
client_tcp_init(struct client_conn *cc)
{
	cc->c.has_program = true;
	cc->c.delack_phase = phase_of(cc->client);
	cal_event_init(&cc->timer, timeout, cc);
	cal_event_init(&cc->read_some, has_read_some, cc);
}

/*
 * Frames
 */

/* What both SYNs offer is agreed. */
static void
establish(struct client_conn *cc, const struct tcp_header *th)
{
	struct peer_conn *c = &cc->c;
	uint32_t mss = th->mss != 0 ? th->mss : TCP_MSS_DEFAULT;

	c->rcv_nxt = th->seq + 1;
	c->has_ts = th->has_ts;
	c->ts_recent = th->ts_val;
	c->option_bytes = c->has_ts ? TCPOLEN_TSTAMP_APPA : 0;
	c->is_shifted = th->wscale > 0;
	peer_window_open(c);
	c->state = PEER_ESTABLISHED;
	if (mss > c->peer->config.mss)
		mss = (uint32_t)c->peer->config.mss;
	cc->maxseg = mss - c->option_bytes;
	cc->snd_una = th->ack;
	cc->state = CLIENT_OPEN;
	cc->client->all->stats.n_connected++;
	cal_cancel(cal_of(cc), &cc->timer);
	peer_send(c, TH_ACK);
}

/* The answer to our SYN. */
static void
take_answer(struct client_conn *cc, const struct frame *frame)
{
	const struct tcp_header *th = &frame->th;
	bool is_ours = (th->flags & TH_ACK) != 0 && th->ack == cc->c.snd_nxt;

	if ((th->flags & TH_RST) != 0) {
		if (is_ours)
			client_fail(cc, SYS_ECONNREFUSED);
	} else if (!is_ours)
		peer_send_reset(cc->c.peer, frame);
	else if ((th->flags & TH_SYN) != 0) {
		establish(cc, th);
		client_look(cc);
	}
}

static void
take_ack(struct client_conn *cc, uint32_t ack)
{
	uint32_t n = ack - cc->snd_una, data = n;

	if ((int32_t)n <= 0 || !seq_leq(ack, cc->c.snd_nxt))
		return;
	if (data > cc->unacked_bytes)
		data = cc->unacked_bytes;
	cc->unacked_bytes -= data;
	cc->bytes_acked += data;
	cc->snd_una = ack;
	cc->fin_is_acked = cc->fin_is_sent && ack == cc->c.snd_nxt;
	if (ack != cc->c.snd_nxt)
		start_rexmt(cc);
	else
		cal_cancel(cal_of(cc), &cc->timer);
}

/* Both have closed, and know it of each other. */
static void
look_if_closed(struct client_conn *cc)
{
	if (cc->state != CLIENT_OPEN || !cc->fin_is_acked ||
	    cc->c.state != PEER_CLOSE_WAIT)
		return;
	if (cc->is_first_to_close)
		client_conn_late(cc);
	else
		client_conn_over(cc);
}

/* Data for a program that has gone. */
static bool
is_unwanted(const struct client_conn *cc, const struct frame *frame)
{
	return cc->is_abandoned && cc->fin_is_sent &&
	    frame->payload_bytes > 0 && seq_lt(cc->c.rcv_nxt,
	    frame->th.seq + frame->payload_bytes);
}

static void
take_segment(struct client_conn *cc, const struct frame *frame)
{
	const struct tcp_header *th = &frame->th;

	if ((th->flags & TH_ACK) != 0 && th->ack != cc->snd_una)
		take_ack(cc, th->ack);
	peer_take(&cc->c, frame);
	if (cc->is_waited_for && (cc->c.bytes_received >= cc->look_at ||
	    cc->c.state != PEER_ESTABLISHED))
		client_look(cc);
	if (cc->fin_is_sent)
		look_if_closed(cc);
}

void
client_tcp_receive(struct client_conn *cc, const struct frame *frame)
{
	uint8_t flags = frame->th.flags;

	if (cc->state == CLIENT_SYN_SENT)
		take_answer(cc, frame);
	else if ((flags & TH_RST) != 0) {
		/* RFC 1337: no reset ends TIME_WAIT */
		if (cc->state != CLIENT_OPEN)
			return;
		peer_take(&cc->c, frame);
		if (cc->c.is_reset)
			client_fail(cc, SYS_ECONNRESET);
	} else if ((flags & TH_SYN) != 0)
		/* it has not heard that we have heard */
		peer_ack_now(&cc->c);
	else if (is_unwanted(cc, frame)) {
		peer_send_reset(cc->c.peer, frame);
		client_conn_over(cc);
	} else
		take_segment(cc, frame);
}
