/*
 * The commands, in the order in which help shows them.
 */
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/figures.h"
#include "sim/scenario/mistake.h"

const struct cli_command cli_commands[] = {
	{ "run", "simulate a scenario, one row per variant",
	    "SCENARIO|FILE|-",
	    "SCENARIO is the name of a shipped scenario (\"loansim list\"), "
	    "FILE the path of a .scn file, - reads one from standard input. "
	    "Expectations of the scenario ([expect]) that are missed are told "
	    "on standard error; with --check the exit code is 1 then. "
	    "\"explain fingerprint\" tells what that format is for.",
	    cmd_run_options, cmd_run, NULL },
	{ "sweep", "run a scenario along its axes, into a store",
	    "SCENARIO|FILE|-",
	    "Runs every combination of the axes ([sweep] in the scenario, and "
	    "-x), of the variants and of the replications. The same command "
	    "again runs only what is missing in STORE, whatever ended it "
	    "before. VALUES are values and ranges, parted by commas: "
	    "\"1 KiB, 4 KiB .. 64 KiB * 2\". \"loansim export\" prints a "
	    "store; SQLite reads it as well.",
	    cmd_sweep_options, cmd_sweep, NULL },
	{ "plot", "draw a figure of a scenario, of results or of a store",
	    "SCENARIO|FILE.scn|RESULT.json|STORE",
	    "A scenario is run first; a result file (run --format json) and "
	    "the store of a sweep are drawn as they are. Needs gnuplot. A "
	    "figure of one variant draws what happened while it ran; "
	    "--connection, --from and --to say which part of it.",
	    cmd_plot_options, cmd_plot, cli_print_figures },
	{ "report", "write a page about the store of a sweep",
	    "STORE",
	    "One HTML file that needs nothing else: what was swept, what is "
	    "missing or failed, every figure that the axes allow, a table of "
	    "results, and all parameters with their origins. Where a figure "
	    "has no room for all axes, it is drawn for one value of the "
	    "others, and says which. Needs gnuplot.",
	    cmd_report_options, cmd_report, NULL },
	{ "check", "validate scenario and profile files",
	    "FILE...",
	    "All mistakes of all files are listed, with line and what is "
	    "permitted. FILE may be a shipped scenario's name, a .scn file, "
	    "a .board or .kernel profile, or - for standard input.",
	    cmd_check_options, cmd_check, NULL },
	{ "list", "list shipped scenarios, boards and kernels",
	    "", NULL, cmd_list_options, cmd_list, NULL },
	{ "explain", "explain a scenario key, a result column or a term",
	    "[WORD...]",
	    "Without WORD all keys, columns and terms are listed.",
	    cmd_explain_options, cmd_explain, NULL },
	{ "version", "show the version of the program and of its parts",
	    "", NULL, cmd_version_options, cmd_version, NULL },
	{ "help", "show the help of a command",
	    "[COMMAND]", NULL, cmd_help_options, cmd_help, NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL }
};

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
	const char *names[G_N_ELEMENTS(cli_commands)];
	g_autofree char *quoted = scn_quote(name);
	g_autofree char *hint = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(cli_commands); i++)
		names[i] = cli_commands[i].name;
	hint = scn_did_you_mean(scn_suggest(name, names));
	return cli_usage_error(NULL, "unknown command %s%s", quoted, hint);
}
