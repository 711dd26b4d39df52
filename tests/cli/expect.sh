#!/bin/bash
# Expectations: what is told of them and where, and what "run --check" makes of
# it.
# usage: expect.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

# scenario NAME LINE...: two short runs, and what is expected of them
scenario() {
	{
		printf '%s\n' '[scenario]' 'duration = 500 ms' \
			'warmup = 300 ms' '[process p]' '[variant a]' \
			'[variant b]' 'kernel.sosend_loan = yes' '[expect]'
		printf '%s\n' "${@:2}"
	} >"$1"
}

# silent: the last command had nothing to say
silent() {
	[ ! -s err ] || fail "talk: $(cat err)"
}

# Lines 9 to 13.  An ideal link loses nothing; b lends and a does not.
good=('a.retransmits = 0' 'a.loaned_share = 0' 'b.loan_big >= 1'
	'b.loaned_share = >= 0.01' 'a.segments / b.segments <= 100')

met() {
	scenario met.scn "${good[@]}"
	expect 0 "$loansim" run met.scn
	silent
	expect 0 "$loansim" run met.scn --check
	[ "$(cat err)" = "loansim: 5 of 5 expectations met" ] ||
		fail "another sum: $(cat err)"
	expect 0 "$loansim" run met.scn --check -q
	silent
	expect 0 "$loansim" run met.scn --check --variant b
	says '2 of 2 expectations met; 3 about variants that did not run'
}

# A miss is talk for run, and a failure for run --check; results stay the same.
missed() {
	scenario miss.scn 'a.retransmits >= 1' 'b.loan_big >= 1' \
		'a.loan_big / b.loan_big >= 1' 'b.loan_big / a.loan_big >= 1'
	"$loansim" run miss.scn >plain 2>err || fail "run fails on a miss"
	says 'miss.scn:9: missed: a.retransmits >= 1: it is 0, below 1'
	says 'miss.scn:11: missed: a.loan_big / b.loan_big >= 1: it is 0, below'
	says 'miss.scn:12: missed: b.loan_big / a.loan_big >= 1: it divides by'
	says 'loansim: 1 of 4 expectations met'
	[ "$(wc -l <err)" -eq 4 ] || fail "more than that: $(cat err)"
	cp err told
	expect 1 "$loansim" run miss.scn --check
	cmp err told || fail "--check says something else"
	cmp out plain || fail "--check gives other results"
	expect 0 "$loansim" run miss.scn -q
	silent
	expect 1 "$loansim" run miss.scn -q --check
	[ "$(wc -l <err)" -eq 3 ] || fail "-q --check: $(cat err)"
	expect 0 "$loansim" run miss.scn --check --variant b
	expect 1 "$loansim" run miss.scn --check --variant a
}

not_applicable() {
	for set in 'kernel.hz=200 Hz' 'scenario.seed=2' \
		'kernel.profile=netbsd-2002-05'; do
		expect 0 "$loansim" run miss.scn --check -s "$set"
		[ "$(cat err)" = "loansim: expectations are not applicable:\
 -s \"$set\" changes what they are about" ] ||
			fail "-s $set: $(cat err)"
	done
	expect 0 "$loansim" run met.scn --check -s scenario.title=Other
	says '5 of 5 expectations met'
	expect 1 "$loansim" run miss.scn --check -s scenario.title=Other
	printf '[scenario]\nduration = 2 s\n[process p]\n' >none.scn
	expect 0 "$loansim" run none.scn --check
	says 'none expects nothing: it has no [expect] entry'
	expect 0 "$loansim" run none.scn
	silent
}

# A run that does not come to its end has no result that could be met.
no_result() {
	printf '%s\n' '[scenario]' 'duration = 2 s' 'drain = 1 ms' \
		'[process p]' '[expect]' 'throughput >= 0 KB/s' >late.scn
	expect 0 "$loansim" run late.scn
	expect 1 "$loansim" run late.scn --check
	says 'missed: throughput >= 0 KB/s: base has no result: drain timeout'
}

# Verdicts are in the JSON; the dump of a variant has its expectations.
files() {
	expect 0 "$loansim" check met.scn --dump --variant b
	prints 'b.loaned_share >= 0.01'
	cp out b.scn
	expect 0 "$loansim" run b.scn --check
	says '2 of 2 expectations met'
	expect 0 "$loansim" check met.scn --dump
	prints 'a.segments / b.segments <= 100'
	expect 0 "$loansim" check met.scn --dump -s 'kernel.hz=200 Hz'
	grep -q expect out && fail "what does not apply is dumped"
	command -v jq >/dev/null || return
	expect 0 "$loansim" run miss.scn -f json
	jq -e '[.expectations[].verdict] == ["missed", "met", "missed",
	    "missed"] and .expectations[2].found == 0 and
	    .expectations[3].found == null and
	    (.expectations[1].found | type) == "number" and .schema == 1' \
		out >/dev/null || fail "no such JSON"
	expect 0 "$loansim" run miss.scn -f json -s scenario.seed=2
	jq -e 'all(.expectations[].verdict; . == "not applicable")' out \
		>/dev/null || fail "no such JSON under an override"
}

# What the shipped scenarios promise, they keep; their tables fit a terminal.
shipped() {
	for scenario in "$source_dir"/scenarios/*.scn; do
		expect 0 "$loansim" run "$scenario" --check
		says 'expectations met'
		awk 'length($0) > 80 { exit 1 }' out ||
			fail "$scenario: beyond 80 columns"
	done
}

met
missed
not_applicable
no_result
files
shipped
finish
