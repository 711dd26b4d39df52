/*
 * The books of datagrams: what programs wrote, what went out, what came in.
 */
#include "models/audit.h"

static void
audit_socket(const struct socket *so, struct audit *audit)
{
	const struct udp_stats *s = &so->udp.stats;

	audit_equal(audit, "datagrams written = sent + dropped + refused",
	    s->n_written, s->n_sent + s->n_dropped + s->n_refused);
	audit_equal(audit, "bytes of datagrams written = sent + dropped",
	    (int64_t)so->udp.place, s->bytes_sent + so->stats.bytes_dropped);
	audit_equal(audit, "bytes of datagrams written = taken by sosend",
	    so->stats.bytes_written, (int64_t)so->udp.place);
}

void
udp_audit(const struct host *host, const struct udp_peer *udp,
    int64_t n_copies, struct audit *audit)
{
	int64_t n_sent = 0, n_packets = 0, bytes_sent = 0;

	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next) {
		if (so->so_type != SO_DGRAM)
			continue;
		audit_socket(so, audit);
		n_sent += so->udp.stats.n_sent;
		n_packets += so->udp.stats.n_packets;
		bytes_sent += so->udp.stats.bytes_sent;
	}
	audit_at_most(audit, "datagrams received <= sent", n_sent + n_copies,
	    udp->n_datagrams);
	if (n_copies == 0)
		audit_at_most(audit, "bytes of datagrams received <= sent",
		    bytes_sent, udp->bytes_received);
	/* those that it had to copy, and could not, the driver has dropped */
	audit_at_most(audit, "packets of datagrams <= frames sent",
	    host->nic.stats.n_tx_frames + host->nobufs.n_driver, n_packets);
	audit_equal(audit, "content of datagrams received = written", 0,
	    udp->bytes_wrong);
}

void
udp_hosts_audit(const struct host *from, const struct host *to,
    int64_t n_copies, struct audit *audit)
{
	int64_t n_sent = 0, n_packets = 0, bytes_sent = 0;

	for (const struct socket *so = from->sockets; so != NULL;
	    so = so->next)
		if (so->so_type == SO_DGRAM) {
			n_sent += so->udp.stats.n_sent;
			n_packets += so->udp.stats.n_packets;
			bytes_sent += so->udp.stats.bytes_sent;
		}
	audit_at_most(audit, "datagrams got whole <= sent", n_sent + n_copies,
	    to->udp_in.udps_ipackets);
	audit_at_most(audit, "fragments that came <= packets sent",
	    n_packets + n_copies, to->frags.stats.ips_fragments);
	if (n_copies == 0)
		audit_at_most(audit, "bytes delivered <= sent in datagrams",
		    bytes_sent, to->udp_in.bytes_delivered);
}

static void
audit_fragments(const struct ip_frags *frags, struct audit *audit)
{
	const struct ip_stats *s = &frags->stats;

	audit_equal(audit, "fragments = joined + dropped + lost + waiting",
	    s->ips_fragments, s->n_joined + s->ips_fragdropped + s->n_lost +
	    ip_waiting(frags));
	if (frags->ip_maxfragpackets >= 0)
		audit_at_most(audit, "datagrams waiting <= ip_maxfragpackets",
		    frags->ip_maxfragpackets,
		    (int64_t)pool_in_use(&frags->ipqs));
}

/* What a socket got is read, buffered or discarded. */
static int64_t
audit_receiver(const struct socket *so, struct audit *audit)
{
	const struct udp_stats *s = &so->udp.stats;
	const struct mbuf *first = so->so_rcv.sb_mb;
	/* one that is being read has lost its address already */
	int64_t n_begun = so->so_rcv.sb_n_records > 0 &&
	    (first->m_flags & M_SONAME) == 0;

	audit_equal(audit, "datagrams received = read + buffered + discarded",
	    s->n_received, s->n_read + so->so_rcv.sb_n_records - n_begun +
	    s->n_discarded);
	return s->n_received;
}

void
udp_audit_running(const struct host *host, struct audit *audit)
{
	const struct udp_in_stats *s = &host->udp_in;
	/* the soft interrupt has one in its hands */
	int64_t n_in_hand = host->softnet.current.m != NULL;
	int64_t n_received = 0;

	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next)
		if (so->so_type == SO_DGRAM)
			n_received += audit_receiver(so, audit);
	audit_fragments(&host->frags, audit);
	audit_equal(audit, "datagrams got whole = delivered + dropped",
	    s->udps_ipackets, s->n_delivered + s->udps_badsum +
	    s->udps_noport + s->udps_fullsock + s->n_nobufs + n_in_hand);
	audit_equal(audit, "datagrams delivered = received by sockets",
	    s->n_delivered, n_received);
}
