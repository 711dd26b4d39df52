#!/bin/bash
# How long the answers take that need no simulation, in turn with an empty
# program that is linked with libsimgrid: medians of host time, and the ratio.
# An answer should take at most one and a half times as long.  This measures
# and judges nothing: it is no test.
# usage: answers.sh PROGRAM [RUNS]
set -eu
[ $# -ge 1 ] || {
	echo "usage: answers.sh PROGRAM [RUNS]" >&2
	exit 2
}
program=$(realpath "$1")
runs=${2:-41}
export LC_ALL=C
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

printf 'int\nmain(void)\n{\n\treturn 0;\n}\n' >empty.c
"${CC:-cc}" -O2 empty.c -o empty -Wl,--no-as-needed -lsimgrid

names=(empty --help list check explain)
commands=("./empty" "$program --help" "$program list"
	"$program check thorpe-2002" "$program explain kernel.cost.mget")

# once COMMAND: its host time in microseconds
once() {
	local start=${EPOCHREALTIME/./}
	$1 >answer
	echo $((${EPOCHREALTIME/./} - start))
}

for ((run = 0; run < runs; run++)); do
	for i in "${!names[@]}"; do
		once "${commands[i]}" >>"times.$i"
	done
done

# median FILE: of its numbers
median() {
	sort -n "$1" | sed -n "$(((runs + 1) / 2))p"
}

empty=$(median times.0)
printf '%-10s %8s %6s\n' answer ms ratio
for i in "${!names[@]}"; do
	awk -v name="${names[i]}" -v us="$(median "times.$i")" \
		-v empty="$empty" 'BEGIN {
		printf "%-10s %8.2f %6.2f\n", name, us / 1000, us / empty
	}'
done
