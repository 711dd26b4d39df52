#!/bin/bash
# Draw sensitivity.csv: one panel for each value that moves a number, the most
# first.  usage: sensitivity-figure.sh FOLDER [TERMINAL FILE]
#	TERMINAL: of gnuplot; svg by default, to sensitivity.svg in the folder
set -eu
here=$(dirname "$(realpath "$0")")
folder=$(realpath "$1")
terminal=${2:-svg}
file=${3:-$folder/sensitivity.svg}
export LC_ALL=C.UTF-8
table=$folder/sensitivity.csv
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# A panel for what moves a number by a tenth of a percent, from its least to its
# most; what moves less has a flat curve.
awk -F, '
/^#/ || /^key/ || $2 == "-" { next }
$2 == 0 { before = $4; loan = $8 }
{
	if (!($1 in seen)) {
		seen[$1] = ++n
		low_b[$1] = low_l[$1] = 1e9
	}
	if ($4 < low_b[$1]) low_b[$1] = $4
	if ($4 > high_b[$1]) high_b[$1] = $4
	if ($8 < low_l[$1]) low_l[$1] = $8
	if ($8 > high_l[$1]) high_l[$1] = $8
}
END {
	for (key in seen) {
		b = (high_b[key] - low_b[key]) / before
		l = (high_l[key] - low_l[key]) / loan
		printf "%.6f %s\n", 100 * (b > l ? b : l), key
	}
}' "$table" | sort -k1,1rn -k2 | awk '$1 >= 0.1 { print $2 }' >"$scratch/keys"

# A block of data for each panel: percent, and both numbers in percent of theirs.
while read -r key; do
	name=${key#board.}
	name=${name#kernel.}
	printf '"%s"\n' "${name#process.}"
	awk -F, -v key="$key" '$1 == key && $2 == 0 { before = $4; loan = $8 }
	$1 == key && $2 != "-" {
		line[++n] = $2
		b[n] = $4
		l[n] = $8
	}
	END {
		for (i = 1; i <= n; i++)
			printf "%d %.3f %.3f\n", line[i],
			    100 * (b[i] / before - 1), 100 * (l[i] / loan - 1)
	}' "$table"
	printf '\n\n'
done <"$scratch/keys" >"$scratch/panels"

gnuplot -e "here='$here'; panels='$scratch/panels'; \
	n_panels=$(wc -l <"$scratch/keys"); terminal='$terminal'; \
	file='$file'" "$here/sensitivity.gp"
