/*
 * Assignments by full name: the keys of variants, and -s on the command line.
 */
#include <string.h>

#include "sim/scenario/load.h"
#include "sim/scenario/suggest.h"

/* A full name taken apart; the texts are copies. */
struct full_name {
	char *group;		/* "process" */
	char *name;		/* "ttcp", or NULL */
	char *key;		/* "align" */
};

static void
full_name_clear(struct full_name *full)
{
	g_free(full->group);
	g_free(full->name);
	g_free(full->key);
}

/* full_name_split: false if the dots are not where they must be */
static bool
full_name_split(const char *name, struct full_name *full)
{
	const char *dot = strchr(name, '.'), *second;

	*full = (struct full_name){ NULL, NULL, NULL };
	if (dot == NULL || dot == name || dot[1] == '\0')
		return false;
	full->group = g_strndup(name, (size_t)(dot - name));
	if (scn_group_kind(full->group) != SCN_N_KINDS) {
		second = strchr(dot + 1, '.');
		if (second == NULL || second == dot + 1 || second[1] == '\0') {
			full_name_clear(full);
			*full = (struct full_name){ NULL, NULL, NULL };
			return false;
		}
		full->name = g_strndup(dot + 1, (size_t)(second - dot - 1));
		dot = second;
	}
	full->key = g_strdup(dot + 1);
	return true;
}

static bool
is_profile_key(const struct full_name *full)
{
	return scn_group_is_machine(full->group) &&
	    strcmp(full->key, "profile") == 0;
}

static bool
is_group(const char *word)
{
	return scn_group_has_keys(word);
}

/* find_named: the group an assignment names; false after a message */
static bool
find_named(struct scn_loader *ld, const struct scn_point *pt,
    const struct full_name *full, const struct scn_spot *at, size_t *index)
{
	g_autofree const char **names = NULL;
	g_autofree char *hint = NULL, *known = NULL, *quoted = NULL;
	enum scn_kind kind = scn_group_kind(full->group);
	size_t n = pt->named[kind]->len;

	names = g_new0(const char *, n + 1);
	for (*index = 0; *index < n; ++*index) {
		names[*index] = scn_point_named(pt, kind, *index)->name;
		if (strcmp(names[*index], full->name) == 0)
			return true;
	}
	hint = scn_did_you_mean(scn_suggest(full->name, names));
	quoted = scn_quote(full->name);
	known = scn_there_are(names);
	scn_mistake(ld->mistakes, at, "there is no [%s NAME] named %s%s%s",
	    full->group, quoted, known, hint);
	return false;
}

/* name_wrong: what is wrong with a full name, or NULL; g_free it */
static char *
name_wrong(const struct full_name *full)
{
	g_autofree char *hint = NULL;
	g_autofree char *quoted = NULL;
	const char *names[SCN_N_KEYS + 1];
	size_t n = 0;

	if (!is_group(full->group)) {
		hint = scn_did_you_mean(scn_suggest(full->group,
		    scn_group_names));
		quoted = scn_quote(full->group);
		return g_strdup_printf("unknown group %s%s", quoted, hint);
	}
	if (is_profile_key(full) ||
	    scn_schema_find(full->group, full->key) != SCN_N_KEYS)
		return NULL;
	for (unsigned k = 0; k < SCN_N_KEYS; k++)
		if (scn_key_is_of((enum scn_key)k, full->group))
			names[n++] = scn_row(k)->name;
	names[n] = NULL;
	hint = scn_did_you_mean(scn_suggest(full->key, names));
	quoted = scn_quote(full->key);
	return g_strdup_printf("unknown key %s in [%s]%s", quoted,
	    full->group, hint);
}

/* find_target: as scn_target_find(), of a name taken apart */
static bool
find_target(struct scn_loader *ld, struct scn_point *pt,
    const struct full_name *full, const struct scn_spot *at,
    struct scn_target *target)
{
	g_autofree char *wrong = name_wrong(full);

	*target = (struct scn_target){ SCN_N_KEYS, false, 0 };
	if (wrong != NULL) {
		scn_mistake(ld->mistakes, at, "%s", wrong);
		return false;
	}
	if (is_profile_key(full)) {
		scn_mistake(ld->mistakes, at, "a profile holds for all "
		    "variants; permitted: in [%s], or -s", full->group);
		return false;
	}
	if (full->name != NULL &&
	    !find_named(ld, pt, full, at, &target->index))
		return false;
	target->key = scn_schema_find(full->group, full->key);
	target->is_far = scn_group_is_far(full->group);
	return true;
}

bool
scn_target_find(struct scn_loader *ld, struct scn_point *pt, const char *name,
    const struct scn_spot *at, struct scn_target *target)
{
	struct full_name full;
	bool found;

	if (!full_name_split(name, &full)) {
		scn_mistake(ld->mistakes, at, "is no full name; permitted: "
		    "GROUP.KEY, process.NAME.KEY or file.NAME.KEY");
		return false;
	}
	found = find_target(ld, pt, &full, at, target);
	full_name_clear(&full);
	return found;
}

struct scn_slot *
scn_target_slot(struct scn_point *pt, const struct scn_target *target)
{
	enum scn_kind kind = scn_key_kind(target->key);

	if (target->is_far)
		return scn_machine_slot((struct scn_machine){ pt, true },
		    target->key);
	return scn_point_slot(pt, kind == SCN_N_KINDS ? NULL :
	    scn_point_named(pt, kind, target->index), target->key);
}

void
scn_assignment(struct scn_loader *ld, struct scn_point *pt, const char *name,
    const char *value, const struct scn_spot *at, unsigned owner)
{
	struct scn_target target;

	if (scn_target_find(ld, pt, name, at, &target))
		scn_value_set(ld, scn_target_slot(pt, &target), target.key,
		    value, at, owner);
}

char *
scn_override_name(const char *override)
{
	return g_strstrip(g_strndup(override, strcspn(override, "=")));
}

char *
scn_override_axis(const char *override)
{
	g_autofree char *name = scn_override_name(override);

	if (!g_str_has_prefix(name, "sweep."))
		return NULL;
	return g_strchug(g_strdup(name + strlen("sweep.")));
}

/* override_wrong: is this an assignment to a key that exists?  g_free it */
static char *
override_wrong(const char *override)
{
	g_autofree char *name = scn_override_name(override);
	struct full_name full;
	char *wrong;

	if (strchr(override, '=') == NULL || !full_name_split(name, &full))
		return g_strdup("is not of the form GROUP.KEY=VALUE or "
		    "GROUP.NAME.KEY=VALUE");
	wrong = name_wrong(&full);
	full_name_clear(&full);
	return wrong;
}

char *
scn_override_profile(const char *const *overrides, const char *group)
{
	g_autofree char *wanted = g_strconcat(group, ".profile", NULL);
	const char *profile = NULL;

	for (; overrides != NULL && *overrides != NULL; overrides++) {
		g_autofree char *name = scn_override_name(*overrides);
		const char *equals = strchr(*overrides, '=');

		if (equals != NULL && strcmp(name, wanted) == 0)
			profile = equals + 1;
	}
	return profile == NULL ? NULL : g_strstrip(g_strdup(profile));
}

/* is_profile: is this the name of a machine's profile? */
static bool
is_profile(const char *name)
{
	struct full_name full;
	bool is = full_name_split(name, &full) && is_profile_key(&full);

	full_name_clear(&full);
	return is;
}

/* apply_one: one override that override_wrong() accepted */
static void
apply_one(struct scn_loader *ld, const char *override,
    struct scn_spot *at)
{
	g_autofree char *name = scn_override_name(override);
	g_autofree char *value = g_strstrip(g_strdup(
	    strchr(override, '=') + 1));
	unsigned owner = ++ld->n_groups;

	if (is_profile(name))
		return;		/* done already, with the profiles */
	at->key = name;
	for (size_t i = 0; i < ld->scn->points->len; i++)
		scn_assignment(ld, g_ptr_array_index(ld->scn->points, i),
		    name, value, at, owner);
	at->key = NULL;
}

/* note_change: what is said beside the machine changes no result */
static void
note_change(struct scn_loader *ld, const char *override, const char *label)
{
	g_autofree char *name = scn_override_name(override);

	if (strcmp(name, "scenario.title") != 0 &&
	    strcmp(name, "scenario.question") != 0)
		ld->scn->changed_by = label;
}

const char *
scn_override_label(struct scn_loader *ld, const char *override)
{
	g_autofree char *axis = scn_override_axis(override);
	g_autofree char *quoted = scn_quote(axis == NULL ? override :
	    override + strlen("sweep."));
	g_autofree char *label = g_strconcat(axis == NULL ? "-s " : "-x ",
	    quoted, NULL);

	return scn_keep(ld->scn, label);
}

static void
apply_override(struct scn_loader *ld, const char *override)
{
	g_autofree char *wrong = override_wrong(override);
	struct scn_spot at = {
		.place.file = scn_override_label(ld, override)
	};

	if (wrong != NULL) {
		scn_mistake(ld->mistakes, &at, "%s", wrong);
	} else if (!g_utf8_validate(override, -1, NULL)) {
		scn_mistake(ld->mistakes, &at, "not UTF-8");
	} else {
		apply_one(ld, override, &at);
		note_change(ld, override, at.place.file);
	}
}

void
scn_overrides_apply(struct scn_loader *ld, const char *const *overrides)
{
	for (; overrides != NULL && *overrides != NULL; overrides++) {
		g_autofree char *axis = scn_override_axis(*overrides);

		if (axis == NULL)	/* else it is the sweep's */
			apply_override(ld, *overrides);
	}
}
