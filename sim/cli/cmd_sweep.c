/*
 * loansim sweep: run every point that the axes of a scenario span, and keep
 * the results in a store.
 */
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/outcome.h"
#include "sim/cli/progress.h"
#include "sim/cli/sweep_options.h"
#include "sim/sweep/sweep.h"

const struct cli_option cmd_sweep_options[] = {
	SWEEP_OPTIONS("points at a time (default: one for each processor)")
};

/* What is told while it runs. */
struct talk {
	struct progress progress;
	bool is_quiet;
};

/* tell: a failure at once, and how far it is */
static void
tell(void *arg, const struct sweep *sweep, const struct res_row *row)
{
	struct talk *talk = arg;
	g_autofree char *first = g_strndup(row->reason,
	    strcspn(row->reason, "\n"));

	if (!res_is_result(row)) {
		progress_erase(&talk->progress);
		cli_error("a point of %s failed: %s%s%s", row->variant,
		    res_outcome_name(row->outcome),
		    *first != '\0' ? ": " : "", first);
	}
	progress_show(&talk->progress, sweep->n_there, sweep->n_points,
	    sweep->n_failed);
}

/* sum_up: what is in the store now */
static int
sum_up(const struct sweep *sweep, const struct sweep_setup *setup,
    bool is_quiet)
{
	size_t n_failed = store_n_failed(sweep->store);

	if (!is_quiet)
		cli_error("%zu %s run, %zu of %zu are in %s", sweep->n_run,
		    cli_points(sweep->n_run), store_n_recorded(sweep->store),
		    scn_sweep_size(sweep->scn), setup->store_path);
	if (n_failed == 0)
		return CLI_OK;
	cli_error("%zu %s failed; --retry runs %s again", n_failed,
	    cli_points(n_failed), n_failed == 1 ? "it" : "them");
	return CLI_PARTLY;
}

/* broken_off: interrupted, or something that keeps all points from running */
static int
broken_off(const struct sweep *sweep, const struct sweep_setup *setup,
    GError *error)
{
	bool interrupted = g_error_matches(error, RUN_ERROR,
	    RUN_ERROR_INTERRUPTED);

	cli_error("%s", error->message);
	g_error_free(error);
	cli_error("%zu of %zu points are in %s; to go on: %s",
	    store_n_recorded(sweep->store), scn_sweep_size(sweep->scn),
	    setup->store_path, setup->again);
	if (!interrupted)
		return CLI_IO;
	return run_signal() == SIGTERM ? CLI_SIGTERM : CLI_SIGINT;
}

/* show_timing: the wall's time against an even share of the runs' */
static void
show_timing(const struct sweep *sweep, const struct sweep_setup *setup,
    const struct sweep_way *way, gint64 wall_us)
{
	unsigned n_at_a_time = setup->limits.n_jobs * way->n_runners;
	double runs = (double)sweep->host_ns / 1e9;
	double wall = (double)wall_us / 1e6;

	fprintf(stderr, "timing: %zu runs: %.3f s together, %.3f s with %u at "
	    "a time", sweep->n_run, runs, wall, n_at_a_time);
	if (runs > 0)
		fprintf(stderr, ": %.3f times an even share",
		    wall * n_at_a_time / runs);
	fputc('\n', stderr);
}

static int
run_missing(struct store *store, const struct sweep_setup *setup,
    const struct sweep_options *opts, const struct sweep_way *way)
{
	struct talk talk = { .is_quiet = opts->quiet };
	struct sweep sweep;
	gint64 began = g_get_monotonic_time();
	GError *error = NULL;
	bool ok;

	sweep_begin(&sweep, setup->scn, store, setup->shard, setup->n_shards);
	sweep.told = tell;
	sweep.arg = &talk;
	progress_begin(&talk.progress, !opts->quiet, sweep.n_there);
	ok = way->run(&sweep, &setup->limits, &error);
	progress_erase(&talk.progress);
	if (opts->timing)
		show_timing(&sweep, setup, way,
		    g_get_monotonic_time() - began);
	return ok ? sum_up(&sweep, setup, opts->quiet) :
	    broken_off(&sweep, setup, error);
}

static int
sweep_into_store(const struct sweep_setup *setup,
    const struct sweep_options *opts, const struct sweep_way *way)
{
	GError *error = NULL;
	struct store *store = store_open(setup->store_path, setup->scn,
	    setup->command, !opts->force, &error);
	int status;

	if (store == NULL)
		return cli_io_error(error);
	if (opts->retry && !store_forget_failed(store, &error))
		status = cli_io_error(error);
	else
		status = run_missing(store, setup, opts, way);
	if (!store_close(store, &error)) {
		int failed = cli_io_error(error);

		return status == CLI_OK ? failed : status;
	}
	return status;
}

/* dry_run: the axes and how many points they span */
static int
dry_run(const struct scenario *scn)
{
	GString *plan = scn_sweep_plan(scn);
	const char *axes = strstr(plan->str, "\n[sweep]\n");

	printf("# %zu %s\n%s", scn_sweep_size(scn),
	    cli_points(scn_sweep_size(scn)), axes + 1);
	g_string_free(plan, TRUE);
	return CLI_OK;
}

int
sweep_command(int argc, char **argv, const struct sweep_way *way)
{
	struct sweep_options opts = { 0 };
	struct sweep_setup setup = { 0 };
	int status = CLI_OK;

	if (cli_parse(&argc, argv, &opts, &status)) {
		status = argc == 2 ?
		    sweep_setup_load(&setup, argv[1], &opts, way) :
		    cli_usage_error("sweep", argc < 2 ? "no scenario given" :
		    "one scenario at a time");
		if (status == CLI_OK)
			status = opts.dry_run ? dry_run(setup.scn) :
			    sweep_into_store(&setup, &opts, way);
	}
	sweep_setup_clear(&setup);
	cli_parse_free("sweep", &opts);
	return status;
}

int
cmd_sweep(int argc, char **argv)
{
	static const struct sweep_way here = { .run = sweep_run,
		.n_runners = 1, .program = "loansim" };

	return sweep_command(argc, argv, &here);
}
