/*
 * fork(2): an address space in two, page by page.
 *
 * Stands for: uvmspace_fork(): shared regions are shared, of private ones both
 *	have the same anons, read-only, until one of them stores
 *	(VM_FAULT_FORK).
 * Mirrors: sys/uvm/uvm_map.c, uvm_amap.c; netbsd-2002.md section 3.3, "anon,
 *	several references".
 * Leaves out: that amaps are copied only when they are needed apart, and that
 *	wired memory is copied at once: the child's is not wired, and the
 *	parent's stays so through its copy.
 * Units: pages.  Owns: nothing.
 */
#ifndef MODELS_VM_FORK_H
#define MODELS_VM_FORK_H

#include "models/vm/map.h"

/*
 * vm_space_fork: what the parent maps, the child maps at the same addresses.
 *
 * => the child has mapped nothing yet
 * => books a protection for every page that was mapped writable; where mappings
 *    are aliases, what was stored through it is cleaned
 */
void vm_space_fork(struct vm_space *parent, struct vm_space *child,
    struct cost *cost, const struct cost_model *model);

#endif
