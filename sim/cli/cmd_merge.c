/*
 * loansim merge: the stores of shards become one.
 */
#include <stddef.h>

#include "sim/cli/cli.h"
#include "sim/cli/stores.h"
#include "sim/sweep/merge.h"

struct merge_options {
	char *output;
	gboolean quiet;
};

const struct cli_option cmd_merge_options[] = {
	{ "output", 'o', CLI_TEXT, offsetof(struct merge_options, output),
	    "STORE", "where to; a store that is there already is gone on "
	    "with" },
	{ "quiet", 'q', CLI_FLAG, offsetof(struct merge_options, quiet), NULL,
	    "say nothing but errors" },
	{ NULL, 0, CLI_FLAG, 0, NULL, NULL }
};

/* command_for: what goes on with the sweep in the merged store */
static char *
command_for(const char *first, const char *output, int *status)
{
	struct store *store = cli_store_view(first, status);
	char *command;

	if (store == NULL)
		return NULL;
	command = cli_store_command(store_about(store)->command, output);
	store_close(store, NULL);
	return command;
}

static void
sum_up(const struct store_merged *merged, const char *output)
{
	cli_error("%zu %s added, %zu of %zu are in %s", merged->n_added,
	    cli_points(merged->n_added), merged->n_recorded,
	    merged->n_points, output);
	if (merged->n_failed > 0)
		cli_error("%zu of them failed", merged->n_failed);
}

static int
merge(char **stores, const struct merge_options *opts)
{
	struct store_merged merged;
	g_autofree char *command = NULL;
	GError *error = NULL;
	int status = CLI_OK;

	for (char **path = stores; status == CLI_OK && *path != NULL; path++)
		status = cli_store_check(*path);
	if (status == CLI_OK && g_file_test(opts->output, G_FILE_TEST_EXISTS))
		status = cli_store_check(opts->output);
	if (status == CLI_OK)
		command = command_for(stores[0], opts->output, &status);
	if (status != CLI_OK)
		return status;
	if (!store_merge(opts->output, command, (const char *const *)stores,
	    &merged, &error))
		return cli_store_error(error);
	if (!opts->quiet)
		sum_up(&merged, opts->output);
	return CLI_OK;
}

int
cmd_merge(int argc, char **argv)
{
	struct merge_options opts = { 0 };
	int status = CLI_OK;

	if (cli_parse(&argc, argv, &opts, &status)) {
		argv[argc] = NULL;
		status = argc < 2 ? cli_usage_error("merge",
		    "no store given") : opts.output == NULL ?
		    cli_usage_error("merge", "-o STORE is missing") :
		    merge(argv + 1, &opts);
	}
	cli_parse_free("merge", &opts);
	return status;
}
