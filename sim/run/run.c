#include "sim/run/run.h"

#include "sim/run/pool.h"

G_DEFINE_QUARK(loansim-run-error, run_error)

bool
run_point(const struct scn_point *pt, struct res_row *row,
    struct run_timing *timing, GError **error)
{
	const struct run_limits alone = {.n_jobs = 1};
	struct run_pool *pool = run_pool_new(&alone);
	struct run_done done;
	bool ok = run_pool_start(pool, pt, 0, error) &&
	    run_pool_next(pool, &done, error);

	run_pool_free(pool);
	if (ok)
		*row = done.row;
	if (ok && timing != NULL)
		*timing = done.timing;
	return ok;
}
