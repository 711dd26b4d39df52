/*
 * loansim-mpi: sweeps on the ranks of an MPI job (mpirun, srun).
 *
 * Rank 0 is the command line; the others do what it says, and leave when it
 * has come to its end.
 */
#include <signal.h>

#include "sim/cli/cli.h"
#include "sim/mpi/master.h"
#include "sim/mpi/message.h"
#include "sim/mpi/worker.h"

int
main(int argc, char **argv)
{
	int status = CLI_OK;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	msg_init(&argc, &argv);
	if (msg_rank() == 0) {
		status = cli_main(argc, argv);
		master_dismiss(status);
	} else {
		worker_run();
	}
	msg_fini();
	return status;
}
