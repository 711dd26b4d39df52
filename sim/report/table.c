/*
 * The table on the terminal: names to the left, numbers to the right.
 *
 * Plain ASCII, no colour; a column is as wide as its widest entry.  Two blanks
 * part the columns, or one if the table would not fit a terminal otherwise.
 * What clients saw would not fit beside the rest, and stands below it.
 */
#include <string.h>

#include "sim/report/report.h"

enum { TERMINAL_WIDTH = 80 };

/* cell: what stands in a row and column; "-" if there is no number */
static const char *
cell(const struct res_row *row, enum res_column column, char buf[static 32])
{
	return res_has_numbers(row) ? res_format(row, column, buf) : "-";
}

/* display_width: columns on the screen, counted in characters */
static size_t
display_width(const char *text)
{
	return (size_t)g_utf8_strlen(text, -1);
}

static size_t
name_width(const struct rep_set *set)
{
	size_t width = strlen("variant");

	for (size_t i = 0; i < set->n_rows; i++)
		width = MAX(width, display_width(set->rows[i].variant));
	return width;
}

static size_t
column_width(const struct rep_set *set, enum res_column column)
{
	size_t width = display_width(res_columns[column].title);
	char number[32];

	for (size_t i = 0; i < set->n_rows; i++)
		width = MAX(width, strlen(cell(&set->rows[i], column, number)));
	return width;
}

static void
append_padding(GString *out, size_t width, const char *text)
{
	for (size_t n = display_width(text); n < width; n++)
		g_string_append_c(out, ' ');
}

/* Columns of all runs, and below them those of clients. */
enum block { OF_ALL, OF_CLIENTS };

static bool
is_all_zero(const struct rep_set *set, enum res_column column)
{
	for (size_t i = 0; i < set->n_rows; i++)
		if (set->rows[i].value[column] != 0)
			return false;
	return true;
}

static bool
is_shown(const struct rep_set *set, enum block block, int col)
{
	const enum res_column column = (enum res_column)col;

	if (block == OF_ALL)
		return res_columns[col].in_table;
	return res_is_of_clients(column) &&
	    !(res_is_of_abandoned(column) && is_all_zero(set, column));
}

static bool
has_clients(const struct rep_set *set)
{
	for (size_t i = 0; i < set->n_rows; i++)
		if (res_has_clients(&set->rows[i]))
			return true;
	return false;
}

static size_t
table_width(const struct rep_set *set, enum block block, size_t gap)
{
	size_t width = name_width(set);

	for (int col = 0; col < RES_N_COLUMNS; col++)
		if (is_shown(set, block, col))
			width += gap
			    + column_width(set, (enum res_column)col);
	return width;
}

/* table_line: the head if row is NULL, else a row */
static void
table_line(GString *out, const struct rep_set *set, enum block block,
    const struct res_row *row)
{
	const size_t gap = table_width(set, block, 2) <= TERMINAL_WIDTH ? 2 : 1;
	const char *name = row == NULL ? "variant" : row->variant;
	char number[32];

	g_string_append(out, name);
	append_padding(out, name_width(set), name);
	for (int col = 0; col < RES_N_COLUMNS; col++) {
		const enum res_column column = (enum res_column)col;
		const char *text;

		if (!is_shown(set, block, col))
			continue;
		text = row == NULL ? res_columns[col].title
		    : cell(row, column, number);
		append_padding(out, gap + column_width(set, column), text);
		g_string_append(out, text);
	}
	g_string_append_c(out, '\n');
}

/* table_remark: what was not as planned, and how the run of this row ended */
static void
table_remark(GString *out, const struct res_row *row)
{
	const size_t first = strcspn(row->reason, "\n");

	const int64_t n_cut = row->value[RES_TX_UNDERRUNS];

	if (res_has_numbers(row) && n_cut > 0)
		g_string_append_printf(out, "%s: %" G_GINT64_FORMAT
		    " %s\n", row->variant, (gint64)n_cut, n_cut == 1 ?
		    "frame cut by a transmit underrun" :
		    "frames cut by transmit underruns");
	if (row->outcome == RES_DONE && row->reason[0] == '\0')
		return;
	g_string_append_printf(out, "%s: %s: %.*s\n", row->variant,
	    res_outcome_name(row->outcome), (int)first, row->reason);
}

static void
table_block(GString *out, const struct rep_set *set, enum block block)
{
	table_line(out, set, block, NULL);
	for (size_t i = 0; i < set->n_rows; i++)
		table_line(out, set, block, &set->rows[i]);
}

void
rep_table(GString *out, const struct rep_set *set)
{
	g_string_append_printf(out, "%s\n\n", set->title);
	table_block(out, set, OF_ALL);
	if (has_clients(set)) {
		g_string_append_c(out, '\n');
		table_block(out, set, OF_CLIENTS);
	}
	for (size_t i = 0; i < set->n_rows; i++)
		table_remark(out, &set->rows[i]);
}
