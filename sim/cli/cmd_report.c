/*
 * loansim report: the store of a sweep as one page.
 */
#include <stddef.h>

#include "sim/cli/cli.h"
#include "sim/cli/draw.h"
#include "sim/cli/outcome.h"
#include "sim/report/output.h"
#include "sim/report/page.h"
#include "sim/scenario/mistake.h"

struct report_options {
	char *output;
	char **where;
	char *base;
	char *variant;
	gboolean force;
	gboolean quiet;
};

#define FIELD(name)	offsetof(struct report_options, name)

const struct cli_option cmd_report_options[] = {
	{ "output", 'o', CLI_TEXT, FIELD(output), "FILE",
	    "write it there (default: SCENARIO.html); - is standard output" },
	{ "where", 'w', CLI_LIST, FIELD(where), "KEY=VALUE",
	    "only points with that value" },
	{ "base", 0, CLI_TEXT, FIELD(base), "NAME",
	    "the variant that gains are counted from (default: the first)" },
	{ "variant", 0, CLI_TEXT, FIELD(variant), "NAME",
	    "the one whose gain is drawn (default: the last)" },
	{ "force", 0, CLI_FLAG, FIELD(force), NULL,
	    "replace an existing file" },
	{ "quiet", 'q', CLI_FLAG, FIELD(quiet), NULL,
	    "say nothing but errors" },
	{ NULL, 0, CLI_FLAG, 0, NULL, NULL }
};

/* write_page: into the file, which is replaced or made as a whole */
static int
write_page(struct store *store, const struct report_options *opts,
    const struct rep_output *output)
{
	GError *error = NULL;
	GString *page;
	int status = CLI_OK;

	if (!rep_output_check(output, &error))
		return cli_io_error(error);
	page = page_build(&(struct page_request){ store,
		(const char *const *)opts->where, opts->base,
		opts->variant }, &error);
	if (page == NULL)
		return draw_error(error);
	if (!rep_write(output, page->str, page->len, &error))
		status = cli_io_error(error);
	else if (!opts->quiet && !g_str_equal(output->path, "-"))
		cli_error("the report is in %s", output->path);
	g_string_free(page, TRUE);
	return status;
}

static int
report(const char *path, const struct report_options *opts)
{
	GError *error = NULL;
	struct store *store;
	g_autofree char *usual = NULL, *quoted = scn_quote(path);
	int status;

	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		cli_error("no store is named %s", quoted);
		return CLI_SCENARIO;
	}
	store = store_view(path, &error);
	if (store == NULL)
		return draw_error(error);
	usual = g_strconcat(store_about(store)->scenario, ".html", NULL);
	status = write_page(store, opts, &(struct rep_output){
		.path = opts->output != NULL ? opts->output : usual,
		.force = opts->force });
	store_close(store, NULL);
	return status;
}

int
cmd_report(int argc, char **argv)
{
	struct report_options opts = { 0 };
	int status = CLI_OK;

	if (cli_parse(&argc, argv, &opts, &status))
		status = argc == 2 ? report(argv[1], &opts) :
		    cli_usage_error("report", argc < 2 ? "no store given" :
		    "one store at a time");
	cli_parse_free("report", &opts);
	return status;
}
