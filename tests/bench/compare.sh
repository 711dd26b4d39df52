#!/bin/bash
# Host time for one simulated segment, beside ns-3: tests/bench/bulk.scn,
# copied and lent, and a bulk transfer in ns-3, in turn.  Whole processes, from
# start to exit; medians; the slower of the two variants counts.  This measures
# and judges nothing: it is no test.
# usage: compare.sh PROGRAM NS3-SOURCE [SIMULATED-SECONDS [RUNS]]
#	NS3-SOURCE takes --simTime=SECONDS and prints segments=NUMBER
#	(Debian package: libns3-dev)
set -eu
[ $# -ge 2 ] || {
	echo "usage: compare.sh PROGRAM NS3-SOURCE" \
		"[SIMULATED-SECONDS [RUNS]]" >&2
	exit 2
}
program=$(realpath "$1")
source=$(realpath "$2")
seconds=${3:-100}
runs=${4:-5}
scenario=$(dirname "$(realpath "$0")")/bulk.scn
export LC_ALL=C TIMEFORMAT='%R %U %S'
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

"${CXX:-c++}" -std=c++17 -O2 -o ns3 "$source" -lns3-applications \
	-lns3-internet -lns3-point-to-point -lns3-csma -lns3-network \
	-lns3-core || {
	echo "compare.sh: ns-3 does not build (Debian package: libns3-dev)" >&2
	exit 1
}

# loansim VARIANT: prints how many segments it simulated
loansim() {
	"$program" run "$scenario" --variant "$1" -q -f csv \
		-s "scenario.duration=$seconds s" |
		awk -F, '/^variant,/ {
			for (i = 1; i <= NF; i++)
				if ($i == "segments")
					at = i
		}
		at && $1 != "variant" { print $at }'
}

ns3() {
	./ns3 --simTime="$seconds" | grep -o ' segments=[0-9]*' | cut -d= -f2
}

# once NAME COMMAND...: "wall cpu" in microseconds a segment, to NAME's file
once() {
	local name=$1
	shift
	{ time "$@" >segments 2>errors; } 2>took
	[ -s segments ] || {
		echo "compare.sh: $name printed no segments" >&2
		cat errors >&2
		exit 1
	}
	awk -v n="$(cat segments)" '{
		printf "%.4f %.4f %d\n", $1 / n * 1e6, ($2 + $3) / n * 1e6, n
	}' took >>"$name"
}

for ((run = 0; run < runs; run++)); do
	once copy loansim copy
	once loan loansim loan
	once ns-3 ns3
done

# median NAME COLUMN
median() {
	cut -d' ' -f"$2" "$1" | sort -n | sed -n "$(((runs + 1) / 2))p"
}

echo "host us per simulated segment, medians of $runs, $seconds s simulated"
printf '%-8s %9s %9s %10s\n' '' wall CPU segments
for name in copy loan ns-3; do
	printf '%-8s %9.3f %9.3f %10d\n' "$name" "$(median "$name" 1)" \
		"$(median "$name" 2)" "$(median "$name" 3)"
done
for column in 1 2; do
	median ns-3 $column
	median copy $column
	median loan $column
done | xargs | awk '{
	wall = $2 > $3 ? $2 : $3
	cpu = $5 > $6 ? $5 : $6
	printf "ratio    %9.1f %9.1f   ns-3 over the slower variant\n",
	    $1 / wall, $4 / cpu
}'
