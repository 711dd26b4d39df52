/*
 * Lists of frames to lose: "data 20, data 20+1, data 30-32, ack 7".
 *
 * Stands for: the keys path.drop and path-back.drop.  Entries are separated by
 *	commas; each names a kind of frame and a number of it, or a range; data
 *	may name a retransmission too: 20+2 is the second one of segment 20,
 *	30-32+1 the first one of each of three.  How frames are numbered:
 *	models/hw/path_drops.h.
 * Owns: nothing.
 */
#ifndef SIM_SCENARIO_DROPS_H
#define SIM_SCENARIO_DROPS_H

#include <glib.h>
#include <stdbool.h>

#include "models/hw/path_drops.h"

#define SCN_DROPS_PERMITTED						\
	"none, or a list of data N, data N-M, data N+K (the K-th "	\
	"retransmission of N), ack N, syn N and fin N, ranges of all"

/*
 * scn_drops_parse: the list that a text stands for.
 *
 * => true: config is set; "none" is the empty list
 * => false: wrong, if not NULL, gets one text for each mistake, complete but
 *    for the place; its free function is g_free
 */
bool scn_drops_parse(const char *text, struct path_drops_config *config,
    GPtrArray *wrong);

/* scn_drop_format: the shortest text of an entry, "data 20-22+1"; g_free it */
char *scn_drop_format(const struct path_drop *drop);

#endif
