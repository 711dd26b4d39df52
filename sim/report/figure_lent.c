/*
 * What is lent, and what waits in the send buffer, over time.
 *
 * Above, the kernel address space that loans of all sockets hold, pages on the
 * lists of pending frees included; below, the data in the send buffer of one
 * connection, against its size.
 */
#include "sim/report/timeline.h"

enum {
	PANEL_HEIGHT = 230,
	ONE_PANEL = 340	/* the height of one that is alone */
};

/* find_span: what was asked for, as far as anything changes in it */
static struct rep_span
find_span(const struct rep_data *data)
{
	const struct recording *r = data->recording;
	struct rep_span span = { r->request.from, rep_recorded_until(r) };

	if (r->request.to == SIM_TIME_NEVER && r->head.n_missed == 0
	    && r->n_notes > 0)
		span.to = MAX(r->notes[r->n_notes - 1].at, span.from);
	return span;
}

static bool
is_shown(const struct rep_data *data, const struct rec_note *note)
{
	return note->event == WATCH_LENT
	    || note->connection == data->connection;
}

/* append_level: the data of one panel, and what bounds the level */
static void
append_level(GString *out, const struct rep_data *data,
    const struct rep_span *span, enum watch_event event, const char *name)
{
	struct rep_steps steps;
	int64_t limit = 0;

	rep_steps_init(&steps, out, span);
	g_string_append_printf(out, "$%s << EOD\n", name);
	/* nothing is lent, and nothing buffered, before the first note */
	rep_steps_add(&steps, 0, 0);
	for (size_t i = 0; i < data->recording->n_notes; i++) {
		const struct rec_note *note = &data->recording->notes[i];

		if (note->event != event || !is_shown(data, note))
			continue;
		rep_steps_add(&steps, note->at, note->level);
		limit = note->limit;
	}
	rep_steps_end(&steps);
	g_string_append_printf(out, "EOD\n# %" G_GINT64_FORMAT " changes, in "
	    "%" G_GINT64_FORMAT " lines\n%s_limit = %" G_GINT64_FORMAT ".0\n",
	    (gint64)steps.n_in, (gint64)steps.n_out, name, (gint64)limit);
}

static char *
make_subtitle(const struct rep_data *data, bool has_buffer)
{
	const char *variant = data->rows[0].variant;
	const gint64 n = data->recording->head.n_connections;

	if (!has_buffer)
		return g_strdup_printf("variant %s", variant);
	return g_strdup_printf("variant %s, connection %" G_GINT64_FORMAT
	    " of %" G_GINT64_FORMAT, variant, (gint64)data->connection, n);
}

static bool
write_lent(GString *out, const struct rep_data *data, enum rep_picture picture,
    GError **error)
{
	const gint64 n = data->recording->head.n_connections;
	const bool has_buffer = n > 0;
	struct rep_span span = find_span(data);
	char *subtitle;

	if (!rep_check_connection(data, error)
	    || !rep_check_span(data, &span, error))
		return false;
	subtitle = make_subtitle(data, has_buffer);
	rep_timeline(out, data, &span, picture, subtitle,
	    REP_TITLE_LINE + (has_buffer ? 2 * PANEL_HEIGHT : ONE_PANEL));
	g_free(subtitle);
	g_string_append_printf(out, "n_panels = %d\n", has_buffer ? 2 : 1);
	append_level(out, data, &span, WATCH_LENT, "lent");
	append_level(out, data, &span, WATCH_SNDBUF, "buffered");
	return true;
}

const struct rep_figure rep_figure_lent = {
	.name = "lent",
	.question = "how much is lent, and how full is the send buffer?",
	.source = REP_FROM_RECORDING,
	.events = 1U << WATCH_LENT | 1U << WATCH_SNDBUF,
	.templates = { "plots/lent.gp" },
	.write = write_lent,
};
