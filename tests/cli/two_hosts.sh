#!/bin/bash
# Two hosts, each with programs: the same bytes from SimGrid, with either kind
# of context, and from the second engine.
# usage: two_hosts.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

driver=$(dirname "$loansim")/tests/loansim-driver
scenario=$source_dir/tests/support/two-hosts.scn

# agree FORMAT: what the runs of $scenario give, all variants
agree() {
	expect 0 "$loansim" run "$scenario" --check -f "$1"
	cp out first
	for context in thread raw; do
		LOANSIM_CONTEXTS=$context expect 0 \
			"$loansim" run "$scenario" --check -f "$1"
		cmp first out || fail "another $1 with context factory $context"
	done
	expect 0 "$driver" run "$scenario" --check -f "$1"
	cmp first out || fail "another $1 under the second engine"
}

agree json
[ "$(grep -c '"outcome": "done"' first)" -eq 7 ] || fail "not all are done"
agree fingerprint
scenario=$source_dir/tests/support/two-hosts-udp.scn
agree json
[ "$(grep -c '"outcome": "done"' first)" -eq 10 ] || fail "not all are done"
agree fingerprint
scenario=$source_dir/tests/support/two-hosts.scn

# the dump of a variant is the variant
for variant in slow-reader board-receives; do
	expect 0 "$loansim" check --dump --variant $variant "$scenario"
	cp out $variant.scn
	expect 0 "$loansim" run "$scenario" --variant $variant -q -f csv
	grep "^$variant," out >wanted
	expect 0 "$loansim" run $variant.scn -q -f csv
	grep "^$variant," out | cmp wanted - ||
		fail "$variant runs otherwise when dumped"
done

# a program that gives up says why, and the run is a result all the same
cat >refused.scn <<-END
	[scenario]
	duration = 2 s
	[peer]
	kind = host
	[process send]
	program = ttcp
	port = 7000
	[process sink]
	program = ttcp-r
	host = peer
	[process second]
	program = ttcp-r
	host = peer
END
expect 0 "$loansim" run refused.scn
says "process send gave up: ECONNREFUSED"
says "process second gave up: EADDRINUSE"

# the far host is told in explain, by its own names
expect 0 "$loansim" explain peer-kernel.hz peer.kind
prints 'peer-kernel.hz: a scenario key'

finish
