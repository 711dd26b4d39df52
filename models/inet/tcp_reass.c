/*
 * Data that has come, and the FIN behind it.
 *
 * In order, on an established connection, it goes to the receive buffer, and
 * every second segment is acknowledged.  All else is queued by sequence number,
 * cut to what the queue lacks, and acknowledged at once.
 */
#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/tcp_in.h"

void
tcp_setup_ack(struct tcpcb *tp, uint8_t flags)
{
	if (tp->t_delack ||
	    (tp->so->host->config.tcp.ack_on_push && (flags & TH_PUSH) != 0))
		tp->t_acknow = true;
	else
		tcp_delay_ack(tp);
}

/* Every byte that is accepted: is it the one that was written? */
static void
verify(struct tcpcb *tp, const struct mbuf *m)
{
	struct socket *so = tp->so;

	if (m_content(m, 0) !=
	    content_name(so->so_id, (uint64_t)so->stats.bytes_received))
		so->stats.bytes_wrong += m->m_len;
}

void
tcp_append_data(struct kctx *k, struct tcpcb *tp, struct mbuf *m)
{
	struct socket *so = tp->so;

	verify(tp, m);
	so->stats.bytes_received += m->m_len;
	k->host->bytes_received += m->m_len;
	tp->rcv_nxt += m->m_len;
	if (so->cant_receive) {
		so->stats.bytes_discarded += m->m_len;
		m_freem(&k->host->mbufs, m);
		return;
	}
	sb_insert(&so->so_rcv, m);
	sorwakeup(so, k);
}

static void
free_packet(struct tcpcb *tp, struct mbuf *m)
{
	m_freem(&tp->so->host->mbufs, m);
}

static void
cut_front(struct mbuf *m, uint32_t n)
{
	m->m_off += n;
	m->m_len -= n;
	m->m_th.seq += n;
}

static uint32_t
end_of(const struct mbuf *m)
{
	return m->m_th.seq + m->m_len;
}

/* Segments that the new one covers go; the next one keeps what lies beyond. */
static void
cut_successors(struct tcpcb *tp, struct mbuf **link, uint32_t end)
{
	struct mbuf *q;

	while ((q = *link) != NULL && seq_lt(q->m_th.seq, end)) {
		if (seq_lt(end, end_of(q))) {
			cut_front(q, end - q->m_th.seq);
			return;
		}
		*link = q->m_nextpkt;
		q->m_nextpkt = NULL;
		free_packet(tp, q);
	}
}

/* tcp_reass(): a segment into the queue. */
static void
queue(struct tcpcb *tp, struct mbuf *m)
{
	struct mbuf **link = &tp->segq;
	struct mbuf *before = NULL;
	bool is_beyond_gap = seq_lt(tp->rcv_nxt, m->m_th.seq);

	while (*link != NULL && seq_leq((*link)->m_th.seq, m->m_th.seq)) {
		before = *link;
		link = &before->m_nextpkt;
	}
	if (before != NULL && seq_lt(m->m_th.seq, end_of(before))) {
		uint32_t known = end_of(before) - m->m_th.seq;

		if (known >= m->m_len) {
			tp->stats.n_duplicates++;
			free_packet(tp, m);
			return;
		}
		cut_front(m, known);
	}
	tp->stats.n_out_of_order += is_beyond_gap;
	cut_successors(tp, link, end_of(m));
	m->m_nextpkt = *link;
	*link = m;
}

void
tcp_present(struct kctx *k, struct tcpcb *tp)
{
	struct mbuf *m;

	if (tp->t_state < TCPS_ESTABLISHED)
		return;
	while ((m = tp->segq) != NULL && m->m_th.seq == tp->rcv_nxt) {
		tp->segq = m->m_nextpkt;
		m->m_nextpkt = NULL;
		tcp_append_data(k, tp, m);
	}
}

void
tcp_segq_free(struct tcpcb *tp)
{
	struct mbuf *m;

	while ((m = tp->segq) != NULL) {
		tp->segq = m->m_nextpkt;
		m->m_nextpkt = NULL;
		free_packet(tp, m);
	}
}

static bool
is_in_order(const struct tcpcb *tp, const struct tcp_segment *seg)
{
	return seg->seq == tp->rcv_nxt && tp->segq == NULL &&
	    tp->t_state == TCPS_ESTABLISHED;
}

static void
take_data(struct kctx *k, struct tcpcb *tp, struct tcp_segment *seg)
{
	struct mbuf *m = seg->m;

	seg->m = NULL;
	if (is_in_order(tp, seg)) {
		tcp_setup_ack(tp, seg->flags);
		tcp_append_data(k, tp, m);
		return;
	}
	m->m_th.seq = seg->seq;
	queue(tp, m);
	tcp_present(k, tp);
	tp->t_acknow = true;
}

void
tcp_time_wait(struct tcpcb *tp)
{
	tp->t_state = TCPS_TIME_WAIT;
	for (int i = 0; i < TCPT_DELACK; i++)
		tcp_timer_disarm(tp, (enum tcp_timer)i);
	tcp_timer_arm(tp, TCPT_2MSL, tp->so->host->tcp.times.msl2);
	so_is_disconnected(tp->so);
}

static void
take_fin(struct kctx *k, struct tcpcb *tp)
{
	if (!tcp_have_rcvd_fin(tp)) {
		so_cant_receive_more(k, tp->so);
		tp->t_acknow = true;
		tp->rcv_nxt++;
	}
	switch (tp->t_state) {
	case TCPS_ESTABLISHED:
		tp->t_state = TCPS_CLOSE_WAIT;
		return;
	case TCPS_FIN_WAIT_1:
		tp->t_state = TCPS_CLOSING;
		return;
	case TCPS_FIN_WAIT_2:
		tcp_time_wait(tp);
		return;
	case TCPS_TIME_WAIT:
		tcp_timer_arm(tp, TCPT_2MSL, tp->so->host->tcp.times.msl2);
		return;
	case TCPS_CLOSED:
	case TCPS_LISTEN:
	case TCPS_SYN_SENT:
	case TCPS_SYN_RECEIVED:
	case TCPS_CLOSE_WAIT:
	case TCPS_CLOSING:
	case TCPS_LAST_ACK:
		return;
	}
}

void
tcp_input_data(struct kctx *k, struct tcpcb *tp, struct tcp_segment *seg)
{
	uint32_t fin_at = seg->seq + seg->len;

	if (seg->len > 0 && !tcp_have_rcvd_fin(tp))
		take_data(k, tp, seg);
	/* one that comes too early has to come again */
	if ((seg->flags & TH_FIN) != 0 && tp->t_state >= TCPS_ESTABLISHED) {
		tp->t_fin_came = true;
		tp->t_fin_at = fin_at;
		tp->t_acknow = true;
	}
	/* a FIN counts when all before it is there */
	if (tp->t_fin_came && (tcp_have_rcvd_fin(tp) ?
	    (seg->flags & TH_FIN) != 0 : tp->t_fin_at == tp->rcv_nxt))
		take_fin(k, tp);
}
