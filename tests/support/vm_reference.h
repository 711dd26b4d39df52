/*
 * What address spaces, files and loans ought to look like: a reference that
 * shares nothing with models/vm but the meaning.
 *
 * A page is a number with a content, a count of those who own it (slots, or a
 * file), of loans and of wires.  It is alive while anybody owns it or has it on
 * loan.  There are no faults, mappings or queues here: a load finds a page, a
 * store finds one that it may change, and that is all.  netbsd-2002.md 3.
 */
#ifndef TESTS_SUPPORT_VM_REFERENCE_H
#define TESTS_SUPPORT_VM_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	REF_SPACES = 3,
	REF_REGIONS = 4,	/* of each space */
	REF_FILES = 2,
	REF_REGION_PAGES = 6,	/* of each region and file, at most */
	REF_PAGES = 1024,
	REF_NONE = 0,		/* no page: memory never touched, not read */
	REF_BEYOND = -1		/* the end of a file, or unmapped */
};

struct ref_page {
	uint64_t content;
	int owners;
	int loans;
	int wires;
	const void *real;	/* the model's page; see vm_reference_bind */
};

struct ref_region {
	int n;			/* pages; 0: not mapped */
	int file;		/* -1: memory */
	bool is_shared;
	int own[REF_REGION_PAGES];
	bool is_wired[REF_REGION_PAGES];
	bool is_gone[REF_REGION_PAGES];	/* unmapped, alone */
};

struct ref_file {
	int n;
	int page[REF_REGION_PAGES];
	uint64_t disk[REF_REGION_PAGES];
};

struct reference {
	struct ref_page pages[REF_PAGES];
	struct ref_region regions[REF_SPACES][REF_REGIONS];
	struct ref_file files[REF_FILES];
	int hint;		/* where to look for a free number */
	int n_alive;
};

/* ref_find: the page that a load finds, or REF_NONE, or REF_BEYOND */
int ref_find(const struct reference *r, const struct ref_region *g, int i);

/* ref_for_store: the page that a store may change; a new one if need be. */
int ref_for_store(struct reference *r, struct ref_region *g, int i);

/* ref_takes_page: would that make a new page? */
bool ref_takes_page(const struct reference *r, const struct ref_region *g,
    int i);

/* ref_may_store: may a mapping of it be writable? */
bool ref_may_store(const struct reference *r, const struct ref_region *g,
    int i);

/* ref_lend: lend what a load finds, or a page of zeroes. => its number */
int ref_lend(struct reference *r, const struct ref_region *g, int i);
void ref_unlend(struct reference *r, int page);

void ref_wire(struct reference *r, struct ref_region *g, int i);
void ref_unwire(struct reference *r, struct ref_region *g, int i);
void ref_unmap(struct reference *r, struct ref_region *g);

/* ref_unmap_page: one page of a region is not mapped any more, if it was. */
void ref_unmap_page(struct reference *r, struct ref_region *g, int i);

/* ref_for_write: the page that write(2) may change; a new one if it is lent */
int ref_for_write(struct reference *r, int file, int i);

void ref_fork(struct reference *r, int parent, int child);
void ref_truncate(struct reference *r, int file, int n);

/* ref_page_in, ref_page_out: a file's page comes and goes. */
int ref_page_in(struct reference *r, int file, int i);
void ref_page_out(struct reference *r, int file, int i);

#endif
