# Throughput over the size of a write, the wire's limit, and crossings.
#
# The program puts in front of this: the terminal, figure_title, title_lines,
# line_share (of the height), fonts; the ticks along x and x_is_log; n_lines,
# line_name[]; n_bands, band_from[], band_to[], band_name[]; wire_limit, and
#	$points: line, size in bytes, mean, least and greatest KB/s

dash_of(i) = i > 4 ? 3 : 1
array mark_type[8] = [ 5, 7, 9, 13, 4, 6, 8, 12 ]
array mark_color[8] = [ "#4477aa", "#d55e00", "#222222", "#009e73", \
    "#4477aa", "#d55e00", "#222222", "#009e73" ]

set label 1 figure_title at screen 0.5, 1.0 - 0.7 * line_share center \
    font title_font
key_rows = int((n_lines + 2) / 2)
set tmargin at screen 1.0 - (title_lines + n_bands + 0.8) * line_share
set bmargin at screen (3.8 + 0.8 * key_rows) * line_share
set lmargin at screen 0.11
set rmargin at screen 0.975
set grid xtics ytics linetype 1 linewidth 0.5 linecolor rgb "#c8c8c8"
if (x_is_log) { set logscale x 2 }
set xlabel "bytes in one write"
set ylabel "throughput (KB/s, 1 KB = 1024 bytes)" offset 0.5, 0
set yrange [0 : *]
set offsets graph 0.03, graph 0.03, graph 0.06, 0
set key at screen 0.5, (0.8 * key_rows + 0.5) * line_share center top vertical \
    maxrows key_rows Left reverse samplen 4 width 1

do for [b = 1 : n_bands] {
	set object b rectangle from first band_from[b], graph 0 \
	    to first band_to[b], graph 1 behind fillstyle pattern 1 \
	    noborder fillcolor rgb "#b0b0b0"
	set label 10 + b band_name[b] . " (shaded)" at screen 0.5, \
	    1.0 - (title_lines + b - 0.2) * line_share center font note_font
}
plot wire_limit with lines dashtype 2 linewidth 2 linecolor rgb limit_line \
	title sprintf("wire limit %.0f KB/s", wire_limit), \
    for [i = 1 : n_lines] $points using ($1 == i ? $2 : 1 / 0):3:4:5 \
	with yerrorbars pointtype mark_type[i] pointsize 0.01 \
	linecolor rgb mark_color[i] notitle, \
    for [i = 1 : n_lines] $points using ($1 == i ? $2 : 1 / 0):3 \
	with linespoints pointtype mark_type[i] pointsize 1.2 linewidth 2 \
	dashtype dash_of(i) linecolor rgb mark_color[i] \
	title line_name[i]
