#include "sim/cli/compare_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/compare/mean.h"

static const struct cmp_pair *
pair_at(const struct compare_view *view, size_t i)
{
	return &g_array_index(view->match->pairs, struct cmp_pair, i);
}

static void
print_side(const char *letter, const struct cmp_side *side)
{
	g_autofree char *text = g_strdup_printf("%s: %s, loansim %s",
	    side->path, side->scenario, *side->version != '\0' ?
	    side->version : "of an unknown version");

	printf("%s: ", letter);
	cli_print_wrapped(text, 3, 3);
}

void
compare_print_sides(const struct compare_view *view)
{
	print_side("A", view->a);
	print_side("B", view->b);
	if (!view->has_groups)
		printf("Only results are compared: %s has no hashes of "
		    "groups.\n", view->a->has_groups ? "B" : "A");
	putchar('\n');
}

/* print_item: a point's name and seed, and what is to be said of it */
static void
print_item(const char *name, const char *seeds, const char *what)
{
	g_autofree char *text = g_strconcat(name, seeds, what, NULL);

	printf("- ");
	cli_print_wrapped(text, 2, 2);
}

/* seed_text: ", seed 3", or nothing where it does not count; g_free it */
static char *
seed_text(const struct compare_view *view, const struct cmp_point *point)
{
	return view->by_seed ? g_strdup_printf(", seed %" G_GINT64_FORMAT,
	    point->seed) : g_strdup("");
}

/* differing: ": times, costs", the layers that moved; g_free it */
static char *
differing(const struct compare_view *view, const struct cmp_pair *pair)
{
	GString *text = g_string_new(NULL);

	for (int g = 0; view->has_groups && g < REP_N_GROUPS; g++)
		if (cmp_group_differs(pair, (enum rep_group)g))
			g_string_append_printf(text, ", %s",
			    rep_group_names[g]);
	/* some columns are of no group */
	if (text->len == 0)
		g_string_append(text, ", columns");
	text->str[0] = ':';
	return g_string_free(text, FALSE);
}

static char *
format_value(const struct cmp_point *point, enum res_column column,
    char buf[static 32])
{
	struct res_row row = { .outcome = point->outcome };

	row.value[column] = point->value[column];
	return res_format(&row, column, buf);
}

/* format_change: "+1.25 %"; of 0 there is no percentage */
static char *
format_change(double a, double change, char buf[static 32])
{
	if (a == 0.0)
		g_strlcpy(buf, "from 0", 32);
	else
		g_snprintf(buf, 32, "%+.2f %%", change);
	return buf;
}

static void
print_column(const struct cmp_pair *pair, enum res_column column)
{
	char old[32], new[32], change[32];
	int64_t a = pair->a->value[column], b = pair->b->value[column];

	printf("    %-22s %17s %17s %14s\n", res_columns[column].name,
	    format_value(pair->a, column, old),
	    format_value(pair->b, column, new),
	    format_change((double)a, a != 0 ? cmp_change(a, b) : 0.0,
	    change));
}

static void
print_pair(const struct compare_view *view, const struct cmp_pair *pair)
{
	g_autofree char *seed = seed_text(view, pair->a);
	g_autofree char *what = differing(view, pair);

	print_item(pair->a->name, seed, what);
	if (pair->a->outcome != pair->b->outcome)
		printf("    %-22s %17s %17s\n", "outcome",
		    res_outcome_name(pair->a->outcome),
		    res_outcome_name(pair->b->outcome));
	for (int col = 0; col < RES_N_COLUMNS; col++)
		if (cmp_column_differs(pair, (enum res_column)col))
			print_column(pair, (enum res_column)col);
}

/* decimals_for: one more than a column has, unless there is no room */
static int
decimals_for(const struct cmp_mean *mean, enum res_column column)
{
	return MAX(fabs(mean->a), fabs(mean->b)) < 1e8 ?
	    res_columns[column].decimals + 1 : 0;
}

static void
print_mean(const struct cmp_pair *first, size_t n, enum res_column column)
{
	struct cmp_mean mean = cmp_mean_of(first, n, column);
	int decimals = decimals_for(&mean, column);
	char sure[64];

	if (mean.n < 2)
		return;
	g_snprintf(sure, sizeof sure, "%+.*f +- %.*f", decimals,
	    mean.difference, decimals, mean.half);
	printf("    %-22s %12.*f %12.*f %26s\n", res_columns[column].name,
	    decimals, mean.a, decimals, mean.b, sure);
}

/* any_differs: does the column, in any of n pairs? */
static bool
any_differs(const struct cmp_pair *first, size_t n, enum res_column column)
{
	for (size_t i = 0; i < n; i++)
		if (cmp_column_differs(&first[i], column))
			return true;
	return false;
}

/* print_means: over the seeds of a point, for all columns that differ */
static void
print_means(const struct cmp_pair *first, size_t n)
{
	bool is_headed = false;

	for (int col = 0; n >= 2 && col < RES_N_COLUMNS; col++) {
		if (!any_differs(first, n, (enum res_column)col))
			continue;
		if (!is_headed) {
			g_autofree char *what = g_strdup_printf(": means over "
			    "%zu seeds, and B - A", n);

			print_item(first->a->name, "", what);
		}
		is_headed = true;
		print_mean(first, n, (enum res_column)col);
	}
}

/* group_length: how many pairs of the same name stand here */
static size_t
group_length(const struct compare_view *view, size_t from)
{
	size_t n = 1;

	while (from + n < view->match->pairs->len &&
	    pair_at(view, from + n)->group == pair_at(view, from)->group)
		n++;
	return n;
}

static void
print_only(const struct compare_view *view, const GPtrArray *points,
    const char *what)
{
	for (size_t i = 0; i < points->len; i++) {
		const struct cmp_point *point = points->pdata[i];
		g_autofree char *seed = seed_text(view, point);

		print_item(point->name, seed, what);
	}
}

void
compare_print_points(const struct compare_view *view)
{
	size_t n, n_all = view->match->pairs->len;
	bool is_any = view->match->only_a->len + view->match->only_b->len > 0;

	for (size_t from = 0; from < n_all; from += n) {
		n = group_length(view, from);
		for (size_t i = from; i < from + n; i++)
			if (cmp_differs(pair_at(view, i), view->has_groups)) {
				print_pair(view, pair_at(view, i));
				is_any = true;
			}
		print_means(pair_at(view, from), view->by_seed ? n : 0);
	}
	print_only(view, view->match->only_a, ": only in A");
	print_only(view, view->match->only_b, ": only in B");
	if (is_any)
		putchar('\n');
}

/* print_groups: how many points differ in each group */
static void
print_groups(const struct compare_view *view)
{
	const char *separator = "By group of the fingerprint: ";

	for (int g = 0; g < REP_N_GROUPS; g++) {
		size_t n = 0;

		for (size_t i = 0; i < view->match->pairs->len; i++)
			n += cmp_group_differs(pair_at(view, i),
			    (enum rep_group)g) ? 1 : 0;
		if (n > 0)
			printf("%s%s %zu", separator, rep_group_names[g], n);
		if (n > 0)
			separator = ", ";
	}
	if (strcmp(separator, ", ") == 0)
		putchar('\n');
}

/* print_largest: the largest change of a column, and where it is */
static void
print_largest(const struct compare_view *view, enum res_column column)
{
	const struct cmp_pair *largest = NULL;
	size_t n = 0;
	double change = 0.0;

	for (size_t i = 0; i < view->match->pairs->len; i++) {
		const struct cmp_pair *pair = pair_at(view, i);
		int64_t a = pair->a->value[column];
		double here;

		if (!cmp_column_differs(pair, column))
			continue;
		here = a != 0 ? cmp_change(a, pair->b->value[column]) :
		    INFINITY;
		n++;
		if (largest == NULL || fabs(here) > fabs(change)) {
			largest = pair;
			change = here;
		}
	}
	if (largest != NULL) {
		g_autofree char *seed = seed_text(view, largest->a);
		g_autofree char *text = NULL;
		char number[32];

		text = g_strdup_printf("changed at %zu, at most by %s: %s%s",
		    n, format_change(isinf(change) ? 0.0 : 1.0, change,
		    number), largest->a->name, seed);
		printf("%s:", res_columns[column].name);
		cli_print_wrapped(text, 2,
		    (int)strlen(res_columns[column].name) + 1);
	}
}

/* print_counts: the points of both sides, and those of one */
static void
print_counts(const struct compare_view *view, size_t n_differ)
{
	const struct cmp_match *match = view->match;
	size_t n = match->pairs->len;

	if (n == 0)
		printf("No point is in both.\n");
	else if (n_differ == 0)
		printf("No differences: %zu %s the same in both.\n", n,
		    n == 1 ? "point is" : "points are");
	else
		printf("%zu %s in both: %zu are the same, %zu differ.\n", n,
		    n == 1 ? "point is" : "points are", n - n_differ,
		    n_differ);
	if (match->only_a->len + match->only_b->len > 0)
		printf("%u are only in A, %u only in B.\n",
		    match->only_a->len, match->only_b->len);
}

void
compare_print_summary(const struct compare_view *view)
{
	size_t n_differ = 0;

	for (size_t i = 0; i < view->match->pairs->len; i++)
		n_differ += cmp_differs(pair_at(view, i), view->has_groups) ?
		    1 : 0;
	print_counts(view, n_differ);
	if (n_differ > 0 && view->has_groups)
		print_groups(view);
	for (size_t i = 0; i < view->n_columns; i++)
		print_largest(view, view->columns[i]);
}
