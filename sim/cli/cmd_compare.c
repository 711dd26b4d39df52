/*
 * loansim compare: two results, or two stores, point by point.
 */
#include <stddef.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/compare_text.h"
#include "sim/cli/stores.h"

struct compare_options {
	char *fail_over;
	char **columns;
	gboolean summary;
};

#define FIELD(name)	offsetof(struct compare_options, name)

const struct cli_option cmd_compare_options[] = {
	{ "fail-over", 0, CLI_TEXT, FIELD(fail_over), "PCT",
	    "exit 1 if any point changed by more than so many percent" },
	{ "column", 'c', CLI_LIST, FIELD(columns), "NAME",
	    "what --fail-over is about (default: throughput_KBps)" },
	{ "summary", 0, CLI_FLAG, FIELD(summary), NULL,
	    "leave the single points out" },
	{ NULL, 0, CLI_FLAG, 0, NULL, NULL }
};

/* What is looked at, and when that is too much. */
struct bounds {
	GArray *columns;	/* enum res_column */
	struct fraction percent;
};

static int
unknown_column(const char *name)
{
	const char *names[RES_N_COLUMNS + 1] = { NULL };
	g_autofree char *quoted = scn_quote(name);
	g_autofree char *hint = NULL;

	for (int col = 0; col < RES_N_COLUMNS; col++)
		names[col] = res_columns[col].name;
	hint = scn_did_you_mean(scn_suggest(name, names));
	return cli_usage_error("compare", "no column is named %s%s", quoted,
	    hint);
}

static int
parse_columns(GArray *columns, char **names)
{
	enum res_column column = RES_THROUGHPUT_KBPS;

	if (names == NULL)
		g_array_append_val(columns, column);
	for (; names != NULL && *names != NULL; names++) {
		column = res_find_column(*names);
		if (column == RES_N_COLUMNS)
			return unknown_column(*names);
		g_array_append_val(columns, column);
	}
	return CLI_OK;
}

/* parse_percent: "2", "0.5", "2%" */
static int
parse_percent(const char *text, struct fraction *percent)
{
	const char *rest = fraction_parse(text, percent);
	g_autofree char *quoted = NULL;

	while (rest != NULL && *rest == ' ')
		rest++;
	if (rest != NULL && (*rest == '\0' || g_str_equal(rest, "%")))
		return CLI_OK;
	quoted = scn_quote(text);
	return cli_usage_error("compare", "--fail-over %s: permitted: a "
	    "number of percent, like 2 or 0.5", quoted);
}

/* open_side: NULL after a message, and *status */
static struct cmp_side *
open_side(const char *path, int *status)
{
	GError *error = NULL;
	struct cmp_side *side;

	*status = cli_store_check(path);
	if (*status != CLI_OK)
		return NULL;
	side = cmp_side_open(path, &error);
	if (side == NULL)
		*status = cli_store_error(error);
	return side;
}

/* check_bound: is any change of a column too large? */
static int
check_bound(const struct cmp_match *match, enum res_column column,
    struct fraction percent, const char *text)
{
	size_t n = 0;

	for (size_t i = 0; i < match->pairs->len; i++)
		n += cmp_exceeds(&g_array_index(match->pairs, struct cmp_pair,
		    i), column, percent) ? 1 : 0;
	if (n == 0)
		return CLI_OK;
	cli_error("%s: %zu of %u points changed by more than %.*s %%",
	    res_columns[column].name, n, match->pairs->len,
	    (int)strcspn(text, " %"), text);
	return CLI_MISSED;
}

static int
check_bounds(const struct cmp_match *match, const struct bounds *bounds,
    const char *text)
{
	int status = CLI_OK;

	if (text == NULL)
		return CLI_OK;
	if (match->pairs->len == 0) {
		cli_error("no point is in both: nothing could be checked");
		return CLI_MISSED;
	}
	for (size_t i = 0; i < bounds->columns->len; i++)
		if (check_bound(match, g_array_index(bounds->columns,
		    enum res_column, i), bounds->percent, text) != CLI_OK)
			status = CLI_MISSED;
	return status;
}

static int
compare_points(struct cmp_side *a, struct cmp_side *b, bool by_seed,
    const struct bounds *bounds, const struct compare_options *opts)
{
	struct cmp_match match;
	struct compare_view view = { a, b, &match,
		a->has_groups && b->has_groups, by_seed, bounds->columns->len,
		(const enum res_column *)(gpointer)bounds->columns->data };
	int status;

	cmp_match_init(&match, a, b, by_seed);
	compare_print_sides(&view);
	if (!opts->summary)
		compare_print_points(&view);
	compare_print_summary(&view);
	status = check_bounds(&match, bounds, opts->fail_over);
	cmp_match_fini(&match);
	return status;
}

static int
compare_sides(struct cmp_side *a, struct cmp_side *b,
    const struct bounds *bounds, const struct compare_options *opts)
{
	bool by_seed = a->store != NULL || b->store != NULL;
	struct cmp_keys keys;
	GError *error = NULL;
	bool is_read;

	cmp_keys_init(&keys, a, b);
	is_read = cmp_side_read(a, &keys, &error) &&
	    cmp_side_read(b, &keys, &error);
	cmp_keys_fini(&keys);
	return is_read ? compare_points(a, b, by_seed, bounds, opts) :
	    cli_store_error(error);
}

static int
compare(char **paths, const struct compare_options *opts)
{
	struct bounds bounds = { g_array_new(FALSE, FALSE,
	    sizeof(enum res_column)), { 0, 1 } };
	struct cmp_side *a = NULL, *b = NULL;
	int status = parse_columns(bounds.columns, opts->columns);

	if (status == CLI_OK && opts->fail_over != NULL)
		status = parse_percent(opts->fail_over, &bounds.percent);
	if (status == CLI_OK)
		a = open_side(paths[0], &status);
	if (status == CLI_OK)
		b = open_side(paths[1], &status);
	if (status == CLI_OK)
		status = compare_sides(a, b, &bounds, opts);
	cmp_side_free(a);
	cmp_side_free(b);
	g_array_unref(bounds.columns);
	return status;
}

int
cmd_compare(int argc, char **argv)
{
	struct compare_options opts = { 0 };
	int status = CLI_OK;

	if (cli_parse(&argc, argv, &opts, &status))
		status = argc == 3 ? compare(argv + 1, &opts) :
		    cli_usage_error("compare", "two results or stores are "
		    "needed");
	cli_parse_free("compare", &opts);
	return status;
}
