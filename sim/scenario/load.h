/*
 * The loader's steps, shared by its files.
 *
 *	load.c		the order of the steps; groups, processes, variants
 *	profile.c	board and kernel profiles
 *	override.c	-s group.key=value
 *	expect.c	what results are to be
 *	value.c		one key: text to slot
 *	drops.c		the value of a list of frames
 *	files.c		the value of a list of files
 *	rules.c		what must hold between keys
 *	rules_program.c	what programs, clients and files need
 *	rules_network.c	a star, or the hosts of a platform
 *	platform.c	the platform, before SimGrid reads it
 *	taken.c		keys that no program takes, a network of nobody
 *	far.c		what may be said of which far end
 *	axis.c		one axis of [sweep]: its keys and values
 *	sweep_load.c	the axes together, and the rules of their points
 *
 * Owns: a loader lives for one call of scn_load_data(); a second one may run
 *	beside it.
 */
#ifndef SIM_SCENARIO_LOAD_H
#define SIM_SCENARIO_LOAD_H

#include "sim/scenario/parse.h"
#include "sim/scenario/platform.h"
#include "sim/scenario/point.h"

struct scn_loader {
	struct scenario *scn;
	struct scn_mistakes *mistakes;
	const char *file;	/* of the scenario */
	const char *folder;	/* of that: where paths that it names begin */
	unsigned n_groups;	/* given out as slot owners */
	unsigned n_base_groups;	/* of them before variants and overrides */
	struct scn_platform *platform;	/* the last one; NULL: bad */
	const char *platform_path;	/* its path, or NULL: none was */
};

/*
 * scn_load_data: the inner part of scn_load(): a scenario from memory.
 *
 * => file is the name in messages; relative profile paths start beside it
 * => bytes are read only; overrides and errors as in scn_load()
 */
struct scenario *scn_load_data(const char *file, const char *bytes,
    size_t len, const char *const *overrides, GPtrArray *errors);

/*
 * scn_check_profile: all mistakes of a profile file, as scn_load() would tell
 * them of a scenario that names it.
 *
 * => kind is "boards" or "kernels"; returns whether there are none
 */
bool scn_check_profile(const char *path, const char *kind, GPtrArray *errors);

/*
 * scn_read: the whole of a file, or of standard input for "-".
 *
 * => opened for reading only; stops just above SCN_FILE_BYTES
 * => NULL: it cannot be read, and at says so in m
 */
char *scn_read(const char *path, size_t *len, const struct scn_spot *at,
    struct scn_mistakes *m);

/*
 * scn_value_set: check a text and put its value into a slot.
 *
 * => owner numbers the group that sets it; setting a slot twice with one owner
 *    is a mistake; the origin of an older value is dropped
 */
void scn_value_set(struct scn_loader *ld, struct scn_slot *slot,
    enum scn_key key, const char *text, const struct scn_spot *at,
    unsigned owner);

/* scn_value_set_origin: the same for KEY.origin; its value must come first */
void scn_value_set_origin(struct scn_loader *ld, struct scn_slot *slot,
    const char *text, const struct scn_spot *at, unsigned owner);

/*
 * scn_value_set_cited: the same for KEY.cited, which needs no value beside it.
 *
 * => a key that is no kernel cost is a mistake
 */
void scn_value_set_cited(struct scn_loader *ld, struct scn_slot *slot,
    enum scn_key key, const char *text, const struct scn_spot *at,
    unsigned owner);

/*
 * scn_unknown_key: say that a group has no such key, and which it may mean.
 *
 * => group is the schema's word: "process", not "process ttcp"
 */
void scn_unknown_key(struct scn_loader *ld, const struct scn_spot *at,
    const char *group, const char *key);

/*
 * scn_machine_group: the entries of a group of a machine, [board] or
 * [peer-kernel], in a scenario or in a profile file; the key "profile" is left
 * out.
 *
 * => is_profile: each value needs an origin
 */
void scn_machine_group(struct scn_loader *ld, const struct scn_text *text,
    const struct scn_group *group, const char *file, bool is_profile,
    struct scn_machine machine);

/* scn_group_profile: the last "profile" entry of a group, or NULL */
const struct scn_entry *scn_group_profile(const struct scn_text *text,
    const struct scn_group *group);

/*
 * scn_profile_load: set all keys of [board] or [kernel] from a profile.
 *
 * => kind "boards" or "kernels"; name as written; at: who names it
 */
void scn_profile_load(struct scn_loader *ld, const char *kind,
    const char *name, const struct scn_spot *at, struct scn_machine machine);

/* scn_kind_group: "board" of "boards" */
const char *scn_kind_group(const char *kind);

/* scn_override_profile: the profile that overrides choose, or NULL; g_free */
char *scn_override_profile(const char *const *overrides,
    const char *group);

/* scn_override_name: what stands before the "=", without blanks; g_free it */
char *scn_override_name(const char *override);

/*
 * scn_override_axis: the axis that an override sets, "sweep.NAME=VALUES", or
 * NULL; g_free it
 */
char *scn_override_axis(const char *override);

/* scn_override_label: what stands for the file in messages about it */
const char *scn_override_label(struct scn_loader *ld, const char *override);

/* scn_overrides_apply: set the keys of the overrides in every point */
void scn_overrides_apply(struct scn_loader *ld, const char *const *overrides);

/*
 * scn_assignment: set a slot by its full name, as variants and overrides do.
 *
 * => name is "kernel.hz", "peer-kernel.hz", "process.ttcp.align" or
 *    "file.index.size"
 */
void scn_assignment(struct scn_loader *ld, struct scn_point *pt,
    const char *name, const char *value, const struct scn_spot *at,
    unsigned owner);

/* Where a full name leads. */
struct scn_target {
	enum scn_key key;
	bool is_far;		/* of [peer-board] or [peer-kernel] */
	size_t index;		/* of a key in [file NAME] or [process NAME]:
				 * which one */
};

/*
 * scn_target_find: what "kernel.hz" or "process.ttcp.align" names.
 *
 * => pt has all its files and processes; other points of the scenario have
 *    the same
 * => false: what is wrong has been told; profiles are none
 */
bool scn_target_find(struct scn_loader *ld, struct scn_point *pt,
    const char *name, const struct scn_spot *at, struct scn_target *target);

/* scn_target_slot: where its value is kept in a point */
struct scn_slot *scn_target_slot(struct scn_point *pt,
    const struct scn_target *target);

/* scn_rules_check: the rules between keys, for one complete point */
void scn_rules_check(struct scn_loader *ld, struct scn_point *pt);

/*
 * scn_taken_check: keys of programs that do not run, and a network without
 * clients.
 *
 * => a value that all variants share need be taken in one of them only
 */
void scn_taken_check(struct scn_loader *ld);

/* scn_far_is_meant: does anything say that the far end could be a host? */
bool scn_far_is_meant(const struct scn_text *text,
    const char *const *overrides);

/*
 * scn_far_check: what is said of a far end that no point has.
 *
 * => a value that all variants share need be in force in one of them only
 */
void scn_far_check(struct scn_loader *ld, const struct scn_text *text,
    const char *const *overrides);

#endif
