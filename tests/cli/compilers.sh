#!/bin/bash
# Two compilers, two levels of optimisation: the same bytes.  The program itself
# is the fourth of the builds: gcc -O3, as bootstrap makes it.
# usage: compilers.sh PROGRAM SOURCE-FOLDER
set -u
program=$1
source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

fail() {
	printf '%s\n' "$*"
	status=1
}

command -v clang >/dev/null && command -v clang++ >/dev/null || exit 77

# build COMPILER C++-COMPILER LEVEL: the program alone, in a folder of its own
build() {
	cmake -S "$source" -B "$scratch/$1$3" \
		-DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER="$1" \
		-DCMAKE_CXX_COMPILER="$2" -DCMAKE_C_FLAGS_RELEASE="$3" \
		-DCMAKE_CXX_FLAGS_RELEASE="$3" >"$scratch/log" 2>&1 &&
		cmake --build "$scratch/$1$3" --target loansim -j 2 \
			>"$scratch/log" 2>&1 && return
	cat "$scratch/log"
	fail "$1 $3 does not build"
}

run() {
	"$1" run "$source/scenarios/thorpe-2002.scn" -f fingerprint
}

run "$program" >"$scratch/expected" || fail "$program does not run"
# check COMPILER C++-COMPILER LEVEL
check() {
	build "$1" "$2" "$3"
	run "$scratch/$1$3/loansim" >"$scratch/found"
	cmp "$scratch/expected" "$scratch/found" ||
		fail "another result with $1 $3"
}

check gcc g++ -O0
check clang clang++ -O0
check clang clang++ -O3
exit $status
