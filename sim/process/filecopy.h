/*
 * filecopy: cp, for those who wonder what loaning does to what is no socket.
 *
 * Stands for: cp(1): each of its files is copied to one that it makes, with
 *	read(2) and write(2), or by writing from a mapped window, as cp does for
 *	files of up to 8 MiB; then it waits until that is on the disk.  The
 *	copy has the same name each time, copy_to or one of its own: it is
 *	emptied first, whoever has it open or mapped.
 * Mirrors: copy_file() of NetBSD's bin/cp/utils.c, but for fsync(2).
 * Leaves out: times and owners of the copy.
 * Units: bytes.
 */
#ifndef SIM_PROCESS_FILECOPY_H
#define SIM_PROCESS_FILECOPY_H

#include "sim/process/process.h"

/*
 * filecopy_main: => returns when all passes are done, the run has ended, a file
 *    cannot be opened or made, or the disk is full
 */
void filecopy_main(struct process *ps);

#endif
