/*
 * Address spaces: anonymous memory of a process, page by page.
 *
 * Stands for: struct vmspace with its map entries, amap slots and page tables.
 *	A slot is what the owner knows about one page of its address space: the
 *	anon's page, and how it is mapped.
 * Mirrors: uvm_map.c, uvm_amap.c, pmap; netbsd-2002.md section 3.
 * Leaves out: backing objects, sharing between processes (an anon has one
 *	reference), regions other than read-write.
 * Units: addresses in bytes.  Owns: entries and slots; pages through them.
 */
#ifndef MODELS_VM_MAP_H
#define MODELS_VM_MAP_H

#include <stdbool.h>

#include "models/vm/page.h"

struct vm_slot {
	struct vm_page *page;	/* NULL: never touched */
	bool is_writable;	/* mapped for writing; else read-only */
};

struct vm_entry {
	struct vm_entry *next;
	uint64_t start;		/* page-aligned */
	uint64_t n_pages;
	struct vm_slot *slots;
};

struct vm_space {
	struct vm *vm;
	struct vm_entry *entries;
	uint64_t next_start;
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

/*
 * vm_unmap: give back the region that starts at an address.
 *
 * => va was returned by vm_map_anon
 * => pages on loan live on as orphans until their last loan is undone
 * => where the program's mapping is an alias of its own, what was stored
 *    through it is cleaned, which costs, and its lines go with it
 */
void vm_unmap(struct vm_space *space, uint64_t va, struct cost *cost,
    const struct cost_model *model);

/* vm_find_slot: the slot of an address, or NULL where nothing is mapped */
struct vm_slot *vm_find_slot(struct vm_space *space, uint64_t va);

#endif
