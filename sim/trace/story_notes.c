/*
 * What was concluded or left out, in sentences with numbers.
 */
#include "sim/trace/story_own.h"

static void note(struct maker *m, size_t n, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* Only what there was. */
static void
note(struct maker *m, size_t n, const char *format, ...)
{
	va_list args;

	if (n == 0)
		return;
	va_start(args, format);
	g_ptr_array_add(m->story->notes, g_strdup_vprintf(format, args));
	va_end(args);
}

static void
note_sources(struct maker *m)
{
	note(m, m->n_from_mapping, "%zu pieces of writes are as long as a file "
	    "that was mapped then: taken to be sent from the mapping",
	    m->n_from_mapping);
	note(m, m->n_mapping_parts, "%zu pieces of writes are taken to be "
	    "parts of a mapping, one behind the other", m->n_mapping_parts);
	note(m, m->n_from_read, "%zu pieces of writes are taken to come from "
	    "reads of the same size or beginning, each buffer used again when "
	    "its bytes have been sent", m->n_from_read);
	note(m, m->n_filled, "%zu large pieces of writes are from memory that "
	    "the program is taken to fill before each; others from memory show "
	    "the same beginning as before, and are taken to be the same bytes",
	    m->n_filled);
}

static void
note_events(struct maker *m)
{
	note(m, m->n_event_loops, "%zu processes wait for several connections "
	    "at once: so they do here, with poll(2), and pay for that, "
	    "whatever they had (epoll, select); each connection keeps the "
	    "order of its calls, and which is the next one the simulation "
	    "decides", m->n_event_loops);
	note(m, m->n_unseen_loops, "%zu processes have several connections at "
	    "once on which they do not wait, but what they wait with is not in "
	    "the recording (epoll_wait, poll, select): so the order is that of "
	    "the recording", m->n_unseen_loops);
	note(m, m->in_common.n, "%zu opens, reads or mappings of files are for "
	    "several connections (from line %u): made for the one that needs "
	    "them first, given up behind the last", m->in_common.n,
	    m->in_common.line);
	note(m, m->of_no_connection.n, "%zu opens, reads or mappings of files "
	    "are for no connection (from line %u): taken to be for the one "
	    "that was spoken to before", m->of_no_connection.n,
	    m->of_no_connection.line);
}

static size_t
count_hidden(struct maker *m)
{
	size_t n = 0;

	for (guint i = 0; i < m->events->len; i++)
		n += EVENT(m, i)->is_hidden;
	return n;
}

static size_t
count_guessed(struct maker *m)
{
	size_t n = 0;

	for (guint i = 0; i < m->pids->len; i++)
		n += PID(m, i)->is_guessed;
	return n;
}

void
story_notes(struct maker *m)
{
	const struct st_counts *counts = &m->story->counts;
	size_t n_hidden = count_hidden(m), n_guessed = count_guessed(m);

	note_sources(m);
	note(m, n_hidden, "%zu iovecs are not shown whole (strace -s): what is "
	    "hidden counts as much as the call returned, in one piece of "
	    "memory", n_hidden);
	note(m, m->n_guessed_sockets, "%zu sockets were there before the "
	    "recording or its calls began: taken for TCP connections that the "
	    "program had opened", m->n_guessed_sockets);
	note(m, n_guessed, "%zu processes were never seen to be made: taken "
	    "for children of the first", n_guessed);
	note(m, m->n_threads, "%zu threads, or processes that use one "
	    "connection together, are one process each with their first: their "
	    "calls follow each other in the order of the recording",
	    m->n_threads);
	note(m, m->n_handed_on, "%zu connections were accepted by one process "
	    "and used by another: that one accepts them here", m->n_handed_on);
	note_events(m);
	note(m, m->n_nonblocking, "%zu sockets do not block in the recording: "
	    "here each write waits until all of it is taken",
	    m->n_nonblocking);
	note(m, m->n_given_up, "%zu connections were closed before all that "
	    "was asked for had been taken (%" G_GINT64_FORMAT " bytes): here "
	    "it is sent", m->n_given_up, m->given_up_bytes);
	note(m, counts->n_headless, "%zu calls had begun before the recording: "
	    "left out", counts->n_headless);
	note(m, counts->is_cut, "the recording ends within its line %zu",
	    counts->n_lines);
	note(m, m->story->connections->len, "Each client that is active at a "
	    "time calls a port of its own, so that connections come in the "
	    "recorded order");
	note(m, m->story->has_times && !m->story->has_durations,
	    "durations are not shown (strace -T): think times would hold the "
	    "time spent within calls");
	note(m, !m->story->has_times, "times are not shown (strace -ttt): "
	    "there are no think times");
}
