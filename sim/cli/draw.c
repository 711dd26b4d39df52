#include "sim/cli/draw.h"

#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/outcome.h"

/* draw: script to picture to file, or the script itself */
static bool
draw(const char *script, const struct plot_plan *plan, GError **error)
{
	GBytes *picture;
	gsize len = 0;
	const char *data;
	bool done;

	if (plan->print)
		return rep_write(&plan->output, script, strlen(script), error);
	picture = rep_plot_render(script, error);
	if (picture == NULL)
		return false;
	data = g_bytes_get_data(picture, &len);
	done = rep_write(&plan->output, data, len, error);
	g_bytes_unref(picture);
	return done;
}

int
draw_error(GError *error)
{
	const bool is_nothing
	    = g_error_matches(error, REP_ERROR, REP_ERROR_FIGURE);
	const bool is_input
	    = g_error_matches(error, DB_ERROR, DB_ERROR_INPUT);
	const int status = cli_io_error(error);

	return is_nothing ? CLI_USAGE : is_input ? CLI_SCENARIO : status;
}

int
draw_figure(const struct rep_data *data, const struct plot_plan *plan)
{
	const struct rep_figure *figure = plan->what.figure;
	GPtrArray *templates = rep_plot_templates(figure);
	GError *error = NULL;
	GString *script = rep_plot_script(figure, data, plan->type,
	    (const char *const *)templates->pdata, &error);
	const bool done
	    = script != NULL && draw(script->str, plan, &error);

	if (script != NULL)
		g_string_free(script, TRUE);
	g_ptr_array_unref(templates);
	if (!done)
		return draw_error(error);
	if (!plan->quiet && !g_str_equal(plan->output.path, "-"))
		cli_error("the figure is in %s", plan->output.path);
	return CLI_OK;
}

/* default_path: SCENARIO[-VARIANT][-FIGURE].TYPE, the default one unnamed */
static char *
default_path(const struct plot_options *opts, const char *name,
    const struct plot_plan *plan)
{
	const struct rep_figure *figure = plan->what.figure;
	const char *variant = opts->figure.variant;
	const bool is_default = figure == rep_figures[0];

	return g_strdup_printf("%s%s%s%s%s.%s", name,
	    variant != NULL ? "-" : "", variant != NULL ? variant : "",
	    is_default ? "" : "-", is_default ? "" : figure->name,
	    rep_picture_names[plan->type]);
}

int
draw_plan(const struct plot_options *opts, const char *name,
    struct plot_plan *plan)
{
	GError *error = NULL;

	if (opts->output == NULL && !opts->print)
		plan->path = default_path(opts, name, plan);
	plan->print = opts->print;
	plan->quiet = opts->quiet;
	plan->output.force = opts->force;
	plan->output.path = opts->output != NULL ? opts->output
	    : opts->print ? "-" : plan->path;
	if (!rep_output_check(&plan->output, &error))
		return cli_io_error(error);
	return CLI_OK;
}

void
draw_plan_clear(struct plot_plan *plan)
{
	g_clear_pointer(&plan->path, g_free);
}
