/*
 * explain --run: the prices behind a run, each against its source.
 *
 * Stands for: the table that shows what was fitted and what was not: every
 *	operation's price on the board with what is cited for it, and the
 *	board's values with the kind of their origin.
 * Units: microseconds on the point's board; instructions.
 * Owns: nothing.
 */
#ifndef SIM_CLI_EXPLAIN_FIT_H
#define SIM_CLI_EXPLAIN_FIT_H

#include <stddef.h>

struct scn_point;

/*
 * explain_fit: print it for points that ran: all of it for the first board, and
 * of each other machine, board or far host, what is not as there.
 */
void explain_fit(const struct scn_point *const *points, size_t n);

#endif
