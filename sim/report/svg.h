/*
 * A picture of gnuplot's inside a page.
 *
 * Stands for: what must change when several SVGs become one document: names
 *	that they all use get a prefix, names that nothing refers to are left
 *	out, the size follows the page, and there is a title for those who do
 *	not see it.  Fonts are those of the reader.
 * Leaves out: SVGs of other programs.
 * Owns: nothing.
 */
#ifndef SIM_REPORT_SVG_H
#define SIM_REPORT_SVG_H

#include <glib.h>
#include <stdbool.h>

/*
 * svg_inline: append it as an element of HTML.
 *
 * => prefix: letters and digits, another for each picture of the page
 * => label: what it shows, as plain text
 * => false: it is no SVG; nothing was appended
 */
bool svg_inline(GString *out, const char *svg, const char *prefix,
    const char *label);

#endif
