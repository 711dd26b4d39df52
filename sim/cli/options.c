/*
 * Options: one constant table per command makes GOption's entries and the help.
 */
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/scenario/mistake.h"

enum { HELP_COLUMN = 26, HELP_WIDTH = 79 };

static size_t
count_options(const struct cli_option *options)
{
	size_t n = 0;

	while (options[n].name != NULL)
		n++;
	return n;
}

/* entry_for: a GOption entry that writes into the command's struct */
static GOptionEntry
entry_for(const struct cli_option *option, char *opts)
{
	GOptionEntry entry = {
		.long_name = option->name,
		.short_name = option->letter,
		.arg_data = opts + option->offset,
	};

	/* FILENAME keeps the bytes as they are, whatever the locale */
	switch (option->type) {
	case CLI_FLAG:
		entry.arg = G_OPTION_ARG_NONE;
		break;
	case CLI_TEXT:
		entry.arg = G_OPTION_ARG_FILENAME;
		break;
	case CLI_LIST:
		entry.arg = G_OPTION_ARG_FILENAME_ARRAY;
		break;
	}
	return entry;
}

/* find_culprit: the argument that GOption's message ends with */
static const char *
find_culprit(const char *message, char **argv)
{
	for (int i = 1; argv[i] != NULL; i++)
		if (argv[i][0] == '-' && argv[i][1] != '\0' &&
		    g_str_has_suffix(message, argv[i]))
			return argv[i];
	return strrchr(message, ' ') + 1;
}

/* nearest_option: what "--fromat=csv" may mean, or NULL */
static const char *
nearest_option(const struct cli_command *cmd, const char *given)
{
	size_t n = count_options(cmd->options), i;
	g_autofree const char **names = g_new0(const char *, n + 2);
	g_autofree char *word = g_strndup(given + 2,
	    strcspn(given + 2, "="));

	for (i = 0; i < n; i++)
		names[i] = cmd->options[i].name;
	names[i] = "help";
	return scn_suggest(word, names);
}

static int
unknown_option(const struct cli_command *cmd, const char *message,
    char **argv)
{
	const char *given = find_culprit(message, argv);
	const char *nearest = g_str_has_prefix(given, "--") ?
	    nearest_option(cmd, given) : NULL;
	g_autofree char *quoted = scn_quote(given);

	if (nearest != NULL)
		return cli_usage_error(cmd->name, "%s: unknown option %s; did "
		    "you mean --%s?", cmd->name, quoted, nearest);
	return cli_usage_error(cmd->name, "%s: unknown option %s", cmd->name,
	    quoted);
}

/* say_wrong: GOption's error in our words */
static int
say_wrong(const struct cli_command *cmd, const GError *error, char **argv)
{
	const char *word = strrchr(error->message, ' ');

	if (g_error_matches(error, G_OPTION_ERROR,
	    G_OPTION_ERROR_UNKNOWN_OPTION))
		return unknown_option(cmd, error->message, argv);
	return cli_usage_error(cmd->name, "%s: option%s needs a value",
	    cmd->name, word != NULL ? word : "");
}

/* drop_separator: "--" is no operand; GOption leaves it in some cases */
static void
drop_separator(int *argc, char **argv)
{
	for (int i = 1; i < *argc; i++) {
		if (strcmp(argv[i], "--") != 0)
			continue;
		memmove(&argv[i], &argv[i + 1],
		    sizeof(*argv) * (size_t)(*argc - i));
		(*argc)--;
		return;
	}
}

/* option_of: the option of that letter, or NULL */
static const struct cli_option *
option_of(const struct cli_command *cmd, char letter)
{
	for (const struct cli_option *o = cmd->options; o->name != NULL; o++)
		if (o->letter == letter && letter != '\0')
			return o;
	return NULL;
}

/*
 * part_values: "-j2" as "--jobs=2", which GOption knows.  A word in place of
 * another, as the caller's array has room for no more; it lives for ever.
 */
static void
part_values(const struct cli_command *cmd, int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const struct cli_option *o = argv[i][0] == '-' ?
		    option_of(cmd, argv[i][1]) : NULL;
		g_autofree char *word = NULL;

		if (o == NULL || o->type == CLI_FLAG)
			continue;
		if (argv[i][2] == '\0') {
			i++;		/* the next word is its value */
			continue;
		}
		word = g_strdup_printf("--%s=%s", o->name, argv[i] + 2);
		argv[i] = (char *)(guintptr)g_intern_string(word);
	}
}

bool
cli_parse(int *argc, char **argv, void *opts, int *status)
{
	const struct cli_command *cmd = cli_find_command(argv[0]);
	size_t n = count_options(cmd->options);
	g_autofree GOptionEntry *entries = g_new0(GOptionEntry, n + 2);
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;
	gboolean help = FALSE;

	for (size_t i = 0; i < n; i++)
		entries[i] = entry_for(&cmd->options[i], opts);
	entries[n] = (GOptionEntry){ .long_name = "help", .short_name = 'h',
	    .arg = G_OPTION_ARG_NONE, .arg_data = &help };
	part_values(cmd, *argc, argv);
	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, argc, &argv, &error)) {
		*status = say_wrong(cmd, error, argv);
		return false;
	}
	drop_separator(argc, argv);
	if (help) {
		cli_print_help(cmd);
		*status = CLI_OK;
		return false;
	}
	return true;
}

void
cli_parse_free(const char *command, void *opts)
{
	const struct cli_option *o = cli_find_command(command)->options;

	for (; o->name != NULL; o++) {
		void *field = (char *)opts + o->offset;

		if (o->type == CLI_TEXT)
			g_clear_pointer((char **)field, g_free);
		else if (o->type == CLI_LIST)
			g_clear_pointer((char ***)field, g_strfreev);
	}
}

void
cli_print_wrapped(const char *text, int indent, int column)
{
	while (*text != '\0') {
		int length = (int)strcspn(text, " ");

		if (column > indent && column + 1 + length > HELP_WIDTH) {
			printf("\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			putchar(' ');
			column++;
		}
		printf("%.*s", length, text);
		column += length;
		text += length;
		text += strspn(text, " ");
	}
	putchar('\n');
}

static void
print_option(const struct cli_option *o)
{
	g_autofree char *head = g_strdup_printf("  %c%c%c --%s%s%s",
	    o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
	    o->letter ? ',' : ' ', o->name, o->arg != NULL ? " " : "",
	    o->arg != NULL ? o->arg : "");

	printf("%-*s", HELP_COLUMN, head);
	if (strlen(head) >= HELP_COLUMN)
		printf("\n%*s", HELP_COLUMN, "");
	cli_print_wrapped(o->sentence, HELP_COLUMN, HELP_COLUMN);
}

void
cli_print_help(const struct cli_command *cmd)
{
	static const struct cli_option help = {
		.name = "help", .letter = 'h', .sentence = "show this help"
	};

	printf("Usage: %s %s [OPTION...]%s%s\n\n", cli_program.name, cmd->name,
	    *cmd->usage != '\0' ? " " : "", cmd->usage);
	printf("%c%s.\n", g_ascii_toupper(cmd->summary[0]), cmd->summary + 1);
	if (cmd->details != NULL)
		cli_print_wrapped(cmd->details, 0, 0);
	printf("\nOptions:\n");
	for (const struct cli_option *o = cmd->options; o->name != NULL; o++)
		print_option(o);
	print_option(&help);
	if (cmd->more != NULL)
		cmd->more();
}

void
cli_print_short_help(void)
{
	const char *name = cli_program.name;

	printf("Usage: %s COMMAND [OPTION...] [OPERAND...]\n\n", name);
	cli_print_wrapped(cli_program.sentence, 0, 0);
	printf("\nCommands:\n");
	for (const struct cli_command *c = cli_commands; c->name != NULL; c++)
		printf("  %-9s%s\n", c->name, c->summary);
	printf("\n%s"
	    "\"%s help COMMAND\" tells more; -V shows the version.\n"
	    "Exit: 0 done, 1 expectation missed, 2 usage, 3 bad input, "
	    "4 file or pipe,\n"
	    "5 bug or failed audit, 6 sweep partly failed, "
	    "130/143 interrupted.\n", cli_program.start, name);
}
