/*
 * Figures of the store of a sweep.
 */
#include "sim/cli/cli.h"
#include "sim/cli/draw.h"
#include "sim/cli/outcome.h"
#include "sim/cli/stores.h"

static int
check(const struct plot_options *opts, const struct rep_figure *figure)
{
	GString *names;

	if (opts->set != NULL)
		return cli_usage_error("plot",
		    "-s needs a scenario: a store is run already");
	if (figure->source == REP_FROM_STORE)
		return CLI_OK;
	names = g_string_new(NULL);
	for (size_t i = 0; rep_figures[i] != NULL; i++)
		if (rep_figures[i]->source == REP_FROM_STORE)
			g_string_append_printf(names, "%s%s",
			    names->len > 0 ? ", " : "", rep_figures[i]->name);
	cli_usage_error("plot", "%s needs %s; of a store, --figure draws %s",
	    figure->name, rep_source_name(figure->source), names->str);
	g_string_free(names, TRUE);
	return CLI_USAGE;
}

static int
draw_grid(struct store *store, const struct plot_options *opts,
    struct plot_plan *plan)
{
	GError *error = NULL;
	struct grid *grid = grid_read(store,
	    (const char *const *)opts->where, &error);
	int status;

	if (grid == NULL)
		return draw_error(error);
	status = draw_figure(&(struct rep_data){
		.title = store_about(store)->title,
		.grid = grid,
		.base = opts->base,
		.variant = opts->figure.variant }, plan);
	grid_free(grid);
	return status;
}

int
plot_store(const char *path, const struct plot_options *opts,
    struct plot_plan *plan)
{
	GError *error = NULL;
	struct store *store;
	int status = check(opts, plan->what.figure);

	if (status == CLI_OK && opts->output != NULL)
		status = cli_store_spare("plot", path, opts->output);
	if (status != CLI_OK)
		return status;
	store = store_view(path, &error);
	if (store == NULL)
		return draw_error(error);
	status = draw_plan(opts, store_about(store)->scenario, plan);
	if (status == CLI_OK)
		status = draw_grid(store, opts, plan);
	store_close(store, NULL);
	return status;
}
