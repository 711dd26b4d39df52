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

static void refuse(GPtrArray *errors, bool is_wrong, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void
refuse(GPtrArray *errors, bool is_wrong, const char *format, ...)
{
	va_list args;

	if (!is_wrong)
		return;
	va_start(args, format);
	g_ptr_array_add(errors, g_strdup_vprintf(format, args));
	va_end(args);
}

/* Up to what no disk has: sizes of a damaged recording are anything. */
static int64_t
sum_of_files(const struct story *story)
{
	int64_t sum = 0;

	for (guint i = 0; i < story->files->len; i++)
		if (FILE_AT(story, i)->number > 0)
			sum = MIN(sum + FILE_AT(story, i)->bytes,
			    INT64_MAX / 2);
	return sum;
}

bool
story_check(const struct story *story, const struct replay_limits *limits,
    GPtrArray *errors)
{
	guint before = errors->len, n_lanes = story->lanes->len;
	int64_t bytes = sum_of_files(story);
	uint32_t n_open = story_descriptors(story);

	refuse(errors, story->processes->len == 0, "no process of the "
	    "recording sends anything over a network");
	refuse(errors, limits->port + (int64_t)n_lanes > PORT_MAX + 1,
	    "%u clients are active at a time, and there is no port for each "
	    "from %u on", n_lanes, limits->port);
	refuse(errors, bytes > limits->disk_bytes, "files of %" G_GINT64_FORMAT
	    " bytes do not fit the disk, which has %" G_GINT64_FORMAT, bytes,
	    limits->disk_bytes);
	refuse(errors, n_open > limits->open_max, "a process has up to %u "
	    "descriptors at a time, and may have %" G_GINT64_FORMAT
	    " (kernel.open_max)", n_open, limits->open_max);
	return errors->len == before;
}

size_t
story_n_configs(const struct story *story)
{
	return story->processes->len + story->lanes->len;
}

void
story_expand(const struct story *story, const struct process_config *base,
    uint32_t first_file, GArray *configs)
{
	for (guint i = 0; i < story->processes->len; i++)
		add_config(story, base, first_file, i, configs);
	add_clients(story, base, configs);
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

static uint32_t
most_in_order(const struct story_process *process)
{
	const GArray *ops = process->recorded.ops;
	uint32_t n = process->n_lanes, most = n;

	for (guint k = 0; k < ops->len; k++) {
		const struct story_op *op =
		    &g_array_index(ops, struct story_op, k);

		n += opens(op->kind);
		most = MAX(most, n);
		n -= op->kind == STORY_CLOSE;
	}
	return most;
}

/* Those of one strand follow each other; all strands may be there at once. */
static uint32_t
most_at_once(const struct story_process *process)
{
	const GArray *ops = process->recorded.ops;
	uint32_t n_lanes = process->n_lanes, sum = n_lanes;
	g_autofree int64_t *n = g_new0(int64_t, n_lanes);
	g_autofree int64_t *most = g_new0(int64_t, n_lanes);

	for (guint k = 0; k < ops->len; k++) {
		const struct story_op *op =
		    &g_array_index(ops, struct story_op, k);
		uint32_t strand = op->strand;

		if (strand >= n_lanes) {
			sum += opens(op->kind);
			continue;
		}
		n[strand] += opens(op->kind);
		most[strand] = MAX(most[strand], n[strand]);
		n[strand] -= op->kind == STORY_CLOSE;
	}
	for (uint32_t i = 0; i < n_lanes; i++)
		sum += (uint32_t)most[i];
	return sum;
}

uint32_t
story_descriptors(const struct story *story)
{
	uint32_t most = 0;

	for (guint i = 0; i < story->processes->len; i++) {
		const struct story_process *process =
		    story_process_at(story, i);

		most = MAX(most, process->is_events ? most_at_once(process) :
		    most_in_order(process));
	}
	return most;
}
