/*
 * Throughput over the size of a write: where one variant passes another.
 *
 * A crossing lies between two sizes that were run, and is drawn as what is
 * known: a band from the last size at which the first variant is at least as
 * fast to the first at which the other is faster.
 */
#include <string.h>

#include "sim/report/output.h"
#include "sim/report/series.h"

enum { HEIGHT = 560, BAND_MAX = 4 };

/* less than this is no difference: an interval may cut a segment off */
#define SAME	0.005

static void
write_lines(GString *out, const struct series_set *set)
{
	g_string_append(out, "$points << EOD\n");
	for (size_t s = 0; s < set->n; s++)
		for (size_t i = 0; i < series_length(set); i++) {
			const struct grid_cell *cell = series_cell(set, s, i,
			    0);

			if (cell->n == 0)
				continue;
			g_string_append_printf(out, "%zu ", s + 1);
			series_number(out, series_x(set, i));
			g_string_append_c(out, ' ');
			series_number(out, cell->throughput);
			g_string_append_c(out, ' ');
			series_number(out, cell->low);
			g_string_append_c(out, ' ');
			series_number(out, cell->high);
			g_string_append_c(out, '\n');
		}
	g_string_append(out, "EOD\n");
}

/* wire_limit: the highest of all cells; mostly there is but one */
static double
wire_limit(const struct grid *grid)
{
	double limit = 0;

	for (size_t i = 0; i < grid->n_cells; i++)
		limit = MAX(limit, grid->cells[i].wire_limit);
	return limit;
}

/* is_better: does line b run faster than a at x? */
static bool
is_better(const struct series_set *set, size_t a, size_t b, size_t i)
{
	const struct grid_cell *x = series_cell(set, a, i, 0);
	const struct grid_cell *y = series_cell(set, b, i, 0);

	return x->n > 0 && y->n > 0 &&
	    y->throughput > x->throughput * (1 + SAME);
}

static void
write_band(GString *out, const struct series_set *set, size_t n, size_t from,
    size_t base, size_t line)
{
	const struct grid_axis *axis = &set->grid->axes[set->x];
	g_autofree char *low = grid_label(axis, from);
	g_autofree char *high = grid_label(axis, from + 1);
	g_autofree char *key = g_strdup_printf("band_name[%zu]", n);
	g_autofree char *text = g_strdup_printf("%s passes %s between %s and "
	    "%s", set->series[line].name, set->series[base].name, low, high);

	g_string_append_printf(out, "band_from[%zu] = ", n);
	series_number(out, series_x(set, from));
	g_string_append_printf(out, "\nband_to[%zu] = ", n);
	series_number(out, series_x(set, from + 1));
	g_string_append_c(out, '\n');
	rep_script_text(out, key, text);
}

/*
 * base_of: the line that another is held against: that of the first variant
 * with the same values of the other axes; of a single variant the first line
 */
static size_t
base_of(const struct series_set *set, size_t line)
{
	size_t at[GRID_MAX_AXES];

	memcpy(at, set->series[line].at, sizeof at);
	at[set->variants] = set->series[0].at[set->variants];
	for (size_t s = 0; s < line; s++)
		if (memcmp(at, set->series[s].at, sizeof at) == 0)
			return s;
	return set->grid->axes[set->variants].values->len > 1 ? line : 0;
}

/* write_bands: where a line gets past the one that it is held against */
static void
write_bands(GString *out, const struct series_set *set)
{
	size_t n = 0;

	g_string_append_printf(out, "array band_from[%d]\narray band_to[%d]\n"
	    "array band_name[%d]\n", BAND_MAX, BAND_MAX, BAND_MAX);
	for (size_t s = 1; s < set->n; s++) {
		size_t base = base_of(set, s);

		for (size_t i = 0; i + 1 < series_length(set) && n < BAND_MAX;
		    i++)
			if (!is_better(set, base, s, i) &&
			    is_better(set, base, s, i + 1))
				write_band(out, set, ++n, i, base, s);
	}
	g_string_append_printf(out, "n_bands = %zu\n", n);
}

static bool
write_write_size(GString *out, const struct rep_data *data,
    enum rep_picture picture, GError **error)
{
	struct series_set set;
	bool ok = series_of(&set, data->grid, "write_size", false, error);

	if (ok) {
		rep_script_terminal(out, picture, REP_FIGURE_WIDTH, HEIGHT);
		rep_script_title(out, data->title);
		rep_script_share(out, "line_share", REP_TITLE_LINE, HEIGHT);
		series_ticks(out, &set);
		series_names(out, &set, "line");
		write_bands(out, &set);
		g_string_append(out, "wire_limit = ");
		series_number(out, wire_limit(data->grid));
		g_string_append_c(out, '\n');
		write_lines(out, &set);
	}
	series_clear(&set);
	return ok;
}

const struct rep_figure rep_figure_write_size = {
	.name = "write-size",
	.question = "from which size of a write on is which variant faster?",
	.shows = "Throughput over the size of a write. Bars are the least and "
	    "the greatest of the replications; where a variant passes the "
	    "first one is shaded.",
	.source = REP_FROM_STORE,
	.axes = { "write_size" },
	.most_lines = SERIES_MAX,
	.templates = { "plots/write-size.gp" },
	.write = write_write_size,
};
