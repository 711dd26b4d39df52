#include "models/audit.h"

#include "models/base/check.h"
#include "models/inet/client.h"
#include "models/inet/peer_window.h"

void
audit_equal(struct audit *audit, const char *what, int64_t expected,
    int64_t actual)
{
	if (expected == actual)
		return;
	if (audit->n < AUDIT_MAX_LINES)
		audit->lines[audit->n] =
		    (struct audit_line){what, expected, actual};
	audit->n++;
}

void
audit_at_most(struct audit *audit, const char *what, int64_t limit,
    int64_t actual)
{
	if (actual > limit)
		audit_equal(audit, what, limit, actual);
}

/*
 * Bytes: what was written is acknowledged, buffered, or lost with a connection
 * that gave up; and each went one of the two ways.
 */
static void
audit_bytes(const struct socket *so, struct audit *audit)
{
	const struct so_stats *s = &so->stats;

	/* a datagram that is being built is nowhere yet */
	if (so->so_type == SO_STREAM)
		audit_equal(audit, "bytes written = acked + buffered + dropped",
		    s->bytes_written,
		    s->bytes_acked + so->so_snd.sb_cc + s->bytes_dropped);
	audit_equal(audit, "bytes written = loaned + copied",
	    s->bytes_written, s->bytes_loaned + s->bytes_copied);
	audit_equal(audit, "bytes received = read + buffered + discarded",
	    s->bytes_received,
	    s->bytes_read + sb_data_bytes(&so->so_rcv) + s->bytes_discarded);
	audit_equal(audit, "content received here = content written", 0,
	    s->bytes_wrong);
}

static void
audit_sockbuf(const struct sockbuf *sb, struct audit *audit)
{
	int64_t cc = 0, mbcnt = 0, n = 0, n_records = 0;

	for (const struct mbuf *r = sb->sb_mb; r != NULL; r = r->m_nextpkt) {
		n_records++;
		for (const struct mbuf *m = r; m != NULL; m = m->m_next) {
			cc += m->m_len;
			mbcnt += m_mbcnt(m);
			n++;
		}
	}
	/* a stream is one, and does not count it */
	if (sb->sb_n_records > 0)
		audit_equal(audit, "sb_n_records = records", n_records,
		    sb->sb_n_records);
	audit_equal(audit, "sb_cc = sum of m_len", cc, sb->sb_cc);
	audit_equal(audit, "sb_mbcnt = sum of storage", mbcnt, sb->sb_mbcnt);
	audit_equal(audit, "sb_n_mbufs = mbufs", n, sb->sb_n_mbufs);
}

/* What waits for a gap lies beyond it, in order, and nothing twice. */
static void
audit_segq(const struct tcpcb *tp, struct audit *audit)
{
	uint32_t end = tp->rcv_nxt + 1;

	for (const struct mbuf *m = tp->segq; m != NULL; m = m->m_nextpkt) {
		audit_equal(audit, "segments out of order are in order", 1,
		    seq_leq(end, m->m_th.seq));
		end = m->m_th.seq + m->m_len;
	}
}

static void
audit_tcp(const struct tcpcb *tp, struct audit *audit)
{
	audit_equal(audit, "snd_una <= snd_nxt", 1,
	    seq_leq(tp->snd_una, tp->snd_nxt));
	audit_equal(audit, "snd_nxt <= snd_max", 1,
	    seq_leq(tp->snd_nxt, tp->snd_max));
	audit_equal(audit, "cwnd >= 1 segment", 1,
	    tp->snd_cwnd >= tp->t_maxseg);
	/* probes of a closed window bring a byte each, while there is room */
	if (tp->t_state != TCPS_CLOSED && !tcp_have_rcvd_fin(tp))
		audit_at_most(audit, "rcv_nxt <= rcv_adv + receive buffer",
		    tp->so->so_rcv.sb_hiwat,
		    (int32_t)(tp->rcv_nxt - tp->rcv_adv));
	audit_segq(tp, audit);
}

static void
add_loan_count(const void *object, void *arg)
{
	*(int64_t *)arg += ((const struct vm_page *)object)->loan_count;
}

static void
count_selectable(const void *object, void *arg)
{
	const struct vm_page *page = object;

	*(int64_t *)arg += page->loan_count > 0 &&
	    (page->queue != VM_QUEUE_NONE || page->wire_count > 0);
}

static void
add_piece_pages(const void *object, void *arg)
{
	*(int64_t *)arg += ((const struct m_loan *)object)->n_pages;
}

/* Counted page by page, piece by piece, and in bytes of address space. */
static void
audit_loans(const struct host *host, struct audit *audit)
{
	int64_t loan_counts = 0, piece_pages = 0, n_selectable = 0;

	pool_each(&host->vm.pages, add_loan_count, &loan_counts);
	pool_each(&host->vm.pages, count_selectable, &n_selectable);
	pool_each(&host->mbufs.loans, add_piece_pages, &piece_pages);
	audit_equal(audit, "sum of loan_count = pages of live pieces",
	    piece_pages, loan_counts);
	audit_equal(audit, "pages on loan are neither queued nor wired", 0,
	    n_selectable);
	audit_equal(audit, "KVA reserved = pages of live pieces",
	    piece_pages * PAGE_SIZE, host->kva.socurkva);
	audit_at_most(audit, "socurkva <= somaxkva", host->kva.somaxkva,
	    host->kva.socurkva);
}

static void
audit_limits(const struct mbuf_pools *mp, struct audit *audit)
{
	if (!mp->is_limited)
		return;
	audit_equal(audit, "mbufs in use and promised within the limit", 1,
	    pool_in_use(&mp->mbufs) + mp->n_promised <= mp->mbuf_limit);
	audit_equal(audit, "clusters in use within the limit", 1,
	    pool_in_use(&mp->clusters) <= mp->cluster_limit);
}

void
host_audit_running(struct host *host, struct audit *audit)
{
	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next) {
		audit_bytes(so, audit);
		audit_sockbuf(&so->so_snd, audit);
		audit_sockbuf(&so->so_rcv, audit);
		audit_tcp(&so->tcpcb, audit);
	}
	udp_audit_running(host, audit);
	files_audit_running(host, audit);
	poll_audit_running(host, audit);
	guests_audit(host, audit);
	audit_loans(host, audit);
	audit_limits(&host->mbufs, audit);
	audit_equal(audit, "content fetched = content written", 0,
	    host->identity.n_wrong);
}

/* What lies beyond a gap: sorted, apart, behind rcv_nxt, within the room. */
static void
audit_held(const struct peer_conn *c, struct audit *audit)
{
	const struct byte_range *range = c->held.range;
	int64_t n_empty = 0, n_unsorted = 0, n_touching = 0;

	for (uint32_t i = 0; i < c->held.n; i++) {
		n_empty += range[i].from >= range[i].to;
		if (i == 0)
			continue;
		n_unsorted += range[i].from <= range[i - 1].from;
		n_touching += range[i].from > range[i - 1].from &&
		    range[i].from <= range[i - 1].to;
	}
	audit_equal(audit, "ranges held have bytes", 0, n_empty);
	audit_equal(audit, "ranges held are sorted", 0, n_unsorted);
	audit_equal(audit, "ranges held are apart", 0, n_touching);
	if (c->held.n == 0)
		return;
	audit_at_most(audit, "rcv_nxt < ranges held", range[0].from - 1,
	    c->bytes_received);
	audit_at_most(audit, "ranges held <= end of the window",
	    peer_window_end(c), range[c->held.n - 1].to);
}

void
peer_audit(const struct peer *peer, struct audit *audit)
{
	for (uint32_t i = 0; i < peer->n_conns; i++) {
		const struct peer_conn *c = peer->conns[i];

		if (c == NULL || c->state == PEER_LISTEN)
			continue;
		audit_held(c, audit);
		audit_at_most(audit, "bytes unread <= received",
		    c->bytes_received, c->bytes_unread);
		audit_at_most(audit, "window offered <= its end",
		    peer_window_end(c), c->adv_place);
	}
}

/* What has gone under one number, its earlier connections included. */
static struct so_stats
stats_of_number(const struct socket *so)
{
	struct so_stats sum = {0};

	for (; so != NULL; so = so->older) {
		sum.bytes_acked += so->stats.bytes_acked;
		sum.bytes_dropped += so->stats.bytes_dropped;
		sum.bytes_received += so->stats.bytes_received;
	}
	return sum;
}

/* What is acknowledged was received; a drop loses ACKs, but no data. */
static void
audit_acked(const struct socket *so, int64_t received, struct audit *audit)
{
	struct so_stats sent = stats_of_number(so);

	if (sent.bytes_dropped == 0)
		audit_equal(audit, "bytes delivered = acked",
		    sent.bytes_acked, received);
	else
		audit_at_most(audit, "bytes acked <= delivered", received,
		    sent.bytes_acked);
}

static void
audit_delivery(const struct host *host, const struct peer *peer,
    struct audit *audit)
{
	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next) {
		const struct peer_conn *c = peer_find(peer, so->so_id);

		/* clients_audit has a word on those */
		if (so->so_id >= CLIENT_NUMBERS)
			continue;
		audit_acked(so, c != NULL ? c->bytes_received : 0, audit);
		audit_equal(audit, "content received = content written", 0,
		    c != NULL ? c->bytes_wrong : 0);
	}
}

/* The same between two hosts, one way; each number once. */
static void
audit_delivery_to(const struct host *from, const struct host *to,
    struct audit *audit)
{
	for (const struct socket *so = from->sockets; so != NULL;
	    so = so->next)
		if (so == host_find_socket(from, so->so_id))
			audit_acked(so, stats_of_number(host_find_socket(to,
			    so->so_id)).bytes_received, audit);
}

static void
audit_pools(const struct host *host, struct audit *audit)
{
	/* files stay in memory when nobody maps them any more */
	audit_equal(audit, "pages given back", vm_objects_pages(&host->vm),
	    (int64_t)pool_in_use(&host->vm.pages));
	audit_equal(audit, "mbufs given back", 0,
	    (int64_t)pool_in_use(&host->mbufs.mbufs));
	audit_equal(audit, "mbufs promised and got", 0,
	    (int64_t)host->mbufs.n_promised);
	audit_equal(audit, "clusters given back", 0,
	    (int64_t)pool_in_use(&host->mbufs.clusters));
	audit_equal(audit, "loans given back", 0,
	    (int64_t)pool_in_use(&host->mbufs.loans));
	audit_equal(audit, "KVA given back", 0, host->kva.socurkva);
}

static int64_t
lines_in(const struct cache_level *level)
{
	int64_t n = 0;

	for (const struct cache_extent *e = level->newest; e != NULL;
	    e = e->older)
		n += e->n_valid;
	return n;
}

static void
audit_cache(const struct host *host, struct audit *audit)
{
	const struct cache_level *level = host->cache.level;

	if (host->costs.cache == NULL)
		return;
	audit_equal(audit, "lines in the first-level cache",
	    lines_in(&level[0]), level[0].used);
	audit_equal(audit, "lines in the second-level cache",
	    lines_in(&level[1]), level[1].used);
	for (int i = 0; i < CACHE_LEVELS; i++)
		audit_at_most(audit, "cache lines <= capacity",
		    level[i].capacity, lines_in(&level[i]));
}

/* The ledger's causes add up to what the resources were asked for and did. */
static void
audit_ledger(struct host *host, struct audit *audit)
{
	struct ledger_line total = ledger_cpu_total(&host->ledger);
	const struct ledger_line *nic = &host->ledger.line[CAUSE_NIC_DMA];
	const struct ledger_line *disk = &host->ledger.line[CAUSE_DISK_DMA];
	const struct cpu_stats *cpu = cpu_stats_now(&host->cpu);

	audit_equal(audit, "ledger compute units = CPU", total.units,
	    cpu->asked_units);
	audit_equal(audit, "ledger bytes read = bus", total.read_bytes,
	    host->bus.cpu_bytes[BUS_READ]);
	audit_equal(audit, "ledger bytes written = bus", total.write_bytes,
	    host->bus.cpu_bytes[BUS_WRITE]);
	audit_equal(audit, "ledger DMA bytes read = bus",
	    nic->read_bytes + disk->read_bytes,
	    host->bus.dma_bytes[BUS_READ]);
	audit_equal(audit, "ledger DMA bytes written = bus",
	    nic->write_bytes + disk->write_bytes,
	    host->bus.dma_bytes[BUS_WRITE]);
	audit_equal(audit, "CPU compute time = asked", cpu->asked_compute_ps,
	    cpu->compute_ps);
	audit_equal(audit, "CPU memory time = asked", cpu->asked_bus_ps,
	    cpu->bus_ps);
}

static void
audit_time(struct host *host, struct audit *audit)
{
	const struct cpu_stats *cpu = cpu_stats_now(&host->cpu);
	const struct link *link = &host->nic.ports.wire->link;
	sim_time now = host->cal->now;
	sim_time busy = 0;

	for (int i = 0; i < CPU_N_LEVELS; i++)
		busy += cpu->busy_ps[i];
	audit_equal(audit, "CPU busy + idle = elapsed", now,
	    busy + cpu->idle_ps);
	audit_equal(audit, "CPU busy = compute + memory + stall", busy,
	    cpu->compute_ps + cpu->bus_ps + cpu->stall_ps);
	audit_at_most(audit, "bus time <= elapsed", now,
	    cpu->bus_ps + host->bus.dma_busy_ps);
	audit_at_most(audit, "wire time <= elapsed", now,
	    link_busy_at(link, now));
}

static void
audit_frames(const struct host *host, struct audit *audit)
{
	const struct nic *nic = &host->nic;
	const struct link *link = &nic->ports.wire->link;

	audit_equal(audit, "frames sent = frames on the wire",
	    nic->stats.n_tx_frames, link->n_frames);
	audit_equal(audit, "underruns = frames cut on the wire",
	    nic->stats.n_tx_underruns, link->n_cut);
}

static void
audit_end(const struct host *host, struct audit *audit)
{
	audit_equal(audit, "processes ended", 0, host->n_procs_alive);
	audit_equal(audit, "open files closed", 0,
	    (int64_t)pool_in_use(&host->files));
	audit_equal(audit, "interface queue empty", 0, host->if_snd.ifq_len);
	audit_equal(audit, "NIC idle", 1, nic_is_idle(&host->nic));
	audit_equal(audit, "CPU idle", 1, cpu_is_idle(&host->cpu));
	for (const struct socket *so = host->sockets; so != NULL;
	    so = so->next)
		audit_equal(audit, "sockets gone", 1, so_is_gone(so));
}

static void
audit_host_end(struct host *host, struct audit *audit)
{
	host_audit_running(host, audit);
	audit_pools(host, audit);
	audit_cache(host, audit);
	audit_ledger(host, audit);
	audit_time(host, audit);
	audit_frames(host, audit);
	disk_audit(host, audit);
	audit_end(host, audit);
}

void
host_audit(struct host *host, const struct peer *peer, struct audit *audit)
{
	audit_host_end(host, audit);
	peer_audit(peer, audit);
	audit_delivery(host, peer, audit);
}

void
hosts_audit(struct host *a, struct host *b, struct audit *audit)
{
	audit_host_end(a, audit);
	audit_host_end(b, audit);
	audit_delivery_to(a, b, audit);
	audit_delivery_to(b, a, audit);
}

void
path_audit(const struct path *path, struct audit *audit)
{
	const struct path_stats *s = &path->stats;

	audit_equal(audit, "frames in + copied = out + lost + under way",
	    s->n_in + s->n_duplicated,
	    s->n_out + s->n_listed + s->n_lost + s->n_queue_drops +
	    path_under_way(path));
}
