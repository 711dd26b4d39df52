/*
 * The figures that "plot" can draw.
 *
 * Stands for: a table with a line for each: its name, the question it answers,
 *	what its numbers are taken from, its templates, and the function that
 *	puts the numbers in front of them.
 * How: a new figure is a file figure_NAME.c with a struct rep_figure, a
 *	template plots/NAME.gp and a line in rep_figures; a new kind of source
 *	is a value of enum rep_source, a field of struct rep_data, and somebody
 *	who fills it (cmd_plot.c).
 * Looks: plots/style.gp comes first in each script.  What differs does so in
 *	brightness, pattern, dashes or marks, never in colour alone.
 * Owns: nothing; the table is constant, the data is the caller's.
 */
#ifndef SIM_REPORT_FIGURE_H
#define SIM_REPORT_FIGURE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "sim/report/script.h"
#include "sim/run/recording.h"
#include "sim/run/result.h"
#include "sim/sweep/grid.h"

/* Where the numbers come from. */
enum rep_source {
	REP_FROM_ROWS,		/* columns: of a run, or of a result file */
	REP_FROM_CAUSES,	/* rows with their ledger: of a run */
	REP_FROM_RECORDING,	/* what happened in the run of one variant */
	REP_FROM_STORE		/* the points of a sweep */
};

struct rep_data {
	const char *title;
	size_t n_rows;			/* at least 1, but of a store */
	const struct res_row *rows;	/* from top to bottom */
	/* with REP_FROM_RECORDING: of the only row */
	const struct recording *recording;
	int64_t connection;		/* from 1 */
	/* with REP_FROM_STORE, instead of rows; and which two variants are
	 * compared, or NULL: the first and the last */
	const struct grid *grid;
	const char *base, *variant;
};

enum { REP_MAX_TEMPLATES = 3 };

struct rep_figure {
	const char *name;
	const char *question;	/* "where does CPU time go?" */
	const char *shows;	/* a sentence for a report; NULL: in none */
	enum rep_source source;
	unsigned events;	/* REP_FROM_RECORDING: bits by watch_event */
	/* REP_FROM_STORE: the axes it cannot do without (grid_find()), how
	 * many combinations of the others have room, and whether the variants
	 * are no such axis, since it draws one over another */
	const char *axes[2];
	size_t most_lines;
	bool is_ratio;
	/* beside plots/style.gp, in this order; NULL if there are fewer */
	const char *templates[REP_MAX_TEMPLATES];
	/* false and error (REP_ERROR_FIGURE): there is nothing to draw */
	bool (*write)(GString *out, const struct rep_data *data,
	    enum rep_picture picture, GError **error);
};

/* in the order of the help, the default first; NULL ends the table */
extern const struct rep_figure *const rep_figures[];

extern const struct rep_figure rep_figure_throughput;
extern const struct rep_figure rep_figure_cpu;
extern const struct rep_figure rep_figure_moves;
extern const struct rep_figure rep_figure_lent;
extern const struct rep_figure rep_figure_sequence;
extern const struct rep_figure rep_figure_write_size;
extern const struct rep_figure rep_figure_bandwidth;
extern const struct rep_figure rep_figure_gain;
extern const struct rep_figure rep_figure_refill;

/* rep_find_figure: the one of that name, or NULL */
const struct rep_figure *rep_find_figure(const char *name);

/* rep_near_figure: the name that may be meant, or NULL */
const char *rep_near_figure(const char *name);

/* rep_source_name: what it is taken from, for a reader */
const char *rep_source_name(enum rep_source source);

#endif
