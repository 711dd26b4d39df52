/*
 * Running a scenario from a command, and what to say about how it ended.
 *
 * Stands for: the part that "run" and "plot" share: load, pick the variants,
 *	run them, judge the rows, open the report.
 * Errors: exit codes, with the message already on stderr.
 * Owns: a cli_batch owns its scenario, rows and texts.
 */
#ifndef SIM_CLI_OUTCOME_H
#define SIM_CLI_OUTCOME_H

#include "sim/report/report.h"
#include "sim/run/run.h"
#include "sim/run/verdict.h"
#include "sim/scenario/scenario.h"

struct cli_batch {
	struct scenario *scn;
	size_t n_rows;
	const struct scn_point **points;	/* n_rows, of scn */
	struct res_row *rows;
	struct run_timing *timings;
	GPtrArray *dumps;			/* char *, one per row */
	GArray *verdicts;			/* once run: run_verdict */
	char *command;				/* shows the same rows again */
	/* set after loading: record the run; there is one row then */
	const struct rec_request *request;
	struct recording recording;
};

/*
 * cli_batch_load: read the scenario and pick what is to be run.
 *
 * => variant: the only one wanted, or NULL for all
 * => returns CLI_OK, or the exit code; the batch is to be freed either way
 */
int cli_batch_load(struct cli_batch *batch, const char *operand,
    const char *const *overrides, const char *variant);

/*
 * cli_batch_run: simulate, and say on stderr what did not end as planned.
 *
 * => *ran tells whether there are rows to report
 * => returns CLI_OK; CLI_BUG if a row failed, which leaves rows to report;
 *    CLI_IO, CLI_SIGINT or CLI_SIGTERM if the run could not be carried out
 */
int cli_batch_run(struct cli_batch *batch, bool *ran);

/* cli_tell: how a run ended, line by line, on stderr */
void cli_tell(const struct res_row *row);

/* cli_run_failed: run_point has failed: show error, free it; the exit code */
int cli_run_failed(GError *error);

/* cli_batch_set: the rows as a report; borrows from the batch */
struct rep_set cli_batch_set(struct cli_batch *batch);

void cli_batch_free(struct cli_batch *batch);

/* cli_no_variant: it has none of that name, but others; g_free it */
char *cli_no_variant(const struct scenario *scn, const char *name);

/*
 * cli_append_word: a blank, prefix, and a word as a shell reads it.
 *
 * => for commands that are to be typed again
 */
void cli_append_word(GString *line, const char *prefix, const char *word);

/* cli_io_error: show error, free it, and return CLI_IO */
int cli_io_error(GError *error);

#endif
