/*
 * The gain of a variant over how much of its buffer a program writes again.
 */
#include <string.h>

#include "sim/report/output.h"
#include "sim/report/series.h"

enum { HEIGHT = 520 };

static void
write_lines(GString *out, const struct series_set *set,
    const struct series_pair *pair)
{
	g_string_append(out, "$points << EOD\n");
	for (size_t s = 0; s < set->n; s++)
		for (size_t i = 0; i < series_length(set); i++) {
			double ratio = series_ratio(set, s, i, pair);

			if (ratio == 0)
				continue;
			g_string_append_printf(out, "%zu ", s + 1);
			series_number(out, series_x(set, i));
			g_string_append_c(out, ' ');
			series_number(out, ratio);
			g_string_append_c(out, '\n');
		}
	g_string_append(out, "EOD\n");
}

static bool
write_refill(GString *out, const struct rep_data *data,
    enum rep_picture picture, GError **error)
{
	struct series_set set;
	struct series_pair pair;
	bool ok = series_of(&set, data->grid, "refill_bytes", true, error) &&
	    series_pair_of(data->grid, data, &pair, error) &&
	    series_has_ratio(&set, &pair, error);

	if (ok) {
		rep_script_terminal(out, picture, REP_FIGURE_WIDTH, HEIGHT);
		rep_script_title(out, data->title);
		rep_script_share(out, "line_share", REP_TITLE_LINE, HEIGHT);
		series_ticks(out, &set);
		series_ratio_label(out, data->grid, &pair);
		series_names(out, &set, "line");
		write_lines(out, &set, &pair);
	}
	series_clear(&set);
	return ok;
}

const struct rep_figure rep_figure_refill = {
	.name = "refill",
	.question = "what is left of the gain when the buffer is written "
	    "again?",
	.shows = "Throughput of one variant over that of another, the more "
	    "of its buffer the program writes again before each write.",
	.source = REP_FROM_STORE,
	.axes = { "refill_bytes" },
	.most_lines = SERIES_MAX,
	.is_ratio = true,
	.templates = { "plots/refill.gp" },
	.write = write_refill,
};
