/*
 * CHECK: our own bugs stop the run, loudly, in release builds too.
 *
 * Stands for: nothing in the machine.  A CHECK guards an invariant that no
 *	scenario, however wrong or hostile, may be able to break; what a
 *	scenario can cause is an error value or a counter, never a CHECK.
 * Owns: one pointer to the context that makes a failure's report useful; it is
 *	the only variable of models/ with file scope.
 */
#ifndef MODELS_BASE_CHECK_H
#define MODELS_BASE_CHECK_H

#include <stdbool.h>

#include "models/base/time.h"

struct check_context {
	const sim_time *now;	/* the machine's clock, or NULL */
	const char *const *who;	/* name of the running process, or NULL */
	int64_t seed;
	const char *command;	/* shows the failure again */
};

/*
 * check_set_context: say what a failing CHECK shall report beside itself.
 *
 * => ctx outlives all checks; NULL takes it back
 */
void check_set_context(const struct check_context *ctx);

/* check_failed: print condition, reason and context on stderr, and abort. */
_Noreturn void check_failed(const char *cond, const char *why,
    const char *file, int line);

#if defined(__GNUC__)
#define CHECK_LIKELY(cond)	__builtin_expect(!!(cond), 1)
#else
#define CHECK_LIKELY(cond)	(cond)
#endif

/* CHECK: cond must hold; why names the invariant, in words. */
#define CHECK(cond, why)						\
	(CHECK_LIKELY(cond) ? (void)0 :					\
	    check_failed(#cond, (why), __FILE__, __LINE__))

#endif
