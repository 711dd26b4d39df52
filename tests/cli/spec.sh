#!/bin/bash
# tests/spec/statements.txt against the sources: each statement of
# netbsd-2002.md has tests that exist, or is left out where models/README.md
# says so.  Prints section, statement, tests.
# usage: spec.sh PROGRAM SOURCE-FOLDER
set -u
export LC_ALL=C
cd "$2" || exit 1
list=tests/spec/statements.txt
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
sections="0 1 2.1 2.2 2.3 2.4 2.5 2.6 2.7 3.1 3.2 3.3 3.4 4.1 4.2 4.3 4.4
    5.1 5.2 5.3 5.4 5.5 5.6 6 7 8"

declare -A is_known is_left_out

# what models/README.md leaves out, in bold there
while read -r words; do
	is_left_out[$words]=1
done < <(awk '/^## / { is_here = /^## Left out/ } is_here' models/README.md |
	tr '\n' ' ' | tr -s ' ' | grep -oE '\*\*[^*]+\*\*' | tr -d '*')

# Check programs with what they run, and scripts and scenarios
while read -r test; do
	is_known[$test]=1
done < <(
	find tests -name 'test_*.c' -exec grep -oE \
		'^START_TEST\([a-z0-9_]+\)' {} + |
		sed -E 's|^tests/||; s|/test_([a-z0-9_]+)\.c:|/\1 |
			:slash; s|/|.|; t slash; s|START_TEST\((.*)\)|\1|'
	find tests/conform -name '*.script' ! -path '*/runner/*' |
		sed 's|^tests/||; s|\.script$||; s|/|.|g'
	for golden in tests/golden/*.fingerprint; do
		name=$(basename "$golden" .fingerprint)
		[ ! -f "scenarios/$name.scn" ] || echo "golden.$name"
	done
	find tests/cli -name '*.sh' | sed 's|^tests/cli/|cli.|; s|\.sh$||'
)

# proof ID TESTS: those that do not exist
proof() {
	local test tests
	IFS=';' read -ra tests <<<"$2"
	[ ${#tests[@]} -gt 0 ] || echo "$1: no test"
	for test in "${tests[@]}"; do
		test=${test# }
		[ -n "${is_known[$test]:-}" ] ||
			echo "$1: no such test: $test"
	done
}

# keyword ID WORDS: unless it is in models/README.md
keyword() {
	[ -n "${is_left_out[$2]:-}" ] ||
		echo "$1: not left out in models/README.md: $2"
}

# statement ID STATEMENT PROOF: what is wrong with it
statement() {
	[ -n "$2" ] || echo "$1: no statement"
	case $3 in
	"left out: "*) keyword "$1" "${3#left out: }" ;;
	"open "[A-Z]*": "*) keyword "$1" "${3#open *: }" ;;
	*) proof "$1" "${3#outcome: }" ;;
	esac
}

# review LIST: all that is wrong with it, a line each
review() {
	local id what how section
	grep -vE '^(#|$)' "$1" >"$scratch/lines"
	while IFS='|' read -r id what how; do
		statement "${id% }" "${what# }" "${how# }"
	done <"$scratch/lines"
	for section in $sections; do
		grep -qE "^$section [a-z]+ \|" "$scratch/lines" ||
			echo "nothing of section $section"
	done
	cut -d' ' -f1 "$scratch/lines" | sort -u |
		grep -vxF -f <(tr ' \t' '\n\n' <<<"$sections") |
		sed 's/^/no such section: /'
	cut -d'|' -f1 "$scratch/lines" | sort | uniq -d | sed 's/ *$/: twice/'
}

# table LIST: in 80 columns; and how many there are of each kind
table() {
	grep -vE '^(#|$)' "$1" | sort -s -t' ' -k1,1V | awk -F ' *[|] *' '
	function wrapped(text, first, rest,    n, i, word, line) {
		n = split(text, word, " ")
		line = first
		for (i = 1; i <= n; i++) {
			if (length(line " " word[i]) > 79) {
				print line
				line = rest
			}
			line = line " " word[i]
		}
		print line
	}
	{
		kind = $3 ~ /^left out: / ? "left out" : $3 ~ /^open / ? \
		    "open" : $3 ~ /^outcome: / ? "outcomes" : "tested"
		n[kind]++
		wrapped($2, sprintf("%-7s", $1), sprintf("%-7s", ""))
		proofs = split($3, proof, /; */)
		for (i = 1; i <= proofs; i++)
			wrapped("- " proof[i], sprintf("%-7s", ""),
			    sprintf("%-9s", ""))
	}
	END {
		printf "%d statements: %d tested, %d outcomes, ", NR,
		    n["tested"], n["outcomes"]
		printf "%d left out, %d open\n", n["left out"], n["open"]
	}'
}

# refuses WHAT SED-SCRIPT: the list, changed like that, is found to be wrong
refuses() {
	sed -E "$2" "$list" >"$scratch/changed"
	review "$scratch/changed" | grep -qF -e "$1" || {
		echo "a list that is wrong passes: $1"
		n_failed=$((n_failed + 1))
	}
}

review "$list" >"$scratch/failures"
n_failed=$(wc -l <"$scratch/failures")
table "$list"
sed 's/^/FAILED: /' "$scratch/failures"
refuses "1 c: no test" 's/^(1 c .*\|).*/\1/'
refuses "1 c: no statement" 's/^1 c \|[^|]*/1 c | /'
refuses "no such test: unit.models.kern.syscall test_einvalid" \
	'/^1 c/s/test_einval/test_einvalid/'
refuses "no such test: unit.models.kern.syscall" '/^1 c/s/ test_einval//'
refuses "no such test: conform.loan.offf" '/^2.2 a/s/$/f/'
refuses "no such test: golden.thorpe" '/^0 c/s/thorpe-2002;/thorpe;/'
refuses '2.4 b: not left out in models/README.md: MEXT' \
	'/^2.4 b/s/REMOVE//'
refuses "8 d: not left out in models/README.md" '/^8 d/s/waits$/finished/'
refuses "nothing of section 6" '/^6 /d'
refuses "no such section: 9" 's/^6 a/9 a/'
refuses "6 a: twice" 's/^6 b/6 a/'
echo "$n_failed failures"
[ "$n_failed" -eq 0 ]
