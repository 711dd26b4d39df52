#include <errno.h>

#include "sim/trace/story_own.h"

#define FILE_AT(s, i) (&g_array_index((s)->files, struct story_file, i))
#define SOCKET_AT(s, i) (&g_array_index((s)->sockets, struct story_socket, i))
#define CONNECTION_AT(s, i) \
	(&g_array_index((s)->connections, struct story_connection, i))

static struct story *
story_new(const char *name)
{
	struct story *story = g_new0(struct story, 1);

	story->path = g_strdup(name);
	story->processes = g_ptr_array_new();
	story->files = g_array_new(FALSE, TRUE, sizeof(struct story_file));
	story->connections = g_array_new(FALSE, TRUE,
	    sizeof(struct story_connection));
	story->lanes = g_array_new(FALSE, TRUE, sizeof(uint32_t));
	story->sockets = g_array_new(FALSE, TRUE, sizeof(struct story_socket));
	story->notes = g_ptr_array_new_with_free_func(g_free);
	story_tallies_init(&story->tallies);
	return story;
}

static void
part_fini(struct story_part *part)
{
	g_array_unref(part->ops);
	g_array_unref(part->pieces);
	g_array_unref(part->buffers);
}

static void
process_free(struct story_process *process)
{
	part_fini(&process->recorded);
	part_fini(&process->as_mmap);
	g_free(process);
}

void
story_free(struct story *story)
{
	if (story == NULL)
		return;
	for (guint i = 0; i < story->processes->len; i++)
		process_free(g_ptr_array_index(story->processes, i));
	for (guint i = 0; i < story->files->len; i++)
		g_free(FILE_AT(story, i)->path);
	for (guint i = 0; i < story->connections->len; i++)
		g_array_unref(CONNECTION_AT(story, i)->exchanges);
	for (guint i = 0; i < story->sockets->len; i++)
		g_free(SOCKET_AT(story, i)->name);
	g_ptr_array_unref(story->processes);
	g_array_unref(story->files);
	g_array_unref(story->connections);
	g_array_unref(story->lanes);
	g_array_unref(story->sockets);
	g_ptr_array_unref(story->notes);
	story_tallies_fini(&story->tallies);
	g_free(story->path);
	g_free(story);
}

/* What descriptors have referred to, for those who want to read it. */
static void
show_files(struct maker *m)
{
	uint32_t number = 0;

	for (guint i = 0; i < m->files->len; i++) {
		const struct seen_file *seen = SEEN_FILE(m, i);
		struct story_file file = {.path = g_strdup(seen->path),
		    .bytes = story_file_bytes(seen),
		    .is_served = seen->is_served};

		if (seen->is_served)
			file.number = ++number;
		g_array_append_val(m->story->files, file);
	}
}

static const char *
what_it_is(const struct thing *t)
{
	if (t->sock == SOCK_LOCAL)
		return "local";
	if (t->sock == SOCK_UDP)
		return "UDP";
	switch (t->role) {
	case ROLE_LISTENS:
		return "listening";
	case ROLE_ACCEPTED:
		return "accepted";
	case ROLE_CALLED:
		return "called";
	case ROLE_NONE:
		break;
	}
	return "unknown";
}

static void
show_sockets(struct maker *m)
{
	for (guint i = 0; i < m->things->len; i++) {
		const struct thing *t = THING(m, i);
		struct story_socket socket = {.line = t->line,
		    .what = what_it_is(t), .in = t->in, .out = t->out,
		    .is_replayed = t->is_replayed && t->out + t->in > 0};

		if (t->kind != THING_SOCKET || t->sock == SOCK_LOCAL ||
		    (t->role == ROLE_NONE && t->in + t->out == 0))
			continue;
		socket.name = g_strdup(t->name != NULL ? t->name : "socket");
		g_array_append_val(m->story->sockets, socket);
	}
}

static void
maker_init(struct maker *m, const char *name)
{
	*m = (struct maker){.story = story_new(name),
	    .events = g_array_new(FALSE, FALSE, sizeof(struct event)),
	    .pieces = g_array_new(FALSE, FALSE, sizeof(struct event_piece)),
	    .known = g_array_new(FALSE, FALSE,
	    sizeof(const struct known_call *))};
	st_messages_init(&m->messages);
	desc_init(m);
}

static void
maker_fini(struct maker *m)
{
	desc_fini(m);
	g_array_unref(m->events);
	g_array_unref(m->pieces);
	g_array_unref(m->known);
	st_messages_fini(&m->messages);
}

static void
rebuild(struct maker *m)
{
	m->story->n_pids = m->pids->len;
	story_infer(m);
	story_build(m);
	show_files(m);
	show_sockets(m);
	for (guint i = 0; i < m->story->processes->len; i++) {
		struct story_process *process =
		    g_ptr_array_index(m->story->processes, i);

		events_split(m, process, &process->recorded);
		story_as_mmap(process);
		events_split(m, process, &process->as_mmap);
	}
	story_notes(m);
}

static void
add_errors(const struct maker *m, GPtrArray *errors)
{
	const GPtrArray *texts = m->messages.texts[ST_ERROR];

	for (guint i = 0; i < texts->len; i++)
		g_ptr_array_add(errors, g_strdup(texts->pdata[i]));
	if (m->messages.n_total[ST_ERROR] > texts->len)
		g_ptr_array_add(errors, g_strdup_printf("%s: error: %zu more "
		    "lines make no sense", m->story->path,
		    m->messages.n_total[ST_ERROR] - texts->len));
}

struct story *
story_load_text(const char *name, const char *text, size_t n,
    GPtrArray *errors)
{
	guint n_errors = errors->len;
	struct story *story;
	struct maker m;

	maker_init(&m, name);
	story = m.story;
	st_read_text(name, text, n, call_take, &m, &m.messages,
	    &story->counts);
	add_errors(&m, errors);
	if (errors->len == n_errors && story->counts.n_calls == 0)
		g_ptr_array_add(errors, g_strdup_printf("%s:1: error: no line "
		    "of it is a call as strace prints it", name));
	rebuild(&m);
	maker_fini(&m);
	if (errors->len == n_errors)
		return story;
	story_free(story);
	return NULL;
}

/* GLib's own words tell the name again, and the call. */
static const char *
why_unread(const char *path, const GError *error)
{
	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return "it is a directory";
	return error->code == G_FILE_ERROR_NOENT ? g_strerror(ENOENT) :
	    error->code == G_FILE_ERROR_ACCES ? g_strerror(EACCES) :
	    error->message;
}

struct story *
story_load(const char *path, GPtrArray *errors, bool *is_unread)
{
	g_autoptr(GError) error = NULL;
	GMappedFile *file = g_mapped_file_new(path, FALSE, &error);
	const char *text;
	struct story *story;

	if (is_unread != NULL)
		*is_unread = file == NULL;
	if (file == NULL) {
		g_ptr_array_add(errors, g_strdup_printf("%s: error: cannot be "
		    "read: %s", path, why_unread(path, error)));
		return NULL;
	}
	text = g_mapped_file_get_contents(file);	/* NULL if empty */
	story = story_load_text(path, text != NULL ? text : "",
	    g_mapped_file_get_length(file), errors);
	g_mapped_file_unref(file);
	return story;
}
