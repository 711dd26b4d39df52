#include "models/dev/nic.h"

#include <string.h>

#include "models/base/check.h"

static void dma_event(void *arg);
static void departed(void *arg);
static void try_dma(void *arg);
static void follow_fetch(void *arg);
static void plan_dma(void *arg);
static void bundle_due(void *arg);
static void has_pci(void *arg);

void
nic_init(struct nic *nic, const struct nic_config *config,
    struct calendar *cal, struct bus *bus, const struct nic_ports *ports)
{
	memset(nic, 0, sizeof *nic);
	nic->config = *config;
	nic->traits = &nic_traits[config->kind];
	CHECK(config->rx_bundle_frames <= 1 || nic->traits->can_bundle,
	    "bundling takes the microcode");
	nic->cal = cal;
	nic->bus = bus;
	nic->ports = *ports;
	cal_event_init(&nic->dma, dma_event, nic);
	cal_event_init(&nic->departure, departed, nic);
	cal_event_init(&nic->room, try_dma, nic);
	cal_event_init(&nic->bundle, bundle_due, nic);
	nic->master = (struct bus_master){.cause = CAUSE_NIC_DMA,
	    .granted = has_pci, .dma_changing = follow_fetch,
	    .dma_changed = plan_dma, .arg = nic};
}

static struct nic_tx *
tx_entry(struct nic *nic, uint64_t i)
{
	return &nic->tx[i % NIC_TX_SLOTS];
}

/*
 * DMA: first PCI, then its latency, then the bytes.
 */
static void
plan_dma(void *arg)
{
	struct nic *nic = arg;

	if (cal_is_scheduled(&nic->dma))
		cal_cancel(nic->cal, &nic->dma);
	cal_schedule(nic->cal, &nic->dma, nic->bus->dma_ends_at);
}

static void
take_bus(struct nic *nic)
{
	nic->dma_has_bus = true;
	bus_dma_begin(nic->bus, &nic->master, nic->dma_direction,
	    nic->dma_bytes, nic->cal->now);
	plan_dma(nic);
}

static void
has_pci(void *arg)
{
	struct nic *nic = arg;
	sim_time latency = nic->bus->pci_latency;

	if (latency == 0)
		take_bus(nic);
	else
		cal_schedule(nic->cal, &nic->dma, nic->cal->now + latency);
}

static void
begin_dma(struct nic *nic, enum bus_direction direction, int64_t bytes)
{
	nic->dma_busy = true;
	nic->dma_has_bus = false;
	nic->dma_direction = direction;
	nic->dma_bytes = bytes;
	if (bus_dma_claim(nic->bus, &nic->master))
		has_pci(nic);
}

/* Up to the present the transfer has gone at the rate that it has. */
static void
follow_fetch(void *arg)
{
	struct nic *nic = arg;

	if (nic->dma_direction == BUS_READ)
		tx_fetch_advance(&nic->fetch, &nic->ports.wire->link,
		    &nic->bus->dma, nic->cal->now);
}

static bool
begin_store(struct nic *nic)
{
	const struct frame *frame;

	if (nic->rx_stored == nic->rx_arrived)
		return false;
	frame = &nic->rx[nic->rx_stored % NIC_RX_SLOTS];
	begin_dma(nic, BUS_WRITE, link_frame_bytes(frame->ip_bytes));
	return true;
}

/*
 * Does a frame of that many bytes fit?  If it does not yet, but will before the
 * one frame there is has left, an event asks again.
 */
static bool
has_room(struct nic *nic, int64_t bytes)
{
	int64_t excess = nic->fifo_used + bytes - nic->config.tx_fifo_bytes;
	sim_time at;

	if (excess <= 0)
		return true;
	if (nic->tx_fetched - nic->tx_departed != 1)
		return false;
	at = link_byte_at(&nic->ports.wire->link,
	    tx_entry(nic, nic->tx_departed)->starts_at,
	    ETHER_PREAMBLE_LEN + excess);
	if (at <= nic->cal->now)
		return true;
	if (!cal_is_scheduled(&nic->room))
		cal_schedule(nic->cal, &nic->room, at);
	return false;
}

static void
begin_fetch(struct nic *nic)
{
	const struct nic_tx *tx = tx_entry(nic, nic->tx_fetched);

	if (nic->tx_fetched == nic->tx_filled)
		return;
	/* what a retry fetches has kept its room */
	if (!nic->is_retry) {
		if (!has_room(nic, tx->frame_bytes))
			return;
		nic->fifo_used += tx->frame_bytes;
	}
	tx_fetch_begin(&nic->fetch, tx->frame_bytes,
	    nic->is_retry ? tx->frame_bytes : tx->threshold);
	begin_dma(nic, BUS_READ, tx->frame_bytes);
}

static void
try_dma(void *arg)
{
	struct nic *nic = arg;

	if (!nic->dma_busy && !begin_store(nic))
		begin_fetch(nic);
}

static void
raise_interrupt(struct nic *nic)
{
	nic->ports.interrupt(nic->ports.arg);
}

static void
cut_short(struct nic *nic)
{
	link_cut(&nic->ports.wire->link, nic->fetch.starts_at,
	    nic->fetch.n_safe);
	nic->is_retry = true;
	nic->stats.n_tx_underruns++;
	nic->ports.underrun(nic->ports.arg);
}

static void
send_frame(struct nic *nic, struct nic_tx *tx, uint64_t content)
{
	const struct mbuf *m = tx->m;
	struct frame frame = {
	    .conn = m->m_conn,
	    .ip_bytes = (uint16_t)m->m_pkthdr_len,
	    .payload_bytes = m_packet_payload(m),
	    .th = m->m_th,
	    .content = content};
	struct link_slot slot =
	    wire_send(nic->ports.wire, nic->fetch.starts_at, &frame);

	nic->is_retry = false;
	nic->tx_fetched++;
	tx->starts_at = slot.starts_at;
	tx->ends_at = slot.ends_at;
	nic->stats.n_tx_frames++;
	if (!cal_is_scheduled(&nic->departure))
		cal_schedule(nic->cal, &nic->departure, tx->ends_at);
}

/* All of the frame has come: did the wire have to wait for some of it? */
static void
fetched(struct nic *nic)
{
	struct nic_tx *tx = tx_entry(nic, nic->tx_fetched);
	uint64_t content = nic->ports.verify(nic->ports.arg, tx->m);

	if (nic->fetch.is_cut)
		cut_short(nic);
	else
		send_frame(nic, tx, content);
}

static void
tell_received(struct nic *nic)
{
	if (cal_is_scheduled(&nic->bundle))
		cal_cancel(nic->cal, &nic->bundle);
	nic->n_bundled = 0;
	nic->rx_interrupt = true;
	raise_interrupt(nic);
}

static void
bundle_due(void *arg)
{
	tell_received(arg);
}

static void
stored(struct nic *nic)
{
	nic->rx_stored++;
	nic->stats.n_rx_frames++;
	if (++nic->n_bundled >= nic->config.rx_bundle_frames)
		tell_received(nic);
	else if (!cal_is_scheduled(&nic->bundle))
		cal_schedule(nic->cal, &nic->bundle,
		    nic->cal->now + nic->config.rx_bundle_delay);
}

static void
dma_event(void *arg)
{
	struct nic *nic = arg;

	if (!nic->dma_has_bus) {
		take_bus(nic);
		return;
	}
	follow_fetch(nic);
	bus_dma_end(nic->bus, nic->cal->now);
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
nic_tx_put(struct nic *nic, struct mbuf *m, uint32_t threshold,
    bool wants_interrupt)
{
	struct nic_tx *tx = tx_entry(nic, nic->tx_filled);

	CHECK(nic_tx_room(nic) > 0, "the driver keeps to the ring");
	tx->m = m;
	tx->frame_bytes = m->m_pkthdr_len + ETHER_HDR_LEN;
	tx->threshold = threshold;
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
	return nic->tx[(nic->tx_reclaimed + i) % NIC_TX_SLOTS].m;
}

void
nic_receive(void *arg, const struct frame *frame)
{
	struct nic *nic = arg;

	if (nic->rx_arrived - nic->rx_taken == nic->traits->rx_buffers) {
		nic->stats.n_rx_dropped++;
		return;
	}
	nic->rx[nic->rx_arrived++ % NIC_RX_SLOTS] = *frame;
	try_dma(nic);
}

struct frame
nic_rx_take(struct nic *nic)
{
	CHECK(nic_rx_ready(nic) > 0, "only what is stored is taken");
	return nic->rx[nic->rx_taken++ % NIC_RX_SLOTS];
}

sim_time
nic_wire_time(const struct nic *nic)
{
	const struct link *link = &nic->ports.wire->link;
	struct tx_fetch fetch = nic->fetch;

	if (!nic->dma_busy || !nic->dma_has_bus ||
	    nic->dma_direction != BUS_READ)
		return 0;
	tx_fetch_advance(&fetch, link, &nic->bus->dma, nic->cal->now);
	return tx_fetch_wire_time(&fetch, link, nic->cal->now);
}

bool
nic_is_idle(const struct nic *nic)
{
	return nic->tx_filled == nic->tx_reclaimed &&
	    nic->rx_arrived == nic->rx_taken && !nic->dma_busy;
}
