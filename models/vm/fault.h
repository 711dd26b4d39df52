/*
 * Page faults: what a load or store needs before it can happen.
 *
 * Stands for: uvm_fault().  Asked for a kind first; only the process that
 *	faults can see the page before the price is spent.
 *
 *	kind	access to			what happens
 *	ZERO	memory never touched		a zeroed page
 *	MAP	load, page there		mapped
 *	SOFT	store, page its own, not lent	mapped writable again
 *	COW	store, anon of one, lent	page copied; the loans keep the
 *						old one
 *	FORK	store, anon of several		a new anon with a copy
 *	PROMOTE	store, private page of an	a new anon with a copy, lent or
 *		object				not
 *	REPLACE	store, shared page of an	a copy takes its place in the
 *		object, lent			object
 *	PAGE_IN	page of a file, not in memory	to be read first
 *
 *	Undoing a loan does not make the mapping writable again, so the first
 *	store to each page that was ever lent faults, one way or the other.
 *	A fault enters neighbours too that are in memory and not mapped: 3
 *	behind and 4 ahead, or as was advised.  One that is mapped is left alone
 *	and one that is lent is not mapped writable, so that a refill of a
 *	buffer that was lent faults once for each page.
 * Mirrors: sys/uvm/uvm_fault.c 1.69; netbsd-2002.md sections 3.2 and 3.3.
 * Leaves out: deactivating what lies behind sequential access.
 * Units: addresses in bytes.  Owns: nothing.
 */
#ifndef MODELS_VM_FAULT_H
#define MODELS_VM_FAULT_H

#include "models/vm/map.h"

enum vm_fault {
	VM_FAULT_NONE,
	VM_FAULT_ZERO,
	VM_FAULT_SOFT,
	VM_FAULT_COW,
	VM_FAULT_MAP,
	VM_FAULT_FORK,
	VM_FAULT_PROMOTE,
	VM_FAULT_REPLACE,
	VM_FAULT_PAGE_IN
};

/* vm_fault_kind: what an access to this slot would need. */
enum vm_fault vm_fault_kind(const struct vm_slot *slot, bool is_store);

/* vm_fault_takes_page: would it take a page of memory? */
bool vm_fault_takes_page(enum vm_fault kind);

/*
 * vm_fault: let it happen, and add its price.
 *
 * => kind as vm_fault_kind has just said, but not VM_FAULT_PAGE_IN; there is a
 *    free page, if it takes one
 * => books trap and map under fault, zeroing under page_zero, the page copy
 *    under cow_copy
 */
void vm_fault(struct vm *vm, struct vm_slot *slot, enum vm_fault kind,
    struct cost *cost, const struct cost_model *model);

#endif
