/*
 * Descriptors and open files.
 *
 * Stands for: struct filedesc, the table of a process, which grows as it is
 *	used, and struct file, what was opened once: a socket or a file with the
 *	place where the next read begins.  Several descriptors may have one open
 *	file, of one process or, since fork(2), of several; it closes with the
 *	last of them.
 * Mirrors: sys/kern/kern_descrip.c: falloc(), fdalloc(), ffree(); the maps by
 *	which the least free number is found are those of 2003 (find_last_set,
 *	fd_himap), which only the simulation's own time depends on.
 * Leaves out: close-on-exec, dup(2), flags: every file is open for reading and
 *	writing.
 * Units: descriptors.  Owns: its table; open files through their count.
 */
#ifndef MODELS_KERN_DESCRIP_H
#define MODELS_KERN_DESCRIP_H

#include <stdbool.h>
#include <stdint.h>

struct host;
struct proc;
struct socket;
struct vm_object;

enum {
	FD_WORD = 64,			/* descriptors in a word of lomap */
	FD_NUMBERS = FD_WORD * FD_WORD * 16	/* numbers that the maps know */
};

struct file {
	uint32_t f_count;		/* descriptors that have it */
	struct socket *f_socket;	/* this, */
	struct vm_object *f_object;	/* or this, which it refers to */
	int64_t f_offset;		/* of the next read or write */
	int64_t f_next;			/* where the last read ended */
};

struct filedesc {
	struct file **ofiles;		/* NULL: free */
	uint64_t *lomap;		/* a bit for each that is not free */
	uint64_t himap[FD_NUMBERS / FD_WORD / FD_WORD];	/* ... for each word
					 * of lomap that has no free one */
	uint32_t room;			/* of both, in descriptors */
	uint32_t n_open;
};

/* fd_fini: give the table back. => files still in it dangle */
void fd_fini(struct filedesc *fdp);

/*
 * fd_file, fd_socket: what a descriptor has open, or NULL
 * fd_is_file: is that a file?
 */
struct file *fd_file(const struct proc *p, int fd);
struct socket *fd_socket(const struct proc *p, int fd);
bool fd_is_file(const struct proc *p, int fd);

/* fd_has_room: has the process a descriptor left (kernel.open_max)? */
bool fd_has_room(const struct proc *p);

/*
 * fd_ask: may a call open a file now? => 0, SYS_EMFILE (kernel.open_max), or
 * SYS_ENFILE (kernel.maxfiles, of all processes); the host counts them
 */
int64_t fd_ask(struct proc *p);

/*
 * fd_open: falloc(): a new open file under the least free descriptor.
 *
 * => fd_ask has said 0; the caller says what it is
 */
int fd_open(struct proc *p, struct file **file);

/* fd_install: an open file under that number too. => nothing is there */
void fd_install(struct proc *p, int fd, struct file *file);

/* fd_inherit: the same under the least free number. => which */
int fd_inherit(struct proc *p, struct file *file);

/* fd_share: another process has this descriptor as well, under its number. */
void fd_share(const struct proc *p, int fd, struct proc *other);

/*
 * fd_remove: the descriptor is free. => its file, if nobody else has it: the
 * caller closes what is in it, and then file_free follows; else NULL
 */
struct file *fd_remove(struct proc *p, int fd);
void file_free(struct host *host, struct file *file);

/* fd_first: the least open descriptor from a number on, or -1 */
int fd_first(const struct proc *p, int from);

#endif
