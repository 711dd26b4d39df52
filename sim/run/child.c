#include "sim/run/child.h"

#include <stdio.h>
#include <unistd.h>

#include "models/base/check.h"
#include "sim/engine/engine.h"
#include "sim/run/build.h"
#include "sim/run/measure.h"
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

_Noreturn void
child_main(const struct scn_point *pt, run_resources freed, int fd)
{
	static struct world world;
	struct world_config config = build_world(pt);
	size_t n_processes;
	struct process_config *processes = build_processes(pt, &n_processes);
	/* the command to see it again is the parent's to tell */
	struct check_context context = {&world.cal.now, NULL,
	    scn_get(pt, SCN_SEED), NULL};
	struct res_row row = {0};

	run_free(freed, &config, processes, scn_n_processes(pt));
	check_set_context(&context);
	world_init(&world, &config);
	eng_run(&world, processes, n_processes);
	measure(&world, &row);
	fflush(NULL);
	_exit(write_all(fd, &row, sizeof row) ? 0 : 1);
}
