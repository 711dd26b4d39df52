/*
 * What became of the calls of a recording.
 *
 * Stands for: a count for each name of a call and each fate, and the lines of
 *	those that were not understood.
 * Owns: the names.
 */
#ifndef SIM_TRACE_STORY_TALLY_H
#define SIM_TRACE_STORY_TALLY_H

#include <glib.h>

#include "sim/trace/strace_read.h"

enum story_fate {
	FATE_USED,
	FATE_FAILED,
	FATE_UNRETURNED,
	FATE_WAITS,
	FATE_REPEATED,
	FATE_UNSERVED,
	FATE_FILE_WRITE,
	FATE_LOCAL,
	FATE_INCOMING,
	FATE_NO_TRAFFIC,
	FATE_SHARED,
	FATE_IDLE,
	FATE_OPTION,
	FATE_OTHER_IO,
	FATE_NO_IO,
	FATE_UNKNOWN,		/* not understood */
	N_FATES
};

enum { TALLY_LINES = 10 };

struct story_tally {
	char *name;
	size_t n[N_FATES];
	size_t first[N_FATES];		/* the least line of each */
	size_t lines[TALLY_LINES];	/* the first not understood */
};

struct story_tallies {
	GArray *rows;		/* struct story_tally, as they came */
	GHashTable *by_name;
};

void story_tallies_init(struct story_tallies *tallies);
void story_tallies_fini(struct story_tallies *tallies);

/* story_tallies_row: the index of a call's row, a new one if need be */
guint story_tallies_row(struct story_tallies *tallies, struct st_text name);

void story_tallies_add(struct story_tallies *tallies, guint row,
    enum story_fate fate, size_t line);

/* story_fate_sentence: why such calls are skipped */
const char *story_fate_sentence(enum story_fate fate);

/* story_tallies_sum: of all calls of that fate */
size_t story_tallies_sum(const struct story_tallies *tallies,
    enum story_fate fate);

#endif
