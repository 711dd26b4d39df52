# Sequence numbers of a connection over time, in the manner of tcptrace.
#
# The program puts in front of this: the terminal, figure_title, title_lines,
# figure_subtitle, line_share (of the height), fonts; time_unit, time_scale,
# time_from and time_to (ps), and, with places in the stream in bytes,
#	$sent, $again, $dups: date in ps, first place, place behind the last
#	$acks, $edge: date in ps, place
#	n_sent, n_again, n_dups, n_acks, n_edge: 0: there is nothing in it
set label 1 figure_title at screen 0.5, 1.0 - 0.7 * line_share center \
    font title_font
set label 2 figure_subtitle at screen 0.5, \
    1.0 - (title_lines + 0.5) * line_share center font note_font
set lmargin at screen 0.095
set rmargin at screen 0.975
set tmargin at screen 1.0 - (title_lines + 2.4) * line_share
set bmargin at screen 3.2 * line_share
set grid xtics ytics linetype 1 linewidth 0.5 linecolor rgb "#c8c8c8"

# Places in KB or MB, whichever needs fewer digits.
lowest = 1e300
highest = 0
if (n_sent > 0) {
	stats $sent using 2:3 name "S" nooutput
	lowest = S_min_x
	highest = S_max_y
}
if (n_again > 0) {
	stats $again using 2:3 name "R" nooutput
	lowest = R_min_x < lowest ? R_min_x : lowest
	highest = R_max_y > highest ? R_max_y : highest
}
if (n_edge > 0) {
	stats $edge using 2 name "E" nooutput
	highest = E_max > highest ? E_max : highest
}
if (n_acks > 0) {
	stats $acks using 2 name "A" nooutput
	lowest = A_min < lowest ? A_min : lowest
}
lowest = lowest < 0 ? 0 : lowest
is_large = highest > 10 * 1048576.0
scale = is_large ? 1048576.0 : 1024.0
margin = 0.03 * (highest - lowest) + 1.0
set yrange [(lowest - margin) / scale : (highest + margin) / scale]
set format y "%.12g"
set ylabel is_large ? "place in the stream (MB, 1 MB = 1048576 bytes)" \
    : "place in the stream (KB, 1 KB = 1024 bytes)" offset 0.5, 0
set xrange [time_from / time_scale : time_to / time_scale]
set format x "%.12g"
set xlabel sprintf("time since the start of the run (%s)", time_unit)
set key horizontal at graph 1.0, 1.01 right bottom samplen 2.5 width 1 \
    maxrows 1
# a tick has small bars at its ends, which show where segments meet
set style arrow 1 heads size screen 0.0018, 90 linewidth 1.5 \
    linecolor rgb edge_line
set style arrow 2 heads size screen 0.0018, 90 linewidth 2 \
    linecolor rgb lost_line
mark_size(n) = n > 300 ? 0.4 : n > 60 ? 0.8 : 1.3

# Each drawn only if it is there: an empty block is an error to gnuplot.
edge_with = 'with steps dashtype 2 linewidth 1.5 linecolor rgb soft_line \
    title "window"'
acks_with = 'with steps linewidth 2 linecolor rgb ack_line \
    title "acknowledged"'
sent_with = 'with vectors arrowstyle 1 title "segment"'
again_with = 'with vectors arrowstyle 2 notitle'
mark_with = 'with points pointtype 2 pointsize mark_size(n_again) \
    linewidth 2 linecolor rgb lost_line title "sent again"'
dups_with = 'with points pointtype 6 pointsize 0.5 * mark_size(n_dups) \
    linewidth 1.2 linecolor rgb wire_line \
    title "duplicate ACK"'
line_of = ' using ($1 / time_scale):($2 / scale) '
tick_of = ' using ($1 / time_scale):($2 / scale):(0):(($3 - $2) / scale) '
middle_of = ' using ($1 / time_scale):(($2 + $3) / 2 / scale) '
parts = ""
if (n_edge > 0) { parts = parts . ", $edge" . line_of . edge_with }
if (n_dups > 0) { parts = parts . ", $dups" . line_of . dups_with }
if (n_acks > 0) { parts = parts . ", $acks" . line_of . acks_with }
if (n_sent > 0) { parts = parts . ", $sent" . tick_of . sent_with }
if (n_again > 0) {
	parts = parts . ", $again" . tick_of . again_with
	parts = parts . ", $again" . middle_of . mark_with
}
eval "plot " . parts[3 : *]
