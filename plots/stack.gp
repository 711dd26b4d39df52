# Stacked bars by cause, in one panel or in two; cpu.gp or moves.gp precedes it.
#
# The program puts in front of this: the terminal, figure_title, title_lines,
# line_share, below_share and name_share (of the picture), fonts, n_rows and the
# rows' names as ticks; n_parts, part_name[], key_x[] and key_line[] of
# the key, first_rest (the first part that is no cause), figure_note; n_panels,
# panel_title[], axis_title, axis_end, and
#	$parts: panel, row, part, where it begins and ends, how much it is
#	$sums: panel, row, where the bar ends, its sum, 1 if it is cut there
# A bar that is cut has // at its end.

# A part's look: causes take the first styles; then other; then the rest.
style_of(part) = part < first_rest && part_name[part] ne "other" ? part \
    : part_name[part] eq "other" ? other_style : rest_style + part - first_rest

# a single label that is not drawn ends gnuplot 5.4 with a signal
stats $sums using 5 name "CUT" nooutput
any_is_cut = CUT_max > 0 ? 1 : 0

top = 1.0 - title_lines * line_share - (n_panels > 1 ? 1.2 : 0.2) * line_share
set multiplot
set label 1 figure_title at screen 0.5, 1.0 - 0.7 * line_share center \
    font title_font

# the key, line by line below the axis, and what "other" stands for
key_top = below_share - 0.5 * line_share
do for [i = 1 : n_parts] {
	y = key_top - (key_line[i] - 1) * line_share
	set object i rectangle from screen key_x[i], y - 0.27 * line_share \
	    to screen key_x[i] + 0.026, y + 0.27 * line_share \
	    fillstyle pattern part_pattern[style_of(i)] border linecolor rgb \
	    edge_line fillcolor rgb part_color[style_of(i)]
	set label 100 + i part_name[i] at screen key_x[i] + 0.031, y left
}
set label 2 figure_note at screen 0.024, \
    key_top - (key_line[n_parts] - 0.2) * line_share left font note_font

set tmargin at screen top
set bmargin at screen below_share + 3.2 * line_share
set yrange [n_rows + 0.6 : 0.4]
set xrange [0 : axis_end * (n_panels > 1 ? 1.17 : 1.1)]
set xlabel axis_title
panel_width = (0.985 - name_share) / n_panels
set style textbox opaque noborder margins 0.3, 0.3
enough = axis_end * (n_panels > 1 ? 0.09 : 0.045)

do for [p = 1 : n_panels] {
	set lmargin at screen name_share + (p - 1) * panel_width \
	    + (p > 1 ? 0.02 : 0)
	set rmargin at screen name_share + p * panel_width
	if (n_panels > 1) {
		set label 3 panel_title[p] at graph 0.5, 1.0 offset 0, 0.7 \
		    center
	}
	plot for [i = 1 : n_parts] $parts using \
		($1 == p && $3 == i ? ($4 + $5) / 2 : 1 / 0):2: \
		(($5 - $4) / 2):(bar_half) with boxxyerror fillstyle \
		pattern part_pattern[style_of(i)] border linecolor rgb \
		edge_line fillcolor rgb part_color[style_of(i)], \
	    $parts using ($1 == p && $5 - $4 >= enough ? \
		($4 + $5) / 2 : 1 / 0):2:(sprintf(label_format, $6)) \
		with labels center boxed font note_font, \
	    for [i = 1 : any_is_cut] $sums using ($1 == p && $5 > 0 ? $3 : \
		1 / 0):2:("//") with labels center boxed, \
	    $sums using ($1 == p ? $3 : 1 / 0):2:(sprintf($5 > 0 ? "  " . \
		label_format : label_format, $4)) with labels left \
		offset 0.6, 0
	# all of it is drawn once
	unset object
	unset label
	unset ytics
}
unset multiplot
