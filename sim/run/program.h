/*
 * Which program this is: two runs of one program and one scenario are equal.
 */
#ifndef SIM_RUN_PROGRAM_H
#define SIM_RUN_PROGRAM_H

/* program_version: "0.1.0" */
const char *program_version(void);

/* program_revision: what git says of its sources, "none" without git */
const char *program_revision(void);

#endif
