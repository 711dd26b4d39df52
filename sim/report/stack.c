#include "sim/report/stack.h"

#include <string.h>

#include "sim/report/bars.h"

enum {
	LEAST_SHARE = 300,	/* in 10^-4 */
	SHARE_SCALE = 10000,
	KEY_LINE = 24,
	KEY_LEFT = 24,
	KEY_BOX = 44,		/* a box and the gaps around it */
	KEY_CHAR = 9,
	NOTE_LINE = 18,
	NOTE_CHARS = 120,
	BELOW_GAP = 12
};

/* One figure while it is written. */
struct job {
	GString *out;
	const struct rep_stack *stack;
	const struct rep_data *data;
	int n_panels;
	int64_t rank[N_CAUSES];		/* the largest share in any bar */
	int part_of[N_CAUSES];		/* from 0; or other */
	int n_named;
	int other;			/* its part; -1: there is none */
	int n_parts;
	const char *names[REP_STACK_PARTS];
	int64_t limit;			/* of the axis */
};

static int64_t
cause_value(const struct job *job, size_t row, int panel, int cause)
{
	return job->stack->cause(job->data, &job->data->rows[row], panel,
	    (enum kern_cause)cause);
}

static int64_t
sum_of_causes(const struct job *job, size_t row, int panel)
{
	int64_t sum = 0;

	for (int cause = 0; cause < N_CAUSES; cause++)
		sum += cause_value(job, row, panel, cause);
	return sum;
}

static void
rank_bar(struct job *job, size_t row, int panel)
{
	const int64_t sum = sum_of_causes(job, row, panel);

	for (int cause = 0; sum > 0 && cause < N_CAUSES; cause++)
		job->rank[cause] = MAX(job->rank[cause],
		    mul_div(cause_value(job, row, panel, cause), SHARE_SCALE,
			sum));
}

/* is_named: few enough are larger; of equal ones the first counts more */
static bool
is_named(const struct job *job, int cause)
{
	int n_larger = 0;

	for (int i = 0; i < N_CAUSES; i++)
		n_larger += job->rank[i] > job->rank[cause]
		    || (job->rank[i] == job->rank[cause] && i < cause);
	return n_larger < REP_STACK_NAMED && job->rank[cause] >= LEAST_SHARE;
}

/* is_there: does any bar have it at all? */
static bool
is_there(const struct job *job, int cause)
{
	int64_t sum = 0;

	for (int panel = 0; panel < job->n_panels; panel++)
		for (size_t row = 0; row < job->data->n_rows; row++)
			sum += cause_value(job, row, panel, cause);
	return sum > 0;
}

static void
pick_parts(struct job *job)
{
	const char *const *rest = job->stack->rest;

	for (int panel = 0; panel < job->n_panels; panel++)
		for (size_t row = 0; row < job->data->n_rows; row++)
			rank_bar(job, row, panel);
	job->other = -1;
	for (int cause = 0; cause < N_CAUSES; cause++) {
		if (!is_named(job, cause))
			continue;
		job->names[job->n_parts] = kern_cause_names[cause];
		job->part_of[cause] = job->n_parts++;
	}
	job->n_named = job->n_parts;
	for (int cause = 0; cause < N_CAUSES; cause++) {
		if (is_named(job, cause))
			continue;
		job->part_of[cause] = job->n_named;
		if (is_there(job, cause))
			job->other = job->n_named;
	}
	if (job->other >= 0)
		job->names[job->n_parts++] = "other";
	for (int i = 0; i < REP_STACK_REST && rest[i] != NULL; i++)
		job->names[job->n_parts++] = rest[i];
}

/* first_rest: the part of what is no cause */
static int
first_rest(const struct job *job)
{
	return job->n_named + (job->other >= 0 ? 1 : 0);
}

static int64_t
part_value(const struct job *job, size_t row, int panel, int part)
{
	int64_t sum = 0;

	if (part >= first_rest(job))
		return panel > 0 ? 0 : job->stack->rest_value(job->data,
		    &job->data->rows[row], part - first_rest(job));
	for (int cause = 0; cause < N_CAUSES; cause++)
		if (job->part_of[cause] == part)
			sum += cause_value(job, row, panel, cause);
	return sum;
}

static int64_t
sum_of_parts(const struct job *job, size_t row, int panel, int n_parts)
{
	int64_t sum = 0;

	for (int part = 0; part < n_parts; part++)
		sum += part_value(job, row, panel, part);
	return sum;
}

static int64_t
longest(const struct job *job, int n_parts)
{
	int64_t most = 0;

	for (int panel = 0; panel < job->n_panels; panel++)
		for (size_t row = 0; row < job->data->n_rows; row++)
			most = MAX(most,
			    sum_of_parts(job, row, panel, n_parts));
	return most;
}

/*
 * find_limit: where the axis ends: with the longest bar, unless waiting makes
 * it three times as long as all that is done; then at twice of that.
 */
static void
find_limit(struct job *job)
{
	job->limit = longest(job, job->n_parts);
	if (job->stack->last_is_cut) {
		const int64_t busy = longest(job, job->n_parts - 1);

		if (busy > 0 && job->limit > 3 * busy)
			job->limit = 2 * busy;
	}
	job->limit = MAX(job->limit, 1);
}

/* append_bar: its parts, and then its end and sum */
static void
append_bar(struct job *job, size_t row, int panel, GString *sums)
{
	const int64_t sum = sum_of_parts(job, row, panel, job->n_parts);
	int64_t at = 0;

	for (int part = 0; part < job->n_parts; part++) {
		const int64_t value = part_value(job, row, panel, part);
		const int64_t end = MIN(at + value, job->limit);

		if (value == 0)
			continue;
		g_string_append_printf(job->out, "%d %zu %d ", panel + 1,
		    row + 1, part + 1);
		rep_script_decimal(job->out, at, 3);
		g_string_append_c(job->out, ' ');
		rep_script_decimal(job->out, end, 3);
		g_string_append_c(job->out, ' ');
		rep_script_decimal(job->out, value, 3);
		g_string_append_c(job->out, '\n');
		at = end;
	}
	g_string_append_printf(sums, "%d %zu ", panel + 1, row + 1);
	rep_script_decimal(sums, at, 3);
	g_string_append_c(sums, ' ');
	rep_script_decimal(sums, sum, 3);
	g_string_append_printf(sums, " %d\n", sum > job->limit);
}

static void
append_bars(struct job *job)
{
	GString *sums = g_string_new(NULL);

	g_string_append(job->out,
	    "# panel, row, part, begins, ends, how much it is\n"
	    "$parts << EOD\n");
	for (int panel = 0; panel < job->n_panels; panel++)
		for (size_t row = 0; row < job->data->n_rows; row++)
			append_bar(job, row, panel, sums);
	g_string_append_printf(job->out, "EOD\n"
	    "# panel, row, where the bar ends, sum, is it cut?\n"
	    "$sums << EOD\n%sEOD\n", sums->str);
	g_string_free(sums, TRUE);
}

/* append_key: where each name stands; returns the number of lines */
static int
append_key(struct job *job, GString *key)
{
	int x = KEY_LEFT, line = 1;

	g_string_append_printf(key, "n_parts = %d\nfirst_rest = %d\n"
	    "array part_name[%d]\narray key_x[%d]\narray key_line[%d]\n",
	    job->n_parts, first_rest(job) + 1, job->n_parts, job->n_parts,
	    job->n_parts);
	for (int i = 0; i < job->n_parts; i++) {
		const int width
		    = KEY_BOX + KEY_CHAR * (int)strlen(job->names[i]);

		if (x + width > REP_FIGURE_WIDTH) {
			x = KEY_LEFT;
			line++;
		}
		g_string_append_printf(key, "part_name[%d] = '%s'; "
		    "key_x[%d] = %d.0 / %d; key_line[%d] = %d\n", i + 1,
		    job->names[i], i + 1, x, REP_FIGURE_WIDTH, i + 1, line);
		x += width;
	}
	return line;
}

/* append_note: what "other" stands for; returns the number of lines */
static int
append_note(const struct job *job, GString *key)
{
	GString *line = g_string_new("other:");
	int n_lines = 1;

	g_string_append(key, "figure_note = ''");
	for (int i = 0; i < N_CAUSES; i++) {
		if (job->part_of[i] != job->other || !is_there(job, i))
			continue;
		if (line->len > NOTE_CHARS) {
			g_string_append_printf(key, ".'%s'.\"\\n\"",
			    line->str);
			g_string_truncate(line, 0);
			n_lines++;
		}
		g_string_append_printf(line, " %s", kern_cause_names[i]);
	}
	if (job->other >= 0)
		g_string_append_printf(key, ".'%s'", line->str);
	g_string_append_c(key, '\n');
	g_string_free(line, TRUE);
	return job->other >= 0 ? n_lines : 0;
}

void
rep_stack(GString *out, const struct rep_stack *stack,
    const struct rep_data *data, enum rep_picture picture)
{
	struct job job = { .out = out, .stack = stack, .data = data };
	GString *key = g_string_new(NULL);
	int below = BELOW_GAP;

	job.n_panels = stack->panels[1] != NULL ? 2 : 1;
	pick_parts(&job);
	find_limit(&job);
	below += KEY_LINE * append_key(&job, key);
	below += NOTE_LINE * append_note(&job, key);
	rep_bars(out, data, picture, below);
	g_string_append(out, key->str);
	g_string_free(key, TRUE);
	g_string_append_printf(out, "n_panels = %d\n"
	    "array panel_title[%d]\n", job.n_panels, job.n_panels);
	for (int i = 0; i < job.n_panels; i++)
		g_string_append_printf(out, "panel_title[%d] = '%s'\n", i + 1,
		    stack->panels[i] != NULL ? stack->panels[i] : "");
	rep_script_text(out, "axis_title", stack->axis);
	g_string_append(out, "axis_end = ");
	rep_script_decimal(out, job.limit, 3);
	g_string_append_c(out, '\n');
	append_bars(&job);
}
