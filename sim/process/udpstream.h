/*
 * udpstream: a sender of datagrams.
 *
 * Stands for: ttcp -t -u, and programs that send at a rate of their own: one
 *	sendto(2) for each buffer of a ring.  When the interface has no room, it
 *	forgets the datagram, or sleeps and tries again, as ttcp did.
 * Leaves out: the short datagrams with which ttcp begins and ends.
 * Units: bytes, ps.
 */
#ifndef SIM_PROCESS_UDPSTREAM_H
#define SIM_PROCESS_UDPSTREAM_H

#include "sim/process/process.h"

/* What it sleeps when there is no room; ttcp has 18 ms. */
#define UDPSTREAM_SLEEP	(10 * PS_PER_MS)

/* udpstream_main: => returns when all is sent, or the run has ended */
void udpstream_main(struct process *ps);

#endif
