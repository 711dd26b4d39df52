/*
 * PRU_SEND of a datagram: headers before it, and down to IP.
 */
#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/ip.h"
#include "models/kern/syscall.h"
#include "models/mbuf/chain.h"

static void
count_drop(struct socket *so, int64_t error, uint32_t len)
{
	if (error == SYS_ENOBUFS)
		so->udp.stats.n_dropped++;
	else
		so->udp.stats.n_refused++;
	so->stats.bytes_dropped += len;
}

static void
output_done(struct kctx *k)
{
	struct socket *so = k->out.so;
	struct udp_stats *stats = &so->udp.stats;

	if (k->out.error != 0)
		count_drop(so, k->out.error, k->out.len);
	else {
		stats->n_sent++;
		stats->n_packets += k->out.n_packets;
		if (k->out.n_packets > 1)
			stats->n_fragments += k->out.n_packets;
		stats->bytes_sent += k->out.len;
	}
	kctx_return(k);
}

static void
refuse(struct kctx *k, struct mbuf *m, int64_t error)
{
	count_drop(k->out.so, error, k->out.len);
	k->out.error = error;
	kctx_op(k, OP_MFREE, m_freem(&k->host->mbufs, m));
	kctx_return(k);
}

static struct mbuf *
add_headers(struct kctx *k, struct socket *so, struct mbuf *m, uint32_t len,
    uint64_t place)
{
	enum { HEADERS = IP_HEADER_LEN + UDP_HEADER_LEN };

	m->m_pkthdr_len = len;
	m = m_prepend(&k->host->mbufs, m, HEADERS, &k->cost, &k->host->costs);
	m->m_hdr_len = HEADERS;
	m->m_conn = so->so_id;
	m->m_th = (struct tcp_header){.ip_p = IP_UDP, .seq = (uint32_t)place,
	    .port = so->udp.port,
	    .ip_off = so->udp.dont_fragment ? IP_DF : 0};
	return m;
}

/* M_PREPEND() */
static bool
can_prepend(const struct kctx *k, const struct mbuf *m)
{
	return (m->m_ext == NULL &&
	    m->m_off >= IP_HEADER_LEN + UDP_HEADER_LEN) ||
	    m_has_room(&k->host->mbufs, 1, 0);
}

void
udp_usr_send(struct kctx *k, struct socket *so, struct mbuf *m, uint32_t len)
{
	uint64_t place = so->udp.place;

	so->udp.place += len;
	k->out.so = so;
	k->out.len = len;
	kctx_op(k, OP_UDP_OUTPUT, 1);
	if (so->cant_send)
		refuse(k, m, SYS_EPIPE);
	else if (len > IP_MAXPACKET - IP_HEADER_LEN - UDP_HEADER_LEN)
		refuse(k, m, SYS_EMSGSIZE);
	else if (!can_prepend(k, m)) {
		k->host->nobufs.n_output++;
		refuse(k, m, SYS_ENOBUFS);
	} else {
		kctx_call(k, output_done);
		ip_output(k, add_headers(k, so, m, len, place));
	}
}

void
udp_usr_disconnect(struct kctx *k, struct socket *so)
{
	so_detach(so);
	k->host->data_done(k->host->data_done_arg);
	kctx_return(k);
}

uint64_t
udp_content(const struct socket *so, const struct tcp_header *th)
{
	/* what is under way was written within the last 2^31 bytes */
	uint64_t place = so->udp.place - ((uint32_t)so->udp.place - th->seq);

	return content_name(so->so_id, place + udp_data_offset(th));
}
