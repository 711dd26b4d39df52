/*
 * Where the time went: the ledger of a run, cause by cause.
 *
 * Stands for: "explain --run".  One table a variant: time per data segment and
 *	bytes per payload byte, the latter twice: as the code asked for them,
 *	and as the memory saw them through the caches.
 * Units: microseconds per segment or datagram; bytes per byte.  Integers all
 *	through.
 */
#ifndef SIM_REPORT_LEDGER_H
#define SIM_REPORT_LEDGER_H

#include "sim/report/report.h"

/* rep_ledger: append the tables of all rows that have numbers */
void rep_ledger(GString *out, const struct rep_set *set);

#endif
