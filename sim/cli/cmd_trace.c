/*
 * loansim trace: what a recording of strace holds, and what a replay makes of
 * it.
 */
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/trace_text.h"
#include "sim/scenario/mistake.h"

const struct cli_option cmd_trace_options[] = {
	{ NULL, 0, CLI_FLAG, 0, NULL, NULL }
};

/* A file that cannot be read is one thing, what makes no sense another. */
static int
show(const char *path)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	bool is_unread = false;
	struct story *story = story_load(path, errors, &is_unread);

	for (guint i = 0; i < errors->len; i++)
		fprintf(stderr, "%s\n", (const char *)errors->pdata[i]);
	if (story == NULL)
		return is_unread ? CLI_IO : CLI_SCENARIO;
	trace_text(story);
	story_free(story);
	return CLI_OK;
}

static int
show_all(int argc, char **argv)
{
	int worst = CLI_OK;

	if (argc < 2)
		return cli_usage_error("trace", "trace: show which file?");
	if (strcmp(argv[1], "show") != 0) {
		g_autofree char *quoted = scn_quote(argv[1]);

		return cli_usage_error("trace", "trace: cannot do %s, only "
		    "\"show\"", quoted);
	}
	if (argc < 3)
		return cli_usage_error("trace", "trace show: which file?");
	for (int i = 2; i < argc; i++) {
		int status;

		if (i > 2)
			putchar('\n');
		status = show(argv[i]);
		worst = MAX(worst, status);
	}
	return worst;
}

int
cmd_trace(int argc, char **argv)
{
	int status;

	if (cli_parse(&argc, argv, NULL, &status))
		status = show_all(argc, argv);
	return status;
}
