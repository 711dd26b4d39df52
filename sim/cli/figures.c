#include "sim/cli/figures.h"

#include <stdio.h>

#include "sim/cli/cli.h"
#include "sim/scenario/mistake.h"
#include "sim/scenario/units.h"

enum { NAME_WIDTH = 14 };

void
cli_print_figures(void)
{
	printf("\nFigures:\n");
	for (size_t i = 0; rep_figures[i] != NULL; i++) {
		const struct rep_figure *figure = rep_figures[i];
		g_autofree char *text = g_strdup_printf("%s (needs %s)",
		    figure->question, rep_source_name(figure->source));

		printf("  %-*s", NAME_WIDTH - 2, figure->name);
		cli_print_wrapped(text, NAME_WIDTH, NAME_WIDTH);
	}
}

static bool
unknown_figure(const char *name)
{
	g_autofree char *quoted = scn_quote(name);
	g_autofree char *hint = scn_did_you_mean(rep_near_figure(name));
	GString *names = g_string_new(NULL);

	for (size_t i = 0; rep_figures[i] != NULL; i++)
		g_string_append_printf(names, "%s%s", i == 0 ? "" :
		    rep_figures[i + 1] == NULL ? " and " : ", ",
		    rep_figures[i]->name);
	cli_usage_error("plot", "no figure is named %s%s; there are %s",
	    quoted, hint, names->str);
	g_string_free(names, TRUE);
	return false;
}

static bool
parse_time(const char *option, const char *text, sim_time *at)
{
	g_autofree char *quoted = text != NULL ? scn_quote(text) : NULL;

	if (text == NULL
	    || scn_quantity_parse(text, SCN_UNIT_TIME, at)
	    == SCN_QUANTITY_OK)
		return true;
	cli_usage_error("plot", "%s %s: is no time; permitted: a number and "
	    "one of %s", option, quoted, scn_unit_names(SCN_UNIT_TIME));
	return false;
}

static bool
parse_connection(const char *text, int64_t *connection)
{
	g_autofree char *quoted = NULL;

	if (text == NULL || (scn_quantity_parse(text, SCN_UNIT_COUNT,
	    connection) == SCN_QUANTITY_OK && *connection > 0))
		return true;
	quoted = scn_quote(text);
	cli_usage_error("plot", "--connection %s: is no number from 1",
	    quoted);
	return false;
}

/* forbids: an option that this figure has no use for */
static bool
forbids(const struct rep_figure *figure, const char *option, const char *text)
{
	if (text == NULL || figure->source == REP_FROM_RECORDING)
		return false;
	cli_usage_error("plot", "%s is for figures of one variant; %s is none",
	    option, figure->name);
	return true;
}

bool
cli_find_figure(const struct cli_figure_options *opts,
    struct cli_figure *figure)
{
	struct rec_request *request = &figure->request;

	figure->figure = opts->figure == NULL ? rep_figures[0] :
	    rep_find_figure(opts->figure);
	figure->connection = 1;
	if (figure->figure == NULL)
		return unknown_figure(opts->figure);
	*request = (struct rec_request){ .events = figure->figure->events,
		.to = SIM_TIME_NEVER, .most = REC_MOST_NOTES };
	if (forbids(figure->figure, "--connection", opts->connection)
	    || forbids(figure->figure, "--from", opts->from)
	    || forbids(figure->figure, "--to", opts->to)
	    || !parse_connection(opts->connection, &figure->connection)
	    || !parse_time("--from", opts->from, &request->from)
	    || !parse_time("--to", opts->to, &request->to))
		return false;
	if (request->from < request->to)
		return true;
	cli_usage_error("plot", "--from %s is not before --to %s", opts->from,
	    opts->to);
	return false;
}
