#include "sim/trace/story_shared.h"

static GHashTable *stories;	/* path -> struct story */

const struct story *
story_shared(const char *path, GPtrArray *errors)
{
	struct story *story;

	if (stories == NULL)
		stories = g_hash_table_new_full(g_str_hash, g_str_equal,
		    g_free, NULL);
	story = g_hash_table_lookup(stories, path);
	if (story != NULL)
		return story;
	story = story_load(path, errors, NULL);
	if (story != NULL)
		g_hash_table_insert(stories, g_strdup(path), story);
	return story;
}
