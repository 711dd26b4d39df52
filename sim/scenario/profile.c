/*
 * Profiles of boards and kernels: files of one group whose every value says
 * where it comes from.  One may build on another; its own values win.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/find.h"
#include "sim/scenario/load.h"
#include "sim/scenario/suggest.h"

enum { MAX_DEPTH = 16 };

/* The profiles on the way to the one being loaded, latest first. */
struct chain {
	const char *name;
	const char *path;	/* canonical: two names may mean one file */
	const struct chain *up;
};

struct profile_job {
	struct scn_loader *ld;
	const char *kind;
	struct scn_machine machine;
};

const char *
scn_kind_group(const char *kind)
{
	return strcmp(kind, "boards") == 0 ? "board" : "kernel";
}

const struct scn_entry *
scn_group_profile(const struct scn_text *text, const struct scn_group *group)
{
	for (size_t i = group->n_entries; i > 0; i--) {
		const struct scn_entry *entry =
		    scn_group_entry(text, group, i - 1);

		if (strcmp(entry->key, "profile") == 0)
			return entry;
	}
	return NULL;
}

/* One group on its way into a point. */
struct machine_group {
	const struct scn_text *text;
	const struct scn_group *group;
	const char *file;
	unsigned owner;
};

static struct scn_spot
entry_spot(const struct machine_group *mg, const struct scn_entry *entry)
{
	return (struct scn_spot){
		.place = { mg->file, entry->line },
		.group = mg->group->name,
		.key = entry->key,
	};
}

/* What a key says about another one beside it. */
static const char *const sibling_ends[] = { ".origin", ".cited", NULL };

/* sibling_end: the end of a key that speaks of another, or NULL */
static const char *
sibling_end(const char *key)
{
	const char *const *end = sibling_ends;

	while (*end != NULL && !g_str_has_suffix(key, *end))
		end++;
	return *end;
}

static void
set_values(struct scn_loader *ld, const struct machine_group *mg,
    struct scn_machine machine)
{
	const struct scn_entry *profile =
	    scn_group_profile(mg->text, mg->group);

	for (size_t i = 0; i < mg->group->n_entries; i++) {
		const struct scn_entry *entry =
		    scn_group_entry(mg->text, mg->group, i);
		struct scn_spot at = entry_spot(mg, entry);
		enum scn_key key;

		if (sibling_end(entry->key) != NULL)
			continue;
		if (strcmp(entry->key, "profile") == 0) {
			if (entry != profile)
				scn_mistake(ld->mistakes, &at, "given twice; "
				    "again in line %u", profile->line);
			continue;
		}
		key = scn_schema_find(mg->group->name, entry->key);
		if (key == SCN_N_KEYS)
			scn_unknown_key(ld, &at, mg->group->name, entry->key);
		else
			scn_value_set(ld, scn_machine_slot(machine, key), key,
			    entry->value, &at, mg->owner);
	}
}

/* set_siblings: the keys with this end, when all values are set */
static void
set_siblings(struct scn_loader *ld, const struct machine_group *mg,
    const char *end, struct scn_machine machine)
{
	for (size_t i = 0; i < mg->group->n_entries; i++) {
		const struct scn_entry *entry =
		    scn_group_entry(mg->text, mg->group, i);
		struct scn_spot at = entry_spot(mg, entry);
		g_autofree char *name = NULL;
		enum scn_key key;

		if (sibling_end(entry->key) != end)
			continue;
		name = g_strndup(entry->key,
		    strlen(entry->key) - strlen(end));
		key = scn_schema_find(mg->group->name, name);
		if (key == SCN_N_KEYS)
			scn_unknown_key(ld, &at, mg->group->name, name);
		else if (end == sibling_ends[0])
			scn_value_set_origin(ld,
			    scn_machine_slot(machine, key), entry->value, &at,
			    mg->owner);
		else
			scn_value_set_cited(ld, scn_machine_slot(machine, key),
			    key, entry->value, &at, mg->owner);
	}
}

static void
demand_origins(struct scn_loader *ld, const struct machine_group *mg,
    struct scn_machine machine)
{
	for (int k = SCN_MACHINE_FIRST; k <= SCN_MACHINE_LAST; k++) {
		enum scn_key key = (enum scn_key)k;
		const struct scn_slot *slot = scn_machine_slot(machine, key);
		struct scn_spot at = {
			slot->place, mg->group->name, scn_row(key)->name
		};

		if (slot->owner == mg->owner &&
		    slot->origin_owner != mg->owner)
			scn_mistake(ld->mistakes, &at, "no origin; give "
			    "%s.origin = datasheet:, measured:, fitted: or "
			    "assumed: and a text", scn_row(key)->name);
	}
}

void
scn_machine_group(struct scn_loader *ld, const struct scn_text *text,
    const struct scn_group *group, const char *file, bool is_profile,
    struct scn_machine machine)
{
	struct machine_group mg = { text, group, file, ++ld->n_groups };

	set_values(ld, &mg, machine);
	for (size_t i = 0; sibling_ends[i] != NULL; i++)
		set_siblings(ld, &mg, sibling_ends[i], machine);
	if (is_profile)
		demand_origins(ld, &mg, machine);
}

static bool
is_path(const char *name)
{
	return strchr(name, '/') != NULL || g_str_has_suffix(name, ".board") ||
	    g_str_has_suffix(name, ".kernel");
}

/*
 * profile_path: the file that a name means, or NULL after a message.
 *
 * A path is taken as seen from the file that names it, so that a folder of
 * scenarios can move as a whole; from standard input or an override, as seen
 * from the current folder.
 */
static char *
profile_path(const struct profile_job *job, const char *name,
    const struct scn_spot *at)
{
	g_autofree char *folder = NULL, *hint = NULL, *quoted = NULL;
	g_auto(GStrv) known = NULL;
	char *path;

	if (is_path(name)) {
		if (g_path_is_absolute(name) || at->place.line == 0)
			return g_strdup(name);
		folder = g_path_get_dirname(at->place.file);
		return strcmp(folder, ".") == 0 ? g_strdup(name) :
		    g_build_filename(folder, name, NULL);
	}
	path = scn_find(job->kind, name);
	if (path != NULL)
		return path;
	known = scn_list(job->kind);
	hint = scn_did_you_mean(scn_suggest(name,
	    (const char *const *)known));
	quoted = scn_quote(name);
	scn_mistake(job->ld->mistakes, at, "unknown profile %s; \"loansim "
	    "list\" shows all%s", quoted, hint);
	return NULL;
}

/* says_cycle: is this file on the chain already?  Then the chain is told. */
static bool
says_cycle(struct scn_loader *ld, const struct chain *chain,
    const struct scn_spot *at)
{
	GString *names = g_string_new(NULL);
	const struct chain *c;

	g_string_append(names, chain->name);
	for (c = chain->up; c != NULL; c = c->up) {
		g_string_prepend(names, " -> ");
		g_string_prepend(names, c->name);
		if (strcmp(c->path, chain->path) == 0)
			break;
	}
	if (c != NULL) {
		g_autofree char *printable = scn_escape(names->str);

		scn_mistake(ld->mistakes, at, "the profiles build on each "
		    "other in a circle: %s", printable);
	}
	g_string_free(names, TRUE);
	return c != NULL;
}

/* only_group: the one group of a profile, or NULL after a message */
static const struct scn_group *
only_group(const struct profile_job *job, const struct scn_text *text,
    const char *file)
{
	const char *wanted = scn_kind_group(job->kind);
	const struct scn_group *found = NULL;
	struct scn_spot at = { .place.file = file };

	for (size_t i = 0; i < text->groups->len; i++) {
		const struct scn_group *group = scn_text_group(text, i);

		at.place.line = group->line;
		at.group = group->name;
		if (strcmp(group->name, wanted) != 0)
			scn_mistake(job->ld->mistakes, &at, "does not belong "
			    "into a profile; permitted: [%s]", wanted);
		else if (found != NULL)
			scn_mistake(job->ld->mistakes, &at, "given twice; "
			    "the first is in line %u", found->line);
		else
			found = group;
	}
	if (text->groups->len == 0 && text->bytes != NULL) {
		at.place.line = 0;
		scn_mistake(job->ld->mistakes, &at, "no group [%s]", wanted);
	}
	return found;
}

static bool load_named(const struct profile_job *job, const char *name,
    const struct scn_spot *at, const struct chain *up, unsigned depth);

/* load_text: what the profile builds on, then its own values */
static bool
load_text(const struct profile_job *job, const struct scn_text *text,
    const char *file, const struct chain *chain, unsigned depth)
{
	const struct scn_group *group = only_group(job, text, file);
	const struct scn_entry *base;
	bool is_whole = true;

	if (group == NULL)
		return false;
	base = scn_group_profile(text, group);
	if (base != NULL) {
		struct scn_spot at = {
			{ file, base->line }, group->name, "profile"
		};

		is_whole = load_named(job, base->value, &at, chain, depth + 1);
	}
	scn_machine_group(job->ld, text, group, file, true, job->machine);
	return is_whole;
}

static bool
load_file(const struct profile_job *job, const char *path,
    const struct scn_spot *at, const struct chain *chain, unsigned depth)
{
	const char *file = scn_keep(job->ld->scn, path);
	g_autofree char *bytes = NULL;
	struct scn_text *text;
	bool is_whole;
	size_t len;

	bytes = scn_read(path, &len, at, job->ld->mistakes);
	if (bytes == NULL)
		return false;
	text = scn_text_new(file, bytes, len, job->ld->mistakes);
	is_whole = load_text(job, text, file, chain, depth);
	scn_text_free(text);
	return is_whole;
}

/* load_named: false if the profile, or one it builds on, is not there */
static bool
load_named(const struct profile_job *job, const char *name,
    const struct scn_spot *at, const struct chain *up, unsigned depth)
{
	g_autofree char *path = profile_path(job, name, at);
	g_autofree char *canonical = NULL;
	struct chain chain = { name, NULL, up };

	if (path == NULL)
		return false;
	canonical = realpath(path, NULL);
	chain.path = canonical != NULL ? canonical : path;
	if (says_cycle(job->ld, &chain, at))
		return false;
	if (depth > MAX_DEPTH) {
		scn_mistake(job->ld->mistakes, at, "profiles build on each "
		    "other more than %d deep", MAX_DEPTH);
		return false;
	}
	return load_file(job, path, at, &chain, depth);
}

static void
demand_values(const struct profile_job *job, const char *name,
    const struct scn_spot *at)
{
	const char *group = scn_kind_group(job->kind);
	g_autofree char *quoted = scn_quote(name);

	for (int k = SCN_MACHINE_FIRST; k <= SCN_MACHINE_LAST; k++) {
		enum scn_key key = (enum scn_key)k;
		struct scn_spot missing = {
			at->place, group, scn_row(key)->name
		};

		if (scn_key_is_of(key, group) &&
		    scn_machine_slot(job->machine, key)->owner == 0)
			scn_mistake(job->ld->mistakes, &missing,
			    "profile %s gives no value, nor does one that it "
			    "builds on", quoted);
	}
}

void
scn_profile_load(struct scn_loader *ld, const char *kind, const char *name,
    const struct scn_spot *at, struct scn_machine machine)
{
	struct profile_job job = { ld, kind, machine };

	if (load_named(&job, name, at, NULL, 1))
		demand_values(&job, name, at);
}

bool
scn_check_profile(const char *path, const char *kind, GPtrArray *errors)
{
	struct scenario *scn = scn_new(path);
	struct scn_loader ld = {
		.scn = scn,
		.mistakes = scn_mistakes_new(),
		.file = scn_keep(scn, path),
	};
	struct scn_point *pt = scn_point_new("profile", ".");
	struct scn_spot at = { .place.file = ld.file };
	bool is_clean;

	scn_profile_load(&ld, kind, path, &at,
	    (struct scn_machine){ pt, false });
	is_clean = scn_mistakes_count(ld.mistakes) == 0;
	scn_mistakes_take(ld.mistakes, errors);
	scn_mistakes_free(ld.mistakes);
	scn_point_free(pt);
	scn_free(scn);
	return is_clean;
}
