/*
 * Reading back: a result file in JSON as rows again.
 *
 * Stands for: what "run -f json" wrote, or a file that claims to be that.
 * Errors: REP_ERROR_INPUT with path and place of the first thing that is wrong:
 *	no JSON, another schema, a column missing or no number.
 * Units: as struct res_row.  Owns: the rep_result owns its texts and rows.
 */
#ifndef SIM_REPORT_READ_H
#define SIM_REPORT_READ_H

#include <glib.h>
#include <stddef.h>

#include "sim/run/result.h"

struct rep_result {
	char *scenario;
	char *title;
	size_t n_rows;		/* at least 1 */
	struct res_row *rows;
};

/* rep_read: => NULL and error if the file is no result of schema 1 */
struct rep_result *rep_read(const char *path, GError **error);
void rep_result_free(struct rep_result *result);

#endif
