#!/bin/bash
# Loss on the way: the same frames whatever runs it, and a list that says which
# of them never came.
# usage: path.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

driver=$(dirname "$loansim")/tests/loansim-driver
shipped=(run "$source_dir/scenarios/thorpe-2002.scn" --variant loan -q
	-s 'scenario.warmup=0 s' -s 'scenario.duration=3 s')
bad=(-s 'path.loss=0.2 %' -s 'path.burst=2' -s 'path.reorder=1 %'
	-s 'path.reorder_delay=200 us' -s 'path.duplicate=1 %'
	-s 'path.rate=50 Mbit/s' -s 'path.queue=10' -s 'path.delay=1 ms'
	-s 'path-back.loss=0.01' -s 'path-back.rate=512 kbit/s')

# differs FILE WHY: the last output is another one
differs() {
	cmp -s "$1" out && fail "the same result: $2"
}

# a clean way, said in so many words, is the way without a word
expect 0 "$loansim" "${shipped[@]}" -f fingerprint
mv out clean
expect 0 "$loansim" "${shipped[@]}" -f fingerprint -s 'path.loss=0 %' \
	-s 'path-back.delay=0 s' -s path.drop=none -s path.rate=none
cmp clean out || fail "a way without impairment has an effect"

# chance is the seed's: again, and under the second engine
expect 0 "$loansim" "${shipped[@]}" -f fingerprint "${bad[@]}"
differs clean 'a bad way'
mv out bad
expect 0 "$loansim" "${shipped[@]}" -f fingerprint "${bad[@]}"
cmp bad out || fail "the second run differs"
expect 0 "$driver" "${shipped[@]}" -f fingerprint "${bad[@]}"
cmp bad out || fail "the second engine differs"
expect 0 "$loansim" "${shipped[@]}" -f fingerprint "${bad[@]}" \
	-s scenario.seed=2
differs bad 'another seed'

# a list loses what it names, and tells what never came
expect 0 "$loansim" "${shipped[@]}" -f json -s 'path.drop=data 20, data 20+1'
grep -qE '"retransmits": ([2-9]|[1-9][0-9]+)' out || fail "no retransmissions"
grep -q '"reason": ""' out || fail "a list without a remainder is told"
expect 0 "$loansim" "${shipped[@]}" -s 'path.drop=data 20, fin 7-9' \
	-s 'path-back.drop=syn 2,data 1+3'
says 'loan: done: path.drop has lost nothing by fin 7-9'
says 'loan: done: path-back.drop has lost nothing by syn 2, data 1+3'
prints 'loan: done: path.drop has lost nothing by fin 7-9'

# all is lost: no connection, and an end all the same
expect 0 "$loansim" "${shipped[@]}" -f json -s 'path.loss=100 %'
grep -q '"payload_bytes": 0' out || fail "something came through"

# the slowest hop with the longest queue, and a line of 10 s
expect 0 "$driver" "${shipped[@]}" -s 'path.rate=1 kbit/s' -s path.queue=81
expect 0 "$driver" "${shipped[@]}" -s 'path.delay=10 s' \
	-s 'path-back.delay=10 s'
finish
