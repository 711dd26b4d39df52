#!/bin/bash
# loansim trace show: three real recordings, and what is none.
# usage: trace.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

samples=$source_dir/tests/support/strace

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
says 'nowhere.strace: error:'
expect 4 "$loansim" trace show .
expect 2 "$loansim" trace
expect 2 "$loansim" trace show
expect 2 "$loansim" trace list idle.strace
says 'cannot do "list", only "show"'
expect 4 "$loansim" trace show idle.strace -- nowhere.strace

finish
