/*
 * Descriptors: which process has which, and what they refer to.
 *
 * A name that strace shows is the truth; a table of descriptors serves where it
 * shows none, and where names change while a socket is connected.
 */
#include <string.h>

#include "sim/trace/story_own.h"

/* Children get so many descriptors in all: more would be no program's. */
enum { FD_MAX = 1 << 30, COPIES_MAX = 1 << 20 };

static gint
by_number(gconstpointer a, gconstpointer b, gpointer unused)
{
	int left = GPOINTER_TO_INT(a), right = GPOINTER_TO_INT(b);

	(void)unused;
	return (left > right) - (left < right);
}

static struct fd_table *
table_new(void)
{
	struct fd_table *table = g_new(struct fd_table, 1);

	*table = (struct fd_table){1,
	    g_tree_new_full(by_number, NULL, NULL, NULL),
	    g_hash_table_new(NULL, NULL)};
	return table;
}

static void
table_unref(struct fd_table *table)
{
	if (--table->n_refs > 0)
		return;
	g_tree_unref(table->fds);
	g_hash_table_unref(table->counts);
	g_free(table);
}

static void
table_count(struct fd_table *table, gpointer thing, int change)
{
	int n = GPOINTER_TO_INT(g_hash_table_lookup(table->counts, thing));

	g_hash_table_insert(table->counts, thing,
	    GINT_TO_POINTER(n + change));
}

static void
table_set(struct fd_table *table, gpointer fd, gpointer thing)
{
	gpointer old = g_tree_lookup(table->fds, fd);

	if (old != NULL) {
		table_count(table, old, -1);
		g_tree_remove(table->fds, fd);
	}
	if (thing != NULL) {
		table_count(table, thing, 1);
		g_tree_insert(table->fds, fd, thing);
	}
}

static gboolean
copy_one(gpointer fd, gpointer thing, gpointer to)
{
	table_set(to, fd, thing);
	return FALSE;
}

static void
table_copy(struct maker *m, const struct fd_table *from, struct fd_table *to)
{
	m->n_inherited += (size_t)g_tree_nnodes(from->fds);
	if (m->n_inherited <= COPIES_MAX)
		g_tree_foreach(from->fds, copy_one, to);
}

void
desc_init(struct maker *m)
{
	struct thing other = {.kind = THING_OTHER};

	m->things = g_array_new(FALSE, TRUE, sizeof(struct thing));
	m->files = g_array_new(FALSE, TRUE, sizeof(struct seen_file));
	m->pids = g_array_new(FALSE, TRUE, sizeof(struct pid_state));
	m->by_path = g_hash_table_new(g_str_hash, g_str_equal);
	m->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	m->by_pid = g_hash_table_new(NULL, NULL);
	g_array_append_val(m->things, other);
}

void
desc_fini(struct maker *m)
{
	for (guint i = 0; i < m->things->len; i++)
		g_free(THING(m, i)->name);
	for (guint i = 0; i < m->files->len; i++)
		g_free(SEEN_FILE(m, i)->path);
	for (guint i = 0; i < m->pids->len; i++)
		table_unref(PID(m, i)->table);
	g_array_unref(m->things);
	g_array_unref(m->files);
	g_array_unref(m->pids);
	g_hash_table_unref(m->by_path);
	g_hash_table_unref(m->by_name);
	g_hash_table_unref(m->by_pid);
}

/* A process that nobody was seen to make has what the first one has. */
uint32_t
desc_pid(struct maker *m, int64_t pid)
{
	gpointer key = GINT_TO_POINTER((int)pid);
	gpointer found = g_hash_table_lookup(m->by_pid, key);
	struct pid_state state = {.pid = pid, .end_ns = -1,
	    .leader = m->pids->len, .is_guessed = m->pids->len > 0};

	if (found != NULL)
		return GPOINTER_TO_UINT(found) - 1;
	state.table = table_new();
	if (state.is_guessed)
		table_copy(m, PID(m, 0)->table, state.table);
	g_array_append_val(m->pids, state);
	g_hash_table_insert(m->by_pid, key, GUINT_TO_POINTER(m->pids->len));
	return m->pids->len - 1;
}

uint32_t
desc_leader(struct maker *m, uint32_t pid)
{
	while (PID(m, pid)->leader != pid) {
		PID(m, pid)->leader = PID(m, PID(m, pid)->leader)->leader;
		pid = PID(m, pid)->leader;
	}
	return pid;
}

void
desc_unite(struct maker *m, uint32_t a, uint32_t b)
{
	a = desc_leader(m, a);
	b = desc_leader(m, b);
	if (a == b)
		return;
	m->n_threads++;
	PID(m, MAX(a, b))->leader = MIN(a, b);
}

void
desc_fork(struct maker *m, uint32_t parent, int64_t child, bool is_shared)
{
	guint n = m->pids->len;
	uint32_t new = desc_pid(m, child);
	struct pid_state *from = PID(m, parent), *to = PID(m, new);

	to->is_guessed = false;
	if (new == parent)
		return;
	if (is_shared) {
		desc_unite(m, parent, new);
		if (from->table == to->table)
			return;
		/* it may have run before the call returned */
		if (new < n)
			table_copy(m, to->table, from->table);
		table_unref(to->table);
		to->table = from->table;
		to->table->n_refs++;
	} else if (new == n) {
		table_unref(to->table);
		to->table = table_new();
		table_copy(m, from->table, to->table);
	}
}

static uint32_t
look_up(struct maker *m, uint32_t pid, int64_t fd)
{
	gpointer found;

	if (fd < 0 || fd > FD_MAX)
		return STORY_NONE;
	found = g_tree_lookup(PID(m, pid)->table->fds,
	    GINT_TO_POINTER((int)fd));
	return found != NULL ? GPOINTER_TO_UINT(found) - 1 : STORY_NONE;
}

void
desc_set(struct maker *m, uint32_t pid, int64_t fd, uint32_t thing)
{
	if (fd < 0 || fd > FD_MAX)
		return;
	table_set(PID(m, pid)->table, GINT_TO_POINTER((int)fd),
	    thing == STORY_NONE ? NULL : GUINT_TO_POINTER(thing + 1));
}

bool
desc_has(struct maker *m, uint32_t pid, uint32_t thing)
{
	return g_hash_table_lookup(PID(m, pid)->table->counts,
	    GUINT_TO_POINTER(thing + 1)) != NULL;
}

uint32_t
desc_file(struct maker *m, struct st_text path)
{
	struct seen_file file = {.path = g_strndup(path.at, path.n),
	    .stat_bytes = -1};
	gpointer found = g_hash_table_lookup(m->by_path, file.path);

	if (found != NULL) {
		g_free(file.path);
		return GPOINTER_TO_UINT(found) - 1;
	}
	g_array_append_val(m->files, file);
	g_hash_table_insert(m->by_path, file.path,
	    GUINT_TO_POINTER(m->files->len));
	return m->files->len - 1;
}

uint32_t
desc_new_file(struct maker *m, uint32_t file)
{
	struct thing thing = {.kind = THING_FILE, .line = m->at, .file = file};

	g_array_append_val(m->things, thing);
	return m->things->len - 1;
}

uint32_t
desc_new_socket(struct maker *m, enum sock_kind kind)
{
	struct thing thing = {.kind = THING_SOCKET, .line = m->at,
	    .sock = kind, .owner = STORY_NONE, .last_use = STORY_NONE,
	    .connection = STORY_NONE};

	g_array_append_val(m->things, thing);
	return m->things->len - 1;
}

static enum sock_kind
kind_of_name(struct st_text name)
{
	if (st_text_begins(name, "TCP"))
		return SOCK_TCP;
	if (st_text_begins(name, "UDP"))
		return SOCK_UDP;
	return st_text_begins(name, "socket:[") ? SOCK_UNKNOWN : SOCK_LOCAL;
}

static bool
names_socket(struct st_text name)
{
	static const char *const words[] = {"socket:[", "TCP:[", "TCPv6:[",
	    "UDP:[", "UDPv6:[", "UDP-Lite:[", "UNIX", "NETLINK:["};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (st_text_begins(name, words[i]))
			return true;
	return false;
}

void
desc_name(struct maker *m, uint32_t thing, struct st_text name)
{
	struct thing *t = THING(m, thing);

	g_free(t->name);
	t->name = g_strndup(name.at, name.n);
	if (t->sock == SOCK_UNKNOWN)
		t->sock = kind_of_name(name);
	g_hash_table_replace(m->by_name, g_strdup(t->name),
	    GUINT_TO_POINTER(thing + 1));
}

/* An inode is one socket's for ever; addresses come as it is connected. */
static bool
may_be_renamed(const struct thing *t, struct st_text name)
{
	return t->kind == THING_SOCKET && (t->name == NULL ||
	    kind_of_name(name) != SOCK_UNKNOWN);
}

static uint32_t
named_socket(struct maker *m, uint32_t at_fd, struct st_text name)
{
	g_autofree char *text = g_strndup(name.at, name.n);
	gpointer found = g_hash_table_lookup(m->by_name, text);

	if (found != NULL)
		return GPOINTER_TO_UINT(found) - 1;
	if (at_fd == STORY_NONE || !may_be_renamed(THING(m, at_fd), name))
		at_fd = desc_new_socket(m, SOCK_UNKNOWN);
	desc_name(m, at_fd, name);
	return at_fd;
}

static bool
names_file(struct st_text name)
{
	return name.n > 0 && name.at[0] == '/' &&
	    !st_text_begins(name, "/dev/") &&
	    !st_text_begins(name, "/proc/") && !st_text_begins(name, "/sys/");
}

static uint32_t
named_file(struct maker *m, uint32_t at_fd, struct st_text name)
{
	uint32_t file = desc_file(m, name);

	if (at_fd != STORY_NONE && THING(m, at_fd)->kind == THING_FILE &&
	    THING(m, at_fd)->file == file)
		return at_fd;
	return desc_new_file(m, file);
}

uint32_t
desc_thing(struct maker *m, uint32_t pid, const struct st_arg *fd)
{
	uint32_t known, thing;

	if (fd == NULL || (fd->kind != ST_ARG_NUMBER &&
	    fd->kind != ST_ARG_FD) || fd->number < 0)
		return STORY_NONE;
	known = look_up(m, pid, fd->number);
	if (fd->kind == ST_ARG_NUMBER)
		return known;
	if (names_socket(fd->name))
		thing = named_socket(m, known, fd->name);
	else if (names_file(fd->name))
		thing = named_file(m, known, fd->name);
	else
		thing = 0;
	if (thing != known)
		desc_set(m, pid, fd->number, thing);
	return thing;
}

uint32_t
desc_result(struct maker *m, uint32_t pid, uint32_t thing)
{
	const struct st_result *result = &m->line->result;
	struct thing *t = THING(m, thing);

	if (result->kind == ST_RESULT_FD) {
		if (t->kind == THING_SOCKET)
			desc_name(m, thing, result->name);
		else if (!names_file(result->name))
			thing = 0;
		else if (t->kind == THING_FILE)
			t->file = desc_file(m, result->name);
	}
	desc_set(m, pid, result->number, thing);
	return thing;
}
