/*
 * Anons: pages of anonymous memory, shared by those who forked.
 *
 * Stands for: struct vm_anon: one page and the number of address spaces that
 *	see it through their amaps.
 * Mirrors: sys/uvm/uvm_anon.c, uvm_amap.c; netbsd-2002.md section 3.1 case A.
 * Leaves out: swap: an anon always has its page; amaps shared until they are
 *	needed apart (fork copies them at once).
 * Units: references.  Owns: its page.
 */
#ifndef MODELS_VM_ANON_H
#define MODELS_VM_ANON_H

#include "models/vm/page.h"

struct vm_anon {
	uint32_t refs;
	struct vm_page *page;
};

/* vm_anon_new: one reference, one page, its content new */
struct vm_anon *vm_anon_new(struct vm *vm);

/* vm_anon_hold: one more address space sees it. */
void vm_anon_hold(struct vm_anon *anon);

/*
 * vm_anon_drop: one sees it no more.
 *
 * => the last one lets go of the page, which it does not map any more
 */
void vm_anon_drop(struct vm *vm, struct vm_anon *anon);

#endif
