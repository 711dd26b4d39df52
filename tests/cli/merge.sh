#!/bin/bash
# merge: shards become what an undivided sweep would have written.
# usage: merge.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

cat >s.scn <<'END'
[scenario]
duration = 100 ms
warmup = 50 ms
[process ttcp]
[variant before]
[variant loan]
kernel.sosend_loan = yes
[sweep]
process.ttcp.write_size = 4 KiB, 16 KiB
replications = 2
END

shards() {
	expect 0 "$loansim" sweep s.scn -o whole.db -q
	expect 0 "$loansim" export whole.db -o whole.csv -q
	for i in 1 2 3; do
		expect 0 "$loansim" sweep s.scn --shard $i/3 -o "s$i.db" -q
	done
	expect 0 "$loansim" merge -o all.db s3.db s1.db s2.db
	says '8 points added, 8 of 8 are in all.db'
	expect 0 "$loansim" export all.db
	cmp whole.csv out || fail "shards give another export"
	expect 0 "$loansim" merge -q -o all.db s1.db
	[ ! -s err ] || fail "-q is not quiet: $(cat err)"
	expect 0 "$loansim" export all.db
	cmp whole.csv out || fail "a shard twice gives another export"
}

# The merged store is one of the whole sweep: that goes on with it.
goes_on() {
	expect 0 "$loansim" merge -o part.db s1.db
	says '3 points added, 3 of 8 are in part.db'
	expect 0 "$loansim" merge -o part.db s2.db
	says '3 points added, 6 of 8 are in part.db'
	expect 0 "$loansim" sweep s.scn -o part.db
	says '2 points run, 8 of 8 are in part.db'
	expect 0 "$loansim" export part.db
	cmp whole.csv out || fail "what went on gives another export"
}

failed_points() {
	expect 6 "$loansim" sweep s.scn --shard 1/2 -o late.db \
		--mem-limit '1 KiB'
	expect 0 "$loansim" merge -o late-all.db late.db
	says '4 of them failed'
	expect 0 "$loansim" merge -o late-all.db whole.db
	says '8 points added, 8 of 8 are in late-all.db'
	expect 0 "$loansim" export late-all.db
	cmp whole.csv out || fail "what failed did not give way"
}

refusals() {
	expect 0 "$loansim" sweep s.scn -s 'kernel.hz=200 Hz' -o other.db -q
	expect 3 "$loansim" merge -o new.db s1.db other.db
	says 'other.db: is of another scenario: it had "hz = 200 Hz"'
	[ ! -e new.db ] || fail "a store was made"
	expect 3 "$loansim" merge -o other.db s1.db
	says 'other.db: is of another scenario'
	expect 3 "$loansim" merge -o new.db s1.db none.db
	expect 3 "$loansim" merge -o new.db whole.csv
	expect 3 "$loansim" merge -o whole.csv s1.db
	says 'is no store of loansim'
	expect 3 "$loansim" merge -o /dev/full s1.db
	[ -c /dev/full ] || fail "/dev/full is no device any more"
	expect 4 "$loansim" merge -o none/new.db s1.db
	command -v sqlite3 >/dev/null || return
	cp s1.db changed.db
	sqlite3 changed.db "UPDATE point SET fingerprint = 'x' WHERE point = 4"
	expect 3 "$loansim" merge -o new.db s1.db changed.db
	says 'changed.db: point 4 has fingerprint x, and '
	[ ! -e new.db ] || fail "a store was made"
}

# A file may hold 16 blocks of 1024 bytes here: what is added is more.
full_disk() {
	cp s1.db kept.db
	(ulimit -f 16 && expect 4 "$loansim" merge -o new.db s1.db s2.db
		finish) || fail "a disk that fills is not noticed"
	[ ! -e new.db ] || fail "half a store"
	(ulimit -f 16 && expect 4 "$loansim" merge -o kept.db s2.db s3.db
		finish) || fail "a disk that fills is not noticed"
	expect 0 "$loansim" export kept.db -q
	says '5 of 8 points are missing'
	[ -z "$(find . -name '*.lock')" ] || fail "a lock is left over"
}

usage() {
	expect 2 "$loansim" merge
	expect 2 "$loansim" merge s1.db
	says '-o STORE is missing'
	expect 2 "$loansim" merge -o new.db
}

shards
goes_on
failed_points
refusals
full_disk
usage
finish
