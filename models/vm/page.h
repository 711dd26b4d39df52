/*
 * Physical pages.
 *
 * Stands for: struct vm_page: 4 KB of memory, its owner, and how often it is on
 *	loan.  A page is in one of these conditions:
 *
 *	owner set, loan_count 0		an ordinary page
 *	owner set, loan_count > 0	lent to the network, kept by its owner
 *	no owner,  loan_count > 0	an orphan: it lives through its loans
 *
 *	and changes between them only through vm_loan_pages, vm_unloan_pages, a
 *	copying write fault, and unmapping.
 * Mirrors: sys/uvm/uvm_page.h, uvm_loan.c; netbsd-2002.md sections 3.1 to 3.4.
 * Content: version names what the page holds.  Every store by a program gives
 *	the page a version no page has had before, so that whoever looks at a
 *	page later can tell whether it still holds what it held.
 * Leaves out: paging queues and page-out (memory is never short here).
 * Units: pages.  Owns: all pages of a host.
 */
#ifndef MODELS_VM_PAGE_H
#define MODELS_VM_PAGE_H

#include "models/base/pool.h"
#include "models/hw/mem.h"

enum { PAGE_SHIFT = 12, PAGE_SIZE = 1 << PAGE_SHIFT };

struct vm_slot;

struct vm_page {
	struct mem_object mem;	/* first: kept while the page is free */
	uint32_t loan_count;
	uint64_t version;
	struct vm_slot *owner;
};

struct vm_stats {
	int64_t n_zero_fills;	/* first touches */
	int64_t n_soft_faults;	/* write faults after a loan, no copy */
	int64_t n_cow_faults;	/* write faults during a loan: page copied */
	int64_t n_loaned;	/* pages, once per loan */
	int64_t n_unloaned;
	int64_t n_protects;
};

struct vm {
	struct pool pages;
	uint64_t next_version;
	struct vm_stats stats;
};

void vm_init(struct vm *vm);
void vm_fini(struct vm *vm);

/* vm_page_alloc: a page for a slot, its content new */
struct vm_page *vm_page_alloc(struct vm *vm, struct vm_slot *owner);

/*
 * vm_page_disown: the owner lets go.
 *
 * => a page on loan becomes an orphan; any other is free
 */
void vm_page_disown(struct vm *vm, struct vm_page *page);

/* vm_page_stored: the program has written to the page. */
void vm_page_stored(struct vm *vm, struct vm_page *page);

#endif
