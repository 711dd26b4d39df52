#include "sim/engine/actors.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
	MAPS_OF_ACTOR = 2,
	MAPS_SPARE = 1000,	/* libraries loaded yet, and the heap */
	PAGE_BYTES = 4096
};

/* Of an actor: the stack and its guard, and what SimGrid keeps of it. */
static const int64_t SPACE_OF_ACTOR = ACTOR_STACK_KIB * 1024 + 4 * PAGE_BYTES;
static const int64_t MEMORY_OF_ACTOR = 6 * PAGE_BYTES;

/* The number behind a word at the beginning of a line, or the first one. */
static int64_t
number_in(const char *path, const char *word, int64_t otherwise)
{
	FILE *file = fopen(path, "r");
	char line[256];
	int64_t number = otherwise;
	size_t n = strlen(word);

	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, word, n) == 0) {
			number = strtoll(line + n, NULL, 10);
			break;
		}
	if (file != NULL)
		fclose(file);
	return number;
}

static int64_t
count_lines(const char *path)
{
	FILE *file = fopen(path, "r");
	int64_t n = 0;
	int c;

	while (file != NULL && (c = getc(file)) != EOF)
		n += c == '\n';
	if (file != NULL)
		fclose(file);
	return n;
}

static int64_t
limit_of(int which)
{
	struct rlimit limit;

	if (getrlimit((__rlimit_resource_t)which, &limit) != 0 ||
	    limit.rlim_cur == RLIM_INFINITY ||
	    limit.rlim_cur > (rlim_t)INT64_MAX)
		return INT64_MAX;
	return (int64_t)limit.rlim_cur;
}

/* The same without what is in use already. */
static int64_t
rest_of(int64_t limit, int64_t used)
{
	if (limit == INT64_MAX)
		return limit;
	return limit > used ? limit - used : 0;
}

static bool
uses_threads(void)
{
	const char *factory = getenv("LOANSIM_CONTEXTS");

	return factory != NULL && strcmp(factory, "thread") == 0;
}

void
actor_limits_read(struct actor_limits *limits)
{
	int64_t used = number_in("/proc/self/statm", "", 0) * PAGE_BYTES;
	int64_t kib = number_in("/proc/meminfo", "MemAvailable:", -1);

	*limits = (struct actor_limits){
	    .max_map_count = number_in("/proc/sys/vm/max_map_count", "",
	    INT64_MAX),
	    .maps_in_use = count_lines("/proc/self/maps"),
	    .address_space = rest_of(limit_of(RLIMIT_AS), used),
	    .memory = kib < 0 ? INT64_MAX : kib * 1024,
	    .user_threads = INT64_MAX, .system_threads = INT64_MAX};
	if (!uses_threads())
		return;
	limits->user_threads = limit_of(RLIMIT_NPROC);
	limits->system_threads = number_in("/proc/sys/kernel/threads-max", "",
	    INT64_MAX);
}

/* One limit, as it is told. */
struct bound {
	int64_t most;
	const char *name;
	int64_t value;
	const char *unit;
};

static int64_t
maps_left(const struct actor_limits *limits)
{
	return rest_of(limits->max_map_count,
	    limits->maps_in_use + MAPS_SPARE);
}

bool
actor_limits_permit(const struct actor_limits *limits, size_t n_processes,
    char *reason, size_t size)
{
	const struct bound bounds[] = {
	    {maps_left(limits) / MAPS_OF_ACTOR, "vm.max_map_count",
	    limits->max_map_count, ", 2 for each"},
	    {limits->address_space / SPACE_OF_ACTOR, "ulimit -v",
	    limits->address_space / 1024, " KiB left"},
	    {limits->memory / MEMORY_OF_ACTOR, "free memory",
	    limits->memory / 1024, " KiB"},
	    {limits->user_threads, "ulimit -u", limits->user_threads,
	    " threads"},
	    {limits->system_threads, "kernel.threads-max",
	    limits->system_threads, ""}};
	const struct bound *least = &bounds[0];

	for (size_t i = 1; i < sizeof bounds / sizeof bounds[0]; i++)
		if (bounds[i].most < least->most)
			least = &bounds[i];
	if ((int64_t)n_processes <= least->most)
		return true;
	snprintf(reason, size, "%zu processes are too many: this system "
	    "permits %" PRId64 " (%s: %" PRId64 "%s)", n_processes,
	    least->most, least->name, least->value, least->unit);
	return false;
}
