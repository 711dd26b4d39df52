# What is lent, and what waits in the send buffer, over time.
#
# The program puts in front of this: the terminal, figure_title, title_lines,
# figure_subtitle, line_share (of the height), fonts; time_unit, time_scale,
# time_from and time_to (ps); n_panels (1 if there is no connection), and
#	$lent, $buffered: date in ps, bytes; lent_limit, buffered_limit: bytes
kb(bytes) = bytes / 1024.0

foot = 3.2 * line_share
head = 1.0 - (title_lines + 1.2) * line_share
panel = (head - foot) / n_panels

set multiplot
set label 1 figure_title at screen 0.5, 1.0 - 0.7 * line_share center \
    font title_font
set label 2 figure_subtitle at screen 0.5, \
    1.0 - (title_lines + 0.5) * line_share center font note_font
set lmargin at screen 0.095
set rmargin at screen 0.975
set grid xtics ytics linetype 1 linewidth 0.5 linecolor rgb "#c8c8c8"
set xrange [time_from / time_scale : time_to / time_scale]
set format x "%.12g"
set style fill solid 0.25 noborder
set key horizontal at graph 1.0, 1.01 right bottom samplen 2.5 width 1

stats $lent using (kb($2)) name "L" nooutput
set yrange [0 : L_max > 0 ? 1.12 * L_max : 1]
set ylabel "KB (1 KB = 1024 bytes)" offset 0.5, 0
set tmargin at screen head - 1.2 * line_share
set bmargin at screen foot + (n_panels - 1) * panel + 0.6 * line_share
if (n_panels > 1) { set format x "" } else {
	set xlabel sprintf("time since the start of the run (%s)", time_unit)
}
plot $lent using ($1 / time_scale):(kb($2)) with fillsteps notitle \
	linecolor rgb wire_line, \
    $lent using ($1 / time_scale):(kb($2)) with steps linewidth 1 \
	linecolor rgb wire_line \
	title "kernel address space that is lent, all sockets", \
    kb(lent_limit) with lines dashtype 2 linewidth 2 \
	linecolor rgb limit_line title lent_limit > 0 && \
	kb(lent_limit) <= 1.12 * L_max ? "somaxkva" : ""

unset label 1
unset label 2
if (n_panels > 1) {
	set format x "%.12g"
	set xlabel sprintf("time since the start of the run (%s)", time_unit)
	set tmargin at screen foot + panel - 1.2 * line_share
	set bmargin at screen foot
	stats $buffered using (kb($2)) name "B" nooutput
	most = kb(buffered_limit) > B_max ? kb(buffered_limit) \
	    : B_max
	set yrange [0 : most > 0 ? 1.12 * most : 1]
	plot $buffered using ($1 / time_scale):(kb($2)) with fillsteps \
		notitle linecolor rgb soft_line, \
	    $buffered using ($1 / time_scale):(kb($2)) with steps \
		linewidth 1 linecolor rgb edge_line \
		title "data in the send buffer", \
	    kb(buffered_limit) with lines dashtype 2 linewidth 2 \
		linecolor rgb limit_line title "size of the send buffer"
}
unset multiplot
