/*
 * loansim plot: the throughput figure of a scenario, or of results at hand.
 */
#include <stddef.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/outcome.h"
#include "sim/report/output.h"
#include "sim/report/plot.h"
#include "sim/report/read.h"
#include "sim/scenario/find.h"

struct plot_options {
	char **set;
	char *type;
	char *output;
	gboolean print;
	gboolean force;
	gboolean quiet;
};

const struct cli_option cmd_plot_options[] = {
	{ "type", 't', CLI_TEXT, offsetof(struct plot_options, type), "TYPE",
	    "png, svg or pdf (default: as the file is called, or png)" },
	{ "output", 'o', CLI_TEXT, offsetof(struct plot_options, output),
	    "FILE",
	    "write it there (default: SCENARIO.TYPE); - is standard output" },
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

static int
draw_figure(const struct rep_figure *figure, const struct plot_plan *plan)
{
	char *style = scn_find_data("plots/style.gp");
	char *throughput = scn_find_data("plots/throughput.gp");
	const char *const templates[] = {
		style == NULL ? "plots/style.gp" : style,
		throughput == NULL ? "plots/throughput.gp" : throughput,
		NULL
	};
	GError *error = NULL;
	GString *script
	    = rep_plot_script(figure, plan->type, templates, &error);
	const bool done
	    = script != NULL && draw(script->str, plan, &error);

	if (script != NULL)
		g_string_free(script, TRUE);
	g_free(style);
	g_free(throughput);
	if (!done)
		return cli_io_error(error);
	if (!plan->quiet && !g_str_equal(plan->output.path, "-"))
		cli_error("the figure is in %s", plan->output.path);
	return CLI_OK;
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
		*path = g_strdup_printf(
		    "%s.%s", name, rep_picture_names[plan->type]);
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
		status = draw_figure(&(struct rep_figure){
			.title = result->title,
			.n_rows = result->n_rows,
			.rows = result->rows }, plan);
	g_free(name);
	g_free(file);
	rep_result_free(result);
	return status;
}

static int
run_and_draw(struct cli_batch *batch, const struct plot_plan *plan)
{
	bool ran;
	const int status = cli_batch_run(batch, &ran);

	if (status != CLI_OK)
		return status;
	return draw_figure(&(struct rep_figure){
		.title = scn_get_text(batch->points[0], SCN_TITLE),
		.n_rows = batch->n_rows,
		.rows = batch->rows }, plan);
}

static int
plot_scenario(const char *operand, const struct plot_options *opts,
    struct plot_plan *plan)
{
	struct cli_batch batch;
	char *file = NULL;
	int status = cli_batch_load(&batch, operand,
	    (const char *const *)opts->set, NULL);

	if (status == CLI_OK)
		status = plan_figure(opts, scn_name(batch.scn), plan, &file);
	if (status == CLI_OK)
		status = run_and_draw(&batch, plan);
	g_free(file);
	cli_batch_free(&batch);
	return status;
}

static int
plot(const char *operand, const struct plot_options *opts)
{
	struct plot_plan plan = { 0 };

	if (!find_type(opts, &plan.type))
		return CLI_USAGE;
	if (!g_str_has_suffix(operand, ".json"))
		return plot_scenario(operand, opts, &plan);
	if (opts->set != NULL)
		return cli_usage_error("plot",
		    "-s needs a scenario: %s is run already", operand);
	return plot_result(operand, opts, &plan);
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
