/*
 * ttcp: the classic sender.
 *
 * Stands for: ttcp -t -s: buffers filled with a pattern once, then written to a
 *	TCP socket again and again, from a ring of n_buffers; before each write
 *	the buffer may be refilled, as a program would that has new data to
 *	send.  It may pause between writes, and open several connections in
 *	turn, each for the total.
 *	With files, ttcp -t: what it reads from them, read_size at a time, is
 *	what it writes, to the end of the last.
 * Units: bytes.
 */
#ifndef SIM_PROCESS_TTCP_H
#define SIM_PROCESS_TTCP_H

#include "sim/process/process.h"

/*
 * ttcp_main: => returns when all is written, the run has ended, or a connection
 *    is refused or lost
 */
void ttcp_main(struct process *ps);

#endif
