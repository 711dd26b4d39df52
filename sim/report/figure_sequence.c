/*
 * The sequence numbers of one connection over time, in the manner of tcptrace:
 * each segment a tick from its first byte to its last, the acknowledgements a
 * line below them, the window's end a line above.
 *
 * Seen at the board's interface.  The direction is the one with more data; when
 * the board receives, segments are seen as they come in, and acknowledgements
 * as they go out.
 */
#include <string.h>

#include "models/inet/tcp.h"
#include "sim/report/output.h"
#include "sim/report/timeline.h"

enum { FIGURE_HEIGHT = 520 };

struct view {
	const struct rep_data *data;
	struct rep_span span;
	enum watch_event sender;	/* seen from the board */
	int shift[2];			/* of either SYN, by watch_event; -1 */
	int64_t top;			/* the end of what was sent */
	int64_t acked;
	int64_t window;			/* last ones */
	struct rep_ticks sent, again, dups;
	struct rep_steps acks, edge;
};

static bool
is_of(const struct view *v, const struct rec_note *note)
{
	return note->connection == v->data->connection
	    && (note->event == WATCH_OUT || note->event == WATCH_IN);
}

/* find_sender: => false: there is no data */
static bool
find_sender(struct view *v)
{
	const struct recording *r = v->data->recording;
	int64_t bytes[2] = { 0, 0 };

	for (size_t i = 0; i < r->n_notes; i++)
		if (is_of(v, &r->notes[i]) && r->notes[i].at >= r->request.from)
			bytes[r->notes[i].event] += r->notes[i].payload_bytes;
	v->sender = bytes[WATCH_OUT] >= bytes[WATCH_IN] ? WATCH_OUT : WATCH_IN;
	return bytes[v->sender] > 0;
}

/* find_span: from the first segment to the last, unless told otherwise */
static void
find_span(struct view *v)
{
	const struct recording *r = v->data->recording;
	bool has_first = false;

	v->span = (struct rep_span){ r->request.from, rep_recorded_until(r) };
	for (size_t i = 0; i < r->n_notes; i++) {
		const struct rec_note *note = &r->notes[i];

		if (!is_of(v, note) || note->at < r->request.from)
			continue;
		if (!has_first && r->request.from == 0)
			v->span.from = note->at;
		has_first = true;
		if (r->request.to == SIM_TIME_NEVER)
			v->span.to = note->at;
	}
}

static void
take_segment(struct view *v, const struct rec_note *note)
{
	const int64_t begin = note->place;
	const int64_t end = begin + note->payload_bytes;
	const bool is_new = begin >= v->top;

	if (note->payload_bytes == 0)
		return;
	v->top = MAX(v->top, end);
	if (note->at >= v->span.from && note->at <= v->span.to)
		rep_ticks_add(is_new ? &v->sent : &v->again, note->at, begin,
		    end);
}

/* is_duplicate: nothing new in it, and something is under way */
static bool
is_duplicate(const struct view *v, const struct rec_note *note, int64_t acked,
    int64_t window)
{
	return note->payload_bytes == 0 && acked == v->acked
	    && window == v->window && acked < v->top
	    && (note->flags & (TH_SYN | TH_FIN)) == 0;
}

static void
take_ack(struct view *v, const struct rec_note *note)
{
	const bool has_scale = v->shift[WATCH_OUT] >= 0
	    && v->shift[WATCH_IN] >= 0 && (note->flags & TH_SYN) == 0;
	const int64_t acked = note->acked;
	const int64_t window = (int64_t)note->win
	    << (has_scale ? v->shift[note->event] : 0);

	if (is_duplicate(v, note, acked, window)
	    && note->at >= v->span.from && note->at <= v->span.to)
		rep_ticks_add(&v->dups, note->at, acked, acked);
	/* one that was overtaken says nothing any more */
	if (acked < v->acked)
		return;
	v->acked = acked;
	v->window = window;
	rep_steps_add(&v->acks, note->at, acked);
	rep_steps_add(&v->edge, note->at, acked + window);
}

static void
take_note(struct view *v, const struct rec_note *note)
{
	if ((note->flags & TH_RST) != 0)
		return;
	if ((note->flags & TH_SYN) != 0)
		v->shift[note->event] = note->wscale - 1;
	if (note->event == v->sender)
		take_segment(v, note);
	else if ((note->flags & TH_ACK) != 0)
		take_ack(v, note);
}

/* append_block: as gnuplot's inline data; returns the text's owner to none */
static void
append_block(GString *out, const char *name, GString *lines, int64_t n_in,
    int64_t n_out)
{
	g_string_append_printf(out, "# %" G_GINT64_FORMAT ", in %"
	    G_GINT64_FORMAT " lines\nn_%s = %" G_GINT64_FORMAT "\n$%s << EOD\n"
	    "%sEOD\n", (gint64)n_in, (gint64)n_out, name, (gint64)n_in, name,
	    lines->str);
	g_string_free(lines, TRUE);
}

static void
init_view(struct view *v)
{
	v->shift[WATCH_OUT] = v->shift[WATCH_IN] = -1;
	rep_ticks_init(&v->sent, g_string_new(NULL), &v->span);
	rep_ticks_init(&v->again, g_string_new(NULL), &v->span);
	rep_ticks_init(&v->dups, g_string_new(NULL), &v->span);
	rep_steps_init(&v->acks, g_string_new(NULL), &v->span);
	rep_steps_init(&v->edge, g_string_new(NULL), &v->span);
}

static void
finish_view(GString *out, struct view *v)
{
	rep_ticks_end(&v->sent);
	rep_ticks_end(&v->again);
	rep_ticks_end(&v->dups);
	rep_steps_end(&v->acks);
	rep_steps_end(&v->edge);
	append_block(out, "sent", v->sent.out, v->sent.n_in, v->sent.n_out);
	append_block(out, "again", v->again.out, v->again.n_in,
	    v->again.n_out);
	append_block(out, "dups", v->dups.out, v->dups.n_in, v->dups.n_out);
	append_block(out, "acks", v->acks.out, v->acks.n_in, v->acks.n_out);
	append_block(out, "edge", v->edge.out, v->edge.n_in, v->edge.n_out);
}

static void
write_view(GString *out, struct view *v, enum rep_picture picture)
{
	const struct rep_data *data = v->data;
	char *subtitle = g_strdup_printf("variant %s, connection %"
	    G_GINT64_FORMAT " of %" G_GINT64_FORMAT ": %s",
	    data->rows[0].variant, (gint64)data->connection,
	    (gint64)data->recording->head.n_connections,
	    v->sender == WATCH_OUT ? "what the board sends" :
	    "what the board receives");

	rep_timeline(out, data, &v->span, picture, subtitle, FIGURE_HEIGHT);
	g_free(subtitle);
	init_view(v);
	for (size_t i = 0; i < data->recording->n_notes; i++)
		if (is_of(v, &data->recording->notes[i]))
			take_note(v, &data->recording->notes[i]);
	finish_view(out, v);
}

static bool
write_sequence(GString *out, const struct rep_data *data,
    enum rep_picture picture, GError **error)
{
	struct view view = { .data = data };

	if (!rep_check_connection(data, error))
		return false;
	if (!find_sender(&view)) {
		g_set_error(error, REP_ERROR, REP_ERROR_FIGURE,
		    "%s: connection %" G_GINT64_FORMAT " carries no data in "
		    "that time", data->rows[0].variant,
		    (gint64)data->connection);
		return false;
	}
	find_span(&view);
	write_view(out, &view, picture);
	return true;
}

const struct rep_figure rep_figure_sequence = {
	.name = "sequence",
	.question = "what does a connection send, and what is acknowledged?",
	.source = REP_FROM_RECORDING,
	.events = 1U << WATCH_OUT | 1U << WATCH_IN,
	.templates = { "plots/sequence.gp" },
	.write = write_sequence,
};
