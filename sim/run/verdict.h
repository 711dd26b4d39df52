/*
 * Verdicts: what became of a scenario's expectations.
 *
 * Stands for: each [expect] line held against the rows of a run.  What cannot
 *	be known is never a pass: a run that did not come to its end, and a
 *	quotient without a divisor, are misses.
 * Owns: the array owns its verdicts; they borrow from scenario and rows.
 */
#ifndef SIM_RUN_VERDICT_H
#define SIM_RUN_VERDICT_H

#include "sim/run/result.h"
#include "sim/scenario/expect.h"

enum run_judgement {
	RUN_MET,
	RUN_MISSED,
	RUN_NOT_RUN,		/* a variant of it was not asked for */
	RUN_NOT_APPLICABLE	/* an override changed what it is about */
};

struct run_verdict {
	const struct scn_expect *expect;
	enum run_judgement judgement;
	char *found;		/* "6481.3", in expect->unit; or NULL */
	char *reason;		/* of RUN_MISSED: a sentence without a point */
};

/*
 * run_judge: struct run_verdict of all expectations, in the file's order.
 *
 * => rows are of variants of scn; g_array_unref() the result
 */
GArray *run_judge(const struct scenario *scn, const struct res_row *rows,
    size_t n_rows);

/* run_judgement_name: "met", "missed", "not run", "not applicable" */
const char *run_judgement_name(enum run_judgement judgement);

/* run_count: how many verdicts are of that kind */
size_t run_count(const GArray *verdicts, enum run_judgement judgement);

#endif
