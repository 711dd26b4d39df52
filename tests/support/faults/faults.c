/*
 * Faults for the children of a sweep, by LD_PRELOAD.
 *
 * LOANSIM_FAULTS is a list like "3=crash,7=hang,9=memory": what the third, the
 * seventh and the ninth child of a process come to.
 *
 *	crash	a signal at once
 *	exit	the end with a status, and no result
 *	hang	it waits for ever
 *	memory	it takes all that it is allowed, then aborts as GLib does
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static int n_forks;
static bool eats;

/* fault_of: the word for a child, or "" */
static const char *
fault_of(int n)
{
	const char *list = getenv("LOANSIM_FAULTS");
	char wanted[16];

	snprintf(wanted, sizeof wanted, "%d=", n);
	while (list != NULL && *list != '\0') {
		if (strncmp(list, wanted, strlen(wanted)) == 0)
			return list + strlen(wanted);
		list = strchr(list, ',');
		list = list == NULL ? NULL : list + 1;
	}
	return "";
}

static bool
is(const char *fault, const char *word)
{
	return strncmp(fault, word, strlen(word)) == 0;
}

pid_t
fork(void)
{
	pid_t (*next)(void);
	const char *fault = fault_of(++n_forks);
	pid_t pid;

	*(void **)&next = dlsym(RTLD_NEXT, "fork");
	pid = next();
	if (pid != 0)
		return pid;
	if (is(fault, "crash"))
		raise(SIGSEGV);
	if (is(fault, "exit"))
		_exit(9);
	while (is(fault, "hang"))
		pause();
	eats = is(fault, "memory");
	return pid;
}

/* the child's limit is in force: now it is eaten up */
int
setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
	int (*next)(__rlimit_resource_t, const struct rlimit *);
	int status;

	*(void **)&next = dlsym(RTLD_NEXT, "setrlimit");
	status = next(resource, limit);
	if (eats) {
		while (malloc(1 << 20) != NULL)
			continue;
		abort();
	}
	return status;
}
