/*
 * What a sweep is told on the command line, checked.
 *
 * Stands for: the part that sweeping on one machine and on many share.
 * Owns: a setup its scenario and texts.
 */
#ifndef SIM_CLI_SWEEP_OPTIONS_H
#define SIM_CLI_SWEEP_OPTIONS_H

#include <stddef.h>

#include "sim/cli/cli.h"
#include "sim/run/pool.h"
#include "sim/sweep/sweep.h"

struct sweep_options {
	char **set;
	char **axes;
	char *replicate;
	char *output;
	char *jobs;
	char *shard;
	char *timeout;
	char *memory;
	gboolean retry;
	gboolean force;
	gboolean dry_run;
	gboolean timing;
	gboolean quiet;
};

/* The table of these options; jobs is the sentence on -j. */
#define SWEEP_FIELD(name)	offsetof(struct sweep_options, name)
#define SWEEP_OPTIONS(jobs_sentence)					\
	{ "set", 's', CLI_LIST, SWEEP_FIELD(set), "GROUP.KEY=VALUE",	\
	    "override a key in all points" },				\
	{ "axis", 'x', CLI_LIST, SWEEP_FIELD(axes), "GROUP.KEY=VALUES",	\
	    "sweep a key as well, or through other values" },		\
	{ "replicate", 'n', CLI_TEXT, SWEEP_FIELD(replicate), "N",	\
	    "run each point with N seeds" },				\
	{ "output", 'o', CLI_TEXT, SWEEP_FIELD(output), "STORE",	\
	    "the results' file (default: SCENARIO.db)" },		\
	{ "jobs", 'j', CLI_TEXT, SWEEP_FIELD(jobs), "N",		\
	    jobs_sentence },						\
	{ "shard", 0, CLI_TEXT, SWEEP_FIELD(shard), "I/N",		\
	    "run only each N-th point, from the I-th on" },		\
	{ "timeout", 0, CLI_TEXT, SWEEP_FIELD(timeout), "TIME",		\
	    "end a point that takes longer, and call it failed" },	\
	{ "mem-limit", 0, CLI_TEXT, SWEEP_FIELD(memory), "SIZE",	\
	    "address space that a point may take" },			\
	{ "retry", 0, CLI_FLAG, SWEEP_FIELD(retry), NULL,		\
	    "run failed points again" },				\
	{ "force", 0, CLI_FLAG, SWEEP_FIELD(force), NULL,		\
	    "take over a store of another scenario or version" },	\
	{ "dry-run", 0, CLI_FLAG, SWEEP_FIELD(dry_run), NULL,		\
	    "say what would be run, and run nothing" },			\
	{ "timing", 0, CLI_FLAG, SWEEP_FIELD(timing), NULL,		\
	    "show on stderr how long the runs took, and the sweep" },	\
	{ "quiet", 'q', CLI_FLAG, SWEEP_FIELD(quiet), NULL,		\
	    "say nothing but errors" },					\
	{ NULL, 0, CLI_FLAG, 0, NULL, NULL }

/* How the points are run: all of a command that is not common to sweeps. */
struct sweep_way {
	bool (*run)(struct sweep *sweep, const struct run_limits *limits,
	    GError **error);
	unsigned n_runners;	/* each runs so many at a time as -j says */
	unsigned n_jobs;	/* without -j; 0: one for each processor */
	const char *program;	/* what to type before "sweep" to go on */
};

/* sweep_command: what "sweep" does; cmd_sweep.c has it */
int sweep_command(int argc, char **argv, const struct sweep_way *way);

struct sweep_setup {
	struct scenario *scn;
	char *store_path;
	char *command;		/* goes on with the sweep, on one machine, */
	char *again;		/* and in the same way as this time */
	struct run_limits limits;
	size_t shard, n_shards;
};

/*
 * sweep_setup_load: => CLI_OK, or the exit code after a message; the setup is
 * zeroed by the caller and cleared either way
 */
int sweep_setup_load(struct sweep_setup *setup, const char *operand,
    const struct sweep_options *opts, const struct sweep_way *way);
void sweep_setup_clear(struct sweep_setup *setup);

#endif
