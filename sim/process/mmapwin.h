/*
 * mmapwin: a sender of files through a sliding window.
 *
 * Stands for: a test program for the question how large a window over a mapped
 *	file has to be: it maps `window` bytes of a file, writes all of them to
 *	a TCP socket with one write(2), unmaps them, and goes on with the next;
 *	its files one after the other, the list again and again.  With a refill
 *	it maps the window privately and stores to it before it writes, as who
 *	fills in a form.
 *	Of a file that is cut meanwhile write(2) has EFAULT, and a store SIGBUS.
 * Leaves out: madvise(2).  ftpd says MADV_SEQUENTIAL, which is what is seen.
 * Units: bytes.
 */
#ifndef SIM_PROCESS_MMAPWIN_H
#define SIM_PROCESS_MMAPWIN_H

#include "sim/process/process.h"

/*
 * mmapwin_main: => returns when all passes are done, the run has ended, a file
 *    cannot be opened or mapped, or the connection is refused or lost
 */
void mmapwin_main(struct process *ps);

#endif
