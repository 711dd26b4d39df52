/*
 * explain --run: where the time and the bytes of a scenario's runs went, or
 * with --limits what limits them.
 *
 * Owns: nothing; the texts are the command line's.
 */
#ifndef SIM_CLI_EXPLAIN_RUN_H
#define SIM_CLI_EXPLAIN_RUN_H

#include <glib.h>

struct explain_options {
	char *run;		/* a scenario, or NULL: explain words */
	char **set;
	char *variant;
	gboolean limits;	/* what limits it, and not where it went */
};

/* explain_run: run it, print what is asked for. => an exit code, all said */
int explain_run(const struct explain_options *opts);

#endif
