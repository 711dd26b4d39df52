/*
 * Loading a scenario: the file is scanned; profiles and groups make the base
 * point; each variant is a copy of it with some keys set; overrides go on top
 * of all of them; then the rules between keys are checked.
 *
 * Nothing stops at a mistake.  Only when all steps are done it is decided
 * whether there is a scenario.
 */
#include "sim/scenario/load.h"

#include <string.h>

#include "sim/scenario/expect.h"
#include "sim/scenario/suggest.h"
#include "sim/scenario/sweep.h"

/* The head of a group: "process ttcp" is { "process", "ttcp" }. */
struct heading {
	char *kind;
	char *name;		/* "" without one */
};

/* One run of the loader over one text. */
struct job {
	struct scn_loader *ld;
	const struct scn_text *text;
	struct scn_point *base;
	bool has_process_group;	/* good or bad: not to be demanded as well */
	GArray *group_lines;	/* by scn_group_names: line of the first one */
};

static struct heading
heading_of(const struct scn_group *group)
{
	size_t length = strcspn(group->name, " \t");
	struct heading heading = {
		.kind = g_strndup(group->name, length),
		.name = g_strdup(group->name + length),
	};

	g_strchug(heading.name);
	return heading;
}

static void
heading_clear(struct heading *heading)
{
	g_free(heading->kind);
	g_free(heading->name);
}

static bool
is_kind(const struct heading *heading, const char *kind)
{
	return strcmp(heading->kind, kind) == 0;
}

static struct scn_spot
group_spot(const struct job *job, const struct scn_group *group)
{
	return (struct scn_spot){
		.place = { job->ld->file, group->line },
		.group = group->name,
	};
}

static struct scn_spot
entry_spot(const struct job *job, const struct scn_group *group,
    const struct scn_entry *entry)
{
	return (struct scn_spot){
		.place = { job->ld->file, entry->line },
		.group = group->name,
		.key = entry->key,
	};
}

/* check_name: of a process, file or variant */
static bool
check_name(const struct job *job, const struct scn_group *group,
    const struct heading *heading)
{
	struct scn_spot at = group_spot(job, group);
	size_t length = strlen(heading->name);

	for (const char *p = heading->name; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p) && *p != '_' && *p != '-')
			length = 0;
	if (length > 0 && length <= SCN_NAME_BYTES)
		return true;
	scn_mistake(job->ld->mistakes, &at, "bad name; permitted: [%s NAME], "
	    "NAME of 1 to %d letters, digits, _ and -", heading->kind,
	    SCN_NAME_BYTES);
	return false;
}

/*
 * set_entries: the keys of a plain or named group.
 *
 * => named as in scn_point_slot()
 */
static void
set_entries(struct job *job, const struct scn_group *group, const char *kind,
    struct scn_named *named)
{
	unsigned owner = ++job->ld->n_groups;

	for (size_t i = 0; i < group->n_entries; i++) {
		const struct scn_entry *entry =
		    scn_group_entry(job->text, group, i);
		struct scn_spot at = entry_spot(job, group, entry);
		enum scn_key key = scn_schema_find(kind, entry->key);

		if (key == SCN_N_KEYS)
			scn_unknown_key(job->ld, &at, kind, entry->key);
		else
			scn_value_set(job->ld, scn_point_slot(job->base,
			    named, key), key, entry->value, &at, owner);
	}
}

static void
load_named(struct job *job, const struct scn_group *group,
    const struct heading *heading)
{
	enum scn_kind kind = scn_group_kind(heading->kind);
	const struct scn_kind_info *info = &scn_kinds[kind];
	struct scn_spot at = group_spot(job, group);
	struct scn_named *named;

	job->has_process_group |= kind == SCN_PROCESSES;
	if (!check_name(job, group, heading))
		return;
	named = scn_point_find(job->base, kind, heading->name);
	if (named != NULL) {
		scn_mistake(job->ld->mistakes, &at,
		    "a second %s of that name", info->group);
	} else if (job->base->named[kind]->len == info->max) {
		scn_mistake(job->ld->mistakes, &at, "too many %s; "
		    "permitted: at most %" G_GSIZE_FORMAT, info->many,
		    info->max);
		return;
	} else {
		named = scn_point_add(job->base, kind,
		    scn_keep(job->ld->scn, heading->name));
		named->place = at.place;
	}
	set_entries(job, group, info->group, named);
}

/* check_first: a group that may stand once only */
static void
check_first(struct job *job, const struct scn_group *group, size_t kind)
{
	unsigned *line = &g_array_index(job->group_lines, unsigned, kind);
	struct scn_spot at = group_spot(job, group);

	if (*line != 0)
		scn_mistake(job->ld->mistakes, &at,
		    "given twice; the first is in line %u", *line);
	else
		*line = group->line;
}

static void
unknown_group(struct job *job, const struct scn_group *group,
    const struct heading *heading)
{
	struct scn_spot at = group_spot(job, group);
	g_autofree char *known = g_strjoinv(", ",
	    (char **)(guintptr)scn_group_names);
	g_autofree char *hint = scn_did_you_mean(
	    scn_suggest(heading->kind, scn_group_names));

	scn_mistake(job->ld->mistakes, &at,
	    "unknown group; permitted: %s%s", known, hint);
}

static size_t
kind_index(const struct heading *heading)
{
	size_t i = 0;

	while (scn_group_names[i] != NULL &&
	    !is_kind(heading, scn_group_names[i]))
		i++;
	return i;
}

static void
load_plain(struct job *job, const struct scn_group *group,
    const struct heading *heading)
{
	struct scn_spot at = group_spot(job, group);

	check_first(job, group, kind_index(heading));
	if (*heading->name != '\0')
		scn_mistake(job->ld->mistakes, &at,
		    "takes no name; permitted: [%s]", heading->kind);
	else if (scn_group_is_machine(heading->kind))
		scn_machine_group(job->ld, job->text, group, job->ld->file,
		    false, (struct scn_machine){ job->base,
		    scn_group_is_far(heading->kind) });
	else if (scn_group_has_keys(heading->kind))
		set_entries(job, group, heading->kind, NULL);
}

static void
load_group(struct job *job, const struct scn_group *group)
{
	struct heading heading = heading_of(group);

	if (scn_group_names[kind_index(&heading)] == NULL)
		unknown_group(job, group, &heading);
	else if (scn_group_kind(heading.kind) != SCN_N_KINDS)
		load_named(job, group, &heading);
	else if (!is_kind(&heading, "variant"))
		load_plain(job, group, &heading);
	heading_clear(&heading);
}

/*
 * load_profile: the profile of a group of a machine, before its single keys.
 *
 * An override beats the file's choice; without either there is a default.
 */
static void
load_profile(struct job *job, const char *wanted,
    const char *const *overrides)
{
	bool is_board = strcmp(scn_group_rows(wanted), "board") == 0;
	g_autofree char *override = scn_override_profile(overrides, wanted);
	struct scn_spot at = {
		{ job->ld->file, 0 }, wanted, "profile"
	};
	const char *name = override != NULL ? override : is_board ?
	    SCN_DEFAULT_BOARD : SCN_DEFAULT_KERNEL;

	for (size_t i = 0; override == NULL && i < job->text->groups->len;
	    i++) {
		const struct scn_group *group = scn_text_group(job->text, i);
		const struct scn_entry *entry;

		if (strcmp(group->name, wanted) != 0)
			continue;
		entry = scn_group_profile(job->text, group);
		if (entry != NULL) {
			name = entry->value;
			at.place.line = entry->line;
		}
	}
	scn_profile_load(job->ld, is_board ? "boards" : "kernels", name, &at,
	    (struct scn_machine){ job->base, scn_group_is_far(wanted) });
}

static bool
has_variant(const struct scenario *scn, const char *name)
{
	for (size_t i = 0; i < scn->points->len; i++)
		if (strcmp(scn_point(scn, i)->name, name) == 0)
			return true;
	return false;
}

static void
load_variant(struct job *job, const struct scn_group *group,
    const struct heading *heading)
{
	struct scenario *scn = job->ld->scn;
	struct scn_spot at = group_spot(job, group);
	unsigned owner = ++job->ld->n_groups;
	struct scn_point *pt;

	if (!check_name(job, group, heading))
		return;
	if (has_variant(scn, heading->name))
		scn_mistake(job->ld->mistakes, &at,
		    "a second variant of that name");
	if (scn->points->len == SCN_MAX_VARIANTS) {
		scn_mistake(job->ld->mistakes, &at, "too many variants; "
		    "permitted: at most %d", SCN_MAX_VARIANTS);
		return;
	}
	pt = scn_point_copy(job->base, scn_keep(scn, heading->name));
	g_ptr_array_add(scn->points, pt);
	for (size_t i = 0; i < group->n_entries; i++) {
		const struct scn_entry *entry =
		    scn_group_entry(job->text, group, i);

		at = entry_spot(job, group, entry);
		scn_assignment(job->ld, pt, entry->key, entry->value, &at,
		    owner);
	}
}

static void
load_variants(struct job *job)
{
	for (size_t i = 0; i < job->text->groups->len; i++) {
		const struct scn_group *group = scn_text_group(job->text, i);
		struct heading heading = heading_of(group);

		if (is_kind(&heading, "variant"))
			load_variant(job, group, &heading);
		heading_clear(&heading);
	}
	if (job->ld->scn->points->len == 0)
		g_ptr_array_add(job->ld->scn->points,
		    scn_point_copy(job->base, "base"));
}

static void
load_steps(struct job *job, const char *const *overrides)
{
	struct scn_spot whole = { .place.file = job->ld->file };
	GPtrArray *points = job->ld->scn->points;

	load_profile(job, "board", overrides);
	load_profile(job, "kernel", overrides);
	if (scn_far_is_meant(job->text, overrides)) {
		load_profile(job, "peer-board", overrides);
		load_profile(job, "peer-kernel", overrides);
	}
	for (size_t i = 0; i < job->text->groups->len; i++)
		load_group(job, scn_text_group(job->text, i));
	if (!job->has_process_group)
		scn_mistake(job->ld->mistakes, &whole,
		    "no [process NAME] group; at least one is needed");
	job->ld->n_base_groups = job->ld->n_groups;
	load_variants(job);
	scn_expects_load(job->ld, job->text);
	scn_overrides_apply(job->ld, overrides);
	scn_sweep_load(job->ld, job->text, overrides);
	for (size_t i = 0; i < points->len; i++)
		scn_rules_check(job->ld, g_ptr_array_index(points, i));
	scn_taken_check(job->ld);
	scn_far_check(job->ld, job->text, overrides);
	scn_sweep_check(job->ld);
}

static void
load_text(struct scn_loader *ld, const struct scn_text *text,
    const char *const *overrides)
{
	struct job job = {
		.ld = ld,
		.text = text,
		.base = scn_point_new("base", ld->folder),
		.group_lines = g_array_new(FALSE, TRUE, sizeof(unsigned)),
	};

	g_array_set_size(job.group_lines,
	    g_strv_length((char **)(guintptr)scn_group_names));
	load_steps(&job, overrides);
	g_array_unref(job.group_lines);
	scn_point_free(job.base);
}

/* finish: the scenario if it has no mistakes, else NULL and errors */
static struct scenario *
finish(struct scn_loader *ld, GPtrArray *errors)
{
	struct scenario *scn = ld->scn;

	g_clear_pointer(&ld->platform, scn_platform_free);
	if (scn_mistakes_count(ld->mistakes) > 0) {
		scn_mistakes_take(ld->mistakes, errors);
		g_clear_pointer(&scn, scn_free);
	}
	scn_mistakes_free(ld->mistakes);
	return scn;
}

static struct scn_loader
loader_for(const char *path)
{
	struct scenario *scn = scn_new(path);
	const char *file = strcmp(path, "-") == 0 ? "(stdin)" : path;
	g_autofree char *folder = g_path_get_dirname(file);

	return (struct scn_loader){
		.scn = scn,
		.mistakes = scn_mistakes_new(),
		.file = scn_keep(scn, file),
		.folder = scn_keep(scn, folder),
	};
}

static void
load_bytes(struct scn_loader *ld, const char *bytes, size_t len,
    const char *const *overrides)
{
	struct scn_text *text = scn_text_new(ld->file, bytes, len,
	    ld->mistakes);

	/* without bytes nothing more is to be said than that */
	if (text->bytes != NULL)
		load_text(ld, text, overrides);
	scn_text_free(text);
}

struct scenario *
scn_load_data(const char *file, const char *bytes, size_t len,
    const char *const *overrides, GPtrArray *errors)
{
	struct scn_loader ld = loader_for(file);

	load_bytes(&ld, bytes, len, overrides);
	return finish(&ld, errors);
}

struct scenario *
scn_load(const char *path, const char *const *overrides, GPtrArray *errors)
{
	struct scn_loader ld = loader_for(path);
	struct scn_spot whole = { .place.file = ld.file };
	g_autofree char *bytes = NULL;
	size_t len = 0;

	bytes = scn_read(path, &len, &whole, ld.mistakes);
	if (bytes != NULL)
		load_bytes(&ld, bytes, len, overrides);
	return finish(&ld, errors);
}
