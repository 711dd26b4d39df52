/*
 * Page loaning: pages lent to the kernel, and taken back.
 *
 * Stands for: uvm_loan() to kernel pages, and uvm_unloan().
 * Mirrors: sys/uvm/uvm_loan.c 1.29.2.4; netbsd-2002.md sections 3.1 and 3.2.
 * Leaves out: loans to anons, object pages, wired pages; and pages never
 *	touched, which 2002 lent after zeroing them: refused here, and copied.
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
	VM_LOAN_NOT_RESIDENT	/* a page was never touched */
};

/*
 * vm_loan_ask: could the range be lent, and how many pages are a first loan?
 *
 * => va page-aligned, n in 1 .. VM_LOAN_MAX_PAGES
 * => VM_LOAN_OK: *n_first is the number of pages whose loan_count is 0, each to
 *    be write-protected; any other value: the first reason against it
 */
enum vm_loan_result vm_loan_ask(struct vm_space *space, uint64_t va,
    uint32_t n, uint32_t *n_first);

/*
 * vm_loan_clean: what write-protecting costs beside the protection itself.
 *
 * => before vm_loan_pages: pages that are a first loan are cleaned of what the
 *    program has stored, where the kernel's window is another alias
 */
void vm_loan_clean(struct vm_space *space, uint64_t va, uint32_t n,
    struct cost *cost, const struct cost_model *model);

/*
 * vm_loan_pages: lend them.
 *
 * => vm_loan_ask has said VM_LOAN_OK and nothing has changed since
 * => raises loan_count of each; a first loan write-protects the owner's mapping
 */
void vm_loan_pages(struct vm_space *space, uint64_t va, uint32_t n,
    struct vm_page **pages);

/*
 * vm_unloan_pages: take them back.
 *
 * => lowers loan_count of each; an orphan whose last loan this was is free
 * => the owner's mapping stays read-only: its next store faults
 */
void vm_unloan_pages(struct vm *vm, struct vm_page **pages, uint32_t n);

#endif
