#include "sim/run/run.h"

#include <unistd.h>

#include "sim/run/pool.h"

G_DEFINE_QUARK(loansim-run-error, run_error)

/* run_alone: one job, and no other beside it */
static bool
run_alone(const struct run_job *job, struct res_row *row,
    struct run_timing *timing, GError **error)
{
	const struct run_limits alone = {.n_jobs = 1};
	struct run_pool *pool = run_pool_new(&alone);
	struct run_done done;
	bool ok = run_pool_start(pool, job, 0, error) &&
	    run_pool_next(pool, &done, error);

	run_pool_free(pool);
	if (ok)
		*row = done.row;
	if (ok && timing != NULL)
		*timing = done.timing;
	return ok;
}

bool
run_point(const struct scn_point *pt, run_resources freed,
    struct res_row *row, struct run_timing *timing, GError **error)
{
	const struct run_job job = {.pt = pt, .freed = freed};

	return run_alone(&job, row, timing, error);
}

bool
run_record(const struct scn_point *pt, const struct rec_request *request,
    struct res_row *row, struct recording *recording,
    struct run_timing *timing, GError **error)
{
	const struct run_job job = {.pt = pt, .request = request,
	    .record_fd = rec_make_file(error)};
	bool ok = job.record_fd >= 0 && run_alone(&job, row, timing, error);

	if (ok && res_has_numbers(row))
		ok = rec_open(recording, job.record_fd, request, error);
	if (job.record_fd >= 0)
		close(job.record_fd);
	return ok;
}

/* start_reruns: as many as there is room for, from the nth on */
static bool
start_reruns(struct run_pool *pool, const struct scn_point *pt,
    const struct run_rerun *reruns, size_t n, size_t *next, GError **error)
{
	bool ok = true;

	while (ok && *next < n && !run_pool_is_full(pool)) {
		const struct run_job job = {.pt = pt,
		    .freed = reruns[*next].freed,
		    .enough_bytes = reruns[*next].enough_bytes};

		ok = run_pool_start(pool, &job, (*next)++, error);
	}
	return ok;
}

bool
run_again(const struct scn_point *pt, struct run_rerun *reruns, size_t n,
    run_told told, void *arg, GError **error)
{
	const struct run_limits limits = {.n_jobs = g_get_num_processors()};
	struct run_pool *pool = run_pool_new(&limits);
	size_t next = 0, n_done = 0;
	bool ok = true;

	while (ok && n_done < n) {
		struct run_done done;

		ok = start_reruns(pool, pt, reruns, n, &next, error) &&
		    run_pool_next(pool, &done, error);
		if (!ok)
			break;
		reruns[done.id].row = done.row;
		told(arg, ++n_done);
	}
	run_pool_free(pool);
	return ok;
}
