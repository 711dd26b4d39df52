#!/bin/bash
# Bad scenarios through the program itself: exit 3, every mistake with its line
# on standard error, nothing on standard output, the file as it was.
# usage: bad_input.sh PROGRAM SOURCE-FOLDER
set -u
program=$1
export LOANSIM_DATADIR=$2
export LC_ALL=C
scratch=$(mktemp -d)
trap 'chmod -R u+rwx "$scratch"; rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

state() {
	stat -c '%i %a %s %y %z' "$1" 2>/dev/null
	[ -f "$1" ] && sha256sum <"$1"
}

# refused CODE FILE MISTAKE...: "check FILE" exits with CODE and tells exactly
# these mistakes, in this order, one line each; "run FILE" refuses it as well
refused() {
	local code=$1 file=$2 before after status number=0 line
	shift 2
	before=$(state "$file")
	for command in run check; do
		"$program" "$command" "$file" >out 2>err </dev/null
		status=$?
		[ "$status" -eq "$code" ] ||
			fail "$command $file: exit $status, not $code"
		[ -s out ] && fail "$command $file: talk on standard output"
		[ "$(wc -l <err)" -eq $# ] ||
			fail "$command $file: $(wc -l <err) lines for $#:" \
			    "$(cat err)"
	done
	for mistake in "$@"; do
		number=$((number + 1))
		line=$(sed -n "${number}p" err)
		case $line in
		*"$mistake"*) ;;
		*) fail "$file: \"$line\" does not say \"$mistake\"" ;;
		esac
	done
	after=$(state "$file")
	[ "$before" = "$after" ] || fail "$file was touched"
}

# scenario NAME LINE...: a file with these lines and a process
scenario() {
	local name=$1
	shift
	printf '%s\n' "$@" '[process p]' >"$name"
}

all_keys='"loansim explain" lists all keys'
all_groups='scenario, board, kernel, link, path, path-back, peer, peer-board,'
all_groups+=' peer-kernel, network, file, process, variant, sweep, expect'

scenario key.scn '[kernel]' 'tcp_outptu = copy'
refused 3 key.scn "key.scn:2: error: [kernel] tcp_outptu: unknown key;\
 $all_keys; did you mean \"tcp_output\"?"

scenario group.scn '[kernle]'
refused 3 group.scn "group.scn:1: error: [kernle]: unknown group; permitted:\
 $all_groups; did you mean \"kernel\"?"

scenario program.scn '[process q]' 'program = ttpc'
refused 3 program.scn "program.scn:2: error: [process q] program: \"ttpc\" is\
 not known; permitted: ttcp, ttcp-r, udpstream, udpsink, scribbler, mmapwin,\
 ftpd, httpd, smbd, nfsd, filecopy, client, replay; did you mean \"ttcp\"?"

scenario unit.scn '[link]' 'delay = 10' 'mtu = 1500 s' '[kernel]' \
	'somaxkva = 16 MB'
refused 3 unit.scn \
	'unit.scn:2: error: [link] delay: "10" has no unit; permitted: ps, ns' \
	'unit.scn:3: error: [link] mtu: "1500 s" has a wrong unit' \
	"unit.scn:5: error: [kernel] somaxkva: \"16 MB\" could mean powers of\
 1024 or of 1000; permitted: MiB (2^20 B) or, for 10^6 B, 1000 kB"

scenario range.scn '[scenario]' 'duration = 5000 s' '[kernel]' 'hz = -1 Hz' \
	'cost.syscall = 100000000000000000000' 'cost.mget = 1e400'
refused 3 range.scn \
	"range.scn:2: error: [scenario] duration: \"5000 s\" is out of range;\
 permitted: 1 ms .. 4000 s" \
	"range.scn:4: error: [kernel] hz: \"-1 Hz\" is out of range; permitted:\
 10 Hz .. 10 kHz" \
	"range.scn:5: error: [kernel] cost.syscall:\
 \"100000000000000000000\" is out of range" \
	'range.scn:6: error: [kernel] cost.mget: "1e400" is no number'

scenario path.scn '[path]' 'loss = 1 percent' 'burst = 0.5' \
	'drop = data 20, dta 21, ack 7+1' 'rate = 1 MB/s' \
	'[path-back]' 'reorder = 1 %'
refused 3 path.scn \
	'path.scn:2: error: [path] loss: "1 percent" has a wrong unit' \
	"path.scn:3: error: [path] burst: \"0.5\" is out of range; permitted:\
 1 .. 1000" \
	"path.scn:4: error: [path] drop: \"dta 21\" is no kind of frame;\
 permitted: none, or a list of data N" \
	"path.scn:4: error: [path] drop: \"ack 7+1\" counts retransmissions" \
	"path.scn:5: error: [path] rate: \"1 MB/s\" has a wrong unit" \
	"path.scn:7: error: [path-back] reorder: frames are held back for\
 longer than no time"

scenario twice.scn '[kernel]' 'hz = 100 Hz' 'hz = 200 Hz' '[link]' '[kernel]'
refused 3 twice.scn \
	'twice.scn:3: error: [kernel] hz: given twice; the first is in line 2' \
	'twice.scn:5: error: [kernel]: given twice; the first is in line 1'

scenario latin.scn "# caf"$'\xe9' '[kernel]' 'hz = 5 Hz'
refused 3 latin.scn 'latin.scn:1: error: not UTF-8: byte 0xe9 in column 6' \
	'latin.scn:3: error: [kernel] hz: "5 Hz" is out of range'

printf '[process p]\nalign = 3\0 B\nso_sndbuf = 1 B\n' >nul.scn
refused 3 nul.scn 'nul.scn:2: error: NUL byte' \
	'nul.scn:3: error: [process p] so_sndbuf: "1 B" is out of range'

: >empty.scn
refused 3 empty.scn 'empty.scn: error: the file is empty'

mkdir folder.scn
refused 3 folder.scn 'folder.scn: error: cannot be read: it is a directory'
refused 3 missing.scn 'missing.scn: error: cannot be read: No such file'

head -c 1000000 /dev/zero | tr '\0' x >mega.scn
printf '\n[process p]\nalign = 3\n' >>mega.scn
refused 3 mega.scn \
	'mega.scn:1: error: line of 1000000 bytes; permitted: at most 4096' \
	'mega.scn:3: error: [process p] align: "3" has no unit'

printf '[board]\nprofile = b.board\n' >a.board
printf '[board]\nprofile = a.board\n' >b.board
scenario circle.scn '[board]' 'profile = a.board'
refused 3 circle.scn "b.board:2: error: [board] profile: the profiles build on\
 each other in a circle: a.board -> b.board -> a.board"

scenario names.scn '[variant a b]' '[variant a]' '[variant a]' \
	'[variant c]' 'process.q.align = 1 B'
refused 3 names.scn \
	'names.scn:1: error: [variant a b]: bad name' \
	'names.scn:3: error: [variant a]: a second variant of that name' \
	"names.scn:5: error: [variant c] process.q.align: there is no\
 [process NAME] named \"q\"; there is p; did you mean \"p\"?"

scenario expect.scn '[variant before]' '[expect]' 'befor.acks = 1' \
	'before.thruput = 1' 'before.throughput = 6500' \
	'before.acks = 3 +- 1 KB' 'before.acks = 7' 'before.acks >= 7' \
	'acks = 3'
refused 3 expect.scn \
	"expect.scn:3: error: [expect] befor.acks: there is no variant\
 \"befor\"; permitted: before; did you mean \"before\"?" \
	'expect.scn:4: error: [expect] before.thruput: there is no result' \
	"expect.scn:5: error: [expect] before.throughput: \"6500\" has no unit;\
 permitted: KB/s" \
	'expect.scn:6: error: [expect] before.acks: "1 KB" has a wrong unit' \
	'expect.scn:8: error: [expect] before.acks: given twice; the first' \
	"expect.scn:9: error: [expect] acks: acks of which variant? permitted:\
 VARIANT.acks"

# what is said of a far end that is not there
scenario far.scn '[peer-board]' 'cpu.clock = 1 GHz' \
	'[process q]' 'host = peer' '[process r]' 'program = ttcp-r' \
	'[variant v]' 'peer-kernel.hz = 50 Hz'
refused 3 far.scn \
	"far.scn:1: error: [peer-board]: the ideal peer has no board; write\
 kind = host in [peer] for a far end that has one" \
	"far.scn:4: error: [process q] host: a process on the far end needs\
 kind = host in [peer]; host is peer, kind is ideal" \
	"far.scn:6: error: [process r] program: nobody calls" \
	"far.scn:8: error: [peer-kernel] hz: the ideal peer has no kernel"

scenario far-host.scn '[peer]' 'kind = host' 'turnaround = 1 us' \
	'[peer-kernel]' 'hz = 1 Hz' 'delay = 1 s' '[process q]' 'repeat = 3'
refused 3 far-host.scn \
	"far-host.scn:3: error: [peer] turnaround: only the ideal peer has it,\
 and kind is host; write in [peer-kernel] what the host does" \
	'far-host.scn:5: error: [peer-kernel] hz: "1 Hz" is out of range' \
	"far-host.scn:6: error: [peer-kernel] delay: unknown key; it belongs to\
 [link]" \
	"far-host.scn:8: error: [process q] repeat: only a finite total can be\
 sent more than once; repeat is 3, total is unlimited"

refused 3 nosuch 'loansim: no scenario and no file is named "nosuch";'\
' "loansim list" tells which there are'

# root may read everything: then the rights are given up for this
scenario locked.scn
chmod 0 locked.scn
locked='locked.scn: error: cannot be read: Permission denied'
if [ "$(id -u)" -ne 0 ]; then
	refused 3 locked.scn "$locked"
elif command -v setpriv >/dev/null; then
	chmod 755 .
	setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$program" check locked.scn 2>err >out
	status=$?
	# the program itself may lie where nobody else may look
	if [ "$status" -ne 126 ] && [ "$status" -ne 127 ]; then
		[ "$status" -eq 3 ] || fail "locked.scn: exit $status"
		grep -qF "$locked" err || fail "locked.scn: $(cat err)"
	fi
fi

# standard input, and all files of one command
printf '[process p]\nalign = 9 KiB\n' | "$program" check - 2>err
[ $? -eq 3 ] || fail "check -: exit"
grep -q '^(stdin):2: error: \[process p\] align: ' err ||
	fail "check -: $(cat err)"
"$program" check key.scn range.scn 2>err
[ "$(wc -l <err)" -eq 5 ] || fail "two files: $(cat err)"
"$program" check a.board 2>err
[ $? -eq 3 ] || fail "check a.board: exit"
grep -qF 'in a circle: a.board -> b.board -> a.board' err ||
	fail "check a.board: $(cat err)"

# every wrong override, with what is wrong with it, in one go
"$program" run thorpe-2002 -s kernel.zh=3 -s board.cpu.clock=200 \
	-s krenel.hz=3 2>err
[ $? -eq 3 ] || fail "run with three wrong overrides: exit"
[ "$(wc -l <err)" -eq 3 ] || fail "three wrong overrides: $(cat err)"

# a control sequence in a file does not reach the terminal
scenario escape.scn '[scenario]' 'title = '$'\e[31m'
refused 3 escape.scn 'title: "\x1b[31m" has control characters'

[ "$failures" -eq 0 ] || exit 1
echo "bad input: all refused"
