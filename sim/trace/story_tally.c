#include "sim/trace/story_tally.h"

static const char *const sentences[N_FATES] = {
	[FATE_USED] = "used",
	[FATE_FAILED] = "failed or moved nothing",
	[FATE_UNRETURNED] = "did not return in the recording",
	[FATE_WAITS] = "waits only: the simulation waits by itself",
	[FATE_REPEATED] = "repeats what a short write or EAGAIN had left",
	[FATE_UNSERVED] = "on a file of which nothing is sent",
	[FATE_FILE_WRITE] = "writes to a file or terminal",
	[FATE_LOCAL] = "on a socket that is neither TCP nor UDP, or not known",
	[FATE_INCOMING] = "receives where the program had called out",
	[FATE_NO_TRAFFIC] = "on a connection without traffic",
	[FATE_SHARED] = "closes what another process goes on with",
	[FATE_IDLE] = "by a process that sends nothing",
	[FATE_OPTION] = "sets an option: the scenario has keys for those",
	[FATE_OTHER_IO] = "pipes, splicing and queues are not replayed",
	[FATE_NO_IO] = "moves nothing to or from a network",
	[FATE_UNKNOWN] = "not understood",
};

#define ROW(t, i) (&g_array_index((t)->rows, struct story_tally, i))

void
story_tallies_init(struct story_tallies *tallies)
{
	tallies->rows = g_array_new(FALSE, TRUE, sizeof(struct story_tally));
	tallies->by_name = g_hash_table_new(g_str_hash, g_str_equal);
}

void
story_tallies_fini(struct story_tallies *tallies)
{
	for (guint i = 0; i < tallies->rows->len; i++)
		g_free(ROW(tallies, i)->name);
	g_array_unref(tallies->rows);
	g_hash_table_unref(tallies->by_name);
}

guint
story_tallies_row(struct story_tallies *tallies, struct st_text name)
{
	struct story_tally row = {.name = g_strndup(name.at, name.n)};
	gpointer found = g_hash_table_lookup(tallies->by_name, row.name);

	if (found != NULL) {
		g_free(row.name);
		return GPOINTER_TO_UINT(found) - 1;
	}
	g_array_append_val(tallies->rows, row);
	g_hash_table_insert(tallies->by_name, row.name,
	    GUINT_TO_POINTER(tallies->rows->len));
	return tallies->rows->len - 1;
}

void
story_tallies_add(struct story_tallies *tallies, guint row,
    enum story_fate fate, size_t line)
{
	struct story_tally *tally = ROW(tallies, row);

	if (fate == FATE_UNKNOWN && tally->n[fate] < TALLY_LINES)
		tally->lines[tally->n[fate]] = line;
	if (tally->n[fate] == 0 || line < tally->first[fate])
		tally->first[fate] = line;
	tally->n[fate]++;
}

const char *
story_fate_sentence(enum story_fate fate)
{
	return sentences[fate];
}

size_t
story_tallies_sum(const struct story_tallies *tallies, enum story_fate fate)
{
	size_t sum = 0;

	for (guint i = 0; i < tallies->rows->len; i++)
		sum += ROW(tallies, i)->n[fate];
	return sum;
}
