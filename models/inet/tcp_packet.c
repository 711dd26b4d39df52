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
#include "models/base/min.h"
#include "models/host.h"
#include "models/inet/tcp.h"

static bool
has_timestamps(const struct tcpcb *tp, uint8_t flags)
{
	/* the first SYN asks for them, all else has what is agreed */
	return (flags & (TH_SYN | TH_ACK)) == TH_SYN ?
	    tp->t_request_timestamps : tp->t_timestamps;
}

static bool
has_scale(const struct tcpcb *tp, uint8_t flags)
{
	return (flags & TH_SYN) != 0 && ((flags & TH_ACK) == 0 ?
	    tp->t_request_scale : tp->t_scale);
}

uint32_t
tcp_option_bytes(const struct tcpcb *tp, uint8_t flags)
{
	uint32_t n = has_timestamps(tp, flags) ? TCPOLEN_TSTAMP_APPA : 0;

	if ((flags & TH_RST) != 0)
		return 0;
	if ((flags & TH_SYN) != 0)
		n += TCPOLEN_MAXSEG;
	return n + (has_scale(tp, flags) ? TCPOLEN_WINDOW : 0);
}

/* A place within 2^31 of one that is known, from its number. */
static uint64_t
place_near(int64_t near, uint32_t place)
{
	return (uint64_t)(near + (int32_t)(place - (uint32_t)near));
}

uint64_t
tcp_place_of(const struct tcpcb *tp, uint32_t seq)
{
	return place_near(tp->so->stats.bytes_acked, seq - (tp->iss + 1));
}

uint64_t
tcp_rcv_place_of(const struct tcpcb *tp, uint32_t seq)
{
	return place_near(tp->so->stats.bytes_received, seq - (tp->irs + 1));
}

static void
fill_options(struct tcp_header *th, const struct tcpcb *tp)
{
	th->option_bytes = (uint8_t)tcp_option_bytes(tp, th->flags);
	if ((th->flags & TH_RST) != 0)
		return;
	if ((th->flags & TH_SYN) != 0)
		th->mss = (uint16_t)(tp->so->host->config.tcp.mtu -
		    IP_HEADER_LEN - TCP_HEADER_LEN);
	if (has_scale(tp, th->flags))
		th->wscale = tp->request_r_scale + 1;
	if (has_timestamps(tp, th->flags)) {
		th->has_ts = true;
		th->ts_val = tcp_now(tp->so->host);
		th->ts_ecr = (th->flags & TH_ACK) != 0 ? tp->ts_recent : 0;
	}
}

static uint16_t
window_field(const struct tcpcb *tp, uint8_t flags)
{
	uint32_t win = tcp_window(tp);

	if ((flags & TH_SYN) == 0)
		win >>= tp->rcv_scale;
	return (uint16_t)min_u32(win, TCP_MAXWIN);
}

struct mbuf *
tcp_packet(struct kctx *k, const struct tcpcb *tp, uint32_t conn,
    const struct tcp_header *th)
{
	struct mbuf *m = m_gethdr(&k->host->mbufs);

	kctx_op(k, OP_MGET, 1);
	m->m_th = *th;
	if (tp != NULL) {
		m->m_th.port = tp->t_port;
		m->m_th.win = window_field(tp, th->flags);
		fill_options(&m->m_th, tp);
	}
	m->m_conn = conn;
	m->m_off = MAX_LINKHDR;
	m->m_hdr_len = IP_HEADER_LEN + TCP_HEADER_LEN + m->m_th.option_bytes;
	m->m_len = m->m_hdr_len;
	m->m_pkthdr_len = m->m_hdr_len;
	return m;
}

/* A FIN that is sent once more has its old place; a bare ACK the next one. */
static uint32_t
seq_of(const struct tcpcb *tp, uint32_t len, uint8_t flags)
{
	if ((flags & TH_SYN) != 0)
		return tp->iss;
	if ((flags & TH_FIN) != 0 && tp->t_sent_fin &&
	    tp->snd_nxt == tp->snd_max)
		return tp->snd_nxt - 1;
	if (len > 0 || (flags & TH_FIN) != 0 ||
	    tcp_timer_is_armed(tp, TCPT_PERSIST))
		return tp->snd_nxt;
	return tp->snd_max;
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

static bool
takes_cluster(const struct host *host, uint32_t hdr_len, uint32_t len)
{
	return host->config.tcp.output == TCP_OUTPUT_COPY &&
	    MAX_LINKHDR + hdr_len + len <= MCLBYTES && len > 0;
}

bool
tcp_has_mbufs(const struct tcpcb *tp, uint32_t off, uint32_t len,
    uint8_t flags)
{
	struct host *host = tp->so->host;
	uint32_t hdr_len = IP_HEADER_LEN + TCP_HEADER_LEN +
	    tcp_option_bytes(tp, flags);
	struct m_place from;

	if (!host->mbufs.is_limited)
		return true;
	if (takes_cluster(host, hdr_len, len))
		return m_has_room(&host->mbufs, 1, 1);
	if (len <= MHLEN - MAX_LINKHDR - hdr_len)
		return m_has_room(&host->mbufs, 1, 0);
	from = m_find(tp->so->so_snd.sb_mb, off);
	return m_has_room(&host->mbufs, 1 + m_count(from, len), 0);
}

struct mbuf *
tcp_build(struct kctx *k, struct tcpcb *tp, uint32_t off, uint32_t len,
    uint8_t flags)
{
	struct tcp_header th = {.seq = seq_of(tp, len, flags),
	    .ack = (flags & TH_ACK) != 0 ? tp->rcv_nxt : 0, .flags = flags};
	struct mbuf *m = tcp_packet(k, tp, tp->so->so_id, &th);

	m->m_pkthdr_len += len;
	if (takes_cluster(k->host, m->m_len, len)) {
		kctx_op(k, OP_MCLGET, 1);
		m_clget(&k->host->mbufs, m);
	}
	if (len > 0)
		attach_payload(k, tp, m, off, len);
	return m;
}
