/*
 * Stacked bars by cause: one bar for each row, in one panel or in two.
 *
 * Stands for: the parts of a figure made of the ledger's causes: which of them
 *	are shown by name, what the others add up to, the key that names the
 *	patterns, and the note that says what "other" is.
 * Rule: a cause has a part of its own if it is at least 3 % of the causes' sum
 *	in some bar, and one of the twelve whose largest such share is largest.
 *	The others are added up.  Parts stand in the ledger's order, which is
 *	that of the way from write(2) to the wire.
 * Units: thousandths of whatever the axis counts.  Integers all through.
 * Owns: nothing between calls.
 */
#ifndef SIM_REPORT_STACK_H
#define SIM_REPORT_STACK_H

#include "sim/report/figure.h"

enum {
	REP_STACK_NAMED = 12,
	REP_STACK_PANELS = 2,
	REP_STACK_REST = 2,	/* what is no cause */
	REP_STACK_PARTS = REP_STACK_NAMED + 1 + REP_STACK_REST
};

struct rep_stack {
	const char *axis;			/* what is counted, its unit */
	const char *panels[REP_STACK_PANELS];	/* NULL: there is but one */
	/* => thousandths of a row's part */
	int64_t (*cause)(const struct rep_data *data,
	    const struct res_row *row, int panel, enum kern_cause cause);
	/* behind them, of the first panel; or NULL */
	const char *rest[REP_STACK_REST];
	int64_t (*rest_value)(const struct rep_data *data,
	    const struct res_row *row, int rest);
	/*
	 * The last of rest says how long a row had to wait: where that would
	 * dwarf the others, the bar is cut and marked, and its sum printed.
	 */
	bool last_is_cut;
};

/* rep_stack: the whole figure, but its templates */
void rep_stack(GString *out, const struct rep_stack *stack,
    const struct rep_data *data, enum rep_picture picture);

#endif
