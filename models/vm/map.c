#include "models/vm/map.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"

/* Where mappings begin: any page-aligned number but 0 would do. */
#define VM_FIRST_VA	UINT64_C(0x20000000)

void
vm_space_init(struct vm_space *space, struct vm *vm)
{
	memset(space, 0, sizeof *space);
	space->vm = vm;
	space->next_start = VM_FIRST_VA;
}

uint64_t
vm_map_anon(struct vm_space *space, uint64_t n_pages)
{
	struct vm_entry *entry;

	CHECK(n_pages > 0, "a region has pages");
	entry = calloc(1, sizeof *entry);
	CHECK(entry != NULL, "memory for a map entry");
	entry->slots = calloc(n_pages, sizeof *entry->slots);
	CHECK(entry->slots != NULL, "memory for the slots of a map entry");
	entry->start = space->next_start;
	entry->n_pages = n_pages;
	entry->next = space->entries;
	space->entries = entry;
	/* a page between regions stays unmapped, so that overruns are found */
	space->next_start += (n_pages + 1) * PAGE_SIZE;
	return entry->start;
}

/* pmap_remove() */
static void
unmap_page(struct vm *vm, struct vm_slot *slot, struct cost *cost,
    const struct cost_model *model)
{
	struct mem_range range = {&slot->page->mem, 0, PAGE_SIZE, MEM_USER};

	/* what is mapped read-only was cleaned when it was protected */
	if (slot->is_writable)
		mem_clean_alias(cost, model, range);
	mem_unmapped(model, range.object, MEM_USER);
	vm_page_disown(vm, slot->page);
}

static void
free_entry(struct vm_space *space, struct vm_entry *entry, struct cost *cost,
    const struct cost_model *model)
{
	for (uint64_t i = 0; i < entry->n_pages; i++)
		if (entry->slots[i].page != NULL)
			unmap_page(space->vm, &entry->slots[i], cost, model);
	free(entry->slots);
	free(entry);
}

void
vm_unmap(struct vm_space *space, uint64_t va, struct cost *cost,
    const struct cost_model *model)
{
	struct vm_entry **link = &space->entries;

	while (*link != NULL && (*link)->start != va)
		link = &(*link)->next;
	CHECK(*link != NULL, "what is unmapped was mapped");
	struct vm_entry *entry = *link;
	*link = entry->next;
	free_entry(space, entry, cost, model);
}

void
vm_space_fini(struct vm_space *space, struct cost *cost,
    const struct cost_model *model)
{
	while (space->entries != NULL)
		vm_unmap(space, space->entries->start, cost, model);
}

struct vm_slot *
vm_find_slot(struct vm_space *space, uint64_t va)
{
	for (struct vm_entry *e = space->entries; e != NULL; e = e->next) {
		uint64_t page = (va - e->start) >> PAGE_SHIFT;

		if (va >= e->start && page < e->n_pages)
			return &e->slots[page];
	}
	return NULL;
}
