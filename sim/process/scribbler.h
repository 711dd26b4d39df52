/*
 * scribbler: the sender that page loaning has least to give.
 *
 * Stands for: a program with one buffer that makes new data in it as soon as
 *	write(2) is back, as encoders, fgets(3) loops and stdio do.  A ttcp
 *	fills its buffer before the next write as well, if it is told to; this
 *	one does at once, every byte, while the pages are still on loan: all
 *	are copied on write, and the loan was for nothing.
 * Leaves out: what it computes in between (see ttcp's pause).
 * Units: bytes.
 */
#ifndef SIM_PROCESS_SCRIBBLER_H
#define SIM_PROCESS_SCRIBBLER_H

#include "sim/process/process.h"

/* scribbler_main: => returns as ttcp_main does */
void scribbler_main(struct process *ps);

#endif
