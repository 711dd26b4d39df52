/*
 * ttcp-r: the classic receiver.
 *
 * Stands for: ttcp -r -s: it listens at a port, accepts a connection, and reads
 *	it into one buffer until the other end closes; then the next one, as
 *	many as it is told.  It may read slower than the network delivers, as a
 *	program would that has something to do with what it reads.
 * Units: bytes, ps.
 */
#ifndef SIM_PROCESS_TTCP_R_H
#define SIM_PROCESS_TTCP_R_H

#include "sim/process/process.h"

/*
 * ttcp_r_main: => returns when its connections are served, the run has ended,
 *    or its port is taken; a connection that is lost counts as served
 */
void ttcp_r_main(struct process *ps);

#endif
