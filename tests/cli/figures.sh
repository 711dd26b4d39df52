#!/bin/bash
# plot --figure: each figure as each kind of picture, scripts that stand alone,
# options that do not fit.
# usage: figures.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

result=$source_dir/tests/support/figure.json
short=(-s 'scenario.duration=500 ms' -s 'scenario.warmup=100 ms')

# Patterns 4 and 6 are one hatch, coarse and fine, as are 5 and 7: of the first
# seven parts of a bar no two may have them, nor two solid ones (3) one colour.
looks=$(sed -n '/^array part_color/,/\]/p' "$source_dir/plots/style.gp" |
	grep -o '"#[0-9a-f]*"' | head -7)
hatches=$(sed -n 's/^array part_pattern.*= \[ \(.*\) \]/\1/p' \
	"$source_dir/plots/style.gp" | tr -d ' ' | tr ',' '\n' | head -7)
[ "$(wc -l <<<"$looks") $(wc -l <<<"$hatches")" = '7 7' ] ||
	fail "no seven styles: $looks $hatches"
alike=$(paste -d ' ' <(tr 67 45 <<<"$hatches") <(echo "$looks") |
	awk '$1 != 3 { $2 = "" } { print }' | sort | uniq -d)
[ -z "$alike" ] || fail "parts of a bar that look alike: $alike"

# begins FILE BYTES: what kind of file it is
begins() {
	[ "$(head -c ${#2} "$1" | tr '\211' '?')" = "$2" ] ||
		fail "$1 does not begin with $2"
}

# draw FIGURE OPTION...: of a run that is short
draw() {
	expect 0 "$loansim" plot thorpe-2002 "${short[@]}" -q -f "$@"
}

# all FIGURE OPTION...: all kinds of picture; the script draws the same
all() {
	local figure=$1
	for type in png svg pdf; do
		draw "$@" -t "$type" -o "$figure.$type"
		[ ! -s err ] || fail "$figure: -q is not quiet: $(cat err)"
	done
	begins "$figure.png" '?PNG'
	begins "$figure.pdf" '%PDF-'
	draw "$@" -t svg --print
	cp out figure.gp
	expect 0 env -C / gnuplot -d "$PWD/figure.gp"
	[ ! -s err ] || fail "$figure: gnuplot has remarks: $(cat err)"
	cmp out "$figure.svg" ||
		fail "$figure: the printed script draws another figure"
}

# shows FIGURE TEXT...: the SVG says so
shows() {
	local figure=$1
	shift
	for text in "$@"; do
		grep -qF "$text" "$figure.svg" ||
			fail "$figure lacks: $text"
	done
}

pictures() {
	all throughput
	all cpu
	shows cpu before loan-no-fix copyin cksum_read 'DMA stalls' idle \
		'other: ' 'time of the run for each data segment'
	all moves
	shows moves before loan copyin nic_dma 'read from memory' \
		'written to memory' 'bytes for each byte of payload'
	# a bar alone as well: gnuplot 5.4 cannot leave out a label of one
	for figure in cpu moves; do
		draw $figure --variant loan -t svg -o one.svg --force
	done
	all lent --variant loan
	shows lent 'variant loan, connection 1 of 1' 'size of the send buffer' \
		'kernel address space that is lent' \
		'time since the start of the run (ms)'
	all sequence --variant loan --from 400ms --to 410ms
	shows sequence 'variant loan, connection 1 of 1: what the board' \
		acknowledged segment window 'place in the stream (KB'
	! grep -qF 'sent again' sequence.svg || fail "nothing was lost"
}

# The numbers are those of "explain --run".
numbers() {
	expect 0 "$loansim" explain --run thorpe-2002 "${short[@]}" \
		--variant loan
	sum=$(awk '$1 == "cksum_read" { print $4 }' out)
	draw cpu --variant loan --print
	part=$(sed -n "s/^part_name\[\([0-9]*\)\] = 'cksum_read'.*/\1/p" out)
	value=$(awk -v part="$part" '/^\$parts/ { on = 1 }
		on && $3 == part { print $6; exit }' out)
	awk -v a="$sum" -v b="$value" 'BEGIN { d = a - b
		exit !(a > 0 && d < 0.006 && d > -0.006) }' ||
		fail "cksum_read takes $sum us in the table, $value drawn"
}

# What is lost is sent again, and drawn so.
losses() {
	expect 0 "$loansim" plot loss-rate -q --variant reno-100 -f sequence \
		-s 'scenario.duration=15 s' -o loss.svg
	shows loss 'sent again' 'duplicate ACK'
}

# No row of a run that is drawn moves, and a drawing is the same each time.
same() {
	draw lent --variant loan --print
	cp out first
	draw lent --variant loan --print
	cmp first out || fail "two runs have two recordings"
}

others() {
	expect 0 "$loansim" plot full-hosts -q --variant copy-back -f sequence \
		-s 'scenario.duration=200 ms' -s 'scenario.warmup=50 ms' \
		-o back.svg
	shows back 'what the board receives'
	expect 0 "$loansim" plot udp -q --variant 8192-loan -f lent \
		-s 'scenario.duration=200 ms' -s 'scenario.warmup=50 ms' \
		-o udp.svg
	! grep -q 'send buffer' udp.svg || fail "a buffer of datagrams"
	expect 2 "$loansim" plot udp --variant 8192-loan -f sequence \
		-s 'scenario.duration=200 ms' -s 'scenario.warmup=50 ms' \
		-o none.svg
	says 'carries no data'
	[ ! -e none.svg ] || fail "a picture of nothing"
}

names() {
	draw cpu
	[ -e thorpe-2002-cpu.png ] || fail "no thorpe-2002-cpu.png"
	draw lent --variant loan
	[ -e thorpe-2002-loan-lent.png ] || fail "no name with its variant"
}

lists() {
	expect 0 "$loansim" help plot
	cp out help
	expect 0 "$loansim" explain figures
	for figure in throughput cpu moves lent sequence; do
		for list in help out; do
			grep -q "^  $figure  *[a-z].*?" "$list" ||
				fail "$figure is not in $list"
		done
	done
}

usage() {
	expect 2 "$loansim" plot "$result" -f cpuu
	says 'no figure is named "cpuu"; did you mean "cpu"?'
	says 'there are throughput, cpu, moves, lent, sequence, write-size'
	expect 2 "$loansim" plot "$result" -f cpu
	says 'cpu needs a scenario: no result file has what it draws'
	expect 2 "$loansim" plot "$result" -f lent
	says 'needs one variant of a scenario'
	expect 2 "$loansim" plot "$result" --variant loan
	says '--variant needs a scenario'
	expect 2 "$loansim" plot thorpe-2002 -f lent
	says 'before, tcp-fix, loan-no-fix, loan'
	expect 2 "$loansim" plot thorpe-2002 --variant laon
	says 'did you mean "loan"?'
	expect 2 "$loansim" plot thorpe-2002 -f cpu --from 1s
	says '--from is for figures of one variant; cpu is none'
	expect 2 "$loansim" plot thorpe-2002 --connection 1
	says '--connection is for figures of one variant'
	for wrong in 0 -1 x 1.5; do
		expect 2 "$loansim" plot thorpe-2002 -f lent \
			--connection "$wrong"
		says '--connection'
	done
	expect 2 "$loansim" plot thorpe-2002 -f lent --from 3
	says '--from "3": is no time'
	expect 2 "$loansim" plot thorpe-2002 -f lent --from 2s --to 1s
	says '--from 2s is not before --to 1s'
	expect 2 "$loansim" plot thorpe-2002 "${short[@]}" -f sequence \
		--variant loan --connection 2 -o none.png
	says 'no connection 2: loan has 1'
	expect 2 "$loansim" plot thorpe-2002 "${short[@]}" -f sequence \
		--variant loan --from 100s -o none.png
	says 'carries no data in that time'
	expect 2 "$loansim" plot thorpe-2002 "${short[@]}" -f lent \
		--variant loan --from 100s -o none.png
	says 'has ended before that time'
	[ ! -e none.png ] || fail "a picture of nothing"
}

# A disk without room for the recording is no reason to draw half of it.
no_room() {
	expect 4 env TMPDIR=/nowhere "$loansim" plot thorpe-2002 \
		"${short[@]}" -f lent --variant loan -o none.png
	says '/nowhere'
	[ ! -e none.png ] || fail "a picture without a recording"
}

command -v gnuplot >/dev/null || exit 77
pictures
numbers
losses
same
others
names
lists
usage
no_room
finish
