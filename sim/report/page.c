#include "sim/report/page_own.h"

#include <string.h>

#include "sim/report/html.h"
#include "sim/report/slice.h"
#include "sim/scenario/parse.h"
#include "sim/scenario/schema.h"

const char *
page_variant(const struct page *page, size_t value)
{
	return page->grid->axes[page->variants].values->pdata[value];
}

void
page_number(GString *out, const char *format, double number)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	g_string_append(out, g_ascii_formatd(text, sizeof text, format,
	    number));
}

/* plan_axes: where the plan's axes begin: "[sweep]", the last group */
static const char *
plan_axes(const struct page *page)
{
	const char *axes = g_strrstr(page->about->plan, "\n[sweep]\n");

	return axes != NULL ? axes : "";
}

/* first_plan: the first variant of the plan, before anything was swept */
static struct settings *
first_plan(const struct page *page)
{
	const char *plan = page->about->plan;
	const char *end = strstr(plan, "\n[variant ");
	g_autofree char *text = NULL;

	if (end == NULL)
		end = plan + strlen(plan) - strlen(plan_axes(page));
	text = g_strndup(plan, (size_t)(end - plan));
	return settings_new(text);
}

/* choose_pair: the variants that are compared; one alone is no mistake */
static bool
choose_pair(struct page *page, GError **error)
{
	const struct page_request *request = page->request;
	struct rep_data data = { .base = request->base,
		.variant = request->variant };

	page->pair = (struct series_pair){ 0, 0 };
	return (page->grid->axes[page->variants].values->len == 1 &&
	    data.base == NULL && data.variant == NULL) ||
	    series_pair_of(page->grid, &data, &page->pair, error);
}

static void
choose_kept(struct page *page)
{
	for (size_t i = 0; i < page->grid->n_axes; i++) {
		const struct grid_axis *axis = &page->grid->axes[i];
		const struct setting *usual = settings_find(page->plan,
		    axis->key);

		page->kept[i] = i == page->variants ? page->pair.other :
		    slice_middle(axis, usual != NULL ? usual->value : NULL);
	}
}

/* key_sentence: what a key of the plan is, by the schema */
static const char *
key_sentence(const char *key)
{
	enum scn_key row;

	if (strcmp(key, "replications") == 0)
		return "runs of each point, each with the next seed";
	row = scn_schema_find_full(key);
	return row != SCN_N_KEYS ? scn_row(row)->sentence : "";
}

/* axis_row: keys that move together are parted by " & " */
static void
axis_row(GString *out, const char *keys, const char *values)
{
	g_auto(GStrv) names = g_strsplit(keys, " & ", -1);

	g_string_append(out, "<tr><th scope=\"row\">");
	for (size_t i = 0; names[i] != NULL; i++)
		html_put(out, i == 0 ? "<code>" : " and<br><code>", names[i],
		    "</code>");
	g_string_append(out, "</th><td>");
	for (size_t i = 0; names[i] != NULL; i++)
		html_put(out, i == 0 ? "" : "<br>", key_sentence(names[i]),
		    "");
	html_put(out, "</td><td class=\"w\">", values, "</td></tr>\n");
}

static void
variants_row(GString *out, const struct page *page)
{
	g_string_append(out, "<tr><th scope=\"row\">variant</th>"
	    "<td>kernel or program that is compared</td><td class=\"w\">");
	for (size_t i = 0; i < page->grid->axes[page->variants].values->len;
	    i++)
		html_put(out, i == 0 ? "" : ", ", page_variant(page, i), "");
	g_string_append(out, "</td></tr>\n");
}

/* axes_table: as the plan has them, whatever part of it is shown */
static void
axes_table(GString *out, const struct page *page)
{
	static const char *const heads[] = { "Axis", "What it is", "Values",
		NULL };
	struct scn_mistakes *m = scn_mistakes_new();
	const char *axes = plan_axes(page);
	struct scn_text *text = scn_text_new("plan", axes, strlen(axes), m);

	html_table_begin(out, "Axes with all their values");
	html_heads(out, heads);
	g_string_append(out, "<tbody>\n");
	for (size_t i = 0; i < text->entries->len; i++) {
		const struct scn_entry *entry = &g_array_index(text->entries,
		    struct scn_entry, i);

		if (strcmp(entry->key, "replications") == 0)
			variants_row(out, page);
		axis_row(out, entry->key, entry->value);
	}
	g_string_append(out, "</tbody>\n");
	html_table_end(out);
	scn_text_free(text);
	scn_mistakes_free(m);
}

static void
where_note(GString *out, const struct page *page)
{
	const char *const *where = page->request->where;

	if (where == NULL || *where == NULL)
		return;
	g_string_append(out, "<p>Figures and results below are of a part of "
	    "the sweep: the points with ");
	for (size_t i = 0; where[i] != NULL; i++)
		html_put(out, i == 0 ? "<code>" : " and <code>", where[i],
		    "</code>");
	g_string_append(out, ".</p>\n");
}

static void
intro(GString *out, const struct page *page)
{
	const struct store_about *about = page->about;

	html_put(out, "<h1>", about->title, "</h1>\n");
	html_put(out, "<dl>\n<dt>Scenario</dt><dd>", about->scenario,
	    "</dd>\n");
	html_put(out, "<dt>Program</dt><dd>loansim ", about->version, "");
	html_put(out, ", revision ", about->revision, "</dd>\n");
	html_put(out, "<dt>Command</dt><dd><code>", about->command,
	    "</code></dd>\n</dl>\n");
	g_string_append(out, "<h2>What was swept</h2>\n");
	axes_table(out, page);
	where_note(out, page);
}

static GString *
build(const struct page *page, GError **error)
{
	GString *out = g_string_new(NULL);
	bool ok;

	html_head(out, page->about->title);
	intro(out, page);
	ok = page_points(out, page, error) && page_figures(out, page, error);
	if (ok) {
		page_results(out, page);
		ok = page_parameters(out, page, error);
	}
	html_foot(out);
	if (ok)
		return out;
	g_string_free(out, TRUE);
	return NULL;
}

GString *
page_build(const struct page_request *request, GError **error)
{
	struct page page = { .request = request,
		.about = store_about(request->store),
		.grid = grid_read(request->store, request->where, error) };
	GString *out = NULL;

	if (page.grid == NULL)
		return NULL;
	page.variants = grid_find(page.grid, "variant");
	page.plan = first_plan(&page);
	if (choose_pair(&page, error)) {
		choose_kept(&page);
		out = build(&page, error);
	}
	settings_free(page.plan);
	grid_free(page.grid);
	return out;
}
