#!/bin/bash
# Host time for one simulated segment with many connections, beside one bulk
# transfer: bulk.scn, and connections.scn with one client, with 1000, with
# 10000, in turn.  Whole processes: user and system time; medians.  Printed for
# each: the time for a segment of the whole run, set-up included, and between
# two dates, when all connections are there.  A run that is not timed goes
# before each pair: memory that nobody has used for a while is dear where the
# machine is a virtual one.  This measures and judges nothing: it is no test.
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

# simulate NAME SECONDS: leaves its row in results
simulate() {
	local file=connections.scn
	[ "$1" != loan ] || file=bulk.scn
	rm -f results
	"$program" run "$here/$file" --variant "$1" -q -f csv -o results \
		-s "scenario.duration=$2 s" >table 2>errors
}

# once NAME SECONDS: adds "time segments" to the file NAME.SECONDS
once() {
	{ time simulate "$1" "$2"; } 2>took
	awk -F, 'NR == FNR { split($0, t, " "); next }
		/^variant,/ {
			for (i = 1; i <= NF; i++)
				if ($i == "segments")
					at = i
			next
		}
		at { printf "%.3f %d\n", t[1] + t[2], $at }' took results \
		>>"$1.$2"
}

# what runs, and the two dates; the first two are what the third is compared to
plan='loan 10 50
one 10 50
1000 10 50
loan 80 120
one 80 120
10000 80 120'

for ((run = 0; run < runs; run++)); do
	while read -r name from to; do
		simulate "$name" "$from"
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
printf '%-8s %8s %8s %8s %8s   %8s %8s %8s %8s\n' '' 'whole' us 'to bulk' \
	'to one' later us 'to bulk' 'to one'
while read -r name from to; do
	echo "$name $from $to $(median "$name.$from") $(median "$name.$to")" \
		"$(segments "$name.$from") $(segments "$name.$to")"
done <<<"$plan" | awk '
	function show(span, us, bulk, one) {
		printf " %8s %8.3f %8.2f %8s  ", span, us, us / bulk,
		    one ? sprintf("%.2f", us / one) : ""
	}
	{
		n = (NR - 1) % 3 + 1
		whole[n] = $4 / $6 * 1e6
		later[n] = ($5 - $4) / ($7 - $6) * 1e6
		printf "%-8s", n == 1 ? "bulk" : $1
		show("0-" $2 " s", whole[n], whole[1], n > 1 ? whole[2] : 0)
		show($2 "-" $3 " s", later[n], later[1], n > 1 ? later[2] : 0)
		print ""
	}'
