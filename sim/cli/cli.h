/*
 * The command line: what every command shares.
 *
 * Stands for: verbs ("loansim run", "loansim check"), one file each
 *	(cmd_NAME.c), found by cli_main() in the table of commands.c.  Another
 *	program has a table of its own (mpi/commands.c), which it is linked with
 *	before the library's.
 * Streams: stdout carries results only; all talk goes to stderr through
 *	cli_error().  A command prints to stdout freely: cli_main() ends with
 *	cli_finish(), which notices a full disk or a closed pipe.
 * Errors: a command returns its exit code; nothing here calls exit().
 * Owns: no state at all; options live in a struct of the command's own.
 */
#ifndef SIM_CLI_CLI_H
#define SIM_CLI_CLI_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "sim/scenario/scenario.h"
#include "sim/scenario/suggest.h"

/* The exit codes are an interface: scripts depend on each of them. */
enum cli_exit {
	CLI_OK = 0,		/* all done, all audits clean */
	CLI_MISSED = 1,		/* an expectation or a bound was not met */
	CLI_USAGE = 2,		/* wrong command line */
	CLI_SCENARIO = 3,	/* bad or unreadable scenario, result, store */
	CLI_IO = 4,		/* an output file, the disk or a pipe failed */
	CLI_BUG = 5,		/* an audit or a check failed: our fault */
	CLI_PARTLY = 6,		/* some points of a sweep failed */
	CLI_SIGINT = 130,	/* interrupted */
	CLI_SIGTERM = 143	/* terminated */
};

/* What the field at an option's offset is; the struct starts zeroed. */
enum cli_type {
	CLI_FLAG,		/* gboolean: given or not */
	CLI_TEXT,		/* char *: last one given, or NULL */
	CLI_LIST		/* char **: all, NULL-terminated, or NULL */
};

struct cli_option {
	const char *name;	/* "format"; NULL ends a table */
	char letter;		/* 'f', or 0 */
	enum cli_type type;
	size_t offset;		/* offsetof(struct of the command, field) */
	const char *arg;	/* "FMT" in the help; NULL for a flag */
	const char *sentence;	/* one line of help */
};

struct cli_command {
	const char *name;	/* "check" */
	const char *summary;	/* one line of the command list */
	const char *usage;	/* operands: "FILE..." */
	const char *details;	/* paragraph of "help NAME", or NULL */
	const struct cli_option *options;
	int (*run)(int argc, char **argv);
	void (*more)(void);		/* prints what follows, or NULL */
};

/* What messages and the short help say of the program. */
struct cli_program {
	const char *name;	/* "loansim" */
	const char *sentence;	/* what it does */
	const char *start;	/* lines of the help: what to type first */
};

extern const struct cli_program cli_program;

/* All commands in the order of the help; a row without a name ends it. */
extern const struct cli_command cli_commands[];

/* cli_main: find the command, run it, end standard output; an exit code */
int cli_main(int argc, char **argv);

/* cli_find_command: the row of that name, or NULL */
const struct cli_command *cli_find_command(const char *name);

/*
 * cli_unknown_command: say that there is none of that name, and which may be
 * meant; returns CLI_USAGE
 */
int cli_unknown_command(const char *name);

/*
 * One file each.  argv[0] is the command's name; the result an exit code.
 * -h and --help are in no table: cli_parse() adds them to every command.
 */
int cmd_run(int argc, char **argv);
int cmd_sweep(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_plot(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_trace(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_version(int argc, char **argv);
int cmd_help(int argc, char **argv);

extern const struct cli_option cmd_run_options[];
extern const struct cli_option cmd_sweep_options[];
extern const struct cli_option cmd_merge_options[];
extern const struct cli_option cmd_export_options[];
extern const struct cli_option cmd_compare_options[];
extern const struct cli_option cmd_plot_options[];
extern const struct cli_option cmd_report_options[];
extern const struct cli_option cmd_check_options[];
extern const struct cli_option cmd_trace_options[];
extern const struct cli_option cmd_list_options[];
extern const struct cli_option cmd_explain_options[];
extern const struct cli_option cmd_version_options[];
extern const struct cli_option cmd_help_options[];

/*
 * cli_parse: fill a command's option struct from its arguments.
 *
 * => argv[0] names the command, whose table is used; opts is zeroed by the
 *    caller and released with cli_parse_free(), also after a failure
 * => true: argv[1] .. argv[*argc - 1] are the operands
 * => false: return *status at once; help was printed (CLI_OK), or what is
 *    wrong was said, with the nearest option as a suggestion (CLI_USAGE)
 */
bool cli_parse(int *argc, char **argv, void *opts, int *status);

/* cli_parse_free: release the texts of an option struct */
void cli_parse_free(const char *command, void *opts);

/* cli_print_help: usage, options and details of one command, on stdout */
void cli_print_help(const struct cli_command *cmd);

/*
 * cli_print_wrapped: a text on stdout, broken at blanks before column 80, and
 * a newline.
 *
 * => later lines start at column indent; the first is at column already
 */
void cli_print_wrapped(const char *text, int indent, int column);

/* cli_print_short_help: what -h prints; at most 24 lines of 80 columns */
void cli_print_short_help(void);

/* cli_points: "point" for one, "points" for any other number */
const char *cli_points(size_t n);

/* cli_error: one message on stderr, "loansim: ..." and a newline */
void cli_error(const char *fmt, ...) G_GNUC_PRINTF(1, 2);

/*
 * cli_usage_error: as cli_error, followed by where to find the usage.
 *
 * => command may be NULL; returns CLI_USAGE
 */
int cli_usage_error(const char *command, const char *fmt, ...)
    G_GNUC_PRINTF(2, 3);

/*
 * cli_load_scenario: a shipped scenario's name, a path, or "-".
 *
 * => overrides as scn_load(); the caller frees the result with scn_free()
 * => NULL: every mistake is on stderr, and *status is CLI_SCENARIO; or
 *    CLI_USAGE if an override is no "group.key=value" at all
 */
struct scenario *cli_load_scenario(const char *name_or_path,
    const char *const *overrides, int *status);

/*
 * cli_finish: flush and close stdout.
 *
 * => returns status, or CLI_IO if results were lost: with a message, but a
 *    reader that went away (EPIPE) is not talked about
 */
int cli_finish(int status);

#endif
