#include "sim/run/child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "models/base/check.h"
#include "sim/engine/engine.h"
#include "sim/engine/platform.h"
#include "sim/run/build.h"
#include "sim/run/huge_pages.h"
#include "sim/run/measure.h"
#include "sim/run/recorder.h"
#include "sim/run/result.h"

/*
 * What has failed for want of memory has left that in errno; but where GLib
 * gives up, it is gone once GLib has told so.
 */
static void
aborted(int sig)
{
	if (errno == ENOMEM)
		_exit(CHILD_OUT_OF_MEMORY);
	signal(sig, SIG_DFL);
	raise(sig);
}

static GLogWriterOutput
told(GLogLevelFlags level, const GLogField *fields, gsize n, void *arg)
{
	bool is_no_memory = errno == ENOMEM;
	GLogWriterOutput output = g_log_writer_default(level, fields, n, arg);

	if (is_no_memory && (level & G_LOG_LEVEL_ERROR))
		_exit(CHILD_OUT_OF_MEMORY);
	return output;
}

void
child_limit_memory(int64_t bytes)
{
	struct sigaction action = {.sa_handler = aborted};
	struct rlimit limit = {(rlim_t)bytes, (rlim_t)bytes};

	/* C++ and CHECK abort */
	sigaction(SIGABRT, &action, NULL);
	g_log_set_writer_func(told, NULL, NULL);
	setrlimit(RLIMIT_AS, &limit);
}

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

static uint32_t
count_clients(const struct process_config *processes, size_t n)
{
	uint32_t n_clients = 0;

	for (size_t i = 0; i < n; i++)
		n_clients += processes[i].is_client;
	return n_clients;
}

/* prepare: what the system or a platform may refuse. => false: reason */
static bool
prepare(const struct scn_point *pt, struct world_config *config,
    const struct process_config *processes, size_t n, struct res_row *row)
{
	struct eng_platform platform;

	config->net.n_clients = count_clients(processes, n);
	config->files = build_files(pt, &config->n_files);
	return eng_permits(processes, n, row->reason, sizeof row->reason) &&
	    (config->net.n_clients == 0 || !build_platform(pt, &platform) ||
	    eng_load_platform(&platform, processes, n, &config->net,
	    row->reason, sizeof row->reason));
}

/* run: to the end, recorded if that is wanted. => false: it cannot begin */
static bool
run(struct world *world, const struct run_job *job, struct res_row *row)
{
	static struct recorder recorder;
	struct world_config config = build_world(job->pt);
	size_t n;
	struct process_config *processes = build_processes(job->pt, &n);

	if (!prepare(job->pt, &config, processes, n, row))
		return false;
	run_free(job->freed, &config, processes, n);
	config.enough_bytes = job->enough_bytes;
	huge_pages_use();
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
	return true;
}

_Noreturn void
child_main(const struct run_job *job, int fd)
{
	static struct world world;
	/* the command to see it again is the parent's to tell */
	struct check_context context = {&world.cal.now, NULL,
	    scn_get(job->pt, SCN_SEED), NULL};
	struct res_row row = {0};
	bool can_run;

	check_set_context(&context);
	can_run = run(&world, job, &row);
	if (can_run)
		measure(&world, &row);
	fflush(NULL);
	if (!write_all(fd, &row, sizeof row))
		_exit(1);
	_exit(can_run ? 0 : CHILD_REFUSED);
}
