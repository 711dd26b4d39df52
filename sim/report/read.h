/*
 * Reading back: a result file in JSON as rows again.
 *
 * Stands for: what "run -f json" wrote, or a file that claims to be that.
 * Leaves out: reasons.  What older versions did not write may be missing.
 * Errors: REP_ERROR_INPUT with path and place of the first thing that is wrong:
 *	no JSON, another schema, a column missing or no number.
 * Units: as struct res_row.  Owns: the rep_result owns its texts and rows.
 */
#ifndef SIM_REPORT_READ_H
#define SIM_REPORT_READ_H

#include <glib.h>
#include <stddef.h>

#include "sim/report/fingerprint.h"

struct rep_result {
	char *scenario;
	char *title;
	char *version;		/* of the program, or "" */
	size_t n_rows;		/* at least 1 */
	struct res_row *rows;
	bool has_groups;	/* hashes of all rows */
	char (*groups)[REP_N_GROUPS][REP_HASH_BYTES];	/* of each row */
	GPtrArray *effective;	/* char *: full scenario of each row, or "" */
};

/* rep_read: => NULL and error if the file is no result of schema 1 */
struct rep_result *rep_read(const char *path, GError **error);
void rep_result_free(struct rep_result *result);

#endif
