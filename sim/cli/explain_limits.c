/*
 * For each variant: the reruns, a sentence, and a line for each resource that
 * it uses; at the end what it means that one is free.
 */
#include "sim/cli/explain_limits.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/cli/cli.h"
#include "sim/cli/progress.h"
#include "sim/run/limits.h"

enum { NAME_WIDTH = 13 };

/* One variant, on its way through its reruns. */
struct inquiry {
	const struct cli_batch *batch;
	size_t nth;		/* of the batch */
	const struct scn_point *pt;
	run_resources uses;
	struct run_gains gains;
	GArray *reruns;		/* struct run_rerun */
	struct progress progress;
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
tell_failure(struct inquiry *inq, struct run_rerun *rerun)
{
	g_autofree char *what = names(rerun->freed);
	g_autofree char *variant = g_strdup_printf("%s with %s free",
	    scn_point_name(inq->pt), what);

	g_strlcpy(rerun->row.variant, variant, sizeof rerun->row.variant);
	cli_tell(&rerun->row);
	inq->status = CLI_BUG;
}

/* show: how far it is, on a terminal; it may take minutes */
static void
show(void *arg, size_t n_done)
{
	struct inquiry *inq = arg;

	progress_say(&inq->progress, g_strdup_printf("%s, %zu of %zu variants: "
	    "%zu of %u reruns", scn_point_name(inq->pt), inq->nth + 1,
	    inq->batch->n_rows, n_done, inq->reruns->len));
}

static void
plan(struct inquiry *inq, run_resources freed)
{
	const struct run_rerun rerun = {.freed = freed, .enough_bytes =
	    run_enough(inq->pt, &inq->batch->rows[inq->nth])};

	g_array_append_val(inq->reruns, rerun);
}

/* carry_out: what is planned. => false: it failed, inq->status says why */
static bool
carry_out(struct inquiry *inq)
{
	struct run_rerun *reruns = (gpointer)inq->reruns->data;
	GError *error = NULL;
	bool ok;

	show(inq, 0);
	ok = run_again(inq->pt, reruns, inq->reruns->len, show, inq, &error);
	progress_erase(&inq->progress);
	if (!ok)
		inq->status = cli_run_failed(error);
	return ok;
}

/* figure_of: the nth rerun's; if it has none, that is told */
static struct run_figure
figure_of(struct inquiry *inq, guint n)
{
	struct run_rerun *rerun = &g_array_index(inq->reruns,
	    struct run_rerun, n);
	struct run_figure figure = run_figure(&rerun->row);

	if (!figure.is_known)
		tell_failure(inq, rerun);
	return figure;
}

static void
plan_each(struct inquiry *inq)
{
	for (int r = 0; r < RUN_N_RESOURCES; r++) {
		run_resources one = run_one((enum run_resource)r);
		run_resources others = run_all_but((enum run_resource)r);

		if ((inq->uses & one) == 0)
			continue;
		plan(inq, one);
		if (others != 0)
			plan(inq, others);
	}
}

/* run_each: one after the other free, and what bounds a rate alone */
static bool
run_each(struct inquiry *inq)
{
	struct run_gains *gains = &inq->gains;
	guint n = 0;

	plan_each(inq);
	if (!carry_out(inq))
		return false;
	for (int r = 0; r < RUN_N_RESOURCES; r++) {
		if ((inq->uses & run_one((enum run_resource)r)) == 0)
			continue;
		gains->freed[r] = figure_of(inq, n++);
		if (run_all_but((enum run_resource)r) != 0)
			gains->alone[r] = figure_of(inq, n++);
	}
	return true;
}

static void
plan_pairs(struct inquiry *inq)
{
	for (int a = 0; a < RUN_N_RESOURCES; a++)
		for (int b = 0; b < a; b++) {
			run_resources pair = run_one((enum run_resource)a) |
			    run_one((enum run_resource)b);

			if ((inq->uses & pair) == pair)
				plan(inq, pair);
		}
}

/* None is enough: what two are, of which each waits for the other. */
static bool
run_pairs(struct inquiry *inq)
{
	enum run_resource order[RUN_N_RESOURCES];

	if (run_rank(&inq->gains, order) > 0)
		return true;
	g_array_set_size(inq->reruns, 0);
	plan_pairs(inq);
	if (!carry_out(inq))
		return false;
	for (guint n = 0; n < inq->reruns->len; n++)
		run_note_pair(&inq->gains, g_array_index(inq->reruns,
		    struct run_rerun, n).freed, figure_of(inq, n));
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
gain_of(const struct run_gains *gains, struct run_figure figure)
{
	g_autofree char *size = NULL;
	int64_t tenths;

	if (!run_gain(gains, figure, &tenths))
		return g_strdup("-");
	size = with_tenths(tenths < 0 ? -tenths : tenths);
	return g_strdup_printf("%c%s %%", tenths < 0 ? '-' : '+', size);
}

/* hundredths: "0.97" of a share; g_free it */
static char *
hundredths(int64_t share)
{
	int64_t n = (share + 50) / 100;

	return g_strdup_printf("%" PRId64 ".%02" PRId64, n / 100, n % 100);
}

/* print_figure: its beginning of a line, no newline */
static void
print_figure(const char *name, struct run_figure figure, const char *gain)
{
	g_autofree char *rate = with_tenths(figure.throughput);
	g_autofree char *bytes = figure.message_bytes == 0 ? g_strdup("-") :
	    g_strdup_printf("%" PRId64, figure.message_bytes);
	g_autofree char *lent = hundredths(figure.loaned_share);

	if (figure.is_known)
		printf("%-*s %10s %10s %9s %7s", NAME_WIDTH, name, rate, gain,
		    bytes, lent);
	else
		printf("%-*s %10s", NAME_WIDTH, name, "-");
}

static void
print_line(const struct inquiry *inq, enum run_resource r)
{
	const struct run_gains *gains = &inq->gains;
	const struct res_row *row = &inq->batch->rows[inq->nth];
	g_autofree char *gain = gain_of(gains, gains->freed[r]);
	g_autofree char *ceiling = with_tenths(gains->alone[r].throughput);
	g_autofree char *busy = NULL;
	int64_t share;

	print_figure(name_of(r), gains->freed[r], gain);
	if (run_busy(row, r, &share))
		printf(" %6s", busy = hundredths(share));
	if (gains->alone[r].is_known)
		printf(" %12s", ceiling);
	putchar('\n');
}

/* part_ms: "0.52 ms" of each of n transfers; g_free it */
static char *
part_ms(int64_t ps, int64_t n)
{
	int64_t hundredths_ms = (ps / n + 5 * PS_PER_US) / (10 * PS_PER_US);

	return g_strdup_printf("%" PRId64 ".%02" PRId64 " ms",
	    hundredths_ms / 100, hundredths_ms % 100);
}

/* Where the disk's time goes: it hangs on what is asked for, and how. */
static void
print_disk(const struct res_disk *disk)
{
	int64_t n = disk->n_transfers;
	g_autofree char *media = with_tenths(disk->media_bps * 10 / 1024);
	g_autofree char *size = with_tenths(disk->bytes * 10 / 1024 / n);
	g_autofree char *each = part_ms(disk->busy_ps, n);
	g_autofree char *seek = part_ms(disk->seek_ps, n);
	g_autofree char *rotation = part_ms(disk->rotation_ps, n);
	g_autofree char *text = g_strdup_printf("disk: its media give %s "
	    "KB/s. %" PRId64 " transfers of %s KB took %s each, %s of it "
	    "seeks and %s waits for the first sector; %" PRId64 " went on "
	    "where the head was.", media, n, size, each, seek, rotation,
	    disk->n_continued);
	cli_print_wrapped(text, 0, 0);
}

/* say_none: no resource is enough by itself */
static void
say_none(GString *text, const struct run_gains *gains)
{
	g_autofree char *ceilings = names(run_at_ceiling(gains));
	g_autofree char *pair = names(gains->pair);
	g_autofree char *gain = gain_of(gains, gains->pair_freed);

	g_string_append(text, " none of these alone");
	if (ceilings[0] != '\0')
		g_string_append_printf(text, ", at the ceiling of %s",
		    ceilings);
	if (run_pair_limits(gains))
		g_string_append_printf(text, ", most by %s together (%s)",
		    pair, gain);
	else
		g_string_append(text, " nor by any two");
}

/* limited_by: "limited by CPU, then wire"; g_free it */
static char *
limited_by(const struct run_gains *gains)
{
	enum run_resource order[RUN_N_RESOURCES];
	size_t n = run_rank(gains, order);
	GString *text = g_string_new("limited by");

	for (size_t i = 0; i < n; i++)
		g_string_append_printf(text, "%s %s", i > 0 ? ", then" : "",
		    name_of(order[i]));
	if (n == 0)
		say_none(text, gains);
	return g_string_free(text, FALSE);
}

static void
print_slower(const struct run_gains *gains)
{
	g_autofree char *slower = names(run_slower(gains));
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
	g_autofree char *rate = with_tenths(inq->gains.as_is.throughput);
	g_autofree char *by = limited_by(&inq->gains);
	g_autofree char *head = g_strdup_printf("%s: %s KB/s, %s",
	    scn_point_name(inq->pt), rate, by);

	putchar('\n');
	cli_print_wrapped(head, 0, 0);
	printf("%-*s %10s %10s %9s %7s %6s %12s\n", NAME_WIDTH, "made free",
	    "KB/s", "gain", "B/segment", "lent", "busy", "alone, KB/s");
	print_figure("(none)", inq->gains.as_is, "");
	putchar('\n');
	for (int r = 0; r < RUN_N_RESOURCES; r++)
		if (inq->uses & run_one((enum run_resource)r))
			print_line(inq, (enum run_resource)r);
	/* it has made some, or it would not count as used */
	if (inq->uses & run_one(RUN_DISK))
		print_disk(&inq->batch->rows[inq->nth].disk);
	print_slower(&inq->gains);
}

/* What it means that one is free, of those that were. */
static void
print_meanings(run_resources uses)
{
	g_autofree char *least = with_tenths(RUN_GAIN_TENTHS);
	g_autofree char *text = g_strdup_printf("KB = 1024 bytes. A limit "
	    "gains %s %% at least, and a tenth of what the first one does. "
	    "Busy: part of the time, in the run as it is. Alone: everything "
	    "else but window and delay is free. Free means:", least);

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

/* inquire: into the nth variant. => false: inq->status says why not */
static bool
inquire(struct inquiry *inq, size_t n)
{
	const struct res_row *row = &inq->batch->rows[n];

	inq->nth = n;
	inq->pt = inq->batch->points[n];
	inq->uses = run_uses(inq->pt) & ~run_unasked(row);
	inq->gains = (struct run_gains){.as_is = run_figure(row)};
	g_array_set_size(inq->reruns, 0);
	return run_each(inq) && run_pairs(inq);
}

/* inquire_all: => returns what they use, all together */
static run_resources
inquire_all(struct inquiry *inq)
{
	run_resources uses = 0;

	for (size_t i = 0; i < inq->batch->n_rows; i++) {
		/* or a child would print it as well */
		fflush(stdout);
		if (!run_figure(&inq->batch->rows[i]).is_known)
			continue;
		if (!inquire(inq, i))
			return 0;
		print_inquiry(inq);
		uses |= inq->uses;
	}
	return uses;
}

int
explain_limits(const struct cli_batch *batch)
{
	struct inquiry inq = {.batch = batch, .status = CLI_OK,
	    .reruns = g_array_new(FALSE, FALSE, sizeof(struct run_rerun))};
	run_resources uses;

	printf("%s\n", scn_get_text(batch->points[0], SCN_TITLE));
	progress_begin(&inq.progress, true, 0);
	uses = inquire_all(&inq);
	if (uses != 0)
		print_meanings(uses);
	g_array_free(inq.reruns, TRUE);
	return inq.status;
}
