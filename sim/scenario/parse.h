/*
 * The scan of a scenario or profile file into groups and entries.
 *
 * Stands for: the syntax of GLib's key files, read line by line.  GKeyFile
 *	itself knows no line numbers, stops at the first error and lets the
 *	last of two equal keys win; the tests hold this scan against it.
 * Leaves out: escapes (a backslash is a backslash) and translated keys.
 * Owns: the text owns a copy of the bytes; groups and entries point into it.
 */
#ifndef SIM_SCENARIO_PARSE_H
#define SIM_SCENARIO_PARSE_H

#include <glib.h>

#include "sim/scenario/mistake.h"

enum {
	SCN_LINE_BYTES = 4096,			/* longest line */
	SCN_FILE_BYTES = 4 * 1024 * 1024	/* largest file */
};

struct scn_entry {
	const char *key;
	const char *value;
	unsigned line;
};

struct scn_group {
	const char *name;	/* all between the brackets: "process ttcp" */
	unsigned line;
	size_t first;		/* its entries: n_entries from here on */
	size_t n_entries;
};

struct scn_text {
	char *bytes;
	GArray *entries;	/* struct scn_entry */
	GArray *groups;		/* struct scn_group */
};

/*
 * scn_text_new: scan a whole file.
 *
 * => file: its name, which lives as long as m
 * => whatever is no group, entry, comment or blank line is a mistake in m;
 *    the rest is there all the same
 */
struct scn_text *scn_text_new(const char *file, const char *bytes, size_t len,
    struct scn_mistakes *m);
void scn_text_free(struct scn_text *text);

const struct scn_group *scn_text_group(const struct scn_text *text, size_t i);
const struct scn_entry *scn_group_entry(const struct scn_text *text,
    const struct scn_group *group, size_t i);

#endif
