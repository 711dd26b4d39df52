#include "models/dev/wd.h"

#include <string.h>

#include "models/host.h"

static void pass(struct kctx *k);

void
wd_init(struct wd *wd, struct host *host)
{
	memset(wd, 0, sizeof *wd);
	kctx_init(&wd->k, host, "wd0", CPU_HARDINT);
	wd->done_tail = &wd->done;
}

static struct buf *
take(struct wd *wd)
{
	struct buf *bp = wd->done;

	if (bp != NULL && (wd->done = bp->b_next) == NULL)
		wd->done_tail = &wd->done;
	return bp;
}

static void
next_pass(struct kctx *k)
{
	struct wd *wd = &k->host->wd;

	if (wd->done != NULL)
		pass(k);
	else if (kctx_has_cost(k))
		kctx_spend(k, SPL_NET, next_pass);
	else
		wd->is_running = false;
}

/* One transfer a pass: each has its own path through the handler. */
static void
handle(struct kctx *k)
{
	struct buf *bp = take(&k->host->wd);

	bp->b_iodone(k, bp);
	next_pass(k);
}

static void
pass(struct kctx *k)
{
	kctx_op(k, OP_DISK_INTR, 1);
	kctx_spend(k, SPL_NET, handle);
}

static void
interrupt(void *arg)
{
	struct buf *bp = arg;
	struct wd *wd = &bp->b_host->wd;

	bp->b_next = NULL;
	*wd->done_tail = bp;
	wd->done_tail = &bp->b_next;
	if (wd->is_running)
		return;
	wd->is_running = true;
	wd->n_interrupts++;
	kctx_op(&wd->k, OP_INTR, 1);
	pass(&wd->k);
}

void
wdstrategy(struct host *host, struct buf *bp)
{
	bp->b_host = host;
	bp->b_request.done = interrupt;
	bp->b_request.arg = bp;
	disk_strategy(&host->disk, &bp->b_request);
}
