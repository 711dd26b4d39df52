#include "sim/process/replay_expand.h"

enum { PORT_MAX = 65535 };

#define FILE_AT(s, i) (&g_array_index((s)->files, struct story_file, i))

static void
add_config(const struct story *story, const struct process_config *base,
    uint32_t first_file, uint32_t index, GArray *configs)
{
	struct process_config config = *base;

	config.story = story;
	config.story_index = index;
	config.story_first_file = first_file;
	g_array_append_val(configs, config);
}

static void
add_clients(const struct story *story, const struct process_config *base,
    GArray *configs)
{
	g_autofree char *name = g_strdup_printf("%s-clients", base->name);
	struct process_config config = *base;

	config.name = g_intern_string(name);
	config.is_client = true;
	for (guint i = 0; i < story->lanes->len; i++)
		add_config(story, &config, 0, i, configs);
}

bool
story_expand(const struct story *story, const struct process_config *base,
    uint32_t first_file, GArray *configs, GPtrArray *errors)
{
	if (story->processes->len == 0) {
		g_ptr_array_add(errors, g_strdup_printf("%s: error: no process "
		    "of it sends anything over a network", story->path));
		return false;
	}
	if (base->port + (int64_t)story->lanes->len > PORT_MAX + 1) {
		g_ptr_array_add(errors, g_strdup_printf("%s: error: %u clients "
		    "at a time, and no port for each from %u on", story->path,
		    story->lanes->len, base->port));
		return false;
	}
	for (guint i = 0; i < story->processes->len; i++)
		add_config(story, base, first_file, i, configs);
	add_clients(story, base, configs);
	return true;
}

uint32_t
story_n_files(const struct story *story)
{
	uint32_t n = 0;

	for (guint i = 0; i < story->files->len; i++)
		n = MAX(n, FILE_AT(story, i)->number);
	return n;
}

const struct story_file *
story_file_at(const struct story *story, uint32_t number)
{
	for (guint i = 0; i < story->files->len; i++)
		if (FILE_AT(story, i)->number == number)
			return FILE_AT(story, i);
	return NULL;
}

static bool
opens(enum story_kind kind)
{
	return kind == STORY_OPEN || kind == STORY_ACCEPT ||
	    kind == STORY_CONNECT || kind == STORY_UDP;
}

uint32_t
story_descriptors(const struct story *story)
{
	uint32_t most = 0;

	for (guint i = 0; i < story->processes->len; i++) {
		const struct story_process *process =
		    story_process_at(story, i);
		const GArray *ops = process->recorded.ops;
		uint32_t n = process->n_lanes;

		for (guint k = 0; k < ops->len; k++) {
			const struct story_op *op =
			    &g_array_index(ops, struct story_op, k);

			n += opens(op->kind);
			most = MAX(most, n);
			n -= op->kind == STORY_CLOSE;
		}
	}
	return most;
}
