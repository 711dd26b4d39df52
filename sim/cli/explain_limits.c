/*
 * For each variant: the reruns, a sentence, and a line for each resource that
 * it uses; at the end what it means that one is free.
 */
#include "sim/cli/explain_limits.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/cli/cli.h"
#include "sim/run/limits.h"

enum { NAME_WIDTH = 13 };

/* One variant, on its way through its reruns. */
struct inquiry {
	const struct scn_point *pt;
	run_resources uses;
	struct run_limits limits;
	int status;		/* of the command */
};

static const char *
name_of(enum run_resource resource)
{
	return run_resource_info[resource].name;
}

/* names: "wire and CPU" of a set; g_free it */
static char *
names(run_resources set)
{
	GString *text = g_string_new(NULL);

	for (int r = 0; r < RUN_N_RESOURCES; r++)
		if (set & run_one((enum run_resource)r))
			g_string_append_printf(text, "%s%s",
			    text->len > 0 ? " and " : "",
			    name_of((enum run_resource)r));
	return g_string_free(text, FALSE);
}

static void
tell_failure(struct inquiry *inq, run_resources freed, struct res_row *row)
{
	g_autofree char *what = names(freed);
	g_autofree char *variant = g_strdup_printf("%s with %s free",
	    scn_point_name(inq->pt), what);

	g_strlcpy(row->variant, variant, sizeof row->variant);
	cli_tell(row);
	inq->status = CLI_BUG;
}

/* rerun: => false: it could not be carried out, inq->status says why */
static bool
rerun(struct inquiry *inq, run_resources freed, struct run_figure *figure)
{
	struct res_row row;
	GError *error = NULL;

	if (!run_point(inq->pt, freed, &row, NULL, &error)) {
		inq->status = cli_run_failed(error);
		return false;
	}
	*figure = run_figure(&row);
	if (!figure->is_known)
		tell_failure(inq, freed, &row);
	return true;
}

static bool
run_each(struct inquiry *inq)
{
	for (int i = 0; i < RUN_N_RESOURCES; i++) {
		enum run_resource r = (enum run_resource)i;

		if ((inq->uses & run_one(r)) == 0)
			continue;
		if (!rerun(inq, run_one(r), &inq->limits.freed[r]))
			return false;
		if (run_all_but(r) != 0 && !rerun(inq, run_all_but(r),
		    &inq->limits.alone[r]))
			return false;
	}
	return true;
}

static bool
run_pairs_with(struct inquiry *inq, int a)
{
	for (int b = 0; b < a; b++) {
		run_resources pair = run_one((enum run_resource)a) |
		    run_one((enum run_resource)b);
		struct run_figure figure = {0};

		if ((inq->uses & pair) != pair)
			continue;
		if (!rerun(inq, pair, &figure))
			return false;
		run_note_pair(&inq->limits, pair, figure);
	}
	return true;
}

/* None is enough: what two are, of which each waits for the other. */
static bool
run_pairs(struct inquiry *inq)
{
	enum run_resource order[RUN_N_RESOURCES];

	if (run_rank(&inq->limits, order) > 0)
		return true;
	for (int a = 0; a < RUN_N_RESOURCES; a++)
		if (!run_pairs_with(inq, a))
			return false;
	return true;
}

/* with_tenths: a number of tenths as text; g_free it */
static char *
with_tenths(int64_t tenths)
{
	return g_strdup_printf("%" PRId64 ".%" PRId64, tenths / 10,
	    tenths % 10);
}

/* gain_of: "+2.6 %", or "-" if there is nothing to compare; g_free it */
static char *
gain_of(const struct run_limits *limits, struct run_figure figure)
{
	g_autofree char *size = NULL;
	int64_t tenths;

	if (!run_gain(limits, figure, &tenths))
		return g_strdup("-");
	size = with_tenths(tenths < 0 ? -tenths : tenths);
	return g_strdup_printf("%c%s %%", tenths < 0 ? '-' : '+', size);
}

/* print_figure: its beginning of a line, no newline */
static void
print_figure(const char *name, struct run_figure figure, const char *gain)
{
	g_autofree char *rate = with_tenths(figure.throughput);
	g_autofree char *bytes = figure.message_bytes == 0 ? g_strdup("-") :
	    g_strdup_printf("%" PRId64, figure.message_bytes);
	int64_t lent = (figure.loaned_share + 50) / 100;

	if (figure.is_known)
		printf("%-*s %10s %10s %9s %4" PRId64 ".%02" PRId64,
		    NAME_WIDTH, name, rate, gain, bytes, lent / 100,
		    lent % 100);
	else
		printf("%-*s %10s", NAME_WIDTH, name, "-");
}

static void
print_line(const struct run_limits *limits, enum run_resource r)
{
	g_autofree char *gain = gain_of(limits, limits->freed[r]);
	g_autofree char *ceiling = with_tenths(limits->alone[r].throughput);

	print_figure(name_of(r), limits->freed[r], gain);
	if (limits->alone[r].is_known)
		printf(" %12s", ceiling);
	putchar('\n');
}

/* say_none: no resource is enough by itself */
static void
say_none(GString *text, const struct run_limits *limits)
{
	g_autofree char *ceilings = names(run_at_ceiling(limits));
	g_autofree char *pair = names(limits->pair);
	g_autofree char *gain = gain_of(limits, limits->pair_freed);

	g_string_append(text, " none of these alone");
	if (ceilings[0] != '\0')
		g_string_append_printf(text, ", at the ceiling of %s",
		    ceilings);
	if (run_pair_limits(limits))
		g_string_append_printf(text, ", most by %s together (%s)",
		    pair, gain);
	else
		g_string_append(text, " nor by any two");
}

/* limited_by: "limited by CPU, then wire"; g_free it */
static char *
limited_by(const struct run_limits *limits)
{
	enum run_resource order[RUN_N_RESOURCES];
	size_t n = run_rank(limits, order);
	GString *text = g_string_new("limited by");

	for (size_t i = 0; i < n; i++)
		g_string_append_printf(text, "%s %s", i > 0 ? ", then" : "",
		    name_of(order[i]));
	if (n == 0)
		say_none(text, limits);
	return g_string_free(text, FALSE);
}

static void
print_slower(const struct run_limits *limits)
{
	g_autofree char *slower = names(run_slower(limits));
	g_autofree char *text = NULL;

	if (slower[0] == '\0')
		return;
	text = g_strdup_printf("Slower with %s free: see \"loansim explain "
	    "limits\".", slower);
	cli_print_wrapped(text, 0, 0);
}

static void
print_inquiry(const struct inquiry *inq)
{
	g_autofree char *rate = with_tenths(inq->limits.as_is.throughput);
	g_autofree char *by = limited_by(&inq->limits);
	g_autofree char *head = g_strdup_printf("%s: %s KB/s, %s",
	    scn_point_name(inq->pt), rate, by);

	putchar('\n');
	cli_print_wrapped(head, 0, 0);
	printf("%-*s %10s %10s %9s %7s %12s\n", NAME_WIDTH, "made free",
	    "KB/s", "gain", "B/segment", "lent", "alone, KB/s");
	print_figure("(none)", inq->limits.as_is, "");
	putchar('\n');
	for (int r = 0; r < RUN_N_RESOURCES; r++)
		if (inq->uses & run_one((enum run_resource)r))
			print_line(&inq->limits, (enum run_resource)r);
	print_slower(&inq->limits);
}

/* What it means that one is free, of those that were. */
static void
print_meanings(run_resources uses)
{
	g_autofree char *least = with_tenths(RUN_GAIN_TENTHS);
	g_autofree char *text = g_strdup_printf("KB = 1024 bytes. A limit "
	    "gains %s %% at least, and a tenth of what the first one does. "
	    "Alone: everything else but window and delay is free. Free "
	    "means:", least);

	putchar('\n');
	cli_print_wrapped(text, 0, 0);
	for (int r = 0; r < RUN_N_RESOURCES; r++) {
		if ((uses & run_one((enum run_resource)r)) == 0)
			continue;
		printf("  %-*s", NAME_WIDTH, name_of((enum run_resource)r));
		cli_print_wrapped(run_resource_info[r].freed, NAME_WIDTH + 2,
		    NAME_WIDTH + 2);
	}
}

/* inquire: into the nth variant. => false as rerun */
static bool
inquire(const struct cli_batch *batch, size_t i, struct inquiry *inq)
{
	*inq = (struct inquiry){.pt = batch->points[i],
	    .uses = run_uses(batch->points[i]), .status = inq->status};
	inq->limits.as_is = run_figure(&batch->rows[i]);
	return run_each(inq) && run_pairs(inq);
}

int
explain_limits(const struct cli_batch *batch)
{
	struct inquiry inq = {.status = CLI_OK};
	run_resources uses = 0;

	printf("%s\n", scn_get_text(batch->points[0], SCN_TITLE));
	for (size_t i = 0; i < batch->n_rows; i++) {
		/* or a child would print it as well */
		fflush(stdout);
		if (!run_figure(&batch->rows[i]).is_known)
			continue;
		if (!inquire(batch, i, &inq))
			return inq.status;
		print_inquiry(&inq);
		uses |= inq.uses;
	}
	if (uses != 0)
		print_meanings(uses);
	return inq.status;
}
