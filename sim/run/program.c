#include "sim/run/program.h"

/* The build gives these; a file compiled by hand knows less. */
#ifndef LOANSIM_VERSION
#define LOANSIM_VERSION "0.1.0"
#endif
#ifndef LOANSIM_GIT
#define LOANSIM_GIT "unknown"
#endif

const char *
program_version(void)
{
	return LOANSIM_VERSION;
}

const char *
program_revision(void)
{
	return LOANSIM_GIT;
}
