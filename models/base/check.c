#include "models/base/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const struct check_context *context;

void
check_set_context(const struct check_context *ctx)
{
	context = ctx;
}

static void
print_context(const struct check_context *ctx)
{
	if (ctx->now != NULL)
		fprintf(stderr, "  simulated time: %" PRId64 " ps\n",
		    *ctx->now);
	if (ctx->who != NULL && *ctx->who != NULL)
		fprintf(stderr, "  process: %s\n", *ctx->who);
	fprintf(stderr, "  seed: %" PRId64 "\n", ctx->seed);
	if (ctx->command != NULL)
		fprintf(stderr, "  to see it again: %s\n", ctx->command);
}

/*
 * The only output of models/: last words.  They cannot be handed upwards, as
 * the state above may be what is broken.
 */
_Noreturn void
check_failed(const char *cond, const char *why, const char *file, int line)
{
	fprintf(stderr, "loansim: bug: %s\n  %s:%d: CHECK(%s)\n", why, file,
	    line, cond);
	if (context != NULL)
		print_context(context);
	abort();
}
