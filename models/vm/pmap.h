/*
 * Page tables: which slots of address spaces see a page, and how.
 *
 * Stands for: pmap(9): pmap_enter, pmap_remove, pmap_page_protect,
 *	pmap_zero_page and pmap_copy_page, with the list of mappings of a page.
 * Mirrors: sys/arch/arm/arm32/pmap.c, in what UVM asks of it.
 * Leaves out: bits for references and stores: a mapping that is taken away and
 *	faulted in again is the reference, as on ARM.
 * Units: pages.  Owns: the lists of mappings.
 */
#ifndef MODELS_VM_PMAP_H
#define MODELS_VM_PMAP_H

#include "models/vm/map.h"

/*
 * pmap_enter: let a slot see a page.
 *
 * => the slot sees none, or that one already
 * => a page of an object that was about to be reclaimed is active again
 */
void pmap_enter(struct vm *vm, struct vm_slot *slot, struct vm_page *page,
    bool is_writable);

/*
 * pmap_remove: let it see none.
 *
 * => where the program's mapping is an alias of its own, what was stored
 *    through it is cleaned, which costs, and with the last mapping its lines go
 */
void pmap_remove(struct vm_slot *slot, struct cost *cost,
    const struct cost_model *model);

/* pmap_page_protect: all mappings of a page become read-only. */
void pmap_page_protect(struct vm_page *page);

/* pmap_page_remove: pmap_page_protect() to nothing: all of them go. */
void pmap_page_remove(struct vm_page *page, struct cost *cost,
    const struct cost_model *model);

/* pmap_page_is_writable: through any mapping? */
bool pmap_page_is_writable(const struct vm_page *page);

/*
 * pmap_window_open, pmap_window_close: the kernel looks at a page through a
 * mapping of its own for a while.
 *
 * => open: it sees what programs have stored
 * => close: programs see what it has stored, if it has, and no line of its
 *    mapping outlives it
 */
void pmap_window_open(struct vm_page *page, struct cost *cost,
    const struct cost_model *model);
void pmap_window_close(struct vm_page *page, bool was_stored,
    struct cost *cost, const struct cost_model *model);

/* pmap_zero_page: fill with zeroes. => books page_zero */
void pmap_zero_page(struct vm_page *page, struct cost *cost,
    const struct cost_model *model);

/*
 * pmap_copy_page: fill with what another one holds. => books cow_copy
 *
 * => where mappings are aliases, the copy is cleaned for the program's
 */
void pmap_copy_page(struct vm_page *from, struct vm_page *to,
    struct cost *cost, const struct cost_model *model);

#endif
