#include "sim/sweep/sweep.h"

#include "sim/engine/engine.h"

static bool
is_in_shard(const struct sweep *sweep, size_t index)
{
	return index % sweep->n_shards == sweep->shard - 1;
}

void
sweep_begin(struct sweep *sweep, const struct scenario *scn,
    struct store *store, size_t shard, size_t n_shards)
{
	size_t n = scn_sweep_size(scn);

	g_assert(shard >= 1 && shard <= n_shards);
	*sweep = (struct sweep){ .scn = scn, .store = store, .shard = shard,
		.n_shards = n_shards };
	for (size_t i = 0; i < n; i++)
		if (is_in_shard(sweep, i)) {
			sweep->n_points++;
			sweep->n_there += store_has(store, i) ? 1 : 0;
		}
}

bool
sweep_next(struct sweep *sweep, size_t *index)
{
	size_t n = scn_sweep_size(sweep->scn);

	while (sweep->next < n && (!is_in_shard(sweep, sweep->next) ||
	    store_has(sweep->store, sweep->next)))
		sweep->next++;
	if (sweep->next == n)
		return false;
	*index = sweep->next++;
	return true;
}

bool
sweep_record(struct sweep *sweep, size_t index, const struct res_row *row,
    GError **error)
{
	if (!store_record(sweep->store, sweep->scn, index, row, error))
		return false;
	sweep->n_there++;
	sweep->n_run++;
	sweep->n_failed += res_is_result(row) ? 0 : 1;
	if (sweep->told != NULL)
		sweep->told(sweep->arg, sweep, row);
	return true;
}

/* start: children for as many points as there is room */
static bool
start(struct sweep *sweep, struct run_pool *pool, GError **error)
{
	bool ok = true;
	size_t index;

	while (ok && !run_pool_is_full(pool) && sweep_next(sweep, &index)) {
		struct scn_point *pt = scn_sweep_point(sweep->scn, index);

		ok = run_pool_start(pool, &(struct run_job){ .pt = pt }, index,
		    error);
		scn_sweep_point_free(pt);
	}
	return ok;
}

/* collect: record the next point that comes to its end */
static bool
collect(struct sweep *sweep, struct run_pool *pool, GError **error)
{
	struct run_done done;

	if (!run_pool_next(pool, &done, error))
		return false;
	sweep->host_ns += done.timing.host_ns;
	return sweep_record(sweep, done.id, &done.row, error);
}

bool
sweep_run(struct sweep *sweep, const struct run_limits *limits,
    GError **error)
{
	struct run_pool *pool = run_pool_new(limits);
	bool ok;

	eng_prepare();
	ok = start(sweep, pool, error);
	while (ok && !run_pool_is_empty(pool))
		ok = collect(sweep, pool, error) &&
		    start(sweep, pool, error);
	run_pool_free(pool);
	return ok;
}
