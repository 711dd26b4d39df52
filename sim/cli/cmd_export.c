/*
 * loansim export: a store as CSV or JSON, row by row.
 */
#include <stddef.h>

#include "sim/cli/cli.h"
#include "sim/cli/outcome.h"
#include "sim/cli/stores.h"
#include "sim/sweep/export.h"

struct export_options {
	char *format;
	char *output;
	gboolean force;
	gboolean effective;
	gboolean quiet;
};

#define FIELD(name)	offsetof(struct export_options, name)

const struct cli_option cmd_export_options[] = {
	{ "format", 'f', CLI_TEXT, FIELD(format), "FMT",
	    "csv, json or jsonl (default: csv)" },
	{ "output", 'o', CLI_TEXT, FIELD(output), "PATH",
	    "write the rows there; - is standard output" },
	{ "force", 0, CLI_FLAG, FIELD(force), NULL,
	    "replace an existing file" },
	{ "effective", 0, CLI_FLAG, FIELD(effective), NULL,
	    "with -f jsonl: the full scenario of each point, too" },
	{ "quiet", 'q', CLI_FLAG, FIELD(quiet), NULL,
	    "say nothing but errors" },
	{ NULL, 0, CLI_FLAG, 0, NULL, NULL }
};

static int
find_format(const char *name, enum rep_format *format)
{
	static const char *const names[] = { "csv", "json", "jsonl", NULL };
	g_autofree char *hint = NULL;

	*format = name == NULL ? REP_CSV : rep_find_format(name);
	if (*format == REP_CSV || *format == REP_JSON || *format == REP_JSONL)
		return CLI_OK;
	hint = scn_did_you_mean(scn_suggest(name, names));
	return cli_usage_error("export", "no format \"%s\"%s", name,
	    *hint != '\0' ? hint : "; there are csv, json and jsonl");
}

/* sum_up: what the rows do not say */
static void
sum_up(const struct store *store, size_t n_rows, const char *path, bool quiet)
{
	size_t n = store_about(store)->n_points;

	if (n_rows < n)
		cli_error("%zu of %zu points are missing", n - n_rows, n);
	if (!quiet && !g_str_equal(path, "-"))
		cli_error("results are in %s", path);
}

static int
export_to(struct store *store, const struct store_export *how,
    const struct rep_output *output, bool quiet)
{
	GError *error = NULL;
	struct rep_stream *stream = rep_stream_open(output, &error);
	size_t n_rows = 0;
	bool done, is_lost;

	if (stream == NULL)
		return cli_io_error(error);
	done = store_export(store, how, stream, &n_rows, &error);
	is_lost = rep_stream_is_lost(stream);
	if (done)
		done = rep_stream_close(stream, &error);
	else
		rep_stream_drop(stream);
	if (!done)
		return cli_store_error(error);
	if (!is_lost)
		sum_up(store, n_rows, output->path, quiet);
	return CLI_OK;
}

static int
export(const char *path, const struct export_options *opts)
{
	const struct rep_output output = {
		.path = opts->output == NULL ? "-" : opts->output,
		.force = opts->force
	};
	struct store_export how = { .has_effective = opts->effective };
	g_autofree char *command = NULL;
	struct store *store;
	int status = find_format(opts->format, &how.format);

	if (status == CLI_OK && opts->effective && how.format != REP_JSONL)
		status = cli_usage_error("export", "--effective needs "
		    "-f jsonl");
	if (status == CLI_OK)
		status = cli_store_spare("export", path, output.path);
	store = status == CLI_OK ? cli_store_view(path, &status) : NULL;
	if (store == NULL)
		return status;
	how.command = command = cli_store_command(
	    store_about(store)->command, NULL);
	status = export_to(store, &how, &output, opts->quiet);
	store_close(store, NULL);
	return status;
}

int
cmd_export(int argc, char **argv)
{
	struct export_options opts = { 0 };
	int status = CLI_OK;

	if (cli_parse(&argc, argv, &opts, &status))
		status = argc == 2 ? export(argv[1], &opts) :
		    cli_usage_error("export", argc < 2 ? "no store given" :
		    "one store at a time");
	cli_parse_free("export", &opts);
	return status;
}
