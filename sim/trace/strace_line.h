/*
 * One line of what strace(1) prints.
 *
 * Stands for: an event of a recorded program: a call, a half of one, a signal,
 *	an exit, or text that is none of these.
 * Mirrors: strace(1), options -f -t -tt -ttt -r -T -y -yy -s -i -n and -e raw.
 * Leaves out: what escapes in strings stand for; structs are told apart by the
 *	names of their members only.
 * Units: ns, bytes.
 * Owns: the array of arguments, which is used again for the next line; all
 *	texts lie in the line that was parsed.
 */
#ifndef SIM_TRACE_STRACE_LINE_H
#define SIM_TRACE_STRACE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ST_DEPTH_MAX = 32, ST_NAME_MAX = 63 };

struct st_text {
	const char *at;
	size_t n;
};

enum st_arg_kind {
	ST_ARG_NUMBER,		/* decimal, octal, hex: addresses too */
	ST_ARG_NAMES,		/* flags, macros, anything without a form */
	ST_ARG_FD,		/* a number, or AT_FDCWD, with <name> */
	ST_ARG_STRING,
	ST_ARG_LIST,		/* [ ... ] */
	ST_ARG_STRUCT,		/* { ... } */
	ST_ARG_NULL,
	ST_ARG_MORE		/* ...: elements that are not shown */
};

/*
 * Arguments lie in one array in the order of the line; a list or struct is
 * followed by its elements:
 *
 *	7 <socket:[1]>  [  {  iov_base="a"  iov_len=1  2
 *	next: 1         5  5  4             5          6
 */
struct st_arg {
	struct st_text key;	/* iov_len of iov_len=1, or nothing */
	struct st_text text;	/* as printed; of a string what is inside */
	struct st_text name;	/* of a descriptor, what is inside < > */
	int64_t number;		/* of numbers and descriptors */
	size_t next;		/* the first that is not inside of this one */
	enum st_arg_kind kind;
	bool is_cut;		/* a string followed by ... */
	bool is_after;		/* follows =>: what the one before became */
};

enum st_kind {
	ST_CALL,
	ST_UNFINISHED,		/* body: from the name of the call on */
	ST_RESUMED,		/* body: what follows "resumed>" */
	ST_SIGNAL,
	ST_EXIT,
	ST_TEXT,
	ST_BROKEN		/* begins like a call; why: what is wrong */
};

enum st_time_kind {
	ST_TIME_NONE,
	ST_TIME_EPOCH,		/* since 1970 */
	ST_TIME_DAY,		/* since midnight */
	ST_TIME_RELATIVE	/* since the line before */
};

enum st_result_kind {
	ST_RESULT_NONE,
	ST_RESULT_NUMBER,
	ST_RESULT_FD,
	ST_RESULT_ERROR,	/* -1 ENAME, or ? ENAME */
	ST_RESULT_UNKNOWN	/* ? */
};

struct st_result {
	enum st_result_kind kind;
	int64_t number;
	struct st_text name;	/* of a descriptor */
	struct st_text error;	/* ENAME */
};

struct st_line {
	enum st_kind kind;
	enum st_time_kind time_kind;
	bool is_pid_bracketed;	/* [pid 12]: as on a terminal */
	int64_t pid;		/* -1: none is printed */
	int64_t time_ns;
	int64_t duration_ns;	/* -1: none is printed */
	struct st_text name;	/* of the call */
	struct st_text body;
	struct st_result result;
	const char *why;
	struct st_arg *args;
	size_t n_args, n_room;
};

void st_line_init(struct st_line *line);
void st_line_fini(struct st_line *line);

/*
 * st_line_parse: one line, without its newline.
 *
 * => any bytes are permitted, NUL among them; takes time linear in n
 * => every line has a kind; ST_BROKEN has no arguments that may be used
 */
void st_line_parse(struct st_line *line, const char *text, size_t n);

/*
 * st_line_join: the two bodies of a call that was interrupted, put together.
 *
 * => sets kind, name, args, result and duration_ns; pid and time stay
 */
void st_line_join(struct st_line *line, const char *text, size_t n);

/* st_arg_at: argument i of the call, or NULL. => those after => not counted */
const struct st_arg *st_arg_at(const struct st_line *line, size_t i);

/* st_arg_key: the member of a struct that has this name, or NULL */
const struct st_arg *st_arg_key(const struct st_line *line,
    const struct st_arg *in, const char *key);

/* st_text_is, st_text_begins: compared with a C string */
bool st_text_is(struct st_text text, const char *word);
bool st_text_begins(struct st_text text, const char *word);

/* st_arg_has: is this one of the names that are joined by | ? */
bool st_arg_has(const struct st_arg *arg, const char *flag);

#endif
