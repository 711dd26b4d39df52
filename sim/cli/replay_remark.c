#include "sim/cli/replay_remark.h"

#include "sim/cli/cli.h"
#include "sim/run/build_replay.h"

/*
 * Of what is skipped for good reasons nothing is said: files of which nothing
 * is sent, local sockets, what waits or failed.
 */
static void
remark(const struct story *story)
{
	const struct story_tallies *tallies = &story->tallies;
	size_t n_unknown = story_tallies_sum(tallies, FATE_UNKNOWN);
	size_t n_skipped = story_tallies_sum(tallies, FATE_OTHER_IO) +
	    story_tallies_sum(tallies, FATE_INCOMING);
	g_autoptr(GString) command = g_string_new("loansim trace show");

	if (n_unknown == 0 && n_skipped == 0)
		return;
	cli_append_word(command, "", story->path);
	cli_error("calls of the recording that moved bytes: %" G_GSIZE_FORMAT
	    " skipped, %" G_GSIZE_FORMAT " not understood; see %s",
	    n_skipped, n_unknown, command->str);
}

void
cli_remark_replays(const struct cli_batch *batch)
{
	g_autoptr(GHashTable) told = g_hash_table_new(NULL, NULL);

	for (size_t i = 0; i < batch->n_rows; i++) {
		const struct scn_point *pt = batch->points[i];

		for (size_t k = 0; k < scn_n_processes(pt); k++) {
			const struct story *story = replay_of(pt, k);

			if (story != NULL && g_hash_table_add(told,
			    (struct story *)(guintptr)story))
				remark(story);
		}
	}
}
