/*
 * Quantities with units: "64 KiB", "733 MHz", "1.5 ms" to integers and back.
 *
 * Stands for: numbers as users write them.  Strict: digits with at most one
 *	decimal point, then a unit; no exponent, no sign but a minus (which is
 *	below every range), no rounding.  "1.5 KiB" is 1536 bytes exactly;
 *	"0.3 B" is refused, for it is no whole number of bytes.
 * Units: KB and KiB are 1024 bytes (KB as ttcp prints it), kB 1000, MiB 2^20.
 *	A bare MB is refused, since both readings are common; only rates of
 *	memory and buses may say MB/s (10^6), as every data sheet does.
 * Errors: values of enum scn_quantity; the caller words the message.
 * Owns: nothing.
 */
#ifndef SIM_SCENARIO_UNITS_H
#define SIM_SCENARIO_UNITS_H

#include <glib.h>
#include <stdint.h>

/* What a quantity measures; its base unit is the unit of the integer. */
enum scn_unit {
	SCN_UNIT_COUNT,		/* a bare number */
	SCN_UNIT_RATIO,		/* thousandths; written 2 or 1.25 */
	SCN_UNIT_PROBABILITY,	/* 10^-9; written 0.5 % or 0.005 */
	SCN_UNIT_INSN,		/* instructions */
	SCN_UNIT_BYTES,		/* B */
	SCN_UNIT_TIME,		/* ps */
	SCN_UNIT_FREQUENCY,	/* Hz */
	SCN_UNIT_BIT_RATE,	/* bit/s, of links */
	SCN_UNIT_BYTE_RATE,	/* B/s, of memory and buses */
	SCN_N_UNITS
};

enum scn_quantity {
	SCN_QUANTITY_OK,
	SCN_QUANTITY_EMPTY,	/* nothing there */
	SCN_QUANTITY_NO_NUMBER,	/* does not begin with a number of our form */
	SCN_QUANTITY_NO_UNIT,	/* a number alone, and a unit is needed */
	SCN_QUANTITY_BAD_UNIT,	/* a unit that does not belong here */
	SCN_QUANTITY_AMBIGUOUS,	/* MB, GB: 2^20 or 10^6? */
	SCN_QUANTITY_INEXACT,	/* no whole number of the base unit */
	SCN_QUANTITY_NEGATIVE,
	SCN_QUANTITY_TOO_LARGE	/* beyond 2^63 - 1 base units */
};

/*
 * scn_quantity_parse: the integer, in base units, that a text stands for.
 *
 * => text: no blanks around it; blanks between number and unit may be there
 * => *value is set with SCN_QUANTITY_OK only
 */
enum scn_quantity scn_quantity_parse(const char *text, enum scn_unit unit,
    int64_t *value);

/*
 * scn_quantity_format: the canonical text of a value.
 *
 * => value >= 0; the largest unit that needs no decimals ("1536 B", "64 KiB");
 *    ratios and probabilities with those they need ("1.25", "0.5 %")
 * => parsing the result gives the value again; the caller frees it
 */
char *scn_quantity_format(int64_t value, enum scn_unit unit);

/* scn_unit_names: the units that may be written, "ps, ns, us, ms, s" */
const char *scn_unit_names(enum scn_unit unit);

/* scn_unit_title: what it measures and counts in, for a reader */
const char *scn_unit_title(enum scn_unit unit);

/*
 * For tables, whose columns have one unit each: "_B", "_us", or "" for a bare
 * number, at the end of the column's name; and a value in it, exact, without
 * a unit ("1.5"); the caller frees it.
 */
const char *scn_unit_suffix(enum scn_unit unit);
char *scn_quantity_number(int64_t value, enum scn_unit unit);

#endif
