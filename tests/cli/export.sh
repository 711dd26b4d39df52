#!/bin/bash
# export: one row per point, the same bytes whoever computed it.
# usage: export.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

cat >s.scn <<'END'
[scenario]
title = A sweep of 8 points
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

# One after another, side by side, in two goes, and after a kill.
same_bytes() {
	expect 0 "$loansim" sweep s.scn -j 1 -o one.db -q
	expect 0 "$loansim" sweep s.scn -j 3 -o three.db -q
	expect 0 "$loansim" sweep s.scn --shard 2/2 -o goes.db -q
	expect 0 "$loansim" sweep s.scn -o goes.db -q
	timeout -s KILL 0.1 "$loansim" sweep s.scn -j 1 -o killed.db -q
	expect 0 "$loansim" sweep s.scn -o killed.db -q
	for format in csv json jsonl; do
		expect 0 "$loansim" export one.db -f "$format" -o "one.$format"
		says "results are in one.$format"
		for store in three goes killed; do
			expect 0 "$loansim" export "$store.db" -f "$format"
			[ ! -s err ] || fail "talk: $(cat err)"
			cmp "one.$format" out || fail "$store: other $format"
		done
	done
	expect 0 "$loansim" export one.db
	cmp one.csv out || fail "CSV is not the default"
}

rows() {
	[ "$(grep -c '^[1-8],' one.csv)" -eq 8 ] || fail "not 8 records"
	grep -v '^#' one.csv | cut -d, -f1-6 | head -3 >first
	diff - first <<'END' || fail "other records"
point,variant,replication,seed,process.ttcp.write_size_B,outcome
1,before,1,1,4096,done
2,before,2,2,4096,done
END
	[ "$(grep -v '^#' one.csv | awk -F, '{ print NF }' | sort -u |
		wc -l)" -eq 1 ] || fail "records of different lengths"
	grep -q '^# command: loansim sweep s.scn$' one.csv ||
		fail "another command: $(grep command one.csv)"
	command -v jq >/dev/null || return
	jq -e '.schema == 1 and .scenario == "s" and .points == 8 and
	    (.axes | length) == 1 and .axes[0].column ==
	    "process.ttcp.write_size_B" and [.rows[].point] ==
	    [range(1; 9)] and (.rows[0].throughput_KBps | type) ==
	    "number" and (.rows[0].fingerprint_times | length) == 16' \
		one.json >/dev/null || fail "no such JSON"
	jq -e -s 'length == 8 and all(.schema == 1 and .scenario == "s" and
	    (has("effective") | not))' one.jsonl >/dev/null ||
		fail "no such JSON lines"
}

# A row's scenario gives the row again.
effective() {
	command -v jq >/dev/null || return
	expect 2 "$loansim" export one.db --effective
	says '-f jsonl'
	expect 0 "$loansim" export one.db -f jsonl --effective
	sed -n 6p out >row
	jq -r .effective row >effective.scn
	expect 0 "$loansim" run effective.scn -f json
	[ "$(jq -r '.rows[0].fingerprint' out)" = \
		"$(jq -r .fingerprint row)" ] || fail "another result"
}

# gnuplot reads the CSV as it is.
gnuplot_reads() {
	command -v gnuplot >/dev/null || return
	gnuplot -e "set datafile separator ','; stats 'one.csv' \
		using 'throughput_KBps' nooutput; print STATS_records" \
		>records 2>&1
	[ "$(cat records)" = 8 ] || fail "gnuplot reads: $(cat records)"
}

# What is missing is told, and is no failure; what failed has no numbers.
incomplete() {
	expect 0 "$loansim" sweep s.scn --shard 1/3 -o part.db -q
	expect 0 "$loansim" export part.db -q
	says '5 of 8 points are missing'
	[ "$(grep -c '^[1-8],' out)" -eq 3 ] || fail "not 3 records"
	expect 6 "$loansim" sweep s.scn -o late.db --timeout '1 us'
	expect 0 "$loansim" export late.db
	prints ',timed out,,,'
	expect 0 "$loansim" export late.db -f json
	prints '"throughput_KBps": null'
}

bad_input() {
	expect 3 "$loansim" export none.db
	says 'none.db'
	expect 3 "$loansim" export one.csv
	says 'is no store of loansim'
	expect 3 "$loansim" export /dev/zero
	says 'no regular file'
	: >empty.db
	expect 3 "$loansim" export empty.db
	command -v sqlite3 >/dev/null || return
	cp one.db newer.db
	sqlite3 newer.db "UPDATE about SET value = 9 WHERE name = 'schema'"
	expect 3 "$loansim" export newer.db
	says 'has schema 9'
}

usage() {
	expect 2 "$loansim" export
	expect 2 "$loansim" export one.db three.db
	expect 2 "$loansim" export one.db -f jsno
	says 'did you mean "json"?'
	expect 2 "$loansim" export one.db -f table
}

# As for all results: whole files, devices left alone.
full_disk() {
	expect 4 "$loansim" export one.db -o one.csv
	says '--force'
	expect 0 "$loansim" export one.db -o one.csv --force
	expect 4 "$loansim" export one.db -o none/one.csv
	expect 4 "$loansim" export one.db -o /dev/full
	says /dev/full
	[ -c /dev/full ] || fail "/dev/full is no device any more"
	"$loansim" export one.db >/dev/full 2>err
	[ $? -eq 4 ] || fail "a full disk is not noticed"
	(ulimit -f 1 && expect 4 "$loansim" export one.db -o half.csv
		finish) || fail "a disk that fills is not noticed"
	[ ! -e half.csv ] || fail "half a file"
	[ -z "$(find . -name '.*.tmp')" ] || fail "a temporary is left over"
}

# A store is never replaced by what is made of it.
onto_itself() {
	cp one.db kept.db
	ln kept.db linked.db
	for into in kept.db ./kept.db linked.db; do
		expect 2 "$loansim" export kept.db --force -o "$into"
		says 'is the store itself'
	done
	expect 2 "$loansim" plot kept.db --figure write-size --force -o kept.db
	says 'is the store itself'
	cmp one.db kept.db || fail "the store was replaced"
}

same_bytes
rows
effective
gnuplot_reads
incomplete
bad_input
usage
full_disk
onto_itself
finish
