/*
 * loansim trace: what a recording of strace holds, what a replay makes of it,
 * and a scenario that runs that.
 */
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/trace_scenario.h"
#include "sim/cli/trace_text.h"
#include "sim/scenario/mistake.h"

const struct cli_option cmd_trace_options[] = {
	{ NULL, 0, CLI_FLAG, 0, NULL, NULL }
};

static int
show(const struct story *story)
{
	trace_text(story);
	return CLI_OK;
}

/* What to do with a recording. */
static const struct action {
	const char *name;
	int (*run)(const struct story *story);	/* an exit code */
} actions[] = {
	{ "show", show },
	{ "scenario", trace_scenario }
};

static const struct action *
find_action(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(actions); i++)
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	return NULL;
}

/* A file that cannot be read is one thing, what makes no sense another. */
static int
act(const struct action *action, const char *path)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	bool is_unread = false;
	struct story *story = story_load(path, errors, &is_unread);
	int status;

	for (guint i = 0; i < errors->len; i++)
		fprintf(stderr, "%s\n", (const char *)errors->pdata[i]);
	if (story == NULL)
		return is_unread ? CLI_IO : CLI_SCENARIO;
	status = action->run(story);
	story_free(story);
	return status;
}

static int
act_on_all(int argc, char **argv)
{
	const struct action *action;
	int worst = CLI_OK;

	if (argc < 2)
		return cli_usage_error("trace", "trace: show which file?");
	action = find_action(argv[1]);
	if (action == NULL) {
		g_autofree char *quoted = scn_quote(argv[1]);

		return cli_usage_error("trace", "trace: cannot do %s, only "
		    "\"show\" and \"scenario\"", quoted);
	}
	if (argc < 3)
		return cli_usage_error("trace", "trace %s: which file?",
		    action->name);
	if (argc > 3 && action->run == trace_scenario)
		return cli_usage_error("trace", "trace scenario: one file at "
		    "a time");
	for (int i = 2; i < argc; i++) {
		int status;

		if (i > 2)
			putchar('\n');
		status = act(action, argv[i]);
		worst = MAX(worst, status);
	}
	return worst;
}

int
cmd_trace(int argc, char **argv)
{
	int status;

	if (cli_parse(&argc, argv, NULL, &status))
		status = act_on_all(argc, argv);
	return status;
}
