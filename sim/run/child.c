#include "sim/run/child.h"

#include <stdio.h>
#include <unistd.h>

#include "models/base/check.h"
#include "sim/engine/engine.h"
#include "sim/run/build.h"
#include "sim/run/measure.h"
#include "sim/run/recorder.h"
#include "sim/run/result.h"

static bool
write_all(int fd, const void *data, size_t n)
{
	const char *from = data;

	while (n > 0) {
		ssize_t done = write(fd, from, n);

		if (done < 0)
			return false;
		from += done;
		n -= (size_t)done;
	}
	return true;
}

/* run: to the end, recorded if that is wanted */
static void
run(struct world *world, const struct run_job *job)
{
	static struct recorder recorder;
	struct world_config config = build_world(job->pt);
	size_t n;
	struct process_config *processes = build_processes(job->pt, &n);

	run_free(job->freed, &config, processes, n);
	world_init(world, &config);
	if (job->request != NULL) {
		recorder_init(&recorder, job->request, job->record_fd,
		    &world->cal.now);
		world->host.watch = &recorder.watch;
	}
	eng_run(world, processes, n);
	if (job->request != NULL) {
		world->host.watch = NULL;
		recorder_finish(&recorder);
	}
}

_Noreturn void
child_main(const struct run_job *job, int fd)
{
	static struct world world;
	/* the command to see it again is the parent's to tell */
	struct check_context context = {&world.cal.now, NULL,
	    scn_get(job->pt, SCN_SEED), NULL};
	struct res_row row = {0};

	check_set_context(&context);
	run(&world, job);
	measure(&world, &row);
	fflush(NULL);
	_exit(write_all(fd, &row, sizeof row) ? 0 : 1);
}
