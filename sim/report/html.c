#include "sim/report/html.h"

/*
 * Tables and figures keep a size that can be read: where the screen is
 * narrower, their frame is moved, never the page.
 */
static const char style[] =
    ":root{color-scheme:light}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;max-width:75rem;padding:1rem;background:#fff;"
    "color:#111;font:1rem/1.45 sans-serif;overflow-wrap:anywhere}\n"
    "h1,h2,h3{line-height:1.2;margin:1.6em 0 .5em}\n"
    "h1{margin-top:.5em}\n"
    "h2{border-bottom:2px solid #111}\n"
    "dl{display:grid;grid-template-columns:minmax(6rem,12rem) 1fr;"
    "gap:.3rem 1rem}\n"
    "dt{font-weight:bold}\n"
    "dd{margin:0;min-width:0}\n"
    "code{font-family:monospace}\n"
    "figure{margin:1rem 0}\n"
    "figcaption{margin:.3rem 0}\n"
    ".frame{max-width:100%;overflow-x:auto}\n"
    ".frame:focus{outline:2px solid #555}\n"
    "svg{display:block;width:100%;min-width:44rem;height:auto}\n"
    "table{border-collapse:collapse;font-size:.9rem;"
    "font-variant-numeric:tabular-nums}\n"
    "caption{text-align:left;font-weight:bold;padding:.3rem 0}\n"
    "th,td{border:1px solid #999;padding:.2rem .5rem;text-align:left;"
    "vertical-align:top;overflow-wrap:normal}\n"
    "thead th{background:#e4e4e4}\n"
    "th[scope=rowgroup]{background:#f2f2f2}\n"
    "th[scope=rowgroup] span{position:sticky;left:.5rem;"
    "display:inline-block;max-width:calc(100vw - 3.5rem);"
    "white-space:normal}\n"
    "td.n,th.n{text-align:right;white-space:nowrap}\n"
    "td.k,th.k{white-space:nowrap}\n"
    "td.w{min-width:16rem;overflow-wrap:anywhere}\n"
    "@media (max-width:40rem){dl{display:block}dd{margin-bottom:.5rem}"
    "h1{font-size:1.5rem}td{min-width:7rem}td.n{min-width:0}}\n"
    "@media print{body{max-width:none;padding:0;font-size:9pt}"
    ".frame{overflow:visible}svg{min-width:0}"
    "table{font-size:8pt;width:100%}thead{display:table-header-group}"
    "tr,figure{break-inside:avoid}h2,h3,caption{break-after:avoid}"
    "th,td{padding:.1rem .3rem}"
    "td.w{min-width:0}}\n";

void
html_text(GString *out, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	for (const char *p = valid; *p != '\0'; p++)
		switch (*p) {
		case '&':
			g_string_append(out, "&amp;");
			break;
		case '<':
			g_string_append(out, "&lt;");
			break;
		case '>':
			g_string_append(out, "&gt;");
			break;
		case '"':
			g_string_append(out, "&quot;");
			break;
		case '\'':
			g_string_append(out, "&#39;");
			break;
		default:
			g_string_append_c(out, g_ascii_iscntrl(*p) ? ' ' : *p);
		}
}

void
html_put(GString *out, const char *before, const char *text,
    const char *after)
{
	g_string_append(out, before);
	html_text(out, text);
	g_string_append(out, after);
}

void
html_head(GString *out, const char *title)
{
	g_string_append(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    /* a browser asks for an icon unless it is told of one */
	    "<link rel=\"icon\" href=\"data:,\">\n");
	html_put(out, "<title>", title, "</title>\n<style>\n");
	g_string_append(out, style);
	g_string_append(out, "</style>\n</head>\n<body>\n<main>\n");
}

void
html_foot(GString *out)
{
	g_string_append(out, "</main>\n</body>\n</html>\n");
}

void
html_table_begin(GString *out, const char *caption)
{
	html_put(out, "<div class=\"frame\" role=\"region\" tabindex=\"0\" "
	    "aria-label=\"", caption, "\">\n<table>\n");
	html_put(out, "<caption>", caption, "</caption>\n");
}

void
html_table_end(GString *out)
{
	g_string_append(out, "</table>\n</div>\n");
}

void
html_heads(GString *out, const char *const *heads)
{
	g_string_append(out, "<thead>\n<tr>");
	for (; *heads != NULL; heads++)
		html_put(out, "<th scope=\"col\">", *heads, "</th>");
	g_string_append(out, "</tr>\n</thead>\n");
}
