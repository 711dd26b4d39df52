#!/bin/bash
# A sweep that is killed at a random instant, and goes on: the store ends up
# with what an undisturbed sweep puts there, byte for byte.
# usage: kill.sh PROGRAM SOURCE-FOLDER TRIALS
# LOANSIM_KILL_SEED repeats a test.
. "$2/tests/support/cli.sh"
trials=$3
seed=${LOANSIM_KILL_SEED:-$(date +%N)}
RANDOM=${seed#"${seed%%[!0]*}"}
scenario=$source_dir/tests/support/short-sweep.scn
n_points=32

# contents STORE: all that is in it, in every format
contents() {
	"$loansim" export "$1" -f csv && "$loansim" export "$1" -f jsonl
}

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

began=$(now_ms)
expect 0 "$loansim" sweep "$scenario" -j2 -o whole.db
whole_ms=$(($(now_ms) - began))
contents whole.db >whole 2>err || fail "export: $(cat err)"
n_cut=0

for trial in $(seq "$trials"); do
	rm -f cut.db*
	"$loansim" sweep "$scenario" -j2 -o cut.db 2>/dev/null &
	pid=$!
	ms=$((RANDOM % (whole_ms + 1)))
	sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
	kill -9 "$pid" 2>/dev/null && n_cut=$((n_cut + 1))
	wait "$pid" 2>/dev/null
	expect 0 "$loansim" sweep "$scenario" -j2 -o cut.db
	says "$n_points of $n_points are in cut.db"
	contents cut.db >part 2>err
	cmp -s whole part || {
		fail "trial $trial of seed $seed, killed after $ms ms"
		echo "again: LOANSIM_KILL_SEED=$seed $0 $*"
		break
	}
done
ls cut.db-* cut.db.lock 2>/dev/null && fail "files were left beside a store"
echo "$n_cut of $trials were killed before their end"
# what is killed after its end proves nothing
[ "$n_cut" -ge $((trials / 4)) ] || fail "too few were killed"
finish
