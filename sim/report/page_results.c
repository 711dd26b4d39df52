/*
 * The table of results: for each combination of the axes a block with one line
 * for each variant.
 */
#include <string.h>

#include "sim/report/html.h"
#include "sim/report/interval.h"
#include "sim/report/page_own.h"

static const char dash[] = "<td class=\"n\">&#8211;</td>";

static void
number_cell(GString *out, const char *format, double number)
{
	g_string_append(out, "<td class=\"n\">");
	page_number(out, format, number);
	g_string_append(out, "</td>");
}

/* is_replicated: has any cell more than one run? */
static bool
is_replicated(const struct grid *grid)
{
	for (size_t i = 0; i < grid->n_cells; i++)
		if (grid->cells[i].n > 1)
			return true;
	return false;
}

/* n_columns: with the variant's name */
static int
n_columns(const struct grid *grid)
{
	return is_replicated(grid) ? 10 : 8;
}

static void
interval_cell(GString *out, const struct grid_cell *cell)
{
	if (cell->n < 2)
		g_string_append(out, dash);
	else
		number_cell(out, "%.1f", rep_interval_95(cell->n,
		    cell->deviation));
}

/* gain_cell: percent over the base, which has none */
static void
gain_cell(GString *out, const struct grid_cell *cell,
    const struct grid_cell *base)
{
	if (cell == base || cell->n == 0 || base->n == 0 ||
	    base->throughput <= 0)
		g_string_append(out, dash);
	else
		number_cell(out, "%+.1f", 100 *
		    (cell->throughput / base->throughput - 1));
}

static void
cells(GString *out, const struct page *page, const struct grid_cell *cell,
    const struct grid_cell *base)
{
	bool replicated = is_replicated(page->grid);

	if (cell->n == 0) {
		g_string_append_printf(out, "<td colspan=\"%d\">no result"
		    "</td></tr>\n", n_columns(page->grid) - 1);
		return;
	}
	number_cell(out, "%.1f", cell->throughput);
	if (replicated) {
		interval_cell(out, cell);
		number_cell(out, "%.0f", (double)cell->n);
	}
	gain_cell(out, cell, base);
	number_cell(out, "%.4f", cell->wire_share);
	number_cell(out, "%.4f", cell->cpu_share);
	number_cell(out, "%.4f", cell->bus_share);
	number_cell(out, "%.4f", cell->loaned_share);
	number_cell(out, "%.4f", cell->moves_per_byte);
	g_string_append(out, "</tr>\n");
}

static void
head(GString *out, const struct page *page)
{
	g_string_append(out, "<thead>\n<tr><th scope=\"col\" class=\"k\">"
	    "variant</th><th scope=\"col\" class=\"n\">KB/s</th>");
	if (is_replicated(page->grid))
		g_string_append(out, "<th scope=\"col\" class=\"n\">&plusmn; "
		    "95 %</th><th scope=\"col\" class=\"n\">runs</th>");
	g_string_append(out, "<th scope=\"col\" class=\"n\">gain %</th>");
	for (const char *const *name = (const char *const[]){ "wire", "CPU",
	    "memory", "loaned", "moves/B", NULL }; *name != NULL; name++)
		html_put(out, "<th scope=\"col\" class=\"n\">", *name,
		    "</th>");
	g_string_append(out, "</tr>\n</thead>\n");
}

/* block_head: which combination the lines below it are of */
static void
block_head(GString *out, const struct page *page,
    const size_t at[GRID_MAX_AXES])
{
	const struct grid *grid = page->grid;

	if (grid->n_axes == 1)
		return;
	g_string_append_printf(out, "<tr><th scope=\"rowgroup\" "
	    "colspan=\"%d\" class=\"k\"><span>", n_columns(grid));
	for (size_t i = 0, n = 0; i < grid->n_axes; i++) {
		g_autofree char *label = grid_label(&grid->axes[i], at[i]);

		if (i == page->variants)
			continue;
		html_put(out, n++ == 0 ? "" : ", ",
		    grid_short(&grid->axes[i]), " ");
		html_text(out, label);
	}
	g_string_append(out, "</span></th></tr>\n");
}

/* block: all variants at one combination of the other axes */
static void
block(GString *out, const struct page *page, size_t at[GRID_MAX_AXES])
{
	const struct grid *grid = page->grid;
	const struct grid_cell *base;

	at[page->variants] = page->pair.base;
	base = grid_cell_at(grid, at);
	g_string_append(out, "<tbody>\n");
	block_head(out, page, at);
	for (size_t v = 0; v < grid->axes[page->variants].values->len; v++) {
		html_put(out, "<tr><th scope=\"row\" class=\"k\">",
		    page_variant(page, v), "</th>");
		at[page->variants] = v;
		cells(out, page, grid_cell_at(grid, at), base);
	}
	g_string_append(out, "</tbody>\n");
}

/* next: the next combination of all axes but the variants; false at the end */
static bool
next(const struct page *page, size_t at[GRID_MAX_AXES])
{
	for (size_t i = page->grid->n_axes; i-- > 0;) {
		if (i == page->variants)
			continue;
		if (++at[i] < page->grid->axes[i].values->len)
			return true;
		at[i] = 0;
	}
	return false;
}

static void
explain(GString *out, const struct page *page)
{
	g_string_append(out, "<p>KB/s counts 1024 bytes of payload");
	if (is_replicated(page->grid))
		g_string_append(out, ", the mean of the runs, which differ in "
		    "their seed; &plusmn; is half of its 95&nbsp;% confidence "
		    "interval by Student's distribution, and the other columns "
		    "are of the first run");
	g_string_append(out, ". Wire, CPU and memory are shares of the "
	    "measured time, from 0 to 1, loaned the share of bytes that were "
	    "lent and not copied, moves/B the copies of each byte of payload: "
	    "what only reads, clears or fills memory does not count there.");
	if (page->pair.base != page->pair.other)
		html_put(out, " The gain is over the variant <code>",
		    page_variant(page, page->pair.base), "</code>.");
	g_string_append(out, "</p>\n");
}

void
page_results(GString *out, const struct page *page)
{
	size_t at[GRID_MAX_AXES] = { 0 }, n_lines = 0;
	size_t n = page->grid->axes[page->variants].values->len;
	bool more = true;

	g_string_append(out, "<h2>Results</h2>\n");
	explain(out, page);
	html_table_begin(out, "Results of each combination");
	head(out, page);
	for (; more && n_lines + n <= MAX(PAGE_MOST_LINES, n); n_lines += n) {
		block(out, page, at);
		more = next(page, at);
	}
	html_table_end(out);
	if (more)
		g_string_append_printf(out, "<p>The table is cut after %zu of "
		    "%zu lines; <code>loansim export</code> has all of "
		    "them.</p>\n", n_lines, page->grid->n_cells);
}
