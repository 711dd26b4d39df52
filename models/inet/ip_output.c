/*
 * IP output: the checksum, fragments, and the interface queue.
 *
 * Built first, queued afterwards: fragments go out only if there is room for
 * all of them.  (The text of about 2000 asks for room for all but the first,
 * and loses the last one if nothing leaves the queue in between.)
 */
#include "models/base/check.h"
#include "models/base/min.h"
#include "models/host.h"
#include "models/inet/ip.h"
#include "models/kern/syscall.h"
#include "models/mbuf/chain.h"

/* One fragment after the first: it refers to the datagram's data. */
static struct mbuf *
fragment_at(struct kctx *k, struct mbuf *m, uint32_t off, uint32_t len)
{
	struct mbuf_pools *mp = &k->host->mbufs;
	struct mbuf *f = m_gethdr(mp);

	kctx_op(k, OP_MGET, 1);
	kctx_op(k, OP_IP_FRAGMENT, 1);
	f->m_th = m->m_th;
	f->m_th.ip_off = (uint16_t)((off - IP_HEADER_LEN) / 8);
	if (off + len < m->m_pkthdr_len)
		f->m_th.ip_off |= IP_MF;
	f->m_conn = m->m_conn;
	f->m_off = MAX_LINKHDR;
	f->m_len = f->m_hdr_len = IP_HEADER_LEN;
	f->m_pkthdr_len = IP_HEADER_LEN + len;
	f->m_next = m_copym_as(mp, m_find(m, off), len, CAUSE_IP_OUTPUT,
	    CAUSE_IP_COPY, &k->cost, &k->host->costs);
	return f;
}

/* What the fragments after the first are made of, headers and data. */
static uint32_t
mbufs_of_fragments(const struct kctx *k, struct mbuf *m)
{
	uint32_t len = ((uint32_t)k->host->config.tcp.mtu - IP_HEADER_LEN) &
	    ~7U;
	uint32_t n = 0;

	for (uint32_t off = IP_HEADER_LEN + len; off < m->m_pkthdr_len;
	    off += len)
		n += 1 + m_count(m_find(m, off),
		    min_u32(len, m->m_pkthdr_len - off));
	return n;
}

/* The first fragment is the datagram itself, trimmed. => their number */
static uint32_t
fragment(struct kctx *k, struct mbuf *m)
{
	uint32_t mtu = (uint32_t)k->host->config.tcp.mtu;
	uint32_t len = (mtu - IP_HEADER_LEN) & ~7U;
	struct mbuf **tail = &m->m_nextpkt;
	uint32_t n = 1;

	for (uint32_t off = IP_HEADER_LEN + len; off < m->m_pkthdr_len;
	    off += len, n++) {
		*tail = fragment_at(k, m, off,
		    min_u32(len, m->m_pkthdr_len - off));
		tail = &(*tail)->m_nextpkt;
	}
	m_trim(m, IP_HEADER_LEN + len);
	m->m_pkthdr_len = IP_HEADER_LEN + len;
	m->m_th.ip_off |= IP_MF;
	return n;
}

static void
fail(struct kctx *k, int64_t error)
{
	k->out.error = error;
	while (k->out.packet != NULL) {
		struct mbuf *m = k->out.packet;

		k->out.packet = m->m_nextpkt;
		kctx_op(k, OP_MFREE, m_freem(&k->host->mbufs, m));
	}
	kctx_return(k);
}

/* ether_output() of each in turn: the driver takes what it can at once. */
static void
queue_next(struct kctx *k)
{
	struct mbuf *m = k->out.packet;
	bool is_queued;

	if (m == NULL) {
		kctx_return(k);
		return;
	}
	k->out.packet = m->m_nextpkt;
	is_queued = ip_enqueue(k->host, m);
	CHECK(is_queued, "there was room for all fragments");
	kctx_call(k, queue_next);
	drv_start(k);
}

static void
queue_all(struct kctx *k)
{
	struct ifqueue *ifq = &k->host->if_snd;

	if (ifq->ifq_maxlen - ifq->ifq_len >= k->out.n_packets) {
		queue_next(k);
		return;
	}
	ifq->ifq_drops++;
	fail(k, SYS_ENOBUFS);
}

static void
cannot_fragment(struct kctx *k)
{
	fail(k, SYS_EMSGSIZE);
}

/* One that cannot be had, and those that could go, too. */
static void
no_mbufs(struct kctx *k)
{
	k->host->nobufs.n_output++;
	fail(k, SYS_ENOBUFS);
}

void
ip_output(struct kctx *k, struct mbuf *m)
{
	bool is_whole = m->m_pkthdr_len <= k->host->config.tcp.mtu;

	m->m_th.ip_id = k->host->ip_id++;
	m->m_nextpkt = NULL;
	k->out.error = 0;
	k->out.packet = m;
	k->out.n_packets = 1;
	if (is_whole) {
		ip_output_cost(k, m);
		kctx_spend(k, SPL_SOFTNET, queue_all);
		return;
	}
	/* the chip could not sum what goes out in pieces */
	kctx_op(k, OP_IP_OUTPUT, 1);
	m_cksum_cost(m, IP_HEADER_LEN, &k->cost, &k->host->costs);
	if ((m->m_th.ip_off & IP_DF) != 0) {
		kctx_spend(k, SPL_SOFTNET, cannot_fragment);
		return;
	}
	if (!m_has_room(&k->host->mbufs, mbufs_of_fragments(k, m), 0)) {
		kctx_spend(k, SPL_SOFTNET, no_mbufs);
		return;
	}
	k->out.n_packets = fragment(k, m);
	kctx_spend(k, SPL_SOFTNET, queue_all);
}
