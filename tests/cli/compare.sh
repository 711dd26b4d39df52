#!/bin/bash
# compare: which points differ, in which layer, and by how much.
# usage: compare.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

cat >base.scn <<'END'
[scenario]
duration = 200 ms
warmup = 100 ms
[process ttcp]
[variant before]
[variant loan]
kernel.sosend_loan = yes
END
cat base.scn - >s.scn <<'END'
[sweep]
process.ttcp.write_size = 4 KiB, 64 KiB
replications = 2
END

# compare STATUS ARGUMENT...: and whatever it prints fits a terminal
compare() {
	expect "$1" "$loansim" compare "${@:2}"
	awk 'length($0) > 80 { exit 1 }' "$scratch/out" ||
		fail "beyond 80 columns: compare ${*:2}"
}

results() {
	expect 0 "$loansim" run base.scn -f json -o a.json
	expect 0 "$loansim" run base.scn -f json -o b.json \
		-s 'kernel.hz=200 Hz'
	compare 0 a.json a.json
	prints 'No differences: 2 points are the same in both.'
	compare 0 a.json a.json --fail-over 0
	compare 0 a.json b.json
	prints '- before: times, '
	prints 'cpu_share '
	prints '2 points are in both: 0 are the same, 2 differ.'
	prints 'By group of the fingerprint: times 2'
	expect 0 "$loansim" run base.scn --variant loan -f json -o loan.json
	compare 0 a.json loan.json
	prints '- before: only in A'
	prints '1 are only in A, 0 only in B.'
	compare 0 loan.json a.json
	prints '- before: only in B'
}

# Without the hashes of a row only its columns are left.
old_results() {
	command -v jq >/dev/null || return
	jq 'del(.rows[].fingerprint_costs)' a.json >old.json
	compare 0 old.json b.json
	prints 'Only results are compared: A has no hashes of groups.'
	prints '- before: columns'
	compare 0 a.json old.json
	prints 'No differences'
	# changes of 1 % and of 2 %, from 5000 KB/s and from 10000 KB/s
	jq '.rows[0].throughput_KBps = 5000 | .rows[1].throughput_KBps = 10000
	    | .rows[0].kva_limit = 0' old.json >x.json
	jq '.rows[0].throughput_KBps = 5050 | .rows[1].throughput_KBps = 9800
	    | .rows[0].kva_limit = 3' old.json >y.json
	compare 0 x.json y.json
	prints 'throughput_KBps                   5000.0            5050.0'
	prints '        +1.00 %'
	prints 'throughput_KBps: changed at 2, at most by -2.00 %: loan'
	prints 'from 0'
	compare 0 x.json y.json --fail-over 2
	compare 1 x.json y.json --fail-over 1.999999
	says 'throughput_KBps: 1 of 2 points changed by more than 1.999999 %'
	compare 1 x.json y.json --fail-over 0.5%
	says 'throughput_KBps: 2 of 2 points changed by more than 0.5 %'
	compare 0 x.json y.json --fail-over 0 --column cpu_share
	compare 1 x.json y.json --fail-over 99 -c cpu_share -c kva_limit
	says 'kva_limit: 1 of 2 points'
	jq '.rows[0].outcome = "deadlock"' y.json >z.json
	compare 1 x.json z.json --fail-over 50
	prints 'outcome '
	says 'throughput_KBps: 1 of 2 points'
	jq '.rows[].variant += "x"' x.json >none.json
	compare 1 x.json none.json --fail-over 50
	prints 'No point is in both.'
	compare 0 x.json none.json
}

stores() {
	expect 0 "$loansim" sweep s.scn -o a.db -q
	expect 0 "$loansim" sweep s.scn -o b.db -q -s 'kernel.hz=200 Hz'
	compare 0 a.db a.db
	prints 'No differences: 8 points are the same in both.'
	compare 0 a.db b.db
	prints '- loan, process.ttcp.write_size_B=65536, seed 2: '
	prints 'means over 2 seeds, and B - A'
	prints ' +- 0.0'
	cp out first
	compare 0 a.db b.db
	cmp first out || fail "the same stores compare differently"
	compare 0 a.db b.db --summary
	grep -q '^- ' out && fail "--summary tells of single points"
	prints '8 points are in both: 0 are the same, 8 differ.'
}

# A store of other axes, and a result, have their place by their values.
mixed() {
	expect 0 "$loansim" sweep base.scn -x 'kernel.hz=100Hz,200Hz' \
		-o hz.db -q
	compare 0 a.db hz.db
	prints '- loan, process.ttcp.write_size_B=4096, kernel.hz_Hz=100, seed'
	prints 'No differences: 2 points are the same in both.'
	prints '6 are only in A, 2 only in B.'
	compare 0 a.db a.json
	prints 'No differences: 2 points are the same in both.'
	compare 0 b.json hz.db --fail-over 0
	prints 'No differences: 2 points are the same in both.'
}

bad_input() {
	compare 2 a.db
	compare 2 a.db b.db a.db
	compare 2 a.db b.db --fail-over much
	says 'a number of percent'
	compare 2 a.db b.db --fail-over -1
	compare 2 a.db b.db -c throughput_KBp
	says 'did you mean "throughput_KBps"?'
	compare 3 a.db none.db
	compare 3 /dev/zero a.db
	says 'no regular file'
	compare 3 s.scn a.db
	says 's.scn: '
	sed 's/"schema": 1/"schema": 9/' a.json >schema.json
	compare 3 a.json schema.json
	says 'schema'
	expect 0 "$loansim" export a.db -f json -o export.json
	compare 3 a.db export.json
	says 'an export of a sweep'
	"$loansim" compare a.db b.db >/dev/full 2>err
	[ $? -eq 4 ] || fail "a full disk is not noticed"
}

results
old_results
stores
mixed
bad_input
finish
