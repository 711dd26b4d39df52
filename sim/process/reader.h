/*
 * How fast a program reads.
 *
 * Stands for: a program that has something to do with what it reads, and so
 *	takes it slower than the network delivers.
 * Units: bytes, ps.  Owns: nothing.
 */
#ifndef SIM_PROCESS_READER_H
#define SIM_PROCESS_READER_H

#include "sim/process/process.h"

/* What has been read, and since when. */
struct intake {
	sim_time since;
	int64_t n_bytes;
};

/* reader_keep_to_rate: sleep until what has been read is due. */
void reader_keep_to_rate(struct process *ps, const struct intake *in);

#endif
