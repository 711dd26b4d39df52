#!/bin/bash
# Programs that meet what they cannot have: a mistake of the scenario at its
# line, or an outcome of the run that is told and counted; never more than that.
# usage: bad_programs.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

# refused LINE... -- MESSAGE...: the scenario of these lines is none
refused() {
	: >bad.scn
	while [ "$1" != -- ]; do
		printf '%s\n' "$1" >>bad.scn
		shift
	done
	shift
	expect 3 "$loansim" run bad.scn
	for message in "$@"; do
		says "$message"
	done
	[ "$(wc -l <"$scratch/err")" -eq $# ] || fail "more is told: $(cat err)"
}

# met NAME TEXT...: its expectations are, and this is told beside
met() {
	expect 0 "$loansim" run "$1.scn" --check
	says "expectations met"
	for text in "${@:2}"; do
		says "$text"
	done
}

# server NAME SERVER-LINES CLIENT-LINES EXPECT-LINES: a file of 20000 bytes,
# over lines of 1 Mbit/s
server() {
	cat >"$1.scn" <<-END
		[scenario]
		duration = 20 s
		[network]
		client_rate = 1 Mbit/s
		[file f]
		size = 20000 B
		cached = yes
		[process s]
		program = httpd
		$2
		[process c]
		program = client
		host = clients
		files = f
		$3
		$4
	END
}

# files that are not there, or find no room
refused '[file index]' 'size = 1 KiB' '[process p]' 'program = mmapwin' \
	'files = nosuch' -- "bad.scn:5: error: [process p] files: there is no\
 [file NAME] named \"nosuch\"; there is index"
refused '[process p]' 'program = mmapwin' 'files = nosuch' -- \
	'files: there is no [file NAME] named "nosuch"; there is none at all'
refused '[file a]' 'size = 1 MiB' '[file b]' 'size = 100 GiB' \
	'[process p]' 'program = mmapwin' 'files = a, b' -- "bad.scn:4: error:\
 [file b] size: this file, those before it and the copies that filecopy makes\
 do not fit the disk: they are 102401 MiB,\
 and it holds 19535040 KiB (board.disk.cylinders)"

# nobody at the port: a mistake, if nobody ever comes there
refused '[file a]' 'size = 1 B' '[process s]' 'program = httpd' 'port = 80' \
	'[process c]' 'program = client' 'host = clients' 'files = a' \
	'port = 81' -- 'bad.scn:4: error: [process s] program: nobody asks it'\
	'bad.scn:10: error: [process c] port: nobody answers at that port'

# ... and a refusal (ECONNREFUSED) until he comes.  Who is refused tries again
# after 1 s: at 0, 1, 2, 3 and 4 s, and the sixth time somebody listens.
server late 'start = 4500 ms' 'connections = 10' '[expect]
requests_failed = 5
requests = 5
connections = 5'
met late

# the same for a program that calls a host
cat >nobody.scn <<-END
	[scenario]
	duration = 2 s
	[peer]
	kind = host
	[process p]
	program = ttcp
	[expect]
	payload_bytes = 0
END
met nobody 'process p gave up: ECONNREFUSED'

# A program that takes one connection and goes: two others were let in, have
# written what their send buffers hold, and are reset.
cat >gone-host.scn <<-END
	[scenario]
	duration = 5 s
	[peer]
	kind = host
	[process p]
	program = ttcp
	count = 3
	total = 100 KiB
	[process r]
	program = ttcp-r
	host = peer
	connections = 1
	[expect]
	least_acked <= 16 KiB
	most_acked = 100 KiB
END
met gone-host 'process p gave up: EPIPE, 2 times'

# A queue for one holds two, as it is full above 3/2 of its length.  The server
# is busy with each page for 0.2 s, so that of those who call at once two get
# in, and the others send their SYN again after 3, 6, 12 and 24 s: 2 at a time,
# at 0, 3, 9, 21 and 45 s.  Who has not got in after 75 s gives up.
queue=$'[expect]\nrequests = '
server queue-20 'backlog = 1' $'count = 12\nconnections = 1' "${queue}6
requests_failed = 0"
met queue-20
server queue-50 'backlog = 1' $'count = 12\nconnections = 1' "${queue}10
requests_failed = 0"
sed -i 's/duration = .*/duration = 50 s/' queue-50.scn
met queue-50
server queue-80 'backlog = 1' $'count = 12\nconnections = 1' "${queue}10
requests_failed = 2"
sed -i 's/duration = .*/duration = 80 s/' queue-80.scn
met queue-80
server no-queue '' $'count = 12\nconnections = 1' "${queue}12"
met no-queue

# A client whose response never comes has gone after 300 s; the server sends
# until it gives up (ETIMEDOUT), and goes on with who has waited meanwhile.
server gone '' 'connections = 5' '[path]
drop = data 1, data 1+1, data 1+2, data 1+3, data 1+4, data 1+5, data 1+6
[expect]
connections = 5
requests = 4
requests_failed = 1
response_max >= 200 s
response_max <= 300 s'
for i in 7 8 9 10 11 12; do
	sed -i "s/^drop = .*/&, data 1+$i/" gone.scn
done
sed -i 's/duration = .*/duration = 1000 s/' gone.scn
met gone

# Clients that press stop.  Six connections, each abandoned as the first 4000
# bytes of 60000 are there: no send buffer holds the rest, the server sleeps in
# write(2), and has EPIPE six times.  Then six that read all: the server has
# gone on with them.
server abandoned 'count = 2' $'count = 6\nconnections = 1\nabandon = 100 %
abandon_after = 4000 B
[process d]
program = client
host = clients
files = f
count = 6
start = 1 s
connections = 1' '[expect]
requests_abandoned = 6
writes_epipe = 6
requests = 6
requests_failed = 0
connections = 12'
sed -i 's/^size = .*/size = 60000 B/' abandoned.scn
for lines in 'program = httpd' $'program = httpd\nmethod = mmap' \
	'program = ftpd' $'program = ftpd\nmethod = mmap'; do
	for loan in no yes; do
		sed "s/^program = httpd/${lines//$'\n'/\\n}/" \
			abandoned.scn >stop.scn
		printf '[kernel]\nsosend_loan = %s\n' $loan >>stop.scn
		met stop
	done
done
# File servers are asked for pieces: smbd wakes in write(2), nfsd has handed all
# of a reply to its socket, and hears of the reset as it reads on.
asked() {
	sed "s/^program = httpd/program = $1/
		s/^abandon = .*/&\npiece = $2/
		s/^start = .*/&\npiece = $2/
		s/^writes_epipe = .*/writes_epipe = $3/
		s/^requests = .*/requests = $4/" abandoned.scn >stop.scn
	met stop
}
asked smbd '60000 B' 6 6
asked $'smbd\\nmethod = mmap' '60000 B' 6 6
asked nfsd '20000 B' 0 18
# A slow reader leaves bytes unread in its buffer: a reset at once.
cp abandoned.scn stop.scn
printf '[peer]\nread_rate = 50 KB/s\ntcp_recvspace = 16 KiB\n' >>stop.scn
met stop
# Of 20290 bytes 4000 are gone, and nobody sleeps in write(2) for the rest.
sed 's/^size = .*/size = 20000 B/; s/^writes_epipe = .*/writes_epipe = 0/' \
	abandoned.scn >stop.scn
printf '[peer]\nread_rate = 50 KB/s\n' >>stop.scn
met stop

# More servers than open files: who finds none sleeps for a second, and goes on.
server files 'count = 20' $'count = 30\nconnections = 4' \
	$'[kernel]\nmaxfiles = 16\n[expect]\nconnections = 120'
met files 'calls found no open file (ENFILE, kernel.maxfiles)'

# The same of a process's own descriptors.  A server has one for its listener,
# one for the connection and one for the file: without the third a connection is
# closed, without the second nobody is let in, once a second (at 0 .. 19 s).
descriptors() {
	server "$1" '' $'count = 3\nconnections = 1' "[kernel]
open_max = $2
[expect]
connections = $3
requests = $4
requests_failed = $5"
	met "$1" "${@:6}"
}
descriptors fd-file 2 3 0 3 '3 calls found no descriptor (EMFILE, kernel.open_'
descriptors fd-socket 1 0 0 0 '20 calls found no descriptor (EMFILE, kernel.op'
descriptors fd-enough 3 3 3 0

# A recording of a server that has all of its connections in one process is
# refused before it runs, as nobody knows what it had done without them.
{
	echo '1 1.0 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3 <0.000010>'
	echo '1 1.1 listen(3, 511) = 0 <0.000010>'
	for i in {4..23}; do
		echo "1 2.$i accept(3, NULL, NULL) = $i <0.000010>"
	done
	for i in {4..23}; do
		echo "1 3.$i read($i, \"G\"..., 4096) = 100 <0.000010>"
		echo "1 4.$i write($i, \"H\"..., 4000) = 4000 <0.000010>"
	done
} >many.strace
refused '[kernel]' 'open_max = 20' '[process p]' 'program = replay' \
	'trace = many.strace' -- "bad.scn:5: error: [process p] trace: a\
 process has up to 40 descriptors at a time, and may have 20 (kernel.open_max)"

# A file that is cut while it is sent: cp opens it with O_TRUNC.  The four who
# get a page then get less than its header says, and their connection is closed;
# all others get what there is, 200000 bytes or 40000.  Of those who ask for
# pieces each has had two of 64 KiB after 1 s, or four of 32 KiB, and then four
# times all: 4 (2 + 4 x 4), and 4 (4 + 4 x 7).
cut() {
	cat >cut.scn <<-END
		[scenario]
		duration = 20 s
		[network]
		client_rate = 1 Mbit/s
		[file page]
		size = 200000 B
		cached = yes
		[file new]
		size = 40000 B
		[process s]
		program = $1
		count = 4
		[process c]
		program = client
		host = clients
		count = 4
		files = page
		connections = 5
		piece = $2
		[process cp]
		program = filecopy
		files = new
		copy_to = page
		start = 1 s
		passes = 1
		[variant copy]
		[variant loan]
		kernel.sosend_loan = yes
		kernel.nfs_loan = yes
		[expect]
		copy.requests_failed = 4
		loan.requests_failed = 4
		copy.requests = $3
		loan.requests = $3
	END
	met cut
}
for method in read mmap; do
	cut $'httpd\nmethod = '$method whole 16
	cut $'ftpd\nmethod = '$method whole 16
	cut $'smbd\nmethod = '$method '64 KiB' 72
done
cut nfsd '32 KiB' 128

# Who writes from a mapping of it has EFAULT from write(2).  Who stores to his
# private mapping of it is ended by SIGBUS.
cat >bus.scn <<-END
	[scenario]
	duration = 5 s
	[file page]
	size = 20 MiB
	cached = yes
	[file new]
	size = 1 MiB
	[process w]
	program = mmapwin
	files = page
	window = 1 MiB
	passes = 1
	[process cp]
	program = filecopy
	files = new
	copy_to = page
	start = 1 s
	passes = 1
	[variant efault]
	[variant sigbus]
	process.w.refill = touch
	[variant sigbus-loan]
	process.w.refill = full
	kernel.sosend_loan = yes
	[expect]
	efault.payload_bytes <= 20 MiB
	sigbus.payload_bytes >= 1 MiB
	sigbus-loan.payload_bytes >= 1 MiB
END
met bus 'efault: done: process w gave up: EFAULT' \
	'sigbus: done: process w was ended by SIGBUS' \
	'sigbus-loan: done: process w was ended by SIGBUS'

# Mistakes of somebody who is new to it: one line each, which names the way out.
page=('[file a]' 'size = 10 KiB')
www=('[process w]' 'program = httpd')
asks=('[process c]' 'program = client' 'host = clients' 'files = a')
refused '[files a]' 'size = 1 B' '[process p]' -- \
	'bad.scn:1: error: [files a]: unknown group; permitted: scenario,'
refused '[file]' 'size = 1 B' '[process p]' -- \
	'bad.scn:1: error: [file]: bad name; permitted: [file NAME], NAME of 1'
refused '[file a]' 'size = 10 MB' '[process p]' -- \
	'bad.scn:2: error: [file a] size: "10 MB" could mean powers of'
refused '[file a]' '[process p]' -- \
	'bad.scn:1: error: [file a]: has no size; write size = BYTES'
refused "${page[@]}" '[file b]' 'size = 1 B' "${www[@]}" "${asks[@]:0:3}" \
	'files = a 60 %, b 60 %' -- \
	'[process c] files: "a 60 %, b 60 %" has shares of 120 % in all; perm'
refused "${page[@]}" "${www[@]}" "${asks[@]:0:2}" 'host = client' 'files = a' \
	-- '[process c] host: "client" is not known; permitted: board, peer, '
refused "${page[@]}" '[process w]' 'program = http' "${asks[@]}" -- \
	'; did you mean "httpd"?'
refused "${page[@]}" "${www[@]}" "${asks[@]}" 'think = 5' -- \
	'bad.scn:9: error: [process c] think: "5" has no unit; permitted: ps, '
refused '[network]' 'platform = nosuch.xml' 'board = b' "${page[@]}" \
	"${www[@]}" "${asks[@]}" -- "bad.scn:2: error: [network] platform:\
 nosuch.xml cannot be read: No such file or directory"

finish
