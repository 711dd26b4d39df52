/*
 * The child process of one run.
 *
 * Units: none.  Owns: everything it makes; the operating system cleans up.
 */
#ifndef SIM_RUN_CHILD_H
#define SIM_RUN_CHILD_H

#include "sim/run/freed.h"
#include "sim/run/recording.h"

/* What a child is to do. */
struct run_job {
	const struct scn_point *pt;
	run_resources freed;
	const struct rec_request *request;	/* NULL: nothing is recorded */
	int record_fd;				/* else where to */
	int64_t enough_bytes;			/* see struct world_config */
};

/* Its status when a run cannot begin; the row has the reason and nothing else.
 */
enum { CHILD_REFUSED = 75 };

/* ... and of a child that found no more memory within its limit. */
enum { CHILD_OUT_OF_MEMORY = 76 };

/*
 * child_limit_memory: the address space that this process may have, in bytes.
 *
 * => a run that asks for more, and gives up as CHECK, C++ and GLib do, ends
 *    with CHILD_OUT_OF_MEMORY
 */
void child_limit_memory(int64_t bytes);

/*
 * child_main: do the job, write its struct res_row to fd, end.
 *
 * => the row is the same, recorded or not
 * => never returns; leaves with _exit, so that nothing of the parent's is
 *    flushed twice
 */
_Noreturn void child_main(const struct run_job *job, int fd);

#endif
