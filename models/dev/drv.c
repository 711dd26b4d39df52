#include "models/dev/drv.h"

#include <string.h>

#include "models/base/check.h"
#include "models/host.h"
#include "models/mbuf/chain.h"

static void handle(struct kctx *k);
static void fxp_tick(void *arg);

void
drv_init(struct drv *drv, struct host *host)
{
	memset(drv, 0, sizeof *drv);
	kctx_init(&drv->k, host, "nic0", CPU_HARDINT);
	drv->tx_threshold = host->config.nic.tx_threshold;
	cal_event_init(&drv->tick, fxp_tick, host);
	drv->tick.is_background = true;
	drv->rx_ring.bytes = MCLBYTES;
	drv->rx_headers.bytes = MSIZE;
}

/*
 * Statistics: read what was dumped at the last tick, and dump again.
 */
static void
next_tick(struct host *host)
{
	if (!cal_is_scheduled(&host->drv.tick))
		cal_schedule(host->cal, &host->drv.tick,
		    (host->cal->now / PS_PER_S + 1) * PS_PER_S);
}

static void
fxp_tick(void *arg)
{
	struct host *host = arg;
	struct drv *drv = &host->drv;

	if (drv->n_dumped > 0 && drv->tx_threshold < FXP_THRESHOLD_ENOUGH)
		drv->tx_threshold += FXP_THRESHOLD_STEP;
	drv->n_dumped = host->nic.stats.n_tx_underruns - drv->n_counted;
	drv->n_counted += drv->n_dumped;
	if (drv->n_dumped > 0)
		next_tick(host);
}

void
drv_underrun(void *arg)
{
	const struct host *host = arg;

	if (host->nic.traits->has_threshold_tick)
		next_tick(arg);
}

/* The same headers, in an mbuf of which the packet fills the beginning. */
static struct mbuf *
copy_header(struct kctx *k, const struct mbuf *m)
{
	struct mbuf *copy = m_gethdr(&k->host->mbufs);

	kctx_op(k, OP_MGET, 1);
	if (ETHER_HDR_LEN + m->m_pkthdr_len > MHLEN) {
		kctx_op(k, OP_MCLGET, 1);
		m_clget(&k->host->mbufs, copy);
	}
	copy->m_off = ETHER_HDR_LEN;
	copy->m_len = copy->m_hdr_len = m->m_hdr_len;
	copy->m_pkthdr_len = m->m_pkthdr_len;
	copy->m_conn = m->m_conn;
	copy->m_th = m->m_th;
	return copy;
}

/*
 * What the chip cannot take as it is: one piece, aligned as clusters are.
 *
 * => NULL: there is no mbuf or cluster for it, and the packet is dropped
 */
static struct mbuf *
copy_packet(struct kctx *k, struct mbuf *m)
{
	uint32_t payload = m_packet_payload(m);
	struct mbuf *copy;

	if (!m_has_room(&k->host->mbufs, 1, 1)) {
		k->host->nobufs.n_driver++;
		kctx_op(k, OP_MFREE, m_freem(&k->host->mbufs, m));
		return NULL;
	}
	copy = copy_header(k, m);
	k->host->drv.n_copied++;
	if (payload > 0)
		m_copydata_into(copy, copy->m_off + copy->m_hdr_len,
		    m_find(m, m->m_hdr_len), payload, CAUSE_DRIVER_COPY,
		    &k->cost, &k->host->costs);
	kctx_op(k, OP_MFREE, m_freem(&k->host->mbufs, m));
	return copy;
}

/* bus_dmamap_sync(): what the chip is to fetch has to be in memory. */
static void
sync_packet(struct kctx *k, const struct mbuf *m)
{
	if (k->host->config.dma_is_coherent)
		return;
	for (; m != NULL; m = m->m_next)
		for (uint32_t off = 0; off < m->m_len;) {
			struct mem_range range =
			    m_first_range(m, off, m->m_len - off);

			mem_clean(&k->cost, &k->host->costs, range);
			off += range.bytes;
		}
}

/* Does it begin where the chip can begin? */
static bool
is_aligned(const struct mbuf *m, uint32_t align)
{
	return (m->m_off - ETHER_HDR_LEN) % align == 0;
}

/* bus_dmamap_load_mbuf(). => false: it has more segments than the chip takes */
static bool
load_map(struct kctx *k, const struct mbuf *m)
{
	uint32_t n_segments = m_dma_segments(m);

	kctx_op(k, OP_DMA_SEG, n_segments);
	return n_segments <= k->host->nic.traits->tx_segments;
}

/* => NULL: it had to be dropped */
static struct mbuf *
load_packet(struct kctx *k, struct mbuf *m)
{
	kctx_op(k, OP_DRV_START, 1);
	if (!is_aligned(m, k->host->nic.traits->tx_align) || !load_map(k, m)) {
		m = copy_packet(k, m);
		if (m == NULL)
			return NULL;
		/* one piece, which any chip takes */
		kctx_op(k, OP_DMA_SEG, 1);
	}
	sync_packet(k, m);
	return m;
}

static void
batch_loaded(struct kctx *k)
{
	const struct nic_traits *traits = k->host->nic.traits;
	struct mbuf *m = k->batch;

	k->batch = NULL;
	while (m != NULL) {
		struct mbuf *next = m->m_nextpkt;

		m->m_nextpkt = NULL;
		if (k->host->watch != NULL)
			watch_tell_packet(k->host->watch, WATCH_OUT,
			    m->m_conn, &m->m_th, m_packet_payload(m));
		nic_tx_put(&k->host->nic, m,
		    (uint32_t)k->host->drv.tx_threshold,
		    next == NULL || traits->interrupts_each);
		m = next;
	}
	nic_kick(&k->host->nic);
	kctx_return(k);
}

void
drv_start(struct kctx *k)
{
	uint32_t room = nic_tx_room(&k->host->nic);
	struct mbuf **tail = &k->batch;

	CHECK(k->batch == NULL, "a batch is loaded before the next");
	for (; room > 0 && k->host->if_snd.ifq_head != NULL; room--) {
		*tail = load_packet(k, ifq_dequeue(&k->host->if_snd));
		if (*tail != NULL)
			tail = &(*tail)->m_nextpkt;
		else
			k->host->drv.n_tx_gone++;
	}
	if (k->batch != NULL)
		kctx_spend(k, SPL_NET, batch_loaded);
	else
		kctx_return(k);
}

/*
 * The interrupt handler: pass after pass until the chip has nothing to say.
 */
static void
ask_chip(struct kctx *k)
{
	struct drv *drv = &k->host->drv;
	struct nic *nic = &k->host->nic;

	drv->n_rx = nic->rx_interrupt ? nic_rx_ready(nic) : 0;
	drv->n_tx = nic->tx_interrupt ? nic_tx_complete(nic) : 0;
	drv->saw_rx |= nic->rx_interrupt;
	drv->saw_tx |= nic->tx_interrupt;
	nic->rx_interrupt = nic->tx_interrupt = false;
}

static int64_t
count_mbufs(const struct nic *nic, uint32_t n_packets)
{
	int64_t n = 0;

	for (uint32_t i = 0; i < n_packets; i++)
		for (const struct mbuf *m = nic_tx_peek(nic, i); m != NULL;
		    m = m->m_next)
			n++;
	return n;
}

static void
pass(struct kctx *k)
{
	struct drv *drv = &k->host->drv;

	ask_chip(k);
	kctx_op(k, OP_DRV_RX, drv->n_rx);
	kctx_op(k, OP_DRV_TXDONE, drv->n_tx);
	kctx_op(k, OP_MFREE, count_mbufs(&k->host->nic, drv->n_tx));
	kctx_spend(k, SPL_NET, handle);
}

/* The handler returns: one interrupt, for one reason or for both. */
static void
end_interrupt(struct drv *drv)
{
	drv->n_rx_interrupts += drv->saw_rx;
	drv->n_tx_interrupts += drv->saw_tx;
	drv->is_running = drv->saw_rx = drv->saw_tx = false;
}

static void
next_pass(struct kctx *k)
{
	const struct nic *nic = &k->host->nic;

	if (nic->rx_interrupt || nic->tx_interrupt)
		pass(k);
	else if (kctx_has_cost(k))
		/* of what was dropped, with nothing to start after it */
		kctx_spend(k, SPL_NET, next_pass);
	else
		end_interrupt(&k->host->drv);
}

/*
 * Does anybody look at more than the headers?  A segment of TCP without data
 * needs no buffer of its own: the price of its replacement is in drv_rx, as
 * that of all others.  An empty datagram is put into a socket's buffer.
 */
static bool
has_data(const struct frame *frame)
{
	return frame->payload_bytes > 0 || frame->th.ip_p == IP_UDP;
}

static uint32_t
headers_of(const struct frame *frame)
{
	return ETHER_HDR_LEN + frame->ip_bytes - frame->payload_bytes;
}

/*
 * rtk_rxeof(): memcpy() of a frame, and of it the payload apart, as that is
 * what other copies count.  => m: what its data gets, or NULL
 */
static void
copy_from_ring(struct host *host, const struct frame *frame, struct mbuf *m)
{
	struct drv *drv = &host->drv;
	uint32_t headers = headers_of(frame);
	struct mem_object *storage = m == NULL ? &drv->rx_headers :
	    m_memory(m);
	struct mem_range from = {&drv->rx_ring, 0, headers, MEM_KERNEL};
	struct mem_range to = {storage, DRV_RX_ALIGN, headers, MEM_KERNEL};

	drv->n_rx_copied++;
	mem_replaced(&host->costs, &drv->rx_ring);
	mem_copy(&drv->k.cost, &host->costs, CAUSE_DRIVER, from, to);
	if (frame->payload_bytes == 0)
		return;
	from.offset += headers;
	to.offset += headers;
	from.bytes = to.bytes = frame->payload_bytes;
	mem_copy(&drv->k.cost, &host->costs, CAUSE_DRIVER_COPY, from, to);
}

/* Into a small mbuf, if it is short enough: MHLEN - RTK_ETHER_ALIGN. */
static bool
needs_cluster(const struct host *host, const struct frame *frame)
{
	return !host->nic.traits->rx_copies ||
	    ETHER_HDR_LEN + frame->ip_bytes > MHLEN - DRV_RX_ALIGN;
}

static struct mbuf *
get_buffer(struct host *host, const struct frame *frame)
{
	struct mbuf *m = m_gethdr(&host->mbufs);

	if (needs_cluster(host, frame))
		m_clget(&host->mbufs, m);
	if (host->nic.traits->rx_copies)
		copy_from_ring(host, frame, m);
	else
		mem_replaced(&host->costs, m_memory(m));
	return m;
}

/* The buffer that the chip has filled, or the driver, without the headers. */
static struct mbuf *
received_data(struct host *host, const struct frame *frame)
{
	struct mbuf *m;

	if (!has_data(frame)) {
		if (host->nic.traits->rx_copies)
			copy_from_ring(host, frame, NULL);
		return NULL;
	}
	m = get_buffer(host, frame);
	m->m_off = DRV_RX_ALIGN + headers_of(frame);
	m->m_len = frame->payload_bytes;
	if (m->m_len > 0)
		m_name_append(m, m->m_off, frame->content);
	return m;
}

/* MGETHDR() and MCLGET(), with the drain hook of their pools. */
static bool
can_replace(struct host *host, const struct frame *frame)
{
	uint32_t n = needs_cluster(host, frame);

	return m_has_room(&host->mbufs, 1, n) ||
	    (ip_reclaim(&host->drv.k) && m_has_room(&host->mbufs, 1, n));
}

/* Without a new buffer for the ring, the frame's own stays there. */
static void
receive(struct host *host, const struct frame *frame)
{
	struct ip_packet packet = {.conn = frame->conn, .th = frame->th};

	if (has_data(frame) && !can_replace(host, frame)) {
		host->nobufs.n_driver++;
		return;
	}
	if (host->watch != NULL)
		watch_tell_packet(host->watch, WATCH_IN, frame->conn,
		    &frame->th, frame->payload_bytes);
	packet.m = received_data(host, frame);
	softnet_receive(&host->softnet, &packet);
}

static void
handle(struct kctx *k)
{
	struct drv *drv = &k->host->drv;

	for (; drv->n_rx > 0; drv->n_rx--) {
		struct frame frame = nic_rx_take(&k->host->nic);

		receive(k->host, &frame);
	}
	drv->n_tx_gone += drv->n_tx;
	for (; drv->n_tx > 0; drv->n_tx--)
		m_freem(&k->host->mbufs, nic_tx_reclaim(&k->host->nic));
	kctx_call(k, next_pass);
	drv_start(k);
}

void
drv_interrupt(void *arg)
{
	struct host *host = arg;
	struct drv *drv = &host->drv;

	if (drv->is_running)
		return;
	drv->is_running = true;
	kctx_op(&drv->k, OP_INTR, 1);
	pass(&drv->k);
}
