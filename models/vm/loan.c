#include "models/vm/loan.h"

#include "models/base/check.h"
#include "models/vm/pageout.h"
#include "models/vm/pmap.h"

/* Would memory that has no page be zeroes, or has it to be read? */
static bool
is_zero_fill(const struct vm_slot *slot)
{
	const struct vm_object *object = slot->entry->object;

	return object == NULL || object->kind == VM_OBJECT_ANON;
}

/* A reason against lending one page that is mapped. */
static enum vm_loan_result
ask_page(const struct vm_slot *slot, uint32_t *n_first, uint32_t *n_zero)
{
	const struct vm_page *page = vm_resident(slot);

	if (page == NULL && !is_zero_fill(slot))
		return VM_LOAN_NOT_RESIDENT;
	if (page == NULL) {
		++*n_zero;
		return VM_LOAN_OK;
	}
	if (page->wire_count > 0)
		return VM_LOAN_WIRED;
	*n_first += page->loan_count == 0;
	return VM_LOAN_OK;
}

/* Of so many pages never touched, 1 and up, how many are allocated? */
static int64_t
pages_for(const struct vm *vm, uint32_t n_zero)
{
	if (!vm->config.loan_zero_page)
		return n_zero;
	return vm->zero_object == NULL;
}

enum vm_loan_result
vm_loan_ask(struct vm_space *space, uint64_t va, uint32_t n,
    uint32_t *n_first)
{
	struct vm_slot *slot = vm_find_slot(space, va);
	uint32_t n_zero = 0;

	CHECK(va == trunc_page(va) && n >= 1 && n <= VM_LOAN_MAX_PAGES,
	    "a loan is of 1 to 17 whole pages");
	*n_first = 0;
	for (uint32_t i = 0; i < n; i++) {
		enum vm_loan_result result;

		if (slot == NULL)
			return VM_LOAN_NO_MAPPING;
		result = ask_page(slot, n_first, &n_zero);
		if (result != VM_LOAN_OK)
			return result;
		va += PAGE_SIZE;
		if (i + 1 < n)
			slot = vm_next_slot(space, slot, va);
	}
	return n_zero == 0 || vm_has_free(space->vm, pages_for(space->vm,
	    n_zero)) ? VM_LOAN_OK : VM_LOAN_NO_MEMORY;
}

static void
zero_for_all(struct vm *vm, struct cost *cost, const struct cost_model *model)
{
	if (vm->zero_object != NULL)
		return;
	vm->zero_object = vm_object_new(vm, VM_OBJECT_ANON, 0, PAGE_SIZE);
	cost_op(cost, model, OP_PAGE_ALLOC, 1);
	pmap_zero_page(vm_page_alloc_in(vm, vm->zero_object, 0), cost, model);
}

/* Kept until vm_loan_pages, the first one on top. */
static void
zero_one(struct vm_space *space, struct cost *cost,
    const struct cost_model *model)
{
	struct vm_page **link = &space->fill, *page;

	while (*link != NULL)
		link = &(*link)->newer;
	page = vm_page_alloc(space->vm, NULL);
	cost_op(cost, model, OP_PAGE_ALLOC, 1);
	pmap_zero_page(page, cost, model);
	*link = page;
}

static void
prepare_page(struct vm_space *space, struct vm_slot *slot, struct cost *cost,
    const struct cost_model *model)
{
	struct vm_page *page = vm_resident(slot);

	if (page == NULL && space->vm->config.loan_zero_page)
		zero_for_all(space->vm, cost, model);
	else if (page == NULL)
		zero_one(space, cost, model);
	else if (page->loan_count == 0)
		mem_clean_alias(cost, model, (struct mem_range){&page->mem, 0,
		    PAGE_SIZE, MEM_USER});
}

void
vm_loan_prepare(struct vm_space *space, uint64_t va, uint32_t n,
    struct cost *cost, const struct cost_model *model)
{
	struct vm_slot *slot = vm_find_slot(space, va);

	for (uint32_t i = 0; i < n; i++) {
		prepare_page(space, slot, cost, model);
		va += PAGE_SIZE;
		if (i + 1 < n)
			slot = vm_next_slot(space, slot, va);
	}
}

static struct vm_page *
zeroed_page(struct vm_space *space)
{
	struct vm *vm = space->vm;
	struct vm_page *page = space->fill;

	vm->stats.n_zero_loans++;
	if (vm->config.loan_zero_page)
		return vm->zero_object->pages[0];
	CHECK(page != NULL, "what is lent untouched has been zeroed");
	space->fill = page->newer;
	page->newer = NULL;
	return page;
}

/* The first loan of a page that somebody has. */
static void
protect(struct vm *vm, struct vm_page *page)
{
	pmap_page_protect(page);
	vm_page_dequeue(vm, page);
	vm->stats.n_protects++;
}

void
vm_loan_pages(struct vm_space *space, uint64_t va, uint32_t n,
    struct vm_page **pages)
{
	struct vm_slot *slot = vm_find_slot(space, va);

	for (uint32_t i = 0; i < n; i++) {
		struct vm_page *page = vm_resident(slot);

		if (page == NULL)
			page = zeroed_page(space);
		else if (page->loan_count == 0)
			protect(space->vm, page);
		page->loan_count++;
		pages[i] = page;
		va += PAGE_SIZE;
		if (i + 1 < n)
			slot = vm_next_slot(space, slot, va);
	}
	space->vm->stats.n_loaned += n;
}

bool
vm_loan_object_ask(const struct vm_object *object, uint64_t first, uint32_t n,
    uint32_t *n_first)
{
	*n_first = 0;
	for (uint64_t i = first; i < first + n; i++) {
		if (object->pages[i]->wire_count > 0)
			return false;
		*n_first += object->pages[i]->loan_count == 0;
	}
	return true;
}

void
vm_loan_object_prepare(struct vm_object *object, uint64_t first, uint32_t n,
    struct cost *cost, const struct cost_model *model)
{
	for (uint64_t i = first; i < first + n; i++)
		pmap_window_open(object->pages[i], cost, model);
}

void
vm_loan_object_pages(struct vm_object *object, uint64_t first, uint32_t n,
    struct vm_page **pages)
{
	for (uint32_t i = 0; i < n; i++) {
		struct vm_page *page = object->pages[first + i];

		if (page->loan_count++ == 0)
			protect(object->vm, page);
		pages[i] = page;
	}
	object->vm->stats.n_loaned += n;
}

void
vm_unloan_pages(struct vm *vm, struct vm_page **pages, uint32_t n)
{
	if (vm->config.hazards.forget_unloan)
		return;
	for (uint32_t i = 0; i < n; i++) {
		CHECK(pages[i]->loan_count > 0, "a loan is undone once");
		if (--pages[i]->loan_count > 0)
			continue;
		if (vm_page_is_owned(pages[i]))
			vm_page_activate(vm, pages[i]);
		else if (pages[i]->busy == NULL)
			vm_page_free(vm, pages[i]);
	}
	vm->stats.n_unloaned += n;
}
