/*
 * A sweep as one page: what was swept, figures, a table, every parameter.
 *
 * Stands for: "report": one HTML file that needs nothing else and that a reader
 *	can judge by itself: how much of the sweep is there, which part of it a
 *	figure shows, where each parameter comes from.
 * Rule: where a figure has no room for all axes, others are kept at one value:
 *	the scenario's own if it was swept, else the middle one; first those
 *	with the most values, the variants last.  It is said with the figure.
 * Bytes: a function of the store, the request, and gnuplot.
 * Errors: DB_ERROR of the store; REP_ERROR_FIGURE for a variant that is not
 *	there, REP_ERROR_GNUPLOT; a figure that has nothing to draw says so in
 *	its place.
 * Owns: nothing between calls.
 *
 *	page.c			the order of things, what was swept
 *	page_points.c		how much of it is there
 *	page_figures.c		the figures and their slices (slice.c)
 *	page_results.c		the table of results
 *	page_parameters.c	the effective parameters (settings.c)
 *	html.c, svg.c		text and pictures
 */
#ifndef SIM_REPORT_PAGE_H
#define SIM_REPORT_PAGE_H

#include <glib.h>

#include "sim/sweep/store.h"

/* A longer table of results or of failures is cut, and says so. */
enum { PAGE_MOST_LINES = 500 };

struct page_request {
	struct store *store;
	const char *const *where;	/* as grid_read() */
	const char *base, *variant;	/* as struct rep_data */
};

/* page_build: the whole file; NULL and error otherwise */
GString *page_build(const struct page_request *request, GError **error);

#endif
