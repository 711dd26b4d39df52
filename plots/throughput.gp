# Throughput of each variant against the wire, and the CPU share beside it.
#
# The program puts in front of this: the terminal, figure_title, title_lines,
# line_share and name_share (shares of height and width), title_font,
# note_font, n_rows, the names of the rows as ticks and
#	$rows: row, throughput in KB/s, wire limit in KB/s, CPU share in percent

stats $rows using 2 name "rate" nooutput
stats $rows using 3 name "wire" nooutput
longest = rate_max > wire_max ? rate_max : wire_max
longest = longest > 0 ? longest : 1

# The number stands behind its bar; where it would stand on the limit's line,
# behind the line.
number_width = 0.11 * longest
number_at(kbps, limit) = kbps <= limit && kbps + number_width > limit \
    ? limit : kbps
# The limit is named where it changes, on the side that has room.
last_limit = 0
limit_changed(row, limit) = (changed = row == 1 || limit != last_limit, \
    last_limit = limit, changed)
limit_name(row, limit, side) = limit_changed(row, limit) && side \
    ? sprintf("wire limit %.0f KB/s", limit) : ""

height = 1.0 - title_lines * line_share - 0.02
set multiplot
set label 1 figure_title at screen 0.5, 1.0 - 0.7 * line_share center \
    font title_font
set tmargin at screen height
set bmargin at screen 3.6 * line_share
set yrange [n_rows + 0.6 : 0.35]
split = name_share + (1.0 - name_share) * 0.62

set lmargin at screen name_share
set rmargin at screen split
set xrange [0 : longest * 1.15]
set xlabel "throughput (KB/s, 1 KB = 1024 bytes)"
plot $rows using ($2 / 2):1:($2 / 2):(bar_half) with boxxyerror \
	fill solid 1.0 linecolor rgb solid_fill, \
    $rows using 3:($1 - 0.5):(0):(1.0) with vectors nohead \
	dashtype 2 linewidth 2 linecolor rgb limit_line, \
    $rows using (number_at($2, $3)):1:(sprintf("%.0f", $2)) with labels \
	left offset 0.6, 0, \
    $rows using 3:($1 - 0.42):(limit_name($1, $3, $3 > longest / 3)) \
	with labels right offset -0.8, 0 font note_font, \
    $rows using 3:($1 - 0.42):(limit_name($1, $3, $3 <= longest / 3)) \
	with labels left offset 0.8, 0 font note_font

unset label 1
set lmargin at screen split + 0.04
set rmargin at screen 0.985
set xrange [0 : 122]
set xtics 0, 25, 100
unset ytics
set xlabel "CPU share (percent)"
plot $rows using ($4 / 2):1:($4 / 2):(bar_half) with boxxyerror \
	fill pattern 4 linecolor rgb hatch_fill, \
    $rows using 4:1:(sprintf("%.1f", $4)) with labels left offset 0.6, 0
unset multiplot
