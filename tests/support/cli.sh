# shellcheck shell=bash disable=SC2034
# What the tests of the command line share.  Sourced with the program and the
# source folder as arguments; works in a folder of its own that is removed.
set -u
export LC_ALL=C.UTF-8
loansim=$(realpath "$1")
source_dir=$(realpath "$2")
n_failed=0
[ -x "$loansim" ] || {
	echo "no program: $1"
	exit 1
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1

# fail TEXT...: go on, but fail in the end
fail() {
	printf 'FAILED: %s\n' "$*"
	n_failed=$((n_failed + 1))
}

# expect STATUS COMMAND...: its output is left in out and err
expect() {
	local wanted=$1 status
	shift
	"$@" >"$scratch/out" 2>"$scratch/err"
	status=$?
	[ "$status" -eq "$wanted" ] ||
		fail "exit $status, not $wanted: $*: $(cat "$scratch/err")"
}

# says TEXT: the last command's stderr holds it
says() {
	grep -qF -e "$1" "$scratch/err" ||
		fail "stderr lacks \"$1\": $(cat "$scratch/err")"
}

# prints TEXT: the last command's stdout holds it
prints() {
	grep -qF -e "$1" "$scratch/out" ||
		fail "stdout lacks \"$1\": $(head -c 500 "$scratch/out")"
}

finish() {
	echo "$n_failed failures"
	[ "$n_failed" -eq 0 ]
	exit
}
