/*
 * The figures that the axes of a store allow, each with what it leaves out.
 */
#include <string.h>

#include "sim/report/html.h"
#include "sim/report/output.h"
#include "sim/report/page_own.h"
#include "sim/report/plot.h"
#include "sim/report/slice.h"
#include "sim/report/svg.h"

/* heading: a question that stands alone */
static char *
heading(const char *question)
{
	char *text = g_strdup(question);

	*text = g_ascii_toupper(*text);
	return text;
}

/* not_drawn: there is nothing to draw, and that is no error of the page */
static bool
not_drawn(GString *out, GError *why, GError **error)
{
	if (!g_error_matches(why, REP_ERROR, REP_ERROR_FIGURE)) {
		g_propagate_error(error, why);
		return false;
	}
	html_put(out, "<p>Not drawn: ", why->message, ".</p>\n");
	g_error_free(why);
	return true;
}

static void
caption(GString *out, const struct rep_figure *figure,
    const struct slice *slice)
{
	html_put(out, "<figcaption>", figure->shows, "");
	if (slice->text->len > 0)
		html_put(out, " Drawn for ", slice->text->str,
		    " (other values are in the table below).");
	g_string_append(out, "</figcaption>\n</figure>\n");
}

static bool
append_picture(GString *out, const struct rep_figure *figure,
    const struct slice *slice, const GString *script, const char *label,
    GError **error)
{
	GBytes *picture = rep_plot_render(script->str, error);
	g_autofree char *svg = NULL, *prefix = NULL;
	gsize len;
	const char *data;
	bool ok;

	if (picture == NULL)
		return false;
	data = g_bytes_get_data(picture, &len);
	svg = g_strndup(data, len);
	prefix = g_strdup_printf("%s-", figure->name);
	html_put(out, "<figure>\n<div class=\"frame\" role=\"region\" "
	    "tabindex=\"0\" aria-label=\"", label, "\">\n");
	ok = svg_inline(out, svg, prefix, label);
	g_string_append(out, "</div>\n");
	caption(out, figure, slice);
	g_bytes_unref(picture);
	if (!ok)
		g_set_error(error, REP_ERROR, REP_ERROR_GNUPLOT,
		    "gnuplot made no SVG");
	return ok;
}

static bool
draw(GString *out, const struct rep_figure *figure,
    const struct slice *slice, const struct rep_data *data, GError **error)
{
	GPtrArray *templates = rep_plot_templates(figure);
	g_autofree char *title = heading(figure->question);
	g_autofree char *label = g_strdup_printf("%s %s", title,
	    figure->shows);
	GError *why = NULL;
	GString *script = rep_plot_script(figure, data, REP_SVG,
	    (const char *const *)templates->pdata, &why);
	bool ok;

	html_put(out, "<h3>", title, "</h3>\n");
	ok = script != NULL ? append_picture(out, figure, slice, script,
	    label, error) : not_drawn(out, why, error);
	if (script != NULL)
		g_string_free(script, TRUE);
	g_ptr_array_unref(templates);
	return ok;
}

/* all_where: the request's and the slice's, NULL at the end; g_free it */
static const char **
all_where(const struct page *page, const struct slice *slice)
{
	const char *const *where = page->request->where;
	GPtrArray *all = g_ptr_array_new();

	for (size_t i = 0; where != NULL && where[i] != NULL; i++)
		g_ptr_array_add(all, (gpointer)(guintptr)where[i]);
	for (size_t i = 0; i < slice->where->len; i++)
		g_ptr_array_add(all, slice->where->pdata[i]);
	g_ptr_array_add(all, NULL);
	return (const char **)g_ptr_array_free(all, FALSE);
}

/* title_of: what is only true of this picture; the page has a title */
static const char *
title_of(const struct page *page, const struct slice *slice)
{
	return slice->text->len > 0 ? slice->text->str : page->about->title;
}

static bool
of_store(GString *out, const struct page *page,
    const struct rep_figure *figure, GError **error)
{
	struct slice slice = slice_of(page->grid, figure, page->kept);
	g_autofree const char **where = all_where(page, &slice);
	struct grid *grid = grid_read(page->request->store, where, error);
	bool ok = grid != NULL && draw(out, figure, &slice,
	    &(struct rep_data){ .title = title_of(page, &slice), .grid = grid,
		.base = page->request->base,
		.variant = page->request->variant }, error);

	if (grid != NULL)
		grid_free(grid);
	slice_clear(&slice);
	return ok;
}

/* cell_of: a variant where the other axes are kept */
static const struct grid_cell *
cell_of(const struct page *page, size_t variant)
{
	size_t at[GRID_MAX_AXES];

	memcpy(at, page->kept, sizeof at);
	at[page->variants] = variant;
	return grid_cell_at(page->grid, at);
}

/* read_rows: one for each variant that has a result there */
static GArray *
read_rows(const struct page *page, GError **error)
{
	size_t n = page->grid->axes[page->variants].values->len;
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct res_row));
	struct store_cursor *cursor = store_read(page->request->store, error);
	struct store_point point;
	GError *why = NULL;

	while (cursor != NULL && store_next(cursor, &point, &why))
		for (size_t i = 0; i < n; i++)
			if (cell_of(page, i)->n > 0 &&
			    cell_of(page, i)->first == point.index)
				g_array_append_val(rows, point.row);
	if (cursor != NULL)
		store_cursor_free(cursor);
	if (cursor != NULL && why == NULL)
		return rows;
	if (why != NULL)
		g_propagate_error(error, why);
	g_array_unref(rows);
	return NULL;
}

/* of_causes: where the time and the bytes went, at one point of the axes */
static bool
of_causes(GString *out, const struct page *page, GError **error)
{
	struct slice slice = slice_point(page->grid, page->kept);
	GArray *rows = read_rows(page, error);
	bool ok = rows != NULL;

	for (size_t i = 0; ok && rep_figures[i] != NULL; i++)
		if (rep_figures[i]->source == REP_FROM_CAUSES &&
		    rows->len > 0)
			ok = draw(out, rep_figures[i], &slice,
			    &(struct rep_data){ .title = title_of(page, &slice),
				.n_rows = rows->len,
				.rows = (struct res_row *)(void *)rows->data },
			    error);
	if (ok && rows->len == 0)
		html_put(out, "<p>No result for ", slice.text->str, ": where "
		    "the time went is not drawn.</p>\n");
	if (rows != NULL)
		g_array_unref(rows);
	slice_clear(&slice);
	return ok;
}

bool
page_figures(GString *out, const struct page *page, GError **error)
{
	bool ok = true;

	g_string_append(out, "<h2>Figures</h2>\n");
	for (size_t i = 0; ok && rep_figures[i] != NULL; i++)
		if (rep_figures[i]->source == REP_FROM_STORE &&
		    slice_applies(page->grid, rep_figures[i]))
			ok = of_store(out, page, rep_figures[i], error);
	return ok && of_causes(out, page, error);
}
