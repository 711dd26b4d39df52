/*
 * One side of a comparison: the points of a store, or the rows of a result.
 *
 * Stands for: "compare A B", read so far that points of both can be matched.
 * Names: a point is called by its variant and its values along the axes of
 *	both sides: "loan, kernel.tcp_sendspace_B=16384".  Where a side does
 *	not have an axis, the value is that of its effective scenario.  The
 *	seed is no part of the name, whether swept or not: it tells apart what
 *	is repeated.
 * Units: as struct res_row; those of axes are in the names of their columns.
 * Errors: REP_ERROR_INPUT or DB_ERROR.
 * Owns: its points and their texts.
 */
#ifndef SIM_COMPARE_SIDE_H
#define SIM_COMPARE_SIDE_H

#include "sim/report/fingerprint.h"
#include "sim/report/read.h"
#include "sim/sweep/store.h"

struct cmp_point {
	const char *name;	/* two that are equal are one pointer */
	int64_t seed;
	enum res_outcome outcome;
	int64_t value[RES_N_COLUMNS];
	char groups[REP_N_GROUPS][REP_HASH_BYTES];
};

struct cmp_side {
	const char *path;		/* borrowed */
	char *scenario;
	char *version;
	bool has_groups;
	struct store *store;		/* or */
	struct rep_result *result;	/* until it is read */
	GArray *points;			/* struct cmp_point */
	GStringChunk *texts;
};

/* Keys whose values are part of a name, and how they are called there. */
struct cmp_keys {
	GPtrArray *keys;	/* char *: "kernel.tcp_sendspace" */
	GPtrArray *columns;	/* char *: "kernel.tcp_sendspace_B" */
};

/* cmp_side_open: a store or a result, by its first bytes */
struct cmp_side *cmp_side_open(const char *path, GError **error);
void cmp_side_free(struct cmp_side *side);

/* cmp_keys_init: the axes of both, those of a first */
void cmp_keys_init(struct cmp_keys *keys, const struct cmp_side *a,
    const struct cmp_side *b);
void cmp_keys_fini(struct cmp_keys *keys);

/* cmp_side_read: all points, once */
bool cmp_side_read(struct cmp_side *side, const struct cmp_keys *keys,
    GError **error);

/*
 * cmp_effective_value: a key's value in an effective scenario, as a column of
 * a store has it: in the column's unit, without it; g_free it
 *
 * => key "kernel.hz", "peer-kernel.hz" or "process.ttcp.align"
 * => "none" if it is not there
 */
char *cmp_effective_value(const char *effective, const char *key);

#endif
