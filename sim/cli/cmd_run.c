/*
 * loansim run: simulate a scenario's variants and report one row of each.
 */
#include <stddef.h>
#include <stdio.h>

#include "sim/cli/cli.h"
#include "sim/cli/expectations.h"
#include "sim/cli/outcome.h"
#include "sim/cli/replay_remark.h"
#include "sim/report/output.h"
#include "sim/run/quantity.h"

struct run_options {
	char **set;
	char *format;
	char *output;
	char *variant;
	gboolean force;
	gboolean check;
	gboolean timing;
	gboolean quiet;
};

const struct cli_option cmd_run_options[] = {
	{ "set", 's', CLI_LIST, offsetof(struct run_options, set),
	    "GROUP.KEY=VALUE", "override a key in all variants" },
	{ "variant", 0, CLI_TEXT, offsetof(struct run_options, variant), "NAME",
	    "run this variant only" },
	{ "format", 'f', CLI_TEXT, offsetof(struct run_options, format), "FMT",
	    "table, csv, json, jsonl or fingerprint (default: table)" },
	{ "output", 'o', CLI_TEXT, offsetof(struct run_options, output), "PATH",
	    "write the results there; - is standard output" },
	{ "check", 0, CLI_FLAG, offsetof(struct run_options, check), NULL,
	    "exit 1 if an expectation of the scenario is missed" },
	{ "force", 0, CLI_FLAG, offsetof(struct run_options, force), NULL,
	    "replace an existing file" },
	{ "timing", 0, CLI_FLAG, offsetof(struct run_options, timing), NULL,
	    "show on stderr how long the simulation itself took" },
	{ "quiet", 'q', CLI_FLAG, offsetof(struct run_options, quiet), NULL,
	    "say nothing but errors" },
	{ NULL, 0, CLI_FLAG, 0, NULL, NULL }
};

/* find_format: the format asked for; false if there is none of that name */
static bool
find_format(const char *name, enum rep_format *format)
{
	const char *near;

	*format = name == NULL ? REP_TABLE : rep_find_format(name);
	if (*format != REP_N_FORMATS)
		return true;
	near = scn_suggest(name, rep_format_names);
	if (near == NULL)
		cli_usage_error("run", "no format \"%s\"; there are table, "
		    "csv, json, jsonl and fingerprint", name);
	else
		cli_usage_error("run",
		    "no format \"%s\"; did you mean \"%s\"?", name, near);
	return false;
}

/* timing_line: host seconds, and microseconds of them per segment */
static void
timing_line(const char *name, int64_t host_ns, int64_t segments)
{
	const int64_t ns = segments > 0 ? host_ns / segments : 0;

	fprintf(stderr, "timing: %s: %" G_GINT64_FORMAT ".%03d s",
	    name, (gint64)(host_ns / 1000000000),
	    (int)(host_ns / 1000000 % 1000));
	if (segments > 0)
		fprintf(stderr, ", %" G_GINT64_FORMAT ".%03d us per segment",
		    (gint64)(ns / 1000), (int)(ns % 1000));
	fputc('\n', stderr);
}

static void
show_timing(const struct cli_batch *batch)
{
	int64_t host_ns = 0, segments = 0;

	for (size_t i = 0; i < batch->n_rows; i++) {
		const struct res_row *row = &batch->rows[i];
		const int64_t ns = batch->timings[i].host_ns;

		timing_line(row->variant, ns, res_messages(row));
		host_ns += ns;
		segments += res_messages(row);
	}
	if (batch->n_rows > 1)
		timing_line("total", host_ns, segments);
}

/* report: the rows in one piece to where they are wanted */
static int
report(struct cli_batch *batch, const struct rep_output *output,
    enum rep_format format, bool quiet)
{
	const struct rep_set set = cli_batch_set(batch);
	GString *text = rep_build(&set, format);
	GError *error = NULL;
	const bool done = rep_write(output, text->str, text->len, &error);

	g_string_free(text, TRUE);
	if (!done)
		return cli_io_error(error);
	if (!quiet && !g_str_equal(output->path, "-"))
		cli_error("results are in %s", output->path);
	return CLI_OK;
}

static int
run_and_report(struct cli_batch *batch, const struct run_options *opts,
    const struct rep_output *output, enum rep_format format)
{
	bool ran;
	const int status = cli_batch_run(batch, &ran);
	int written, expected;

	if (!ran)
		return status;
	written = report(batch, output, format, opts->quiet);
	if (!opts->quiet)
		cli_remark_replays(batch);
	if (opts->timing)
		show_timing(batch);
	expected = cli_tell_expectations(batch, opts->check, opts->quiet);
	if (status != CLI_OK)
		return status;
	return written != CLI_OK ? written : expected;
}

static int
run(const char *operand, const struct run_options *opts)
{
	const struct rep_output output = {
		.path = opts->output == NULL ? "-" : opts->output,
		.force = opts->force
	};
	struct cli_batch batch;
	enum rep_format format;
	GError *error = NULL;
	int status;

	if (!find_format(opts->format, &format))
		return CLI_USAGE;
	status = cli_batch_load(&batch, operand,
	    (const char *const *)opts->set, opts->variant);
	if (status == CLI_OK && !rep_output_check(&output, &error))
		status = cli_io_error(error);
	if (status == CLI_OK)
		status = run_and_report(&batch, opts, &output, format);
	cli_batch_free(&batch);
	return status;
}

int
cmd_run(int argc, char **argv)
{
	struct run_options opts = { 0 };
	int status = CLI_OK;

	if (cli_parse(&argc, argv, &opts, &status)) {
		if (argc == 2)
			status = run(argv[1], &opts);
		else
			status = cli_usage_error("run", argc < 2
			    ? "no scenario given"
			    : "one scenario at a time");
	}
	cli_parse_free("run", &opts);
	return status;
}
