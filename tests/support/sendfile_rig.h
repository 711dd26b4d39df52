/*
 * A file, and a socket that the kernel puts it on: for tests of sendfile(2).
 *
 * Stands for: a writer (writer.h) of one page of memory, with file 1, 40 pages
 *	less 96 bytes, open.
 * Owns: one writer, between sf_begin() and sf_teardown().
 */
#ifndef TESTS_SUPPORT_SENDFILE_RIG_H
#define TESTS_SUPPORT_SENDFILE_RIG_H

#include "models/socket/sendfile.h"
#include "tests/support/writer.h"

enum { SF_PAGES = 40, SF_BYTES = SF_PAGES * PAGE_SIZE - 96 };

struct sendfile_rig {
	struct world_config config;	/* to be changed before it begins */
	struct writer w;
	struct vm_object *object;	/* the file's pages */
	int fd;				/* ... and its descriptor */
};

extern struct sendfile_rig sf;

/* sf_setup, _teardown: for tcase_add_checked_fixture() */
void sf_setup(void);
void sf_teardown(void);

/* sf_begin: so many processes, a send buffer, the file in memory? */
void sf_begin(int n_procs, int64_t sndbuf, bool is_cached);

/* sf_sending: that much of the file, from a place in it on */
struct sys_call sf_sending(int64_t offset, int64_t len);

/* sf_call: of the first process. => its result */
int64_t sf_call(struct sys_call what);

#endif
