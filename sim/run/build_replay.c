#include "sim/run/build_replay.h"

#include "models/base/check.h"
#include "sim/trace/story_shared.h"

const struct story *
replay_of(const struct scn_point *pt, size_t i)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	const char *trace = scn_process_text(pt, i, SCN_PROC_TRACE);
	g_autofree char *path = scn_point_path(pt, trace);
	const struct story *story;

	if (scn_process_get(pt, i, SCN_PROC_PROGRAM) != SCN_PROGRAM_REPLAY)
		return NULL;
	story = story_shared(path, errors);
	CHECK(story != NULL, "the loader has read the recording before");
	return story;
}

void
replay_build(const struct story *story, const struct process_config *base,
    uint32_t first_file, struct process_config *configs)
{
	g_autoptr(GArray) array = g_array_new(FALSE, FALSE, sizeof *configs);

	story_expand(story, base, first_file, array);
	for (guint k = 0; k < array->len; k++) {
		configs[k] = g_array_index(array, struct process_config, k);
		configs[k].number = base->number + k;
		configs[k].member = k;
	}
}

void
replay_files(const struct scn_point *pt, uint32_t first_file, GArray *files)
{
	for (size_t i = 0; i < scn_n_processes(pt); i++) {
		const struct story *story = replay_of(pt, i);
		uint32_t n = story != NULL ? story_n_files(story) : 0;

		for (uint32_t k = 1; k <= n; k++) {
			struct file_config file = {first_file++,
			    MAX(story_file_at(story, k)->bytes, 1), true};

			g_array_append_val(files, file);
		}
	}
}
