/*
 * The far end is the ideal peer or a host, point by point.  What a file says of
 * the one that no point has would say nothing, and is told.
 */
#include <string.h>

#include "sim/scenario/load.h"

static bool
is_far_name(const char *name)
{
	size_t length = strcspn(name, ".");
	g_autofree char *group = g_strndup(name, length);

	return scn_group_is_far(group) || strcmp(name, "peer.kind") == 0;
}

static bool
means_far(const struct scn_text *text, const struct scn_group *group)
{
	bool is_peer = strcmp(group->name, "peer") == 0;

	if (scn_group_is_far(group->name))
		return true;
	for (size_t i = 0; i < group->n_entries; i++) {
		const char *key = scn_group_entry(text, group, i)->key;

		if (is_peer ? strcmp(key, "kind") == 0 : is_far_name(key))
			return true;
	}
	return false;
}

bool
scn_far_is_meant(const struct scn_text *text, const char *const *overrides)
{
	for (; overrides != NULL && *overrides != NULL; overrides++) {
		g_autofree char *axis = scn_override_axis(*overrides);
		g_autofree char *name = scn_override_name(*overrides);

		if (is_far_name(axis != NULL ? axis : name))
			return true;
	}
	for (size_t i = 0; i < text->groups->len; i++)
		if (means_far(text, scn_text_group(text, i)))
			return true;
	return false;
}

/* is_of_host: a host has that key, else the ideal peer has it */
static bool
is_of_host(enum scn_key key)
{
	return scn_key_is_machine(key);
}

static const struct scn_slot *
slot_of(struct scn_point *pt, enum scn_key key)
{
	return is_of_host(key) ?
	    scn_machine_slot((struct scn_machine){ pt, true }, key) :
	    scn_point_slot(pt, NULL, key);
}

static struct scn_point *
nth_point(const struct scn_loader *ld, size_t i)
{
	return g_ptr_array_index(ld->scn->points, i);
}

/* is_in_force: has any point the kind of far end that hears this value? */
static bool
is_in_force(const struct scn_loader *ld, enum scn_key key, unsigned owner)
{
	for (size_t i = 0; i < ld->scn->points->len; i++) {
		struct scn_point *pt = nth_point(ld, i);

		if (scn_far_is_host(pt) == is_of_host(key) &&
		    slot_of(pt, key)->owner == owner)
			return true;
	}
	return false;
}

/* tell_machine: group is "peer-board" or "peer-kernel" */
static void
tell_machine(struct scn_loader *ld, const char *group, const char *key,
    struct scn_place place)
{
	struct scn_spot at = { place, group, key };

	scn_mistake(ld->mistakes, &at, "the ideal peer has no %s; write kind "
	    "= host in [peer] for a far end that has one",
	    scn_group_rows(group));
}

static void
check_key(struct scn_loader *ld, struct scn_point *pt, enum scn_key key)
{
	const struct scn_slot *slot = slot_of(pt, key);
	bool is_board = scn_key_is_of(key, "board");
	struct scn_spot at = { slot->place, "peer", scn_row(key)->name };

	/* a whole group of a machine is told as such */
	if (scn_far_is_host(pt) == is_of_host(key) || slot->is_bad ||
	    slot->owner <= (is_of_host(key) ? ld->n_base_groups : 0) ||
	    is_in_force(ld, key, slot->owner))
		return;
	if (is_of_host(key))
		tell_machine(ld, is_board ? "peer-board" : "peer-kernel",
		    scn_row(key)->name, slot->place);
	else
		scn_mistake(ld->mistakes, &at, "only the ideal peer has it, "
		    "and kind is host; write in [peer-kernel] what the host "
		    "does");
}

static void
check_point(struct scn_loader *ld, struct scn_point *pt)
{
	for (int k = SCN_MACHINE_FIRST; k <= SCN_MACHINE_LAST; k++)
		check_key(ld, pt, (enum scn_key)k);
	for (int k = 0; k < SCN_N_PLAIN; k++)
		if (k != SCN_PEER_KIND && scn_key_is_of((enum scn_key)k,
		    "peer"))
			check_key(ld, pt, (enum scn_key)k);
}

/* check_groups: [peer-board] and [peer-kernel], whatever is in them */
static void
check_groups(struct scn_loader *ld, const struct scn_text *text)
{
	for (size_t i = 0; i < text->groups->len; i++) {
		const struct scn_group *group = scn_text_group(text, i);

		if (scn_group_is_far(group->name))
			tell_machine(ld, group->name, NULL,
			    (struct scn_place){ ld->file, group->line });
	}
}

/* check_profiles: overrides that choose a profile leave no other trace */
static void
check_profiles(struct scn_loader *ld, const char *const *overrides)
{
	for (; overrides != NULL && *overrides != NULL; overrides++) {
		g_autofree char *name = scn_override_name(*overrides);
		char *dot = strchr(name, '.');

		if (dot == NULL || strcmp(dot, ".profile") != 0)
			continue;
		*dot = '\0';
		if (scn_group_is_far(name))
			tell_machine(ld, name, "profile", (struct scn_place){
			    scn_override_label(ld, *overrides), 0 });
	}
}

void
scn_far_check(struct scn_loader *ld, const struct scn_text *text,
    const char *const *overrides)
{
	size_t n_hosts = 0;

	for (size_t i = 0; i < ld->scn->points->len; i++) {
		const struct scn_point *pt = nth_point(ld, i);

		if (pt->slots[SCN_PEER_KIND].is_bad)
			return;		/* who knows what it was to be */
		n_hosts += scn_far_is_host(pt);
	}
	for (size_t i = 0; i < ld->scn->points->len; i++)
		check_point(ld, nth_point(ld, i));
	if (n_hosts == 0) {
		check_groups(ld, text);
		check_profiles(ld, overrides);
	}
}
