/*
 * How much of the sweep is there, and what failed.
 */
#include <string.h>

#include "sim/report/html.h"
#include "sim/report/page_own.h"

static void
failed_row(GString *out, const struct page *page,
    const struct store_point *point)
{
	char number[32];

	g_snprintf(number, sizeof number, "%zu", point->index + 1);
	html_put(out, "<tr><th scope=\"row\" class=\"n\">", number, "</th>");
	html_put(out, "<td>", point->row.variant, "</td>");
	for (size_t i = 0; i < page->about->columns->len; i++)
		html_put(out, "<td class=\"n\">", point->values[i], "</td>");
	g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, point->seed);
	html_put(out, "<td class=\"n\">", number, "</td>");
	html_put(out, "<td>", res_outcome_name(point->row.outcome), "</td>");
	html_put(out, "<td class=\"w\">", point->row.reason, "</td></tr>\n");
}

static void
add_head(GPtrArray *heads, const char *text)
{
	g_ptr_array_add(heads, (gpointer)(guintptr)text);
}

static void
failed_heads(GString *out, const struct page *page)
{
	g_autoptr(GPtrArray) heads = g_ptr_array_new();

	add_head(heads, "Point");
	add_head(heads, "Variant");
	for (size_t i = 0; i < page->about->columns->len; i++)
		g_ptr_array_add(heads, page->about->columns->pdata[i]);
	add_head(heads, "Seed");
	add_head(heads, "Outcome");
	add_head(heads, "Reason");
	g_ptr_array_add(heads, NULL);
	html_heads(out, (const char *const *)heads->pdata);
}

static bool
failed_table(GString *out, const struct page *page, GError **error)
{
	struct store_cursor *cursor = store_read(page->request->store, error);
	struct store_point point;
	GError *why = NULL;
	size_t n = 0;

	if (cursor == NULL)
		return false;
	html_table_begin(out, "Failed points");
	failed_heads(out, page);
	g_string_append(out, "<tbody>\n");
	while (store_next(cursor, &point, &why))
		if (!res_is_result(&point.row) && n++ < PAGE_MOST_LINES)
			failed_row(out, page, &point);
	g_string_append(out, "</tbody>\n");
	html_table_end(out);
	if (n > PAGE_MOST_LINES)
		g_string_append_printf(out, "<p>Only the first %d of %zu are "
		    "listed.</p>\n", PAGE_MOST_LINES, n);
	store_cursor_free(cursor);
	if (why == NULL)
		return true;
	g_propagate_error(error, why);
	return false;
}

bool
page_points(GString *out, const struct page *page, GError **error)
{
	const struct store *store = page->request->store;
	size_t n_failed = store_n_failed(store);
	size_t n_missing = page->about->n_points - store_n_recorded(store);

	g_string_append_printf(out, "<p>%zu %s: %zu have a result, %zu "
	    "failed, %zu are missing.%s</p>\n", page->about->n_points,
	    page->about->n_points == 1 ? "point" : "points",
	    store_n_recorded(store) - n_failed, n_failed, n_missing,
	    n_missing > 0 ? " The command above runs what is missing." : "");
	return n_failed == 0 || failed_table(out, page, error);
}
