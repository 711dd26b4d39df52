/*
 * Bytes of a file to another descriptor, by the two ways that programs have.
 *
 * Stands for: the inner loops of ftpd, cp and their like.
 *
 *	read	a buffer of the program's is filled with read(2) and written
 *	mmap	a window over the file is mapped, written with write(2) from
 *		where it lies, and unmapped; then the next one
 *
 * Mirrors: send_data_with_read() and send_data_with_mmap() of NetBSD's ftpd of
 *	2002; its ftpd.conf(5) calls the sizes readsize and mmapsize.
 * Units: bytes.  Owns: nothing.
 */
#ifndef SIM_PROCESS_COPY_H
#define SIM_PROCESS_COPY_H

#include "models/kern/syscall.h"
#include "sim/process/process.h"

/* A part of a file that is open. */
struct file_part {
	int fd;
	int64_t offset;
	int64_t bytes;
};

/* file_whole: open a file, all of it. => 0, or the error that kept it closed */
int64_t file_whole(struct process *ps, uint32_t file, struct file_part *part);

/* write_all: => 0, or the error that stopped it; SYS_ENOSPC: no more fits */
int64_t write_all(struct process *ps, int fd, uint64_t addr, int64_t bytes);

/*
 * copy_with_read: from the file's own offset on.
 *
 * => buffer: of read_size bytes; part->bytes or less, if the file is shorter
 * => 0, or the error that stopped it, or the bytes that were not there any
 *    more: the file has been cut
 */
int64_t copy_with_read(struct process *ps, const struct file_part *part,
    int out, uint64_t buffer);

/*
 * copy_with_mmap: a window of the process's `window` at a time.
 *
 * => part->offset in whole pages
 * => map: SYS_MAP_SHARED, or SYS_MAP_PRIVATE: it stores to each window, as its
 *    refill says, before it writes it
 * => 0, or the error that stopped it, SYS_EFAULT if the file has been cut;
 *    *is_mapped: it has got as far as a window
 */
int64_t copy_with_mmap(struct process *ps, const struct file_part *part,
    int out, enum sys_map map, bool *is_mapped);

#endif
