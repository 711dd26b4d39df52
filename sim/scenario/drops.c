/*
 * The list parser: strict, and with a message of its own for every entry.
 */
#include "sim/scenario/drops.h"

#include <string.h>

#include "sim/scenario/mistake.h"
#include "sim/scenario/suggest.h"

static const char *const kind_names[PATH_N_DROP_KINDS + 1] = {
	[PATH_DROP_DATA] = "data", [PATH_DROP_ACK] = "ack",
	[PATH_DROP_SYN] = "syn", [PATH_DROP_FIN] = "fin",
	[PATH_N_DROP_KINDS] = NULL
};

/* complain: an entry, what is wrong with it, what is permitted, a hint */
static void
complain(GPtrArray *wrong, const char *entry, const char *what,
    const char *permitted, const char *hint)
{
	g_autofree char *quoted = scn_quote(entry);
	char *line = g_strdup_printf("%s %s; permitted: %s%s", quoted, what,
	    permitted, hint);

	if (wrong != NULL)
		g_ptr_array_add(wrong, line);
	else
		g_free(line);
}

/* take_number: digits at *p, at most 10^9; *p moves behind them */
static bool
take_number(const char **p, uint32_t *number)
{
	const char *start = *p;
	uint64_t value = 0;

	for (; g_ascii_isdigit(**p); (*p)++)
		if (value <= PATH_MAX_DROP_NUMBER)
			value = value * 10 + (uint64_t)(**p - '0');
	*number = (uint32_t)MIN(value, PATH_MAX_DROP_NUMBER + 1);
	return *p != start;
}

/* take_kind: the word at *p, and the blanks behind it */
static bool
take_kind(const char **p, enum path_drop_kind *kind)
{
	size_t length = strcspn(*p, " \t");

	for (unsigned k = 0; k < PATH_N_DROP_KINDS; k++) {
		if (strlen(kind_names[k]) != length ||
		    strncmp(*p, kind_names[k], length) != 0)
			continue;
		*kind = (enum path_drop_kind)k;
		*p += length;
		*p += strspn(*p, " \t");
		return true;
	}
	return false;
}

/* take_frames: "20", "20-25", "20+1", "20-25+1", and nothing behind it */
static bool
take_frames(const char *p, struct path_drop *drop)
{
	if (!take_number(&p, &drop->first))
		return false;
	drop->last = drop->first;
	if (*p == '-') {
		p++;
		if (!take_number(&p, &drop->last))
			return false;
	}
	if (*p == '+') {
		p++;
		/* 0 would be the original, which has a shorter name */
		if (!take_number(&p, &drop->repeat) || drop->repeat == 0)
			return false;
	}
	return *p == '\0';
}

static bool
check_range(const char *entry, const struct path_drop *drop, GPtrArray *wrong)
{
	if (drop->first < 1 || drop->last > PATH_MAX_DROP_NUMBER) {
		complain(wrong, entry, "is out of range",
		    "1 .. 1000000000", "");
		return false;
	}
	if (drop->first > drop->last) {
		complain(wrong, entry, "ends before it begins",
		    "a range N-M with M from N on", "");
		return false;
	}
	return true;
}

static bool
check_repeat(const char *entry, const struct path_drop *drop, GPtrArray *wrong)
{
	if (drop->repeat == 0)
		return true;
	if (drop->kind != PATH_DROP_DATA) {
		complain(wrong, entry, "counts retransmissions of what is no "
		    "data", "the number it has among all of its kind", "");
		return false;
	}
	if (drop->repeat > PATH_MAX_REPEAT) {
		complain(wrong, entry, "is out of range",
		    "retransmissions +1 .. +100", "");
		return false;
	}
	if (drop->last - drop->first >= PATH_MAX_REPEAT_RANGE) {
		complain(wrong, entry, "is out of range",
		    "retransmissions of at most 1000 segments", "");
		return false;
	}
	return true;
}

/* is_listed: does the list have a frame of this entry already? */
static bool
is_listed(const struct path_drops_config *config, const struct path_drop *drop)
{
	for (uint32_t i = 0; i < config->n; i++) {
		const struct path_drop *d = &config->list[i];

		if (d->kind == drop->kind && d->repeat == drop->repeat &&
		    d->first <= drop->last && drop->first <= d->last)
			return true;
	}
	return false;
}

static bool
check_room(const char *entry, const struct path_drop *drop,
    const struct path_drops_config *config, GPtrArray *wrong)
{
	if (is_listed(config, drop)) {
		complain(wrong, entry, "is listed already",
		    "each frame once", "");
		return false;
	}
	if (config->n == PATH_MAX_DROPS) {
		complain(wrong, entry, "is one too many",
		    "at most 40 entries", "");
		return false;
	}
	return true;
}

/* parse_entry: add one entry to the list, or say what is wrong with it */
static bool
parse_entry(const char *entry, struct path_drops_config *config,
    GPtrArray *wrong)
{
	struct path_drop drop = { .repeat = 0 };
	const char *p = entry;

	if (!take_kind(&p, &drop.kind)) {
		g_autofree char *word = g_strndup(entry,
		    strcspn(entry, " \t0123456789"));
		g_autofree char *hint =
		    scn_did_you_mean(scn_suggest(word, kind_names));

		complain(wrong, entry, *entry == '\0' ? "is empty" :
		    "is no kind of frame", SCN_DROPS_PERMITTED, hint);
		return false;
	}
	if (!take_frames(p, &drop)) {
		complain(wrong, entry, "names no frame", SCN_DROPS_PERMITTED,
		    "");
		return false;
	}
	if (!check_range(entry, &drop, wrong) ||
	    !check_repeat(entry, &drop, wrong) ||
	    !check_room(entry, &drop, config, wrong))
		return false;
	config->list[config->n++] = drop;
	return true;
}

bool
scn_drops_parse(const char *text, struct path_drops_config *config,
    GPtrArray *wrong)
{
	g_auto(GStrv) entries = g_strsplit(text, ",", -1);
	bool is_good = true;

	memset(config, 0, sizeof *config);
	if (strcmp(text, "none") == 0)
		return true;
	/* g_strsplit makes nothing of nothing */
	if (*text == '\0')
		return parse_entry(text, config, wrong);
	for (size_t i = 0; entries[i] != NULL; i++)
		is_good &= parse_entry(g_strstrip(entries[i]), config, wrong);
	return is_good;
}

char *
scn_drop_format(const struct path_drop *drop)
{
	GString *text = g_string_new(NULL);

	g_string_printf(text, "%s %" G_GUINT32_FORMAT, kind_names[drop->kind],
	    drop->first);
	if (drop->last > drop->first)
		g_string_append_printf(text, "-%" G_GUINT32_FORMAT,
		    drop->last);
	if (drop->repeat > 0)
		g_string_append_printf(text, "+%" G_GUINT32_FORMAT,
		    drop->repeat);
	return g_string_free(text, FALSE);
}
