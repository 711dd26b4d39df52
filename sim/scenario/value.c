/*
 * One key's value: from the user's text to a slot, or to a message that says
 * what is wrong and what is permitted.
 */
#include <string.h>

#include "sim/scenario/cited.h"
#include "sim/scenario/contents.h"
#include "sim/scenario/drops.h"
#include "sim/scenario/files.h"
#include "sim/scenario/load.h"
#include "sim/scenario/suggest.h"

/* bad: what is wrong with the text, and what is permitted */
static void
bad(struct scn_loader *ld, const struct scn_spot *at, const char *text,
    const char *what, const char *permitted)
{
	g_autofree char *quoted = scn_quote(text);

	scn_mistake(ld->mistakes, at, "%s %s; permitted: %s", quoted, what,
	    permitted);
}

static bool
parse_text(struct scn_loader *ld, struct scn_slot *slot, enum scn_key key,
    const char *text, const struct scn_spot *at)
{
	g_autofree char *permitted = scn_schema_range(key);

	if (*text == '\0') {
		bad(ld, at, text, "is empty", permitted);
		return false;
	}
	if (strlen(text) > SCN_TEXT_BYTES) {
		bad(ld, at, text, "is too long", permitted);
		return false;
	}
	for (const char *p = text; *p != '\0'; p++)
		if (g_ascii_iscntrl(*p)) {
			bad(ld, at, text, "has control characters", permitted);
			return false;
		}
	slot->text = scn_keep(ld->scn, text);
	return true;
}

static bool
parse_word(struct scn_loader *ld, struct scn_slot *slot, enum scn_key key,
    const char *text, const struct scn_spot *at)
{
	const char *const *words = scn_row(key)->words;
	g_autofree char *permitted = NULL, *hint = NULL, *tail = NULL;

	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], text) == 0) {
			slot->value = i;
			return true;
		}
	permitted = scn_schema_range(key);
	hint = scn_did_you_mean(scn_suggest(text, words));
	tail = g_strconcat(permitted, hint, NULL);
	bad(ld, at, text, *text == '\0' ? "is empty" : "is not known", tail);
	return false;
}

static const char *
say_inexact(enum scn_unit unit)
{
	if (unit == SCN_UNIT_RATIO)
		return "has more than three decimals";
	if (unit == SCN_UNIT_PROBABILITY)
		return "is finer than 10^-9";
	return "is no whole number of the smallest unit";
}

/* say_quantity: the message for each way a quantity can be wrong */
static void
say_quantity(struct scn_loader *ld, enum scn_quantity why, enum scn_key key,
    const char *text, const struct scn_spot *at)
{
	const struct scn_key_info *info = scn_row(key);
	const char *names = scn_unit_names(info->unit);
	g_autofree char *range = scn_schema_range(key);

	switch (why) {
	case SCN_QUANTITY_EMPTY:
		bad(ld, at, text, "is empty", range);
		break;
	case SCN_QUANTITY_NO_NUMBER:
		bad(ld, at, text, "is no number of the form 12 or 1.5", range);
		break;
	case SCN_QUANTITY_NO_UNIT:
		bad(ld, at, text, "has no unit", names);
		break;
	case SCN_QUANTITY_BAD_UNIT:
		bad(ld, at, text, strchr(text, '#') != NULL ?
		    "has a wrong unit (a comment needs a line of its own)" :
		    "has a wrong unit", names);
		break;
	case SCN_QUANTITY_AMBIGUOUS:
		bad(ld, at, text, "could mean powers of 1024 or of 1000",
		    "MiB (2^20 B) or, for 10^6 B, 1000 kB");
		break;
	case SCN_QUANTITY_INEXACT:
		bad(ld, at, text, say_inexact(info->unit), names);
		break;
	case SCN_QUANTITY_OK:		/* it parsed, but is out of range */
	case SCN_QUANTITY_NEGATIVE:
	case SCN_QUANTITY_TOO_LARGE:
		bad(ld, at, text, "is out of range", range);
		break;
	}
}

static bool
parse_quantity(struct scn_loader *ld, struct scn_slot *slot, enum scn_key key,
    const char *text, const struct scn_spot *at)
{
	const struct scn_key_info *info = scn_row(key);
	enum scn_quantity why;
	int64_t value = 0;

	if (info->special != NULL && strcmp(text, info->special) == 0) {
		slot->value = info->special_value;
		return true;
	}
	why = scn_quantity_parse(text, info->unit, &value);
	if (why != SCN_QUANTITY_OK || value < info->min || value > info->max) {
		say_quantity(ld, why, key, text, at);
		return false;
	}
	slot->value = value;
	return true;
}

static bool
parse_drops(struct scn_loader *ld, struct scn_slot *slot, const char *text,
    const struct scn_spot *at)
{
	g_autoptr(GPtrArray) wrong = g_ptr_array_new_with_free_func(g_free);
	struct path_drops_config drops;

	if (!scn_drops_parse(text, &drops, wrong)) {
		for (size_t i = 0; i < wrong->len; i++)
			scn_mistake(ld->mistakes, at, "%s",
			    (const char *)g_ptr_array_index(wrong, i));
		return false;
	}
	slot->text = scn_keep(ld->scn, text);
	return true;
}

static bool
parse_files(struct scn_loader *ld, struct scn_slot *slot, const char *text,
    const struct scn_spot *at)
{
	g_autofree char *wrong = NULL;
	g_autoptr(GArray) files = NULL;

	if (strcmp(text, SCN_FILES_NONE) == 0) {
		slot->text = "";
		return true;
	}
	files = scn_files_parse(text, &wrong);
	if (files == NULL) {
		bad(ld, at, text, wrong, SCN_FILES_PERMITTED);
		return false;
	}
	slot->text = scn_keep(ld->scn, text);
	return true;
}

/* A file that cannot be read is a mistake of the rules, and told there. */
static bool
parse_path(struct scn_loader *ld, struct scn_slot *slot, enum scn_key key,
    const char *text, const struct scn_spot *at)
{
	const char *special = scn_row(key)->special;
	g_autofree char *path = scn_path_from(ld->folder, text);
	g_autofree char *contents = g_strcmp0(text, special) == 0 ? NULL :
	    scn_contents(path);

	slot->contents = contents == NULL ? NULL :
	    scn_keep(ld->scn, contents);
	return parse_text(ld, slot, key, text, at);
}

static bool
parse_value(struct scn_loader *ld, struct scn_slot *slot, enum scn_key key,
    const char *text, const struct scn_spot *at)
{
	switch (scn_row(key)->type) {
	case SCN_TYPE_TEXT:
		return parse_text(ld, slot, key, text, at);
	case SCN_TYPE_PATH:
		return parse_path(ld, slot, key, text, at);
	case SCN_TYPE_WORD:
		return parse_word(ld, slot, key, text, at);
	case SCN_TYPE_QUANTITY:
		return parse_quantity(ld, slot, key, text, at);
	case SCN_TYPE_DROPS:
		return parse_drops(ld, slot, text, at);
	case SCN_TYPE_FILES:
		return parse_files(ld, slot, text, at);
	}
	g_assert_not_reached();
}

void
scn_value_set(struct scn_loader *ld, struct scn_slot *slot, enum scn_key key,
    const char *text, const struct scn_spot *at, unsigned owner)
{
	if (slot->owner == owner) {
		scn_mistake(ld->mistakes, at,
		    "given twice; the first is in line %u", slot->place.line);
		return;
	}
	slot->owner = owner;
	slot->origin = NULL;
	slot->place = at->place;
	slot->is_bad = !parse_value(ld, slot, key, text, at);
}

static bool
is_origin(const char *text)
{
	static const char *const kinds[] = {
		"datasheet:", "measured:", "fitted:", "assumed:"
	};

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (!g_str_has_prefix(text, kinds[i]))
			continue;
		text += strlen(kinds[i]);
		return text[strspn(text, " \t")] != '\0';
	}
	return false;
}

void
scn_value_set_origin(struct scn_loader *ld, struct scn_slot *slot,
    const char *text, const struct scn_spot *at, unsigned owner)
{
	if (slot->owner != owner) {
		scn_mistake(ld->mistakes, at,
		    "an origin without a value in the same group");
		return;
	}
	if (slot->origin_owner == owner) {
		scn_mistake(ld->mistakes, at, "given twice");
		return;
	}
	slot->origin_owner = owner;
	if (!is_origin(text) || strlen(text) > 2 * SCN_TEXT_BYTES)
		bad(ld, at, text, "is no origin", "datasheet:, measured:, "
		    "fitted: or assumed:, and a text of at most 400 bytes");
	else
		slot->origin = scn_keep(ld->scn, text);
}

void
scn_value_set_cited(struct scn_loader *ld, struct scn_slot *slot,
    enum scn_key key, const char *text, const struct scn_spot *at,
    unsigned owner)
{
	struct scn_cited cited;
	const char *why;

	if (key < SCN_COST_FIRST || key > SCN_COST_LAST) {
		scn_mistake(ld->mistakes, at, "a cited cost of what is none; "
		    "permitted: cost.NAME.cited in [kernel]");
		return;
	}
	if (slot->cited_owner == owner) {
		scn_mistake(ld->mistakes, at, "given twice");
		return;
	}
	slot->cited_owner = owner;
	why = scn_cited_parse(text, (enum kern_op)(key - SCN_COST_FIRST),
	    &cited);
	if (why == NULL && strlen(text) > 2 * SCN_TEXT_BYTES)
		why = "is longer than 400 bytes";
	if (why != NULL)
		scn_mistake(ld->mistakes, at, "%s", why);
	else
		slot->cited = scn_keep(ld->scn, text);
}

/* keys_of: the keys of a group for scn_suggest(); NULL-terminated */
static void
keys_of(const char *group, const char *names[SCN_N_KEYS + 2])
{
	size_t n = 0;

	for (unsigned k = 0; k < SCN_N_KEYS; k++)
		if (scn_key_is_of((enum scn_key)k, group))
			names[n++] = scn_row(k)->name;
	if (scn_group_is_machine(group))
		names[n++] = "profile";
	names[n] = NULL;
}

/* group_that_has: a group with exactly this key, or NULL */
static const char *
group_that_has(const char *key)
{
	for (unsigned k = 0; k < SCN_N_KEYS; k++)
		if (strcmp(scn_row(k)->name, key) == 0)
			return scn_row(k)->group;
	return NULL;
}

void
scn_unknown_key(struct scn_loader *ld, const struct scn_spot *at,
    const char *group, const char *key)
{
	const char *names[SCN_N_KEYS + 2];
	const char *home = group_that_has(key);
	g_autofree char *hint = NULL;

	if (home != NULL) {
		scn_mistake(ld->mistakes, at,
		    "unknown key; it belongs to [%s%s]", home,
		    scn_group_kind(home) != SCN_N_KINDS ? " NAME" : "");
		return;
	}
	keys_of(group, names);
	hint = scn_did_you_mean(scn_suggest(key, names));
	scn_mistake(ld->mistakes, at, "unknown key; \"loansim explain\" lists "
	    "all keys%s", hint);
}
