/*
 * A hand-cranked world with one file, for tests of the pager.
 *
 * The machine is that of machine.h: place 0 of a track comes round at whole
 * multiples of 6 ms, as the file begins at sector 0; a page is 8 sectors, 160
 * us; the last sector is in memory 15.36 us (RIG_TAIL) after it has passed.
 */
#ifndef TESTS_SUPPORT_PAGER_RIG_H
#define TESTS_SUPPORT_PAGER_RIG_H

#include "models/host.h"
#include "tests/support/crank.h"

#define MS	PS_PER_MS
#define US	PS_PER_US
#define NS	PS_PER_NS
#define RIG_TAIL	(15360 * NS)
#define PAGES(n)	((n) * (int64_t)PAGE_SIZE)

struct pager_rig {
	struct world_config config;	/* of the next pager_rig_begin */
	struct crank crank;		/* two processes */
	struct host *host;
	struct vm_object *file;
	/* of pager_rig_read */
	uint64_t window_pages;
	uint64_t next_page;
	bool is_sequential;
};

extern struct pager_rig pg;

/* pager_rig_setup: the configuration, as a fixture */
void pager_rig_setup(void);

/* pager_rig_begin: => n_pages of memory, 0: as many as are wanted */
void pager_rig_begin(int64_t n_pages, int64_t freetarg);

/* pager_rig_file: a file of so many pages, none of them in memory */
void pager_rig_file(uint64_t n_pages);

/* pager_rig_dirty: one that is in memory, stored to. => process 0 maps it */
uint64_t pager_rig_dirty(uint64_t n_pages);

/* pager_rig_map: all of the file, shared. => the address */
uint64_t pager_rig_map(int proc);

/* pager_rig_touching: the call that stores a word into each page */
struct sys_call pager_rig_touching(uint64_t va, int64_t n_pages);

/* pager_rig_touch: make it. => its result */
int64_t pager_rig_touch(int proc, uint64_t va, int64_t n_pages);

/* pager_rig_lock: process 0 wires pages, each faulted in as for a store */
void pager_rig_lock(uint64_t va, int64_t n_pages);

/* pager_rig_post: a call of the test's own, which ends with that below */
void pager_rig_post(int proc, kctx_fn step);
void pager_rig_returned(struct kctx *k);

/* pager_rig_read: process 0 reads the file from a page on, by windows */
void pager_rig_read(uint64_t from, uint64_t window_pages, bool is_sequential);

/* pager_rig_write: a step that writes the file back */
void pager_rig_write(struct kctx *k);

/* How many pages of the file are in a transfer, or have been stored to. */
int pager_rig_busy(void);
int pager_rig_dirty_pages(void);

#endif
