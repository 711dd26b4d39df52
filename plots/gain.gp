# A map of the gain of one variant over another.
#
# The program puts in front of this: the terminal, figure_title, title_lines,
# line_share (of the height), fonts; n_columns, n_rows and the ticks of both
# axes; ratio_label, and
#	$cells: column, row, ratio of the throughputs
# Dark is a gain, light a loss or none; each cell says its number, so that no
# shade has to be read.

set label 1 figure_title at screen 0.5, 1.0 - 0.7 * line_share center \
    font title_font
set tmargin at screen 1.0 - (title_lines + 0.8) * line_share
set bmargin at screen 3.2 * line_share
set lmargin at screen 0.13
set rmargin at screen 0.86
unset grid
set border 15
set xrange [0.5 : n_columns + 0.5]
set yrange [0.5 : n_rows + 0.5]
set xlabel "bytes in one write"
set ylabel "memory bandwidth, reading" offset -1, 0
stats $cells using 3 name "R" nooutput
low = R_min < 1 ? R_min : 1
high = R_max > 1.001 ? R_max : 1.001
set cbrange [low : high]
set cblabel ratio_label offset 1, 0
set palette defined (0 "#f7fbff", 0.25 "#c6dbef", 0.5 "#6baed6", \
    0.75 "#2171b5", 1 "#08306b")
is_dark(ratio) = (ratio - low) / (high - low) > 0.55
show(ratio) = n_columns > 14 ? "" : sprintf("%.2f", ratio)
plot $cells using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid 1.0 \
	noborder linecolor palette, \
    $cells using 1:2:(is_dark($3) ? show($3) : "") \
	with labels center textcolor rgb "#ffffff", \
    $cells using 1:2:(is_dark($3) ? "" : show($3)) \
	with labels center textcolor rgb "#000000"
