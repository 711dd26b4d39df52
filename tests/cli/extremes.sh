#!/bin/bash
# Scenarios at the edge of what is accepted: each comes to its end.
# usage: extremes.sh PROGRAM SOURCE-FOLDER
#
# Each of these once hung, crashed or ended as a deadlock.  The limit on time is
# there to end a hang; they take a fraction of a second.
set -u
driver=$(dirname "$1")/tests/loansim-driver
scenario=$2/scenarios/thorpe-2002.scn
status=0

# ends NAME KEY=VALUE...: exit code 0, whatever the result
ends() {
	local name=$1 key
	local -a sets=()
	shift
	for key; do
		sets+=(-s "$key")
	done
	timeout 120 "$driver" run "$scenario" --variant loan \
		-s 'scenario.warmup=0 s' "${sets[@]}" >/dev/null || {
		printf '%s: exit code %d\n' "$name" "$?"
		status=1
	}
}

# hardclock takes all of the processor: no process ever runs
ends 'starved by the clock' 'scenario.duration=1 s' 'scenario.drain=1 s' \
	'kernel.hz=10 kHz' 'board.cpu.clock=1 MHz'

# filling the buffer would take days: it ends with the run
ends 'filling for ever' 'scenario.duration=1 s' 'kernel.hz=10 Hz' \
	'process.ttcp.write_size=64 MiB' 'board.cpu.clock=1 MHz' \
	board.cpu.cpi=20 kernel.cost.fill_1k=100000

# a tail that waits for more, below the low-water mark, with nothing under way
ends 'more to come' 'scenario.duration=10 s' 'link.mtu=576 B' \
	'process.ttcp.so_sndbuf=3000 B' 'process.ttcp.so_sndlowat=3000 B' \
	peer.delack_segments=1 'board.cpu.clock=10 MHz' kernel.sosend_loan=no

# the largest seed, and a merge of small loans across a page's border
ends 'largest seed' 'scenario.duration=1 s' \
	scenario.seed=9223372036854775807
ends 'small loans' 'scenario.duration=1 s' 'kernel.sock_loan_thresh=100 B' \
	'process.ttcp.write_size=100 B' 'process.ttcp.align=4050 B' \
	'process.ttcp.so_sndbuf=2161 B' 'process.ttcp.so_sndlowat=1 B'
exit $status
