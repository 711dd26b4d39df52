#include <glib.h>
#include <string.h>

#include "sim/trace/strace_args.h"
#include "sim/trace/strace_line.h"

enum {
	NS_DIGITS = 9,
	PID_MAX = 4194304,	/* Linux: 2^22 */
	EPOCH_MIN_S = 100000000	/* less is a span of time, not a date */
};

static const int64_t NS_PER_S = 1000000000;
static const int64_t SECONDS_MAX = 9000000000;	/* in ns below 2^63 */

void
st_line_init(struct st_line *line)
{
	*line = (struct st_line){ .pid = -1, .duration_ns = -1 };
}

void
st_line_fini(struct st_line *line)
{
	g_free(line->args);
	st_line_init(line);
}

bool
st_text_begins(struct st_text text, const char *word)
{
	size_t n = strlen(word);

	return text.n >= n && memcmp(text.at, word, n) == 0;
}

bool
st_text_is(struct st_text text, const char *word)
{
	return text.n == strlen(word) && st_text_begins(text, word);
}

static bool
at_word(const char *p, const char *end, const char *word)
{
	return st_text_begins((struct st_text){ p, (size_t)(end - p) }, word);
}

/* Seconds with a fraction; digits behind the ninth are dropped. */
static const char *
parse_seconds(const char *p, const char *end, int64_t *ns)
{
	int64_t seconds = 0, fraction = 0;
	const char *first = p;
	int n = 0;

	for (; p < end && g_ascii_isdigit(*p); p++) {
		seconds = 10 * seconds + (*p - '0');
		if (seconds > SECONDS_MAX)
			return NULL;
	}
	if (p == first)
		return NULL;
	if (p < end && *p == '.')
		for (p++; p < end && g_ascii_isdigit(*p); p++)
			if (n < NS_DIGITS) {
				fraction = 10 * fraction + (*p - '0');
				n++;
			}
	for (; n < NS_DIGITS; n++)
		fraction *= 10;
	*ns = seconds * NS_PER_S + fraction;
	return p;
}

/* 12:34:56.789 */
static const char *
parse_clock(const char *p, const char *end, int64_t *ns)
{
	int64_t part = 0;

	*ns = 0;
	for (int i = 0; i < 3; i++) {
		p = parse_seconds(p, end, &part);
		if (p == NULL || part >= 60 * NS_PER_S)
			return NULL;
		*ns = 60 * *ns + part;
		if (i < 2 && (p == end || *p++ != ':'))
			return NULL;
	}
	return p;
}

static const char *
parse_time(struct st_line *line, const char *p, const char *end)
{
	enum st_time_kind kind = ST_TIME_DAY;
	int64_t ns = 0;
	const char *after = parse_clock(p, end, &ns);

	if (after == NULL) {
		after = parse_seconds(p, end, &ns);
		kind = ns / NS_PER_S >= EPOCH_MIN_S ? ST_TIME_EPOCH :
		    ST_TIME_RELATIVE;
	}
	if (after == NULL || after == end || *after != ' ')
		return p;
	line->time_kind = kind;
	line->time_ns = ns;
	after = st_skip_blanks(after, end);
	if (at_word(after, end, "(+")) {	/* -r beside -t */
		const char *close = memchr(after, ')', (size_t)(end - after));

		if (close != NULL)
			after = st_skip_blanks(close + 1, end);
	}
	return after;
}

/* [pid 12]; what else is in brackets there comes from -i or -n */
static const char *
parse_bracket(struct st_line *line, const char *p, const char *end)
{
	const char *close = memchr(p, ']', (size_t)(end - p));
	const char *number = p + 1;
	int64_t pid;

	if (close == NULL)
		return p;
	if (at_word(p, end, "[pid ")) {
		number = st_skip_blanks(p + 4, close);
		if (st_number(number, close, &pid) != close || pid <= 0 ||
		    pid > PID_MAX)
			return p;
		line->pid = pid;
		line->is_pid_bracketed = true;
	} else {
		for (; number < close; number++)
			if (!g_ascii_isxdigit(*number) && *number != ' ')
				return p;
	}
	return st_skip_blanks(close + 1, end);
}

static const char *
parse_prefix(struct st_line *line, const char *p, const char *end)
{
	const char *after;
	int64_t pid;

	p = st_skip_blanks(p, end);
	if (p < end && *p == '[')
		p = parse_bracket(line, p, end);
	else {
		after = st_number(p, end, &pid);
		if (after != NULL && after < end && *after == ' ' &&
		    pid > 0 && pid <= PID_MAX) {
			line->pid = pid;
			p = st_skip_blanks(after, end);
		}
	}
	p = parse_time(line, p, end);
	if (p < end && *p == '[')
		p = parse_bracket(line, p, end);
	return p;
}

/* ERESTARTSYS of "-1 ERESTARTSYS (text)" and "? ERESTARTSYS (text)" */
static const char *
parse_error(struct st_line *line, const char *p, const char *end)
{
	const char *after;

	p = st_skip_blanks(p, end);
	after = st_skip_word(p, end);
	if (p == end || *p != 'E' || after - p > ST_NAME_MAX)
		return p;
	line->result.kind = ST_RESULT_ERROR;
	line->result.number = -1;
	line->result.error = (struct st_text){ p, (size_t)(after - p) };
	return after;
}

static const char *
parse_value(struct st_line *line, const char *p, const char *end)
{
	struct st_result *result = &line->result;

	if (p < end && *p == '?') {
		result->kind = ST_RESULT_UNKNOWN;
		return parse_error(line, p + 1, end);
	}
	p = st_number(p, end, &result->number);
	if (p == NULL)
		return NULL;
	result->kind = ST_RESULT_NUMBER;
	if (p < end && *p == '<') {
		result->kind = ST_RESULT_FD;
		return st_angle(p, end, &result->name);
	}
	return result->number == -1 ? parse_error(line, p, end) : p;
}

/* <0.000012>, the last thing of the line */
static void
parse_duration(struct st_line *line, const char *p, const char *end)
{
	const char *open = end;
	int64_t ns;

	while (end > p && end[-1] == ' ')
		end--;
	if (end == p || end[-1] != '>')
		return;
	for (open = end - 1; open > p && *open != '<'; open--)
		;
	if (*open == '<' && parse_seconds(open + 1, end, &ns) == end - 1)
		line->duration_ns = ns;
}

static void
parse_call(struct st_line *line, const char *p, const char *end)
{
	line->kind = ST_BROKEN;
	p = st_args(line, p, end);
	if (p == NULL)
		return;
	p = st_skip_blanks(p, end);
	if (p == end || *p != '=') {
		line->why = "no result";
		return;
	}
	p = parse_value(line, st_skip_blanks(p + 1, end), end);
	if (p == NULL) {
		line->why = "the result is no number";
		return;
	}
	parse_duration(line, p, end);
	line->kind = ST_CALL;
}

/* call_name: the parenthesis behind the name of a call, or NULL. */
static const char *
call_name(struct st_line *line, const char *p, const char *end)
{
	const char *after = st_skip_word(p, end);

	if (after == p || after == end || *after != '(' ||
	    g_ascii_isdigit(*p) || after - p > ST_NAME_MAX)
		return NULL;
	line->name = (struct st_text){ p, (size_t)(after - p) };
	return after;
}

/* <... NAME resumed>REST */
static bool
parse_resumed(struct st_line *line, const char *p, const char *end)
{
	const char *after;

	if (!at_word(p, end, "<... "))
		return false;
	p += 5;
	after = st_skip_word(p, end);
	if (after - p > ST_NAME_MAX || !at_word(after, end, " resumed>"))
		return false;
	line->kind = ST_RESUMED;
	line->name = (struct st_text){ p, (size_t)(after - p) };
	after += strlen(" resumed>");
	line->body = (struct st_text){ after, (size_t)(end - after) };
	return true;
}

static bool
parse_unfinished(struct st_line *line, const char *p, const char *end)
{
	static const char tail[] = "<unfinished ...>";
	size_t n = sizeof(tail) - 1;

	if ((size_t)(end - p) < n || memcmp(end - n, tail, n) != 0)
		return false;
	line->kind = ST_UNFINISHED;
	line->body = (struct st_text){ p, (size_t)(end - p) - n };
	return true;
}

static void
parse_event(struct st_line *line, const char *p, const char *end)
{
	const char *open;

	line->kind = ST_TEXT;
	line->body = (struct st_text){ p, (size_t)(end - p) };
	if (at_word(p, end, "--- "))
		line->kind = ST_SIGNAL;
	else if (at_word(p, end, "+++ "))
		line->kind = ST_EXIT;
	else if (!parse_resumed(line, p, end)) {
		open = call_name(line, p, end);
		if (open != NULL && !parse_unfinished(line, p, end))
			parse_call(line, open + 1, end);
	}
}

static void
forget(struct st_line *line)
{
	line->n_args = 0;
	line->duration_ns = -1;
	line->name = (struct st_text){ NULL, 0 };
	line->why = NULL;
	line->result = (struct st_result){ .kind = ST_RESULT_NONE };
}

void
st_line_parse(struct st_line *line, const char *text, size_t n)
{
	const char *end = text + n;

	forget(line);
	line->pid = -1;
	line->is_pid_bracketed = false;
	line->time_kind = ST_TIME_NONE;
	line->time_ns = 0;
	if (n > 0 && end[-1] == '\r')
		end--;
	parse_event(line, parse_prefix(line, text, end), end);
}

void
st_line_join(struct st_line *line, const char *text, size_t n)
{
	forget(line);
	parse_event(line, text, text + n);
}

const struct st_arg *
st_arg_at(const struct st_line *line, size_t i)
{
	for (size_t a = 0; a < line->n_args; a = line->args[a].next) {
		if (line->args[a].is_after)
			continue;
		if (i-- == 0)
			return &line->args[a];
	}
	return NULL;
}

const struct st_arg *
st_arg_key(const struct st_line *line, const struct st_arg *in,
    const char *key)
{
	for (size_t a = (size_t)(in - line->args) + 1; a < in->next;
	    a = line->args[a].next)
		if (st_text_is(line->args[a].key, key))
			return &line->args[a];
	return NULL;
}

bool
st_arg_has(const struct st_arg *arg, const char *flag)
{
	const char *p = arg->text.at, *end = p + arg->text.n;

	while (p < end) {
		const char *bar = memchr(p, '|', (size_t)(end - p));
		const char *stop = bar != NULL ? bar : end;

		if (st_text_is((struct st_text){ p, (size_t)(stop - p) }, flag))
			return true;
		p = stop + 1;
	}
	return false;
}
