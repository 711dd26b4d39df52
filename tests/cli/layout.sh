#!/bin/bash
# The layout of the sources: sizes, columns, layers, headers, mirrors.
# usage: layout.sh PROGRAM SOURCE-FOLDER
set -u
cd "$2" || exit 1
failures=$(mktemp)
scratch=$(mktemp -d)
trap 'rm -rf "$failures" "$scratch"' EXIT

fail() {
	printf '%s\n' "$*" | tee -a "$failures"
}

# fails: each line of stdin is a failure; the argument says of what
fails() {
	while read -r line; do
		fail "$1: $line"
	done
}

mapfile -t sources < <(find models sim tests -name '*.[ch]' -o \
	-name '*.cpp' | LC_ALL=C sort)
mapfile -t headers < <(find models sim tests -name '*.h' | LC_ALL=C sort)
mapfile -t scripts < <(find tests -name '*.sh' | LC_ALL=C sort)
scripts+=(bootstrap .ci/run)

sizes() {
	wc -l "${sources[@]}" "${scripts[@]}" plots/*.gp |
		awk '$1 >= 500 && $2 != "total" { print $2 ": " $1 }' |
		fails "500 lines or more"
	# a function's braces are the only ones in the first column
	awk 'FNR == 1 { start = 0 }
	    /^{/ { start = FNR }
	    /^}/ && start > 0 {
		if (FNR - start - 1 >= 60)
			print FILENAME ":" start ": " FNR - start - 1
		start = 0
	    }' "${sources[@]}" | fails "a function of 60 lines or more"
}

columns() {
	awk '{
		n = split($0, part, "\t")
		width = length(part[1])
		for (i = 2; i <= n; i++)
			width += 8 - width % 8 + length(part[i])
		if (width > 80)
			print FILENAME ":" FNR
	    }' "${sources[@]}" "${scripts[@]}" | fails "more than 80 columns"
	grep -nE '[[:blank:]]$' "${sources[@]}" "${scripts[@]}" |
		fails "blanks at the end of a line"
	grep -nE '^	* {8}' "${sources[@]}" | grep -v '\.cpp:' |
		fails "eight blanks instead of a tab"
	grep -nE '^	{5,}[^	 *]' "${sources[@]}" |
		grep -vE ':	+/\*' | fails "nested more than three deep"
}

# Spaces between words as clang-format would put them.  Line breaks, and tabs
# that align comments and columns, are the author's; casts and minus signs too,
# as it takes some casts for products and names with a dash for differences.
words() {
	tr '[:space:]\134' '  ' |
		sed 's/  */ /g; s/{ /{/g; s/ }/}/g; s/) (/)(/g
		    s/ *- */-/g' | tr ' ' '\n'
}

spacing() {
	formatter=$(command -v clang-format-14) || {
		echo "note: no clang-format-14, spacing not checked"
		return
	}
	# all at once; one by one only to find the culprit
	agrees "${sources[@]}" && return
	for file in "${sources[@]}"; do
		agrees "$file" || fail "clang-format would change $file:" \
			"$(diff "$scratch/ours" "$scratch/wanted" |
				grep '^[<>]' | head -4 | tr '\n' ' ')"
	done
}

# agrees FILE...: both lie in the scratch folder afterwards, as words
agrees() {
	cat "$@" | words >"$scratch/ours"
	"$formatter" "$@" | words >"$scratch/wanted"
	cmp -s "$scratch/ours" "$scratch/wanted"
}

# Models are C11 and other models; SimGrid is the engine's alone.
layers() {
	c11='assert|ctype|errno|inttypes|limits|stdalign|stdarg|stdatomic'
	c11="$c11|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string"
	grep -rnE '^#[[:blank:]]*include' models --include='*.[ch]' |
		grep -vE "include (<($c11)\.h>|\"models/)" |
		fails "no business of a model"
	grep -rnwE 'float|double' models --include='*.[ch]' |
		grep -vE ':[[:blank:]]*(/?\*|//)' |
		fails "floating point in a model"
	grep -rnE 'include.*(simgrid|xbt)/' sim tests --include='*.[ch]' \
		--include='*.cpp' |
		grep -v -e '^[a-z]*/engine/' -e '^tests/oracle/' \
			-e '^sim/cli/cmd_version.c:.*/version.h' |
		fails "SimGrid outside of the engine and the oracle"
	grep -rnE 'g_hash_table_(iter_|foreach|get_keys|get_values)' sim |
		fails "hash order may reach an output"
}

# stands_alone COMPILER HEADER: twice, which also tries the include guard
stands_alone() {
	printf '#include "%s"\n#include "%s"\n' "$2" "$2" |
		"$1" -std=c11 -fsyntax-only -x c -I. -D_XOPEN_SOURCE=700 \
		-Wall -Wextra -Wpedantic -Wconversion -Wshadow \
		-Wstrict-prototypes -Werror "${cflags[@]}" - 2>&1
}

standing() {
	read -ra packages < <(pkg-config --cflags json-glib-1.0 check)
	for compiler in gcc clang; do
		command -v "$compiler" >/dev/null || continue
		for header in "${headers[@]}"; do
			cflags=("${packages[@]}")
			[ "${header#models/}" = "$header" ] || cflags=()
			stands_alone "$compiler" "$header" ||
				fail "$compiler: $header does not stand alone"
		done
	done
}

mirrors() {
	while read -r file; do
		mirror=tests/unit/$(dirname "$file")/test_$(basename "$file")
		[ -f "$mirror" ] || fail "$file has no $mirror"
	done < <(find models -name '*.c' | LC_ALL=C sort)
}

unfinished() {
	grep -rnwE 'TO[D]O|FI[X]ME|X[X]X|HA[C]K' models sim tests plots \
		scenarios ./*.md CMakeLists.txt bootstrap |
		fails "unfinished"
	grep -rnE '(^|[^[:alnum:]])/(home|root|work)/' models sim plots \
		scenarios ./*.md CMakeLists.txt bootstrap |
		fails "a path of one machine"
}

shells() {
	for file in "${scripts[@]}"; do
		[ -x "$file" ] || [ "${file#tests/support}" != "$file" ] ||
			fail "not executable: $file"
	done
	command -v shellcheck >/dev/null || {
		echo "note: no shellcheck, scripts not checked"
		return
	}
	shellcheck -x -S warning "${scripts[@]}" ||
		fail "shellcheck has remarks"
}

[ ${#sources[@]} -gt 50 ] || fail "only ${#sources[@]} sources found"
for check in sizes columns spacing layers standing mirrors unfinished shells
do
	echo "== $check"
	"$check"
done
echo "$(wc -l <"$failures") failures"
[ ! -s "$failures" ]
