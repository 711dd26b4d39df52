#!/bin/bash
# Golden files: what shipped scenarios did, to the picosecond and the byte.
# usage: golden.sh [--update] PROGRAM GOLDEN-FOLDER SCENARIO.scn...
#
# Says which group of which variant moved, and each value: old -> new; exits 1
# if any did.  --update writes the new values, says the same, and exits 0.
# "cmake --build BUILD --target golden-update" does that for all scenarios.
set -u
export LC_ALL=C
update=no
[ "${1:-}" = --update ] && {
	update=yes
	shift
}
[ $# -ge 3 ] || {
	echo "usage: golden.sh [--update] PROGRAM GOLDEN-FOLDER" \
		"SCENARIO.scn..." >&2
	exit 2
}
program=$1
golden=$2
shift 2
scratch=$(mktemp)
trap 'rm -f "$scratch"' EXIT
status=0

# moved OLD NEW: what differs, group by group.  A line of costs has pairs of
# words, any other one value.
moved() {
	awk '
	function value(file, at, i, n, word, pair) {
		sub(/^[^=]* = /, "")
		n = split($0, word, " ")
		for (i = 1; i < n; i += 2) {
			pair = at SUBSEP " " word[i]
			put(file, pair, word[i + 1])
		}
		if (n % 2 == 1)
			put(file, at SUBSEP "", $0)
	}
	function put(file, at, what) {
		if (!(at in is) && !(at in was))
			order[++n_all] = at
		if (file == 1)
			was[at] = what
		else
			is[at] = what
	}
	function side(table, at) {
		return at in table ? table[at] : "nothing"
	}
	FNR == 1 { file = FILENAME == ARGV[1] ? 1 : 2 }
	/^\[/ {
		# the other groups hold hashes
		n = split(substr($0, 2, length($0) - 2), head, " ")
		group = n == 3 ? head[2] ": " head[3] : ""
	}
	/ = / && group != "" {
		split($0, part, " = ")
		value(file, group SUBSEP part[1])
	}
	END {
		for (i = 1; i <= n_all; i++) {
			at = order[i]
			if (side(was, at) == side(is, at))
				continue
			split(at, part, SUBSEP)
			if (part[1] != told)
				print "  " part[1] " moved"
			told = part[1]
			print "    " part[2] part[3] ": " side(was, at) \
				" -> " side(is, at)
		}
	}' "$1" "$2"
}

compare() {
	local old=$golden/$1.fingerprint
	cmp -s "$old" "$scratch" && return
	if [ -e "$old" ]; then
		echo "$1: not as in $old"
		moved "$old" "$scratch"
	else
		echo "$1: has no golden file; \"golden-update\" makes it"
	fi
	[ $update = yes ] && cp "$scratch" "$old" || status=1
}

for scenario in "$@"; do
	name=$(basename "$scenario" .scn)
	if "$program" run "$scenario" -q -f fingerprint >"$scratch"; then
		compare "$name"
	else
		echo "$name: the run failed"
		status=1
	fi
done
exit $status
