#include "tests/support/sim/grid_fixture.h"

static void
add_axis(struct grid *grid, const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "=", 2);
	g_auto(GStrv) values = g_strsplit(parts[1], ",", -1);
	struct grid_axis *axis = &grid->axes[grid->n_axes++];

	*axis = (struct grid_axis){ g_strdup(parts[0]),
		g_ptr_array_new_with_free_func(g_free) };
	for (size_t i = 0; values[i] != NULL; i++)
		g_ptr_array_add(axis->values, g_strdup(values[i]));
	grid->n_cells *= axis->values->len;
}

struct grid *
fix_grid(const char *const *axes, const double *throughput)
{
	struct grid *grid = g_new0(struct grid, 1);

	grid->n_cells = 1;
	for (; *axes != NULL; axes++)
		add_axis(grid, *axes);
	grid->cells = g_new0(struct grid_cell, grid->n_cells);
	for (size_t i = 0; i < grid->n_cells; i++)
		grid->cells[i] = (struct grid_cell){
			.n = throughput[i] < 0 ? 0 : 1,
			.first = i,
			.throughput = throughput[i],
			.low = throughput[i],
			.high = throughput[i],
			.wire_limit = 11493
		};
	return grid;
}
