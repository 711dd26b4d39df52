/*
 * A segment has come: what kind it is, what of it is new, and then its ACK, its
 * window, its data and its FIN, in the order of 4.4BSD's tcp_input().
 */
#include "models/base/check.h"
#include "models/base/min.h"
#include "models/host.h"
#include "models/inet/tcp_in.h"
#include "models/kern/syscall.h"

/* A timestamp this old says nothing any more: RFC 1323, 24 days. */
#define TCP_PAWS_IDLE	(INT64_C(24) * 24 * 3600 * PS_PER_S)

static struct tcp_segment
segment_of(const struct ip_packet *packet)
{
	const struct tcp_header *th = &packet->th;

	return (struct tcp_segment){.th = th, .m = packet->m, .seq = th->seq,
	    .ack = th->ack, .len = packet->m != NULL ? packet->m->m_len : 0,
	    .win = th->win, .conn = packet->conn, .flags = th->flags};
}

static void
free_data(struct kctx *k, struct tcp_segment *seg)
{
	m_freem(&k->host->mbufs, seg->m);
	seg->m = NULL;
	seg->len = 0;
}

void
tcp_trim_front(struct kctx *k, struct tcp_segment *seg, uint32_t n)
{
	if (n == 0)
		return;
	seg->seq += n;
	if (n == seg->len) {
		free_data(k, seg);
		return;
	}
	seg->len -= n;
	seg->m->m_off += n;
	seg->m->m_len -= n;
}

void
tcp_trim_back(struct kctx *k, struct tcp_segment *seg, uint32_t n)
{
	if (n == seg->len) {
		free_data(k, seg);
		return;
	}
	seg->len -= n;
	seg->m->m_len -= n;
}

static void
count(struct tcpcb *tp, const struct tcp_segment *seg)
{
	if ((seg->flags & (TH_SYN | TH_FIN | TH_RST)) == 0 && seg->len == 0)
		tp->stats.n_acks++;
	tp->t_rcvtime = tcp_now(tp->so->host);
}

/*
 * Header prediction: the next segment of a connection whose window is as it
 * was: either it acknowledges and has no data, or the other way round.
 */
static bool
is_predicted(const struct tcpcb *tp, const struct tcp_segment *seg)
{
	return tp->t_state == TCPS_ESTABLISHED &&
	    (seg->flags & (TH_SYN | TH_FIN | TH_RST | TH_ACK)) == TH_ACK &&
	    (!seg->th->has_ts ||
	    seq_leq(tp->ts_recent, seg->th->ts_val)) &&
	    seg->seq == tp->rcv_nxt && seg->win == tp->snd_wnd &&
	    seg->win > 0 && tp->snd_nxt == tp->snd_max;
}

static void
note_timestamp(struct tcpcb *tp, const struct tcp_segment *seg)
{
	if (!tp->t_timestamps || !seg->th->has_ts ||
	    seq_lt(tp->last_ack_sent, seg->seq))
		return;
	tp->ts_recent = seg->th->ts_val;
	tp->ts_recent_age = tcp_now(tp->so->host);
}

static bool
predicted_ack(struct kctx *k, struct tcpcb *tp,
    const struct tcp_segment *seg)
{
	if (!seq_lt(tp->snd_una, seg->ack) || seq_lt(tp->snd_max, seg->ack) ||
	    tp->snd_cwnd < tp->snd_wnd ||
	    tp->t_dupacks >= TCP_REXMT_THRESH)
		return false;
	tp->stats.n_predicted_acks++;
	note_timestamp(tp, seg);
	tp->t_dupacks = 0;
	tcp_ack_new(k, tp, seg);
	tp->snd_wnd = seg->win;
	tp->snd_wl1 = seg->seq;
	tp->snd_wl2 = seg->ack;
	k->in.needs_output = tp->so->so_snd.sb_cc > 0;
	return true;
}

static bool
predicted_data(struct kctx *k, struct tcpcb *tp,
    const struct tcp_segment *seg)
{
	if (seg->ack != tp->snd_una || tp->segq != NULL || tp->t_fin_came ||
	    (int64_t)seg->len > sb_space(&tp->so->so_rcv))
		return false;
	tp->stats.n_predicted_data++;
	note_timestamp(tp, seg);
	tp->snd_wl1 = seg->seq;
	tcp_setup_ack(tp, seg->flags);
	tcp_append_data(k, tp, seg->m);
	return true;
}

/* PAWS: a segment from an earlier round of the sequence numbers. */
static bool
is_from_the_past(struct tcpcb *tp, const struct tcp_segment *seg)
{
	uint32_t age = tcp_now(tp->so->host) - tp->ts_recent_age;

	if (!tp->t_timestamps || !seg->th->has_ts || tp->ts_recent == 0 ||
	    (seg->flags & TH_RST) != 0 ||
	    seq_leq(tp->ts_recent, seg->th->ts_val))
		return false;
	if (age > TCP_PAWS_IDLE / tp->so->host->tcp.times.tick) {
		tp->ts_recent = 0;
		return false;
	}
	tp->stats.n_paws++;
	return true;
}

/* What lies before the window has been received already. */
static void
trim_duplicate(struct kctx *k, struct tcpcb *tp, struct tcp_segment *seg)
{
	int32_t n = (int32_t)(tp->rcv_nxt - seg->seq);

	if (n <= 0)
		return;
	if ((seg->flags & TH_SYN) != 0) {
		seg->flags &= (uint8_t)~TH_SYN;
		seg->seq++;
		n--;
	}
	if ((uint32_t)n > seg->len ||
	    ((uint32_t)n == seg->len && (seg->flags & TH_FIN) == 0)) {
		/* nothing new; a FIN has been seen before */
		if ((seg->flags & TH_FIN) != 0 &&
		    tp->t_state == TCPS_TIME_WAIT)
			tcp_time_wait(tp);
		seg->flags &= (uint8_t)~TH_FIN;
		tp->stats.n_duplicates++;
		tp->t_acknow = true;
		n = (int32_t)seg->len;
	}
	tcp_trim_front(k, seg, (uint32_t)n);
}

/* What lies behind the window has no room. */
static enum tcp_verdict
trim_excess(struct kctx *k, struct tcpcb *tp, struct tcp_segment *seg)
{
	uint32_t edge = tp->rcv_nxt + tp->rcv_wnd;
	int32_t n = (int32_t)(seg->seq + seg->len - edge);

	if (n <= 0)
		return TCP_GO_ON;
	tp->stats.n_beyond_window++;
	if ((uint32_t)n >= seg->len) {
		/* a probe of a closed window is answered, its ACK counts */
		if (tp->rcv_wnd != 0 || seg->seq != tp->rcv_nxt)
			return TCP_DROP_AFTER_ACK;
		tp->t_acknow = true;
		n = (int32_t)seg->len;
	}
	tcp_trim_back(k, seg, (uint32_t)n);
	seg->flags &= (uint8_t)(~TH_PUSH & ~TH_FIN);
	return TCP_GO_ON;
}

/* Somebody has gone, or has never been there. */
static enum tcp_verdict
take_reset(struct tcpcb *tp)
{
	switch (tp->t_state) {
	case TCPS_SYN_RECEIVED:
		tcp_drop(tp, SYS_ECONNREFUSED);
		return TCP_DROP;
	case TCPS_ESTABLISHED:
	case TCPS_FIN_WAIT_1:
	case TCPS_FIN_WAIT_2:
	case TCPS_CLOSE_WAIT:
		tcp_drop(tp, SYS_ECONNRESET);
		return TCP_DROP;
	case TCPS_CLOSED:
	case TCPS_LISTEN:
	case TCPS_SYN_SENT:
	case TCPS_CLOSING:
	case TCPS_LAST_ACK:
	case TCPS_TIME_WAIT:
		tcp_close(tp);
		return TCP_DROP;
	}
	return TCP_DROP;
}

/* Old or not, in the window or not, of a living connection or not? */
static enum tcp_verdict
check_segment(struct kctx *k, struct tcpcb *tp, struct tcp_segment *seg)
{
	enum tcp_verdict verdict;

	if (is_from_the_past(tp, seg))
		return TCP_DROP_AFTER_ACK;
	trim_duplicate(k, tp, seg);
	/* data for a program that has closed */
	if (!tp->so->has_descriptor && tp->t_state > TCPS_CLOSE_WAIT &&
	    seg->len > 0) {
		tcp_close(tp);
		return TCP_DROP_WITH_RESET;
	}
	verdict = trim_excess(k, tp, seg);
	if (verdict != TCP_GO_ON)
		return verdict;
	note_timestamp(tp, seg);
	if ((seg->flags & TH_RST) != 0)
		return take_reset(tp);
	if ((seg->flags & TH_SYN) != 0) {
		tcp_drop(tp, SYS_ECONNRESET);
		return TCP_DROP_WITH_RESET;
	}
	if ((seg->flags & TH_ACK) != 0)
		return TCP_GO_ON;
	/* a SYN that is repeated has not heard its answer */
	return tp->t_acknow ? TCP_DROP_AFTER_ACK : TCP_DROP;
}

/* From the window update on: what a SYN may bring as well. */
static void
finish_segment(struct kctx *k, struct tcpcb *tp, struct tcp_segment *seg)
{
	tcp_input_window(k, tp, seg);
	if (seg->len > 0 || (seg->flags & TH_FIN) != 0)
		tcp_input_data(k, tp, seg);
}

static enum tcp_verdict
take_segment(struct kctx *k, struct tcpcb *tp, struct tcp_segment *seg)
{
	enum tcp_verdict verdict = check_segment(k, tp, seg);

	if (verdict == TCP_GO_ON && tp->t_state == TCPS_SYN_RECEIVED)
		verdict = tcp_input_syn_acked(k, tp, seg);
	if (verdict == TCP_GO_ON)
		verdict = tcp_input_ack(k, tp, seg);
	if (verdict == TCP_GO_ON)
		finish_segment(k, tp, seg);
	return verdict;
}

/* A SYN takes one number; what is behind it may exceed the window. */
static void
after_syn(struct kctx *k, struct tcpcb *tp, struct tcp_segment *seg)
{
	seg->seq++;
	if (seg->len > tp->rcv_wnd) {
		tcp_trim_back(k, seg, seg->len - tp->rcv_wnd);
		seg->flags &= (uint8_t)~TH_FIN;
	}
	finish_segment(k, tp, seg);
}

/* The window that data may use: what is free, or what has been promised. */
static void
set_rcv_wnd(struct tcpcb *tp)
{
	int64_t space = sb_space(&tp->so->so_rcv);
	int64_t promised = (int32_t)(tp->rcv_adv - tp->rcv_nxt);

	if (space < 0)
		space = 0;
	tp->rcv_wnd = (uint32_t)(space > promised ? space : promised);
}

static enum tcp_verdict
dispatch(struct kctx *k, struct tcpcb **tpp, struct tcp_segment *seg)
{
	struct tcpcb *tp = *tpp;
	enum tcp_verdict verdict;

	if (tp == NULL)
		return TCP_DROP_WITH_RESET;
	if (tp->t_state == TCPS_LISTEN) {
		verdict = tcp_input_listen(k, tp, seg, tpp);
		if (verdict == TCP_GO_ON) {
			set_rcv_wnd(*tpp);
			after_syn(k, *tpp, seg);
		}
		return verdict;
	}
	count(tp, seg);
	if ((seg->flags & TH_SYN) == 0)
		seg->win <<= tp->snd_scale;
	if (is_predicted(tp, seg) && (seg->len == 0 ?
	    predicted_ack(k, tp, seg) : predicted_data(k, tp, seg))) {
		seg->m = NULL;
		return TCP_GO_ON;
	}
	set_rcv_wnd(tp);
	if (tp->t_state != TCPS_SYN_SENT)
		return take_segment(k, tp, seg);
	verdict = tcp_input_syn_sent(k, tp, seg);
	if (verdict == TCP_GO_ON)
		after_syn(k, tp, seg);
	return verdict;
}

/* A new connection with the numbers of one that waits for its late segments. */
static bool
is_reborn(const struct tcpcb *tp, const struct tcp_header *th)
{
	return tp != NULL && tp->t_state == TCPS_TIME_WAIT &&
	    (th->flags & (TH_SYN | TH_ACK | TH_RST)) == TH_SYN &&
	    seq_lt(tp->rcv_nxt, th->seq);
}

static void
retransmitted(struct kctx *k)
{
	struct tcpcb *tp = k->in.tp;

	tp->snd_cwnd = k->in.cwnd;
	if (seq_lt(tp->snd_nxt, k->in.onxt))
		tp->snd_nxt = k->in.onxt;
	if (tp->t_state != TCPS_CLOSED &&
	    (tp->t_acknow || k->in.needs_output))
		tcp_output(k, tp);
	else
		kctx_return(k);
}

/* The segment that is missing, alone: as if the window were so small. */
static void
retransmit(struct kctx *k, struct tcpcb *tp)
{
	k->in.onxt = tp->snd_nxt;
	tp->snd_nxt = tp->snd_una;
	tp->snd_cwnd = tp->t_maxseg;
	kctx_call(k, retransmitted);
	tcp_output(k, tp);
}

/* Is there anything that tcp_output might send? */
static bool
may_send(const struct tcpcb *tp)
{
	return tp->so->so_snd.sb_cc > 0 ||
	    ((tp->t_state == TCPS_FIN_WAIT_1 ||
	    tp->t_state == TCPS_CLOSING ||
	    tp->t_state == TCPS_LAST_ACK) && !tp->t_sent_fin);
}

static void
answer(struct kctx *k, struct tcpcb *tp)
{
	k->in.tp = tp;
	if (k->in.retransmits)
		retransmit(k, tp);
	else if (tp->t_acknow || (k->in.needs_output && may_send(tp)))
		tcp_output(k, tp);
	else
		kctx_return(k);
}

void
tcp_input(struct kctx *k, struct tcpcb *tp, const struct ip_packet *packet)
{
	struct tcp_segment seg = segment_of(packet);
	uint32_t len = seg.len;
	enum tcp_verdict verdict;

	if (is_reborn(tp, &packet->th)) {
		tcp_close(tp);
		tp = host_find_listener(k->host, packet->th.port);
	}
	k->in.needs_output = k->in.retransmits = false;
	verdict = dispatch(k, &tp, &seg);
	m_freem(&k->host->mbufs, seg.m);
	switch (verdict) {
	case TCP_GO_ON:
		answer(k, tp);
		return;
	case TCP_DROP:
		kctx_return(k);
		return;
	case TCP_DROP_AFTER_ACK:
		if ((packet->th.flags & TH_RST) != 0) {
			kctx_return(k);
			return;
		}
		tp->t_acknow = true;
		tcp_output(k, tp);
		return;
	case TCP_DROP_WITH_RESET:
		tcp_reset_answer(k, packet->conn, &packet->th, len);
		return;
	}
}
