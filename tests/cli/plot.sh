#!/bin/bash
# plot: three kinds of picture, scripts that stand alone, bad results.
# usage: plot.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

result=$source_dir/tests/support/figure.json

# begins FILE BYTES: what kind of file it is
begins() {
	[ "$(head -c ${#2} "$1" | tr '\211' '?')" = "$2" ] ||
		fail "$1 does not begin with $2"
}

pictures() {
	for type in png svg pdf; do
		expect 0 "$loansim" plot "$result" -t "$type" -o "a.$type"
		says "a.$type"
		expect 0 "$loansim" plot "$result" -q -o "b.$type"
		[ ! -s err ] || fail "-q is not quiet: $(cat err)"
	done
	begins a.png '?PNG'
	begins a.pdf '%PDF-'
	begins b.png '?PNG'
	begins b.pdf '%PDF-'
	cmp a.svg b.svg || fail "the ending does not say the type"
	for text in 'Four kernels, with round numbers' loan-no-fix 11480 \
		'wire limit 11493 KB/s' 'CPU share (percent)' \
		'throughput (KB/s, 1 KB = 1024 bytes)' 61.5; do
		grep -qF "$text" a.svg || fail "the figure lacks: $text"
	done
}

# Names are no markup: each must come out as it is written.
# shellcheck disable=SC2016 # the backquotes are text as well
literal_text() {
	sed -e 's/Four kernels, with/@a _b^2 {c} it'\''s 100% \\"d\\" `e`/' \
		-e 's/"tcp-fix"/"50%g_{x}"/g' "$result" >odd.json
	expect 0 "$loansim" plot odd.json -o odd.svg
	# the gnuplot terminal writes quotes as they are
	for text in '@a _b^2 {c} it' 's 100% ' '`e`' '50%g_{x}'; do
		grep -qF "$text" odd.svg || fail "not literal: $text"
	done
}

scripts() {
	expect 0 "$loansim" plot "$result" -t svg --print
	cp out figure.gp
	expect 0 "$loansim" plot "$result" -t svg -o direct.svg
	expect 0 gnuplot -d figure.gp
	cmp out direct.svg || fail "the printed script draws another figure"
	expect 0 env PATH=/nowhere "$loansim" plot "$result" --print
	prints 'figure_title = '
	expect 4 env PATH=/nowhere "$loansim" plot "$result" -o none.png
	says 'gnuplot-nox'
	[ ! -e none.png ] || fail "a picture without gnuplot"
}

names() {
	expect 0 "$loansim" plot "$result"
	begins fixture.png '?PNG'
	expect 4 "$loansim" plot "$result"
	says '--force'
	expect 0 "$loansim" plot "$result" --force
	expect 0 "$loansim" plot "$result" -o -
	begins out '?PNG'
	sed 's,"scenario": "fixture","scenario": "../up",' "$result" >up.json
	mkdir below
	expect 0 env -C below "$loansim" plot ../up.json
	[ -e below/up.png ] || fail "no picture in the working folder"
	[ ! -e up.png ] || fail "a name led out of the working folder"
}

bad_results() {
	expect 3 "$loansim" plot nothing.json
	says nothing.json
	mkdir folder.json
	expect 3 "$loansim" plot folder.json
	: >empty.json
	expect 3 "$loansim" plot empty.json
	head -c 1000 "$result" >cut.json
	expect 3 "$loansim" plot cut.json
	says cut.json
	sed 's/"schema": 1/"schema": 99/' "$result" >schema.json
	expect 3 "$loansim" plot schema.json
	says 'schema'
	sed 's/"wire_limit_KBps"/"limit"/' "$result" >column.json
	expect 3 "$loansim" plot column.json
	says 'rows[0].wire_limit_KBps: missing'
	sed '0,/"done"/s//"deadlock"/' "$result" >failed.json
	expect 3 "$loansim" plot failed.json
	says 'deadlock'
	[ -z "$(find . -name '*.png' -newer failed.json)" ] ||
		fail "a picture of a bad result"
}

usage() {
	expect 2 "$loansim" plot
	expect 2 "$loansim" plot a b
	expect 2 "$loansim" plot "$result" -t gif
	says 'png, svg and pdf'
	expect 2 "$loansim" plot "$result" -s scenario.seed=2
	says '-s'
}

command -v gnuplot >/dev/null || exit 77
pictures
literal_text
scripts
names
bad_results
usage
finish
