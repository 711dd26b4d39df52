/*
 * A figure's script: its numbers, and then its templates.
 */
#include "sim/report/plot.h"

const char *const rep_picture_names[REP_N_PICTURES + 1]
    = { "png", "svg", "pdf", NULL };

enum rep_picture
rep_find_picture(const char *name)
{
	int kind = 0;

	while (kind < REP_N_PICTURES
	    && !g_str_equal(name, rep_picture_names[kind]))
		kind++;
	return (enum rep_picture)kind;
}

static bool
append_template(GString *out, const char *path, GError **error)
{
	char *text = NULL;
	const bool read = g_file_get_contents(path, &text, NULL, error);

	if (read)
		g_string_append(out, text);
	g_free(text);
	return read;
}

GString *
rep_plot_script(const struct rep_figure *figure, const struct rep_data *data,
    enum rep_picture picture, const char *const *templates, GError **error)
{
	GString *out = g_string_new(NULL);
	bool done = figure->write(out, data, picture, error);

	for (; done && *templates != NULL; templates++)
		done = append_template(out, *templates, error);
	if (!done) {
		g_string_free(out, TRUE);
		return NULL;
	}
	return out;
}
