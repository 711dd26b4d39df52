/*
 * The effective scenario as a file again: every key, its value in canonical
 * units, its origin.  Nothing in it points to other files.
 */
#include "sim/scenario/point.h"

#include <string.h>

static void
dump_slot(GString *out, enum scn_key key, const struct scn_slot *slot)
{
	const char *name = scn_schema[key].name;
	g_autofree char *value = NULL;

	if (scn_key_is_text(key))
		value = g_strdup(slot->text);
	else
		value = scn_value_format(key, slot->value);
	if (*value == '\0')
		return;		/* a text that was not given */
	g_string_append_printf(out, "%s = %s\n", name, value);
	if (slot->origin != NULL)
		g_string_append_printf(out, "%s.origin = %s\n", name,
		    slot->origin);
	if (slot->cited != NULL)
		g_string_append_printf(out, "%s.cited = %s\n", name,
		    slot->cited);
}

static void
dump_plain(GString *out, const struct scn_point *pt)
{
	const char *group = NULL;

	for (unsigned k = 0; k < SCN_N_PLAIN; k++) {
		if (group == NULL || strcmp(group, scn_schema[k].group) != 0) {
			g_string_append_printf(out, "%s[%s]\n",
			    group == NULL ? "" : "\n", scn_schema[k].group);
			group = scn_schema[k].group;
		}
		dump_slot(out, (enum scn_key)k, &pt->slots[k]);
	}
}

static void
dump_process(GString *out, const struct scn_process *process)
{
	g_string_append_printf(out, "\n[process %s]\n", process->name);
	for (unsigned k = 0; k < SCN_N_PER_PROCESS; k++)
		dump_slot(out, (enum scn_key)(SCN_PROC_PROGRAM + k),
		    &process->slots[k]);
}

GString *
scn_dump(const struct scn_point *pt)
{
	GString *out = g_string_new(NULL);

	dump_plain(out, pt);
	for (size_t i = 0; i < pt->processes->len; i++)
		dump_process(out, &g_array_index(pt->processes,
		    struct scn_process, i));
	/* a point of this name comes from a file without variants, too */
	if (strcmp(pt->name, "base") != 0)
		g_string_append_printf(out, "\n[variant %s]\n", pt->name);
	return out;
}
