/*
 * What every figure's script has: a title, texts as they are, a terminal.
 *
 * Units: pixels of the PNG; SVG and PDF are the same picture, scaled.
 * Owns: nothing; the texts go to the caller's string.
 */
#ifndef SIM_REPORT_SCRIPT_H
#define SIM_REPORT_SCRIPT_H

#include <glib.h>
#include <stdint.h>

enum rep_picture { REP_PNG, REP_SVG, REP_PDF, REP_N_PICTURES };

enum {
	REP_FIGURE_WIDTH = 1000,
	REP_TITLE_LINE = 24	/* height of a line of the title */
};

/*
 * rep_script_quoted: a single-quoted gnuplot string: only the quote is special,
 * and a line break would end the command.
 */
void rep_script_quoted(GString *out, const char *text);

/* rep_script_text: name = 'text' */
void rep_script_text(GString *out, const char *name, const char *text);

/*
 * rep_script_title: figure_title and title_lines, broken into lines.
 *
 * => returns their number
 */
int rep_script_title(GString *out, const char *title);

/*
 * rep_script_share: name = pixels / whole, a share of the picture
 */
void rep_script_share(GString *out, const char *name, int pixels, int whole);

/* rep_script_terminal: the terminal of that size, and title_font, note_font */
void rep_script_terminal(GString *out, enum rep_picture picture, int width,
    int height);

/* rep_script_decimal: value / 10^decimals; value >= 0 */
void rep_script_decimal(GString *out, int64_t value, int decimals);

#endif
