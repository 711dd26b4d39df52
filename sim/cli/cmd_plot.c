/*
 * loansim plot: a figure of a scenario, or of results at hand.
 */
#include <stddef.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/draw.h"
#include "sim/cli/outcome.h"
#include "sim/report/read.h"
#include "sim/sweep/store.h"
#include "sim/scenario/units.h"

#define FIGURE_OPTION(field)						\
	offsetof(struct plot_options, figure)				\
	    + offsetof(struct cli_figure_options, field)

const struct cli_option cmd_plot_options[] = {
	{ "type", 't', CLI_TEXT, offsetof(struct plot_options, type), "TYPE",
	    "png, svg or pdf (default: as the file is called, or png)" },
	{ "output", 'o', CLI_TEXT, offsetof(struct plot_options, output),
	    "FILE",
	    "write it there (default: SCENARIO[-VARIANT][-FIGURE].TYPE); - is "
	    "standard output" },
	{ "figure", 'f', CLI_TEXT, FIGURE_OPTION(figure), "NAME",
	    "what to draw (default: throughput)" },
	{ "variant", 0, CLI_TEXT, FIGURE_OPTION(variant), "NAME",
	    "run and draw only that one" },
	{ "from", 0, CLI_TEXT, FIGURE_OPTION(from), "TIME",
	    "where a figure of one variant begins (default: its first event)" },
	{ "to", 0, CLI_TEXT, FIGURE_OPTION(to), "TIME",
	    "where it ends (default: its last event)" },
	{ "connection", 0, CLI_TEXT, FIGURE_OPTION(connection), "NUMBER",
	    "its connection, counted from 1 as they begin (default: 1)" },
	{ "base", 0, CLI_TEXT, offsetof(struct plot_options, base), "NAME",
	    "of a store: the variant that gains are counted from" },
	{ "where", 'w', CLI_LIST, offsetof(struct plot_options, where),
	    "KEY=VALUE", "of a store: only points with that value" },
	{ "set", 's', CLI_LIST, offsetof(struct plot_options, set),
	    "GROUP.KEY=VALUE", "override a key, when a scenario is run" },
	{ "print", 0, CLI_FLAG, offsetof(struct plot_options, print), NULL,
	    "print the gnuplot script with its data, draw nothing" },
	{ "force", 0, CLI_FLAG, offsetof(struct plot_options, force), NULL,
	    "replace an existing file" },
	{ "quiet", 'q', CLI_FLAG, offsetof(struct plot_options, quiet), NULL,
	    "say nothing but errors" },
	{ NULL, 0, CLI_FLAG, 0, NULL, NULL }
};

/* find_type: -t, or the ending of the output file, or png */
static bool
find_type(const struct plot_options *opts, enum rep_picture *type)
{
	const char *dot
	    = opts->output == NULL ? NULL : strrchr(opts->output, '.');

	*type = REP_PNG;
	if (opts->type != NULL)
		*type = rep_find_picture(opts->type);
	else if (dot != NULL && rep_find_picture(dot + 1) != REP_N_PICTURES)
		*type = rep_find_picture(dot + 1);
	if (*type != REP_N_PICTURES)
		return true;
	cli_usage_error("plot", "no type \"%s\"; there are png, svg and pdf",
	    opts->type);
	return false;
}

/* all_ended: a failed run has nothing that could be drawn */
static bool
all_ended(const struct rep_result *result, const char *path)
{
	for (size_t i = 0; i < result->n_rows; i++) {
		const struct res_row *row = &result->rows[i];

		if (res_is_result(row))
			continue;
		cli_error("%s: rows[%zu]: \"%s\" did not end: %s", path, i,
		    row->variant, res_outcome_name(row->outcome));
		return false;
	}
	return true;
}

static int
plot_result(const char *path, const struct plot_options *opts,
    struct plot_plan *plan)
{
	GError *error = NULL;
	struct rep_result *result = rep_read(path, &error);
	char *name;
	int status;

	if (result == NULL) {
		cli_io_error(error);
		return CLI_SCENARIO;
	}
	/* named after the scenario, but never outside this folder */
	name = g_path_get_basename(result->scenario);
	status = all_ended(result, path) ? CLI_OK : CLI_SCENARIO;
	if (status == CLI_OK)
		status = draw_plan(opts, name, plan);
	if (status == CLI_OK)
		status = draw_figure(&(struct rep_data){
			.title = result->title,
			.n_rows = result->n_rows,
			.rows = result->rows }, plan);
	g_free(name);
	rep_result_free(result);
	return status;
}

/* tell_full: what the picture does not show must be known */
static void
tell_full(const struct recording *recording)
{
	g_autofree char *at = NULL;

	if (recording->head.n_missed == 0)
		return;
	at = scn_quantity_format(recording->head.full_at, SCN_UNIT_TIME);
	cli_error("the recording is full at %s, and the figure ends there; "
	    "--from and --to choose another part of the run", at);
}

static int
run_and_draw(struct cli_batch *batch, const struct plot_plan *plan)
{
	bool ran;
	const int status = cli_batch_run(batch, &ran);

	if (status != CLI_OK)
		return status;
	if (batch->request != NULL)
		tell_full(&batch->recording);
	return draw_figure(&(struct rep_data){
		.title = scn_get_text(batch->points[0], SCN_TITLE),
		.n_rows = batch->n_rows,
		.rows = batch->rows,
		.recording = &batch->recording,
		.connection = plan->what.connection }, plan);
}

/* which_variant: the run of one is drawn, and there are several */
static int
which_variant(const struct cli_batch *batch, const struct plot_plan *plan)
{
	GString *names = g_string_new(NULL);
	int status;

	for (size_t i = 0; i < batch->n_rows; i++)
		g_string_append_printf(names, "%s%s", i == 0 ? "" : ", ",
		    scn_point_name(batch->points[i]));
	status = cli_usage_error("plot", "%s draws one variant; which, says "
	    "--variant: %s", plan->what.figure->name, names->str);
	g_string_free(names, TRUE);
	return status;
}

static int
plot_scenario(const char *operand, const struct plot_options *opts,
    struct plot_plan *plan)
{
	struct cli_batch batch;
	int status = cli_batch_load(&batch, operand,
	    (const char *const *)opts->set, opts->figure.variant);

	if (status == CLI_OK
	    && plan->what.figure->source == REP_FROM_RECORDING) {
		batch.request = &plan->what.request;
		if (batch.n_rows > 1)
			status = which_variant(&batch, plan);
	}
	if (status == CLI_OK)
		status = draw_plan(opts, scn_name(batch.scn), plan);
	if (status == CLI_OK)
		status = run_and_draw(&batch, plan);
	cli_batch_free(&batch);
	return status;
}

/* check_result: what a result file is no use for, or has no use for */
static int
check_result(const char *path, const struct plot_options *opts,
    const struct rep_figure *figure)
{
	if (opts->set != NULL || opts->figure.variant != NULL)
		return cli_usage_error("plot",
		    "%s needs a scenario: %s is run already",
		    opts->set != NULL ? "-s" : "--variant", path);
	if (figure->source != REP_FROM_ROWS)
		return cli_usage_error("plot", "%s needs %s: no result file "
		    "has what it draws", figure->name,
		    rep_source_name(figure->source));
	return CLI_OK;
}

static int
check_source(const struct plot_options *opts, const struct rep_figure *figure)
{
	if (figure->source == REP_FROM_STORE)
		return cli_usage_error("plot", "%s needs %s (loansim sweep)",
		    figure->name, rep_source_name(figure->source));
	if (opts->where != NULL || opts->base != NULL)
		return cli_usage_error("plot", "%s is for figures of a store",
		    opts->where != NULL ? "--where" : "--base");
	return CLI_OK;
}

static int
plot_operand(const char *operand, const struct plot_options *opts,
    struct plot_plan *plan)
{
	int status;

	if (!find_type(opts, &plan->type)
	    || !cli_find_figure(&opts->figure, &plan->what))
		return CLI_USAGE;
	if (store_may_be(operand))
		return plot_store(operand, opts, plan);
	status = check_source(opts, plan->what.figure);
	if (status != CLI_OK)
		return status;
	if (!g_str_has_suffix(operand, ".json"))
		return plot_scenario(operand, opts, plan);
	status = check_result(operand, opts, plan->what.figure);
	return status != CLI_OK ? status : plot_result(operand, opts, plan);
}

static int
plot(const char *operand, const struct plot_options *opts)
{
	struct plot_plan plan = { 0 };
	int status = plot_operand(operand, opts, &plan);

	draw_plan_clear(&plan);
	return status;
}

int
cmd_plot(int argc, char **argv)
{
	struct plot_options opts = { 0 };
	int status = CLI_OK;

	if (cli_parse(&argc, argv, &opts, &status)) {
		if (argc == 2)
			status = plot(argv[1], &opts);
		else
			status = cli_usage_error("plot", argc < 2
			    ? "no scenario, no result and no store given"
			    : "one scenario, result or store at a time");
	}
	cli_parse_free("plot", &opts);
	return status;
}
