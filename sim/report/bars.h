/*
 * Figures with one bar for each row, from top to bottom.
 *
 * Stands for: what they share: a picture that grows with the rows and with the
 *	longest name, and the names as ticks.  Geometry is computed here, as a
 *	terminal's size is fixed before gnuplot reads anything else.
 */
#ifndef SIM_REPORT_BARS_H
#define SIM_REPORT_BARS_H

#include "sim/report/figure.h"

/*
 * rep_bars: title, terminal, sizes as shares of the picture, n_rows and the
 * names.
 *
 * => below: pixels of the picture below the bars and their axis
 */
void rep_bars(GString *out, const struct rep_data *data,
    enum rep_picture picture, int below);

#endif
