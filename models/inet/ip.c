#include "models/inet/ip.h"

#include "models/base/check.h"
#include "models/host.h"
#include "models/mbuf/chain.h"

void
ip_output_cost(struct kctx *k, const struct mbuf *packet)
{
	kctx_op(k, OP_IP_OUTPUT, 1);
	if (!k->host->nic.traits->sums)
		m_cksum_cost(packet, IP_HEADER_LEN, &k->cost,
		    &k->host->costs);
}

bool
ip_enqueue(struct host *host, struct mbuf *packet)
{
	struct ifqueue *ifq = &host->if_snd;

	if (ifq->ifq_len >= ifq->ifq_maxlen) {
		ifq->ifq_drops++;
		m_freem(&host->mbufs, packet);
		return false;
	}
	packet->m_nextpkt = NULL;
	if (ifq->ifq_tail != NULL)
		ifq->ifq_tail->m_nextpkt = packet;
	else
		ifq->ifq_head = packet;
	ifq->ifq_tail = packet;
	ifq->ifq_len++;
	ifq->n_in++;
	return true;
}

struct mbuf *
ifq_dequeue(struct ifqueue *ifq)
{
	struct mbuf *m = ifq->ifq_head;

	if (m == NULL)
		return NULL;
	ifq->ifq_head = m->m_nextpkt;
	if (ifq->ifq_head == NULL)
		ifq->ifq_tail = NULL;
	m->m_nextpkt = NULL;
	ifq->ifq_len--;
	return m;
}
