/*
 * One segment's packet: header mbuf and payload.
 *
 * Before the fix of April 2002 the header mbuf was given a cluster whenever
 * headers and payload fitted in one, which every Ethernet segment does, and the
 * payload was copied into it.  After it, only what fits beside the headers in
 * the mbuf itself is copied; all else is referenced, if the socket buffer's
 * mbufs have external storage.  (netbsd-2002.md 5.1 and 5.2)
 */
#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/tcp.h"

uint32_t
tcp_option_bytes(const struct tcpcb *tp, uint8_t flags)
{
	uint32_t n = tp->t_timestamps ? TCPOLEN_TSTAMP_APPA : 0;

	if ((flags & TH_SYN) != 0)
		n += TCPOLEN_MAXSEG + TCPOLEN_SYN_EXTRA;
	return n;
}

uint64_t
tcp_place_of(const struct tcpcb *tp, uint32_t seq)
{
	int64_t near = tp->so->stats.bytes_acked;
	uint32_t place = seq - (tp->iss + 1);	/* modulo 2^32 */

	return (uint64_t)(near + (int32_t)(place - (uint32_t)near));
}

static void
fill_header(struct mbuf *m, const struct tcpcb *tp, uint32_t off, uint32_t len,
    uint8_t flags)
{
	struct tcp_header *th = &m->m_th;
	uint32_t options = tcp_option_bytes(tp, flags);

	th->seq = tp->snd_una + off;
	th->ack = (flags & TH_ACK) != 0 ? tp->rcv_nxt : 0;
	th->win = 0;
	th->mss = (flags & TH_SYN) != 0 ? (uint16_t)(tp->t_maxseg + options -
	    TCPOLEN_MAXSEG - TCPOLEN_SYN_EXTRA) : 0;
	/* it can shift windows; its own need no shift */
	th->wscale = (flags & TH_SYN) != 0 ? 1 : 0;
	th->has_ts = tp->t_timestamps;
	th->ts_val = th->ts_ecr = 0;
	th->flags = flags;
	th->option_bytes = (uint8_t)options;
	m->m_conn = tp->so->so_id;
	m->m_off = MAX_LINKHDR;
	m->m_hdr_len = IP_HEADER_LEN + TCP_HEADER_LEN + options;
	m->m_len = m->m_hdr_len;
	m->m_pkthdr_len = m->m_hdr_len + len;
}

/* Is the payload copied to stand behind the headers? */
static bool
is_copied(const struct mbuf *m, uint32_t len)
{
	return len <= m_capacity(m) - m->m_off - m->m_len;
}

static void
attach_payload(struct kctx *k, struct tcpcb *tp, struct mbuf *m, uint32_t off,
    uint32_t len)
{
	struct m_place from = sb_find(&tp->so->so_snd, off);
	enum kern_cause cause = CAUSE_TCP_COPY;

	if (is_copied(m, len)) {
		if (m->m_ext == NULL)
			tp->stats.n_copy_small++;
		kctx_op(k, OP_MWALK, from.n_walked);
		m_copydata_into(m, m->m_off + m->m_len, from, len, cause,
		    &k->cost, &k->host->costs);
		return;
	}
	m->m_next = m_copym(&k->host->mbufs, from, len, &k->cost,
	    &k->host->costs);
	if (m->m_next->m_ext != NULL)
		tp->stats.n_reference_big++;
	else
		tp->stats.n_copy_big++;
}

struct mbuf *
tcp_build(struct kctx *k, struct tcpcb *tp, uint32_t off, uint32_t len,
    uint8_t flags)
{
	struct mbuf *m = m_gethdr(&k->host->mbufs);

	kctx_op(k, OP_MGET, 1);
	fill_header(m, tp, off, len, flags);
	if (k->host->config.tcp.output == TCP_OUTPUT_COPY &&
	    MAX_LINKHDR + m->m_len + len <= MCLBYTES && len > 0) {
		kctx_op(k, OP_MCLGET, 1);
		m_clget(&k->host->mbufs, m);
	}
	if (len > 0)
		attach_payload(k, tp, m, off, len);
	return m;
}
