/*
 * Each call of the recording becomes an event, or is counted and forgotten.
 */
#include "sim/trace/story_own.h"

bool
call_number(struct maker *m, size_t i, int64_t *value)
{
	const struct st_arg *arg = st_arg_at(m->line, i);

	if (arg == NULL || (arg->kind != ST_ARG_NUMBER &&
	    arg->kind != ST_ARG_FD && arg->kind != ST_ARG_NULL))
		return false;
	*value = arg->number;
	return true;
}

bool
call_size(struct maker *m, size_t i, int64_t *value)
{
	return call_number(m, i, value) && *value >= 0 &&
	    *value <= STORY_SIZE_MAX;
}

uint32_t
call_desc(struct maker *m, struct event *ev, size_t i)
{
	return desc_thing(m, ev->pid, st_arg_at(m->line, i));
}

bool
call_failed(const struct maker *m)
{
	return m->line->result.kind == ST_RESULT_ERROR ||
	    m->line->result.number < 0;
}

bool
call_error(const struct maker *m, const char *error)
{
	return m->line->result.kind == ST_RESULT_ERROR &&
	    st_text_is(m->line->result.error, error);
}

bool
call_has(struct maker *m, size_t i, const char *flag, int64_t bit)
{
	const struct st_arg *arg = st_arg_at(m->line, i);

	if (arg == NULL)
		return false;
	return arg->kind == ST_ARG_NUMBER ? (arg->number & bit) != 0 :
	    st_arg_has(arg, flag);
}

/*
 * The time that the program spent by itself, since its last call returned.
 * What it sleeps on purpose counts as that, too.
 */
static int64_t
take_time(struct maker *m, uint32_t pid)
{
	struct pid_state *state = PID(m, pid);
	const struct st_line *line = m->line;
	bool sleeps = st_text_is(line->name, "nanosleep") ||
	    st_text_is(line->name, "clock_nanosleep");
	int64_t gap = 0;

	if (line->time_kind == ST_TIME_NONE)
		return 0;
	m->story->has_times = true;
	m->story->has_durations |= line->duration_ns >= 0;
	if (state->end_ns >= 0)
		gap = CLAMP(line->time_ns - state->end_ns, 0, STORY_GAP_MAX_NS);
	state->end_ns = line->time_ns +
	    (sleeps ? 0 : CLAMP(line->duration_ns, 0, STORY_GAP_MAX_NS));
	return gap;
}

static const struct known_call *
known_of_row(struct maker *m, guint row)
{
	while (m->known->len <= row) {
		const struct story_tally *tally = &g_array_index(
		    m->story->tallies.rows, struct story_tally,
		    m->known->len);
		const struct known_call *known = known_call(tally->name);

		g_array_append_val(m->known, known);
	}
	return g_array_index(m->known, const struct known_call *, row);
}

static enum story_fate
understand(struct maker *m, struct event *ev)
{
	const struct known_call *known = known_of_row(m, ev->row);

	if (known == NULL)
		return FATE_UNKNOWN;
	PID(m, ev->pid)->polls |= known_is_poll(known);
	if (known->handle == NULL)
		return known->fate;
	if (m->line->result.kind == ST_RESULT_UNKNOWN)
		return FATE_UNRETURNED;
	return known->handle(m, ev);
}

void
call_take(void *maker, const struct st_line *line, size_t at)
{
	struct maker *m = maker;
	struct event ev = {.line = (uint32_t)at, .thing = STORY_NONE,
	    .other = STORY_NONE, .head = STORY_NONE, .last_use = STORY_NONE,
	    .number = STORY_NONE, .first_piece = m->pieces->len};
	enum story_fate fate = FATE_UNRETURNED;
	int64_t gap;

	m->line = line;
	m->at = ev.line;
	ev.pid = desc_pid(m, line->pid);
	if (line->kind == ST_SIGNAL || line->kind == ST_EXIT)
		return;
	ev.row = story_tallies_row(&m->story->tallies, line->name);
	if (line->kind == ST_CALL) {
		gap = PID(m, ev.pid)->gap_ns + take_time(m, ev.pid);
		PID(m, ev.pid)->gap_ns = MIN(gap, STORY_GAP_MAX_NS);
		fate = understand(m, &ev);
	}
	ev.n_pieces = m->pieces->len - ev.first_piece;
	if (ev.kind == EV_NONE) {
		g_array_set_size(m->pieces, ev.first_piece);
		story_tallies_add(&m->story->tallies, ev.row, fate, at);
		return;
	}
	ev.gap_ns = PID(m, ev.pid)->gap_ns;
	PID(m, ev.pid)->gap_ns = 0;
	g_array_append_val(m->events, ev);
}
