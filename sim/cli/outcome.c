/*
 * Scenario to rows, rows to an exit code.
 */
#include <signal.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/outcome.h"
#include "sim/run/program.h"

void
cli_append_word(GString *line, const char *option, const char *word)
{
	const char plain[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-._/=+:,";
	char *quoted = g_shell_quote(word);

	g_string_append_printf(line, " %s", option);
	if (word[0] != '\0' && word[strspn(word, plain)] == '\0')
		g_string_append(line, word);
	else
		g_string_append(line, quoted);
	g_free(quoted);
}

/* repeat_command: what to type to see the same rows */
static char *
repeat_command(const char *operand, const char *const *overrides,
    const char *variant)
{
	GString *line = g_string_new("loansim run");

	cli_append_word(line, "", operand);
	for (; overrides != NULL && *overrides != NULL; overrides++)
		cli_append_word(line, "-s ", *overrides);
	if (variant != NULL)
		cli_append_word(line, "--variant ", variant);
	return g_string_free(line, FALSE);
}

char *
cli_no_variant(const struct scenario *scn, const char *name)
{
	const size_t n = scn_n_points(scn);
	g_autofree const char **names = g_new0(const char *, n + 1);
	g_autofree char *quoted = scn_quote(name), *hint = NULL, *known = NULL;

	for (size_t i = 0; i < n; i++)
		names[i] = scn_point_name(scn_point(scn, i));
	hint = scn_did_you_mean(scn_suggest(name, names));
	known = scn_there_are(names);
	return g_strdup_printf("%s has no variant %s%s%s", scn_name(scn),
	    quoted, known, hint);
}

static int
unknown_variant(const struct scenario *scn, const char *name)
{
	g_autofree char *what = cli_no_variant(scn, name);

	cli_error("%s", what);
	return CLI_USAGE;
}

/* pick: all points, or the one of that name */
static int
pick(struct cli_batch *batch, const char *variant)
{
	const size_t n = scn_n_points(batch->scn);

	batch->points = g_new0(const struct scn_point *, n);
	for (size_t i = 0; i < n; i++) {
		const struct scn_point *pt = scn_point(batch->scn, i);

		if (variant == NULL || g_str_equal(variant, scn_point_name(pt)))
			batch->points[batch->n_rows++] = pt;
	}
	if (batch->n_rows == 0)
		return unknown_variant(batch->scn, variant);
	batch->rows = g_new0(struct res_row, batch->n_rows);
	batch->timings = g_new0(struct run_timing, batch->n_rows);
	return CLI_OK;
}

int
cli_batch_load(struct cli_batch *batch, const char *operand,
    const char *const *overrides, const char *variant)
{
	int status = CLI_OK;

	memset(batch, 0, sizeof *batch);
	batch->scn = cli_load_scenario(operand, overrides, &status);
	if (batch->scn == NULL)
		return status;
	batch->command = repeat_command(operand, overrides, variant);
	return pick(batch, variant);
}

/* An interrupt needs no explanation. */
int
cli_run_failed(GError *error)
{
	const bool interrupted
	    = g_error_matches(error, RUN_ERROR, RUN_ERROR_INTERRUPTED);

	cli_error("%s", error->message);
	g_error_free(error);
	if (!interrupted)
		return CLI_IO;
	return run_signal() == SIGTERM ? CLI_SIGTERM : CLI_SIGINT;
}

void
cli_tell(const struct res_row *row)
{
	char **lines = g_strsplit(row->reason, "\n", -1);

	if (row->reason[0] == '\0')
		cli_error("%s: %s", row->variant,
		    res_outcome_name(row->outcome));
	for (char **line = lines; *line != NULL; line++) {
		if (**line != '\0')
			cli_error("%s: %s: %s", row->variant,
			    res_outcome_name(row->outcome), *line);
	}
	g_strfreev(lines);
}

/* judge: what is to be said is told; a failure of ours fails the command */
static int
judge(const struct cli_batch *batch)
{
	int status = CLI_OK;

	for (size_t i = 0; i < batch->n_rows; i++) {
		const struct res_row *row = &batch->rows[i];

		if (row->outcome != RES_DONE || row->reason[0] != '\0')
			cli_tell(row);
		if (!res_is_result(row))
			status = CLI_BUG;
	}
	if (status == CLI_BUG)
		cli_error("to see it again: %s", batch->command);
	return status;
}

static bool
run_row(struct cli_batch *batch, size_t i, GError **error)
{
	if (batch->request == NULL)
		return run_point(batch->points[i], RUN_AS_IT_IS,
		    &batch->rows[i],
		    &batch->timings[i], error);
	return run_record(batch->points[i], batch->request, &batch->rows[i],
	    &batch->recording, &batch->timings[i], error);
}

int
cli_batch_run(struct cli_batch *batch, bool *ran)
{
	GError *error = NULL;

	*ran = false;
	for (size_t i = 0; i < batch->n_rows; i++) {
		if (!run_row(batch, i, &error))
			return cli_run_failed(error);
	}
	*ran = true;
	batch->verdicts = run_judge(batch->scn, batch->rows, batch->n_rows);
	return judge(batch);
}

struct rep_set
cli_batch_set(struct cli_batch *batch)
{
	const struct scn_point *first = batch->points[0];

	if (batch->dumps == NULL) {
		batch->dumps = g_ptr_array_new_with_free_func(g_free);
		for (size_t i = 0; i < batch->n_rows; i++)
			g_ptr_array_add(batch->dumps,
			    g_string_free(scn_dump(batch->points[i]), FALSE));
	}
	return (struct rep_set){
		.scenario = scn_name(batch->scn),
		.title = scn_get_text(first, SCN_TITLE),
		.version = program_version(),
		.command = batch->command,
		.seed = scn_get(first, SCN_SEED),
		.n_rows = batch->n_rows,
		.rows = batch->rows,
		.effective = (const char *const *)batch->dumps->pdata,
		.verdicts = batch->verdicts,
	};
}

void
cli_batch_free(struct cli_batch *batch)
{
	if (batch->scn != NULL)
		scn_free(batch->scn);
	if (batch->dumps != NULL)
		g_ptr_array_unref(batch->dumps);
	if (batch->verdicts != NULL)
		g_array_unref(batch->verdicts);
	rec_close(&batch->recording);
	g_free(batch->points);
	g_free(batch->rows);
	g_free(batch->timings);
	g_free(batch->command);
}

int
cli_io_error(GError *error)
{
	cli_error("%s", error->message);
	g_error_free(error);
	return CLI_IO;
}
