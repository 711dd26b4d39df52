/*
 * The results that an expectation can name, and their exact values.
 *
 * Stands for: all columns, by names without a unit ("throughput"), and the
 *	cells of the ledger that "explain --run" prints ("copyin.memory"): time
 *	per data segment or datagram, and bytes per payload byte, of each cause.
 * Units: a value's base is B/ps, ps, bytes or a plain number (RES_UNIT_*).
 * Owns: nothing.
 */
#ifndef SIM_RUN_QUANTITY_H
#define SIM_RUN_QUANTITY_H

#include "sim/run/result.h"
#include "sim/scenario/fraction.h"

enum res_unit {
	RES_UNIT_RATE,		/* B/ps */
	RES_UNIT_TIME,		/* ps */
	RES_UNIT_BYTES,
	RES_UNIT_NUMBER,	/* shares, and what is per byte */
	RES_UNIT_COUNT
};

/* The columns of the ledger, in the order in which they are printed. */
enum res_part {
	RES_PART_COMPUTE,
	RES_PART_MEMORY,
	RES_PART_SUM,
	RES_PART_LOADED,
	RES_PART_STORED,
	RES_PART_READ,
	RES_PART_WRITTEN,
	RES_N_PARTS
};

/* The lines of the ledger: the causes, and then: */
enum {
	RES_LINE_PROCESSOR = N_CAUSES,	/* the sum of all but *_dma */
	RES_LINE_STALLS,		/* waiting for DMA; only a sum */
	RES_LINE_IDLE,			/* the same */
	RES_N_LINES
};

struct res_quantity {
	enum res_column column;	/* or RES_N_COLUMNS: a cell of the ledger */
	int line;
	enum res_part part;
};

/* "compute", "memory", ...; NULL ends the list */
extern const char *const res_part_names[RES_N_PARTS + 1];

/* res_quantity_find: "cpu_share" or "copyin.sum". => false: there is none */
bool res_quantity_find(const char *name, struct res_quantity *quantity);

/* res_column_short: the name of a column without its unit; lasts forever */
const char *res_column_short(enum res_column column);

/* res_line_name: "copyin", ..., "processor", "dma_stalls", "idle" */
const char *res_line_name(int line);

/* res_find_line: the line of that name, or RES_N_LINES */
int res_find_line(const char *name);

/* res_messages: data segments and datagrams sent: what times are divided by */
int64_t res_messages(const struct res_row *row);

enum res_unit res_quantity_unit(const struct res_quantity *quantity);

/*
 * res_quantity_value: what a row says.
 *
 * => the row's run has come to its end
 * => false: there is no such number, for it is divided by zero
 */
bool res_quantity_value(const struct res_quantity *quantity,
    const struct res_row *row, struct fraction *value);

/*
 * res_unit_factor: what one of a unit is in the base of its kind.
 *
 * => name "KB/s", "us", "%", or "" for a bare number; false: not permitted
 */
bool res_unit_factor(enum res_unit unit, const char *name,
    struct fraction *factor);

/* res_unit_names: the spellings that are permitted, for a message */
const char *res_unit_names(enum res_unit unit);

#endif
