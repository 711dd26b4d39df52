# The gain of one variant over another, by how much of a buffer is written
# again.
#
# The program puts in front of this: the terminal, figure_title, title_lines,
# line_share (of the height), fonts; the ticks along x and x_is_log; n_lines,
# line_name[]; ratio_label, and
#	$points: line, place along x, ratio of the throughputs

dash_of(i) = i > 4 ? 3 : 1
array mark_type[8] = [ 5, 7, 9, 13, 4, 6, 8, 12 ]
array mark_color[8] = [ "#4477aa", "#d55e00", "#222222", "#009e73", \
    "#4477aa", "#d55e00", "#222222", "#009e73" ]

set label 1 figure_title at screen 0.5, 1.0 - 0.7 * line_share center \
    font title_font
key_rows = int((n_lines + 2) / 2)
set tmargin at screen 1.0 - (title_lines + 0.8) * line_share
set bmargin at screen (3.8 + 0.8 * key_rows) * line_share
set lmargin at screen 0.11
set rmargin at screen 0.975
set grid xtics ytics linetype 1 linewidth 0.5 linecolor rgb "#c8c8c8"
if (x_is_log) { set logscale x 2 }
set xlabel "part of the buffer that is written again before each write (refill_bytes)"
set ylabel ratio_label offset 0.5, 0
set yrange [0 : *]
set offsets graph 0.03, graph 0.03, graph 0.06, 0
set key at screen 0.5, (0.8 * key_rows + 0.5) * line_share center top vertical \
    maxrows key_rows Left reverse samplen 4 width 1
plot 1 with lines dashtype 2 linewidth 2 linecolor rgb limit_line \
	title "no gain", \
    for [i = 1 : n_lines] $points using ($1 == i ? $2 : 1 / 0):3 \
	with linespoints pointtype mark_type[i] pointsize 1.2 linewidth 2 \
	dashtype dash_of(i) linecolor rgb mark_color[i] \
	title line_name[i]
