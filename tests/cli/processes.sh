#!/bin/bash
# As many processes as are permitted: 20000 servers run as they are; where the
# system has no room for them the run is refused before it begins, with the
# number that it has room for.  Clients need none: no number is refused.
# usage: processes.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

cat >many.scn <<-END
	[scenario]
	duration = 200 ms
	warmup = 0 s
	[kernel]
	maxfiles = 100000
	[file page]
	size = 1000 B
	[process www]
	program = httpd
	read_size = 4 KiB
	count = 10
	[process c]
	program = client
	host = clients
	files = page
	count = 20000
	think = 20 s
	[expect]
	requests >= 100
	requests_failed = 0
END

# the sanitizers take more address space than can be permitted here
grep -q __asan_init "$loansim" || {
	(
		ulimit -v 1000000
		"$loansim" run many.scn -s process.www.count=20000 \
			-s process.c.count=10 >out 2>err
		echo $? >status
	)
	[ "$(cat status)" -eq 4 ] || fail "exit $(cat status), not 4"
	[ -s out ] && fail "results of what was refused: $(cat out)"
	says "base: 20000 processes are too many: this system permits "
	says " (ulimit -v: "
	n=$(sed 's/.*permits \([0-9]*\) .*/\1/' err)

	# the number is right: so many do run, but for a few
	(
		ulimit -v 1000000
		"$loansim" run many.scn -s process.www.count=$((n - 110)) \
			-s process.c.count=10 >out 2>err
		echo $? >status
	)
	[ "$(cat status)" -eq 0 ] ||
		fail "$n processes: exit $(cat status): $(cat err)"

	(
		ulimit -v 1000000
		"$loansim" run many.scn --check >out 2>err
		echo $? >status
	)
	[ "$(cat status)" -eq 0 ] ||
		fail "20000 clients: exit $(cat status): $(cat err)"
}

expect 0 "$loansim" run many.scn --check
says "2 of 2 expectations met"

# more than there may be at all
expect 3 "$loansim" run many.scn -s process.c.count=20001
says 'process.c.count: "20001" is out of range; permitted: 1 .. 20000'

finish
