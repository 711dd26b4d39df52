/*
 * The child process of one run.
 *
 * Units: none.  Owns: everything it makes; the operating system cleans up.
 */
#ifndef SIM_RUN_CHILD_H
#define SIM_RUN_CHILD_H

#include "sim/run/recording.h"
#include "sim/scenario/scenario.h"

/* What is to be recorded, and where. */
struct child_recording {
	const struct rec_request *request;
	int fd;
};

/*
 * child_main: simulate a point, write its struct res_row to fd, end.
 *
 * => recording: NULL if there is to be none; the row is the same
 * => never returns; leaves with _exit, so that nothing of the parent's is
 *    flushed twice
 */
_Noreturn void child_main(const struct scn_point *pt, int fd,
    const struct child_recording *recording);

#endif
