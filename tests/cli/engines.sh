#!/bin/bash
# One scenario, every way to run it: the same bytes.
# usage: engines.sh PROGRAM SOURCE-FOLDER
#
# SimGrid with two kinds of context, and the second engine, which shares no code
# with SimGrid; then the same run again, twenty times.  Fingerprints are
# compared: picoseconds and bytes, where other formats round.  The golden files
# hold for one of these runs, hence for all.
set -u
program=$1
driver=$(dirname "$1")/tests/loansim-driver
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

fail() {
	printf '%s\n' "$*"
	status=1
}

# the second argument names what is different about a run
same() {
	cmp "$scratch/first" "$scratch/$1" || fail "another result: $2"
}

for scenario in "$2"/scenarios/*.scn; do
	"$program" run "$scenario" -f fingerprint >"$scratch/first" ||
		fail "run $scenario"
	LOANSIM_CONTEXTS=thread "$program" run "$scenario" -f fingerprint \
		>"$scratch/thread"
	same thread "$scenario with context factory thread"
	LOANSIM_CONTEXTS=raw "$program" run "$scenario" -f fingerprint \
		>"$scratch/raw"
	same raw "$scenario with context factory raw"
	"$driver" run "$scenario" -f fingerprint >"$scratch/driver"
	same driver "$scenario under the second engine"
done

# hardware at its limits: a fair bus, frames that are cut
slow=(run "$2/scenarios/thorpe-2002.scn" -q -s "scenario.duration=3 s" -f json
	-s "board.bus.arbitration=fair" -s "board.pci.latency=2 us"
	-s "board.pci.bandwidth=11 MB/s" -s "board.nic.tx_threshold=64 B"
	-s "board.memory.write_bandwidth=13 MB/s")
"$program" "${slow[@]}" >"$scratch/first" || fail "run slow hardware"
grep -q '"tx_underruns": [1-9]' "$scratch/first" || fail "no underruns"
"$driver" "${slow[@]}" >"$scratch/driver"
same driver "slow hardware under the second engine"

quick=(run "$2/scenarios/thorpe-2002.scn" -q -s "scenario.duration=2 s"
	-f fingerprint)
"$program" "${quick[@]}" >"$scratch/first" || fail "run for 2 s"
for ((i = 1; i <= 20; i++)); do
	"$program" "${quick[@]}" >"$scratch/again"
	same again "repeat $i"
done
exit $status
