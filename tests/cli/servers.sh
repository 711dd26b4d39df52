#!/bin/bash
# Servers and programs of files on a whole board: what each delivers, by either
# method, lent and copied, and that all requests come whole.
# usage: servers.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

# scenario NAME PROGRAM SERVER-LINES CLIENT-LINES EXPECT...: three servers,
# three clients that connect twice, and a file that is cached; each expectation
# of the two variants
scenario() {
	local name=$1 variant expected
	cat >"$name.scn" <<-END
		[scenario]
		duration = 20 s
		[kernel]
		tcp_output = reference
		[file f]
		size = 20000 B
		cached = yes
		[file cold]
		size = 3000 B
		[process s]
		program = $2
		count = 3
		$3
		[process c]
		program = client
		host = clients
		count = 3
		connections = 2
		files = f, cold
		$4
		[variant copy]
		[variant loan]
		kernel.sosend_loan = yes
		kernel.nfs_loan = yes
		[expect]
	END
	shift 4
	for expected in "$@" 'requests_failed = 0'; do
		for variant in copy loan; do
			printf '%s.%s\n' "$variant" "$expected" >>"$name.scn"
		done
	done
	expect 0 "$loansim" run "$name.scn" --check
	says "expectations met"
}

# Files in turn: two requests of a connection ask for both.  6 x (20000 + 3000 +
# 2 x 290) bytes come; each connection gets 23580.
for method in read mmap; do
	scenario "www-$method" httpd "method = $method" 'requests = 2' \
		'requests = 12' 'connections = 6' \
		'least_acked = 23580 B' 'most_acked = 23580 B'
	# one file each: a connection is over with it
	scenario "ftp-$method" ftpd "method = $method" '' \
		'requests = 6' 'connections = 6' \
		'least_acked = 3000 B' 'most_acked = 20000 B'
	# five pieces of one file and one of the other, each with a header of 63
	scenario "smb-$method" smbd "method = $method" \
		$'requests = 2\npiece = 4000 B' \
		'requests = 36' 'connections = 6' \
		'least_acked = 23378 B' 'most_acked = 23378 B'
done
# three, of which one may have accepted all
scenario www-poll httpd $'method = mmap\nevents = poll' 'requests = 2' \
	'requests = 12' 'connections = 6' \
	'least_acked = 23580 B' 'most_acked = 23580 B'
# three pieces and one, with 132 bytes each
scenario nfs nfsd '' $'requests = 2\npiece = 8 KiB' \
	'requests = 24' 'connections = 6' \
	'least_acked = 23528 B' 'most_acked = 23528 B'
# the cold file's page is read once, whoever asks
scenario cold httpd 'method = mmap' 'requests = 2' 'page_ins = 1'

# A copy of 5 pages is written once for each pass, since it is waited for.
for method in read mmap; do
	cat >copy.scn <<-END
		[scenario]
		duration = 20 s
		[file f]
		size = 20000 B
		[process cp]
		program = filecopy
		files = f
		method = $method
		read_size = 8 KiB
		passes = 3
		[expect]
		page_ins = 5
		pages_written = 15
	END
	expect 0 "$loansim" run copy.scn --check
	says "2 of 2 expectations met"
done

# mmapwin sends all of its files, again and again, and a window may be larger
cat >window.scn <<-END
	[scenario]
	duration = 20 s
	[kernel]
	tcp_output = reference
	[file f]
	size = 20000 B
	[file g]
	size = 5 B
	[process p]
	program = mmapwin
	files = f, g
	passes = 3
	window = 8 KiB
	[variant small]
	[variant large]
	process.p.window = 1 MiB
	kernel.sosend_loan = yes
	[expect]
	small.most_acked = 60015 B
	large.most_acked = 60015 B
	large.page_ins = 6
END
expect 0 "$loansim" run window.scn --check
says "3 of 3 expectations met"

# full NAME WRITERS EXPECT...: 16 open files in all, of which others have some;
# $server: more lines of the server
server=
full() {
	cat >"$1.scn" <<-END
		[scenario]
		duration = 20 s
		[kernel]
		maxfiles = 16
		[file f]
		size = 20000 B
		[process s]
		program = httpd
		$server
		[process c]
		program = client
		host = clients
		files = f
		connections = 2
		[process others]
		program = ttcp
		count = $2
		[expect]
	END
	printf '%s\n' "${@:3}" >>"$1.scn"
	expect 0 "$loansim" run "$1.scn" --check
	says "expectations met"
}

# one for the connection, and none for its file: the server closes it
full no-file 14 'connections = 2' 'requests = 0' 'requests_failed = 2'
# none for the connection: it waits, and the client with it
full no-socket 15 'connections = 0' 'requests = 0'
# room for both
full enough 13 'connections = 2' 'requests = 2' 'requests_failed = 0'

# the same of one that polls: it has closed its file before it asks for more
server=$'method = mmap\nevents = poll'
full poll-no-file 14 'connections = 2' 'requests = 0' 'requests_failed = 2'
full poll-no-socket 15 'connections = 0' 'requests = 0'
full poll-enough 13 'connections = 2' 'requests = 2' 'requests_failed = 0'

finish
