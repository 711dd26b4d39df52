/*
 * loansim help: the short help, or that of one command.
 */
#include "sim/cli/cli.h"

const struct cli_option cmd_help_options[] = {
	{ NULL, 0, CLI_FLAG, 0, NULL, NULL }
};

int
cmd_help(int argc, char **argv)
{
	const struct cli_command *cmd;
	int status;

	if (!cli_parse(&argc, argv, NULL, &status))
		return status;
	if (argc > 2)
		return cli_usage_error("help", "help: one command at a time");
	if (argc < 2) {
		cli_print_short_help();
		return CLI_OK;
	}
	cmd = cli_find_command(argv[1]);
	if (cmd == NULL)
		return cli_unknown_command(argv[1]);
	cli_print_help(cmd);
	return CLI_OK;
}
