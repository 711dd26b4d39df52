#include <glib.h>
#include <string.h>

#include "sim/trace/strace_args.h"

enum { FD_CWD = -100 };		/* AT_FDCWD */

/* Lists and structs that are open, by their index. */
struct nesting {
	size_t open[ST_DEPTH_MAX];
	size_t n;
};

const char *
st_skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

const char *
st_skip_word(const char *p, const char *end)
{
	while (p < end && (g_ascii_isalnum(*p) || *p == '_' || *p == '?'))
		p++;
	return p;
}

static bool
starts(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(end - p) >= n && memcmp(p, word, n) == 0;
}

const char *
st_number(const char *p, const char *end, int64_t *value)
{
	bool is_negative = p < end && *p == '-';
	uint64_t sum = 0, base = 10;
	const char *first;

	p += is_negative;
	if (starts(p, end, "0x")) {
		base = 16;
		p += 2;
	} else if (p < end && *p == '0')
		base = 8;
	for (first = p; p < end && g_ascii_isxdigit(*p); p++) {
		uint64_t digit = (uint64_t)g_ascii_xdigit_value(*p);

		if (digit >= base || sum > (UINT64_MAX - digit) / base)
			return NULL;
		sum = sum * base + digit;
	}
	if (p == first)
		return NULL;
	*value = (int64_t)(is_negative ? 0 - sum : sum);
	return p;
}

/* quoted: the string that begins at p; returns its closing quote. */
static const char *
quoted(const char *p, const char *end)
{
	for (p++; p < end; p++) {
		if (*p == '\\')
			p++;
		else if (*p == '"')
			return p;
	}
	return NULL;
}

/* Protocol forms, TCP:[a->b] or UNIX:[1, "x"], end at the first ]>. */
static const char *
protocol_end(const char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p == '"') {
			p = quoted(p, end);
			if (p == NULL)
				return NULL;
		} else if (*p == ']' && p + 1 < end && p[1] == '>')
			return p + 1;
	}
	return NULL;
}

/* What may follow a name: a path of an older strace may hold > itself. */
static bool
closes_name(const char *p, const char *end)
{
	p++;
	return p == end || strchr(",)]}| =/", *p) != NULL ||
	    starts(p, end, "(deleted)");
}

static const char *
path_end(const char *p, const char *end)
{
	int depth = 0;

	for (; p < end; p++) {
		if (*p == '\\')
			p++;
		else if (*p == '<')
			depth++;
		else if (*p == '>' && depth > 0)
			depth--;
		else if (*p == '>' && closes_name(p, end))
			return p;
	}
	return NULL;
}

const char *
st_angle(const char *p, const char *end, struct st_text *name)
{
	const char *first = p + 1, *last;
	const char *word = first;

	while (word < end && (g_ascii_isalnum(*word) || *word == '-' ||
	    *word == '_'))
		word++;
	last = starts(word, end, ":[") ? protocol_end(word, end) :
	    path_end(first, end);
	if (last == NULL)
		return NULL;
	*name = (struct st_text){ first, (size_t)(last - first) };
	last++;
	return starts(last, end, "(deleted)") ? last + 9 : last;
}

static struct st_arg *
new_arg(struct st_line *line)
{
	if (line->n_args == line->n_room) {
		line->n_room = line->n_room > 0 ? 2 * line->n_room : 32;
		line->args = g_renew(struct st_arg, line->args, line->n_room);
	}
	line->args[line->n_args] = (struct st_arg){
		.next = line->n_args + 1
	};
	return &line->args[line->n_args++];
}

/* A string, "..." behind it, and the @ before an abstract socket's name. */
static const char *
parse_string(struct st_arg *arg, const char *p, const char *end)
{
	const char *last;

	p += *p == '@';
	last = quoted(p, end);
	if (last == NULL)
		return NULL;
	arg->kind = ST_ARG_STRING;
	arg->text = (struct st_text){ p + 1, (size_t)(last - p - 1) };
	arg->is_cut = starts(last + 1, end, "...");
	return last + (arg->is_cut ? 4 : 1);
}

/* skip_inner: one sign, string or <name> of a value without a form. */
static const char *
skip_inner(const char *p, const char *end, struct st_text *name)
{
	const char *after;

	if (*p == '"') {
		after = quoted(p, end);
		return after != NULL ? after + 1 : NULL;
	}
	if (*p == '<' && g_ascii_isalnum(p[-1]) && !starts(p, end, "<<"))
		return st_angle(p, end, name);
	return p + 1;
}

/* Flags, macros with arguments, sums: up to the sign that ends an argument. */
static const char *
parse_names(struct st_arg *arg, const char *p, const char *end)
{
	const char *first = p;
	int depth = 0;

	while (p < end) {
		if (depth == 0 && (strchr(",]})", *p) != NULL && *p != '\0'))
			break;
		if (p > first && p[-1] == ' ' && (starts(p, end, "=>") ||
		    starts(p, end, "/*")))
			break;
		depth += (*p == '(') - (*p == ')');
		p = p > first || *p == '"' ?
		    skip_inner(p, end, &arg->name) : p + 1;
		if (p == NULL)
			return NULL;
	}
	arg->text = (struct st_text){ first, (size_t)(p - first) };
	while (arg->text.n > 0 && first[arg->text.n - 1] == ' ')
		arg->text.n--;
	arg->kind = ST_ARG_NAMES;
	arg->number = 0;
	if (st_text_is(arg->text, "NULL"))
		arg->kind = ST_ARG_NULL;
	else if (st_text_is(arg->text, "..."))
		arg->kind = ST_ARG_MORE;
	else if (arg->name.at != NULL && st_text_begins(arg->text,
	    "AT_FDCWD")) {
		arg->kind = ST_ARG_FD;
		arg->number = FD_CWD;
	}
	return p;
}

/* A number that stands alone, or a descriptor; NULL if it is neither. */
static const char *
parse_number(struct st_arg *arg, const char *p, const char *end)
{
	const char *first = p;

	p = st_number(p, end, &arg->number);
	if (p == NULL)
		return NULL;
	arg->kind = ST_ARG_NUMBER;
	if (p < end && *p == '<') {
		arg->kind = ST_ARG_FD;
		p = st_angle(p, end, &arg->name);
	} else if (p < end && (*p == '\0' || strchr(",)]} ", *p) == NULL))
		return NULL;
	if (p != NULL)
		arg->text = (struct st_text){ first, (size_t)(p - first) };
	return p;
}

static const char *
parse_scalar(struct st_arg *arg, const char *p, const char *end)
{
	const char *after;

	if (*p == '"' || starts(p, end, "@\""))
		return parse_string(arg, p, end);
	if (*p == '-' || g_ascii_isdigit(*p)) {
		after = parse_number(arg, p, end);
		if (after != NULL && (after == end || *after != ' ' ||
		    strchr("=/ ", after + 1 < end ? after[1] : ' ') != NULL))
			return after;
	}
	return parse_names(arg, p, end);
}

/* key=, but neither == nor => */
static const char *
parse_key(struct st_arg *arg, const char *p, const char *end)
{
	const char *after = st_skip_word(p, end);

	if (after == p || after + 1 >= end || *after != '=' ||
	    after[1] == '=' || after[1] == '>')
		return p;
	arg->key = (struct st_text){ p, (size_t)(after - p) };
	return after + 1;
}

static const char *
close_list(struct st_line *line, struct nesting *in, const char *p)
{
	struct st_arg *list;

	if (in->n == 0) {
		line->why = "a bracket that nothing opened";
		return NULL;
	}
	list = &line->args[in->open[--in->n]];
	if (*p != (list->kind == ST_ARG_LIST ? ']' : '}')) {
		line->why = "brackets do not match";
		return NULL;
	}
	list->next = line->n_args;
	return p + 1;
}

static const char *
parse_value(struct st_line *line, struct nesting *in, bool is_after,
    const char *p, const char *end)
{
	size_t index = line->n_args;
	struct st_arg *arg = new_arg(line);

	arg->is_after = is_after;
	p = parse_key(arg, p, end);
	if (*p == '[' || *p == '{' || starts(p, end, "~[")) {
		if (in->n == ST_DEPTH_MAX) {
			line->why = "nested too deep";
			return NULL;
		}
		p += *p == '~';
		arg->kind = *p == '[' ? ST_ARG_LIST : ST_ARG_STRUCT;
		in->open[in->n++] = index;
		return p + 1;
	}
	p = parse_scalar(arg, p, end);
	if (p == NULL)
		line->why = "a string or name that does not end";
	return p;
}

static const char *
skip_comment(const char *p, const char *end)
{
	for (p += 2; p < end; p++)
		if (starts(p, end, "*/"))
			return p + 2;
	return end;
}

const char *
st_args(struct st_line *line, const char *p, const char *end)
{
	struct nesting in = { .n = 0 };
	bool is_after = false;

	while (p != NULL && (p = st_skip_blanks(p, end)) < end) {
		if (*p == ')' && in.n == 0)
			return p + 1;
		if (*p == ',')
			p++;
		else if (starts(p, end, "/*"))
			p = skip_comment(p, end);
		else if (starts(p, end, "=>")) {
			is_after = true;
			p += 2;
		} else if (*p == ')' || *p == ']' || *p == '}')
			p = close_list(line, &in, p);
		else {
			p = parse_value(line, &in, is_after, p, end);
			is_after = false;
		}
	}
	if (p != NULL)
		line->why = "ends within the arguments";
	return NULL;
}
