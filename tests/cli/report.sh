#!/bin/bash
# report: the page by its bytes, and as headless Chromium shows it.
# usage: report.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

title='<b>Short & "long"</b> it'\''s'

# a store with two axes, two variants, two replications: 4 * 2 * 2 * 2 points
make_store() {
	awk -v title="$title" '/^title/ { print "title = " title; next }
		/^duration/ { print "duration = 600 ms"; next }
		{ print }' "$source_dir/tests/support/short-sweep.scn" >odd.scn
	expect 0 "$loansim" sweep odd.scn -o odd.db -q -j2
}

# the file: made once, whole, the same bytes each time
file() {
	expect 0 "$loansim" report odd.db
	says 'the report is in odd.html'
	[ -s out ] && fail "report talks on standard output"
	expect 4 "$loansim" report odd.db
	says '--force'
	expect 0 "$loansim" report odd.db --force -q
	[ -s err ] && fail "-q talks: $(cat err)"
	expect 0 "$loansim" report odd.db -o -
	cmp out odd.html || fail "the page differs on standard output"
	mkdir below
	mv odd.db below/moved.db
	expect 0 env -C below TZ=Asia/Tokyo "$loansim" report moved.db -q
	cmp below/odd.html odd.html || fail "the page depends on more than" \
		"the store"
	mv below/moved.db odd.db
	expect 4 "$loansim" report odd.db -o nowhere/a.html
	expect 4 env PATH=/nowhere "$loansim" report odd.db -o none.html
	says 'gnuplot-nox'
	[ -e none.html ] && fail "a page without gnuplot"
}

# what the page is made of: nothing leads out of it, no text becomes markup
contents() {
	grep -oE '(href|src|action|srcset)=[^ >]*|url\([^)]*|@import' odd.html |
		grep -vE "^(href=['\"]#|url\(#|href=\"data:,\")" &&
		fail "something leads out of the page"
	grep -qi '<script\|javascript:\| on[a-z]*="' odd.html &&
		fail "the page has a script"
	grep -q '<b>' odd.html && fail "a title became markup"
	grep -qF '<h1>&lt;b&gt;Short &amp; &quot;long&quot;&lt;/b&gt; it&#39;' \
		odd.html || fail "no title"
	grep -qF "$scratch" odd.html && fail "a path of this machine"
	for text in '32 points: 32 have a result, 0 failed, 0 are missing.' \
		'loansim sweep odd.scn -o odd.db' \
		'1 KiB, 4 KiB, 16 KiB, 64 KiB' \
		'40 MB/s &amp; 31 MB/s, 80 MB/s &amp; 62 MB/s' \
		'From which size of a write on' 'How fast on which memory' \
		'On which memory, with which writes' \
		'Where does the processor' 'How often is each byte' \
		'Drawn for write_size 64 KiB, read_bandwidth 80 MB/s' \
		'The gain is over the variant <code>copy</code>'; do
		grep -qF "$text" odd.html || fail "the page lacks: $text"
	done
	grep -qF 'when the buffer is written' odd.html &&
		fail "a figure of an axis that is not there"
}

# What failed and what is missing is told; a slice, a base.
parts() {
	expect 0 "$loansim" sweep odd.scn -o part.db -q --shard 1/2
	sqlite3 part.db "UPDATE point SET outcome = 'crashed',
		reason = 'it <fell>' WHERE point = 3" 2>/dev/null || return
	expect 0 "$loansim" report part.db -o part.html
	for text in '32 points: 15 have a result, 1 failed, 16 are missing.' \
		'it &lt;fell&gt;' 'Failed points'; do
		grep -qF "$text" part.html || fail "lacks: $text"
	done
	expect 0 "$loansim" report odd.db -o slice.html --base loan \
		--variant copy -w 'process.ttcp.write_size=4096 B'
	for text in 'the points with <code>process.ttcp.write_size=4096 B<' \
		'The gain is over the variant <code>loan</code>'; do
		grep -qF "$text" slice.html || fail "lacks: $text"
	done
	grep -qF 'From which size' slice.html && fail "a curve of one size"
	expect 0 "$loansim" report odd.db -o one.html -w variant=loan
	grep -qF 'here is but one' one.html || fail "a gain over itself"
}

usage() {
	expect 2 "$loansim" report
	says 'no store given'
	expect 2 "$loansim" report a b
	expect 3 "$loansim" report odd.scn -o none.html
	says 'odd.scn'
	expect 3 "$loansim" report nothing.db -o none.html
	expect 3 "$loansim" report odd.db -o none.html -w kernel.hz=1
	says '"kernel.hz" is no axis; there are'
	expect 3 "$loansim" report odd.db -o none.html -w variant=b
	says 'no point has these values'
	expect 2 "$loansim" report odd.db -o none.html --base b
	says 'the store has no variant b'
	[ -e none.html ] && fail "a page of nothing"
}

# measure WIDTH: the page in a frame, as windows are at least 500 pixels wide;
# what it looks like is left in seen
measure() {
	cat odd.html "$source_dir/tests/support/measure.html" >copy.html
	cat >frame.html <<-END
		<body style="margin: 0"><pre id="measured"></pre><script>
		onmessage = message => document.getElementById('measured')
			.textContent = message.data;
		</script><iframe src="copy.html" width="$1" height="2000"
			style="border: 0"></iframe>
	END
	HOME=$scratch timeout 120 "$chromium" --headless --no-sandbox \
		--disable-gpu --window-size=1400,2000 \
		--virtual-time-budget=10000 \
		--user-data-dir="$scratch/profile" --dump-dom \
		"file://$scratch/frame.html" 2>chromium.log |
		sed -n '/<pre id="measured">/,/<\/pre>/p' |
		sed 's/.*<pre id="measured">//; s/<\/pre>.*//; s/&lt;/</g
			s/&gt;/>/g; s/&nbsp;/ /g; s/&amp;/\&/g' >seen
	[ -s seen ] || fail "no page at $1: $(tail -5 chromium.log)"
}

# shows LINE: with blanks for tabs
shows() {
	tr '\t' ' ' <seen | grep -qxF -e "$1" ||
		fail "not seen at $width: $1"
}

rendered() {
	for width in 1280 400; do
		measure $width
		shows "width $width"
		shows 'page fits'
		shows 'same_ids 0'
		shows 'loaded 0'
		shows 'unnamed 0 0 0'
		shows 'tables 3'
		shows "title $title"
		shows "text $title"
		grep -P '^(overflow|outside|tiny|overlap)\t' seen &&
			fail "not readable at $width"
		[ "$(grep -c '^svg' seen)" -eq 5 ] || fail "not five figures"
		# frames of figures move sideways where they must
		[ "$(grep -cP '^svg\t\d{3,4}\t\d{3}\d?\t'"$(
			[ $width = 400 ] && echo moves || echo fits)" \
			seen)" -eq 5 ] || fail "figures at $width: $(
			grep '^svg' seen)"
		# 8 combinations, a head and two variants each
		shows 'rows 24 Results of each combination'
		shows 'rows 4 Axes with all their values'
	done
}

# The table is what SQLite says of the store.
numbers() {
	command -v sqlite3 >/dev/null || return
	local size=\"process.ttcp.write_size_B\"
	local rate=\"board.memory.read_bandwidth_Bps\"
	sqlite3 -separator $'\t' odd.db "SELECT a.variant,
		printf('%.1f', avg(a.throughput_KBps)), count(*) / 2,
		CASE a.variant WHEN 'copy' THEN '–' ELSE printf('%+.1f',
		100 * (avg(a.throughput_KBps) / avg(b.throughput_KBps) - 1))
		END, printf('%.4f', a.wire_share), printf('%.4f', a.cpu_share)
		FROM point a JOIN point b USING ($size, $rate)
		WHERE b.variant = 'copy'
		GROUP BY $size, $rate, a.variant
		ORDER BY $size, $rate, a.variant" >wanted
	grep -P '^row\tResults.*\t(copy|loan)\t' seen |
		cut -f3,4,6,7,8,9 >found
	[ "$(wc -l <wanted)" -eq 16 ] || fail "not 16 lines of SQL"
	cmp wanted found || fail "other numbers: $(diff wanted found)"
	clock=$(sqlite3 odd.db "SELECT scenario FROM effective LIMIT 1" |
		sed -n 's/^cpu\.clock\.origin = //p')
	shows "row Effective parameters board.cpu.clock 200 MHz  $clock"
	local key=process.ttcp.write_size
	shows "row Effective parameters $key an axis axis the sweep"
	shows 'row Effective parameters kernel.sosend_loan copy: no'
}

command -v gnuplot >/dev/null || exit 77
make_store
file
contents
parts
usage
chromium=$(command -v chromium || command -v chromium-browser)
if [ -n "$chromium" ]; then
	rendered
	numbers
else
	echo "no chromium: what the page looks like was left out"
fi
finish
