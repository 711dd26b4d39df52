#include "sim/cli/explain_run.h"

#include <stdio.h>

#include "sim/cli/cli.h"
#include "sim/cli/explain_fit.h"
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

int
explain_run(const struct explain_options *opts)
{
	struct cli_batch batch;
	bool ran = false;
	int status = cli_batch_load(&batch, opts->run,
	    (const char *const *)opts->set, opts->variant);

	if (status == CLI_OK)
		status = cli_batch_run(&batch, &ran);
	if (ran)
		print_all(&batch);
	cli_batch_free(&batch);
	return status;
}
