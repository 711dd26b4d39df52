/*
 * The driver of the disk.
 *
 * Stands for: wdstrategy(), wdstart() and wdcintr(): transfers are handed to
 *	the disk, which queues them; when one is done an interrupt calls its
 *	b_iodone.  Transfers that are done while the handler runs are served in
 *	its next pass, without an interrupt of their own.
 * Mirrors: sys/dev/ata/wd.c, sys/dev/ic/wdc.c, biodone() of vfs_bio.c.
 * Leaves out: the time from the end of a transfer to the next command, which
 *	the handler gives: 10 us beside the 10 ms of a transfer; errors, resets
 *	and programmed I/O.
 * Units: transfers.  Borrows: each struct buf, until its b_iodone.
 */
#ifndef MODELS_DEV_WD_H
#define MODELS_DEV_WD_H

#include "models/hw/disk.h"
#include "models/kern/kctx.h"

struct buf {
	struct disk_request b_request;
	struct host *b_host;
	struct buf *b_next;		/* of those that are done */
	void (*b_iodone)(struct kctx *k, struct buf *bp);
};

struct wd {
	struct kctx k;			/* the interrupt handler */
	bool is_running;
	struct buf *done;		/* the first one first */
	struct buf **done_tail;
	int64_t n_interrupts;
};

void wd_init(struct wd *wd, struct host *host);

/*
 * wdstrategy: sectors of b_request, one way or the other.
 *
 * => its price has been spent by who calls; b_iodone is called once, in the
 *    interrupt, whose context pays for what it adds
 */
void wdstrategy(struct host *host, struct buf *bp);

#endif
