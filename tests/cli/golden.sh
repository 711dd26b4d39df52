#!/bin/bash
# Golden files: a value that moved is noticed, and named with its group; one
# command writes them anew; none is left over from a scenario that is gone.
# usage: golden.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

golden=$source_dir/tests/golden
tool=$golden/golden.sh
cat >quick.scn <<'END'
[scenario]
duration = 500 ms
warmup = 300 ms
[process p]
[variant a]
[variant b]
kernel.sosend_loan = yes
END

# doctor EXPRESSION: the golden file, with one thing changed by sed
doctor() {
	cp whole.fingerprint quick.fingerprint
	sed -i "$1" quick.fingerprint
	cmp -s whole.fingerprint quick.fingerprint &&
		fail "nothing was changed by $1"
	expect 1 "$tool" "$loansim" . quick.scn
}

leftovers() {
	for file in "$golden"/*.fingerprint; do
		[ -e "$source_dir/scenarios/$(basename \
			"$file" .fingerprint).scn" ] ||
			fail "$file has no scenario"
	done
}

first_time() {
	expect 1 "$tool" "$loansim" . quick.scn
	prints 'quick: has no golden file'
	expect 0 "$tool" --update "$loansim" . quick.scn
	expect 0 "$tool" "$loansim" . quick.scn
	[ ! -s out ] || fail "nothing moved, but: $(cat out)"
	cp quick.fingerprint whole.fingerprint
}

one_value_of_each_group() {
	acks=$(awk '/^\[/ { group = $0 } group == "[variant b segments]" &&
	    /^acks / { print $3 }' quick.fingerprint)
	doctor '/^\[variant b seg/,/^\[/s/^acks = .*/acks = 3/'
	[ "$(sed 1d out)" = "  b: segments moved
    acks: 3 -> $acks" ] || fail "another change than one: $(cat out)"
	doctor '/^\[variant a times/,/^\[/s/^elapsed_ps = /&1/'
	prints 'a: times moved'
	doctor '/^\[variant b loans/,/^\[/s/^loan_big = /&1/'
	prints 'b: loans moved'
	doctor '/^\[variant b costs/,/^\[/s/^cksum_read = .* loaded /&1/'
	prints 'b: costs moved'
	prints '    cksum_read loaded: 1'
	[ "$(wc -l <out)" -eq 3 ] || fail "more than one cost: $(cat out)"
	doctor '/^\[variant a results/,/^\[/s/^outcome = done/outcome = bad/'
	prints '    outcome: bad -> done'
	doctor '/^cow_faults/d'
	prints '    cow_faults: nothing -> 0'
	doctor '/^\[variant a loans/s/$/\nnew_counter = 3/'
	prints '    new_counter: 3 -> nothing'
}

# --update says what it writes over
update() {
	doctor '/^\[variant a times/,/^\[/s/^measured_ps = .*/measured_ps = 1/'
	expect 0 "$tool" --update "$loansim" . quick.scn
	prints '    measured_ps: 1 -> 200000000000'
	cmp whole.fingerprint quick.fingerprint || fail "not written anew"
	echo '[process' >broken.scn
	expect 1 "$tool" "$loansim" . broken.scn quick.scn
	prints 'broken: the run failed'
}

# nothing compared is nothing proved; an empty file holds nothing
too_little() {
	expect 2 "$tool"
	expect 2 "$tool" --update "$loansim" .
	says 'usage: golden.sh'
	: >quick.fingerprint
	expect 1 "$tool" "$loansim" . quick.scn
	prints '    measured_ps: nothing -> 200000000000'
}

leftovers
first_time
one_value_of_each_group
update
too_little
finish
