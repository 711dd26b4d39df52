/*
 * What can be said of a key from its row alone, and of a group from its name.
 */
#include <string.h>

#include "sim/scenario/drops.h"
#include "sim/scenario/schema.h"

#define FAR_PREFIX	"peer-"

bool
scn_key_is_text(enum scn_key key)
{
	return scn_schema[key].type == SCN_TYPE_TEXT ||
	    scn_schema[key].type == SCN_TYPE_DROPS;
}

bool
scn_key_is_process(enum scn_key key)
{
	return key >= SCN_PROC_PROGRAM;
}

bool
scn_key_is_machine(enum scn_key key)
{
	return (int)key >= SCN_MACHINE_FIRST && (int)key <= SCN_MACHINE_LAST;
}

static bool
is_machine(const char *group)
{
	return strcmp(group, "board") == 0 || strcmp(group, "kernel") == 0;
}

bool
scn_group_is_far(const char *group)
{
	return g_str_has_prefix(group, FAR_PREFIX) &&
	    is_machine(group + strlen(FAR_PREFIX));
}

bool
scn_group_is_machine(const char *group)
{
	return is_machine(group) || scn_group_is_far(group);
}

const char *
scn_group_rows(const char *group)
{
	return scn_group_is_far(group) ? group + strlen(FAR_PREFIX) : group;
}

bool
scn_key_is_of(enum scn_key key, const char *group)
{
	return strcmp(scn_schema[key].group, scn_group_rows(group)) == 0;
}

bool
scn_group_has_keys(const char *group)
{
	for (unsigned k = 0; k < SCN_N_KEYS; k++)
		if (scn_key_is_of((enum scn_key)k, group))
			return true;
	return false;
}

enum scn_key
scn_schema_find(const char *group, const char *name)
{
	for (unsigned k = 0; k < SCN_N_KEYS; k++)
		if (strcmp(scn_schema[k].name, name) == 0 &&
		    scn_key_is_of((enum scn_key)k, group))
			return (enum scn_key)k;
	return SCN_N_KEYS;
}

enum scn_key
scn_schema_find_full(const char *full_name)
{
	size_t length = strcspn(full_name, ".");
	g_autofree char *group = g_strndup(full_name, length);

	return full_name[length] == '.' ?
	    scn_schema_find(group, full_name + length + 1) : SCN_N_KEYS;
}

char *
scn_schema_full_name(enum scn_key key)
{
	return g_strdup_printf("%s.%s%s", scn_schema[key].group,
	    scn_key_is_process(key) ? "NAME." : "", scn_schema[key].name);
}

char *
scn_value_format(enum scn_key key, int64_t value)
{
	const struct scn_key_info *info = &scn_schema[key];

	g_assert(!scn_key_is_text(key));
	if (info->type == SCN_TYPE_WORD)
		return g_strdup(info->words[value]);
	if (info->special != NULL && value == info->special_value)
		return g_strdup(info->special);
	return scn_quantity_format(value, info->unit);
}

char *
scn_schema_range(enum scn_key key)
{
	const struct scn_key_info *info = &scn_schema[key];
	g_autofree char *low = NULL, *high = NULL;

	switch (info->type) {
	case SCN_TYPE_TEXT:
		return g_strdup_printf("one line of at most %d bytes",
		    SCN_TEXT_BYTES);
	case SCN_TYPE_DROPS:
		return g_strdup(SCN_DROPS_PERMITTED);
	case SCN_TYPE_WORD:
		return g_strjoinv(", ", (char **)(gpointer)info->words);
	case SCN_TYPE_QUANTITY:
		break;
	}
	low = scn_quantity_format(info->min, info->unit);
	high = scn_quantity_format(info->max, info->unit);
	return g_strdup_printf("%s .. %s%s%s", low, high,
	    info->special == NULL ? "" : ", or ",
	    info->special == NULL ? "" : info->special);
}
