/*
 * The left side of an expectation: "loan.throughput", or one over another.
 *
 * Owns: the names a message may suggest, for as long as a file is loaded.
 */
#ifndef SIM_SCENARIO_OPERAND_H
#define SIM_SCENARIO_OPERAND_H

#include "sim/scenario/expect.h"

struct scn_operands;

/* scn_operands_new: => the scenario has all its points; it is borrowed */
struct scn_operands *scn_operands_new(const struct scenario *scn,
    const struct scn_text *text);
void scn_operands_free(struct scn_operands *names);

/*
 * scn_operands_parse: set operand, n_operands and left of an expectation.
 *
 * => false: what is wrong has been told
 */
bool scn_operands_parse(struct scn_loader *ld, const struct scn_operands *names,
    const char *left, const struct scn_spot *at, struct scn_expect *expect);

#endif
