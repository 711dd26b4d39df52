/*
 * A recording of strace(1), call by call.
 *
 * Stands for: the calls of a file in the order in which they returned; the
 *	halves of a call that was interrupted are put together by pid, and
 *	count from where the first one is.
 * Leaves out: the pid of lines that print none, while one process is traced or
 *	a terminal was written to: it is 0, unless lines that begin with [pid N]
 *	show who it was.
 * Errors: what is wrong with the text is a message with file and line, and the
 *	reading goes on; only a file that cannot be read is an error.
 * Units: ns.
 * Owns: its messages.  Lines belong to the reader and last for one call of the
 *	function that takes them.
 */
#ifndef SIM_TRACE_STRACE_READ_H
#define SIM_TRACE_STRACE_READ_H

#include <glib.h>

#include "sim/trace/strace_line.h"

enum { ST_MESSAGES_MAX = 100 };

/*
 * A line that makes no sense is an error.  That a recording begins or ends
 * within a call is none: strace was attached, or stopped.
 */
enum st_severity { ST_ERROR, ST_NOTE };

/* Texts "file:line: error: what", so many, and how many there were. */
struct st_messages {
	GPtrArray *texts[2];
	size_t n_total[2];
};

void st_messages_init(struct st_messages *messages);
void st_messages_fini(struct st_messages *messages);
void st_messages_add(struct st_messages *messages, enum st_severity severity,
    const char *file, size_t line, const char *format, ...)
    G_GNUC_PRINTF(5, 6);

/*
 * st_take: what a caller does with a call, signal, or exit.
 *
 * => kind is ST_CALL, ST_SIGNAL or ST_EXIT; ST_UNFINISHED for a call whose
 *    second half never came, with name and body but no arguments
 * => at is the number of its line, from 1 on
 * => pid is never negative, and time_ns never jumps back at midnight
 */
typedef void (*st_take)(void *to, const struct st_line *line, size_t at);

struct st_counts {
	size_t n_lines, n_calls, n_texts;
	size_t n_broken;	/* begin like a call, cannot be understood */
	size_t n_joined, n_unfinished;
	size_t n_headless;	/* the rest of a call that began before */
	bool is_cut;		/* the last line has no newline */
};

/*
 * st_read: the whole of a file, in time linear in its length.
 *
 * => messages is initialised; what is wrong is added to it
 * => false, and an error, only if the file cannot be opened and mapped
 */
bool st_read(const char *path, st_take take, void *to,
    struct st_messages *messages, struct st_counts *counts, GError **error);

/* st_read_text: the same of text in memory, which messages call by name */
void st_read_text(const char *name, const char *text, size_t n, st_take take,
    void *to, struct st_messages *messages, struct st_counts *counts);

#endif
