/*
 * read(2) and write(2) of files: through the page cache.
 *
 * Stands for: vn_read(), vn_write(), ffs_read(), ffs_write() and the windows of
 *	the unified buffer cache: 8 KB of a file at a time are mapped into the
 *	kernel, and uiomove() copies between them and the program, page by page.
 *	Pages that are not in memory are read first; of what is written only
 *	those that are overwritten in part and that the disk has.  A page that
 *	is on loan is not stored to: a copy takes its place in the file, as for
 *	a store through a shared mapping, and what was lent stays.
 * Mirrors: sys/uvm/uvm_bio.c 1.15.2.5, sys/ufs/ufs/ufs_readwrite.c;
 *	netbsd-2002.md sections 3.3 and 3.4 ([U] there: what write(2) does to a
 *	page on loan).
 * Leaves out: windows that are still mapped from an earlier call (1024 of
 *	them, UBC_NWINS), which save the fault: what is read again and again out
 *	of less than 8 MB costs less than here; times of access and change.
 * Units: bytes.  Owns: nothing; its locals are in p->call.
 */
#ifndef MODELS_KERN_FILEIO_H
#define MODELS_KERN_FILEIO_H

#include "models/kern/proc.h"

enum { UBC_WINSIZE = 8192 };

/*
 * file_read: read p->call.resid bytes to p->call.addr from p->call.file, at
 * p->call.offset.
 *
 * => moves: the open file's offset goes along
 * => ends with proc_return: the bytes read, 0 at the end of the file, or an
 *    enum sys_error
 * => it ends early, with what is there, when the run is over
 */
void file_read(struct proc *p, bool moves);

/*
 * file_write: the same in the other direction; the file grows.
 *
 * => SYS_ENOSPC when it has no room left on its disk
 */
void file_write(struct proc *p);

/*
 * file_window: how much of len bytes at an offset one window shows.
 * file_window_cost: what it costs, beside the bytes.
 */
static inline uint32_t
file_window(int64_t offset, int64_t len)
{
	int64_t room = UBC_WINSIZE - offset % UBC_WINSIZE;

	return (uint32_t)(len < room ? len : room);
}

void file_window_cost(struct kctx *k, int64_t offset, uint32_t len);

/* file_pages: pages that a window of a file reaches into */
static inline uint64_t
file_pages(int64_t offset, uint32_t len)
{
	return ((uint64_t)offset % PAGE_SIZE + len + PAGE_SIZE - 1) / PAGE_SIZE;
}

#endif
