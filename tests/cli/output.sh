#!/bin/bash
# Where results go: whole files, devices left alone, nothing lost unnoticed.
# usage: output.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

short=(-s 'scenario.duration=200 ms' -s 'scenario.warmup=50 ms'
	--variant loan)

run() {
	"$loansim" run thorpe-2002 "${short[@]}" "$@"
}

still_a_device() {
	[ -c "$1" ] || fail "$1 is no device any more"
}

full_disk() {
	expect 4 run -o /dev/full
	says /dev/full
	expect 4 run -o /dev/full --force
	still_a_device /dev/full
	for format in table csv json jsonl fingerprint; do
		run -f "$format" >/dev/full 2>err
		[ $? -eq 4 ] || fail "-f $format does not notice a full disk"
		[ -s err ] || fail "-f $format says nothing of a full disk"
	done
	expect 0 run -o /dev/null
	still_a_device /dev/null
}

# A file may hold 4 blocks of 1024 bytes here: the JSON has more.
no_half_file() {
	echo old >kept.json
	(ulimit -f 4 && expect 4 run -f json -o new.json; finish) ||
		fail "a disk that fills is not noticed"
	(ulimit -f 4 && expect 4 run -f json -o kept.json --force; finish) ||
		fail "a disk that fills is not noticed"
	[ ! -e new.json ] || fail "half a file"
	[ "$(cat kept.json)" = old ] || fail "the older file is gone"
	[ -z "$(find . -name '.*.tmp')" ] || fail "a temporary is left over"
}

# The reader has gone before the first byte is written.
closed_pipe() {
	exec 3> >(exec true)
	wait $!
	run >&3 2>err
	[ $? -eq 4 ] || fail "a closed pipe is not noticed"
	run -f json -o /dev/fd/3 2>err
	[ $? -eq 4 ] || fail "-o into a closed pipe is not noticed"
	exec 3>&-
	run >&- 2>err
	[ $? -eq 4 ] || fail "a closed stdout is not noticed"
}

pipes() {
	mkfifo pipe
	timeout 60 cat pipe >copy &
	expect 0 run -f json -o pipe
	wait $!
	[ -p pipe ] || fail "the pipe was replaced"
	expect 0 run -f json
	cmp copy out || fail "another result through a pipe"
	expect 0 run -f json -o /dev/stdout
	cmp copy out || fail "another result through /dev/stdout"
	expect 0 run -f json -o -
	cmp copy out || fail "another result through -"
}

files() {
	expect 0 run -f json -o a.json
	says a.json
	cmp copy a.json || fail "another result in a file"
	echo mine >a.json
	expect 4 run -f json -o a.json
	says '--force'
	[ "$(cat a.json)" = mine ] || fail "an existing file was replaced"
	expect 0 run -f json -o a.json --force -q
	[ ! -s err ] || fail "-q is not quiet: $(cat err)"
	cmp copy a.json || fail "--force does not replace"
	expect 4 run -o none/a.json
	expect 4 run -o .
}

formats() {
	expect 2 run -f jsonn
	says 'json'
	expect 0 run -f fingerprint
	prints '[variant loan results]'
	expect 0 run --timing
	says 'us per segment'
	expect 2 "$loansim" run thorpe-2002 --variant lon
	says '"loan"'
	command -v jq >/dev/null || return
	expect 0 run -f json
	jq -e '.schema == 1 and .rows[0].variant == "loan" and
	    (.rows[0].throughput_KBps | type) == "number"' out >/dev/null ||
		fail "no such JSON"
	jq -r '.effective.loan' out >effective.scn
	jq -c '.rows[0] | del(.variant)' out >first
	expect 0 "$loansim" run effective.scn -f json
	jq -c '.rows[0] | del(.variant)' out >second
	cmp first second || fail "the effective scenario gives other rows"
}

full_disk
no_half_file
closed_pipe
pipes
files
formats
finish
