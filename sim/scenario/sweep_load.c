/*
 * [sweep] and -x on their way in: axes, variants, replications, and what rules
 * their points break.
 */
#include <string.h>

#include "sim/scenario/suggest.h"
#include "sim/scenario/sweep.h"

/* find_variant: its index, or the number of points after a message */
static size_t
find_variant(struct scn_loader *ld, const char *name,
    const struct scn_spot *at)
{
	size_t n = scn_n_points(ld->scn), i = 0;
	g_autofree const char **names = g_new0(const char *, n + 1);
	g_autofree char *hint = NULL, *quoted = NULL;

	for (; i < n; i++) {
		names[i] = scn_point_name(scn_point(ld->scn, i));
		if (strcmp(names[i], name) == 0)
			return i;
	}
	hint = scn_did_you_mean(scn_suggest(name, names));
	quoted = scn_quote(name);
	scn_mistake(ld->mistakes, at, "there is no variant %s%s", quoted, hint);
	return n;
}

static void
load_variants(struct scn_loader *ld, const char *values,
    const struct scn_spot *at)
{
	g_auto(GStrv) names = g_strsplit(values, ",", -1);
	GArray *swept = ld->scn->swept;

	g_array_set_size(swept, 0);
	for (char **name = names; *name != NULL; name++) {
		size_t i = find_variant(ld, g_strstrip(*name), at);

		for (size_t k = 0; k < swept->len; k++)
			if (g_array_index(swept, size_t, k) == i)
				scn_mistake(ld->mistakes, at,
				    "names a variant twice");
		g_array_append_val(swept, i);
	}
}

static void
load_replications(struct scn_loader *ld, const char *text,
    const struct scn_spot *at)
{
	int64_t n = 0;
	g_autofree char *quoted = scn_quote(text);

	if (scn_quantity_parse(text, SCN_UNIT_COUNT, &n) != SCN_QUANTITY_OK ||
	    n < 1 || n > SCN_MAX_REPLICATIONS)
		scn_mistake(ld->mistakes, at, "%s is no number of "
		    "replications; permitted: 1 .. 10000", quoted);
	else
		ld->scn->n_replications = n;
}

/* add_axis: in place of the one with the same keys, or at the end */
static void
add_axis(struct scn_loader *ld, struct scn_axis *axis, bool may_replace,
    const struct scn_spot *at)
{
	GPtrArray *axes = ld->scn->axes;

	for (size_t i = 0; i < axes->len; i++) {
		if (strcmp(scn_sweep_axis(ld->scn, i)->name, axis->name) != 0)
			continue;
		if (!may_replace)
			scn_mistake(ld->mistakes, at, "given twice");
		scn_axis_destroy(axes->pdata[i]);
		axes->pdata[i] = axis;
		return;
	}
	g_ptr_array_add(axes, axis);
	if (axes->len > SCN_MAX_AXES)
		scn_mistake(ld->mistakes, at, "is an axis too many; "
		    "permitted: at most %d", SCN_MAX_AXES);
}

static void
load_line(struct scn_loader *ld, const char *name, const char *values,
    const struct scn_spot *at, bool may_replace)
{
	struct scn_axis *axis;

	if (strcmp(name, "variant") == 0) {
		load_variants(ld, values, at);
	} else if (strcmp(name, "replications") == 0) {
		load_replications(ld, values, at);
	} else {
		axis = scn_axis_parse(ld, name, values, at);
		if (axis != NULL)
			add_axis(ld, axis, may_replace, at);
	}
}

static void
load_group(struct scn_loader *ld, const struct scn_text *text,
    const struct scn_group *group)
{
	for (size_t i = 0; i < group->n_entries; i++) {
		const struct scn_entry *entry =
		    scn_group_entry(text, group, i);
		struct scn_spot at = {
			{ ld->file, entry->line }, group->name, entry->key
		};

		load_line(ld, entry->key, entry->value, &at, false);
	}
}

static void
load_override(struct scn_loader *ld, const char *override)
{
	g_autofree char *name = scn_override_axis(override);
	const char *equals = strchr(override, '=');
	struct scn_spot at = { .key = name };
	g_autofree char *values = NULL;

	if (name == NULL || equals == NULL)
		return;
	at.place.file = scn_override_label(ld, override);
	values = g_strstrip(g_strdup(equals + 1));
	if (!g_utf8_validate(override, -1, NULL))
		scn_mistake(ld->mistakes, &at, "not UTF-8");
	else
		load_line(ld, name, values, &at, true);
}

/* setter: the variant's or the user's own value of a key of an axis, or NULL */
static const struct scn_slot *
setter(const struct scn_loader *ld, const struct scn_target *target)
{
	for (size_t i = 0; i < ld->scn->points->len; i++) {
		const struct scn_slot *slot = scn_target_slot(
		    g_ptr_array_index(ld->scn->points, i), target);

		if (slot->owner > ld->n_base_groups)
			return slot;
	}
	return NULL;
}

/* is_shared: does one of the first n axes have that key? */
static bool
is_shared(const struct scenario *scn, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		const struct scn_axis *axis = scn_sweep_axis(scn, i);

		for (size_t k = 0; k < axis->n_keys; k++)
			if (strcmp(axis->names[k], name) == 0)
				return true;
	}
	return false;
}

/* is_fixed: does -s set that key of an axis? */
static bool
is_fixed(const struct scn_loader *ld, const struct scn_target *target)
{
	const struct scn_slot *slot = setter(ld, target);

	return slot != NULL && slot->place.line == 0;
}

/* drop_fixed: what -s sets in all points is no axis any more */
static void
drop_fixed(struct scn_loader *ld)
{
	for (size_t i = ld->scn->axes->len; i-- > 0;) {
		const struct scn_axis *axis = scn_sweep_axis(ld->scn, i);
		size_t n = 0;

		for (size_t k = 0; k < axis->n_keys; k++)
			n += is_fixed(ld, &axis->targets[k]) ? 1 : 0;
		if (n == axis->n_keys)
			g_ptr_array_remove_index(ld->scn->axes, (guint)i);
	}
}

/* check_key: what else sets the key of an axis */
static void
check_key(struct scn_loader *ld, const struct scn_target *target,
    const struct scn_spot *at)
{
	const struct scn_slot *slot = setter(ld, target);

	if (slot != NULL && slot->place.line > 0)
		scn_mistake(ld->mistakes, at, "a variant sets it as well, in "
		    "line %u", slot->place.line);
	else if (slot != NULL)
		scn_mistake(ld->mistakes, at, "%s sets it, and not the keys "
		    "that it is joined with", slot->place.file);
	if (target->key == SCN_SEED && ld->scn->n_replications > 1)
		scn_mistake(ld->mistakes, at, "replications choose the seeds");
}

static void
check_axis(struct scn_loader *ld, size_t n)
{
	const struct scn_axis *axis = scn_sweep_axis(ld->scn, n);
	struct scn_spot at = { axis->place, "sweep", NULL };

	for (size_t k = 0; k < axis->n_keys; k++) {
		at.key = axis->names[k];
		check_key(ld, &axis->targets[k], &at);
		if (is_shared(ld->scn, n, axis->names[k]))
			scn_mistake(ld->mistakes, &at,
			    "another axis sets it as well");
	}
}

/* check_seeds: the last replication's seed is one, too */
static void
check_seeds(struct scn_loader *ld)
{
	struct scn_spot at = { { ld->file, 0 }, "sweep", "replications" };

	for (size_t i = 0; i < ld->scn->points->len; i++)
		if (scn_get(scn_point(ld->scn, i), SCN_SEED) >
		    INT64_MAX - (ld->scn->n_replications - 1)) {
			scn_mistake(ld->mistakes, &at,
			    "scenario.seed is too large to count up from");
			return;
		}
}

static void
check_size(struct scn_loader *ld)
{
	struct scn_spot at = { { ld->file, 0 }, "sweep", NULL };

	if (scn_sweep_size(ld->scn) > SCN_MAX_SWEEP)
		scn_mistake(ld->mistakes, &at, "spans too many points; "
		    "permitted: at most %d", SCN_MAX_SWEEP);
}

void
scn_sweep_load(struct scn_loader *ld, const struct scn_text *text,
    const char *const *overrides)
{
	for (size_t i = 0; i < ld->scn->points->len; i++)
		g_array_append_val(ld->scn->swept, i);
	for (size_t i = 0; i < text->groups->len; i++) {
		const struct scn_group *group = scn_text_group(text, i);

		if (strcmp(group->name, "sweep") == 0)
			load_group(ld, text, group);
	}
	for (; overrides != NULL && *overrides != NULL; overrides++)
		load_override(ld, *overrides);
	drop_fixed(ld);
	for (size_t i = 0; i < ld->scn->axes->len; i++)
		check_axis(ld, i);
	check_size(ld);
	check_seeds(ld);
}

void
scn_sweep_check(struct scn_loader *ld)
{
	size_t n = scn_sweep_size(ld->scn);

	if (scn_mistakes_count(ld->mistakes) > 0 ||
	    (ld->scn->axes->len == 0 && ld->scn->n_replications == 1))
		return;
	for (size_t i = 0; i < n; i++) {
		struct scn_point *pt = scn_sweep_point(ld->scn, i);

		scn_rules_check(ld, pt);
		scn_sweep_point_free(pt);
	}
}
