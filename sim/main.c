/*
 * loansim: find the command, run it, close standard output.
 *
 * SimGrid is not started here: only the child process of a run does that.
 */
#include <signal.h>
#include <string.h>

#include "sim/cli/cli.h"

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
main(int argc, char **argv)
{
	const struct cli_command *cmd;

	/* a reader that goes away, or a file that may not grow, is an error
	 * of a write, not a death */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (argc < 2)
		return cli_usage_error(NULL, "no command given");
	cmd = cli_find_command(top_level(argv[1]));
	if (cmd == NULL)
		return cli_unknown_command(argv[1]);
	argv[1] = (char *)(guintptr)cmd->name;
	return cli_finish(cmd->run(argc - 1, argv + 1));
}
