/*
 * The schema: one row per scenario key, the only place that knows it.
 *
 * Stands for: what may stand in a scenario or profile.  The loader, the dump,
 *	"explain" and the bounds tests are all made from this table.
 * Units: min, max and the default are in base units (scenario.h).
 * Owns: nothing; the table is constant.
 */
#ifndef SIM_SCENARIO_SCHEMA_H
#define SIM_SCENARIO_SCHEMA_H

#include <glib.h>
#include <stdbool.h>

#include "sim/scenario/scenario.h"
#include "sim/scenario/units.h"

enum scn_type {
	SCN_TYPE_TEXT,		/* one line */
	SCN_TYPE_WORD,		/* one of a list; the value is its index */
	SCN_TYPE_QUANTITY,
	SCN_TYPE_DROPS,		/* a list of frames (drops.h), kept as text */
	SCN_TYPE_FILES,		/* a list of files (files.h), kept as text */
	SCN_TYPE_PATH		/* of a file, or the special word; a text */
};

struct scn_key_info {
	const char *group;	/* "board", for "peer-board" as well; "process"
				 * for [process NAME], "file" for [file NAME] */
	const char *name;	/* "cpu.clock": the key inside its group */
	enum scn_type type;
	enum scn_unit unit;	/* of a quantity */
	int64_t min, max;
	int64_t def;		/* not used where needs_origin */
	const char *const *words;	/* of SCN_TYPE_WORD; NULL ends it */
	const char *special;	/* a word instead of a quantity, or NULL; the
				 * default of a list */
	int64_t special_value;
	bool needs_origin;	/* belongs to a board or kernel profile, which
				 * also holds its default */
	bool is_required;	/* there is no default */
	uint32_t programs;	/* of a process: 1 << SCN_PROGRAM_X for each
				 * that takes it, others refuse it; 0: it may
				 * be said of any */
	const char *sentence;	/* what it is, for explain */
	const char *netbsd;	/* NetBSD's name for it, or NULL */
};

/* scn_row: the row of a key. => key is below SCN_N_KEYS */
const struct scn_key_info *scn_row(enum scn_key key);

/* The groups in the order of a file; NULL ends the list. */
extern const char *const scn_group_names[];

/* scn_group_has_keys: false for "variant" and "expect" */
bool scn_group_has_keys(const char *group);

/* Groups that may stand several times, each with a name of its own. */
enum scn_kind { SCN_FILES, SCN_PROCESSES, SCN_N_KINDS };

enum {
	SCN_N_PLAIN = SCN_FILE_SIZE,	/* keys of groups that stand once */
	SCN_N_PER_FILE = SCN_PROC_PROGRAM - SCN_FILE_SIZE,
	SCN_N_PER_PROCESS = SCN_N_KEYS - SCN_PROC_PROGRAM
};

struct scn_kind_info {
	const char *group;	/* "process" */
	const char *many;	/* "processes" */
	enum scn_key first;
	unsigned n_keys;
	size_t max;		/* groups of it in a scenario */
};

extern const struct scn_kind_info scn_kinds[SCN_N_KINDS];

/* scn_group_kind, scn_key_kind: SCN_N_KINDS for what stands once */
enum scn_kind scn_group_kind(const char *group);
enum scn_kind scn_key_kind(enum scn_key key);

/* The keys of a machine: rows of [board] and [kernel]. */
enum {
	SCN_MACHINE_FIRST = SCN_CPU_CLOCK,
	SCN_MACHINE_LAST = SCN_COST_LAST,
	SCN_N_MACHINE = SCN_MACHINE_LAST - SCN_MACHINE_FIRST + 1
};

/*
 * The far host has no rows of its own: [peer-board] and [peer-kernel] take
 * those of [board] and [kernel].
 *
 * scn_group_is_far: one of those two groups
 * scn_group_is_machine: one of those four groups
 * scn_group_rows: the group in the table whose rows a group takes: "board"
 *	for "peer-board", else itself
 * scn_key_is_of: does a group take that key?
 */
bool scn_group_is_far(const char *group);
bool scn_group_is_machine(const char *group);
const char *scn_group_rows(const char *group);
bool scn_key_is_of(enum scn_key key, const char *group);

/* scn_key_is_machine: the key is one of a machine */
bool scn_key_is_machine(enum scn_key key);

/* Where the defaults of [board] and [kernel] come from. */
#define SCN_DEFAULT_BOARD	"thorpe-2002"
#define SCN_DEFAULT_KERNEL	"netbsd-2002-05"

enum { SCN_TEXT_BYTES = 200 };	/* longest text, origin or title */

/* scn_schema_find: the key of that name in that group, or SCN_N_KEYS */
enum scn_key scn_schema_find(const char *group, const char *name);

/*
 * scn_schema_find_full: the key of "kernel.cost.syscall", "peer-kernel.hz",
 * "process.write_size" or, with any name, "process.ttcp.write_size"; or
 * SCN_N_KEYS
 */
enum scn_key scn_schema_find_full(const char *full_name);

/* scn_schema_full_name: "board.cpu.clock", "process.NAME.align"; g_free it */
char *scn_schema_full_name(enum scn_key key);

/* scn_key_is_text: its value is a text, not a number */
bool scn_key_is_text(enum scn_key key);

/* scn_key_is_process: the key stands in [process NAME] groups */
bool scn_key_is_process(enum scn_key key);

/* scn_key_takes: may the key be said of a process that runs this program? */
bool scn_key_takes(enum scn_key key, int64_t program);

/* scn_key_programs: those that take it, "ftpd, httpd", or NULL; g_free it */
char *scn_key_programs(enum scn_key key);

/*
 * scn_value_format: the canonical text of a value; g_free it
 *
 * => key is no text; value is in the key's range
 */
char *scn_value_format(enum scn_key key, int64_t value);

/* scn_schema_range: what is permitted, "1 MHz .. 10 GHz"; g_free it */
char *scn_schema_range(enum scn_key key);

#endif
