#!/bin/bash
# plot of stores: each figure as each kind of picture, scripts that stand
# alone, options that do not fit.
# usage: store_figures.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

scenario=$source_dir/tests/support/short-sweep.scn
at_64=(-w 'process.ttcp.write_size=64 KiB')
at_80=(-w 'board.memory.read_bandwidth=80 MB/s')

# begins FILE BYTES: what kind of file it is
begins() {
	[ "$(head -c ${#2} "$1" | tr '\211' '?')" = "$2" ] ||
		fail "$1 does not begin with $2"
}

# sweep_of STORE OPTION...: long enough for bytes to arrive
sweep_of() {
	local store=$1
	shift
	awk '/^duration/ { print "duration = 600 ms"; next } { print }' \
		"$scenario" >longer.scn
	expect 0 "$loansim" sweep longer.scn -q -j2 -o "$store" "$@"
}

# all STORE FIGURE OPTION...: all kinds of picture; the script draws the same
all() {
	local store=$1 figure=$2
	shift 2
	for type in png svg pdf; do
		expect 0 "$loansim" plot "$store" -q -f "$figure" "$@" \
			-t "$type" -o "$figure.$type"
		[ -s err ] && fail "$figure: $(cat err)"
	done
	begins "$figure.png" '?PNG'
	begins "$figure.pdf" '%PDF-'
	expect 0 "$loansim" plot "$store" -f "$figure" "$@" -t svg --print
	cp out figure.gp
	expect 0 env -C / gnuplot -d "$PWD/figure.gp"
	[ -s err ] && fail "$figure: gnuplot has remarks: $(cat err)"
	cmp out "$figure.svg" ||
		fail "$figure: the printed script draws another figure"
}

# shows FIGURE TEXT...: the SVG says so
shows() {
	local figure=$1
	shift
	for text in "$@"; do
		grep -qF -e "$text" "$figure.svg" ||
			fail "$figure lacks: $text"
	done
}

pictures() {
	sweep_of a.db
	sweep_of r.db -n 1 -x 'process.ttcp.write_size=64 KiB' \
		-x 'process.ttcp.refill_bytes=4 KiB, 16 KiB, 64 KiB' \
		-s process.ttcp.refill=full
	all a.db write-size "${at_80[@]}"
	shows write-size copy loan '1 KiB' '64 KiB' 'bytes in one write' \
		'wire limit 11493 KB/s' 'throughput (KB/s, 1 KB = 1024 bytes)' \
		'loan passes copy between 1 KiB and 4 KiB'
	all a.db bandwidth "${at_64[@]}"
	shows bandwidth copy loan '40 MB/s' '80 MB/s' 'Bound by:' processor \
		'KB/s (of 1024 bytes)' 'memory bandwidth, reading'
	all a.db gain
	shows gain 'throughput of loan over copy' '1 KiB' '40 MB/s' \
		'bytes in one write' 'memory bandwidth, reading'
	all r.db refill "${at_80[@]}"
	shows refill 'throughput of loan over copy' '4 KiB' '64 KiB'
	# a single cell: gnuplot 5.4 cannot leave out a label of one
	sweep_of one.db -n 1 -x 'process.ttcp.write_size=64 KiB' \
		-x 'board.memory.read_bandwidth & board.memory.write_bandwidth=
			80 MB/s & 62 MB/s'
	expect 0 "$loansim" plot one.db -f gain -q -o one.png
	[ -s err ] && fail "a single cell: $(cat err)"
}

# The other way round the gain is the inverse.
bases() {
	for base in copy loan; do
		expect 0 "$loansim" plot a.db -f gain --print --base $base \
			--variant "$([ $base = copy ] && echo loan ||
				echo copy)"
		sed -n '/^\$cells/,/^EOD/p' out | grep '^[1-9]' >$base
	done
	[ "$(wc -l <copy)" -eq 8 ] || fail "not eight cells"
	paste -d' ' copy loan | awk '{ d = $3 * $6 - 1
		if ($1 != $4 || d > 1e-6 || d < -1e-6) exit 1 }' ||
		fail "a gain and its inverse: $(paste copy loan)"
}

names() {
	expect 0 "$loansim" plot a.db -f gain
	[ -e longer-gain.png ] ||
		fail "no picture named after the scenario"
	expect 4 "$loansim" plot a.db -f gain
	says '--force'
}

usage() {
	expect 2 "$loansim" plot a.db
	says 'throughput needs a scenario or a result file; of a store,'
	says '--figure draws write-size, bandwidth, gain, refill'
	expect 2 "$loansim" plot a.db -f cpu
	says 'cpu needs a scenario'
	expect 2 "$loansim" plot "$scenario" -f gain
	says 'gain needs the store of a sweep (loansim sweep)'
	expect 2 "$loansim" plot "$source_dir/tests/support/figure.json" \
		-f write-size
	says 'write-size needs the store of a sweep'
	expect 2 "$loansim" plot "$scenario" -w kernel.hz=1
	says '--where is for figures of a store'
	expect 2 "$loansim" plot "$scenario" --base copy
	says '--base is for figures of a store'
	expect 2 "$loansim" plot a.db -f gain -s kernel.hz='50 Hz'
	says '-s needs a scenario: a store is run already'
	expect 2 "$loansim" plot a.db -f refill -o none.png
	says 'the store has no axis refill_bytes'
	expect 2 "$loansim" plot r.db -f write-size -o none.png
	expect 2 "$loansim" plot a.db -f bandwidth -o none.png
	says '8 panels, and at most 4 have room; --where KEY=VALUE'
	expect 2 "$loansim" plot a.db -f gain --base no -o none.png
	says 'the store has no variant no'
	expect 2 "$loansim" plot a.db -f gain --base loan -o none.png
	says 'a gain is that of one variant over another'
	expect 3 "$loansim" plot a.db -f gain -w kernel.hz -o none.png
	says '"kernel.hz" is not of the form KEY=VALUE'
	expect 3 "$loansim" plot a.db -f gain -w 'kernel.hz=1 Hz' -o none.png
	says '"kernel.hz" is no axis; there are process.ttcp.write_size'
	expect 3 "$loansim" plot a.db -f gain -w variant=no -o none.png
	says 'no point has these values'
	[ -e none.png ] && fail "a picture of nothing"
	sweep_of many.db -n 1 \
		-x 'kernel.hz=20 Hz, 25 Hz, 40 Hz, 50 Hz, 100 Hz'
	expect 2 "$loansim" plot many.db -f write-size -o none.png
	says '20 lines, and at most 8 can be told apart; --where KEY=VALUE'
	says 'kernel.hz (5 values), variant (2 values)'
	expect 2 "$loansim" plot many.db -f gain -o none.png
	says 'keeps one value of board.memory.read_bandwidth (2 values), kernel'
}

command -v gnuplot >/dev/null || exit 77
pictures
bases
names
usage
finish
