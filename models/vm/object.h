/*
 * Objects: memory that has a name of its own, whoever maps it.
 *
 * Stands for: struct uvm_object: a file, whose pages are read from a disk, or
 *	anonymous memory mapped shared, whose pages are zeroed.
 * Mirrors: sys/uvm/uvm_object.h, uvm_vnode.c, uvm_aobj.c; netbsd-2002.md
 *	sections 3.1 case B and 3.4.
 * Size: a file has bytes, and as many pages as they reach into; its last page
 *	is zero behind them.  It can grow as far as it has room on its disk,
 *	where it lies in one piece.
 * Content: content names what the disk has of each page; 0: nothing yet.  A
 *	page that differs has been stored to, and stays until it is written back
 *	(kern/pager.h).
 * Leaves out: holes: a page that was left out by lseek(2) is read as any other.
 * Units: pages, bytes.  Owns: its pages.
 */
#ifndef MODELS_VM_OBJECT_H
#define MODELS_VM_OBJECT_H

#include "models/vm/page.h"

enum vm_object_kind { VM_OBJECT_FILE, VM_OBJECT_ANON };

struct vm_object {
	struct vm *vm;
	struct vm_object *next;		/* of the vm */
	struct vm_object *prev;
	struct vm_object *next_alike;	/* files in a bucket of the vm */
	enum vm_object_kind kind;
	uint32_t name;			/* of a file; 0: none */
	uint32_t refs;		/* mappings, open files; a file has one for
				 * itself */
	int64_t bytes;
	uint64_t n_pages;		/* that these reach into */
	int64_t most_bytes;		/* that there is room for */
	uint64_t disk_page;		/* where a file begins on its disk */
	struct vm_page **pages;		/* NULL: not in memory */
	uint64_t *content;		/* versions; 0: zeroes */
	uint32_t n_output;		/* writes under way (v_numoutput) */
};

/*
 * vm_object_new: of so many bytes, no page of it in memory; one reference.
 *
 * => a file may be empty; anonymous memory is whole pages, at least one
 */
struct vm_object *vm_object_new(struct vm *vm, enum vm_object_kind kind,
    uint32_t name, int64_t bytes);

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
 * vm_object_replace: a copy takes the place of a page that is on loan (3.3).
 *
 * => a page is free; the copy is not mapped, and all mappings of the old one
 *    are gone: it is an orphan
 * => books the copy
 */
struct vm_page *vm_object_replace(struct vm_object *object, uint64_t index,
    struct cost *cost, const struct cost_model *model);

/*
 * vm_object_reserve: room for so many bytes, zeroes that are on no disk yet.
 *
 * => there is no less room than before
 */
void vm_object_reserve(struct vm_object *object, int64_t most_bytes);

/* vm_object_extend: end it after so many bytes, not before. => there is room */
void vm_object_extend(struct vm_object *object, int64_t bytes);

/*
 * vm_object_truncate: end it after so many bytes.
 *
 * => what lies beyond is unmapped; pages on loan live on as orphans (3.4)
 */
void vm_object_truncate(struct vm_object *object, int64_t bytes,
    struct cost *cost, const struct cost_model *model);

/* vm_objects_pages: pages that objects hold. => for audits */
int64_t vm_objects_pages(const struct vm *vm);

#endif
