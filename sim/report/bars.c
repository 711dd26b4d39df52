#include "sim/report/bars.h"

enum {
	ROW_HEIGHT = 72,
	AXIS_HEIGHT = 92,	/* below the bars: ticks and what they count */
	NAME_MARGIN = 36,
	NAME_USUAL = 16,	/* characters */
	CHAR_WIDTH = 9		/* an average one of the label font */
};

/* append_names: a tick's label is a format, where each "%" counts twice */
static void
append_names(GString *out, const struct rep_data *data)
{
	for (size_t i = 0; i < data->n_rows; i++) {
		GString *name = g_string_new(data->rows[i].variant);

		g_string_replace(name, "%", "%%", 0);
		g_string_append_printf(
		    out, "set ytics %s(", i == 0 ? "" : "add ");
		rep_script_quoted(out, name->str);
		g_string_append_printf(out, " %zu)\n", i + 1);
		g_string_free(name, TRUE);
	}
}

static int
longest_name(const struct rep_data *data)
{
	glong longest = 0;

	for (size_t i = 0; i < data->n_rows; i++)
		longest = MAX(longest,
		    g_utf8_strlen(data->rows[i].variant, -1));
	return (int)longest;
}

void
rep_bars(GString *out, const struct rep_data *data, enum rep_picture picture,
    int below)
{
	const int longest = longest_name(data);
	const int width = REP_FIGURE_WIDTH
	    + CHAR_WIDTH * MAX(0, longest - NAME_USUAL);
	const int n_lines = rep_script_title(out, data->title);
	const int height = AXIS_HEIGHT + REP_TITLE_LINE * n_lines
	    + ROW_HEIGHT * (int)data->n_rows + below;

	rep_script_share(out, "line_share", REP_TITLE_LINE, height);
	rep_script_share(out, "below_share", below, height);
	rep_script_share(out, "name_share", NAME_MARGIN + CHAR_WIDTH * longest,
	    width);
	g_string_append_printf(out, "n_rows = %zu\n", data->n_rows);
	rep_script_terminal(out, picture, width, height);
	append_names(out, data);
}
