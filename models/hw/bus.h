/*
 * The memory bus: one time resource for the CPU and the DMA masters.
 *
 * Stands for: the memory controller.  Reading at R bytes/s and writing at W use
 *	it fully; any mix r, w has r/R + w/W <= 1.
 * How: DMA goes first: a transfer at rate d takes the share d/R (or d/W) of the
 *	bus while it lasts, and the CPU's own traffic proceeds at what is left.
 *	One master at a time (the NIC queues its transfers).
 * Leaves out: arbitration by burst, refresh, row misses: the bandwidths are
 *	what is measured at the processor, with these in them.
 * Units: bytes/s, ps of exclusive bus time.  Owns: nothing.
 */
#ifndef MODELS_HW_BUS_H
#define MODELS_HW_BUS_H

#include <stdbool.h>

#include "models/base/cost.h"
#include "models/base/time.h"

enum bus_direction { BUS_READ, BUS_WRITE, BUS_N_DIRECTIONS };

struct bus_config {
	int64_t read_bps;	/* bytes per second */
	int64_t write_bps;
	int64_t pci_bps;	/* what a DMA master gets through PCI */
};

struct bus {
	struct ratio ps_per_byte[BUS_N_DIRECTIONS];
	struct ratio dma_ps_per_byte[BUS_N_DIRECTIONS];
	struct ratio cpu_share[BUS_N_DIRECTIONS];	/* left during a DMA */
	int64_t cpu_carry[BUS_N_DIRECTIONS];
	int64_t dma_carry[BUS_N_DIRECTIONS];
	int64_t duration_carry[BUS_N_DIRECTIONS];
	int64_t progress_carry[BUS_N_DIRECTIONS];

	bool dma_active;
	enum bus_direction dma_direction;
	/* told before and after the CPU's share changes */
	void (*changing)(void *arg);
	void (*changed)(void *arg);
	void *client;

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
 * bus_dma_duration: how long the next transfer lasts.
 *
 * => asked once for each transfer: the remainder is carried to the next one
 */
sim_time bus_dma_duration(struct bus *bus, enum bus_direction direction,
    int64_t bytes);

/* bus_dma_begin, bus_dma_end: one transfer; it is booked at its end. */
void bus_dma_begin(struct bus *bus, enum bus_direction direction);
void bus_dma_end(struct bus *bus, int64_t bytes);

#endif
