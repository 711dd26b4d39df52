#!/bin/bash
# The commands that need no simulation: what they print, where, and their exit
# codes.
# usage: commands.sh PROGRAM SOURCE-FOLDER
set -u
program=$1
source=$2
export LOANSIM_DATADIR=$source
export LC_ALL=C
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# does CODE ARGUMENT...: exit code; results in out, talk in err
does() {
	local code=$1 status
	shift
	"$program" "$@" >out 2>err </dev/null
	status=$?
	[ "$status" -eq "$code" ] || fail "$*: exit $status, not $code"
	if [ "$code" -eq 0 ]; then
		[ -s err ] && fail "$*: talk: $(cat err)"
	else
		[ -s err ] || fail "$*: fails without a word"
		[ -s out ] && fail "$*: results with exit $code"
	fi
	expand out | awk 'length($0) > 80 { exit 1 }' ||
		[ "${wide:-no}" = yes ] || fail "$*: more than 80 columns"
}

says() {
	grep -qF -- "$1" out err || fail "no \"$1\" in: $(cat out err)"
}

for help in -h --help help; do
	does 0 "$help"
	[ "$(wc -l <out)" -le 24 ] || fail "$help: more than 24 lines"
	says 'loansim run thorpe-2002'
done
for version in -V --version version; do
	does 0 "$version"
	says 'loansim 0.1.0'
	says 'SimGrid   3.'
	says 'GLib      2.'
done
for command in run sweep merge export compare plot check list explain version \
	help; do
	does 0 "$command" --help
	says "Usage: loansim $command"
	cp out by_option
	does 0 "$command" -h
	cmp -s out by_option || fail "$command -h is not --help"
	does 0 help "$command"
	cmp -s out by_option || fail "help $command is not --help"
	does 2 "$command" --hlep
	says 'did you mean --help?'
	does 2 "$command" -Q
	says 'unknown option "-Q"'
done

does 2
does 2 chek
says 'unknown command "chek"; did you mean "check"?'
does 2 --frobnicate
does 2 help rnu
says 'did you mean "run"?'
does 2 check
does 2 check --set
says 'option --set needs a value'
does 2 check -s
does 2 list x
does 2 version x

# a run is explained, or words are
does 2 explain --run thorpe-2002 cow
says 'no words beside it'
# what tells which run does nothing without one
does 2 explain --variant loan
says '--variant needs --run'
does 2 explain --limits
does 2 explain kernel.hz -s 'kernel.hz=200 Hz'
says '--set needs --run'
does 3 explain --run thorpe-2002 -s kernel.zh=3
does 3 explain --run no-such-scenario

does 0 list
says 'thorpe-2002       How much'
says 'netbsd-2002-05'

does 0 check thorpe-2002
[ -s out ] && fail "check has something to say"
does 0 check -- thorpe-2002
does 0 check "$source/scenarios/thorpe-2002.scn" \
	"$source/scenarios/boards/thorpe-2002.board" \
	"$source/scenarios/kernels/netbsd-2002-05.kernel"
does 3 check -s kernel.zh=3 thorpe-2002
says 'unknown key "zh" in [kernel]; did you mean "hz"?'
does 2 check -s nonsense thorpe-2002
does 3 check -s kernel.hz=3 thorpe-2002
says '"3" has no unit'
does 0 check -s 'kernel.hz=1 kHz' thorpe-2002
does 2 check --variant laon thorpe-2002
says 'did you mean "loan"?'

# the dump of a variant is a scenario, and its own dump
wide=yes
for variant in before tcp-fix loan-no-fix loan; do
	does 0 check --dump --variant $variant thorpe-2002
	cp out dump.scn
	does 0 check --dump --variant $variant dump.scn
	cmp -s out dump.scn || fail "the dump of $variant changes"
done
does 0 check --dump thorpe-2002
[ "$(grep -c '^\[variant ' out)" -eq 4 ] || fail "not four variants dumped"
wide=no

# every word that explain lists can be explained
does 0 explain
grep '^  [^"]*$' out | tr ' ' '\n' | grep . | sort -u >words
[ "$(wc -l <words)" -gt 80 ] || fail "explain lists few words"
mapfile -t words <words
does 0 explain "${words[@]}" loan cow kva mbuf cluster pendfree \
	'low-water mark' expect fingerprint \
	moves_per_byte 'wire limit' unloan spl
[ "$(grep -c '^[^ ].*: a' out)" -ge $((${#words[@]} + 13)) ] ||
	fail "explain leaves words out"
does 0 explain kernel.cost.syscall
says 'instructions'
says '(kernel profile netbsd-2002-05)'
does 0 explain expect
says 'loan.throughput / before.throughput >= 1.6'
# and so can be what it names
mapfile -t words < <(sed -n '/^  results /,/^  quantity /p' out |
	sed '$d; s/^  [a-z]* //' | tr -s ' ' '\n' | grep .)
does 0 explain "${words[@]}"
says 'dma_stalls'
does 0 explain throughput
says 'throughput_KBps: a column'
does 0 explain process.ttcp.write_size
says '1 B .. 64 MiB'
does 2 explain laon
says 'did you mean "loan"?'

# results that cannot be written are an error; a reader that left is no talk
"$program" explain >/dev/full 2>err
[ $? -eq 4 ] || fail "full disk: not exit 4"
grep -q 'No space left' err || fail "full disk: $(cat err)"
[ -c /dev/full ] || fail "/dev/full is no device any more"
"$program" explain >&- 2>err
[ $? -eq 4 ] || fail "closed standard output: not exit 4"
{
	sleep 0.2
	"$program" explain 2>err
	echo $? >status
} | true
[ "$(cat status)" -eq 4 ] || fail "closed pipe: exit $(cat status)"
[ -s err ] && fail "closed pipe: $(cat err)"

# nothing of this depends on where it is run from
unset LOANSIM_DATADIR
(cd / && "$program" check thorpe-2002) || fail "data not found from /"

[ "$failures" -eq 0 ] || exit 1
echo "commands: all as promised"
