/*
 * One value out of an effective scenario (scn_dump).
 */
#include <string.h>

#include "sim/compare/side.h"

/* find_key: the schema's row, the group's line, and the name within */
static enum scn_key
find_key(const char *key, char **head, const char **name)
{
	const char *dot = strchr(key, '.');
	g_autofree char *group = NULL;

	group = g_strndup(key, dot != NULL ? (size_t)(dot - key) : 0);
	if (scn_group_kind(group) != SCN_N_KINDS) {
		g_autofree char *named = NULL;

		*name = strrchr(key, '.') + 1;
		named = g_strndup(dot + 1, (size_t)MAX(*name - dot - 2, 0));
		*head = g_strdup_printf("[%s %s]\n", group, named);
		return scn_schema_find(group, *name);
	}
	*head = g_strdup_printf("[%s]\n", group);
	*name = dot != NULL ? dot + 1 : key;
	return scn_schema_find_full(key);
}

/* find_line: what stands behind "name = " in the group; NULL; g_free it */
static char *
find_line(const char *effective, const char *head, const char *name)
{
	const char *group = strstr(effective, head);
	g_autofree char *start = g_strdup_printf("\n%s = ", name);
	const char *end, *line;

	if (group == NULL)
		return NULL;
	group += strlen(head) - 1;
	end = strstr(group, "\n[");
	line = g_strstr_len(group, end != NULL ? end - group : -1, start);
	if (line == NULL)
		return NULL;
	line += strlen(start);
	return g_strndup(line, strcspn(line, "\n"));
}

char *
cmp_effective_value(const char *effective, const char *key)
{
	g_autofree char *head = NULL;
	const char *name;
	enum scn_key which = find_key(key, &head, &name);
	char *text = find_line(effective, head, name);
	int64_t value;

	if (text == NULL)
		return g_strdup("none");
	if (which == SCN_N_KEYS || scn_row(which)->type != SCN_TYPE_QUANTITY
	    || scn_quantity_parse(text, scn_row(which)->unit, &value) !=
	    SCN_QUANTITY_OK)
		return text;	/* a word */
	g_free(text);
	return scn_quantity_number(value, scn_row(which)->unit);
}
