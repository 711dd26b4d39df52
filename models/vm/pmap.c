#include "models/vm/pmap.h"

#include "models/base/check.h"
#include "models/vm/pageout.h"

static struct mem_range
whole_page(struct vm_page *page, enum mem_view view)
{
	return (struct mem_range){&page->mem, 0, PAGE_SIZE, view};
}

/*
 * The list of mappings is linked both ways: thousands of servers map the pages
 * of one file, and each unmaps them after its response.  To look for a slot
 * from the front took 60 % of the time of a run with 10,000 of them.
 */
static void
link_slot(struct vm_slot *slot, struct vm_page *page)
{
	slot->page = page;
	slot->next_mapping = page->mappings;
	slot->mapping_link = &page->mappings;
	if (slot->next_mapping != NULL)
		slot->next_mapping->mapping_link = &slot->next_mapping;
	page->mappings = slot;
}

void
pmap_enter(struct vm *vm, struct vm_slot *slot, struct vm_page *page,
    bool is_writable)
{
	CHECK(slot->page == NULL || slot->page == page,
	    "a slot sees one page at a time");
	if (slot->page == NULL) {
		link_slot(slot, page);
		slot->entry->n_mapped++;
		vm_page_activate(vm, page);
	}
	slot->is_writable = is_writable;
}

static void
unlink_slot(struct vm_slot *slot)
{
	*slot->mapping_link = slot->next_mapping;
	if (slot->next_mapping != NULL)
		slot->next_mapping->mapping_link = slot->mapping_link;
	if (slot->is_wired)
		vm_slot_unwire(slot);
	slot->page = NULL;
	slot->is_writable = false;
	slot->entry->n_mapped--;
}

void
pmap_remove(struct vm_slot *slot, struct cost *cost,
    const struct cost_model *model)
{
	struct vm_page *page = slot->page;

	/* what is mapped read-only was cleaned when it was protected */
	if (slot->is_writable)
		mem_clean_alias(cost, model, whole_page(page, MEM_USER));
	unlink_slot(slot);
	if (page->mappings == NULL)
		mem_unmapped(model, &page->mem, MEM_USER);
}

void
pmap_page_protect(struct vm_page *page)
{
	for (struct vm_slot *s = page->mappings; s != NULL; s = s->next_mapping)
		s->is_writable = false;
}

void
pmap_page_remove(struct vm_page *page, struct cost *cost,
    const struct cost_model *model)
{
	while (page->mappings != NULL)
		pmap_remove(page->mappings, cost, model);
}

bool
pmap_page_is_writable(const struct vm_page *page)
{
	for (const struct vm_slot *s = page->mappings; s != NULL;
	    s = s->next_mapping)
		if (s->is_writable)
			return true;
	return false;
}

void
pmap_window_open(struct vm_page *page, struct cost *cost,
    const struct cost_model *model)
{
	if (pmap_page_is_writable(page))
		mem_clean_alias(cost, model, whole_page(page, MEM_USER));
}

void
pmap_window_close(struct vm_page *page, bool was_stored, struct cost *cost,
    const struct cost_model *model)
{
	if (was_stored)
		mem_clean_alias(cost, model, whole_page(page, MEM_KERNEL));
	mem_unmapped(model, &page->mem, MEM_KERNEL);
}

void
pmap_zero_page(struct vm_page *page, struct cost *cost,
    const struct cost_model *model)
{
	cost_op(cost, model, OP_ZERO_1K, PAGE_SIZE);
	mem_write(cost, model, CAUSE_PAGE_ZERO, whole_page(page, MEM_KERNEL));
	pmap_window_close(page, true, cost, model);
}

void
pmap_copy_page(struct vm_page *from, struct vm_page *to, struct cost *cost,
    const struct cost_model *model)
{
	pmap_window_open(from, cost, model);
	/* a copy holds what the original holds, until the store comes */
	to->version = from->version;
	mem_copy(cost, model, CAUSE_COW_COPY, whole_page(from, MEM_KERNEL),
	    whole_page(to, MEM_KERNEL));
	pmap_window_close(to, true, cost, model);
	pmap_window_close(from, false, cost, model);
}
