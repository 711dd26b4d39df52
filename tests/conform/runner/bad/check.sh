#!/bin/bash
# The runner's own test: what it says to bad scripts, and its exit status.
# usage: check.sh [--update] CONFORM
set -u
update=false
[ "$1" != --update ] || { update=true; shift; }
conform=$1
cd "$(dirname "$0")" || exit 1
status=0

# says SCRIPT: what the runner says, and how it ends; long lists are cut
says() {
	word='[A-Za-z_0-9]+'
	said=$("$conform" "$1" 2>&1)
	ended=$?
	sed -E "s/(permitted: ($word, ){5})($word, ){5,}.*/\1.../" <<<"$said"
	echo "exit $ended"
}

for script in *.script missing-file; do
	expected=${script%.script}.expected
	if $update; then
		says "$script" >"$expected"
	elif ! diff -u "$expected" <(says "$script"); then
		echo "$script: not what $expected says"
		status=1
	fi
done
"$conform" >/dev/null 2>&1
[ $? -eq 2 ] || { echo "no script: exit status is not 2"; status=1; }
"$conform" --chek x >/dev/null 2>&1
[ $? -eq 2 ] || { echo "unknown option: exit status is not 2"; status=1; }
exit $status
