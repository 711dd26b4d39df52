/*
 * Messages between the ranks of an MPI job.
 *
 * Stands for: the little of MPI that a sweep needs: who is there, bytes from
 *	one rank to another, is there something for me?  message.c alone knows
 *	MPI's names.
 * Waiting: nothing here waits.  Open MPI's own calls would spin; whoever waits
 *	looks, sleeps for a pace and looks again.
 * Children: fork(2) is allowed; a child must leave with _exit(2) and send
 *	nothing.
 * Errors: MPI ends the job by itself when it cannot go on.
 * Owns: the bytes that are on their way.
 */
#ifndef SIM_MPI_MESSAGE_H
#define SIM_MPI_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum msg_tag {
	/* from rank 0 */
	MSG_LIMITS,		/* struct run_limits: points will come */
	MSG_POINT,		/* struct msg_point, the folder where paths
				 * begin, a 0, then the scenario's text */
	MSG_STOP,		/* end all children, then yourself */
	/* to rank 0 */
	MSG_DONE,		/* struct run_done */
	MSG_BROKEN,		/* text: why this rank can run nothing more */
	MSG_SIGNAL,		/* int: the signal that interrupted it */
	MSG_BYE			/* the last one after MSG_STOP */
};

struct msg_point {
	size_t index;		/* in the sweep */
};

struct msg {
	int rank;		/* who sent it */
	enum msg_tag tag;
	size_t n;		/* bytes of data */
	char *data;		/* followed by a 0 */
};

/*
 * msg_init: join the job, and learn of each rank where and which program it is.
 *
 * => before anything else is started; argv may lose words that are MPI's
 */
void msg_init(int *argc, char ***argv);

/* msg_fini: leave it. => all ranks do, with nothing left to be taken */
void msg_fini(void);

/* msg_abort: end all ranks at once */
_Noreturn void msg_abort(int status);

int msg_rank(void);
int msg_n_ranks(void);

/* msg_rank_name: "rank 2 on node7" */
const char *msg_rank_name(int rank);

/* msg_rank_program: what must be equal for bytes to mean the same */
const char *msg_rank_program(int rank);

/* msg_library: "Open MPI v4.1.4"; g_free it */
char *msg_library(void);

/* msg_send: => data may change at once */
void msg_send(int rank, enum msg_tag tag, const void *data, size_t n);

/* msg_all_sent: has all that was sent left? */
bool msg_all_sent(void);

/* msg_take: the next one for this rank, to be cleared; false: there is none */
bool msg_take(struct msg *msg);
void msg_clear(struct msg *msg);

/*
 * How long to sleep between two looks: short after something has happened,
 * longer and longer while nothing does.
 */
struct pace {
	int64_t ns;
};

void pace_reset(struct pace *pace);

/* pace_next: what to sleep now */
int64_t pace_next(struct pace *pace);

/* pace_sleep: do so; a signal may end it early */
void pace_sleep(struct pace *pace);

#endif
