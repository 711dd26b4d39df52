/*
 * What is in a file that a scenario names by its path.
 *
 * Stands for: its place in the identity of a scenario: a trace or a platform
 *	that was changed makes another scenario of it, though its text is the
 *	same.
 * Units: none.  Owns: nothing.
 */
#ifndef SIM_SCENARIO_CONTENTS_H
#define SIM_SCENARIO_CONTENTS_H

/*
 * scn_contents: the SHA-256 of a file, in hexadecimal; g_free it.
 *
 * => NULL: there is no such file, or it is none that could be read twice
 */
char *scn_contents(const char *path);

#endif
