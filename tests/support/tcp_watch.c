#include "tests/support/tcp_watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "models/base/check.h"

enum { FAR_NUMBERS = 0x8000 };	/* where the far host's own begin */

#define WATCH(watch, cond, what, a, b)					\
	((cond) ? (void)0 :						\
	    tcp_watch_fail((watch), (what), (int64_t)(a), (int64_t)(b)))

void
tcp_watch_fail(const struct tcp_watch *watch, const char *what, int64_t a,
    int64_t b)
{
	fprintf(stderr, "%s: %" PRId64 ", %" PRId64 "; frame %" PRId64 "\n",
	    what, a, b, watch->n_frames);
	check_failed("what is watched", what, __FILE__, __LINE__);
}

/* The flow of a connection; begun anew if its number has been used again. */
static struct tcp_flow *
flow_of(struct tcp_watch_end *end, uint32_t conn)
{
	uint32_t half = TCP_WATCH_FLOWS / 2;
	uint32_t i = conn < FAR_NUMBERS ? conn : conn - FAR_NUMBERS + half;
	struct tcp_flow *flow = &end->flows[i];
	const struct socket *so = NULL;

	WATCH(end->watch, conn < FAR_NUMBERS ? i < half :
	    i < TCP_WATCH_FLOWS, "connections fit the watch", conn, i);
	if (end->host != NULL)
		so = host_find_socket(end->host, conn);
	if (flow->so != so)
		*flow = (struct tcp_flow){.so = so};
	return flow;
}

/* By how much an end shifts the windows that it sends, the SYN's excepted. */
static uint8_t
shift_of(const struct tcp_watch_end *end, const struct frame *frame)
{
	const struct peer_conn *c;

	if ((frame->th.flags & TH_SYN) != 0)
		return 0;
	if (end->host != NULL) {
		const struct socket *so =
		    host_find_socket(end->host, frame->conn);

		return so != NULL ? so->tcpcb.rcv_scale : 0;
	}
	c = peer_find(&end->watch->world->peer, frame->conn);
	return c != NULL && c->is_shifted ? c->rcv_scale : 0;
}

static bool
speaks(const struct frame *frame)
{
	return (frame->th.flags & (TH_ACK | TH_RST)) == TH_ACK;
}

/* What a frame acknowledges and offers, against what was said before. */
static void
watch_ack(struct tcp_watch_end *end, struct tcp_flow *flow,
    const struct frame *frame)
{
	uint8_t shift = shift_of(end, frame);
	uint32_t edge = frame->th.ack + ((uint32_t)frame->th.win << shift);
	uint32_t lost = (1U << shift) - 1;

	if (flow->has_acked) {
		WATCH(end->watch, seq_leq(flow->ack, frame->th.ack),
		    "acknowledgements never go back", flow->ack,
		    frame->th.ack);
		WATCH(end->watch, seq_leq(flow->edge, edge + lost),
		    "the window's edge never goes back", flow->edge, edge);
	}
	if (!flow->has_acked || seq_lt(flow->edge, edge))
		flow->edge = edge;
	flow->ack = frame->th.ack;
	flow->has_acked = true;
}

/* Data: within what the other end has offered, or a probe of one byte. */
static void
watch_data(struct tcp_watch_end *end, const struct tcp_flow *flow,
    const struct frame *frame)
{
	uint32_t last = frame->th.seq + frame->payload_bytes;

	WATCH(end->watch, flow->has_heard, "data follows a window",
	    frame->conn, frame->th.seq);
	WATCH(end->watch, seq_leq(last, flow->limit) ||
	    (frame->payload_bytes == 1 && frame->th.seq == flow->limit),
	    "what is sent lies in the window", last, flow->limit);
}

static void
sent(void *arg, const struct frame *frame)
{
	struct tcp_watch_end *end = arg;
	struct tcp_flow *flow = flow_of(end, frame->conn);

	end->watch->n_frames++;
	end->watch->n_resets += (frame->th.flags & TH_RST) != 0;
	if (speaks(frame))
		watch_ack(end, flow, frame);
	if (frame->payload_bytes > 0)
		watch_data(end, flow, frame);
	end->pass(end->pass_arg, frame);
}

/*
 * One connection
 */
static void
watch_numbers(struct tcp_watch *w, const struct tcpcb *tp)
{
	const struct tcp_times *times = &tp->so->host->tcp.times;
	/* a SYN that was sent twice did not know yet that no option follows */
	uint32_t least = tp->t_maxseg -
	    (tp->t_syn_rexmt ? TCPOLEN_TSTAMP_APPA : 0);

	WATCH(w, seq_leq(tp->snd_una, tp->snd_nxt), "snd_una <= snd_nxt",
	    tp->snd_una, tp->snd_nxt);
	WATCH(w, seq_leq(tp->snd_nxt, tp->snd_max), "snd_nxt <= snd_max",
	    tp->snd_nxt, tp->snd_max);
	/* the SYN, the FIN, and data that is buffered */
	WATCH(w, tp->snd_max - tp->snd_una <= tp->so->so_snd.sb_cc + 2,
	    "what is out is buffered", tp->snd_max - tp->snd_una,
	    tp->so->so_snd.sb_cc);
	WATCH(w, tp->snd_cwnd >= tp->t_maxseg, "cwnd >= 1 segment",
	    tp->snd_cwnd, tp->t_maxseg);
	WATCH(w, tp->snd_ssthresh >= 2 * least, "ssthresh >= 2 segments",
	    tp->snd_ssthresh, tp->t_maxseg);
	WATCH(w, tp->t_dupacks >= 0, "dupacks >= 0", tp->t_dupacks, 0);
	WATCH(w, tp->t_rxtcur >= times->rexmtmin &&
	    tp->t_rxtcur <= times->rexmtmax, "the time-out is in its range",
	    tp->t_rxtcur, times->rexmtmin);
}

static bool
is_anybody_in_call(const struct host *host)
{
	for (const struct proc *p = host->procs; p != NULL; p = p->next)
		if (p->state == PROC_IN_CALL)
			return true;
	return false;
}

static void
watch_timers(struct tcp_watch *w, const struct tcpcb *tp)
{
	const struct host *host = tp->so->host;
	bool rexmt = tcp_timer_is_armed(tp, TCPT_REXMT);
	bool persist = tcp_timer_is_armed(tp, TCPT_PERSIST);

	WATCH(w, !rexmt || !persist, "one of REXMT and PERSIST runs",
	    tp->so->so_id, tp->t_state);
	/* in the midst of an answer they may be off for a while */
	if (host->softnet.is_running || rexmt || persist)
		return;
	WATCH(w, tp->snd_una == tp->snd_max, "a timer runs for what is out",
	    tp->snd_una, tp->snd_max);
	WATCH(w, tp->so->so_snd.sb_cc == 0 ||
	    tp->t_state < TCPS_ESTABLISHED || is_anybody_in_call(host),
	    "a timer runs for what waits", tp->so->so_id,
	    tp->so->so_snd.sb_cc);
}

static void
watch_queue(struct tcp_watch *w, const struct tcpcb *tp)
{
	uint32_t end = tp->rcv_nxt;

	for (const struct mbuf *m = tp->segq; m != NULL; m = m->m_nextpkt) {
		/* the first may touch it until the handshake is over */
		WATCH(w, seq_lt(end, m->m_th.seq) || (end == m->m_th.seq &&
		    (m != tp->segq || tp->t_state < TCPS_ESTABLISHED)),
		    "segments out of order are in order", end, m->m_th.seq);
		WATCH(w, m->m_len > 0 && m->m_next == NULL,
		    "each has data", m->m_len, m->m_th.seq);
		end = m->m_th.seq + m->m_len;
	}
}

static void
watch_buffer(struct tcp_watch *w, const struct sockbuf *sb)
{
	int64_t cc = 0, mbcnt = 0;

	for (const struct mbuf *m = sb->sb_mb; m != NULL; m = m->m_next) {
		cc += m->m_len;
		mbcnt += m_mbcnt(m);
	}
	WATCH(w, cc == sb->sb_cc, "sb_cc counts right", sb->sb_cc, cc);
	WATCH(w, mbcnt == sb->sb_mbcnt, "sb_mbcnt counts right",
	    sb->sb_mbcnt, mbcnt);
}

static void
watch_edge(struct tcp_watch_end *end, const struct tcpcb *tp)
{
	struct tcp_flow *flow = flow_of(end, tp->so->so_id);

	if (tp->t_state < TCPS_SYN_RECEIVED)
		return;
	WATCH(end->watch, flow->rcv_adv == 0 ||
	    seq_leq(flow->rcv_adv, tp->rcv_adv),
	    "rcv_adv never moves left", flow->rcv_adv, tp->rcv_adv);
	flow->rcv_adv = tp->rcv_adv;
}

static void
watch_connection(struct tcp_watch_end *end, struct socket *so)
{
	struct tcp_watch *w = end->watch;

	if (so->is_detached || so->tcpcb.t_state == TCPS_LISTEN ||
	    so->tcpcb.t_state == TCPS_CLOSED)
		return;
	watch_numbers(w, &so->tcpcb);
	watch_timers(w, &so->tcpcb);
	watch_queue(w, &so->tcpcb);
	watch_buffer(w, &so->so_snd);
	watch_buffer(w, &so->so_rcv);
	watch_edge(end, &so->tcpcb);
}

/* All connections of the host that sends to this end. */
static void
watch_all(struct tcp_watch_end *end)
{
	if (end->host == NULL)
		return;
	for (struct socket *so = end->host->sockets; so != NULL;
	    so = so->next)
		watch_connection(end, so);
}

static void
watch_world(struct tcp_watch *watch)
{
	watch_all(&watch->to_peer);
	watch_all(&watch->to_board);
}

static void
after_event(void *arg)
{
	struct tcp_watch *watch = arg;

	if (watch->after_event != NULL)
		watch->after_event(watch->after_event_arg);
	watch_world(watch);
}

/* A frame reaches the other end, which hears of a window. */
static void
delivered(void *arg, const struct frame *frame)
{
	struct tcp_watch_end *end = arg;
	struct tcp_watch *watch = end->watch;
	struct tcp_watch_end *back =
	    end == &watch->to_peer ? &watch->to_board : &watch->to_peer;
	struct tcp_flow *flow = flow_of(back, frame->conn);
	uint32_t edge = frame->th.ack +
	    ((uint32_t)frame->th.win << shift_of(end, frame));

	watch->n_delivered++;
	if (speaks(frame) &&
	    (!flow->has_heard || seq_lt(flow->limit, edge))) {
		flow->limit = edge;
		flow->has_heard = true;
	}
	end->deliver(end->deliver_arg, frame);
	watch_world(watch);
}

/* Between the wire and the path, and between the path and the receiver. */
static void
cut_in(struct tcp_watch_end *end, struct wire *wire, struct path *path)
{
	bool has_path = wire->arg == path;

	end->deliver = has_path ? path->deliver : wire->deliver;
	end->deliver_arg = has_path ? path->arg : wire->arg;
	end->pass = has_path ? wire->deliver : delivered;
	end->pass_arg = has_path ? wire->arg : end;
	wire->deliver = sent;
	wire->arg = end;
	if (has_path) {
		path->deliver = delivered;
		path->arg = end;
	}
}

void
tcp_watch_attach(struct tcp_watch *watch, struct world *world, bool is_close)
{
	memset(watch, 0, sizeof *watch);
	watch->world = world;
	watch->to_peer.watch = watch->to_board.watch = watch;
	watch->to_peer.host = &world->host;
	watch->to_board.host =
	    world->config.far_is_host ? &world->far : NULL;
	cut_in(&watch->to_peer, &world->to_peer, &world->to_peer_path);
	cut_in(&watch->to_board, &world->to_board, &world->to_board_path);
	if (is_close) {
		watch->after_event = world->cal.after_event;
		watch->after_event_arg = world->cal.after_event_arg;
		world->cal.after_event = after_event;
		world->cal.after_event_arg = watch;
	}
}
