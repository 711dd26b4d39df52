/*
 * The pager of files: pages come from the disk and go back to it.
 *
 * Stands for: genfs_getpages() and genfs_putpages(), the vnode pager since UBC,
 *	and uvm_aio_biodone().  A transfer moves up to 64 KB (MAXPHYS) of pages
 *	that lie one behind the other, on the disk as in the file.  All of its
 *	pages are busy until its interrupt; who needs one sleeps on the
 *	transfer, and all who do wake.
 *
 *	reading		the pages that are asked for, and the rest of the file
 *			system's blocks that they lie in
 *	ahead		where that ends at a multiple of 64 KB, the next 128 KB
 *			as well, in two transfers that nobody waits for.  By a
 *			fault, or for a loan, only if it had to read, or to wait
 *			for a page being read: what it finds in memory it is
 *			given without asking (PGO_LOCKED).  read(2) asks every
 *			time, window by window.
 *	writing		a page that has been stored to, with up to 8 such
 *			neighbours behind and as many ahead as 64 KB have room
 *			for; all are read-only while it lasts
 *
 *	Neither the rest of a block nor what is read ahead takes the last pages,
 *	which uvm_pagealloc() keeps for those who cannot wait.
 *	A page that its file lets go of while it is busy is free when the
 *	transfer is done (PG_RELEASED).
 * Mirrors: sys/miscfs/genfs/genfs_vnops.c of 2001, whose comment on the 128 KB
 *	calls them nonsensical, and faster than 64; uvm_pager.c.
 * Leaves out: where the blocks of a file lie: files lie one behind the other,
 *	each in one piece; inodes and indirect blocks; the syncer; a read-ahead
 *	that begins only when the read before it has ended (here they are queued
 *	together, in that order); the bytes of the last page behind the end of
 *	the file, which a transfer moves as well.
 * Units: pages.  Owns: the transfers.
 */
#ifndef MODELS_KERN_PAGER_H
#define MODELS_KERN_PAGER_H

#include "models/dev/wd.h"
#include "models/kern/proc.h"

enum {
	PAGER_MAX_PAGES = 16,		/* MAXPHYS, and MAX_READ_AHEAD */
	PAGER_RESERVE = 5,		/* pages: uvmexp.reserve_kernel */
	PAGER_SECTORS = PAGE_SIZE / DISK_SECTOR_BYTES
};

struct pager_config {
	int64_t fs_bsize;		/* pages of a block, a power of two */
	int64_t read_ahead;		/* pages; 0: none */
};

struct pager_io {
	struct buf buf;			/* first */
	struct pager_io *next;		/* put together, not yet started */
	struct vm_object *object;
	struct vm_page *pages[PAGER_MAX_PAGES];
	uint32_t n_pages;
	struct vm_page *to_free;	/* by the page daemon; NULL: none */
	struct waitq waiters;
};

struct pager_stats {
	int64_t n_reads;		/* transfers */
	int64_t n_writes;
	int64_t n_pages_read;
	int64_t n_pages_written;
	int64_t n_ahead;		/* pages read ahead */
	int64_t n_ahead_hits;		/* ... and asked for later */
};

struct pager {
	struct pager_config config;
	struct pool ios;
	struct waitq written;		/* a file's last write is done */
	struct pager_stats stats;
};

void pager_init(struct pager *pager, const struct pager_config *config);
void pager_fini(struct pager *pager);

/*
 * pager_get: put together what it takes to read n pages of a file.
 *
 * => they lie in the file; one of them at least is not in memory
 * => is_sequential: and what pager_read_ahead would
 * => true: those that were not are busy, their price is added, pager_start
 *    follows when it is spent
 * => false: memory has not enough free pages; nothing has changed
 */
bool pager_get(struct kctx *k, struct vm_object *object, uint64_t first,
    uint64_t n, bool is_sequential);

/*
 * pager_read_ahead: the same for what lies behind a page, if it ends a multiple
 * of 64 KB.
 *
 * => end: the page behind it
 * => true: pager_start follows; false: there was nothing to do
 */
bool pager_read_ahead(struct kctx *k, struct vm_object *object, uint64_t end);

/*
 * pager_put: put together what it takes to write a page that has been stored
 * to, and neighbours.
 *
 * => it is not busy; frees: it is to be free afterwards (PGO_FREE)
 */
void pager_put(struct kctx *k, struct vm_page *page, bool frees);

/* pager_start: what has been put together goes to the driver. */
void pager_start(struct kctx *k);

/* pager_asked: somebody wants this page: was it read ahead? */
static inline void
pager_asked(struct pager *pager, struct vm_page *page)
{
	pager->stats.n_ahead_hits += page->is_ahead;
	page->is_ahead = false;
}

#endif
