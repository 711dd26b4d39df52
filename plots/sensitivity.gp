# Both numbers of thorpe-2002 over each value that moves one: small multiples
# with common axes, so that panels compare.
#
# sensitivity-figure.sh puts in front of this: here, the folder of the styles;
# panels, a file with a block for each panel (its name as a heading; change of
# the value, of before, of loan, all in percent); n_panels; terminal and file.
load here . "/style.gp"

n_columns = 6
n_rows = (n_panels + n_columns - 1) / n_columns
width = 1150
height = 90 + 118 * n_rows
set terminal terminal size width, height font "Sans,10" noenhanced
set output file

title_share = 52.0 / height
foot_share = 38.0 / height
left_share = 0.055
cell_width = (1.0 - left_share - 0.01) / n_columns
cell_height = (1.0 - title_share - foot_share) / n_rows

set multiplot
set label 1 "thorpe-2002: how its two numbers move with what is fitted or assumed" \
    at screen 0.5, 1.0 - 16.0 / height center font ",14"
set label 2 "change of the value (percent)" at screen 0.5, 11.0 / height center
set label 3 "change of the throughput (percent)" \
    at screen 14.0 / width, 0.5 center rotate

# the key, drawn by hand: once for all panels
set arrow 1 from screen 0.36, 1.0 - 38.0 / height \
    to screen 0.39, 1.0 - 38.0 / height nohead linewidth 2 \
    linecolor rgb solid_fill
set label 4 "before" at screen 0.395, 1.0 - 38.0 / height
set arrow 2 from screen 0.52, 1.0 - 38.0 / height \
    to screen 0.55, 1.0 - 38.0 / height nohead linewidth 2 dashtype 2 \
    linecolor rgb limit_line
set label 5 "loan" at screen 0.555, 1.0 - 38.0 / height

set xrange [-11 : 11]
set yrange [-9 : 9]
set xtics -10, 5, 10 font ",8" offset 0, 0.4
set ytics -8, 4, 8 font ",8" offset 0.4, 0
set grid xtics ytics
set xzeroaxis linetype 1 linecolor rgb "#888888"

do for [i = 0 : n_panels - 1] {
	column = i % n_columns
	row = i / n_columns
	set lmargin at screen left_share + column * cell_width
	set rmargin at screen left_share + (column + 0.84) * cell_width
	set tmargin at screen 1.0 - title_share - (row + 0.20) * cell_height
	set bmargin at screen 1.0 - title_share - (row + 0.82) * cell_height
	set title system(sprintf("grep '^\"' '%s' | sed -n '%dp' | tr -d '\"'", \
	    panels, i + 1)) font ",10" offset 0, -0.9
	plot panels index i using 1:2 with linespoints linewidth 2 \
		pointtype 7 pointsize 0.35 linecolor rgb solid_fill, \
	    panels index i using 1:3 with linespoints linewidth 2 dashtype 2 \
		pointtype 4 pointsize 0.35 linecolor rgb limit_line
	unset label
	unset arrow
}
unset multiplot
