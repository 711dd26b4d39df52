#include "sim/report/settings.h"

#include <string.h>

#include "sim/scenario/parse.h"

static void
setting_free(gpointer data)
{
	struct setting *setting = data;

	g_free(setting->key);
	g_free(setting->value);
	g_free(setting->origin);
	g_free(setting->cited);
	g_free(setting);
}

/* note: a line about another key, "cpu.clock.origin"; or NULL */
static char **
note(const struct settings *settings, const char *key)
{
	static const char *const ends[] = { ".origin", ".cited" };

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *of = NULL;
		struct setting *setting;

		if (!g_str_has_suffix(key, ends[i]))
			continue;
		of = g_strndup(key, strlen(key) - strlen(ends[i]));
		setting = g_hash_table_lookup(settings->by_key, of);
		if (setting != NULL)
			return i == 0 ? &setting->origin : &setting->cited;
	}
	return NULL;
}

static void
add(struct settings *settings, const char *group, const char *key,
    const char *value)
{
	char *full = g_strconcat(group, ".", key, NULL);
	struct setting *setting;
	char **text;

	g_strdelimit(full, " ", '.');	/* [process ttcp] */
	text = note(settings, full);
	if (text == NULL) {
		setting = g_new0(struct setting, 1);
		setting->key = full;
		text = &setting->value;
		g_ptr_array_add(settings->list, setting);
		g_hash_table_insert(settings->by_key, full, setting);
	} else {
		g_free(full);
	}
	g_free(*text);
	*text = g_strdup(value);
}

struct settings *
settings_new(const char *text)
{
	struct settings *settings = g_new0(struct settings, 1);
	struct scn_mistakes *m = scn_mistakes_new();
	struct scn_text *parsed = scn_text_new("effective", text,
	    strlen(text), m);

	settings->list = g_ptr_array_new_with_free_func(setting_free);
	settings->by_key = g_hash_table_new(g_str_hash, g_str_equal);
	for (size_t g = 0; g < parsed->groups->len; g++) {
		const struct scn_group *group = scn_text_group(parsed, g);

		for (size_t i = 0; i < group->n_entries; i++) {
			const struct scn_entry *entry = scn_group_entry(
			    parsed, group, i);

			add(settings, group->name, entry->key, entry->value);
		}
	}
	scn_text_free(parsed);
	scn_mistakes_free(m);
	return settings;
}

void
settings_free(struct settings *settings)
{
	g_hash_table_unref(settings->by_key);
	g_ptr_array_unref(settings->list);
	g_free(settings);
}

const struct setting *
settings_find(const struct settings *settings, const char *key)
{
	return g_hash_table_lookup(settings->by_key, key);
}
