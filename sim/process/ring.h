/*
 * The buffers that a sender writes from in turn.
 *
 * Stands for: n_buffers of write_size bytes, whole pages apart, each at the
 *	same place in its first page; filled with a pattern once, and refilled
 *	before each write, as a whole or from its start on, as a program would
 *	that has new data to send.
 * Units: bytes.  Owns: nothing; the memory is the process's.
 */
#ifndef SIM_PROCESS_RING_H
#define SIM_PROCESS_RING_H

#include "sim/process/process.h"

/* ring_make: map and fill them. => false: the run has ended */
bool ring_make(struct process *ps, uint64_t *ring);

/* ring_buffer: the address of the i-th write's */
uint64_t ring_buffer(const struct process_config *config, uint64_t ring,
    int64_t i);

/* ring_refill: as the process is told to. => false: the run has ended */
bool ring_refill(struct process *ps, uint64_t addr, int64_t len);

#endif
