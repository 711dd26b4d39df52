/*
 * Stores as operands: opened or refused, and what may be said of them.
 *
 * Stands for: the part that "merge", "export" and "compare" share.
 * Errors: exit codes, with the message already on stderr.
 */
#ifndef SIM_CLI_STORES_H
#define SIM_CLI_STORES_H

#include "sim/cli/cli.h"
#include "sim/sweep/store.h"

/* cli_store_error: show error, free it, and return the exit code */
int cli_store_error(GError *error);

/*
 * cli_store_check: is there a file that could be a store?
 *
 * => returns CLI_OK, or CLI_SCENARIO after a message
 */
int cli_store_check(const char *path);

/*
 * cli_store_spare: is what is made of a store to go elsewhere?
 *
 * => command: for the message; path: the store; output: a file, maybe the same
 *    by another name
 * => returns CLI_OK, or CLI_USAGE after a message
 */
int cli_store_spare(const char *command, const char *path,
    const char *output);

/* cli_store_view: a store to be read; NULL: *status is the exit code */
struct store *cli_store_view(const char *path, int *status);

/*
 * cli_store_command: what runs the whole sweep of a store's command, whichever
 * shard of it that was; g_free it
 *
 * => into: the store to write, or NULL for the default
 */
char *cli_store_command(const char *command, const char *into);

#endif
