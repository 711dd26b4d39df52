#include "models/vm/fault.h"

#include "models/base/check.h"

enum vm_fault
vm_fault_kind(const struct vm_slot *slot, bool is_store)
{
	if (slot->page == NULL)
		return VM_FAULT_ZERO;
	if (!is_store || slot->is_writable)
		return VM_FAULT_NONE;
	return slot->page->loan_count > 0 ? VM_FAULT_COW : VM_FAULT_SOFT;
}

static struct mem_range
whole_page(const struct mem_object *object)
{
	return (struct mem_range){object, 0, PAGE_SIZE, MEM_KERNEL};
}

void
vm_fault_cost(struct cost *cost, const struct cost_model *model,
    enum vm_fault kind, const struct vm_slot *slot)
{
	/* the page to come does not exist yet: any page stands for it */
	static const struct mem_object fresh = {PAGE_SIZE};

	if (kind == VM_FAULT_NONE)
		return;
	cost_op(cost, model, OP_FAULT, 1);
	if (kind == VM_FAULT_SOFT)
		return;
	cost_op(cost, model, OP_PAGE_ALLOC, 1);
	if (kind == VM_FAULT_COW) {
		mem_copy(cost, model, CAUSE_COW_COPY,
		    whole_page(&slot->page->mem), whole_page(&fresh));
		return;
	}
	cost_op(cost, model, OP_ZERO_1K, PAGE_SIZE);
	mem_write(cost, model, CAUSE_PAGE_ZERO, whole_page(&fresh));
}

static void
replace_page(struct vm *vm, struct vm_slot *slot)
{
	struct vm_page *old = slot->page;

	slot->page = vm_page_alloc(vm, slot);
	/* a copy holds what the original holds, until the store comes */
	slot->page->version = old->version;
	vm_page_disown(vm, old);
}

void
vm_fault_commit(struct vm *vm, struct vm_slot *slot, enum vm_fault kind)
{
	CHECK(kind == vm_fault_kind(slot, kind != VM_FAULT_ZERO) ||
	    kind == VM_FAULT_NONE, "a fault is committed as it was asked");
	switch (kind) {
	case VM_FAULT_NONE:
		return;
	case VM_FAULT_ZERO:
		slot->page = vm_page_alloc(vm, slot);
		vm->stats.n_zero_fills++;
		break;
	case VM_FAULT_SOFT:
		vm->stats.n_soft_faults++;
		break;
	case VM_FAULT_COW:
		replace_page(vm, slot);
		vm->stats.n_cow_faults++;
		break;
	}
	slot->is_writable = true;
}
