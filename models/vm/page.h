/*
 * Physical pages.
 *
 * Stands for: struct vm_page: 4 KB of memory, its owner, and how often it is on
 *	loan.  The owner is an anon (vm/anon.h) or an object (vm/object.h).  A
 *	page is in one of these conditions:
 *
 *	owner set, loan_count 0		an ordinary page
 *	owner set, loan_count > 0	lent to the network, kept by its owner
 *	no owner,  loan_count > 0	an orphan: it lives through its loans
 *	no owner,  loan_count 0		zeroed for a loan that is being made; or
 *					busy: its file has let go of it during a
 *					transfer, whose end frees it
 *
 *	and changes between them only through vm_loan_pages, vm_unloan_pages, a
 *	copying write fault, unmapping and truncation.
 * Mirrors: sys/uvm/uvm_page.h, uvm_loan.c; netbsd-2002.md sections 3.1 to 3.4.
 * Content: version names what the page holds.  Every store by a program gives
 *	the page a version no page has had before, so that whoever looks at a
 *	page later can tell whether it still holds what it held.
 * Leaves out: pages with an anon and an object, which only loans to anons make.
 * Units: pages.  Owns: all pages of a host.
 */
#ifndef MODELS_VM_PAGE_H
#define MODELS_VM_PAGE_H

#include "models/base/pool.h"
#include "models/base/time.h"
#include "models/hw/mem.h"

enum { PAGE_SHIFT = 12, PAGE_SIZE = 1 << PAGE_SHIFT };

struct vm_anon;
struct vm_object;
struct vm_slot;
struct pager_io;

/* The paging queue that a page is on; see vm/pageout.h. */
enum vm_queue {
	VM_QUEUE_NONE,
	VM_QUEUE_ACTIVE,
	VM_QUEUE_INACTIVE,
	VM_N_QUEUES
};

struct vm_page {
	struct vm_anon *anon;		/* the owner: this, */
	struct vm_object *object;	/* or this, and where in it */
	uint64_t index;
	struct vm_slot *mappings;	/* by next_mapping */
	struct pager_io *busy;		/* the transfer it is in, or NULL */
	struct vm_page *newer;
	struct vm_page *older;
	enum vm_queue queue;
	bool is_ahead;		/* read ahead, and not asked for since */
	uint64_t version;
	uint32_t loan_count;
	uint32_t wire_count;
	struct mem_object mem;	/* kept while the page is free */
};

struct vm_stats {
	int64_t n_zero_fills;	/* first touches */
	int64_t n_soft_faults;	/* write faults after a loan, no copy */
	int64_t n_cow_faults;	/* write faults during a loan: page copied */
	int64_t n_other_copies;	/* after fork, or of a private file page */
	int64_t n_map_faults;	/* a resident page entered for a load */
	int64_t n_ahead;	/* neighbours entered by those */
	int64_t n_page_ins;
	int64_t n_page_outs;	/* pages taken by the page daemon */
	int64_t n_loaned;	/* pages, once per loan */
	int64_t n_zero_loans;	/* ... of memory never touched */
	int64_t n_unloaned;
	int64_t n_protects;
};

/* Mistakes that a kernel could make; switched on by tests only. */
struct vm_hazards {
	bool no_cow;		/* a store to a page on loan goes through */
	bool free_loaned;	/* an owner frees what is on loan */
	bool forget_unloan;	/* a loan is not undone */
};

struct vm_config {
	int64_t n_pages;	/* of memory; 0: there is always one more */
	int64_t freetarg;	/* free ones that the page daemon works for */
	bool loan_zero_page;	/* uvm_loan.c 1.41: one page for all zeroes */
	struct vm_hazards hazards;
};

struct vm_page_list {
	struct vm_page *newest;
	struct vm_page *oldest;
	int64_t n;
};

enum { VM_FILE_BUCKETS = 256 };

struct vm {
	struct vm_config config;
	struct pool pages;
	struct pool anons;
	struct vm_object *objects;
	struct vm_object *files[VM_FILE_BUCKETS];	/* by their names */
	struct vm_object *zero_object;	/* of loan_zero_page, once needed */
	struct vm_page_list queues[VM_N_QUEUES];
	uint64_t next_version;
	int64_t n_paging;	/* being written, to be free then */
	int64_t n_wanted;	/* free at once, by somebody who sleeps */
	bool is_over;		/* memory is short no more: the run ends */
	/* told when a page is free, and when too few are; or NULL */
	void (*on_free)(void *arg);
	void (*on_low)(void *arg);
	/* asked to write a page back that is to be free then; or NULL */
	void (*page_out)(void *arg, struct vm_page *page);
	void *arg;
	struct vm_stats stats;
};

void vm_init(struct vm *vm);
void vm_fini(struct vm *vm);

/* vm_configure: before the first page. => n_pages 0: as after vm_init */
void vm_configure(struct vm *vm, const struct vm_config *config);

/* vm_has_free: can so many pages be allocated now? */
bool vm_has_free(const struct vm *vm, int64_t n);

/* vm_page_alloc: a page for an anon or for nobody yet, its content new. */
struct vm_page *vm_page_alloc(struct vm *vm, struct vm_anon *anon);

/* vm_page_alloc_in: a page at an index of an object. => none is there */
struct vm_page *vm_page_alloc_in(struct vm *vm, struct vm_object *object,
    uint64_t index);

static inline bool
vm_page_is_owned(const struct vm_page *page)
{
	return page->anon != NULL || page->object != NULL;
}

/*
 * vm_page_disown: uvm_pagefree(): the owner lets go.
 *
 * => it is not mapped any more
 * => a page on loan becomes an orphan, one in a transfer is free when that is
 *    done; any other is free
 */
void vm_page_disown(struct vm *vm, struct vm_page *page);

/* vm_page_free: nobody has it. => neither owned, nor mapped, nor on loan */
void vm_page_free(struct vm *vm, struct vm_page *page);

/* vm_page_is_dirty: of a file, and stored to since the disk had it */
bool vm_page_is_dirty(const struct vm_page *page);

/* vm_page_stored: the program has written to the page. */
void vm_page_stored(struct vm *vm, struct vm_page *page);

#endif
