/*
 * The effective scenario as a file again: every key, its value in canonical
 * units, its origin.  No profile is needed to read it; of files that a path
 * leads to, their contents are named beside it, and make it another scenario
 * when they change.
 */
#include "sim/scenario/point.h"

#include <string.h>

static void
dump_slot(GString *out, enum scn_key key, const struct scn_slot *slot)
{
	const char *name = scn_row(key)->name;
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
	if (slot->contents != NULL)
		g_string_append_printf(out, "# contents of %s: SHA-256 %s\n",
		    name, slot->contents);
}

/* dump_head: a new group begins */
static void
dump_head(GString *out, const char *group)
{
	g_string_append_printf(out, "%s[%s]\n", out->len == 0 ? "" : "\n",
	    group);
}

/* is_idle: a key of the ideal peer, and there is none */
static bool
is_idle(const struct scn_point *pt, enum scn_key key)
{
	return scn_far_is_host(pt) && scn_key_is_of(key, "peer") &&
	    key != SCN_PEER_KIND;
}

/* is_of_star: what a platform from a file has of its own */
static bool
is_of_star(enum scn_key key)
{
	return key == SCN_NET_CLIENT_RATE || key == SCN_NET_CLIENT_DELAY;
}

/* is_left_out: what says nothing of this point, and would be a mistake */
static bool
is_left_out(const struct scn_point *pt, enum scn_key key)
{
	const char *star = scn_row(SCN_NET_PLATFORM)->special;

	if (!scn_key_is_of(key, "network"))
		return false;
	return !scn_point_has_clients(pt) || (is_of_star(key) &&
	    strcmp(scn_get_text(pt, SCN_NET_PLATFORM), star) != 0);
}

static void
dump_plain(GString *out, const struct scn_point *pt)
{
	const char *group = NULL;

	for (unsigned k = 0; k < SCN_N_PLAIN; k++) {
		if (is_left_out(pt, (enum scn_key)k))
			continue;
		if (group == NULL || strcmp(group, scn_row(k)->group) != 0) {
			group = scn_row(k)->group;
			dump_head(out, group);
		}
		if (!is_idle(pt, (enum scn_key)k))
			dump_slot(out, (enum scn_key)k, &pt->slots[k]);
	}
}

static void
dump_far(GString *out, const struct scn_point *pt)
{
	for (size_t i = 0; scn_group_names[i] != NULL; i++) {
		if (!scn_group_is_far(scn_group_names[i]))
			continue;
		dump_head(out, scn_group_names[i]);
		for (int k = SCN_MACHINE_FIRST; k <= SCN_MACHINE_LAST; k++)
			if (scn_key_is_of((enum scn_key)k,
			    scn_group_names[i]))
				dump_slot(out, (enum scn_key)k,
				    &pt->far_slots[k - SCN_MACHINE_FIRST]);
	}
}

/* is_taken: a process has the keys that its program takes */
static bool
is_taken(const struct scn_named *named, enum scn_key key)
{
	return named->kind != SCN_PROCESSES ||
	    scn_key_takes(key, named->slots[0].value);
}

static void
dump_named(GString *out, const struct scn_named *named)
{
	const struct scn_kind_info *info = &scn_kinds[named->kind];

	g_string_append_printf(out, "\n[%s %s]\n", info->group, named->name);
	for (unsigned k = 0; k < info->n_keys; k++)
		if (is_taken(named, (enum scn_key)(info->first + k)))
			dump_slot(out, (enum scn_key)(info->first + k),
			    &named->slots[k]);
}

GString *
scn_dump(const struct scn_point *pt)
{
	GString *out = g_string_new(NULL);

	dump_plain(out, pt);
	if (scn_far_is_host(pt))
		dump_far(out, pt);
	for (int kind = 0; kind < SCN_N_KINDS; kind++)
		for (size_t i = 0; i < pt->named[kind]->len; i++)
			dump_named(out, scn_point_named(pt,
			    (enum scn_kind)kind, i));
	/* a point of this name comes from a file without variants, too */
	if (strcmp(pt->name, "base") != 0)
		g_string_append_printf(out, "\n[variant %s]\n", pt->name);
	return out;
}
