#include "models/vm/fault.h"

#include "models/base/check.h"
#include "models/vm/pmap.h"

static enum vm_fault
store_to_anon(const struct vm_slot *slot)
{
	if (slot->anon->refs > 1)
		return VM_FAULT_FORK;
	if (slot->anon->page->loan_count == 0 ||
	    slot->entry->vm->config.hazards.no_cow)
		return VM_FAULT_SOFT;
	return VM_FAULT_COW;
}

static enum vm_fault
kind_in_object(const struct vm_slot *slot, bool is_store)
{
	const struct vm_object *object = slot->entry->object;
	const struct vm_page *page = vm_resident(slot);

	if (page == NULL && object->kind == VM_OBJECT_FILE)
		return VM_FAULT_PAGE_IN;
	if (page == NULL)
		return VM_FAULT_ZERO;
	if (!is_store)
		return VM_FAULT_MAP;
	if (!slot->entry->is_shared)
		return VM_FAULT_PROMOTE;
	return page->loan_count > 0 ? VM_FAULT_REPLACE : VM_FAULT_SOFT;
}

enum vm_fault
vm_fault_kind(const struct vm_slot *slot, bool is_store)
{
	if (slot->page != NULL && (!is_store || slot->is_writable))
		return VM_FAULT_NONE;
	if (slot->anon != NULL)
		return is_store ? store_to_anon(slot) : VM_FAULT_MAP;
	if (slot->entry->object != NULL)
		return kind_in_object(slot, is_store);
	return VM_FAULT_ZERO;
}

bool
vm_fault_takes_page(enum vm_fault kind)
{
	switch (kind) {
	case VM_FAULT_NONE:
	case VM_FAULT_SOFT:
	case VM_FAULT_MAP:
		return false;
	case VM_FAULT_ZERO:
	case VM_FAULT_COW:
	case VM_FAULT_FORK:
	case VM_FAULT_PROMOTE:
	case VM_FAULT_REPLACE:
	case VM_FAULT_PAGE_IN:
		return true;
	}
	return false;
}

/* May it be stored to without a further fault? */
static bool
may_store(const struct vm_slot *slot)
{
	return slot->anon != NULL && slot->anon->refs == 1 &&
	    slot->anon->page->loan_count == 0;
}

static void
zero_fill(struct vm *vm, struct vm_slot *slot, struct cost *cost,
    const struct cost_model *model)
{
	struct vm_object *object = slot->entry->object;
	struct vm_page *page;

	if (object != NULL)
		page = vm_page_alloc_in(vm, object, vm_object_index(slot));
	else {
		slot->anon = vm_anon_new(vm);
		page = slot->anon->page;
	}
	pmap_zero_page(page, cost, model);
	pmap_enter(vm, slot, page, true);
	vm->stats.n_zero_fills++;
}

/* A slot sees its anon's new page instead of old; what is wired stays so. */
static void
see_copy(struct vm *vm, struct vm_slot *slot, struct vm_page *old,
    struct cost *cost, const struct cost_model *model)
{
	bool is_wired = slot->is_wired;

	pmap_copy_page(old, slot->anon->page, cost, model);
	if (slot->page != NULL)
		pmap_remove(slot, cost, model);
	pmap_enter(vm, slot, slot->anon->page, true);
	if (is_wired)
		vm_slot_wire(slot);
}

/* An anon of one: a new page for it, and the old one left to its loans. */
static void
copy_lent_anon(struct vm *vm, struct vm_slot *slot, struct cost *cost,
    const struct cost_model *model)
{
	struct vm_page *old = slot->anon->page;

	slot->anon->page = vm_page_alloc(vm, slot->anon);
	see_copy(vm, slot, old, cost, model);
	pmap_page_remove(old, cost, model);
	vm_page_disown(vm, old);
	vm->stats.n_cow_faults++;
}

/* A new anon with a copy: of one that others have, or of an object's page. */
static void
copy_to_anon(struct vm *vm, struct vm_slot *slot, struct cost *cost,
    const struct cost_model *model)
{
	struct vm_page *old = vm_resident(slot);
	struct vm_anon *shared = slot->anon;

	slot->anon = vm_anon_new(vm);
	see_copy(vm, slot, old, cost, model);
	if (shared != NULL)
		vm_anon_drop(vm, shared);
	vm->stats.n_other_copies++;
}

/* A shared page on loan: all who mapped it will find the copy instead. */
static void
replace_in_object(struct vm *vm, struct vm_slot *slot, struct cost *cost,
    const struct cost_model *model)
{
	pmap_enter(vm, slot, vm_object_replace(slot->entry->object,
	    vm_object_index(slot), cost, model), true);
}

/* Is it to be entered with its neighbour? */
static void
enter_neighbour(struct vm *vm, struct vm_slot *slot, struct cost *cost,
    const struct cost_model *model)
{
	const struct vm_object *object = slot->entry->object;
	struct vm_page *page;

	if (slot->page != NULL || (object != NULL && slot->anon == NULL &&
	    vm_object_index(slot) >= object->n_pages))
		return;
	page = vm_resident(slot);
	if (page == NULL || page->busy != NULL)
		return;
	cost_op_as(cost, model, OP_KENTER, 1, CAUSE_FAULT);
	pmap_enter(vm, slot, page, may_store(slot));
	vm->stats.n_ahead++;
}

static void
fault_ahead(struct vm *vm, struct vm_slot *slot, struct cost *cost,
    const struct cost_model *model)
{
	static const struct {
		uint64_t behind, ahead;
	} window[] = {
	    [VM_ADVICE_NORMAL] = {3, 4},
	    [VM_ADVICE_RANDOM] = {0, 0},
	    [VM_ADVICE_SEQUENTIAL] = {8, 7}};
	const struct vm_entry *e = slot->entry;
	uint64_t at = (uint64_t)(slot - e->slots);
	uint64_t from = at - window[e->advice].behind;
	uint64_t to = at + window[e->advice].ahead + 1;

	/* mapped ones are left alone */
	if (e->n_mapped == e->n_pages)
		return;
	if (at < window[e->advice].behind)
		from = 0;
	for (uint64_t i = from; i < to && i < e->n_pages; i++)
		enter_neighbour(vm, &e->slots[i], cost, model);
}

static void
resolve(struct vm *vm, struct vm_slot *slot, enum vm_fault kind,
    struct cost *cost, const struct cost_model *model)
{
	switch (kind) {
	case VM_FAULT_ZERO:
		zero_fill(vm, slot, cost, model);
		return;
	case VM_FAULT_COW:
		copy_lent_anon(vm, slot, cost, model);
		return;
	case VM_FAULT_FORK:
	case VM_FAULT_PROMOTE:
		copy_to_anon(vm, slot, cost, model);
		return;
	case VM_FAULT_REPLACE:
		replace_in_object(vm, slot, cost, model);
		return;
	case VM_FAULT_SOFT:
		pmap_enter(vm, slot, vm_resident(slot), true);
		vm->stats.n_soft_faults++;
		return;
	case VM_FAULT_MAP:
		pmap_enter(vm, slot, vm_resident(slot), may_store(slot));
		vm->stats.n_map_faults++;
		return;
	case VM_FAULT_NONE:
	case VM_FAULT_PAGE_IN:
		return;
	}
}

static bool
is_of_load(enum vm_fault kind)
{
	return kind == VM_FAULT_ZERO || kind == VM_FAULT_MAP;
}

void
vm_fault(struct vm *vm, struct vm_slot *slot, enum vm_fault kind,
    struct cost *cost, const struct cost_model *model)
{
	if (kind == VM_FAULT_NONE)
		return;
	CHECK(kind != VM_FAULT_PAGE_IN, "a page is read before it is mapped");
	CHECK(kind == vm_fault_kind(slot, !is_of_load(kind)),
	    "a fault happens as it was asked");
	cost_op(cost, model, OP_FAULT, 1);
	if (vm_fault_takes_page(kind))
		cost_op(cost, model, OP_PAGE_ALLOC, 1);
	resolve(vm, slot, kind, cost, model);
	fault_ahead(vm, slot, cost, model);
}
