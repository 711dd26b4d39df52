#include "models/dev/fxp.h"

#include <string.h>

#include "models/base/check.h"
#include "models/host.h"
#include "models/mbuf/chain.h"

static void handle(struct kctx *k);
static void fxp_tick(void *arg);

void
fxp_init(struct fxp *fxp, struct host *host)
{
	memset(fxp, 0, sizeof *fxp);
	kctx_init(&fxp->k, host, "fxp0", CPU_HARDINT);
	fxp->tx_threshold = host->config.nic.tx_threshold;
	cal_event_init(&fxp->tick, fxp_tick, host);
	fxp->tick.is_background = true;
}

/*
 * Statistics: read what was dumped at the last tick, and dump again.
 */
static void
next_tick(struct host *host)
{
	if (!cal_is_scheduled(&host->fxp.tick))
		cal_schedule(host->cal, &host->fxp.tick,
		    (host->cal->now / PS_PER_S + 1) * PS_PER_S);
}

static void
fxp_tick(void *arg)
{
	struct host *host = arg;
	struct fxp *fxp = &host->fxp;

	if (fxp->n_dumped > 0 && fxp->tx_threshold < FXP_THRESHOLD_ENOUGH)
		fxp->tx_threshold += FXP_THRESHOLD_STEP;
	fxp->n_dumped = host->nic.stats.n_tx_underruns - fxp->n_counted;
	fxp->n_counted += fxp->n_dumped;
	if (fxp->n_dumped > 0)
		next_tick(host);
}

void
fxp_underrun(void *arg)
{
	next_tick(arg);
}

/*
 * Too many pieces for the chip: the packet is copied into one cluster.
 *
 * => NULL: there is none, and the packet is dropped
 */
static struct mbuf *
copy_packet(struct kctx *k, struct mbuf *m)
{
	struct mbuf_pools *mp = &k->host->mbufs;
	struct m_place payload = m_find(m, m->m_hdr_len);
	struct mbuf *copy;

	if (!m_has_room(mp, 1, 1)) {
		k->host->nobufs.n_driver++;
		kctx_op(k, OP_MFREE, m_freem(mp, m));
		return NULL;
	}
	copy = m_gethdr(mp);
	k->host->fxp.n_copied++;
	kctx_op(k, OP_MGET, 1);
	kctx_op(k, OP_MCLGET, 1);
	m_clget(mp, copy);
	copy->m_off = MAX_LINKHDR;
	copy->m_len = copy->m_hdr_len = m->m_hdr_len;
	copy->m_pkthdr_len = m->m_pkthdr_len;
	copy->m_conn = m->m_conn;
	copy->m_th = m->m_th;
	m_copydata_into(copy, copy->m_off + copy->m_hdr_len, payload,
	    m_packet_payload(m), CAUSE_DRIVER_COPY, &k->cost,
	    &k->host->costs);
	kctx_op(k, OP_MFREE, m_freem(mp, m));
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

/* bus_dmamap_load_mbuf(). => NULL: it had to be dropped */
static struct mbuf *
load_packet(struct kctx *k, struct mbuf *m)
{
	uint32_t n_segments = m_dma_segments(m);

	kctx_op(k, OP_DRV_START, 1);
	kctx_op(k, OP_DMA_SEG, n_segments);
	if (n_segments > FXP_NTXSEG) {
		m = copy_packet(k, m);
		kctx_op(k, OP_DMA_SEG, m_dma_segments(m));
	}
	sync_packet(k, m);
	return m;
}

static void
batch_loaded(struct kctx *k)
{
	struct mbuf *m = k->batch;

	k->batch = NULL;
	while (m != NULL) {
		struct mbuf *next = m->m_nextpkt;

		m->m_nextpkt = NULL;
		nic_tx_put(&k->host->nic, m,
		    (uint32_t)k->host->fxp.tx_threshold, next == NULL);
		m = next;
	}
	nic_kick(&k->host->nic);
	kctx_return(k);
}

void
fxp_start(struct kctx *k)
{
	uint32_t room = nic_tx_room(&k->host->nic);
	struct mbuf **tail = &k->batch;

	CHECK(k->batch == NULL, "a batch is loaded before the next");
	for (; room > 0 && k->host->if_snd.ifq_head != NULL; room--) {
		*tail = load_packet(k, ifq_dequeue(&k->host->if_snd));
		if (*tail != NULL)
			tail = &(*tail)->m_nextpkt;
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
	struct fxp *fxp = &k->host->fxp;
	struct nic *nic = &k->host->nic;

	fxp->n_rx = nic->rx_interrupt ? nic_rx_ready(nic) : 0;
	fxp->n_tx = nic->tx_interrupt ? nic_tx_complete(nic) : 0;
	fxp->saw_rx |= nic->rx_interrupt;
	fxp->saw_tx |= nic->tx_interrupt;
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
	struct fxp *fxp = &k->host->fxp;

	ask_chip(k);
	kctx_op(k, OP_DRV_RX, fxp->n_rx);
	kctx_op(k, OP_DRV_TXDONE, fxp->n_tx);
	kctx_op(k, OP_MFREE, count_mbufs(&k->host->nic, fxp->n_tx));
	kctx_spend(k, SPL_NET, handle);
}

/* The handler returns: one interrupt, for one reason or for both. */
static void
end_interrupt(struct fxp *fxp)
{
	fxp->n_rx_interrupts += fxp->saw_rx;
	fxp->n_tx_interrupts += fxp->saw_tx;
	fxp->is_running = fxp->saw_rx = fxp->saw_tx = false;
}

static void
next_pass(struct kctx *k)
{
	const struct nic *nic = &k->host->nic;

	if (nic->rx_interrupt || nic->tx_interrupt)
		pass(k);
	else
		end_interrupt(&k->host->fxp);
}

/*
 * The buffer that the chip has filled, without the headers.  A segment without
 * data needs none: the price of its buffer's replacement is in drv_rx, as that
 * of all others.
 */
static struct mbuf *
received_data(struct host *host, const struct frame *frame)
{
	struct mbuf *m;

	if (frame->payload_bytes == 0)
		return NULL;
	m = m_gethdr(&host->mbufs);
	m_clget(&host->mbufs, m);
	mem_replaced(&host->costs, &m->m_ext->mem);
	m->m_off = FXP_RX_ALIGN + ETHER_HDR_LEN +
	    (frame->ip_bytes - frame->payload_bytes);
	m->m_len = frame->payload_bytes;
	m_name_append(m, m->m_off, frame->content);
	return m;
}

/* Without a new buffer for the ring, the frame's own stays there. */
static void
receive(struct host *host, const struct frame *frame)
{
	struct ip_packet packet = {.conn = frame->conn, .th = frame->th};

	if (frame->payload_bytes > 0 && !m_has_room(&host->mbufs, 1, 1)) {
		host->nobufs.n_driver++;
		return;
	}
	packet.m = received_data(host, frame);
	softnet_receive(&host->softnet, &packet);
}

static void
handle(struct kctx *k)
{
	struct fxp *fxp = &k->host->fxp;

	for (; fxp->n_rx > 0; fxp->n_rx--) {
		struct frame frame = nic_rx_take(&k->host->nic);

		receive(k->host, &frame);
	}
	for (; fxp->n_tx > 0; fxp->n_tx--)
		m_freem(&k->host->mbufs, nic_tx_reclaim(&k->host->nic));
	kctx_call(k, next_pass);
	fxp_start(k);
}

void
fxp_interrupt(void *arg)
{
	struct host *host = arg;
	struct fxp *fxp = &host->fxp;

	if (fxp->is_running)
		return;
	fxp->is_running = true;
	kctx_op(&fxp->k, OP_INTR, 1);
	pass(&fxp->k);
}
