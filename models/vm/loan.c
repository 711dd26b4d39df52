#include "models/vm/loan.h"

#include "models/base/check.h"

enum vm_loan_result
vm_loan_ask(struct vm_space *space, uint64_t va, uint32_t n,
    uint32_t *n_first)
{
	CHECK(va == trunc_page(va) && n >= 1 && n <= VM_LOAN_MAX_PAGES,
	    "a loan is of 1 to 17 whole pages");
	*n_first = 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct vm_slot *slot =
		    vm_find_slot(space, va + (uint64_t)i * PAGE_SIZE);

		if (slot == NULL)
			return VM_LOAN_NO_MAPPING;
		if (slot->page == NULL)
			return VM_LOAN_NOT_RESIDENT;
		*n_first += slot->page->loan_count == 0;
	}
	return VM_LOAN_OK;
}

void
vm_loan_clean(struct vm_space *space, uint64_t va, uint32_t n,
    struct cost *cost, const struct cost_model *model)
{
	for (uint32_t i = 0; i < n; i++) {
		struct vm_page *page =
		    vm_find_slot(space, va + (uint64_t)i * PAGE_SIZE)->page;
		struct mem_range range = {&page->mem, 0, PAGE_SIZE, MEM_USER};

		if (page->loan_count == 0)
			mem_clean_alias(cost, model, range);
	}
}

void
vm_loan_pages(struct vm_space *space, uint64_t va, uint32_t n,
    struct vm_page **pages)
{
	for (uint32_t i = 0; i < n; i++) {
		struct vm_slot *slot =
		    vm_find_slot(space, va + (uint64_t)i * PAGE_SIZE);

		if (slot->page->loan_count == 0) {
			slot->is_writable = false;
			space->vm->stats.n_protects++;
		}
		slot->page->loan_count++;
		pages[i] = slot->page;
	}
	space->vm->stats.n_loaned += n;
}

void
vm_unloan_pages(struct vm *vm, struct vm_page **pages, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		CHECK(pages[i]->loan_count > 0, "a loan is undone once");
		if (--pages[i]->loan_count == 0 && pages[i]->owner == NULL)
			pool_put(&vm->pages, pages[i]);
	}
	vm->stats.n_unloaned += n;
}
