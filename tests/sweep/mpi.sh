#!/bin/bash
# loansim-mpi: the same store as loansim makes, whatever happens to the ranks.
# usage: mpi.sh PROGRAM SOURCE-FOLDER MPI-PROGRAM
program=$(realpath "$3")
. "$2/tests/support/cli.sh"
scenario=$source_dir/tests/support/short-sweep.scn
faults=$(dirname "$loansim")/tests/libfaults.so

command -v sqlite3 >/dev/null && command -v mpirun >/dev/null &&
	mpirun --version 2>&1 | grep -q 'Open MPI' || exit 77
# all ranks on this machine, however few processors it has, and nobody asked
export OMPI_MCA_plm=isolated OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_hwloc_base_binding_policy=none
if [ "$(id -u)" -eq 0 ]; then
	export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
# what MPI itself leaves behind is not looked at
export ASAN_OPTIONS=detect_leaks=0

# on N WORD...: a job of N ranks
on() {
	local n=$1
	shift
	mpirun -q -n "$n" "$program" "$@"
}

# contents STORE: all that is in it, but not in the order of its coming
contents() {
	for table in about axis part point_part cost point; do
		echo "$table"
		sqlite3 "$1" "SELECT * FROM $table ORDER BY 1, 2"
	done
}

# is_whole FOLDER: its store has what the sweep on one machine has made
is_whole() {
	contents "$1/s.db" >found
	cmp -s whole found || fail "$1: another store: $(diff whole found |
		head -n 4)"
	[ "$(echo "$1"/s.db*)" = "$1/s.db" ] || fail "left: $(echo "$1"/*)"
}

# in_folder FOLDER COMMAND...
in_folder() {
	mkdir -p "$1"
	(cd "$1" && "${@:2}")
}

children_of() {
	cat "/proc/$1/task/"*/children 2>/dev/null
}

# rank_of MPIRUN N: the process of that rank
rank_of() {
	for pid in $(children_of "$1"); do
		grep -qszx "OMPI_COMM_WORLD_RANK=$2" "/proc/$pid/environ" &&
			echo "$pid"
	done
}

# lives PID: a zombie does not, and its parent is not ours to hurry
lives() {
	grep -qs '^State:[[:blank:]]*[^ZX]' "/proc/$1/status"
}

# is_gone PID...: soon
is_gone() {
	for pid; do
		for _ in $(seq 100); do
			lives "$pid" || break
			sleep 0.1
		done
		lives "$pid" && fail "process $pid lives on"
	done
}

has_points() {
	[ "$(sqlite3 "$1" 'SELECT count(*) FROM point' 2>/dev/null || echo 0)" \
		-ge "$2" ]
}

# start_job FOLDER N WORD...: N ranks, at work on points, in the background
start_job() {
	mkdir "$1"
	(cd "$1" && exec mpirun -q -n "$2" "$program" "${@:3}") 2>err &
	job=$!
	runner=
	until [ -n "$runner" ] && [ -n "$(children_of "$runner")" ]; do
		kill -0 "$job" 2>/dev/null || {
			fail "the job has ended: $(cat err)"
			finish
		}
		sleep 0.05
		runner=$(rank_of "$job" 1)
	done
}

everybody() {
	for pid in $(children_of "$job"); do
		echo "$pid $(children_of "$pid")"
	done
}

talks_like_a_program() {
	expect 0 "$program" --version
	prints 'loansim 0.1.0'
	prints 'MPI       Open MPI'
	expect 0 "$program" help sweep
	prints 'Usage: loansim-mpi sweep'
	prints 'on each rank (default: 1)'
	expect 0 on 3 --help
	[ "$(grep -c '^Usage: loansim-mpi' out)" -eq 1 ] ||
		fail "not one help: $(cat out)"
	expect 2 "$program" run "$scenario"
	says 'loansim-mpi: unknown command "run"'
	expect 2 on 2 sweep
	says 'Try "loansim-mpi help sweep"'
	expect 3 on 3 sweep "$scenario" -s kernel.zh=3
	[ "$(grep -c 'did you mean "hz"' err)" -eq 1 ] ||
		fail "not said once: $(cat err)"
	expect 4 on 3 sweep "$scenario" -o nowhere/s.db
	expect 0 on 2 sweep "$scenario" --dry-run
	prints '# 32 points'
}

# One rank runs points itself; of more, the first only leads.
any_number_of_ranks() {
	expect 0 in_folder one_machine "$loansim" sweep "$scenario" -o s.db
	contents one_machine/s.db >whole
	for n in 1 2 3; do
		expect 0 in_folder "on_$n" on "$n" sweep "$scenario" -o s.db
		says '32 points run, 32 of 32 are in s.db'
		[ -s out ] && fail "talks on standard output: $(cat out)"
		is_whole "on_$n"
	done
	expect 0 in_folder jobs on 2 sweep "$scenario" -o s.db -j 3 -q
	[ -s err ] && fail "-q talks: $(cat err)"
	is_whole jobs
	expect 0 in_folder jobs on 2 sweep "$scenario" -o s.db
	says '0 points run, 32 of 32 are in s.db'
	expect 0 in_folder shards on 3 sweep "$scenario" -o s.db --shard 1/3
	says '11 points run, 11 of 32 are in s.db'
	# a job goes on with what one machine began, and the other way round
	expect 0 in_folder shards "$loansim" sweep "$scenario" -o s.db \
		--shard 2/3
	expect 0 in_folder shards on 3 sweep "$scenario" -o s.db
	says '10 points run, 32 of 32 are in s.db'
}

# Points come from rank 0 with all their values: what the others find under the
# same name does not matter, and their words do not either.
only_rank_0_reads() {
	mkdir good other
	cp "$scenario" good/it.scn
	sed 's/200 ms/300 ms/; s/4$/2/' "$scenario" >other/it.scn
	expect 0 in_folder good "$loansim" sweep it.scn -o one.db
	expect 0 mpirun -q -n 1 --wdir "$scratch/good" "$program" sweep \
		it.scn -o s.db : -n 2 --wdir "$scratch/other" "$program" \
		sweep it.scn -o other.db -j 7
	contents good/one.db | grep -v '^command' >whole_it
	contents good/s.db | grep -v '^command' | cmp - whole_it ||
		fail "what other ranks have has got in"
	[ "$(ls other)" = it.scn ] || fail "written: $(ls other)"
	expect 0 on 3 sweep - -o read.db <"$scenario"
	says '32 of 32 are in read.db'
}

# A rank that would read a row otherwise is named, and nothing is run.
other_programs_are_refused() {
	LC_ALL=C sed 's/rows of %zu/rowz of %zu/' "$program" >other_program
	chmod +x other_program
	expect 4 mpirun -q -n 2 "$program" sweep "$scenario" -o p.db \
		: -n 1 ./other_program sweep "$scenario" -o p.db
	says "rank 2 on $(uname -n): is another program, loansim"
	says 'rowz of'
	says '0 of 32 points are in p.db'
}

# Points that fail in the only rank that runs any: recorded, the others go on.
some_points_fail() {
	if ldd "$program" | grep -q libasan; then
		echo "faults cannot be loaded into a sanitized program"
		return
	fi
	expect 6 in_folder failing mpirun -q -n 2 -x LD_PRELOAD="$faults" \
		-x LOANSIM_FAULTS=2=crash,5=exit,9=hang,12=memory \
		"$program" sweep "$scenario" -o s.db --timeout '2 s' \
		--mem-limit '4 GiB'
	says 'failed: crashed: the run was ended by signal 11'
	says 'failed: crashed: the run ended with status 9 and no result'
	says 'failed: timed out: the run took longer than 2.000 s'
	says 'crashed: the run needed more memory than it may have, 4 GiB'
	says '32 points run, 32 of 32 are in s.db'
	says '4 points failed; --retry runs them again'
	expect 0 in_folder failing on 3 sweep "$scenario" -o s.db --retry
	says '4 points run'
	is_whole failing
}

# Whoever is killed: what was recorded is there, and the same command goes on.
killed_jobs_go_on() {
	local long=("$scenario" -s 'scenario.duration=20 s' -o s.db)
	expect 0 in_folder long "$loansim" sweep "${long[@]}" -q
	contents long/s.db >whole
	for victim in job:KILL job:TERM 0:KILL 1:KILL 1:TERM; do
		folder=killed_$victim
		start_job "$folder" 3 sweep "${long[@]}"
		until has_points "$folder/s.db" 2; do sleep 0.05; done
		all=$(everybody)
		pid=$job
		[ "${victim%:*}" = job ] || pid=$(rank_of "$job" "${victim%:*}")
		kill -s "${victim#*:}" "$pid"
		wait "$job" 2>/dev/null && fail "$victim: exit 0"
		# shellcheck disable=SC2086 # one word a process
		is_gone $all
		has_points "$folder/s.db" 32 && fail "$victim: came too late"
		expect 0 in_folder "$folder" on 3 sweep "${long[@]}"
		says '32 of 32 are in s.db'
		grep -q '^loansim-mpi: 32 points run' err &&
			fail "$victim: began again"
		is_whole "$folder"
	done
}

# ticks PID: what it has used of a processor, in ticks
ticks() {
	sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f12,13 | tr ' ' '+' |
		(read -r sum && echo $((sum)))
}

# While points run that are far longer than the test, nobody else works; an
# interrupt of rank 0 ends them at once.
waiting_and_interrupts() {
	for signal in INT:130 TERM:143; do
		start_job "wait" 3 sweep "$scenario" -j 2 \
			-s 'scenario.duration=3000 s' -o s.db
		leader=$(rank_of "$job" 0)
		before=$(($(ticks "$leader") + $(ticks "$runner")))
		sleep 2
		after=$(($(ticks "$leader") + $(ticks "$runner")))
		[ $((after - before)) -lt $(($(getconf CLK_TCK) / 4)) ] ||
			fail "$((after - before)) ticks in 2 s of waiting"
		all=$(everybody)
		kill -s "${signal%:*}" "$leader"
		wait "$job"
		status=$?
		[ $status -eq "${signal#*:}" ] || fail "$signal: exit $status"
		# shellcheck disable=SC2086
		is_gone $all
		says 'interrupted by'
		says "to go on: mpirun -n 3 loansim-mpi sweep $scenario -s"
		rm -rf "wait"
	done
}

for check in talks_like_a_program any_number_of_ranks only_rank_0_reads \
	other_programs_are_refused some_points_fail killed_jobs_go_on \
	waiting_and_interrupts
do
	echo "== $check"
	"$check"
done
finish
