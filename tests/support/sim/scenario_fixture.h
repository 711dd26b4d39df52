/*
 * Loading scenarios from strings, and looking at what was said about them.
 *
 * Owns: the fixture owns its scenario and its errors until fix_fini().
 */
#ifndef TESTS_SUPPORT_SIM_SCENARIO_FIXTURE_H
#define TESTS_SUPPORT_SIM_SCENARIO_FIXTURE_H

#include <glib.h>
#include <stdbool.h>

#include "sim/scenario/load.h"

struct scn_fixture {
	struct scenario *scn;	/* NULL: it was refused */
	GPtrArray *errors;	/* char * */
};

/* fix_load: load a text, called "t.scn", with overrides or NULL */
struct scn_fixture fix_load(const char *text, const char *const *overrides);

/* fix_load_bytes: the same with a length, for bytes that are no text */
struct scn_fixture fix_load_bytes(const char *bytes, size_t len);

/* fix_load_file: the same by scn_load() */
struct scn_fixture fix_load_file(const char *path);
void fix_fini(struct scn_fixture *fix);

/* fix_says: does any error contain all of this text? */
bool fix_says(const struct scn_fixture *fix, const char *text);

/* fix_all: all errors in one string, for messages; g_free it */
char *fix_all(const struct scn_fixture *fix);

/* fix_assert_same: do two points agree in every key, name and process? */
void fix_assert_same(const struct scn_point *a, const struct scn_point *b);

#endif
