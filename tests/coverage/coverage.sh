#!/bin/bash
# Branch coverage of models/: the figure, what is not taken, and whether each
# of these is in untaken.txt with its reason.
# usage: coverage.sh BUILD-FOLDER, as the preset "coverage" made it
#
# What counts is what a test drives itself: the unit tests of the models and the
# conformance scripts.  The program simulates in a child that leaves with _exit,
# which writes no counters; and a scenario that runs through a branch asserts
# little about it.  hw.cache_random is left out: at -O0 it takes minutes, for
# what hw.cache takes in a moment.
#
# A CHECK that never fails is what we want: its line does not count.  Nor does
# the way out of a switch over an enum for a value that the enum has not, if
# all of its cases were run.
set -u
export LC_ALL=C
build=$(cd "${1:?usage: coverage.sh BUILD-FOLDER}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
least=95
list=tests/coverage/untaken.txt
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

command -v gcovr >/dev/null || {
	echo "gcovr not found (Debian package: gcovr)"
	exit 77
}
find "$build" -name '*.gcno' | grep -q . || {
	echo "$build was not built for coverage: see README.md"
	exit 2
}

find "$build" -name '*.gcda' -delete
LOANSIM_TCP_SEGMENTS=300000 ctest --test-dir "$build" -j"$(nproc)" \
	-R '^(unit\.models|conform)\.' -E '^unit\.models\.hw\.cache_random$' \
	>"$scratch/tests" 2>&1 || {
	grep -E '\((Failed|Timeout|SEGFAULT)|\*\*\*' "$scratch/tests"
	echo "coverage of tests that fail says nothing"
	exit 1
}

gcovr --root . --object-directory "$build" --filter models/ \
	--exclude-lines-by-pattern '.*\bCHECK\(.*' \
	--xml-pretty --xml "$scratch/coverage.xml" "$build" || exit 2

# Lines that branch or were not run, as: file, line, hits, taken, branches.
awk -F '"' '
/<class / {
	for (i = 1; i < NF; i++)
		if ($i ~ / filename=$/)
			file = $(i + 1)
}
/<line / {
	delete is
	for (i = 1; i < NF; i += 2) {
		sub(/.* /, "", $i)
		is[$i] = $(i + 1)
	}
	taken = branches = 0
	if (split(is["condition-coverage="], part, /[(\/)]/) > 2) {
		taken = part[2]
		branches = part[3]
	}
	print file "\t" is["number="] "\t" is["hits="] "\t" taken \
	    "\t" branches
}' "$scratch/coverage.xml" | sort -u >"$scratch/lines"

# Branches not taken, by the text of their lines; and the sums.
awk -F '\t' -v sums="$scratch/sums" '
function read_source(   text) {
	delete source
	for (n = 0; (getline text <$1) > 0;)
		source[++n] = text
	close($1)
}
# has every line in the braces that open here been run?
function all_run(file, from,   indent, i) {
	indent = source[from]
	sub(/[^\t].*/, "", indent)
	for (i = from; i <= n && source[i] != indent "}"; i++)
		if ((file, i) in idle)
			return 0
	return 1
}
NR == FNR {
	if ($3 == 0)
		idle[$1, $2] = 1
	next
}
$1 != file {
	file = $1
	read_source()
}
$5 > 0 {
	text = source[$2]
	gsub(/^[ \t]+|[ \t]+$/, "", text)
	untaken = $5 - $4
	if (untaken > 0 && text ~ /^switch \(/ && all_run(file, $2)) {
		untaken--
		$5--
	}
	all_taken += $4
	all += $5
	if (untaken > 0)
		sum[file, text] += untaken
}
END {
	for (key in sum) {
		split(key, part, SUBSEP)
		print part[1] ": " sum[key] ": " part[2]
	}
	print all_taken, all >sums
}' "$scratch/lines" "$scratch/lines" | sort >"$scratch/untaken"

# The list has a reason, in lines that begin with a tab, below each branch.
awk '
/^#/ || /^$/ { next }
/^\t/ { has_reason = 1; next }
{
	if (key != "" && !has_reason)
		print "no reason: " key >"/dev/stderr"
	key = $0
	has_reason = 0
	print
}
END {
	if (key != "" && !has_reason)
		print "no reason: " key >"/dev/stderr"
}' "$list" 2>"$scratch/bad" | sort >"$scratch/listed"

echo "not taken: file, how many, line"
cat "$scratch/untaken"
comm -23 "$scratch/untaken" "$scratch/listed" |
	sed 's/^/not in the list: /' >>"$scratch/bad"
comm -13 "$scratch/untaken" "$scratch/listed" |
	sed 's/^/in the list, but not so: /' >>"$scratch/bad"
awk -v least="$least" '{
	printf "branches of models/: %d of %d taken, %.2f %%\n", $1, $2,
	    100 * $1 / $2
	if (100 * $1 < least * $2)
		print "less than " least " %" >"/dev/stderr"
}' "$scratch/sums" 2>>"$scratch/bad"
cat "$scratch/bad"
[ ! -s "$scratch/bad" ]
