/*
 * Objects: memory that has a name of its own, whoever maps it.
 *
 * Stands for: struct uvm_object: a file, whose pages are read from a disk, or
 *	anonymous memory mapped shared, whose pages are zeroed.
 * Mirrors: sys/uvm/uvm_object.h, uvm_vnode.c, uvm_aobj.c; netbsd-2002.md
 *	sections 3.1 case B and 3.4.
 * Content: content names what the disk has of each page.  A page that differs
 *	has been stored to, and stays until it is written back (kern/pager.h).
 * Leaves out: sizes that are no whole pages.
 * Units: pages.  Owns: its pages.
 */
#ifndef MODELS_VM_OBJECT_H
#define MODELS_VM_OBJECT_H

#include "models/vm/page.h"

enum vm_object_kind { VM_OBJECT_FILE, VM_OBJECT_ANON };

struct vm_object {
	struct vm *vm;
	struct vm_object *next;		/* of the vm */
	enum vm_object_kind kind;
	uint32_t name;			/* of a file; 0: none */
	uint32_t refs;		/* mappings; a file has one for itself */
	uint64_t n_pages;
	struct vm_page **pages;		/* NULL: not in memory */
	uint64_t *content;		/* versions; 0: zeroes */
	uint64_t disk_page;		/* where a file begins on its disk */
	uint32_t n_output;		/* writes under way (v_numoutput) */
};

/* vm_object_new: of so many pages, none of them in memory; one reference */
struct vm_object *vm_object_new(struct vm *vm, enum vm_object_kind kind,
    uint32_t name, uint64_t n_pages);

/* vm_object_free: with all its pages, at the end of a run. */
void vm_object_free(struct vm_object *object);

/* vm_object_find: the file of a name, or NULL */
struct vm_object *vm_object_find(const struct vm *vm, uint32_t name);

void vm_object_hold(struct vm_object *object);

/*
 * vm_object_drop: one reference less.
 *
 * => anonymous memory goes with the last; pages on loan live on as orphans
 */
void vm_object_drop(struct vm_object *object);

/* vm_object_insert: a page without owner takes a place that has none. */
void vm_object_insert(struct vm_object *object, uint64_t index,
    struct vm_page *page);

/* vm_object_page_in: bring a page of a file in. => vm_has_free(vm, 1) */
struct vm_page *vm_object_page_in(struct vm_object *object, uint64_t index);

/* vm_object_fill: bring in all that memory has room for beyond freetarg. */
void vm_object_fill(struct vm_object *object);

/*
 * vm_object_truncate: end it after n_pages.
 *
 * => what lies beyond is unmapped; pages on loan live on as orphans (3.4)
 */
void vm_object_truncate(struct vm_object *object, uint64_t n_pages,
    struct cost *cost, const struct cost_model *model);

/* vm_objects_pages: pages that objects hold. => for audits */
int64_t vm_objects_pages(const struct vm *vm);

#endif
