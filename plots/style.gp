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

edge_line = "#222222"
wire_line = "#0072b2"		# what is sent, lent or buffered
lost_line = "#b03a00"		# what had to be sent again; marked as well
ack_line = "#009e73"
soft_line = "#777777"

# Parts of a stacked bar.  Neighbours differ in pattern, and the solid ones in
# brightness: 24, 66, 50 and 87 percent of white when printed in grey.  Pattern
# 3 is a solid fill, 0 an empty one; 4 and 6 are one hatch, coarse and fine, as
# are 5 and 7: of the first seven no two are alike, which is most figures.
array part_color[15] = [ "#1f3a6e", "#e69f00", "#222222", "#4a86b8", \
    "#009e73", "#d55e00", "#f0e442", "#222222", "#0072b2", "#222222", \
    "#d55e00", "#cc79a7", "#999999", "#222222", "#222222" ]
array part_pattern[15] = [ 3, 3, 4, 3, 2, 5, 3, 6, 7, 5, 4, 3, 1, 2, 0 ]
other_style = 13
rest_style = 14

set style fill solid 1.0 border linecolor rgb "#222222"
