#!/bin/bash
# What explain --run says of the prices behind a run: each with its source, the
# board with the kind of each origin, and another machine when there is one.
# usage: fit.sh PROGRAM SOURCE-FOLDER
set -u
program=$1
export LOANSIM_DATADIR=$2
export LC_ALL=C
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

says() {
	grep -qE -- "$1" out || fail "no \"$1\" in: $(cat out)"
}

# explains SCENARIO ARGUMENT...: the table is in out
explains() {
	"$program" explain --run "$@" >all 2>err </dev/null ||
		fail "$*: exit $?: $(cat err)"
	sed -n '/^Costs against/,$p' all >out
	awk 'length($0) > 80 { exit 1 }' all || fail "$*: beyond 80 columns"
}

short='-s scenario.duration=1500ms'
explains thorpe-2002 $short
says '^Costs against their sources, at 200 MHz and 2.7 cycles an instruction$'
# 400 instructions of 2.7 cycles of 5 ns; 1224 and 1800 such cycles
says '^syscall +400 +5\.400 +6\.120 \.\. 9\.000 +0\.71$'
says '^sum, see below +1880 +25\.380 '
says '^    = 2 syscall \+ 2 uiomove \+ 2 wakeup \+ ctxsw$'
says '^cpu\.cpi +2\.7 +fitted$'
says '^pci\.bandwidth +132 MB/s +datasheet$'
[ "$(grep -c ' fitted$' out)" -eq 3 ] || fail "not three values are fitted"
grep -q 'no source' out && fail "an operation without a source"
# the four variants are one machine
[ "$(grep -c '^Costs against' out)" -eq 1 ] || fail "not one table"

# an override changes the price, not what is said of it
explains thorpe-2002 $short -s kernel.cost.syscall=800
says '^syscall +800 +10\.800 +6\.120 \.\. 9\.000 +1\.43$'

cat >two.scn <<'EOF'
[process ttcp]
program = ttcp
[variant one]
[variant two]
board.cpu.clock = 400 MHz
[variant three]
kernel.hz = 200 Hz
EOF
explains two.scn $short
[ "$(grep -c '^Costs against' out)" -eq 2 ] || fail "not two tables"
says '^Variant two, where its machine is not that of one$'
says "^cpu\.clock +400 MHz +this file's$"

# what the prices do not depend on repeats none of them
sed -i 's/^board.cpu.clock = .*/board.memory.read_bandwidth = 99 MB\/s/' two.scn
explains two.scn $short
[ "$(grep -c '^Costs against' out)" -eq 1 ] || fail "a table told twice"
says "^memory\.read_bandwidth +99 MB/s +this file's$"
[ "$(grep -c '^memory.write_bandwidth' out)" -eq 1 ] ||
	fail "a value told twice"

# long names, and a price that is 2 * 10^8 instructions of 20 cycles
# against one cycle
long=$(printf 'v%.0s' {1..40})
cat >far.scn <<EOF
[kernel]
cost.syscall = 100000 insn
cost.syscall.cited = 1 cycles of 1000 syscall + 1000 connect: a guess
cost.connect = 100000 insn
[process ttcp]
program = ttcp
[variant ${long}1]
board.cpu.cpi = 20
[variant ${long}2]
EOF
explains far.scn $short
says ' 4000000000\.00$'

# the far host is another machine
cat >hosts.scn <<'EOF'
[peer]
kind = host
[peer-board]
memory.read_bandwidth = 99 MB/s
[process ttcp]
program = ttcp
[process ttcp-r]
program = ttcp-r
host = peer
EOF
explains hosts.scn $short
says '^The far host of base, where its machine is not the board of base$'
says "^memory\.read_bandwidth +99 MB/s +this file's$"
[ "$(grep -c '^Costs against' out)" -eq 1 ] || fail "the same prices twice"

"$program" explain kernel.cost.ctxsw >out || fail "explain: exit $?"
says '^  cited +975 \.\. 1862 cycles: '
[ "$(grep -c '^  cited' out)" -ge 2 ] || fail "the sums are not told"

[ "$failures" -eq 0 ] || exit 1
echo "fit: each price has its source"
