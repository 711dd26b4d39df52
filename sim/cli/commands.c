/*
 * The program and its commands, in the order in which help shows them.
 */
#include "sim/cli/cli.h"
#include "sim/cli/figures.h"

const struct cli_program cli_program = {
	"loansim",
	"Simulates the transmit path of a BSD kernel that lends the pages of "
	"a program to the network instead of copying them.",
	"Start with \"loansim run thorpe-2002\".\n"
};

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
	{ "merge", "join the stores of a sweep's shards",
	    "STORE...",
	    "All must be of one sweep and one program. A point that is in "
	    "several must have the same fingerprint in all; one that crashed "
	    "or timed out gives way to one that did not. All stores are taken "
	    "in, or none.",
	    cmd_merge_options, cmd_merge, NULL },
	{ "export", "print a store, one row per point",
	    "STORE",
	    "Rows are sorted by point, and the same sweep gives the same "
	    "bytes, whoever computed it. Missing points are told on standard "
	    "error.",
	    cmd_export_options, cmd_export, NULL },
	{ "compare", "show what differs between two results or stores",
	    "A B",
	    "A and B are results (run --format json) or stores. Points are "
	    "matched by variant, by the values of all axes and by seed; two "
	    "results by variant alone. Of each that differs are shown the "
	    "groups of its fingerprint and the columns that do. Over several "
	    "seeds the mean difference is shown, +- the half of its "
	    "95-percent confidence interval (paired, Student's t). The exit "
	    "code is 0 whatever differs, but for --fail-over; for that, a "
	    "point with a result on one side only has changed by more than "
	    "any bound.",
	    cmd_compare_options, cmd_compare, NULL },
	{ "plot", "draw a figure of a scenario, of results or of a store",
	    "SCENARIO|FILE.scn|RESULT.json|STORE",
	    "A scenario is run first; a result file (run --format json) and "
	    "the store of a sweep are drawn as they are. Needs gnuplot. "
	    "A figure of one variant draws what happened while it ran; "
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
	{ "trace", "show what a recording of strace holds",
	    "show FILE...",
	    "FILE is what \"strace -f -ttt -T -y -o FILE PROGRAM\" wrote. "
	    "Shown are the processes, files and connections that a replay "
	    "makes of it; which calls it uses, skips and why, and does not "
	    "understand, with their lines; and what had to be assumed.",
	    cmd_trace_options, cmd_trace, NULL },
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
