/*
 * The commands of loansim-mpi: those of loansim that gain from many machines,
 * and what every program has.
 */
#include <stdio.h>

#include "sim/cli/sweep_options.h"
#include "sim/mpi/master.h"
#include "sim/mpi/message.h"

const struct cli_program cli_program = {
	"loansim-mpi",
	"Sweeps of loansim on many machines. Rank 0 owns the store and hands "
	"out points; the other ranks run them.",
	"Start with:\n"
	"  mpirun -n 9 loansim-mpi sweep FILE -o STORE\n"
	"Everything else is the work of loansim.\n"
};

/* mpi_sweep: what rank 0 does for the job */
static int
mpi_sweep(int argc, char **argv)
{
	g_autofree char *program = g_strdup_printf("mpirun -n %d loansim-mpi",
	    msg_n_ranks());
	const struct sweep_way way = { .run = master_run, .n_jobs = 1,
		.n_runners = (unsigned)MAX(msg_n_ranks() - 1, 1),
		.program = program };

	return sweep_command(argc, argv, &way);
}

static int
mpi_version(int argc, char **argv)
{
	g_autofree char *library = msg_library();
	bool is_asked = argc == 1;
	int status = cmd_version(argc, argv);

	if (is_asked)
		printf("MPI       %s\n", library);
	return status;
}

static const struct cli_option sweep_table[] = {
	SWEEP_OPTIONS("points at a time on each rank (default: 1)")
};

const struct cli_command cli_commands[] = {
	{ "sweep", "run a scenario along its axes, into a store",
	    "SCENARIO|FILE|-",
	    "As \"loansim sweep\", which tells more, but on all ranks of an "
	    "MPI job but the first; with one rank only, on that. Only rank 0 "
	    "reads files and writes STORE. The same command again, or "
	    "\"loansim sweep\", runs what is missing.",
	    sweep_table, mpi_sweep, NULL },
	{ "version", "show the version of the program and of its parts",
	    "", NULL, cmd_version_options, mpi_version, NULL },
	{ "help", "show the help of a command",
	    "[COMMAND]", NULL, cmd_help_options, cmd_help, NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL }
};
