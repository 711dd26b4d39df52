/*
 * Any rank but 0 of a sweep: it runs the points it is sent.
 *
 * Stands for: a pool of children (run/pool.h) whose points come and whose rows
 *	go as messages.  While no seat is free it waits for its children, and
 *	looks up from time to time: it may be told to stop.
 * Errors: told to rank 0, which ends the job; nothing is said here.
 * Owns: its pool.
 */
#ifndef SIM_MPI_WORKER_H
#define SIM_MPI_WORKER_H

/* worker_run: until rank 0 says stop */
void worker_run(void);

#endif
