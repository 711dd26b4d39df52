/*
 * Page faults: what a load or store needs before it can happen.
 *
 * Stands for: uvm_fault() on anonymous memory.  Asked for a kind first; only
 *	the process that faults can see the page before the price is spent.
 *
 *	untouched			-> VM_FAULT_ZERO, a zeroed page
 *	store, read-only, loan_count 0	-> VM_FAULT_SOFT, mapped writable again
 *	store, read-only, loan_count >0	-> VM_FAULT_COW, page copied; the loans
 *					   keep the old one
 *
 *	Undoing a loan does not make the mapping writable again, so the first
 *	store to each page that was ever lent faults, one way or the other.
 * Mirrors: sys/uvm/uvm_fault.c 1.69; netbsd-2002.md sections 3.2 and 3.3.
 * Leaves out: fault-ahead, which never maps a loaned page writable and so saves
 *	none of these; only fresh pages would come cheaper.
 * Units: addresses in bytes.  Owns: nothing.
 */
#ifndef MODELS_VM_FAULT_H
#define MODELS_VM_FAULT_H

#include "models/vm/map.h"

enum vm_fault { VM_FAULT_NONE, VM_FAULT_ZERO, VM_FAULT_SOFT, VM_FAULT_COW };

/* vm_fault_kind: what an access to this slot would need. */
enum vm_fault vm_fault_kind(const struct vm_slot *slot, bool is_store);

/*
 * vm_fault: let it happen, and add its price.
 *
 * => kind as vm_fault_kind has just said
 * => books trap and map under fault, zeroing under page_zero, the page copy
 *    under cow_copy; where mappings are aliases, the new page is cleaned for
 *    the program's, and no line is left of the kernel's or of a mapping that
 *    was replaced
 */
void vm_fault(struct vm *vm, struct vm_slot *slot, enum vm_fault kind,
    struct cost *cost, const struct cost_model *model);

#endif
