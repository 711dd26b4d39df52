#!/bin/bash
# A network of the user's own: response times over two zones and the trunk that
# they share, and what becomes of platforms that are none.
# usage: platform.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"
mkdir nets
cp "$source_dir"/tests/platforms/*.xml nets

# scenario NAME NETWORK-LINES CLIENT-LINES EXPECT-LINES
scenario() {
	cat >"$1.scn" <<-END
		[scenario]
		duration = 20 s
		[network]
		$2
		[file page]
		size = 10000 B
		cached = yes
		[file line]
		size = 710 B
		cached = yes
		[process www]
		program = httpd
		tcp_nodelay = yes
		count = 20
		[process c]
		program = client
		host = clients
		requests = unlimited
		$3
		$4
	END
}

# met NAME
met() {
	expect 0 "$loansim" run "$1.scn" --check
	says "expectations met"
}

zones=$'platform = nets/zones.xml\nboard = server'

# Twenty ask without a pause, and the trunk is busy all the time, in both
# directions, since it is SHARED.  For each page it carries, 90 bytes with each
# packet for headers and framing: 300 of a request, 290 of a header, 10000 in
# seven segments, 4 acknowledgements: 300 + 10290 + 9 x 90 + 4 x 90 = 11760
# bytes, 9.408 ms at 1.25 MB/s.  So a client waits for 20 of them, 188.2 ms, and
# in 20 s there are 2125, but for the first round and the last.
scenario busy "$zones" $'files = page\ncount = 20' '[expect]
response_mean = 188.2 ms +- 1 %
requests <= 2125
requests >= 2085'
met busy

# Four alone in their houses, in turn, each after a pause: 11 ms there and 11 ms
# back; 390 bytes of the request and 1090 of the response pass the trunk and the
# line at 1.25 MB/s and the wire at ten times that: 22 ms + 1480 x 2.1 x 0.8 us
# = 24.49 ms, and less than 1 ms of the board's own.
scenario idle "$zones" 'files = line
count = 4
think = 2 s
at = west, north' '[expect]
response_mean >= 24.48 ms
response_mean <= 25.48 ms
requests_failed = 0'
met idle

# a dump, of that name and beside the same platform, is dumped to the same bytes
mkdir again
cp -r nets again
"$loansim" check --dump idle.scn >again/idle.scn || fail "no dump of idle.scn"
expect 0 "$loansim" check --dump again/idle.scn
cmp -s again/idle.scn "$scratch/out" || fail "a dump of a dump differs"

# the folder of the scenario is where its paths begin
mkdir elsewhere
mv nets/zones.xml elsewhere
sed 's/nets\///' busy.scn >elsewhere/busy.scn
expect 0 "$loansim" check elsewhere/busy.scn

# refused STATUS NETWORK-LINES CLIENT-LINES MESSAGE...
refused() {
	local status=$1 message
	scenario bad "$2" $'files = page\n'"$3" ''
	shift 3
	expect "$status" "$loansim" run bad.scn
	for message in "$@"; do
		says "$message"
	done
	[ -s out ] && fail "results of what was refused: $(cat out)"
}

refused 3 $'platform = nosuch.xml\nboard = server' '' \
	'bad.scn:4: error: [network] platform: nosuch.xml cannot be read: No'
refused 3 $'platform = nets/malformed.xml\nboard = server' '' \
	'nets/malformed.xml:6: error: no well-formed XML: '
refused 3 $'platform = nets/profile.xml\nboard = server' '' \
	'nets/profile.xml:5: error: state_file of a host: what changes with' \
	'nets/profile.xml:10: error: trace_connect: what changes with time is'
refused 3 $'platform = nets/small.xml\nboard = servr' '' \
	'bad.scn:5: error: [network] board: nets/small.xml has no host "serv' \
	'; there are: server, near, far; did you mean "server"?'
refused 3 $'platform = nets/small.xml\nboard = server' 'at = near, fra' \
	'bad.scn:21: error: [process c] at: nets/small.xml has no host "fra"' \
	'; there are: server, near, far; did you mean "far"?'
refused 3 $'platform = nets/small.xml' '' 'bad.scn:4: error: [network]' \
	'platform: which of its hosts is the board? write board = NAME'

# what only SimGrid finds out
refused 4 $'platform = nets/no-route.xml\nboard = server' '' \
	'no route from server to near'
refused 4 $'platform = nets/lonely.xml\nboard = server' '' \
	'the platform has no host but the board'
refused 4 $'platform = nets/slow.xml\nboard = server' '' \
	'the bandwidth of the link pigeon is 8 bit/s; permitted: 1 kbit/s'

# well-formed XML that is no platform
doctype='<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">'
for text in '<platform version="4.1"/>' '<html/>' \
	'<platform version="4.1"><zone id="z" routing="Fast"><host id="server"
	speed="1Gf"/></zone></platform>' \
	'<platform version="4.1"><zone id="z" routing="Full"><host id="server"
	speed="fast"/></zone></platform>' \
	'<platform version="4.1"><zone id="z" routing="Full"><host id="server"
	speed="1Gf"/><host id="server" speed="1Gf"/></zone></platform>' \
	'<platform version="4.1"><zone id="z" routing="Full"><host id="server"
	speed="1Gf"/><include file="nosuch.xml"/></zone></platform>' \
	'<platform version="4.1"><zone id="z" routing="Full"><host id="server"
	speed="1Gf"/><host id="b" speed="1Gf"/><link id="l" bandwidth="1MBps"
	latency="20s"/><route src="server" dst="b"><link_ctn id="l"/></route>
	</zone></platform>' \
	'<platform version="3"><AS id="z" routing="Full"><host id="server"
	power="1Gf"/></AS></platform>'; do
	printf '%s\n' "$doctype" "$text" >odd.xml
	scenario odd $'platform = odd.xml\nboard = server' 'files = page' ''
	"$loansim" run odd.scn >out 2>err
	status=$?
	[ $status -eq 3 ] || [ $status -eq 4 ] ||
		fail "exit $status: $text: $(cat err)"
	grep -q 'odd.*: ' err || fail "not told: $text: $(cat err)"
done

# SimGrid's parser begins with the DOCTYPE, and says of others what helps nobody
sed 2d nets/small.xml >nets/bare.xml
refused 3 $'platform = nets/bare.xml\nboard = server' '' \
	'nets/bare.xml:4: error: no DOCTYPE before the first element; write' \
	'<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">'

finish
