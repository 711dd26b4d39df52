/*
 * One pass over the bytes.  Lines are cut in place, in a copy: an entry costs
 * no allocation of its own, so memory stays a small multiple of the file.
 */
#include "sim/scenario/parse.h"

#include <string.h>

struct scan {
	struct scn_text *text;
	struct scn_mistakes *mistakes;
	struct scn_spot at;	/* the line under the scan */
	bool is_in_group;
	bool is_lost;		/* after a bad header: whose keys are these? */
};

static void
complain(struct scan *scan, const char *what)
{
	scn_mistake(scan->mistakes, &scan->at, "%s", what);
}

static void
complain_about(struct scan *scan, const char *line, const char *what)
{
	g_autofree char *quoted = scn_quote(line);

	scn_mistake(scan->mistakes, &scan->at, "%s %s", quoted, what);
}

/* check_bytes: is the line text at all? */
static bool
check_bytes(struct scan *scan, const char *line, size_t len)
{
	const char *end;

	if (len > SCN_LINE_BYTES) {
		scn_mistake(scan->mistakes, &scan->at, "line of %"
		    G_GSIZE_FORMAT " bytes; permitted: at most %d", len,
		    SCN_LINE_BYTES);
		return false;
	}
	if (memchr(line, '\0', len) != NULL) {
		complain(scan, "NUL byte; permitted: UTF-8 text");
		return false;
	}
	if (!g_utf8_validate(line, (gssize)len, &end)) {
		scn_mistake(scan->mistakes, &scan->at,
		    "not UTF-8: byte 0x%02x in column %d",
		    (unsigned char)*end, (int)(end - line) + 1);
		return false;
	}
	return true;
}

static void
scan_header(struct scan *scan, char *line)
{
	struct scn_group group = {
		.name = line + 1,
		.line = scan->at.place.line,
		.first = scan->text->entries->len,
	};
	char *end = strchr(line, ']');

	scan->is_in_group = true;
	scan->is_lost = end == NULL || end[1] != '\0';
	if (scan->is_lost) {
		complain_about(scan, line,
		    "is no group header; permitted: [NAME] alone on a line");
		return;
	}
	*end = '\0';
	g_strstrip(line + 1);
	g_array_append_val(scan->text->groups, group);
}

static void
scan_entry(struct scan *scan, char *line)
{
	struct scn_entry entry = { .key = line, .line = scan->at.place.line };
	char *equals = strchr(line, '=');
	GArray *groups = scan->text->groups;

	if (equals == NULL || equals == line) {
		complain_about(scan, line, "is neither a [group], a "
		    "\"key = value\" nor a # comment");
		return;
	}
	if (!scan->is_in_group) {
		complain_about(scan, line, "stands before the first [group]");
		return;
	}
	if (scan->is_lost)
		return;
	*equals = '\0';
	g_strchomp(line);
	entry.value = g_strchug(equals + 1);
	g_array_append_val(scan->text->entries, entry);
	g_array_index(groups, struct scn_group, groups->len - 1).n_entries++;
}

static void
scan_line(struct scan *scan, char *line, size_t len)
{
	if (!check_bytes(scan, line, len))
		return;
	line[len] = '\0';
	g_strstrip(line);
	if (*line == '[')
		scan_header(scan, line);
	else if (*line != '#' && *line != '\0')
		scan_entry(scan, line);
}

static void
scan_bytes(struct scan *scan, char *p, char *end)
{
	static const char mark[] = "\xef\xbb\xbf";

	scan->at.place.line = 1;
	if (end - p >= 3 && memcmp(p, mark, 3) == 0) {
		complain(scan, "byte-order mark; permitted: plain UTF-8");
		p += 3;
	}
	for (; p < end; scan->at.place.line++) {
		char *newline = memchr(p, '\n', (size_t)(end - p));
		char *stop = newline != NULL ? newline : end;

		scan_line(scan, p, (size_t)(stop - p));
		p = stop + 1;
	}
}

struct scn_text *
scn_text_new(const char *file, const char *bytes, size_t len,
    struct scn_mistakes *m)
{
	struct scn_text *text = g_new0(struct scn_text, 1);
	struct scan scan = {
		.text = text,
		.mistakes = m,
		.at.place.file = file,
	};

	scn_mistakes_file(m, file);
	text->entries = g_array_new(FALSE, FALSE, sizeof(struct scn_entry));
	text->groups = g_array_new(FALSE, FALSE, sizeof(struct scn_group));
	if (len == 0) {
		complain(&scan, "the file is empty");
		return text;
	}
	if (len > SCN_FILE_BYTES) {
		scn_mistake(m, &scan.at, "more than %d bytes", SCN_FILE_BYTES);
		return text;
	}
	text->bytes = g_malloc(len + 1);
	memcpy(text->bytes, bytes, len);
	scan_bytes(&scan, text->bytes, text->bytes + len);
	return text;
}

void
scn_text_free(struct scn_text *text)
{
	g_array_unref(text->entries);
	g_array_unref(text->groups);
	g_free(text->bytes);
	g_free(text);
}

const struct scn_group *
scn_text_group(const struct scn_text *text, size_t i)
{
	g_assert(i < text->groups->len);
	return &g_array_index(text->groups, struct scn_group, i);
}

const struct scn_entry *
scn_group_entry(const struct scn_text *text, const struct scn_group *group,
    size_t i)
{
	g_assert(i < group->n_entries);
	return &g_array_index(text->entries, struct scn_entry,
	    group->first + i);
}
