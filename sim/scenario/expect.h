/*
 * [expect]: what a scenario's results are to be.
 *
 *	before.throughput = 6500 KB/s +- 2 %
 *	loan.throughput = 11100 KB/s +- 50 KB/s
 *	before.cpu_share >= 99 %
 *	loan.cow_faults = 0
 *	loan.throughput / before.throughput >= 1.6
 *
 * Stands for: one line of that group, taken apart.  To the left a result of a
 *	variant, or one over another; to the right what it may be.  Without
 *	[variant NAME] groups there is one run, and no variant to name.  A key
 *	file parts a line at its first "=", so ">=" may also stand after one:
 *	"before.cpu_share = >= 99 %" says the same.
 * How: every form becomes one interval, with or without a lower and an upper
 *	end, in the base unit of the result.  After "+-", "%" is a part of the
 *	value expected, never a percentage point.
 * Owns: the scenario owns its expectations and their texts.
 */
#ifndef SIM_SCENARIO_EXPECT_H
#define SIM_SCENARIO_EXPECT_H

#include "sim/run/quantity.h"
#include "sim/scenario/load.h"

struct scn_operand {
	size_t point;			/* scn_point(scn, point) */
	struct res_quantity quantity;
};

struct scn_expect {
	struct scn_place place;
	const char *left;		/* "loan.throughput" */
	const char *right;		/* "= 11100 KB/s +- 2 %" */
	struct scn_operand operand[2];	/* the first over the second */
	size_t n_operands;		/* 1 or 2 */
	bool has_low, has_high;		/* at least one */
	struct fraction low, high;	/* both ends are permitted values */
	const char *unit;		/* as the user has written it: "KB/s" */
	struct fraction factor;		/* one of it, in the base unit */
};

/* scn_n_expects, scn_expect: in the order of the file */
size_t scn_n_expects(const struct scenario *scn);
const struct scn_expect *scn_expect(const struct scenario *scn, size_t i);

/*
 * scn_changed_by: the override under which the file's expectations say
 * nothing any more, or NULL.
 *
 * => every override is one, but of scenario.title and scenario.question
 */
const char *scn_changed_by(const struct scenario *scn);

/*
 * scn_expects_load: all [expect] entries of a text.
 *
 * => the scenario has all its points
 */
void scn_expects_load(struct scn_loader *ld, const struct scn_text *text);

/*
 * scn_dump_expects: the [expect] group of a point's dump, or nothing if there
 * are none in force.
 *
 * => point i: what is said of it alone; scn_n_points(): what relates points
 */
GString *scn_dump_expects(const struct scenario *scn, size_t i);

#endif
