/*
 * How a row of the schema is written: its shapes, and the units of its bounds.
 *
 * Stands for: notation, for schema.c and schema_process.c alone.
 * Units: as named.  Owns: nothing.
 */
#ifndef SIM_SCENARIO_SCHEMA_ROWS_H
#define SIM_SCENARIO_SCHEMA_ROWS_H

#include <stdint.h>

#include "sim/scenario/schema.h"

#define KIB		(INT64_C(1) << 10)
#define MIB		(INT64_C(1) << 20)
#define GIB		(INT64_C(1) << 30)
#define TIB		(INT64_C(1) << 40)
#define MB_PER_S	INT64_C(1000000)
#define GB_PER_S	INT64_C(1000000000)
#define MHZ		INT64_C(1000000)
#define GHZ		INT64_C(1000000000)

/* The largest hiwat that sbreserve() grants with sb_max of 256 KiB. */
#define SB_MAX_ADJ	INT64_C(233016)
/* IP_MAXPACKET without the headers of IP and UDP */
#define UDP_MAX		INT64_C(65507)

/* A text, a word of a list, a quantity: g its group, n its name. */
#define TEXT(g, n)							\
	.group = g, .name = n, .type = SCN_TYPE_TEXT
#define WORD(g, n, list)						\
	.group = g, .name = n, .type = SCN_TYPE_WORD, .words = list,	\
	.max = G_N_ELEMENTS(list) - 2
#define QUANTITY(g, n, u, low, high)					\
	.group = g, .name = n, .type = SCN_TYPE_QUANTITY,		\
	.unit = SCN_UNIT_##u, .min = low, .max = high
#define FILE_PATH(g, n)							\
	.group = g, .name = n, .type = SCN_TYPE_PATH

/* Where key.c finds the rows of a key, by its place among those of its kind. */
extern const struct scn_key_info scn_plain_rows[];
extern const struct scn_key_info scn_file_rows[];
extern const struct scn_key_info scn_process_rows[];

#endif
