/*
 * From points to cells: first which values there are, then what was measured.
 */
#include "sim/sweep/grid.h"

#include <math.h>
#include <string.h>

/* A slice under way: which columns matter, and what the others must be. */
struct reader {
	struct store *store;
	struct grid *grid;
	int column[GRID_MAX_AXES];	/* of the store; -1: the variant */
	char *wanted[GRID_MAX_AXES];	/* by axis of the sweep, or NULL */
	size_t n_sweep_axes;		/* without the variants */
};

const char *
grid_unit(const struct grid_axis *axis)
{
	enum scn_key key = scn_schema_find_full(axis->key);
	const char *suffix = key == SCN_N_KEYS ||
	    scn_row(key)->type != SCN_TYPE_QUANTITY ? "" :
	    scn_unit_suffix(scn_row(key)->unit);

	return *suffix == '_' ? suffix + 1 : suffix;
}

const char *
grid_short(const struct grid_axis *axis)
{
	const char *dot = strrchr(axis->key, '.');

	return dot != NULL ? dot + 1 : axis->key;
}

double
grid_number(const struct grid_axis *axis, size_t value)
{
	const char *text = axis->values->pdata[value];
	char *end;
	double number = g_ascii_strtod(text, &end);

	return *text != '\0' && *end == '\0' ? number : NAN;
}

/* text_of: how a store writes a value that a user has written; g_free it */
static char *
text_of(const char *key, const char *value)
{
	enum scn_key row = scn_schema_find_full(key);
	int64_t number;

	if (row != SCN_N_KEYS && scn_row(row)->type == SCN_TYPE_QUANTITY &&
	    scn_quantity_parse(value, scn_row(row)->unit, &number) ==
	    SCN_QUANTITY_OK)
		return scn_quantity_number(number, scn_row(row)->unit);
	return g_strdup(value);
}

char *
grid_label(const struct grid_axis *axis, size_t value)
{
	enum scn_key row = scn_schema_find_full(axis->key);
	const char *text = axis->values->pdata[value];
	const char *unit = grid_unit(axis);
	g_autofree char *written = g_strdup_printf("%s %s", text,
	    strcmp(unit, "percent") == 0 ? "%" :
	    strcmp(unit, "bitps") == 0 ? "bit/s" :
	    strcmp(unit, "Bps") == 0 ? "B/s" : unit);
	int64_t number;

	if (*unit != '\0' && scn_quantity_parse(written, scn_row(row)->unit,
	    &number) == SCN_QUANTITY_OK)
		return scn_quantity_format(number, scn_row(row)->unit);
	return g_strdup(text);
}

size_t
grid_find(const struct grid *grid, const char *name)
{
	g_autofree char *end = g_strconcat(".", name, NULL);
	size_t i = 0;

	while (i < grid->n_axes && strcmp(grid->axes[i].key, name) != 0 &&
	    !g_str_has_suffix(grid->axes[i].key, end))
		i++;
	return i;
}

static size_t
cell_index(const struct grid *grid, const size_t at[GRID_MAX_AXES])
{
	size_t index = 0;

	for (size_t i = 0; i < grid->n_axes; i++) {
		g_assert(at[i] < grid->axes[i].values->len);
		index = index * grid->axes[i].values->len + at[i];
	}
	return index;
}

const struct grid_cell *
grid_cell_at(const struct grid *grid, const size_t at[GRID_MAX_AXES])
{
	return &grid->cells[cell_index(grid, at)];
}

/* first_key: of an axis of the sweep; its column, or -1 */
static int
first_column(const struct store_about *about, size_t axis)
{
	for (size_t i = 0; i < about->columns->len; i++)
		if (g_array_index(about->axes, size_t, i) == axis)
			return (int)i;
	return -1;
}

static const char *
value_at(const struct store_point *point, int column)
{
	return column < 0 ? point->row.variant : point->values[column];
}

/* is_wanted: does the point lie in the slice? */
static bool
is_wanted(const struct reader *r, const struct store_point *point)
{
	const struct store_about *about = store_about(r->store);

	for (size_t i = 0; i <= r->n_sweep_axes; i++) {
		int column = i == r->n_sweep_axes ? -1 :
		    first_column(about, i);

		if (r->wanted[i] != NULL &&
		    strcmp(r->wanted[i], value_at(point, column)) != 0)
			return false;
	}
	return true;
}

/* find_value: its place among the values of an axis, or their number */
static size_t
find_value(const struct grid_axis *axis, const char *text)
{
	size_t i = 0;

	while (i < axis->values->len &&
	    strcmp(axis->values->pdata[i], text) != 0)
		i++;
	return i;
}

static gint
by_number(gconstpointer a, gconstpointer b)
{
	double x = g_ascii_strtod(*(char *const *)a, NULL);
	double y = g_ascii_strtod(*(char *const *)b, NULL);

	return x < y ? -1 : x > y;
}

/* sort_values: numbers by size; where there is a word, as they came */
static void
sort_values(struct grid_axis *axis)
{
	for (size_t i = 0; i < axis->values->len; i++)
		if (isnan(grid_number(axis, i)))
			return;
	g_ptr_array_sort(axis->values, by_number);
}

/* each: call visit for every point of the slice */
static bool
each(struct reader *r, void (*visit)(struct reader *,
    const struct store_point *), GError **error)
{
	struct store_cursor *cursor = store_read(r->store, error);
	struct store_point point;
	GError *why = NULL;

	if (cursor == NULL)
		return false;
	while (store_next(cursor, &point, &why))
		if (is_wanted(r, &point))
			visit(r, &point);
	store_cursor_free(cursor);
	if (why == NULL)
		return true;
	g_propagate_error(error, why);
	return false;
}

static void
note_values(struct reader *r, const struct store_point *point)
{
	for (size_t i = 0; i < r->grid->n_axes; i++) {
		struct grid_axis *axis = &r->grid->axes[i];
		const char *text = value_at(point, r->column[i]);

		if (find_value(axis, text) == axis->values->len)
			g_ptr_array_add(axis->values, g_strdup(text));
	}
}

static double
column_of(const struct res_row *row, enum res_column column)
{
	return (double)row->value[column] /
	    pow(10.0, res_columns[column].decimals);
}

/* note_first: what is taken from the first run of a cell */
static void
note_first(struct grid_cell *cell, const struct store_point *point)
{
	const struct res_row *row = &point->row;

	cell->first = point->index;
	cell->wire_limit = column_of(row, RES_WIRE_LIMIT_KBPS);
	cell->wire_share = column_of(row, RES_WIRE_SHARE);
	cell->cpu_share = column_of(row, RES_CPU_SHARE);
	cell->bus_share = column_of(row, RES_BUS_SHARE);
	cell->moves_per_byte = column_of(row, RES_MOVES_PER_BYTE);
	cell->loaned_share = column_of(row, RES_LOANED_SHARE);
	cell->memory_ps = row->detail[RES_D_CPU_STALL];
	for (int i = 0; i < N_CAUSES; i++) {
		if (kern_cause_is_dma(i))
			continue;
		cell->compute_ps += row->cause[i].compute_ps;
		cell->memory_ps += row->cause[i].memory_ps;
	}
}

static void
note_result(struct reader *r, const struct store_point *point)
{
	size_t at[GRID_MAX_AXES];
	struct grid_cell *cell;
	double x = column_of(&point->row, RES_THROUGHPUT_KBPS), delta;

	if (!res_is_result(&point->row))
		return;
	for (size_t i = 0; i < r->grid->n_axes; i++)
		at[i] = find_value(&r->grid->axes[i],
		    value_at(point, r->column[i]));
	cell = &r->grid->cells[cell_index(r->grid, at)];
	if (cell->n++ == 0) {
		note_first(cell, point);
		cell->low = cell->high = x;
	}
	cell->low = MIN(cell->low, x);
	cell->high = MAX(cell->high, x);
	/* Welford: the deviation holds the sum of squares until the end */
	delta = x - cell->throughput;
	cell->throughput += delta / (double)cell->n;
	cell->deviation += delta * (x - cell->throughput);
}

static bool
unknown(GError **error, const char *what, GPtrArray *known)
{
	g_autofree char *list = NULL;

	g_ptr_array_add(known, NULL);
	list = g_strjoinv(", ", (char **)known->pdata);
	g_set_error(error, DB_ERROR, DB_ERROR_INPUT, "%s; there are %s", what,
	    list);
	return false;
}

/* axis_named: the axis of the sweep that has that key, or the variants */
static bool
axis_named(const struct reader *r, const char *key, size_t *axis,
    GError **error)
{
	const struct store_about *about = store_about(r->store);
	g_autoptr(GPtrArray) known = g_ptr_array_new();
	g_autofree char *what = g_strdup_printf("\"%s\" is no axis", key);
	char variant[] = "variant";

	*axis = r->n_sweep_axes;
	if (strcmp(key, "variant") == 0)
		return true;
	for (size_t i = 0; i < about->keys->len; i++) {
		*axis = g_array_index(about->axes, size_t, i);
		if (strcmp(about->keys->pdata[i], key) == 0 &&
		    first_column(about, *axis) == (int)i)
			return true;
		g_ptr_array_add(known, about->keys->pdata[i]);
	}
	g_ptr_array_add(known, variant);
	return unknown(error, what, known);
}

static bool
read_where(struct reader *r, const char *const *where, GError **error)
{
	for (; where != NULL && *where != NULL; where++) {
		g_autofree char *key = scn_override_name(*where);
		const char *equals = strchr(*where, '=');
		g_autofree char *value = equals == NULL ? NULL :
		    g_strstrip(g_strdup(equals + 1));
		size_t axis;

		if (value == NULL) {
			g_set_error(error, DB_ERROR, DB_ERROR_INPUT,
			    "\"%s\" is not of the form KEY=VALUE", *where);
			return false;
		}
		if (!axis_named(r, key, &axis, error))
			return false;
		g_free(r->wanted[axis]);
		r->wanted[axis] = text_of(key, value);
	}
	return true;
}

/* add_axis: a column of the store becomes an axis of the grid */
static void
add_axis(struct reader *r, int column)
{
	struct grid *grid = r->grid;
	const char *key = column < 0 ? "variant" :
	    store_about(r->store)->keys->pdata[column];

	r->column[grid->n_axes] = column;
	grid->axes[grid->n_axes++] = (struct grid_axis){ g_strdup(key),
		g_ptr_array_new_with_free_func(g_free) };
}

static void
choose_axes(struct reader *r)
{
	for (size_t i = 0; i < r->n_sweep_axes; i++)
		if (r->wanted[i] == NULL)
			add_axis(r, first_column(store_about(r->store), i));
	/* the variants always: a grid has at least one axis */
	add_axis(r, -1);
}

static bool
make_cells(struct reader *r, GError **error)
{
	struct grid *grid = r->grid;

	grid->n_cells = 1;
	for (size_t i = 0; i < grid->n_axes; i++) {
		sort_values(&grid->axes[i]);
		grid->n_cells *= grid->axes[i].values->len;
	}
	if (grid->n_cells == 0) {
		g_set_error(error, DB_ERROR, DB_ERROR_INPUT,
		    "no point has these values");
		return false;
	}
	grid->cells = g_new0(struct grid_cell, grid->n_cells);
	if (!each(r, note_result, error))
		return false;
	for (size_t i = 0; i < grid->n_cells; i++) {
		struct grid_cell *cell = &grid->cells[i];

		cell->deviation = cell->n < 2 ? 0 :
		    sqrt(cell->deviation / (double)(cell->n - 1));
	}
	return true;
}

struct grid *
grid_read(struct store *store, const char *const *where, GError **error)
{
	const struct store_about *about = store_about(store);
	struct reader r = { .store = store, .grid = g_new0(struct grid, 1) };
	bool ok;

	for (size_t i = 0; i < about->axes->len; i++)
		r.n_sweep_axes = MAX(r.n_sweep_axes,
		    g_array_index(about->axes, size_t, i) + 1);
	ok = read_where(&r, where, error);
	if (ok) {
		choose_axes(&r);
		ok = each(&r, note_values, error) && make_cells(&r, error);
	}
	for (size_t i = 0; i < GRID_MAX_AXES; i++)
		g_free(r.wanted[i]);
	if (ok)
		return r.grid;
	grid_free(r.grid);
	return NULL;
}

void
grid_free(struct grid *grid)
{
	for (size_t i = 0; i < grid->n_axes; i++) {
		g_free(grid->axes[i].key);
		g_ptr_array_unref(grid->axes[i].values);
	}
	g_free(grid->cells);
	g_free(grid);
}
