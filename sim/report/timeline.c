#include "sim/report/timeline.h"

#include <string.h>

#include "sim/report/output.h"

/* What the axis counts in: the largest unit of which two fit. */
static const struct axis_unit {
	const char *name;
	sim_time ps;
} axis_units[] = {
	{ "s", PS_PER_S }, { "ms", PS_PER_MS }, { "us", PS_PER_US }
};

int64_t
rep_column(const struct rep_span *span, sim_time at)
{
	const sim_time length = span->to - span->from;

	return length <= 0 ? 0 :
	    mul_div(at - span->from, REP_COLUMNS, length);
}

static void
append_axis(GString *out, const struct rep_span *span)
{
	const struct axis_unit *unit = axis_units;

	while (unit->ps > PS_PER_US && span->to - span->from < 2 * unit->ps)
		unit++;
	g_string_append_printf(out, "time_unit = '%s'\n"
	    "time_scale = %" G_GINT64_FORMAT ".0\n"
	    "time_from = %" G_GINT64_FORMAT ".0\n"
	    "time_to = %" G_GINT64_FORMAT ".0\n", unit->name,
	    (gint64)unit->ps, (gint64)span->from,
	    (gint64)MAX(span->to, span->from + 1));
}

sim_time
rep_recorded_until(const struct recording *recording)
{
	const struct rec_head *head = &recording->head;

	return MIN(recording->request.to,
	    head->n_missed > 0 ? head->full_at : head->ended_at);
}

bool
rep_check_connection(const struct rep_data *data, GError **error)
{
	const gint64 n = data->recording->head.n_connections;

	if (data->connection <= MAX(n, 1))
		return true;
	g_set_error(error, REP_ERROR, REP_ERROR_FIGURE,
	    "no connection %" G_GINT64_FORMAT ": %s has %" G_GINT64_FORMAT,
	    (gint64)data->connection, data->rows[0].variant, n);
	return false;
}

bool
rep_check_span(const struct rep_data *data, const struct rep_span *span,
    GError **error)
{
	if (span->from <= rep_recorded_until(data->recording))
		return true;
	g_set_error(error, REP_ERROR, REP_ERROR_FIGURE,
	    "%s has ended before that time", data->rows[0].variant);
	return false;
}

void
rep_timeline(GString *out, const struct rep_data *data,
    const struct rep_span *span, enum rep_picture picture,
    const char *subtitle, int height)
{
	const int n_lines = rep_script_title(out, data->title);

	height += REP_TITLE_LINE * (n_lines + 1);
	rep_script_text(out, "figure_subtitle", subtitle);
	rep_script_share(out, "line_share", REP_TITLE_LINE, height);
	rep_script_terminal(out, picture, REP_FIGURE_WIDTH, height);
	append_axis(out, span);
}

void
rep_steps_init(struct rep_steps *steps, GString *out,
    const struct rep_span *span)
{
	memset(steps, 0, sizeof *steps);
	steps->out = out;
	steps->span = *span;
}

static void
append_step(struct rep_steps *steps, const struct rep_step *step)
{
	g_string_append_printf(steps->out,
	    "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", (gint64)step->at,
	    (gint64)step->value);
	steps->n_out++;
}

/* append_between: unless it is one of the two that are drawn anyway */
static void
append_between(struct rep_steps *steps, const struct rep_step *step)
{
	if (step->at != steps->first.at && step->at != steps->last.at)
		append_step(steps, step);
}

static void
end_column(struct rep_steps *steps)
{
	const bool falls = steps->greatest.at < steps->least.at;

	if (steps->n_in_column == 0)
		return;
	append_step(steps, &steps->first);
	append_between(steps, falls ? &steps->greatest : &steps->least);
	if (steps->greatest.at != steps->least.at)
		append_between(steps,
		    falls ? &steps->least : &steps->greatest);
	if (steps->n_in_column > 1)
		append_step(steps, &steps->last);
	steps->n_in_column = 0;
}

void
rep_steps_add(struct rep_steps *steps, sim_time at, int64_t value)
{
	const struct rep_step step = { MAX(at, steps->span.from), value };
	int64_t column;

	if (at > steps->span.to)
		return;
	column = rep_column(&steps->span, step.at);
	steps->n_in++;
	/* what was before the beginning: the last of it counts */
	if (at < steps->span.from)
		steps->n_in_column = 0;
	else if (column != steps->column)
		end_column(steps);
	if (steps->n_in_column++ == 0) {
		steps->column = column;
		steps->first = steps->least = steps->greatest = step;
	}
	if (value < steps->least.value)
		steps->least = step;
	if (value > steps->greatest.value)
		steps->greatest = step;
	steps->last = step;
}

void
rep_steps_end(struct rep_steps *steps)
{
	const struct rep_step end = { steps->span.to, steps->last.value };

	if (steps->n_in == 0)
		return;
	end_column(steps);
	append_step(steps, &end);
}

void
rep_ticks_init(struct rep_ticks *ticks, GString *out,
    const struct rep_span *span)
{
	memset(ticks, 0, sizeof *ticks);
	ticks->out = out;
	ticks->span = *span;
}

void
rep_ticks_end(struct rep_ticks *ticks)
{
	if (!ticks->has_one)
		return;
	g_string_append_printf(ticks->out, "%" G_GINT64_FORMAT " %"
	    G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", (gint64)ticks->at,
	    (gint64)ticks->begin, (gint64)ticks->end);
	ticks->has_one = false;
	ticks->n_out++;
}

void
rep_ticks_add(struct rep_ticks *ticks, sim_time at, int64_t begin,
    int64_t end)
{
	const int64_t column = rep_column(&ticks->span, at);

	ticks->n_in++;
	if (ticks->has_one && column == ticks->column
	    && begin <= ticks->end && end >= ticks->begin) {
		ticks->begin = MIN(ticks->begin, begin);
		ticks->end = MAX(ticks->end, end);
		return;
	}
	rep_ticks_end(ticks);
	ticks->column = column;
	ticks->at = at;
	ticks->begin = begin;
	ticks->end = end;
	ticks->has_one = true;
}
