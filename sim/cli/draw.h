/*
 * Drawing one figure: where it goes, and what is written there.
 *
 * Stands for: the part of "plot" that does not care where the numbers come
 *	from.
 * Errors: exit codes, with the message already on stderr.
 * Owns: a plan the default path.
 */
#ifndef SIM_CLI_DRAW_H
#define SIM_CLI_DRAW_H

#include <glib.h>
#include <stdbool.h>

#include "sim/cli/figures.h"
#include "sim/report/output.h"
#include "sim/report/plot.h"

struct plot_options {
	struct cli_figure_options figure;
	char **set;
	char **where;
	char *base;
	char *type;
	char *output;
	gboolean print;
	gboolean force;
	gboolean quiet;
};

/* What is to become of it, decided before anything is run. */
struct plot_plan {
	struct cli_figure what;
	enum rep_picture type;
	bool print;
	struct rep_output output;
	bool quiet;
	char *path;		/* the default one, if it was needed */
};

/*
 * draw_plan: where the picture goes, refused before a long run.
 *
 * => name: what the default path begins with
 */
int draw_plan(const struct plot_options *opts, const char *name,
    struct plot_plan *plan);
void draw_plan_clear(struct plot_plan *plan);

/* draw_figure: the picture, or the script that makes it */
int draw_figure(const struct rep_data *data, const struct plot_plan *plan);

/*
 * draw_error: tell what went wrong, and the exit code: what is no store
 * is bad input; a user who asks for what is not there is wrong in the usage
 */
int draw_error(GError *error);

/* plot_store: of the store of a sweep. => plan says which figure and type */
int plot_store(const char *path, const struct plot_options *opts,
    struct plot_plan *plan);

#endif
