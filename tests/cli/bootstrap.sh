#!/bin/bash
# bootstrap: installs what is missing and only that, with stand-ins for the
# system's commands that write down how they were called.
# usage: bootstrap.sh PROGRAM SOURCE-FOLDER
. "$2/tests/support/cli.sh"

# stand_in NAME: a command that is recorded, then does what stdin says
stand_in() {
	{
		echo '#!/bin/sh'
		# shellcheck disable=SC2016 # for the stand-in to expand
		printf 'echo "%s $*" >>"%s/calls"\n' "$1" "$scratch"
		cat
	} >"bin/$1"
	chmod +x "bin/$1"
}

# A system where only the packages named in the file "have" are installed.
setup() {
	mkdir bin tree
	cp "$source_dir/bootstrap" tree/
	: >calls
	stand_in dpkg-query <<-'END'
		for last; do :; done
		grep -qx -e "$last" have && echo installed
	END
	stand_in apt-get <<<'exit 0'
	stand_in cmake <<<'exit 0'
	stand_in ctest <<<'echo "ctest was here"; exit 8'
	stand_in id <<<'cat uid'
	for name in sh cat grep mkdir dirname nproc env; do
		ln -s "$(command -v "$name")" "bin/$name"
	done
	echo 0 >uid
}

# bootstrap VERB: with the stand-ins and nothing else
bootstrap() {
	: >calls
	PATH=$scratch/bin tree/bootstrap "$@"
}

calls_are() {
	grep -v '^dpkg-query\|^id' calls >seen
	[ "$(cat seen)" = "$1" ] || fail "other calls: $(cat seen)"
}

all_packages() {
	printf '%s\n' gcc g++ cmake make pkg-config libglib2.0-dev \
		libjson-glib-dev libsimgrid-dev libsqlite3-dev gnuplot-nox \
		check jq clang valgrind chromium sqlite3 libopenmpi-dev \
		openmpi-bin
}

usage_is_told() {
	expect 2 bootstrap
	says 'usage:'
	expect 2 bootstrap nonsense
	expect 2 bootstrap run test
	expect 0 bootstrap help
	prints 'usage:'
	calls_are ''
}

# Debian packages that the stand-in for dpkg does not know are installed, in
# one call, and the network is left alone when there are none.
installs_what_is_missing() {
	all_packages | grep -vx -e check -e libsimgrid-dev >have
	expect 8 bootstrap test
	prints 'installing with apt-get: libsimgrid-dev check'
	grep -qx 'apt-get update' calls || fail "no update"
	grep -q 'apt-get install .* libsimgrid-dev check$' calls ||
		fail "other packages: $(cat calls)"
	all_packages >have
	expect 8 bootstrap test
	prints 'ctest was here'
	! grep -q apt-get calls || fail "touched the network"
}

without_root() {
	all_packages | grep -vx check >have
	echo 1000 >uid
	expect 1 bootstrap test
	says 'apt-get update && apt-get install -y check'
	! grep -q apt-get calls || fail "installed without being root"
	stand_in sudo <<<'exec "$@"'
	expect 8 bootstrap test
	grep -q '^sudo apt-get update' calls || fail "not through sudo"
	grep -q '^sudo env .* apt-get install .* check$' calls ||
		fail "not through sudo"
	rm bin/sudo
	echo 0 >uid
}

failures_are_told() {
	all_packages >have
	stand_in cmake <<<'echo "cmake says why" >&2; exit 1'
	expect 1 bootstrap run
	says 'cmake says why'
	says 'configuring in build/release: failed'
	all_packages | grep -vx check >have
	stand_in apt-get <<<'exit 100'
	expect 1 bootstrap test
	says 'apt-get update failed'
}

setup
usage_is_told
installs_what_is_missing
without_root
failures_are_told
finish
