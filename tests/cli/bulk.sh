#!/bin/bash
# The benchmark measures the whole board: whatever may cost something does, in
# each variant, and the transfer is the one its comment says.
# usage: bulk.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

bulk=$source_dir/tests/bench/bulk.scn
expect 0 "$loansim" run "$bulk" --check
says '4 of 4 expectations met'

# Short, but with the expectations' interval in it.
expect 0 "$loansim" run "$bulk" -q -f fingerprint -s 'scenario.duration=3 s'
cp out whole

# costs VARIANT: the causes that cost it something
costs() {
	sed -n "/^\[variant $1 costs\]/,/^\$/s/^\([a-z_]*\) = .*/\1/p" whole
}

# value VARIANT GROUP KEY
value() {
	sed -n "/^\[variant $1 $2\]/,/^\$/s/^$3 = //p" whole
}

# What a kernel does for every segment, write, tick or connection.
both='app_fill syscall sosend mbuf fault page_zero sbappend sbdrop tcp_output
	cksum_read ip_output driver cache_clean interrupt softint tcp_input
	connect wakeup context_switch hardclock nic_dma'
for cause in $both copyin tcp_copy; do
	costs copy | grep -qx "$cause" || fail "copy: no $cause"
done
for cause in $both loan unloan; do
	costs loan | grep -qx "$cause" || fail "loan: no $cause"
done

# Contention, interrupts of both kinds, and both levels of the cache: a first
# level alone reads more from memory.
for variant in copy loan; do
	for counter in cpu_stall_ps cpu_idle_ps cpu_softint_ps; do
		[ "$(value $variant times $counter)" -gt 0 ] ||
			fail "$variant: no $counter"
	done
	for counter in tx_interrupts rx_interrupts tcp_output_calls; do
		[ "$(value $variant segments $counter)" -gt 0 ] ||
			fail "$variant: no $counter"
	done
done
l2_read=$(value copy costs cksum_read | grep -o ' read [0-9]*')
expect 0 "$loansim" run "$bulk" -q -f fingerprint -s 'scenario.duration=3 s' \
	-s board.cache.l2=none
cp out whole
[ "$(value copy costs cksum_read | grep -o ' read [0-9]*')" != "$l2_read" ] ||
	fail 'the second level changes nothing'

finish
