/*
 * Page loaning: pages lent to the kernel, and taken back.
 *
 * Stands for: uvm_loan() to kernel pages, and uvm_unloan().  What is lent:
 *
 *	an anon's page		also one that others have since a fork
 *	an object's page	if it is in memory; else it is read first
 *	memory never touched	a zeroed page.  In 2002 a fresh one for every
 *				loan, of which the address space learns nothing:
 *				who writes the same untouched memory again pays
 *				for it again.  With loan_zero_page, 2003, one
 *				page for all of them
 *
 * Mirrors: sys/uvm/uvm_loan.c 1.29.2.4, 1.41; netbsd-2002.md 3.1 and 3.2.
 * Leaves out: loans to anons, and with them a page that an anon adopts from an
 *	object that has let go.
 * Units: pages.  Owns: nothing; the borrower keeps the array of pages.
 */
#ifndef MODELS_VM_LOAN_H
#define MODELS_VM_LOAN_H

#include "models/vm/map.h"

/* 64 KB at the largest, plus one page when it is not page-aligned. */
enum { VM_LOAN_MAX_PAGES = 17 };

enum vm_loan_result {
	VM_LOAN_OK,
	VM_LOAN_NO_MAPPING,	/* part of the range is not mapped */
	VM_LOAN_WIRED,		/* a page is wired */
	VM_LOAN_NOT_RESIDENT,	/* a page of a file has to be read first */
	VM_LOAN_NO_MEMORY	/* no page for what was never touched */
};

/*
 * vm_loan_ask: could the range be lent, and how many pages are a first loan?
 *
 * => va page-aligned, n in 1 .. VM_LOAN_MAX_PAGES
 * => VM_LOAN_OK: *n_first is the number of pages whose loan_count is 0, each to
 *    be write-protected; any other value: the first reason against it
 * => the last two reasons go away: wait, and ask again
 */
enum vm_loan_result vm_loan_ask(struct vm_space *space, uint64_t va,
    uint32_t n, uint32_t *n_first);

/*
 * vm_loan_prepare: what lending costs beside look-ups and protections.
 *
 * => vm_loan_ask has said VM_LOAN_OK; vm_loan_pages follows
 * => pages that are a first loan are cleaned of what the program has stored,
 *    where the kernel's window is another alias
 * => pages never touched are allocated and zeroed, which is booked
 */
void vm_loan_prepare(struct vm_space *space, uint64_t va, uint32_t n,
    struct cost *cost, const struct cost_model *model);

/*
 * vm_loan_pages: lend them.
 *
 * => vm_loan_ask has said VM_LOAN_OK, nothing has changed since, and where
 *    there is untouched memory it is prepared
 * => raises loan_count of each, off the paging queues; a first loan
 *    write-protects all mappings of the page
 */
void vm_loan_pages(struct vm_space *space, uint64_t va, uint32_t n,
    struct vm_page **pages);

/*
 * vm_loan_object_ask, _prepare, _pages: the same of n pages of a file, whoever
 * maps them, from a page on: uvm_loanuobjpages() of later years.
 *
 * => they are in memory
 * => ask: false: one is wired; else *n_first as above
 * => prepare: of what programs have stored only what is mapped writable is
 *    cleaned
 */
bool vm_loan_object_ask(const struct vm_object *object, uint64_t first,
    uint32_t n, uint32_t *n_first);
void vm_loan_object_prepare(struct vm_object *object, uint64_t first,
    uint32_t n, struct cost *cost, const struct cost_model *model);
void vm_loan_object_pages(struct vm_object *object, uint64_t first,
    uint32_t n, struct vm_page **pages);

/*
 * vm_unloan_pages: take them back.
 *
 * => lowers loan_count of each; an orphan whose last loan this was is free, an
 *    owned page is active again
 * => the owner's mapping stays read-only: its next store faults
 */
void vm_unloan_pages(struct vm *vm, struct vm_page **pages, uint32_t n);

#endif
