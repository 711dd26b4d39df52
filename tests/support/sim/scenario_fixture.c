#include "tests/support/sim/scenario_fixture.h"

#include <check.h>
#include <string.h>

static struct scn_fixture
empty(void)
{
	return (struct scn_fixture){
		.errors = g_ptr_array_new_with_free_func(g_free)
	};
}

struct scn_fixture
fix_load(const char *text, const char *const *overrides)
{
	struct scn_fixture fix = empty();

	fix.scn = scn_load_data("t.scn", text, strlen(text), overrides,
	    fix.errors);
	ck_assert((fix.scn == NULL) == (fix.errors->len > 0));
	return fix;
}

struct scn_fixture
fix_load_bytes(const char *bytes, size_t len)
{
	struct scn_fixture fix = empty();

	fix.scn = scn_load_data("t.scn", bytes, len, NULL, fix.errors);
	ck_assert((fix.scn == NULL) == (fix.errors->len > 0));
	return fix;
}

struct scn_fixture
fix_load_file(const char *path)
{
	struct scn_fixture fix = empty();

	fix.scn = scn_load(path, NULL, fix.errors);
	ck_assert((fix.scn == NULL) == (fix.errors->len > 0));
	return fix;
}

void
fix_fini(struct scn_fixture *fix)
{
	scn_free(fix->scn);
	g_ptr_array_unref(fix->errors);
}

bool
fix_says(const struct scn_fixture *fix, const char *text)
{
	for (size_t i = 0; i < fix->errors->len; i++)
		if (strstr(g_ptr_array_index(fix->errors, i), text) != NULL)
			return true;
	return false;
}

char *
fix_all(const struct scn_fixture *fix)
{
	GString *all = g_string_new("");

	for (size_t i = 0; i < fix->errors->len; i++)
		g_string_append_printf(all, "\n%s",
		    (const char *)g_ptr_array_index(fix->errors, i));
	return g_string_free(all, FALSE);
}

/* assert_same_far: of a far end that is a host */
static void
assert_same_far(const struct scn_point *a, const struct scn_point *b)
{
	for (int k = SCN_MACHINE_FIRST; k <= SCN_MACHINE_LAST; k++) {
		enum scn_key key = (enum scn_key)k;

		ck_assert_int_eq(scn_get_far(a, key), scn_get_far(b, key));
		ck_assert_pstr_eq(scn_get_far_origin(a, key),
		    scn_get_far_origin(b, key));
	}
	for (int op = 0; op < N_OPS; op++)
		ck_assert_pstr_eq(scn_get_far_cited(a, (enum kern_op)op),
		    scn_get_far_cited(b, (enum kern_op)op));
}

static void
assert_same_plain(const struct scn_point *a, const struct scn_point *b)
{
	for (unsigned k = 0; k < SCN_N_PLAIN; k++) {
		enum scn_key key = (enum scn_key)k;

		if (scn_far_is_host(a) && key > SCN_PEER_KIND &&
		    scn_key_is_of(key, "peer"))
			continue;	/* the ideal peer is not there */
		if (scn_key_is_text(key))
			ck_assert_str_eq(scn_get_text(a, key),
			    scn_get_text(b, key));
		else
			ck_assert_int_eq(scn_get(a, key), scn_get(b, key));
		ck_assert_pstr_eq(scn_get_origin(a, key),
		    scn_get_origin(b, key));
	}
	for (int op = 0; op < N_OPS; op++)
		ck_assert_pstr_eq(scn_get_cited(a, (enum kern_op)op),
		    scn_get_cited(b, (enum kern_op)op));
}

static void
assert_same_process(const struct scn_point *a, const struct scn_point *b,
    size_t p)
{
	for (unsigned k = SCN_PROC_PROGRAM; k < SCN_N_KEYS; k++) {
		enum scn_key key = (enum scn_key)k;

		if (!scn_key_takes(key, scn_process_get(a, p,
		    SCN_PROC_PROGRAM)))
			continue;	/* it has nothing to say */
		if (scn_key_is_text(key))
			ck_assert_str_eq(scn_process_text(a, p, key),
			    scn_process_text(b, p, key));
		else
			ck_assert_int_eq(scn_process_get(a, p, key),
			    scn_process_get(b, p, key));
	}
}

void
fix_assert_same(const struct scn_point *a, const struct scn_point *b)
{
	ck_assert_str_eq(scn_point_name(a), scn_point_name(b));
	ck_assert(scn_far_is_host(a) == scn_far_is_host(b));
	assert_same_plain(a, b);
	if (scn_far_is_host(a))
		assert_same_far(a, b);
	ck_assert_uint_eq(scn_n_processes(a), scn_n_processes(b));
	for (size_t p = 0; p < scn_n_processes(a); p++) {
		ck_assert_str_eq(scn_process_name(a, p),
		    scn_process_name(b, p));
		assert_same_process(a, b, p);
	}
	ck_assert_uint_eq(scn_n_files(a), scn_n_files(b));
	for (size_t f = 0; f < scn_n_files(a); f++) {
		ck_assert_str_eq(scn_file_name(a, f), scn_file_name(b, f));
		for (unsigned k = SCN_FILE_SIZE; k < SCN_PROC_PROGRAM; k++)
			ck_assert_int_eq(scn_file_get(a, f, (enum scn_key)k),
			    scn_file_get(b, f, (enum scn_key)k));
	}
}
