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
whole_page(struct vm_page *page)
{
	return (struct mem_range){&page->mem, 0, PAGE_SIZE, MEM_KERNEL};
}

/*
 * The mapping through which the kernel fills a page ends with that: the program
 * sees what was stored, and no line of it outlives the page's next owner.
 */
static void
end_mapping(struct vm_page *page, struct cost *cost,
    const struct cost_model *model)
{
	mem_clean_alias(cost, model, whole_page(page));
	mem_unmapped(model, &page->mem, MEM_KERNEL);
}

/* pmap_zero_page() */
static void
zero_page(struct vm_page *page, struct cost *cost,
    const struct cost_model *model)
{
	cost_op(cost, model, OP_ZERO_1K, PAGE_SIZE);
	mem_write(cost, model, CAUSE_PAGE_ZERO, whole_page(page));
	end_mapping(page, cost, model);
}

/* pmap_copy_page(), and the old page left to its loans */
static void
copy_page(struct vm *vm, struct vm_slot *slot, struct cost *cost,
    const struct cost_model *model)
{
	struct vm_page *old = slot->page;

	slot->page = vm_page_alloc(vm, slot);
	/* a copy holds what the original holds, until the store comes */
	slot->page->version = old->version;
	mem_copy(cost, model, CAUSE_COW_COPY, whole_page(old),
	    whole_page(slot->page));
	end_mapping(slot->page, cost, model);
	/* read through one mapping, and replaced in the other: none is dirty */
	mem_unmapped(model, &old->mem, MEM_KERNEL);
	mem_unmapped(model, &old->mem, MEM_USER);
	vm_page_disown(vm, old);
}

void
vm_fault(struct vm *vm, struct vm_slot *slot, enum vm_fault kind,
    struct cost *cost, const struct cost_model *model)
{
	if (kind == VM_FAULT_NONE)
		return;
	CHECK(kind == vm_fault_kind(slot, kind != VM_FAULT_ZERO),
	    "a fault happens as it was asked");
	cost_op(cost, model, OP_FAULT, 1);
	if (kind == VM_FAULT_SOFT)
		vm->stats.n_soft_faults++;
	else
		cost_op(cost, model, OP_PAGE_ALLOC, 1);
	if (kind == VM_FAULT_ZERO) {
		slot->page = vm_page_alloc(vm, slot);
		zero_page(slot->page, cost, model);
		vm->stats.n_zero_fills++;
	} else if (kind == VM_FAULT_COW) {
		copy_page(vm, slot, cost, model);
		vm->stats.n_cow_faults++;
	}
	slot->is_writable = true;
}
