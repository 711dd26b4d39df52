/*
 * Datagrams that have come: the sum, the port, the socket's buffer.
 *
 * Its mbufs are not handed up themselves: udp4_sendup() makes references of
 * them with m_copy() for the buffer, and frees the originals.
 */
#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/ip.h"
#include "models/mbuf/chain.h"

/* What the buffer gets: references, and of a datagram without data an mbuf. */
static struct mbuf *
copy_for_buffer(struct kctx *k, struct mbuf *m, uint32_t len)
{
	struct mbuf_pools *mp = &k->host->mbufs;

	if (len > 0)
		return m_copym_as(mp, m_find(m, 0), len, CAUSE_UDP_INPUT,
		    CAUSE_IP_COPY, &k->cost, &k->host->costs);
	kctx_op(k, OP_MGET, 1);
	return m_get(mp);
}

static void
free_packet(struct kctx *k)
{
	struct ip_packet *packet = &k->host->softnet.current;

	kctx_op(k, OP_MFREE, m_freem(&k->host->mbufs, packet->m));
	packet->m = NULL;
}

/* Is it, to the byte, what its headers say, and so what was written? */
static void
verify(struct socket *so, const struct ip_packet *packet, uint64_t content,
    uint32_t len)
{
	if (len > 0 && (content >> CONTENT_PLACE_BITS != packet->conn ||
	    (uint32_t)content != packet->th.seq))
		so->stats.bytes_wrong += len;
}

static void
count_delivered(struct kctx *k, struct socket *so, uint32_t len)
{
	struct host *host = k->host;

	so->udp.stats.n_received++;
	so->stats.bytes_received += len;
	host->udp_in.n_delivered++;
	host->udp_in.bytes_delivered += len;
	host->bytes_received += len;
	if (host->datagram_came != NULL)
		host->datagram_came(host->data_done_arg,
		    host->softnet.current.conn);
}

/* sbappendaddr() and sorwakeup() */
static void
append(struct kctx *k)
{
	struct softnet *net = &k->host->softnet;
	struct socket *so = net->receiver;
	struct mbuf *m = net->copy;
	uint32_t len = m_length(m);
	uint64_t content = m_content(m, 0);

	net->copy = NULL;
	if (!sb_append_addr(&so->so_rcv, m, content, k->host->config.sbappend,
	    &k->host->mbufs, &k->cost, &k->host->costs)) {
		k->host->udp_in.udps_fullsock++;
		kctx_op(k, OP_MFREE, m_freem(&k->host->mbufs, m));
	} else {
		verify(so, &net->current, content, len);
		count_delivered(k, so, len);
		sorwakeup(so, k);
	}
	free_packet(k);
	kctx_return(k);
}

/* udp4_sendup() */
static void
send_up(struct kctx *k, struct socket *so)
{
	struct softnet *net = &k->host->softnet;
	struct mbuf *m = net->current.m;
	uint32_t len = m_length(m);
	uint32_t n_mbufs = len > 0 ? m_count(m_find(m, 0), len) : 1;

	if (!m_has_room(&k->host->mbufs, n_mbufs, 0)) {
		k->host->udp_in.n_nobufs++;
		free_packet(k);
		kctx_return(k);
		return;
	}
	net->receiver = so;
	net->copy = copy_for_buffer(k, m, len);
	kctx_op(k, OP_MGET, 1);
	kctx_spend(k, SPL_SOFTNET, append);
}

static void
summed(struct kctx *k)
{
	const struct ip_packet *packet = &k->host->softnet.current;
	struct socket *so = host_find_udp(k->host, packet->th.port);

	if (!packet->is_mixed && so != NULL) {
		send_up(k, so);
		return;
	}
	/* pieces of two datagrams; or nobody is there, and ICMP would say so */
	if (packet->is_mixed)
		k->host->udp_in.udps_badsum++;
	else
		k->host->udp_in.udps_noport++;
	free_packet(k);
	kctx_return(k);
}

void
udp_input(struct kctx *k, const struct ip_packet *packet)
{
	k->host->softnet.current = *packet;
	k->host->udp_in.udps_ipackets++;
	kctx_op(k, OP_UDP_INPUT, 1);
	/* the controller has not summed what came in pieces */
	if (packet->is_joined || !k->host->nic.traits->sums)
		m_cksum_cost(packet->m, 0, &k->cost, &k->host->costs);
	kctx_spend(k, SPL_SOFTNET, summed);
}
