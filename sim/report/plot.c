/*
 * The part of a figure's script that depends on the numbers.
 *
 * Geometry is computed here, as a terminal's size is fixed before gnuplot reads
 * anything else: the figure grows with the rows and with the longest name.
 */
#include <stdbool.h>
#include <string.h>

#include "sim/report/plot.h"

/* All in pixels of the PNG; SVG and PDF are the same picture, scaled. */
enum {
	FIGURE_WIDTH = 1000,	/* without room for names longer than usual */
	ROW_HEIGHT = 72,
	AXIS_HEIGHT = 92,	/* below the bars: ticks and what they count */
	TITLE_LINE = 24,
	NAME_MARGIN = 36,
	NAME_USUAL = 16,	/* characters */
	CHAR_WIDTH = 9,		/* an average one of the label font */
	TITLE_CHARS = 100	/* a line of the title */
};

const char *const rep_picture_names[REP_N_PICTURES + 1]
    = { "png", "svg", "pdf", NULL };

enum rep_picture
rep_find_picture(const char *name)
{
	int kind = 0;

	while (kind < REP_N_PICTURES
	    && !g_str_equal(name, rep_picture_names[kind]))
		kind++;
	return (enum rep_picture)kind;
}

/*
 * append_quoted: a single-quoted gnuplot string: only the quote is special, and
 * a line break would end the command.
 */
static void
append_quoted(GString *out, const char *text)
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

/* append_title: one expression, its lines joined; returns their number */
static int
append_title(GString *out, const char *title)
{
	char **words = g_strsplit_set(title, " \t\r\n", -1);
	GString *line = g_string_new(NULL);
	int n_lines = 1;

	g_string_append(out, "figure_title = ");
	for (char **word = words; *word != NULL; word++) {
		if (line->len > 0
		    && line->len + strlen(*word) >= TITLE_CHARS) {
			append_quoted(out, line->str);
			g_string_append(out, ".\"\\n\".");
			g_string_truncate(line, 0);
			n_lines++;
		}
		if (line->len > 0)
			g_string_append_c(line, ' ');
		g_string_append(line, *word);
	}
	append_quoted(out, line->str);
	g_string_append_c(out, '\n');
	g_string_free(line, TRUE);
	g_strfreev(words);
	return n_lines;
}

/* append_names: a tick's label is a format, where each "%" counts twice */
static void
append_names(GString *out, const struct rep_figure *figure)
{
	for (size_t i = 0; i < figure->n_rows; i++) {
		GString *name = g_string_new(figure->rows[i].variant);

		g_string_replace(name, "%", "%%", 0);
		g_string_append_printf(
		    out, "set ytics %s(", i == 0 ? "" : "add ");
		append_quoted(out, name->str);
		g_string_append_printf(out, " %zu)\n", i + 1);
		g_string_free(name, TRUE);
	}
}

static int
longest_name(const struct rep_figure *figure)
{
	glong longest = 0;

	for (size_t i = 0; i < figure->n_rows; i++)
		longest = MAX(
		    longest, g_utf8_strlen(figure->rows[i].variant, -1));
	return (int)longest;
}

/* append_percent: a share of 4 decimals as percent with 2, in integers */
static void
append_percent(GString *out, int64_t share)
{
	g_string_append_printf(out, "%" G_GINT64_FORMAT ".%02d",
	    (gint64)(share / 100), (int)(share % 100));
}

static void
append_rows(GString *out, const struct rep_figure *figure)
{
	char number[32];

	g_string_append_printf(out, "n_rows = %zu\n$rows << EOD\n",
	    figure->n_rows);
	for (size_t i = 0; i < figure->n_rows; i++) {
		const struct res_row *row = &figure->rows[i];

		g_string_append_printf(out, "%zu ", i + 1);
		g_string_append_printf(out, "%s ",
		    res_format(row, RES_THROUGHPUT_KBPS, number));
		g_string_append_printf(out, "%s ",
		    res_format(row, RES_WIRE_LIMIT_KBPS, number));
		append_percent(out, row->value[RES_CPU_SHARE]);
		g_string_append_c(out, '\n');
	}
	g_string_append(out, "EOD\n");
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

static void
append_terminal(GString *out, enum rep_picture picture, int width, int height)
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

static void
append_prelude(GString *out, const struct rep_figure *figure,
    enum rep_picture picture)
{
	const int longest = longest_name(figure);
	const int width
	    = FIGURE_WIDTH + CHAR_WIDTH * MAX(0, longest - NAME_USUAL);
	const int n_lines = append_title(out, figure->title);
	const int height = AXIS_HEIGHT + TITLE_LINE * n_lines
	    + ROW_HEIGHT * (int)figure->n_rows;

	g_string_append_printf(out, "title_lines = %d\n", n_lines);
	g_string_append_printf(
	    out, "line_share = %d.0 / %d\n", TITLE_LINE, height);
	g_string_append_printf(out, "name_share = %d.0 / %d\n",
	    NAME_MARGIN + CHAR_WIDTH * longest, width);
	append_rows(out, figure);
	append_terminal(out, picture, width, height);
	append_names(out, figure);
}

static bool
append_template(GString *out, const char *path, GError **error)
{
	char *text = NULL;
	const bool read = g_file_get_contents(path, &text, NULL, error);

	if (read)
		g_string_append(out, text);
	g_free(text);
	return read;
}

GString *
rep_plot_script(const struct rep_figure *figure, enum rep_picture picture,
    const char *const *templates, GError **error)
{
	GString *out = g_string_new(NULL);

	append_prelude(out, figure, picture);
	for (; *templates != NULL; templates++) {
		if (!append_template(out, *templates, error)) {
			g_string_free(out, TRUE);
			return NULL;
		}
	}
	return out;
}
