# What all figures share.  Read first.
#
# Two fills that differ in brightness and in texture, so that a grey print and
# a colour-blind reader tell them apart; the limit is a broken black line.
# Text is taken as it is: the terminal is set to noenhanced by the program.
set encoding utf8
set border 3 linewidth 1
set tics nomirror out
set grid xtics linetype 1 linewidth 0.5 linecolor rgb "#c8c8c8"
unset key

bar_half = 0.3			# half a bar's thickness, in rows
solid_fill = "#4477aa"		# mid grey when printed in grey
hatch_fill = "#222222"
limit_line = "#000000"

set style fill solid 1.0 border linecolor rgb "#222222"
