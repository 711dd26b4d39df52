/*
 * Lists of files: "index, logo, manual", or "index 70 %, manual 30 %".
 *
 * Stands for: the key process.NAME.files.  Entries are separated by commas and
 *	name groups [file NAME]; all of them say with which chance each is
 *	taken, or none does: then they are taken in turn.
 * Units: percent.  Owns: nothing.
 */
#ifndef SIM_SCENARIO_FILES_H
#define SIM_SCENARIO_FILES_H

#include <glib.h>
#include <stdint.h>

#include "sim/scenario/point.h"

#define SCN_FILES_PERMITTED						\
	"a list of [file NAME]s, \"NAME, NAME\", or with the share of "	\
	"each, \"NAME 30 %, NAME 70 %\", 100 % in all"
#define SCN_FILES_NONE	"none"

struct scn_file_entry {
	char name[SCN_NAME_BYTES + 1];
	int64_t percent;	/* 0: no share is given */
};

/*
 * scn_files_parse: the list that a text stands for; g_array_unref it
 *
 * => struct scn_file_entry; whether such files exist is not looked at
 * => NULL: *wrong says why, as in "... is not known"; g_free it
 */
GArray *scn_files_parse(const char *text, char **wrong);

/*
 * scn_files_find: the index of a file of the point, or scn_n_files() if there
 * is none of that name
 */
size_t scn_files_find(const struct scn_point *pt, const char *name);

#endif
