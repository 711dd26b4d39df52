#include "sim/cli/trace_scenario.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/process/replay_expand.h"
#include "sim/scenario/mistake.h"

enum { WIDTH = 78, NOFILE = 64 };

/*
 * A fifth of what a board of 2002 sends, what a busy connection takes besides,
 * and time for the last one; no longer than a run with its drain may be.
 */
#define BYTES_PER_S		INT64_C(1000000)
#define CONNECTIONS_PER_S	20
#define LEAST_S			10
#define MOST_S			3800

/* A comment, broken at blanks; later lines stand below the first's text. */
static void
comment(const char *text)
{
	int column = WIDTH;
	bool is_first = true;

	while (*text != '\0') {
		int length = (int)strcspn(text, " ");

		if (column + 1 + length > WIDTH) {
			column = printf("%s# %s", is_first ? "" : "\n",
			    is_first ? "- " : "  ");
			column -= !is_first;
		} else {
			column += printf(" ");
		}
		is_first = false;
		column += printf("%.*s", length, text);
		text += length;
		text += strspn(text, " ");
	}
	putchar('\n');
}

static int64_t
bytes_sent(const struct story *story)
{
	int64_t sum = 0;

	for (guint i = 0; i < story->processes->len; i++) {
		const struct story_part *part =
		    &story_process_at(story, i)->recorded;

		for (guint k = 0; k < part->pieces->len; k++) {
			const struct story_piece *piece = &g_array_index(
			    part->pieces, struct story_piece, k);

			sum += piece->len;
		}
		for (guint k = 0; k < part->ops->len; k++) {
			const struct story_op *op =
			    &g_array_index(part->ops, struct story_op, k);

			sum += op->kind == STORY_SENDFILE ? op->len : 0;
		}
	}
	return sum;
}

static int64_t
duration_s(const struct story *story)
{
	int64_t s = LEAST_S + bytes_sent(story) / BYTES_PER_S +
	    story->connections->len / CONNECTIONS_PER_S;

	return MIN(s, MOST_S);
}

/* is_writable: would a scenario's line give the same path back? */
static bool
is_writable(const char *path)
{
	g_autofree char *shown = scn_escape(path);
	g_autofree char *stripped = g_strstrip(g_strdup(path));

	return strcmp(shown, path) == 0 && strcmp(stripped, path) == 0;
}

static void
print_assumed(const struct story *story)
{
	printf("#\n# Assumed\n");
	for (guint i = 0; i < story->notes->len; i++)
		comment(story->notes->pdata[i]);
	comment("The board is that of the mail of 2 May 2002 and the files "
	    "are in its memory, as after a first request; replay_cache = cold "
	    "in [process] if they are not");
	comment("The program computes nothing between its calls; replay_think "
	    "= keep if it does");
	if (story->lanes->len > 0)
		comment("Clients have links of 100 Mbit/s of their own; "
		    "client_rate and client_delay in [network] say otherwise");
	comment("The duration allows 1 MB/s and 20 connections a second; "
	    "what is over earlier is measured to its end");
}

static void
print_program(const struct story *story, const char *name)
{
	uint32_t n_open = story_descriptors(story);

	printf("\n[kernel]\ntcp_output = reference\n");
	if (n_open > NOFILE)
		printf("open_max = %u\n", n_open);
	printf("\n[process %s]\nprogram = replay\n"
	    "# a path begins at the folder of this file\ntrace = %s\n", name,
	    story->path);
	printf("\n[variant copy]\nkernel.sosend_loan = no\n"
	    "\n[variant loan]\nkernel.sosend_loan = yes\n"
	    "\n# had it used mmap(2) for what it read and sent\n"
	    "[variant mmap]\nkernel.sosend_loan = yes\n"
	    "process.%s.replay_as = mmap\n", name);
}

int
trace_scenario(const struct story *story)
{
	g_autofree char *base = g_path_get_basename(story->path);
	const char *name = story->lanes->len > 0 ? "server" : "program";

	if (story->processes->len == 0) {
		cli_error("%s: no process of it sends anything over a network",
		    story->path);
		return CLI_SCENARIO;
	}
	if (!is_writable(story->path)) {
		g_autofree char *quoted = scn_quote(story->path);

		cli_error("%s: a scenario cannot name such a path", quoted);
		return CLI_SCENARIO;
	}
	printf("# Question\n#\tWhat would page loaning bring to it, and what "
	    "if it used mmap(2)?\n");
	print_assumed(story);
	printf("\n[scenario]\ntitle = Replay of %s\n"
	    "question = What would page loaning bring to it?\n"
	    "duration = %" PRId64 " s\nwarmup = 0 s\n", base,
	    duration_s(story));
	print_program(story, name);
	return CLI_OK;
}
