/*
 * Reports: the rows of a run as text for people and for programs.
 *
 * Stands for: one scenario's results in one of its formats, built whole in
 *	memory: a file is then written in one piece or not at all (output.h).
 * Units: numbers are printed by res_format() alone, so that a column reads the
 *	same in every format and no floating point comes near it.
 * Leaves out: everything that depends on the machine that simulated: no date,
 *	no host time, no path that the user did not type.
 * Owns: nothing; a rep_set borrows all it points to.
 */
#ifndef SIM_REPORT_REPORT_H
#define SIM_REPORT_REPORT_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/run/result.h"

/* of JSON: grows when a column changes, not when a member is added */
enum { REP_SCHEMA = 1 };

struct rep_set {
	const char *scenario;		/* "thorpe-2002" */
	const char *title;		/* one line */
	const char *version;		/* of the program */
	const char *command;		/* shows the same rows again */
	int64_t seed;
	size_t n_rows;
	const struct res_row *rows;	/* n_rows, in the order of the file */
	const char *const *effective;	/* n_rows full scenarios (scn_dump) */
	const GArray *verdicts;		/* struct run_verdict; NULL: none */
};

enum rep_format {
	REP_TABLE,
	REP_CSV,
	REP_JSON,
	REP_JSONL,
	REP_FINGERPRINT,	/* fingerprint.h */
	REP_N_FORMATS
};

/* "table", "csv", ... in the order of the enum; NULL ends the list */
extern const char *const rep_format_names[REP_N_FORMATS + 1];

/* rep_find_format: the format of that name, or REP_N_FORMATS */
enum rep_format rep_find_format(const char *name);

/* rep_build: a report in any format; the caller frees it with g_string_free */
GString *rep_build(const struct rep_set *set, enum rep_format format);

/*
 * The formats, each appending to out.
 *
 * => table: a head, one aligned line per row, one more for each row that did
 *    not end as planned
 * => csv: "#" comments, names, one record per row; quoted as RFC 4180 says,
 *    with plain newlines
 * => json: one object; rows and expectations are one line each, so that diff
 *    shows what changed
 * => jsonl: one object per row, each telling all it needs to be understood
 */
void rep_table(GString *out, const struct rep_set *set);
void rep_csv(GString *out, const struct rep_set *set);
void rep_json(GString *out, const struct rep_set *set);
void rep_jsonl(GString *out, const struct rep_set *set);

/*
 * What every CSV file of ours is made of.
 *
 * rep_csv_field: a field, quoted if it has to be
 * rep_csv_comment: one line "# what: text", whatever line breaks text has
 * rep_csv_names: a comma before the name of each result column
 * rep_csv_numbers: the same before its number; empty if the row has none
 */
void rep_csv_field(GString *out, const char *text);
void rep_csv_comment(GString *out, const char *what, const char *text);
void rep_csv_names(GString *out);
void rep_csv_numbers(GString *out, const struct res_row *row);

/*
 * And every JSON file.
 *
 * rep_json_string: a JSON string, quotes included.
 *	=> text that is not UTF-8 is repaired; control characters are escaped
 * rep_json_member: a name and a string
 * rep_json_numbers: ", " before each result column; null if the row has none
 */
void rep_json_string(GString *out, const char *text);
void rep_json_member(GString *out, const char *name, const char *text);
void rep_json_numbers(GString *out, const struct res_row *row);

#endif
