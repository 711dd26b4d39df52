#!/bin/bash
# The curves in plots/ are those of this program: two values of each kind of
# sensitivity.csv again, and the figure from the whole table.
# usage: sensitivity.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

plots=$source_dir/plots
keys=(kernel.cost.sbwalk board.memory.read_bandwidth board.dma.coherent)
expect 0 "$plots/sensitivity.sh" "$loansim" . "${keys[@]}"
grep -E "^(key|$(IFS='|'; echo "${keys[*]}"))," "$plots/sensitivity.csv" >kept
grep -v '^#' sensitivity.csv >fresh
# a heading, 11 points of two values, and one alternative
[ "$(wc -l <fresh)" -eq 24 ] || fail "$(wc -l <fresh) lines, not 24"
diff kept fresh >moved ||
	fail "sensitivity.csv is stale, run plots/sensitivity.sh: $(cat moved)"
[ ! -e sensitivity.svg ] || fail 'a figure of a part of the table'

command -v gnuplot >/dev/null || finish
cp "$plots/sensitivity.csv" .
expect 0 "$plots/sensitivity-figure.sh" .
for name in cpu.clock memory.read_bandwidth before loan \
	'change of the value'; do
	grep -qF "$name" sensitivity.svg || fail "the figure lacks \"$name\""
done
cmp -s sensitivity.svg "$plots/sensitivity.svg" ||
	fail 'plots/sensitivity.svg is not drawn from sensitivity.csv'

finish
