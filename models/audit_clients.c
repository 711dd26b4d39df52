/*
 * The audit of connections that clients have opened, and of the network to
 * them.
 */
#include "models/audit.h"

#include "models/base/check.h"

void
guests_audit(const struct host *host, struct audit *audit)
{
	const struct so_stats *s = &host->guests.sum.so;

	audit_equal(audit, "gone: bytes written = acked + dropped",
	    s->bytes_written, s->bytes_acked + s->bytes_dropped);
	audit_equal(audit, "gone: bytes written = loaned + copied",
	    s->bytes_written, s->bytes_loaned + s->bytes_copied);
	audit_equal(audit, "gone: bytes received = read + discarded",
	    s->bytes_received, s->bytes_read + s->bytes_discarded);
	audit_equal(audit, "gone: content received = content written", 0,
	    s->bytes_wrong);
}

/* One connection, of which one end or both are there yet. */
struct pair_audit {
	const struct host *host;
	struct audit *audit;
	int64_t bytes_received;	/* by clients */
};

static void
audit_pair(const struct client_conn *cc, void *arg)
{
	struct pair_audit *pairs = arg;
	const struct socket *so = host_find_socket(pairs->host, cc->c.conn);
	const struct so_stats *board = cc->board_is_done ? &cc->board :
	    so != NULL ? &so->stats : NULL;

	pairs->bytes_received += cc->c.bytes_received;
	audit_equal(pairs->audit, "a connection's two ends agree", 1,
	    client_conn_is_balanced(cc, board));
}

/* Sockets whose clients have never heard of them have sent nothing. */
static int64_t
acked_of_guests(const struct host *host)
{
	int64_t sum = host->guests.sum.so.bytes_acked;

	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next)
		if (so->so_id >= CLIENT_NUMBERS)
			sum += so->stats.bytes_acked;
	return sum;
}

static int64_t
dropped_by_guests(const struct host *host)
{
	int64_t sum = host->guests.sum.so.bytes_dropped;

	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next)
		if (so->so_id >= CLIENT_NUMBERS)
			sum += so->stats.bytes_dropped;
	return sum;
}

void
clients_audit(const struct host *host, const struct clients *all,
    struct audit *audit)
{
	struct pair_audit pairs = {host, audit, all->stats.bytes_received};
	int64_t acked = acked_of_guests(host);

	audit_equal(audit, "programs of clients ended", 0, all->n_alive);
	audit_equal(audit, "connections gone whose ends did not agree", 0,
	    all->stats.n_unbalanced);
	clients_each(all, audit_pair, &pairs);
	if (dropped_by_guests(host) == 0)
		audit_equal(audit, "bytes received by clients = acked", acked,
		    pairs.bytes_received);
	else
		audit_at_most(audit, "bytes acked <= received by clients",
		    pairs.bytes_received, acked);
}

static void
audit_pipe(const struct net_pipe *pipe, struct audit *audit)
{
	const struct link *link = &pipe->link;
	sim_time now = pipe->net->cal->now;

	if (pipe->is_fat || link->n_frames == 0)
		return;
	audit_equal(audit, "time of a link = that of its bytes",
	    mul_div(link->wire_bytes, link->ps_per_byte.num,
	    link->ps_per_byte.den), link->busy_ps);
	audit_at_most(audit, "time of a link <= elapsed", now,
	    link_busy_at(link, now));
}

static int64_t
passed(const struct net *net)
{
	int64_t n = 0;

	for (uint32_t i = 0; i < net->n_pipes; i++)
		n += net->pipes[i].link.n_frames;
	return n;
}

void
net_audit(const struct net *net, struct audit *audit)
{
	audit_equal(audit, "network: frames in = out + under way",
	    net->stats.n_in, net->stats.n_out + net_under_way(net));
	audit_equal(audit, "network: hops counted by frames = by links",
	    net->stats.n_hops, passed(net));
	for (uint32_t i = 0; i < net->n_pipes; i++)
		audit_pipe(&net->pipes[i], audit);
}
