/*
 * conform: performs scripts, each with two sets of first sequence numbers, of
 * which one wraps around.
 *
 * usage: conform [--trace] [--check] SCRIPT...
 *
 * --trace prints the segments of the first performance, --check performs
 * nothing.  Exit: 0 all as expected; 1 something was not; 2 a mistake in a
 * script or in the call.
 */
#include <stdio.h>
#include <string.h>

#include "tests/conform/runner/play.h"

enum { EXIT_AS_EXPECTED, EXIT_NOT_AS_EXPECTED, EXIT_MISTAKE };

static const struct play_iss both[] = {
	{0x1000, 0x20000},
	/* 2^32 - 700 and 2^32 - 300 */
	{UINT32_MAX - 699, UINT32_MAX - 299}
};

struct options {
	bool wants_trace;
	bool wants_check;
};

static int
perform(const char *file, const struct options *options)
{
	struct script *script = script_read(file);
	bool wants_trace = options->wants_trace;
	int status = EXIT_AS_EXPECTED;

	if (script->n_mistakes > 0)
		status = EXIT_MISTAKE;
	for (size_t i = 0; i < G_N_ELEMENTS(both) &&
	    status == EXIT_AS_EXPECTED && !options->wants_check; i++) {
		if (!play(script, &both[i], wants_trace))
			status = EXIT_NOT_AS_EXPECTED;
		wants_trace = false;
	}
	script_free(script);
	return status;
}

static int
usage(void)
{
	fputs("usage: conform [--trace] [--check] SCRIPT...\n", stderr);
	return EXIT_MISTAKE;
}

int
main(int argc, char **argv)
{
	struct options options = {false, false};
	int worst = EXIT_AS_EXPECTED;
	int i = 1;

	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--trace") == 0)
			options.wants_trace = true;
		else if (strcmp(argv[i], "--check") == 0)
			options.wants_check = true;
		else
			return usage();
	}
	if (i == argc)
		return usage();
	for (; i < argc; i++) {
		int status = perform(argv[i], &options);

		worst = status > worst ? status : worst;
	}
	return worst;
}
