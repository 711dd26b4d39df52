/*
 * Cited costs: what a source says an operation of the kernel takes.
 *
 * Stands for: the sibling key kernel.cost.NAME.cited, which holds a price of
 *	the profile against a published or counted one.  It is a statement
 *	about the operation and not about our price, so it stays when a profile
 *	that builds on another, a scenario or an override changes the price.
 *
 *		cost.kva_alloc.cited = 600 insn: counted in uvm_map.c ...
 *		cost.wakeup.cited = 4990 .. 5580 cycles of 2 wakeup + ctxsw:
 *		    half the round trip through two pipes ...
 *
 *	A source that covers several operations names them after "of", each
 *	with how often it takes part; without, it covers NAME once.
 * Units: instructions, or cycles, which board.cpu.cpi turns into each other; a
 *	range counts by its middle.
 * Leaves out: the memory traffic, which no price holds either.
 * Owns: nothing.
 */
#ifndef SIM_SCENARIO_CITED_H
#define SIM_SCENARIO_CITED_H

#include <stdbool.h>

#include "sim/scenario/scenario.h"

struct scn_cited {
	int64_t low, high;	/* what the source says */
	bool is_cycles;		/* it says cycles, not instructions */
	bool is_sum;		/* it names its operations */
	int64_t milli[N_OPS];	/* thousandths: how often each takes part */
	const char *source;	/* the end of the text that was parsed */
};

/* A price and what is cited for it, on one board. */
struct scn_cited_line {
	int64_t price_insns;	/* to the nearest */
	int64_t price_ps;
	int64_t low_ps, high_ps;
	int64_t ratio_milli;	/* price to the middle of the citation */
};

/*
 * scn_cited_parse: the text of kernel.cost.NAME.cited.
 *
 * => op is NAME's
 * => NULL, and *cited is set: text must live as long as cited->source
 * => else what is wrong with the text, for a message
 */
const char *scn_cited_parse(const char *text, enum kern_op op,
    struct scn_cited *cited);

/*
 * scn_cited_get: the citation at an operation of a kernel.
 *
 * => false: there is none at this one; another's may cover it
 */
bool scn_cited_get(struct scn_end end, enum kern_op op,
    struct scn_cited *cited);

/* scn_cited_compare: the prices of a kernel against a citation of it */
struct scn_cited_line scn_cited_compare(struct scn_end end,
    const struct scn_cited *cited);

#endif
