/*
 * The paging queues, and what the page daemon takes from them.
 *
 * Stands for: the active and the inactive queue and uvmpd_scan(): pages that
 *	have not been faulted in again since they were deactivated are free.
 *	On the queues are the pages of files that are neither on loan nor wired:
 *	the others could not go.  Anonymous pages have no swap to go to: a real
 *	page daemon would look at them and put them back; here it does not look.
 *	A page that has been stored to is written back, and free then; it counts
 *	as free for the daemon's target from the start.
 * Mirrors: sys/uvm/uvm_pdaemon.c, uvm_page.c; netbsd-2002.md section 3.4: a
 *	page on loan is off the queues, so it is not selected.
 * Leaves out: swap, the time that a scan itself takes.
 * Units: pages.  Owns: the links in the pages.
 */
#ifndef MODELS_VM_PAGEOUT_H
#define MODELS_VM_PAGEOUT_H

#include "models/vm/page.h"

/* vm_page_activate: to the end of the active queue, if it may be on one. */
void vm_page_activate(struct vm *vm, struct vm_page *page);

/* vm_page_requeue: to the end of the queue it would be on, mapped or not. */
void vm_page_requeue(struct vm *vm, struct vm_page *page);

/* vm_page_dequeue: off the queues. => no effect when it is on none */
void vm_page_dequeue(struct vm *vm, struct vm_page *page);

/* vm_pageout_can: is there any page to look at? */
bool vm_pageout_can(const struct vm *vm);

/*
 * vm_pageout: free pages until freetarg are, or as many as somebody wants, or
 * none is left that could be; have those that were stored to written back.
 *
 * => takes the oldest inactive ones; refills the inactive queue to a third
 * => books a protection for every page whose mappings go
 * => returns how many are free now that were not
 */
int64_t vm_pageout(struct vm *vm, struct cost *cost,
    const struct cost_model *model);

#endif
