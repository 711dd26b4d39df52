/*
 * An effective scenario as a list: full key, value, origin.
 *
 * Stands for: the text that scn_dump() makes, and a store keeps, for who shows
 *	it.  Values stay texts, in the units that they were written with.
 * Leaves out: any judgement; a key that this version of the program does not
 *	know is shown as well as the others.
 * Owns: its texts.
 */
#ifndef SIM_REPORT_SETTINGS_H
#define SIM_REPORT_SETTINGS_H

#include <glib.h>

struct setting {
	char *key;	/* "board.cpu.clock", "process.ttcp.write_size" */
	char *value;
	char *origin;	/* or NULL */
	char *cited;	/* or NULL */
};

struct settings {
	GPtrArray *list;	/* struct setting *, as in the file */
	GHashTable *by_key;	/* borrows from the list */
};

struct settings *settings_new(const char *text);
void settings_free(struct settings *settings);

/* settings_find: the one of that full key, or NULL */
const struct setting *settings_find(const struct settings *settings,
    const char *key);

#endif
