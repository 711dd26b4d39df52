/*
 * Throughput over the bandwidth of the memory, and what bounds it where.
 *
 * A point is bound by
 *	the wire	if that is occupied for 98 % of the time; else by
 *	the memory	if it is busy for 98 % of the time, or the processor
 *			is and waits for memory longer than it computes;
 *	the processor	if it is busy for 98 % of the time otherwise;
 *	nothing		else: by a window, a timer, or the program itself.
 */
#include <math.h>

#include "sim/report/output.h"
#include "sim/report/series.h"

enum { PANEL_HEIGHT = 252, FRAME_HEIGHT = 140, PANELS_MAX = 4 };

#define FULL	0.98

enum bound { BOUND_WIRE, BOUND_MEMORY, BOUND_PROCESSOR, BOUND_NONE };

static enum bound
bound_of(const struct grid_cell *cell)
{
	if (cell->wire_share >= FULL)
		return BOUND_WIRE;
	if (cell->bus_share >= FULL || (cell->cpu_share >= FULL &&
	    cell->memory_ps > cell->compute_ps))
		return BOUND_MEMORY;
	return cell->cpu_share >= FULL ? BOUND_PROCESSOR : BOUND_NONE;
}

/* border: half way from a value to the next, by factors; its own at the ends */
static double
border(const struct series_set *set, size_t i, size_t next)
{
	return sqrt(series_x(set, i) * series_x(set, next));
}

/* write_regions: panel, from, to, bound: one for each run of equal bounds */
static void
write_regions(GString *out, const struct series_set *set, size_t line)
{
	size_t n = series_length(set);
	double from = series_x(set, 0);

	for (size_t i = 0; i < n; i++) {
		const struct grid_cell *cell = series_cell(set, line, i, 0);
		size_t next = MIN(i + 1, n - 1);
		double to = border(set, i, next);

		if (next != i && cell->n > 0 &&
		    series_cell(set, line, next, 0)->n > 0 &&
		    bound_of(series_cell(set, line, next, 0)) ==
		    bound_of(cell))
			continue;
		g_string_append_printf(out, "%zu ", line + 1);
		series_number(out, from);
		g_string_append_c(out, ' ');
		series_number(out, to);
		g_string_append_printf(out, " %d\n", cell->n > 0 ?
		    (int)bound_of(cell) + 1 : (int)BOUND_NONE + 1);
		from = to;
	}
}

static void
write_points(GString *out, const struct series_set *set, size_t line)
{
	for (size_t i = 0; i < series_length(set); i++) {
		const struct grid_cell *cell = series_cell(set, line, i, 0);

		if (cell->n == 0)
			continue;
		g_string_append_printf(out, "%zu ", line + 1);
		series_number(out, series_x(set, i));
		g_string_append_c(out, ' ');
		series_number(out, cell->throughput);
		g_string_append_c(out, ' ');
		series_number(out, cell->wire_limit);
		g_string_append_c(out, '\n');
	}
}

static void
write_blocks(GString *out, const struct series_set *set)
{
	g_string_append(out, "$regions << EOD\n");
	for (size_t s = 0; s < set->n; s++)
		write_regions(out, set, s);
	g_string_append(out, "EOD\n$points << EOD\n");
	for (size_t s = 0; s < set->n; s++)
		write_points(out, set, s);
	g_string_append(out, "EOD\n");
}

/* check: panels that fit, and numbers along x */
static bool
check(const struct series_set *set, GError **error)
{
	if (set->n > PANELS_MAX)
		g_set_error(error, REP_ERROR, REP_ERROR_FIGURE, "%zu panels, "
		    "and at most %d have room; --where KEY=VALUE keeps one "
		    "value of an axis", set->n, PANELS_MAX);
	else if (!series_is_numeric(set) || series_length(set) < 2)
		g_set_error(error, REP_ERROR, REP_ERROR_FIGURE, "a bandwidth "
		    "alone makes no curve");
	else
		return true;
	return false;
}

static void
write_frame(GString *out, const struct series_set *set, const char *title,
    enum rep_picture picture)
{
	int height = FRAME_HEIGHT + PANEL_HEIGHT * (int)set->n;

	rep_script_terminal(out, picture, REP_FIGURE_WIDTH, height);
	rep_script_title(out, title);
	rep_script_share(out, "line_share", REP_TITLE_LINE, height);
	series_ticks(out, set);
	series_names(out, set, "panel");
}

static bool
write_bandwidth(GString *out, const struct rep_data *data,
    enum rep_picture picture, GError **error)
{
	struct series_set set;
	bool ok = series_of(&set, data->grid, "read_bandwidth", false,
	    error) && check(&set, error);

	if (ok) {
		write_frame(out, &set, data->title, picture);
		write_blocks(out, &set);
	}
	series_clear(&set);
	return ok;
}

const struct rep_figure rep_figure_bandwidth = {
	.name = "bandwidth",
	.question = "how fast on which memory, and what bounds it there?",
	.shows = "Throughput over the bandwidth of the memory, shaded by what "
	    "keeps it from being more.",
	.source = REP_FROM_STORE,
	.axes = { "read_bandwidth" },
	.most_lines = PANELS_MAX,
	.templates = { "plots/bandwidth.gp" },
	.write = write_bandwidth,
};
