#!/bin/bash
# Host time for one simulated segment with many connections, beside one bulk
# transfer: bulk.scn, and connections.scn with one client, with 1000, with
# 10000, in turn.  Whole processes: user and system time; medians.  Printed for
# each: the time for a segment of the whole run, set-up included, and between
# two dates, when all connections are there.  This measures and judges nothing:
# it is no test.
# usage: connections.sh PROGRAM [RUNS]
set -eu
[ $# -ge 1 ] || {
	echo "usage: connections.sh PROGRAM [RUNS]" >&2
	exit 2
}
program=$(realpath "$1")
runs=${2:-5}
here=$(dirname "$(realpath "$0")")
export LC_ALL=C TIMEFORMAT='%U %S'
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# once NAME SECONDS: adds "time segments" to the file NAME.SECONDS
once() {
	local name=$1 file=connections.scn
	[ "$name" != loan ] || file=bulk.scn
	{
		time "$program" run "$here/$file" --variant "$name" -q \
			-f csv -o results -s "scenario.duration=$2 s" >table 2>errors
	} 2>took
	awk -F, 'NR == FNR { split($0, t, " "); next }
		/^variant,/ {
			for (i = 1; i <= NF; i++)
				if ($i == "segments")
					at = i
			next
		}
		at { printf "%.3f %d\n", t[1] + t[2], $at }' took results \
		>>"$name.$2"
}

# what runs, and the two dates
plan='loan 10 50
one 10 50
1000 10 50
10000 80 120'

for ((run = 0; run < runs; run++)); do
	while read -r name from to; do
		once "$name" "$from"
		once "$name" "$to"
	done <<<"$plan"
done

# median FILE: its time
median() {
	cut -d' ' -f1 "$1" | sort -n | sed -n "$(((runs + 1) / 2))p"
}

# segments FILE: in its first line
segments() {
	head -1 "$1" | cut -d' ' -f2
}

echo "host us per simulated segment, user and system, medians of $runs"
while read -r name from to; do
	echo "$name $from $to $(median "$name.$from") $(median "$name.$to")" \
		"$(segments "$name.$from") $(segments "$name.$to")"
done <<<"$plan" | awk '
	function line(what, seconds, us, bulk, one) {
		printf "%-12s %10s %8.3f %9.2f", what, seconds " s", us,
		    us / bulk
		if (one)
			printf " %9.2f", us / one
		print ""
	}
	{
		name[NR] = $1 == "loan" ? "bulk" : $1
		from[NR] = $2
		to[NR] = $3
		whole[NR] = $4 / $6 * 1e6
		part[NR] = ($5 - $4) / ($7 - $6) * 1e6
	}
	END {
		printf "%-12s %10s %8s %9s %9s\n", "whole run", "", "us",
		    "to bulk", "to one"
		for (i = 1; i <= NR; i++)
			line(name[i], "0-" from[i], whole[i], whole[1],
			    i > 1 ? whole[2] : 0)
		print "set up, and the first seconds left out:"
		for (i = 1; i <= NR; i++)
			line(name[i], from[i] "-" to[i], part[i], part[1],
			    i > 1 ? part[2] : 0)
	}'
