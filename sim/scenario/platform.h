/*
 * A SimGrid platform file, before it is used: what can be found wrong without
 * SimGrid is told as file:line, like all mistakes.
 *
 * Stands for: XML that is not well formed; what changes with time (profiles,
 *	trace, trace_connect), which would upset the clock; links of the policy
 *	WIFI, which no FIFO stands for; a host that is named and not there.
 * Leaves out: files that make hosts by numbers (cluster, cabinet, peer) or
 *	include others: their names are SimGrid's to find.
 * Owns: the names of its hosts.
 */
#ifndef SIM_SCENARIO_PLATFORM_H
#define SIM_SCENARIO_PLATFORM_H

#include "sim/scenario/mistake.h"

struct scn_platform;

/*
 * scn_platform_read: look through a file.
 *
 * => path lives as long as the platform and m
 * => at: the key that names the file, for what has no line of it
 * => NULL: there are mistakes, and m has them; else scn_platform_free() it
 */
struct scn_platform *scn_platform_read(const char *path,
    const struct scn_spot *at, struct scn_mistakes *m);

void scn_platform_free(struct scn_platform *platform);

/* scn_platform_host: tell if there is no host of that name; at: who names it */
void scn_platform_host(const struct scn_platform *platform, const char *host,
    const struct scn_spot *at, struct scn_mistakes *m);

#endif
