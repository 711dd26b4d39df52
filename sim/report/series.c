#include "sim/report/series.h"

#include <math.h>
#include <string.h>

#include "sim/report/output.h"

static bool
no_figure(GError **error, const char *text)
{
	g_set_error_literal(error, REP_ERROR, REP_ERROR_FIGURE, text);
	return false;
}

/* is_free: does the axis make lines?  One of a single value does not. */
static bool
is_free(const struct series_set *set, size_t axis, bool without_variants)
{
	return axis != set->x && set->grid->axes[axis].values->len > 1 &&
	    !(without_variants && axis == set->variants);
}

/* name_of: what a line is called by: the values that are not all the same */
static char *
name_of(const struct series_set *set, const size_t at[GRID_MAX_AXES],
    bool without_variants)
{
	GString *name = g_string_new(NULL);

	for (size_t i = set->grid->n_axes; i-- > 0;) {
		const struct grid_axis *axis = &set->grid->axes[i];
		g_autofree char *label = grid_label(axis, at[i]);

		if (!is_free(set, i, without_variants))
			continue;
		g_string_append_printf(name, "%s%s%s%s",
		    name->len > 0 ? ", " : "", i == set->variants ? "" :
		    grid_short(axis), i == set->variants ? "" : " ", label);
	}
	return g_string_free(name, FALSE);
}

static bool
too_many(const struct series_set *set, bool without_variants, size_t n,
    GError **error)
{
	GString *axes = g_string_new(NULL);

	for (size_t i = 0; i < set->grid->n_axes; i++)
		if (is_free(set, i, without_variants))
			g_string_append_printf(axes, "%s%s (%u values)",
			    axes->len > 0 ? ", " : "", set->grid->axes[i].key,
			    set->grid->axes[i].values->len);
	g_set_error(error, REP_ERROR, REP_ERROR_FIGURE, "%zu lines, and at "
	    "most %d can be told apart; --where KEY=VALUE keeps one value "
	    "of %s", n, SERIES_MAX, axes->str);
	g_string_free(axes, TRUE);
	return false;
}

/* lines: all combinations, the last axis fastest */
static bool
lines(struct series_set *set, bool without_variants, GError **error)
{
	size_t n = 1, at[GRID_MAX_AXES] = { 0 };

	for (size_t i = 0; i < set->grid->n_axes; i++)
		if (is_free(set, i, without_variants))
			n *= set->grid->axes[i].values->len;
	if (n > SERIES_MAX)
		return too_many(set, without_variants, n, error);
	while (set->n < n) {
		struct series *line = &set->series[set->n++];

		memcpy(line->at, at, sizeof at);
		line->name = name_of(set, at, without_variants);
		for (size_t i = set->grid->n_axes; i-- > 0;) {
			if (!is_free(set, i, without_variants))
				continue;
			if (++at[i] < set->grid->axes[i].values->len)
				break;
			at[i] = 0;
		}
	}
	return true;
}

/* is_empty: does no cell have a result? */
static bool
is_empty(const struct grid *grid)
{
	for (size_t i = 0; i < grid->n_cells; i++)
		if (grid->cells[i].n > 0)
			return false;
	return true;
}

bool
series_of(struct series_set *set, const struct grid *grid, const char *name,
    bool without_variants, GError **error)
{
	*set = (struct series_set){ .grid = grid, .x = grid_find(grid, name),
		.variants = grid_find(grid, "variant") };
	if (set->x == grid->n_axes) {
		g_autofree char *text = g_strdup_printf(
		    "the store has no axis %s", name);

		return no_figure(error, text);
	}
	if (is_empty(grid))
		return no_figure(error, "no point has a result");
	return lines(set, without_variants, error);
}

void
series_clear(struct series_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		g_free(set->series[i].name);
	set->n = 0;
}

size_t
series_length(const struct series_set *set)
{
	return set->grid->axes[set->x].values->len;
}

const struct grid_cell *
series_cell(const struct series_set *set, size_t line, size_t i,
    size_t variant)
{
	size_t at[GRID_MAX_AXES];

	memcpy(at, set->series[line].at, sizeof at);
	at[set->x] = i;
	/* a line of all variants stands at the first one */
	at[set->variants] += variant;
	return grid_cell_at(set->grid, at);
}

/* find_variant: its value on the axis of variants */
static bool
find_variant(const struct grid_axis *axis, const char *name, size_t *value,
    GError **error)
{
	if (name == NULL)
		return true;
	for (*value = 0; *value < axis->values->len; ++*value)
		if (strcmp(axis->values->pdata[*value], name) == 0)
			return true;
	g_set_error(error, REP_ERROR, REP_ERROR_FIGURE,
	    "the store has no variant %s", name);
	return false;
}

bool
series_pair_of(const struct grid *grid, const struct rep_data *data,
    struct series_pair *pair, GError **error)
{
	const struct grid_axis *axis = &grid->axes[grid_find(grid, "variant")];

	*pair = (struct series_pair){ 0, axis->values->len - 1 };
	if (!find_variant(axis, data->base, &pair->base, error) ||
	    !find_variant(axis, data->variant, &pair->other, error))
		return false;
	if (pair->base != pair->other)
		return true;
	return no_figure(error, "a gain is that of one variant over another, "
	    "and here is but one");
}

double
series_ratio(const struct series_set *set, size_t line, size_t i,
    const struct series_pair *pair)
{
	const struct grid_cell *base = series_cell(set, line, i, pair->base);
	const struct grid_cell *other = series_cell(set, line, i,
	    pair->other);

	return base->n == 0 || other->n == 0 || base->throughput <= 0 ? 0 :
	    other->throughput / base->throughput;
}

bool
series_has_ratio(const struct series_set *set, const struct series_pair *pair,
    GError **error)
{
	for (size_t s = 0; s < set->n; s++)
		for (size_t i = 0; i < series_length(set); i++)
			if (series_ratio(set, s, i, pair) > 0)
				return true;
	return no_figure(error, "nowhere do both variants have a throughput "
	    "to compare");
}

bool
series_is_numeric(const struct series_set *set)
{
	for (size_t i = 0; i < series_length(set); i++)
		if (isnan(grid_number(&set->grid->axes[set->x], i)))
			return false;
	return true;
}

double
series_x(const struct series_set *set, size_t i)
{
	return series_is_numeric(set) ?
	    grid_number(&set->grid->axes[set->x], i) : (double)(i + 1);
}

/* is_log: values that grow by factors, and more than twofold in all */
static bool
is_log(const struct series_set *set)
{
	size_t n = series_length(set);

	return series_is_numeric(set) && n > 2 && series_x(set, 0) > 0 &&
	    series_x(set, n - 1) > 4 * series_x(set, 0);
}

void
series_names(GString *out, const struct series_set *set, const char *what)
{
	g_string_append_printf(out, "n_%ss = %zu\narray %s_name[%zu]\n", what,
	    set->n, what, set->n);
	for (size_t s = 0; s < set->n; s++) {
		g_autofree char *name = g_strdup_printf("%s_name[%zu]", what,
		    s + 1);

		rep_script_text(out, name, set->series[s].name);
	}
}

void
series_ratio_label(GString *out, const struct grid *grid,
    const struct series_pair *pair)
{
	const GPtrArray *variants =
	    grid->axes[grid_find(grid, "variant")].values;
	g_autofree char *label = g_strdup_printf("throughput of %s over %s",
	    (char *)variants->pdata[pair->other],
	    (char *)variants->pdata[pair->base]);

	rep_script_text(out, "ratio_label", label);
}

void
series_number(GString *out, double number)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	g_string_append(out, g_ascii_formatd(text, sizeof text, "%.10g",
	    number));
}

void
series_ticks(GString *out, const struct series_set *set)
{
	const struct grid_axis *axis = &set->grid->axes[set->x];
	/* labels that would touch each other are left out */
	size_t n = series_length(set), step = (n + 11) / 12;

	g_string_append_printf(out, "x_is_log = %d\n", is_log(set));
	g_string_append(out, "set xtics (");
	for (size_t i = 0; i < n; i += step) {
		g_autofree char *label = grid_label(axis, i);

		g_string_append(out, i == 0 ? "" : ", ");
		rep_script_quoted(out, label);
		g_string_append_c(out, ' ');
		series_number(out, series_x(set, i));
	}
	g_string_append(out, ")\n");
}
