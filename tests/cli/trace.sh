#!/bin/bash
# loansim trace: four real recordings, and what is none.
# usage: trace.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

samples=$source_dir/scenarios/traces

# apache: header 211, the mapped file 1048576
expect 0 "$loansim" trace show "$samples/apache-mmap-1m.strace"
prints '1 writes, 1048787 bytes'
prints 'written from memory of the program: 211 bytes'
prints 'written from mappings: 1048576 bytes'
prints '1 unmappings, 1048576 bytes'
prints '     1048576 bytes  /srv/www/f1m.bin'
prints '323 accepted            86      1048787  socket:[101860]'
prints 'writev                         1         0               0       336'
prints 'openat (18, from line 241)'
grep -q 'Not understood' out && fail "something is not understood"
[ -s err ] && fail "it talks: $(cat err)"

# nginx: 32 * 32768, and a header of 246
expect 0 "$loansim" trace show "$samples/nginx-nosendfile-1m.strace"
prints '32 reads of files, 1048576 bytes'
prints '32 writes, 1048822 bytes'
prints 'written from buffers read into: 1048576 bytes'
prints '1 processes were never seen to be made'

# iperf3: 128 * 131072 from a file that it has mapped
expect 0 "$loansim" trace show "$samples/iperf3-client-bulk-16m.strace"
prints '2 connections called'
prints 'written from mappings: 16777216 bytes'

# lighttpd: ten connections, each 229 and 20480 bytes, of four files
expect 0 "$loansim" trace show "$samples/lighttpd-ten-20k.strace"
prints '10 clients at a time, for which it waits at once'
prints '10 sendfiles, 204800 bytes'
prints '1 processes wait for several connections at once'
prints '4 opens, reads or mappings of files are for several connections'

# nothing of it is wider than a screen
awk 'FNR > 1 && length > 80 { print FILENAME ":" FNR; exit 1 }' out ||
	fail "wider than 80 columns"

# calls that are not known or make no sense: name and lines
cat >odd.strace <<-'END'
	1 accept(3<socket:[7]>, NULL, NULL) = 4<socket:[8]>
	1 frobnicate(4<socket:[8]>) = 0
	1 write(4<socket:[8]>, "x", 1) = 1
	1 frobnicate(4<socket:[8]>) = 0
	1 write(4<socket:[8]>) = 1
END
expect 0 "$loansim" trace show odd.strace
prints 'frobnicate: lines 2, 4'
prints 'write: line 5'

# a recording in which nothing is sent is no mistake; it says so
echo '1 close(3) = 0' >idle.strace
expect 0 "$loansim" trace show idle.strace
prints 'nothing: no process of it sends anything'

# broken: every line that is, with its number; and the worst of several files
printf '1 close(3) = 0\n1 write(4, "a) = 3\n1 read(4, [}) = 1\n' >broken.strace
expect 3 "$loansim" trace show broken.strace
says 'broken.strace:2: error: a string or name that does not end'
says 'broken.strace:3: error: brackets do not match'
[ -s out ] && fail "a broken recording is shown"
expect 3 "$loansim" trace show idle.strace broken.strace
printf 'hello\n' >text.strace
expect 3 "$loansim" trace show text.strace
says 'text.strace:1: error: no line of it is a call as strace prints it'
: >empty.strace
expect 3 "$loansim" trace show empty.strace
expect 3 "$loansim" trace show "$loansim"

# cut off within a line: a note
head -c 51000 "$samples/apache-mmap-1m.strace" >cut.strace
expect 0 "$loansim" trace show cut.strace
prints 'the recording ends within its line'

# no file, a folder, and wrong words
expect 4 "$loansim" trace show nowhere.strace
says 'nowhere.strace: error: cannot be read: No such file or directory'
expect 4 "$loansim" trace show .
says '.: error: cannot be read: it is a directory'
expect 2 "$loansim" trace
expect 2 "$loansim" trace show
expect 2 "$loansim" trace list idle.strace
says 'cannot do "list", only "show" and "scenario"'
expect 4 "$loansim" trace show idle.strace -- nowhere.strace

# a scenario of each is right as it is printed, and runs to its end
for sample in apache-mmap-1m nginx-nosendfile-1m iperf3-client-bulk-16m; do
	expect 0 "$loansim" trace scenario "$samples/$sample.strace"
	mv out again.scn
	[ -s err ] && fail "it talks: $(cat err)"
	awk 'length > 80 && !/^trace = / { print; exit 1 }' again.scn ||
		fail "$sample: wider than 80 columns"
	expect 0 "$loansim" check again.scn
	expect 0 "$loansim" run again.scn -f csv
	[ "$(grep -cE '^(copy|loan|mmap),done,' out)" = 3 ] ||
		fail "$sample: $(cat out err)"
	# iperf3 receives what it is answered, which is left out
	if [ "$sample" = iperf3-client-bulk-16m ]; then
		says 'calls of the recording that moved bytes: 8 skipped, 0 not'
		says "see loansim trace show $samples/$sample.strace"
		[ "$(wc -l <err)" = 1 ] || fail "once is enough: $(cat err)"
	elif [ -s err ]; then
		fail "$sample: the run talks: $(cat err)"
	fi
	expect 0 "$loansim" run again.scn -q -f csv
	[ -s err ] && fail "$sample: not quiet: $(cat err)"
done

# calls that are not understood
expect 0 "$loansim" trace scenario odd.strace
mv out odd.scn
expect 0 "$loansim" run odd.scn --variant copy
says 'calls of the recording that moved bytes: 0 skipped, 3 not'

# beside the recording its name is enough
cp "$samples/apache-mmap-1m.strace" server.strace
expect 0 "$loansim" trace scenario server.strace
mv out server.scn
grep -qx 'trace = server.strace' server.scn || fail "another path"
grep -qx 'duration = 11 s' server.scn || fail "10 s and 1 for its MB"
expect 0 "$loansim" run server.scn --variant mmap

# over before a warm-up has ended: all of it is measured
expect 0 "$loansim" run server.scn --variant mmap -f csv
cp out all.csv
expect 0 "$loansim" run server.scn --variant mmap -f csv \
	-s 'scenario.warmup=5 s'
cmp -s <(grep ^mmap, out | cut -d, -f1-4) \
	<(grep ^mmap, all.csv | cut -d, -f1-4) || fail "less is measured"

# what cannot be one
expect 3 "$loansim" trace scenario idle.strace
says 'idle.strace: no process of it sends anything over a network'
[ -s out ] && fail "a scenario of nothing"
cp server.strace ' blank'
expect 3 "$loansim" trace scenario ' blank'
says 'a scenario cannot name such a path'
expect 3 "$loansim" trace scenario broken.strace
expect 4 "$loansim" trace scenario nowhere.strace
expect 2 "$loansim" trace scenario
expect 2 "$loansim" trace scenario server.strace server.strace

finish
