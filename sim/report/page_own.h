/*
 * The insides of a page, for its own files.
 */
#ifndef SIM_REPORT_PAGE_OWN_H
#define SIM_REPORT_PAGE_OWN_H

#include "sim/report/page.h"
#include "sim/report/series.h"
#include "sim/report/settings.h"
#include "sim/sweep/grid.h"

struct page {
	const struct page_request *request;
	const struct store_about *about;
	struct grid *grid;		/* of the request */
	size_t variants;		/* its axis of variants */
	struct series_pair pair;	/* equal: there is but one variant */
	struct settings *plan;		/* of the first variant, unswept */
	size_t kept[GRID_MAX_AXES];	/* a value of each axis */
};

/* page_variant: the name of a value of the axis of variants */
const char *page_variant(const struct page *page, size_t value);

/* page_number: in any locale; format is one of a double's */
void page_number(GString *out, const char *format, double number);

/* The sections.  => false and error: the page cannot be made */
bool page_points(GString *out, const struct page *page, GError **error);
bool page_figures(GString *out, const struct page *page, GError **error);
void page_results(GString *out, const struct page *page);
bool page_parameters(GString *out, const struct page *page, GError **error);

#endif
