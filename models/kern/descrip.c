#include "models/kern/descrip.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"
#include "models/host.h"
#include "models/kern/poll.h"
#include "models/kern/syscall.h"

void
fd_fini(struct filedesc *fdp)
{
	free(fdp->ofiles);
	free(fdp->lomap);
	memset(fdp, 0, sizeof *fdp);
}

struct file *
fd_file(const struct proc *p, int fd)
{
	return fd >= 0 && (uint32_t)fd < p->fd.room ? p->fd.ofiles[fd] : NULL;
}

struct socket *
fd_socket(const struct proc *p, int fd)
{
	const struct file *file = fd_file(p, fd);

	return file != NULL ? file->f_socket : NULL;
}

bool
fd_is_file(const struct proc *p, int fd)
{
	const struct file *file = fd_file(p, fd);

	return file != NULL && file->f_object != NULL;
}

/* fdexpand(): to at least so many, and at least twice what there was */
static void
grow(struct filedesc *fdp, uint32_t n)
{
	uint32_t room = n > 2 * fdp->room ? n : 2 * fdp->room;

	room = (room + FD_WORD - 1) / FD_WORD * FD_WORD;
	fdp->ofiles = realloc(fdp->ofiles, room * sizeof *fdp->ofiles);
	fdp->lomap = realloc(fdp->lomap, room / FD_WORD * sizeof(uint64_t));
	CHECK(fdp->ofiles != NULL && fdp->lomap != NULL,
	    "memory for descriptors");
	memset(fdp->ofiles + fdp->room, 0,
	    (room - fdp->room) * sizeof *fdp->ofiles);
	memset(fdp->lomap + fdp->room / FD_WORD, 0,
	    (room - fdp->room) / FD_WORD * sizeof(uint64_t));
	fdp->room = room;
}

/* The least bit that is not set. => FD_WORD: all are */
static uint32_t
first_clear(uint64_t map)
{
	return map == UINT64_MAX ? FD_WORD : (uint32_t)__builtin_ctzll(~map);
}

/* => FD_NUMBERS: none */
static uint32_t
least_free(const struct filedesc *fdp)
{
	for (uint32_t i = 0; i < FD_NUMBERS / FD_WORD / FD_WORD; i++) {
		uint32_t word = first_clear(fdp->himap[i]);

		if (word == FD_WORD)
			continue;
		word += i * FD_WORD;
		if (word >= fdp->room / FD_WORD)
			return word * FD_WORD;
		return word * FD_WORD + first_clear(fdp->lomap[word]);
	}
	return FD_NUMBERS;
}

static void
mark(struct filedesc *fdp, uint32_t fd, bool is_open)
{
	uint32_t word = fd / FD_WORD;
	uint64_t bit = UINT64_C(1) << fd % FD_WORD;
	uint64_t *hi = &fdp->himap[word / FD_WORD];
	uint64_t hi_bit = UINT64_C(1) << word % FD_WORD;

	fdp->lomap[word] = is_open ? fdp->lomap[word] | bit :
	    fdp->lomap[word] & ~bit;
	*hi = fdp->lomap[word] == UINT64_MAX ? *hi | hi_bit : *hi & ~hi_bit;
}

bool
fd_has_room(const struct proc *p)
{
	return least_free(&p->fd) < p->k.host->config.open_max;
}

int64_t
fd_ask(struct proc *p)
{
	struct host *host = p->k.host;

	if (!fd_has_room(p)) {
		host->n_emfile++;
		return SYS_EMFILE;
	}
	if ((int64_t)pool_in_use(&host->files) >= host->config.maxfiles) {
		host->n_enfile++;
		return SYS_ENFILE;
	}
	return 0;
}

int
fd_open(struct proc *p, struct file **file)
{
	int fd = (int)least_free(&p->fd);

	CHECK(fd < FD_NUMBERS, "who opens a file has asked whether it may");
	*file = pool_get(&p->k.host->files);
	fd_install(p, fd, *file);
	return fd;
}

void
fd_install(struct proc *p, int fd, struct file *file)
{
	CHECK(fd >= 0 && fd < FD_NUMBERS && fd_file(p, fd) == NULL,
	    "what is opened or inherited goes where nothing is");
	if ((uint32_t)fd >= p->fd.room)
		grow(&p->fd, (uint32_t)fd + 1);
	p->fd.ofiles[fd] = file;
	p->fd.n_open++;
	mark(&p->fd, (uint32_t)fd, true);
	file->f_count++;
	poll_refile(p, fd);
}

void
fd_share(const struct proc *p, int fd, struct proc *other)
{
	struct file *file = fd_file(p, fd);

	CHECK(file != NULL, "what is inherited is open");
	fd_install(other, fd, file);
}

int
fd_inherit(struct proc *p, struct file *file)
{
	int fd = (int)least_free(&p->fd);

	fd_install(p, fd, file);
	return fd;
}

struct file *
fd_remove(struct proc *p, int fd)
{
	struct file *file = fd_file(p, fd);

	CHECK(file != NULL && file->f_count > 0, "what is closed was open");
	p->fd.ofiles[fd] = NULL;
	p->fd.n_open--;
	mark(&p->fd, (uint32_t)fd, false);
	poll_refile(p, fd);
	return --file->f_count == 0 ? file : NULL;
}

void
file_free(struct host *host, struct file *file)
{
	CHECK(file->f_count == 0, "a file that is closed has no descriptor");
	pool_put(&host->files, file);
}

int
fd_first(const struct proc *p, int from)
{
	uint32_t word = (uint32_t)from / FD_WORD;
	uint64_t skip = ~UINT64_C(0) << from % FD_WORD;

	for (; word < p->fd.room / FD_WORD; word++, skip = ~UINT64_C(0)) {
		uint64_t open = p->fd.lomap[word] & skip;

		if (open != 0)
			return (int)(word * FD_WORD) + __builtin_ctzll(open);
	}
	return -1;
}
