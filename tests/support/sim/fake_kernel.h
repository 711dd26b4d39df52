/*
 * A kernel that writes down the calls of a program and answers as it is told.
 *
 * Stands for: sys_enter() and proc_wait(), for tests of programs alone.
 * Owns: one kernel with one process, set back by fake_setup().
 */
#ifndef TESTS_SUPPORT_SIM_FAKE_KERNEL_H
#define TESTS_SUPPORT_SIM_FAKE_KERNEL_H

#include "models/host.h"
#include "sim/process/sys.h"

enum {
	FAKE_MAX_CALLS = 64,
	FAKE_MAX_WORDS = 16,
	FAKE_MAX_POLLS = 16,
	FAKE_RING = 1 << 20,	/* where fresh memory lies */
	FAKE_WINDOW = 1 << 24,	/* where files are mapped */
	FAKE_FD = 3,		/* of every socket but accepted ones */
	FAKE_FILE = 9,		/* of every file */
	FAKE_REQUEST = 300	/* bytes of each request */
};

struct fake_kernel {
	struct sys_call calls[FAKE_MAX_CALLS];
	sim_time at[FAKE_MAX_CALLS];
	size_t n;
	/* answers to accept, read, write, in turn; then those of a kernel in
	 * which all goes well until the run ends */
	int64_t answers[FAKE_MAX_CALLS];
	size_t n_answers;
	size_t n_given;
	int64_t connect;	/* or listen */
	int64_t open;		/* or creat */
	int64_t map;		/* of files */
	int64_t size;		/* of files */
	/* what requests say, in turn; then the client closes */
	struct sys_words words[FAKE_MAX_WORDS];
	size_t n_words;
	size_t n_heard;
	/* what each poll finds, one descriptor or none; then the run ends */
	int polls[FAKE_MAX_POLLS];
	size_t n_polls;
	size_t n_polled;
	/* what a client has asked, and the pieces of each writev */
	struct sys_words asked[FAKE_MAX_WORDS];
	size_t n_asked;
	struct sys_iovec iov[FAKE_MAX_CALLS][2];
	sim_time read_takes;
};

extern struct fake_kernel kernel;
extern struct calendar cal;
extern struct proc proc;

/* fake_setup: for tcase_add_checked_fixture() */
void fake_setup(void);

/* fake_run: a program from its start to its exit */
void fake_run(const struct process_config *config);

/* fake_sender, fake_receiver: a ttcp and a ttcp-r with an own value each */
struct process_config fake_sender(int64_t total);
struct process_config fake_receiver(int64_t connections);

/* fake_exit_status: what it ended with */
int64_t fake_exit_status(void);

/* fake_poll: the next polls; -1: finds none, and its time is over */
void fake_poll(const int *fds, size_t n);

void fake_answer(const int64_t *answers, size_t n);

/* fake_assert_calls: exactly these, but for the exit at the end */
void fake_assert_calls(const enum sys_nr *expected, size_t n);

#define ASSERT_CALLS(...)						\
	fake_assert_calls((const enum sys_nr[]){__VA_ARGS__},		\
	    sizeof((const enum sys_nr[]){__VA_ARGS__}) / sizeof(enum sys_nr))
#define POLL(...)							\
	fake_poll((const int[]){__VA_ARGS__},				\
	    sizeof((const int[]){__VA_ARGS__}) / sizeof(int))
#define ANSWER(...)							\
	fake_answer((const int64_t[]){__VA_ARGS__},			\
	    sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

#endif
