/*
 * loansim: one program of one process; cli/commands.c has its commands.
 *
 * SimGrid is not started here: only the child process of a run does that.
 */
#include <signal.h>

#include "sim/cli/cli.h"

int
main(int argc, char **argv)
{
	/* a reader that goes away, or a file that may not grow, is an error
	 * of a write, not a death */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	return cli_main(argc, argv);
}
