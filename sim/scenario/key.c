/*
 * What can be said of a key from its row alone, and of a group from its name.
 */
#include <string.h>

#include "sim/scenario/drops.h"
#include "sim/scenario/files.h"
#include "sim/scenario/schema_rows.h"

#define FAR_PREFIX	"peer-"

const struct scn_kind_info scn_kinds[SCN_N_KINDS] = {
	[SCN_FILES] = { "file", "files", SCN_FILE_SIZE, SCN_N_PER_FILE, 1000 },
	[SCN_PROCESSES] = { "process", "processes", SCN_PROC_PROGRAM,
	    SCN_N_PER_PROCESS, 256 },
};

const struct scn_key_info *
scn_row(enum scn_key key)
{
	g_assert(key < SCN_N_KEYS);
	if (key >= SCN_PROC_PROGRAM)
		return &scn_process_rows[key - SCN_PROC_PROGRAM];
	return key >= SCN_FILE_SIZE ? &scn_file_rows[key - SCN_FILE_SIZE] :
	    &scn_plain_rows[key];
}

enum scn_kind
scn_group_kind(const char *group)
{
	int kind = 0;

	while (kind < SCN_N_KINDS && strcmp(scn_kinds[kind].group, group) != 0)
		kind++;
	return (enum scn_kind)kind;
}

enum scn_kind
scn_key_kind(enum scn_key key)
{
	if (key < SCN_FILE_SIZE)
		return SCN_N_KINDS;
	return key < SCN_PROC_PROGRAM ? SCN_FILES : SCN_PROCESSES;
}

bool
scn_key_is_text(enum scn_key key)
{
	return scn_row(key)->type != SCN_TYPE_WORD &&
	    scn_row(key)->type != SCN_TYPE_QUANTITY;
}

bool
scn_key_is_process(enum scn_key key)
{
	return scn_key_kind(key) == SCN_PROCESSES;
}

bool
scn_key_takes(enum scn_key key, int64_t program)
{
	uint32_t programs = scn_row(key)->programs;

	return programs == 0 || (programs >> program & 1) != 0;
}

char *
scn_key_programs(enum scn_key key)
{
	const char *const *words = scn_row(SCN_PROC_PROGRAM)->words;
	GString *list;

	if (scn_row(key)->programs == 0)
		return NULL;
	list = g_string_new(NULL);
	for (int i = 0; words[i] != NULL; i++)
		if (scn_key_takes(key, i))
			g_string_append_printf(list, "%s%s",
			    list->len > 0 ? ", " : "", words[i]);
	return g_string_free(list, FALSE);
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
	return strcmp(scn_row(key)->group, scn_group_rows(group)) == 0;
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
		if (strcmp(scn_row(k)->name, name) == 0 &&
		    scn_key_is_of((enum scn_key)k, group))
			return (enum scn_key)k;
	return SCN_N_KEYS;
}

enum scn_key
scn_schema_find_full(const char *full_name)
{
	size_t length = strcspn(full_name, ".");
	g_autofree char *group = g_strndup(full_name, length);
	const char *rest = full_name + length;
	enum scn_key key;

	if (*rest == '\0')
		return SCN_N_KEYS;
	key = scn_schema_find(group, rest + 1);
	if (key != SCN_N_KEYS || scn_group_kind(group) == SCN_N_KINDS)
		return key;
	rest = strchr(rest + 1, '.');		/* behind a name */
	return rest != NULL ? scn_schema_find(group, rest + 1) : SCN_N_KEYS;
}

char *
scn_schema_full_name(enum scn_key key)
{
	return g_strdup_printf("%s.%s%s", scn_row(key)->group,
	    scn_key_kind(key) != SCN_N_KINDS ? "NAME." : "",
	    scn_row(key)->name);
}

char *
scn_value_format(enum scn_key key, int64_t value)
{
	const struct scn_key_info *info = scn_row(key);

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
	const struct scn_key_info *info = scn_row(key);
	g_autofree char *low = NULL, *high = NULL;

	switch (info->type) {
	case SCN_TYPE_TEXT:
		return g_strdup_printf("one line of at most %d bytes",
		    SCN_TEXT_BYTES);
	case SCN_TYPE_DROPS:
		return g_strdup(SCN_DROPS_PERMITTED);
	case SCN_TYPE_FILES:
		return g_strdup(SCN_FILES_PERMITTED);
	case SCN_TYPE_PATH:
		return g_strdup_printf("%s%sthe path of a file, from the "
		    "scenario's own folder on",
		    info->special == NULL ? "" : info->special,
		    info->special == NULL ? "" : ", or ");
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
