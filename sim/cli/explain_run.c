#include "sim/cli/explain_run.h"

#include <stdio.h>

#include "sim/cli/cli.h"
#include "sim/cli/explain_fit.h"
#include "sim/cli/explain_limits.h"
#include "sim/cli/outcome.h"
#include "sim/report/ledger.h"

static void
print_ledger(struct cli_batch *batch)
{
	const struct rep_set set = cli_batch_set(batch);
	GString *text = g_string_new(NULL);

	rep_ledger(text, &set);
	fputs(text->str, stdout);
	g_string_free(text, TRUE);
}

static void
print_all(struct cli_batch *batch)
{
	print_ledger(batch);
	explain_fit((const struct scn_point *const *)batch->points,
	    batch->n_rows);
}

/* The graver of the two exit codes. => status is CLI_OK, or of failed rows */
static int
print_limits(const struct cli_batch *batch, int status)
{
	int limits_status = explain_limits(batch);

	return limits_status != CLI_OK ? limits_status : status;
}

int
explain_run(const struct explain_options *opts)
{
	struct cli_batch batch;
	bool ran = false;
	int status = cli_batch_load(&batch, opts->run,
	    (const char *const *)opts->set, opts->variant);

	if (status == CLI_OK)
		status = cli_batch_run(&batch, &ran);
	if (ran && opts->limits)
		status = print_limits(&batch, status);
	else if (ran)
		print_all(&batch);
	cli_batch_free(&batch);
	return status;
}
