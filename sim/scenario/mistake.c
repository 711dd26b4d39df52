/*
 * Collecting mistakes.  They arise in the loader's order (profiles before
 * variants, rules last) and are told in the reader's order, by file and line.
 */
#include "sim/scenario/mistake.h"

#include <string.h>

enum { MAX_MISTAKES = 10000, MAX_QUOTED = 60 };

struct mistake {
	unsigned rank;		/* of its file */
	unsigned line;
	unsigned number;	/* order of discovery: keeps the sort stable */
	char *text;
};

struct scn_mistakes {
	GArray *list;		/* struct mistake */
	GPtrArray *files;	/* borrowed names; the index is the rank */
	size_t n_untold;
};

static void
mistake_clear(gpointer data)
{
	g_free(((struct mistake *)data)->text);
}

struct scn_mistakes *
scn_mistakes_new(void)
{
	struct scn_mistakes *m = g_new0(struct scn_mistakes, 1);

	m->list = g_array_new(FALSE, FALSE, sizeof(struct mistake));
	g_array_set_clear_func(m->list, mistake_clear);
	m->files = g_ptr_array_new();
	return m;
}

void
scn_mistakes_free(struct scn_mistakes *m)
{
	g_array_unref(m->list);
	g_ptr_array_unref(m->files);
	g_free(m);
}

static unsigned
file_rank(struct scn_mistakes *m, const char *file)
{
	unsigned rank;

	if (!g_ptr_array_find(m->files, file, &rank)) {
		rank = m->files->len;
		g_ptr_array_add(m->files, (gpointer)(guintptr)file);
	}
	return rank;
}

void
scn_mistakes_file(struct scn_mistakes *m, const char *file)
{
	(void)file_rank(m, file);
}

/* escape_some: escape until the input or the room is used up */
static const char *
escape_some(GString *out, const char *p, size_t room)
{
	while (*p != '\0' && out->len < room) {
		gunichar c = g_utf8_get_char_validated(p, -1);
		const char *next;

		if (c == (gunichar)-1 || c == (gunichar)-2 ||
		    !g_unichar_isprint(c)) {
			g_string_append_printf(out, "\\x%02x",
			    (unsigned char)*p++);
			continue;
		}
		next = g_utf8_next_char(p);
		g_string_append_len(out, p, next - p);
		p = next;
	}
	return p;
}

/* cut: a user's word, escaped, and no longer than a message can bear */
static char *
cut(const char *word)
{
	GString *out = g_string_new(NULL);
	const char *rest = escape_some(out, word, MAX_QUOTED);

	if (*rest != '\0')
		g_string_append(out, "...");
	return g_string_free(out, FALSE);
}

/* spot_text: "file:3: error: [group] key: " */
static GString *
spot_text(const struct scn_spot *at)
{
	g_autofree char *file = scn_escape(at->place.file);
	GString *text = g_string_new(file);

	if (at->place.line > 0)
		g_string_append_printf(text, ":%u", at->place.line);
	g_string_append(text, ": error: ");
	if (at->group != NULL) {
		g_autofree char *group = cut(at->group);

		g_string_append_printf(text, "[%s]", group);
	}
	if (at->key != NULL) {
		g_autofree char *key = cut(at->key);

		g_string_append_printf(text, "%s%s",
		    at->group != NULL ? " " : "", key);
	}
	if (at->group != NULL || at->key != NULL)
		g_string_append(text, ": ");
	return text;
}

void
scn_mistake(struct scn_mistakes *m, const struct scn_spot *at,
    const char *fmt, ...)
{
	struct mistake mistake = {
		.rank = file_rank(m, at->place.file),
		.line = at->place.line,
		.number = m->list->len,
	};
	GString *text;
	va_list ap;

	if (m->list->len >= MAX_MISTAKES) {
		m->n_untold++;
		return;
	}
	text = spot_text(at);
	va_start(ap, fmt);
	g_string_append_vprintf(text, fmt, ap);
	va_end(ap);
	mistake.text = g_string_free(text, FALSE);
	g_array_append_val(m->list, mistake);
}

size_t
scn_mistakes_count(const struct scn_mistakes *m)
{
	return m->list->len;
}

static int
compare_mistakes(gconstpointer a, gconstpointer b)
{
	const struct mistake *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

/*
 * A key that every variant inherits breaks a rule in each of them, with one
 * text; only the errors of its own line, from first on, can be the same.
 */
static bool
is_told(const GPtrArray *errors, size_t first, const char *text)
{
	for (size_t i = first; i < errors->len; i++)
		if (strcmp(text, g_ptr_array_index(errors, i)) == 0)
			return true;
	return false;
}

void
scn_mistakes_take(struct scn_mistakes *m, GPtrArray *errors)
{
	size_t same_line = errors->len;	/* where errors of this line begin */
	const struct mistake *before = NULL;

	g_array_sort(m->list, compare_mistakes);
	for (unsigned i = 0; i < m->list->len; i++) {
		const struct mistake *mistake =
		    &g_array_index(m->list, struct mistake, i);

		if (before != NULL && (before->rank != mistake->rank ||
		    before->line != mistake->line))
			same_line = errors->len;
		if (!is_told(errors, same_line, mistake->text))
			g_ptr_array_add(errors, g_strdup(mistake->text));
		before = mistake;
	}
	if (m->n_untold > 0)
		g_ptr_array_add(errors, g_strdup_printf("error: and %"
		    G_GSIZE_FORMAT " more mistakes", m->n_untold));
}

char *
scn_escape(const char *text)
{
	GString *out = g_string_new(NULL);

	escape_some(out, text, G_MAXSIZE);
	return g_string_free(out, FALSE);
}

char *
scn_quote(const char *text)
{
	g_autofree char *out = cut(text);

	return g_strdup_printf("\"%s\"", out);
}

char *
scn_did_you_mean(const char *suggestion)
{
	if (suggestion == NULL)
		return g_strdup("");
	return g_strdup_printf("; did you mean \"%s\"?", suggestion);
}

char *
scn_there_are(const char *const *names)
{
	g_autofree char *list = g_strjoinv(", ", (char **)(guintptr)names);

	return names[0] == NULL ? g_strdup("; there is none at all") :
	    g_strdup_printf("; there %s %s", names[1] == NULL ? "is" : "are",
	    list);
}
