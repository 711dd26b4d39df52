/*
 * Waiting for memory, and the page daemon.
 *
 * Stands for: uvm_wait() in faults, the sleep on lbolt in uvm_loan(), waiting
 *	for pages of files, and uvm_pageout(), the kernel thread.
 *	Who needs pages that are not free wakes the daemon and sleeps.  A fault
 *	goes on as soon as a page is free, a loan at the next full second
 *	(netbsd-2002.md 3.1).  A retry of which it is known that it would find
 *	nothing is not made: so if nothing is left to happen, it is a deadlock.
 *	When the run is over, memory is short no more; but who waits for the
 *	disk waits on, until it is done.
 * Mirrors: sys/uvm/uvm_pdaemon.c, uvm_fault.c, uvm_loan.c.
 * Leaves out: pages kept back for the kernel and the daemon; mbufs and
 *	clusters, which have memory of their own.
 * Units: ps, pages.  Owns: its events.  Borrows: the host.
 */
#ifndef MODELS_KERN_MEMORY_H
#define MODELS_KERN_MEMORY_H

#include "models/kern/proc.h"
#include "models/vm/loan.h"

struct memory {
	struct host *host;
	struct waitq fault_wait;	/* uvm.free wait channel */
	struct waitq lbolt;
	struct cal_event lbolt_tick;
	struct kctx daemon;
	int64_t n_waits;		/* sleeps for a page */
	int64_t n_scans;		/* of the daemon */
};

void memory_init(struct memory *memory, struct host *host);

/*
 * memory_waits: is there what an access to that range needs?
 *
 * => true: no; the process sleeps, and goes on with retry
 * => false: vm_fault can be called for every page of it, in order; what is not
 *    mapped is no concern here
 */
bool memory_waits(struct kctx *k, uint64_t va, int64_t len, bool is_store,
    kctx_fn retry);

/* memory_waits_for_room: the same, for so many pages that are to be taken */
bool memory_waits_for_room(struct kctx *k, int64_t n_pages, kctx_fn retry);

/*
 * memory_waits_for_file: is what read(2), write(2) or sendfile(2) of a file
 * needs in memory?
 *
 * => the pages lie in the file
 * => is_sequential: what lies behind them is read ahead, if they end a window
 *    of ubc_alloc() (8 KB) at a multiple of 64 KB
 * => true: no, or there was something to read ahead; k goes on with retry
 * => false: they are, and in no transfer
 */
bool memory_waits_for_file(struct kctx *k, struct vm_object *object,
    uint64_t first_page, uint64_t n_pages, bool is_sequential, kctx_fn retry);

/*
 * memory_waits_for_write_back: is all of a file on its disk that has been
 * stored to?
 *
 * => true: no; k has it written, sleeps until it is there, and goes on with
 *    retry
 */
bool memory_waits_for_write_back(struct kctx *k, struct vm_object *object,
    kctx_fn retry);

/*
 * memory_waits_to_lend: the same, for what vm_loan_ask has said.
 *
 * => false: the result is final
 */
bool memory_waits_to_lend(struct kctx *k, uint64_t va, uint32_t n,
    enum vm_loan_result result, kctx_fn retry);

#endif
