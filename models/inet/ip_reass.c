#include "models/inet/ip_reass.h"

#include "models/base/check.h"
#include "models/host.h"
#include "models/mbuf/chain.h"

void
ip_reass_init(struct ip_frags *frags, int64_t ip_maxfragpackets)
{
	*frags = (struct ip_frags){.ip_maxfragpackets = ip_maxfragpackets};
	pool_init(&frags->ipqs, "ipq", sizeof(struct ipq));
}

void
ip_reass_fini(struct ip_frags *frags)
{
	pool_fini(&frags->ipqs);
}

/* Where a fragment's data lies in the datagram's; see struct mbuf. */
static uint32_t
place_of(const struct mbuf *m)
{
	return m->m_pkthdr_len;
}

static uint32_t
end_of(const struct mbuf *m)
{
	return place_of(m) + m->m_len;
}

static struct ipq *
find(const struct ip_frags *frags, uint16_t id)
{
	struct ipq *fp = frags->queues;

	while (fp != NULL && fp->ipq_id != id)
		fp = fp->next;
	return fp;
}

/* => NULL: too many datagrams wait already */
static struct ipq *
make(struct ip_frags *frags, uint16_t id)
{
	int64_t n = (int64_t)pool_in_use(&frags->ipqs);
	struct ipq *fp;

	if (frags->ip_maxfragpackets >= 0 && n >= frags->ip_maxfragpackets)
		return NULL;
	fp = pool_get(&frags->ipqs);
	fp->ipq_id = id;
	fp->ipq_ttl = IPFRAGTTL;
	fp->next = frags->queues;
	frags->queues = fp;
	return fp;
}

static void
forget(struct ip_frags *frags, struct ipq *fp)
{
	struct ipq **link = &frags->queues;

	while (*link != fp)
		link = &(*link)->next;
	*link = fp->next;
	pool_put(&frags->ipqs, fp);
}

static void
free_fragment(struct kctx *k, struct mbuf *m)
{
	m->m_nextpkt = NULL;
	kctx_op(k, OP_MFREE, m_freem(&k->host->mbufs, m));
}

static void
drop(struct kctx *k, struct mbuf *m)
{
	k->host->frags.stats.ips_fragdropped++;
	free_fragment(k, m);
}

static void
cut_front(struct mbuf *m, uint32_t n)
{
	m->m_off += n;
	m->m_len -= n;
	m->m_pkthdr_len += n;
}

/* Fragments that the new one covers go; the next one keeps what lies beyond. */
static void
cut_successors(struct kctx *k, struct mbuf **link, uint32_t end)
{
	struct mbuf *q;

	while ((q = *link) != NULL && place_of(q) < end) {
		if (end < end_of(q)) {
			cut_front(q, end - place_of(q));
			return;
		}
		*link = q->m_nextpkt;
		drop(k, q);
	}
}

/* => false: there is nothing in it that is not there already */
static bool
insert(struct kctx *k, struct ipq *fp, struct mbuf *m)
{
	struct mbuf **link = &fp->fragq;
	const struct mbuf *before = NULL;

	while (*link != NULL && place_of(*link) <= place_of(m)) {
		before = *link;
		link = &(*link)->m_nextpkt;
	}
	if (before != NULL && end_of(before) > place_of(m)) {
		uint32_t known = end_of(before) - place_of(m);

		if (known >= m->m_len)
			return false;
		cut_front(m, known);
	}
	cut_successors(k, link, end_of(m));
	m->m_nextpkt = *link;
	*link = m;
	return true;
}

static bool
is_complete(const struct ipq *fp)
{
	uint32_t next = 0;
	bool more = true;

	for (const struct mbuf *m = fp->fragq; m != NULL; m = m->m_nextpkt) {
		if (place_of(m) != next)
			return false;
		next = end_of(m);
		more = (m->m_th.ip_off & IP_MF) != 0;
	}
	return !more;
}

/* Is it of the same datagram as the first one? */
static bool
is_of(const struct ip_packet *packet, const struct mbuf *m)
{
	return m->m_conn == packet->conn && m->m_th.seq == packet->th.seq;
}

/* m_cat() of all: clusters are linked, not copied. */
static void
join(struct ip_frags *frags, struct ipq *fp, struct ip_packet *packet)
{
	struct mbuf *m = fp->fragq;

	packet->m = m;
	packet->conn = m->m_conn;
	packet->th = m->m_th;
	packet->th.ip_off &= (uint16_t)~IP_MF;
	packet->is_joined = true;
	while (m != NULL) {
		packet->is_mixed |= !is_of(packet, m);
		m->m_next = m->m_nextpkt;
		m->m_nextpkt = NULL;
		m = m->m_next;
		frags->stats.n_joined++;
	}
	frags->stats.ips_reassembled++;
	forget(frags, fp);
}

bool
ip_reass(struct kctx *k, struct ip_packet *packet)
{
	struct ip_frags *frags = &k->host->frags;
	struct mbuf *m = packet->m;
	struct ipq *fp = find(frags, packet->th.ip_id);

	CHECK(m->m_next == NULL, "a fragment comes in one mbuf");
	frags->stats.ips_fragments++;
	m->m_th = packet->th;
	m->m_conn = packet->conn;
	m->m_pkthdr_len = udp_data_offset(&m->m_th);
	if (fp == NULL)
		fp = make(frags, packet->th.ip_id);
	if (fp == NULL || !insert(k, fp, m)) {
		drop(k, m);
		return false;
	}
	if (!is_complete(fp))
		return false;
	join(frags, fp, packet);
	return true;
}

bool
ip_slowtimo(struct ip_frags *frags)
{
	bool is_due = false;

	for (struct ipq *fp = frags->queues; fp != NULL; fp = fp->next)
		if (fp->ipq_ttl > 0)
			is_due |= --fp->ipq_ttl == 0;
	return is_due;
}

/* ip_freef() */
static void
free_queue(struct kctx *k, struct ipq *fp)
{
	struct ip_frags *frags = &k->host->frags;
	struct mbuf *m;

	while ((m = fp->fragq) != NULL) {
		fp->fragq = m->m_nextpkt;
		frags->stats.n_lost++;
		free_fragment(k, m);
	}
	forget(frags, fp);
}

void
ip_expire(struct kctx *k)
{
	struct ipq *fp = k->host->frags.queues, *next;

	for (; fp != NULL; fp = next) {
		next = fp->next;
		if (fp->ipq_ttl > 0)
			continue;
		k->host->frags.stats.ips_fragtimeout++;
		free_queue(k, fp);
	}
}

void
ip_drain(struct kctx *k)
{
	while (k->host->frags.queues != NULL) {
		k->host->frags.stats.n_drained++;
		free_queue(k, k->host->frags.queues);
	}
}

bool
ip_reclaim(struct kctx *k)
{
	bool held_some = k->host->frags.queues != NULL;

	ip_drain(k);
	return held_some;
}

int64_t
ip_waiting(const struct ip_frags *frags)
{
	int64_t n = 0;

	for (const struct ipq *fp = frags->queues; fp != NULL; fp = fp->next)
		for (const struct mbuf *m = fp->fragq; m != NULL;
		    m = m->m_nextpkt)
			n++;
	return n;
}
