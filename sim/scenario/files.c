#include "sim/scenario/files.h"

#include <string.h>

#include "sim/scenario/scenario.h"

static const struct scn_file_entry *
nth_entry(const GArray *entries, size_t i)
{
	return &g_array_index(entries, struct scn_file_entry, i);
}

/* split_share: cut the share off an entry. => false: there is a bad one */
static bool
split_share(char *entry, int64_t *percent)
{
	char *blank = strpbrk(entry, " \t");
	g_autofree char *share = NULL;

	*percent = 0;
	if (blank == NULL)
		return true;
	*blank = '\0';
	share = g_strstrip(g_strdup(blank + 1));
	if (!g_str_has_suffix(share, "%"))
		return false;
	share[strlen(share) - 1] = '\0';
	return scn_quantity_parse(g_strchomp(share), SCN_UNIT_COUNT,
	    percent) == SCN_QUANTITY_OK && *percent >= 1 && *percent <= 100;
}

static bool
is_name(const char *name)
{
	size_t length = strlen(name);

	for (const char *p = name; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p) && *p != '_' && *p != '-')
			return false;
	return length > 0 && length <= SCN_NAME_BYTES;
}

/* add_entry: => what is wrong with it, or NULL; g_free it */
static char *
add_entry(GArray *entries, char *text)
{
	struct scn_file_entry entry = { .percent = 0 };
	g_autofree char *whole = g_strdup(g_strstrip(text));

	if (!split_share(text, &entry.percent) || !is_name(text)) {
		g_autofree char *quoted = scn_quote(whole);

		return g_strdup_printf("has %s, which is no NAME or NAME N %%",
		    quoted);
	}
	for (size_t i = 0; i < entries->len; i++)
		if (strcmp(nth_entry(entries, i)->name, text) == 0)
			return g_strdup_printf("names \"%s\" twice", text);
	g_strlcpy(entry.name, text, sizeof entry.name);
	g_array_append_val(entries, entry);
	return NULL;
}

/* shares_wrong: all or none, 100 % in all. => what is wrong, or NULL; g_free */
static char *
shares_wrong(const GArray *entries)
{
	int64_t sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < entries->len; i++) {
		int64_t percent = nth_entry(entries, i)->percent;

		sum += percent;
		n += percent > 0;
	}
	if (n != 0 && n != entries->len)
		return g_strdup("gives a share to some and not to others");
	if (n != 0 && sum != 100)
		return g_strdup_printf("has shares of %" G_GINT64_FORMAT
		    " %% in all", sum);
	return NULL;
}

GArray *
scn_files_parse(const char *text, char **wrong)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	GArray *entries = g_array_new(FALSE, TRUE,
	    sizeof(struct scn_file_entry));

	*wrong = *text == '\0' ? g_strdup("is empty") : NULL;
	for (char **part = parts; *part != NULL && *wrong == NULL; part++)
		*wrong = add_entry(entries, *part);
	if (*wrong == NULL)
		*wrong = shares_wrong(entries);
	if (*wrong == NULL)
		return entries;
	g_array_unref(entries);
	return NULL;
}

size_t
scn_files_find(const struct scn_point *pt, const char *name)
{
	size_t i = 0;

	while (i < scn_n_files(pt) && strcmp(scn_file_name(pt, i), name) != 0)
		i++;
	return i;
}
