/*
 * Address spaces: an anonymous layer over an object layer, page by page.
 *
 * Stands for: struct vmspace with its map entries, amap slots and page tables.
 *	A slot is what an address space knows about one page of its own: the
 *	anon, if there is one, and the page it is mapped to, if it is.  What is
 *	looked for is first looked for in the anon, then in the object of the
 *	entry; where there is neither, memory is zero (3.1):
 *
 *	private, no object	anons; untouched memory is zero
 *	private, of an object	the object's pages, read-only; stores make anons
 *	shared, of an object	the object's pages
 *
 * Mirrors: uvm_map.c, uvm_amap.c; netbsd-2002.md section 3.
 * Leaves out: regions other than read-write.
 * Units: addresses in bytes.  Owns: entries and slots; anons and objects
 *	through references.
 */
#ifndef MODELS_VM_MAP_H
#define MODELS_VM_MAP_H

#include <stdbool.h>

#include "models/vm/anon.h"
#include "models/vm/object.h"

struct vm_entry;

struct vm_slot {
	struct vm_page *page;	/* NULL: not mapped, though it may be there */
	bool is_writable;	/* mapped for writing; else read-only */
	bool is_wired;		/* mlock(2) */
	struct vm_anon *anon;
	struct vm_slot *next_mapping;	/* of the page, */
	struct vm_slot **mapping_link;	/* ... and what points here */
	struct vm_entry *entry;
};

/* What madvise(2) says of a region: neighbours entered by a fault. */
enum vm_advice { VM_ADVICE_NORMAL, VM_ADVICE_RANDOM, VM_ADVICE_SEQUENTIAL };

/* The slots of a region as it was mapped; what is left of it shares them. */
struct vm_slots {
	uint32_t refs;
	struct vm_slot slot[];
};

struct vm_entry {
	struct vm_entry *next;
	struct vm *vm;
	uint64_t start;		/* page-aligned */
	uint64_t n_pages;
	uint64_t n_mapped;	/* slots with a page */
	struct vm_slot *slots;	/* of its first page, within: */
	struct vm_slots *array;
	struct vm_object *object;	/* or NULL */
	uint64_t offset;		/* of the region in it, pages */
	bool is_shared;			/* stores go to the object */
	enum vm_advice advice;
};

struct vm_space {
	struct vm *vm;
	struct vm_entry *entries;
	uint64_t next_start;
	/* zeroed for the loan that is being made: see vm_loan_prepare */
	struct vm_page *fill;
};

static inline uint64_t
trunc_page(uint64_t va)
{
	return va & ~(uint64_t)(PAGE_SIZE - 1);
}

static inline uint64_t
round_page(uint64_t va)
{
	return trunc_page(va + PAGE_SIZE - 1);
}

void vm_space_init(struct vm_space *space, struct vm *vm);

/* vm_space_fini: unmap everything, as exit does. => see vm_unmap */
void vm_space_fini(struct vm_space *space, struct cost *cost,
    const struct cost_model *model);

/*
 * vm_map_anon: n_pages of fresh anonymous memory.
 *
 * => the page-aligned address; pages appear at the first touch
 */
uint64_t vm_map_anon(struct vm_space *space, uint64_t n_pages);

/* vm_map_entry: a region of untouched memory there, where nothing is mapped */
struct vm_entry *vm_map_entry(struct vm_space *space, uint64_t start,
    uint64_t n_pages);

/*
 * vm_map_object: n_pages of an object, from a page of it on.
 *
 * => a reference is taken
 * => beyond the end of the object nothing can be found, as long as it is there
 */
uint64_t vm_map_object(struct vm_space *space, struct vm_object *object,
    uint64_t offset, uint64_t n_pages, bool is_shared);

/*
 * vm_unmap: nothing is mapped any more in n_pages from an address on.
 *
 * => whatever was: regions, parts of them, nothing; of a region that is cut in
 *    two both ends stay
 * => pages on loan live on as orphans until their last loan is undone
 * => where the program's mapping is an alias of its own, what was stored
 *    through it is cleaned, which costs, and its lines go with it
 * => how many pages had been entered
 */
int64_t vm_unmap(struct vm_space *space, uint64_t va, uint64_t n_pages,
    struct cost *cost, const struct cost_model *model);

/*
 * vm_find_slot: the slot of an address
 *
 * => NULL where nothing is mapped, or what is mapped ends before it
 */
struct vm_slot *vm_find_slot(struct vm_space *space, uint64_t va);

/* vm_is_beyond: is it mapped, and beyond the end of the object? */
bool vm_is_beyond(const struct vm_space *space, uint64_t va);

/* vm_next_slot: that of the page behind a slot's, at that address */
struct vm_slot *vm_next_slot(struct vm_space *space, struct vm_slot *slot,
    uint64_t va);

/*
 * vm_resident: the page that a load from a slot would find, mapped or not.
 *
 * => the slot is of vm_find_slot
 * => NULL: memory never touched, or a page of a file that is not in memory
 */
struct vm_page *vm_resident(const struct vm_slot *slot);

/* vm_object_index: where in the object of its entry a slot lies */
static inline uint64_t
vm_object_index(const struct vm_slot *slot)
{
	return slot->entry->offset + (uint64_t)(slot - slot->entry->slots);
}

/*
 * vm_slot_wire, vm_slot_unwire: mlock(2) of what a slot is mapped to.
 *
 * => a mapping that is removed is not wired any more
 */
void vm_slot_wire(struct vm_slot *slot);
void vm_slot_unwire(struct vm_slot *slot);

#endif
