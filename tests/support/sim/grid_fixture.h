/*
 * Grids made by hand, for the tests of what is drawn from them.
 *
 * Owns: the caller frees a grid with grid_free().
 */
#ifndef TESTS_SUPPORT_SIM_GRID_FIXTURE_H
#define TESTS_SUPPORT_SIM_GRID_FIXTURE_H

#include "sim/sweep/grid.h"

/*
 * fix_grid: a grid of the axes "KEY=VALUE,VALUE,...", NULL at the end, the
 * variants last.
 *
 * => throughput: of each cell, the last axis fastest; below 0: no result
 */
struct grid *fix_grid(const char *const *axes, const double *throughput);

#endif
