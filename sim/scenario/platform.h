/*
 * A SimGrid platform file, before it is used: what can be found wrong without
 * SimGrid is told as file:line, like all mistakes.
 *
 * Stands for: XML that is not well formed; what changes with time (profiles,
 *	trace, trace_connect), which would upset the clock; links of the policy
 *	WIFI, which no FIFO stands for; a host that is named and not there.
 * Leaves out: files that make hosts by numbers (cluster, cabinet, peer) or
 *	include others: their names are SimGrid's to find.
 * Owns: nothing.
 */
#ifndef SIM_SCENARIO_PLATFORM_H
#define SIM_SCENARIO_PLATFORM_H

#include "sim/scenario/mistake.h"

/*
 * scn_platform_check: look through a file.
 *
 * => path lives as long as m; hosts: names that it has to have, NULL-terminated
 * => at: the key that names the file, for what has no line of it
 */
void scn_platform_check(const char *path, const char *const *hosts,
    const struct scn_spot *at, struct scn_mistakes *m);

#endif
