#!/bin/bash
# One scenario under valgrind, with either engine: no error.
# usage: valgrind.sh PROGRAM SOURCE-FOLDER
#
# The run itself is a child process, which valgrind follows; an error there
# makes the child's exit code 99, and the program's 5.  Leaks are not looked
# for: the child leaves with _exit, and the unit tests look for them under
# AddressSanitizer.
set -u
program=$1
driver=$(dirname "$1")/tests/loansim-driver
status=0

command -v valgrind >/dev/null || exit 77
# a program with AddressSanitizer in it does not run under valgrind
grep -q __asan_init "$program" && exit 77

for engine in "$program" "$driver"; do
	valgrind --quiet --error-exitcode=99 --trace-children=yes \
		"$engine" run "$2/scenarios/thorpe-2002.scn" \
		-s "scenario.duration=100 ms" -s "scenario.warmup=0 s" \
		--variant loan -f json >/dev/null || {
		printf 'valgrind: %s: exit code %d\n' "$engine" "$?"
		status=1
	}
done
exit $status
