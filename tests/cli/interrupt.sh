#!/bin/bash
# A run that is interrupted: the exit code says by what, and nothing is left.
# usage: interrupt.sh PROGRAM SOURCE-FOLDER
set -u
program=$1
scenario=$2/scenarios/thorpe-2002.scn
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

fail() {
	printf '%s\n' "$*"
	status=1
}

# interrupt SIGNAL CODE: a run far longer than the test, and the signal
interrupt() {
	# a shell's background job ignores SIGINT, so the child must not be one
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$program" run \
		"$scenario" -s "scenario.duration=3000 s" \
		-s "scenario.drain=100 s" -o "$scratch/out.json" -f json \
		2>"$scratch/err" &
	pid=$!
	child=
	while [ -z "$child" ]; do
		kill -0 "$pid" || return
		read -r child <"/proc/$pid/task/$pid/children"
	done
	kill -s "$1" "$pid"
	wait "$pid"
	code=$?
	[ "$code" -eq "$2" ] || fail "$1: exit code $code, expected $2"
	kill -0 "$child" 2>/dev/null && fail "$1: the child lives on"
	[ -e "$scratch/out.json" ] && fail "$1: half a result was written"
	grep -q interrupted "$scratch/err" || fail "$1: not a word about it"
}

interrupt INT 130
interrupt TERM 143
exit $status
