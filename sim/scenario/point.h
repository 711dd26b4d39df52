/*
 * The insides of a loaded scenario: points, named groups, slots.
 *
 * Stands for: what scenario.h hides.  Only the loader's own files and the dump
 *	include this.
 * Owns: the scenario owns points and, in one string store, every text that a
 *	slot, a place or a name points to.
 */
#ifndef SIM_SCENARIO_POINT_H
#define SIM_SCENARIO_POINT_H

#include <stdbool.h>

#include "sim/scenario/mistake.h"
#include "sim/scenario/schema.h"

enum {
	/* far more than a person writes, and little memory */
	SCN_MAX_VARIANTS = 100,
	SCN_NAME_BYTES = 63		/* of a process, file or variant */
};

/* The value of one key, and how it came there. */
struct scn_slot {
	int64_t value;
	const char *text;	/* of keys that are text */
	const char *contents;	/* of a path's file (contents.h), or NULL */
	const char *origin;	/* or NULL */
	const char *cited;	/* of a kernel cost: its cited one, or NULL */
	struct scn_place place;	/* file NULL: the default */
	unsigned owner;		/* number of the group that set it; 0: none */
	unsigned origin_owner;	/* number of the group that gave the origin */
	unsigned cited_owner;	/* and of the one that gave the cited cost */
	bool is_bad;		/* was a mistake; rules leave it alone */
};

/* A [file NAME] or [process NAME]. */
struct scn_named {
	const char *name;
	enum scn_kind kind;
	struct scn_place place;
	struct scn_slot slots[];	/* n_keys of its kind */
};

struct scn_point {
	const char *name;
	struct scn_slot slots[SCN_N_PLAIN];
	struct scn_slot far_slots[SCN_N_MACHINE];	/* of a far host */
	/* struct scn_named of n_keys slots each */
	GArray *named[SCN_N_KINDS];
	const char *folder;	/* where the scenario lies: paths begin there */
};

struct scenario {
	const char *name;
	GPtrArray *points;	/* struct scn_point * */
	GArray *expects;	/* struct scn_expect (expect.h) */
	const char *changed_by;	/* an override, or NULL */
	GPtrArray *axes;	/* struct scn_axis * (sweep.h) */
	GArray *swept;		/* size_t: the points that are swept */
	int64_t n_replications;
	GStringChunk *strings;
};

/* scn_new: a scenario without points; name is its file's name */
struct scenario *scn_new(const char *path);

/* scn_keep: a copy of text that lives as long as the scenario */
const char *scn_keep(struct scenario *scn, const char *text);

/*
 * scn_point_new: every key at its default; those of profiles are unset.
 *
 * => folder: of the scenario
 */
struct scn_point *scn_point_new(const char *name, const char *folder);
struct scn_point *scn_point_copy(const struct scn_point *pt, const char *name);
void scn_point_free(struct scn_point *pt);

/* scn_path_from: a path that begins in a folder, as it is opened; g_free it */
char *scn_path_from(const char *folder, const char *path);

/*
 * scn_point_add: a file or process with all keys at their defaults.
 *
 * => where the others of its kind lie may have changed
 */
struct scn_named *scn_point_add(struct scn_point *pt, enum scn_kind kind,
    const char *name);

/* scn_point_named: the i-th of its kind */
struct scn_named *scn_point_named(const struct scn_point *pt,
    enum scn_kind kind, size_t i);

/* scn_point_find: the one of that name, or NULL */
struct scn_named *scn_point_find(const struct scn_point *pt,
    enum scn_kind kind, const char *name);

/*
 * scn_point_slot: where a key's value is kept.
 *
 * => named is NULL for the keys of groups that stand once, and only then
 */
struct scn_slot *scn_point_slot(struct scn_point *pt,
    struct scn_named *named, enum scn_key key);

/* One of the two machines of a point. */
struct scn_machine {
	struct scn_point *pt;
	bool is_far;
};

/* scn_machine_slot: where a machine's value is kept. => key is of a machine */
struct scn_slot *scn_machine_slot(struct scn_machine machine,
    enum scn_key key);

#endif
