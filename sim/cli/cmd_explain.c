/*
 * loansim explain: what a key, a result column or a term means.
 *
 * Everything but the terms is printed from the tables that the program itself
 * works with, so it cannot be out of date.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/explain_run.h"
#include "sim/cli/figures.h"
#include "sim/cli/terms.h"
#include "sim/run/quantity.h"
#include "sim/run/result.h"
#include "sim/scenario/cited.h"
#include "sim/scenario/load.h"

enum { TEXT_COLUMN = 12 };

const struct cli_option cmd_explain_options[] = {
	{ "run", 0, CLI_TEXT, offsetof(struct explain_options, run),
	    "SCENARIO", "run it, and show where time and bytes went" },
	{ "set", 's', CLI_LIST, offsetof(struct explain_options, set),
	    "GROUP.KEY=VALUE", "with --run: override a key in all variants" },
	{ "variant", 0, CLI_TEXT, offsetof(struct explain_options, variant),
	    "NAME", "with --run: this variant only" },
	{ "limits", 0, CLI_FLAG, offsetof(struct explain_options, limits),
	    NULL, "with --run: what limits it, by running it again with one "
	    "resource after the other free" },
	{ NULL, 0, CLI_FLAG, 0, NULL, NULL }
};

struct cause {
	const char *name;
	const char *sentence;
};

static const struct cause causes[] = {
#define X(sym, name, sentence) { name, sentence },
	KERN_CAUSES(X)
#undef X
};

static void
print_field(const char *name, const char *text)
{
	printf("  %-*s", TEXT_COLUMN - 2, name);
	cli_print_wrapped(text, TEXT_COLUMN, TEXT_COLUMN);
}

/* defaults: a scenario in which nothing is said, or NULL */
static struct scenario *
defaults(void)
{
	static const char nothing_said[] = "[process ttcp]\n";
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);

	return scn_load_data("defaults.scn", nothing_said,
	    strlen(nothing_said), NULL, errors);
}

/* print_cited: every citation of a kernel that an operation takes part in */
static void
print_cited(struct scn_end end, enum kern_op wanted)
{
	for (int op = 0; op < N_OPS; op++) {
		struct scn_cited cited;

		if (scn_cited_get(end, (enum kern_op)op, &cited) &&
		    cited.milli[wanted] != 0)
			print_field("cited", scn_end_cited(end,
			    (enum kern_op)op));
	}
}

static void
print_machine_default(enum scn_key key)
{
	bool is_board = strcmp(scn_row(key)->group, "board") == 0;
	struct scenario *scn = defaults();
	g_autofree char *value = NULL, *text = NULL;
	const char *origin;

	if (scn == NULL) {
		print_field("default", is_board ?
		    "as board profile " SCN_DEFAULT_BOARD :
		    "as kernel profile " SCN_DEFAULT_KERNEL);
		return;
	}
	value = scn_value_format(key, scn_get(scn_point(scn, 0), key));
	text = g_strdup_printf("%s (%s profile %s)", value,
	    scn_row(key)->group, is_board ? SCN_DEFAULT_BOARD :
	    SCN_DEFAULT_KERNEL);
	print_field("default", text);
	origin = scn_get_origin(scn_point(scn, 0), key);
	print_field("origin", origin);
	if (key >= SCN_COST_FIRST && key <= SCN_COST_LAST)
		print_cited((struct scn_end){ scn_point(scn, 0), false },
		    (enum kern_op)(key - SCN_COST_FIRST));
	scn_free(scn);
}

static void
print_default(enum scn_key key)
{
	g_autofree char *value = NULL;

	if (scn_row(key)->needs_origin) {
		print_machine_default(key);
		return;
	}
	if (scn_row(key)->is_required) {
		print_field("default", "none; it has to be given");
		return;
	}
	if (scn_key_is_text(key) && scn_row(key)->special == NULL)
		return;
	value = scn_key_is_text(key) ? g_strdup(scn_row(key)->special) :
	    scn_value_format(key, scn_row(key)->def);
	print_field("default", value);
}

/* print_name: as it was asked for, if that is a key of the far host */
static void
print_name(enum scn_key key, const char *word)
{
	g_autofree char *group = g_strndup(word, strcspn(word, "."));
	g_autofree char *name = scn_group_is_far(group) ? g_strdup(word) :
	    scn_schema_full_name(key);

	printf("%s: a scenario key\n", name);
}

static void
explain_key(enum scn_key key, const char *word)
{
	const struct scn_key_info *info = scn_row(key);
	g_autofree char *range = scn_schema_range(key);
	g_autofree char *programs = scn_key_programs(key);

	print_name(key, word);
	print_field("is", info->sentence);
	switch (info->type) {
	case SCN_TYPE_TEXT:
		print_field("type", "text");
		break;
	case SCN_TYPE_WORD:
		print_field("type", "a word");
		break;
	case SCN_TYPE_QUANTITY:
		print_field("type", scn_unit_title(info->unit));
		print_field("unit", scn_unit_names(info->unit));
		break;
	case SCN_TYPE_DROPS:
		print_field("type", "a list of frames");
		break;
	case SCN_TYPE_FILES:
		print_field("type", "a list of files");
		break;
	case SCN_TYPE_PATH:
		print_field("type", "a path");
		break;
	}
	print_field("range", range);
	print_default(key);
	if (programs != NULL)
		print_field("programs", programs);
	if (info->netbsd != NULL)
		print_field("NetBSD", info->netbsd);
}

static void
explain_column(enum res_column column)
{
	const struct res_column_info *info = &res_columns[column];
	g_autofree char *decimals = g_strdup_printf("%d", info->decimals);

	printf("%s: a column of the results\n", info->name);
	print_field("is", info->sentence);
	print_field("decimals", decimals);
	if (info->in_table || res_is_of_clients(column))
		print_field("table", info->title);
}

/* find_key: by full name, with any process name, or by a name of one group */
static enum scn_key
find_key(const char *word)
{
	enum scn_key key = scn_schema_find_full(word);

	for (size_t i = 0; key == SCN_N_KEYS && scn_group_names[i] != NULL;
	    i++)
		key = scn_schema_find(scn_group_names[i], word);
	return key;
}

static const struct cli_term *
find_term(const char *word)
{
	const struct cli_term *term;

	for (term = cli_terms; term->name != NULL; term++)
		if (g_ascii_strcasecmp(term->name, word) == 0)
			return term;
	return NULL;
}

static const struct cause *
find_cause(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(causes); i++)
		if (strcmp(causes[i].name, word) == 0)
			return &causes[i];
	return NULL;
}

/* expect_names: what the left side of an expectation may name */
static void
expect_names(void)
{
	g_autofree char *parts = g_strjoinv(" ",
	    (char **)(guintptr)res_part_names);
	GString *words = g_string_new(NULL);

	for (unsigned c = 0; c < RES_N_COLUMNS; c++)
		g_string_append_printf(words, "%s ",
		    res_column_short((enum res_column)c));
	print_field("results", words->str);
	g_string_truncate(words, 0);
	for (int line = 0; line < RES_N_LINES; line++)
		g_string_append_printf(words, "%s ", res_line_name(line));
	print_field("causes", words->str);
	print_field("quantity", parts);
	g_string_free(words, TRUE);
}

static void
explain_term(const struct cli_term *term)
{
	printf("%s: a term\n", term->name);
	print_field("is", term->text);
	if (strcmp(term->name, "expect") == 0)
		expect_names();
	if (strcmp(term->name, "figures") == 0)
		cli_print_figures();
}

/* find_column: by its name, or by that which expectations use */
static enum res_column
find_column(const char *word)
{
	enum res_column column = res_find_column(word);
	struct res_quantity quantity;

	if (column == RES_N_COLUMNS && res_quantity_find(word, &quantity))
		column = quantity.column;
	return column;
}

/* explain: everything the word names; false if that is nothing */
static bool
explain(const char *word)
{
	enum scn_key key = find_key(word);
	enum res_column column = find_column(word);
	const struct cli_term *term = find_term(word);
	const struct cause *cause = find_cause(word);

	if (key != SCN_N_KEYS)
		explain_key(key, word);
	if (column != RES_N_COLUMNS)
		explain_column(column);
	if (term != NULL)
		explain_term(term);
	if (cause != NULL) {
		printf("%s: a cause under which time and bytes are booked\n",
		    cause->name);
		print_field("is", cause->sentence);
	}
	return key != SCN_N_KEYS || column != RES_N_COLUMNS ||
	    term != NULL || cause != NULL;
}

static void
add_word(GPtrArray *words, const char *word)
{
	g_ptr_array_add(words, g_strdup(word));
}

/* all_words: what explain knows, for a suggestion; g_strfreev the result */
static char **
all_words(void)
{
	GPtrArray *words = g_ptr_array_new();

	for (unsigned k = 0; k < SCN_N_KEYS; k++) {
		g_ptr_array_add(words, scn_schema_full_name((enum scn_key)k));
		add_word(words, scn_row(k)->name);
	}
	for (unsigned c = 0; c < RES_N_COLUMNS; c++)
		add_word(words, res_columns[c].name);
	for (size_t i = 0; cli_terms[i].name != NULL; i++)
		add_word(words, cli_terms[i].name);
	for (size_t i = 0; i < G_N_ELEMENTS(causes); i++)
		add_word(words, causes[i].name);
	g_ptr_array_add(words, NULL);
	return (char **)g_ptr_array_free(words, FALSE);
}

static int
unknown_word(const char *word)
{
	g_auto(GStrv) words = all_words();
	g_autofree char *quoted = scn_quote(word);
	g_autofree char *hint = scn_did_you_mean(
	    scn_suggest(word, (const char *const *)words));

	return cli_usage_error("explain", "explain: no key, column or term "
	    "is named %s%s", quoted, hint);
}

/* A list of words on the way to stdout, wrapped at 80 columns. */
static void
list_words(const char *title, GString *words)
{
	printf("%s\n  ", title);
	cli_print_wrapped(words->str, 2, 2);
	g_string_free(words, TRUE);
}

static void
list_keys(const char *group)
{
	g_autofree char *title = g_strdup_printf("[%s%s]", group,
	    scn_group_kind(group) != SCN_N_KINDS ? " NAME" : "");
	GString *words = g_string_new(NULL);

	for (unsigned k = 0; k < SCN_N_KEYS; k++)
		if (strcmp(scn_row(k)->group, group) == 0)
			g_string_append_printf(words, "%s ",
			    scn_row(k)->name);
	list_words(title, words);
}

static void
list_groups(void)
{
	for (size_t i = 0; scn_group_names[i] != NULL; i++) {
		const char *group = scn_group_names[i];

		if (scn_group_is_far(group))
			printf("[%s]\n  as [%s], of the other end: \"loansim "
			    "explain peer.kind\" tells\n", group,
			    scn_group_rows(group));
		else if (scn_group_has_keys(group))
			list_keys(group);
	}
}

static void
list_all(void)
{
	GString *columns = g_string_new(NULL), *terms = g_string_new(NULL);

	printf("Scenario keys, by group; [variant NAME] sets any of them by "
	    "its full name:\n");
	list_groups();
	printf("[expect]\n  what results are to be: \"loansim explain expect\" "
	    "tells\n");
	for (unsigned c = 0; c < RES_N_COLUMNS; c++)
		g_string_append_printf(columns, "%s ", res_columns[c].name);
	list_words("Result columns:", columns);
	for (size_t i = 0; cli_terms[i].name != NULL; i++)
		g_string_append_printf(terms, "%s\"%s\"", i > 0 ? ", " : "",
		    cli_terms[i].name);
	list_words("Terms:", terms);
}

static int
explain_words(int n, char **words)
{
	int status = CLI_OK;

	if (n == 0)
		list_all();
	for (int i = 0; i < n; i++) {
		if (i > 0)
			putchar('\n');
		if (!explain(words[i]))
			status = unknown_word(words[i]);
	}
	return status;
}

/* option_of_run: one that was given and says nothing without --run, or NULL */
static const char *
option_of_run(const struct explain_options *opts)
{
	if (opts->set != NULL)
		return "--set";
	if (opts->variant != NULL)
		return "--variant";
	return opts->limits ? "--limits" : NULL;
}

int
cmd_explain(int argc, char **argv)
{
	struct explain_options opts = { NULL, NULL, NULL, FALSE };
	const char *of_run;
	int status = CLI_OK;

	if (!cli_parse(&argc, argv, &opts, &status))
		return status;
	of_run = option_of_run(&opts);
	if (opts.run == NULL && of_run != NULL)
		status = cli_usage_error("explain", "%s needs --run SCENARIO",
		    of_run);
	else if (opts.run == NULL)
		status = explain_words(argc - 1, argv + 1);
	else if (argc > 1)
		status = cli_usage_error("explain",
		    "--run explains a run, and no words beside it");
	else
		status = explain_run(&opts);
	cli_parse_free("explain", &opts);
	return status;
}
