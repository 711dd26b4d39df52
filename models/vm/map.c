#include "models/vm/map.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"
#include "models/vm/pageout.h"
#include "models/vm/pmap.h"

/* Where mappings begin: any page-aligned number but 0 would do. */
#define VM_FIRST_VA	UINT64_C(0x20000000)

void
vm_space_init(struct vm_space *space, struct vm *vm)
{
	memset(space, 0, sizeof *space);
	space->vm = vm;
	space->next_start = VM_FIRST_VA;
}

struct vm_entry *
vm_map_entry(struct vm_space *space, uint64_t start, uint64_t n_pages)
{
	struct vm_entry *entry = calloc(1, sizeof *entry);

	CHECK(n_pages > 0, "a region has pages");
	CHECK(entry != NULL, "memory for a map entry");
	entry->slots = calloc(n_pages, sizeof *entry->slots);
	CHECK(entry->slots != NULL, "memory for the slots of a map entry");
	for (uint64_t i = 0; i < n_pages; i++)
		entry->slots[i].entry = entry;
	entry->vm = space->vm;
	entry->start = start;
	entry->n_pages = n_pages;
	entry->next = space->entries;
	space->entries = entry;
	/* a page between regions stays unmapped, so that overruns are found */
	space->next_start = start + (n_pages + 1) * PAGE_SIZE;
	return entry;
}

uint64_t
vm_map_anon(struct vm_space *space, uint64_t n_pages)
{
	return vm_map_entry(space, space->next_start, n_pages)->start;
}

uint64_t
vm_map_object(struct vm_space *space, struct vm_object *object,
    uint64_t offset, uint64_t n_pages, bool is_shared)
{
	struct vm_entry *entry;

	CHECK(offset <= object->n_pages && n_pages <= object->n_pages - offset,
	    "what is mapped lies in the object");
	entry = vm_map_entry(space, space->next_start, n_pages);
	vm_object_hold(object);
	entry->object = object;
	entry->offset = offset;
	entry->is_shared = is_shared;
	return entry->start;
}

void
vm_slot_wire(struct vm_slot *slot)
{
	CHECK(slot->page != NULL && !slot->is_wired, "what is wired is mapped");
	slot->is_wired = true;
	slot->page->wire_count++;
	vm_page_dequeue(slot->entry->vm, slot->page);
}

void
vm_slot_unwire(struct vm_slot *slot)
{
	CHECK(slot->is_wired && slot->page->wire_count > 0,
	    "what is unwired was wired");
	slot->is_wired = false;
	slot->page->wire_count--;
	vm_page_activate(slot->entry->vm, slot->page);
}

static void
free_slot(struct vm *vm, struct vm_slot *slot, struct cost *cost,
    const struct cost_model *model)
{
	if (slot->page != NULL)
		pmap_remove(slot, cost, model);
	if (slot->anon != NULL)
		vm_anon_drop(vm, slot->anon);
}

static void
free_entry(struct vm_space *space, struct vm_entry *entry, struct cost *cost,
    const struct cost_model *model)
{
	for (uint64_t i = 0; i < entry->n_pages; i++)
		free_slot(space->vm, &entry->slots[i], cost, model);
	if (entry->object != NULL)
		vm_object_drop(entry->object);
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

struct vm_entry *
vm_find_entry(struct vm_space *space, uint64_t va)
{
	struct vm_entry *e = space->entries;

	while (e != NULL && e->start != va)
		e = e->next;
	return e;
}

/* Beyond the end of a file that was truncated there is what has been copied. */
static struct vm_slot *
within_object(struct vm_slot *slot)
{
	const struct vm_object *object = slot->entry->object;

	if (object != NULL && slot->anon == NULL &&
	    vm_object_index(slot) >= object->n_pages)
		return NULL;
	return slot;
}

struct vm_slot *
vm_find_slot(struct vm_space *space, uint64_t va)
{
	for (struct vm_entry *e = space->entries; e != NULL; e = e->next) {
		uint64_t page = (va - e->start) >> PAGE_SHIFT;

		if (va >= e->start && page < e->n_pages)
			return within_object(&e->slots[page]);
	}
	return NULL;
}

struct vm_slot *
vm_next_slot(struct vm_space *space, struct vm_slot *slot, uint64_t va)
{
	struct vm_entry *e = slot->entry;

	if (slot + 1 < e->slots + e->n_pages)
		return within_object(slot + 1);
	return vm_find_slot(space, va);
}

struct vm_page *
vm_resident(const struct vm_slot *slot)
{
	const struct vm_object *object = slot->entry->object;

	if (slot->anon != NULL)
		return slot->anon->page;
	return object != NULL ? object->pages[vm_object_index(slot)] : NULL;
}
