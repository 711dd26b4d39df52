#include "models/vm/fork.h"

#include "models/base/check.h"
#include "models/vm/pmap.h"

static void
share_anon(struct vm_slot *from, struct vm_slot *to, struct cost *cost,
    const struct cost_model *model)
{
	struct vm_page *page = from->anon->page;

	vm_anon_hold(from->anon);
	to->anon = from->anon;
	if (!pmap_page_is_writable(page))
		return;
	cost_op_as(cost, model, OP_PAGE_PROTECT, 1, CAUSE_FAULT);
	mem_clean_alias(cost, model,
	    (struct mem_range){&page->mem, 0, PAGE_SIZE, MEM_USER});
	pmap_page_protect(page);
}

static void
fork_entry(struct vm_entry *from, struct vm_space *child, struct cost *cost,
    const struct cost_model *model)
{
	struct vm_entry *to = vm_map_entry(child, from->start, from->n_pages);

	to->object = from->object;
	to->offset = from->offset;
	to->is_shared = from->is_shared;
	to->advice = from->advice;
	if (to->object != NULL)
		vm_object_hold(to->object);
	for (uint64_t i = 0; i < from->n_pages; i++)
		if (from->slots[i].anon != NULL)
			share_anon(&from->slots[i], &to->slots[i], cost,
			    model);
}

void
vm_space_fork(struct vm_space *parent, struct vm_space *child,
    struct cost *cost, const struct cost_model *model)
{
	CHECK(child->entries == NULL, "a child begins with nothing");
	for (struct vm_entry *e = parent->entries; e != NULL; e = e->next)
		fork_entry(e, child, cost, model);
	child->next_start = parent->next_start;
}
