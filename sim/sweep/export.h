/*
 * A store as text: one row for each recorded point, in order of its index.
 *
 * Stands for: "export".  What is printed depends on the sweep and the program
 *	alone: not on who computed a point, when, or in which order.
 * Units: in the names of the columns, those of axes included
 *	("kernel.tcp_sendspace_B"); result columns as "run" prints them.
 * Leaves out: the ledger, and the counters that only fingerprints hold; SQL
 *	finds them in the store.
 * Owns: nothing.  A row is held at a time, however many there are.
 */
#ifndef SIM_SWEEP_EXPORT_H
#define SIM_SWEEP_EXPORT_H

#include "sim/report/output.h"
#include "sim/sweep/store.h"

struct store_export {
	enum rep_format format;	/* REP_CSV, REP_JSON or REP_JSONL */
	bool has_effective;	/* JSONL: each with its full scenario */
	const char *command;	/* runs the same sweep */
};

/*
 * store_export: all of it into a stream.
 *
 * => csv: "#" comments, names, records, as rep_csv(); a point without numbers
 *    has empty fields
 * => json: one object, a row a line; jsonl: one object a row, each telling all
 *    it needs to be understood; no numbers are null
 * => n_rows: printed, for the store may grow meanwhile
 * => false and error: DB_ERROR, or REP_ERROR of the stream
 */
bool store_export(struct store *store, const struct store_export *how,
    struct rep_stream *to, size_t *n_rows, GError **error);

#endif
