#!/bin/bash
# How much thorpe-2002's two numbers move with each value that is fitted or
# assumed: eleven points from -10 to +10 percent, and for values that know no
# percent the neighbours they could have had.  Runs some 1500 simulations, in
# two or three minutes, and writes sensitivity.csv and, with gnuplot,
# sensitivity.svg into the folder.
# usage: sensitivity.sh PROGRAM [FOLDER [KEY...]]
#	KEY...: only these, and no figure
set -eu
program=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
folder=$(realpath "${2:-$here}")
shift $(($# < 2 ? $# : 2))
export LC_ALL=C program
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Values that are assumed without a key that says so: the program's, the peer's.
others='process.ttcp.write_size=65536 B
peer.tcp_recvspace=65536 B
link.delay=1 us'

# What has no percent: other values of the kind.
alternatives='board.cache.l1=4 KiB
board.cache.l1=16 KiB
board.cache.l1=32 KiB
kernel.cost.cache_line=3
kernel.cost.cache_line=5
board.cache.line=64
board.cache.line=128
board.cache.policy=write-through
board.cache.write_allocate=no
board.cache.index=virtual
board.dma.coherent=yes
board.memory.miss_cycles=10
board.bus.arbitration=fair
board.nic.tx_threshold=1024 B
board.nic.tx_threshold=2040 B
kernel.sbappend=tail
kernel.tcp_timestamps=no
kernel.tcp_init_win=4
kernel.tcp_sendspace=32 KiB
kernel.tcp_sendspace=64 KiB
peer.delack_segments=1
peer.delack_segments=4
peer.delack_phase=100 ms
peer.turnaround=50 us
process.ttcp.write_size=8 KiB
process.ttcp.write_size=16 KiB
process.ttcp.write_size=32 KiB
process.ttcp.n_buffers=8
process.ttcp.refill=touch
process.ttcp.refill=full
process.ttcp.so_sndlowat=4 KiB
process.ttcp.so_sndlowat=8 KiB'

# in_force: GROUP.KEY=VALUE of all numbers that are fitted or assumed
in_force() {
	"$program" check --dump thorpe-2002 | awk '
	/^\[variant/ { exit }
	/^\[(board|kernel)\]/ { group = substr($0, 2, length($0) - 2) }
	/^\[(link|peer|process)/ { exit }
	/^[a-z0-9_.]+ = / {
		key = $1
		value = substr($0, index($0, "=") + 2)
		if (key ~ /\.origin$/ && value ~ /^(fitted|assumed):/ &&
		    last_value ~ /^[1-9][0-9.]*( |$)/ &&
		    key !~ /^(cache|cpu.miss_overlap)/)
			print group "." last_key "=" last_value
		last_key = key
		last_value = value
	}'
	echo "$others"
}

# points: one line a run: KEY, percent or "-", value.  Counts are rounded; the
# value that was really run with is what is written.
points() {
	in_force | awk -F= '{
		n = split($2, part, " ")
		unit = n > 1 ? " " part[2] : ""
		whole = $1 ~ /\.(cost\.|ifq_maxlen)/ || unit == " B"
		for (percent = -10; percent <= 10; percent += 2) {
			value = part[1] * (100 + percent) / 100
			print $1 "\t" percent "\t" \
			    sprintf(whole ? "%.0f" : "%.6g", value) unit
		}
	}'
	echo "$alternatives" | awk -F= '{ print $1 "\t-\t" $2 }'
}

# simulate KEY PERCENT VALUE: one line of the table
simulate() {
	local variant
	for variant in before loan; do
		"$program" run thorpe-2002 --variant $variant -q -f csv \
			-s "$1=$3"
	done | awk -F, -v OFS=, -v key="$1" -v percent="$2" -v value="$3" '
	$1 == "variant" {
		for (i = 1; i <= NF; i++)
			at[$i] = i
		next
	}
	$1 == "before" || $1 == "loan" {
		line = line OFS $at["throughput_KBps"] OFS \
		    $at["loaned_share"] OFS $at["copy_small"] OFS \
		    sprintf("%.1f", $at["payload_bytes"] / $at["segments"])
	}
	END { print key, percent, value line }'
}
export -f simulate

wanted() {
	[ $# -eq 0 ] && exec cat
	grep -E "^($(IFS='|'; echo "$*"))"$'\t'
}

points | wanted "$@" >"$scratch/points"
{
	echo '# thorpe-2002, -10 to +10 percent of each fitted or assumed value,' \
		'and other values'
	echo '# of what has no percent; made by plots/sensitivity.sh;' \
		'KB is 1024 bytes'
	printf 'key,percent,value'
	for variant in before loan; do
		for column in throughput_KBps loaned_share copy_small \
			mean_segment_bytes; do
			printf ',%s_%s' $variant $column
		done
	done
	echo
	# in the order of the points, whichever is done first
	cat -n "$scratch/points" | tr '\t' '\n' |
		xargs -d '\n' -n 4 -P "$(nproc)" bash -c \
		'simulate "$2" "$3" "$4" >"$0/line.$((10#${1// /}))"' "$scratch"
	for ((i = 1; i <= $(wc -l <"$scratch/points"); i++)); do
		cat "$scratch/line.$i"
	done
} >"$scratch/sensitivity.csv"
mv "$scratch/sensitivity.csv" "$folder/sensitivity.csv"
[ $# -eq 0 ] || exit 0
"$here/sensitivity-figure.sh" "$folder"
