#include "sim/report/script.h"

#include <string.h>

enum { TITLE_CHARS = 100 };	/* a line of the title */

void
rep_script_quoted(GString *out, const char *text)
{
	char *valid = g_utf8_make_valid(text, -1);

	g_string_append_c(out, '\'');
	for (const char *p = valid; *p != '\0'; p++) {
		if (*p == '\'')
			g_string_append(out, "''");
		else
			g_string_append_c(out, g_ascii_iscntrl(*p) ? ' ' : *p);
	}
	g_string_append_c(out, '\'');
	g_free(valid);
}

void
rep_script_text(GString *out, const char *name, const char *text)
{
	g_string_append_printf(out, "%s = ", name);
	rep_script_quoted(out, text);
	g_string_append_c(out, '\n');
}

/* append_lines: one expression, its lines joined; returns their number */
static int
append_lines(GString *out, const char *text)
{
	char **words = g_strsplit_set(text, " \t\r\n", -1);
	GString *line = g_string_new(NULL);
	int n_lines = 1;

	for (char **word = words; *word != NULL; word++) {
		if (line->len > 0
		    && line->len + strlen(*word) >= TITLE_CHARS) {
			rep_script_quoted(out, line->str);
			g_string_append(out, ".\"\\n\".");
			g_string_truncate(line, 0);
			n_lines++;
		}
		if (line->len > 0)
			g_string_append_c(line, ' ');
		g_string_append(line, *word);
	}
	rep_script_quoted(out, line->str);
	g_string_free(line, TRUE);
	g_strfreev(words);
	return n_lines;
}

int
rep_script_title(GString *out, const char *title)
{
	int n_lines;

	g_string_append(out, "figure_title = ");
	n_lines = append_lines(out, title);
	g_string_append_printf(out, "\ntitle_lines = %d\n", n_lines);
	return n_lines;
}

void
rep_script_share(GString *out, const char *name, int pixels, int whole)
{
	g_string_append_printf(out, "%s = %d.0 / %d\n", name, pixels, whole);
}

/*
 * Terminals measure text each in its own way: these sizes look the same.
 * PDF is measured in hundredths of an inch.
 */
static const struct terminal {
	const char *name;
	int text, title, note;	/* font sizes */
} terminals[REP_N_PICTURES] = {
	[REP_PNG] = { "pngcairo", 11, 13, 9 },
	[REP_SVG] = { "svg background rgb 'white'", 14, 17, 12 },
	[REP_PDF] = { "pdfcairo", 15, 18, 12 },
};

void
rep_script_terminal(GString *out, enum rep_picture picture, int width,
    int height)
{
	const struct terminal *t = &terminals[picture];

	g_string_append_printf(out, "title_font = ',%d'\nnote_font = ',%d'\n",
	    t->title, t->note);
	g_string_append_printf(
	    out, "set terminal %s noenhanced size ", t->name);
	if (picture == REP_PDF)
		g_string_append_printf(out, "%d.%02d,%d.%02d", width / 100,
		    width % 100, height / 100, height % 100);
	else
		g_string_append_printf(out, "%d,%d", width, height);
	g_string_append_printf(out, " font 'Sans,%d'\n", t->text);
}

void
rep_script_decimal(GString *out, int64_t value, int decimals)
{
	int64_t scale = 1;

	for (int i = 0; i < decimals; i++)
		scale *= 10;
	g_string_append_printf(out, "%" G_GINT64_FORMAT ".%0*d",
	    (gint64)(value / scale), decimals, (int)(value % scale));
}
