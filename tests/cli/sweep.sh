#!/bin/bash
# sweep: its options, its messages, and what it leaves in every case.
# usage: sweep.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"
scenario=$source_dir/tests/support/short-sweep.scn
faults=$(dirname "$loansim")/tests/libfaults.so

# n_rows STORE: the points that are recorded
n_rows() {
	"$loansim" export "$1" -f csv 2>/dev/null | grep -vc '^#\|^point,'
}

# has_rows STORE N
has_rows() {
	[ "$(n_rows "$1")" -eq "$2" ] ||
		fail "$1: $(n_rows "$1") points, not $2"
}

# the whole of it; nothing on standard output, nothing left beside the store
expect 0 "$loansim" sweep "$scenario" -o a.db
[ -s out ] && fail "sweep talks on standard output"
says '32 points run, 32 of 32 are in a.db'
has_rows a.db 32
[ "$(echo a.db*)" = a.db ] || fail "left: $(echo a.db*)"

# the same again runs nothing; a store that misses some gets those only
expect 0 "$loansim" sweep "$scenario" -o a.db
says '0 points run, 32 of 32 are in a.db'
expect 0 "$loansim" sweep "$scenario" -o b.db --shard 1/3
says '11 points run, 11 of 32 are in b.db'
expect 0 "$loansim" sweep "$scenario" -o b.db --shard 2/3 -q
[ -s err ] && fail "-q talks: $(cat err)"
expect 0 "$loansim" sweep "$scenario" -ob.db -j1
says '10 points run, 32 of 32 are in b.db'
"$loansim" export a.db -f csv >a.csv
"$loansim" export b.db -f csv | cmp - a.csv || fail "shards differ"
expect 0 "$loansim" sweep "$scenario" -o c.db -j 7 -q
"$loansim" export c.db -f csv | cmp - a.csv || fail "-j7 differs"

# names that SQLite takes for no file
expect 0 "$loansim" sweep "$scenario" -o :memory: -q
has_rows :memory: 32
"$loansim" sweep "$scenario" -o '' -q 2>err && fail "a store without a name"
says 'a store needs a name'

# a point of a sweep is the run with its values
expect 0 "$loansim" run "$scenario" -f csv --variant loan \
	-s process.ttcp.write_size='16 KiB' \
	-s board.memory.read_bandwidth='80 MB/s' \
	-s board.memory.write_bandwidth='62 MB/s'
alone=$(grep '^loan,' out | cut -d, -f3)
grep -q "^23,loan,1,1,16384,80000000,62000000,done,$alone," a.csv ||
	fail "no point 23 with $alone: $(grep '^23,' a.csv)"

# axes of the command line
expect 0 "$loansim" sweep "$scenario" --dry-run -n 1 -x 'variant=loan' \
	-x 'process.ttcp.write_size=1 KiB, 2 KiB'
prints '# 4 points'
prints 'process.ttcp.write_size = 1 KiB, 2 KiB'
expect 0 "$loansim" sweep "$scenario" -o d.db -x 'kernel.hz=50 Hz' -n1 -q
has_rows d.db 16

# the default name, in the folder where one is
expect 0 "$loansim" sweep "$scenario" -n 1 -q
[ -f short-sweep.db ] || fail "no short-sweep.db"

# another scenario or other axes: refused, or taken over
expect 4 "$loansim" sweep "$scenario" -o a.db -s scenario.duration='300 ms'
says 'a.db: is of another scenario: it had "duration = 200 ms", now'
says '"duration = 300 ms"; --force takes it over'
expect 0 "$loansim" sweep "$scenario" -o a.db --force -n 3
says '16 points run, 48 of 48 are in a.db'

# the same path, and something else in the file: another scenario
cp "$source_dir/scenarios/traces/nginx-nosendfile-1m.strace" server.strace
printf '[process s]\nprogram = replay\ntrace = server.strace\n' >trace.scn
expect 0 "$loansim" sweep trace.scn -o t.db -q -x 'kernel.hz = 50 Hz, 100 Hz'
expect 0 "$loansim" sweep trace.scn -o t.db -x 'kernel.hz = 50 Hz, 100 Hz'
says '0 points run, 2 of 2 are in t.db'
cp server.strace old.strace
sed '$d' old.strace >server.strace
expect 4 "$loansim" sweep trace.scn -o t.db -x 'kernel.hz = 50 Hz, 100 Hz'
says 'is of another scenario: it had "# contents of trace: SHA-256 '
expect 0 "$loansim" sweep trace.scn -o t.db --force \
	-x 'kernel.hz = 50 Hz, 100 Hz'
says '2 points run, 2 of 2 are in t.db'
echo 'not a store' >text.db
expect 4 "$loansim" sweep "$scenario" -o text.db --force
says 'text.db: is no store of loansim'
[ "$(cat text.db)" = 'not a store' ] || fail "text.db was changed"
expect 4 "$loansim" sweep "$scenario" -o nowhere/a.db
says 'nowhere/a.db'

# usage
expect 2 "$loansim" sweep
says 'no scenario given'
expect 2 "$loansim" sweep a b
expect 2 "$loansim" sweep "$scenario" -j 0
says '-j 0: permitted: 1 .. 1024'
for bad in 0/3 4/3 3 a/b 1/2/3 ''; do
	expect 2 "$loansim" sweep "$scenario" --shard "$bad"
	says '--shard'
done
expect 2 "$loansim" sweep "$scenario" -x kernel.hz
says '-x kernel.hz: is not of the form GROUP.KEY=VALUES'
expect 2 "$loansim" sweep "$scenario" --timeout 10
says '--timeout 10: permitted: a number above 0 and a unit: ps, ns'
expect 2 "$loansim" sweep "$scenario" --mem-limit '0 B'
expect 2 "$loansim" sweep "$scenario" --shrad 1/2
says 'did you mean'
expect 3 "$loansim" sweep "$scenario" -x 'kernel.hz=1 Hz, 2 Hz' \
	-x 'kernel.tcp_sendspac=1 KiB'
says '-x "kernel.hz=1 Hz, 2 Hz": error: kernel.hz: "1 Hz" is out of range'
says 'did you mean "tcp_sendspace"?'
[ -e nothing.db ] && fail "a refused sweep made a store"

# a second sweep into the same store while the first one runs
"$loansim" sweep "$scenario" -s scenario.duration='3000 s' -o e.db -q &
pid=$!
until [ -s e.db.lock ] || [ -e e.db.lock ]; do sleep 0.05; done
until grep -q . "/proc/$pid/task/$pid/children"; do sleep 0.05; done
expect 4 "$loansim" sweep "$scenario" -s scenario.duration='3000 s' -o e.db
says "e.db: process $pid is writing it"
kill -9 $pid
wait $pid 2>/dev/null

# a store that can be read and not written: said, and it stays as it is
expect 0 "$loansim" sweep "$scenario" -n 1 -o r.db -q
cp r.db r.old
(
	trap '' XFSZ
	ulimit -f 0
	"$loansim" sweep "$scenario" -n 1 -o r.db 2>&1 | cat
	exit "${PIPESTATUS[0]}"
) | cat >err
[ "${PIPESTATUS[0]}" -eq 4 ] || fail "not written, and not told: $(cat err)"
says 'r.db: '
cmp r.db r.old || fail "a store that could not be written has changed"

# an interrupt: children gone, the command to go on told
for signal in INT:130 TERM:143; do
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$loansim" sweep \
		"$scenario" -x 'scenario.duration=200 ms, 3000 s' -j2 \
		-o f.db 2>err &
	pid=$!
	until [ -f f.db ] && [ "$(n_rows f.db)" -ge 3 ]; do sleep 0.05; done
	read -r child _ <"/proc/$pid/task/$pid/children"
	kill -s "${signal%:*}" $pid
	wait $pid
	status=$?
	[ $status -eq "${signal#*:}" ] || fail "$signal: exit $status"
	says 'interrupted by'
	says "points are in f.db; to go on: loansim sweep $scenario -x"
	kill -0 "$child" 2>/dev/null && fail "$signal: a child lives on"
	ls f.db.lock 2>/dev/null && fail "$signal: a lock was left"
	n_rows f.db >before
	rm -f f.db
done

# points that fail: recorded, told, and the others go on
if ldd "$loansim" | grep -q libasan; then
	echo "faults cannot be loaded into a sanitized program: left out"
	finish
fi
expect 6 env LD_PRELOAD="$faults" \
	LOANSIM_FAULTS=2=crash,5=exit,9=hang,12=memory \
	"$loansim" sweep "$scenario" -j2 -o g.db --timeout '3 s' \
	--mem-limit '4 GiB'
says 'failed: crashed: the run was ended by signal 11 (Segmentation fault)'
says 'failed: crashed: the run ended with status 9 and no result'
says 'failed: timed out: the run took longer than 3.000 s and was ended'
says 'failed: crashed: the run needed more memory than it may have, 4 GiB'
says '32 points run, 32 of 32 are in g.db'
says '4 points failed; --retry runs them again'
expect 6 "$loansim" sweep "$scenario" -o g.db
says '0 points run'
# one of them alone
expect 6 env LD_PRELOAD="$faults" LOANSIM_FAULTS=1=exit \
	"$loansim" sweep "$scenario" --shard 1/32 -o one.db
says '1 point run, 1 of 32 are in one.db'
says '1 point failed; --retry runs it again'
# a retry that the store refuses leaves it as it was
if command -v sqlite3 >/dev/null; then
	sqlite3 g.db "CREATE TRIGGER t BEFORE DELETE ON point_part
		BEGIN SELECT RAISE(ABORT, 'no, thanks'); END"
	expect 4 "$loansim" sweep "$scenario" -o g.db --retry
	says 'g.db: no, thanks'
	[ "$(wc -l <err)" -eq 1 ] || fail "more than that: $(cat err)"
	sqlite3 g.db 'DROP TRIGGER t'
	has_rows g.db 32
fi
expect 0 "$loansim" sweep "$scenario" -o g.db --retry
says '4 points run, 32 of 32 are in g.db'
"$loansim" sweep "$scenario" -o h.db -q
"$loansim" export h.db -f csv >h.csv
"$loansim" export g.db -f csv | cmp - h.csv || fail "faults left a trace"
finish
