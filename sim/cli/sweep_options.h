/*
 * What a sweep is told on the command line, checked.
 *
 * Stands for: the part that sweeping on one machine and on many share.
 * Owns: a setup its scenario and texts.
 */
#ifndef SIM_CLI_SWEEP_OPTIONS_H
#define SIM_CLI_SWEEP_OPTIONS_H

#include "sim/cli/cli.h"
#include "sim/run/pool.h"

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

struct sweep_setup {
	struct scenario *scn;
	char *store_path;
	char *command;		/* goes on with the sweep */
	struct run_limits limits;
	size_t shard, n_shards;
};

/*
 * sweep_setup_load: => CLI_OK, or the exit code after a message; the setup is
 * zeroed by the caller and cleared either way
 */
int sweep_setup_load(struct sweep_setup *setup, const char *operand,
    const struct sweep_options *opts);
void sweep_setup_clear(struct sweep_setup *setup);

#endif
