#include "sim/cli/trace_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"

enum { TEXT_COLUMN = 4 };

static void
print_head(const struct story *story)
{
	printf("%s: %zu lines, %zu calls of %" PRId64 " %s\n", story->path,
	    story->counts.n_lines, story->counts.n_calls, story->n_pids,
	    story->n_pids == 1 ? "process" : "processes or threads");
}

static guint
count_ops(const struct story_part *part, enum story_kind kind)
{
	guint n = 0;

	for (guint i = 0; i < part->ops->len; i++)
		n += g_array_index(part->ops, struct story_op, i).kind == kind;
	return n;
}

static int64_t
sum_ops(const struct story_part *part, enum story_kind kind)
{
	int64_t sum = 0;

	for (guint i = 0; i < part->ops->len; i++) {
		const struct story_op *op =
		    &g_array_index(part->ops, struct story_op, i);

		if (op->kind == kind)
			sum += kind == STORY_RECEIVE ? op->n_bytes : op->len;
	}
	return sum;
}

static void
print_ops(const struct story_part *part, enum story_kind kind,
    const char *what, bool has_bytes)
{
	guint n = count_ops(part, kind);

	if (n == 0)
		return;
	printf("    %6u %s", n, what);
	if (has_bytes)
		printf(", %" PRId64 " bytes", sum_ops(part, kind));
	putchar('\n');
}

static void
print_part(const struct story_part *part)
{
	static const struct {
		enum story_kind kind;
		const char *what;
		bool has_bytes;
	} rows[] = {
		{STORY_ACCEPT, "connections accepted", false},
		{STORY_CONNECT, "connections called", false},
		{STORY_UDP, "UDP sockets", false},
		{STORY_RECEIVE, "receives of requests", true},
		{STORY_OPEN, "opens of files", false},
		{STORY_READ, "reads of files", true},
		{STORY_MMAP, "mappings of files", true},
		{STORY_MMAP_ANON, "mappings of memory", true},
		{STORY_MUNMAP, "unmappings", true},
		{STORY_SEND, "writes", true},
		{STORY_SENDTO, "datagrams", true},
		{STORY_SENDFILE, "sendfiles", true},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		print_ops(part, rows[i].kind, rows[i].what,
		    rows[i].has_bytes);
}

static void
print_pieces(const struct story_part *part)
{
	static const char *const words[] = {"memory of the program",
	    "buffers read into", "mappings"};
	int64_t sums[3] = {0};

	for (guint i = 0; i < part->pieces->len; i++) {
		const struct story_piece *piece =
		    &g_array_index(part->pieces, struct story_piece, i);

		sums[piece->source] += piece->len;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (sums[i] > 0)
			printf("           written from %s: %" PRId64
			    " bytes\n", words[i], sums[i]);
}

static void
print_processes(const struct story *story)
{
	printf("\nReplayed:\n");
	if (story->processes->len == 0)
		printf("  nothing: no process of it sends anything\n");
	for (guint i = 0; i < story->processes->len; i++) {
		const struct story_process *process =
		    story_process_at(story, i);

		printf("  process %" PRId64, process->pid);
		if (process->n_pids > 1)
			printf(" and %u more", process->n_pids - 1);
		if (process->n_lanes > 0)
			printf(", %u client%s at a time", process->n_lanes,
			    process->n_lanes == 1 ? "" : "s");
		if (process->is_events)
			printf(", for which it waits at once");
		putchar('\n');
		print_part(&process->recorded);
		print_pieces(&process->recorded);
	}
}

static void
print_files(const struct story *story)
{
	guint n_others = 0;

	printf("\nFiles sent from:\n");
	for (guint i = 0; i < story->files->len; i++) {
		const struct story_file *file =
		    &g_array_index(story->files, struct story_file, i);

		if (file->is_served)
			printf("  %12" PRId64 " bytes  %s\n", file->bytes,
			    file->path);
		n_others += !file->is_served;
	}
	printf("  %u others reach no connection: left out\n", n_others);
}

static void
print_sockets(const struct story *story)
{
	if (story->sockets->len == 0)
		return;
	printf("\nSockets:\n  %6s %-9s %12s %12s  %s\n", "line", "what",
	    "bytes in", "bytes out", "name");
	for (guint i = 0; i < story->sockets->len; i++) {
		const struct story_socket *socket =
		    &g_array_index(story->sockets, struct story_socket, i);

		printf("  %6u %-9s %12" PRId64 " %12" PRId64 "  %s%s\n",
		    socket->line, socket->what, socket->in, socket->out,
		    socket->name, socket->is_replayed ||
		    strcmp(socket->what, "listening") == 0 ? "" :
		    " (left out)");
	}
}

static size_t
n_skipped(const struct story_tally *tally)
{
	size_t n = 0;

	for (int fate = 0; fate < N_FATES; fate++)
		if (fate != FATE_USED && fate != FATE_UNKNOWN)
			n += tally->n[fate];
	return n;
}

static size_t
first_line(const struct story_tally *tally)
{
	size_t first = SIZE_MAX;

	for (int fate = 0; fate < N_FATES; fate++)
		if (tally->n[fate] > 0)
			first = MIN(first, tally->first[fate]);
	return first;
}

static void
print_calls(const struct story *story)
{
	printf("\nCalls:\n  %-22s %9s %9s %15s %9s\n", "call", "used",
	    "skipped", "not understood", "from line");
	for (guint i = 0; i < story->tallies.rows->len; i++) {
		const struct story_tally *tally = &g_array_index(
		    story->tallies.rows, struct story_tally, i);

		printf("  %-22s %9zu %9zu %15zu %9zu\n", tally->name,
		    tally->n[FATE_USED], n_skipped(tally),
		    tally->n[FATE_UNKNOWN], first_line(tally));
	}
}

/* a (3, from line 7), b (1, line 2) */
static void
print_reason(const struct story *story, enum story_fate fate)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < story->tallies.rows->len; i++) {
		const struct story_tally *tally = &g_array_index(
		    story->tallies.rows, struct story_tally, i);

		if (tally->n[fate] > 0)
			g_string_append_printf(text, "%s%s (%zu,%s line %zu)",
			    text->len > 0 ? ", " : "", tally->name,
			    tally->n[fate], tally->n[fate] > 1 ? " from" : "",
			    tally->first[fate]);
	}
	if (text->len == 0)
		return;
	printf("  %s:\n%*s", story_fate_sentence(fate), TEXT_COLUMN, "");
	cli_print_wrapped(text->str, TEXT_COLUMN, TEXT_COLUMN);
}

static void
print_reasons(const struct story *story)
{
	printf("\nSkipped:\n");
	for (enum story_fate fate = 0; fate < N_FATES; fate++)
		if (fate != FATE_USED && fate != FATE_UNKNOWN)
			print_reason(story, fate);
}

static void
print_unknown(const struct story *story)
{
	if (story_tallies_sum(&story->tallies, FATE_UNKNOWN) == 0)
		return;
	printf("\nNot understood:\n");
	for (guint i = 0; i < story->tallies.rows->len; i++) {
		const struct story_tally *tally = &g_array_index(
		    story->tallies.rows, struct story_tally, i);
		size_t n = tally->n[FATE_UNKNOWN];

		if (n == 0)
			continue;
		printf("  %s: line%s", tally->name, n > 1 ? "s" : "");
		for (size_t k = 0; k < MIN(n, TALLY_LINES); k++)
			printf("%s %zu", k > 0 ? "," : "", tally->lines[k]);
		if (n > TALLY_LINES)
			printf(" and %zu more", n - TALLY_LINES);
		putchar('\n');
	}
}

static void
print_notes(const struct story *story)
{
	if (story->notes->len == 0)
		return;
	printf("\nAssumed:\n");
	for (guint i = 0; i < story->notes->len; i++) {
		printf("  - ");
		cli_print_wrapped(story->notes->pdata[i], TEXT_COLUMN,
		    TEXT_COLUMN);
	}
}

void
trace_text(const struct story *story)
{
	print_head(story);
	print_processes(story);
	print_files(story);
	print_sockets(story);
	print_calls(story);
	print_reasons(story);
	print_unknown(story);
	print_notes(story);
}
