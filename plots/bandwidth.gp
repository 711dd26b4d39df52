# Throughput over the bandwidth of the memory, one panel for each line, shaded
# by what bounds it.
#
# The program puts in front of this: the terminal, figure_title, title_lines,
# line_share (of the height), fonts; the ticks along x and x_is_log; n_panels,
# panel_name[], and
#	$regions: panel, from, to, 1 wire, 2 memory, 3 processor, 4 nothing
#	$points: panel, bandwidth, KB/s, wire limit in KB/s

array bound_name[4] = [ "wire", "memory", "processor", "neither" ]
array bound_color[4] = [ "#ffffff", "#b0b0b0", "#dddddd", "#c8c8c8" ]
array bound_pattern[4] = [ 3, 4, 3, 1 ]

head = 1.0 - (title_lines + 0.9) * line_share
foot = 4.2 * line_share
panel = (head - foot) / n_panels
set multiplot
set label 1 figure_title at screen 0.5, 1.0 - 0.7 * line_share center \
    font title_font
set label 2 "Bound by:" at screen 0.11, 0.9 * line_share left
do for [b = 1 : 4] {
	x = 0.195 + (b - 1) * 0.15
	set object b rectangle from screen x, 0.5 * line_share \
	    to screen x + 0.03, 1.3 * line_share fillstyle pattern \
	    bound_pattern[b] border linecolor rgb edge_line \
	    fillcolor rgb bound_color[b]
	set label 10 + b bound_name[b] at screen x + 0.036, \
	    0.9 * line_share left
}
set arrow 1 from screen 0.8, 0.9 * line_share to screen 0.85, \
    0.9 * line_share nohead dashtype 2 linewidth 2 linecolor rgb limit_line
set label 20 "wire limit" at screen 0.858, 0.9 * line_share left
set lmargin at screen 0.11
set rmargin at screen 0.955
set grid xtics ytics linetype 1 linewidth 0.5 linecolor rgb "#c8c8c8" front
if (x_is_log) { set logscale x 2 }
set ylabel "KB/s (of 1024 bytes)" offset 0.5, 0
stats $points using 2 name "X" nooutput
stats $points using ($3 > $4 ? $3 : $4) name "Y" nooutput
set xrange [X_min : X_max]
set yrange [0 : 1.12 * Y_max]
do for [p = 1 : n_panels] {
	set tmargin at screen head - (p - 1) * panel - 2.1 * line_share
	set bmargin at screen head - p * panel + 0.9 * line_share
	if (p == n_panels) {
		set xlabel "memory bandwidth, reading"
		set format x "%g"
	}
	set label 3 panel_name[p] at graph 0, 1 offset 0, 0.5 left
	plot for [b = 1 : 4] $regions using ($1 == p && $4 == b ? \
		($2 + $3) / 2 : 1 / 0):(0.56 * Y_max):2:3:(0):(1.12 * Y_max) \
		with boxxyerror fillstyle pattern bound_pattern[b] noborder \
		linecolor rgb bound_color[b], \
	    $points using ($1 == p ? $2 : 1 / 0):4 with lines dashtype 2 \
		linewidth 2 linecolor rgb limit_line, \
	    $points using ($1 == p ? $2 : 1 / 0):3 with linespoints \
		pointtype 7 pointsize 1.1 linewidth 2 linecolor rgb wire_line
	unset label 1
	unset label 2
	unset label 20
	unset arrow
	unset object
	do for [b = 1 : 4] { unset label 10 + b }
}
unset multiplot
