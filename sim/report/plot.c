/*
 * A figure's script: its numbers, and then its templates.
 */
#include "sim/report/plot.h"

#include "sim/scenario/find.h"

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

GPtrArray *
rep_plot_templates(const struct rep_figure *figure)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	const char *name = "plots/style.gp";

	for (int i = 0; name != NULL; i++) {
		char *path = scn_find_data(name);

		g_ptr_array_add(paths, path != NULL ? path : g_strdup(name));
		name = i < REP_MAX_TEMPLATES ? figure->templates[i] : NULL;
	}
	g_ptr_array_add(paths, NULL);
	return paths;
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
