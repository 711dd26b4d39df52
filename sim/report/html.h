/*
 * HTML: text that stays text, and the frame of a page that needs nothing else.
 *
 * Stands for: the few pieces that a report is made of.  No script, no font, no
 *	picture from elsewhere; one style for screens of any width, for print
 *	and for grey.
 * Texts: whatever is in them comes out as it was written; what is no UTF-8 is
 *	repaired, and control characters become blanks.
 * Owns: nothing; all is appended to the caller's string.
 */
#ifndef SIM_REPORT_HTML_H
#define SIM_REPORT_HTML_H

#include <glib.h>

/* html_text: escaped for contents and for quoted attributes */
void html_text(GString *out, const char *text);

/* html_put: markup, an escaped text, markup */
void html_put(GString *out, const char *before, const char *text,
    const char *after);

/* html_head, html_foot: all up to the first heading, and the end */
void html_head(GString *out, const char *title);
void html_foot(GString *out);

/*
 * html_table_begin: a table in a frame of its own, which can be moved sideways
 * where the screen is narrow; what follows are <tr> of <thead> or <tbody>.
 */
void html_table_begin(GString *out, const char *caption);
void html_table_end(GString *out);

/* html_heads: a row of column heads, NULL at the end */
void html_heads(GString *out, const char *const *heads);

#endif
