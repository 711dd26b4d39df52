/*
 * Finding shipped data: scenarios, profiles, plot templates.
 *
 * Searched in this order: $LOANSIM_DATADIR, beside the executable (a build in
 * the source tree, or an installation that was moved), the source tree that the
 * program was built from, the install prefix.
 * Owns: nothing; nothing is remembered between calls.
 */
#ifndef SIM_SCENARIO_FIND_H
#define SIM_SCENARIO_FIND_H

#include <glib.h>

/*
 * scn_find_data: the path of a shipped file, "plots/bars.gp".
 *
 * => NULL if no place has it; g_free the result
 */
char *scn_find_data(const char *relative);

/*
 * scn_list: the names of all shipped scenarios (""), "boards" or "kernels".
 *
 * => sorted, each once, without folder and extension; g_strfreev the result
 */
char **scn_list(const char *kind);

#endif
