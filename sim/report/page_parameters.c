/*
 * The effective parameters: what the first point of each variant was run with,
 * and where each value comes from.
 */
#include <string.h>

#include "sim/report/html.h"
#include "sim/report/page_own.h"

/* first_cell: the first of a variant that has a result, or NULL */
static const struct grid_cell *
first_cell(const struct page *page, size_t variant)
{
	const struct grid_cell *first = NULL;
	size_t n = page->grid->axes[page->variants].values->len;

	/* the variants are the last axis */
	for (size_t i = variant; i < page->grid->n_cells; i += n) {
		const struct grid_cell *cell = &page->grid->cells[i];

		if (cell->n > 0 &&
		    (first == NULL || cell->first < first->first))
			first = cell;
	}
	return first;
}

static void
free_all(GPtrArray *all)
{
	for (size_t v = 0; v < all->len; v++)
		if (all->pdata[v] != NULL)
			settings_free(all->pdata[v]);
	g_ptr_array_unref(all);
}

/* read_all: one for each variant; NULL for one without a result */
static GPtrArray *
read_all(const struct page *page, GError **error)
{
	size_t n = page->grid->axes[page->variants].values->len;
	GPtrArray *all = g_ptr_array_new();

	for (size_t v = 0; v < n; v++) {
		const struct grid_cell *cell = first_cell(page, v);
		g_autofree char *text = cell == NULL ? NULL :
		    store_effective(page->request->store, cell->first, error);

		if (cell != NULL && text == NULL) {
			free_all(all);
			return NULL;
		}
		g_ptr_array_add(all, text == NULL ? NULL : settings_new(text));
	}
	return all;
}

static bool
is_swept(const struct page *page, const char *key)
{
	for (size_t i = 0; i < page->about->keys->len; i++)
		if (strcmp(page->about->keys->pdata[i], key) == 0)
			return true;
	return false;
}

/* of_variant: that key of a variant, or NULL */
static const struct setting *
of_variant(const GPtrArray *all, size_t variant, const char *key)
{
	const struct settings *settings = all->pdata[variant];

	return settings == NULL ? NULL : settings_find(settings, key);
}

static bool
is_different(const GPtrArray *all, const struct setting *setting)
{
	for (size_t v = 0; v < all->len; v++) {
		const struct setting *other = of_variant(all, v, setting->key);

		if (all->pdata[v] != NULL && (other == NULL ||
		    strcmp(other->value, setting->value) != 0))
			return true;
	}
	return false;
}

static void
origin_text(GString *out, const struct setting *setting)
{
	if (setting->origin != NULL)
		html_text(out, setting->origin);
	if (setting->cited != NULL)
		html_put(out, setting->origin != NULL ? "<br>cited: " :
		    "cited: ", setting->cited, "");
	if (setting->origin == NULL && setting->cited == NULL)
		g_string_append(out, "scenario or default");
}

/* the values of a key that the variants do not share, one line each */
static void
each_value(GString *out, const struct page *page, const GPtrArray *all,
    const char *key)
{
	g_string_append(out, "<td>");
	for (size_t v = 0, n = 0; v < all->len; v++) {
		const struct setting *setting = of_variant(all, v, key);

		if (setting == NULL)
			continue;
		html_put(out, n++ == 0 ? "" : "<br>", page_variant(page, v),
		    ": ");
		html_text(out, setting->value);
	}
	g_string_append(out, "</td>");
}

static void
row(GString *out, const struct page *page, const GPtrArray *all,
    const struct setting *setting)
{
	bool swept = is_swept(page, setting->key);
	bool different = !swept && is_different(all, setting);

	html_put(out, "<tr><th scope=\"row\"><code>", setting->key,
	    "</code></th>");
	if (different)
		each_value(out, page, all, setting->key);
	else
		html_put(out, "<td>", swept ? "an axis" : setting->value,
		    "</td>");
	g_string_append_printf(out, "<td>%s</td><td class=\"w\">",
	    swept ? "axis" : different ? "differs" : "");
	if (swept)
		g_string_append(out, "the sweep");
	else
		origin_text(out, setting);
	g_string_append(out, "</td></tr>\n");
}

static void
table(GString *out, const struct page *page, const GPtrArray *all,
    const struct settings *shown)
{
	static const char *const heads[] = { "Key", "Value", "Varies",
		"Origin", NULL };

	html_table_begin(out, "Effective parameters");
	html_heads(out, heads);
	g_string_append(out, "<tbody>\n");
	for (size_t i = 0; i < shown->list->len; i++)
		row(out, page, all, shown->list->pdata[i]);
	g_string_append(out, "</tbody>\n");
	html_table_end(out);
}

/* shown_first: the base's, or those of any variant that has a result */
static const struct settings *
shown_first(const struct page *page, const GPtrArray *all)
{
	for (size_t v = 0; v < all->len; v++)
		if (all->pdata[(page->pair.base + v) % all->len] != NULL)
			return all->pdata[(page->pair.base + v) % all->len];
	return NULL;
}

bool
page_parameters(GString *out, const struct page *page, GError **error)
{
	GPtrArray *all = read_all(page, error);
	const struct settings *shown;

	if (all == NULL)
		return false;
	g_string_append(out, "<h2>Parameters</h2>\n<p>Every value that the "
	    "points were run with. An origin says where a value of the board "
	    "or the kernel comes from: a data sheet, a measurement, a fit, or "
	    "an assumption; a value without one was chosen by the scenario, "
	    "or is the program's default.</p>\n");
	shown = shown_first(page, all);
	if (shown != NULL)
		table(out, page, all, shown);
	else
		g_string_append(out, "<p>No point has a result.</p>\n");
	free_all(all);
	return true;
}
