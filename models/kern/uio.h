/*
 * Where a write stands in the memory that it was given.
 *
 * Stands for: struct uio and its iovecs, of write(2) and writev(2).
 * Mirrors: sys/kern/kern_subr.c, uiomove(); netbsd-2002.md sections 1 and 2.3.
 * How: the place is the next byte's address, what is left in its iovec, and
 *	which iovec follows.  An iovec that is used up is left at once, and
 *	empty ones are passed over: while bytes remain, something is left.
 * Leaves out: more than UIO_MAXIOV iovecs (a real kernel takes 1024).
 * Units: bytes.  Owns: nothing.
 */
#ifndef MODELS_KERN_UIO_H
#define MODELS_KERN_UIO_H

#include <stdint.h>

enum { UIO_MAXIOV = 16 };

struct sys_iovec {
	uint64_t base;
	int64_t len;
};

struct uio_place {
	uint64_t addr;		/* of the next byte */
	int64_t left;		/* from there to the end of its iovec */
	uint32_t next;		/* the iovec after that one */
};

struct uio {
	struct uio_place at;
	uint32_t n;
	struct sys_iovec iov[UIO_MAXIOV];
};

/* uio_begin: one piece of memory */
void uio_begin(struct uio *uio, uint64_t addr, int64_t len);

/*
 * uio_begin_v: several.
 *
 * => n in 1 .. UIO_MAXIOV, no length below 0, their sum at most INT64_MAX; else
 *    -1 and nothing has changed
 * => the sum of the lengths
 */
int64_t uio_begin_v(struct uio *uio, const struct sys_iovec *iov, int n);

/*
 * uio_pass: a place n bytes further on.
 *
 * => n at most what is left in its iovec; at its end the next one begins
 */
void uio_pass(const struct uio *uio, struct uio_place *at, int64_t n);

/* uio_advance: n bytes are taken, of however many iovecs. */
void uio_advance(struct uio *uio, int64_t n);

#endif
