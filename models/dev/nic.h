/*
 * The network controller: hardware between a descriptor ring and the wire.
 *
 * Stands for: a bus master of one of the kinds in nic_kind.h.  It fetches
 *	packets of the transmit ring in order by DMA as its FIFO has room, puts
 *	them on the wire, stores what it receives by DMA, and raises one
 *	interrupt line.
 * How: one DMA transfer at a time, receive before transmit; each waits out the
 *	latency of PCI before it uses the memory.  A packet is fetched when all
 *	of it fits.  While a second one waits behind the one on the wire, the
 *	NIC looks when the first is out; else it counts what has left, byte by
 *	byte.  A frame starts on the wire when its threshold is in the FIFO
 *	(txfifo.h), and its ring entry is complete with its last bit.  An
 *	underrun cuts the frame; it is fetched again and then starts when it is
 *	whole.  Whether there was one is decided at the end of the fetch.
 *	Microcode may bundle what is received: the interrupt for a frame waits
 *	until there are so many, or until the first has waited for so long.
 * Mirrors: sys/dev/ic/i82557.c, i82557var.h; netbsd-2002.md section 7.  Its
 *	configuration asks for one retry after an underrun; that the retry
 *	fetches the packet again, and waits for all of it, is assumed.
 * Leaves out: descriptor traffic; filters; what the PHY does; storing a frame
 *	in the middle of fetching another.
 * Units: bytes, ps.  Owns: the packets in its ring, until they are reclaimed.
 */
#ifndef MODELS_DEV_NIC_H
#define MODELS_DEV_NIC_H

#include "models/base/calendar.h"
#include "models/dev/nic_kind.h"
#include "models/dev/txfifo.h"
#include "models/hw/bus.h"
#include "models/hw/wire.h"

/* Slots for the largest ring of all kinds. */
enum { NIC_TX_SLOTS = 256, NIC_RX_SLOTS = 256 };

struct nic_config {
	int64_t tx_fifo_bytes;
	int64_t tx_threshold;	/* bytes; what the driver asks for at first */
	enum nic_kind kind;
	/* receive bundling; at most one frame: none */
	int64_t rx_bundle_frames;
	sim_time rx_bundle_delay;
};

struct nic_tx {
	struct mbuf *m;
	uint32_t frame_bytes;	/* in the FIFO */
	uint32_t threshold;
	bool wants_interrupt;
	sim_time starts_at;	/* on the wire */
	sim_time ends_at;
};

/* What the NIC is wired to. */
struct nic_ports {
	struct wire *wire;
	void (*interrupt)(void *arg);
	/* the name of a packet's payload as fetched; counts what is wrong */
	uint64_t (*verify)(void *arg, const struct mbuf *m);
	/* an underrun has been counted */
	void (*underrun)(void *arg);
	void *arg;
};

struct nic_stats {
	int64_t n_tx_frames;
	int64_t n_rx_frames;
	int64_t n_rx_dropped;	/* no receive buffer */
	int64_t n_tx_underruns;	/* frames cut, each sent again */
};

struct nic {
	struct calendar *cal;
	struct bus *bus;
	struct nic_config config;
	const struct nic_traits *traits;
	struct nic_ports ports;
	/* transmit ring: reclaimed <= departed <= fetched <= filled */
	struct nic_tx tx[NIC_TX_SLOTS];
	uint64_t tx_filled;
	uint64_t tx_fetched;
	uint64_t tx_departed;
	uint64_t tx_reclaimed;
	int64_t fifo_used;	/* by frames that are not wholly out */
	struct tx_fetch fetch;	/* the one under way */
	bool is_retry;		/* the next fetch follows an underrun */
	struct cal_event departure;
	struct cal_event room;	/* enough of the only frame has left */
	/* receive ring: taken <= stored <= arrived */
	struct frame rx[NIC_RX_SLOTS];
	uint64_t rx_arrived;
	uint64_t rx_stored;
	uint64_t rx_taken;
	int64_t n_bundled;	/* stored since the last interrupt for them */
	struct cal_event bundle;	/* the first of them has waited */
	/* the transfer in progress, or claimed */
	struct bus_master master;
	bool dma_busy;
	bool dma_has_bus;	/* PCI's latency is over */
	enum bus_direction dma_direction;
	int64_t dma_bytes;
	struct cal_event dma;	/* the end of its latency, or of its bytes */
	/* reasons for the interrupt, cleared by the driver */
	bool tx_interrupt;
	bool rx_interrupt;
	struct nic_stats stats;
};

void nic_init(struct nic *nic, const struct nic_config *config,
    struct calendar *cal, struct bus *bus, const struct nic_ports *ports);

/* nic_tx_room: free entries of the transmit ring */
static inline uint32_t
nic_tx_room(const struct nic *nic)
{
	return nic->traits->tx_packets -
	    (uint32_t)(nic->tx_filled - nic->tx_reclaimed);
}

/*
 * nic_tx_put: fill the next entry.
 *
 * => there is room; m has a packet header
 * => the frame starts with threshold bytes in the FIFO; threshold > 0
 */
void nic_tx_put(struct nic *nic, struct mbuf *m, uint32_t threshold,
    bool wants_interrupt);

/* nic_kick: resume the command unit: there are new entries. */
void nic_kick(struct nic *nic);

/* nic_tx_complete: entries that are through and not reclaimed */
static inline uint32_t
nic_tx_complete(const struct nic *nic)
{
	return (uint32_t)(nic->tx_departed - nic->tx_reclaimed);
}

/* nic_tx_reclaim: take back the packet of the oldest complete entry. */
struct mbuf *nic_tx_reclaim(struct nic *nic);

/* nic_tx_peek: the packet of the i-th complete entry */
const struct mbuf *nic_tx_peek(const struct nic *nic, uint32_t i);

/* nic_receive: a frame comes from the wire. => arg: the NIC */
void nic_receive(void *arg, const struct frame *frame);

/* nic_rx_ready: frames stored in memory and not taken */
static inline uint32_t
nic_rx_ready(const struct nic *nic)
{
	return (uint32_t)(nic->rx_stored - nic->rx_taken);
}

/* nic_rx_take: the oldest of them. => nic_rx_ready() > 0 */
struct frame nic_rx_take(struct nic *nic);

/*
 * nic_wire_time: for how long the frame that is being fetched has been on the
 * wire, which the link does not know yet
 */
sim_time nic_wire_time(const struct nic *nic);

/* nic_is_idle: nothing to fetch, send, store or take */
bool nic_is_idle(const struct nic *nic);

#endif
