/*
 * Waiting for memory, and the page daemon.
 *
 * Stands for: uvm_wait() in faults, the sleep on lbolt in uvm_loan(), reading a
 *	page of a file, and uvm_pageout(), the kernel thread.
 *	Who needs pages that are not free wakes the daemon and sleeps.  A fault
 *	goes on as soon as a page is free, a loan at the next full second
 *	(netbsd-2002.md 3.1).  A retry of which it is known that it would find
 *	nothing is not made: so if nothing is left to happen, it is a deadlock.
 *	When the run is over, memory is short no more.
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
 * memory_waits_for_file: is there what an access to these pages of a file
 * needs, for calls that do not map them?
 *
 * => they lie in the file, or are in memory; is_sequential: others will follow
 * => true: no; the process sleeps, and goes on with retry
 * => false: they are in memory, and have been read
 */
bool memory_waits_for_file(struct kctx *k, struct vm_object *object,
    uint64_t first_page, uint64_t n_pages, bool is_sequential, kctx_fn retry);

/*
 * memory_waits_for_write_back: is all of a file on its disk that has been
 * stored to?
 *
 * => here there is no disk to write to, so that nothing is waited for
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
