/*
 * loansim check: validate scenarios and profiles, and show what they mean.
 */
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/outcome.h"
#include "sim/scenario/expect.h"
#include "sim/scenario/load.h"

struct check_options {
	gboolean dump;
	char *variant;
	char **set;
};

const struct cli_option cmd_check_options[] = {
	{ "dump", 'd', CLI_FLAG, offsetof(struct check_options, dump), NULL,
	    "print the effective scenario of each variant, all keys" },
	{ "variant", 0, CLI_TEXT, offsetof(struct check_options, variant),
	    "NAME", "dump this variant only" },
	{ "set", 's', CLI_LIST, offsetof(struct check_options, set),
	    "GROUP.KEY=VALUE", "override a key in all variants" },
	{ NULL, 0, CLI_FLAG, 0, NULL, NULL }
};

/* profile_kind: what a path is by its extension; NULL: a scenario */
static const char *
profile_kind(const char *path)
{
	if (g_str_has_suffix(path, ".board"))
		return "boards";
	return g_str_has_suffix(path, ".kernel") ? "kernels" : NULL;
}

static int
check_profile(const char *path, const char *kind)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);

	if (scn_check_profile(path, kind, errors))
		return CLI_OK;
	for (size_t i = 0; i < errors->len; i++)
		fprintf(stderr, "%s\n",
		    (const char *)g_ptr_array_index(errors, i));
	return CLI_SCENARIO;
}

static void
print_text(GString *text)
{
	fwrite(text->str, 1, text->len, stdout);
	g_string_free(text, TRUE);
}

static int
unknown_variant(const struct scenario *scn, const char *wanted)
{
	g_autofree char *what = cli_no_variant(scn, wanted);

	return cli_usage_error("check", "%s", what);
}

static int
dump_scenario(const struct scenario *scn, const char *variant)
{
	size_t n_dumped = 0;

	for (size_t i = 0; i < scn_n_points(scn); i++) {
		const struct scn_point *pt = scn_point(scn, i);

		if (variant != NULL &&
		    strcmp(variant, scn_point_name(pt)) != 0)
			continue;
		if (n_dumped++ > 0)
			putchar('\n');
		/* one variant alone is a scenario again: nothing is added */
		if (variant == NULL)
			printf("# %s, variant %s\n", scn_name(scn),
			    scn_point_name(pt));
		print_text(scn_dump(pt));
		print_text(scn_dump_expects(scn, i));
	}
	/* what relates variants has no place in the dump of one */
	if (variant == NULL)
		print_text(scn_dump_expects(scn, scn_n_points(scn)));
	if (n_dumped == 0)
		return unknown_variant(scn, variant);
	return CLI_OK;
}

static int
check_scenario(const char *name, const struct check_options *opts)
{
	int status;
	struct scenario *scn = cli_load_scenario(name,
	    (const char *const *)opts->set, &status);

	if (scn == NULL)
		return status;
	if (opts->dump || opts->variant != NULL)
		status = dump_scenario(scn, opts->variant);
	scn_free(scn);
	return status;
}

static int
check_all(int argc, char **argv, const struct check_options *opts)
{
	int worst = CLI_OK;

	if (argc < 2)
		return cli_usage_error("check", "check: which file?");
	for (int i = 1; i < argc; i++) {
		const char *kind = profile_kind(argv[i]);
		int status = kind != NULL ? check_profile(argv[i], kind) :
		    check_scenario(argv[i], opts);

		worst = MAX(worst, status);
	}
	return worst;
}

int
cmd_check(int argc, char **argv)
{
	struct check_options opts = { FALSE, NULL, NULL };
	int status;

	if (cli_parse(&argc, argv, &opts, &status))
		status = check_all(argc, argv, &opts);
	cli_parse_free("check", &opts);
	return status;
}
