#include "models/dev/nic.h"

#include <string.h>

#include "models/base/check.h"

static void dma_done(void *arg);
static void departed(void *arg);

void
nic_init(struct nic *nic, const struct nic_config *config,
    struct calendar *cal, struct bus *bus, const struct nic_ports *ports)
{
	memset(nic, 0, sizeof *nic);
	nic->config = *config;
	nic->cal = cal;
	nic->bus = bus;
	nic->ports = *ports;
	cal_event_init(&nic->dma_done, dma_done, nic);
	cal_event_init(&nic->departure, departed, nic);
}

static struct nic_tx *
tx_entry(struct nic *nic, uint64_t i)
{
	return &nic->tx[i % NIC_TX_RING];
}

static void
begin_dma(struct nic *nic, enum bus_direction direction, int64_t bytes)
{
	nic->dma_busy = true;
	nic->dma_direction = direction;
	nic->dma_bytes = bytes;
	bus_dma_begin(nic->bus, direction);
	cal_schedule(nic->cal, &nic->dma_done, nic->cal->now +
	    bus_dma_duration(nic->bus, direction, bytes));
}

static bool
begin_store(struct nic *nic)
{
	const struct frame *frame;

	if (nic->rx_stored == nic->rx_arrived)
		return false;
	frame = &nic->rx[nic->rx_stored % NIC_RX_RING];
	begin_dma(nic, BUS_WRITE, link_frame_bytes(frame->ip_bytes));
	return true;
}

static void
begin_fetch(struct nic *nic)
{
	const struct nic_tx *tx = tx_entry(nic, nic->tx_fetched);

	if (nic->tx_fetched == nic->tx_filled ||
	    nic->fifo_used + tx->frame_bytes > nic->config.tx_fifo_bytes)
		return;
	nic->fifo_used += tx->frame_bytes;
	begin_dma(nic, BUS_READ, tx->frame_bytes);
}

static void
try_dma(struct nic *nic)
{
	if (!nic->dma_busy && !begin_store(nic))
		begin_fetch(nic);
}

static void
raise_interrupt(struct nic *nic)
{
	nic->ports.interrupt(nic->ports.arg);
}

/* The frame is wholly in the FIFO: it goes to the wire. */
static void
fetched(struct nic *nic)
{
	struct nic_tx *tx = tx_entry(nic, nic->tx_fetched);
	const struct mbuf *m = tx->m;
	struct frame frame = {
	    .conn = m->m_conn,
	    .ip_bytes = (uint16_t)m->m_pkthdr_len,
	    .payload_bytes = m_packet_payload(m),
	    .th = m->m_th,
	    .content = nic->ports.verify(nic->ports.arg, m)};

	nic->tx_fetched++;
	tx->ends_at = wire_send(nic->ports.wire, nic->cal->now, &frame).ends_at;
	nic->stats.n_tx_frames++;
	if (!cal_is_scheduled(&nic->departure))
		cal_schedule(nic->cal, &nic->departure, tx->ends_at);
}

static void
stored(struct nic *nic)
{
	nic->rx_stored++;
	nic->stats.n_rx_frames++;
	nic->rx_interrupt = true;
	raise_interrupt(nic);
}

static void
dma_done(void *arg)
{
	struct nic *nic = arg;

	bus_dma_end(nic->bus, nic->dma_bytes);
	nic->dma_busy = false;
	if (nic->dma_direction == BUS_READ)
		fetched(nic);
	else
		stored(nic);
	try_dma(nic);
}

static void
departed(void *arg)
{
	struct nic *nic = arg;
	const struct nic_tx *tx = tx_entry(nic, nic->tx_departed++);

	nic->fifo_used -= tx->frame_bytes;
	if (nic->tx_departed < nic->tx_fetched)
		cal_schedule(nic->cal, &nic->departure,
		    tx_entry(nic, nic->tx_departed)->ends_at);
	if (tx->wants_interrupt) {
		nic->tx_interrupt = true;
		raise_interrupt(nic);
	}
	try_dma(nic);
}

void
nic_tx_put(struct nic *nic, struct mbuf *m, bool wants_interrupt)
{
	struct nic_tx *tx = tx_entry(nic, nic->tx_filled);

	CHECK(nic_tx_room(nic) > 0, "the driver keeps to the ring");
	tx->m = m;
	tx->frame_bytes = m->m_pkthdr_len + ETHER_HDR_LEN;
	tx->wants_interrupt = wants_interrupt;
	nic->tx_filled++;
}

void
nic_kick(struct nic *nic)
{
	try_dma(nic);
}

struct mbuf *
nic_tx_reclaim(struct nic *nic)
{
	CHECK(nic_tx_complete(nic) > 0, "only what is sent is reclaimed");
	return tx_entry(nic, nic->tx_reclaimed++)->m;
}

const struct mbuf *
nic_tx_peek(const struct nic *nic, uint32_t i)
{
	return nic->tx[(nic->tx_reclaimed + i) % NIC_TX_RING].m;
}

void
nic_receive(void *arg, const struct frame *frame)
{
	struct nic *nic = arg;

	if (nic->rx_arrived - nic->rx_taken == NIC_RX_RING) {
		nic->stats.n_rx_dropped++;
		return;
	}
	nic->rx[nic->rx_arrived++ % NIC_RX_RING] = *frame;
	try_dma(nic);
}

struct frame
nic_rx_take(struct nic *nic)
{
	CHECK(nic_rx_ready(nic) > 0, "only what is stored is taken");
	return nic->rx[nic->rx_taken++ % NIC_RX_RING];
}

bool
nic_is_idle(const struct nic *nic)
{
	return nic->tx_filled == nic->tx_reclaimed &&
	    nic->rx_arrived == nic->rx_taken && !nic->dma_busy;
}
