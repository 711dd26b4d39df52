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
	entry->array = calloc(1, sizeof *entry->array +
	    n_pages * sizeof *entry->slots);
	CHECK(entry->array != NULL, "memory for the slots of a map entry");
	entry->array->refs = 1;
	entry->slots = entry->array->slot;
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
	struct vm_entry *entry = vm_map_entry(space, space->next_start,
	    n_pages);

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

/* => how many of them had been entered */
static int64_t
free_slots(struct vm_entry *e, uint64_t from, uint64_t to, struct cost *cost,
    const struct cost_model *model)
{
	uint64_t n_mapped = e->n_mapped;

	for (uint64_t i = from; i < to; i++)
		free_slot(e->vm, &e->slots[i], cost, model);
	return (int64_t)(n_mapped - e->n_mapped);
}

static void
free_entry(struct vm_entry *entry)
{
	if (entry->object != NULL)
		vm_object_drop(entry->object);
	if (--entry->array->refs == 0)
		free(entry->array);
	free(entry);
}

/* The pages in front of it are no part of a region any more. */
static void
trim_front(struct vm_entry *e, uint64_t n_pages)
{
	e->start += n_pages * PAGE_SIZE;
	e->n_pages -= n_pages;
	e->slots += n_pages;
	e->offset += n_pages;
}

/* The end of a region, from a page on, becomes one of its own. */
static void
split(struct vm_entry *e, uint64_t at)
{
	struct vm_entry *end = malloc(sizeof *end);

	CHECK(end != NULL, "memory for a map entry");
	*end = *e;
	end->array->refs++;
	if (end->object != NULL)
		vm_object_hold(end->object);
	trim_front(end, at);
	end->n_mapped = 0;
	for (uint64_t i = 0; i < end->n_pages; i++) {
		end->slots[i].entry = end;
		end->n_mapped += end->slots[i].page != NULL;
	}
	e->n_mapped -= end->n_mapped;
	e->n_pages = at;
	e->next = end;
}

/* One region loses its pages from .. to - 1. => false: there is none left */
static bool
cut(struct vm_entry *e, uint64_t from, uint64_t to)
{
	if (from > 0 && to < e->n_pages)
		split(e, to);
	if (from > 0)
		e->n_pages = from;
	else if (to < e->n_pages)
		trim_front(e, to);
	else
		return false;
	return true;
}

int64_t
vm_unmap(struct vm_space *space, uint64_t va, uint64_t n_pages,
    struct cost *cost, const struct cost_model *model)
{
	uint64_t end = va + n_pages * PAGE_SIZE;
	struct vm_entry **link = &space->entries;
	int64_t n = 0;

	while (*link != NULL) {
		struct vm_entry *e = *link;
		uint64_t e_end = e->start + e->n_pages * PAGE_SIZE;
		uint64_t from = va > e->start ? va - e->start : 0;
		uint64_t to = (end < e_end ? end : e_end) - e->start;

		if (e_end <= va || e->start >= end) {
			link = &e->next;
			continue;
		}
		n += free_slots(e, from / PAGE_SIZE, to / PAGE_SIZE, cost,
		    model);
		if (cut(e, from / PAGE_SIZE, to / PAGE_SIZE)) {
			link = &e->next;
			continue;
		}
		*link = e->next;
		free_entry(e);
	}
	return n;
}

void
vm_space_fini(struct vm_space *space, struct cost *cost,
    const struct cost_model *model)
{
	while (space->entries != NULL) {
		struct vm_entry *e = space->entries;

		space->entries = e->next;
		free_slots(e, 0, e->n_pages, cost, model);
		free_entry(e);
	}
}

/* Beyond the end of a file there is what has been copied before it was cut. */
static struct vm_slot *
within_object(struct vm_slot *slot)
{
	const struct vm_object *object = slot->entry->object;

	if (object != NULL && slot->anon == NULL &&
	    vm_object_index(slot) >= object->n_pages)
		return NULL;
	return slot;
}

static struct vm_slot *
mapped_slot(const struct vm_space *space, uint64_t va)
{
	for (struct vm_entry *e = space->entries; e != NULL; e = e->next) {
		uint64_t page = (va - e->start) >> PAGE_SHIFT;

		if (va >= e->start && page < e->n_pages)
			return &e->slots[page];
	}
	return NULL;
}

struct vm_slot *
vm_find_slot(struct vm_space *space, uint64_t va)
{
	struct vm_slot *slot = mapped_slot(space, va);

	return slot != NULL ? within_object(slot) : NULL;
}

bool
vm_is_beyond(const struct vm_space *space, uint64_t va)
{
	struct vm_slot *slot = mapped_slot(space, va);

	return slot != NULL && within_object(slot) == NULL;
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
