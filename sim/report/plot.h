/*
 * Figures: numbers in, a gnuplot script and then a picture out.
 *
 * Stands for: the templates of a figure (figure.h) with its numbers in front of
 *	them.  The script is complete: "plot --print" gives it away and gnuplot
 *	alone draws the same figure from it.
 * Leaves out: the look; that is the templates'.
 * Errors: REP_ERROR_GNUPLOT if gnuplot is missing or fails, REP_ERROR_FIGURE if
 *	there is nothing to draw, the template's own GFileError if it cannot be
 *	read.
 * Owns: nothing between calls.
 */
#ifndef SIM_REPORT_PLOT_H
#define SIM_REPORT_PLOT_H

#include "sim/report/figure.h"

/* "png", "svg", "pdf", in the order of the enum; NULL ends the list */
extern const char *const rep_picture_names[REP_N_PICTURES + 1];

/* rep_find_picture: the kind of that name, or REP_N_PICTURES */
enum rep_picture rep_find_picture(const char *name);

/*
 * rep_plot_templates: the paths of a figure's templates, NULL at the end.
 *
 * => one that cannot be found by what it is called, for the message
 */
GPtrArray *rep_plot_templates(const struct rep_figure *figure);

/*
 * rep_plot_script: the whole script of a figure.
 *
 * => templates: the files that follow the numbers, in order, NULL at the end
 * => title and names appear as they are, whatever gnuplot would read into them
 * => NULL and error: a template cannot be read, or there is nothing to draw
 */
GString *rep_plot_script(const struct rep_figure *figure,
    const struct rep_data *data, enum rep_picture picture,
    const char *const *templates, GError **error);

/*
 * rep_plot_render: what gnuplot draws from a script.
 *
 * => the picture, freed with g_bytes_unref; NULL and error otherwise
 */
GBytes *rep_plot_render(const char *script, GError **error);

#endif
