/*
 * The child process of one run.
 *
 * Units: none.  Owns: everything it makes; the operating system cleans up.
 */
#ifndef SIM_RUN_CHILD_H
#define SIM_RUN_CHILD_H

#include "sim/run/freed.h"

/*
 * child_main: simulate a point, some resources made free, write its struct
 * res_row to fd, end.
 *
 * => never returns; leaves with _exit, so that nothing of the parent's is
 *    flushed twice
 */
_Noreturn void child_main(const struct scn_point *pt, run_resources freed,
    int fd);

#endif
