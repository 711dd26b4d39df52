#!/bin/bash
# What explain --run --limits finds, where a formula says what it has to be.
# usage: limits.sh PROGRAM SOURCE-FOLDER
# shellcheck source=tests/support/cli.sh
. "$(dirname "$0")/../support/cli.sh" "$@"

# A kernel that costs nothing, on a memory that hardly does.
{
	cat <<'EOF'
[scenario]
title = limits
duration = 2 s
warmup = 500 ms
[board]
cpu.clock = 100 MHz
cpu.cpi = 1
cache.l1 = none
memory.read_bandwidth = 1000 MB/s
memory.write_bandwidth = 1000 MB/s
memory.miss_cycles = 0
[kernel]
EOF
	"$loansim" explain | tr ' ' '\n' | sed -n 's/^cost\..*/& = 0/p'
} >free

# limits NAME ARGUMENT...: the table, and nothing beyond 80 columns
limits() {
	expect 0 timeout 60 "$loansim" explain --limits --run "$@"
	awk 'length($0) > 80 { exit 1 }' out || fail "$*: beyond 80 columns"
}

# is RESOURCE LOW HIGH [COLUMN]: KB/s with it free, or with column 4 or more
# those of its ceiling
is() {
	awk -v name="$1" -v low="$2" -v high="$3" -v column="${4:-2}" '
	    $1 == name && $2 ~ /^[0-9.]+$/ && !found {
		found = 1
		value = column == "alone" ? $NF : $column
		ok = value >= low && value <= high
	    }
	    END { exit !ok }' out ||
		fail "$1 not in $2 .. $3: $(head -n 16 out)"
}

# A program that sends 5 MB/s of datagrams over 10 Mbit/s, where 1472 bytes in
# 1538 byte times of 800 ns are 1168.3 KB/s.  On a wire that is free all of
# them pass: 5000000 / 1024 = 4882.8.
cat free - >wire.scn <<'EOF'
[link]
kind = 10baseT-FDX
[process p]
program = udpstream
write_size = 1472 B
rate = 5 MB/s
EOF
limits wire.scn
prints 'limited by wire'
is '(none)' 1167 1169.5
is wire 4881 4885
is CPU 1167 1169.5
is wire 1167 1169.5 alone

# A system call of 100000 cycles of 10 ns: 1472 bytes in 1 ms are 1437.5 KB/s,
# and as many alone; without it the wire takes 11683.2.
sed '/^cost.syscall/d' free >most
cat most - >cpu.scn <<'EOF'
cost.syscall = 100000
[process p]
program = udpstream
write_size = 1472 B
EOF
limits cpu.scn
prints 'limited by CPU'
is '(none)' 1430 1438
is CPU 11681 11685
is CPU 1436 1438.5 alone

# A window of 20 segments over 50 ms, 29200 bytes, are 570.3 KB/s at most: 40
# round trips in 2 s, of which the interval may cut one.  A large window fills
# the wire, at 1460 bytes in 1538 byte times of 80 ns: 11588 KB/s.
cat free - >window.scn <<'EOF'
tcp_timestamps = no
[path]
delay = 25 ms
[path-back]
delay = 25 ms
[peer]
delack_segments = 1
[process p]
program = ttcp
so_sndbuf = 29200 B
so_sndlowat = 1 B
EOF
limits window.scn -s scenario.duration=4s -s scenario.warmup=2s
is '(none)' 556 570.4
is wire 556 570.4
is window 11530 11590

# A track of 100 sectors that takes 10 ms passes 5000 KB/s under the head, and
# the head never moves: 8 MiB take 1.6384 s, and what comes before and behind
# them, some ms: a revolution at most, and a window on the wire.  As many alone.
# With a disk a thousand times as fast the wire has 1448 payload bytes in 1538
# byte times of 80 ns: 11493 KB/s, if the first window comes at once.  It is
# busy but for what comes behind: more than 0.98.
{
	sed 's/^\[kernel\]/disk.sectors = 100\
disk.rpm = 6000\
disk.seek_single = 0 s\
disk.head_switch = 0 s\
disk.overhead = 0 s\
disk.buffer = 512 KiB\
disk.interface = 1000 MB\/s\
&/; s/^warmup.*/warmup = 0 s/; s/^duration.*/duration = 20 s/' free
	cat <<'EOF'
[file f]
size = 8 MiB
[process s]
program = ftpd
method = read
so_sndbuf = 128 KiB
[process c]
program = client
host = clients
connections = 1
files = f
EOF
} >disk.scn
limits disk.scn
prints 'limited by disk'
prints 'disk: its media give 5000.0 KB/s.'
is '(none)' 4900 5000
is disk 11300 11494
is disk 0.98 1 7
is disk 4900 5000 alone
is CPU 4900 5000
limits disk.scn -s file.f.cached=yes
prints 'at the ceiling of wire'
! grep -q 'disk: its media' out || fail 'an idle disk is told of'

# how far it is shows on a terminal, and nowhere else
limits wire.scn
[ ! -s err ] || fail "stderr is no terminal, and yet: $(cat err)"
if command -v script >/dev/null; then
	TERM=vt100 script -qec "'$loansim' explain --limits --run wire.scn" \
	    /dev/null </dev/null >typed
	grep -q 'base, 1 of 1 variants: 0 of [0-9]* reruns' typed ||
	    fail "nothing says how far it is: $(head -c 300 typed)"
fi

# a reader and a pause are told by name
cat free - >reader.scn <<'EOF'
[peer]
read_rate = 1 MB/s
[process p]
program = ttcp
EOF
limits reader.scn
prints 'limited by reader'
cat free - >pause.scn <<'EOF'
[process p]
program = ttcp
write_size = 8 KiB
pause = 10 ms
EOF
limits pause.scn
prints 'limited by application'
expect 0 "$loansim" explain limits
prints 'limits: a term'
expect 2 "$loansim" explain --limits
says '--limits needs --run SCENARIO'

# the books balance whatever is free
for file in "$source_dir"/scenarios/*.scn; do
	limits "$(basename "$file" .scn)" -s scenario.duration=150ms \
	    -s scenario.warmup=50ms
	prints 'KB = 1024 bytes'
done
finish
