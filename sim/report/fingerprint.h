/*
 * Fingerprints: what a run did, as exact integers in five groups, each with a
 * hash.
 *
 *	times		of the processor's levels, of bus and wire
 *	segments	frames, acknowledgements, interrupts, bytes
 *	loans		and copies, pages, faults
 *	costs		by cause: time computed, bytes loaded, stored, read and
 *			written
 *	results		the columns that users see
 *
 * Stands for: a result that another version of the program can be held against.
 *	Two runs with one fingerprint did the same; where two differ, the first
 *	group that does says which layer moved.
 * Leaves out: what describes the program and not the run: versions, the number
 *	of events, the scenario's text.
 * Units: in the names.
 */
#ifndef SIM_REPORT_FINGERPRINT_H
#define SIM_REPORT_FINGERPRINT_H

#include "sim/report/report.h"

enum rep_group {
	REP_TIMES,
	REP_SEGMENTS,
	REP_LOANS,
	REP_COSTS,
	REP_RESULTS,
	REP_N_GROUPS
};

enum { REP_HASH_BYTES = 17 };	/* 16 hexadecimal digits and the end */

extern const char *const rep_group_names[REP_N_GROUPS];

/* rep_group_values: the lines "name = value" of one group of a row */
void rep_group_values(GString *out, const struct res_row *row,
    enum rep_group group);

/*
 * The hashes: the first 64 bits of SHA-256 of a group's lines; of the hashes of
 * a row's groups; of names and hashes of all rows.
 */
void rep_group_hash(char hash[static REP_HASH_BYTES],
    const struct res_row *row, enum rep_group group);
void rep_row_fingerprint(char hash[static REP_HASH_BYTES],
    const struct res_row *row);
void rep_set_fingerprint(char hash[static REP_HASH_BYTES],
    const struct rep_set *set);

/*
 * rep_fingerprint: all of it as a key file: [variant NAME], with the variant's
 * fingerprint and the hashes of its groups, then [variant NAME GROUP] with the
 * values of each.
 */
void rep_fingerprint(GString *out, const struct rep_set *set);

/* rep_json_group: the member "fingerprint_times" and so on, after a comma */
void rep_json_group(GString *out, enum rep_group group, const char *hash);

#endif
