#!/bin/bash
# The README: its commands work, its files and folders exist.
# usage: readme.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

readme=$source_dir/README.md
mkdir bin
ln -s "$loansim" bin/loansim
PATH=$scratch/bin:$PATH

# what the README has recorded
cp "$source_dir/tests/support/strace/nginx-nosendfile-1m.strace" server.strace
n_commands=0
while read -r command; do
	case $command in
	"loansim plot"* | "loansim report"*)
		command -v gnuplot >/dev/null || continue ;;
	esac
	expect 0 bash -c "$command"
	n_commands=$((n_commands + 1))
done < <(sed -n '/^```/,/^```/p' "$readme" | grep '^loansim ')
[ "$n_commands" -gt 5 ] || fail "only $n_commands commands found"

# what stands in backquotes or in a link and has a slash is a path
while read -r path; do
	[ -e "$source_dir/$path" ] || fail "no such file or folder: $path"
done < <(grep -oE '`[a-z_.]+/[A-Za-z0-9_./-]*`|\]\([^)]*\)' "$readme" |
	tr -d '`]()' | grep -v '^build/')

# drawn NAME ARGUMENT...: the picture is what plot draws now
drawn() {
	local picture=plots/$1
	shift
	expect 0 "$loansim" plot "$@" -t svg -o drawn.svg --force
	cmp -s drawn.svg "$source_dir/$picture" ||
		fail "another $picture is drawn now; draw it again:" \
			"loansim plot $* -o $source_dir/$picture --force"
}

if command -v gnuplot >/dev/null; then
	drawn thorpe-2002-cpu.svg thorpe-2002 --figure cpu
	drawn loss-rate-sequence.svg loss-rate --figure sequence \
		--variant newreno-100 --from 2s --to 4s
fi

# the figure was drawn from what the program gives now
figure=$source_dir/plots/thorpe-2002.svg
expect 0 "$loansim" run thorpe-2002 -f csv
while IFS=, read -r variant outcome kbps _; do
	[ "$outcome" = "done" ] || continue
	grep -qF ">$(printf %.0f "$kbps")<" "$figure" ||
		fail "$variant: not $kbps in the figure; draw it again:" \
			"loansim plot thorpe-2002 -o $figure --force"
done <out
finish
