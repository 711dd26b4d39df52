/*
 * CSV: comments that gnuplot and people read, then records.
 *
 * A field is quoted when it holds a comma, a quote or a line break (RFC 4180,
 * section 2, rules 5 to 7), and also when it is empty text or begins with "#",
 * which would turn a record into a comment.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/report/report.h"

void
rep_csv_field(GString *out, const char *text)
{
	if (text[0] != '\0' && text[0] != '#'
	    && strpbrk(text, ",\"\r\n") == NULL) {
		g_string_append(out, text);
		return;
	}
	g_string_append_c(out, '"');
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *p);
	}
	g_string_append_c(out, '"');
}

void
rep_csv_comment(GString *out, const char *what, const char *text)
{
	const gsize start = out->len;

	g_string_append_printf(out, "# %s: %s", what, text);
	g_strdelimit(out->str + start, "\r\n", ' ');
	g_string_append_c(out, '\n');
}

void
rep_csv_names(GString *out)
{
	for (int col = 0; col < RES_N_COLUMNS; col++)
		g_string_append_printf(out, ",%s", res_columns[col].name);
}

void
rep_csv_numbers(GString *out, const struct res_row *row)
{
	char number[32];

	for (int col = 0; col < RES_N_COLUMNS; col++) {
		g_string_append_c(out, ',');
		if (res_has_numbers(row))
			g_string_append(out,
			    res_format(row, (enum res_column)col, number));
	}
}

static void
csv_row(GString *out, const struct res_row *row)
{
	rep_csv_field(out, row->variant);
	g_string_append_c(out, ',');
	rep_csv_field(out, res_outcome_name(row->outcome));
	rep_csv_numbers(out, row);
	g_string_append_c(out, ',');
	rep_csv_field(out, row->reason);
	g_string_append_c(out, '\n');
}

void
rep_csv(GString *out, const struct rep_set *set)
{
	g_string_append_printf(out, "# loansim: %s\n", set->version);
	rep_csv_comment(out, "scenario", set->scenario);
	rep_csv_comment(out, "title", set->title);
	g_string_append_printf(out, "# seed: %" PRId64 "\n", set->seed);
	rep_csv_comment(out, "command", set->command);

	g_string_append(out, "variant,outcome");
	rep_csv_names(out);
	g_string_append(out, ",reason\n");
	for (size_t i = 0; i < set->n_rows; i++)
		csv_row(out, &set->rows[i]);
}
