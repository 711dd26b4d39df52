/*
 * loansim version: the program and what it was built from.
 *
 * SimGrid's version is that of the headers: asking the library would start it.
 */
#include <stdio.h>

/* its macros come from a header of the engine proper */
#define SG_BEGIN_DECL
#define SG_END_DECL
#define XBT_PUBLIC extern
#include <simgrid/version.h>

#include "sim/cli/cli.h"
#include "sim/run/program.h"

/* The build gives it; a file compiled by hand knows less. */
#ifndef LOANSIM_BUILD_TYPE
#define LOANSIM_BUILD_TYPE "unknown"
#endif

#ifdef __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

const struct cli_option cmd_version_options[] = {
	{ NULL, 0, CLI_FLAG, 0, NULL, NULL }
};

int
cmd_version(int argc, char **argv)
{
	int status;

	if (!cli_parse(&argc, argv, NULL, &status))
		return status;
	if (argc > 1)
		return cli_usage_error("version",
		    "version: takes no operand");
	printf("loansim %s\n", program_version());
	printf("git       %s\n", program_revision());
	printf("build     %s\n", LOANSIM_BUILD_TYPE);
	printf("compiler  %s\n", COMPILER);
	printf("SimGrid   %d.%d.%d\n", SIMGRID_VERSION_MAJOR,
	    SIMGRID_VERSION_MINOR, SIMGRID_VERSION_PATCH);
	printf("GLib      %u.%u.%u\n", glib_major_version, glib_minor_version,
	    glib_micro_version);
	return CLI_OK;
}
