/*
 * The gain of one variant over another, on a map of write size and memory
 * bandwidth.
 */
#include "sim/report/output.h"
#include "sim/report/series.h"

enum { ROW_HEIGHT = 44, FRAME_HEIGHT = 160 };

/* write_ticks: the labels of an axis, at 1, 2, ... */
static void
write_ticks(GString *out, const char *tics, const struct grid_axis *axis)
{
	g_string_append_printf(out, "set %s (", tics);
	for (size_t i = 0; i < axis->values->len; i++) {
		g_autofree char *label = grid_label(axis, i);

		g_string_append(out, i == 0 ? "" : ", ");
		rep_script_quoted(out, label);
		g_string_append_printf(out, " %zu", i + 1);
	}
	g_string_append(out, ")\n");
}

static void
write_cells(GString *out, const struct series_set *set,
    const struct series_pair *pair)
{
	g_string_append(out, "$cells << EOD\n");
	for (size_t s = 0; s < set->n; s++)
		for (size_t i = 0; i < series_length(set); i++) {
			double ratio = series_ratio(set, s, i, pair);

			if (ratio == 0)
				continue;
			g_string_append_printf(out, "%zu %zu ", i + 1, s + 1);
			series_number(out, ratio);
			g_string_append_c(out, '\n');
		}
	g_string_append(out, "EOD\n");
}

/*
 * check_axes: the two axes and the variants, and nothing else; the lines of the
 * set are the rows of the map
 */
static bool
check_axes(const struct series_set *set, size_t y, GError **error)
{
	for (size_t i = 0; i < set->grid->n_axes; i++) {
		const struct grid_axis *axis = &set->grid->axes[i];

		if (i == set->x || i == y || i == set->variants ||
		    axis->values->len == 1)
			continue;
		g_set_error(error, REP_ERROR, REP_ERROR_FIGURE, "a map has two "
		    "axes; --where %s=VALUE keeps one value of the third",
		    axis->key);
		return false;
	}
	return true;
}

static void
write_frame(GString *out, const struct series_set *set, size_t y,
    const struct series_pair *pair, const char *title,
    enum rep_picture picture)
{
	const struct grid *grid = set->grid;
	int height = FRAME_HEIGHT + ROW_HEIGHT * (int)set->n;

	rep_script_terminal(out, picture, REP_FIGURE_WIDTH, height);
	rep_script_title(out, title);
	rep_script_share(out, "line_share", REP_TITLE_LINE, height);
	series_ratio_label(out, grid, pair);
	g_string_append_printf(out, "n_columns = %zu\nn_rows = %zu\n",
	    series_length(set), set->n);
	write_ticks(out, "xtics", &grid->axes[set->x]);
	write_ticks(out, "ytics", &grid->axes[y]);
}

static bool
write_gain(GString *out, const struct rep_data *data,
    enum rep_picture picture, GError **error)
{
	struct series_set set;
	struct series_pair pair;
	size_t y = grid_find(data->grid, "read_bandwidth");
	bool ok = series_of(&set, data->grid, "write_size", true, error) &&
	    series_pair_of(data->grid, data, &pair, error) &&
	    check_axes(&set, y, error);

	if (ok && y != data->grid->n_axes)
		ok = series_has_ratio(&set, &pair, error);
	if (ok && y == data->grid->n_axes) {
		g_set_error(error, REP_ERROR, REP_ERROR_FIGURE,
		    "the store has no axis board.memory.read_bandwidth");
		ok = false;
	}
	if (ok) {
		write_frame(out, &set, y, &pair, data->title, picture);
		write_cells(out, &set, &pair);
	}
	series_clear(&set);
	return ok;
}

const struct rep_figure rep_figure_gain = {
	.name = "gain",
	.question = "on which memory, with which writes does a variant pay?",
	.shows = "Throughput of one variant over that of another, for each "
	    "size of a write and each memory; above 1 it pays.",
	.source = REP_FROM_STORE,
	.axes = { "write_size", "read_bandwidth" },
	.most_lines = 1,
	.is_ratio = true,
	.templates = { "plots/gain.gp" },
	.write = write_gain,
};
