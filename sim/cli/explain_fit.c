/*
 * One line for each citation, then the operations it covers if they are
 * several, then its source; the operations that no citation covers; the board.
 */
#include "sim/cli/explain_fit.h"

#include <stdio.h>
#include <string.h>

#include "models/base/time.h"
#include "sim/cli/cli.h"
#include "sim/scenario/cited.h"
#include "sim/scenario/schema.h"

enum { TEXT_INDENT = 4, VALUE_COLUMN = 28, MILLI = 1000 };

/* us_of: microseconds with three decimals; g_free it */
static char *
us_of(int64_t ps)
{
	int64_t ns = (ps + PS_PER_NS / 2) / PS_PER_NS;

	return g_strdup_printf("%" G_GINT64_FORMAT ".%03d",
	    (gint64)(ns / MILLI), (int)(ns % MILLI));
}

static void
print_indented(const char *text)
{
	printf("%*s", TEXT_INDENT, "");
	cli_print_wrapped(text, TEXT_INDENT, TEXT_INDENT);
}

/* print_sum: "= 2 wakeup + 0.5 tcp_input" */
static void
print_sum(const struct scn_cited *cited)
{
	GString *sum = g_string_new("=");

	for (int op = 0; op < N_OPS; op++) {
		g_autofree char *times =
		    scn_quantity_format(cited->milli[op], SCN_UNIT_RATIO);

		if (cited->milli[op] == 0)
			continue;
		g_string_append(sum, sum->len > 1 ? " + " : " ");
		if (cited->milli[op] != MILLI)
			g_string_append_printf(sum, "%s ", times);
		g_string_append(sum, kern_op_names[op]);
	}
	print_indented(sum->str);
	g_string_free(sum, TRUE);
}

static void
print_line(struct scn_end end, enum kern_op op,
    const struct scn_cited *cited)
{
	struct scn_cited_line line = scn_cited_compare(end, cited);
	g_autofree char *price = us_of(line.price_ps);
	g_autofree char *low = us_of(line.low_ps);
	g_autofree char *high = us_of(line.high_ps);
	g_autofree char *range = cited->low == cited->high ? g_strdup(low) :
	    g_strdup_printf("%s .. %s", low, high);

	printf("%-14s %7" G_GINT64_FORMAT " %9s   %-20s %3" G_GINT64_FORMAT
	    ".%02d\n",
	    cited->is_sum ? "sum, see below" : kern_op_names[op],
	    (gint64)line.price_insns, price, range,
	    (gint64)((line.ratio_milli + 5) / MILLI),
	    (int)((line.ratio_milli + 5) % MILLI / 10));
	if (cited->is_sum)
		print_sum(cited);
	print_indented(cited->source);
}

static void
print_uncovered(struct scn_end end, const bool covered[static N_OPS])
{
	for (int op = 0; op < N_OPS; op++)
		if (!covered[op])
			printf("%-14s %7" G_GINT64_FORMAT "   no source\n",
			    kern_op_names[op], (gint64)scn_end_get(end,
			    (enum scn_key)(SCN_COST_FIRST + op)));
}

static void
print_costs(struct scn_end end)
{
	g_autofree char *clock = scn_value_format(SCN_CPU_CLOCK,
	    scn_end_get(end, SCN_CPU_CLOCK));
	g_autofree char *cpi = scn_value_format(SCN_CPU_CPI,
	    scn_end_get(end, SCN_CPU_CPI));
	bool covered[N_OPS] = { false };

	printf("\nCosts against their sources, at %s and %s cycles an "
	    "instruction\n", clock, cpi);
	printf("operation        insns        us   cited, us            "
	    " ratio\n");
	for (int op = 0; op < N_OPS; op++) {
		struct scn_cited cited;

		if (!scn_cited_get(end, (enum kern_op)op, &cited))
			continue;
		print_line(end, (enum kern_op)op, &cited);
		for (int i = 0; i < N_OPS; i++)
			covered[i] = covered[i] || cited.milli[i] != 0;
	}
	print_uncovered(end, covered);
}

/* print_value: value and kind of origin; why, of what was fitted */
static void
print_value(struct scn_end end, enum scn_key key)
{
	g_autofree char *value = scn_value_format(key, scn_end_get(end, key));
	const char *origin = scn_end_origin(end, key);
	size_t kind = origin != NULL ? strcspn(origin, ":") : 0;

	printf("%-*s %-14s %.*s\n", VALUE_COLUMN, scn_row(key)->name, value,
	    origin != NULL ? (int)kind : 12,
	    origin != NULL ? origin : "this file's");
	if (origin != NULL && g_str_has_prefix(origin, "fitted:"))
		print_indented(origin + strlen("fitted: "));
}

static bool
is_board_key(enum scn_key key)
{
	return strcmp(scn_row(key)->group, "board") == 0;
}

/* is_price_key: does the table of prices depend on it? */
static bool
is_price_key(enum scn_key key)
{
	return (key >= SCN_COST_FIRST && key <= SCN_COST_LAST) ||
	    key == SCN_CPU_CLOCK || key == SCN_CPU_CPI;
}

static bool
are_same(struct scn_end a, struct scn_end b, bool (*is_meant)(enum scn_key key))
{
	for (int k = SCN_MACHINE_FIRST; k <= SCN_MACHINE_LAST; k++) {
		enum scn_key key = (enum scn_key)k;

		if (is_meant(key) && scn_end_get(a, key) != scn_end_get(b, key))
			return false;
	}
	return true;
}

/* print_board: its values, or those that are not as on another board */
static void
print_board(struct scn_end end, const struct scn_end *other)
{
	printf("%-*s %-14s %s\n", VALUE_COLUMN, "key", "value", "origin");
	for (int k = SCN_MACHINE_FIRST; k <= SCN_MACHINE_LAST; k++) {
		enum scn_key key = (enum scn_key)k;

		if (is_board_key(key) && (other == NULL ||
		    scn_end_get(end, key) != scn_end_get(*other, key)))
			print_value(end, key);
	}
}

static struct scn_end
nth_end(const GArray *ends, size_t i)
{
	return g_array_index(ends, struct scn_end, i);
}

static bool
is_new_machine(const GArray *ends, size_t i)
{
	struct scn_end end = nth_end(ends, i);

	for (size_t j = 0; j < i; j++)
		if (are_same(nth_end(ends, j), end, is_board_key) &&
		    are_same(nth_end(ends, j), end, is_price_key))
			return false;
	return true;
}

static void
print_other(struct scn_end first, struct scn_end end)
{
	g_autofree char *title = g_strdup_printf(end.is_far ?
	    "The far host of %s, where its machine is not the board of %s" :
	    "Variant %s, where its machine is not that of %s",
	    scn_point_name(end.pt), scn_point_name(first.pt));

	putchar('\n');
	cli_print_wrapped(title, 0, 0);
	if (!are_same(first, end, is_board_key))
		print_board(end, &first);
	if (!are_same(first, end, is_price_key))
		print_costs(end);
}

/* all_ends: the board of each point, then its far host if there is one */
static GArray *
all_ends(const struct scn_point *const *points, size_t n)
{
	GArray *ends = g_array_new(FALSE, FALSE, sizeof(struct scn_end));

	for (size_t i = 0; i < n; i++) {
		struct scn_end end = { points[i], false };

		g_array_append_val(ends, end);
		end.is_far = true;
		if (scn_far_is_host(points[i]))
			g_array_append_val(ends, end);
	}
	return ends;
}

void
explain_fit(const struct scn_point *const *points, size_t n)
{
	g_autoptr(GArray) ends = all_ends(points, n);

	if (n == 0)
		return;
	print_costs(nth_end(ends, 0));
	printf("\nThe board\n");
	print_board(nth_end(ends, 0), NULL);
	for (size_t i = 1; i < ends->len; i++)
		if (is_new_machine(ends, i))
			print_other(nth_end(ends, 0), nth_end(ends, i));
}
