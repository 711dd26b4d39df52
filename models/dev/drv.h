/*
 * The driver of the network controller.
 *
 * Stands for: the drivers of the kinds in nic_kind.h: fxp_start(), fxp_intr()
 *	with its receive and transmit halves, and their like.  A start takes all
 *	that the interface queue holds and the ring has room for as one batch,
 *	whose last packet asks for an interrupt, or each.  A packet that the
 *	chip cannot take as it lies, for its segments or its alignment, is
 *	copied into one mbuf, with a cluster if it has to be.
 *	What is received lies in a cluster that the chip filled, and goes up
 *	without its headers; a fresh one takes its place.  A chip with a ring of
 *	its own has no clusters: each frame is copied into an mbuf, with a
 *	cluster if it is longer than 214 bytes.  The copy reads what DMA has
 *	just stored, so always from memory.
 *	fxp_tick(), of fxp alone, once a second: it reads the statistics that
 *	the chip was told a second ago to write, and if they count underruns,
 *	packets put in the ring from then on have a threshold 512 bytes higher,
 *	as long as it was below 1536.
 * Mirrors: sys/dev/ic/i82557.c of June 2002, and those named in nic_kind.h;
 *	netbsd-2002.md section 7.
 * Leaves out: the price of the tick, which runs only when it has something to
 *	find; checking the status of each block, resets, the watchdog; of a copy
 *	the bytes of its headers; differences in price between the drivers.
 * Units: packets.  Owns: the batch it is loading.
 */
#ifndef MODELS_DEV_DRV_H
#define MODELS_DEV_DRV_H

#include "models/hw/cache.h"
#include "models/kern/kctx.h"

enum {
	DRV_RX_ALIGN = 2,	/* before a frame, so that IP is aligned */
	FXP_THRESHOLD_STEP = 512,
	FXP_THRESHOLD_ENOUGH = 1536
};

struct drv {
	struct kctx k;		/* the interrupt handler */
	bool is_running;
	uint32_t n_rx;		/* what this pass of the handler serves */
	uint32_t n_tx;
	int64_t n_tx_gone;	/* packets, since the start */
	bool saw_rx;		/* in this interrupt, in whichever pass */
	bool saw_tx;
	int64_t n_tx_interrupts;
	int64_t n_rx_interrupts;
	int64_t n_copied;	/* packets that the chip could not take */
	int64_t n_rx_copied;	/* frames, out of the ring */
	struct mem_object rx_ring;	/* where the next frame lies in it */
	struct mem_object rx_headers;	/* the mbuf of a frame without data */
	int64_t tx_threshold;
	struct cal_event tick;
	int64_t n_dumped;	/* underruns in the chip's last statistics */
	int64_t n_counted;	/* ... and in all of them */
};

void drv_init(struct drv *drv, struct host *host);

/* drv_start: if_start. => at splnet or lower; ends with kctx_return */
void drv_start(struct kctx *k);

/* drv_underrun: the chip has counted one. => arg: the host */
void drv_underrun(void *arg);

/* drv_interrupt: the line is raised. => arg: the host */
void drv_interrupt(void *arg);

#endif
