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
	audit_at_most(audit, "packets of datagrams <= frames sent",
	    host->nic.stats.n_tx_frames, n_packets);
	audit_equal(audit, "content of datagrams received = written", 0,
	    udp->bytes_wrong);
}
