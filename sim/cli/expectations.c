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

static void
tell_misses(const GArray *verdicts)
{
	for (size_t i = 0; i < verdicts->len; i++) {
		const struct run_verdict *verdict = &g_array_index(verdicts,
		    struct run_verdict, i);

		if (verdict->judgement == RUN_MISSED)
			tell_miss(verdict);
	}
}

/* tell_rest: how many are met, or why none was judged */
static void
tell_rest(const struct cli_batch *batch, bool check)
{
	const char *changed_by = scn_changed_by(batch->scn);

	if (batch->verdicts->len == 0 && check)
		cli_error("%s expects nothing: it has no [expect] entry",
		    scn_name(batch->scn));
	else if (batch->verdicts->len > 0 && changed_by != NULL)
		cli_error("expectations are not applicable: %s changes what "
		    "they are about", changed_by);
	else if (check || run_count(batch->verdicts, RUN_MISSED) > 0)
		tell_sum(batch->verdicts);
}

int
cli_tell_expectations(const struct cli_batch *batch, bool check, bool quiet)
{
	bool is_missed = run_count(batch->verdicts, RUN_MISSED) > 0;

	if (check || !quiet)
		tell_misses(batch->verdicts);
	if (!quiet)
		tell_rest(batch, check);
	return check && is_missed ? CLI_MISSED : CLI_OK;
}
