#include <string.h>

#include "sim/trace/strace_args.h"
#include "sim/trace/strace_read.h"

static const int64_t DAY_NS = 86400 * (int64_t)1000000000;

/* The first half of a call. */
struct half {
	struct st_text body, name;
	int64_t time_ns, pid;
	size_t at;
};

struct reader {
	const char *file;
	st_take take;
	void *to;
	struct st_messages *messages;
	struct st_counts *counts;
	struct st_line line;
	size_t at;		/* the line that is read */
	bool is_cut;		/* it has no end */
	GTree *halves;		/* pid -> struct half */
	GHashTable *attached;	/* pids that strace said it attached */
	GString *joined;
	int64_t first_pid;	/* whose lines show no pid; 0: not known */
	int64_t last_ns, days_ns;
};

void
st_messages_init(struct st_messages *messages)
{
	for (int i = 0; i < 2; i++) {
		messages->texts[i] = g_ptr_array_new_with_free_func(g_free);
		messages->n_total[i] = 0;
	}
}

void
st_messages_fini(struct st_messages *messages)
{
	for (int i = 0; i < 2; i++)
		g_ptr_array_unref(messages->texts[i]);
}

void
st_messages_add(struct st_messages *messages, enum st_severity severity,
    const char *file, size_t line, const char *format, ...)
{
	va_list args;
	char *what;

	if (messages->n_total[severity]++ >= ST_MESSAGES_MAX)
		return;
	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	g_ptr_array_add(messages->texts[severity],
	    g_strdup_printf("%s:%zu: %s: %s", file, line,
	    severity == ST_NOTE ? "note" : "error", what));
	g_free(what);
}

static gpointer
key_of(int64_t pid)
{
	return GINT_TO_POINTER((int)pid);
}

static void
deliver(struct reader *r, size_t at)
{
	if (r->line.kind == ST_CALL)
		r->counts->n_calls++;
	r->take(r->to, &r->line, at);
}

/* Times since the line before, and of days, become times that only grow. */
static void
settle_time(struct reader *r)
{
	struct st_line *line = &r->line;

	if (line->time_kind == ST_TIME_NONE)
		line->time_ns = r->last_ns;
	else if (line->time_kind == ST_TIME_RELATIVE)
		line->time_ns += r->last_ns;
	else if (line->time_kind == ST_TIME_DAY) {
		if (line->time_ns + r->days_ns < r->last_ns - DAY_NS / 2)
			r->days_ns += DAY_NS;
		line->time_ns += r->days_ns;
	}
	/* -r adds up: no sum may leave 64 bits */
	if (line->time_ns > INT64_MAX / 2)
		line->time_ns = INT64_MAX / 2;
	r->last_ns = line->time_ns;
}

/* The first [pid N] that was not attached was there before the others. */
static void
settle_pid(struct reader *r)
{
	struct st_line *line = &r->line;

	if (line->pid < 0) {
		line->pid = 0;
		return;
	}
	if (!line->is_pid_bracketed)
		return;
	if (r->first_pid == 0 &&
	    !g_hash_table_contains(r->attached, key_of(line->pid)))
		r->first_pid = line->pid;
	if (line->pid == r->first_pid)
		line->pid = 0;
}

/* A first half that is alone: the call did not return, or its end is lost. */
static void
give_up(struct reader *r, const struct half *half)
{
	struct st_line line = { .kind = ST_UNFINISHED, .pid = half->pid,
		.time_ns = half->time_ns, .duration_ns = -1,
		.name = half->name, .body = half->body };

	r->counts->n_unfinished++;
	r->take(r->to, &line, half->at);
}

static void
drop_half(struct reader *r, int64_t pid)
{
	const struct half *half = g_tree_lookup(r->halves, key_of(pid));

	if (half == NULL)
		return;
	give_up(r, half);
	g_tree_remove(r->halves, key_of(pid));
}

static void
keep_half(struct reader *r)
{
	const struct st_line *line = &r->line;
	struct half *half;

	drop_half(r, line->pid);
	half = g_new(struct half, 1);
	*half = (struct half){ line->body, line->name, line->time_ns,
		line->pid, r->at };
	g_tree_insert(r->halves, key_of(line->pid), half);
}

static void
broken(struct reader *r, const char *why)
{
	if (r->is_cut)
		return;
	r->counts->n_broken++;
	st_messages_add(r->messages, ST_ERROR, r->file, r->at, "%s", why);
}

static bool
same_name(struct st_text a, struct st_text b)
{
	return a.n == b.n && memcmp(a.at, b.at, a.n) == 0;
}

static void
join_halves(struct reader *r)
{
	struct st_line *line = &r->line;
	struct half *half = g_tree_lookup(r->halves, key_of(line->pid));
	size_t at;

	if (half == NULL || !same_name(half->name, line->name)) {
		r->counts->n_headless++;
		st_messages_add(r->messages, ST_NOTE, r->file, r->at,
		    "the rest of a call whose beginning is missing");
		return;
	}
	g_string_truncate(r->joined, 0);
	g_string_append_len(r->joined, half->body.at, (gssize)half->body.n);
	g_string_append_len(r->joined, line->body.at, (gssize)line->body.n);
	line->time_ns = half->time_ns;
	at = half->at;
	g_tree_remove(r->halves, key_of(line->pid));
	st_line_join(line, r->joined->str, r->joined->len);
	if (line->kind != ST_CALL) {
		broken(r, line->why != NULL ? line->why :
		    "the halves of a call do not make one");
		return;
	}
	r->counts->n_joined++;
	deliver(r, at);
}

/* strace: Process 12 attached */
static void
take_text(struct reader *r)
{
	struct st_text body = r->line.body;
	const char *end = body.at + body.n;
	int64_t pid;

	if (body.n > 0)
		r->counts->n_texts++;
	if (st_text_begins(body, "strace: Process "))
		body.at += strlen("strace: Process ");
	else if (st_text_begins(body, "Process "))
		body.at += strlen("Process ");
	else
		return;
	if (st_number(body.at, end, &pid) != NULL && pid > 0)
		g_hash_table_add(r->attached, key_of(pid));
}

static void
take_line(struct reader *r, const char *text, size_t n)
{
	r->at++;
	st_line_parse(&r->line, text, n);
	settle_pid(r);
	settle_time(r);
	switch (r->line.kind) {
	case ST_CALL:
		deliver(r, r->at);
		break;
	case ST_EXIT:
		drop_half(r, r->line.pid);
		deliver(r, r->at);
		break;
	case ST_SIGNAL:
		deliver(r, r->at);
		break;
	case ST_UNFINISHED:
		keep_half(r);
		break;
	case ST_RESUMED:
		join_halves(r);
		break;
	case ST_TEXT:
		take_text(r);
		break;
	case ST_BROKEN:
		broken(r, r->line.why);
		break;
	}
}

static gint
by_pid(gconstpointer a, gconstpointer b, gpointer unused)
{
	int left = GPOINTER_TO_INT(a), right = GPOINTER_TO_INT(b);

	(void)unused;
	return (left > right) - (left < right);
}

/* The calls in progress where the recording ends, in the order of pids. */
static gboolean
give_up_one(gpointer pid, gpointer half, gpointer reader)
{
	(void)pid;
	give_up(reader, half);
	return FALSE;
}

void
st_read_text(const char *name, const char *text, size_t n, st_take take,
    void *to, struct st_messages *messages, struct st_counts *counts)
{
	struct reader r = { .file = name, .take = take, .to = to,
		.messages = messages, .counts = counts };
	const char *end = text + n;

	*counts = (struct st_counts){ .is_cut = n > 0 && end[-1] != '\n' };
	st_line_init(&r.line);
	r.halves = g_tree_new_full(by_pid, NULL, NULL, g_free);
	r.attached = g_hash_table_new(NULL, NULL);
	r.joined = g_string_new(NULL);
	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));

		if (stop == NULL)
			stop = end;
		r.is_cut = stop == end;
		take_line(&r, text, (size_t)(stop - text));
		text = stop < end ? stop + 1 : end;
	}
	counts->n_lines = r.at;
	if (counts->is_cut)
		st_messages_add(messages, ST_NOTE, name, r.at,
		    "the recording is cut off in this line");
	g_tree_foreach(r.halves, give_up_one, &r);
	g_string_free(r.joined, TRUE);
	g_hash_table_unref(r.attached);
	g_tree_unref(r.halves);
	st_line_fini(&r.line);
}

bool
st_read(const char *path, st_take take, void *to,
    struct st_messages *messages, struct st_counts *counts, GError **error)
{
	GMappedFile *file = g_mapped_file_new(path, FALSE, error);
	const char *text;

	if (file == NULL)
		return false;
	text = g_mapped_file_get_contents(file);	/* NULL if empty */
	st_read_text(path, text != NULL ? text : "",
	    g_mapped_file_get_length(file), take, to, messages, counts);
	g_mapped_file_unref(file);
	return true;
}
