/*
 * loansim plot: a figure of a scenario, or of results at hand.
 */
#include <stddef.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/figures.h"
#include "sim/cli/outcome.h"
#include "sim/report/output.h"
#include "sim/report/plot.h"
#include "sim/report/read.h"
#include "sim/scenario/find.h"
#include "sim/scenario/units.h"

struct plot_options {
	struct cli_figure_options figure;
	char **set;
	char *type;
	char *output;
	gboolean print;
	gboolean force;
	gboolean quiet;
};

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

/* What is to become of it, decided before anything is run. */
struct plot_plan {
	struct cli_figure what;
	enum rep_picture type;
	bool print;
	struct rep_output output;
	bool quiet;
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

/* find_templates: their paths, or what they are called; to be freed */
static GPtrArray *
find_templates(const struct rep_figure *figure)
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

/* draw_failed: the user may have asked for what is not there */
static int
draw_failed(GError *error)
{
	const bool nothing
	    = g_error_matches(error, REP_ERROR, REP_ERROR_FIGURE);
	const int status = cli_io_error(error);

	return nothing ? CLI_USAGE : status;
}

static int
draw_figure(const struct rep_data *data, const struct plot_plan *plan)
{
	const struct rep_figure *figure = plan->what.figure;
	GPtrArray *templates = find_templates(figure);
	GError *error = NULL;
	GString *script = rep_plot_script(figure, data, plan->type,
	    (const char *const *)templates->pdata, &error);
	const bool done
	    = script != NULL && draw(script->str, plan, &error);

	if (script != NULL)
		g_string_free(script, TRUE);
	g_ptr_array_unref(templates);
	if (!done)
		return draw_failed(error);
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

/*
 * plan_figure: where the picture goes, refused before a long run.
 *
 * => *path is the default path, if one was needed: the caller's to free
 */
static int
plan_figure(const struct plot_options *opts, const char *name,
    struct plot_plan *plan, char **path)
{
	GError *error = NULL;

	if (opts->output == NULL && !opts->print)
		*path = default_path(opts, name, plan);
	plan->print = opts->print;
	plan->quiet = opts->quiet;
	plan->output.force = opts->force;
	plan->output.path = opts->output != NULL ? opts->output
	    : opts->print ? "-" : *path;
	if (!rep_output_check(&plan->output, &error))
		return cli_io_error(error);
	return CLI_OK;
}

/* all_ended: a failed run has nothing that could be drawn */
static bool
all_ended(const struct rep_result *result, const char *path)
{
	for (size_t i = 0; i < result->n_rows; i++) {
		const struct res_row *row = &result->rows[i];

		if (row->outcome == RES_DONE
		    || row->outcome == RES_DRAIN_TIMEOUT)
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
	char *file = NULL, *name;
	int status;

	if (result == NULL) {
		cli_io_error(error);
		return CLI_SCENARIO;
	}
	/* named after the scenario, but never outside this folder */
	name = g_path_get_basename(result->scenario);
	status = all_ended(result, path) ? CLI_OK : CLI_SCENARIO;
	if (status == CLI_OK)
		status = plan_figure(opts, name, plan, &file);
	if (status == CLI_OK)
		status = draw_figure(&(struct rep_data){
			.title = result->title,
			.n_rows = result->n_rows,
			.rows = result->rows }, plan);
	g_free(name);
	g_free(file);
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
	char *file = NULL;
	int status = cli_batch_load(&batch, operand,
	    (const char *const *)opts->set, opts->figure.variant);

	if (status == CLI_OK
	    && plan->what.figure->source == REP_FROM_RECORDING) {
		batch.request = &plan->what.request;
		if (batch.n_rows > 1)
			status = which_variant(&batch, plan);
	}
	if (status == CLI_OK)
		status = plan_figure(opts, scn_name(batch.scn), plan, &file);
	if (status == CLI_OK)
		status = run_and_draw(&batch, plan);
	g_free(file);
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
plot(const char *operand, const struct plot_options *opts)
{
	struct plot_plan plan = { 0 };
	int status;

	if (!find_type(opts, &plan.type)
	    || !cli_find_figure(&opts->figure, &plan.what))
		return CLI_USAGE;
	if (!g_str_has_suffix(operand, ".json"))
		return plot_scenario(operand, opts, &plan);
	status = check_result(operand, opts, plan.what.figure);
	return status != CLI_OK ? status : plot_result(operand, opts, &plan);
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
			    ? "no scenario and no result given"
			    : "one scenario or result at a time");
	}
	cli_parse_free("plot", &opts);
	return status;
}
