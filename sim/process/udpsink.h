/*
 * udpsink: a receiver of datagrams.
 *
 * Stands for: ttcp -r -u, and programs that take what comes to a port: one
 *	read(2) for each datagram, into one buffer.  It may read slower than the
 *	network delivers; what finds no room in the socket's buffer is lost.
 * Leaves out: the short datagram with which ttcp's sender says that it was the
 *	last one.
 * Units: bytes.
 */
#ifndef SIM_PROCESS_UDPSINK_H
#define SIM_PROCESS_UDPSINK_H

#include "sim/process/process.h"

/*
 * udpsink_main: => returns when the run has ended and nothing is under way, or
 *    its port is taken
 */
void udpsink_main(struct process *ps);

#endif
