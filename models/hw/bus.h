/*
 * The memory bus: one time resource for the CPU and the DMA masters.
 *
 * Stands for: the memory controller.  Reading at R bytes/s and writing at W use
 *	it fully; any mix r, w has r/R + w/W <= 1.
 * How: a transfer at rate d takes the share d/R (or d/W) of the bus while it
 *	lasts, and the CPU's own traffic proceeds at what is left.  d is bounded
 *	by PCI.  DMA first: the transfer always gets its bound.  Fair: max-min
 *	sharing of bus time; while the CPU waits for memory, a transfer whose
 *	bound exceeds half of the bus gets half, and its end moves.  One
 *	transfer at a time: a master that finds PCI taken waits, and those who
 *	wait have it in turn.
 * Exact: what is left of a transfer is counted in units of which any rate does
 *	a whole number in a picosecond; what an end rounds off, the next
 *	transfer of that direction has to do as well.
 * Leaves out: arbitration by burst (masters take turns by whole transfers),
 *	refresh, row misses: the bandwidths are what is measured at the
 *	processor, with these in them.
 * Units: bytes/s, ps of exclusive bus time.  Owns: nothing.
 */
#ifndef MODELS_HW_BUS_H
#define MODELS_HW_BUS_H

#include <stdbool.h>

#include "models/base/cost.h"
#include "models/base/time.h"

enum bus_direction { BUS_READ, BUS_WRITE, BUS_N_DIRECTIONS };

enum bus_arbitration { BUS_DMA_FIRST, BUS_FAIR };

struct bus_config {
	int64_t read_bps;	/* bytes per second */
	int64_t write_bps;
	int64_t pci_bps;	/* what a DMA master gets through PCI */
	sim_time pci_latency;	/* of a transfer, before its first byte */
	enum bus_arbitration arbitration;
};

/* At d bytes/s a picosecond does 2 d; half of an odd bandwidth is whole too. */
#define BUS_WORK_PER_BYTE	(2 * PS_PER_S)

/* Where a transfer stood at a date, and how fast it has gone since. */
struct bus_progress {
	int64_t left;		/* work */
	int64_t rate;		/* work per ps */
	sim_time since;
};

/* Who moves bytes without the CPU.  Owned by the device. */
struct bus_master {
	enum kern_cause cause;		/* of what it moves */
	/* PCI, which it has claimed and was taken, is its own now */
	void (*granted)(void *arg);
	/* told before and after the rate of its transfer changes */
	void (*dma_changing)(void *arg);
	void (*dma_changed)(void *arg);
	void *arg;
	struct bus_master *next;	/* who waits behind it */
	bool is_waiting;
};

struct bus {
	struct ratio ps_per_byte[BUS_N_DIRECTIONS];
	struct ratio cpu_share[BUS_N_DIRECTIONS];	/* left during a DMA */
	/* of a transfer: while the CPU does not wait for memory, and does */
	int64_t dma_rate[BUS_N_DIRECTIONS][2];
	sim_time pci_latency;
	int64_t cpu_carry[BUS_N_DIRECTIONS];
	int64_t dma_carry[BUS_N_DIRECTIONS];
	int64_t dma_debt[BUS_N_DIRECTIONS];	/* work, less than a ps */
	int64_t progress_carry[BUS_N_DIRECTIONS];

	/* the transfer under way */
	bool dma_active;
	bool dma_is_watched;	/* its rate depends on whether the CPU waits */
	enum bus_direction dma_direction;
	int64_t dma_now_bytes;
	struct bus_progress dma;
	sim_time dma_ends_at;	/* at this rate */
	/* told before and after the CPU's share changes */
	void (*changing)(void *arg);
	void (*changed)(void *arg);
	void *client;
	struct bus_master *holder;	/* of PCI; NULL: it is free */
	struct bus_master *first_waiting;
	struct bus_master *last_waiting;

	struct ledger *ledger;
	sim_time dma_busy_ps;
	int64_t dma_bytes[BUS_N_DIRECTIONS];
	int64_t cpu_bytes[BUS_N_DIRECTIONS];
};

void bus_init(struct bus *bus, const struct bus_config *config,
    struct ledger *ledger);

/* bus_cpu_time: exclusive bus time of a step's traffic, booked as the CPU's */
sim_time bus_cpu_time(struct bus *bus, const struct cost *cost);

/*
 * bus_cpu_progress: bus time that the CPU gets within an interval in which no
 * DMA begins or ends; the remainder is carried.
 */
sim_time bus_cpu_progress(struct bus *bus, sim_time interval);

/*
 * bus_cpu_duration: how long the CPU needs for that much bus time if no DMA
 * begins or ends, rounded up; SIM_TIME_NEVER while DMA leaves it nothing.
 */
sim_time bus_cpu_duration(const struct bus *bus, sim_time bus_time);

/*
 * bus_cpu_waits: the CPU begins to wait for memory, or ends to.
 *
 * => asked for at each of its steps, and between the two parts of one, while
 *    dma_is_watched; of no effect on the CPU's own share
 */
void bus_cpu_waits(struct bus *bus, bool waits, sim_time now);

/*
 * bus_dma_claim: take PCI for one transfer, its latency included.
 *
 * => true: the master has it; bus_dma_begin follows, at once or later
 * => false: another one has it; granted() is called in the master's turn
 * => it does not hold it, nor wait for it
 */
bool bus_dma_claim(struct bus *bus, struct bus_master *master);

/*
 * bus_dma_begin: the first byte of a transfer is about to be moved.
 *
 * => the master has PCI, or nobody has and it takes it; it ends at
 *    dma_ends_at, which dma_changed() says has changed; pci_latency has
 *    passed, as the master's business
 */
void bus_dma_begin(struct bus *bus, struct bus_master *master,
    enum bus_direction direction, int64_t bytes, sim_time now);

/*
 * bus_dma_end: at dma_ends_at; the transfer is booked, and PCI goes to who has
 * waited longest.
 *
 * => that one's granted() is called before it returns
 */
void bus_dma_end(struct bus *bus, sim_time now);

#endif
