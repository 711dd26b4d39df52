#include "sim/cli/sweep_options.h"

#include <string.h>

#include "sim/cli/outcome.h"
#include "sim/scenario/units.h"

enum { MAX_JOBS = 1024, MAX_SHARDS = 100000 };

/* parse_count: a number in 1 .. max, or a usage error */
static int
parse_count(const char *option, const char *text, size_t max, size_t *n)
{
	int64_t value = 0;

	if (scn_quantity_parse(text, SCN_UNIT_COUNT, &value) !=
	    SCN_QUANTITY_OK || value < 1 || value > (int64_t)max)
		return cli_usage_error("sweep", "%s %s: permitted: 1 .. %zu",
		    option, text, max);
	*n = (size_t)value;
	return CLI_OK;
}

static int
parse_jobs(struct sweep_setup *setup, const struct sweep_options *opts,
    unsigned by_default)
{
	size_t n = by_default > 0 ? by_default : g_get_num_processors();
	int status = opts->jobs == NULL ? CLI_OK :
	    parse_count("-j", opts->jobs, MAX_JOBS, &n);

	setup->limits.n_jobs = (unsigned)n;
	return status;
}

/* parse_shard: "2/8" */
static int
parse_shard(struct sweep_setup *setup, const struct sweep_options *opts)
{
	g_auto(GStrv) parts = NULL;
	int status;

	setup->shard = setup->n_shards = 1;
	if (opts->shard == NULL)
		return CLI_OK;
	parts = g_strsplit(opts->shard, "/", -1);
	if (g_strv_length(parts) != 2)
		return cli_usage_error("sweep", "--shard %s: permitted: I/N, "
		    "like 2/8", opts->shard);
	status = parse_count("--shard", parts[1], MAX_SHARDS,
	    &setup->n_shards);
	return status != CLI_OK ? status : parse_count("--shard", parts[0],
	    setup->n_shards, &setup->shard);
}

/* parse_limit: a quantity above 0, or a usage error */
static int
parse_limit(const char *option, const char *text, enum scn_unit unit,
    int64_t *value)
{
	if (text == NULL)
		return CLI_OK;
	if (scn_quantity_parse(text, unit, value) == SCN_QUANTITY_OK &&
	    *value > 0)
		return CLI_OK;
	return cli_usage_error("sweep", "%s %s: permitted: a number above 0 "
	    "and a unit: %s", option, text, scn_unit_names(unit));
}

static int
parse_limits(struct sweep_setup *setup, const struct sweep_options *opts)
{
	int64_t timeout_ps = 0;
	int status = parse_limit("--timeout", opts->timeout, SCN_UNIT_TIME,
	    &timeout_ps);

	/* less than a nanosecond is not none at all */
	setup->limits.timeout_ns = timeout_ps == 0 ? 0 :
	    MAX(timeout_ps / 1000, 1);
	return status != CLI_OK ? status : parse_limit("--mem-limit",
	    opts->memory, SCN_UNIT_BYTES, &setup->limits.memory_bytes);
}

/* overrides_of: -s, and the axes as assignments of [sweep] */
static GPtrArray *
overrides_of(const struct sweep_options *opts)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

	for (char **set = opts->set; set != NULL && *set != NULL; set++)
		g_ptr_array_add(list, g_strdup(*set));
	for (char **axis = opts->axes; axis != NULL && *axis != NULL; axis++)
		g_ptr_array_add(list, g_strconcat("sweep.", *axis, NULL));
	if (opts->replicate != NULL)
		g_ptr_array_add(list, g_strconcat("sweep.replications=",
		    opts->replicate, NULL));
	g_ptr_array_add(list, NULL);
	return list;
}

static int
check_axes(const struct sweep_options *opts)
{
	for (char **axis = opts->axes; axis != NULL && *axis != NULL; axis++)
		if (strchr(*axis, '=') == NULL)
			return cli_usage_error("sweep", "-x %s: is not of the "
			    "form GROUP.KEY=VALUES", *axis);
	return CLI_OK;
}

/* command_of: what to type to go on */
static char *
command_of(const char *program, const char *operand,
    const struct sweep_options *opts, const char *store)
{
	GString *line = g_string_new(program);

	cli_append_word(line, "sweep ", operand);
	for (char **set = opts->set; set != NULL && *set != NULL; set++)
		cli_append_word(line, "-s ", *set);
	for (char **axis = opts->axes; axis != NULL && *axis != NULL; axis++)
		cli_append_word(line, "-x ", *axis);
	if (opts->replicate != NULL)
		cli_append_word(line, "-n ", opts->replicate);
	if (opts->shard != NULL)
		cli_append_word(line, "--shard ", opts->shard);
	cli_append_word(line, "-o ", store);
	return g_string_free(line, FALSE);
}

int
sweep_setup_load(struct sweep_setup *setup, const char *operand,
    const struct sweep_options *opts, const struct sweep_way *way)
{
	g_autoptr(GPtrArray) overrides = overrides_of(opts);
	int status = check_axes(opts);

	if (status == CLI_OK)
		status = parse_jobs(setup, opts, way->n_jobs);
	if (status == CLI_OK)
		status = parse_shard(setup, opts);
	if (status == CLI_OK)
		status = parse_limits(setup, opts);
	if (status != CLI_OK)
		return status;
	setup->scn = cli_load_scenario(operand,
	    (const char *const *)overrides->pdata, &status);
	if (setup->scn == NULL)
		return status;
	setup->store_path = opts->output != NULL ? g_strdup(opts->output) :
	    g_strconcat(scn_name(setup->scn), ".db", NULL);
	setup->command = command_of("loansim", operand, opts,
	    setup->store_path);
	setup->again = command_of(way->program, operand, opts,
	    setup->store_path);
	return CLI_OK;
}

void
sweep_setup_clear(struct sweep_setup *setup)
{
	scn_free(setup->scn);
	g_free(setup->store_path);
	g_free(setup->command);
	g_free(setup->again);
}
