#include "sim/report/slice.h"

#include <string.h>

bool
slice_applies(const struct grid *grid, const struct rep_figure *figure)
{
	for (size_t i = 0; i < G_N_ELEMENTS(figure->axes); i++) {
		size_t axis = figure->axes[i] == NULL ? 0 :
		    grid_find(grid, figure->axes[i]);

		if (figure->axes[i] != NULL && (axis == grid->n_axes ||
		    grid->axes[axis].values->len < 2))
			return false;
	}
	return true;
}

size_t
slice_middle(const struct grid_axis *axis, const char *usual)
{
	for (size_t i = 0; usual != NULL && i < axis->values->len; i++) {
		g_autofree char *label = grid_label(axis, i);

		if (strcmp(label, usual) == 0)
			return i;
	}
	return axis->values->len / 2;
}

static struct slice
slice_new(void)
{
	return (struct slice){
		g_ptr_array_new_with_free_func(g_free), g_string_new(NULL)
	};
}

static void
keep(struct slice *slice, const struct grid_axis *axis, size_t value)
{
	g_autofree char *label = grid_label(axis, value);

	g_ptr_array_add(slice->where, g_strdup_printf("%s=%s", axis->key,
	    label));
	g_string_append_printf(slice->text, "%s%s %s",
	    slice->text->len > 0 ? ", " : "", grid_short(axis), label);
}

/* is_own: is it one of those that the figure shows by itself? */
static bool
is_own(const struct grid *grid, const struct rep_figure *figure, size_t axis)
{
	for (size_t i = 0; i < G_N_ELEMENTS(figure->axes); i++)
		if (figure->axes[i] != NULL &&
		    grid_find(grid, figure->axes[i]) == axis)
			return true;
	return figure->is_ratio && axis == grid_find(grid, "variant");
}

/* longest: the free axis with the most values, the variants last; or n_axes */
static size_t
longest(const struct grid *grid, const bool is_free[GRID_MAX_AXES])
{
	size_t variants = grid_find(grid, "variant"), best = grid->n_axes;

	for (size_t i = 0; i < grid->n_axes; i++)
		if (is_free[i] && (best == grid->n_axes || best == variants ||
		    (i != variants && grid->axes[i].values->len >
		    grid->axes[best].values->len)))
			best = i;
	return best;
}

struct slice
slice_of(const struct grid *grid, const struct rep_figure *figure,
    const size_t kept[GRID_MAX_AXES])
{
	struct slice slice = slice_new();
	bool is_free[GRID_MAX_AXES] = { false };
	size_t n = 1;

	for (size_t i = 0; i < grid->n_axes; i++) {
		is_free[i] = grid->axes[i].values->len > 1 &&
		    !is_own(grid, figure, i);
		if (is_free[i])
			n *= grid->axes[i].values->len;
	}
	while (n > figure->most_lines) {
		size_t axis = longest(grid, is_free);

		keep(&slice, &grid->axes[axis], kept[axis]);
		is_free[axis] = false;
		n /= grid->axes[axis].values->len;
	}
	return slice;
}

struct slice
slice_point(const struct grid *grid, const size_t kept[GRID_MAX_AXES])
{
	struct slice slice = slice_new();

	for (size_t i = 0; i < grid->n_axes; i++)
		if (i != grid_find(grid, "variant"))
			keep(&slice, &grid->axes[i], kept[i]);
	return slice;
}

void
slice_clear(struct slice *slice)
{
	g_ptr_array_unref(slice->where);
	g_string_free(slice->text, TRUE);
}
