/*
 * From the command line to a command of the program's table.
 */
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/scenario/mistake.h"

const struct cli_command *
cli_find_command(const char *name)
{
	const struct cli_command *cmd;

	for (cmd = cli_commands; cmd->name != NULL; cmd++)
		if (strcmp(cmd->name, name) == 0)
			return cmd;
	return NULL;
}

int
cli_unknown_command(const char *name)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *quoted = scn_quote(name);
	g_autofree char *hint = NULL;

	for (const struct cli_command *c = cli_commands; c->name != NULL; c++)
		g_ptr_array_add(names, (char *)(guintptr)c->name);
	g_ptr_array_add(names, NULL);
	hint = scn_did_you_mean(scn_suggest(name,
	    (const char *const *)names->pdata));
	return cli_usage_error(NULL, "unknown command %s%s", quoted, hint);
}

/* top_level: the command that "-h" and "-V" stand for */
static const char *
top_level(const char *word)
{
	if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0)
		return "help";
	if (strcmp(word, "-V") == 0 || strcmp(word, "--version") == 0)
		return "version";
	return word;
}

int
cli_main(int argc, char **argv)
{
	const struct cli_command *cmd;

	if (argc < 2)
		return cli_usage_error(NULL, "no command given");
	cmd = cli_find_command(top_level(argv[1]));
	if (cmd == NULL)
		return cli_unknown_command(argv[1]);
	argv[1] = (char *)(guintptr)cmd->name;
	return cli_finish(cmd->run(argc - 1, argv + 1));
}
