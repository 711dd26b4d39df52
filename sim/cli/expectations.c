#include "sim/cli/expectations.h"

#include "sim/cli/cli.h"

static void
tell_miss(const struct run_verdict *verdict)
{
	const struct scn_expect *expect = verdict->expect;

	cli_error("%s:%u: missed: %s %s: %s", expect->place.file,
	    expect->place.line, expect->left, expect->right, verdict->reason);
}

/* tell_sum: "3 of 4 expectations met"; those that did not run apart */
static void
tell_sum(const GArray *verdicts)
{
	size_t met = run_count(verdicts, RUN_MET);
	size_t missed = run_count(verdicts, RUN_MISSED);
	size_t others = run_count(verdicts, RUN_NOT_RUN);
	g_autofree char *rest = others == 0 ? g_strdup("") :
	    g_strdup_printf("; %" G_GSIZE_FORMAT " about variants that did "
	    "not run", others);

	cli_error("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
	    " expectations met%s", met, met + missed, rest);
}

int
cli_tell_expectations(struct cli_batch *batch, bool check)
{
	const GArray *verdicts = batch->verdicts;
	const char *changed_by = scn_changed_by(batch->scn);
	size_t n_missed = run_count(verdicts, RUN_MISSED);

	if (verdicts->len == 0) {
		if (check)
			cli_error("%s expects nothing: it has no [expect] "
			    "entry", scn_name(batch->scn));
		return CLI_OK;
	}
	if (changed_by != NULL) {
		cli_error("expectations are not applicable: %s changes what "
		    "they are about", changed_by);
		return CLI_OK;
	}
	for (size_t i = 0; i < verdicts->len; i++) {
		const struct run_verdict *verdict = &g_array_index(verdicts,
		    struct run_verdict, i);

		if (verdict->judgement == RUN_MISSED)
			tell_miss(verdict);
	}
	if (check || n_missed > 0)
		tell_sum(verdicts);
	return check && n_missed > 0 ? CLI_MISSED : CLI_OK;
}
