/*
 * A result to report on: the four kernels of the shipped comparison, with round
 * numbers that no simulation gave.
 *
 * Stands for: what a run would hand to the reports.
 * Units: as struct res_row.  Owns: nothing; all of it is the program's.
 */
#ifndef TESTS_SUPPORT_SIM_REPORT_FIXTURE_H
#define TESTS_SUPPORT_SIM_REPORT_FIXTURE_H

#include "sim/report/report.h"

enum { FIXTURE_ROWS = 4 };

/* fixture_rows: throughputs of 7000, 8600, 8300 and 11480 KB/s */
void fixture_rows(struct res_row rows[static FIXTURE_ROWS]);

/* fixture_set: those rows as a report */
struct rep_set fixture_set(const struct res_row rows[static FIXTURE_ROWS]);

#endif
