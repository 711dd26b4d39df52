#include "sim/run/verdict.h"

#include <string.h>

enum { SHOWN_DECIMALS = 4 };

static const char *const judgement_names[] = {
	[RUN_MET] = "met",
	[RUN_MISSED] = "missed",
	[RUN_NOT_RUN] = "not run",
	[RUN_NOT_APPLICABLE] = "not applicable",
};

/* What a verdict is found from. */
struct bench {
	const struct scenario *scn;
	const struct res_row *rows;
	size_t n_rows;
};

static void
verdict_clear(gpointer data)
{
	struct run_verdict *verdict = data;

	g_free(verdict->found);
	g_free(verdict->reason);
}

static const struct res_row *
row_of(const struct bench *bench, const struct scn_operand *operand)
{
	const char *name = scn_point_name(scn_point(bench->scn,
	    operand->point));

	for (size_t i = 0; i < bench->n_rows; i++)
		if (strcmp(bench->rows[i].variant, name) == 0)
			return &bench->rows[i];
	return NULL;
}

/* shown: a value in the unit of its expectation; g_free it */
static char *
shown(const struct scn_expect *expect, struct fraction value)
{
	if (!fraction_div(value, expect->factor, &value))
		return g_strdup("beyond all numbers");
	return fraction_format(value, SHOWN_DECIMALS);
}

/* amount: the same with the unit */
static char *
amount(const struct scn_expect *expect, struct fraction value)
{
	g_autofree char *number = shown(expect, value);

	return g_strdup_printf("%s%s%s", number,
	    *expect->unit == '\0' ? "" : " ", expect->unit);
}

/* operand_value: what a run says, or false and why it says nothing */
static bool
operand_value(const struct bench *bench, const struct scn_operand *operand,
    struct fraction *value, char **why)
{
	const struct res_row *row = row_of(bench, operand);

	if (row->outcome != RES_DONE) {
		*why = g_strdup_printf("%s has no result: %s", row->variant,
		    res_outcome_name(row->outcome));
		return false;
	}
	if (!res_quantity_value(&operand->quantity, row, value)) {
		*why = g_strdup_printf("there is nothing in %s to divide by",
		    row->variant);
		return false;
	}
	return true;
}

static bool
find_value(const struct bench *bench, const struct scn_expect *expect,
    struct fraction *value, char **why)
{
	struct fraction divisor;

	if (!operand_value(bench, &expect->operand[0], value, why))
		return false;
	if (expect->n_operands == 1)
		return true;
	if (!operand_value(bench, &expect->operand[1], &divisor, why))
		return false;
	if (fraction_div(*value, divisor, value))
		return true;
	*why = g_strdup(divisor.num == 0 ? "it divides by zero" :
	    "its value cannot be computed");
	return false;
}

static void
judge_value(struct run_verdict *verdict, struct fraction value)
{
	const struct scn_expect *expect = verdict->expect;
	bool is_low = expect->has_low &&
	    fraction_compare(value, expect->low) < 0;
	bool is_high = expect->has_high &&
	    fraction_compare(value, expect->high) > 0;
	g_autofree char *is = amount(expect, value);
	g_autofree char *end = NULL;

	verdict->found = shown(expect, value);
	if (!is_low && !is_high) {
		verdict->judgement = RUN_MET;
		return;
	}
	verdict->judgement = RUN_MISSED;
	end = amount(expect, is_low ? expect->low : expect->high);
	/* what looks the same is not, or it would not be a miss */
	verdict->reason = g_strdup_printf("it is %s, %s%s %s", is,
	    strcmp(is, end) == 0 ? "just " : "", is_low ? "below" : "above",
	    end);
}

static bool
has_run(const struct bench *bench, const struct scn_expect *expect)
{
	for (size_t i = 0; i < expect->n_operands; i++)
		if (row_of(bench, &expect->operand[i]) == NULL)
			return false;
	return true;
}

static void
judge(const struct bench *bench, struct run_verdict *verdict)
{
	struct fraction value;

	if (scn_changed_by(bench->scn) != NULL)
		verdict->judgement = RUN_NOT_APPLICABLE;
	else if (!has_run(bench, verdict->expect))
		verdict->judgement = RUN_NOT_RUN;
	else if (find_value(bench, verdict->expect, &value, &verdict->reason))
		judge_value(verdict, value);
	else
		verdict->judgement = RUN_MISSED;
}

GArray *
run_judge(const struct scenario *scn, const struct res_row *rows,
    size_t n_rows)
{
	struct bench bench = { scn, rows, n_rows };
	GArray *verdicts = g_array_new(FALSE, FALSE,
	    sizeof(struct run_verdict));

	g_array_set_clear_func(verdicts, verdict_clear);
	for (size_t i = 0; i < scn_n_expects(scn); i++) {
		struct run_verdict verdict = { .expect = scn_expect(scn, i) };

		judge(&bench, &verdict);
		g_array_append_val(verdicts, verdict);
	}
	return verdicts;
}

const char *
run_judgement_name(enum run_judgement judgement)
{
	return judgement_names[judgement];
}

size_t
run_count(const GArray *verdicts, enum run_judgement judgement)
{
	size_t n = 0;

	for (size_t i = 0; i < verdicts->len; i++)
		n += g_array_index(verdicts, struct run_verdict, i).judgement
		    == judgement;
	return n;
}
