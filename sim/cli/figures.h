/*
 * What the command line says of figures: names, connections, times.
 *
 * Errors: messages on stderr; what is wrong is CLI_USAGE.
 * Owns: nothing.
 */
#ifndef SIM_CLI_FIGURES_H
#define SIM_CLI_FIGURES_H

#include "sim/report/figure.h"

/* What a recording is asked for, as the user wrote it; NULL: not at all. */
struct cli_figure_options {
	char *figure;
	char *variant;
	char *connection;
	char *from;
	char *to;
};

struct cli_figure {
	const struct rep_figure *figure;
	struct rec_request request;	/* with REP_FROM_RECORDING */
	int64_t connection;		/* from 1 */
};

/* cli_print_figures: all of them on stdout, with the questions they answer */
void cli_print_figures(void);

/*
 * cli_find_figure: what the options ask for.
 *
 * => false: something is wrong with them, which has been said
 */
bool cli_find_figure(const struct cli_figure_options *opts,
    struct cli_figure *figure);

#endif
