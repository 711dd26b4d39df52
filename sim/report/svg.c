#include "sim/report/svg.h"

#include <string.h>

#include "sim/report/html.h"

/* What is found in a tag, and what takes its place before the prefix. */
static const struct rewrite {
	const char *found, *written;
} rewrites[] = {
	{ " id='", " id='" }, { " id=\"", " id=\"" },
	{ "xlink:href='#", "href='#" }, { "xlink:href=\"#", "href=\"#" },
	{ "url(#", "url(#" },
};

/* skip_unused: behind the name of a part that nothing refers to, or p */
static const char *
skip_unused(const char *p)
{
	static const char unused[] = " id=\"gnuplot_";
	const char *end = g_str_has_prefix(p, unused) ?
	    strchr(p + strlen(unused), '"') : NULL;

	return end != NULL ? end + 1 : p;
}

/* rewrite: what stands at p, if it is one of those; returns what is behind */
static const char *
rewrite(GString *out, const char *p, const char *prefix)
{
	static const char font[] = "font-family=\"Sans\"";

	for (size_t i = 0; i < G_N_ELEMENTS(rewrites); i++)
		if (g_str_has_prefix(p, rewrites[i].found)) {
			g_string_append(out, rewrites[i].written);
			g_string_append(out, prefix);
			return p + strlen(rewrites[i].found);
		}
	if (g_str_has_prefix(p, font)) {
		g_string_append(out, "font-family=\"sans-serif\"");
		return p + strlen(font);
	}
	g_string_append_c(out, *p);
	return p + 1;
}

/* append_body: only what stands in tags is markup; the rest is text */
static void
append_body(GString *out, const char *p, const char *prefix)
{
	bool in_tag = false;

	while (*p != '\0') {
		const char *next = in_tag ? skip_unused(p) : p;

		if (next != p) {
			p = next;
			continue;
		}
		if (*p == '<' || *p == '>')
			in_tag = *p == '<';
		if (in_tag)
			p = rewrite(out, p, prefix);
		else
			g_string_append_c(out, *p++);
	}
}

/* attribute: its value in a tag that ends at end, or NULL; g_free it */
static char *
attribute(const char *tag, const char *end, const char *name)
{
	g_autofree char *head = g_strdup_printf("%s=\"", name);
	const char *value = strstr(tag, head);
	const char *quote;

	if (value == NULL || value > end)
		return NULL;
	value += strlen(head);
	quote = strchr(value, '"');
	return quote != NULL && quote < end ?
	    g_strndup(value, (size_t)(quote - value)) : NULL;
}

bool
svg_inline(GString *out, const char *svg, const char *prefix,
    const char *label)
{
	const char *tag = strstr(svg, "<svg");
	const char *end = tag != NULL ? strchr(tag, '>') : NULL;
	/* gnuplot's own title and description end where its drawing begins */
	const char *body = end != NULL ? strstr(end, "<g ") : NULL;
	g_autofree char *box = body != NULL ? attribute(tag, end, "viewBox") :
	    NULL;

	if (box == NULL)
		return false;
	html_put(out, "<svg viewBox=\"", box, "\" role=\"img\" ");
	html_put(out, "aria-label=\"", label, "\">\n");
	html_put(out, "<title>", label, "</title>\n");
	append_body(out, body, prefix);
	return true;
}
