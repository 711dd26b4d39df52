/*
 * What the rules between keys share.
 *
 *	rules.c		values and messages; times, NICs, paths
 *	rules_process.c	buffers and numbers of processes, and where they run
 *	rules_program.c	what clients, servers and replays need
 *	rules_network.c	the star, or a platform and its hosts
 *	rules_files.c	lists of files, and the disk
 *
 * Owns: nothing.
 */
#ifndef SIM_SCENARIO_RULES_OWN_H
#define SIM_SCENARIO_RULES_OWN_H

#include "sim/scenario/load.h"

/* What the rules are checked of. */
struct rules_of {
	struct scn_loader *ld;
	struct scn_point *pt;
	struct scn_named *named;	/* for keys of a process or a file */
	bool is_far_machine;		/* for keys of the far host */
};

/* rules_is_far: is it the far host that such keys are of? */
bool rules_is_far(const struct rules_of *c);

/*
 * rules_slot, rules_value: of a key, where the rules look.
 *
 * => keys of [board] are those of the machine that the process runs on
 */
struct scn_slot *rules_slot(const struct rules_of *c, enum scn_key key);
int64_t rules_value(const struct rules_of *c, enum scn_key key);

/*
 * rules_broken: a rule between two keys does not hold.
 *
 * => told where the later one was set, unless either is known to be bad
 */
void rules_broken(const struct rules_of *c, enum scn_key a, enum scn_key b,
    const char *rule);

/* rules_told: what is wrong with one key, where it was set */
void rules_told(const struct rules_of *c, enum scn_key key, const char *what);

/* rules_idle: a key was set, another without which it says nothing was not */
bool rules_idle(const struct rules_of *c, enum scn_key key,
    enum scn_key without);

/* rules_check_processes, and so on: all rules of all of them, of one point */
void rules_check_processes(struct rules_of *c);
void rules_check_files(struct rules_of *c);

/* rules_check_network: the rules of [network] */
void rules_check_network(struct rules_of *c);

/* rules_check_program: of the process that c names */
void rules_check_program(const struct rules_of *c);

#endif
