/*
 * explain --run: where the time and the bytes of a scenario's runs went.
 *
 * Owns: nothing; the texts are the command line's.
 */
#ifndef SIM_CLI_EXPLAIN_RUN_H
#define SIM_CLI_EXPLAIN_RUN_H

struct explain_options {
	char *run;		/* a scenario, or NULL: explain words */
	char **set;
	char *variant;
};

/* explain_run: run it, print the ledger. => an exit code, all said */
int explain_run(const struct explain_options *opts);

#endif
