/*
 * The insides of a loaded scenario: points, processes, slots.
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
	SCN_N_PLAIN = SCN_PROC_PROGRAM,		/* keys outside of processes */
	SCN_N_PER_PROCESS = SCN_N_KEYS - SCN_PROC_PROGRAM,

	/* far more than a person writes, and little memory */
	SCN_MAX_VARIANTS = 100,
	SCN_MAX_PROCESSES = 256,
	SCN_NAME_BYTES = 63		/* of a process or variant */
};

/* The value of one key, and how it came there. */
struct scn_slot {
	int64_t value;
	const char *text;	/* of keys that are text */
	const char *origin;	/* or NULL */
	const char *cited;	/* of a kernel cost: its cited one, or NULL */
	struct scn_place place;	/* file NULL: the default */
	unsigned owner;		/* number of the group that set it; 0: none */
	unsigned origin_owner;	/* number of the group that gave the origin */
	unsigned cited_owner;	/* and of the one that gave the cited cost */
	bool is_bad;		/* was a mistake; rules leave it alone */
};

struct scn_process {
	const char *name;
	struct scn_slot slots[SCN_N_PER_PROCESS];
};

struct scn_point {
	const char *name;
	struct scn_slot slots[SCN_N_PLAIN];
	struct scn_slot far_slots[SCN_N_MACHINE];	/* of a far host */
	GArray *processes;	/* struct scn_process */
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

/* scn_point_new: every key at its default; those of profiles are unset */
struct scn_point *scn_point_new(const char *name);
struct scn_point *scn_point_copy(const struct scn_point *pt, const char *name);
void scn_point_free(struct scn_point *pt);

/* scn_point_add_process: a process with all keys at their defaults */
struct scn_process *scn_point_add_process(struct scn_point *pt,
    const char *name);

/* scn_point_process: the process of that name, or NULL */
struct scn_process *scn_point_process(const struct scn_point *pt,
    const char *name);

/*
 * scn_point_slot: where a key's value is kept.
 *
 * => process is NULL for the keys outside of [process NAME], and only then
 */
struct scn_slot *scn_point_slot(struct scn_point *pt,
    struct scn_process *process, enum scn_key key);

/* One of the two machines of a point. */
struct scn_machine {
	struct scn_point *pt;
	bool is_far;
};

/* scn_machine_slot: where a machine's value is kept. => key is of a machine */
struct scn_slot *scn_machine_slot(struct scn_machine machine,
    enum scn_key key);

#endif
